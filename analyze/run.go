// Package analyze reduces activities to runs and lays the runs of one athlete out as a log of days and weeks. It judges
// nothing; that is the business of package rules. A float64 that is not known is NaN.
package analyze

import (
	"math"
	"time"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Run is one running session reduced to the figures that matter for a knee. It holds no samples and no coordinates.
type Run struct {
	ID   string
	File string
	// AlsoIn lists the files of merged copies.
	AlsoIn []string
	Name   string
	Format ingest.Format
	// Date is the local calendar day of Start. Weeks, gaps and streaks use it, never the instant.
	Date civil.Date
	// Start carries the local offset.
	Start      time.Time
	OffsetFrom ingest.OffsetSource
	Kind       ingest.Kind
	// DistM is 0, with a note, when no distance was recorded.
	DistM    float64
	MovingS  float64
	ElapsedS float64
	// LongestContinuousS is the longest stretch of running without a pause or a walking break of 15 s or more.
	LongestContinuousS float64
	// SpeedSpread is the standard deviation of speed over its mean, both weighted by moving time.
	SpeedSpread float64
	Cadence     Cadence
	Heart       Heart
	Pace        Pace
	Climb       Climb
	Surface     Surface
	Device      ingest.Totals
	// Shoe is the name of the pair worn, empty when not known.
	Shoe string
	Race bool
	// DirtM is the distance off paved ground as Strava's table has it, 0 when that tells none. It says how far, but neither
	// where nor on what, so it is a hint to read and no part of Surface.
	DirtM float64
	// LongRun is true when the runner tagged the run as one; no rule looks at it.
	LongRun bool
	// Notes are the repairs and doubts of ingest and reduction, in words.
	Notes []string
	// Channels counts the columns the file had, to choose between copies.
	Channels int
}

// Unmeasured is a run of which no samples tell: all that they would tell is NaN, and its ground is not known. Who makes one
// fills in what is known of it.
func Unmeasured() Run {
	nan := math.NaN()
	return Run{
		Kind: ingest.Unspecified, LongestContinuousS: nan, SpeedSpread: nan,
		Cadence: Cadence{MeanSPM: nan, StepLengthM: nan, Unit: ingest.NoCadence},
		Heart:   Heart{MeanBPM: nan},
		Climb: Climb{
			Source: ingest.ElevUnknown, AscentM: nan, DescentM: nan, DownhillM: nan, DownhillDropM: nan, SteepM: nan, SteepDropM: nan, RangeM: nan,
		},
		Surface: Surface{HardLow: nan, HardHigh: nan},
		Device:  ingest.Totals{DistM: nan, MovingS: nan, ElapsedS: nan, CadenceSPM: nan, AscentM: nan, DescentM: nan},
	}
}

// A recording below both is an accident, such as a start button pressed in a pocket, and no running. It stays in the log
// and its metres count, but it makes no run day. A choice of this program.
const (
	minRunS = 120
	minRunM = 200
)

// tooShort tells whether so much time and distance is too little to make a run day. What is not known is not too short.
func tooShort(movingS, distM float64) bool { return movingS < minRunS && distM < minRunM }

// TooShort tells whether the run is too short to make its day a run day: under two minutes and under 200 m.
func (r *Run) TooShort() bool { return tooShort(r.MovingS, r.DistM) }

// Cadence is what a run tells of step rate.
type Cadence struct {
	// MeanSPM is the time-weighted mean while running: without stops, walking breaks (below 140 spm slower than 2 m/s)
	// and values outside 100 to 250 spm.
	MeanSPM float64
	// Coverage is the share of moving time with a usable cadence, 0 to 1.
	Coverage float64
	Unit     ingest.CadenceUnit
	// StepLengthM is the mean length of one step over the same samples.
	StepLengthM float64
	// Level counts seconds by speed and cadence on near-level ground (grade within 3 %; without altitude the ground is
	// taken for level).
	Level PackedHist
	// FirstThird and LastThird are the same for the thirds of the moving time.
	FirstThird, LastThird PackedHist
}

// Climb is what a run tells of hills. All members are NaN where Source gives no trustworthy altitude.
type Climb struct {
	// Source is GPS also for altitude of unknown origin that is as noisy.
	Source ingest.ElevSource
	// AscentM and DescentM are sums after smoothing and turning-point hysteresis.
	AscentM, DescentM float64
	// DownhillM is the distance run and DownhillDropM the metres descended at a grade of −5 % or steeper.
	DownhillM, DownhillDropM float64
	// SteepM is the distance run and SteepDropM the metres descended at a grade of −10 % or steeper.
	SteepM, SteepDropM float64
	// RangeM is the difference of the highest and the lowest point.
	RangeM float64
}

// Surface is the distance of a run by the ground under it.
type Surface struct {
	HardM, MediumM, SoftM, TreadmillM, UnknownM float64
	// TaggedM and InferredM split what is known by how it is known.
	TaggedM, InferredM float64
	// HardLow and HardHigh bound the hard part of the known ground outdoors with 80 % confidence; NaN where unknown.
	HardLow, HardHigh float64
	// ClassM are the metres of HardM, MediumM and SoftM by class.
	ClassM [surface.Classes]float64
	// Mapped is true when a street map told some of it.
	Mapped bool
}

// Strength is one strength session.
type Strength struct {
	Date civil.Date
	File string
	// AlsoIn lists the files of merged copies.
	AlsoIn []string
	// Start carries the local offset and is zero when only the day is known. ElapsedS is how long the session lasted, 0
	// when nothing tells.
	Start    time.Time
	ElapsedS float64
}
