package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// monotonyCap is the highest monotony told. Seven days of the same distance have no spread, and their monotony no bound.
const monotonyCap = 10

var monotony = &Rule{
	ID:    "KC105",
	Name:  "monotony",
	Title: "A week in which every day is alike",
	Why: "Monotony is the mean of a week's seven daily loads over their standard deviation, days off counted as 0. It is high when nearly every day has a run and all are about as long. " +
		"It says that every day is alike; that this does harm to knees nobody has shown.",
	Fires: "Note when the monotony of a complete week with a run on 6 or more days is 2.00 or more. Such weeks in a row are one finding. It is capped at 10.",
	Silent: "For weeks with fewer run days: five equal runs and two days off cannot reach 2. The load is the distance, because logs rarely hold how hard a run felt. " +
		"Not judged without a complete week, or when run days lack a distance.",
	Evidence: Evidence{
		Grade:  Weak,
		Says:   "The measure comes from 25 athletes, most of them speed skaters, followed for six months to three years: their illnesses, not their injuries, tended to follow weeks of high load and monotony.",
		Caveat: "Illness in skaters, not knees in runners, and with load as felt effort × minutes. Six equal runs and a day off already have 2.45.",
		Refs:   []Ref{{Cite: "Foster 1998, monitoring training in athletes with reference to overtraining syndrome"}},
	},
	Max: Note,
	Off: true,
	Params: []Param{
		{Name: "max_monotony", Default: 2, Min: 1, Max: monotonyCap, Unit: Ratio, Doc: "The monotony from which it is told; 2 is the customary limit."},
		{Name: "min_run_days", Default: 6, Min: 2, Max: 7, Unit: Count, Doc: "Days with a run that a week must have; with 5 and fewer of about the same length it cannot reach 2."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Six runs of about the same length, two weeks in a row", Log: `
week 2026-05-04      8   _   6   _   8   _   12
week x2              8   7   8   _   8   8   7    # want KC105 note 2 weeks from 11 May: a run on 6 of 7 days, all about as long: monotony up to 2.42, told from 2.00
`},
		{Kind: Fires, Name: "The same distance every day", Log: `
week 2026-05-04      5   5   5   5   5   5   5    # want KC105 note monotony 10 or more
`},
		{Kind: AtLimit, Name: "2.00 is the first that is told", Log: `
week 2026-05-04      6   6   6   _   6   6   10.9 # want KC105 note monotony 2.00
week +1              6   6   6   _   6   6   11
`},
		{Kind: Silent, Name: "Five run days, or a long run among shorter ones", Log: `
week 2026-05-04      8   8   _   8   8   _   8
week +1              5   5   5   5   5   _   16
`},
		{Kind: Silent, Name: "No complete week yet", Log: `
week 2026-05-04      _   8   8   8   8   8   8
# want-not-judged KC105 the log has no complete week with a run
`},
	},
	Judge: judgeMonotony,
}

// alike is a stretch of weeks whose days are alike.
type alike struct {
	from, to civil.Date
	weeks    int
	worst    float64
	runDays  int
}

func judgeMonotony(p *Pass) {
	limit, least := p.Value("max_monotony"), int(math.Ceil(p.Value("min_run_days")))
	weeks, judged := 0, 0
	var open *alike
	tell := func() {
		if open != nil {
			p.reportAlike(open, limit)
		}
		open = nil
	}
	for i := range p.Log.Weeks {
		w := &p.Log.Weeks[i]
		if !w.Complete || w.RunDays == 0 {
			tell()
			continue
		}
		weeks++
		m, known := p.monotony(w)
		if known {
			judged++
		}
		if !known || w.RunDays < least || !(m >= limit) {
			tell()
			continue
		}
		if open == nil {
			open = &alike{from: w.Start}
		}
		open.to, open.weeks = w.End(), open.weeks+1
		if m > open.worst {
			open.worst, open.runDays = m, w.RunDays
		}
	}
	tell()
	p.weeksJudged(judged, weeks, "a run day has no distance")
}

// monotony is the mean of the week's seven daily distances over their population standard deviation, rounded and capped;
// false when a run day has no distance.
func (p *Pass) monotony(w *analyze.Week) (float64, bool) {
	var sum, squares float64
	for d := w.Start; d <= w.End(); d++ {
		day := p.Log.Day(d)
		if day.RunDay && !(day.DistM > 0) {
			return 0, false
		}
		dist := p.U.Round(day.DistM)
		sum += dist
		squares += dist * dist
	}
	mean := sum / 7
	variance := squares/7 - mean*mean
	if !(variance > mean*mean/(monotonyCap*monotonyCap)) {
		return monotonyCap, true
	}
	return roundTo(mean/math.Sqrt(variance), 2), true
}

func (p *Pass) reportAlike(a *alike, limit float64) {
	head := fmt.Sprintf("Week of %s", p.shortDay(a.from))
	if a.weeks > 1 {
		head = fmt.Sprintf("%d weeks from %s", a.weeks, p.shortDay(a.from))
	}
	value := fmt.Sprintf("%.2f", a.worst)
	if a.worst >= monotonyCap {
		value = fmt.Sprintf("%d or more", monotonyCap)
	}
	if a.weeks > 1 {
		value = "up to " + value
	}
	p.Report(Finding{
		Severity: Note, From: a.from, To: a.to, Runs: p.runs(a.from, a.to), Value: a.worst, Limit: limit, Unit: Ratio,
		Message: fmt.Sprintf("%s: a run on %d of 7 days, all about as long: monotony %s, told from %.2f", head, a.runDays, value, limit),
		Advice:  "Make an easy day clearly shorter than the others, or leave one out.",
	})
}
