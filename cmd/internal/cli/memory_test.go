package cli

import (
	"math"
	"runtime/debug"
	"testing"

	"kneecheck/ingest"
)

func TestCollectLate(t *testing.T) {
	percent, limit := debug.SetGCPercent(usualPercent), debug.SetMemoryLimit(math.MaxInt64)
	defer func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}()
	inForce := func() int {
		p := debug.SetGCPercent(usualPercent)
		debug.SetGCPercent(p)
		return p
	}
	env := func(name string) *Env {
		return &Env{Getenv: func(n string) string {
			if n == name {
				return "200"
			}
			return ""
		}}
	}
	if tell := collectLate(env("GOGC"), nil); tell != nil || inForce() != usualPercent {
		t.Errorf("GOGC was overruled: %d %%", inForce())
	}
	told := 0
	tell := collectLate(env(""), func(ingest.Progress) { told++ })
	tell(ingest.Progress{Files: 1, AllFiles: 2})
	if inForce() != -1 || debug.SetMemoryLimit(-1) != lateLimit {
		t.Errorf("few files: %d %%, limit %d", inForce(), debug.SetMemoryLimit(-1))
	}
	tell(ingest.Progress{Files: 1, AllFiles: manyFiles})
	if inForce() != usualPercent || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		t.Errorf("many files: %d %%, limit %d", inForce(), debug.SetMemoryLimit(-1))
	}
	if told != 2 {
		t.Errorf("told %d times", told)
	}
}
