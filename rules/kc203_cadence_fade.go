package rules

import (
	"fmt"

	"kneecheck/analyze"
)

// recentDays is how far back the share of judged runs is counted, so that the runs of an old watch do not speak for
// those of today.
const recentDays = 84

var cadenceFade = &Rule{
	ID:    "KC203",
	Name:  "cadence-fade",
	Title: "Steps get fewer towards the end of a run",
	Why: "When legs tire, steps can become fewer and longer even at the same pace. " +
		"This compares the last third of a longer run with the first third, only at speeds that both have, so that slowing down alone does not count.",
	Fires:  "For runs of 45 minutes or more: note when the cadence of the last third at matched speed lies 3 % or more under that of the first third, warning from 5 %.",
	Silent: "For shorter runs. Not judged without 5 minutes of cadence at speeds that both thirds have.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "A review of 68 studies of fatigue in running describes a falling cadence and a knee more bent at landing. " +
			"But over 100 km in 20 elite runners, and over 80.5 km on a treadmill in 12 runners, cadence did not change once speed was held.",
		Caveat: "No study links it with injury. Hills, heat and walking breaks can look the same, and the limits are set by this program.",
		Refs: []Ref{
			{Cite: "Apte et al. 2021, Frontiers in Physiology", DOI: "10.3389/fphys.2021.646042"},
			refBurns,
			{Cite: "Howe et al. 2021, 80.5 km on a treadmill, PMC8144128"},
		},
	},
	Max: Warning,
	Params: []Param{
		{Name: "note_drop", Default: 0.03, Min: 0.005, Max: 0.5, Unit: Share, Doc: "The drop that is a note; custom."},
		{Name: "warn_drop", Default: 0.05, Min: 0.005, Max: 0.5, Unit: Share, Doc: "The drop that is a warning; custom."},
		{Name: "min_run_min", Default: 45, Min: 45, Max: 600, Unit: Minute, Doc: "The moving time from which a run is looked at; a choice of this program."},
		{Name: "min_minutes", Default: 5, Min: 1, Max: 120, Unit: Minute, Doc: "Minutes at speeds that both thirds have that a verdict needs; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Two long runs that fade", Log: `
week 2026-05-04      _   _   _   _   _   _   10@168>161  # want KC203 note Sun 10 May: 4.2 % fewer steps a minute in the last third of 60 min
week +1              _   _   _   _   _   _   12@168>158  # want KC203 warning 6 % fewer
`},
		{Kind: AtLimit, Name: "3.0 % is the first that is told", Log: `
week 2026-05-04      _   _   _   _   _   _   10@168>163  # want KC203 note 3 % fewer
`},
		{Kind: Silent, Name: "2.4 %, and a run under 45 minutes", Log: `
week 2026-05-04      _   _   _   _   _   _   10@168>164
week +1              7@168>150
`},
		{Kind: Silent, Name: "Most long runs without a cadence", Log: `
week 2026-05-04      _   _   10  _   _   _   10@168
week +1              _   _   10
# want-not-judged KC203 no cadence to compare in 2 of the 3 runs of 45 min or more
`},
	},
	Judge: judgeCadenceFade,
}

func judgeCadenceFade(p *Pass) {
	long, judged := 0, 0
	for _, i := range p.runs(min(p.since, p.Log.AsOf-recentDays+1), p.Log.AsOf) {
		run := p.Log.Runs[i]
		if !(run.MovingS >= p.Value("min_run_min")*60) {
			continue
		}
		recent := run.Date > p.Log.AsOf-recentDays
		if recent {
			long++
		}
		change, seconds := analyze.MatchedChange(run.Cadence.LastThird.Hist(), run.Cadence.FirstThird.Hist())
		if !(seconds >= p.Value("min_minutes")*60) {
			continue
		}
		if recent {
			judged++
		}
		drop := roundTo(-change, 3)
		severity, limit, fires := p.dropVerdict(drop)
		if !fires {
			continue
		}
		p.Report(Finding{
			Severity: severity, From: run.Date, To: run.Date, Runs: []int{i}, Value: drop, Limit: limit, Unit: Share,
			Message: fmt.Sprintf("%s: %s fewer steps a minute in the last third of %s than in the first, at the same speed",
				p.day(run.Date), percent(drop), minutes(run.MovingS)),
			Advice: "Keep the next long run a little shorter or easier, and watch the step rate in its last third.",
		})
	}
	// Half is a choice: below it, silence says little about the runs as a whole.
	if judged*2 < long {
		p.NotJudged(fmt.Sprintf("no cadence to compare in %s of %s or more in the last %d days",
			amongst(long-judged, long, "run"), minutes(p.Value("min_run_min")*60), recentDays), coverage(float64(judged), float64(long)))
	}
}
