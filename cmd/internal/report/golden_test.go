package report

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"math"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The logs that the screens are tested with.
const (
	richNote = `
athlete height 178
altitude barometer
shoe Daily start 420 since 2026-01-01 until 2026-05-31
every @163/road
week 2026-02-23 x4  _ 8v900:60 _ 6 7 _ 10v1200:80
week +1             _ 8 _ _ _ _ _
week +4             _ 4 _ 5 _ _ 5
week +1             _ 6 _ 6 _ _ 8
week +1             _ 8 _ 7 6 _ 10
week +1             _ 8 _ 5 _ _ _
week +1             _ 8@149 _ 7@149 6@149 _ 11@149
week +1             _ 9@149 _ 8@149 5@149 8@149 22.4@148v2600:210
week +1             6@148 9.5@148 _ 8@148 7@148 _ 16@147
week +1             _ 8@148v2300:190 4@148
`
	firstWeekNote = `
week 2026-06-08  _ _ 5@160 _ 6
`
	steadyNote = `
athlete height 180
altitude barometer
every @168
week 2026-03-02 x12  _ 8 _ 6 _ _ 10
`
	soreNote = `
athlete height 180
altitude barometer
every @168
pain 2026-05-03 right outer 2 settled 60min
pain 2026-05-12 right outer 3 settled 24h
pain 2026-05-20 right outer 3 settled 24h same
pain 2026-05-23 right outer 4 settled 24h worse clicking
week 2026-03-02 x8  _ 8 _ 6 _ _ 10
week +1             _ 8 _ 6 _ _ 14
week +1 x3          _ 8 _ 6 _ _ 10
`
	betterNote = `
athlete height 180
every @168
pain 2026-05-03 right outer 3
pain 2026-05-12 right outer 2 settled 60min
pain 2026-05-23 right 0
week 2026-03-02 x12  _ 8 _ 6 _ _ 10
`
	flagNote = soreNote + `
pain 2026-05-24 right outer 2 giving-way
`
	noCadenceNote = `
week 2026-03-30 x6  _ 8 _ 6 _ _ 10
week +1             _ 8 _ 6 _ _ 16
`
)

// input judges a note as the commands do, over the last weeks of it.
func input(t testing.TB, note string, weeks int, u analyze.Units) Input {
	t.Helper()
	n, err := lognote.Parse(note)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{
		Log: n.Log, Result: rules.Run(n.Log, nil, u), Units: u, Weeks: weeks, FailOn: rules.Warning, Title: "runs/",
		From: n.Log.AsOf.WeekStart(n.Log.WeekStart) - 7*civil.Date(weeks-1), To: n.Log.AsOf,
	}
	in.Receipt = &analyze.Receipt{Files: len(n.Log.Runs), Activities: len(n.Log.Runs), Runs: len(n.Log.Runs)}
	return in
}

// noRuns is a folder without a usable run.
func noRuns() Input {
	log := analyze.Build(nil, nil, analyze.Options{HeightCM: math.NaN(), AsOf: civil.New(2026, 6, 14), WeekStart: time.Monday})
	return Input{
		Log: log, Result: rules.Run(log, nil, analyze.Kilometres), Units: analyze.Kilometres, Weeks: 8, FailOn: rules.Warning, Title: "runs/",
		From: civil.New(2026, 6, 1), To: civil.New(2026, 6, 14),
		Receipt: &analyze.Receipt{Files: 3, Activities: 1, Other: 1, Ignored: 2, Problems: someProblems()},
	}
}

func someProblems() []*ingest.Problem {
	return []*ingest.Problem{
		{File: "runs/881.fit.gz", Kind: ingest.Corrupt, Err: errors.New("no record could be read (bytes 14 to 1,204 are zero)")},
		{File: "runs/913.gpx", Kind: ingest.NoTime, Err: errors.New("1,842 points without a time; give it a date in overrides.csv to count it")},
		{File: "runs/settings.fit", Kind: ingest.NotActivity, Err: errors.New("settings")},
		{File: "runs/2026-06-08.fit", Kind: ingest.Truncated, Err: errors.New("the file ends in the middle of a record"), Kept: 1204},
	}
}

