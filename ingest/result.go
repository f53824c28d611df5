package ingest

import (
	"context"
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
	// MaxBytes refuses larger files; 0 means 64 MiB, and four times that decompressed.
	MaxBytes int64
	// Workers is the number of files read at once; 0 means GOMAXPROCS.
	Workers int
	// Progress, if set, is called from one goroutine at a time after every file.
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
}

// Map decodes every file on a pool of workers and gives each activity to fn, after which its samples are gone; fn must
// keep no slice of them, for their memory serves the next file. fn may refuse an activity with a problem. Results come in the order of files. One bad file, even one on which a decoder panics, costs only itself. When ctx ends, files
// not yet begun are left out and the context's error is returned beside what was done.
func Map[T any](ctx context.Context, files []File, o Options, fn func(*Activity) (T, *Problem)) ([]Result[T], error) {
	return nil, nil
}
