package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// File is one file found below the paths a user named.
type File struct {
	// Name is the path as the user would write it, with slashes.
	Name    string
	Size    int64
	ModTime time.Time
}

// Options are the choices that change what is read.
type Options struct {
	// HomeZone is used for activities that tell neither their offset nor a position; nil means UTC.
	HomeZone *time.Location
	// AssumeSport is the sport of activities that do not tell theirs; empty means: decide by speed.
	AssumeSport Sport
	// MaxBytes refuses larger files; 0 means 64 MiB. Decompressed content may be four times as large.
	MaxBytes int64
	// Now is the time by the clock: what is dated after the day after it cannot have happened. Zero leaves that unchecked.
	Now time.Time
	// Workers is the number of files read at once; 0 means GOMAXPROCS.
	Workers int
	// Progress, if set, is called after every file, from one goroutine at a time.
	Progress func(done, total int, bytes int64)
}

// Result is what became of one file.
type Result[T any] struct {
	File string
	// Values has one value for each activity, in the file's order.
	Values []T
	// Problems is empty for a file read whole. Values may stand beside a problem: a truncated file keeps what came before.
	Problems []*Problem
	// Ignored is true for a file that is no activity file at all.
	Ignored bool
	// Bytes is how much was read from disk.
	Bytes int64
}

// Map decodes every file on a pool of workers and gives each activity to fn, after which its samples are gone; fn must
// keep no slice of them, for their memory serves the next file. fn may refuse an activity with a problem. Results come
// in the order of files. One bad file, even one on which a decoder panics, costs only itself. When ctx ends, the results
// of files not yet begun are left empty and the context's error is returned beside what was done.
func Map[T any](ctx context.Context, files []File, o Options, fn func(*Activity) (T, *Problem)) ([]Result[T], error) {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	var (
		results = make([]Result[T], len(files))
		places  zones
		next    atomic.Int64
		wg      sync.WaitGroup
		mu      sync.Mutex
		done    int
		bytes   int64
	)
	for range min(workers, len(files)) {
		wg.Go(func() {
			w := worker{options: o, zones: &places, loader: loader{max: o.MaxBytes}}
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				results[i] = mapFile(&w, files[i], fn)
				if o.Progress != nil {
					mu.Lock()
					done++
					bytes += results[i].Bytes
					o.Progress(done, len(files), bytes)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return results, ctx.Err()
}

// worker is the memory of one goroutine of the pool.
type worker struct {
	options Options
	zones   *zones
	loader  loader
	buffers buffers
}

func mapFile[T any](w *worker, f File, fn func(*Activity) (T, *Problem)) (r Result[T]) {
	r.File = f.Name
	defer func() {
		if v := recover(); v != nil {
			r.Problems = append(r.Problems, problemf(Internal, "kneecheck failed on this file (%v); please report it", v))
		}
		for _, p := range r.Problems {
			p.File = f.Name
		}
	}()
	in := w.loader.load(f)
	r.Bytes = in.bytes
	if in.problem != nil {
		r.Problems = append(r.Problems, in.problem)
	}
	if len(in.data) == 0 {
		r.Ignored = in.problem == nil
		return r
	}
	activities, problem := w.decode(in)
	if problem != nil {
		// A cut-off archive explains the cut-off content: one problem, with the count of what was kept.
		if in.problem != nil {
			in.problem.Kept = problem.Kept
		} else {
			r.Problems = append(r.Problems, problem)
		}
	}
	id := contentID(in.data)
	for i, a := range activities {
		a.File, a.ID, a.Format = f.Name, id, in.format
		if i > 0 {
			a.ID = fmt.Sprintf("%s-%d", id, i+1)
		}
		if p := w.prepare(a); p != nil {
			r.Problems = append(r.Problems, p)
			continue
		}
		v, p := fn(a)
		if p != nil {
			r.Problems = append(r.Problems, p)
			continue
		}
		r.Values = append(r.Values, v)
	}
	return r
}

func (w *worker) decode(in loaded) ([]*Activity, *Problem) {
	w.buffers.beginNormalize()
	switch in.format {
	case FIT:
		return decodeFIT(in.data, &w.buffers)
	case GPX:
		return decodeGPX(in.data, &w.buffers)
	default:
		return nil, problemf(Unsupported, "%s files are not read yet", in.format)
	}
}

func (w *worker) prepare(a *Activity) *Problem {
	if p := normalize(a, w.options.AssumeSport, &w.buffers); p != nil {
		return p
	}
	w.zones.resolve(a, w.options.HomeZone)
	return nil
}

// contentID is the stable, path-free name of a file's content.
func contentID(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
