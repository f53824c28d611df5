package analyze

import (
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// leg is a stretch of a synthetic activity.
type leg struct {
	seconds, mps, spm, grade float64
}

// synth builds a run of 1 Hz samples from legs.
func synth(legs ...leg) *ingest.Activity {
	a := &ingest.Activity{
		ID: "0123456789abcdef", File: "run.fit", Format: ingest.FIT, Sport: ingest.Running, Kind: ingest.Unspecified,
		Start: time.Date(2026, 5, 31, 6, 0, 0, 0, time.UTC), Zone: ingest.Zone{OffsetS: 2 * 3600, From: ingest.OffsetFile},
		CadenceUnit: ingest.Strides, Elevation: ingest.Barometer, Device: noTotals(),
	}
	s := &a.Samples
	t, d, e := 0.0, 0.0, 100.0
	add := func(l leg) {
		s.T = append(s.T, t)
		s.DistM = append(s.DistM, d)
		s.ElevM = append(s.ElevM, e)
		s.SpeedMPS = append(s.SpeedMPS, l.mps)
		s.CadenceSPM = append(s.CadenceSPM, l.spm)
		s.LatDeg = append(s.LatDeg, 50+d/111e3)
		s.LonDeg = append(s.LonDeg, 8)
	}
	for _, l := range legs {
		for range int(l.seconds) {
			add(l)
			t++
			d += l.mps
			e += l.mps * l.grade
		}
	}
	add(legs[len(legs)-1])
	return a
}

func noTotals() ingest.Totals {
	n := math.NaN()
	return ingest.Totals{DistM: n, MovingS: n, ElapsedS: n, CadenceSPM: n, AscentM: n, DescentM: n}
}

// columns are the sample columns of an activity, for tests that treat all alike.
func columns(s *ingest.Samples) []*[]float64 {
	return []*[]float64{&s.T, &s.LatDeg, &s.LonDeg, &s.ElevM, &s.DistM, &s.SpeedMPS, &s.CadenceSPM, &s.HeartBPM, &s.StepLengthM}
}

// keep leaves only the samples for which ok is true.
func keep(a *ingest.Activity, ok func(i int) bool) *ingest.Activity {
	b := *a
	from, to := columns(&a.Samples), columns(&b.Samples)
	for k := range from {
		if *from[k] == nil {
			continue
		}
		var col []float64
		for i, v := range *from[k] {
			if ok(i) {
				col = append(col, v)
			}
		}
		*to[k] = col
	}
	return &b
}

func reduce(t testing.TB, a *ingest.Activity) *Run {
	t.Helper()
	s, p := Reduce(a)
	if p != nil {
		t.Fatalf("refused: %v", p)
	}
	if s.Run == nil {
		t.Fatal("no run")
	}
	return s.Run
}

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

func near(t tester, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.3f, want %.3f ± %g", what, got, want, tolerance)
	}
}

func isNaN(t testing.TB, what string, got float64) {
	t.Helper()
	if got == got {
		t.Errorf("%s = %g, want NaN", what, got)
	}
}

func TestReduceSteadyRun(t *testing.T) {
	a := synth(leg{3600, 3, 170, 0})
	a.Start = time.Date(2026, 5, 31, 23, 30, 0, 0, time.UTC)
	a.Notes = []string{"a repair"}
	r := reduce(t, a)
	near(t, "distance", r.DistM, 10800, 1e-6)
	near(t, "moving", r.MovingS, 3600, 1e-6)
	near(t, "elapsed", r.ElapsedS, 3600, 1e-6)
	near(t, "continuous", r.LongestContinuousS, 3600, 1e-6)
	near(t, "spread", r.SpeedSpread, 0, 1e-6)
	near(t, "cadence", r.Cadence.MeanSPM, 170, 1e-9)
	near(t, "coverage", r.Cadence.Coverage, 1, 1e-9)
	near(t, "step length", r.Cadence.StepLengthM, 3*60.0/170, 1e-9)
	near(t, "level seconds", r.Cadence.Level.Seconds(), 3600, 1e-3)
	near(t, "first third", r.Cadence.FirstThird.Seconds(), 1200, 1)
	near(t, "last third", r.Cadence.LastThird.Seconds(), 1200, 1)
	if r.Date != civil.Of(time.Date(2026, 6, 1, 1, 0, 0, 0, time.UTC)) {
		t.Errorf("date = %v, want the local day, 1 June 2026", r.Date)
	}
	if got := r.Start.Format(time.RFC3339); got != "2026-06-01T01:30:00+02:00" {
		t.Errorf("start = %s", got)
	}
	if !slices.Equal(r.Notes, []string{"a repair"}) {
		t.Errorf("notes = %q", r.Notes)
	}
	if r.Channels != 6 {
		t.Errorf("channels = %d, want 6", r.Channels)
	}
}

