package rules

import (
	"fmt"
)

const (
	// spikeWindow and spikeHistory are the study's window and the days of log that fill it.
	spikeWindow  = 30
	spikeHistory = 28
	// spikeReferenceM is the shortest run that counts as a reference: less is a recording begun by mistake.
	spikeReferenceM = 1000
)

var sessionSpike = &Rule{
	ID:    "KC101",
	Name:  "session-spike",
	Title: "One run much longer than any recent run",
	Why: "In the largest study of runners' own logs, overuse injuries followed single runs that went far beyond the longest run of the month before. " +
		"Weekly totals told nothing of the kind. Of all that a log can show, this has the most direct support.",
	Fires:  "Warning when a run is more than 1.10 × the longest run of the 30 days before it, high when it is more than 2.00 ×.",
	Silent: "For runs under 5 km, races, the first 28 days of a log, and after 30 days without a run of 1 km (then layoff-return takes over). Earlier runs of the same day are no reference.",
	Evidence: Evidence{
		Grade: Moderate,
		Says: "5,205 runners logged 588,071 sessions in 18 months and 35 % reported an overuse injury. Against runs of at most 1.10 × the longest of the last 30 days, " +
			"the injury rate was 1.64 × (95 % interval 1.31 to 2.05) for runs 10 to 30 % longer, 1.52 × (1.16 to 2.00) for 30 to 100 %, and 2.28 × (1.50 to 3.48) beyond double.",
		Caveat: "One observational study, not repeated yet, on all overuse injuries and not only knees; its runners were mostly men, 46 years old on average. A rate is not a probability, and the two lower bands cannot be told apart.",
		Refs:   []Ref{refFrandsen},
	},
	Max: High,
	Params: []Param{
		{Name: "warn_ratio", Default: 1.10, Min: 1, Max: 5, Unit: Ratio, Doc: "A run above this multiple of the reference is a warning; 1.10 is the edge of the study's first band."},
		{Name: "high_ratio", Default: 2.00, Min: 1, Max: 10, Unit: Ratio, Doc: "A run that is a warning and above this multiple is high; 2.00 is the edge of the study's last band."},
		{Name: "floor_m", Default: 5000, Min: 0, Max: 50000, Unit: Metres, Doc: "Shorter runs are never a spike: 4 km after weeks of 3 km is a way back and no long run. A choice of this program after a look at a real log, not of the study."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "More than double the longest run of a month", Log: `
week 2026-05-04 x4   5   _   6   _   5   _   10
week +1              5   _   6   _   5   _   22   # want KC101 high Sun 7 Jun: 22.0 km, 2.20 × the longest run of the 30 days before (10.0 km)
`},
		{Kind: Fires, Name: "A fifth longer", Log: `
week 2026-05-04 x4   5   _   6   _   5   _   10
week +1              5   _   6   _   5   _   12   # want KC101 warning 12.0 km, 1.20 ×
`},
		{Kind: AtLimit, Name: "Exactly 1.10 × is allowed, double is a warning", Log: `
week 2026-05-04 x4   5   _   6   _   5   _   10
week +1              5   _   6   _   5   _   11
week +1              5   _   6   _   5   _   22   # want KC101 warning 2.00 ×
`},
		{Kind: Silent, Name: "A race, a short run after a shorter one, and a false start before a real one", Log: `
week 2026-05-04 x4   1   _   1   _   1   _   10
week +1              1   _   1   _   1   _   21.1!race
week +3              1   _   _   _   _   _   _
week +2              _   _   4.9 _   _   _   _
week +6              0.4 _   _   _   _   _   _
week +1              6   _   _   _   _   _   _
`},
		{Kind: Silent, Name: "A log too short to know", Log: `
week 2026-05-04 x2   5   _   6   _   5   _   10
week +1              5   _   6   _   5   _   22
# want-not-judged KC101 the log goes back 20 days, 28 are needed
`},
	},
	Judge: judgeSessionSpike,
}

func judgeSessionSpike(p *Pass) {
	first := p.first()
	if covered := p.Log.AsOf - first; covered < spikeHistory {
		p.NotJudged(fmt.Sprintf("the log goes back %s, %d are needed", plural(int(covered), "day"), spikeHistory),
			coverage(float64(covered), spikeHistory))
		return
	}
	if p.noDistance() {
		return
	}
	warn, high, floorM := p.Value("warn_ratio"), p.Value("high_ratio"), p.U.Round(p.Value("floor_m"))
	for _, i := range p.runs(max(first+spikeHistory, p.since), p.Log.AsOf) {
		run := p.Log.Runs[i]
		dist, longest := p.U.Round(run.DistM), p.Log.Longest(run.Date-spikeWindow, run.Date-1)
		if run.Race || dist < floorM || longest < 0 {
			continue
		}
		reference := p.U.Round(p.Log.Runs[longest].DistM)
		if reference < p.U.Round(spikeReferenceM) {
			continue
		}
		ratio := roundTo(dist/reference, 2)
		if !(ratio > warn) {
			continue
		}
		f := Finding{Severity: Warning, From: run.Date, To: run.Date, Runs: []int{i}, Value: ratio, Limit: warn, Unit: Ratio}
		if ratio > high {
			f.Severity, f.Limit = High, high
		}
		f.Message = fmt.Sprintf("%s: %s, %s the longest run of the %d days before (%s)",
			p.day(run.Date), p.U.Dist(dist), times(ratio), spikeWindow, p.U.Dist(reference))
		// How far is the budget's to say, which knows whether the reference was itself a spike.
		f.Advice = "Take the next long run back to what it was before and lengthen it from there in small steps; kneecheck budget tells how far."
		p.Report(f)
	}
}
