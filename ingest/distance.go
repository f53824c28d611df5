package ingest

import (
	"math"
	"slices"
)

const (
	// distSlackM is how far a device's distance may stray from what speed allows, in metres: it is smoothed and rounded.
	distSlackM = 20
	// spikeSamples is how soon a distance that leapt up or fell to 0 returns when it was a glitch.
	spikeSamples = 5
	// minWayM is the length of a way below which positions do not contradict a device's distance.
	minWayM = 200
	// stuckShare is the part of the way by position below which a device's distance is taken for stuck.
	stuckShare = 0.5
	// indoorExtentM and indoorM: positions that stay within so little while the device counts so much are a treadmill's.
	indoorExtentM, indoorM = 60, 1000
)

// repairDistance cleans the device's distance and the positions and fills DistM from the best source there is: the device,
// the positions, the speed. badPositions is how many were left out already. It reports whether the distance is worth
// deriving speed from, which it is not when it comes from there.
func repairDistance(a *Activity, badPositions int, buf *buffers) (measured bool) {
	s := &a.Samples
	if s.Len() == 0 {
		return false
	}
	maxMPS := maxSpeedMPS(a.Sport)
	var way track
	if s.LatDeg != nil {
		way = follow(s, a.Pauses, maxMPS, buf.column(s.Len()))
		if way.jumped {
			badPositions += dropJumps(s, maxMPS, buf)
			way = follow(s, a.Pauses, maxMPS, way.distM)
		}
	}
	repairDeviceDistance(a, maxMPS)
	device := math.NaN()
	if s.DistM != nil {
		device = s.DistM[s.Len()-1]
	}
	still := way.extentM <= indoorExtentM
	lastedS := s.T[s.Len()-1] - s.T[0]
	measured = true
	switch {
	case s.DistM == nil && way.lengthM > 0 && !(still && way.lengthM < minMoveMPS*lastedS):
		s.DistM = way.distM
		if badPositions > 0 {
			a.note("%s left out: nowhere, or more than %.0f km/h away from the others", count(badPositions, "position"), maxMPS*3.6)
		}
	case s.DistM != nil && !still && way.lengthM >= minWayM && device < stuckShare*way.lengthM:
		s.DistM = way.distM
		a.note("the device counted %.1f km while the positions moved %.1f km: distance taken from the positions",
			device/1000, way.lengthM/1000)
	case s.DistM == nil && !isZero(s.SpeedMPS):
		s.DistM = integrateSpeed(s, buf.column(s.Len()))
		measured = false
		a.note("the file holds no distance: added up from the speed")
	case s.DistM == nil && s.LatDeg != nil && still && lastedS > maxGapS:
		a.note("the positions stay within %.0f m and tell no distance", math.Ceil(way.extentM))
	}
	if still && s.LatDeg != nil && device > indoorM && way.lengthM < stuckShare*device && a.Sport == Running &&
		(a.Kind == Unspecified || a.Kind == "") {
		a.Kind = Treadmill
		a.note("the positions stay within %.0f m over %.1f km: taken for a treadmill run", math.Ceil(way.extentM), device/1000)
	}
	return measured && s.DistM != nil
}

// repairDeviceDistance makes the device's distance start near 0, grow only, never faster than maxMPS, and free of NaN.
func repairDeviceDistance(a *Activity, maxMPS float64) {
	s := &a.Samples
	if s.DistM == nil || deviceDistanceIsClean(s, maxMPS) {
		return
	}
	d := s.DistM
	resets, leaps := 0, 0
	offset, last := 0.0, -1 // what is added to the device's value, and the last sample with one
	moved := 0              // the last sample at which the distance grew
	for i, x := range d {
		if math.IsNaN(x) {
			continue
		}
		if last < 0 {
			if x > maxMPS*max(s.T[i], 0)+distSlackM {
				offset = -x // a session of a longer recording: its distance goes on
			}
			d[i] = x + offset
			last, moved = i, i
			continue
		}
		was := d[last]
		now := x + offset
		switch {
		case now > was+maxMPS*(s.T[i]-s.T[moved])+distSlackM:
			if returns(d[i+1:], func(next float64) bool { return next+offset < now-distSlackM }) {
				d[i] = math.NaN()
				continue
			}
			leaps++
			offset += was - now
			now = was
		case now < was-distSlackM:
			if returns(d[i+1:], func(next float64) bool { return next+offset >= was-distSlackM }) {
				d[i] = math.NaN()
				continue
			}
			resets++
			if offset += was - now; x <= maxMPS*(s.T[i]-s.T[last]) {
				offset += x // it began at 0 and has come this far
			}
			now = x + offset
		}
		if now > was {
			moved = i
		}
		d[i] = max(now, was)
		last = i
	}
	fillGaps(d, s.T)
	if resets > 0 {
		a.note("the distance began anew %s: counted on", times(resets))
	}
	if leaps > 0 {
		a.note("the distance leapt %s faster than anybody runs: leap left out", times(leaps))
	}
}

