package analyze

import (
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
	// Runs are in order of start, duplicates merged.
	Runs []Run
	// Days has every day from the first run to AsOf, days off included; nil without a run.
	Days []Day
	// Weeks has every week from the first run's to the one of AsOf, empty ones included.
	Weeks    []Week
	Strength []Strength
	Shoes    []Shoe
}

// Day is one calendar day of a log.
type Day struct {
	Date civil.Date
	// Runs are the day's runs: Log.Runs[First : First+Runs].
	First, Runs int
	DistM       float64
	MovingS     float64
	LongestM    float64
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
}

// Options are the choices that shape a log.
type Options struct {
	Athlete   string
	HeightCM  float64
	Novice    bool
	AsOf      civil.Date
	WeekStart time.Weekday
	Shoes     []Shoe
}

// Build merges duplicates, attaches shoes and lays the runs out in days and weeks. It does not keep the slice's order or
// members to itself: runs may be shuffled, the result is the same.
func Build(runs []Run, strength []Strength, o Options) *Log { return &Log{} }
