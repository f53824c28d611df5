package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var notKnown = math.NaN()

func mustDate(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err) // a slip in the test itself
	}
	return d
}

// atClock makes a run of so many kilometres at six minutes a kilometre, with nothing known of it but that. The clock is the
// runner's own: "2024-03-04T07:00:00+01:00".
func atClock(clock string, km float64) Run {
	start, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		panic(err) // a slip in the test itself
	}
	return Run{
		ID: clock, File: clock + ".fit", Format: ingest.FIT, Date: civil.Of(start), Start: start, OffsetFrom: ingest.OffsetFile,
		Kind: ingest.Unspecified, DistM: km * 1000, MovingS: km * 360, ElapsedS: km * 360, LongestContinuousS: km * 360,
		Cadence: Cadence{MeanSPM: notKnown, StepLengthM: notKnown, Unit: ingest.NoCadence},
		Climb:   Climb{AscentM: notKnown, DescentM: notKnown, DownhillM: notKnown, DownhillDropM: notKnown, SteepM: notKnown, SteepDropM: notKnown, RangeM: notKnown},
		Surface: Surface{UnknownM: km * 1000, HardLow: notKnown, HardHigh: notKnown},
	}
}

// onDay is atClock at seven in the morning, UTC.
func onDay(day string, km float64) Run { return atClock(day+"T07:00:00Z", km) }

func shuffled(runs []Run) []Run {
	r := append([]Run(nil), runs...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(r), func(i, j int) { r[i], r[j] = r[j], r[i] })
	return r
}

func TestBuildWeeks(t *testing.T) {
	type week struct {
		Start    string
		Complete bool
		Runs     int
		KM       float64
		Change   float64
	}
	tests := []struct {
		name      string
		runs      []Run
		asOf      string
		weekStart time.Weekday
		want      []week
	}{
		{"no run", nil, "2024-03-10", time.Monday, nil},
		{"all runs after the as-of date", []Run{onDay("2024-03-11", 5)}, "2024-03-10", time.Monday, nil},
		{"one run, as of its day", []Run{onDay("2024-03-06", 5)}, "2024-03-06", time.Monday, []week{{"2024-03-04", false, 1, 5, notKnown}}},
		{
			"the first week is partial unless its first day has a run",
			[]Run{onDay("2024-03-05", 5), onDay("2024-03-12", 10), onDay("2024-03-19", 12)}, "2024-03-24", time.Monday,
			[]week{{"2024-03-04", false, 1, 5, notKnown}, {"2024-03-11", true, 1, 10, notKnown}, {"2024-03-18", true, 1, 12, 0.2}},
		},
		{
			"the week in progress is not compared",
			[]Run{onDay("2024-03-04", 10), onDay("2024-03-11", 20)}, "2024-03-16", time.Monday,
			[]week{{"2024-03-04", true, 1, 10, notKnown}, {"2024-03-11", false, 1, 20, notKnown}},
		},
		{
			"empty weeks are weeks, and nothing compares with them",
			[]Run{onDay("2024-03-04", 10), onDay("2024-03-18", 20)}, "2024-03-31", time.Monday,
			[]week{{"2024-03-04", true, 1, 10, notKnown}, {"2024-03-11", true, 0, 0, -1}, {"2024-03-18", true, 1, 20, notKnown}, {"2024-03-25", true, 0, 0, -1}},
		},
		{
			"weeks from Sunday",
			[]Run{onDay("2024-03-03", 10), onDay("2024-03-09", 1), onDay("2024-03-10", 5)}, "2024-03-16", time.Sunday,
			[]week{{"2024-03-03", true, 2, 11, notKnown}, {"2024-03-10", true, 1, 5, 5./11 - 1}},
		},
		{
			"weeks from Saturday",
			[]Run{onDay("2024-03-02", 10), onDay("2024-03-08", 1), onDay("2024-03-09", 5)}, "2024-03-14", time.Saturday,
			[]week{{"2024-03-02", true, 2, 11, notKnown}, {"2024-03-09", false, 1, 5, notKnown}},
		},
		{
			"a week across the year's end",
			[]Run{onDay("2024-12-30", 10), onDay("2025-01-05", 5), onDay("2025-01-06", 30)}, "2025-01-12", time.Monday,
			[]week{{"2024-12-30", true, 2, 15, notKnown}, {"2025-01-06", true, 1, 30, 1}},
		},
		{
			"dates are local: half past eleven on Sunday night in Auckland is Sunday, half past twelve is Monday",
			[]Run{atClock("2024-03-10T23:30:00+13:00", 4), atClock("2024-03-11T00:30:00+13:00", 6)}, "2024-03-11", time.Monday,
			[]week{{"2024-03-04", false, 1, 4, notKnown}, {"2024-03-11", false, 1, 6, notKnown}},
		},
		{
			"a run without a distance is a run of none",
			[]Run{onDay("2024-03-04", notKnown), onDay("2024-03-11", 5)}, "2024-03-17", time.Monday,
			[]week{{"2024-03-04", true, 1, 0, notKnown}, {"2024-03-11", true, 1, 5, notKnown}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Build(shuffled(tt.runs), nil, Options{AsOf: mustDate(tt.asOf), WeekStart: tt.weekStart})
			var got []week
			for _, w := range l.Weeks {
				got = append(got, week{w.Start.String(), w.Complete, w.Runs, w.DistM / 1000, w.Change})
			}
			if d := cmp.Diff(tt.want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-9)); d != "" {
				t.Errorf("weeks (-want +got):\n%s", d)
			}
		})
	}
}

