package report

import (
	"math"
	"strings"

	"kneecheck/rules"
)

// Budget is what keeps the rules quiet on the day after the last one that counts and in the week of that day.
type Budget struct {
	Day  rules.DayBudget
	Week rules.WeekBudget
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
	if b.Day.LongestM <= 0 {
		if b.Day.Limit != nil {
			return "any run on " + dayOf(b.Day.Date) + " would be a warning (" + b.Day.Limit.Name + ")"
		}
		return "no run on " + dayOf(b.Day.Date) + " (" + b.Day.Short + ")"
	}
	var parts []string
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
	// What is left of the week bounds a single run as well, and says nothing about how long one should be.
	if !math.IsNaN(b.Day.LongestM) && !(b.Day.LongestM >= b.Week.LeftM) {
		why := " (" + b.Day.Short + ")"
		if len(parts) > 0 {
			// One reason for both is said once, at the end.
			parts[0] = strings.TrimSuffix(parts[0], why)
		}
		parts = append(parts, "longest run at most "+u.Dist(b.Day.LongestM)+why)
	}
	return strings.Join(parts, "; ")
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
