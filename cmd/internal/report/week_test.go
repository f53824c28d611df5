package report

import (
	"testing"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

func TestWeekView(t *testing.T) {
	for _, tc := range []struct {
		name, note    string
		start         civil.Date
		head, changed string
	}{
		{"longer long run", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ 6 _ 6 _ _ 14", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 26.0 km in 3 runs (+18 % on the week before)",
			"Sun 7 Jun: 14.0 km, 4.0 km longer than the longest of the week before (Sun 31 May: 10.0 km)."},
		{"longer second run", "week 2026-05-18 x2 _ 5 _ 5 _ _ 10\nweek +1 _ 9 _ 5 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 24.0 km in 3 runs (+20 % on the week before)",
			"Tue 2 Jun: 9.0 km, 4.0 km longer than its counterpart of the week before (Tue 26 May: 5.0 km)."},
		{"one run more", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ 6 _ 6 7 _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 29.0 km in 4 runs (+32 % on the week before)",
			"1 run more than the week before (Fri 5 Jun: 7.0 km)."},
		{"one run fewer", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ 6 _ _ _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 16.0 km in 2 runs (−27 % on the week before)",
			"1 run fewer than the week before (Thu 28 May: 6.0 km)."},
		{"more runs, less far", "week 2026-05-18 x2 _ 6 _ 6 _ _ 18\nweek +1 _ 6 _ 6 2 _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 24.0 km in 4 runs (−20 % on the week before)",
			"Sun 7 Jun: 10.0 km, 8.0 km shorter than the longest of the week before (Sun 31 May: 18.0 km)."},
		{"two runs on the old days", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ 6+5 _ 6 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 27.0 km in 4 runs (+23 % on the week before)",
			"1 run more than the week before."},
		{"no run", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ _ _ _ _ _ _", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: no run (−100 % on the week before)", ""},
		{"after no run", "week 2026-05-18 _ 6 _ 6 _ _ 10\nweek +2 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs (after a week without a run)", ""},
		{"the first week", "week 2026-06-01 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs", ""},
		{"in progress", "week 2026-05-25 _ 6 _ 6 _ _ 10\nweek +1 _ 6 5", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026, so far (to Wed 3 Jun): 11.0 km in 2 runs (22.0 km the week before)", ""},
		{"across months", "week 2026-06-15 x4 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 29),
			"Week of 29 June – 5 July 2026: 22.0 km in 3 runs (±0 % on the week before)", "About as far as the week before."},
		{"before the log", "week 2026-06-22 x3 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 1), "Week of 1–7 June 2026: no run", ""},
		{"cadence and hills", "altitude barometer\nweek 2026-05-18 x2 _ 6@165 _ 6@165 _ _ 10@165v1000:60\nweek +1 _ 6@160 _ 6@160 _ _ 10@160v4000:260", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs (±0 % on the week before)",
			"About as far as the week before. Cadence 160 spm after 165. Downhill 260 m after 60 m."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newWeekView(Build(weekOf(input(t, tc.note, 8, analyze.Kilometres), tc.start)))
			if v.head != tc.head {
				t.Errorf("head\n got %s\nwant %s", v.head, tc.head)
			}
			got := ""
			for i, s := range v.changed {
				if i > 0 {
					got += " "
				}
				got += s
			}
			if got != tc.changed {
				t.Errorf("changed\n got %s\nwant %s", got, tc.changed)
			}
		})
	}
}
