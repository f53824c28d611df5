package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// budgetDays is how many days a budget looks ahead.
const budgetDays = 7

// Budget is what may be run in the coming days without a new warning from any rule that is on.
type Budget struct {
	AsOf civil.Date
	// Days are the seven days after AsOf.
	Days []DayBudget
	// Weeks are the week of AsOf and the one after it.
	Weeks []WeekBudget
	// Ladder is the way back after a layoff, empty without one.
	Ladder []Rung
	// Cadence is nil when there is no reason to suggest one.
	Cadence *CadenceHint
	// Stop is the sentence that stands instead of distances while a red flag is up or a run hurt too much; empty otherwise.
	Stop string
}

// DayBudget is what one run of a day may be, as if it were the next and nothing was run between.
type DayBudget struct {
	Date civil.Date
	// LongestM is the longest run, NaN when no rule limits it below 60 km or too little is known.
	LongestM float64
	// Limit is the rule that a run of 0.1 unit more sets off at warning or above; nil when LongestM is NaN or advice that
	// stays below what the rules allow.
	Limit *Rule
	// Reason says in words why, Short in a few, and Hint what a note would say; empty without one.
	Reason, Short, Hint string
	// QuietM is the longest run that not even a note mentions, those about weeks apart, and Noted the rule of that note. NaN
	// and nil when it is no less than LongestM.
	QuietM float64
	Noted  *Rule
}

// WeekBudget is what the whole of a calendar week may come to.
type WeekBudget struct {
	Start civil.Date
	// DoneM is run by the as-of day. AssumedM is what the week before is taken to come to, NaN for the week in progress.
	DoneM, AssumedM float64
	// LimitM is the whole week's distance and LeftM what is left of it; NaN when no rule limits it.
	LimitM, LeftM float64
	// Days are those of the even runs that the rest is thought of in, and stretchS the longest stretch without a walk in
	// them, 0 when there is no walking.
	Days     []civil.Date
	stretchS float64
	// Limit is the rule that 0.1 unit more sets off at warning or above; nil as for a day. Short says in a few words why,
	// empty when LimitM is NaN.
	Limit *Rule
	Short string
	// QuietM is the week's distance that not even a note mentions; NaN when it is no less than LimitM.
	QuietM float64
}

// NewBudget is the whole budget of a log.
func NewBudget(log *analyze.Log, set Settings, u analyze.Units) Budget {
	b := Budget{AsOf: log.AsOf, Stop: Stop(log, set, u), Weeks: Weeks(log, set, u), Ladder: Ladder(log, set, u), Cadence: Cadence(log, set, u)}
	for i := range civil.Date(budgetDays) {
		day := OneDay(log, set, u, log.AsOf+1+i)
		if b.Stop == "" && len(log.Runs) > 0 && day.LongestM != 0 {
			day.note(asOf(log, day.Date), set, u)
		}
		b.Days = append(b.Days, day)
	}
	return b
}

// OneDay is the budget of a day after the log's as-of day. It is what the rules allow, and less where they allow more than
// makes sense: after a spike the runs before it stay the measure, in a log too short for session-spike the longest run so
// far is, and on the way back after a layoff its week is run in three parts. Notes are left out; see NewBudget.
func OneDay(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) DayBudget {
	b := DayBudget{Date: day, LongestM: math.NaN(), QuietM: math.NaN()}
	if r, s := stopped(log, set, u); r != nil {
		b.Reason, b.Short, b.Limit = s, stopShort, r
		return b
	}
	if len(log.Runs) == 0 || day <= log.AsOf {
		b.Reason, b.Short = "there is no run to compare with", "no run to compare with"
		return b
	}
	base := asOf(log, day)
	t := newTrial(base, set, u, []civil.Date{day}, Warning)
	longestM, f := t.most(allowanceMaxM)
	b.LongestM, b.Limit = longestM, f.Rule
	b.explain(u, f)
	b.soften(log, u, newAdvice(log, set, u, day))
	return b
}

// explain puts the rule that limits a day in words.
func (b *DayBudget) explain(u analyze.Units, f Finding) {
	switch {
	case f.Rule != nil && b.LongestM == 0:
		b.Short = "any run: " + f.Rule.Name
		b.Reason = "Any run would be a warning of " + f.Rule.Name + ". " + f.Message + "."
	case f.Rule != nil:
		b.Short = f.Rule.Name
		b.Reason = "A longer run would be a warning of " + f.Rule.Name + ". " + f.Message + "."
	default:
		b.Short = "no rule limits it"
		b.Reason = "No rule limits a run below " + u.Dist(allowanceMaxM) + "."
	}
}

