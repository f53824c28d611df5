package rules

import (
	"fmt"

	"kneecheck/analyze"
)

// ownCurveDays is how many days before show a runner's own cadence.
const ownCurveDays = analyze.OwnCurveDays

var cadenceDrop = &Rule{
	ID:    "KC202",
	Name:  "cadence-drop",
	Title: "Fewer steps a minute than in the months before",
	Why: "This compares a runner with themselves: the last four weeks against the twelve weeks before, only at speeds that both have. " +
		"A lasting drop means longer steps at the same pace. Tired legs, a change of shoes or a new watch can be behind it.",
	Fires:  "Note when the mean cadence of the last 28 days at matched speed lies 3 % or more under that of the 84 days before, warning from 5 %.",
	Silent: "Not judged with less than 60 minutes at speeds that both periods have. Only near-level running outdoors counts: the speed of treadmills is not calibrated.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 45 recreational runners on a treadmill, 5 % and 10 % more steps a minute lowered the energy that the knee takes up, and 10 % fewer raised it in every joint of the leg. " +
			"The limits of 3 % and 5 % are set by this program next to those laboratory steps.",
		Caveat: "No study followed runners whose cadence fell over weeks; a different watch or sensor can look the same.",
		Refs:   []Ref{refHeidersc, refAnderson},
	},
	Max:   Warning,
	State: true,
	Params: []Param{
		{Name: "note_drop", Default: 0.03, Min: 0.005, Max: 0.5, Unit: Share, Doc: "The drop that is a note; custom."},
		{Name: "warn_drop", Default: 0.05, Min: 0.005, Max: 0.5, Unit: Share, Doc: "The drop that is a warning; 5 % is the smaller of the steps studied in the laboratory."},
		{Name: "min_minutes", Default: 60, Min: 10, Max: 3000, Unit: Minute, Doc: "Minutes at speeds that both periods have that a verdict needs; a choice of this program, since single runs differ."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "3.6 % fewer steps than in spring", Log: `
every @166
week 2026-02-23 x12  6   _   8   _   6   _   10
every @160
week x4              6   _   8   _   6   _   10   # want KC202 note 3.6 % fewer steps a minute at the same speeds
`},
		{Kind: Fires, Name: "More than 5 % fewer", Log: `
every @166
week 2026-02-23 x12  6   _   8   _   6   _   10
every @156
week x4              6   _   8   _   6   _   10   # want KC202 warning 6 % fewer
`},
		{Kind: AtLimit, Name: "3.0 % is the first that is told", Log: `
every @167
week 2026-02-23 x12  6   _   8   _   6   _   10
every @162
week x4              6   _   8   _   6   _   10   # want KC202 note 3 % fewer
`},
		{Kind: Silent, Name: "Slower, with fewer steps: not the same speed", Log: `
every @166p5:00
week 2026-02-23 x12  6   _   8   _   6   _   10
every @158p6:30
week x3              6   _   8   _   6   _   10
week +1              6   _   8   _   6   _   10@164p5:00
# want-not-judged KC202 50 min with a cadence at the same speeds
`},
		{Kind: Silent, Name: "2.4 % fewer", Log: `
every @166
week 2026-02-23 x12  6   _   8   _   6   _   10
every @162
week x4              6   _   8   _   6   _   10
`},
	},
	Judge: judgeCadenceDrop,
}

func judgeCadenceDrop(p *Pass) {
	from := p.Log.AsOf - cadenceDays + 1
	now := p.levelHist(from, p.Log.AsOf, outdoors)
	before := p.levelHist(from-ownCurveDays, from-1, outdoors)
	change, seconds := analyze.MatchedChange(now, before)
	if need := p.Value("min_minutes") * 60; !(seconds >= need) {
		p.NotJudged(fmt.Sprintf("%s with a cadence at the same speeds in the last %d days and the %d days before, %s are needed",
			minutes(seconds), cadenceDays, ownCurveDays, minutes(need)), coverage(seconds, need))
		return
	}
	drop := roundTo(-change, 3)
	severity, limit, fires := p.dropVerdict(drop)
	if !fires {
		return
	}
	at := mostMatched(now, before)
	p.Report(Finding{
		Severity: severity, From: from, To: p.Log.AsOf, Runs: p.withCadence(from, p.Log.AsOf), Value: drop, Limit: limit, Unit: Share,
		Message: fmt.Sprintf("Last %d days: %s fewer steps a minute at the same speeds than in the %d days before (around %s: %.0f spm, before %.0f)",
			cadenceDays, percent(drop), ownCurveDays, p.U.Pace(at.speedMPS), at.nowSPM, at.beforeSPM),
		Advice: "Ask what changed four weeks ago (shoes, watch, fatigue, ground) and run some easy minutes at the old step rate.",
	})
}

// dropVerdict puts a drop of cadence, as a share, against the limits of the rule.
func (p *Pass) dropVerdict(drop float64) (severity Severity, limit float64, fires bool) {
	note, warn := p.Value("note_drop"), p.Value("warn_drop")
	switch {
	case !(drop >= note):
		return Note, note, false
	case drop >= warn:
		return Warning, warn, true
	}
	return Note, note, true
}

// matchedSpeed is the cadence of two periods at one speed.
type matchedSpeed struct{ speedMPS, seconds, nowSPM, beforeSPM float64 }

// mostMatched is the speed at which two periods share the most time.
func mostMatched(now, before analyze.Hist) matchedSpeed {
	var best matchedSpeed
	old := before.BySpeed()
	for _, a := range now.BySpeed() {
		for _, b := range old {
			if s := min(a.Seconds, b.Seconds); a.Bin == b.Bin && s > best.seconds {
				best = matchedSpeed{speedMPS: a.SpeedMPS(), seconds: s, nowSPM: a.MeanSPM, beforeSPM: b.MeanSPM}
			}
		}
	}
	return best
}
