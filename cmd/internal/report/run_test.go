package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"kneecheck/analyze"
	"kneecheck/analyze/surface"
	"kneecheck/ingest"
	"kneecheck/rules"
)

// runInput is the longest run of the rich log, with samples of a hilly hour.
func runInput(t *testing.T, u analyze.Units) RunInput {
	t.Helper()
	log := curveLog(t, richNote)
	at := log.Longest(log.Runs[0].Date, log.AsOf)
	run := log.Runs[at]
	run.Name, run.AlsoIn, run.Notes = "Long one, 早朝", []string{"phone/1.gpx"}, []string{"cadence doubled in the file: halved"}
	run.Heart.MeanBPM, run.Heart.Coverage = 148.4, 0.8
	d := &analyze.Detail{}
	for i := range 23 {
		s := analyze.Split{FromM: 1000 * float64(i), ToM: min(1000*float64(i+1), run.DistM), CadenceSPM: 150 - float64(i%4), HeartBPM: 140 + float64(i), AscentM: float64(i % 7), DescentM: float64(i * 2)}
		s.MovingS = (s.ToM - s.FromM) * (0.36 + 0.002*float64(i%5))
		if i == 9 {
			s.StoppedS = 83
		}
		d.Splits = append(d.Splits, s)
	}
	for i := range 4400 {
		d.RiseM = append(d.RiseM, 60+60*math.Sin(float64(i)/400))
	}
	return RunInput{
		Log: log, Run: at, Result: rules.Run(log, nil, u), Detail: d, SplitM: 1000, Units: u, Mapped: true,
		Stretches: []surface.Stretch{{FromM: 0, ToM: 1210, Ground: "asphalt", Basis: surface.Tagged}, {FromM: 1210, ToM: 9000, Ground: "gravel", Basis: surface.Inferred}, {FromM: 9000, ToM: 22400, Ground: "unknown", Basis: surface.Unknown}},
	}
}

// bareRun is a run of which little is known.
func bareRun(t *testing.T) RunInput {
	t.Helper()
	log := curveLog(t, firstWeekNote)
	run := log.Runs[0]
	nan := math.NaN()
	run.Cadence = analyze.Cadence{MeanSPM: nan, StepLengthM: nan, Unit: ingest.NoCadence}
	run.Climb = analyze.Climb{AscentM: nan, DescentM: nan, DownhillM: nan, DownhillDropM: nan, SteepM: nan, SteepDropM: nan, RangeM: nan}
	run.Format = ingest.CSV
	return RunInput{Log: log, Result: rules.Run(log, nil, analyze.Kilometres), NoDetail: "not known: only a line of a table tells of this run, without samples.", SplitM: 1000}
}

func TestRunGolden(t *testing.T) {
	km := analyze.Kilometres
	for _, g := range []struct {
		name   string
		ins    []RunInput
		render func(io.Writer, []RunInput) error
		width  int
	}{
		{"run.text", []RunInput{runInput(t, km)}, runWide(100), 100},
		{"run.60", []RunInput{runInput(t, km)}, runWide(60), 60},
		{"run.24", []RunInput{runInput(t, km)}, runWide(24), 24},
		{"run.miles", []RunInput{runInput(t, analyze.Miles)}, runWide(100), 100},
		{"run.md", []RunInput{runInput(t, km)}, RunMarkdown, 0},
		{"run.json", []RunInput{bareRun(t)}, RunJSON, 0},
		{"run.bare", []RunInput{bareRun(t), bareRun(t)}, runWide(100), 100},
	} {
		t.Run(g.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := g.render(&out, g.ins); err != nil {
				t.Fatal(err)
			}
			compare(t, g.name, out.String())
			if g.width > 0 {
				checkWidth(t, out.String(), g.width)
			}
			if strings.Contains(out.String(), "NaN") || strings.Contains(out.String(), "Inf") {
				t.Errorf("a number that is none:\n%s", &out)
			}
			if err := g.render(brokenPipe{}, g.ins); !errors.Is(err, errPipe) {
				t.Errorf("error %v, want %v", err, errPipe)
			}
		})
	}
}