func TestReduceOtherSportsHaveADateOnly(t *testing.T) {
	for _, sport := range []ingest.Sport{ingest.Walking, ingest.Cycling, ingest.Strength, ingest.OtherSport, ingest.UnknownSport} {
		a := synth(leg{600, 3, 170, 0})
		a.Sport = sport
		s, p := Reduce(a)
		if p != nil || s.Run != nil || s.Sport != sport || s.File != a.File || s.Date != civil.Of(a.Start) {
			t.Errorf("%s: %+v, %v", sport, s, p)
		}
	}
}

func TestReduceDistanceAndTimeSources(t *testing.T) {
	tests := []struct {
		name   string
		change func(a *ingest.Activity)
		distM  float64
		moving float64
		note   string
	}{
		{"device totals win", func(a *ingest.Activity) { a.Device.DistM, a.Device.MovingS = 1850, 590 }, 1850, 590, ""},
		{"device total far off is told", func(a *ingest.Activity) { a.Device.DistM = 2000 }, 2000, 600, "differs from its samples"},
		{"samples of a later session", func(a *ingest.Activity) {
			for i := range a.Samples.DistM {
				a.Samples.DistM[i] += 5000
			}
		}, 1800, 600, ""},
		{"zero totals are no totals", func(a *ingest.Activity) { a.Device.DistM, a.Device.MovingS = 0, 0 }, 1800, 600, ""},
		{"no speed column", func(a *ingest.Activity) { a.Samples.SpeedMPS = nil }, 1800, 600, ""},
		{"no distance at all", func(a *ingest.Activity) { a.Samples.DistM, a.Samples.SpeedMPS = nil, nil }, 0, 600, "no distance"},
		{"totals only", func(a *ingest.Activity) {
			a.Samples = ingest.Samples{}
			a.Device.DistM, a.Device.MovingS, a.Device.ElapsedS = 1800, 600, 700
		}, 1800, 600, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := synth(leg{600, 3, 170, 0})
			tt.change(a)
			r := reduce(t, a)
			near(t, "distance", r.DistM, tt.distM, 1e-6)
			near(t, "moving", r.MovingS, tt.moving, 1e-6)
			if r.ElapsedS < r.MovingS {
				t.Errorf("elapsed %g < moving %g", r.ElapsedS, r.MovingS)
			}
			notes := strings.Join(r.Notes, "; ")
			if !strings.Contains(notes, tt.note) || (tt.note == "" && notes != "") {
				t.Errorf("notes = %q, want %q", notes, tt.note)
			}
		})
	}
}

func TestReduceRefusesTheImplausible(t *testing.T) {
	tests := []struct {
		name string
		act  func() *ingest.Activity
		want string
	}{
		{"a ride", func() *ingest.Activity { return synth(leg{600, 8, 90, 0}) }, "8.0 m/s"},
		{"an e-bike over 20 km", func() *ingest.Activity { return synth(leg{3300, 6.5, 85, 0}) }, "6.5 m/s"},
		{"an e-bike over the marathon", func() *ingest.Activity { return synth(leg{7000, 6.1, 85, 0}) }, "faster than anybody runs"},
		{"beyond any run", func() *ingest.Activity {
			a := synth(leg{600, 3, 170, 0})
			a.Device.DistM, a.Device.MovingS = 501e3, 200e3
			return a
		}, "501 km"},
		{"nothing", func() *ingest.Activity {
			return &ingest.Activity{Sport: ingest.Running, Device: noTotals(), File: "x.fit"}
		}, "neither distance nor time"},
		{"no time", func() *ingest.Activity {
			a := &ingest.Activity{Sport: ingest.Running, Device: noTotals(), File: "x.fit"}
			a.Device.DistM = 5000
			return a
		}, "no time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.act()
			s, p := Reduce(a)
			if p == nil || p.Kind != ingest.Implausible || p.File != a.File || !strings.Contains(p.Error(), tt.want) {
				t.Fatalf("problem = %v, want %q", p, tt.want)
			}
			if s.Run != nil {
				t.Error("a refused run was returned all the same")
			}
		})
	}
}

// The fastest runs there are count.
func TestReduceTheWorldsBest(t *testing.T) {
	for _, best := range []struct{ km, seconds float64 }{{5, 12*60 + 49}, {10, 26*60 + 24}, {21.0975, 56*60 + 42}, {42.195, 7235}, {100, 6*3600 + 335}} {
		a := synth(leg{60, 5, 180, 0})
		a.Device.DistM, a.Device.MovingS, a.Device.ElapsedS = best.km*1000, best.seconds, best.seconds
		if r := reduce(t, a); r.DistM != best.km*1000 {
			t.Errorf("%v km are %v m", best.km, r.DistM)
		}
	}
}

