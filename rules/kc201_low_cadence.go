package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// cadenceDays is how many days show how a runner steps now.
const cadenceDays = analyze.CadenceDays

var lowCadence = &Rule{
	ID:    "KC201",
	Name:  "low-cadence",
	Title: "Fewer steps a minute than expected at this pace",
	Why: "At the same speed, fewer steps mean longer ones, and longer steps put more load on the kneecap each time. Taking somewhat more steps lowers that load in the laboratory. " +
		"What is expected depends on pace and height; 180 is not a target.",
	Fires:  "When the median cadence of the last 28 days on near-level ground lies 10 or more steps a minute below what is expected at the same pace (and height, if configured); a warning from 16 steps, or from 10 when knee pain was logged in these days.",
	Silent: "Not judged with less than 20 minutes of cadence at 3:37 to 6:57 /km on near-level ground. Walking breaks and stops are left out.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 30 adults, 10 % more steps a minute lowered the peak force on the kneecap joint by 14 %. A meta-analysis of 37 studies found strong evidence for less peak knee flexion and very limited evidence on injury. " +
			"In 381 adults followed for nine months, the injured and the others differed by one step a minute (172 and 173).",
		Caveat: "The mechanics are well shown, a link with injury is not. Healthy runners differ by about 8 steps from the expectation, the tall ones are lower, and the height term is an estimate.",
		Refs: []Ref{
			{Cite: "Lenhart et al. 2014, Medicine & Science in Sports & Exercise 46:557", DOI: "10.1249/MSS.0b013e3182a78c3a"},
			refAnderson,
			{Cite: "Step rates of 21 recreational runners outdoors, 2020, PubMed 31284825"},
			refBurns,
			{Cite: "Szymanek et al. 2020, step rate and injury in 381 adults"},
		},
	},
	Max:   Warning,
	State: true,
	Params: []Param{
		{Name: "note_spm", Default: 10, Min: 1, Max: 60, Unit: SPM, Doc: "Steps a minute below the expectation that are a note; about one and a quarter of the spread among healthy runners."},
		{Name: "warn_spm", Default: 16, Min: 1, Max: 60, Unit: SPM, Doc: "Steps a minute below the expectation that are a warning; twice that spread."},
		{Name: "min_minutes", Default: 20, Min: 5, Max: 600, Unit: Minute, Doc: "Minutes with a cadence that a verdict needs; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Thirteen steps below the expectation", Log: `
every @150p6:10
week 2026-05-04 x4   6   _   8   _   6   _   10   # want KC201 note 150 spm at 6:10 /km on level ground, 13 below the 163 expected
`},
		{Kind: Fires, Name: "A warning, with the height known", Log: `
athlete height 165
every @150p6:10
week 2026-05-04 x4   6   _   8   _   6   _   10   # want KC201 warning 18 below the 168 expected (at this pace and 165 cm)
`},
		{Kind: AtLimit, Name: "Ten steps below is the first that is told", Log: `
every @153p6:10
week 2026-05-04 x4   6   _   8   _   6   _   10   # want KC201 note 10 below the 163 expected
`},
		{Kind: Fires, Name: "Ten steps below, and a knee that hurt on the first of the 28 days", Log: `
every @153p6:10
pain 2026-05-04 right front 2
week 2026-05-04 x4   6   _   8   _   6   _   10   # want KC201 warning 10 below the 163 expected (at this pace; no height is configured, and tall runners step slower); knee pain was logged in these days
`},
		{Kind: Fires, Name: "Ten steps below, and pain on the day before the 28", Log: `
every @153p6:10
pain 2026-05-03 right front 2
week 2026-04-27 x5   6   _   8   _   6   _   10   # want KC201 note 10 below the 163 expected
`},
		{Kind: Silent, Name: "A sore knee and an ordinary cadence", Log: `
every @156p6:10
pain 2026-05-10 right front 2
week 2026-05-04 x4   6   _   8   _   6   _   10
`},
		{Kind: Silent, Name: "Within the ordinary spread", Log: `
every @156p6:10
week 2026-05-04 x4   6   _   8   _   6   _   10
`},
		{Kind: Silent, Name: "Too little cadence to tell", Log: `
week 2026-05-04 x4   6   _   8   _   6   _   10
week +1              2@150
# want-not-judged KC201 12 min with a cadence on level ground
`},
	},
	Judge: judgeLowCadence,
}

