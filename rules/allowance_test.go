package rules

import (
	"math"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"

	"pgregory.net/rapid"
)

func TestAllowance(t *testing.T) {
	const steady = "week 2026-05-04 x5  5 _ 6 _ 5 _ 10\n" // 26 km; as of Sunday 7 June
	off := false
	tests := []struct {
		name, log string
		days      civil.Date
		set       Settings
		wantKM    float64
		wantRule  string
	}{
		{"1.10 × the longest of 30 days", steady, 1, nil, 11, "KC101"},
		{"the week's total", steady + "week +1  6 _ 7 _ 7.5", 1, nil, 8.1, "KC102"},
		{"a limit of its own", steady, 1, Settings{"session-spike": {Params: map[string]float64{"warn_ratio": 1.5}}}, 15, "KC101"},
		{"the week when nothing else is on", steady, 1, Settings{"session-spike": {Enabled: &off}}, 28.6, "KC102"},
		{"half of the old week after a break", steady, 22, nil, 11, "KC101"},
		{"half of the old week after a longer break", steady, 40, nil, 13, "KC103"},
		{"ten minutes after two months", steady, 70, nil, 1.8, "KC103"},
		{"a novice on the seventh day", "athlete novice\n" + steady + "week +1 5 5 5 5 5", 1, nil, 0, "KC402"},
		{"a short log", "week 2026-05-04 5 _ 6", 1, nil, math.NaN(), ""},
		{"a day gone by", steady, -1, nil, math.NaN(), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log := parse(t, tt.log).Log
			got, rule := Allowance(log, tt.set, analyze.Kilometres, log.AsOf+tt.days)
			if !near(got, tt.wantKM*1000) || id(rule) != tt.wantRule {
				t.Errorf("%.1f km by %q, want %.1f by %q", got/1000, id(rule), tt.wantKM, tt.wantRule)
			}
		})
	}
}

func TestWeekLimit(t *testing.T) {
	const steady = "week 2026-05-04 x3  6 _ 8 _ 6 _ 10\n" // 30 km
	off, note := false, Note
	tests := []struct {
		name, log      string
		days           civil.Date
		set            Settings
		wantKM, doneKM float64
	}{
		{"the next week", steady, 1, nil, 33, 0},
		{"the week in progress", steady + "week +1 6 _ 8", 1, nil, 33, 14},
		{"after an easy week, the best of four", steady + "week +1 4 _ 4 _ 4 _ 4", 1, nil, 33, 0},
		{"small weeks may grow by 2 km", "week 2026-05-04 x3 3 _ 3 _ 3 _ _", 1, nil, 10.9, 0},
		{"nothing to compare with", "week 2026-05-04 _ _ 8 _ 6 _ 10", 1, nil, math.NaN(), 0},
		{"an empty week before", steady, 8, nil, math.NaN(), 0},
		{"switched off", steady, 1, Settings{"ten-percent": {Enabled: &off}}, math.NaN(), 0},
		{"a note at most", steady, 1, Settings{"ten-percent": {Severity: &note}}, math.NaN(), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log := parse(t, tt.log).Log
			got, done, rule := WeekLimit(log, tt.set, analyze.Kilometres, log.AsOf+tt.days)
			if !near(got, tt.wantKM*1000) || !near(done, tt.doneKM*1000) || math.IsNaN(got) != (rule == nil) {
				t.Errorf("%.1f km, %.1f done, %q; want %.1f, %.1f", got/1000, done/1000, id(rule), tt.wantKM, tt.doneKM)
			}
		})
	}
}

// TestAllowanceAgreesWithTheRules runs what is allowed, and one step more.
func TestAllowanceAgreesWithTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		day := log.AsOf + civil.Date(rapid.IntRange(0, 20).Draw(t, "days"))
		allowed, limit := Allowance(log, set, u, day)
		base := asOf(log, day)
		before := causes(Run(base, set, u), Warning)
		speed := usualSpeed(base)
		sets := func(m float64) string {
			if fs := news(Run(base.WithRun(plannedRun(day, m, speed, 0), day), set, u), before, Warning); len(fs) > 0 {
				return fs[0].Rule.ID
			}
			return ""
		}
		step := u.InM() / 10
		switch {
		case len(log.Runs) == 0:
			if !math.IsNaN(allowed) || limit != nil {
				t.Errorf("%v by %s on an empty log", allowed, id(limit))
			}
		case math.IsNaN(allowed):
			if rule := sets(50_000); rule != "" {
				t.Errorf("no limit, but 50 km sets off %s", rule)
			}
		default:
			if rule := sets(allowed); allowed > 0 && rule != "" {
				t.Errorf("%s of %s sets off %s", u.Dist(allowed), id(limit), rule)
			}
			more := allowed + step
			for run := plannedRun(day, more, speed, 0); run.TooShort() && allowed == 0; run = plannedRun(day, more, speed, 0) {
				more += step // what is too short to be a run sets off nothing
			}
			if rule := sets(more); rule != id(limit) {
				t.Errorf("a step above %s sets off %q, want %s", u.Dist(allowed), rule, id(limit))
			}
		}
	})
}

// TestWeekLimitAgreesWithTheRule fills the week up to the limit, and one step more.
func TestWeekLimitAgreesWithTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, u := randomLog(t), randomUnits(t)
		set := Settings{tenPercent.Name: randomSettings(t)[tenPercent.Name]}
		day := log.AsOf + civil.Date(rapid.IntRange(0, 13).Draw(t, "days"))
		limitM, doneM, rule := WeekLimit(log, set, u, day)
		if rule == nil {
			return
		}
		base := asOf(log, day)
		week := base.Weeks[len(base.Weeks)-1].Start
		warns := func(totalM float64) bool {
			with := base.WithRun(plannedRun(day, totalM-doneM, usualSpeed(base), 0), day)
			for _, f := range run(with, set, u, []*Rule{tenPercent}, judge).Findings {
				if f.From == week && f.Severity >= Warning {
					return true
				}
			}
			return false
		}
		step := u.InM() / 10
		if limitM > doneM && warns(limitM) {
			t.Errorf("a week of %s warns", u.Dist(limitM))
		}
		if limitM+step > doneM && !warns(limitM+step) {
			t.Errorf("a week of %s and a step more does not warn", u.Dist(limitM))
		}
	})
}

func near(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1
}

func id(r *Rule) string {
	if r == nil {
		return ""
	}
	return r.ID
}

func BenchmarkRun(b *testing.B) {
	log := benchLog(b)
	for b.Loop() {
		Run(log, nil, analyze.Kilometres)
	}
}

func BenchmarkAllowance(b *testing.B) {
	log := benchLog(b)
	for b.Loop() {
		Allowance(log, nil, analyze.Kilometres, log.AsOf+1)
	}
}

// benchLog is ten years of four runs a week.
func benchLog(b *testing.B) *analyze.Log {
	b.Helper()
	log := parse(b, "altitude barometer\nevery @165\nweek 2016-01-04 x520  6 _ 8 _ 6v400:30 _ 12v900:60").Log
	if len(log.Runs) != 2080 || log.AsOf.Weekday() != time.Sunday {
		b.Fatal("not the log meant")
	}
	return log
}

// BenchmarkNext is the part of a budget that every screen shows.
func BenchmarkNext(b *testing.B) {
	log := benchLog(b)
	for b.Loop() {
		OneDay(log, nil, analyze.Kilometres, log.AsOf+1)
		NextWeek(log, nil, analyze.Kilometres)
	}
}
