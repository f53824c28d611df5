package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kneecheck/ingest"
)

// heartLegs is a run whose heart rate follows from the leg: 60 + cadence ÷ 2.
func heartLegs(legs ...leg) *ingest.Activity {
	a := synth(legs...)
	for _, spm := range a.Samples.CadenceSPM {
		a.Samples.HeartBPM = append(a.Samples.HeartBPM, 60+spm/2)
	}
	return a
}

func TestHeart(t *testing.T) {
	a := heartLegs(leg{600, 3, 160, 0}, leg{300, 3, 200, 0}, leg{60, 0, 0, 0}, leg{300, 3, 170, 0})
	for i := 1000; i < 1100; i++ {
		a.Samples.HeartBPM[i] = math.NaN() // the strap slips
	}
	h := reduce(t, a).Heart
	want := Hist{{Bin: 28, Seconds: 600}, {Bin: 29, Seconds: 200}, {Bin: 32, Seconds: 300}}
	if diff := cmp.Diff(want, h.Hist.Hist()); diff != "" {
		t.Error(diff)
	}
	if mean := (600*140 + 300*160 + 200*145) / 1100.0; math.Abs(h.MeanBPM-mean) > 1e-9 || math.Abs(h.Coverage-1100.0/1200) > 1e-9 {
		t.Errorf("mean %v, want %v; coverage %v", h.MeanBPM, mean, h.Coverage)
	}
	none := reduce(t, synth(leg{600, 3, 160, 0})).Heart
	if !math.IsNaN(none.MeanBPM) || none.Coverage != 0 || none.Hist != "" {
		t.Errorf("without a heart rate: %+v", none)
	}
}

// TestHeartOfSparseSamples takes every fourth sample only, as smart recording does: times weigh, not counts.
func TestHeartOfSparseSamples(t *testing.T) {
	a := heartLegs(leg{600, 3, 160, 0}, leg{600, 3, 180, 0})
	b := keep(a, func(i int) bool { return i%4 == 0 || i > 600 })
	dense, sparse := reduce(t, a).Heart, reduce(t, b).Heart
	if math.Abs(dense.MeanBPM-sparse.MeanBPM) > 0.1 {
		t.Errorf("%.2f with all samples, %.2f with some", dense.MeanBPM, sparse.MeanBPM)
	}
}

func TestPace(t *testing.T) {
	legs := []leg{{600, 3, 160, 0}, {120, 1.4, 110, 0}, {300, 2.5, 158, 0.06}, {300, 4.1, 170, -0.06}, {600, 3, 162, 0}}
	p := reduce(t, synth(legs...)).Pace
	// The grade is that of 100 m around a sample, so that the ends of a slope are blurred.
	if got := p.Seconds(); math.Abs(got-1800) > 2 {
		t.Errorf("%v s of running, want 1800 without the walk", got)
	}
	fast := 0.0
	for _, c := range p.Down.Hist() {
		if c.Bin == 20 {
			fast = float64(c.Seconds)
		}
		if c.Bin == 12 {
			t.Errorf("the climb is downhill: %+v", p.Down)
		}
	}
	if fast < 270 {
		t.Errorf("%v s of 300 are fast and downhill: %+v", fast, p.Down)
	}
	for _, c := range p.Flat.Hist() {
		if c.Bin == 15 && (c.SPM != 161 || c.Seconds < 1150) {
			t.Errorf("%+v, want about 1200 s at 161", c)
		}
	}
	a := synth(legs...)
	a.Samples.CadenceSPM = nil
	for _, c := range reduce(t, a).Pace.Flat.Hist() {
		if c.SPM != 0 {
			t.Errorf("a cadence out of nowhere: %+v", c)
		}
	}
	a = synth(legs...)
	a.Elevation = ingest.GPSAltitude
	if p := reduce(t, a).Pace; p.Down != "" {
		t.Errorf("downhill by GPS altitude: %+v", p.Down)
	}
}

func TestSpread(t *testing.T) {
	s := NewHeartSpread()
	if !math.IsNaN(s.Quantile(0.5)) {
		t.Error("a median of nothing")
	}
	s.Hist(Hist{{Bin: 28, Seconds: 100}, {Bin: 30, Seconds: 300}}.Pack(), 1)
	for q, want := range map[float64]float64{0: 140, 0.125: 142.5, 0.25: 145, 0.5: 150 + 5.0/3, 1: 155} {
		if got := s.Quantile(q); math.Abs(got-want) > 1e-9 {
			t.Errorf("quantile %v: %v, want %v", q, got, want)
		}
	}
	for v, want := range map[float64]float64{0: 400, 140: 400, 144: 320, 147: 300, 152.5: 150, 155: 0, 300: 0} {
		if got := s.SecondsAbove(v); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v s from %v, want %v", got, v, want)
		}
	}
}

// TestSpreadForgets adds runs and takes some away again: what is left is as if they had never been there.
func TestSpreadForgets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		draw := func() PackedHist {
			var h Hist
			for bin := range 20 {
				h = append(h, HistCell{Bin: uint8(bin), Seconds: float32(1000 * rnd.Float64())})
			}
			return h.Pack()
		}
		a, b := NewSpeedSpread(), NewSpeedSpread()
		var gone []PackedHist
		for range rapid.IntRange(0, 30).Draw(t, "runs") {
			h := draw()
			a.Hist(h, 1)
			if rnd.IntN(2) == 0 {
				b.Hist(h, 1)
			} else {
				gone = append(gone, h)
			}
		}
		for _, h := range gone {
			a.Hist(h, -1)
		}
		if a != b {
			t.Fatal("something is left")
		}
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		if v := b.Quantile(q); b.Seconds() > 0 && math.Abs(b.SecondsAbove(v)-(1-q)*b.Seconds()) > 1e-6*b.Seconds() {
			t.Fatalf("%v s lie above the %v quantile of %v s", b.SecondsAbove(v), q, b.Seconds())
		}
	})
}
