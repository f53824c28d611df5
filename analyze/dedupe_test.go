package analyze

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// file makes r the reading of one file, named for its format.
func file(r Run, name string) Run {
	r.ID, r.File = "id of "+name, name
	r.Format = ingest.Format(name[strings.LastIndex(name, ".")+1:])
	return r
}

// later shifts a run's start.
func later(r Run, d time.Duration) Run {
	r.Start = r.Start.Add(d)
	return r
}

// lasting sets how long a run took, pauses included.
func lasting(r Run, d time.Duration) Run {
	r.ElapsedS = d.Seconds()
	return r
}

func TestMergeCopies(t *testing.T) {
	ten := onDay("2024-03-04", 10) // one hour from seven
	tests := []struct {
		name string
		runs []Run
		want []string // the files of each run, the kept one first
	}{
		{"FIT before TCX before GPX before a row of a table", []Run{file(ten, "a.gpx"), file(ten, "b.csv"), file(ten, "c.fit"), file(ten, "d.tcx")}, []string{"c.fit a.gpx b.csv d.tcx"}},
		{"an export that starts late and measures less", []Run{file(ten, "a.fit"), later(file(onDay("2024-03-04", 8.6), "a.gpx"), 4*time.Minute)}, []string{"a.fit a.gpx"}},
		{"the same time in two offsets", []Run{file(ten, "a.fit"), file(atClock("2024-03-04T08:00:00+01:00", 10), "a.gpx")}, []string{"a.fit a.gpx"}},
		{"a copy that lost its distance", []Run{lasting(file(onDay("2024-03-04", notKnown), "a.fit"), time.Hour), later(file(ten, "a.gpx"), time.Minute)}, []string{"a.gpx a.fit"}},
		{"no duration at all", []Run{lasting(file(onDay("2024-03-04", notKnown), "a.csv"), 0), file(ten, "a.gpx")}, []string{"a.gpx a.csv"}},
		{"half an hour in common of an hour", []Run{file(ten, "a.fit"), later(file(ten, "b.gpx"), 30*time.Minute)}, []string{"a.fit", "b.gpx"}},
		{"a second more than half", []Run{file(ten, "a.fit"), later(file(ten, "b.gpx"), 30*time.Minute-time.Second)}, []string{"a.fit b.gpx"}},
		{"two short runs in an hour", []Run{file(onDay("2024-03-04", 3), "a.fit"), later(file(onDay("2024-03-04", 3), "b.fit"), 25*time.Minute)}, []string{"a.fit", "b.fit"}},
		{"one directly after the other", []Run{file(ten, "a.fit"), later(file(ten, "b.fit"), time.Hour)}, []string{"a.fit", "b.fit"}},
		{"the same clock on another day", []Run{file(ten, "a.fit"), file(onDay("2024-03-05", 10), "b.fit")}, []string{"a.fit", "b.fit"}},
		{"another distance at the same time", []Run{file(ten, "a.fit"), later(file(onDay("2024-03-04", 8), "b.gpx"), time.Minute)}, []string{"a.fit", "b.gpx"}},
		{"just within the distance", []Run{file(ten, "a.fit"), later(file(onDay("2024-03-04", 8.5), "b.gpx"), time.Minute)}, []string{"a.fit b.gpx"}},
		{"a cut-off copy gives way to the whole one", []Run{file(onDay("2024-03-04", 3), "cut.fit"), file(ten, "whole.fit")}, []string{"whole.fit cut.fit"}},
		{"even when it is the richer format", []Run{file(onDay("2024-03-04", 3), "cut.fit"), later(file(ten, "whole.gpx"), 8*time.Second)}, []string{"whole.gpx cut.fit"}},
		{"copies of copies", []Run{file(ten, "a.fit"), later(file(onDay("2024-03-04", 11.5), "b.gpx"), time.Minute), later(file(onDay("2024-03-04", 13), "c.gpx"), 2*time.Minute)}, []string{"c.gpx a.fit b.gpx"}},
		{"a walk home left running until the evening does not swallow the evening's run", []Run{lasting(file(ten, "a.fit"), 12*time.Hour), later(file(onDay("2024-03-04", 5), "b.fit"), 11*time.Hour)}, []string{"a.fit", "b.fit"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := slices.Clone(tt.runs)
			var got []string
			for _, r := range mergeCopies(shuffled(tt.runs)) {
				got = append(got, strings.Join(append([]string{r.File}, r.AlsoIn...), " "))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("runs (-want +got):\n%s", d)
			}
			if d := cmp.Diff(in, tt.runs, cmpopts.EquateNaNs()); d != "" {
				t.Errorf("the input was modified:\n%s", d)
			}
		})
	}
}