// What a cut recording holds beyond the run does not count, though the device counted it.
func TestReduceCut(t *testing.T) {
	a := synth(leg{1800, 3, 170, 0})
	a.Device.DistM, a.Device.MovingS, a.Device.ElapsedS = 15000, 2700, 2700
	a.Cut = true
	r := reduce(t, a)
	near(t, "distance", r.DistM, 5400, 1)
	near(t, "moving", r.MovingS, 1800, 1)
	near(t, "elapsed", r.ElapsedS, 1800, 1)
	near(t, "the device's distance", r.Device.DistM, 15000, 0)
	if notes := strings.Join(r.Notes, " "); notes != "" {
		t.Errorf("notes %q", notes)
	}
}

func TestReduceForgottenRecordings(t *testing.T) {
	a := synth(leg{3600, 3, 170, 0}, leg{13 * 3600, 0, 0, 0})
	a.Device.MovingS, a.Device.ElapsedS = 14*3600, 14*3600
	r := reduce(t, a)
	near(t, "moving", r.MovingS, 3600, 1)
	notes := strings.Join(r.Notes, "; ")
	for _, want := range []string{"timer ran for 14:00 h", "not stopped"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes = %q, want %q in it", notes, want)
		}
	}
}

// TestReduceSurvivesAnyColumns feeds columns of NaN, infinities and nonsense: nothing may panic, and no figure may be
// negative or infinite.
func TestReduceSurvivesAnyColumns(t *testing.T) {
	values := rapid.OneOf(rapid.Just(math.NaN()), rapid.Just(0.0), rapid.Float64Range(-50, 400), rapid.Float64())
	rapid.Check(t, func(t *rapid.T) {
		a := synth(leg{1, 3, 170, 0})
		a.Kind = rapid.SampledFrom([]ingest.Kind{"", ingest.Trail, ingest.Treadmill, ingest.Track}).Draw(t, "kind")
		a.Elevation = rapid.SampledFrom([]ingest.ElevSource{"", ingest.Barometer, ingest.GPSAltitude, ingest.ElevUnknown}).Draw(t, "source")
		n := rapid.IntRange(0, 40).Draw(t, "n")
		now := 0.0
		a.Samples.T = nil
		for range n {
			now += rapid.SampledFrom([]float64{0.001, 1, 1, 5, 40, 4000}).Draw(t, "dt")
			a.Samples.T = append(a.Samples.T, now)
		}
		for _, col := range columns(&a.Samples)[1:] {
			*col = nil
			if rapid.Bool().Draw(t, "column") {
				*col = rapid.SliceOfN(values, n, n).Draw(t, "values")
			}
		}
		a.Device = ingest.Totals{DistM: values.Draw(t, "dist"), MovingS: values.Draw(t, "moving"), ElapsedS: values.Draw(t, "elapsed")}
		from := rapid.Float64Range(-10, 500).Draw(t, "pause")
		a.Pauses = []ingest.Interval{{FromS: from, ToS: from + 20}, {FromS: from + 10, ToS: math.NaN()}}
		s, p := Reduce(a)
		if p != nil {
			return
		}
		r := s.Run
		for name, v := range map[string]float64{"DistM": r.DistM, "MovingS": r.MovingS, "ElapsedS": r.ElapsedS,
			"LongestContinuousS": r.LongestContinuousS, "Coverage": r.Cadence.Coverage} {
			if !(v >= 0) || math.IsInf(v, 0) {
				t.Errorf("%s = %g", name, v)
			}
		}
		c := r.Climb
		for name, v := range map[string]float64{"SpeedSpread": r.SpeedSpread, "MeanSPM": r.Cadence.MeanSPM, "StepLengthM": r.Cadence.StepLengthM,
			"AscentM": c.AscentM, "DescentM": c.DescentM, "DownhillM": c.DownhillM, "DownhillDropM": c.DownhillDropM, "SteepM": c.SteepM, "SteepDropM": c.SteepDropM, "RangeM": c.RangeM} {
			if v < 0 || math.IsInf(v, 0) {
				t.Errorf("%s = %g", name, v)
			}
		}
		if r.Cadence.Coverage > 1 {
			t.Errorf("coverage = %g", r.Cadence.Coverage)
		}
	})
}

func BenchmarkReduce(b *testing.B) {
	a := synth(leg{1200, 3, 170, 0.04}, leg{600, 2.5, 165, -0.06}, leg{60, 1.2, 110, 0}, leg{1740, 3.2, 172, 0.01})
	rng := rand.New(rand.NewSource(1))
	for i := range a.Samples.T {
		a.Samples.SpeedMPS[i] += 0.2 * rng.NormFloat64()
		a.Samples.CadenceSPM[i] = math.Round(a.Samples.CadenceSPM[i] + 3*rng.NormFloat64())
		a.Samples.ElevM[i] = math.Round(a.Samples.ElevM[i]*5) / 5
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, p := Reduce(a); p != nil {
			b.Fatal(p)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(a.Samples.Len()), "ns/sample")
}
