// Kneecheck is a linter for a running log: it reads activity files and tells which training patterns deserve attention
// for a knee. See kneecheck --help.
package main

import (
	"os"
	"runtime/debug"
	_ "time/tzdata" // home_zone works on machines without a zone database

	"kneecheck/cmd/internal/cli"
)

// The program runs for moments and keeps most of what it allocates. Collecting garbage as seldom as this takes a fifth
// off a run on a log that is remembered, and the limit keeps the first reading of ten years below 200 MiB.
const (
	gcPercent     = 400
	memoryLimitMB = 176
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimitMB << 20)
	}
	os.Exit(cli.Main(os.Args[1:], cli.System()))
}
