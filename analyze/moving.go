package analyze

import (
	"math"
	"slices"

	"kneecheck/ingest"
)

// Thresholds of moving, running and walking.
const (
	// movingMPS is the speed from which somebody moves at all.
	movingMPS = 0.8
	// runningMPS is the lowest average at which a gap in the recording counts as running on, and without a cadence the
	// speed below which a stretch counts as walking: the lower end of plausible running (DESIGN section 4).
	runningMPS = 1.7
	// fastestMPS is beyond any runner: a faster step between two samples is a jump of the position.
	fastestMPS = 12.5
	// gapS is the gap between samples that is a pause, unless the position went on at running speed.
	gapS = 30
	// briefS is the interval for which the speed at its first sample speaks. Over longer ones distance ÷ time does.
	briefS = 10
	// walkSPM and walkMPS bound walking: fewer steps a minute at a lower speed. People change from walking to running
	// near 140 steps a minute (PMC8629136) and 2 m/s.
	walkSPM = 140
	walkMPS = 2.0
	// breakS is the pause or walking break that ends a continuous stretch.
	breakS = 15
)

// motion is one activity's samples with the weight and the speed of each. Every mean over samples is weighted with it,
// because smart recording writes a sample whenever something changes.
type motion struct {
	s *ingest.Samples
	// moveS is the time spent moving from each sample to the next; 0 for the last and in pauses.
	moveS []float64
	// speed is the speed over that time in metres a second, NaN where neither speed nor distance tells.
	speed []float64
	// totalS is the sum of moveS.
	totalS float64
	space  *workspace
}

// workspace is the memory in which an activity is reduced; the next one gets it when the run is made. To allocate it each
// time was a tenth of a first reading.
type workspace struct{ motion, grid []float64 }

// newMotion decides for every interval between two samples whether it was spent moving and how fast.
func newMotion(s *ingest.Samples, pauses []ingest.Interval, w *workspace) motion {
	n := s.Len()
	m := motion{s: s, space: w}
	if n == 0 {
		return m
	}
	w.motion = slices.Grow(w.motion[:0], 2*n)
	cols := w.motion[:2*n]
	m.moveS, m.speed = cols[:n:n], cols[n:]
	clear(m.moveS)
	m.speed[n-1] = math.NaN()
	for i := range n - 1 {
		from, to := s.T[i], s.T[i+1]
		active := to - from
		for len(pauses) > 0 && pauses[0].ToS <= from {
			pauses = pauses[1:]
		}
		for _, p := range pauses {
			if !(p.FromS < to) {
				break
			}
			active -= max(0, min(to, p.ToS)-max(from, p.FromS))
		}
		speed, moved := m.over(i, active)
		m.speed[i] = speed
		if moved {
			m.moveS[i] = active
			m.totalS += active
		}
	}
	return m
}

// over returns the speed over the active seconds after sample i, NaN when not known, and whether they were spent moving.
func (m *motion) over(i int, active float64) (speed float64, moved bool) {
	speed = math.NaN()
	if !(active > 0) {
		return speed, false
	}
	if m.s.SpeedMPS != nil {
		if v := m.s.SpeedMPS[i]; v >= 0 && v <= fastestMPS {
			speed = v
		}
	}
	if active <= briefS && speed >= movingMPS {
		return speed, true
	}
	average := math.NaN()
	if m.s.DistM != nil {
		if v := (m.s.DistM[i+1] - m.s.DistM[i]) / active; v >= 0 && v <= fastestMPS {
			average = v
		}
	}
	if active > briefS && average == average || speed != speed {
		speed = average
	}
	switch {
	case active > gapS:
		return speed, average >= runningMPS
	case speed == speed:
		return speed, speed >= movingMPS || average >= movingMPS
	}
	// Without speed and distance, as on a treadmill without a sensor, only the steps can tell, else nothing speaks for a stop.
	return speed, m.s.CadenceSPM == nil || m.s.CadenceSPM[i] != 0
}

// walking tells whether sample i is part of a walking break.
func (m *motion) walking(i int) bool {
	if m.s.CadenceSPM != nil {
		if spm := m.s.CadenceSPM[i]; spm == spm {
			return spm < walkSPM && !(m.speed[i] >= walkMPS)
		}
	}
	return m.speed[i] < runningMPS
}

// longestContinuous returns the seconds of the longest stretch of running. Breaks shorter than breakS belong to it.
func (m *motion) longestContinuous() float64 {
	longest, idle := 0.0, math.Inf(1)
	var start float64
	for i := range len(m.moveS) - 1 {
		from, to, run := m.s.T[i], m.s.T[i+1], m.moveS[i]
		if run == 0 || m.walking(i) {
			idle += to - from
			continue
		}
		if idle+to-from-run >= breakS {
			start = to - run
		}
		idle = 0
		longest = max(longest, to-start)
	}
	return longest
}

// speedSpread returns the standard deviation of speed over its mean, weighted by moving time; NaN without speeds.
func (m *motion) speedSpread() float64 {
	var w, sum, sq float64
	for i, s := range m.moveS {
		if v := m.speed[i]; s > 0 && v == v {
			w += s
			sum += s * v
			sq += s * v * v
		}
	}
	mean := sum / w
	if !(mean > 0) {
		return math.NaN()
	}
	return math.Sqrt(max(0, sq/w-mean*mean)) / mean
}
