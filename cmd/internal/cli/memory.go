package cli

import "runtime/debug"

// memoryLimit keeps the first reading of ten years of runs below 200 MiB, the program itself included.
const memoryLimit = 176 << 20

// collectSeldom makes Go collect garbage only when the limit comes near. The program lives for moments and keeps most of
// what it allocates: collecting as a server does would take a third of the time of a run on a log that is remembered.
// Some twenty-five thousand runs fit below the limit; beyond, the collector takes at most half of the time.
func collectSeldom(env *Env) {
	if env.Getenv("GOGC") == "" && env.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(-1)
		debug.SetMemoryLimit(memoryLimit)
	}
}
