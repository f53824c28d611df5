package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// File is one file found below the paths a user named, on disk or in a zip archive. Path, Member, Size, ModTime, CRC32 and
// ArchiveSize together tell, without reading it, whether it is the one of the last time.
type File struct {
	// Name is the path as the user would write it, with slashes; that of a member follows the archive's after a "!". It
	// is no path to open: that is Open's affair.
	Name string
	// Size is that of the content, for a member as the archive declares it: no more can be read from it.
	Size int64
	// ModTime is that of the file on disk, for a member that of the archive.
	ModTime time.Time
	// CRC32 is the checksum that an archive declares for a member's content, and ArchiveSize the size of the archive on
	// disk. Both are 0 for a file on disk.
	CRC32       uint32
	ArchiveSize int64
	// Path is the absolute path of the file on disk, for a member that of the archive; Member is what Name says beyond the
	// archive, from the "!" on. Unlike Name they do not depend on how the user came there.
	Path, Member string
	// member is nil for a file on disk.
	member *member
}

// Options are the choices that change what is read.
type Options struct {
	// HomeZone is used for activities that tell neither their offset nor a position; nil means UTC.
	HomeZone *time.Location
	// AssumeSport is the sport of activities that do not tell theirs; empty means: decide by speed.
	AssumeSport Sport
	// ForceSport, if set, is the sport of every activity whatever its file says.
	ForceSport Sport
	// MaxBytes refuses larger files; 0 means 64 MiB. Decompressed content may be four times as large.
	MaxBytes int64
	// Now is the time by the clock: what is dated after the day after it cannot have happened. Zero leaves that unchecked.
	Now time.Time
	// Workers is the number of files read at once; 0 means GOMAXPROCS.
	Workers int
	// Progress, if set, is called after every file, from one goroutine at a time.
	Progress func(Progress)
	// Tables, if set, remembers the tables of contents of some archives from one Discover to the next.
	Tables *Tables
	// Known, if set, is asked whether the content with a SHA-256 need not be decoded. Several goroutines ask at once.
	Known func(sum [sha256.Size]byte) bool
}

// Tables remembers the tables of contents of compressed archives in others, for which the archive must be inflated. A table
// is that of a file as long as the file's Path, Member, Size, ModTime, CRC32 and ArchiveSize are the same.
type Tables struct {
	// Recall returns what Remember was given, empty if nothing was.
	Recall   func(File) string
	Remember func(f File, table string)
}

// Progress is how far reading has come. Bytes are sizes of files, whether or not all of them had to be read.
type Progress struct {
	Files, AllFiles int
	Bytes, AllBytes int64
}

// maxBytes is MaxBytes, or what stands for it.
func (o Options) maxBytes() int64 {
	if o.MaxBytes <= 0 {
		return defaultMaxBytes
	}
	return min(o.MaxBytes, 1<<40)
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
	// Sum is the SHA-256 of the content, decompressed; zero where it could not be read whole or is no activity's.
	Sum [sha256.Size]byte
	// Known is true for a content that was not decoded because Options.Known said so.
	Known bool
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
	var (
		results = make([]Result[T], len(files))
		places  zones
		next    atomic.Int64
		wg      sync.WaitGroup
		mu      sync.Mutex
		done    = Progress{AllFiles: len(files)}
		order   = readingOrder(files)
	)
	for i := range files {
		done.AllBytes += files[i].Size
	}
	for range min(workers, len(files)) {
		wg.Go(func() {
			w := worker{options: o, zones: &places}
			w.loader = loader{max: o.maxBytes(), buffers: &w.buffers}
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				if order != nil {
					i = order[i]
				}
				results[i] = mapFile(&w, files[i], fn)
				if o.Progress != nil {
					mu.Lock()
					done.Files++
					done.Bytes += files[i].Size
					o.Progress(done)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return results, ctx.Err()
}

// readingOrder is the order in which files are best read, nil for their own: the members of a compressed archive within
// another one as they lie in it.
func readingOrder(files []File) []int {
	places := map[*archive][]int{}
	for i := range files {
		if m := files[i].member; m != nil && len(m.archive.chain) > 0 {
			places[m.archive] = append(places[m.archive], i)
		}
	}
	if len(places) == 0 {
		return nil
	}
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	for _, at := range places {
		members := slices.Clone(at)
		slices.SortFunc(members, func(i, j int) int { return cmp.Compare(files[i].member.at, files[j].member.at) })
		for k, i := range at {
			order[i] = members[k]
		}
	}
	return order
}

// Share has work done for all of 0 to n, in pieces of at least some size, on as many goroutines as there are processors.
// What the pieces touch must be apart.
func Share(n, atLeast int, work func(from, to int)) {
	pieces := min(runtime.GOMAXPROCS(0), n/atLeast)
	if pieces < 2 {
		work(0, n)
		return
	}
	var wg sync.WaitGroup
	for p := range pieces {
		wg.Go(func() { work(p*n/pieces, (p+1)*n/pieces) })
	}
	wg.Wait()
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
	sum := sha256.Sum256(in.data)
	if in.problem == nil {
		r.Sum = sum
		if w.options.Known != nil && w.options.Known(sum) {
			r.Known = true
			return r
		}
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
	id := idOf(sum)
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
	}
	return decodeTCX(in.data, &w.buffers) // the loader passes no other format
}

func (w *worker) prepare(a *Activity) *Problem {
	if force := w.options.ForceSport; force != "" && force != a.Sport {
		a.Sport, a.Kind = force, Unspecified
	}
	if p := normalize(a, w.options.AssumeSport, &w.buffers); p != nil {
		return p
	}
	w.zones.resolve(a, w.options.HomeZone)
	return nil
}

// idOf is the stable, path-free name of a content.
func idOf(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:8]) }
