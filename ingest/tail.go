package ingest

import (
	"fmt"
	"math"
)

const (
	// legS is the time in seconds over which a recording is looked at to tell running from riding and rest.
	legS = 60
	// rideMPS is faster than anybody runs for two minutes: the world record over 800 m is 7.93 m/s. glitchMPS is faster
	// than a car, which a position that jumps about is and a ride home is not.
	rideMPS, glitchMPS = 8, 60
	// A ride is clear when it holds so much time and way above rideMPS, and at least half of its moving time; running of
	// runsOnS at a stretch, in seconds, ends it.
	rideS, rideM, runsOnS = 120, 1000, 240
	// ranS is how much running must come before a ride, in seconds, for the recording to be that of a run.
	ranS = 300
	// forgotS is the time after the last running, in seconds, from which a recording that mostly rested was forgotten, and
	// restShare is what mostly means; restS is the rest with which that begins.
	forgotS, restShare, restS = 3600, 0.75, 600
)

// recordingLeg is about a minute of a recording.
type recordingLeg struct {
	from, to int // samples
	seconds  float64
	// runs, rides and rests tell what was done; none of them is walking, a slow ride, or nothing that the file tells.
	runs, rides, rests bool
	rideM              float64
}

// cutTail leaves out what a recording of a run holds after the run when the watch was not stopped: a ride home, or hours of
// rest. It cuts only where that is clear. The problem is that of a recording which is a ride for the most part.
func cutTail(a *Activity, buf *buffers) *Problem {
	s := &a.Samples
	if a.Sport != Running || s.Len() == 0 || s.DistM == nil && s.LatDeg == nil {
		return nil
	}
	legs := recordingLegs(s, buf)
	if k := forgotten(legs); k >= 0 {
		end := legs[k].from
		lasted := s.T[s.Len()-1] - s.T[end]
		a.cutAfter(end)
		a.note("the recording went on for %s after the run: left out", spell(lasted))
		legs = recordingLegs(s, buf)
	}
	if k := rideHome(legs); k >= 0 {
		end := legs[k].from
		for end > 1 && wayM(s, end-1, end) > maxRunMPS*(s.T[end]-s.T[end-1]) {
			end--
		}
		lasted := s.T[s.Len()-1] - s.T[end]
		kmh := wayM(s, end, s.Len()-1) / lasted * 3.6
		a.cutAfter(end)
		a.note("the last %s at %.0f km/h are faster than anybody runs: taken for a ride and left out", spell(lasted), kmh)
	} else if rode := rides(legs); rode.m >= rideM && rode.seconds >= rideS && rode.seconds >= rode.movedS/2 {
		return problemf(Implausible, "%.1f km of it in %s are faster than anybody runs: probably a ride; correct its sport where it was "+
			"recorded and export it again", rode.m/1000, spell(rode.seconds))
	}
	return nil
}

// riding is what legs hold of riding, and the time in which they do not rest.
type riding struct{ seconds, m, movedS float64 }

func rides(legs []recordingLeg) (r riding) {
	for _, l := range legs {
		if l.rides {
			r.seconds += l.seconds
			r.m += l.rideM
		}
		if !l.rests {
			r.movedS += l.seconds
		}
	}
	return r
}

// cutAfter makes sample end the last.
func (a *Activity) cutAfter(end int) {
	s := &a.Samples
	cutRows(s, end+1)
	a.Cut = true
	for i, p := range a.Pauses {
		if p.FromS >= s.T[end] {
			a.Pauses = a.Pauses[:i]
			break
		}
	}
}

// recordingLegs divides a recording into legs of about legS. A gap is a leg of its own, however long.
func recordingLegs(s *Samples, buf *buffers) []recordingLeg {
	legs := buf.legs[:0]
	for from := 0; from < s.Len()-1; {
		to := from + 1
		for to < s.Len()-1 && s.T[to]-s.T[from] < legS && s.T[to]-s.T[to-1] <= maxGapS && s.T[to+1]-s.T[to] <= maxGapS {
			to++
		}
		legs = append(legs, lookAt(s, from, to))
		from = to
	}
	buf.legs = legs
	return legs
}