// Watch and treadmill disagree about a run by more than two GPS recordings do.
func TestTreadmillAndWatch(t *testing.T) {
	watch := file(onDay("2024-03-04", 8), "watch.fit") // 48 minutes
	watch.Kind = ingest.Treadmill
	mill := lasting(later(file(onDay("2024-03-04", 10), "mill.tcx"), time.Minute), 48*time.Minute)
	got := mergeCopies([]Run{watch, mill})
	if len(got) != 1 || got[0].File != "mill.tcx" || got[0].Kind != ingest.Treadmill || !strings.Contains(strings.Join(got[0].Notes, " "), "8.00 km in watch.fit") {
		t.Errorf("%+v, want one run with a note", got)
	}
	stroll := lasting(later(file(onDay("2024-03-04", 1), "stroll.gpx"), 30*time.Minute), 15*time.Minute)
	if got := mergeCopies([]Run{watch, stroll}); len(got) != 2 {
		t.Errorf("%d runs, want the watch's and what overlaps a quarter of it", len(got))
	}
}

func TestSameBytesAreOneRun(t *testing.T) {
	a := file(onDay("2024-03-04", 10), "b/run.fit")
	b := a
	b.File = "a/run.fit"
	other := later(file(onDay("2024-03-04", 10), "c.fit"), 3*time.Hour)
	got := mergeCopies([]Run{a, other, b, a})
	if len(got) != 2 || got[0].File != "a/run.fit" || !slices.Equal(got[0].AlsoIn, []string{"b/run.fit"}) {
		t.Errorf("runs %+v, want a/run.fit also in b/run.fit, and c.fit", got)
	}
	// Runs without an ID are not for that the same.
	a.ID, other.ID = "", ""
	if got := mergeCopies([]Run{a, other}); len(got) != 2 {
		t.Errorf("%d runs, want 2", len(got))
	}
}

