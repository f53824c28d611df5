package rules

import (
	"maps"
	"math"
	"slices"
	"sort"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// plannedName is the ID of the run that was not run on a day.
func plannedName(day civil.Date) string { return "planned-" + day.String() }

// trial tries out runs that were not run: what would the rules say?
type trial struct {
	base *analyze.Log
	set  Settings
	u    analyze.Units
	// least is the severity from which a finding counts.
	least Severity
	// days are the days of the runs, with is the log with them, and at are their places in it.
	days []civil.Date
	with *analyze.Log
	at   []int
	// speedMPS is that of the runs, and stretchS the longest stretch without a walk in each; 0 for the whole run.
	speedMPS, stretchS float64
	// since is the first day that the runs can matter for, and before is what fires without them, by the rules that asked:
	// most find nothing with the runs, and need not be asked without.
	since  civil.Date
	before map[cause][]float64
	asked  map[*Rule]bool
	rules  []*Rule
	// advice is what kept the week of the trial below what the rules allow.
	advice advice
}

// newTrial prepares runs on some days, in order, none of which lies after the base's as-of day. Findings of at least a
// severity count.
func newTrial(base *analyze.Log, set Settings, u analyze.Units, days []civil.Date, least Severity) *trial {
	t := &trial{
		// A run can only set off what reaches its day, or lengthen what ended shortly before.
		base: base, set: set, u: u, days: days, speedMPS: usualSpeed(base), since: days[0] - 7,
	}
	runs := make([]analyze.Run, len(days))
	for i, day := range days {
		runs[i] = plannedRun(day, allowanceMaxM, t.speedMPS, 0)
	}
	if len(runs) == 1 {
		t.with = base.WithRun(runs[0], base.AsOf)
	} else {
		t.with = base.WithRuns(runs, base.AsOf)
	}
	for i, day := range days {
		first, end := t.with.RunRange(day, day)
		t.at = append(t.at, first+slices.IndexFunc(t.with.Runs[first:end], func(r *analyze.Run) bool { return r.ID == runs[i].ID }))
	}
	t.count(least)
	return t
}

// count makes findings of at least a severity count.
func (t *trial) count(least Severity) {
	t.least = least
	t.rules = slices.DeleteFunc(All(), func(r *Rule) bool { return r.Ceiling() < least })
	t.before, t.asked = map[cause][]float64{}, map[*Rule]bool{}
}

func (t *trial) judged(log *analyze.Log, rules []*Rule) Result {
	return runSince(log, t.set, t.u, rules, judgeOrSay, t.since)
}

// stepM is the least difference that is printed, 0.1 unit, in metres.
func (t *trial) stepM() float64 { return t.u.InM() / 10 }

// put gives the runs so many steps together: evenly, the earlier ones a step more where it does not come out even, so that
// no run is longer than one before it.
func (t *trial) put(steps int) {
	for i, at := range t.at {
		share := (steps + len(t.at) - 1 - i) / len(t.at)
		t.with.ReplaceRun(at, plannedRun(t.days[i], float64(share)*t.stepM(), t.speedMPS, t.stretchS))
	}
}

// sets are the findings that so many steps give or make worse, by some of the rules.
func (t *trial) sets(steps int, rules []*Rule) []Finding {
	t.put(steps)
	found := t.judged(t.with, rules)
	var ask []*Rule
	for _, f := range found.Findings {
		if f.Severity >= t.least && !t.asked[f.Rule] {
			t.asked[f.Rule] = true
			ask = append(ask, f.Rule)
		}
	}
	if len(ask) > 0 {
		maps.Copy(t.before, causes(t.judged(t.base, ask), t.least))
	}
	return news(found, t.before, t.least)
}

// tooShort is true when so many steps make no running at all.
func (t *trial) tooShort(steps int) bool {
	t.put(steps)
	for _, at := range t.at {
		if !t.with.Runs[at].TooShort() {
			return false
		}
	}
	return true
}

// most is the largest distance of all runs together, up to maxM, that sets off nothing, and the first finding of a step
// more: its rule is nil, and the distance NaN, when maxM sets off nothing. It is 0 when any running would be too much.
func (t *trial) most(maxM float64) (float64, Finding) {
	steps := int(math.Round(maxM / t.stepM()))
	// What the longest runs do not set off no shorter ones do.
	var limiting []*Rule
	for _, f := range t.sets(steps, t.rules) {
		if !slices.Contains(limiting, f.Rule) {
			limiting = append(limiting, f.Rule)
		}
	}
	if len(limiting) == 0 {
		return math.NaN(), Finding{}
	}
	first := 1 + sort.Search(steps-1, func(i int) bool { return len(t.sets(i+1, limiting)) > 0 })
	f := t.sets(first, limiting)[0]
	if t.tooShort(first - 1) {
		// It passes only because it would be no running.
		return 0, f
	}
	return float64(first-1) * t.stepM(), f
}

// run is the log with so much run in all.
func (t *trial) run(distM float64) *analyze.Log {
	t.put(int(math.Round(distM / t.stepM())))
	return t.with
}

// plannedRun is an even run of a distance on a day, late enough to come after that day's other runs. Its longest stretch
// without a walk is stretchS seconds, or all of it for 0.
func plannedRun(day civil.Date, distM, speedMPS, stretchS float64) analyze.Run {
	unknown := math.NaN()
	movingS := distM / speedMPS
	if !(stretchS > 0 && stretchS < movingS) {
		stretchS = movingS
	}
	return analyze.Run{
		ID: plannedName(day), Date: day, Start: day.Time().Add(24*time.Hour - time.Second), OffsetFrom: ingest.OffsetUTC, Kind: ingest.Unspecified,
		DistM: distM, MovingS: movingS, ElapsedS: movingS, LongestContinuousS: stretchS, SpeedSpread: unknown,
		Cadence: analyze.Cadence{MeanSPM: unknown, Unit: ingest.NoCadence, StepLengthM: unknown},
		Heart:   analyze.Heart{MeanBPM: unknown},
		Pace:    analyze.Pace{Flat: analyze.Hist{analyze.NewHistCell(speedMPS, 0, movingS)}.Pack()},
		Climb:   analyze.Climb{Source: ingest.Barometer},
		Surface: analyze.Surface{UnknownM: distM, HardLow: unknown, HardHigh: unknown},
	}
}

// cause is what tells findings apart: the rule and the first day.
type cause struct {
	rule *Rule
	from civil.Date
}

// causes lists the values of the findings of at least a severity, in their order.
func causes(res Result, least Severity) map[cause][]float64 {
	out := map[cause][]float64{}
	for _, f := range res.Findings {
		if f.Severity >= least {
			c := cause{f.Rule, f.From}
			out[c] = append(out[c], f.Value)
		}
	}
	return out
}

// news are the findings of at least a severity that are not among those before, or have become worse, in their order.
func news(res Result, before map[cause][]float64, least Severity) []Finding {
	var out []Finding
	seen := map[cause]int{}
	for _, f := range res.Findings {
		if f.Severity < least {
			continue
		}
		c := cause{f.Rule, f.From}
		old := before[c]
		if n := seen[c]; n >= len(old) || f.Value > old[n] {
			out = append(out, f)
		}
		seen[c]++
	}
	return out
}