// lookAt tells what was done between two samples. Either source of the way can speak for running and against rest; about
// riding the device's distance decides, for a position can jump. A gap is no ride, for its way does not count anyway.
func lookAt(s *Samples, from, to int) recordingLeg {
	l := recordingLeg{from: from, to: to, seconds: s.T[to] - s.T[from]}
	dist, place := distM(s, from, to), apartM(s, from, to)
	runs := func(m float64) bool { return m >= minRunMPS*l.seconds && m <= maxRunMPS*l.seconds }
	moves := func(m float64) bool { return m >= minMoveMPS*l.seconds }
	l.runs = runs(dist) || runs(place)
	l.rests = !moves(dist) && !moves(place) && (dist == dist || place == place) && !steps(s, from, to)
	if l.rideM = wayM(s, from, to); l.seconds <= 2*legS && l.rideM > rideMPS*l.seconds && l.rideM <= glitchMPS*l.seconds {
		l.rides, l.runs = true, false
	}
	return l
}

// wayM is the way between two samples by the device's distance, else by the positions; NaN when neither tells.
func wayM(s *Samples, from, to int) float64 {
	if d := distM(s, from, to); d == d {
		return d
	}
	return apartM(s, from, to)
}

// distM is how much the distance column grew between two samples, NaN when that is not known or it shrank.
func distM(s *Samples, from, to int) float64 {
	if s.DistM == nil {
		return math.NaN()
	}
	if d := s.DistM[to] - s.DistM[from]; d >= 0 {
		return d
	}
	return math.NaN()
}

// apartM is how far apart the positions of two samples are, NaN without one of them.
func apartM(s *Samples, from, to int) float64 {
	if s.LatDeg == nil {
		return math.NaN()
	}
	g := newGround()
	return g.distM(s.LatDeg[from], s.LonDeg[from], s.LatDeg[to], s.LonDeg[to])
}

// steps tells whether somebody stepped for most of the samples between two.
func steps(s *Samples, from, to int) bool {
	if s.CadenceSPM == nil {
		return false
	}
	n := 0
	for _, c := range s.CadenceSPM[from:to] {
		if c >= minSteppingRaw {
			n++
		}
	}
	return 2*n > to-from
}

// rideHome returns the first leg of the ride with which a run ends, -1 without one.
func rideHome(legs []recordingLeg) int {
	first, ran := -1, 0.0
	for k := len(legs) - 1; k >= 0 && ran < runsOnS; k-- {
		switch {
		case legs[k].rides:
			first, ran = k, 0
		case legs[k].runs:
			ran += legs[k].seconds
		}
	}
	if first < 0 {
		return -1
	}
	rode := rides(legs[first:])
	if rode.seconds < rideS || rode.m < rideM || rode.seconds < rode.movedS/2 || rides(legs[:first]).seconds > 0 {
		return -1
	}
	ran = 0
	for _, l := range legs[:first] {
		if l.runs {
			ran += l.seconds
		}
	}
	if ran < ranS {
		return -1
	}
	return first
}

// forgotten returns the leg with which the rest began of a recording that was forgotten, -1 when it was not.
func forgotten(legs []recordingLeg) int {
	last := len(legs) - 1
	var after, rested float64
	for ; last >= 0 && !legs[last].runs; last-- {
		after += legs[last].seconds
		if legs[last].rests {
			rested += legs[last].seconds
		}
	}
	if last < 0 || after < forgotS || rested < restShare*after {
		return -1
	}
	resting := 0.0
	for k := last + 1; k < len(legs); k++ {
		if !legs[k].rests {
			resting = 0
			last = k
			continue
		}
		if resting += legs[k].seconds; resting >= restS {
			return last + 1
		}
	}
	return -1
}

// spell writes seconds as "14 min" or "3 h 05".
func spell(s float64) string {
	m := int(math.Round(s / 60))
	if m < 60 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d", m/60, m%60)
}