func TestTheRicherCopyStays(t *testing.T) {
	ten := onDay("2024-03-04", 10)
	more, long := file(ten, "z.fit"), lasting(file(ten, "y.fit"), 61*time.Minute)
	more.Channels = 3
	for _, tt := range []struct {
		name string
		runs []Run
		want string
	}{
		{"more channels", []Run{long, more}, "z.fit"},
		{"then longer", []Run{file(ten, "x.fit"), long}, "y.fit"},
		{"then by name, for an order", []Run{file(ten, "x.fit"), file(ten, "w.fit")}, "w.fit"},
	} {
		if got := mergeCopies(tt.runs); len(got) != 1 || got[0].File != tt.want {
			t.Errorf("%s: kept %+v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTheKeptCopyGains(t *testing.T) {
	// The FIT comes from a watch that knew neither the zone nor the cadence; the export knows both.
	fit := file(atClock("2024-03-04T23:30:00Z", 10), "a.fit")
	fit.OffsetFrom, fit.Notes = ingest.OffsetUTC, []string{"repaired"}
	gpx := file(atClock("2024-03-05T07:30:00+08:00", 9.9), "a.gpx")
	gpx.OffsetFrom, gpx.Kind, gpx.Name, gpx.Shoe, gpx.Race = ingest.OffsetPosition, ingest.Trail, "Park", "Ghost", true
	gpx.Cadence, gpx.Climb = Cadence{MeanSPM: 170, Coverage: 1, Unit: ingest.Steps}, Climb{Source: ingest.GPSAltitude, AscentM: 50}
	cut := file(atClock("2024-03-04T23:30:00Z", 1), "cut.fit")
	cut.OffsetFrom, cut.Climb = ingest.OffsetUTC, Climb{Source: ingest.Barometer, AscentM: 3}

	want := fit
	want.AlsoIn = []string{"a.gpx", "cut.fit"}
	want.Date, want.Start, want.OffsetFrom = mustDate("2024-03-05"), fit.Start.In(gpx.Start.Location()), ingest.OffsetPosition
	want.Kind, want.Name, want.Shoe, want.Race = ingest.Trail, "Park", "Ghost", true
	want.Cadence, want.Climb = gpx.Cadence, gpx.Climb
	want.Notes = []string{"repaired", "cadence taken from a.gpx", "altitude taken from a.gpx", "recorded over 1.00 km in cut.fit: the longer distance counts"}
	got := mergeCopies([]Run{cut, gpx, fit})
	if d := cmp.Diff([]*Run{&want}, got, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}

	// The climb of a recording that was cut off is not the run's.
	bare := gpx
	bare.Climb.AscentM = notKnown
	if got := mergeCopies([]Run{cut, bare}); len(got) != 1 || !math.IsNaN(got[0].Climb.AscentM) {
		t.Errorf("%+v, want one run without a climb", got)
	}

	// What the kept copy knows itself it keeps.
	own := fit
	own.OffsetFrom, own.Kind, own.Name, own.Shoe = ingest.OffsetFile, ingest.Road, "Run", "Pegasus"
	own.Cadence.MeanSPM, own.Climb.AscentM = 165, 20
	got = mergeCopies([]Run{gpx, own})
	want = own
	want.AlsoIn, want.Race = []string{"a.gpx"}, true
	if d := cmp.Diff([]*Run{&want}, got, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestOverlapThatIsNoCopyIsNoted(t *testing.T) {
	whole := file(onDay("2024-03-04", 10), "phone.gpx")
	first := later(file(onDay("2024-03-04", 4), "watch1.fit"), time.Minute)
	second := later(file(onDay("2024-03-04", 5), "watch2.fit"), 28*time.Minute)
	copied := second
	copied.File = "watch2 (1).fit"
	got := mergeCopies([]Run{whole, first, second, copied})
	if len(got) != 3 {
		t.Fatalf("%d runs, want 3", len(got))
	}
	for i, names := range [][]string{{"watch1.fit", "watch2 (1).fit"}, {"phone.gpx"}, {"phone.gpx"}} {
		if len(got[i].Notes) != len(names) {
			t.Errorf("%s has the notes %q, want one for each of %q", got[i].File, got[i].Notes, names)
			continue
		}
		for j, name := range names {
			if !strings.Contains(got[i].Notes[j], name) {
				t.Errorf("note %q of %s does not name %s", got[i].Notes[j], got[i].File, name)
			}
		}
	}
}

// Any order of the same files gives the same log, and no file is lost or counted twice.
func TestOrderOfInputMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var runs []Run
		for i, n := 0, rapid.IntRange(0, 12).Draw(t, "runs"); i < n; i++ {
			r := onDay("2024-03-04", rapid.SampledFrom([]float64{notKnown, 1, 5, 5.5, 6.2, 10}).Draw(t, "km"))
			r = later(r, time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes"))*time.Minute)
			r = file(r, fmt.Sprintf("%d.%s", i, rapid.SampledFrom([]string{"fit", "gpx", "tcx", "csv"}).Draw(t, "format")))
			if rapid.Bool().Draw(t, "same bytes") {
				r.ID = "shared"
			}
			r.Channels = rapid.IntRange(0, 2).Draw(t, "channels")
			r.Name = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "name")
			r.OffsetFrom = rapid.SampledFrom([]ingest.OffsetSource{ingest.OffsetFile, ingest.OffsetUTC}).Draw(t, "offset")
			runs = append(runs, r)
		}
		o := Options{AsOf: mustDate("2024-03-05"), WeekStart: time.Monday}
		want, got := Build(runs, nil, o), Build(rapid.Permutation(runs).Draw(t, "order"), nil, o)
		if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" {
			t.Errorf("another order, another log (-one +other):\n%s", d)
		}
		var files []string
		for _, r := range got.Runs {
			files = append(append(files, r.File), r.AlsoIn...)
		}
		slices.Sort(files)
		if len(files) != len(runs) || len(slices.Compact(files)) != len(runs) {
			t.Errorf("%d files in, %q out", len(runs), files)
		}
	})
}

// Ten years of daily runs, each in three copies, so that a step that is not near-linear shows.
func BenchmarkBuild(b *testing.B) {
	var runs []Run
	for i := range 3650 {
		day := (mustDate("2014-01-01") + civil.Date(i)).String()
		r := onDay(day, 5+math.Mod(float64(i), 7))
		runs = append(runs, file(r, day+".fit"), file(r, day+".gpx"), file(r, day+".tcx"))
	}
	runs = shuffled(runs)
	o := Options{AsOf: mustDate("2024-01-01"), WeekStart: time.Monday}
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			Build(runs, nil, o)
		}
	})
	l, planned := Build(runs, nil, o), onDay("2024-01-02", 12)
	b.Run("with run", func(b *testing.B) {
		for b.Loop() {
			l.WithRun(planned, planned.Date)
		}
	})
}
