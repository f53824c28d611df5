//go:build unix

package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kneecheck/analyze/surface/osmtest"
	"kneecheck/cmd/internal/cli"
)

// The environment variables that only this test binary honours.
const (
	// nowVar is the clock, an RFC 3339 time. It stands still.
	nowVar = "KNEECHECK_TEST_NOW"
	// dropVar, when set, makes a process of root a process of nobody, for whom permissions count.
	dropVar = "KNEECHECK_TEST_DROP"
)

// nobody is the user and group id that owns nothing.
const nobody = 65534

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kneecheck": kneecheck})
}

// kneecheck is main with the clock and the user of the script.
func kneecheck() {
	env := cli.System()
	if text := os.Getenv(nowVar); text != "" {
		now, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		env.Now = func() time.Time { return now }
	}
	if os.Getenv(dropVar) != "" && os.Geteuid() == 0 {
		if err := errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			panic(fmt.Errorf("cannot become nobody: %w", err))
		}
	}
	os.Exit(cli.Main(os.Args[1:], env))
}

func TestScript(t *testing.T) {
	demo, err := filepath.Abs("../../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv(nowVar, "2026-06-14T12:00:00Z")
			env.Setenv("DEMO", demo)
			// No script file can hold a line break inside of an argument.
			env.Setenv("BREAK", "me@example.org\r\nBcc: all@example.org")
			// Under the race detector every process would sleep for a second before it ends.
			env.Setenv("GORACE", "atexit_sleep_ms=10")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"mklog":  mklog,
			"bytes":  writeBytes,
			"lines":  countLines,
			"mktown": mktown,
			"mkclub": mkclub,
		},
	})
}

// exits runs a command that must end with an exact code: exits 2 kneecheck check nowhere.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// mklog writes the runs of a log note as GPX files, and its pain journal, into a folder: mklog note.txt runs.
func mklog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mklog NOTE FOLDER")
	}
	ts.Check(writeLog(ts.ReadFile(args[0]), ts.MkAbs(args[1])))
}

// mktown writes the street map of a synthetic town: mktown town.osm.pbf. The ending says the form.
func mktown(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mktown FILE")
	}
	town := osmtest.Town(osmtest.TownOptions{Seed: 1, Untagged: .35})
	data := osmtest.PBF{Stand: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}.Write(town)
	if strings.HasSuffix(args[0], ".osm") {
		data = osmtest.XML(town)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

// writeBytes writes a file from hex digits, for what a script cannot hold as text: bytes photo.fit ffd8ffe0.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE HEX")
	}
	data, err := hex.DecodeString(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

// countLines checks how many lines a file or stream has: lines stderr 1.
func countLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines FILE NUMBER")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); got != want {
		ts.Fatalf("%s has %d lines, want %d", args[0], got, want)
	}
}