// withProblems adds copies, problems and ignored files to an input.
func withProblems(in Input) Input {
	in.Receipt.Problems = someProblems()
	in.Receipt.Files += 3
	in.Log.Runs[0].AlsoIn = []string{"export/1.gpx", "export/1 (copy).gpx"}
	in.Receipt.Ignored = 4
	return in
}

// foreign gives everything that has a name one that is hard to print.
func foreign(in Input) Input {
	in.Title = "läufe/🏃🏽‍♀️ 東京マラソン | <b>2026</b>\x1b[31m/"
	in.Receipt.Problems = []*ingest.Problem{{File: "東京/" + strings.Repeat("走", 70) + ".fit", Kind: ingest.Corrupt, Err: errors.New("no record\ncould be \x1b[2Jread")}}
	in.Log.Shoes = []analyze.Shoe{{Name: "白い靴 | 👟\u202e", StartKM: 900}}
	var runs []analyze.Run
	for _, r := range in.Log.Runs {
		worn := *r
		worn.Shoe = in.Log.Shoes[0].Name
		runs = append(runs, worn)
	}
	in.Log = analyze.Build(runs, nil, analyze.Options{HeightCM: math.NaN(), AsOf: in.Log.AsOf, WeekStart: time.Monday, Shoes: in.Log.Shoes})
	in.Result = rules.Run(in.Log, nil, in.Units)
	return in
}

// foreignNoRuns is a folder without a usable run and with names that are hard to print.
func foreignNoRuns() Input {
	in := noRuns()
	in.Title = "läufe/🏃🏽‍♀️ 東京マラソン"
	in.Receipt.Problems = []*ingest.Problem{{File: "東京/" + strings.Repeat("走", 70) + ".fit", Kind: ingest.Corrupt, Err: errors.New("no record\ncould be \x1b[2Jread")}}
	return in
}

// weekOf narrows an input to the calendar week of a day.
func weekOf(in Input, day civil.Date) Input {
	in.From = day.WeekStart(in.Log.WeekStart)
	in.To = in.From + 6
	return in
}

type golden struct {
	name   string
	in     Input
	render func(io.Writer, *Report) error
	// width is the most columns a line may have; 0 does not check.
	width int
}

func text(render func(io.Writer, *Report, TextOptions) error, o TextOptions) func(io.Writer, *Report) error {
	return func(w io.Writer, r *Report) error { return render(w, r, o) }
}

