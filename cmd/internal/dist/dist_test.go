package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/cmd/internal/cli"
)

var when = time.Date(2026, time.June, 14, 12, 0, 0, 0, time.UTC)

func TestManual(t *testing.T) {
	root := cli.Command(&cli.Env{})
	pages, err := manual(root, "1.2.3", when)
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, p := range pages {
		text[p.name] = string(p.data)
	}
	for _, c := range root.Commands() {
		if name := "man/man1/kneecheck-" + c.Name() + ".1"; text[name] == "" && c.IsAvailableCommand() {
			t.Errorf("no page %s", name)
		}
	}
	for name, wants := range map[string][]string{
		"man/man1/kneecheck.1": {`.TH "KNEECHECK" "1" "Jun 2026" "kneecheck 1.2.3" "kneecheck"`, ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS",
			".SH EXAMPLE", ".SH EXIT STATUS", ".SH ENVIRONMENT", ".SH FILES", ".SH SEE ALSO"},
		"man/man1/kneecheck-export.1":   {".SH NAME", "TABLE PATH", ".SH OPTIONS", "with-coordinates", ".SH SEE ALSO"},
		"man/man1/kneecheck-pain-add.1": {".SH NAME", "next-morning", ".SH SEE ALSO"},
	} {
		rest := text[name]
		for _, want := range wants {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%s: no %q where it belongs", name, want)
			}
			rest = after
		}
	}
}

func TestCompletions(t *testing.T) {
	files, err := completions(cli.Command(&cli.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"completions/kneecheck.bash": "__start_kneecheck", "completions/_kneecheck": "#compdef kneecheck",
		"completions/kneecheck.fish": "complete -c kneecheck", "completions/kneecheck.ps1": "Register-ArgumentCompleter",
	}
	for _, f := range files {
		// Rules, formats and tables come from the program itself, which every script asks.
		for _, part := range []string{want[f.name], "__complete"} {
			if part == "" || !bytes.Contains(f.data, []byte(part)) {
				t.Errorf("%s: no %q", f.name, part)
			}
		}
	}
	if len(files) != len(want) {
		t.Errorf("%d scripts, want %d", len(files), len(want))
	}
}

func TestArchives(t *testing.T) {
	files := []file{{"kneecheck", 0o755, bytes.Repeat([]byte("binary "), 1000)}, {"man/man1/kneecheck.1", 0o644, []byte(".TH")}}
	read := map[string]func([]byte) ([]file, error){
		"tar": func(data []byte) (list []file, err error) {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return nil, err
			}
			for r := tar.NewReader(z); ; {
				h, err := r.Next()
				if errors.Is(err, io.EOF) {
					return list, nil
				}
				if err != nil {
					return nil, err
				}
				if !h.ModTime.Equal(when) || h.Uid != 0 || h.Uname != "" {
					t.Errorf("%s bears %v, user %d %q", h.Name, h.ModTime, h.Uid, h.Uname)
				}
				content, err := io.ReadAll(r)
				if err != nil {
					return nil, err
				}
				list = append(list, file{h.Name, h.FileInfo().Mode(), content})
			}
		},
		"zip": func(data []byte) (list []file, err error) {
			r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				return nil, err
			}
			for _, f := range r.File {
				if !f.Modified.Equal(when) {
					t.Errorf("%s bears %v", f.Name, f.Modified)
				}
				in, err := f.Open()
				if err != nil {
					return nil, err
				}
				content, err := io.ReadAll(in)
				if err != nil {
					return nil, err
				}
				list = append(list, file{f.Name, f.Mode(), content})
			}
			return list, nil
		},
	}
	for name, pack := range map[string]func(string, []file, time.Time) ([]byte, error){"tar": tarred, "zip": zipped} {
		t.Run(name, func(t *testing.T) {
			data, err := pack("kneecheck-1", files, when)
			if err != nil {
				t.Fatal(err)
			}
			again, err := pack("kneecheck-1", files, when)
			if err != nil || !bytes.Equal(data, again) {
				t.Errorf("packed again it is other bytes, %v", err)
			}
			got, err := read[name](data)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Clone(files)
			for i := range want {
				want[i].name = "kneecheck-1/" + want[i].name
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(file{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestThirdParty(t *testing.T) {
	t.Chdir("../../..")
	for _, p := range platforms {
		text, err := thirdParty(p)
		if err != nil {
			t.Fatalf("%v: %v", p, err)
		}
		for _, want := range []string{"the Go programming language", "github.com/spf13/cobra v", "github.com/tormoder/fit v", "github.com/tkrajina/gpxgo v"} {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("%v: no licence of %s", p, want)
			}
		}
		for _, not := range []string{"go-cmp", "go-md2man", "muktihari", "staticcheck"} {
			if bytes.Contains(text, []byte(not)) {
				t.Errorf("%v: %s is in no binary", p, not)
			}
		}
	}
}

// TestDependenciesAreTold holds docs/dependencies.md against go.mod and what is linked into the binary.
func TestDependenciesAreTold(t *testing.T) {
	t.Chdir("../../..")
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	inBinary, inTests, _ := strings.Cut(string(page), "## In tests only")
	linked := ""
	for _, p := range platforms {
		text, err := thirdParty(p)
		if err != nil {
			t.Fatal(err)
		}
		linked += string(text)
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Indirect .Main)}}{{.Path}}{{end}}", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	for _, m := range modules {
		where, say := inTests, "in tests only"
		if strings.Contains(linked, "\n"+m+" v") {
			where, say = inBinary, "in the binary"
		}
		if !strings.Contains(where, "`"+m+"`") {
			t.Errorf("%s is not told of as %s", m, say)
		}
	}
	if rows := strings.Count(string(page), "\n| `") + strings.Count(string(page), "`, `"); rows != len(modules) {
		t.Errorf("%d modules are told of, %d are required", rows, len(modules))
	}
}

func TestSourceTime(t *testing.T) {
	if got, err := sourceTime("1781438400"); err != nil || !got.Equal(when) {
		t.Errorf("%v, %v, want %v", got, err, when)
	}
	for _, bad := range []string{"yesterday", "-1", "0", "99999999999"} {
		if got, err := sourceTime(bad); err == nil {
			t.Errorf("%q gives %v", bad, got)
		}
	}
}
