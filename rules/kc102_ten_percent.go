package rules

import (
	"fmt"

	"kneecheck/analyze"
)

var tenPercent = &Rule{
	ID:    "KC102",
	Name:  "ten-percent",
	Title: "A week more than 10 % over the week before",
	Why: "The 10 % rule is the one that runners ask for by name, so kneecheck checks it exactly. It is a habit, not a finding: where it was put to the test it prevented nothing. " +
		"Read it as a plain account of how fast the weekly distance grows.",
	Fires: "When a week has more than 1.10 × the distance of the week before and at least 2 km more. It is a note when it is a rebound, that is within 1.10 × the largest of the four weeks before, " +
		"and a warning beyond that. A week in progress is told as soon as it is over its limit.",
	Silent: "When the week before is empty (then layoff-return looks at the way back) or incomplete, as the first week of a log often is.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "A trial gave 532 beginners a 13-week programme built on the 10 % rule or a standard 8-week programme: 20.8 % and 20.3 % were injured (P = .90). " +
			"Among 5,205 runners the week-to-week ratio had no link with overuse injury. Among 874 beginners, weeks more than 30 % up went with more of the injuries linked to distance, but not clearly (1.59 ×, 95 % interval 0.96 to 2.66).",
		Caveat: "Asked-for rule, weak evidence: a trial of 532 beginners found no benefit of a 10 % limit.",
		Refs: []Ref{
			{Cite: "Buist et al. 2008, American Journal of Sports Medicine 36:33", DOI: "10.1177/0363546507307505"},
			refFrandsen,
			{Cite: "Nielsen et al. 2014, Journal of Orthopaedic & Sports Physical Therapy"},
			{Cite: "Fredette et al. 2022, Journal of Athletic Training 57:650", DOI: "10.4085/1062-6050-0195.21"},
		},
	},
	Max: Warning,
	Params: []Param{
		{Name: "max_ratio", Default: 1.10, Min: 1, Max: 5, Unit: Ratio, Doc: "A week above this multiple of the week before is told, and above this multiple of the best of the four weeks before it is a warning; 1.10 is the rule's name."},
		{Name: "floor_m", Default: 2000, Min: 0, Max: 100000, Unit: Metres, Doc: "A week must also be at least this much longer, so that small weeks may vary; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "A fifth more than the week before", Log: `
week 2026-05-04 x2   6   _   8   _   6   _   10
week +1              8   _   8   _   8   _   12   # want KC102 warning Week of 18 May: 36.0 km, 20 % over the week before (30.0 km)
`},
		{Kind: Fires, Name: "Back after an easy week: a rebound", Log: `
week 2026-05-04 x3   6   _   8   _   6   _   10
week +1              4   _   6   _   4   _   6
week +1              6   _   8   _   6   _   10   # want KC102 note 50 % over the week before (20.0 km); a rebound
`},
		{Kind: Fires, Name: "Beyond a rebound", Log: `
week 2026-05-04 x3   6   _   8   _   6   _   10
week +1              4   _   6   _   4   _   6
week +1              8   _   8   _   8   _   12   # want KC102 warning 80 % over the week before (20.0 km) and 20 % over the best of the four weeks before (30.0 km)
`},
		{Kind: Fires, Name: "A week in progress that is already over", Log: `
week 2026-05-04 x2   6   _   8   _   6   _   10
week +1              12  _   11  _   11           # want KC102 warning 34.0 km so far, 13.3 % over
`},
		{Kind: AtLimit, Name: "Exactly 10 % is allowed, a tenth of a kilometre more is not", Log: `
week 2026-05-04 x2   6   _   8   _   6   _   10
week +1              6   _   8   _   6   _   13
week +1              6   _   8   _   6   _   16.4 # want KC102 warning 36.4 km, 10.3 % over the week before (33.0 km)
`},
		{Kind: Silent, Name: "Small weeks, an empty week, and a first week cut short", Log: `
week 2026-05-04      _   _   _   _   3   _   4
week +1              5   _   5   _   5   _   5
week +1              5   _   5   _   5   _   6.9
week +2              9   _   9   _   9   _   9
`},
		{Kind: Silent, Name: "One week only", Log: `
week 2026-05-04      6   _   8   _   6   _   10
# want-not-judged KC102 no complete week with a run has a week after it
`},
	},
	Judge: judgeTenPercent,
}

func judgeTenPercent(p *Pass) {
	if p.noDistance() {
		return
	}
	weeks, compared := p.Log.Weeks, 0
	for i := 1; i < len(weeks); i++ {
		if weeks[i].End() < p.since && compared > 0 {
			continue
		}
		step, ok := p.weekStep(weeks[:i], weeks[i].DistM)
		if !ok {
			continue
		}
		compared++
		if severity, fires := step.verdict(); fires && weeks[i].End() >= p.since {
			p.reportWeek(&weeks[i], step, severity)
		}
	}
	if compared == 0 {
		p.NotJudged("no complete week with a run has a week after it to compare", 0)
	}
}

func (p *Pass) reportWeek(w *analyze.Week, s weekStep, severity Severity) {
	f := Finding{
		Severity: severity, From: w.Start, To: min(w.End(), p.Log.AsOf),
		Runs: p.runs(w.Start, w.End()), Value: s.over, Limit: s.maxRatio, Unit: Ratio,
	}
	soFar := ""
	if w.End() > p.Log.AsOf {
		soFar = " so far"
	}
	f.Message = fmt.Sprintf("Week of %s: %s%s, %s the week before (%s)",
		p.shortDay(w.Start), p.U.Dist(s.distM), soFar, over(s.over), p.U.Dist(s.beforeM))
	switch {
	case severity == Note:
		f.Message += fmt.Sprintf("; a rebound, the best of the four weeks before had %s", p.U.Dist(s.bestM))
		f.Advice = "Nothing to change if the week before was an easy one on purpose."
	case s.bestM > s.beforeM:
		f.Message += fmt.Sprintf(" and %s the best of the four weeks before (%s)", over(s.overBest), p.U.Dist(s.bestM))
		fallthrough
	default:
		f.Advice = "Hold the next week at or under this one before adding more."
		if soFar != "" {
			f.Advice = "Keep the rest of the week short and easy."
		}
	}
	p.Report(f)
}
