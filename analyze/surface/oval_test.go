package surface_test

import (
	"math"
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/sim"
)

// laps is what becomes of simulated runs of one shape: how many were taken for a track, surely or probably, and the metres
// of track found, of those there are, and claimed beyond.
type laps struct {
	found, sure              int
	trackM, foundM, claimedM float64
}

func judgeLaps(shape sim.Shape, sigmaM float64, n int) (out laps) {
	var m surface.Matcher
	for seed := range uint64(n) {
		r := sim.Laps(shape, sim.Watch(sigmaM), seed)
		res := m.Judge(surface.Input{Trace: r.Trace, DistM: r.DistM})
		var trackM float64
		for _, w := range r.Way {
			trackM += float64(w) * r.DistM / float64(len(r.Way))
		}
		claimed := res.ClassM[surface.Track]
		out.trackM += trackM
		out.foundM += min(claimed, trackM)
		out.claimedM += max(0, claimed-trackM)
		if claimed > 0 {
			out.found++
			if !res.ProbableTrack {
				out.sure++
			}
		}
	}
	return out
}

func TestLapsFound(t *testing.T) {
	tests := []struct {
		sigmaM      float64
		found, sure float64
		coverage    float64
	}{{2, .98, .98, .93}, {5, .98, .9, .93}, {10, .8, 0, .7}}
	const n = 60
	for _, tt := range tests {
		l := judgeLaps(sim.Oval, tt.sigmaM, n)
		t.Logf("sigma %v: %d of %d found, %d sure, %.1f %% of the metres, %.1f %% too many", tt.sigmaM, l.found, n, l.sure, 100*l.foundM/l.trackM, 100*l.claimedM/l.trackM)
		if float64(l.found) < tt.found*n || float64(l.sure) < tt.sure*n || l.foundM < tt.coverage*l.trackM || l.claimedM > .01*l.trackM {
			t.Errorf("sigma %v: %+v", tt.sigmaM, l)
		}
	}
}

// Other loops are no track. A park loop may have a track's shape to within what noise lets one see.
func TestLapsOfOtherShapes(t *testing.T) {
	const n = 40
	for _, shape := range []sim.Shape{sim.Block, sim.Rectangle, sim.Irregular} {
		for _, sigma := range []float64{2, 5} {
			if l := judgeLaps(shape, sigma, n); l.found > 0 {
				t.Errorf("shape %d, sigma %v: %d of %d taken for a track, %d surely", shape, sigma, l.found, n, l.sure)
			}
		}
		if l := judgeLaps(shape, 10, n); l.sure > 0 {
			t.Errorf("shape %d, sigma 10: %d of %d surely taken for a track", shape, l.sure, n)
		}
	}
	if l := judgeLaps(sim.Park, 5, n); l.found > n/3 {
		t.Errorf("park loops, sigma 5: %d of %d taken for a track", l.found, n)
	}
}

// No run over the ways of the town is taken for one on a track.
func TestNoLaps(t *testing.T) {
	g := graphOf(t, townFile(t, 0))
	var m surface.Matcher
	for seed := range uint64(25) {
		r := g.Run(sim.Watch([]float64{2, 5, 10}[seed%3]), 9000+seed)
		track := 0
		for _, w := range r.Way {
			if g.Ways[w].Truth == surface.Track {
				track++
			}
		}
		if res := m.Judge(surface.Input{Trace: r.Trace, DistM: r.DistM}); res.ClassM[surface.Track] > 0 && track < 100 {
			t.Errorf("run %d: %.0f m of track", seed, res.ClassM[surface.Track])
		}
	}
}

// No session with laps that are found is ruled out by a glance, and what is no lap by far is.
func TestGlance(t *testing.T) {
	for _, sigma := range []float64{1, 2, 5, 10} {
		for seed := range uint64(50) {
			if r := sim.Laps(sim.Oval, sim.Watch(sigma), seed); !surface.MayHoldLaps(r.Trace) {
				t.Errorf("sigma %v, seed %d: laps ruled out", sigma, seed)
			}
		}
	}
	line := func(n int, lat func(i int) float64) surface.Trace {
		var tr surface.Trace
		for i := range n {
			tr.T, tr.LatDeg, tr.LonDeg = append(tr.T, float64(i)), append(tr.LatDeg, lat(i)), append(tr.LonDeg, 8.5)
		}
		return tr
	}
	const perS = 3.0 / 111_000 // three metres
	for _, tt := range []struct {
		name  string
		trace surface.Trace
		want  bool
	}{
		{"a straight run", line(3600, func(i int) float64 { return 50 + perS*float64(i) }), false},
		{"out and back", line(3600, func(i int) float64 { return 50 + perS*float64(min(i, 3600-i)) }), false},
		{"up and down 200 m of road", line(3600, func(i int) float64 { return 50 + perS*math.Abs(float64(i%134-67)) }), true},
		{"on the spot", line(3600, func(int) float64 { return 50 }), true},
		{"no position", line(3600, func(int) float64 { return math.NaN() }), true},
		{"nothing", surface.Trace{}, true},
	} {
		if got := surface.MayHoldLaps(tt.trace); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
