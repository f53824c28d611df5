package ingest

import (
	"fmt"
	"math"
	"strconv"
)

// normalize brings the samples of a decoded activity to the form that the rest of kneecheck counts on:
//
//   - T strictly increasing, every column nil or as long as T, impossible values NaN, columns without a value nil;
//   - DistM non-decreasing and without NaN, from the device or else from positions or speed; SpeedMPS wherever there is
//     a distance;
//   - for runs CadenceSPM in steps a minute with the unit found, or no cadence; for other sports no cadence;
//   - no ride home and no hours of rest after a run;
//   - Sport decided by speed where the file does not name it, unless assume does.
//
// What was repaired stands in Notes. Data that are clean already are checked in place and not copied. Columns that are
// made here belong to buf and last until its next beginNormalize. The problems are a recording without a
// usable time and without totals, and a run that is mostly a ride.
func normalize(a *Activity, assume Sport, buf *buffers) *Problem {
	s := &a.Samples
	dropMisshapen(s)
	if n := len(s.T); n > 0 && !repairClock(a, buf) {
		if !(a.Device.MovingS > 0 || a.Device.ElapsedS > 0) {
			return problemf(NoTime, "none of the %s has a usable time", count(n, "sample"))
		}
		a.Samples = Samples{}
		a.note("none of the %s has a usable time: the device's totals alone count", count(n, "sample"))
	}
	if a.Sport == "" {
		a.Sport = UnknownSport
	}
	if a.Sport == UnknownSport && assume != "" {
		a.Sport = assume
	}
	badPositions := clampRanges(a)
	tidyPauses(a)
	if a.Sport == UnknownSport {
		sportBySpeed(a, buf)
	}
	if p := cutTail(a, buf); p != nil {
		return p
	}
	dropStuck(a)
	if repairDistance(a, badPositions, buf) {
		replaceStuckSpeed(a, buf)
		fillSpeed(s, maxSpeedMPS(a.Sport), buf)
	}
	resolveCadence(a)
	// A ride is too fast to outlast the repairs, so it was looked for before them. A rest may be seen only now: where the
	// distance shrank or had holes, where the speed is all that tells the way, where the cadence was no cadence.
	return cutTail(a, buf)
}

// note adds a repair or doubt in words for the runner.
func (a *Activity) note(format string, args ...any) {
	a.Notes = append(a.Notes, fmt.Sprintf(format, args...))
}

// count writes a number with its noun, "1 sample" or "1,204 samples".
func count(n int, noun string) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n == 1 {
		return digits + " " + noun
	}
	return digits + " " + noun + "s"
}

// columns lists every column but T.
func (s *Samples) columns() [8]*[]float64 {
	return [8]*[]float64{&s.LatDeg, &s.LonDeg, &s.ElevM, &s.DistM, &s.SpeedMPS, &s.CadenceSPM, &s.HeartBPM, &s.StepLengthM}
}

// dropMisshapen removes columns that do not belong to T: of another length, or one of latitude and longitude alone.
func dropMisshapen(s *Samples) {
	for _, c := range s.columns() {
		if len(*c) != len(s.T) || len(s.T) == 0 {
			*c = nil
		}
	}
	if s.LatDeg == nil || s.LonDeg == nil {
		s.LatDeg, s.LonDeg = nil, nil
	}
}

// Speeds that a run's median moving speed lies between, and the speed from which somebody moves at all, in metres a
// second (DESIGN section 4).
const (
	minRunMPS  = 1.7
	maxRunMPS  = 6.5
	minMoveMPS = 0.8
)

// A run without a named sport must have been seen moving for so long, in seconds, and so far, in metres: a few points of a
// test or a walk across a room have a runner's speed too. A choice of this program.
const minRunS, minRunM = 120, 200

// maxGapS is the longest interval between two samples, in seconds, that is not taken for a pause by itself (DESIGN
// section 4, moving time).
const maxGapS = 30

// sportBySpeed makes an activity of no named sport a run when it moved like one. It goes before the repairs, which must
// know how fast the sport can be; the median does not mind a few faults.
func sportBySpeed(a *Activity, buf *buffers) {
	s, mark := &a.Samples, buf.used
	raw := Samples{T: s.T, DistM: s.DistM, SpeedMPS: s.SpeedMPS, LatDeg: s.LatDeg, LonDeg: s.LonDeg}
	if raw.DistM == nil && raw.LatDeg != nil {
		raw.DistM = follow(&raw, a.Pauses, maxWheelMPS, buf.column(raw.Len())).distM
	}
	if raw.DistM != nil && isZero(raw.SpeedMPS) {
		raw.SpeedMPS = deriveSpeed(&raw, maxWheelMPS, buf.column(raw.Len()))
	}
	moving, movedM := movingSpeeds(&raw)
	buf.used = mark
	median, fast := moving.quantile(0.5)*speedBinMPS, moving.quantile(fastShare)*speedBinMPS
	kmh := median * 3.6
	switch {
	case math.IsNaN(median):
		a.note("the file names no sport and holds no movement to tell it by: not counted as a run")
	case moving.total < minRunS || movedM < minRunM:
		a.note("the file names no sport and too little movement to tell it by (%.0f m in %.0f s): not counted as a run", movedM, moving.total)
	case median >= minRunMPS && median <= maxRunMPS && fast <= maxRunMPS:
		a.Sport = Running
		s.SpeedMPS = clamp(s.SpeedMPS, 0, maxFootMPS)
		a.note("the file names no sport: taken for a run by its speed (about %.0f km/h)", kmh)
	default:
		a.note("the file names no sport and moves unlike a run (about %.0f km/h): not counted as one", kmh)
	}
}

// movingSpeeds counts the time in motion by speed, in bins of speedBinMPS, and the metres moved.
func movingSpeeds(s *Samples) (h histogram, movedM float64) {
	for i, v := range s.SpeedMPS {
		if v >= minMoveMPS {
			h.add(v/speedBinMPS, s.weight(i))
			movedM += v * s.weight(i)
		}
	}
	return h, movedM
}

// fastShare of the moving time must be slower than maxRunMPS too: a ride with traffic lights can have a runner's median.
const fastShare = 0.75

// speedBinMPS is the width of the bins in which the median speed is looked for, from 0 to 51.2 m/s.
const speedBinMPS = 0.1

// weight is the time in seconds that sample i stands for: until the next one, but not through a gap.
func (s *Samples) weight(i int) float64 {
	if i+1 < len(s.T) {
		return min(s.T[i+1]-s.T[i], maxGapS)
	}
	return 1
}

// histogram finds weighted quantiles in one pass and without allocating. A value is counted in whole bins.
type histogram struct {
	bins  [512]float64
	total float64
}

func (h *histogram) add(bin, weight float64) {
	i := int(bin)
	if i < 0 || i >= len(h.bins) {
		return
	}
	h.bins[i] += weight
	h.total += weight
}

// quantile is the middle of the bin below whose end lies the share q of the weight, in bins; NaN when nothing was added.
func (h *histogram) quantile(q float64) float64 {
	if h.total <= 0 {
		return math.NaN()
	}
	var sum float64
	for i, w := range h.bins {
		if sum += w; sum >= h.total*q {
			return float64(i) + 0.5
		}
	}
	return math.NaN()
}
