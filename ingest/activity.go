// Package ingest turns activity files into activities: it finds the files, tells their format by content, decodes them
// and brings every column to one unit. It knows nothing of weeks, rules or reports.
package ingest

import (
	"math"
	"time"
)

// Activity is one session of one file. Its samples live only while the worker that decoded it reduces it.
//
// Throughout kneecheck a float64 that is not known is NaN, and the unit ends the name: M metres, S seconds, MPS metres a
// second, SPM steps a minute (both feet), BPM beats a minute, Deg degrees, CM centimetres, degrees never radians.
type Activity struct {
	// ID is stable: hex digits of the SHA-256 of the file's decompressed bytes, with "-2" and so on for later sessions.
	ID string
	// File is the path as the user would write it.
	File   string
	Format Format
	Sport  Sport
	// Kind is what the device or export says of the run.
	Kind Kind
	Name string
	// Start is the UTC instant of the first sample or of the session, whichever the file declares.
	Start time.Time
	Zone  Zone
	// Device holds the totals that the device wrote, untouched but for the unit.
	Device Totals
	// CadenceUnit is what the file held; Samples.CadenceSPM is always in steps a minute.
	CadenceUnit CadenceUnit
	// Elevation says where the altitude comes from, as far as the file tells.
	Elevation ElevSource
	Samples   Samples
	// Pauses are the stretches in which the timer was stopped, in seconds since Start, in order.
	Pauses []Interval
	// Cut is true when the recording went on after the run and the rest was left out: Device tells of more than the run.
	Cut bool
	// Notes are repairs and doubts in words for the runner, such as "cadence doubled in the file: halved".
	Notes []string
}

// Samples is a struct of columns, each nil or as long as T. A nil column means that no sensor wrote it, NaN a dropout,
// 0 a value.
type Samples struct {
	// T is seconds since Activity.Start, strictly increasing after normalization.
	T []float64
	// LatDeg and LonDeg are WGS84 and come both or not at all.
	LatDeg, LonDeg []float64
	// ElevM is metres above the sea.
	ElevM []float64
	// DistM is metres since the start, non-decreasing after normalization.
	DistM []float64
	// SpeedMPS is the speed at the sample.
	SpeedMPS []float64
	// CadenceSPM is steps a minute of both feet.
	CadenceSPM []float64
	HeartBPM   []float64
	// StepLengthM is the length of one step as the device measured it.
	StepLengthM []float64
}

// Len is the number of samples.
func (s *Samples) Len() int { return len(s.T) }

// Totals are sums and means of a whole session; NaN where nothing is said.
type Totals struct {
	DistM, MovingS, ElapsedS float64
	// CadenceSPM is the device's own average, walking and stops included as the device counts them.
	CadenceSPM        float64
	AscentM, DescentM float64
}

// noTotals are the totals of a file that tells none.
func noTotals() Totals {
	nan := math.NaN()
	return Totals{DistM: nan, MovingS: nan, ElapsedS: nan, CadenceSPM: nan, AscentM: nan, DescentM: nan}
}

// Interval is a stretch of seconds since Activity.Start.
type Interval struct{ FromS, ToS float64 }

// Zone is the difference of local time to UTC and where it was learned.
type Zone struct {
	OffsetS int
	From    OffsetSource
}

// Format is the format of a file, told by its content.
type Format string

// The formats. CSV is a row of an export's own table, Strava's CSV or Garmin's JSON, for an activity without a file.
const (
	FIT Format = "fit"
	GPX Format = "gpx"
	TCX Format = "tcx"
	CSV Format = "csv"
)

// Sport is the kind of sport of an activity. Only Running enters mileage.
type Sport string

// The sports told apart. UnknownSport is a file that says nothing and whose speed does not tell either.
const (
	Running      Sport = "running"
	Walking      Sport = "walking"
	Cycling      Sport = "cycling"
	Strength     Sport = "strength"
	OtherSport   Sport = "other"
	UnknownSport Sport = "unknown"
)

// Kind is what the device or export says of a run.
type Kind string

// The kinds of run of the v1 report.
const (
	Road        Kind = "road"
	Trail       Kind = "trail"
	Track       Kind = "track"
	Treadmill   Kind = "treadmill"
	Virtual     Kind = "virtual"
	Unspecified Kind = "unspecified"
)

// CadenceUnit is what a file's cadence numbers counted.
type CadenceUnit string

// The units of the v1 report: strides of one leg, steps of both, steps counted twice, and no cadence.
const (
	Strides   CadenceUnit = "strides"
	Steps     CadenceUnit = "steps"
	Doubled   CadenceUnit = "doubled"
	NoCadence CadenceUnit = "none"
)

// OffsetSource is where a local time's offset was learned.
type OffsetSource string

// The sources, best first.
const (
	OffsetFile     OffsetSource = "file"
	OffsetPosition OffsetSource = "position"
	OffsetConfig   OffsetSource = "config"
	OffsetUTC      OffsetSource = "utc"
)

// ElevSource is where altitude comes from.
type ElevSource string

// The sources of altitude. ElevUnknown is a file with altitude that does not say where it came from.
const (
	Barometer   ElevSource = "barometer"
	GPSAltitude ElevSource = "gps"
	ElevUnknown ElevSource = "unknown"
)
