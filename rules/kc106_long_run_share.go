package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
)

var longRunShare = &Rule{
	ID:    "KC106",
	Name:  "long-run-share",
	Title: "A long run that is most of the week",
	Why: "Training plans like the longest run to stay below a quarter or a third of the week. With few runs that cannot be, " +
		"for the longest of three runs is a third at least; so the limit here goes with their number.",
	Fires: "Note when the longest run of a complete week with 3 or more runs is more than 35 % of the week's distance and more than 1.50 × an even share of it, and takes an hour or more.",
	Silent: "For weeks of one or two runs, weeks with a race, and long runs under an hour. With 3 runs the limit is 50 %, with 4 it is 37.5 %. " +
		"Not judged without a complete week, or when runs lack a distance or a moving time.",
	Evidence: Evidence{
		Grade:  Convention,
		Says:   "Coaches ask for 25 to 30 %. No study of injuries was found that supports a share. In 264 runners, longer sessions on average went with fewer injuries (hazard ratio 0.80 for each km).",
		Caveat: "A habit of training plans; session-spike is the better check of a long run.",
		Refs:   []Ref{{Cite: "Malisoux et al. 2015, Scandinavian Journal of Medicine & Science in Sports 25:110", DOI: "10.1111/sms.12154"}},
	},
	Max: Note,
	Off: true,
	Params: []Param{
		{Name: "max_share", Default: 0.35, Min: 0.1, Max: 1, Unit: Share, Doc: "The share of the week above which it is told; somewhat over the coaches' 30 %."},
		{Name: "max_multiple", Default: 1.5, Min: 1, Max: 10, Unit: Ratio, Doc: "The multiple of an even share of the week that the longest run must exceed too; custom."},
		{Name: "min_runs", Default: 3, Min: 2, Max: 14, Unit: Count, Doc: "Runs that a week must have; a choice of this program."},
		{Name: "min_run_min", Default: 60, Min: 0, Max: 600, Unit: Minute, Doc: "The moving time from which a longest run is a long run, as in no-rest-after-long-run; custom."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "More than half of a week of four runs", Log: `
week 2026-05-04      5   _   5   _   5   _   17   # want KC106 note Sun 10 May: 17.0 km of the week's 32.0 km, 53.1 %; 37.5 % is the limit for 4 runs
`},
		{Kind: AtLimit, Name: "Exactly the limit is allowed", Log: `
week 2026-05-04      5   5   5   5   _   _   10.8 # want KC106 note 35.1 %; 35 % is the limit for 5 runs
week +1              5   5   5   4.9 _   _   10.7
week +1              5   _   5   _   _   _   10
week +1              5   _   5   _   _   _   10.1 # want KC106 note 50.2 %; 50 % is the limit for 3 runs
`},
		{Kind: Silent, Name: "Two runs, a race, and less than an hour", Log: `
week 2026-05-04      _   _   5   _   _   _   15
week +1              5   _   5   _   5   _   21.1!race
week +1              2   _   2   _   2   _   9.9
`},
		{Kind: Silent, Name: "No complete week yet", Log: `
week 2026-05-04      _   5   5   _   5   _   17
# want-not-judged KC106 the log has no complete week with a run
`},
	},
	Judge: judgeLongRunShare,
}

func judgeLongRunShare(p *Pass) {
	weeks, judged := 0, 0
	for i := range p.Log.Weeks {
		w := &p.Log.Weeks[i]
		if !w.Complete || w.RunDays == 0 {
			continue
		}
		weeks++
		runs, known, race := 0, true, false
		for j := range p.Log.Runs[w.First : w.First+w.Runs] {
			run := p.Log.Runs[w.First+j]
			if run.TooShort() {
				continue
			}
			runs++
			known = known && run.DistM > 0
			race = race || run.Race
		}
		longest := p.Log.Longest(w.Start, w.End())
		if !known || longest < 0 || math.IsNaN(p.Log.Runs[longest].MovingS) {
			continue
		}
		judged++
		if !race {
			p.judgeShare(w, longest, runs)
		}
	}
	switch {
	case weeks == 0:
		p.NotJudged("the log has no complete week with a run", 0)
	case judged < weeks:
		p.NotJudged(fmt.Sprintf("a run has no distance or no moving time in %d of %s", weeks-judged, plural(weeks, "week")),
			coverage(float64(judged), float64(weeks)))
	}
}

// judgeShare looks at the longest of a week's runs.
func (p *Pass) judgeShare(w *analyze.Week, longest, runs int) {
	run := p.Log.Runs[longest]
	dist, week := p.U.Round(run.DistM), p.U.Round(w.DistM)
	limit := max(p.Value("max_share"), roundTo(p.Value("max_multiple")/float64(runs), 3))
	share := roundTo(dist/week, 3)
	if runs < int(math.Ceil(p.Value("min_runs"))) || !(run.MovingS >= p.Value("min_run_min")*60) || !(share > limit) {
		return
	}
	p.Report(Finding{
		Severity: Note, From: w.Start, To: w.End(), Runs: []int{longest}, Value: share, Limit: limit, Unit: Share,
		Message: fmt.Sprintf("%s: %s of the week's %s, %s; %s is the limit for %s",
			p.day(run.Date), p.U.Dist(dist), p.U.Dist(week), percent(share), percent(limit), plural(runs, "run")),
		Advice: "Move a few kilometres from the long run to the other days, or leave it as it is for some weeks.",
	})
}
