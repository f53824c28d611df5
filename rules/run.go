package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// Run judges the log by every rule that is on. The order of the result depends on the log alone: findings by first day,
// rule, last day, first run and message; rules not judged by ID. A rule that breaks is reported as not judged and the
// others go on.
func Run(log *analyze.Log, set Settings, u analyze.Units) Result {
	return run(log, set, u, All(), judgeOrSay)
}

// RunSince is Run without the findings that end before a day, which for a long log are most of the work. What could not be
// judged is told as by Run.
func RunSince(log *analyze.Log, set Settings, u analyze.Units, since civil.Date) Result {
	return runSince(log, set, u, All(), judgeOrSay, since)
}

// allTime is a day before any run.
const allTime civil.Date = math.MinInt32

// run is Run with the rules and the way to call them as arguments, so that tests see a panic.
func run(log *analyze.Log, set Settings, u analyze.Units, all []*Rule, judge func(*Pass)) Result {
	return runSince(log, set, u, all, judge, allTime)
}

// runSince is run without the findings that end before a day.
func runSince(log *analyze.Log, set Settings, u analyze.Units, all []*Rule, judge func(*Pass), since civil.Date) Result {
	var res Result
	for _, r := range all {
		if !set.Enabled(r) {
			continue
		}
		p := &Pass{Log: log, U: u, rule: r, set: set, out: &res, since: since}
		// A red flag needs no run.
		if (len(log.Runs) == 0 || len(log.Days) == 0) && !r.Always {
			p.NotJudged("the log holds no run", 0)
			continue
		}
		judge(p)
	}
	slices.SortStableFunc(res.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.From, b.From),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.To, b.To),
			cmp.Compare(runID(log, a), runID(log, b)),
			cmp.Compare(a.Message, b.Message),
		)
	})
	slices.SortStableFunc(res.NotJudged, func(a, b NotJudged) int { return cmp.Compare(a.Rule.ID, b.Rule.ID) })
	return res
}

// judge calls the rule and lets a panic pass.
func judge(p *Pass) { p.rule.Judge(p) }

// judgeOrSay calls the rule; a panic takes back what it reported and becomes a rule not judged.
func judgeOrSay(p *Pass) {
	findings, notJudged := len(p.out.Findings), len(p.out.NotJudged)
	defer func() {
		if v := recover(); v != nil {
			p.out.Findings, p.out.NotJudged = p.out.Findings[:findings], p.out.NotJudged[:notJudged]
			p.NotJudged(fmt.Sprintf("internal error in %s (please report it): %v", p.rule.Name, v), math.NaN())
		}
	}()
	judge(p)
}

func runID(log *analyze.Log, f Finding) string {
	if len(f.Runs) == 0 {
		return ""
	}
	return log.Runs[f.Runs[0]].ID
}
