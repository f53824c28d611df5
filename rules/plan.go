package rules

import (
	"slices"

	"kneecheck/analyze"
)

// PlanRules are the rules that days and distances are enough for, so that they can judge runs that were not run yet. What
// the others need a plan does not know.
func PlanRules() []*Rule {
	var out []*Rule
	for _, id := range []string{"KC101", "KC102", "KC103", "KC104", "KC105", "KC106", "KC401", "KC402"} {
		if r, ok := Find(id); ok {
			out = append(out, r)
		}
	}
	return out
}

// RunPlan judges planned runs on a log: by PlanRules, as of the plan's last day. It returns the log with the plan and the
// findings that the plan sets off or makes worse, and a red flag of the pain journal, which stands whatever the plan is;
// their runs are indices into that log. Not judged is what could not be judged without the plan either, and what a rule
// that can warn lacks: that a plan tells no times is no word worth to a rule that only notes.
func RunPlan(log *analyze.Log, plan []analyze.Run, set Settings, u analyze.Units) (*analyze.Log, Result) {
	if len(plan) == 0 || len(log.Runs) == 0 {
		return log, run(log, set, u, PlanRules(), judgeOrSay)
	}
	last, ids := plan[0].Date, map[string]bool{}
	for i := range plan {
		last, ids[plan[i].ID] = max(last, plan[i].Date), true
	}
	since := log.AsOf - 7
	without := runSince(log.At(last), set, u, PlanRules(), judgeOrSay, since)
	with := log.WithRuns(plan, last)
	judged := runSince(with, set, u, PlanRules(), judgeOrSay, since)
	var res Result
	for _, f := range news(judged, causes(without, Note), Note) {
		if slices.ContainsFunc(f.Runs, func(i int) bool { return ids[with.Runs[i].ID] }) {
			f.Message = "Planned: " + f.Message
			res.Findings = append(res.Findings, f)
		}
	}
	// Whatever the plan is: while a red flag is up there is none.
	if f, ok := InForce(runSince(log, set, u, []*Rule{redFlag}, judgeOrSay, log.AsOf).Findings); ok {
		f.To = max(f.To, last)
		res.Findings = append(res.Findings, f)
	}
	for _, n := range judged.NotJudged {
		before := slices.ContainsFunc(without.NotJudged, func(m NotJudged) bool { return m.Rule == n.Rule })
		if before || n.Rule.Ceiling() >= Warning {
			res.NotJudged = append(res.NotJudged, n)
		}
	}
	return with, res
}
