package rules

import (
	"fmt"
	"math"

	"kneecheck/ingest/civil"
)

const (
	strengthDays = 28
	// strengthStale is how many days after the last logged session the log still counts as one that has them: half a
	// year, a choice of this program. After that nobody knows whether training or logging ended.
	strengthStale = 182
)

var strengthGap = &Rule{
	ID:    "KC404",
	Name:  "strength-gap",
	Title: "Fewer strength sessions than one a week",
	Why: "Many runners do strength work for hips and legs and drop it when training gets busy. This reminds who logs such sessions that they have become rare. " +
		"Whether they prevent knee trouble is open.",
	Fires:  "Note when fewer than 4 strength sessions were logged in the last 28 days.",
	Silent: "Not judged when no strength session was ever logged, when the last one is more than half a year old, or in the first 28 days of a log.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "The evidence is mixed. In a trial with 325 beginners, supervised hip and core training before running lowered the injury rate to 0.66 × (95 % interval 0.45 to 0.97). " +
			"But nine trials with 1,904 runners together showed no reduction, except where the training was supervised; and a review of 30 trials on knee injuries found no clear effect of exercise.",
		Caveat: "What helped was supervised and before running; what a log holds is neither known to be. Once or twice a week is custom, no trial compared numbers.",
		Refs: []Ref{
			{Cite: "Leppänen et al. 2024, British Journal of Sports Medicine", DOI: "10.1136/bjsports-2023-107926"},
			{Cite: "Wu et al. 2024, Sports Medicine", DOI: "10.1007/s40279-024-01993-7"},
			{Cite: "Alexander et al. 2022, British Journal of Sports Medicine 56:1307, PubMed 36150753"},
		},
	},
	Max:   Note,
	State: true,
	Params: []Param{
		{Name: "min_sessions", Default: 4, Min: 1, Max: 28, Unit: Count, Stricter: true, Doc: "Strength sessions in 28 days that are enough; one a week, custom."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Two sessions in four weeks", Log: `
strength 2026-05-05 2026-05-12
week 2026-05-04 x4   6   _   8   _   6   _   10   # want KC404 note Last 28 days: 2 strength sessions, fewer than 4 (the last on Tue 12 May)
`},
		{Kind: Fires, Name: "None for two months", Log: `
strength 2026-03-03 2026-03-10 2026-03-17 2026-03-24
week 2026-03-02 x12  6   _   8   _   6   _   10   # want KC404 note Last 28 days: no strength session, fewer than 4 (the last on Tue 24 Mar)
`},
		{Kind: AtLimit, Name: "Four are enough, the first of them 27 days ago; three are not", Log: `
strength 2026-05-04 2026-05-12 2026-05-19 2026-05-26
week 2026-05-04 x4   6   _   8   _   6   _   10
`},
		{Kind: AtLimit, Name: "A day later the first has left the window", Log: `
strength 2026-05-04 2026-05-12 2026-05-19 2026-05-26
week 2026-05-04 x4   6   _   8   _   6   _   10
week +1              6                            # want KC404 note 3 strength sessions, fewer than 4
`},
		{Kind: Silent, Name: "None was ever logged", Log: `
week 2026-05-04 x4   6   _   8   _   6   _   10
# want-not-judged KC404 no strength session was ever logged
`},
		{Kind: Silent, Name: "The last one is from another year", Log: `
strength 2025-05-06
week 2026-05-04 x4   6   _   8   _   6   _   10
# want-not-judged KC404 the last strength session was logged 390 days ago
`},
	},
	Judge: judgeStrengthGap,
}

func judgeStrengthGap(p *Pass) {
	sessions := p.Log.Strength
	if len(sessions) == 0 {
		p.NotKept("no strength session was ever logged", math.NaN())
		return
	}
	last := sessions[len(sessions)-1].Date
	if old := p.Log.AsOf - last; old > strengthStale {
		p.NotJudged(fmt.Sprintf("the last strength session was logged %d days ago; whether training or logging ended then, the log cannot tell", old), 0)
		return
	}
	first := min(p.first(), sessions[0].Date)
	if p.tooShort(int(p.Log.AsOf-first)+1, strengthDays) {
		return
	}
	from, n := p.Log.AsOf-strengthDays+1, 0
	for i := range sessions {
		if sessions[i].Date >= from {
			n++
		}
	}
	if need := p.Value("min_sessions"); float64(n) < math.Ceil(need) {
		p.reportStrengthGap(from, last, n, need)
	}
}

func (p *Pass) reportStrengthGap(from, last civil.Date, n int, need float64) {
	done := "no strength session"
	if n > 0 {
		done = plural(n, "strength session")
	}
	p.Report(Finding{
		Severity: Note, From: from, To: p.Log.AsOf, Value: float64(n), Limit: need, Unit: Count,
		Message: fmt.Sprintf("Last %d days: %s, fewer than %.0f (the last on %s)", strengthDays, done, math.Ceil(need), p.day(last)),
		Advice:  "If strength work did you good, put a short session for hips and legs on two easy days of the week.",
	})
}
