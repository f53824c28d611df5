package rules

import (
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// Pass is one rule's view of one log. The log is never empty: Run answers for a log without runs.
type Pass struct {
	Log *analyze.Log
	// U are the units that messages are written in and that values are rounded to before they are compared.
	U    analyze.Units
	rule *Rule
	set  Settings
	out  *Result
}

// Value is the number in force for a parameter of the rule. It panics when the rule declares no such parameter, which is
// a mistake in the rule.
func (p *Pass) Value(param string) float64 { return p.set.value(p.rule, param) }

// Report adds a finding. It fills in the rule, puts the configured severity and the ceiling into effect and sorts the
// runs.
func (p *Pass) Report(f Finding) {
	f.Rule = p.rule
	f.Severity = p.set.severity(p.rule, f.Severity)
	slices.Sort(f.Runs)
	p.out.Findings = append(p.out.Findings, f)
}

// NotJudged says that the log, or a part of it, could not be judged. The coverage is the share of the data needed that
// was there, NaN when a share makes no sense.
func (p *Pass) NotJudged(reason string, coverage float64) {
	p.out.NotJudged = append(p.out.NotJudged, NotJudged{Rule: p.rule, Reason: reason, Coverage: coverage})
}

// first is the day of the first run.
func (p *Pass) first() civil.Date { return p.Log.Days[0].Date }

// days are the days from and to, both included, as far as the log has them.
func (p *Pass) days(from, to civil.Date) []analyze.Day {
	all := p.Log.Days
	lo := min(max(int(from-all[0].Date), 0), len(all))
	hi := min(max(int(to-all[0].Date)+1, lo), len(all))
	return all[lo:hi]
}

// runs are the indices of the runs on the given days.
func runsOf(days []analyze.Day) []int {
	var out []int
	for _, d := range days {
		for i := range d.Runs {
			out = append(out, d.First+i)
		}
	}
	return out
}

// distM is the distance of the given days.
func distM(days []analyze.Day) float64 {
	sum := 0.0
	for _, d := range days {
		sum += d.DistM
	}
	return sum
}

// roundTo rounds to a number of decimals, such that a value rounded to what is printed equals the literal of the limit.
func roundTo(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

// coverage is part ÷ whole as a share between 0 and 1, NaN without a whole.
func coverage(part, whole float64) float64 {
	if !(whole > 0) {
		return math.NaN()
	}
	return min(max(part/whole, 0), 1)
}
