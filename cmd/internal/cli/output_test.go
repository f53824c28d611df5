package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

func TestOutputPairs(t *testing.T) {
	for _, tc := range []struct {
		args string
		want []output
		err  string
	}{
		{"", []output{{"text", ""}}, ""},
		{"--format json", []output{{"json", ""}}, ""},
		{"-o a", []output{{"text", "a"}}, ""},
		{"--format json -o a", []output{{"json", "a"}}, ""},
		{"-o a --format json", []output{{"json", "a"}}, ""},
		{"--format text --format json -o a", []output{{"text", ""}, {"json", "a"}}, ""},
		{"--format text -o a --format json", []output{{"text", "a"}, {"json", ""}}, ""},
		{"--format text -o a --format json -o b", []output{{"text", "a"}, {"json", "b"}}, ""},
		{"-o a --format text -o b --format json", []output{{"text", "a"}, {"json", "b"}}, ""},
		{"-o a --format json -o b", []output{{"json", "a"}, {"text", "b"}}, ""},
		{"-o - --format json", []output{{"json", ""}}, ""},
		{"--format text --format json", nil, "two formats for standard output"},
		{"--format text -o - --format json", nil, "two formats for standard output"},
		{"--format text -o a --format json -o ./a", nil, "-o ./a is given twice"},
		{"--format xml", nil, `unknown format "xml"`},
		{"--output=", nil, "a file name is missing"},
	} {
		var o outputs
		cmd := &cobra.Command{Use: "x", SilenceErrors: true, SilenceUsage: true, RunE: func(*cobra.Command, []string) error { return nil }}
		o.bind(cmd, formatText, formatJSON)
		cmd.SetArgs(strings.Fields(tc.args))
		err := cmd.Execute()
		var got []output
		if err == nil {
			got, err = o.resolve()
		}
		if tc.err != "" {
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%q: error %v, want %q", tc.args, err, tc.err)
			}
			continue
		}
		if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(output{})); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", tc.args, err, diff)
		}
	}
}

// One rendering that fails keeps all others from being written.
func TestWriteAllOrNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	var out bytes.Buffer
	env := &Env{Out: &out, Getenv: func(string) string { return "" }}
	broken := errors.New("broken")
	err := writeAll(env, []output{{"text", file}, {"text", ""}, {"json", ""}}, func(w io.Writer, p page) error {
		if p.format == "json" {
			return broken
		}
		_, err := io.WriteString(w, "text")
		return err
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(file); err == nil || out.Len() > 0 {
		t.Errorf("something was written: %q", out.String())
	}
}

// TestReplaceFileFails: when writing fails half-way the file keeps what it held and nothing is left beside it.
func TestReplaceFileFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	if err := writeFile(file, []byte("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no space left on device")
	err := replaceFile(file, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || sentence(err) != "-o "+file+": no space left on device" {
		t.Errorf("error %v", err)
	}
	data, err := os.ReadFile(file)
	left, dirErr := os.ReadDir(filepath.Dir(file))
	if err != nil || dirErr != nil || string(data) != "old" || len(left) != 1 {
		t.Errorf("%q beside %v, %v, %v", data, left, err, dirErr)
	}
}
