package rules

import (
	"fmt"
	"slices"
)

const onePairDays = 60

var onePair = &Rule{
	ID:    "KC502",
	Name:  "one-pair",
	Title: "Every run in the same pair of shoes",
	Why: "Different shoes load feet and legs a little differently, so changing between two pairs spreads the load. " +
		"Runners who did so were injured less often in one study, which cannot show that the shoes were the reason.",
	Fires: "Note when all runs of the last 60 days whose shoes are known were in one pair, at 3 runs a week or more.",
	Silent: "Below 3 runs a week. Not judged when the shoes are known for less than 80 % of the distance, or in the first 60 days of a log. " +
		"A pair that followed another within the 60 days counts as a second pair.",
	Evidence: Evidence{
		Grade:  Weak,
		Says:   "Among 264 runners followed for 22 weeks, those who used more than one pair in parallel had 0.61 × the injury rate of the others (95 % interval 0.39 to 0.97).",
		Caveat: "One observational study on all running injuries: who owns two pairs may differ in other ways. No trial of changing shoes was found.",
		Refs:   []Ref{{Cite: "Malisoux et al. 2015, Scandinavian Journal of Medicine & Science in Sports 25:110", DOI: "10.1111/sms.12154"}},
	},
	Max:   Note,
	Off:   true,
	State: true,
	Params: []Param{
		{Name: "min_runs_week", Default: 3, Min: 1, Max: 14, Unit: Count, Doc: "Runs a week, on average over the 60 days, from which one pair is told; a choice of this program."},
		{Name: "min_known", Default: 0.80, Min: 0.5, Max: 1, Unit: Share, Doc: "The share of the distance on known shoes that a verdict needs; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Nine weeks in one pair", Log: `
shoe Daily
week 2026-04-06 x9   6   _   8   _   6   _   10   # want KC502 note Last 60 days: all 34 runs in one pair, Daily, at 4 runs a week (limit 3)
`},
		{Kind: AtLimit, Name: "26 runs in 60 days are 3 a week, told", Log: `
shoe Daily
week 2026-04-06 x9   6   _   _   8   _   _   10   # want KC502 note all 26 runs in one pair
`},
		{Kind: AtLimit, Name: "25 are not", Log: `
shoe Daily
week 2026-04-06 x8   6   _   _   8   _   _   10
week +1              6   _   _   8   _   _   _
`},
		{Kind: Silent, Name: "A second pair", Log: `
shoe Daily until 2026-05-20
shoe Race since 2026-05-21
week 2026-04-06 x9   6   _   8   _   6   _   10
`},
		{Kind: Silent, Name: "Shoes known for too little", Log: `
shoe Daily since 2026-05-01
week 2026-04-06 x9   6   _   8   _   6   _   10
# want-not-judged KC502 the shoes are known for 65 %
`},
		{Kind: Silent, Name: "No pair known at all", Log: `
week 2026-04-06 x9   6   _   8   _   6   _   10
# want-not-judged KC502 the shoes are known for 0 %
`},
	},
	Judge: judgeOnePair,
}

func judgeOnePair(p *Pass) {
	if covered := len(p.Log.Days); covered < onePairDays {
		p.NotJudged(fmt.Sprintf("the log covers %s, %d are needed", plural(covered, "day"), onePairDays), coverage(float64(covered), onePairDays))
		return
	}
	from := p.Log.AsOf - onePairDays + 1
	list := p.runs(from, p.Log.AsOf)
	weekly, need := roundTo(float64(len(list))*7/onePairDays, 1), p.Value("min_runs_week")
	if !(weekly >= need) {
		return
	}
	var worn []int
	distM, knownM, pairs := 0.0, 0.0, []string(nil)
	for _, i := range list {
		run := p.Log.Runs[i]
		metres := max(0, run.DistM)
		if metres != metres {
			metres = 0
		}
		distM += metres
		if run.Shoe == "" {
			continue
		}
		knownM += metres
		worn = append(worn, i)
		if !slices.Contains(pairs, run.Shoe) {
			pairs = append(pairs, run.Shoe)
		}
	}
	known := 0.0
	if distM > 0 {
		known = roundTo(knownM/distM, 2)
	}
	if known < p.Value("min_known") {
		p.NotJudged(fmt.Sprintf("the shoes are known for %s of the distance of the last %d days; add [[shoes]] to the configuration",
			percent(known), onePairDays), known)
		return
	}
	if len(pairs) != 1 {
		return
	}
	which := plural(len(worn), "run")
	if len(list) > len(worn) {
		which += fmt.Sprintf(" with known shoes (of %d)", len(list))
	}
	p.Report(Finding{
		Severity: Note, From: from, To: p.Log.AsOf, Runs: worn, Value: weekly, Limit: need, Unit: Count,
		Message: fmt.Sprintf("Last %d days: all %s in one pair, %s, at %g runs a week (limit %g)", onePairDays, which, pairs[0], weekly, need),
		Advice:  "When a new pair is due, buy it early and change between the two.",
	})
}