func runWide(width int) func(io.Writer, []RunInput) error {
	return func(w io.Writer, ins []RunInput) error { return RunText(w, ins, TextOptions{Width: width}) }
}

// TestRunJSON: one run is a document, several are an array, and no place is in it.
func TestRunJSON(t *testing.T) {
	var one, two bytes.Buffer
	in := runInput(t, analyze.Kilometres)
	if err := errors.Join(RunJSON(&one, []RunInput{in}), RunJSON(&two, []RunInput{in, in})); err != nil {
		t.Fatal(err)
	}
	var doc RunDocument
	var docs []RunDocument
	if err := errors.Join(json.Unmarshal(one.Bytes(), &doc), json.Unmarshal(two.Bytes(), &docs)); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != RunSchema || len(docs) != 2 || len(doc.Splits) != 23 || len(doc.Stretches) != 3 || len(doc.Findings) == 0 || doc.Attribution == "" {
		t.Errorf("got %s", &one)
	}
	for _, word := range []string{"lat", "lon\"", "deg"} {
		if strings.Contains(strings.ToLower(one.String()), "\""+word) {
			t.Errorf("a place: %q", word)
		}
	}
}

// narrow are all screens but those of a report, which TestEveryWidth has.
func narrow(t *testing.T) map[string]func(io.Writer, TextOptions) error {
	t.Helper()
	km := analyze.Kilometres
	all := map[string]func(io.Writer, TextOptions) error{}
	receipt := fullReceipt(t)
	receipt.Details = true
	all["receipt"] = func(w io.Writer, o TextOptions) error { return ReceiptText(w, receipt, o) }
	for name, in := range budgets(t) {
		all["budget "+name] = func(w io.Writer, o TextOptions) error { return BudgetText(w, in, o) }
	}
	for name, in := range map[string]RunInput{"run": runInput(t, km), "bare run": bareRun(t)} {
		all[name] = func(w io.Writer, o TextOptions) error { return RunText(w, []RunInput{in}, o) }
	}
	log := curveLog(t, curveNote)
	all["curve"] = func(w io.Writer, o TextOptions) error { return CadenceCurve(w, log, km, o) }
	all["change"] = func(w io.Writer, o TextOptions) error { return CadenceChange(w, log, km, o) }
	rich := foreign(input(t, richNote, 10, km))
	shoes := NewShoes(rich.Log, nil)
	all["shoes"] = func(w io.Writer, o TextOptions) error { return ShoesText(w, shoes, km, o) }
	sore := curveLog(t, soreNote)
	replay := ReplayInput{Title: "runs/", Log: sore, Source: "pain.csv", Replay: rules.NewReplay(sore, sore.Pain, nil, km, rules.Note)}
	all["replay"] = func(w io.Writer, o TextOptions) error { return ReplayText(w, replay, o) }
	pain := PainInput{File: "runs/pain.csv", AsOf: sore.AsOf, Entries: sore.Pain, Signs: make([][]analyze.PainSign, len(sore.Pain))}
	pain.Entries[0].Note = "nach dem Lauf 🏃🏽‍♀️, 走った後"
	all["pain"] = func(w io.Writer, o TextOptions) error { return PainText(w, pain, o) }
	var rows []RuleRow
	for _, r := range rules.All() {
		rows = append(rows, RuleRow{r.ID, r.Name, r.Ceiling().String(), string(r.Evidence.Grade), "on", r.Title})
	}
	all["rules"] = func(w io.Writer, o TextOptions) error { return RulesText(w, rows, o) }
	return all
}

// TestEveryScreen renders every other screen from the narrowest terminal to the widest.
func TestEveryScreen(t *testing.T) {
	for name, render := range narrow(t) {
		for _, width := range []int{20, 21, 22, 24, 27, 30, 35, 40, 45, 50, 55, 59, 60, 66, 72, 80, 90, 100, 120, 160} {
			var plain, colour bytes.Buffer
			if err := errors.Join(render(&plain, TextOptions{Width: width}), render(&colour, TextOptions{Width: width, Color: true})); err != nil {
				t.Fatal(err)
			}
			checkWidth(t, plain.String(), width)
			if t.Failed() {
				t.Fatalf("%s at %d:\n%s", name, width, &plain)
			}
			if got := ansi.Strip(colour.String()); got != plain.String() {
				t.Fatalf("%s at %d: colour changes the text:\n%s\n%s", name, width, &plain, got)
			}
		}
	}
}