func TestBuildDays(t *testing.T) {
	runs := []Run{
		onDay("2024-02-28", 5), atClock("2024-02-29T07:00:00Z", 6), atClock("2024-02-29T18:00:00Z", 3),
		// Monday morning in Auckland, and after a flight across the date line the Sunday before in Honolulu.
		atClock("2024-03-04T08:00:00+13:00", 7), atClock("2024-03-03T17:00:00-10:00", 4),
	}
	l := Build(shuffled(runs), nil, Options{AsOf: mustDate("2024-03-05"), WeekStart: time.Monday})
	want := []Day{
		{mustDate("2024-02-28"), 0, 1, 5000, 1800, 5000, true},
		{mustDate("2024-02-29"), 1, 2, 9000, 3240, 6000, true},
		{mustDate("2024-03-01"), 3, 0, 0, 0, 0, false},
		{mustDate("2024-03-02"), 3, 0, 0, 0, 0, false},
		{mustDate("2024-03-03"), 3, 1, 4000, 1440, 4000, true},
		{mustDate("2024-03-04"), 4, 1, 7000, 2520, 7000, true},
		{mustDate("2024-03-05"), 5, 0, 0, 0, 0, false},
	}
	if d := cmp.Diff(want, l.Days); d != "" {
		t.Errorf("days (-want +got):\n%s", d)
	}
}

