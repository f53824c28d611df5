package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"kneecheck/ingest"
)

const (
	// progressAfter is how long reading may take before it is worth a line.
	progressAfter = 500 * time.Millisecond
	// progressEvery is the shortest time between two states of the line.
	progressEvery = 100 * time.Millisecond
	// barCells is the length of the bar, and barWidth what a terminal must have for the bar to fit beside the words.
	barCells = 20
	barWidth = 80
)

// progress is one line on a terminal that says how far reading has come, how fast it goes and how long it will take.
type progress struct {
	w           io.Writer
	now         func() time.Time
	width       int
	began, next time.Time
	shown       bool
}

// newProgress returns nil where standard error is no terminal.
func newProgress(env *Env) *progress {
	if env.ErrWidth == 0 {
		return nil
	}
	now := env.Now()
	return &progress{w: env.Err, now: env.Now, width: env.ErrWidth, began: now, next: now.Add(progressAfter)}
}

// callback is what ingest calls after every file; nil for a nil progress.
func (p *progress) callback() func(ingest.Progress) {
	if p == nil {
		return nil
	}
	return func(done ingest.Progress) {
		if now := p.now(); p.due(now) {
			p.show(progressLine(done, now.Sub(p.began), p.width))
		}
	}
}

// due says whether the line should change, and counts on its being changed then.
func (p *progress) due(now time.Time) bool {
	if now.Before(p.next) {
		return false
	}
	p.next = now.Add(progressEvery)
	return true
}

// show puts a text on the line.
func (p *progress) show(text string) {
	p.shown = true
	// \x1b[K clears what a longer line left behind.
	fmt.Fprintf(p.w, "\r%s\x1b[K", text)
}

// progressLine is what the line says after some time. The bar and the time left go by bytes, for files differ in size.
func progressLine(p ingest.Progress, took time.Duration, width int) string {
	line := fmt.Sprintf("reading %s of %s", thousands(p.Files), plural(p.AllFiles, "file"))
	share := float64(p.Bytes) / float64(p.AllBytes)
	if !(share > 0) {
		return line
	}
	if width >= barWidth {
		full := int(share * barCells)
		line += "  " + strings.Repeat("█", full) + strings.Repeat("░", barCells-full)
	}
	rate := float64(p.Files) / took.Seconds()
	left := time.Duration(float64(took) * (1 - share) / share)
	return fmt.Sprintf("%s  %s/s  %s left", line, plural(int(math.Round(rate)), "file"), roughly(left))
}

// roughly writes a time to wait: 4 s, 3 min, 2 h.
func roughly(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf("%.0f s", math.Ceil(d.Seconds()))
	case d < 90*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f h", d.Hours())
}

// clear takes the line away.
func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
