package rules

import (
	"fmt"
	"math"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// painRuns is how many of the latest run days a repeated pain is counted in (DESIGN: 3 of 5 runs).
	painRuns = 5
	// noJournal is why the rules of the pain journal cannot judge; screens gather equal reasons.
	noJournal = "no pain journal is kept; kneecheck pain add begins one"
)

var painRun = &Rule{
	ID:    "KC601",
	Name:  "pain-run",
	Title: "Knee pain during a run, or that stayed after it",
	Why: "How a knee takes a run shows in three questions: how much it hurt while running, whether that was gone within the hour, and how it was the next morning. " +
		"Runners who steered their training by these answers did as well as those who also got exercises or changed their gait.",
	Fires: "Warning for pain of 3/10 or more while running, pain that was not gone within 60 minutes, or a knee that was worse the next morning. " +
		"High above 5/10, with a limp, or when 3 of the last 5 run days were a warning.",
	Silent: "For pain of 1/10 or 2/10 that is gone within the hour and no worse the next morning. Clicking alone is no sign of harm. Not judged without a pain journal. An entry belongs to the runs of its day, or without one to those of the day before.",
	Evidence: Evidence{
		Grade: Moderate,
		Says: "In a trial with 69 runners whose kneecap hurt, education about load with rules like these did as well after 8 and 20 weeks as the same with exercises or with gait retraining. " +
			"Advice for such runners is at most 2/10 while running, back to where it was within 60 minutes, and not worse the next morning.",
		Caveat: "The trial supports the approach; the figures are conventions. Other guides allow up to 5/10 for tendons. Pain does not say what hurts or why.",
		Refs:   []Ref{refEsculier, refTREK, refVincent},
	},
	Max: High,
	Params: []Param{
		{Name: "warn_score", Default: 3, Min: 1, Max: 10, Unit: Score, Doc: "Pain while running, of 10, from which an entry is a warning; one above the 2 that advice for kneecap pain allows."},
		{Name: "high_score", Default: 5, Min: 1, Max: 10, Unit: Score, Doc: "Pain while running, of 10, above which an entry is high; the upper edge of the pain-monitoring model."},
		{Name: "repeat_runs", Default: 3, Min: 1, Max: painRuns, Unit: Count, Doc: "Run days among the last five with a warning that make the last one high; custom."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Pain of 4/10 that stayed for a day", Log: `
pain 2026-05-10 right outer 4 settled 24h
week 2026-05-04      5   _   6   _   5   _   10   # want KC601 warning Sun 10 May, right knee, outer side: 4/10 while running, gone within 24 hours; 2/10 that is gone within the hour is fine
`},
		{Kind: Fires, Name: "A worse morning after little pain", Log: `
pain 2026-05-10 left front 2 worse
week 2026-05-04      5   _   6   _   5   _   10   # want KC601 warning 2/10 while running, worse the next morning
`},
		{Kind: Fires, Name: "More than 5/10, and a limp", Log: `
pain 2026-05-08 right outer 6
pain 2026-05-10 right outer 2 limp
week 2026-05-04      5   _   6   _   5   _   10   # want KC601 high 6/10 while running # want KC601 high 2/10 while running, a limp
`},
		{Kind: Fires, Name: "A day with two recordings is one day with too much pain", Log: `
pain 2026-05-04 left inner 3
pain 2026-05-08 left inner 3
week 2026-05-04      5+3   _   6   _   5+3   _   10   # want KC601 warning Mon 4 May # want KC601 warning Fri 8 May
`},
		{Kind: Fires, Name: "Three of the last five run days", Log: `
pain 2026-05-04 left inner 3
pain 2026-05-08 left inner 3
pain 2026-05-10 left inner 3
week 2026-05-04      5   _   6   _   5   _   10   # want KC601 warning Mon 4 May # want KC601 warning Fri 8 May # want KC601 high Sun 10 May, left knee, inner side: 3/10 while running, the 3rd of the last 4 run days
`},
		{Kind: AtLimit, Name: "2/10 that is gone within the hour is fine, 3/10 is told, 5/10 is not yet high", Log: `
pain 2026-05-04 left front 2 settled 60min same
pain 2026-05-06 left front 3
pain 2026-05-10 left front 5
week 2026-05-04      5   _   6   _   5   _   10   # want KC601 warning Wed 6 May # want KC601 warning Sun 10 May
`},
		{Kind: Silent, Name: "A knee that only clicks", Log: `
pain 2026-05-10 left front 0 clicking
week 2026-05-04      5   _   6   _   5   _   10
`},
		{Kind: Silent, Name: "No journal", Log: `
week 2026-05-04      5   _   6   _   5   _   10
# want-not-judged KC601 no pain journal is kept
`},
	},
	Judge: judgePainRun,
}

func judgePainRun(p *Pass) {
	if !p.Log.Journal() {
		p.NotKept(noJournal, 0)
		return
	}
	warn, high, repeat := p.Value("warn_score"), p.Value("high_score"), int(p.Value("repeat_runs"))
	// bad holds the runs that were a warning, by index.
	bad := map[int]bool{}
	for i := range p.Log.Pain {
		e := &p.Log.Pain[i]
		score := float64(max(e.During, 0))
		limps := hasSign(e, analyze.Limp)
		if !(score >= warn || score > high || limps || e.SettledLate() || e.NextMorning == analyze.MorningWorse) {
			continue
		}
		runs := p.runsAbout(e.Date)
		for _, run := range runs {
			bad[run] = true
		}
		f := Finding{Severity: Warning, From: e.Date, To: e.Date, Runs: runs, Value: score, Limit: warn, Unit: Score, Subject: e.Side.Words()}
		if len(runs) > 0 {
			f.From = p.Log.Runs[runs[0]].Date
		}
		why := fmt.Sprintf("%.0f/10 that is gone within the hour is fine", warn-1)
		nth, of := p.countBad(runs, bad)
		switch {
		case score > high:
			f.Severity, f.Limit = High, high
			why = fmt.Sprintf("above %.0f/10 is too much to run on", high)
		case limps:
			f.Severity, why = High, "a limp is reason not to run"
		case len(runs) > 0 && nth >= repeat:
			f.Severity, why = High, ""
		}
		f.Message = fmt.Sprintf("%s, %s: %s", p.day(e.Date), e.Where(), ratherThan(e.What(), "pain"))
		if why != "" {
			f.Message += "; " + why
		} else {
			f.Message += fmt.Sprintf(", the %s of the last %s with too much pain", ordinal(nth), plural(of, "run day"))
		}
		f.Advice = painAdvice(f.Severity)
		p.Report(f)
	}
}

// painAdvice is what the pain-monitoring rules ask for.
func painAdvice(s Severity) string {
	if s == High {
		return "Do not run on this. Walk or ride as far as it does not hurt, begin again with short, flat runs once walking and stairs are free of pain, " +
			"and see a physiotherapist or doctor if that takes more than a week or two."
	}
	return "Make the next runs shorter, slower and flat, so that pain stays at 2/10 or less, is gone within 60 minutes and is no worse the next morning. " +
		"Pain that changes your stride means stop."
}

// runsAbout are the runs that an entry speaks of: those of its day or, for an entry written the morning after, of the day
// before.
func (p *Pass) runsAbout(d civil.Date) []int {
	if runs := p.runs(d, d); len(runs) > 0 {
		return runs
	}
	return p.runs(d-1, d-1)
}

// countBad counts the days with a warning among the latest painRuns run days up to the last of runs, and how many of those
// there are. An entry speaks of all runs of its day, so that a recording stopped and begun again is not twice too much.
func (p *Pass) countBad(runs []int, bad map[int]bool) (n, of int) {
	if len(runs) == 0 {
		return 0, 0
	}
	counted := civil.Date(math.MaxInt32)
	for i := runs[len(runs)-1]; i >= 0; i-- {
		r := p.Log.Runs[i]
		if r.TooShort() || r.Date == counted {
			continue
		}
		if of == painRuns {
			break
		}
		of, counted = of+1, r.Date
		if bad[i] {
			n++
		}
	}
	return n, of
}

func hasSign(e *analyze.Pain, s analyze.PainSign) bool {
	for _, have := range e.Signs {
		if have == s {
			return true
		}
	}
	return false
}

// ratherThan is s, or what stands for it when it is empty.
func ratherThan(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}

// ordinal writes 1 to 5 as words' figures: "3rd".
func ordinal(n int) string {
	switch n {
	case 1:
		return "1st"
	case 2:
		return "2nd"
	case 3:
		return "3rd"
	}
	return fmt.Sprintf("%dth", n)
}