// advice is what keeps a budget below what the rules allow.
type advice struct {
	// rungs are the weeks of the way back that the coming two weeks can touch.
	rungs []Rung
	// spike is the latest run of the last month that was itself too long, if spiked, and spikeM what is sensible after it.
	spiked bool
	spike  civil.Date
	spikeM float64
	// short says why session-spike cannot judge yet, empty when it can, and shortM what is sensible until then.
	short  string
	shortM float64
}

// newAdvice gathers it for the days after the log's as-of day.
func newAdvice(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) advice {
	// Three weeks of the way back reach beyond the end of the next calendar week.
	a := advice{rungs: ladder(log, set, u, 3)}
	a.spikeM, a.spike, a.spiked = beforeSpike(log, set, u, day)
	a.shortM, a.short = shortHistory(log, set, u, day)
	return a
}

// rung is the week of the way back that a day lies in, and what is left of it; nil when the way back is over by then or its
// distances are not known.
func (a *advice) rung(day civil.Date, u analyze.Units) (r *Rung, leftM float64) {
	for i := range a.rungs {
		if r := &a.rungs[i]; day >= r.From && day <= r.From+6 && !math.IsNaN(r.RunM) {
			return r, downTo(max(0, r.LimitM-r.DoneM), u)
		}
	}
	return nil, 0
}

func (a *advice) spikeWords() string {
	return "leaving out the spike of " + a.spike.Time().Format("2 Jan")
}

func (r *Rung) words() string { return fmt.Sprintf("way back, week %d", r.Week) }

// downTo rounds metres down to the tenth of a unit that is printed.
func downTo(m float64, u analyze.Units) float64 { return math.Floor(m/u.InM()*10+1e-6) / 10 * u.InM() }

// soften lowers what the rules allow to what makes sense.
func (b *DayBudget) soften(log *analyze.Log, u analyze.Units, a advice) {
	lower := func(m float64, short, reason string) {
		if m >= b.orMax() { // beyond what the rules were asked about no limit is none
			return
		}
		allowed := "the rules alone set no limit"
		if b.Limit != nil {
			allowed = fmt.Sprintf("the rules alone would allow %s (%s)", u.Dist(b.LongestM), b.Limit.Name)
		}
		b.LongestM, b.Limit, b.Short, b.Reason = m, nil, short, reason+"; "+allowed+"."
	}
	if a.spiked {
		p := &Pass{Log: log}
		lower(a.spikeM, a.spikeWords(), "The run of "+p.day(a.spike)+" was itself a spike, so the runs before it stay the measure")
	}
	if a.short != "" {
		lower(a.shortM, "little history: the longest so far counts", "Too little is known: "+a.short+", so the longest run so far is the measure")
	}
	if r, leftM := a.rung(b.Date, u); r != nil {
		if r.stretchS > 0 && b.Limit == layoffReturn {
			b.Short += ", without a walk"
			b.Reason += " With walking breaks the way back says how far."
		}
		lower(min(r.RunM, leftM), r.words(),
			fmt.Sprintf("Week %d of the way back has %s in %d runs", r.Week, u.Dist(r.LimitM), ladderRuns))
	}
}

// note adds the longest run that not even a note mentions.
func (b *DayBudget) note(base *analyze.Log, set Settings, u analyze.Units) {
	t := newTrial(base, set, u, []civil.Date{b.Date}, Note)
	// That nothing is run before the day would make a rebound of it; the weeks tell of those.
	t.rules = slices.DeleteFunc(t.rules, func(r *Rule) bool { return r == tenPercent })
	quietM, f := t.most(allowanceMaxM)
	if math.IsNaN(quietM) || quietM >= b.LongestM {
		return
	}
	b.QuietM, b.Noted = quietM, f.Rule
	b.Hint = fmt.Sprintf("a note beyond %s: %s", u.Dist(quietM), f.Rule.Name)
	if quietM == 0 {
		b.Hint = "any run is a note: " + f.Rule.Name
		// A step says little; a run of the day's length is what would be told.
		for _, told := range t.sets(int(min(b.orMax(), hintM)/t.stepM()), []*Rule{f.Rule}) {
			f = told
		}
	}
	b.Reason += " " + strings.ToUpper(b.Hint[:1]) + b.Hint[1:] + ". " + f.Message + "."
}

