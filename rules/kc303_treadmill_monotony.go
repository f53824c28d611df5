package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
)

// inclineM is the difference of altitude in a treadmill run that shows that the incline was changed; less is noise of
// an altimeter indoors.
const inclineM = 10

var treadmillMonotony = &Rule{
	ID:    "KC303",
	Name:  "treadmill-monotony",
	Title: "A long treadmill run at one speed and incline",
	Why: "On a treadmill at one speed, every step is nearly the same for the whole run, while outdoors pace, slope and ground vary by themselves. " +
		"A small change of speed or incline every few minutes brings some of that variety back.",
	Fires:  "Note when a treadmill run of 60 minutes or more has a spread of speed (standard deviation ÷ mean) under 5 % and no change of incline.",
	Silent: "For shorter runs and for runs outdoors. Not judged where the file has no speed.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "In 33 studies with 494 people, running on a treadmill was mostly comparable to running outdoors, with the knee 2.3° more bent at landing. " +
			"No study of unvaried treadmill running and knees was found; the rule rests on custom.",
		Caveat: "Nothing shows that variety protects a knee, and files rarely tell the incline.",
		Refs:   []Ref{refVanHooren},
	},
	Max: Note,
	Params: []Param{
		{Name: "min_run_min", Default: 60, Min: 10, Max: 600, Unit: Minute, Doc: "The moving time from which a treadmill run is looked at; custom."},
		{Name: "max_spread", Default: 0.05, Min: 0.001, Max: 0.5, Unit: Share, Stricter: true, Doc: "A spread of speed under this counts as one speed; custom."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "66 minutes at one speed", Log: `
week 2026-01-05      _   11/treadmill~1%  _   _   _   _   _   # want KC303 note Tue 6 Jan: 66 min on the treadmill with a spread of speed of 1 %
`},
		{Kind: AtLimit, Name: "A spread of 5 % is allowed", Log: `
week 2026-01-05      _   11/treadmill~5%  _   _   _   _   _
week +1              _   11/treadmill~4.9%                     # want KC303 note spread of speed of 4.9 % (limit 5 %)
`},
		{Kind: Silent, Name: "A shorter one, and one outdoors", Log: `
week 2026-01-05      _   9.9/treadmill~1% _   11~1%  _   _   _
`},
	},
	Judge: judgeTreadmillMonotony,
}

// onTreadmill tells a run on a treadmill.
func onTreadmill(run *analyze.Run) bool { return run.OnTreadmill() }

func judgeTreadmillMonotony(p *Pass) {
	long, blind := 0, 0
	for _, i := range p.runs(min(p.since, p.Log.AsOf-recentDays+1), p.Log.AsOf) {
		run := p.Log.Runs[i]
		if !onTreadmill(run) || !(run.MovingS >= p.Value("min_run_min")*60) {
			continue
		}
		recent := run.Date > p.Log.AsOf-recentDays
		spread, limit := roundTo(run.SpeedSpread, 3), p.Value("max_spread")
		if recent {
			long++
		}
		if math.IsNaN(spread) && recent {
			blind++
		}
		if !(spread < limit) || run.Climb.RangeM >= inclineM {
			continue
		}
		p.Report(Finding{
			Severity: Note, From: run.Date, To: run.Date, Runs: []int{i}, Value: spread, Limit: limit, Unit: Share,
			Message: fmt.Sprintf("%s: %s on the treadmill with a spread of speed of %s (limit %s) and no change of incline",
				p.day(run.Date), minutes(run.MovingS), percent(spread), percent(limit)),
			Advice: "Change speed or incline a little every five to ten minutes of the next treadmill run.",
		})
	}
	if blind > 0 {
		p.NotJudged(fmt.Sprintf("no speed in %s of %s or more in the last %d days",
			amongst(blind, long, "treadmill run"), minutes(p.Value("min_run_min")*60), recentDays), coverage(float64(long-blind), float64(long)))
	}
}
