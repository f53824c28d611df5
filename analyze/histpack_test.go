package analyze

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestPackKeepsEveryCell packs times that are whole, not whole and no times at all, one behind the other and apart.
func TestPackKeepsEveryCell(t *testing.T) {
	seconds := rapid.OneOf(rapid.Map(rapid.IntRange(0, 1<<25), func(n int) float32 { return float32(n) }), rapid.Float32(),
		rapid.SampledFrom([]float32{0, float32(math.Copysign(0, -1)), 1<<24 - 1, 1 << 24, -1, float32(math.Inf(1)), float32(math.NaN())}))
	rapid.Check(t, func(t *rapid.T) {
		var h Hist
		for range rapid.IntRange(0, 30).Draw(t, "cells") {
			c := HistCell{rapid.Uint8().Draw(t, "bin"), rapid.Uint8().Draw(t, "spm"), seconds.Draw(t, "seconds")}
			if n := len(h); n > 0 && rapid.Bool().Draw(t, "follows") {
				c.Bin, c.SPM = h[n-1].Bin, h[n-1].SPM+1
			}
			h = append(h, c)
		}
		sameBits := cmp.Comparer(func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) })
		if d := cmp.Diff(h, h.Pack().Hist(), sameBits); d != "" {
			t.Fatalf("(-packed +unpacked):\n%s", d)
		}
	})
}

// TestPackIsSmall: a run of an hour at one speed with ten cadences.
func TestPackIsSmall(t *testing.T) {
	var h Hist
	for spm := range uint8(10) {
		h = append(h, HistCell{Bin: 14, SPM: 160 + spm, Seconds: 50})
	}
	if n := len(h.Pack()); n != 12 {
		t.Errorf("ten cells take %d bytes, want 12: one each, and two for the first one's bin and cadence", n)
	}
}

// TestUnpackNonsense: what Pack has not made gives what is sound of it and nothing more.
func TestUnpackNonsense(t *testing.T) {
	sound := Hist{{Bin: 14, SPM: 160, Seconds: 50}}
	for _, tail := range []string{"\x02", "\x02\x0e", "\x00\x0e\xa0\x00\x00\x80", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		if d := cmp.Diff(sound, (sound.Pack() + PackedHist(tail)).Hist()); d != "" {
			t.Errorf("behind it %q (-want +got):\n%s", tail, d)
		}
	}
}
