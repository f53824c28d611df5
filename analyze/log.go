package analyze

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"kneecheck/ingest/civil"
)

// Log is everything known of one athlete up to a day: the runs, and the days and weeks they make.
type Log struct {
	// Athlete is the name of the athlete's folder, empty outside roster mode.
	Athlete string
	// HeightCM is NaN when not configured.
	HeightCM float64
	Novice   bool
	// AsOf is the last day that counts; later runs are left out.
	AsOf      civil.Date
	WeekStart time.Weekday
	// Runs are in order of day and start, copies merged. Logs share them: who changes one puts a copy in its place.
	Runs []*Run
	// Days has every day from the first run to AsOf, days off included; nil without a run.
	Days []Day
	// Weeks has every week from the first run's to the one of AsOf, empty ones included.
	Weeks    []Week
	Strength []Strength
	// Shoes are the configured pairs in their order, then those that only runs name.
	Shoes []Shoe
	// Pain is the pain journal up to AsOf, in order of day: nil without a journal, empty when it holds no entry.
	Pain []Pain
	// Cross are the sessions of other sports, in order of day.
	Cross []Cross
}

// Day is one calendar day of a log.
type Day struct {
	Date civil.Date
	// Runs are the day's runs: Log.Runs[First : First+Runs].
	First, Runs int
	DistM       float64
	MovingS     float64
	LongestM    float64
	// RunDay is true when the day's runs are together not too short to count as one.
	RunDay bool
}

// Week is one calendar week of a log.
type Week struct {
	Start civil.Date
	// Complete is true when the week lies wholly inside the log's span, from the first run's day to AsOf.
	Complete bool
	// First and Runs say which runs: Log.Runs[First : First+Runs].
	First, Runs int
	RunDays     int
	DistM       float64
	MovingS     float64
	LongestM    float64
	// Change is this week ÷ the week before − 1; NaN when either is incomplete or the week before is empty.
	Change float64
	// CadenceSPM is the mean of the runs that have one, weighted by moving time with a cadence.
	CadenceSPM float64
	// AscentM, DescentM and DownhillM sum the runs whose altitude can be trusted; NaN when none can.
	AscentM, DescentM, DownhillM float64
	// HardShare is hard distance ÷ distance; NaN above 40 % unknown.
	HardShare float64
	// StrengthSessions counts the week's strength sessions; -1 when the log holds none at all.
	StrengthSessions int
}

// End is the last day of the week.
func (w *Week) End() civil.Date { return w.Start + 6 }

// Shoe is one pair of shoes as configured.
type Shoe struct {
	Name string
	// Since is the first day and Until the last on which the pair is worn by default; a nil bound is open.
	Since, Until *civil.Date
	// StartKM is what the pair had run before the log; LimitKM is 0 for the rule's own limit.
	StartKM, LimitKM float64
	// DistM is what the log's runs add.
	DistM float64
	// FromRuns is true for a pair that is not configured but named by runs, as by an export; it is never worn by default.
	FromRuns bool
	// Named is true for a pair that is worn only by the runs that name it, and never by default.
	Named bool
}

// Options are the choices that shape a log.
type Options struct {
	Athlete   string
	HeightCM  float64
	Novice    bool
	AsOf      civil.Date
	WeekStart time.Weekday
	Shoes     []Shoe
	// Pain is the pain journal in any order; nil without a journal.
	Pain  []Pain
	Cross []Cross
}

// Build makes the log of one athlete: it merges copies, leaves out what lies after AsOf, attaches shoes and lays the runs
// out in days and weeks. The order of runs and strength makes no difference, and neither is modified. The log keeps those
// runs that are in it as they were given. Without a run there are no days and no weeks.
func Build(runs []Run, strength []Strength, o Options) *Log {
	l := &Log{Athlete: o.Athlete, HeightCM: o.HeightCM, Novice: o.Novice, AsOf: o.AsOf, WeekStart: o.WeekStart, Shoes: o.Shoes}
	l.Runs = mergeCopies(runs)
	l.Strength = mergeStrength(strength)
	l.Pain = sortPain(o.Pain)
	l.Cross = l.mergeCross(o.Cross)
	l.layOut()
	return l
}

// At returns the log as it stands on a day, if nothing is run after the days it has. It shares its runs with l, and copies
// are not looked for again.
func (l *Log) At(asOf civil.Date) *Log {
	m := *l
	m.AsOf = asOf
	if asOf < l.AsOf {
		m.layOut()
	} else {
		m.layOutFrom(l, l.AsOf+1)
	}
	return &m
}

// WithWeekStart returns the log with weeks that begin on another day. It shares its runs with l.
func (l *Log) WithWeekStart(first time.Weekday) *Log {
	m := *l
	m.WeekStart = first
	m.layOutFrom(&Log{}, 0)
	return &m
}

// WithRun returns the log as it would stand on asOf with one run more: a plan can be judged by the rules that judge a
// log. What is not known of r must be NaN as in any run. Copies are not looked for again, l is not modified, its other runs
// are shared, and runs after asOf are left out.
func (l *Log) WithRun(r Run, asOf civil.Date) *Log { return l.WithRuns([]Run{r}, asOf) }

// WithRuns is WithRun for several runs, in any order.
func (l *Log) WithRuns(more []Run, asOf civil.Date) *Log {
	m := *l
	m.AsOf = asOf
	m.Runs = slices.Grow(slices.Clone(l.Runs), len(more))
	since, worn := l.AsOf+1, false
	for _, r := range more {
		if r.Date <= asOf {
			worn = worn || l.wornOn(&r)
			i := sort.Search(len(m.Runs), func(i int) bool { return compareRuns(m.Runs[i], &r) >= 0 })
			m.Runs = slices.Insert(m.Runs, i, &r)
			since = min(since, r.Date)
		}
	}
	if asOf < l.AsOf {
		m.layOut()
	} else {
		if worn {
			m.wearShoes()
		}
		m.layOutFrom(l, since)
	}
	return &m
}

// ReplaceRun puts a run in the place of run i, which WithRun or WithRuns has added, of the same day and without shoes as that one, and
// brings its day and its weeks up to date.
func (l *Log) ReplaceRun(i int, r Run) {
	l.Runs[i] = &r
	day := l.Day(r.Date)
	*day = l.day(r.Date, day.First)
	at := l.WeekIndex(r.Date)
	l.Weeks[at] = l.week(l.Weeks[at].Start)
	l.compareWeek(at)
	l.compareWeek(at + 1)
}

// compareRuns puts runs in order of day, start and then whatever makes the order total. The day comes before the instant
// because a traveller across the date line can run on Monday first and on Sunday later.
func compareRuns(a, b *Run) int {
	if c := cmp.Compare(a.Date, b.Date); c != 0 {
		return c
	}
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.File, b.File), cmp.Compare(a.DistM, b.DistM), cmp.Compare(a.ElapsedS, b.ElapsedS))
}
