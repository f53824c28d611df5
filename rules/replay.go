package rules

import (
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// BeforeDays is how far before pain a replay looks: six weeks, the span that users of such tools ask about. They end with
	// the first day of the pain, for that day's run came before it.
	BeforeDays = 42
	// replayHistory is how much log a week needs before it to be compared: most rules cannot judge the first four weeks.
	replayHistory = 28
	weekDays      = 7
)

// Replay lines up the rules with pain: what fired before each episode, and how often each rule fires without one. It
// counts and claims no cause.
type Replay struct {
	// Episodes are in order of day.
	Episodes []Episode
	// Rules are those that are on, without those that judge pain itself, in order of ID.
	Rules []ReplayRule
	// BeforeWeeks and FreeWeeks count the weeks that were looked at: those before an episode, counted back from its first
	// day and with it, and calendar weeks that lie neither before, in or within EpisodeDays after an episode, nor in the last
	// BeforeDays, of which nobody knows yet what follows. Weeks without a run and the log's first 28 days are left out.
	BeforeWeeks, FreeWeeks int
}

// Episode is pain entries of which none is more than EpisodeDays after the one before.
type Episode struct {
	From, To civil.Date
	Entries  []analyze.Pain
	// Weeks counts the weeks of the BeforeDays before it that were looked at.
	Weeks int
	// Fired are the findings of those weeks, the latest of each rule with its number of weeks; Quiet and NotJudged are the
	// other rules.
	Fired            []EpisodeRule
	Quiet, NotJudged []*Rule
}

// EpisodeRule is a rule that fired before an episode.
type EpisodeRule struct {
	Rule *Rule
	// Weeks is in how many of the weeks it fired, Worst its highest severity there and Latest its last finding.
	Weeks  int
	Worst  Severity
	Latest Finding
}

// ReplayRule is how often a rule fired: in Before of the BeforeOf weeks before pain in which it could judge, and in Free of
// FreeOf pain-free ones.
type ReplayRule struct {
	Rule                           *Rule
	Before, BeforeOf, Free, FreeOf int
}

// Episodes gathers entries of pain, in any order.
func Episodes(pain []analyze.Pain) []Episode {
	sorted := slices.Clone(pain)
	slices.SortStableFunc(sorted, func(a, b analyze.Pain) int { return int(a.Date) - int(b.Date) })
	var out []Episode
	for _, e := range sorted {
		if n := len(out); n > 0 && e.Date-out[n-1].To <= EpisodeDays {
			out[n-1].To = e.Date
			out[n-1].Entries = append(out[n-1].Entries, e)
			continue
		}
		out = append(out, Episode{From: e.Date, To: e.Date, Entries: []analyze.Pain{e}})
	}
	return out
}

// NewReplay replays a log, as if no pain had been logged, against entries of pain. Findings below a severity do not
// count.
func NewReplay(log *analyze.Log, pain []analyze.Pain, set Settings, u analyze.Units, least Severity) *Replay {
	r := &replayer{log: log.At(log.AsOf), set: set, u: u, least: least, states: map[civil.Date]verdicts{}}
	r.log.Pain = nil
	r.sort()
	out := &Replay{Episodes: Episodes(pain), Rules: make([]ReplayRule, len(r.rules))}
	for i, rule := range r.rules {
		out.Rules[i].Rule = rule
	}
	if len(log.Runs) == 0 {
		return out
	}
	for i := range out.Episodes {
		e := &out.Episodes[i]
		weeks := r.weeksBefore(e.From)
		e.Weeks = len(weeks)
		out.BeforeWeeks += len(weeks)
		r.before(e, weeks, out.Rules)
	}
	for _, week := range r.freeWeeks(out.Episodes) {
		out.FreeWeeks++
		for i, rule := range r.rules {
			fired, judged := r.fired(rule, week)
			if judged {
				out.Rules[i].FreeOf++
			}
			if len(fired) > 0 {
				out.Rules[i].Free++
			}
		}
	}
	return out
}

// Acknowledge marks the findings named before an episode that an acknowledgement covers on the log's last day, and counts
// them. They have fired all the same: a replay asks what happened, not what is still to be told.
func (r *Replay) Acknowledge(acks []Ack, log *analyze.Log, set Settings, u analyze.Units) int {
	n := 0
	for i := range r.Episodes {
		for k := range r.Episodes[i].Fired {
			f := &r.Episodes[i].Fired[k].Latest
			res := Result{Findings: []Finding{*f}}
			res.Acknowledge(acks, log, set, u, allTime)
			if *f = res.Findings[0]; f.Ack != nil {
				n++
			}
		}
	}
	return n
}

