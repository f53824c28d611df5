package rules

import (
	"fmt"
	"math"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

const (
	// hardHistoryS is the running in the 84 days before that shows how hard a runner usually runs, and hardCoverage the
	// share of a day's moving time that must tell its heart rate or speed: choices of this program.
	hardHistoryS = 5 * 60 * 60
	hardCoverage = 0.8
	// hardJudged is the share of the run days of the last weeks that must have been judged, as in downhill-load.
	hardJudged     = 0.8
	hardJudgedDays = 28
)

var hardDaysInARow = &Rule{
	ID:    "KC403",
	Name:  "hard-days-in-a-row",
	Title: "Two hard days together",
	Why: "Training plans put an easy day or a day off behind a hard one. What is hard is taken from the runner's own running: " +
		"a day is hard when a good part of it was run at an effort that only the hardest fifth of the twelve weeks before had. A race is a hard day too.",
	Fires: "Note when two or more days together are hard. Hard is a day with 15 minutes and a third of its time or more at or above a heart rate that is both the 80th percentile of the 84 days before and 8 % above their median. " +
		"Where a day has no heart rate, the same goes for its speed, outdoors, off trails, and on ground that does not fall.",
	Silent: "For single hard days. A sprint or a few strides are too short, a fast descent does not count, and long easy runs have too small a hard part. A heart rate, where there is one, decides alone. " +
		"Not judged with less than 5 hours of heart rate or speed in the 84 days before, or when more than a fifth of the run days of the last 28 lack both.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "No study of hard days in a row was found. Among 247 runners more injuries went with a higher mean effort of the sessions (hazard ratio 1.40, 95 % interval 1.04 to 1.87); " +
			"in a trial with 447 runners, a schedule that added speed and one that added distance did not differ.",
		Caveat: "A habit of training plans. Heat, hills, caffeine and a loose wrist sensor raise a heart rate too; without a trustworthy altitude a long fast descent can look like effort.",
		Refs: []Ref{
			{Cite: "Theisen et al. 2014, trial of midsole hardness in 247 runners"},
			{Cite: "Run Clever 2018, BMJ Open Sport & Exercise Medicine", DOI: "10.1136/bmjsem-2017-000333"},
		},
	},
	Max: Note,
	Off: true,
	Params: []Param{
		{Name: "min_days", Default: 2, Min: 2, Max: 14, Unit: Days, Doc: "Hard days together that are told."},
		{Name: "percentile", Default: 0.8, Min: 0.5, Max: 0.99, Unit: Share, Doc: "The share of the own time of the 84 days before that lies below a hard effort; 80 % easy is a custom of training."},
		{Name: "margin", Default: 0.08, Min: 0, Max: 0.5, Unit: Share, Doc: "How far above the own median a hard effort is at least, lest the upper end of an even runner's easy runs be hard; a choice of this program."},
		{Name: "min_minutes", Default: 15, Min: 1, Max: 600, Unit: Minute, Doc: "Minutes of hard effort that make a day hard; a 5 km race has more, strides have less."},
		{Name: "min_share", Default: 0.33, Min: 0, Max: 1, Unit: Share, Doc: "Share of the day's time that they must be, lest a long easy run be hard by its last climb; custom."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "A tempo run on Tuesday and another on Wednesday", Log: `
every h145
week 2026-04-06 x8   8   _   8   _   8   _   14
week +1              8   8h170 7h172 _ 8 _   14   # want KC403 note 2 hard days together: Tue
`},
		{Kind: Fires, Name: "A race on the day after a fast run, without a heart rate", Log: `
every p6:00
week 2026-04-06 x8   8   _   8   _   8   _   14
week +1              8   _   8   _   _   8p4:50 10!race   # want KC403 note 2 hard days together: Sat 6 Jun
`},
		{Kind: AtLimit, Name: "15 minutes are the first that make a day hard", Log: `
every h145
week 2026-04-06 x8   8   _   8   _   8   _   14
week +1              8   2.4h170 2.5h170 _ 8 _ 14
week +1              8   2.5h170 2.5h170 _ 8 _ 14  # want KC403 note 15 min
`},
		{Kind: Silent, Name: "An easy day between, long easy runs on end, and a fast end to an easy run", Log: `
every h145
week 2026-04-06 x8   8   _   8   _   8   _   14
week +1              8   8h170 8 8h170 _ _   14
week +1              _   _   _   _   _   20  24
week +1              8   _   6h140>165 6h140>165 _ _ 14
`},
		{Kind: Silent, Name: "Treadmill and trail runs without a heart rate", Log: `
every /trail
week 2026-04-06 x8   8   _   8   _   8/treadmill _ 14
# want-not-judged KC403 16 of 16 run days
`},
	},
	Judge: judgeHardDays,
}

// effort is how hard a runner ran over some weeks.
type effort struct{ heart, speed analyze.Spread }

// add adds the runs of a day n times; −1 takes them away.
func (e *effort) add(runs []*analyze.Run, n int64) {
	for i := range runs {
		e.heart.Hist(runs[i].Heart.Hist, n)
		if paced(runs[i]) {
			e.speed.Hist(runs[i].Pace.Flat, n)
		}
	}
}

