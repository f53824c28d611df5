package lognote

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/analyze/surface"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func parse(t *testing.T, lines ...string) *Note {
	t.Helper()
	n, err := Parse(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func day(t *testing.T, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWeeks(t *testing.T) {
	n := parse(t,
		"week 2024-03-04 x3   5 _ 6 _ 5 _ 10",
		"week +2              5 _ 6 _ 5 _ 18",
		"week x2              1 1 1 1 1 1 1",
		"week 2024-04-22      5+8 _ 2.5",
	)
	type week struct {
		Start    string
		Complete bool
		Runs     int
		KM       float64
	}
	want := []week{
		{"2024-03-04", true, 4, 26}, {"2024-03-11", true, 4, 26}, {"2024-03-18", true, 4, 26},
		{"2024-03-25", true, 0, 0}, {"2024-04-01", true, 4, 34},
		{"2024-04-08", true, 7, 7}, {"2024-04-15", true, 7, 7},
		{"2024-04-22", false, 3, 15.5},
	}
	var got []week
	for _, w := range n.Log.Weeks {
		got = append(got, week{w.Start.String(), w.Complete, w.Runs, w.DistM / 1000})
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("weeks (-want +got):\n%s", d)
	}
	if got := n.Log.AsOf.String(); got != "2024-04-24" {
		t.Errorf("as of %s, want the last day given, 2024-04-24", got)
	}
}

func TestAttributes(t *testing.T) {
	nan := math.NaN()
	flat := analyze.Climb{AscentM: nan, DescentM: nan, DownhillM: nan, DownhillDropM: nan, SteepM: nan, SteepDropM: nan, RangeM: nan}
	type run struct {
		KM, MovingS, ContinuousS, Spread, SPM float64
		Kind                                  ingest.Kind
		Climb                                 analyze.Climb
		Race                                  bool
	}
	plain := run{10, 3600, 3600, 0.08, nan, ingest.Unspecified, flat, false}
	with := func(change func(*run)) run { r := plain; change(&r); return r }
	tests := []struct {
		cell string
		want run
	}{
		{"10", plain},
		{"10@165", with(func(r *run) { r.SPM = 165 })},
		{"10@168>160", with(func(r *run) { r.SPM = 164 })},
		{"10p5:30", with(func(r *run) { r.MovingS, r.ContinuousS = 3300, 3300 })},
		{"10/treadmill~2%", with(func(r *run) { r.Kind, r.Spread = ingest.Treadmill, 0.02 })},
		{"10c12", with(func(r *run) { r.ContinuousS = 720 })},
		{"10!race", with(func(r *run) { r.Race = true })},
		{"10v1500:90", with(func(r *run) {
			r.Climb = analyze.Climb{Source: ingest.Barometer, AscentM: 90, DescentM: 90, RangeM: 90, DownhillM: 1500, DownhillDropM: 90}
		})},
		{"10w1200:150", with(func(r *run) {
			r.Climb = analyze.Climb{Source: ingest.Barometer, AscentM: 150, DescentM: 150, RangeM: 150, DownhillM: 1200, DownhillDropM: 150, SteepM: 1200, SteepDropM: 150}
		})},
		{"10!race/trailw500:60p6:00@160v1500:120", with(func(r *run) {
			r.Race, r.Kind, r.SPM = true, ingest.Trail, 160
			r.Climb = analyze.Climb{Source: ingest.Barometer, AscentM: 120, DescentM: 120, RangeM: 120, DownhillM: 1500, DownhillDropM: 120, SteepM: 500, SteepDropM: 60}
		})},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			r := parse(t, "week 2024-03-04 "+tt.cell).Runs[0]
			got := run{r.DistM / 1000, r.MovingS, r.LongestContinuousS, r.SpeedSpread, r.Cadence.MeanSPM, r.Kind, r.Climb, r.Race}
			if d := cmp.Diff(tt.want, got, cmpopts.EquateNaNs()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestSurface(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		cell string
		want analyze.Surface
	}{
		{"10s80/15/5", analyze.Surface{Mapped: true, HardM: 8000, MediumM: 1500, SoftM: 500, TaggedM: 10000, HardLow: 0.8, HardHigh: 0.8}},
		{"10s60/road", analyze.Surface{Mapped: true, HardM: 6000, UnknownM: 4000, TaggedM: 6000, HardLow: 1, HardHigh: 1}},
		{"10s85(70-92)/10", analyze.Surface{Mapped: true, HardM: 8500, MediumM: 1000, UnknownM: 500, TaggedM: 9500, HardLow: 0.7, HardHigh: 0.92}},
		{"10/treadmills80", analyze.Surface{TreadmillM: 10000, TaggedM: 10000}},
		{"10/trail", analyze.Surface{SoftM: 10000, TaggedM: 10000}},
		{"10", analyze.Surface{UnknownM: 10000, HardLow: nan, HardHigh: nan}},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			got := parse(t, "week 2024-03-04 "+tt.cell).Runs[0].Surface
			classes := 0.0
			for _, m := range got.ByClass() {
				classes += m
			}
			if math.Abs(classes-10000) > 1e-6 {
				t.Errorf("the classes sum up to %g m, want 10000", classes)
			}
			got.ClassM = [surface.Classes]float64{}
			if d := cmp.Diff(tt.want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-9)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestCadenceHistograms(t *testing.T) {
	r := parse(t, "week 2024-03-04 12@168>160p5:00").Runs[0]
	cell := func(spm uint8) analyze.PackedHist { return analyze.Hist{{Bin: 16, SPM: spm, Seconds: 1200}}.Pack() } // 3.33 m/s: 3.2 to 3.4
	want := analyze.Cadence{
		MeanSPM: 164, Coverage: 1, Unit: ingest.Strides, StepLengthM: 60 * (12000. / 3600) / 164,
		Level:      analyze.Hist{{Bin: 16, SPM: 160, Seconds: 1200}, {Bin: 16, SPM: 164, Seconds: 1200}, {Bin: 16, SPM: 168, Seconds: 1200}}.Pack(),
		FirstThird: cell(168), LastThird: cell(160),
	}
	if d := cmp.Diff(want, r.Cadence, cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	even := parse(t, "week 2024-03-04 12@164").Runs[0].Cadence.Level.Hist()
	if want := (analyze.Hist{{Bin: 13, SPM: 164, Seconds: 4320}}); !cmp.Equal(want, even) {
		t.Errorf("an even run has the cells %v, want %v", even, want)
	}
}

func TestHeartRateAndPace(t *testing.T) {
	r := parse(t, "week 2024-03-04 12h150>168p5:00@164").Runs[0]
	heart := analyze.Heart{MeanBPM: 159, Coverage: 1, Hist: analyze.Hist{{Bin: 30, Seconds: 1200}, {Bin: 31, Seconds: 1200}, {Bin: 33, Seconds: 1200}}.Pack()}
	if d := cmp.Diff(heart, r.Heart); d != "" {
		t.Errorf("heart rate (-want +got):\n%s", d)
	}
	if d := cmp.Diff(analyze.Pace{Flat: analyze.Hist{{Bin: 16, SPM: 164, Seconds: 3600}}.Pack()}, r.Pace); d != "" {
		t.Errorf("pace (-want +got):\n%s", d)
	}
	r = parse(t, "week 2024-03-04 10h152v1000:60").Runs[0]
	if d := cmp.Diff(analyze.Hist{{Bin: 30, Seconds: 3600}}, r.Heart.Hist.Hist()); d != "" {
		t.Errorf("even heart rate (-want +got):\n%s", d)
	}
	if d := cmp.Diff(analyze.Pace{Flat: analyze.Hist{{Bin: 13, Seconds: 3240}}.Pack(), Down: analyze.Hist{{Bin: 13, Seconds: 360}}.Pack()}, r.Pace); d != "" {
		t.Errorf("pace with a descent (-want +got):\n%s", d)
	}
	if h := parse(t, "week 2024-03-04 10").Runs[0].Heart; !math.IsNaN(h.MeanBPM) || h.Hist != "" {
		t.Errorf("a heart rate out of nowhere: %+v", h)
	}
}

func TestHeader(t *testing.T) {
	n := parse(t,
		"athlete height 180",
		"athlete novice",
		"weekstart sunday",
		"altitude barometer",
		"every @165 p5:00/road",
		"shoe Pegasus 40 start 450 since 2024-01-01 until 2024-06-30 limit 700",
		"strength 2024-03-05 2024-03-07",
		"asof 2024-03-20",
		"week 2024-03-03 5 _ 6@170/trail",
	)
	since, until := day(t, "2024-01-01"), day(t, "2024-06-30")
	want := analyze.Options{
		HeightCM: 180, Novice: true, AsOf: day(t, "2024-03-20"), WeekStart: time.Sunday,
		Shoes: []analyze.Shoe{{Name: "Pegasus 40", StartKM: 450, LimitKM: 700, Since: &since, Until: &until}},
	}
	if d := cmp.Diff(want, n.Options); d != "" {
		t.Errorf("options (-want +got):\n%s", d)
	}
	if len(n.Log.Strength) != 2 {
		t.Errorf("%d strength sessions, want 2", len(n.Log.Strength))
	}
	a, b := n.Runs[0], n.Runs[1]
	if a.Cadence.MeanSPM != 165 || a.MovingS != 1500 || a.Kind != ingest.Road || a.Surface.HardM != 5000 {
		t.Errorf("first run %+v does not have what every gives", a)
	}
	if b.Cadence.MeanSPM != 170 || b.MovingS != 1800 || b.Kind != ingest.Trail || b.Surface.SoftM != 6000 {
		t.Errorf("second run %+v does not keep its own cadence and kind", b)
	}
	if a.Climb.Source != ingest.Barometer || a.Climb.DownhillDropM != 0 {
		t.Errorf("with altitude barometer the climb is %+v, want known and flat", a.Climb)
	}
}

func TestWants(t *testing.T) {
	n := parse(t,
		"# want-not-judged KC201 no cadence",
		"week 2024-03-04 x2  5 _ 6 _ 5 _ 10   # plain words",
		"week +2             5 _ 6 _ 5 _ 18   # want KC101 warning 18.0 km # want KC102",
		"# want KC401 note",
		"week +1             5                # want KC402",
		"asof 2024-04-20",
	)
	from, to := day(t, "2024-03-25"), day(t, "2024-03-31")
	want := []Want{
		{Line: 3, Rule: "KC101", Severity: "warning", Text: "18.0 km", From: from, To: to},
		{Line: 3, Rule: "KC102", From: from, To: to},
		{Line: 4, Rule: "KC401", Severity: "note", From: from, To: to},
		{Line: 5, Rule: "KC402", From: day(t, "2024-04-01"), To: day(t, "2024-04-20")},
	}
	if d := cmp.Diff(want, n.Wants); d != "" {
		t.Errorf("wants (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]NotJudgedWant{{Line: 1, Rule: "KC201", Text: "no cadence"}}, n.NotJudgedWants); d != "" {
		t.Errorf("not judged (-want +got):\n%s", d)
	}
	for _, tt := range []struct {
		rule, severity, message, to string
		want                        bool
	}{
		{"KC101", "warning", "Sun 31 Mar: 18.0 km", "2024-03-31", true},
		{"KC102", "warning", "Sun 31 Mar: 18.0 km", "2024-03-31", false},
		{"KC101", "high", "Sun 31 Mar: 18.0 km", "2024-03-31", false},
		{"KC101", "warning", "Sun 31 Mar: 18.1 km", "2024-03-31", false},
		{"KC101", "warning", "Sun 31 Mar: 18.0 km", "2024-04-01", false},
	} {
		if got := n.Wants[0].Matches(tt.rule, tt.severity, tt.message, day(t, tt.to)); got != tt.want {
			t.Errorf("%v matches: %v, want %v", tt, got, tt.want)
		}
	}
	if !n.NotJudgedWants[0].Matches("KC201", "there is no cadence") || n.NotJudgedWants[0].Matches("KC202", "no cadence") {
		t.Error("a not-judged want matches by rule and text")
	}
}

func TestPain(t *testing.T) {
	n := parse(t, "pain 2024-03-06 worse limp 4 outer right settled 24h swelling", "pain 2024-03-05 0 none", "week 2024-03-04 5 _ 6")
	want := []analyze.Pain{
		{Date: day(t, "2024-03-05"), During: 0, NoSigns: true},
		{Date: day(t, "2024-03-06"), Side: analyze.RightKnee, Place: analyze.OuterSide, During: 4, Settled: analyze.SettledIn24H,
			NextMorning: analyze.MorningWorse, Signs: []analyze.PainSign{analyze.Swelling, analyze.Limp}},
	}
	if d := cmp.Diff(want, n.Log.Pain); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if n := parse(t, "pain", "week 2024-03-04 5"); !n.Log.Journal() || len(n.Log.Pain) > 0 {
		t.Errorf("an empty journal is %v", n.Log.Pain)
	}
	if n := parse(t, "week 2024-03-04 5"); n.Log.Journal() {
		t.Error("a journal without a pain line")
	}
}

func TestParseErrors(t *testing.T) {
	const week = "week 2024-03-04 5 _ 6 _ 5 _ 10\n"
	tests := []struct{ name, text, want string }{
		{"unknown word", week + "weak +1 5", `line 2: "weak" is unknown`},
		{"not the week's start", "week 2024-03-05 5", "line 1: 2024-03-05 is a Tuesday; the week begins on Monday 2024-03-04"},
		{"no such date", "week 2024-02-30 5", `line 1: "2024-02-30" is not a date`},
		{"first week without a date", "\n\nweek +1 5", "line 3: the first week needs a date"},
		{"repeat first", "week x3 5", "line 1: the first week needs a date"},
		{"no place", "week 5 5 5", "line 1: \"5\": after week comes"},
		{"eight cells", week + "week +1 1 1 1 1 1 1 1 1", "line 2: a week has 7 cells, found 8"},
		{"no cells", "week 2024-03-04", "line 1: a week has 7 cells, found 0"},
		{"repeated unfinished", week + "week x2 1 1", "line 2: a week has 7 cells, found 2"},
		{"unfinished in the middle", "week 2024-03-04 5 _\nweek +1 5", "line 2: the week before has 2 cells"},
		{"back in time", week + "week 2024-03-04 5", "line 2: week 2024-03-04 does not come after"},
		{"zero weeks on", week + "week +0 5", `line 2: "0" is no number of weeks`},
		{"signed repeat", week + "week x+2 5 5 5 5 5 5 5", `line 2: "+2" is no number of weeks`},
		{"too many weeks", "week 2024-03-04 x1040 1 1 1 1 1 1 1\nweek +1 1", "line 2: a note ends within 1040 weeks"},
		{"bad cell", week + "week +1 5 - 3", `line 2: day 2, "-": a run begins with its kilometres`},
		{"no kilometres", week + "week +1 0", `line 2: day 1, "0": 0 km is no run`},
		{"two points", "week 2024-03-04 1.2.3", `day 1, "1.2.3": a run begins`},
		{"unknown mark", "week 2024-03-04 5x3", `day 1, "5x3": "x3" is unknown`},
		{"twice", "week 2024-03-04 5@160@170", "@ is given twice"},
		{"unknown kind", "week 2024-03-04 5/moon", "/moon is no kind of run"},
		{"strides", "week 2024-03-04 5@82", "@82 is no cadence"},
		{"heart rate", "week 2024-03-04 5h300", "h300 is no heart rate: whole beats a minute, 30 to 240"},
		{"half a heart rate", "week 2024-03-04 5h150>", "expected a number"},
		{"half cadence fade", "week 2024-03-04 5@160>", "expected a number"},
		{"pace", "week 2024-03-04 5p530", "a pace is written p5:30"},
		{"pace seconds", "week 2024-03-04 5p5:75", "p5:75 is no pace"},
		{"slope without drop", "week 2024-03-04 5v1500", "a slope is written v1200:150"},
		{"slope too gentle", "week 2024-03-04 5v1500:50", "v is for 5 % or steeper"},
		{"slope beyond a wall", "week 2024-03-04 5v500:600", "v500:600 is 120 % steep"},
		{"more steep than downhill", "week 2024-03-04 5v500:40w600:70", "w counts as part of v"},
		{"longer than the run", "week 2024-03-04 5v6000:400", "6000 m downhill are more than the run's 5000 m"},
		{"continuous", "week 2024-03-04 5c40", "c40 is longer than the run, 30 minutes"},
		{"spread without a percent sign", "week 2024-03-04 5~2", "a spread of speed is written ~2%"},
		{"surface", "week 2024-03-04 5sand", "a surface is written s80/10/10"},
		{"surface beyond the whole", "week 2024-03-04 5s80/20/10", "s: 110 % of a run are more than the whole"},
		{"surface outside its bounds", "week 2024-03-04 5s80(85-90)", "s: 100 % of the known ground lie outside their bounds, 85 to 90"},
		{"surface with one bound", "week 2024-03-04 5s80(70)", "a surface is written"},
		{"unknown tag", "week 2024-03-04 5!raced!x", `unknown`},
		{"a day too full", "week 2024-03-04 200+5", "do not fit into one day"},
		{"altitude", "altitude radar", `line 1: altitude "radar" is unknown`},
		{"late header", week + "weekstart sunday", "line 2: weekstart must come before the first week"},
		{"weekday", "weekstart someday", "is no day"},
		{"height", "athlete height tall", `height "tall" is no number`},
		{"athlete", "athlete left-handed", "after athlete comes novice"},
		{"shoe key", "shoe A start 3 stop 4", `line 1: "stop" is unknown`},
		{"shoe value", "shoe A start", "line 1: start needs a value"},
		{"shoe number", "shoe A start many", `line 1: "many" is no number`},
		{"shoe without a name", "shoe start 3", "a shoe needs a name"},
		{"two default pairs", "shoe A\nshoe B\n" + week, `"A" (on all days) and "B" (on all days) are both worn by default`},
		{"strength", "strength tomorrow", `"tomorrow" is not a date`},
		{"pain without a day", week + "pain left 3", `line 2: "left" is not a date`},
		{"pain without a word of it", week + "pain 2024-03-05 left", "line 2: the entry says nothing of the knee"},
		{"pain of two places", week + "pain 2024-03-05 front back 3", `"back" is no word of a pain entry, or is there twice`},
		{"pain above the scale", week + "pain 2024-03-05 11", `during "11" is not a whole number`},
		{"pain that settled somehow", week + "pain 2024-03-05 3 settled soon", `unknown settled "soon"`},
		{"none beside a sign", week + "pain 2024-03-05 limp none", `"none" is no word of a pain entry`},
		{"want nowhere", "# want KC101", "line 1: want KC101 has no week line"},
		{"want on a header", week + "asof 2024-03-10 # want KC101", "line 2: a want ends a week line"},
		{"want without a rule", week + "# want session-spike", "line 2: want needs a rule such as KC101"},
		{"far as-of", week + "asof 9999-01-01", "a note ends within"},
		{"nothing", "# just words", "a note needs a week line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("athlete height 180\nevery @168/road\nweek 2024-03-04 x3 5 _ 6 _ 5 _ 10\nweek +1 5@168>160+3p5:30 10v1500:90w100:20~2%!race 4s80(70-95)/10/5/road # want KC101 note x")
	f.Add("athlete height 180\nevery @168/road\nweek 2024-03-04 x3 5 _ 6 _ 5 _ 10\nweek +1 5@168>160h140>165+3p5:30 10v1500:90w100:20~2%!race # want KC101 note x")
	f.Add("pain 2024-03-06 right outer 4 settled 24h worse limp\npain\nweek 2024-03-04 5")
	f.Add("weekstart sunday\naltitude gps\nshoe A start 1 since 2024-01-01\nstrength 2024-03-05\nasof 2024-03-20\n# want-not-judged KC201 y")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse(text)
		if err != nil {
			return
		}
		for _, r := range n.Runs {
			if !(r.DistM > 0) || !(r.MovingS > 0) || r.LongestContinuousS > r.MovingS || civil.Of(r.Start) != r.Date {
				t.Errorf("a run that cannot be: %+v", r)
			}
		}
		for _, w := range n.Wants {
			if w.To < w.From {
				t.Errorf("want %+v can never be met", w)
			}
		}
	})
}

// What the package comment shows must be what Parse reads: its first block is a whole note, the block of cells is days,
// and the block of other lines goes before a week.
func TestPackageCommentParses(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var blocks [][]string
	inBlock := false
	for line := range strings.Lines(string(source)) {
		text, isCode := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "//\t")
		if isCode && !inBlock {
			blocks = append(blocks, nil)
		}
		if inBlock = isCode; isCode {
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], text)
		}
	}
	if len(blocks) != 3 {
		t.Fatalf("%d blocks in the package comment, want the note, the cells and the other lines", len(blocks))
	}
	if n := parse(t, blocks[0]...); len(n.Log.Weeks) != 5 || len(n.Wants) != 1 {
		t.Errorf("the note has %d weeks and %d wants, want 5 and 1", len(n.Log.Weeks), len(n.Wants))
	}
	for _, line := range blocks[1] {
		parse(t, "week 2024-03-04 "+strings.Fields(line)[0])
	}
	var header []string
	for _, line := range blocks[2] {
		words, _, _ := strings.Cut(line, "   ") // what follows the gap explains
		header = append(header, words)
	}
	parse(t, append(header, "week 2024-03-03 5 _ 6")...)
}
