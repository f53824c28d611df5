package cli

import (
	"runtime/debug"

	"kneecheck/ingest"
)

// manyFiles is how many files to be decoded make enough garbage to be worth collecting.
const manyFiles = 64

// collectLate puts off collecting garbage, which would be a third of the time of a command on a log that is remembered:
// such a command lives for moments and keeps most of what it allocates. The function returned goes between the files that
// are really read and what wants to know of them; where they are many, the collector starts as usual.
func collectLate(env *Env, tell func(ingest.Progress)) func(ingest.Progress) {
	if env.Getenv("GOGC") != "" {
		return tell
	}
	usual := debug.SetGCPercent(-1)
	return func(p ingest.Progress) {
		if p.Files == 1 && p.AllFiles >= manyFiles {
			debug.SetGCPercent(usual)
		}
		if tell != nil {
			tell(p)
		}
	}
}
