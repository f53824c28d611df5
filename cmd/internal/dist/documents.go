package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"kneecheck/cmd/internal/cli"
)

// documents are the files of an archive that are the same on every platform: licence, README, manual pages, completions.
func documents(version string, when time.Time) ([]file, error) {
	var files []file
	for _, name := range []string{"LICENSE", "README.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o644, data})
	}
	root := cli.Command(&cli.Env{})
	pages, err := manual(root, version, when)
	if err != nil {
		return nil, err
	}
	shells, err := completions(root)
	if err != nil {
		return nil, err
	}
	return slices.Concat(files, pages, shells), nil
}

// manual makes the manual pages: kneecheck.1 and one for each command.
func manual(root *cobra.Command, version string, when time.Time) ([]file, error) {
	root.DisableAutoGenTag = true
	var files []file
	var walk func(cmd *cobra.Command) error
	walk = func(cmd *cobra.Command) error {
		var page bytes.Buffer
		header := doc.GenManHeader{Section: "1", Source: "kneecheck " + version, Manual: "kneecheck", Date: &when}
		if err := doc.GenMan(cmd, &header, &page); err != nil {
			return err
		}
		text := page.Bytes()
		if cmd == root {
			text = bytes.Replace(text, []byte(seeAlso), []byte(environment+seeAlso), 1)
		}
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
		files = append(files, file{path.Join("man", "man1", name), 0o644, text})
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() && !c.IsAdditionalHelpTopicCommand() {
				if err := walk(c); err != nil {
					return err
				}
			}
		}
		return nil
	}
	err := walk(root)
	return files, err
}

// seeAlso begins the last section of a page.
const seeAlso = ".SH SEE ALSO\n"

// environment is what the page of the program tells beyond its help.
const environment = `.SH EXIT STATUS
.TP
.B 0
Done; nothing at or above the threshold.
.TP
.B 1
\fBcheck\fP found something at or above \fB\-\-fail\-on\fP.
.TP
.B 2
Wrong flags, paths or configuration, or output that cannot be written.
.TP
.B 3
Incomplete: no usable run at all, or with \fB\-\-strict\fP a problem or a rule not judged, but for want of a
pain journal, shoes, strength sessions or a street map, which nobody has to keep.
.TP
.B 130
Interrupted.
.SH ENVIRONMENT
.TP
.B KNEECHECK_CONFIG
The configuration to read when \fB\-\-config\fP names none.
.TP
.B NO_COLOR
Set to anything, there is no colour.
.TP
.BR XDG_CONFIG_HOME ", " XDG_CACHE_HOME ", " XDG_DATA_HOME ", " XDG_STATE_HOME
Folders for the configuration, the memo of what was read, the street maps, and what was reported before.
.SH FILES
.TP
.I kneecheck.toml
The configuration, in the log's folder; else \fIkneecheck/config.toml\fP in the user's folder for configurations.
.TP
.IR pain.csv ", " overrides.csv ", " acks.csv
The runner's own files, in the log's folder.
`

// completions makes the scripts that complete commands, flags and words in four shells, each under the name that the shell
// looks for.
func completions(root *cobra.Command) ([]file, error) {
	var files []file
	for _, shell := range []struct {
		name  string
		write func(w io.Writer) error
	}{
		{"kneecheck.bash", func(w io.Writer) error { return root.GenBashCompletionV2(w, true) }},
		{"_kneecheck", root.GenZshCompletion},
		{"kneecheck.fish", func(w io.Writer) error { return root.GenFishCompletion(w, true) }},
		{"kneecheck.ps1", root.GenPowerShellCompletionWithDesc},
	} {
		var script bytes.Buffer
		if err := shell.write(&script); err != nil {
			return nil, err
		}
		files = append(files, file{path.Join("completions", shell.name), 0o644, script.Bytes()})
	}
	return files, nil
}

// thirdParty are the licences of everything that is linked into the binary of a platform, as they ask for, Go's own first.
func thirdParty(p platform) ([]byte, error) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/kneecheck")
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	modules := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(modules)
	var b bytes.Buffer
	b.WriteString("kneecheck is made with the following software, under these licences.\n")
	goRoot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	if err := addLicences(&b, "the Go programming language and its library", strings.TrimSpace(string(goRoot))); err != nil {
		return nil, err
	}
	for _, m := range slices.Compact(modules) {
		if m == "" {
			continue
		}
		part := strings.Split(m, "\t")
		if err := addLicences(&b, part[0]+" "+part[1], part[2]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// addLicences adds the licences that lie in the folder of a module. One without any must not be handed out.
func addLicences(b *bytes.Buffer, what, dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, entry := range list {
		name := strings.ToUpper(entry.Name())
		if entry.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "NOTICE") && !strings.HasPrefix(name, "COPYING") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		found = true
		fmt.Fprintf(b, "\n%s\n%s: %s\n\n%s\n", strings.Repeat("=", 80), what, entry.Name(), bytes.TrimSpace(text))
	}
	if !found {
		return fmt.Errorf("%s has no licence in %s", what, dir)
	}
	return nil
}
