package rules

import (
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// Pass is one rule's view of one log. The log is never empty, except for a rule that is always on: Run answers for a log
// without runs.
type Pass struct {
	Log *analyze.Log
	// U are the units that messages are written in and that values are rounded to before they are compared.
	U    analyze.Units
	rule *Rule
	set  Settings
	out  *Result
	// since is the first day of interest: a finding that ends before is not reported, and a rule need not look for it. What
	// is not judged does not depend on it.
	since civil.Date
}

// Value is the number in force for a parameter of the rule. It panics when the rule declares no such parameter, which is
// a mistake in the rule.
func (p *Pass) Value(param string) float64 { return p.set.value(p.rule, param) }

// Report adds a finding. It fills in the rule, puts the configured severity and the ceiling into effect and sorts the
// runs.
func (p *Pass) Report(f Finding) {
	if f.To < p.since {
		return
	}
	f.Rule = p.rule
	f.Severity = p.set.severity(p.rule, f.Severity)
	if f.Unit == Metres {
		// The nearest tenth of a unit is rarely a round number of metres.
		f.Value, f.Limit = roundTo(f.Value, 1), roundTo(f.Limit, 1)
	}
	slices.Sort(f.Runs)
	p.out.Findings = append(p.out.Findings, f)
}

// NotJudged says that the log, or a part of it, could not be judged. The coverage is the share of the data needed that
// was there, NaN when a share makes no sense. Reasons of one rule are joined, with the least coverage.
func (p *Pass) NotJudged(reason string, coverage float64) {
	if n := len(p.out.NotJudged); n > 0 && p.out.NotJudged[n-1].Rule == p.rule {
		last := &p.out.NotJudged[n-1]
		last.Reason += "; " + reason
		last.Coverage = min(last.Coverage, coverage)
		return
	}
	p.out.NotJudged = append(p.out.NotJudged, NotJudged{Rule: p.rule, Reason: reason, Coverage: coverage})
}

// noDistance tells whether no run of the log has a distance, and reports it.
func (p *Pass) noDistance() bool {
	if slices.ContainsFunc(p.Log.Runs, func(r *analyze.Run) bool { return r.DistM > 0 }) {
		return false
	}
	p.NotJudged("no run has a distance", 0)
	return true
}

// first is the day of the first run.
func (p *Pass) first() civil.Date { return p.Log.Days[0].Date }

// runs are the indices of the runs of the days from and to, both included.
func (p *Pass) runs(from, to civil.Date) []int {
	first, end := p.Log.RunRange(from, to)
	out := make([]int, 0, end-first)
	for i := first; i < end; i++ {
		out = append(out, i)
	}
	return out
}

// roundTo rounds to a number of decimals, such that a value rounded to what is printed equals the literal of the limit.
func roundTo(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

// coverage is part ÷ whole as a share between 0 and 1 in the precision that percent prints, so that nobody reads of 100 %
// that are too few. It is NaN without a whole.
func coverage(part, whole float64) float64 {
	if !(whole > 0) {
		return math.NaN()
	}
	return min(max(roundTo(part/whole, 3), 0), 1)
}
