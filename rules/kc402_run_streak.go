package rules

import (
	"fmt"
	"math"
	"slices"

	"kneecheck/ingest/civil"
)

// ownStreaks is the part of a runner's earlier streaks that must be shorter for a streak to be out of the ordinary
// (DESIGN: own 90th percentile).
const ownStreaks = 0.9

// painBeforeStreak is how many days before a streak pain still counts: as long as entries of one episode may be apart.
const painBeforeStreak = EpisodeDays

var runStreak = &Rule{
	ID:    "KC402",
	Name:  "run-streak",
	Title: "More days in a row with a run than usual",
	Why: "A day without running gives everything that was loaded some time. Some runners run every day and do well, so this looks at what is unusual for the one runner, " +
		"and only from a week on.",
	Fires:  "Note when the days in a row with a run reach 7, or one more than nine in ten of the runner's earlier streaks had, whichever is more; a warning for a novice, and when knee pain was logged in the streak or the 14 days before it.",
	Silent: "For shorter streaks. Not judged when the log covers fewer than 7 days.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "No study of days in a row was found, and reviews of how often to run are conflicting. Couch to 5K asks beginners for a rest day between runs. " +
			"Advice for runners with kneecap pain goes another way: more runs, each shorter.",
		Caveat: "A habit of training plans without direct evidence.",
		Refs:   []Ref{refCouch5K, refTREK},
	},
	Max:   Warning,
	Grows: true,
	Params: []Param{
		{Name: "min_days", Default: 7, Min: 3, Max: 365, Unit: Days, Doc: "Shorter streaks are never told; a week, by custom."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Nine days in a row", Log: `
week 2026-05-04 x3   5   _   5   _   5   _   5
week +1              5   _   5   5   5   5   5
week +1              5   5   5   5   _   _   5    # want KC402 note Wed 27 May – Thu 4 Jun: 9 days in a row with a run, told from 7
`},
		{Kind: Fires, Name: "The same for a novice", Log: `
athlete novice
week 2026-05-04 x3   5   _   5   _   5   _   5
week +1              5   _   5   5   5   5   5
week +1              5   5   5   5   _   _   5    # want KC402 warning 9 days in a row
`},
		{Kind: Fires, Name: "The same with a sore knee, logged 14 days before the streak", Log: `
pain 2026-05-13 left front 2
week 2026-05-04 x3   5   _   5   _   5   _   5
week +1              5   _   5   5   5   5   5
week +1              5   5   5   5   _   _   5    # want KC402 warning 9 days in a row with a run, told from 7, and knee pain was logged
`},
		{Kind: Fires, Name: "Pain logged 15 days before, or after the streak", Log: `
pain 2026-05-12 left front 2
pain 2026-06-05 left front 2
week 2026-05-04 x3   5   _   5   _   5   _   5
week +1              5   _   5   5   5   5   5
week +1              5   5   5   5   _   _   5    # want KC402 note 9 days in a row with a run, told from 7
`},
		{Kind: AtLimit, Name: "Six days are allowed, seven are told", Log: `
week 2026-05-04      5   5   5   5   5   5   _
week +1              5   5   5   5   5   5   5    # want KC402 note 7 days in a row with a run, told from 7
`},
		{Kind: Fires, Name: "Ten days in a row, and then a runner who is used to it", Log: `
week 2026-05-04      5   5   5   5   5   5   5
week +1              5   5   5   _   5   5   5    # want KC402 note 10 days in a row
week +1              5   5   5   5   _   5   5
`},
		{Kind: Silent, Name: "Too short a log", Log: `
week 2026-05-04      5   5   5
# want-not-judged KC402 the log covers 3 days, 7 are needed
`},
	},
	Judge: judgeRunStreak,
}

func judgeRunStreak(p *Pass) {
	least := int(p.Value("min_days"))
	if p.tooShort(len(p.Log.Days), least) {
		return
	}
	if !p.longStreakSince(least) {
		return
	}
	var earlier []int
	length := 0
	for i, d := range p.Log.Days {
		if !d.RunDay {
			length = 0
			continue
		}
		length++
		if i+1 < len(p.Log.Days) && p.Log.Days[i+1].RunDay {
			continue
		}
		p.judgeStreak(d.Date-civil.Date(length)+1, d.Date, least, usualStreak(earlier)+1)
		at, _ := slices.BinarySearch(earlier, length)
		earlier = slices.Insert(earlier, at, length)
	}
}

// longStreakSince tells whether a streak of at least so many days reaches the days of interest. Most logs have none, and then
// the streaks of all the years before need not be ranked.
func (p *Pass) longStreakSince(least int) bool {
	i := int(max(p.since, p.first()) - p.first())
	for i > 0 && i < len(p.Log.Days) && p.Log.Days[i-1].RunDay {
		i--
	}
	length := 0
	for ; i < len(p.Log.Days); i++ {
		if !p.Log.Days[i].RunDay {
			length = 0
		} else if length++; length >= least {
			return true
		}
	}
	return false
}

// usualStreak is the 90th percentile of sorted lengths by nearest rank, 0 without any.
func usualStreak(sorted []int) int {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(math.Ceil(ownStreaks*float64(len(sorted))))-1]
}

func (p *Pass) judgeStreak(from, to civil.Date, least, own int) {
	length, limit := int(to-from)+1, max(least, own)
	if length < limit {
		return
	}
	severity, why := Note, ""
	if own > least {
		why = ", one more than nine in ten of the earlier streaks had"
	}
	if p.Log.Novice {
		severity = Warning
	}
	if p.Log.KneeHurt(from-painBeforeStreak, to) {
		severity = Warning
		why += ", and knee pain was logged"
	}
	p.Report(Finding{
		Severity: severity, From: from, To: to, Runs: p.runs(from, to), Value: float64(length), Limit: float64(limit), Unit: Days,
		Message: fmt.Sprintf("%s – %s: %d days in a row with a run, told from %d%s", p.day(from), p.day(to), length, limit, why),
		Advice:  "Put a day without running into the next three days.",
	})
}
