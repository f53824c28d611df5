package cli

import (
	"fmt"
	"io"
	"time"
)

const (
	// progressAfter is how long reading may take before it is worth a line.
	progressAfter = 500 * time.Millisecond
	// progressEvery is the shortest time between two states of the line.
	progressEvery = 100 * time.Millisecond
)

// progress is one line on a terminal that says how far reading has come.
type progress struct {
	w     io.Writer
	now   func() time.Time
	next  time.Time
	shown bool
}

// newProgress returns nil where standard error is no terminal.
func newProgress(env *Env) *progress {
	if env.ErrWidth == 0 {
		return nil
	}
	return &progress{w: env.Err, now: env.Now, next: env.Now().Add(progressAfter)}
}

// callback is what ingest calls after every file; nil for a nil progress.
func (p *progress) callback() func(done, total int, bytes int64) {
	if p == nil {
		return nil
	}
	return func(done, total int, _ int64) {
		if now := p.now(); !now.Before(p.next) {
			p.next, p.shown = now.Add(progressEvery), true
			// \x1b[K clears what a longer line left behind.
			fmt.Fprintf(p.w, "\rreading %s of %s\x1b[K", thousands(done), plural(total, "file"))
		}
	}
}

// clear takes the line away.
func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
