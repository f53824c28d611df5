package rules

import "kneecheck/analyze"

// reboundWeeks is how many weeks before show what a runner is used to (DESIGN: the largest of the four weeks before).
const reboundWeeks = 4

// weekStep is a week's distance against the weeks before it, rounded to what is printed.
type weekStep struct {
	distM, beforeM, bestM float64
	// over and overBest are the ratios to the week before and to the best of the four weeks before.
	over, overBest   float64
	maxRatio, floorM float64
	units            analyze.Units
}

// weekStep compares a distance with the weeks that precede it; false when the last of them cannot be compared with.
func (p *Pass) weekStep(before []analyze.Week, distM float64) (weekStep, bool) {
	s := weekStep{distM: p.U.Round(distM), maxRatio: p.Value("max_ratio"), floorM: p.U.Round(p.Value("floor_m")), units: p.U}
	if len(before) == 0 {
		return s, false
	}
	for _, w := range before[max(0, len(before)-reboundWeeks):] {
		if w.Complete {
			s.bestM = max(s.bestM, p.U.Round(w.DistM))
		}
	}
	last := before[len(before)-1]
	s.beforeM = p.U.Round(last.DistM)
	if !last.Complete || !(s.beforeM > 0) {
		return s, false
	}
	s.over, s.overBest = roundTo(s.distM/s.beforeM, 3), roundTo(s.distM/s.bestM, 3)
	return s, true
}

func (s weekStep) verdict() (Severity, bool) {
	fires := s.over > s.maxRatio && s.units.Round(s.distM-s.beforeM) >= s.floorM
	if s.overBest > s.maxRatio {
		return Warning, fires
	}
	return Note, fires
}
