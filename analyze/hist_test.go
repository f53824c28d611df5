package analyze

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestExpectedCadence(t *testing.T) {
	nan := math.NaN()
	tests := []struct{ mps, cm, want float64 }{
		{3.04, nan, 165},
		{2.4, nan, 160.84},
		{3.3, nan, 166.69},
		{3.8, nan, 169.94},
		{4.6, nan, 175.14},
		{3.04, 175, 165},
		{3.04, 185, 160},
		{3.04, 160, 172.5},
		{2.39, nan, nan},
		{4.61, nan, nan},
		{nan, 175, nan},
	}
	for _, tt := range tests {
		got := ExpectedCadence(tt.mps, tt.cm)
		if math.Abs(got-tt.want) > 1e-9 || (got == got) != (tt.want == tt.want) {
			t.Errorf("ExpectedCadence(%g, %g) = %g, want %g", tt.mps, tt.cm, got, tt.want)
		}
	}
}

func TestNewHistCell(t *testing.T) {
	for bin := range histBins {
		v := float64(bin) / 5
		if c := NewHistCell(v, 169.6, 2); c.Bin != uint8(bin) || c.SPM != 170 || c.Seconds != 2 {
			t.Errorf("NewHistCell(%g) = %+v", v, c)
		}
	}
	if c := NewHistCell(1000, 1000, 1); c.Bin != 255 || c.SPM != 255 {
		t.Errorf("beyond the range: %+v", c)
	}
	near(t, "middle of the bin", HistCell{Bin: 15}.SpeedMPS(), 3.1, 1e-9)
}

func hist(cells ...[3]float64) Hist {
	var h Hist
	for _, c := range cells {
		h = append(h, NewHistCell(c[0], c[1], c[2]))
	}
	return MergeHists(h.Pack())
}

func TestMergeHists(t *testing.T) {
	got := MergeHists(hist([3]float64{3, 170, 10}, [3]float64{2.6, 160, 5}).Pack(), "", hist([3]float64{3, 170, 7}, [3]float64{3, 168, 1}).Pack())
	want := Hist{{13, 160, 5}, {15, 168, 1}, {15, 170, 17}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if MergeHists() != nil || MergeHists("", "") != nil {
		t.Error("nothing merged is not nil")
	}
	if s := got.Seconds(); s != 23 {
		t.Errorf("seconds = %g", s)
	}
}

func TestBySpeed(t *testing.T) {
	h := hist([3]float64{2.6, 160, 5}, [3]float64{3, 166, 1}, [3]float64{3, 168, 1}, [3]float64{3, 172, 2})
	want := []SpeedCadence{{13, 5, 160, 160}, {15, 4, 169.5, 170}}
	if d := cmp.Diff(want, h.BySpeed()); d != "" {
		t.Error(d)
	}
	near(t, "mean", h.MeanSPM(), (800+166+168+344)/9.0, 1e-9)
	near(t, "middle", h.BySpeed()[0].SpeedMPS(), 2.7, 1e-9)
	isNaN(t, "mean of nothing", Hist(nil).MeanSPM())
	if Hist(nil).BySpeed() != nil {
		t.Error("bins of nothing")
	}
}

func TestVersusExpected(t *testing.T) {
	// 155 at 3.1 m/s, where 165.39 is expected, and a sprint and a shuffle that no expectation covers.
	h := hist([3]float64{3.0, 155, 1000}, [3]float64{3.0, 170, 400}, [3]float64{5, 190, 5000}, [3]float64{2.2, 140, 5000})
	diff, seconds := h.VersusExpected(math.NaN())
	near(t, "difference", diff, 155-165.39, 1e-9)
	near(t, "seconds", seconds, 1400, 1e-9)
	tall, _ := h.VersusExpected(195)
	near(t, "difference of a tall runner", tall, 155-155.39, 1e-9)
	none, seconds := Hist(nil).VersusExpected(175)
	isNaN(t, "difference of nothing", none)
	near(t, "seconds of nothing", seconds, 0, 0)
}

func TestMatchedChange(t *testing.T) {
	before := hist([3]float64{2.6, 160, 5000}, [3]float64{3, 170, 1000}, [3]float64{4, 180, 900})
	tests := []struct {
		name            string
		now             Hist
		change, seconds float64
	}{
		{"the same", before, 0, 6900},
		{"slower running is no drop", hist([3]float64{2.6, 160, 9000}, [3]float64{3, 170, 10}), 0, 5010},
		{"five percent down", hist([3]float64{3, 161.5 + 0.5, 500}, [3]float64{3, 161, 500}), -0.05, 1000},
		{"a speed never run before does not count", hist([3]float64{3, 170, 500}, [3]float64{3.4, 150, 5000}), 0, 500},
	}
	for _, tt := range tests {
		change, seconds := MatchedChange(tt.now, before)
		near(t, tt.name+": change", change, tt.change, 1e-9)
		near(t, tt.name+": seconds", seconds, tt.seconds, 1e-9)
	}
	change, seconds := MatchedChange(hist([3]float64{5, 190, 100}), before)
	isNaN(t, "no common speed", change)
	near(t, "no common seconds", seconds, 0, 0)
}

// TestMergeHistsInAnyOrder merges in parts and in another order.
func TestMergeHistsInAnyOrder(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) PackedHist {
		var h Hist
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			h = append(h, HistCell{rapid.Uint8().Draw(t, "bin"), rapid.Uint8().Draw(t, "spm"), float32(rapid.IntRange(1, 1000).Draw(t, "seconds"))})
		}
		return MergeHists(h.Pack()).Pack()
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := draw.Draw(t, "a"), draw.Draw(t, "b"), draw.Draw(t, "c")
		if d := cmp.Diff(MergeHists(a, b, c), MergeHists(c, MergeHists(b, a).Pack())); d != "" {
			t.Fatal(d)
		}
	})
}
