package rules

import (
	"fmt"
	"math"
	"strconv"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// ladderRuns is how many runs a week of the way back has, with a day off between (Couch to 5K).
	ladderRuns = 3
	// ladderMaxWeeks is the most weeks a way back by distance is laid out for; beyond it the other rules go on alone.
	ladderMaxWeeks = 8
	// ladderBackWeeks is how long after the day back a way back goes on (Pribut: the normal week in week four).
	ladderBackWeeks = 4
	// walkMPS is a brisk walk, 5.4 km an hour.
	walkMPS = 1.5
	// backToRunningS is the stretch without a walk that ends a way back by walking and running: the 20 minutes at the end
	// of week 5 of Couch to 5K.
	backToRunningS = 20 * 60
)

// ladderShares are what weeks three and four have of the old week (Pribut: 80 %, then the normal week); weeks one and two
// are parameters of layoff-return.
var ladderShares = [...]float64{0.8, 1}

// walkRunWeek is one week of Couch to 5K, three times a week. The minutes are those of its longest session.
type walkRunWeek struct {
	sessions            []string
	runMin, walkMin     float64
	longestStretchMin   float64
	sameThreeTimesAWeek bool
}

// walkRunWeeks are the nine weeks of Couch to 5K (NHS), in minutes; each session begins with a brisk walk of 5 minutes.
var walkRunWeeks = [...]walkRunWeek{
	{[]string{"8 × (run 1, walk 1½)"}, 8, 12, 1, true},
	{[]string{"6 × (run 1½, walk 2)"}, 9, 12, 1.5, true},
	{[]string{"2 × (run 1½, walk 1½, run 3, walk 3)"}, 9, 9, 3, true},
	{[]string{"run 3, walk 1½, run 5, walk 2½, run 3, walk 1½, run 5"}, 16, 5.5, 5, true},
	{[]string{"run 5, walk 3, run 5, walk 3, run 5", "run 8, walk 5, run 8", "run 20"}, 20, 5, 20, false},
	{[]string{"run 5, walk 3, run 8, walk 3, run 5", "run 10, walk 3, run 10", "run 25"}, 25, 3, 25, false},
	{[]string{"run 25"}, 25, 0, 25, true},
	{[]string{"run 28"}, 28, 0, 28, true},
	{[]string{"run 30"}, 30, 0, 30, true},
}

// Rung is one week of the way back after a layoff: the seven days from From.
type Rung struct {
	// Week counts from the day back.
	Week int
	From civil.Date
	// LimitM is the week's distance and RunM that of one run; NaN when the old mileage is not known.
	LimitM, RunM float64
	// Limit is the rule that keeps the week below its share of the old one, nil without.
	Limit *Rule
	// Sessions are the week's runs in words.
	Sessions []string
	// Share is the part of the old week that the rung begins from, NaN for walking and running.
	Share float64
	// DoneM is what is run of it by the as-of day.
	DoneM float64
	// stretchS is the longest stretch without a walk, 0 when there is no walking.
	stretchS float64
}

// layoff is a break that is not over, or from which the runner is on the way back.
type layoff struct {
	// last is the last run day before the break, off its days, back the first day after it: the day after the as-of day
	// while the break lasts.
	last, back civil.Date
	off        int
	// oldM is the old weekly mean, NaN when the log does not know it.
	oldM float64
	// walks is true for a way back that begins with walking and running.
	walks bool
}

// findLayoff is the break that matters on the day after the log's as-of day, if there is one and layoff-return is on.
func findLayoff(log *analyze.Log, set Settings) (layoff, bool) {
	if len(log.Runs) == 0 || !set.Enabled(layoffReturn) {
		return layoff{}, false
	}
	p := &Pass{Log: log, rule: layoffReturn, set: set}
	l, ok := layoff{back: log.AsOf + 1}, false
	for i := len(log.Runs) - 1; i >= 0 && !ok; i-- {
		if run := log.Runs[i]; !run.TooShort() {
			if l.off = int(l.back - run.Date - 1); float64(l.off) >= p.Value("gap_days") {
				l.last, ok = run.Date, true
			}
			l.back = run.Date
		}
		if !ok && log.AsOf-l.back >= 7*civil.Date(len(walkRunWeeks)) {
			return layoff{}, false
		}
	}
	if !ok {
		return layoff{}, false
	}
	l.back = l.last + civil.Date(l.off) + 1
	l.oldM = p.oldWeek(l.last)
	l.walks = float64(l.off) >= p.Value("long_gap_days")
	first, end := log.RunRange(l.back, log.AsOf)
	for i := first; i < end; i++ {
		l.walks = l.walks && !(log.Runs[i].LongestContinuousS >= backToRunningS)
	}
	if l.walks {
		return l, true
	}
	if l.oldM <= p.Value("floor_m") {
		return layoff{}, false // so little is never too much
	}
	for from := l.back; from <= log.AsOf; from += 7 {
		if from >= l.back+7*(ladderBackWeeks-1) && from+6 <= log.AsOf || log.DistM(from, min(from+6, log.AsOf)) >= l.oldM {
			return layoff{}, false // back for long enough, or as far as before
		}
	}
	return l, true
}

