//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// peakVar names the program for a test process that measures its memory.
const peakVar = "KNEECHECK_TEST_PEAK"

// TestCorpusMemory runs the program as a runner would on six years of real files and looks at the most memory that it
// ever held. Under the race detector that says nothing, so the program is built without. A process begins with the peak of
// the one that starts it, so that this test has itself run once more by a process that has done nothing else.
func TestCorpusMemory(t *testing.T) {
	root := os.Getenv("KNEECHECK_CORPUS")
	if root == "" {
		t.Skip("KNEECHECK_CORPUS names no folder of real files")
	}
	if bin := os.Getenv(peakVar); bin != "" {
		checkPeak(t, bin, filepath.Join(root, "log-shipengfish"))
		return
	}
	bin := filepath.Join(t.TempDir(), "kneecheck")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestCorpusMemory$", "-test.v")
	cmd.Env = append(os.Environ(), peakVar+"="+bin)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !bytes.Contains(out, []byte("peak memory")) {
		t.Errorf("measuring: %v", err)
	}
}

// checkPeak runs a program on a log and refuses too high a peak.
func checkPeak(t *testing.T, bin, log string) {
	cmd := exec.Command(bin, "analyze", log)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir())
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("analyze printed %d bytes: %v", len(out), err)
	}
	const limitMiB = 150
	got := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
	t.Logf("peak memory %d MiB", got)
	if got > limitMiB {
		t.Errorf("peak memory %d MiB, above %d", got, limitMiB)
	}
}