func TestWeekFigures(t *testing.T) {
	a, b, c, d := onDay("2024-03-04", 10), onDay("2024-03-05", 5), onDay("2024-03-06", 5), atClock("2024-03-06T18:00:00Z", 5)
	a.Cadence = Cadence{MeanSPM: 160, Coverage: 1}
	b.Cadence = Cadence{MeanSPM: 172, Coverage: 0.5} // a quarter of a's weight
	a.Climb.AscentM, a.Climb.DescentM, a.Climb.DownhillM = 100, 90, 800
	b.Climb.AscentM, b.Climb.DescentM, b.Climb.DownhillM = 20, 30, 0
	a.Surface = Surface{HardM: 10000}
	b.Surface = Surface{SoftM: 5000}
	strength := []Strength{{Date: mustDate("2024-03-06")}, {Date: mustDate("2024-03-04")}, {Date: mustDate("2024-03-12")}}
	l := Build([]Run{a, b, c, d}, strength, Options{AsOf: mustDate("2024-03-24"), WeekStart: time.Monday})
	want := []Week{
		{
			Start: mustDate("2024-03-04"), Complete: true, Runs: 4, RunDays: 3, DistM: 25000, MovingS: 9000, LongestM: 10000, Change: notKnown,
			CadenceSPM: (160*4 + 172) / 5., AscentM: 120, DescentM: 120, DownhillM: 800, HardShare: 0.4, StrengthSessions: 2,
		},
		{
			Start: mustDate("2024-03-11"), Complete: true, First: 4, Change: -1,
			CadenceSPM: notKnown, AscentM: notKnown, DescentM: notKnown, DownhillM: notKnown, HardShare: notKnown, StrengthSessions: 1,
		},
		{
			Start: mustDate("2024-03-18"), Complete: true, First: 4, Change: notKnown,
			CadenceSPM: notKnown, AscentM: notKnown, DescentM: notKnown, DownhillM: notKnown, HardShare: notKnown,
		},
	}
	if d := cmp.Diff(want, l.Weeks, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Errorf("weeks (-want +got):\n%s", d)
	}
	if w := Build([]Run{a}, nil, Options{AsOf: mustDate("2024-03-10"), WeekStart: time.Monday}).Weeks[0]; w.StrengthSessions != -1 {
		t.Errorf("%d strength sessions in a log that holds none, want -1", w.StrengthSessions)
	}
	// 10 of 17 km known is above the 40 % that may be unknown, 10 of 16 is not.
	for _, tt := range []struct{ unknownKM, want float64 }{{7, notKnown}, {6, 10. / 16}} {
		w := Build([]Run{a, onDay("2024-03-05", tt.unknownKM)}, nil, Options{AsOf: mustDate("2024-03-10"), WeekStart: time.Monday}).Weeks[0]
		if !cmp.Equal(w.HardShare, tt.want, cmpopts.EquateNaNs()) {
			t.Errorf("hard share %v with %v km unknown, want %v", w.HardShare, tt.unknownKM, tt.want)
		}
	}
}

func TestLogQueries(t *testing.T) {
	runs := []Run{onDay("2024-03-04", 5), onDay("2024-03-06", 8), atClock("2024-03-06T18:00:00Z", 3), onDay("2024-03-10", 8), onDay("2024-03-11", notKnown)}
	l := Build(runs, nil, Options{AsOf: mustDate("2024-03-13"), WeekStart: time.Monday})
	for _, tt := range []struct {
		from, to   string
		km         float64
		first, end int
		longest    int
	}{
		{"2024-03-04", "2024-03-10", 24, 0, 4, 1},
		{"2024-03-05", "2024-03-06", 11, 1, 3, 1},
		{"2024-03-07", "2024-03-09", 0, 3, 3, -1},
		{"2024-03-07", "2024-03-20", 8, 3, 5, 3},
		{"2024-03-11", "2024-03-11", 0, 4, 5, -1},
		{"2024-01-01", "2024-03-03", 0, 0, 0, -1},
		{"2024-04-01", "2024-04-30", 0, 5, 5, -1},
		{"2024-03-10", "2024-03-04", 0, 3, 3, -1}, // the wrong way round
	} {
		from, to := mustDate(tt.from), mustDate(tt.to)
		if got := l.DistM(from, to) / 1000; got != tt.km {
			t.Errorf("DistM(%s, %s) = %v km, want %v", tt.from, tt.to, got, tt.km)
		}
		if first, end := l.RunRange(from, to); first != tt.first || end != tt.end {
			t.Errorf("RunRange(%s, %s) = %d, %d, want %d, %d", tt.from, tt.to, first, end, tt.first, tt.end)
		}
		if got := l.Longest(from, to); got != tt.longest {
			t.Errorf("Longest(%s, %s) = %d, want %d", tt.from, tt.to, got, tt.longest)
		}
	}
	var off []int
	for i := range l.Runs {
		off = append(off, l.DaysOffBefore(i))
	}
	if d := cmp.Diff([]int{-1, 1, -1, 3, 0}, off); d != "" {
		t.Errorf("days off before each run (-want +got):\n%s", d)
	}
	if d := l.Day(mustDate("2024-03-06")); d == nil || d.DistM != 11000 {
		t.Errorf("Day(2024-03-06) = %+v, want 11 km", d)
	}
	if w := l.WeekIndex(mustDate("2024-03-17")); w < 0 || w >= len(l.Weeks) || l.Weeks[w].Start != mustDate("2024-03-11") {
		t.Errorf("WeekIndex(2024-03-17) = %d, want the week of 11 March", w)
	}
	for _, outside := range []string{"2024-03-03", "2024-03-18"} {
		if w := l.WeekIndex(mustDate(outside)); l.Day(mustDate(outside)) != nil || w >= 0 && w < len(l.Weeks) {
			t.Errorf("%s is outside the log, but it has a day or week", outside)
		}
	}
	empty := Build(nil, nil, Options{AsOf: mustDate("2024-03-13")})
	if empty.Day(empty.AsOf) != nil || len(empty.Weeks) != 0 || empty.DistM(0, empty.AsOf) != 0 || empty.Longest(0, empty.AsOf) != -1 {
		t.Error("an empty log has something in it")
	}
}

