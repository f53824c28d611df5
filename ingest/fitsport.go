package ingest

import (
	"math"

	"github.com/tormoder/fit"
)

// maxAverageSPM is a cadence in steps a minute that no run's average reaches.
const maxAverageSPM = 250

// sportOf tells our sport and, for runs, the kind.
func sportOf(sport fit.Sport, sub fit.SubSport) (Sport, Kind) {
	switch sport {
	case fit.SportRunning:
		return Running, runKind(sub)
	case fit.SportWalking, fit.SportHiking:
		return Walking, Unspecified
	case fit.SportCycling, fit.SportEBiking:
		return Cycling, Unspecified
	case fit.SportInvalid:
		return UnknownSport, Unspecified
	}
	switch sub {
	case fit.SubSportStrengthTraining:
		return Strength, Unspecified
	case fit.SubSportTreadmill, fit.SubSportIndoorRunning:
		// Treadmills write themselves as fitness equipment.
		return Running, Treadmill
	}
	return OtherSport, Unspecified
}

func runKind(sub fit.SubSport) Kind {
	switch sub {
	case fit.SubSportStreet:
		return Road
	case fit.SubSportTrail:
		return Trail
	case fit.SubSportTrack:
		return Track
	case fit.SubSportTreadmill, fit.SubSportIndoorRunning:
		return Treadmill
	case fit.SubSportVirtualActivity:
		return Virtual
	}
	return Unspecified
}

// totalsOf reads a session's totals.
func totalsOf(s *fit.SessionMsg, sport Sport) Totals {
	t := noTotals()
	t.DistM = s.GetTotalDistanceScaled()
	t.MovingS = s.GetTotalTimerTimeScaled()
	t.ElapsedS = s.GetTotalElapsedTimeScaled()
	if s.TotalAscent != math.MaxUint16 {
		t.AscentM = float64(s.TotalAscent)
	}
	if s.TotalDescent != math.MaxUint16 {
		t.DescentM = float64(s.TotalDescent)
	}
	if sport == Running || sport == Walking {
		t.CadenceSPM = averageSteps(s)
	}
	return t
}

// averageSteps is the session's average cadence in steps a minute. Running devices write strides (FIT profile,
// "avg_running_cadence"); a number that makes no sense doubled is already in steps. Zero is a watch without a sensor.
func averageSteps(s *fit.SessionMsg) float64 {
	if s.AvgCadence == math.MaxUint8 || s.AvgCadence == 0 {
		return math.NaN()
	}
	cadence := float64(s.AvgCadence)
	if f := s.GetAvgFractionalCadenceScaled(); !math.IsNaN(f) {
		cadence += f
	}
	if 2*cadence > maxAverageSPM {
		return cadence
	}
	return 2 * cadence
}
