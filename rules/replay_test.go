package rules

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

func hurtsOn(days ...civil.Date) []analyze.Pain {
	var out []analyze.Pain
	for _, d := range days {
		out = append(out, analyze.Pain{Date: d, During: 3})
	}
	return out
}

func TestEpisodes(t *testing.T) {
	d := civil.New(2026, time.May, 1)
	var got []string
	for _, e := range Episodes(hurtsOn(d+14, d, d+29, d+29, d+44)) {
		got = append(got, fmt.Sprintf("%d+%d: %d", e.From-d, e.To-e.From, len(e.Entries)))
	}
	if diff := cmp.Diff([]string{"0+14: 2", "29+0: 2", "44+0: 1"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// replayLog is half a year of steady weeks with two long runs: one on the first day of pain, one far from it.
const replayLog = `
week 2026-01-05 x7   _ 6 _ 6 _ _ 10
week +1              _ 6 _ 6 _ _ 12
week +1 x15          _ 6 _ 6 _ _ 10
week +1              _ 6 _ 6 _ _ 15
week +1 x8           _ 6 _ 6 _ _ 10
`

func TestReplay(t *testing.T) {
	log := parse(t, replayLog).Log
	pain := civil.New(2026, time.June, 21) // the day of the 15 km
	got := NewReplay(log, hurtsOn(pain, pain+10), nil, analyze.Kilometres, Note)
	if len(got.Episodes) != 1 || got.Episodes[0].Weeks != 6 || got.BeforeWeeks != 6 {
		t.Fatalf("%+v", got)
	}
	// The first 28 days are left out: the weeks from 9 February to the one that ends 43 days before the pain are free, and
	// after it nobody knows yet.
	if want := 12; got.FreeWeeks != want {
		t.Errorf("%d pain-free weeks, want %d", got.FreeWeeks, want)
	}
	counts := map[string]ReplayRule{}
	for _, r := range got.Rules {
		if aboutPain(r.Rule) {
			t.Errorf("%s is replayed", r.Rule.ID)
		}
		counts[r.Rule.ID] = r
	}
	for id, want := range map[string][4]int{
		"KC101": {1, 6, 1, 12}, // the 15 km and the 12 km
		"KC102": {1, 6, 0, 12}, // 24 km after 22 km is no jump
		"KC201": {0, 0, 0, 0},  // no cadence
		"KC402": {0, 6, 0, 12},
	} {
		r := counts[id]
		if got := [4]int{r.Before, r.BeforeOf, r.Free, r.FreeOf}; got != want {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	var fired []string
	for _, f := range got.Episodes[0].Fired {
		fired = append(fired, fmt.Sprintf("%s %s %v", f.Rule.ID, f.Worst, f.Latest.To))
	}
	if diff := cmp.Diff([]string{"KC101 warning 2026-06-21", "KC102 warning 2026-06-21"}, fired); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if high := NewReplay(log, hurtsOn(pain), nil, analyze.Kilometres, High); len(high.Episodes[0].Fired) > 0 {
		t.Errorf("below high: %v", high.Episodes[0].Fired)
	}
}

// TestReplayCounts recounts a random log by brute force: every finding of the events, week by week.
func TestReplayCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := randomLog(t)
		if len(log.Runs) == 0 {
			return
		}
		var days []civil.Date
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			days = append(days, log.Days[0].Date+civil.Date(rapid.IntRange(0, len(log.Days)).Draw(t, "day")))
		}
		got := NewReplay(log, hurtsOn(days...), nil, analyze.Kilometres, Note)
		bare := *log
		bare.Pain = nil
		findings := Run(&bare, nil, analyze.Kilometres).Findings
		for _, r := range got.Rules {
			if r.Before > r.BeforeOf || r.Free > r.FreeOf || r.BeforeOf > got.BeforeWeeks || r.FreeOf > got.FreeWeeks {
				t.Errorf("%s: %+v of %d and %d weeks", r.Rule.ID, r, got.BeforeWeeks, got.FreeWeeks)
			}
			if r.Rule.State {
				continue
			}
			free := 0
			for _, w := range log.Weeks {
				fired := slices.ContainsFunc(findings, func(f Finding) bool { return f.Rule == r.Rule && f.To >= w.Start && f.To <= w.End() })
				if fired && w.Runs > 0 && w.Start >= log.Days[0].Date+28 && w.End() <= log.AsOf-42 && !slices.ContainsFunc(got.Episodes, func(e Episode) bool {
					return w.End() >= e.From-42 && w.Start <= e.To+14
				}) {
					free++
				}
			}
			if free != r.Free {
				t.Errorf("%s fired in %d pain-free weeks, counted %d", r.Rule.ID, r.Free, free)
			}
		}
	})
}

// BenchmarkReplay replays ten years with three runs a week and an episode a year.
func BenchmarkReplay(b *testing.B) {
	log := parse(b, "every @160\nweek 2016-01-04 x520  _ 6 _ 6 _ _ 10\n").Log
	var days []civil.Date
	for y := range 10 {
		days = append(days, civil.New(2016+y, time.June, 1))
	}
	for b.Loop() {
		NewReplay(log, hurtsOn(days...), nil, analyze.Kilometres, Note)
	}
}