// hintM is the run that a hint tells of when any run would be a note.
const hintM = 5000

// orMax is the day's longest run, or the longest that is thought of.
func (b *DayBudget) orMax() float64 {
	if math.IsNaN(b.LongestM) {
		return allowanceMaxM
	}
	return b.LongestM
}

// spikeDays is how long a spike is kept from being the measure of what comes next: as long as it would be one.
const spikeDays = spikeWindow

// beforeSpike is the longest run that makes sense on a day when a run of the days before was itself a spike: session-spike
// would allow even more than that one, which is arithmetic and no advice. Instead what the spike was measured by counts, and
// it is never more than the spike. It also returns the day of the latest spike; false without one.
func beforeSpike(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) (longestM float64, spike civil.Date, ok bool) {
	if !set.Enabled(sessionSpike) || len(log.Runs) == 0 {
		return 0, 0, false
	}
	from := day - spikeDays
	fs := runSince(log, set, u, []*Rule{sessionSpike}, judge, from).Findings
	if len(fs) == 0 {
		return 0, 0, false
	}
	p := &Pass{Log: log, U: u, rule: sessionSpike, set: set}
	ratio := p.Value("warn_ratio")
	first := fs[0].Runs[0]
	spikeM := u.Round(log.Runs[first].DistM)
	measureM := u.Round(log.Runs[log.Longest(fs[0].From-spikeWindow, fs[0].From-1)].DistM)
	// What grew in small steps from there counts, and what only the spike made allowable does not.
	_, end := log.RunRange(from, day-1)
	for i := first + 1; i < end; i++ {
		if m := u.Round(log.Runs[i].DistM); m > measureM && roundTo(m/measureM, 2) <= ratio {
			measureM = m
		}
	}
	longestM = min(max(ratio*measureM, p.Value("floor_m")), spikeM)
	return downTo(longestM, u), fs[len(fs)-1].From, true
}

// shortHistory is the longest run that makes sense while the log is too short for session-spike, by the same ratio, and why
// the rule cannot judge; empty when it can or is off.
func shortHistory(log *analyze.Log, set Settings, u analyze.Units, day civil.Date) (longestM float64, why string) {
	longest, covered := log.Longest(log.AsOf-spikeWindow, log.AsOf), day-log.Runs[0].Date
	if !set.Enabled(sessionSpike) || covered >= spikeHistory || longest < 0 {
		return 0, ""
	}
	why = fmt.Sprintf("the log goes back %s by then, %d are needed (%s)", plural(int(covered), "day"), spikeHistory, sessionSpike.Name)
	p := &Pass{Log: log, U: u, rule: sessionSpike, set: set}
	return downTo(max(p.Value("warn_ratio")*u.Round(log.Runs[longest].DistM), p.Value("floor_m")), u), why
}

// stopShort is what a line of a budget says when there is none.
const stopShort = "the knee first"

// soreDays is how long a run that hurt too much holds distances back, as the screens do: two weeks.
const soreDays = 14

// Stop is the sentence that stands instead of a budget while a red flag is up or after a run that hurt too much; empty
// otherwise.
func Stop(log *analyze.Log, set Settings, u analyze.Units) string {
	_, s := stopped(log, set, u)
	return s
}

// stopped is Stop with the rule that says so.
func stopped(log *analyze.Log, set Settings, u analyze.Units) (*Rule, string) {
	if len(log.Pain) == 0 {
		return nil, ""
	}
	if f, ok := InForce(runSince(log, set, u, []*Rule{redFlag}, judgeOrSay, log.AsOf).Findings); ok {
		return redFlag, "No distance while a red flag is up: " + f.Message + ". Do not run, and see a doctor or physiotherapist first."
	}
	for _, f := range runSince(log, set, u, []*Rule{painRun}, judgeOrSay, log.AsOf-soreDays+1).Findings {
		if f.Severity == High {
			return painRun, "No distance after a run that hurt too much: " + f.Message + ". " + f.Advice
		}
	}
	return nil, ""
}
