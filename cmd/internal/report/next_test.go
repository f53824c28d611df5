package report

import (
	"math"
	"testing"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// TestLimits has the reason of each figure behind it, and no jump where the note is about something else.
func TestLimits(t *testing.T) {
	rule := func(name string) *rules.Rule {
		r, ok := rules.Find(name)
		if !ok {
			t.Fatal(name)
		}
		return r
	}
	const spike = "leaving out the spike of 24 Nov"
	for _, tc := range []struct {
		name                 string
		doneM, limitM, quiet float64
		noted                *rules.Rule
		short, want          string
	}{
		{"no note", 10_000, 30_000, math.NaN(), nil, spike, "at most 20.0 km more, to 30.0 km in all (" + spike + ")"},
		{"a jump", 0, 30_000, 25_000, rule(tenPercent), tenPercent, "at most 25.0 km (ten-percent), or 30.0 km if the week before was an easy one"},
		{"a jump that is run already", 25_000, 30_000, 25_000, rule(tenPercent), spike,
			"no more, 25.0 km are run (ten-percent), or 30.0 km in all if the week before was an easy one (" + spike + ")"},
		{"a note about days and no jump", 10_000, 30_000, 25_000, rule("no-rest-after-long-run"), spike,
			"at most 20.0 km more, to 30.0 km in all (" + spike + ")"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			nan := math.NaN()
			day := rules.DayBudget{Date: civil.Date(20_000), LongestM: nan, QuietM: nan}
			week := rules.WeekBudget{Start: day.Date, DoneM: tc.doneM, LimitM: tc.limitM, LeftM: tc.limitM - tc.doneM, QuietM: tc.quiet, Noted: tc.noted, Short: tc.short}
			r := &Report{Screen: Screen{Units: analyze.Kilometres, Budget: Budget{Day: day, Best: day, Week: week}}}
			if got := r.limits(""); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
