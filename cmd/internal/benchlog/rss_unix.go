//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakMiB is the largest memory that an ended process had.
func peakMiB(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / (1 << 20) // bytes; everybody else counts kilobytes
	}
	return float64(usage.Maxrss) / (1 << 10)
}
