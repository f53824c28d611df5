package rules

import (
	"fmt"
	"math"

	"kneecheck/ingest/civil"
)

// layoffBefore is how many days before a layoff show what the runner was used to (DESIGN: the old weekly mean).
const layoffBefore = 28

var layoffReturn = &Rule{
	ID:    "KC103",
	Name:  "layoff-return",
	Title: "Too much too soon after a break",
	Why: "After two weeks off the old mileage is no longer a fair measure, and the checks on single runs and weeks have nothing recent to compare with. " +
		"The usual advice is to come back with about half of the old week and to build up over some weeks; after two months, to alternate running and walking first.",
	Fires: "After 14 or more days without a run: warning when the first seven days back have more than 50 % of the old weekly mean (the four weeks before the break), or the next seven more than 60 %. " +
		"After 56 or more days: also when the first run back has more than 10 minutes of running without a walk.",
	Silent: "For weeks up to 10 km, and while the break lasts. A break in the first four weeks of a log is not judged: the old mean is not known.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "Return volumes are expert opinion: 30 to 50 % of normal in the first week, 40 to 60 % in the second, 80 % in the third; after eight weeks or more, walking first and then short jogs. " +
			"A review of 15 cohorts lists restarting running among the factors that went with injury in men.",
		Caveat: "No study has tested these limits, and fitness tables say nothing about knees.",
		Refs: []Ref{
			{Cite: "Pribut, Returning to running, drpribut.com"},
			refVanWorp,
			refCouch5K,
		},
	},
	Max: Warning,
	Params: []Param{
		{Name: "gap_days", Default: 14, Min: 7, Max: 120, Unit: Days, Doc: "Days without a run from which on a break counts; custom."},
		{Name: "week_one", Default: 0.5, Min: 0.1, Max: 3, Unit: Share, Doc: "What the first seven days may have of the old weekly mean; the top of the range that clinicians advise."},
		{Name: "week_two", Default: 0.6, Min: 0.1, Max: 3, Unit: Share, Doc: "The same for the seven days after those."},
		{Name: "floor_m", Default: 10000, Min: 0, Max: 50000, Unit: Metres, Doc: "Seven days up to this distance, three runs of about 3 km, are never too much; a choice of this program."},
		{Name: "long_gap_days", Default: 56, Min: 14, Max: 365, Unit: Days, Doc: "Days without a run after which the first run should be broken by walking; custom."},
		{Name: "first_run_min", Default: 10, Min: 1, Max: 120, Unit: Minute, Doc: "The longest stretch of running without a walk in the first run after such a long break; the top of the advice to start with 5 to 10 minutes."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Three weeks off, then more than half of the old week", Log: `
week 2026-03-02 x4   8   _   10  _   8   _   14
week +4              8   _   8   _   _   _   8    # want KC103 warning Week 1 after 21 days off (20 Apr – 26 Apr): 24.0 km, 60 % of the old week (40.0 km)
week +1              8   _   8   _   _   _   9    # want KC103 warning Week 2 after 21 days off (27 Apr – 3 May): 25.0 km, 62.5 %
`},
		{Kind: Fires, Name: "Nine weeks off and 18 minutes without a walk", Log: `
week 2026-03-02 x4   8   _   10  _   8   _   14
week +10             3   _   _   3   _   _   _    # want KC103 warning Mon 1 Jun: the first run after 63 days off had 18 min of running without a walk
`},
		{Kind: AtLimit, Name: "Half of the old week, then 60 % of it", Log: `
week 2026-03-02 x4   8   _   10  _   8   _   14
week +4              6   _   6   _   _   _   8
week +1              8   _   8   _   _   _   8
`},
		{Kind: Silent, Name: "Two months off and a start with walking breaks", Log: `
week 2026-03-02 x4   8   _   10  _   8   _   14
week +10             3c5 _   _   4c8 _   _   4c10
week +1              5   _   5   _   5   _   5
`},
		{Kind: Silent, Name: "A break too early in the log", Log: `
week 2026-03-02 x2   8   _   10  _   8   _   14
week +4              8   _   10  _   8   _   14
# want-not-judged KC103 the log has less than four weeks before the 21 days off
`},
	},
	Judge: judgeLayoffReturn,
}

func judgeLayoffReturn(p *Pass) {
	if covered := int(p.Log.AsOf-p.first()) + 1; covered < layoffBefore {
		p.NotJudged(fmt.Sprintf("the log covers %s; the four weeks before a break are needed to know the old mileage", plural(covered, "day")),
			coverage(float64(covered), layoffBefore))
		return
	}
	// The first run after a long break is judged by its time alone.
	blind := p.noDistance()
	gap, longGap := p.Value("gap_days"), p.Value("long_gap_days")
	before := p.first()
	for k := range p.Log.Days {
		day := &p.Log.Days[k]
		if !day.RunDay {
			continue
		}
		// No run of the day has more days off before it.
		most := float64(day.Date - before - 1)
		before = day.Date
		for i := day.First; i < day.First+day.Runs && most >= min(gap, longGap); i++ {
			off := p.Log.DaysOffBefore(i)
			if !blind && float64(off) >= gap {
				p.judgeReturnWeeks(day.Date-civil.Date(off)-1, day.Date)
			}
			if float64(off) >= longGap {
				p.judgeFirstRun(off, i)
			}
		}
	}
}

// judgeReturnWeeks compares the two weeks from the day back with the four weeks up to the last day before the break.
func (p *Pass) judgeReturnWeeks(last, back civil.Date) {
	off := int(back - last - 1)
	if last-p.first()+1 < layoffBefore {
		p.NotJudged(fmt.Sprintf("the log has less than four weeks before the %s off that ended on %s", plural(off, "day"), p.shortDay(back)),
			coverage(float64(last-p.first()+1), layoffBefore))
		return
	}
	oldM := p.oldWeek(last)
	if !(p.U.Round(oldM) > 0) {
		p.NotJudged(fmt.Sprintf("the runs of the four weeks before the %s off that ended on %s have no distance", plural(off, "day"), p.shortDay(back)), 0)
		return
	}
	for i, param := range [...]string{"week_one", "week_two"} {
		from := back + civil.Date(7*i)
		to := min(from+6, p.Log.AsOf)
		if from > p.Log.AsOf {
			return
		}
		if to < p.since {
			continue // words for nobody
		}
		weekM, limit := p.U.Round(p.Log.DistM(from, to)), p.Value(param)
		share := roundTo(weekM/p.U.Round(oldM), 3)
		if weekM <= p.U.Round(p.Value("floor_m")) || !(share > limit) {
			continue
		}
		part := percent(share) + " of"
		if share > 1 {
			part = times(share)
		}
		p.Report(Finding{
			Severity: Warning, From: from, To: to, Runs: p.runs(from, to), Value: share, Limit: limit, Unit: Share,
			Message: fmt.Sprintf("Week %d after %s off (%s – %s): %s, %s the old week (%s); the limit is %s",
				i+1, plural(off, "day"), p.shortDay(from), p.shortDay(to), p.U.Dist(weekM), part, p.U.Dist(oldM), percent(limit)),
			Advice: fmt.Sprintf("Come back with about %s a week, spread over three or more short runs, and build up over four weeks.",
				p.U.Dist(max(limit*oldM, p.Value("floor_m")))),
		})
	}
}

// oldWeek is the weekly mean of the four weeks up to a day; NaN when the log does not reach so far back or they have no
// distance.
func (p *Pass) oldWeek(last civil.Date) float64 {
	m := p.Log.DistM(last-layoffBefore+1, last) / (layoffBefore / 7)
	if last-p.first()+1 < layoffBefore || !(m > 0) {
		return math.NaN()
	}
	return m
}

// judgeFirstRun looks at the longest stretch without a walk in the first run after a long break.
func (p *Pass) judgeFirstRun(off, i int) {
	run, limit := p.Log.Runs[i], p.Value("first_run_min")
	// Whole minutes are what is printed.
	stretch := math.Floor(run.LongestContinuousS / 60)
	if !(stretch > limit) {
		if math.IsNaN(stretch) {
			p.NotJudged(fmt.Sprintf("the run of %s, the first after %s off, has no samples to find walking breaks in",
				p.shortDay(run.Date), plural(off, "day")), 0)
		}
		return
	}
	p.Report(Finding{
		Severity: Warning, From: run.Date, To: run.Date, Runs: []int{i}, Value: stretch, Limit: limit, Unit: Minute,
		Message: fmt.Sprintf("%s: the first run after %s off had %.0f min of running without a walk; the limit is %.0f min",
			p.day(run.Date), plural(off, "day"), stretch, limit),
		Advice: "Alternate short stretches of running with walking for the first two weeks.",
	})
}
