package analyze

import (
	"math"
	"sort"

	"kneecheck/ingest/civil"
)

// maxUnknownSurface is the largest share of unknown ground at which a hard share is still told (DESIGN: KC301).
const maxUnknownSurface = 0.40

// layOut cuts the sorted runs at AsOf, puts shoes on them and makes the days and weeks.
func (l *Log) layOut() {
	l.Runs = l.Runs[:sort.Search(len(l.Runs), func(i int) bool { return l.Runs[i].Date > l.AsOf })]
	l.Strength = l.Strength[:sort.Search(len(l.Strength), func(i int) bool { return l.Strength[i].Date > l.AsOf })]
	l.Pain = l.Pain[:sort.Search(len(l.Pain), func(i int) bool { return l.Pain[i].Date > l.AsOf })]
	l.Cross = l.Cross[:sort.Search(len(l.Cross), func(i int) bool { return l.Cross[i].Date > l.AsOf })]
	l.wearShoes()
	l.layOutFrom(&Log{}, 0)
}

// layOutFrom makes the days and weeks. Before day since the log is equal to one that reaches no further: of the days and
// weeks of that one those that lie before are taken over.
func (l *Log) layOutFrom(old *Log, since civil.Date) {
	l.Days, l.Weeks = nil, nil
	if len(l.Runs) == 0 {
		return
	}
	days := old.Days[:sort.Search(len(old.Days), func(i int) bool { return old.Days[i].Date >= since })]
	weeks := old.Weeks[:sort.Search(len(old.Weeks), func(i int) bool { return old.Weeks[i].End() >= since })]
	l.Days = l.days(days)
	first := l.Runs[0].Date.WeekStart(l.WeekStart)
	l.Weeks = append(make([]Week, 0, (l.AsOf-first)/7+1), weeks...)
	for start := first + 7*civil.Date(len(weeks)); start <= l.AsOf; start += 7 {
		l.Weeks = append(l.Weeks, l.week(start))
	}
	for i := len(weeks); i < len(l.Weeks); i++ {
		l.compareWeek(i)
	}
}

// compareWeek compares week i, if there is one, with the week before, if there is one.
func (l *Log) compareWeek(i int) {
	if i < 1 || i >= len(l.Weeks) {
		return
	}
	before, w := &l.Weeks[i-1], &l.Weeks[i]
	w.Change = math.NaN()
	if before.Complete && w.Complete && before.DistM > 0 {
		w.Change = w.DistM/before.DistM - 1
	}
}

// daysToCome is how many empty days lie behind the last of a log: those of a log that reaches a little further.
const daysToCome = 14

// days are the days of the log, the first of which are known.
func (l *Log) days(known []Day) []Day {
	n := int(l.AsOf - l.Runs[0].Date + 1)
	next := 0
	if len(known) > 0 {
		last := known[len(known)-1]
		next = last.First + last.Runs
		if next == len(l.Runs) && n <= cap(known) {
			return known[:n] // nothing is run on the days that come on top
		}
	}
	days := make([]Day, n, n+daysToCome)
	copy(days, known)
	for i := len(known); i < cap(days); i++ {
		d := l.day(l.Runs[0].Date+civil.Date(i), next)
		days[:cap(days)][i] = d
		next += d.Runs
	}
	return days
}

// day sums up the runs of a day, the first of which, if there is one, is run number first.
func (l *Log) day(date civil.Date, first int) Day {
	d := Day{Date: date, First: first}
	for i := first; i < len(l.Runs) && l.Runs[i].Date == date; i++ {
		r := l.Runs[i]
		d.Runs++
		d.DistM += orZero(r.DistM)
		d.MovingS += orZero(r.MovingS)
		d.LongestM = max(d.LongestM, orZero(r.DistM))
		d.RunDay = d.RunDay || !r.TooShort() || !tooShort(d.MovingS, d.DistM)
	}
	return d
}

func (l *Log) week(start civil.Date) Week {
	w := Week{Start: start, Change: math.NaN(), StrengthSessions: -1}
	w.Complete = start >= l.Days[0].Date && w.End() <= l.AsOf
	for _, d := range l.Days[max(0, int(start-l.Days[0].Date)):min(len(l.Days), int(w.End()+1-l.Days[0].Date))] {
		if d.RunDay {
			w.RunDays++
		}
		w.DistM += d.DistM
		w.MovingS += d.MovingS
		w.LongestM = max(w.LongestM, d.LongestM)
	}
	first, end := l.RunRange(start, w.End())
	w.First, w.Runs = first, end-first
	runs := l.Runs[first:end]
	w.CadenceSPM = meanCadence(runs)
	w.AscentM = sumKnown(runs, func(r *Run) float64 { return r.Climb.AscentM })
	w.DescentM = sumKnown(runs, func(r *Run) float64 { return r.Climb.DescentM })
	w.DownhillM = sumKnown(runs, func(r *Run) float64 { return r.Climb.DownhillM })
	w.HardShare = hardShare(runs)
	if len(l.Strength) > 0 {
		w.StrengthSessions = l.strengthBefore(w.End()+1) - l.strengthBefore(start)
	}
	return w
}

