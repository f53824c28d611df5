package rules

import (
	"fmt"
)

var noRestAfterLongRun = &Rule{
	ID:    "KC401",
	Name:  "no-rest-after-long-run",
	Title: "A run on the day after the week's longest run",
	Why: "Plans for beginners put a day without running after every run; this asks for one after the longest only. " +
		"Whether knees need it has not been studied, so this is a reminder and no more.",
	Fires:  "Note when the longest run of a complete week is 60 minutes or more and 1.30 × or more the mean of the week's other runs, and the next day has 3 km or more too.",
	Silent: "For weeks with a single run, and for the week in progress, whose longest run may still come.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "No study of rest days after long runs was found. Couch to 5K asks for a rest day between runs. " +
			"Advice for runners with kneecap pain goes another way: more runs, each shorter.",
		Caveat: "A habit of training plans without direct evidence; a short easy run is not a hard one.",
		Refs:   []Ref{refCouch5K, refTREK},
	},
	Max: Note,
	Params: []Param{
		{Name: "min_ratio", Default: 1.3, Min: 1, Max: 10, Unit: Ratio, Doc: "How much longer than the mean of the week's other runs the longest must be; custom."},
		{Name: "min_run_min", Default: 60, Min: 10, Max: 600, Unit: Minute, Doc: "The moving time from which a longest run counts; custom."},
		{Name: "min_after_m", Default: 3000, Min: 0, Max: 50000, Unit: Metres, Doc: "The distance from which the next day counts; on a real log less was a jog of 1 or 2 km. A choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "A run on the Monday after the long Sunday run", Log: `
week 2026-05-04      6   _   6   _   6   _   12
week +1              6                            # want KC401 note Sun 10 May: 12.0 km in 72 min, 2.00 × the mean of the week's other runs (6.0 km), and 6.0 km more the day after
`},
		{Kind: AtLimit, Name: "1.30 × and an hour is the first that is told", Log: `
week 2026-05-04      8   _   8   _   8   10  5    # want KC401 note 10.0 km in 60 min, 1.37 ×
week +1              _   9   9   _   9   _   11.7
week +1              9                            # want KC401 note 1.30 ×
`},
		{Kind: Silent, Name: "A day off after it, a shorter long run, an even week, and a jog on the day after", Log: `
week 2026-05-04      6   _   6   _   6   _   12
week +1              _   6   6   _   6   9.9 6
week +1              10  10  10  _   10  _   12
week +1              10  _   6   _   6   _   14
week +1              2.9
`},
		{Kind: Silent, Name: "No complete week yet", Log: `
week 2026-05-04      _   6   6   _   6   12  6
# want-not-judged KC401 the log has no complete week with a run
`},
	},
	Judge: judgeNoRestAfterLongRun,
}

func judgeNoRestAfterLongRun(p *Pass) {
	if p.noDistance() {
		return
	}
	weeks, judged := 0, 0
	for i := range p.Log.Weeks {
		w := &p.Log.Weeks[i]
		longest := p.Log.Longest(w.Start, w.End())
		if !w.Complete || longest < 0 {
			continue
		}
		weeks++
		if run := p.Log.Runs[longest]; run.MovingS > 0 {
			judged++
			if run.Date+1 < p.since {
				continue
			}
			others := 0
			for j := w.First; j < w.First+w.Runs; j++ {
				if j != longest && !p.Log.Runs[j].TooShort() {
					others++
				}
			}
			if others > 0 {
				p.judgeDayAfter(longest, (w.DistM-run.DistM)/float64(others))
			}
		}
	}
	switch {
	case weeks == 0:
		p.NotJudged("the log has no complete week with a run", 0)
	case judged < weeks:
		p.NotJudged(fmt.Sprintf("the longest run has no moving time in %d of %s", weeks-judged, plural(weeks, "week")),
			coverage(float64(judged), float64(weeks)))
	}
}

// judgeDayAfter looks at the day after a week's longest run; othersM is the mean distance of the week's other runs.
func (p *Pass) judgeDayAfter(longest int, othersM float64) {
	run := p.Log.Runs[longest]
	dist, others := p.U.Round(run.DistM), p.U.Round(othersM)
	after := p.Log.Day(run.Date + 1)
	if after == nil || !after.RunDay || !(others > 0) || !(run.MovingS >= p.Value("min_run_min")*60) {
		return
	}
	if p.U.Round(after.DistM) < p.U.Round(p.Value("min_after_m")) {
		return
	}
	ratio, limit := roundTo(dist/others, 2), p.Value("min_ratio")
	if !(ratio >= limit) {
		return
	}
	p.Report(Finding{
		Severity: Note, From: run.Date, To: after.Date, Runs: append(p.runs(after.Date, after.Date), longest),
		Value: ratio, Limit: limit, Unit: Ratio,
		Message: fmt.Sprintf("%s: %s in %s, %s the mean of the week's other runs (%s), and %s more the day after",
			p.day(run.Date), p.U.Dist(dist), minutes(run.MovingS), times(ratio), p.U.Dist(others), p.U.Dist(after.DistM)),
		Advice: "Leave the day after the longest run free, or walk or ride instead.",
	})
}