// paced tells whether the speed of a run says how hard it was: not on a treadmill, whose speed is not calibrated, and not
// on trails.
func paced(run *analyze.Run) bool {
	return !onTreadmill(run) && run.Kind != ingest.Virtual && run.Kind != ingest.Trail
}

// hardDay is what a day's effort was.
type hardDay struct {
	known, hard bool
	// what says in words what made it hard.
	what string
}

// hardLimits are the parameters, looked up once.
type hardLimits struct{ percentile, margin, minS, minShare float64 }

func judgeHardDays(p *Pass) {
	if covered := len(p.Log.Days); covered < hardJudgedDays {
		p.NotJudged(fmt.Sprintf("the log covers %s, %d are needed", plural(covered, "day"), hardJudgedDays), coverage(float64(covered), hardJudgedDays))
		return
	}
	limits := hardLimits{p.Value("percentile"), p.Value("margin"), p.Value("min_minutes") * 60, p.Value("min_share")}
	least := int(math.Ceil(p.Value("min_days")))
	usual := effort{analyze.NewHeartSpread(), analyze.NewSpeedSpread()}
	var row []string
	runDays, judged := 0, 0
	for i := range p.Log.Days {
		day := &p.Log.Days[i]
		if i > 0 {
			usual.add(p.runsOf(i-1), 1)
		}
		if i > ownCurveDays {
			usual.add(p.runsOf(i-ownCurveDays-1), -1)
		}
		d := hardDay{}
		if day.RunDay {
			d = p.effortOf(i, &usual, &limits)
			if day.Date > p.Log.AsOf-hardJudgedDays {
				runDays++
				if d.known {
					judged++
				}
			}
		}
		if d.hard {
			row = append(row, p.day(day.Date)+" "+d.what)
		}
		if !d.hard || i == len(p.Log.Days)-1 {
			last := day.Date
			if !d.hard {
				last--
			}
			p.reportHard(row, last, least)
			row = nil
		}
	}
	switch c := coverage(float64(judged), float64(runDays)); {
	case runDays == 0:
		p.NotJudged(fmt.Sprintf("the last %d days have no run", hardJudgedDays), 0)
	case c < hardJudged:
		p.NotJudged(fmt.Sprintf("%d of %s of the last %d days cannot be compared: they, or the %d days before, have too little heart rate and speed",
			runDays-judged, plural(runDays, "run day"), hardJudgedDays, ownCurveDays), c)
	}
}

// runsOf are the runs of day i of the log.
func (p *Pass) runsOf(i int) []*analyze.Run {
	day := &p.Log.Days[i]
	return p.Log.Runs[day.First : day.First+day.Runs]
}

// effortOf judges a day: by its races, else by heart rate where it has one, else by speed.
func (p *Pass) effortOf(i int, usual *effort, limits *hardLimits) hardDay {
	heart, flat := analyze.NewHeartSpread(), analyze.NewSpeedSpread()
	var movingS, pacedS, runS float64
	for _, run := range p.runsOf(i) {
		if run.Race && !run.TooShort() {
			return hardDay{known: true, hard: true, what: "a race"}
		}
		if run.MovingS > 0 {
			movingS += run.MovingS
		}
		heart.Hist(run.Heart.Hist, 1)
		runS += run.Pace.Seconds()
		if paced(run) {
			flat.Hist(run.Pace.Flat, 1)
			pacedS += run.Pace.Seconds()
		}
	}
	switch {
	case heart.Seconds() > 0 && heart.Seconds() >= hardCoverage*movingS:
		return limits.judge(&heart, heart.Seconds(), &usual.heart, func(bpm float64) string {
			return fmt.Sprintf("from %.0f beats a minute", math.Ceil(bpm))
		})
	case pacedS > 0 && pacedS >= hardCoverage*runS && pacedS >= movingS/2:
		return limits.judge(&flat, pacedS, &usual.speed, func(mps float64) string { return "from " + p.U.Pace(mps) })
	}
	return hardDay{}
}

// judge compares a day's time, of which all is the whole, with what is usual.
func (l *hardLimits) judge(day *analyze.Spread, all float64, usual *analyze.Spread, from func(float64) string) hardDay {
	if usual.Seconds() < hardHistoryS {
		return hardDay{}
	}
	limit := max(usual.Quantile(l.percentile), (1+l.margin)*usual.Quantile(0.5))
	hardS := math.Round(day.SecondsAbove(limit))
	d := hardDay{known: true, hard: hardS >= l.minS && roundTo(hardS/all, 2) >= l.minShare}
	if d.hard {
		d.what = minutes(hardS) + " " + from(limit)
	}
	return d
}

// reportHard tells of hard days together, the last of them on a day, when they are enough.
func (p *Pass) reportHard(row []string, last civil.Date, least int) {
	if len(row) < least {
		return
	}
	first := last - civil.Date(len(row)) + 1
	p.Report(Finding{
		Severity: Note, From: first, To: last, Runs: p.runs(first, last), Value: float64(len(row)), Limit: float64(least), Unit: Days,
		Message: fmt.Sprintf("%d hard days together: %s", len(row), strings.Join(row, ", ")),
		Advice:  "Put an easy day or a day off between two hard ones.",
	})
}
