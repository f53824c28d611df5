package report

import "math"

// expectedCadence stands in until package analyze has its own.
func expectedCadence(mps, heightCM float64) float64 {
	if mps < 2.4 || mps > 4.6 {
		return math.NaN()
	}
	e := 165 + 6.5*(mps-3.04)
	if !math.IsNaN(heightCM) {
		e -= 0.5 * (heightCM - 175)
	}
	return e
}
