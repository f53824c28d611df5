package rules

import (
	"math"

	"kneecheck/analyze"
)

// What has been told or acknowledged is news again when it is worse. A runner who hears of the same streak every morning
// stops reading, so a figure that moves by itself must have moved enough; both shares are choices of this program.
const (
	// grownBy is the part of itself by which a figure that only grows must be more: a streak of 8 days is told again from 12.
	grownBy = 0.5
	// drifted is the part of its limit by which the figure of a state, which each day sees anew, must lie further beyond it.
	drifted = 0.1
)

// worse tells whether the finding is worse than a severity and a value, NaN for any value: it is more severe, or its value
// lies further beyond the limit, by the part that the kind of rule asks for. What is printed alike is alike.
func (f *Finding) worse(severity Severity, value float64, u analyze.Units) bool {
	if f.Severity > severity {
		return true
	}
	if math.IsNaN(value) {
		return false
	}
	more, least := f.further(value, u), 0.0
	switch {
	case f.Rule.Grows:
		least = grownBy * value
	case f.Rule.State:
		least = drifted * math.Abs(f.Limit)
	}
	return more > 0 && more >= roundTo(least, 4)
}

// further is how much further beyond the limit the finding's value lies than another one; less than 0 for not as far.
func (f *Finding) further(than float64, u analyze.Units) float64 {
	now, then := roundTo(f.Value, 4), roundTo(than, 4)
	if f.Unit == Metres && u != "" {
		now, then = roundTo(u.Round(now), 1), roundTo(u.Round(then), 1)
	}
	switch {
	case f.Value > f.Limit:
		return roundTo(now-then, 4)
	case f.Value < f.Limit:
		return roundTo(then-now, 4)
	}
	return 0 // just at the limit: nothing of the rule can be less
}
