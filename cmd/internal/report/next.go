package report

import (
	"math"
	"slices"
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
	// Best is the day of that week, from Day on, with the longest run, and From the first with more than a scrap of one.
	Best rules.DayBudget
	From civil.Date
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
	b.Day, b.Best, b.From = days[0], days[0], first
	for _, day := range days[1:] {
		if b.Best.LongestM < scrapM && !(day.LongestM < scrapM) {
			b.From = day.Date
		}
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
	layoffReturn = "layoff-return"
	spikeDays    = 30
)

// known is false when nothing limits anything.
func (b *Budget) known() bool { return !math.IsNaN(b.Day.LongestM) || !math.IsNaN(b.Week.LimitM) }

// scrapM is how little of a week of the way back is no run any more, where another day has more: a choice of this program.
const scrapM = 500

// nothing tells whether the first day has no run, or only a scrap of one.
func (b *Budget) nothing() bool {
	return b.Day.LongestM <= 0 || b.Day.Limit == nil && b.Day.LongestM < scrapM && b.Best.LongestM >= 2*scrapM
}

// bounded tells whether what one run of a day may be is worth a word: what is left of the week bounds a single run as well,
// and says nothing about how long one should be.
func (b *Budget) bounded(d *rules.DayBudget) bool {
	return !math.IsNaN(d.LongestM) && (b.Week.ByRun || !(d.LongestM >= b.Week.LeftM))
}

// limits writes the budget: "at most 54.0 km in the week (ten-percent); longest run at most 17.6 km (session-spike)". what
// names the week, or is empty where a head does.
func (r *Report) limits(what string) string {
	b, u := &r.Screen.Budget, r.Screen.Units
	var parts []string
	if b.nothing() {
		s := "no run on " + dayOf(b.Day.Date) + " (" + b.Day.Short + ")"
		switch {
		case b.Day.Limit != nil:
			s = "any run on " + dayOf(b.Day.Date) + " would be a warning (" + b.Day.Limit.Name + ")"
		case b.From > b.Day.Date:
			s = "no run before " + dayOf(b.From) + " (" + b.Day.Short + ")"
		}
		if b.Best.LongestM <= 0 {
			return s
		}
		parts = append(parts, s)
	}
	if s := b.week(what, u); s != "" {
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

// week writes what the week may come to. A week that only its runs limit is told with their number, or not at all where there
// is one: a second one would come to more.
func (b *Budget) week(what string, u analyze.Units) string {
	w := &b.Week
	if math.IsNaN(w.LimitM) || b.nothing() && w.LeftM < b.Best.LongestM+scrapM {
		return ""
	}
	in := ""
	if w.ByRun {
		in = " in " + count(len(w.Days), "run")
	}
	one := w.ByRun && len(w.Days) == 1
	// Notes limit nothing but the jump that only an easy week before would excuse: there the note's limit stands before the
	// warning's, in the words of the budget, which tells both too.
	if !(w.DoneM <= w.QuietM) || w.Noted.Name != tenPercent {
		if one {
			return ""
		}
		return weekUpTo(w, w.LimitM, "at most ", in+what, u) + " (" + w.Short + ")"
	}
	s := weekUpTo(w, w.QuietM, "", what+" without a note", u)
	if one {
		return s + " (" + tenPercent + ")"
	}
	if w.Short != tenPercent {
		s += " (" + tenPercent + ")"
	}
	s += ", and " + weekUpTo(w, w.LimitM, "at most ", in, u)
	if w.DoneM > 0 {
		s += ","
	}
	return s + " if the week before was an easy one (" + w.Short + ")"
}

// weekUpTo writes what is left of a week up to a distance; words before and behind the distance say which one it is.
func weekUpTo(w *rules.WeekBudget, m float64, before, behind string, u analyze.Units) string {
	switch left := m - w.DoneM; {
	case w.DoneM == 0:
		return before + u.Dist(m) + behind
	case u.Round(left) <= 0:
		return "no more" + behind + ", " + u.Dist(w.DoneM) + " are run"
	default:
		return before + u.Dist(left) + " more" + behind + ", to " + u.Dist(m) + " in all"
	}
}

// longest writes the longest run of the week, and of its first day where that is shorter.
func (b *Budget) longest(u analyze.Units) string {
	s, why := "", " ("+b.Best.Short+")"
	if b.bounded(&b.Best) {
		s = "longest run at most " + u.Dist(b.Best.LongestM)
	}
	if !b.bounded(&b.Day) || b.nothing() || b.Day.LongestM >= b.Best.LongestM {
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

// nextStep is the one thing to do now, in words: the advice of the worst that fired lately, as the weekly report
// chooses it, and how far the coming days
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
	fresh := slices.DeleteFunc(groups(d.Findings), func(g group) bool {
		return g.Severity == "note" || g.To <= d.AsOf-freshDays || r.past(&g)
	})
	if len(fresh) > 0 {
		parts = append(parts, r.oneThing(fresh))
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

// past tells whether the advice of a finding is about days that are over: a jump asks something of the week after it, until
// that one is as long, when the budget says that nothing is left; a return too fast, of the days
// and the week after it.
func (r *Report) past(g *group) bool {
	b := &r.Screen.Budget.Week
	return g.Name == layoffReturn && b.Start >= g.To+7 ||
		g.Name == tenPercent && (b.Start > g.To+1 || b.Start == g.To+1 && b.DoneM > 0 && b.DoneM >= r.weekM(g.From))
}

// sore tells whether the latest entries of the pain journal are of a knee that is not well.
func (r *Report) sore() bool {
	k := r.Screen.Knee
	return k != nil && k.Entries[0].Hurts() && k.Entries[0].Date > r.Doc.AsOf-freshDays
}