// A button pressed by accident is no running; a hundred metres ten times over is.
func TestTooShortToCount(t *testing.T) {
	accident := func(clock string, km, seconds float64) Run {
		r := atClock(clock, km)
		r.MovingS, r.ElapsedS = seconds, seconds
		return r
	}
	runs := []Run{onDay("2024-03-04", 5), accident("2024-03-05T07:00:00Z", 0.03, 40), accident("2024-03-06T06:50:00Z", 0.01, 9), onDay("2024-03-06", 5),
		accident("2024-03-06T20:00:00Z", 0, 5), accident("2024-03-08T07:00:00Z", 0.1, 20), accident("2024-03-08T07:02:00Z", 0.1, 20),
		accident("2024-03-10T07:00:00Z", 0.199, 119), accident("2024-03-11T07:00:00Z", 0.2, 60), accident("2024-03-12T07:00:00Z", 0, 120), onDay("2024-03-14", notKnown)}
	l := Build(shuffled(runs), nil, Options{AsOf: mustDate("2024-03-17"), WeekStart: time.Monday})
	var days []string
	for _, d := range l.Days {
		if d.RunDay {
			days = append(days, d.Date.String()[5:])
		}
	}
	if d := cmp.Diff([]string{"03-04", "03-06", "03-08", "03-11", "03-12", "03-14"}, days); d != "" {
		t.Errorf("run days (-want +got):\n%s", d)
	}
	var off []int
	for i := range l.Runs {
		off = append(off, l.DaysOffBefore(i))
	}
	if d := cmp.Diff([]int{-1, -1, -1, 1, -1, -1, -1, -1, 2, 0, 1}, off); d != "" {
		t.Errorf("days off before each run (-want +got):\n%s", d)
	}
	if w := l.Weeks[0]; w.RunDays != 3 || w.Runs != 8 || math.Abs(w.DistM-10439) > 1 {
		t.Errorf("%d run days, %d runs, %v m, want 3, 8 and all the metres", w.RunDays, w.Runs, w.DistM)
	}
}

