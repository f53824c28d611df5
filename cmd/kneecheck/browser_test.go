package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
	"kneecheck/cmd/internal/cli"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// browserVar names the Chromium that looks at the pages.
const browserVar = "KNEECHECK_BROWSER"

// nodeFolder holds the scripts that Node runs, and what they need after npm ci.
const nodeFolder = "../../testdata/browser"

// needNode skips a test where no browser is named, and fails it where one is and the rest is missing.
func needNode(t *testing.T) {
	t.Helper()
	if os.Getenv(browserVar) == "" {
		t.Skip(browserVar + " names no Chromium, so Node and its packages are not asked for either")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatalf("%s is set, but there is no node: %v", browserVar, err)
	}
	if _, err := os.Stat(filepath.Join(nodeFolder, "node_modules")); err != nil {
		t.Fatal("the packages are missing: npm ci in testdata/browser")
	}
}

// node runs a script and returns what it printed.
func node(t *testing.T, stdin io.Reader, script string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("node", append([]string{filepath.Join(nodeFolder, script)}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("node %s: %v\n%s%s", script, err, out.Bytes(), errs.Bytes())
	}
	return out.Bytes()
}

// program runs the program on a day, wants an exit code and returns what it printed.
func program(t *testing.T, day string, code int, args ...string) []byte {
	t.Helper()
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	got := cli.Main(args, &cli.Env{
		In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" },
		CacheDir: t.TempDir(), DataDir: t.TempDir(), Now: func() time.Time { return now },
	})
	if got != code {
		t.Fatalf("kneecheck %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, errs.Bytes())
	}
	return out.Bytes()
}

// The logs whose pages are looked at beside the demonstration log: everything that a page can hold, half a year and more, two weeks, a red flag, a
// week in which nothing fired.
const (
	fullNote = `
athlete height 178
altitude barometer
shoe Daily start 420 since 2026-01-01 until 2026-04-30
shoe Trail since 2026-05-01 until 2026-05-31 limit 700
shoe Heavy start 2450 since 2026-06-01
every @163/road
pain 2026-05-03 right outer 2 settled 60min
pain 2026-05-12 right outer 3 settled 24h
pain 2026-05-20 right outer settled 24h same
pain 2026-06-07 right outer 4 settled 24h worse clicking
week 2026-02-23 x4  _ 8v900:60 _ 6/treadmill 7s40/30/20 _ 10v1200:80s70/10/5
week +1             _ 8 _ _ _ _ _
week +4             _ 4 _ 5 _ _ 5
week +1             _ 6 _ 6s50/20/10 _ _ 8s80(75-90)/9
week +1             _ 8/trail _ 7 6/treadmill _ 10s60/20/20
week +1             _ 8 _ 5/track _ _ _
week +1             _ 8@149 _ 7@149s20/20/20 6@149 _ 11@149
week +1             _ 9@149 _ 8@149 5@149 8@149/trail 22.4@148v2600:210
week +1             6@148 9.5@148 _ 8@148/treadmill 7@148 _ 16@147
week +1             _ 8@148v2300:190 4@148
`
	longNote = `
athlete height 180
altitude barometer
every @168
week 2025-06-02 x20 _ 8 _ 6 _ _ 10v900:60
week +1             _ 8 9 6 7 8 22
week +1             _ 8 9 6 7 8 24
week +1 x4          _ 8 _ 6 _ _ 10v1200:90
week +1             _ 8 9 6 7 8 48v9000:700w2000:300
week +1             _ 8 9 6 7 8 60
week +1 x8          _ 8 _ 6 _ _ 10
week +1             _ 8 _ 6 _ _ 30
week +1 x17         5 8 5 6 _ 6 12
`
	shortNote = `
every @160
week 2026-06-01  _ 5 _ 6 _ _ 7
week +1          _ 5 _ 9 _
`
	flagNote = fullNote + `
pain 2026-06-09 right outer 2 giving-way
`
	quietNote = `
athlete height 180
altitude barometer
every @168
week 2026-03-02 x12  _ 8 _ 6 _ _ 10
`
)

// names are hard to print: other scripts, markup, a sign that turns the line around, and long.
var names = struct{ title, shoe, file string }{
	"läufe/🏃🏽‍♀️ 東京マラソン | <b>2026</b>\x1b[31m/" + strings.Repeat("verylongfolder", 8), "白い靴 <i>👟</i>\u202e حذاء الجري", "東京/" + strings.Repeat("走", 90) + "\".fit",
}

// judge reads a note as a report is made of it: of weeks, or of the calendar week before its last when weeks is 0.
func judge(t *testing.T, note string, weeks int, u analyze.Units) report.Input {
	t.Helper()
	n, err := lognote.Parse(note)
	if err != nil {
		t.Fatal(err)
	}
	in := report.Input{
		Log: n.Log, Units: u, Weeks: weeks, FailOn: rules.Warning, Title: "runs/",
		From: n.Log.AsOf.WeekStart(n.Log.WeekStart) - 7*civil.Date(weeks-1), To: n.Log.AsOf,
		Receipt: &analyze.Receipt{Files: len(n.Log.Runs), Activities: len(n.Log.Runs), Runs: len(n.Log.Runs)},
	}
	if weeks == 0 {
		in.From = n.Log.AsOf.WeekStart(n.Log.WeekStart) - 7
		in.To = in.From + 6
	}
	in.Result = rules.Run(in.Log, nil, u)
	return in
}

// hardToPrint gives everything that has a name one of names.
func hardToPrint(t *testing.T) report.Input {
	in := judge(t, fullNote, 8, analyze.Miles)
	in.Title = names.title
	var runs []analyze.Run
	for _, r := range in.Log.Runs {
		worn := *r
		worn.Shoe = names.shoe
		runs = append(runs, worn)
	}
	in.Log = analyze.Build(runs, nil, analyze.Options{
		HeightCM: math.NaN(), AsOf: in.Log.AsOf, WeekStart: in.Log.WeekStart, Pain: in.Log.Pain,
		Shoes: []analyze.Shoe{{Name: names.shoe, StartKM: 900}, {Name: strings.Repeat("Wide ", 20)}},
	})
	in.Result = rules.Run(in.Log, nil, in.Units)
	return in
}

// browserPages writes every page that is looked at into a folder.
func browserPages(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	write := func(name string, data []byte) {
		t.Helper()
		const limit = 300 << 10
		if len(data) > limit {
			t.Errorf("%s takes %d bytes, above %d", name, len(data), limit)
		}
		file := filepath.Join(folder, name+".html")
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	draw := func(name string, in report.Input, html func(io.Writer, *report.Report) error) {
		t.Helper()
		var b bytes.Buffer
		if err := html(&b, report.Build(in)); err != nil {
			t.Fatal(err)
		}
		write(name, b.Bytes())
	}
	const km, mi = analyze.Kilometres, analyze.Miles
	draw("full", judge(t, fullNote, 8, km), report.HTML)
	draw("full-week", judge(t, fullNote, 0, mi), report.WeekHTML)
	draw("long", judge(t, longNote, 26, km), report.HTML)
	draw("longer", judge(t, longNote, 60, km), report.HTML)
	draw("short", judge(t, shortNote, 8, km), report.HTML)
	draw("flag", judge(t, flagNote, 8, km), report.HTML)
	draw("flag-week", judge(t, flagNote, 0, km), report.WeekHTML)
	draw("quiet", judge(t, quietNote, 8, km), report.HTML)
	draw("quiet-week", judge(t, quietNote, 0, km), report.WeekHTML)
	draw("names", hardToPrint(t), report.HTML)
	draw("mail-full", judge(t, fullNote, 0, km), report.WeekMailHTML)
	draw("mail-flag", judge(t, flagNote, 0, km), report.WeekMailHTML)
	draw("mail-names", hardToPrint(t), report.WeekMailHTML)

	empty := filepath.Join(t.TempDir(), "東京")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(empty, "walk <1>.gpx"), []byte("<gpx><trk>"), 0o666); err != nil {
		t.Fatal(err)
	}
	const demo = "../../testdata/demo"
	write("demo", program(t, "2026-09-20", 0, "analyze", demo, "--format", "html"))
	write("demo-week", program(t, "2026-09-20", 0, "report", demo, "--week", "2026-W31", "--format", "html"))
	write("empty", program(t, "2026-06-14", 3, "analyze", empty, "--format", "html"))
	write("empty-week", program(t, "2026-06-14", 3, "report", empty, "--format", "html"))
	if knows(t, "check", "html") {
		write("overview", program(t, "2026-06-14", 1, append([]string{"check", "--each", "--format", "html"}, athletes(t)...)...))
	} else {
		t.Log("kneecheck check has no --format html: no overview is looked at")
	}
	if root := os.Getenv("KNEECHECK_CORPUS"); root != "" {
		real := filepath.Join(root, "log-shipengfish")
		write("corpus", program(t, "2024-12-08", 0, "analyze", real, "--format", "html"))
		write("corpus-week", program(t, "2024-12-08", 0, "report", real, "--week", "2024-W46", "--format", "html"))
	} else {
		t.Log("KNEECHECK_CORPUS names no folder of real files: only synthetic logs are looked at")
	}
	return files
}

// TestBrowserPages opens every page in a headless Chromium, in light and dark, on a phone and on paper: nothing may be
// asked of the network, nothing said on the console, nothing cut or overlapping, and axe-core finds nothing. With
// KNEECHECK_BROWSER_OUT the pages, screenshots and PDFs are kept there for somebody to look at.
func TestBrowserPages(t *testing.T) {
	needNode(t)
	folder := os.Getenv(browserVar + "_OUT")
	if folder == "" {
		folder = t.TempDir()
	}
	pages := browserPages(t, folder)
	out := node(t, nil, "check.mjs", append([]string{folder}, pages...)...)
	for line := range bytes.Lines(out) {
		var found struct{ Page, View, Problem string }
		if err := json.Unmarshal(line, &found); err != nil {
			t.Fatalf("check.mjs printed %q: %v", line, err)
		}
		t.Errorf("%s, %s: %s", found.Page, found.View, found.Problem)
	}
	for _, page := range pages {
		shot := fmt.Sprintf("%s.phone.png", strings.TrimSuffix(page, ".html"))
		if info, err := os.Stat(shot); err != nil || info.Size() < 5000 {
			t.Errorf("%s: no screenshot was made: %v", filepath.Base(page), err)
		}
	}
}
