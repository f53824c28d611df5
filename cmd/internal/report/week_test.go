package report

import (
	"strings"
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
			"Tue 2 Jun: 9.0 km, 4.0 km longer than the second-longest of the week before (Tue 26 May: 5.0 km)."},
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
		{"what is no run is no measure", "week 2026-05-18 x2 _ 6 _ 6 0.1 _ 10\nweek +1 _ 6 _ 6 5 _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 27.0 km in 4 runs (+22 % on the week before)",
			"1 run more than the week before (Fri 5 Jun: 5.0 km), those too short for a run day aside."},
		{"what is hardly a run is counted and told", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ 6+0.1 _ 6 0.1 _ 14", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 26.2 km in 5 runs, 2 of them too short for a run day (+19 % on the week before)",
			"Sun 7 Jun: 14.0 km, 4.0 km longer than the longest of the week before (Sun 31 May: 10.0 km)."},
		{"a long run among more runs", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ 6 _ 6 2 _ 22", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 36.0 km in 4 runs (+64 % on the week before)",
			"Sun 7 Jun: 22.0 km, 12.0 km longer than the longest of the week before (Sun 31 May: 10.0 km); 1 run more."},
		{"a short run among fewer runs", "week 2026-05-18 x2 _ 2 _ 6 _ _ 20\nweek +1 _ _ _ 6 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 16.0 km in 2 runs (−43 % on the week before)",
			"Sun 7 Jun: 10.0 km, 10.0 km shorter than the longest of the week before (Sun 31 May: 20.0 km); 1 run fewer."},
		{"one of two weeks without a run", "week 2026-05-18 _ 6 _ 6 _ _ 10\nweek +1 _ _ _ _ _ _ _\nweek +1 _ _ _ _ _ _ _", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: no run (the last was on Sun 24 May)", ""},
		{"ground", "week 2026-05-18 x2 _ 6/road _ 6/road _ _ 10/trail\nweek +1 _ 6/road _ 6/road _ _ 10/road", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs (±0 % on the week before)", "About as far as the week before. Hard ground 100 % after 55 %."},
		{"no run", "week 2026-05-18 x2 _ 6 _ 6 _ _ 10\nweek +1 _ _ _ _ _ _ _", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: no run (22.0 km the week before)", ""},
		{"after no run", "week 2026-05-18 _ 6 _ 6 _ _ 10\nweek +2 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs (after a week without a run)", "Tue 2 Jun: the first run after 8 days without one."},
		{"the first week", "week 2026-06-01 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs", ""},
		{"in progress", "week 2026-05-25 _ 6 _ 6 _ _ 10\nweek +1 _ 6 5", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026, so far (to Wed 3 Jun): 11.0 km in 2 runs (22.0 km the week before)", ""},
		{"across months", "week 2026-06-15 x4 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 29),
			"Week of 29 June – 5 July 2026: 22.0 km in 3 runs (±0 % on the week before)", ""},
		{"before the log", "week 2026-06-22 x3 _ 6 _ 6 _ _ 10", civil.New(2026, 6, 1), "Week of 1–7 June 2026: no run", ""},
		{"cadence and hills", "altitude barometer\nweek 2026-05-18 x2 _ 6@165 _ 6@165 _ _ 10@165v1000:60\nweek +1 _ 6@160 _ 6@160 _ _ 10@160v4000:260", civil.New(2026, 6, 1),
			"Week of 1–7 June 2026: 22.0 km in 3 runs (±0 % on the week before)",
			"Cadence 160 spm after 165. Downhill 260 m after 60 m."},
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

// TestWeekLines holds the short forms of a week: what is said where nothing fired, and how much is only counted.
func TestWeekLines(t *testing.T) {
	start := civil.New(2026, 6, 1)
	for _, tc := range []struct {
		name, note string
		text, want string
	}{
		{"nothing fired", "athlete height 180\naltitude barometer\nevery @168\nweek 2026-03-16 x12 _ 8 _ 6 _ _ 10", "",
			`Week of 1–7 June 2026: 24.0 km in 3 runs (±0 % on the week before)
Nothing fired: 10 rules judged, ten-percent and low-cadence among them; 7 lacked data.
Next week: at most 26.4 km (ten-percent); longest run at most 11.0 km (session-spike).
`},
		{"no run", "athlete height 180\naltitude barometer\nevery @168\nweek 2026-03-16 x10 _ 8 _ 6 _ _ 10\nweek +1 _ _ _ _ _ _ _\nweek +1 _ _ _ _ _ _ _", "",
			`Week of 1–7 June 2026: no run (the last was on Sun 24 May). Next week: at most 12.0 km
  (layoff-return); longest run at most 4.0 km (way back, week 1).
`},
		{"a shoe near its mark", "athlete height 180\naltitude barometer\nshoe Daily start 190 since 2026-01-01\nevery @168\nweek 2026-03-16 x12 _ 8 _ 6 _ _ 10",
			"Shoes: Daily has 478.0 km, 22.0 km short of 500 km.", ""},
		{"a short log", "week 2026-05-25 x2 _ 6 _ 6 _ _ 10", "Keep recording: most rules need four weeks of runs.", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out strings.Builder
			if err := WeekText(&out, Build(weekOf(input(t, tc.note, 8, analyze.Kilometres), start)), TextOptions{}); err != nil {
				t.Fatal(err)
			}
			if tc.want != "" && out.String() != tc.want {
				t.Errorf("got\n%s\nwant\n%s", &out, tc.want)
			}
			if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), tc.text) {
				t.Errorf("no %q in\n%s", tc.text, &out)
			}
		})
	}
}

// TestWeekAdvice holds the one thing to do after a spike to the figure of the budget, which looks at the whole month: the
// finding itself would allow 11.0 km.
func TestWeekAdvice(t *testing.T) {
	note := "every @168\nweek 2026-03-16 x9 _ 6 _ 6 _ _ 7\nweek +1 _ 6 _ 6 _ _ 10\nweek +1 22 6 _ 6 _ _ 7"
	r := Build(weekOf(input(t, note, 8, analyze.Kilometres), civil.New(2026, 5, 25)))
	v := newWeekView(r)
	longest := r.Screen.Units.Dist(r.Screen.Budget.Day.LongestM)
	if longest != "7.7 km" || !strings.Contains(v.one, "about "+longest) || !strings.Contains(v.next, "longest run at most "+longest) {
		t.Errorf("one thing: %s\nnext: %s", v.one, v.next)
	}
}

// TestOneThing: among equally severe findings the better founded one gives the advice, though it may be older; pain comes
// before both.
func TestOneThing(t *testing.T) {
	note := "every @168\nweek 2026-03-16 x9 _ 6 _ 6 _ _ 9\nweek +1 _ 9 _ 12 9 _ 9"
	week := civil.New(2026, 5, 18)
	for _, tc := range []struct{ name, note, first, want string }{
		{"evidence", note, "ten-percent", "Take the next long run back to about 9.9 km"},
		{"pain", note + "\npain 2026-05-19 right outer 4", "ten-percent", "Make the next runs shorter"},
	} {
		v := newWeekView(Build(weekOf(input(t, tc.note, 8, analyze.Kilometres), week)))
		if len(v.fired) == 0 || v.fired[0].Name != tc.first || !strings.HasPrefix(v.one, tc.want) {
			t.Errorf("%s: one thing: %s\nfired: %+v", tc.name, v.one, v.fired)
		}
	}
}
