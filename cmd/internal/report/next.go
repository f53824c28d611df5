package report

import (
	"fmt"
	"math"
	"strings"

	"kneecheck/ingest/civil"
)

// Budget is the longest run of one day that keeps every rule that is on below a warning.
type Budget struct {
	Day civil.Date
	// LongestM is NaN when not known, infinite when no rule limits it.
	LongestM float64
	// Limit is the name of the rule that sets it, empty when none does.
	Limit string
}

func budget(in Input) Budget {
	return Budget{Day: in.Log.AsOf + 1, LongestM: math.NaN()}
}

// nextStep is the one thing to do now, in words.
func nextStep(r *Report) string {
	d, s := &r.Doc, &r.Screen
	if len(d.Runs) == 0 {
		title := s.Title
		if title == "" {
			title = "PATH"
		}
		return "Run kneecheck ingest " + title + " to see what became of every file."
	}
	var parts []string
	b := s.Budget
	switch {
	case math.IsNaN(b.LongestM), math.IsInf(b.LongestM, 0):
	case b.LongestM <= 0:
		parts = append(parts, fmt.Sprintf("No run on %s (%s).", dayOf(b.Day), b.Limit))
	default:
		parts = append(parts, fmt.Sprintf("Next run, %s: at most %s (%s).", dayOf(b.Day), s.Units.Dist(b.LongestM), b.Limit))
	}
	return strings.Join(parts, " ")
}
