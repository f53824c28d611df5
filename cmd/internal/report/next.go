package report

import (
	"math"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// Budget is what keeps the rules quiet on the day after the last one that counts and in the week of that day.
type Budget struct {
	Day  rules.DayBudget
	Week rules.WeekBudget
	// Best is the day of that week, from Day on, with the longest run.
	Best rules.DayBudget
}

// newBudget is the budget of the days after the as-of day of a log.
func newBudget(log *analyze.Log, set rules.Settings, u analyze.Units) Budget {
	var b Budget
	first := log.AsOf + 1
	days := make([]rules.DayBudget, first.WeekStart(log.WeekStart)+7-first)
	// A fifth of a run that finds nothing new, and each asks the rules for itself.
	ingest.Share(1+len(days), 1, func(from, to int) {
		for i := from; i < to; i++ {
			if i == 0 {
				b.Week = rules.NextWeek(log, set, u)
			} else {
				days[i-1] = rules.OneDay(log, set, u, first+civil.Date(i-1))
			}
		}
	})
	b.Day, b.Best = days[0], days[0]
	for _, day := range days[1:] {
		if !(day.LongestM <= b.Best.LongestM) && !math.IsNaN(b.Best.LongestM) {
			b.Best = day
		}
	}
	return b
}

// The rules whose arithmetic the screens know of, and how long a run stays the reference of session-spike.
const (
	tenPercent   = "ten-percent"
	sessionSpike = "session-spike"
	spikeDays    = 30
)

// known is false when nothing limits anything.
func (b *Budget) known() bool { return !math.IsNaN(b.Day.LongestM) || !math.IsNaN(b.Week.LimitM) }

// limits writes the budget: "at most 54.0 km in the week (ten-percent); longest run at most 17.6 km (session-spike)". what
// names the week, or is empty where a head does.
func (r *Report) limits(what string) string {
	b, u := &r.Screen.Budget, r.Screen.Units
	var parts []string
	if b.Day.LongestM <= 0 {
		s := "no run on " + dayOf(b.Day.Date) + " (" + b.Day.Short + ")"
		if b.Day.Limit != nil {
			s = "any run on " + dayOf(b.Day.Date) + " would be a warning (" + b.Day.Limit.Name + ")"
		}
		if b.Best.LongestM <= 0 {
			return s
		}
		parts = append(parts, s)
	}
	if w := &b.Week; !math.IsNaN(w.LimitM) {
		first := w.LimitM
		if w.DoneM <= w.QuietM {
			first = w.QuietM
		}
		why := " (" + w.Short + ")"
		var s string
		switch left := first - w.DoneM; {
		case w.DoneM == 0:
			s = "at most " + u.Dist(first) + what + why
		case u.Round(left) <= 0:
			s = "no more" + what + ", " + u.Dist(w.DoneM) + " are run" + why
		default:
			s = "at most " + u.Dist(left) + " more" + what + ", to " + u.Dist(first) + " in all" + why
		}
		if first < w.LimitM {
			s += ", or " + u.Dist(w.LimitM) + " if the week before was an easy one"
		}
		parts = append(parts, s)
	}
	if s := b.longest(u); s != "" {
		if n := len(parts); n > 0 && strings.HasSuffix(s, " ("+b.Best.Short+")") {
			// One reason for both is said once, at the end.
			parts[n-1] = strings.TrimSuffix(parts[n-1], " ("+b.Best.Short+")")
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// longest writes the longest run of the week, and of its first day where that is shorter. What is left of the week bounds a
// single run as well, and says nothing about how long one should be.
func (b *Budget) longest(u analyze.Units) string {
	bounded := func(d *rules.DayBudget) bool { return !math.IsNaN(d.LongestM) && !(d.LongestM >= b.Week.LeftM) }
	s, why := "", " ("+b.Best.Short+")"
	if bounded(&b.Best) {
		s = "longest run at most " + u.Dist(b.Best.LongestM)
	}
	if !bounded(&b.Day) || b.Day.LongestM <= 0 || b.Day.LongestM >= b.Best.LongestM {
		if s != "" {
			s += why
		}
		return s
	}
	switch {
	case s == "":
	case b.Day.Short == b.Best.Short:
		s += ", "
	default:
		s += why + ", "
	}
	return s + "on " + dayOf(b.Day.Date) + " " + u.Dist(b.Day.LongestM) + " (" + b.Day.Short + ")"
}

const (
	// freshDays is how long the advice of a warning comes first: the last two weeks.
	freshDays = 14
	// shortLogDays is the history below which most rules cannot judge.
	shortLogDays = 28
)

const keepRecording = "Keep recording: most rules need four weeks of runs."

// short is true for a log below that history.
func (r *Report) short() bool { return r.Doc.AsOf-r.runs[0].Date < shortLogDays }

// nextStep is the one thing to do now, in words: the advice of the worst that fired lately, and how far the coming days
// may go.
func nextStep(r *Report) string {
	d, b := &r.Doc, &r.Screen.Budget
	if d.redFlag() != nil {
		return careFirst
	}
	if len(r.runs) == 0 {
		return ingestCommand(r) + " tells what became of every file."
	}
	var parts []string
	for _, g := range groups(d.Findings) {
		if g.Severity != "note" && g.To > d.AsOf-freshDays {
			parts = append(parts, r.advice(&g))
			break
		}
	}
	switch {
	case d.tooSore():
	case b.known() && r.sore():
		parts = append(parts, "As far as the knee allows, from "+dayOf(b.Day.Date)+": "+r.limits(" in the week")+".")
	case b.known():
		if r.short() {
			parts = append(parts, keepRecording)
		}
		parts = append(parts, "From "+dayOf(b.Day.Date)+": "+r.limits(" in the week")+".")
	case len(parts) > 0:
	case r.short():
		parts = append(parts, keepRecording)
	default:
		parts = append(parts, "Carry on: no rule that could judge limits the coming week.")
	}
	return strings.Join(parts, " ")
}

// sore tells whether the latest entries of the pain journal are of a knee that is not well.
func (r *Report) sore() bool {
	k := r.Screen.Knee
	return k != nil && k.Entries[0].Hurts() && k.Entries[0].Date > r.Doc.AsOf-freshDays
}
