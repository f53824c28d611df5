package surface_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/sim"
)

// score is how well runs were matched. Shares are of the positions whose true way has a known ground and is on the map.
type score struct {
	class, group               float64
	nearestClass, nearestGroup float64
	falseUnknown               float64
	// offMap is the share of positions on ways that are not on the map which are called unknown.
	offMap float64
	// hardMean and hardP95 are of the error of the hard share of a run, covered is how many runs its interval holds, and
	// width the mean width.
	hardMean, hardP95, covered, width float64
	sigma                             float64
	pointsPerS                        float64
	points                            int
}

func (s score) String() string {
	return fmt.Sprintf("class %.4f group %.4f, nearest %.4f/%.4f (errors %.2f of it), hard share error mean %.4f p95 %.4f, 80 %% covers %.2f (width %.3f), false unknown %.4f, off map %.2f, sigma %.1f, %.0f k points/s",
		s.class, s.group, s.nearestClass, s.nearestGroup, (1-s.class)/(1-s.nearestClass), s.hardMean, s.hardP95, s.covered, s.width, s.falseUnknown, s.offMap, s.sigma, s.pointsPerS/1000)
}

// world is a map to match runs to, and which ways of the graph it knows.
type world struct {
	ground *surface.Ground
	kept   []bool
}

// evaluate matches runs to the worlds, to each in turn, and compares with the truth.
func evaluate(g *sim.Graph, runs []sim.Run, worlds ...world) score {
	var m surface.Matcher
	var s score
	var right, rightGroup, near, nearGroup, all, unknown, off, offFlagged float64
	var errors []float64
	covered, judged := 0.0, 0.0
	var spent time.Duration
	for n, r := range runs {
		ground, kept := worlds[n%len(worlds)].ground, worlds[n%len(worlds)].kept
		start := time.Now()
		res := m.Match(ground, r.Trace, r.DistM)
		spent += time.Since(start)
		calls, sigma := m.MatchSteps(ground, r.Trace)
		nearest := m.NearestSteps(ground, r.Trace)
		s.sigma += sigma / float64(len(runs))
		hard, known := 0.0, 0.0
		at := 0
		for i, w := range r.Way {
			t := r.Trace.T[i]
			for at+1 < len(calls) && math.Abs(calls[at+1].T-t) <= math.Abs(calls[at].T-t) {
				at++
			}
			way := &g.Ways[w]
			known++
			if way.Truth.Group() == surface.Hard {
				hard++
			}
			if !way.Scored {
				continue
			}
			if !kept[w] {
				off++
				if !calls[at].Known {
					offFlagged++
				}
			}
			all++
			if kept[w] && !calls[at].Known {
				unknown++
			}
			if c := calls[at]; c.Known {
				if c.Class == way.Truth {
					right++
				}
				if c.Class.Group() == way.Truth.Group() {
					rightGroup++
				}
			}
			if c := nearest[i]; c.Known {
				if c.Class == way.Truth {
					near++
				}
				if c.Class.Group() == way.Truth.Group() {
					nearGroup++
				}
			}
		}
		s.points += len(r.Way)
		if math.IsNaN(res.HardShare) {
			continue
		}
		truth := hard / known
		judged++
		errors = append(errors, math.Abs(truth-res.HardShare))
		s.width += res.HardHigh - res.HardLow
		if truth >= res.HardLow && truth <= res.HardHigh {
			covered++
		}
	}
	s.class, s.group, s.nearestClass, s.nearestGroup = right/all, rightGroup/all, near/all, nearGroup/all
	s.falseUnknown = unknown / all
	if off > 0 {
		s.offMap = offFlagged / off
	}
	slices.Sort(errors)
	for _, e := range errors {
		s.hardMean += e / judged
	}
	if judged > 0 {
		s.hardP95 = errors[int(0.95*judged)]
		s.covered, s.width = covered/judged, s.width/judged
	}
	s.pointsPerS = float64(s.points) / spent.Seconds()
	return s
}
