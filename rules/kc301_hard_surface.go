package rules

import (
	"fmt"
	"slices"

	"kneecheck/ingest/civil"
)

const (
	// groundDays is how many days show on what ground a runner runs now (DESIGN: 28 days).
	groundDays = 28
	// longRunDays is the week whose longest run is looked at: the last seven days, since a calendar week that has just
	// begun has no long run yet.
	longRunDays = 7
)

var hardSurface = &Rule{
	ID:    "KC301",
	Name:  "hard-surface",
	Title: "Nearly all of the running on asphalt and concrete",
	Why: "Asphalt, concrete and paving give every step the same hard, even ground. Other ground changes how each step lands, and some knees like the change. " +
		"This tells how much of the running was on hard ground; it does not say that hard ground harms.",
	Fires: "Note when 80 % or more of the distance of the last 28 days was on hard ground, or else 90 % or more of the longest run of the last 7 days if that took 60 minutes or more. " +
		"A share is called likely when its lower bound lies under the limit.",
	Silent: "Below 15 km in 28 days. Not judged when the ground is unknown for more than 40 % of the distance, or when the unknown part decides: without a street map (kneecheck map import) only treadmills and tracks are known.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 47 runners, peak pressure in the shoe was 9 to 17 % lower under the heel on grass than on asphalt, concrete or a worn track. But another study measured more shock at the shin on grass than on concrete (8.2 g and 7.5 g), " +
			"and a third, in 30 runners, little difference at the lower spine (3.9 g on concrete, 3.8 g on grass). A review of 15 cohorts found concrete to go with injury in women only.",
		Caveat: "That soft ground saves knees is not shown: no study of knee load by outdoor ground was found. The limits are set by this program.",
		Refs:   []Ref{refTessutti, refWaite, {Cite: "Ferro-Sánchez et al. 2023, acceleration at the sacrum on concrete, track and grass"}, refVanWorp},
	},
	Max:   Note,
	State: true,
	Params: []Param{
		{Name: "hard_share", Default: 0.80, Min: 0.1, Max: 1, Unit: Share, Doc: "The share of hard ground in 28 days that is told; a choice of this program."},
		{Name: "long_run_share", Default: 0.90, Min: 0.1, Max: 1, Unit: Share, Doc: "The share of hard ground in the longest run of the last 7 days that is told; a choice of this program."},
		{Name: "long_run_min", Default: 60, Min: 10, Max: 600, Unit: Minute, Doc: "The moving time from which that run is looked at; custom, as in no-rest-after-long-run."},
		{Name: "max_unknown", Default: 0.40, Min: 0, Max: 1, Unit: Share, Stricter: true, Doc: "The largest unknown share at which a verdict is given; a choice of this program."},
		{Name: "min_m", Default: 15000, Min: 1000, Max: 500000, Unit: Metres, Doc: "Metres in 28 days that a verdict needs; a choice of this program, so that two runs on holiday are none."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Four weeks on the road", Log: `
every s90/5/5
week 2026-05-04 x4   6   _   8   _   6   _   9    # want KC301 note Last 28 days: 90 % of 116.0 km on hard ground (limit 80 %)
`},
		{Kind: Fires, Name: "Likely, not sure: a part of the map is vague", Log: `
every s82(70-95)/10/8
week 2026-05-04 x4   6   _   8   _   6   _   9    # want KC301 note likely 82 % of 116.0 km on hard ground, between 70 and 95 % (limit 80 %)
`},
		{Kind: Fires, Name: "Only the long run is on the road", Log: `
every s50/40/10
week 2026-05-04 x3   6   _   8   _   6   _   11
week +1              6   _   8   _   6   _   11s95/5   # want KC301 note Sun 31 May, the longest run of the last 7 days: 95 % of 11.0 km on hard ground (limit 90 %)
`},
		{Kind: AtLimit, Name: "80 % is the first that is told", Log: `
every s80/10/10
week 2026-05-04 x4   6   _   8   _   6   _   9    # want KC301 note 80 % of 116.0 km
`},
		{Kind: AtLimit, Name: "79 % is allowed", Log: `
every s79/10/11
week 2026-05-04 x4   6   _   8   _   6   _   9
`},
		{Kind: Silent, Name: "Half on the treadmill: whatever the rest is, it is not 80 %", Log: `
week 2026-05-04 x4   6   _   10/treadmill   _   8   _   6/treadmill
`},
		{Kind: Silent, Name: "Too much is unknown", Log: `
every s55/2/2
week 2026-05-04 x4   6   _   8   _   6   _   9
# want-not-judged KC301 the ground is unknown for 41 % of the 116.0 km of the last 28 days
`},
		{Kind: Silent, Name: "The unknown part decides", Log: `
every s70/5/5
week 2026-05-04 x4   6   _   8   _   6   _   9
# want-not-judged KC301 hard ground is between 70 and 90 % of the 116.0 km of the last 28 days (limit 80 %): 20 % are unknown
`},
	},
	Judge: judgeHardSurface,
}

func judgeHardSurface(p *Pass) {
	from := p.Log.AsOf - groundDays + 1
	var g ground
	for _, i := range p.runs(from, p.Log.AsOf) {
		run := groundOf(p.Log.Runs[i])
		g.add(&run)
	}
	f := Finding{
		Severity: Note, From: from, To: p.Log.AsOf, Limit: p.Value("hard_share"), Unit: Share,
		Advice: "For variety, take one of the next runs, best the long one, to a park path, gravel or a trail.",
	}
	var fires bool
	if f.Value, f.Message, fires = p.judgeHardMonth(&g); fires {
		f.Runs = p.hardRuns(from)
		p.Report(f)
		return
	}
	// The long run is news only where the month as a whole is not.
	i, share, text, fires := p.judgeHardLongRun()
	if fires {
		date := p.Log.Runs[i].Date
		f.From, f.To, f.Runs = date, date, []int{i}
		f.Value, f.Limit, f.Message = share, p.Value("long_run_share"), text
		p.Report(f)
	}
}

// judgeHardMonth judges the ground of the last 28 days.
func (p *Pass) judgeHardMonth(g *ground) (share float64, text string, fires bool) {
	dist, need := p.U.Round(g.distM), p.U.Round(p.Value("min_m"))
	if dist == 0 {
		p.NotJudged(fmt.Sprintf("no distance in the last %d days", groundDays), 0)
		return 0, "", false
	}
	limit := p.Value("hard_share")
	share, low, high := g.share(hard)
	if high < limit {
		// Whatever the unknown part is made of.
		return 0, "", false
	}
	if u := g.unknown(); u > p.Value("max_unknown") {
		reason := fmt.Sprintf("the ground is unknown for %s of the %s of the last %d days", percent(u), p.U.Dist(dist), groundDays)
		if p.unmapped(*g) {
			reason = noMap
		}
		p.NotJudged(reason, 1-u)
		return 0, "", false
	}
	if dist < need {
		return 0, "", false
	}
	switch {
	case share >= limit:
		return share, fmt.Sprintf("Last %d days: %s", groundDays, p.hardPart(g, limit)), true
	case high >= limit && g.ofKnown(hard) >= limit:
		p.NotJudged(fmt.Sprintf("hard ground is %s of the %s of the last %d days (limit %s): %s are unknown",
			between(low, high), p.U.Dist(dist), groundDays, percent(limit), percent(g.unknown())), 1-g.unknown())
	}
	return 0, "", false
}

// judgeHardLongRun judges the longest run of the last 7 days.
func (p *Pass) judgeHardLongRun() (i int, share float64, text string, fires bool) {
	i = p.Log.Longest(p.Log.AsOf-longRunDays+1, p.Log.AsOf)
	if i < 0 || !(p.Log.Runs[i].MovingS >= p.Value("long_run_min")*60) {
		return i, 0, "", false
	}
	run := p.Log.Runs[i]
	g, limit := groundOf(run), p.Value("long_run_share")
	share, _, _ = g.share(hard)
	if !(share >= limit) || g.unknown() > p.Value("max_unknown") {
		return i, 0, "", false
	}
	return i, share, fmt.Sprintf("%s, the longest run of the last %d days: %s", p.day(run.Date), longRunDays, p.hardPart(&g, limit)), true
}

// hardPart says how much of a distance was hard: plainly when even the lower bound reaches the limit, else as likely and
// with the bounds.
func (p *Pass) hardPart(g *ground, limit float64) string {
	share, low, high := g.share(hard)
	part := fmt.Sprintf("%s of %s on hard ground", percent(share), p.U.Dist(g.distM))
	if low >= limit {
		return fmt.Sprintf("%s (limit %s)", part, percent(limit))
	}
	return fmt.Sprintf("likely %s, %s (limit %s)", part, between(low, high), percent(limit))
}

// hardRuns are the runs since a day that had hard ground.
func (p *Pass) hardRuns(from civil.Date) []int {
	return slices.DeleteFunc(p.runs(from, p.Log.AsOf), func(i int) bool { return !(p.Log.Runs[i].Surface.HardM > 0) })
}
