package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/cli"
)

// oddLogs writes logs at the edge of what there is: nothing, one run, runs of which nobody wrote the minutes, runs that are
// all long ago or yet to come, a knee that hurts without a run, what is no run, and what cannot be read.
func oddLogs(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	for name, note := range map[string]string{
		"one":     "week 2026-06-08 _ _ 5",
		"today":   "week 2026-06-08 _ _ _ _ _ _ 5",
		"old":     "week 2022-06-06 _ _ 5 _ _ _ _\nweek +4 6 _ 30",
		"decade":  "week 2016-06-06 _ _ 5 _ _ _ _\nweek 2026-06-08 6 _ 30",
		"future":  "week 2026-07-06 6 _ 30",
		"tiny":    "week 2026-06-01 .1 .1 .1 .1 .1 .1 .1\nweek +1 .1 .1 .1",
		"doubles": "every @160/treadmill\nweek 2026-04-27 x6 5 6 7 8 9 10 11\nweek +1 30 31",
		"flag":    "pain 2026-06-12 right outer 2 giving-way\nweek 2026-06-08 _ _ 5",
		"full":    fullNote,
	} {
		if err := writeLog(note, filepath.Join(folder, name)); err != nil {
			t.Fatal(name, err)
		}
	}
	const header = "run,distance_km,date,race\n"
	for name, text := range map[string]string{
		"empty/.keep":               "",
		"broken/x.fit":              "\x0e\x10\x00\x00\xff\xff\xff\xff.FIT",
		"by hand/overrides.csv":     header + "new,5,2026-04-14,\nnew,6,2026-06-09,yes\n",
		"one by hand/overrides.csv": header + "new,5,2026-06-09,\n",
		"pain alone/pain.csv":       "date,side,during\n2026-05-24,left,4\n2026-06-12,left,4\n",
		"flag alone/pain.csv":       "date,side,signs\n2026-06-12,left,locking\n",
		"walk/walk.gpx":             `<gpx version="1.1"><trk><type>walking</type><trkseg><trkpt lat="1" lon="1"><time>2026-06-12T06:00:00Z</time></trkpt><trkpt lat="1.02" lon="1"><time>2026-06-12T06:30:00Z</time></trkpt></trkseg></trk></gpx>`,
		"a file/notes.txt":          "no run\n",
	} {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	logs, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(logs) < 15 {
		t.Fatal(logs, err)
	}
	return logs
}

// oddFlags are command lines that take a log, LOG, in every way that changes what a renderer is given. PLAN is a plan.
var oddFlags = map[string][]string{
	"analyze": {"LOG", "LOG --weeks 1", "LOG --since 2009-01-01 --units mi", "LOG --as-of 2022-06-10", "LOG --as-of 2027-06-01 --strict"},
	"check": {"LOG", "LOG --since 1999-01-01", "LOG --as-of 2027-06-01 --strict", "LOG --as-of 1999-01-01", "LOG --plan PLAN", "LOG --plan PLAN --units mi",
		"LOG --plan PLAN --as-of 2026-06-01 --strict --fail-on note", "LOG --plan PLAN --as-of 1999-01-01", "LOG --new-only", "--each LOG", "--each LOG --pseudonym --new-only --since 2009-01-01"},
	"report": {"LOG", "LOG --week this", "LOG --week 2022-W23", "LOG --week 2026-W21 --only-findings", "LOG --week 1999-W01", "LOG --as-of 2027-06-01 --units mi --strict",
		"--each LOG", "--each LOG --week 2022-W27 --only-findings --least high", "--each LOG --week this --pseudonym"},
	"budget":       {"LOG", "LOG --units mi --as-of 2027-06-01", "LOG --as-of 2022-06-10"},
	"show":         {"last LOG", "longest LOG", "2026-06-10 LOG --units mi", "first LOG"},
	"rules":        {"", "--units mi"},
	"explain":      {"KC101 LOG", "KC201 LOG", "KC202 LOG", "KC107 LOG --units mi", "KC304 LOG", "KC501 LOG", "KC602 LOG"},
	"ingest":       {"LOG", "LOG --details"},
	"export":       {"runs LOG", "weeks LOG --since 2009-01-01", "findings LOG", "samples LOG", "runs --each LOG", "samples --each LOG --pseudonym", "findings --each LOG --as-of 2022-06-10"},
	"shoes":        {"LOG"},
	"replay":       {"LOG", "LOG --pain 2026-06-01"},
	"ack":          {"KC101 LOG --until 2026-07-01 --reason odd"},
	"ack list":     {"LOG"},
	"map import":   {"nowhere.osm.pbf LOG"},
	"pain list":    {"LOG"},
	"pain explain": {"LOG"},
}

// TestEveryFormat takes logs at the edge through every command, format and odd choice of flags: the program ends in one of its
// own ways, no division by nothing shows, nothing is half said, and what is written parses.
func TestEveryFormat(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "plan.csv")
	if err := os.WriteFile(plan, []byte("date,km,kind,duration\n2026-06-16,5,easy,40\n2026-06-20,40,long,\n2026-08-02,80,race,\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	commands := everyCommand(t)
	for name := range commands {
		if _, ok := oddFlags[name]; !ok {
			t.Errorf("nothing odd is tried with %s", name)
		}
	}
	ran := 0
	for _, log := range oddLogs(t) {
		t.Run(filepath.Base(log), func(t *testing.T) {
			turn := len(filepath.Base(log))
			for _, name := range slices.Sorted(maps.Keys(oddFlags)) {
				formats := commands[name]
				if len(formats) == 0 {
					formats = []string{""}
				}
				for i, line := range oddFlags[name] {
					for _, format := range formats {
						// Every format is tried plainly, and the odd flags with each in turn: all with all takes too long.
						if turn++; i > 0 && turn%3 > 0 {
							continue
						}
						ran++
						args := strings.Fields(name)
						for _, word := range strings.Fields(line) {
							args = append(args, strings.NewReplacer("LOG", log, "PLAN", plan).Replace(word))
						}
						if format != "" {
							args = append(args, "--format", format)
						}
						everyFormat(t, args, format, cache)
					}
				}
			}
		})
	}
	t.Logf("%d command lines", ran)
}

// everyCommand lists the commands that read a log, with their formats.
func everyCommand(t *testing.T) map[string][]string {
	t.Helper()
	words := regexp.MustCompile("`FORMAT` of the [a-z]+: (.*)$")
	out := map[string][]string{}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		name := strings.TrimPrefix(strings.TrimPrefix(c.CommandPath(), "kneecheck"), " ")
		if f := c.Flags().Lookup("format"); f != nil {
			m := words.FindStringSubmatch(f.Usage)
			if m == nil {
				t.Fatalf("%s: the formats are not told in %q", name, f.Usage)
			}
			out[name] = strings.Fields(strings.NewReplacer(",", " ", " or ", " ").Replace(m[1]))
		} else if c.Flags().Lookup("assume-sport") != nil {
			out[name] = nil
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(cli.Command(&cli.Env{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}))
	if len(out) < 10 {
		t.Fatalf("only %d commands: %v", len(out), out)
	}
	return out
}

func everyFormat(t *testing.T, args []string, format, cache string) {
	t.Helper()
	line := strings.Join(args, " ")
	var out, problems bytes.Buffer
	code := -1
	func() {
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("kneecheck %s: panic: %v", line, p)
			}
		}()
		code = cli.Main(args, &cli.Env{
			In: strings.NewReader(""), Out: &out, Err: &problems, CacheDir: cache, DataDir: cache,
			Getenv: func(name string) string {
				return map[string]string{"XDG_STATE_HOME": filepath.Join(cache, fmt.Sprint(len(line)))}[name]
			},
			Now: func() time.Time { return time.Date(2026, 6, 14, 12, 0, 0, 0, time.UTC) },
		})
	}()
	if code < 0 {
		return
	}
	if !slices.Contains([]int{0, 1, 2, 3}, code) {
		t.Errorf("kneecheck %s: exit code %d", line, code)
	}
	if code >= 2 && problems.Len() == 0 && !slices.Contains(args, "--strict") {
		t.Errorf("kneecheck %s: exit code %d without a word", line, code)
	}
	if code == 2 && out.Len() > 0 {
		t.Errorf("kneecheck %s: exit code 2 beside a result", line)
	}
	if format != "parquet" {
		for text := range strings.Lines(out.String() + problems.String()) {
			if noFigure.MatchString(text) {
				t.Errorf("kneecheck %s: %s", line, text)
			}
		}
	}
	if out.Len() == 0 {
		return
	}
	var err error
	switch format {
	case "json":
		var v any
		err = json.Unmarshal(out.Bytes(), &v)
	case "jsonl":
		for text := range bytes.Lines(out.Bytes()) {
			if !json.Valid(text) {
				err = fmt.Errorf("no JSON: %s", text)
			}
		}
	case "csv":
		_, err = csv.NewReader(&out).ReadAll()
	case "junit":
		err = xml.Unmarshal(out.Bytes(), new(struct{ XMLName xml.Name }))
	case "eml":
		_, err = mail.ReadMessage(&out)
	case "html":
		if !strings.HasSuffix(out.String(), "</html>\n") {
			err = fmt.Errorf("the page ends in %q", out.String()[max(0, out.Len()-40):])
		}
	case "parquet":
		if !strings.HasPrefix(out.String(), "PAR1") || !strings.HasSuffix(out.String(), "PAR1") {
			err = fmt.Errorf("no Parquet")
		}
	}
	if err != nil {
		t.Errorf("kneecheck %s: %v", line, err)
	}
}
