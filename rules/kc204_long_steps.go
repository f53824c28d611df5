package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// ownBinS is the time at one speed, in seconds, from which a runner's own median there is worth a comparison: five
// minutes, a choice of this program.
const ownBinS = 5 * 60

var longSteps = &Rule{
	ID:    "KC204",
	Name:  "long-steps",
	Title: "A run with longer steps than usual at the same speed",
	Why: "Step length is speed divided by step rate, so at one speed it says the same as cadence: this looks for single runs that stand out, where cadence-drop looks at four weeks. " +
		"Longer steps at the same speed put more load on the kneecap each time.",
	Fires: "Note when the steps of a run on near-level ground outdoors are 5 % or more longer than the runner's own median at the same speeds in the 84 days before.",
	Silent: "When the runs of the two weeks before or after step longer too, and for the last 28 days while cadence-drop fires: a lasting change is that rule's, and nothing is told twice. Not judged when fewer than half of the recent runs of 20 minutes or more outdoors can be compared: " +
		"that takes 15 minutes in the run, at speeds that the 84 days before hold for 5 minutes each.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 10 women with kneecap pain and 13 without, steps 10 % or more longer than their own raised the stress on the kneecap joint by 31 % a step and 14 % a mile, and steps that much shorter lowered it by 22 % and 7.5 %. " +
			"But a meta-analysis of past injuries found no difference in step length (0.00 m, 95 % interval −0.04 to 0.05).",
		Caveat: "A long step is not overstriding, where the foot lands far ahead of the knee: no watch log shows that. GPS speed, wind, shoes and a tired day can look the same, and the limit of 5 % is set by this program.",
		Refs: []Ref{
			{Cite: "Willson et al. 2014, Clinical Biomechanics 29:243"},
			{Cite: "Brindle et al. 2020, Sports Medicine, its figures read in a secondary source", DOI: "10.1007/s40279-019-01207-5"},
			{Cite: "Lieberman et al. 2015, Journal of Experimental Biology 218:3406"},
		},
	},
	Max: Note,
	Off: true,
	Params: []Param{
		{Name: "min_longer", Default: 0.05, Min: 0.01, Max: 0.5, Unit: Share, Doc: "How much longer than usual is told; half the smallest step studied in the laboratory, custom."},
		{Name: "min_minutes", Default: 15, Min: 5, Max: 300, Unit: Minute, Doc: "Minutes of the run at speeds that the 84 days before have too; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "One run with steps 7 % longer", Log: `
every @166p5:30
week 2026-03-02 x12  6   _   8   _   6   _   10
week +1              6   _   8@155   _   6   _   10   # want KC204 note Wed 27 May: steps 7.1 % longer than usual at the same speeds (around 5:23 /km: 1.200 m, median of the 84 days before 1.120 m)
`},
		{Kind: AtLimit, Name: "5 % is the first that is told", Log: `
every @189p5:30
week 2026-03-02 x12  6   _   8   _   6   _   10
week +1              6@181   _   8@180   _   6   _   10   # want KC204 note Wed 27 May: steps 5 % longer
`},
		{Kind: Silent, Name: "Faster, with longer steps: not the same speed", Log: `
every @166p5:30
week 2026-03-02 x12  6   _   8   _   6   _   10
week +1              6   _   8@172p4:40   _   6   _   10
`},
		{Kind: Silent, Name: "Four weeks of it: cadence-drop tells that already", Log: `
every @166p5:30
week 2026-03-02 x12  6   _   8   _   6   _   10
every @157p5:30
week x4              6   _   8@155   _   6   _   10
`},
		{Kind: Silent, Name: "Weeks of it, long ago", Log: `
every @166p5:30
week 2026-01-05 x12  6   _   8   _   6   _   10
every @157p5:30
week x4              6   _   8   _   6   _   10
every @166p5:30
week x6              6   _   8   _   6   _   10
`},
		{Kind: Silent, Name: "No cadence", Log: `
week 2026-03-02 x12  6   _   8   _   6   _   10
# want-not-judged KC204 to compare any of the 48 runs of 20 min or more outdoors in the last 84 days
`},
	},
	Judge: judgeLongSteps,
}

func judgeLongSteps(p *Pass) {
	need, limit := p.Value("min_minutes")*60, p.Value("min_longer")
	told := p.cadenceDropDays()
	recent, compared := 0, 0
	for _, i := range p.runs(min(p.since, p.Log.AsOf-recentDays+1), p.Log.AsOf) {
		run := p.Log.Runs[i]
		if !(run.MovingS >= longStepsMinS) || !run.Outdoors() {
			continue
		}
		usual := p.levelHist(run.Date-ownCurveDays, run.Date-1, outdoors)
		s := stepsOf(run.Cadence.Level.Hist(), usual)
		isRecent := run.Date > p.Log.AsOf-recentDays
		if isRecent {
			recent++
		}
		if !(s.seconds >= need) {
			continue
		}
		if isRecent {
			compared++
		}
		longer := roundTo(p.printedStep(s.lengthM)/p.printedStep(s.usualM)-1, 3)
		if !(longer >= limit) || run.Date >= told || p.lasting(i, usual) {
			continue
		}
		p.Report(Finding{
			Severity: Note, From: run.Date, To: run.Date, Runs: []int{i}, Value: longer, Limit: limit, Unit: Share,
			Message: fmt.Sprintf("%s: steps %s longer than usual at the same speeds (around %s: %s, median of the %d days before %s)",
				p.day(run.Date), percent(longer), p.U.Pace(s.speedMPS), p.stepLength(s.lengthM), ownCurveDays, p.stepLength(s.usualM)),
			Advice: "Ask what was different that day (shoes, wind, a new watch), and let the next easy run go with shorter, lighter steps.",
		})
	}
	switch {
	case recent == 0:
		p.NotJudged(fmt.Sprintf("no run of %s or more outdoors in the last %d days", minutes(longStepsMinS), recentDays), math.NaN())
	case compared*2 < recent:
		p.NotJudged(fmt.Sprintf("too little cadence, in the run or the %d days before, to compare %s of %s or more outdoors in the last %d days",
			ownCurveDays, amongst(recent-compared, recent, "run"), minutes(longStepsMinS), recentDays), coverage(float64(compared), float64(recent)))
	}
}

// longStepsMinS is the moving time from which a run counts as one that should be comparable.
const longStepsMinS = 20 * 60

// cadenceDropDays is the first of the days of which cadence-drop, if it is on, already tells that steps got fewer and so
// longer; beyond the log when it does not fire.
func (p *Pass) cadenceDropDays() civil.Date {
	if p.set.Enabled(cadenceDrop) {
		var out Result
		judgeCadenceDrop(&Pass{Log: p.Log, U: p.U, rule: cadenceDrop, set: p.set, out: &out, since: allTime})
		if len(out.Findings) > 0 {
			return out.Findings[0].From
		}
	}
	return p.Log.AsOf + 1
}

// neighbourDays is how far before and after a run others show whether it stands alone; a choice of this program.
const neighbourDays = 14

// lasting tells, if cadence-drop is on, whether the runs of the two weeks before or after run i lie as far below the usual
// as that rule tells: then the long steps last, and it is the one that tells them.
func (p *Pass) lasting(i int, usual analyze.Hist) bool {
	if !p.set.Enabled(cadenceDrop) {
		return false
	}
	day := p.Log.Runs[i].Date
	for _, from := range []civil.Date{day - neighbourDays, day + 1} {
		change, seconds := analyze.MatchedChange(p.levelHist(from, from+neighbourDays-1, outdoors), usual)
		if seconds >= p.set.value(cadenceDrop, "min_minutes")*60 && roundTo(-change, 3) >= p.set.value(cadenceDrop, "note_drop") {
			return true
		}
	}
	return false
}

// steps are the lengths of a run's steps and of the usual ones at the same speeds, weighted with the time that both have.
type steps struct{ seconds, lengthM, usualM, speedMPS float64 }

// stepsOf compares medians in every speed bin that the run and the usual have. Step length is 60 × speed ÷ cadence.
func stepsOf(run, usual analyze.Hist) steps {
	var s steps
	own := usual.BySpeed()
	for _, a := range run.BySpeed() {
		for _, b := range own {
			if a.Bin != b.Bin || b.Seconds < ownBinS {
				continue
			}
			v := a.SpeedMPS()
			s.seconds += a.Seconds
			s.lengthM += a.Seconds * 60 * v / a.MedianSPM
			s.usualM += a.Seconds * 60 * v / b.MedianSPM
			s.speedMPS += a.Seconds * v
		}
	}
	s.lengthM, s.usualM, s.speedMPS = s.lengthM/s.seconds, s.usualM/s.seconds, s.speedMPS/s.seconds
	return s
}

const metresPerFoot = 0.3048

// printedStep is a step as it is printed, in millimetres or thousandths of a foot: the comparison of two is what a reader
// makes of the figures.
func (p *Pass) printedStep(m float64) float64 {
	if p.U == analyze.Miles {
		m /= metresPerFoot
	}
	return roundTo(m, 3)
}

// stepLength writes a step in metres, or in feet for who runs miles.
func (p *Pass) stepLength(m float64) string {
	unit := "m"
	if p.U == analyze.Miles {
		unit = "ft"
	}
	return fmt.Sprintf("%.3f %s", p.printedStep(m), unit)
}