func judgeLowCadence(p *Pass) {
	from := p.Log.AsOf - cadenceDays + 1
	hist := p.levelHist(from, p.Log.AsOf, anywhere)
	diff, seconds := hist.VersusExpected(p.Log.HeightCM)
	if need := p.Value("min_minutes") * 60; !(seconds >= need) {
		p.NotJudged(fmt.Sprintf("%s with a cadence on level ground at an ordinary pace in the last %d days, %s are needed",
			minutes(seconds), cadenceDays, minutes(need)), coverage(seconds, need))
		return
	}
	below := roundTo(-diff, 0)
	severity, limit := Note, p.Value("note_spm")
	if below < limit {
		return
	}
	hurt := p.Log.KneeHurt(from, p.Log.AsOf)
	if warn := p.Value("warn_spm"); below >= warn {
		severity, limit = Warning, warn
	} else if hurt {
		severity = Warning
	}
	speed := meanSpeed(hist)
	expected := roundTo(analyze.ExpectedCadence(speed, p.Log.HeightCM), 0)
	basis := "this pace; no height is configured, and tall runners step slower"
	if !math.IsNaN(p.Log.HeightCM) {
		basis = fmt.Sprintf("this pace and %.0f cm", p.Log.HeightCM)
	}
	also := ""
	if hurt {
		also = "; knee pain was logged in these days"
	}
	p.Report(Finding{
		Severity: severity, From: from, To: p.Log.AsOf, Runs: p.withCadence(from, p.Log.AsOf), Value: below, Limit: limit, Unit: SPM,
		Message: fmt.Sprintf("Last %d days: %.0f spm at %s on level ground, %.0f below the %.0f expected (at %s)%s",
			cadenceDays, expected-below, p.U.Pace(speed), below, expected, basis, also),
		Advice: fmt.Sprintf("If a knee hurts, try about 5 %% more steps at the same pace, %.0f spm, for some minutes of each easy run.", 1.05*(expected-below)),
	})
}

// anywhere and outdoors choose runs for a histogram. Treadmills and virtual runs are left out where two periods are compared, because
// their speed is not calibrated.
func anywhere(*analyze.Run) bool     { return true }
func outdoors(run *analyze.Run) bool { return run.Outdoors() }

// levelHist is the cadence by speed on level ground of the chosen runs of some days.
func (p *Pass) levelHist(from, to civil.Date, choose func(*analyze.Run) bool) analyze.Hist {
	var hists []analyze.PackedHist
	for _, i := range p.runs(from, to) {
		if run := p.Log.Runs[i]; choose(run) {
			hists = append(hists, run.Cadence.Level)
		}
	}
	return analyze.MergeHists(hists...)
}

// withCadence are the runs of some days that have a cadence on level ground.
func (p *Pass) withCadence(from, to civil.Date) []int {
	var out []int
	for _, i := range p.runs(from, to) {
		if len(p.Log.Runs[i].Cadence.Level) > 0 {
			out = append(out, i)
		}
	}
	return out
}

// meanSpeed is the mean of the speeds for which a cadence is expected, weighted with time.
func meanSpeed(h analyze.Hist) float64 {
	sum, seconds := 0.0, 0.0
	for _, s := range h.BySpeed() {
		if v := s.SpeedMPS(); v >= analyze.ExpectedMinMPS && v <= analyze.ExpectedMaxMPS {
			sum += v * s.Seconds
			seconds += s.Seconds
		}
	}
	return sum / seconds
}