func goldens(t *testing.T) []golden {
	km := analyze.Kilometres
	rich := func() Input { return input(t, richNote, 10, km) }
	wide := func(w int) func(io.Writer, *Report) error { return text(Text, TextOptions{Width: w}) }
	check, week := text(CheckText, TextOptions{}), text(WeekText, TextOptions{})
	lastWeek := civil.New(2026, 6, 1)
	return []golden{
		{"rich.text", rich(), wide(0), 100},
		{"rich.colour", rich(), text(Text, TextOptions{Color: true}), 100},
		{"rich.60", rich(), wide(60), 60},
		{"rich.160", rich(), wide(160), 160},
		{"rich.md", rich(), Markdown, 0},
		{"rich.check", weekOf(rich(), lastWeek), check, 100},
		{"rich.week", weekOf(rich(), lastWeek), week, 100},
		{"rich.week.md", weekOf(rich(), lastWeek), WeekMarkdown, 0},
		{"rich.mail.html", weekOf(rich(), lastWeek), WeekMailHTML, 0},
		{"rich.eml", weekOf(rich(), lastWeek), weekMail, 0},
		{"steady.mail.html", weekOf(input(t, steadyNote, 8, km), civil.New(2026, 5, 18)), WeekMailHTML, 0},
		{"flag.mail.html", weekOf(input(t, flagNote, 8, km), civil.New(2026, 5, 11)), WeekMailHTML, 0},
		{"all.text", input(t, richNote, 40, km), wide(0), 100},
		{"first-week.text", input(t, firstWeekNote, 8, km), wide(0), 100},
		{"first-week.check", input(t, firstWeekNote, 8, km), check, 100},
		{"first-week.week", weekOf(input(t, firstWeekNote, 8, km), civil.New(2026, 6, 8)), week, 100},
		{"first-week.json", input(t, firstWeekNote, 8, km), JSON, 0},
		{"steady.text", input(t, steadyNote, 8, km), wide(0), 100},
		{"steady.check", weekOf(input(t, steadyNote, 8, km), civil.New(2026, 5, 18)), check, 100},
		{"steady.week", weekOf(input(t, steadyNote, 8, km), civil.New(2026, 5, 18)), week, 100},
		{"steady.week.md", weekOf(input(t, steadyNote, 8, km), civil.New(2026, 5, 18)), WeekMarkdown, 0},
		{"sore.text", input(t, soreNote, 8, km), wide(0), 100},
		{"sore.60", input(t, soreNote, 8, km), wide(60), 60},
		{"sore.md", input(t, soreNote, 8, km), Markdown, 0},
		{"sore.check", weekOf(input(t, soreNote, 8, km), civil.New(2026, 5, 18)), check, 100},
		{"sore.week", weekOf(input(t, soreNote, 8, km), civil.New(2026, 5, 18)), week, 100},
		{"sore.week.md", weekOf(input(t, soreNote, 8, km), civil.New(2026, 5, 18)), WeekMarkdown, 0},
		{"better.text", input(t, betterNote, 8, km), wide(0), 100},
		{"better.week", weekOf(input(t, betterNote, 8, km), civil.New(2026, 5, 18)), week, 100},
		{"flag.text", input(t, flagNote, 8, km), wide(0), 100},
		{"flag.colour", input(t, flagNote, 8, km), text(Text, TextOptions{Color: true}), 100},
		{"flag.60", input(t, flagNote, 8, km), wide(60), 60},
		{"flag.md", input(t, flagNote, 8, km), Markdown, 0},
		{"flag.check", weekOf(input(t, flagNote, 8, km), civil.New(2026, 5, 11)), check, 100},
		{"flag.week", weekOf(input(t, flagNote, 8, km), civil.New(2026, 5, 11)), week, 100},
		{"flag.week.md", weekOf(input(t, flagNote, 8, km), civil.New(2026, 5, 11)), WeekMarkdown, 0},
		{"no-runs.text", noRuns(), wide(0), 100},
		{"no-runs.check", noRuns(), check, 100},
		{"no-runs.week", noRuns(), week, 100},
		{"no-runs.md", noRuns(), Markdown, 0},
		{"no-runs.json", noRuns(), JSON, 0},
		{"problems.text", withProblems(input(t, noCadenceNote, 8, km)), wide(0), 100},
		{"problems.json", withProblems(input(t, firstWeekNote, 8, km)), JSON, 0},
		{"no-cadence.text", input(t, noCadenceNote, 8, km), wide(0), 100},
		{"miles.text", input(t, richNote, 10, analyze.Miles), wide(0), 100},
		{"miles.week", weekOf(input(t, richNote, 10, analyze.Miles), lastWeek), week, 100},
		{"names.text", foreign(input(t, noCadenceNote, 8, km)), wide(0), 100},
		{"names.60", foreign(input(t, noCadenceNote, 8, km)), wide(60), 60},
		{"names.no-runs.60", foreignNoRuns(), wide(60), 60},
		{"names.md", foreign(input(t, noCadenceNote, 8, km)), Markdown, 0},
	}
}

// weekMail is WeekMail to somebody.
func weekMail(w io.Writer, r *Report) error {
	return WeekMail(w, r, Mail{From: &mail.Address{Address: "kneecheck@example.org"}, To: []*mail.Address{{Name: "Jörg", Address: "joerg@example.org"}}, Date: mailDate})
}

func TestGolden(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := g.render(&out, Build(g.in)); err != nil {
				t.Fatal(err)
			}
			compare(t, g.name, out.String())
			if g.width > 0 {
				checkWidth(t, out.String(), g.width)
			}
		})
	}
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./cmd/internal/report -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
