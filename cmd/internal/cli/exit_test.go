package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"syscall"
	"testing"
)

func TestExitCode(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want int
	}{
		{"done", nil, 0},
		{"findings", &outcome{findings: true}, 1},
		{"findings with gaps", &outcome{findings: true, gaps: true}, 1},
		{"gaps", &outcome{gaps: true}, 0},
		{"gaps, strict", &outcome{gaps: true, strict: true}, 3},
		{"findings with gaps, strict", &outcome{findings: true, gaps: true, strict: true}, 3},
		{"findings, strict", &outcome{findings: true, strict: true}, 1},
		{"nothing, strict", &outcome{strict: true}, 0},
		{"no run", &outcome{noRun: true}, 3},
		{"no run, strict", &outcome{noRun: true, strict: true}, 3},
		{"no run of one athlete, findings of another", &outcome{noRun: true, findings: true}, 1},
		{"the same, strict", &outcome{noRun: true, findings: true, strict: true}, 3},
		{"wrong flag", errors.New("unknown flag"), 2},
		{"missing path", fmt.Errorf("runs: %w", fs.ErrNotExist), 2},
		{"interrupted", fmt.Errorf("reading: %w", context.Canceled), 130},
		{"reader gone", fmt.Errorf("write: %w", syscall.EPIPE), 0},
	} {
		if got := exitCode(tc.err); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

// TestReaderGone: 109 and 232 are what Windows says of a pipe without a reader, and something else elsewhere.
func TestReaderGone(t *testing.T) {
	windows := runtime.GOOS == "windows"
	for errno, want := range map[syscall.Errno]bool{syscall.EPIPE: true, syscall.ENOSPC: false, 109: windows, 232: windows} {
		if got := readerGone(&fs.PathError{Op: "write", Path: "|1", Err: errno}); got != want {
			t.Errorf("%d: %v, want %v", errno, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{&outcome{findings: true}, ""},
		{fmt.Errorf("write: %w", syscall.EPIPE), ""},
		{fmt.Errorf("reading: %w", context.Canceled), "interrupted"},
		{errors.New("a\x1b[31mb\nc"), "a\uFFFD[31mb\uFFFDc"},
	} {
		if got := sentence(tc.err); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.err, got, tc.want)
		}
	}
}