func TestWithRun(t *testing.T) {
	shoes := []Shoe{{Name: "Pegasus"}}
	runs := []Run{onDay("2024-03-04", 5), onDay("2024-03-06", 8), onDay("2024-03-13", 9)}
	planned := onDay("2024-03-16", 12)
	o := Options{AsOf: mustDate("2024-03-14"), WeekStart: time.Monday, Shoes: shoes}
	l := Build(runs, nil, o)
	untouched := Build(runs, nil, o)

	o.AsOf = mustDate("2024-03-16")
	want := Build(append(runs, planned), nil, o)
	if d := cmp.Diff(want, l.WithRun(planned, o.AsOf), cmpopts.EquateNaNs()); d != "" {
		t.Errorf("with a planned run (-want +got):\n%s", d)
	}
	o.AsOf = mustDate("2024-03-07")
	between := onDay("2024-03-05", 3)
	want = Build(append(runs, between), nil, o)
	if d := cmp.Diff(want, l.WithRun(between, o.AsOf), cmpopts.EquateNaNs()); d != "" {
		t.Errorf("with a run in between, as of an earlier day (-want +got):\n%s", d)
	}
	if d := cmp.Diff(untouched, l, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("the log itself has changed (-was +is):\n%s", d)
	}
	if got := Build(nil, nil, o).WithRun(between, o.AsOf); len(got.Runs) != 1 || len(got.Days) != 3 {
		t.Errorf("an empty log with one run has %d runs and %d days, want 1 and 3", len(got.Runs), len(got.Days))
	}
}

// TestLogsMadeFromLogs makes logs from logs in any order. However much they share, each is what Build makes of its runs,
// also when others have been made from it.
func TestLogsMadeFromLogs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type made struct {
			log  *Log
			runs []Run
		}
		first := mustDate("2024-03-01")
		hour := 0
		run := func() Run { // each at an hour of its own, so that none is a copy
			day := first + civil.Date(rapid.IntRange(0, 60).Draw(t, "day"))
			r := onDay(day.String(), float64(rapid.IntRange(0, 9).Draw(t, "km")))
			r.ID = fmt.Sprint("run ", hour)
			r.Start = day.Time().Add(time.Duration(hour) * time.Hour)
			hour++
			return r
		}
		o := Options{AsOf: first + 40, WeekStart: time.Monday, Shoes: []Shoe{{Name: "Pegasus"}}}
		var runs []Run
		for range rapid.IntRange(0, 12).Draw(t, "runs") {
			runs = append(runs, run())
		}
		upTo := func(runs []Run, asOf civil.Date) []Run {
			return slices.DeleteFunc(slices.Clone(runs), func(r Run) bool { return r.Date > asOf })
		}
		strength := []Strength{{Date: first + 20, File: "s"}, {Date: first + 35, File: "t"}}
		logs := []made{{Build(runs, strength, o), upTo(runs, o.AsOf)}}
		want := func(m made) *Log {
			o := o
			o.AsOf = m.log.AsOf
			var done []Strength
			for _, s := range strength {
				if s.Date <= m.log.AsOf && slices.Contains(strengthFiles(m.log), s.File) {
					done = append(done, s)
				}
			}
			return Build(m.runs, done, o)
		}
		for range rapid.IntRange(1, 8).Draw(t, "logs") {
			from := logs[rapid.IntRange(0, len(logs)-1).Draw(t, "from")]
			asOf := first + civil.Date(rapid.IntRange(0, 70).Draw(t, "as of"))
			if rapid.Bool().Draw(t, "at") {
				logs = append(logs, made{from.log.At(asOf), upTo(from.runs, asOf)})
				continue
			}
			r := run()
			logs = append(logs, made{from.log.WithRun(r, asOf), upTo(append(slices.Clone(from.runs), r), asOf)})
		}
		for i, m := range logs {
			if d := cmp.Diff(want(m), m.log, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("log %d of %d (-want +got):\n%s", i, len(logs), d)
			}
		}
	})
}

func strengthFiles(l *Log) []string {
	var files []string
	for _, s := range l.Strength {
		files = append(files, s.File)
	}
	return files
}

