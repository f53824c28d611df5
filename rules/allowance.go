package rules

import (
	"math"
	"slices"
	"sort"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
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
// without it, and the rule that a run of 0.1 unit more would set off. Nothing else is run between the log's as-of day
// and day. It is 0 when any run would be too much, and NaN and nil when no rule limits it below 60 km or the day lies
// before the as-of day.
//
// The run is thought of as an even one on level ground at the usual pace, without a cadence and in no particular pair of
// shoes: only its distance, its time and its day are judged.
func Allowance(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) (longestM float64, limit *Rule) {
	if day < log.AsOf || len(log.Runs) == 0 {
		return math.NaN(), nil
	}
	base := asOf(log, day)
	// A run on the log's last day can only set off what reaches that day, or lengthen what ended shortly before.
	judged := func(log *analyze.Log, rules []*Rule) Result { return runSince(log, set, u, rules, judgeOrSay, day-7) }
	before := warnings(judged(base, warners()))
	stepM := u.InM() / 10
	with := base.WithRun(plannedRun(base, allowanceMaxM, day), day)
	planned := slices.IndexFunc(with.Runs, func(r analyze.Run) bool { return r.ID == plannedID })
	sets := func(step int, rules []*Rule) []*Rule {
		with.ReplaceRun(planned, plannedRun(base, float64(step)*stepM, day))
		return newRules(judged(with, rules), before)
	}
	steps := int(allowanceMaxM / stepM)
	// What the longest run does not set off no shorter one does.
	limiting := sets(steps, warners())
	if len(limiting) == 0 {
		return math.NaN(), nil
	}
	first := 1 + sort.Search(steps-1, func(i int) bool { return len(sets(i+1, limiting)) > 0 })
	longestM = float64(first-1) * stepM
	if planned := plannedRun(base, longestM, day); planned.TooShort() {
		longestM = 0 // it passes only because it would be no running
	}
	return longestM, sets(first, limiting)[0]
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

// warners are the rules that can warn at all.
func warners() []*Rule {
	return slices.DeleteFunc(All(), func(r *Rule) bool { return r.Ceiling() < Warning })
}

// asOf is the log as it stands on a later day if nothing more is run. Its shoes are left out: a pair near its limit is
// no reason for a shorter run.
func asOf(log *analyze.Log, day civil.Date) *analyze.Log {
	bare := *log
	bare.Shoes = nil
	return bare.At(day)
}

// plannedID is the ID of a run that was not run.
const plannedID = "planned"

// plannedRun is an even run of a distance on a day, late enough to come after that day's other runs.
func plannedRun(log *analyze.Log, distM float64, day civil.Date) analyze.Run {
	unknown := math.NaN()
	movingS := distM / usualSpeed(log)
	return analyze.Run{
		ID: plannedID, Date: day, Start: day.Time().Add(24*time.Hour - time.Second), OffsetFrom: ingest.OffsetUTC, Kind: ingest.Unspecified,
		DistM: distM, MovingS: movingS, ElapsedS: movingS, LongestContinuousS: movingS, SpeedSpread: unknown,
		Cadence: analyze.Cadence{MeanSPM: unknown, Unit: ingest.NoCadence, StepLengthM: unknown},
		Heart:   analyze.Heart{MeanBPM: unknown},
		Pace:    analyze.Pace{Flat: analyze.Hist{analyze.NewHistCell(distM/movingS, 0, movingS)}},
		Climb:   analyze.Climb{Source: ingest.Barometer},
		Surface: analyze.Surface{UnknownM: distM, HardLow: unknown, HardHigh: unknown},
	}
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

// warning is what tells findings at warning or above apart: the rule and the first day.
type warning struct {
	rule *Rule
	from civil.Date
}

// warnings counts the findings at warning or above.
func warnings(res Result) map[warning]int {
	out := map[warning]int{}
	for _, f := range res.Findings {
		if f.Severity >= Warning {
			out[warning{f.Rule, f.From}]++
		}
	}
	return out
}

// newRules are the rules of the warnings that are not among those before, in the order of the findings.
func newRules(res Result, before map[warning]int) []*Rule {
	var out []*Rule
	seen := map[warning]int{}
	for _, f := range res.Findings {
		if f.Severity < Warning {
			continue
		}
		w := warning{f.Rule, f.From}
		if seen[w]++; seen[w] > before[w] && !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	return out
}
