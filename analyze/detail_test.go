package analyze

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kneecheck/ingest"
)

func TestDetailSplits(t *testing.T) {
	// Two km at 4 m/s and 160 spm with a stop of a minute after the first, then 300 m at 3 m/s and 170 spm.
	a := synth(leg{250, 4, 160, 0}, leg{60, 0, 0, 0}, leg{250, 4, 160, 0}, leg{100, 3, 170, 0})
	a.Samples.HeartBPM = make([]float64, a.Samples.Len())
	for i := range a.Samples.HeartBPM {
		a.Samples.HeartBPM[i] = 140
		if i > 310 {
			a.Samples.HeartBPM[i] = 150
		}
	}
	a.Pauses = []ingest.Interval{{FromS: 250, ToS: 310}}
	d := NewDetail(a, 1000)
	if len(d.Splits) != 3 {
		t.Fatalf("%d splits: %+v", len(d.Splits), d.Splits)
	}
	for i, want := range []Split{
		{FromM: 0, ToM: 1000, MovingS: 250, CadenceSPM: 160, HeartBPM: 140},
		{FromM: 1000, ToM: 2000, MovingS: 250, StoppedS: 60, CadenceSPM: 160, HeartBPM: 150},
		{FromM: 2000, ToM: 2300, MovingS: 100, CadenceSPM: 170, HeartBPM: 150},
	} {
		got := d.Splits[i]
		if got.FromM != want.FromM || got.ToM != want.ToM || math.Abs(got.MovingS-want.MovingS) > 1 || math.Abs(got.StoppedS-want.StoppedS) > 1 ||
			math.Abs(got.CadenceSPM-want.CadenceSPM) > 0.2 || math.Abs(got.HeartBPM-want.HeartBPM) > 0.2 {
			t.Errorf("split %d: got %+v, want %+v", i+1, got, want)
		}
	}
}

func TestDetailShortRest(t *testing.T) {
	d := NewDetail(synth(leg{251, 4, 160, 0}), 1000)
	if len(d.Splits) != 1 || d.Splits[0].ToM != 1004 || math.Abs(d.Splits[0].SpeedMPS()-4) > 1e-9 {
		t.Errorf("got %+v", d.Splits)
	}
}

// TestDetailOfBareRuns: what is not recorded is not told, and nothing panics.
func TestDetailOfBareRuns(t *testing.T) {
	whole := synth(leg{600, 3, 160, 0.02})
	for i, col := range columns(&whole.Samples) {
		if i == 0 {
			continue // without times there are no samples
		}
		old := *col
		*col = nil
		d := NewDetail(whole, 1000)
		if col == &whole.Samples.DistM && (d.Splits != nil || d.RiseM != nil) {
			t.Errorf("without distances: %+v", d)
		}
		*col = old
	}
	if d := NewDetail(&ingest.Activity{}, 1000); d.Splits != nil || d.RiseM != nil {
		t.Errorf("without samples: %+v", d)
	}
	if d := NewDetail(synth(leg{10, 3, 160, 0}), 0); d.Splits != nil {
		t.Errorf("splits of no length: %+v", d)
	}
}

// TestDetailSums: whatever the run and the length of a split, the splits sum up to what the run has.
func TestDetailSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := synth(randomLegs(t)...)
		run := reduceRapid(t, a)
		m := newMotion(&a.Samples, a.Pauses, &workspace{})
		d := NewDetail(a, rapid.Float64Range(200, 5000).Draw(t, "split"))
		if len(d.Splits) == 0 {
			return
		}
		var metres, moving, stopped, up, down float64
		for i, s := range d.Splits {
			if i > 0 && s.FromM != d.Splits[i-1].ToM || s.MovingS < -1e-6 || s.StoppedS < -1e-6 {
				t.Fatalf("split %d: %+v", i, s)
			}
			metres += s.ToM - s.FromM
			moving += s.MovingS
			stopped += s.StoppedS
			up += s.AscentM
			down += s.DescentM
		}
		from, to := span(a.Samples.DistM)
		near := func(what string, got, want, by float64) {
			if !(math.Abs(got-want) <= by) {
				t.Errorf("%s: the splits have %v, the run %v", what, got, want)
			}
		}
		near("metres", metres, a.Samples.DistM[to]-a.Samples.DistM[from], 1e-6)
		near("moving seconds", moving, m.totalS, 1e-6)
		near("seconds", moving+stopped, a.Samples.T[to]-a.Samples.T[from], 1e-6)
		if run != nil && finite(run.Climb.AscentM) {
			// A dip within a rise is part of it, so that a split may begin lower than the last ended: never by more than a turning
			// point's height at either end.
			near("ascent", up, run.Climb.AscentM, float64(len(d.Splits))*turnM)
			near("descent", down, run.Climb.DescentM, float64(len(d.Splits))*turnM)
		}
		for _, e := range d.RiseM {
			if e < 0 || e > run.Climb.RangeM+1e-9 {
				t.Fatalf("rise %v with a range of %v", e, run.Climb.RangeM)
			}
		}
	})
}
