package report

import (
	"math"
	"strings"
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
		{"a jump", 0, 30_000, 25_000, rule(tenPercent), tenPercent, "25.0 km without a note, and at most 30.0 km if the week before was an easy one (ten-percent)"},
		{"a jump that is run already", 25_000, 30_000, 25_000, rule(tenPercent), spike,
			"no more without a note, 25.0 km are run (ten-percent), and at most 5.0 km more, to 30.0 km in all, if the week before was an easy one (" + spike + ")"},
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

// TestHeldWeek has the advice of a jump about the week that it is for: the one after it, by its name once that has begun, and
// no longer when it is over or as long.
func TestHeldWeek(t *testing.T) {
	const weeks = "week 2026-03-16 x9 _ 6 _ 6 _ _ 9\nweek +1 _ 9 9 9 9 _ 9\n"
	for _, tc := range []struct{ name, note, want, not string }{
		{"the next week", weeks, "Hold the next week at 45.0 km or less", "this week"},
		{"this week", weeks + "week +1 _ 6 6", "Hold this week at 45.0 km or less before adding more.", "next week"},
		{"as long already", weeks + "week +1 9 9 9 9 9 1", "", "Hold the"},
		{"over", weeks + "week +1 _ 6 _ 6 _ _ 9\nweek +1 6", "", "Hold"},
	} {
		in := input(t, tc.note, 8, analyze.Kilometres)
		in.From = in.Log.AsOf - 27
		if next := Build(in).Doc.Next; !strings.Contains(next, tc.want) || strings.Contains(next, tc.not) {
			t.Errorf("%s: %s", tc.name, next)
		}
	}
}

// TestWayBack has no distance of its own in the advice after a return too fast: the budget's beside it is the coming week's.
func TestWayBack(t *testing.T) {
	const weeks = "week 2026-03-16 x9 _ 8 _ 8 _ _ 12\nweek +4 _ 9 9 _ 9 _ _\n"
	for _, tc := range []struct{ name, note, want, not string }{
		{"in the week", weeks, "Come back in three or more short runs a week", "Come back with"},
		{"two weeks later", weeks + "week +1 _ 4 _ 4 _ _ 4\nweek +1 _ 4", "", "Come back"},
	} {
		in := input(t, tc.note, 8, analyze.Kilometres)
		in.From = in.Log.AsOf - 27
		if next := Build(in).Doc.Next; !strings.Contains(next, tc.want) || strings.Contains(next, tc.not) {
			t.Errorf("%s: %s", tc.name, next)
		}
	}
}
