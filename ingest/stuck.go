package ingest

import (
	"math"
	"slices"
)

const (
	// stuckS is how long, in seconds, and stuckReadings how many readings a sensor must have shown one and the same value,
	// the whole recording through, to be taken for stuck. Legs and hearts vary from one reading to the next even on a
	// treadmill. A choice of this program.
	stuckS, stuckReadings = 600, 120
	// strayMPS is how far a constant speed may lie from that by the distance, in metres a second, and strayShare the share
	// of the readings that may lie farther.
	strayMPS, strayShare = 0.5, 0.2
)

// dropStuck leaves out the cadence and the heart rate of a sensor that was stuck.
func dropStuck(a *Activity) {
	s := &a.Samples
	if a.Sport != Running {
		return
	}
	if v, stuck := stuckAt(s.T, s.CadenceSPM); stuck {
		s.CadenceSPM = nil
		a.Device.CadenceSPM = math.NaN()
		a.note("the cadence sensor showed %.0f all the time: left out", v)
	}
	if v, stuck := stuckAt(s.T, s.HeartBPM); stuck {
		s.HeartBPM = nil
		a.note("the heart rate sensor showed %.0f all the time: left out", v)
	}
}

// stuckAt returns the only value beside 0 of a column in which nothing else was ever measured.
func stuckAt(t, col []float64) (value float64, stuck bool) {
	n, first, last := 0, 0, 0
	for i, x := range col {
		switch {
		case math.IsNaN(x) || x == 0:
			continue
		case n == 0:
			value, first = x, i
		case x != value:
			return 0, false
		}
		n++
		last = i
	}
	return value, n >= stuckReadings && t[last]-t[first] >= stuckS
}

// replaceStuckSpeed measures the speed by the distance where the file's is constant and the distance is not. A treadmill
// may well keep one speed; then the distance says so too.
func replaceStuckSpeed(a *Activity, buf *buffers) {
	s := &a.Samples
	v, stuck := stuckAt(s.T, s.SpeedMPS)
	if !stuck || slices.Contains(s.SpeedMPS, 0) {
		return
	}
	derived := deriveSpeed(s, maxSpeedMPS(a.Sport), buf.column(s.Len()))
	stray := 0
	for _, d := range derived {
		if math.Abs(d-v) > strayMPS {
			stray++
		}
	}
	if float64(stray) <= strayShare*float64(len(derived)) {
		buf.used--
		return
	}
	s.SpeedMPS = derived
	a.note("the speed stood at %.1f km/h all the time: taken from the distance", v*3.6)
}
