package rules

import (
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// usualWeeks is how many weeks show how often and how far a runner runs.
	usualWeeks = 4
	// runsWithoutHistory is how many runs a week is thought of in when the last weeks had none.
	runsWithoutHistory = 3
)

// Weeks are the budgets of the week of the log's as-of day and of the one after it. What is left is thought of as even runs,
// as many as usual, with days off between where there is room; on the as-of day itself only when it is the last of its
// week. For the next week this one is taken to come to the mean of the last four, but no more than its limit and no less
// than is run already; when its last day is the as-of day, to what it has.
func Weeks(log *analyze.Log, set Settings, u analyze.Units) []WeekBudget {
	out, _ := weeks(log, set, u)
	return out
}

// NextWeek is the budget of the week of the day after the log's as-of day.
func NextWeek(log *analyze.Log, set Settings, u analyze.Units) WeekBudget {
	b := newWeek(log, set, u, (log.AsOf + 1).WeekStart(log.WeekStart))
	if b.Limit != nil || len(log.Runs) == 0 {
		return b
	}
	if b.Start > log.AsOf {
		b.AssumedM = log.DistM(b.Start-7, log.AsOf)
	}
	t := b.fill(asOf(log, b.Start+6), set, u, log)
	b.note(t)
	return b
}

// weeks are the budgets and the logs that they were worked out on.
func weeks(log *analyze.Log, set Settings, u analyze.Units) ([]WeekBudget, []*analyze.Log) {
	start := log.AsOf.WeekStart(log.WeekStart)
	this := newWeek(log, set, u, start)
	next := newWeek(log, set, u, start+7)
	if this.Limit != nil || len(log.Runs) == 0 {
		return []WeekBudget{this, next}, nil
	}
	base := asOf(log, start+6)
	t := this.fill(base, set, u, log)
	this.note(t)
	assumed := base
	if log.AsOf < start+6 {
		addM := min(usualWeekM(log)-this.DoneM, orInf(this.LeftM))
		if r, _ := t.advice.rung(log.AsOf+1, u); r != nil {
			addM = this.LeftM // a way back is run as it is laid out
		}
		if addM = downTo(addM, u); addM > 0 && !t.tooShort(int(math.Round(addM/t.stepM()))) {
			assumed = t.run(addM)
		}
	}
	next.AssumedM = assumed.DistM(start, start+6)
	nextBase := assumed.At(start + 13)
	next.note(next.fill(nextBase, set, u, log))
	return []WeekBudget{this, next}, []*analyze.Log{base, nextBase}
}

// newWeek is a week of which only is known what is run of it, and the rule that allows no more while the knee comes first.
func newWeek(log *analyze.Log, set Settings, u analyze.Units, start civil.Date) WeekBudget {
	nan := math.NaN()
	b := WeekBudget{Start: start, DoneM: log.DistM(start, log.AsOf), AssumedM: nan, LimitM: nan, LeftM: nan, QuietM: nan}
	if r, _ := stopped(log, set, u); r != nil {
		b.Limit, b.Short = r, stopShort
	}
	return b
}

// fill works out the rest of a week on a log that reaches to its end, and returns the trial of it; log is the one of which
// the week is asked.
func (b *WeekBudget) fill(base *analyze.Log, set Settings, u analyze.Units, log *analyze.Log) *trial {
	from := max(b.Start, log.AsOf+1)
	if from > b.Start+6 {
		from = log.AsOf
	}
	a := newAdvice(log, set, u, from)
	room := int(b.Start+6-from) + 1
	runs := max(1, usualRuns(log)-runDays(log, b.Start, log.AsOf))
	rung, _ := a.rung(from, u)
	if rung != nil {
		b.stretchS = rung.stretchS
		runs, room = max(1, ladderRuns-runDays(log, b.Start, log.AsOf)), (room+1)/2
	}
	var t *trial
	b.LeftM = -1
	// What is left can be too little for so many runs; on a way back the first days may have nothing left.
	for n := min(runs, room); n > 0 && (b.LeftM <= 0 || rung != nil); n-- {
		w := WeekBudget{Days: spread(from, b.Start+6, n)}
		try := newTrial(base, set, u, w.Days, Warning)
		try.stretchS = b.stretchS
		var f Finding
		if w.LeftM, f = try.most(float64(n) * allowanceMaxM); f.Rule != nil {
			w.Limit, w.Short = f.Rule, f.Rule.Name
		}
		w.lower(a.most(w.Days, u))
		if !(w.LeftM <= b.LeftM) {
			t = try
			b.LeftM, b.Limit, b.Short, b.Days = w.LeftM, w.Limit, w.Short, w.Days
		}
	}
	if m := holdM(base, set, u, b.Start); m > 0 {
		b.lower(max(0, m-b.DoneM), "no more than the week before, which was a jump")
	}
	b.LimitM = b.DoneM + b.LeftM
	if b.LeftM == 0 && b.Limit == tenPercent {
		if limitM, _, _ := WeekLimit(base, set, u, b.Start+6); limitM < b.LimitM {
			b.LimitM = limitM
		}
	}
	t.advice = a
	return t
}

