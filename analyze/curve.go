package analyze

import (
	"math"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

const (
	// CadenceDays is how many days show how a runner steps now (DESIGN: 28 days).
	CadenceDays = 28
	// OwnCurveDays is how many days before them show a runner's own cadence (DESIGN: 84 days).
	OwnCurveDays = 84
)

// OnTreadmill tells a run on a treadmill, said by the device or told by the lack of positions.
func (r *Run) OnTreadmill() bool {
	return r.Kind == ingest.Treadmill || r.Kind != ingest.Virtual && r.Surface.TreadmillM > r.DistM/2
}

// Outdoors tells a run whose speed can be compared with that of others: not on a treadmill and not a virtual one, which
// is run on a treadmill too.
func (r *Run) Outdoors() bool { return r.Kind != ingest.Virtual && !r.OnTreadmill() }

// CadenceTime says how much of the time run some days hold shows a cadence on near-level ground, and where the rest
// went. All times are in seconds of moving time; LevelS, WalkedS, SlopeS, BareS and TreadmillS sum up to MovingS.
type CadenceTime struct {
	Runs    int
	MovingS float64
	// LevelS is the time that counts.
	LevelS float64
	// WalkedS went into walking breaks, standing and dropouts of the sensor.
	WalkedS float64
	// SlopeS was run on slopes beyond 3 % or has no speed.
	SlopeS float64
	// BareS is the time of the BareRuns without any cadence.
	BareRuns int
	BareS    float64
	// TreadmillS is the time of the TreadmillRuns where they are left out, because their speed is not calibrated.
	TreadmillRuns int
	TreadmillS    float64
}

// LevelCadence is the cadence by speed on near-level ground of the runs of some days, with or without those indoors, and
// what it rests on.
func (l *Log) LevelCadence(from, to civil.Date, treadmills bool) (Hist, CadenceTime) {
	var hists []PackedHist
	var t CadenceTime
	first, end := l.RunRange(from, to)
	for i := first; i < end; i++ {
		run := l.Runs[i]
		moving := orZero(run.MovingS)
		t.Runs++
		t.MovingS += moving
		switch {
		case !treadmills && !run.Outdoors():
			t.TreadmillRuns++
			t.TreadmillS += moving
		case math.IsNaN(run.Cadence.MeanSPM):
			t.BareRuns++
			t.BareS += moving
		default:
			hists = append(hists, run.Cadence.Level)
			level := min(run.Cadence.Level.Seconds(), moving)
			usable := max(level, min(1, run.Cadence.Coverage)*moving)
			t.LevelS += level
			t.SlopeS += usable - level
			t.WalkedS += moving - usable
		}
	}
	return MergeHists(hists...), t
}