// times writes how often, "once" or "3 times".
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n, "time")
}

// returns tells whether one of the next few values satisfies back.
func returns(next []float64, back func(float64) bool) bool {
	seen := 0
	for _, x := range next {
		if math.IsNaN(x) {
			continue
		}
		if back(x) {
			return true
		}
		if seen++; seen == spikeSamples {
			break
		}
	}
	return false
}

// deviceDistanceIsClean tells whether there is nothing to repair, which is so for nearly every file.
func deviceDistanceIsClean(s *Samples, maxMPS float64) bool {
	d, t := s.DistM, s.T
	if !(d[0] <= maxMPS*max(t[0], 0)+distSlackM) {
		return false
	}
	for i := 1; i < len(d); i++ {
		if step := d[i] - d[i-1]; !(step >= 0 && step <= maxMPS*(t[i]-t[i-1])+distSlackM) {
			return false
		}
	}
	return true
}

// fillGaps replaces the NaN of a distance that otherwise grows, evenly over time: from 0 before the first value, and the
// last value after it.
func fillGaps(d, t []float64) {
	last := -1
	for i, x := range d {
		if math.IsNaN(x) {
			continue
		}
		fromT, fromD := t[0], min(x, 0)
		if last >= 0 {
			fromT, fromD = t[last], d[last]
		}
		for j := last + 1; j < i; j++ {
			d[j] = min(fromD+(x-fromD)*(t[j]-fromT)/(t[i]-fromT), x) // not above x by rounding
		}
		last = i
	}
	for j := last + 1; j < len(d); j++ {
		d[j] = d[last]
	}
}

// integrateSpeed adds up speed over time, holding it through a dropout but not through a gap.
func integrateSpeed(s *Samples, out []float64) []float64 {
	sum, v := 0.0, 0.0
	for i := range s.T {
		if x := s.SpeedMPS[i]; !math.IsNaN(x) {
			v = x
		}
		out[i] = sum
		sum += v * s.weight(i)
	}
	return out
}

// speedReachS is how far to either side of a sample, in seconds, its speed is measured where the file has none: long
// enough to even out the error of positions, short enough to see a walking break.
const speedReachS = 4

// fillSpeed computes speed from DistM, which must be there, where the file has none or only zeros while that grows.
func fillSpeed(s *Samples, maxMPS float64, buf *buffers) {
	if s.SpeedMPS == nil || s.DistM[s.Len()-1] >= minWayM && isZero(s.SpeedMPS) {
		s.SpeedMPS = deriveSpeed(s, maxMPS, buf.column(s.Len()))
		return
	}
	if !slices.ContainsFunc(s.SpeedMPS, math.IsNaN) {
		return
	}
	derived := deriveSpeed(s, maxMPS, buf.column(s.Len()))
	for i, v := range s.SpeedMPS {
		if math.IsNaN(v) {
			s.SpeedMPS[i] = derived[i]
		}
	}
	buf.used--
}

// deriveSpeed measures the speed at every sample over speedReachS to either side, but through no pause.
func deriveSpeed(s *Samples, maxMPS float64, v []float64) []float64 {
	t, d := s.T, s.DistM
	from, to := 0, 0
	for i := range t {
		if i > 0 && isPause(s, i) {
			from = i
		}
		for from+1 < i && t[i]-t[from+1] >= speedReachS {
			from++
		}
		to = max(to, i)
		for to+1 < len(t) && t[to]-t[i] < speedReachS && !isPause(s, to+1) {
			to++
		}
		v[i] = 0
		if to > from {
			v[i] = min((d[to]-d[from])/(t[to]-t[from]), maxMPS)
		}
	}
	return v
}

// isPause tells whether the step to sample i is longer than maxGapS and went nowhere.
func isPause(s *Samples, i int) bool {
	return s.T[i]-s.T[i-1] > maxGapS && s.DistM[i]-s.DistM[i-1] < minMoveMPS*(s.T[i]-s.T[i-1])
}
