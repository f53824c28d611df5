package analyze

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kneecheck/ingest"
)

// TestMemoryOfTheLastActivity reduces activities of all lengths and with all columns missing at times one after the other in the
// same memory, and wants what each gives by itself.
func TestMemoryOfTheLastActivity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s streets
		var j judge
		for range rapid.IntRange(2, 6).Draw(t, "activities") {
			a := randomActivity(t)
			want, wantProblem := Reduce(a)
			got, problem := figures(a, &j.workspace)
			if got.Run != nil {
				result, _, _ := s.judge(a, got.Run, &j.matcher)
				got.Run.Surface = surfaceOf(&result, got.Run.DistM)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" || (problem == nil) != (wantProblem == nil) {
				t.Fatalf("by itself %v, behind others %v (-by itself +behind others):\n%s", wantProblem, problem, d)
			}
		}
	})
}

// randomActivity draws a run whose columns may be missing and which may have pauses, jumps and no movement at all.
func randomActivity(t *rapid.T) *ingest.Activity {
	a := synth(randomLegs(t)...)
	if every := rapid.SampledFrom([]int{1, 1, 7, 40}).Draw(t, "every"); every > 1 {
		a = keep(a, func(i int) bool { return i%every == 0 })
	}
	if n := rapid.SampledFrom([]int{-1, -1, -1, 0, 1, 2, 90}).Draw(t, "samples"); n >= 0 {
		a = keep(a, func(i int) bool { return i < n })
	}
	if rapid.Bool().Draw(t, "paused") {
		a.Pauses = []ingest.Interval{{FromS: 50, ToS: 80}, {FromS: 200, ToS: 900}}
	}
	a.Elevation = rapid.SampledFrom([]ingest.ElevSource{ingest.Barometer, ingest.GPSAltitude, ingest.ElevUnknown}).Draw(t, "altitude by")
	a.Kind = rapid.SampledFrom([]ingest.Kind{ingest.Unspecified, ingest.Treadmill, ingest.Track}).Draw(t, "kind")
	s := &a.Samples
	for i, column := range []*[]float64{&s.DistM, &s.SpeedMPS, &s.ElevM, &s.CadenceSPM} {
		if rapid.IntRange(0, 4).Draw(t, []string{"no distance", "no speed", "no altitude", "no cadence"}[i]) == 0 {
			*column = nil
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "no place") == 0 {
		s.LatDeg, s.LonDeg = nil, nil
	}
	if n := len(s.DistM); n > 2 && rapid.IntRange(0, 4).Draw(t, "jump") == 0 {
		for i := n / 2; i < n; i++ {
			s.DistM[i] += 3000
		}
	}
	return a
}