// replayer holds the findings of one log.
type replayer struct {
	log   *analyze.Log
	set   Settings
	u     analyze.Units
	least Severity
	// rules are those replayed; those of state are judged at the end of every week that is asked for.
	rules, stateRules []*Rule
	events            map[*Rule][]Finding
	// blind are the rules of events that could not judge the log at all.
	blind  map[*Rule]bool
	states map[civil.Date]verdicts
}

// verdicts are what the rules of state say on a day.
type verdicts struct {
	findings map[*Rule][]Finding
	blind    map[*Rule]bool
}

// week is seven days by their first.
type week civil.Date

func (w week) from() civil.Date { return civil.Date(w) }
func (w week) to() civil.Date   { return civil.Date(w) + weekDays - 1 }

// aboutPain tells whether a rule judges pain itself: it cannot foretell it.
func aboutPain(r *Rule) bool { return strings.HasPrefix(r.ID, "KC6") }

// sort chooses the rules and finds the events of the whole log.
func (r *replayer) sort() {
	var eventRules []*Rule
	for _, rule := range All() {
		if aboutPain(rule) || !r.set.Enabled(rule) {
			continue
		}
		r.rules = append(r.rules, rule)
		if rule.State {
			r.stateRules = append(r.stateRules, rule)
		} else {
			eventRules = append(eventRules, rule)
		}
	}
	v := r.judge(r.log, eventRules, allTime)
	r.events, r.blind = v.findings, v.blind
}

// judge runs some rules and sorts what they say. A rule that found something can judge, whatever part it could not.
func (r *replayer) judge(log *analyze.Log, rules []*Rule, since civil.Date) verdicts {
	v := verdicts{map[*Rule][]Finding{}, map[*Rule]bool{}}
	res := runSince(log, r.set, r.u, rules, judgeOrSay, since)
	for _, n := range res.NotJudged {
		v.blind[n.Rule] = true
	}
	for _, f := range res.Findings {
		v.blind[f.Rule] = false
		if f.Severity >= r.least {
			v.findings[f.Rule] = append(v.findings[f.Rule], f)
		}
	}
	return v
}

// fired are the findings of a rule in a week, and whether it could judge.
func (r *replayer) fired(rule *Rule, w week) (fired []Finding, judged bool) {
	if rule.State {
		v, ok := r.states[w.to()]
		if !ok {
			v = r.judge(r.log.At(w.to()), r.stateRules, w.from())
			r.states[w.to()] = v
		}
		return v.findings[rule], !v.blind[rule]
	}
	for _, f := range r.events[rule] {
		if f.To >= w.from() && f.To <= w.to() {
			fired = append(fired, f)
		}
	}
	return fired, !r.blind[rule]
}

// usable tells whether a week can be compared: it has a run, and enough log before it.
func (r *replayer) usable(w week) bool {
	first, end := r.log.RunRange(w.from(), w.to())
	return end > first && w.from() >= r.log.Days[0].Date+replayHistory && w.to() <= r.log.AsOf
}

// weeksBefore are the usable weeks that end with a day, counted back from it, the earliest first.
func (r *replayer) weeksBefore(day civil.Date) []week {
	var out []week
	for d := day - BeforeDays + 1; d <= day; d += weekDays {
		if w := week(d); r.usable(w) {
			out = append(out, w)
		}
	}
	return out
}

// before fills in what fired in the weeks before an episode, and counts it.
func (r *replayer) before(e *Episode, weeks []week, counts []ReplayRule) {
	for i, rule := range r.rules {
		found, judgedOnce := EpisodeRule{Rule: rule}, false
		for _, w := range weeks {
			fired, judged := r.fired(rule, w)
			if judged {
				judgedOnce = true
				counts[i].BeforeOf++
			}
			if len(fired) == 0 {
				continue
			}
			found.Weeks++
			found.Latest = fired[len(fired)-1]
			for _, f := range fired {
				found.Worst = max(found.Worst, f.Severity)
			}
		}
		counts[i].Before += found.Weeks
		switch {
		case found.Weeks > 0:
			e.Fired = append(e.Fired, found)
		case judgedOnce:
			e.Quiet = append(e.Quiet, rule)
		default:
			e.NotJudged = append(e.NotJudged, rule)
		}
	}
}

// freeWeeks are the usable calendar weeks far from pain.
func (r *replayer) freeWeeks(episodes []Episode) []week {
	var out []week
	for i := range r.log.Weeks {
		w := week(r.log.Weeks[i].Start)
		near := slices.ContainsFunc(episodes, func(e Episode) bool {
			return w.to() >= e.From-BeforeDays && w.from() <= e.To+EpisodeDays
		})
		if !near && r.usable(w) && w.to() <= r.log.AsOf-BeforeDays {
			out = append(out, w)
		}
	}
	return out
}
