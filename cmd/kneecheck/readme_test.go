package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/cmd/internal/cli"
)

var update = flag.Bool("update", false, "write what the commands print into the README and the scripts' golden files")

// screen is a command in the README and what it prints.
var screen = regexp.MustCompile("(?s)```console\n\\$ kneecheck ([^\n]*)\n(.*?)```")

// TestREADME runs the commands that the README shows output of. With -update the output is written into it.
func TestREADME(t *testing.T) {
	t.Chdir("../..")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	shown := 0
	current := screen.ReplaceAllFunc(readme, func(block []byte) []byte {
		shown++
		command := string(screen.FindSubmatch(block)[1])
		var out, problems bytes.Buffer
		code := cli.Main(strings.Fields(command), &cli.Env{
			In: strings.NewReader(""), Out: &out, Err: &problems, Getenv: os.Getenv,
			Now: func() time.Time { return time.Date(2026, 9, 20, 12, 0, 0, 0, time.UTC) },
		})
		if code != 0 {
			t.Errorf("kneecheck %s: exit %d\n%s", command, code, &problems)
		}
		return []byte("```console\n$ kneecheck " + command + "\n" + out.String() + "```")
	})
	if shown == 0 {
		t.Error("the README shows no command")
	}
	if *update {
		if err := os.WriteFile("README.md", current, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(current), string(readme)); diff != "" {
		t.Errorf("the README shows something else; go test ./cmd/kneecheck -run README -update (-want +got)\n%s", diff)
	}
}