// orInf is x, or infinite when x is not known.
func orInf(x float64) float64 {
	if math.IsNaN(x) {
		return math.Inf(1)
	}
	return x
}

// note adds the week's distance that not even a note mentions, by the runs of the trial that gave the rest.
func (b *WeekBudget) note(t *trial) {
	if !(b.LeftM > 0) {
		return
	}
	t.count(Note)
	if quietM, _ := t.most(float64(len(b.Days)) * allowanceMaxM); quietM < b.LeftM {
		b.QuietM = b.DoneM + quietM
	}
}

// lower makes what is left no more than a distance that makes sense, whatever the rules allow.
func (b *WeekBudget) lower(m float64, why string) {
	if !(m >= b.LeftM) && !math.IsInf(m, 1) {
		b.LeftM, b.Limit, b.Short = m, nil, why
	}
}

// holdM is the distance of the week before, when that one was itself a warning of ten-percent: the rule's advice is then to
// hold it before adding more. It is 0 otherwise.
func holdM(base *analyze.Log, set Settings, u analyze.Units, start civil.Date) float64 {
	if !set.Enabled(tenPercent) {
		return 0
	}
	for _, f := range runSince(base, set, u, []*Rule{tenPercent}, judge, start-7).Findings {
		if f.From == start-7 && f.Severity >= Warning {
			return u.Round(base.DistM(start-7, start-1))
		}
	}
	return 0
}

// most is what some runs together may come to, infinite where nothing keeps them below what the rules allow, and why.
func (a *advice) most(days []civil.Date, u analyze.Units) (sumM float64, why string) {
	left := map[int]float64{}
	for _, day := range days {
		m := math.Inf(1)
		if a.spiked {
			m, why = a.spikeM, a.spikeWords()
		}
		if r, leftM := a.rung(day, u); r != nil {
			if _, ok := left[r.Week]; !ok {
				left[r.Week] = leftM
			}
			if rungM := min(r.RunM, left[r.Week]); rungM <= m {
				m, why = rungM, r.words()
			}
			left[r.Week] -= m
		}
		sumM += m
	}
	return sumM, why
}

// spread chooses days for a number of runs, evenly and with the last on the last day.
func spread(from, to civil.Date, runs int) []civil.Date {
	days := make([]civil.Date, runs)
	span := int(to-from) + 1
	for i := range days {
		days[i] = to - civil.Date((runs-1-i)*span/runs)
	}
	return days
}

// usualRuns is how many days a week had a run in the last four, on average; three without any.
func usualRuns(log *analyze.Log) int {
	if n := runDays(log, log.AsOf-7*usualWeeks+1, log.AsOf); n > 0 {
		weeks := min(usualWeeks, float64(log.AsOf-log.Runs[0].Date+1)/7)
		return min(7, max(1, int(math.Round(float64(n)/max(weeks, 1)))))
	}
	return runsWithoutHistory
}

// usualWeekM is the mean distance of the last four complete weeks.
func usualWeekM(log *analyze.Log) float64 {
	sumM, n := 0.0, 0
	for i := len(log.Weeks) - 1; i >= 0 && n < usualWeeks; i-- {
		if w := &log.Weeks[i]; w.Complete {
			sumM += w.DistM
			n++
		}
	}
	return sumM / float64(max(n, 1))
}

// runDays counts the run days from through to.
func runDays(log *analyze.Log, from, to civil.Date) int {
	n := 0
	for d := from; d <= to; d++ {
		if day := log.Day(d); day != nil && day.RunDay {
			n++
		}
	}
	return n
}
