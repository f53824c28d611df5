package ingest

import "math"

// Limits outside which a value is a fault of the recording. The elevation of land lies between the Dead Sea and Everest;
// 12.5 m/s is faster than any human ran (DESIGN section 4); the others are generous to any runner.
const (
	minElevM, maxElevM             = -500, 9000
	minHeartBPM, maxHeartBPM       = 25, 250
	maxFootMPS                     = 12.5
	maxWheelMPS                    = 40
	maxDistM                       = 1e7
	maxRawCadence                  = 510
	minStepLengthM, maxStepLengthM = 0.1, 3
	// nullIslandDeg is how near to latitude 0, longitude 0 a position is one that was never set: that place is sea.
	nullIslandDeg = 0.001
)

// maxSpeedMPS is the speed above which movement in a sport is a fault of the recording.
func maxSpeedMPS(sport Sport) float64 {
	if sport == Cycling || sport == OtherSport || sport == UnknownSport {
		return maxWheelMPS
	}
	return maxFootMPS
}

// clampRanges makes impossible values NaN and columns without a value nil. It returns how many positions it left out.
func clampRanges(a *Activity) (badPositions int) {
	s := &a.Samples
	badPositions, valid := clampPositions(s.LatDeg, s.LonDeg)
	if !valid {
		s.LatDeg, s.LonDeg = nil, nil
	}
	s.ElevM = clamp(s.ElevM, minElevM, maxElevM)
	if isZero(s.ElevM) {
		s.ElevM = nil // what apps write that know no altitude
	}
	s.DistM = clamp(s.DistM, 0, maxDistM)
	s.SpeedMPS = clamp(s.SpeedMPS, 0, maxSpeedMPS(a.Sport))
	s.CadenceSPM = clamp(s.CadenceSPM, 0, maxRawCadence)
	s.HeartBPM = clamp(s.HeartBPM, minHeartBPM, maxHeartBPM)
	s.StepLengthM = clamp(s.StepLengthM, minStepLengthM, maxStepLengthM)
	return badPositions
}

// clamp makes values outside lo to hi NaN, in place; nil when none is left.
func clamp(col []float64, lo, hi float64) []float64 {
	valid := false
	for i, x := range col {
		if x >= lo && x <= hi {
			valid = true
		} else {
			col[i] = math.NaN()
		}
	}
	if !valid {
		return nil
	}
	return col
}

// isZero tells whether every value that is a number is 0.
func isZero(col []float64) bool {
	for _, x := range col {
		if x != 0 && !math.IsNaN(x) {
			return false
		}
	}
	return true
}

// clampPositions makes impossible positions NaN in both columns. It returns how many were written and impossible, and
// whether any position is left.
func clampPositions(lat, lon []float64) (bad int, valid bool) {
	for i, y := range lat {
		x := lon[i]
		onEarth := y >= -90 && y <= 90 && x >= -180 && x <= 180
		if onEarth && (y > nullIslandDeg || y < -nullIslandDeg || x > nullIslandDeg || x < -nullIslandDeg) {
			valid = true
			continue
		}
		if !math.IsNaN(x) && !math.IsNaN(y) {
			bad++
		}
		lat[i], lon[i] = math.NaN(), math.NaN()
	}
	return bad, valid
}
