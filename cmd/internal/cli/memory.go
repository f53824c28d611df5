package cli

import (
	"math"
	"runtime/debug"

	"kneecheck/ingest"
)

const (
	// manyFiles is how many files to be decoded make enough garbage to be worth collecting as usual.
	manyFiles = 64
	// lateLimit is how much memory may be in use before garbage is collected all the same. Thirty thousand remembered runs
	// fit below it.
	lateLimit = 256 << 20
	// usualPercent is Go's own GOGC.
	usualPercent = 100
)

// collectLate puts off collecting garbage, which would be a third of the time of a command on a log that is remembered:
// such a command lives for moments and keeps most of what it allocates. The function returned goes between the files that
// are really read and what wants to know of them, which may be nil; where they are many, the collector starts as usual.
func collectLate(env *Env, tell func(ingest.Progress)) func(ingest.Progress) {
	if env.Getenv("GOGC") != "" || env.Getenv("GOMEMLIMIT") != "" {
		return tell
	}
	debug.SetMemoryLimit(lateLimit)
	debug.SetGCPercent(-1)
	return func(p ingest.Progress) {
		if p.Files == 1 && p.AllFiles >= manyFiles {
			debug.SetGCPercent(usualPercent)
			debug.SetMemoryLimit(math.MaxInt64)
		}
		if tell != nil {
			tell(p)
		}
	}
}
