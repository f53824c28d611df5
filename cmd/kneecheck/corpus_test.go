//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestCorpusMemory runs the program as a runner would on six years of real files and looks at the most memory that it
// ever held. Under the race detector that says nothing, so the program is built without.
func TestCorpusMemory(t *testing.T) {
	root := os.Getenv("KNEECHECK_CORPUS")
	if root == "" {
		t.Skip("KNEECHECK_CORPUS names no folder of real files")
	}
	bin := filepath.Join(t.TempDir(), "kneecheck")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "analyze", filepath.Join(root, "log-shipengfish"))
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir())
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("analyze printed %d bytes: %v", len(out), err)
	}
	const limitMiB = 150
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	got := usage.Maxrss / 1024
	t.Logf("peak memory %d MiB", got)
	if got > limitMiB {
		t.Errorf("peak memory %d MiB, above %d", got, limitMiB)
	}
}