// TestReplaceRun makes a run longer and shorter in place; At lays out the days to come.
func TestReplaceRun(t *testing.T) {
	runs := []Run{onDay("2024-03-04", 5), onDay("2024-03-12", 8), onDay("2024-03-12", 1), onDay("2024-03-20", 9)}
	runs[2].ID, runs[2].Start = "second", runs[2].Start.Add(2*time.Hour)
	o := Options{AsOf: mustDate("2024-03-24"), WeekStart: time.Monday}
	l := Build(runs, nil, o)
	for _, km := range []float64{25, 0.5} {
		runs[1].DistM = km * 1000
		l.ReplaceRun(1, runs[1])
		if d := cmp.Diff(Build(runs, nil, o), l, cmpopts.EquateNaNs()); d != "" {
			t.Errorf("with %v km instead (-want +got):\n%s", km, d)
		}
	}
	o.AsOf += 20
	if d := cmp.Diff(Build(runs, nil, o), l.At(o.AsOf), cmpopts.EquateNaNs()); d != "" {
		t.Errorf("twenty days later (-want +got):\n%s", d)
	}
}

func TestBuildLeavesItsInputAlone(t *testing.T) {
	input := func() []Run {
		a, b, c := onDay("2024-03-06", 5), onDay("2024-03-06", 5), onDay("2024-03-04", 5)
		b.Format, b.File, b.ID, b.Name = ingest.GPX, "b.gpx", "b", "Morning Run"
		a.AlsoIn, a.Notes = append(make([]string, 0, 4), "z"), append(make([]string, 0, 4), "note")
		return []Run{a, b, c}
	}
	in := input()
	Build(in, nil, Options{AsOf: mustDate("2024-03-06"), Shoes: []Shoe{{Name: "Pegasus"}}})
	if d := cmp.Diff(input(), in, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("input changed (-was +is):\n%s", d)
	}
}

// A run recorded in two parts makes the same week as the run in one.
func TestSplittingKeepsWeekTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var whole, parts []Run
		for i, n := 0, rapid.IntRange(1, 20).Draw(t, "runs"); i < n; i++ {
			day := mustDate("2024-01-01") + civil.Date(rapid.IntRange(0, 60).Draw(t, "day"))
			km := rapid.Float64Range(2, 30).Draw(t, "km")
			hour := 1 + 3*(i%7) // three hours apart, so that none overlap
			r := atClock(fmt.Sprintf("%sT%02d:00:00Z", day+civil.Date(61*(i/7)), hour), km)
			cut := rapid.Float64Range(0.1, 0.9).Draw(t, "cut")
			a, b := r, r
			a.DistM, a.MovingS, a.ElapsedS = cut*r.DistM, cut*r.MovingS, cut*r.ElapsedS
			b.DistM, b.MovingS, b.ElapsedS = (1-cut)*r.DistM, (1-cut)*r.MovingS, (1-cut)*r.ElapsedS
			b.Start = r.Start.Add(time.Duration(a.ElapsedS * float64(time.Second)))
			b.ID, b.File = r.ID+"-2", r.File+"-2"
			whole, parts = append(whole, r), append(parts, a, b)
		}
		o := Options{AsOf: mustDate("2024-12-31"), WeekStart: time.Weekday(rapid.IntRange(0, 6).Draw(t, "week start"))}
		one, two := Build(whole, nil, o), Build(parts, nil, o)
		if len(one.Weeks) != len(two.Weeks) {
			t.Fatalf("%d weeks whole, %d in parts", len(one.Weeks), len(two.Weeks))
		}
		for i, w := range one.Weeks {
			v := two.Weeks[i]
			if math.Abs(w.DistM-v.DistM) > 1e-6 || math.Abs(w.MovingS-v.MovingS) > 1e-6 || w.RunDays != v.RunDays || w.Complete != v.Complete {
				t.Errorf("week %s is %+v whole and %+v in parts", w.Start, w, v)
			}
		}
	})
}