// Day returns the day d, or nil outside the log's span.
func (l *Log) Day(d civil.Date) *Day {
	if len(l.Days) == 0 || d < l.Days[0].Date || d > l.AsOf {
		return nil
	}
	return &l.Days[d-l.Days[0].Date]
}

// WeekOf returns the week that holds day d, or nil when the log has none.
func (l *Log) WeekOf(d civil.Date) *Week {
	i := l.WeekIndex(d)
	if i < 0 || i >= len(l.Weeks) {
		return nil
	}
	return &l.Weeks[i]
}

// WeekIndex is the place in Weeks of the week that holds day d: below 0 or beyond the end for days outside the log's span.
func (l *Log) WeekIndex(d civil.Date) int {
	if len(l.Weeks) == 0 {
		return 0
	}
	return int(math.Floor((float64(d) - float64(l.Weeks[0].Start)) / 7))
}

// RunRange says which runs fall on the days from through to: Runs[first:end]. The range is empty, but valid, where there
// is none.
func (l *Log) RunRange(from, to civil.Date) (first, end int) {
	first = l.before(from)
	return first, max(first, l.before(to+1))
}

// before counts the runs on days before d.
func (l *Log) before(d civil.Date) int {
	if day := l.Day(d); day != nil {
		return day.First
	}
	return sort.Search(len(l.Runs), func(i int) bool { return l.Runs[i].Date >= d })
}

// strengthBefore counts the strength sessions on days before d.
func (l *Log) strengthBefore(d civil.Date) int {
	return sort.Search(len(l.Strength), func(i int) bool { return l.Strength[i].Date >= d })
}

// DistM is the distance run on the days from through to. Days outside the log's span count as days without a run.
func (l *Log) DistM(from, to civil.Date) float64 {
	first, end := l.RunRange(from, to)
	sum := 0.0
	for i := first; i < end; i++ {
		sum += orZero(l.Runs[i].DistM)
	}
	return sum
}

// Longest returns the index in Runs of the longest run of the days from through to, the earliest of equals, and -1 when
// there is none with a distance.
func (l *Log) Longest(from, to civil.Date) int {
	first, end := l.RunRange(from, to)
	longest := -1
	for i := first; i < end; i++ {
		if l.Runs[i].DistM > 0 && (longest < 0 || l.Runs[i].DistM > l.Runs[longest].DistM) {
			longest = i
		}
	}
	return longest
}

// DaysOffBefore counts the days between run i and the last run day before it. It is -1 for the log's first run, of which
// nobody knows, for a further run of the same day, and for a run that is too short to count.
func (l *Log) DaysOffBefore(i int) int {
	if l.Runs[i].TooShort() {
		return -1
	}
	for j := i - 1; j >= 0; j-- {
		before := l.Runs[j]
		switch {
		case before.Date == l.Runs[i].Date && !before.TooShort():
			return -1
		case before.Date < l.Runs[i].Date && l.Day(before.Date).RunDay:
			return int(l.Runs[i].Date-before.Date) - 1
		}
	}
	return -1
}

// meanCadence is the mean cadence of runs weighted by the moving time in which each has one; NaN when none has.
func meanCadence(runs []*Run) float64 {
	sum, weight := 0.0, 0.0
	for i := range runs {
		c := &runs[i].Cadence
		if w := runs[i].MovingS * c.Coverage; w > 0 && !math.IsNaN(c.MeanSPM) {
			sum += w * c.MeanSPM
			weight += w
		}
	}
	return sum / weight
}

// sumKnown sums a figure over the runs that have it; NaN when none has.
func sumKnown(runs []*Run, figure func(*Run) float64) float64 {
	sum := math.NaN()
	for i := range runs {
		if v := figure(runs[i]); !math.IsNaN(v) {
			sum = orZero(sum) + v
		}
	}
	return sum
}

// hardShare is the distance on hard ground ÷ the distance; NaN when more than maxUnknownSurface of it is unknown.
func hardShare(runs []*Run) float64 {
	dist, hard, known := 0.0, 0.0, 0.0
	for i := range runs {
		s := &runs[i].Surface
		dist += orZero(runs[i].DistM)
		hard += s.HardM
		known += s.HardM + s.MediumM + s.SoftM + s.TreadmillM
	}
	if !(dist > 0) || 1-known/dist > maxUnknownSurface {
		return math.NaN()
	}
	return min(1, hard/dist)
}

// orZero is x, or 0 when x is not known.
func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
