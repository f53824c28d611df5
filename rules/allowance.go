package rules

import (
	"math"
	"sort"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// allowanceMaxM bounds the search: a rule that allows more than this is no limit in practice.
	allowanceMaxM = 60_000
	// allowanceDays are the days whose pace is taken for that of the run to come, and allowanceMPS is the pace without
	// such days (6:00 a kilometre).
	allowanceDays = 84
	allowanceMPS  = 1000.0 / 360
)

// Allowance is the longest single run on day, in metres, that sets off no rule at warning or above that does not fire
// without it and makes none that fires worse, and the rule that a run of 0.1 unit more would set off. Nothing else is run
// between the log's as-of day and day. It is 0 when any run would be too much, and NaN and nil when no rule limits it
// below 60 km or the day lies before the as-of day.
//
// The run is thought of as an even one on level ground at the usual pace, without a cadence and in no particular pair of
// shoes: only its distance, its time and its day are judged. It is what the rules say and no advice; see Days.
func Allowance(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) (longestM float64, limit *Rule) {
	if day < log.AsOf || len(log.Runs) == 0 {
		return math.NaN(), nil
	}
	t := newTrial(asOf(log, day), set, u, []civil.Date{day}, Warning)
	longestM, f := t.most(allowanceMaxM)
	return longestM, f.Rule
}

// WeekLimit is the largest distance, in metres, of the calendar week of day that keeps the ten-percent rule below a
// warning, and how much of it has been run by the as-of day. It is NaN and nil when the rule is off or has nothing to
// compare with, or when the day lies before the as-of day.
func WeekLimit(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) (limitM, doneM float64, limit *Rule) {
	if day < log.AsOf || len(log.Runs) == 0 || !set.Enabled(tenPercent) {
		return math.NaN(), 0, nil
	}
	base := asOf(log, day)
	weeks := base.Weeks
	p := &Pass{Log: base, U: u, rule: tenPercent, set: set}
	doneM = weeks[len(weeks)-1].DistM
	stepM := u.InM() / 10
	warns := func(step int) bool {
		s, ok := p.weekStep(weeks[:len(weeks)-1], float64(step)*stepM)
		severity, fires := s.verdict()
		return ok && fires && set.severity(tenPercent, severity) >= Warning
	}
	// The largest reference there can be bounds the search: beyond it every further step has the same verdict.
	steps := 1
	for _, w := range weeks {
		steps = max(steps, int(math.Ceil((w.DistM*p.Value("max_ratio")+p.Value("floor_m"))/stepM))+2)
	}
	first := sort.Search(steps, func(i int) bool { return warns(i + 1) })
	if first == steps {
		return math.NaN(), doneM, nil
	}
	return float64(first) * stepM, doneM, tenPercent
}

// asOf is the log as it stands on a later day if nothing more is run. Its shoes are left out: a pair near its limit is
// no reason for a shorter run.
func asOf(log *analyze.Log, day civil.Date) *analyze.Log {
	bare := *log
	bare.Shoes = nil
	return bare.At(day)
}

// usualSpeed is the mean speed of the runs of the last weeks, in metres a second.
func usualSpeed(log *analyze.Log) float64 {
	first, end := log.RunRange(log.AsOf-allowanceDays, log.AsOf)
	distM, movingS := 0.0, 0.0
	for _, run := range log.Runs[first:end] {
		if run.DistM > 0 && run.MovingS > 0 {
			distM += run.DistM
			movingS += run.MovingS
		}
	}
	if movingS == 0 {
		return allowanceMPS
	}
	return distM / movingS
}
