package surface_test

import (
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/sim"
)

func TestOval(t *testing.T) {
	var m surface.Matcher
	for _, sigma := range []float64{2, 3, 5, 7, 10} {
		found, sure, claimed, truth, over := 0, 0, 0.0, 0.0, 0.0
		const n = 200
		for i := range n {
			r := sim.Laps(sim.Oval, sim.Watch(sigma), uint64(i))
			res := m.Judge(surface.Input{Trace: r.Trace, DistM: r.DistM})
			on := 0.0
			for _, w := range r.Way {
				on += float64(w)
			}
			on *= r.DistM / float64(len(r.Way))
			truth += on
			c := res.ClassM[surface.Track]
			claimed += min(c, on)
			over += max(0, c-on)
			if c > 400 {
				found++
				if !res.ProbableTrack {
					sure++
				}
			}
		}
		t.Logf("sigma %v: %d of %d found, %d sure, %.1f %% of metres, over %.1f %%", sigma, found, n, sure, 100*claimed/truth, 100*over/truth)
		for _, shape := range []sim.Shape{sim.Block, sim.Rectangle, sim.Park, sim.Irregular} {
			found, sure := 0, 0
			for i := range n {
				r := sim.Laps(shape, sim.Watch(sigma), uint64(i))
				res := m.Judge(surface.Input{Trace: r.Trace, DistM: r.DistM})
				if res.ClassM[surface.Track] > 0 {
					found++
					if !res.ProbableTrack {
						sure++
					}
				}
			}
			t.Logf("   shape %d: %d of %d, %d sure", shape, found, n, sure)
		}
	}
}
