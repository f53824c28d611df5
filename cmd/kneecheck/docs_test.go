//go:build unix

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/cmd/internal/cli"
)

// TestREADME and TestDocs run the commands that the README and the pages of docs show output of (```console), and hold
// every other command in them against the flags that there are. With -update the output is written into the page.
var update = flag.Bool("update", false, "write what the commands print into the documents and the scripts' golden files")

func TestREADME(t *testing.T) { testPage(t, "../../README.md") }

func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatalf("pages %v (%v)", pages, err)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) { testPage(t, page) })
	}
}

func testPage(t *testing.T, page string) {
	file, err := filepath.Abs(page)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	docWorld(t)
	current := console.ReplaceAllFunc(text, func(block []byte) []byte { return runBlock(t, block) })
	for _, command := range mentioned(string(current)) {
		if err := parses(command); err != nil {
			t.Errorf("kneecheck %s: %v", command, err)
		}
	}
	if *update {
		if err := os.WriteFile(file, current, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), string(current)); diff != "" {
		t.Errorf("%s shows something else; go test ./cmd/kneecheck -run 'README|Docs' -update (-page +now)\n%s", filepath.Base(page), diff)
	}
}

// docWorld is the folder in which the commands of a page run, the same for each page: the demonstration log under its own
// name and as runs, and the logs of some athletes.
func docWorld(t *testing.T) {
	t.Helper()
	demo, err := filepath.Abs("../../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"testdata/demo", "runs"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(demo)); err != nil {
			t.Fatal(err)
		}
	}
	for name, note := range map[string]string{
		"eva":   "every @168\nweek 2026-07-13 x9 _ 5 _ 6 _ _ 10\nweek +1 _ 5 _ 6 _ _ 22",
		"jonas": "every @149\nweek 2026-07-13 x10 _ 6 _ 6 _ _ 9",
		"mara":  "every @170\nweek 2026-07-13 x10 _ 6 _ 7 _ _ 11",
	} {
		if err := writeLog(note, filepath.Join(dir, "athletes", name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, v := range []string{"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"} {
		t.Setenv(v, filepath.Join(dir, strings.ToLower(v)))
	}
}

// docEnv is the world around the commands of a page, on a Sunday after the last run.
func docEnv(out, problems *bytes.Buffer) *cli.Env {
	return &cli.Env{
		In: strings.NewReader(""), Out: out, Err: problems, Getenv: os.Getenv,
		Now:      func() time.Time { return time.Date(2026, 9, 20, 12, 0, 0, 0, time.UTC) },
		CacheDir: os.Getenv("XDG_CACHE_HOME"), DataDir: os.Getenv("XDG_DATA_HOME"),
	}
}

// console is a block of commands and what they print.
var console = regexp.MustCompile("(?s)```console\n.*?```")

// runBlock runs the commands of a block and returns it with what they print now. A line "exit code 1" after the output
// stands for what a shell does not show.
func runBlock(t *testing.T, block []byte) []byte {
	var b bytes.Buffer
	b.WriteString("```console\n")
	commands := 0
	for line := range strings.Lines(string(block)) {
		command, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "$ ")
		if !ok {
			continue
		}
		commands++
		b.WriteString(line)
		if arg, ok := strings.CutPrefix(command, "cat "); ok {
			content, err := os.ReadFile(arg)
			if err != nil {
				t.Error(err)
			}
			b.Write(content)
			continue
		}
		args, err := words(command)
		if err != nil || len(args) < 2 || args[0] != "kneecheck" {
			t.Errorf("%s: not a kneecheck command (%v)", command, err)
			continue
		}
		var out, problems bytes.Buffer
		code := cli.Main(args[1:], docEnv(&out, &problems))
		if code != 0 && code != 1 {
			t.Errorf("%s: exit %d\n%s", command, code, &problems)
		}
		b.Write(out.Bytes())
		if code != 0 {
			fmt.Fprintf(&b, "(exit code %d)\n", code)
		}
	}
	if commands == 0 {
		t.Errorf("no command in\n%s", block)
	}
	b.WriteString("```")
	return b.Bytes()
}

var (
	// fence is a block of anything, span a piece of code in a sentence.
	fence = regexp.MustCompile("(?sm)^ *```([a-z]*)\n(.*?)^ *```")
	span  = regexp.MustCompile("`(kneecheck [^`\n]*)`")
	// call is where kneecheck is called, by name or path, with a subcommand.
	call = regexp.MustCompile(`(?:^|[\s;|&(>"'/=!\x60])kneecheck(?:\.exe)? +([a-z][^\n]*)`)
	// continued is a command that goes on in the next line.
	continued = regexp.MustCompile(`\\\n\s*`)
	// comment is what a shell leaves out.
	comment = regexp.MustCompile(`(?m)(^|\s)#.*$`)
	// placeholder is a word that stands for others.
	placeholder = regexp.MustCompile(`^(COMMAND|ID|NAME|RULE|PLACE|PATH|FILE|DATE|TEXT|TABLE|RUN|PATH….*)$`)
)

// mentioned are the commands of a page without their program: those of blocks that are no screens, and those in sentences.
func mentioned(page string) []string {
	var out []string
	collect := func(code string) {
		for _, m := range call.FindAllStringSubmatch(comment.ReplaceAllString(continued.ReplaceAllString(code, " "), ""), -1) {
			// A line may hold more than one.
			rest := m[1]
			for {
				command, after := upTo(rest)
				out = append(out, command)
				more := call.FindStringSubmatch(after)
				if more == nil {
					break
				}
				rest = more[1]
			}
		}
	}
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		if m[1] != "console" {
			collect(m[2])
		}
	}
	for _, m := range span.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		collect(m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// upTo cuts a command off where the shell, or the file that it stands in, ends it.
func upTo(s string) (command, after string) {
	var quote rune
	for i, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			// A quote that nobody closes belongs to what is around the command.
			if !strings.ContainsRune(s[i+1:], r) {
				return s[:i], s[i+1:]
			}
			quote = r
		case strings.ContainsRune("|;&)<>#`", r):
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// words splits a command as a shell does, without substitutions, and expands patterns of files.
func words(s string) ([]string, error) {
	var out []string
	var word strings.Builder
	var quote rune
	open, pattern := false, false
	end := func() {
		if !open {
			return
		}
		if files, err := filepath.Glob(word.String()); pattern && err == nil && len(files) > 0 {
			out = append(out, files...)
		} else {
			out = append(out, word.String())
		}
		word.Reset()
		open, pattern = false, false
	}
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == ' ' || r == '\t' || r == '\n':
			end()
		default:
			pattern = pattern || r == '*'
			open = true
			word.WriteRune(r)
		}
	}
	end()
	if quote != 0 {
		return nil, errors.New("a quote is not closed")
	}
	return out, nil
}

// parses tells what is wrong with the flags of a command; nothing is run.
func parses(command string) error {
	args, err := words(command)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(args, placeholder.MatchString); i >= 0 {
		args = args[:i]
		if n := len(args); n > 0 && strings.HasPrefix(args[n-1], "-") {
			args = args[:n-1]
		}
	}
	if len(args) == 0 {
		return nil
	}
	var out, problems bytes.Buffer
	if code := cli.Main(append(slices.Clone(args), "--help"), docEnv(&out, &problems)); code != 0 {
		return errors.New(strings.TrimSpace(problems.String()))
	}
	usage := "kneecheck " + args[0]
	if len(args) > 1 && slices.Contains([]string{"pain", "map", "cache"}, args[0]) && !strings.HasPrefix(args[1], "-") {
		usage += " " + args[1]
	}
	if args[0] != "help" && !strings.Contains(out.String(), "Usage:\n  "+usage) {
		return errors.New("no such command")
	}
	return nil
}

// TestMentioned: commands are found wherever a page may hold them, and a wrong flag does not get through.
func TestMentioned(t *testing.T) {
	page := "Run `kneecheck analyze runs/ --weeks 4` or `kneecheck COMMAND --help`.\n" +
		"```sh\nif ! kneecheck check \"$a\" --fail-on high > /dev/null; then\n" +
		"mail=$(kneecheck report ~/runs \\\n  --format eml) && printf x\n/usr/bin/kneecheck ingest runs | kneecheck rules # kneecheck no\n```\n" +
		"```xml\n<string>kneecheck budget runs</string>\n```\n```console\n$ kneecheck shoes runs\n```\n"
	want := []string{
		"analyze runs/ --weeks 4", "budget runs", `check "$a" --fail-on high `, "ingest runs ", "report ~/runs  --format eml", "rules",
	}
	if diff := cmp.Diff(want, mentioned(page)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for command, ok := range map[string]bool{
		"analyze runs/ --weeks 4": true, "analyze --bogus": false, "analyze --weeks x": false, "analise runs": false, "pain bogus": false,
		"pain add --during 4": true, "ack KC102 runs --until DATE": true, "report --to 'a": false,
	} {
		if err := parses(command); (err == nil) != ok {
			t.Errorf("kneecheck %s: %v", command, err)
		}
	}
}

// TestTable: the README's table has a line for every command.
func TestTable(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := cli.Main([]string{"--help"}, docEnv(&out, &problems)); code != 0 {
		t.Fatalf("exit %d: %s", code, &problems)
	}
	_, list, _ := strings.Cut(out.String(), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	commands := 0
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		commands++
		if name != "help" && !regexp.MustCompile("(?m)^\\|[^|]*`"+name+"[ `]").Match(readme) {
			t.Errorf("the README's table has no %s", name)
		}
	}
	if commands < 10 {
		t.Errorf("%d commands in\n%s", commands, &out)
	}
}

// TestPages: the index has every page, and no page links to one that is not there.
func TestPages(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile("../../docs/README.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, page := range append(pages, "../../README.md") {
		if name := filepath.Base(page); name != "README.md" && !strings.Contains(string(index), "]("+name+")") {
			t.Errorf("docs/README.md does not name %s", name)
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