// Ladder is the way back after a layoff, week by week from the one of the day after the as-of day: how far, in how many
// runs. It is empty without a layoff, when the way back is done, when layoff-return is off, and while a red flag is up. Who runs it sets off no
// rule at warning or above, if the rest of the log is quiet.
//
// The shares of the old week are those of layoff-return, then 80 % and the whole (Pribut, expert opinion); every other rule
// may take the weeks back. After a long break it is the sessions of Couch to 5K.
func Ladder(log *analyze.Log, set Settings, u analyze.Units) []Rung {
	if Stop(log, set, u) != "" {
		return nil
	}
	return ladder(log, set, u, ladderMaxWeeks+len(walkRunWeeks))
}

// ladder is Ladder up to a number of rungs.
func ladder(log *analyze.Log, set Settings, u analyze.Units, rungs int) []Rung {
	l, ok := findLayoff(log, set)
	if !ok {
		return nil
	}
	weeks := ladderMaxWeeks
	if l.walks {
		weeks = len(walkRunWeeks)
	}
	// The weeks of the way back begin on the day back.
	bare := asOf(log, log.AsOf).WithWeekStart(l.back.Weekday())
	var out []Rung
	for week := int(log.AsOf+1-l.back)/7 + 1; week <= weeks && len(out) < rungs; week++ {
		var rung Rung
		rung, bare = l.rung(bare, set, u, week)
		if len(out) > 0 && !l.walks && rung.LimitM <= out[len(out)-1].LimitM {
			break // nothing more to gain: as far as the old week, or as the other rules let it
		}
		out = append(out, rung)
		if !l.walks && (math.IsNaN(l.oldM) && week == 2+len(ladderShares) || rung.LimitM >= downTo(l.oldM, u)) {
			break
		}
	}
	return out
}

// rung is one week of the way back, and the log in which it was run to its limit.
func (l *layoff) rung(log *analyze.Log, set Settings, u analyze.Units, week int) (Rung, *analyze.Log) {
	r := Rung{Week: week, From: l.back + civil.Date(7*(week-1)), LimitM: math.NaN(), RunM: math.NaN(), Share: math.NaN()}
	r.DoneM = log.DistM(r.From, log.AsOf)
	p := &Pass{Log: log, U: u, rule: layoffReturn, set: set}
	speed := usualSpeed(log)
	if l.walks {
		w := &walkRunWeeks[week-1]
		r.stretchS = w.longestStretchMin * 60
		r.LimitM = ladderRuns * (w.runMin*60*min(speed, allowanceMPS) + w.walkMin*60*walkMPS)
	} else if r.Share = l.share(p, week); !math.IsNaN(l.oldM) {
		r.LimitM = max(r.Share*l.oldM, p.Value("floor_m"))
	}
	if math.IsNaN(r.LimitM) {
		r.Sessions = l.sessions(u, &r)
		return r, log
	}
	r.LimitM = downTo(r.LimitM, u)
	next := log.At(r.From + 6)
	days := make([]civil.Date, 0, ladderRuns)
	for i := range civil.Date(ladderRuns) {
		if day := r.From + 2*i; day > log.AsOf {
			days = append(days, day)
		}
	}
	if len(days) > 0 {
		doneM := next.DistM(r.From, r.From+6)
		t := newTrial(next, set, u, days, Warning)
		t.stretchS = r.stretchS
		// The search reaches the share itself: beyond what it was asked about it says nothing.
		if mostM, f := t.most(max(float64(len(days))*allowanceMaxM, r.LimitM)); doneM+mostM < r.LimitM && doneM < r.LimitM {
			r.LimitM, r.Limit = downTo(doneM+mostM, u), f.Rule
		}
		restM := downTo(max(0, r.LimitM-doneM), u)
		if !t.tooShort(int(math.Round(restM / t.stepM()))) {
			next = t.run(restM)
		}
	}
	r.RunM = downTo(r.LimitM/ladderRuns, u)
	r.Sessions = l.sessions(u, &r)
	return r, next
}

// share is the part of the old week that a week of the way back begins from.
func (l *layoff) share(p *Pass, week int) float64 {
	share := p.Value("week_one")
	if week >= 2 {
		share = max(share, p.Value("week_two"))
	}
	if i := week - 3; i >= 0 {
		share = max(share, ladderShares[min(i, len(ladderShares)-1)])
	}
	return share
}

// sessions are a week's runs in words.
func (l *layoff) sessions(u analyze.Units, r *Rung) []string {
	if !l.walks {
		if math.IsNaN(r.RunM) {
			return []string{fmt.Sprintf("%d easy runs, about %s of what you were used to, a day off after each", ladderRuns, percent(r.Share))}
		}
		return []string{fmt.Sprintf("%d easy runs of about %s, a day off after each", ladderRuns, u.Dist(r.RunM))}
	}
	w := &walkRunWeeks[r.Week-1]
	if w.sameThreeTimesAWeek {
		return []string{strconv.Itoa(ladderRuns) + " times: " + w.sessions[0] + " minutes"}
	}
	out := make([]string, len(w.sessions))
	for i, s := range w.sessions {
		out[i] = s + " minutes"
	}
	return out
}