// TestGlue: a number and what it counts, a day and its month, and a command stay on one line.
func TestGlue(t *testing.T) {
	text := "See 1.14 m a step, 4 runs a week, Sun 8 Jun 2026, (31.0 km), 163 ± 8 and 2 h 05, 1 Jun – 19 Sep, 29 % over; kneecheck explain KC101 tells more"
	together := []string{"1.14 m", "4 runs", "Sun 8 Jun 2026", "(31.0 km)", "163 ± 8", "2 h 05", "1 Jun –", "29 % ", "kneecheck explain KC101"}
	for width := 30; width < 80; width++ {
		lines := "\n" + strings.Join(wrap(text, width, width), " \n") + " "
		for _, s := range together {
			if !strings.Contains(lines, s) {
				t.Errorf("at %d %q came apart:%s", width, s, lines)
			}
		}
	}
}

func TestRunGround(t *testing.T) {
	nan := math.NaN()
	mix := analyze.Surface{HardM: 1000, MediumM: 3000, SoftM: 1000, UnknownM: 500, TaggedM: 4400, InferredM: 600, HardLow: .16, HardHigh: .21, Mapped: true}
	mix.ClassM[surface.Asphalt], mix.ClassM[surface.Gravel], mix.ClassM[surface.Trail] = 1000, 3000, 1000
	vague := mix
	vague.UnknownM = 4000
	laps := analyze.Surface{MediumM: 4000, UnknownM: 1000, InferredM: 4000, HardLow: nan, HardHigh: nan}
	laps.ClassM[surface.Track] = 4000
	unknown := analyze.Surface{UnknownM: 8000, HardLow: nan, HardHigh: nan}
	for _, tt := range []struct {
		name     string
		surface  analyze.Surface
		probable bool
		dirtM    float64
		want     string
	}{
		{"a map", mix, false, 800, "3.0 km gravel, 1.0 km asphalt, 1.0 km trail, 0.5 km unknown; 80 % tagged, 11 % inferred. Of what is known 20 % is hard (16–21 %, four times in five)."},
		{"too much unknown for a hard share", vague, false, 0, "3.0 km gravel, 1.0 km asphalt, 1.0 km trail, 4.0 km unknown; 49 % tagged, 7 % inferred."},
		{"laps in noisy positions", laps, true, 0, "4.0 km track, 1.0 km unknown. Probably laps of a 400 m track: the positions are too noisy to be sure."},
		{"no map", unknown, false, 0, "not known: without a street map only treadmills and tracks are (kneecheck map --help)."},
		{"no map, and what Strava says", unknown, false, 6200, "not known: without a street map only treadmills and tracks are (kneecheck map --help). Strava counts 6.2 km of it off paved ground."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := runFacts{run: &analyze.Run{Surface: tt.surface, DirtM: tt.dirtM}, in: RunInput{ProbableTrack: tt.probable, Units: analyze.Kilometres}}
			if got := f.ground(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What interrupts a stretch by less than the list can show does not part it.
func TestRunStretches(t *testing.T) {
	f := runFacts{in: RunInput{Units: analyze.Kilometres, Stretches: []surface.Stretch{
		{FromM: 0, ToM: 2080, Ground: "gravel", Basis: surface.Tagged}, {FromM: 2080, ToM: 2120, Ground: "asphalt", Basis: surface.Tagged},
		{FromM: 2120, ToM: 2160, Ground: "trail", Basis: surface.Tagged}, {FromM: 2160, ToM: 3500, Ground: "gravel", Basis: surface.Tagged},
		{FromM: 3500, ToM: 3700, Ground: "unknown", Basis: surface.Unknown}, {FromM: 3700, ToM: 5000, Ground: "gravel", Basis: surface.Tagged},
	}}}
	want := "0.0–3.5 km gravel (tagged), 3.5–3.7 km unknown, 3.7–5.0 km gravel (tagged) and 2 shorter ones."
	if got := f.stretches(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
