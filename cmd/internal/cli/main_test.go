//go:build unix

package cli

import (
	"bytes"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// testEnv is an environment without a terminal whose clock stands still.
func testEnv(in io.Reader) (env *Env, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	now := time.Date(2026, time.June, 14, 12, 0, 0, 0, time.UTC)
	return &Env{In: in, Out: out, Err: errs, Getenv: func(string) string { return "" }, Now: func() time.Time { return now }}, out, errs
}

// interrupter sends Ctrl-C to the process when it is first read from, and then never has anything to read.
type interrupter struct {
	t    *testing.T
	done chan struct{}
}

func (r interrupter) Read([]byte) (int, error) {
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
		r.t.Error(err)
	}
	<-r.done
	return 0, io.EOF
}

func TestInterrupt(t *testing.T) {
	in := interrupter{t: t, done: make(chan struct{})}
	defer close(in.done)
	env, out, errs := testEnv(in)
	if code := Main([]string{"analyze", "-"}, env); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if out.Len() > 0 || errs.String() != "kneecheck: interrupted\n" {
		t.Errorf("stdout %q, stderr %q", out, errs)
	}
}

// brokenPipe is a standard output whose reader went away.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestBrokenPipe(t *testing.T) {
	for _, args := range []string{"rules", "version", "explain KC101"} {
		env, _, errs := testEnv(nil)
		env.Out = brokenPipe{}
		if code := Main(strings.Fields(args), env); code != exitDone || errs.Len() > 0 {
			t.Errorf("%s: exit code %d, stderr %q", args, code, errs)
		}
	}
}

// fullDisk is a standard output that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestFullDisk(t *testing.T) {
	env, _, errs := testEnv(nil)
	env.Out = fullDisk{}
	if code := Main([]string{"rules"}, env); code != exitUsage || errs.String() != "kneecheck: no space left on device\n" {
		t.Errorf("exit code %d, stderr %q", code, errs)
	}
}

func TestProgress(t *testing.T) {
	env, _, errs := testEnv(nil)
	if bar := newProgress(env); bar.callback() != nil {
		t.Error("progress without a terminal")
	}
	now := env.Now()
	env.Now = func() time.Time { return now }
	env.ErrWidth = 80
	bar := newProgress(env)
	report := bar.callback()
	now = now.Add(progressAfter - time.Millisecond)
	report(ingest.Progress{Files: 1, AllFiles: 969, Bytes: 100, AllBytes: 10_000})
	bar.clear()
	if errs.Len() > 0 {
		t.Errorf("a short reading shows %q", errs)
	}
	now = now.Add(time.Millisecond)
	report(ingest.Progress{Files: 500, AllFiles: 1969, Bytes: 5000, AllBytes: 20_000})
	report(ingest.Progress{Files: 501, AllFiles: 1969, Bytes: 5010, AllBytes: 20_000})
	if got, want := errs.String(), "\rreading 500 of 1,969 files  █████░░░░░░░░░░░░░░░  1,000 files/s  2 s left\x1b[K"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	bar.clear()
	if !strings.HasSuffix(errs.String(), "\r\x1b[K") {
		t.Errorf("the line stays: %q", errs)
	}
}

func TestWrap(t *testing.T) {
	got := wrap("one two  three\nfour — fünf six", 4, 14)
	want := "one two\n    three four\n    — fünf six"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := wrap("within 10 % of it", 0, 10), "within\n10 % of it"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := wrap("averyveryverylongword x", 0, 5); got != "averyveryverylongword\nx" {
		t.Errorf("%q", got)
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		plural(1, "activity"): "1 activity", plural(1204, "activity"): "1,204 activities", plural(0, "file"): "0 files",
		thousands(999): "999", thousands(1000): "1,000", thousands(1234567): "1,234,567",
		paramValue(1.1, "ratio"): "1.10", paramValue(2, "ratio"): "2.00", paramValue(1.125, "ratio"): "1.125",
		paramValue(28, "days"): "28 days", paramValue(3, "count"): "3", paramValue(10, "spm"): "10 spm",
		orList([]string{"a"}): "a", orList([]string{"a", "b", "c"}): "a, b or c",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestImportLine(t *testing.T) {
	for _, c := range []struct {
		p     surface.Progress
		width int
		want  string
	}{
		{surface.Progress{Bytes: 64 << 20, AllBytes: 128 << 20}, 100, "reading a.osm.pbf  ██████████░░░░░░░░░░  50 % of 128.0 MiB"},
		{surface.Progress{Bytes: 200 << 20, AllBytes: 128 << 20, Again: true}, 40, "reading again a.osm.pbf  100 % of 128.0 MiB"},
		{surface.Progress{}, 100, "reading a.osm.pbf"},
	} {
		if got := importLine("a.osm.pbf", c.p, c.width); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
