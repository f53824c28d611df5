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
// than is run already.
func Weeks(log *analyze.Log, set Settings, u analyze.Units) []WeekBudget {
	out, _ := weeks(log, set, u)
	return out
}

// weeks are the budgets and the logs that they were worked out on.
func weeks(log *analyze.Log, set Settings, u analyze.Units) ([]WeekBudget, []*analyze.Log) {
	start, nan := log.AsOf.WeekStart(log.WeekStart), math.NaN()
	out := []WeekBudget{
		{Start: start, DoneM: log.DistM(start, log.AsOf), AssumedM: nan, LimitM: nan, LeftM: nan, QuietM: nan},
		{Start: start + 7, AssumedM: nan, LimitM: nan, LeftM: nan, QuietM: nan},
	}
	if Stop(log, set, u) != "" {
		r, _ := Find(redFlagID)
		out[0].Limit, out[1].Limit = r, r
		return out, nil
	}
	if len(log.Runs) == 0 {
		return out, nil
	}
	base := asOf(log, start+6)
	assumed := out[0].fill(base, set, u, log, usualWeekM(log))
	out[1].AssumedM = assumed.DistM(start, start+6)
	next := assumed.At(start + 13)
	out[1].fill(next, set, u, log, 0)
	return out, []*analyze.Log{base, next}
}

// NextWeek is the budget of the week of the day after the log's as-of day.
func NextWeek(log *analyze.Log, set Settings, u analyze.Units) WeekBudget {
	weeks := Weeks(log, set, u)
	if log.AsOf+1 == weeks[1].Start {
		return weeks[1]
	}
	return weeks[0]
}

// fill works out the rest of a week on a log that reaches to its end, and returns the log with so much run that the week
// comes to a distance, within its limit; log is the one of which the week is asked.
func (b *WeekBudget) fill(base *analyze.Log, set Settings, u analyze.Units, log *analyze.Log, wantM float64) *analyze.Log {
	from := max(b.Start, log.AsOf+1)
	if from > b.Start+6 {
		from = log.AsOf
	}
	a := newAdvice(log, set, u, from)
	room := int(b.Start+6-from) + 1
	runs := max(1, usualRuns(log)-runDays(log, b.Start, log.AsOf))
	rung, _ := a.rung(from, u)
	if rung != nil {
		runs, room = max(1, ladderRuns-runDays(log, b.Start, log.AsOf)), (room+1)/2
	}
	var t *trial
	b.LeftM = -1
	// What is left can be too little for so many runs; on a way back the first days may have nothing left.
	for n := min(runs, room); n > 0 && (b.LeftM <= 0 || rung != nil); n-- {
		w := WeekBudget{Days: spread(from, b.Start+6, n)}
		try := newTrial(base, set, u, w.Days, Warning)
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
	if b.LeftM > 0 {
		quiet := newTrial(base, set, u, b.Days, Note)
		if quietM, _ := quiet.most(float64(len(b.Days)) * allowanceMaxM); quietM < b.LeftM {
			b.QuietM = b.DoneM + quietM
		}
	}
	addM := wantM - b.DoneM
	if b.LeftM < addM || len(a.rungs) > 0 {
		addM = b.LeftM
	}
	if !(addM > 0) || t.tooShort(int(addM/t.stepM())) {
		return base
	}
	return t.run(downTo(addM, u))
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
