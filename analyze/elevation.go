package analyze

import (
	"math"
	"slices"

	"kneecheck/ingest"
)

// Thresholds of the elevation of a run (DESIGN section 4, evidence section 14): conventions, checked against the totals
// of barometric watches.
const (
	// gridM is the step of the grid along the distance on which elevation is smoothed and grade is taken.
	gridM = 5
	// smoothM is the width of the smoothing window and turnM the rise or fall that makes a turning point count. They
	// suit a barometer. Altitude from GPS alone is not summed at all: smoothed over 100 m and with turning points of
	// 10 m a Forerunner 235 still climbs 25 m a kilometre (median of 25 runs) where barometric watches of the same
	// runner climb none.
	smoothM = 20
	turnM   = 3
	// gradeM is the window over which grade is taken, and maxGrade the steepest that is believed.
	gradeM   = 100
	maxGrade = 0.35
	// downGrade and steepGrade are the grades from which a stretch counts as downhill and as steep.
	downGrade  = -0.05
	steepGrade = -0.10
	// levelGrade bounds near-level ground.
	levelGrade = 0.03
	// jumpM is how far beyond the steepest slope a step between two samples may go before it is taken for a spike or a
	// recalibration. Spikes in real files step out by 60 to 90 m for one to four samples.
	jumpM = 20
	// knownShare is the share of the distance that must have an altitude, with gaps of gradeM at most.
	knownShare = 0.8
	// Altitude of unknown origin is noise when it bends too much: bendM is the mean change of rise between neighbouring
	// stretches of bendStepM, hillCorrelation the correlation of those rises. A slope goes on, noise turns back. All 25
	// runs of a watch without barometer bend by 3.1 m or more, with correlations of at most 0.33; of some 340 runs with
	// one only two bend by more than 2.5 m, in mountains, with correlations of 0.70 and 0.95.
	bendStepM       = 50
	bendM           = 2.8
	hillCorrelation = 0.5
)

// profile is the smoothed elevation along the distance of a run.
type profile struct {
	source ingest.ElevSource
	// dist is the distance column and from the distance at the first grid point.
	dist []float64
	from float64
	// elev and grade are by grid point; both nil without a trustworthy altitude.
	elev, grade []float64
}

// newProfile lays the altitude of a run over its distance. It trusts a barometer, and altitude of unknown origin unless
// it is as noisy as that of GPS. Indoors and in virtual worlds there are no hills.
func newProfile(a *ingest.Activity, kind ingest.Kind, m *motion) profile {
	p := profile{source: a.Elevation, dist: a.Samples.DistM}
	if p.source == "" || kind == ingest.Treadmill || kind == ingest.Virtual {
		p.source = ingest.ElevUnknown
	}
	if p.source == ingest.GPSAltitude || kind == ingest.Treadmill || kind == ingest.Virtual {
		return p
	}
	raw := p.grid(m)
	if raw == nil {
		return p
	}
	if p.source == ingest.ElevUnknown && noisy(raw) {
		p.source = ingest.GPSAltitude
		return p
	}
	p.elev = smooth(raw, smoothM/gridM/2)
	p.grade = grades(p.elev, raw)
	return p
}

// grid returns the altitude at every gridM of distance, or nil when too little of it is known or it never changes. Gaps
// are bridged by a straight line. Steps that nobody ran are taken out by shifting all that follows: what the altitude did
// during a pause, spikes (a step out and one back) and recalibrations.
func (p *profile) grid(m *motion) []float64 {
	s := m.s
	from, to := span(s.DistM)
	if s.ElevM == nil || from >= to {
		return nil
	}
	p.from = s.DistM[from]
	length := s.DistM[to] - p.from
	if !(length >= gradeM && length <= maxRunM) {
		return nil
	}
	n := int(length/gridM) + 1
	out := slices.Grow(m.space.grid[:0], 2*n) // the spare half takes the smoothed copy
	m.space.grid = out
	var lastT, lastD, lastE, lowest, highest, shift, known float64
	first, still := true, true
	for i := from; i <= to; i++ {
		d, e := s.DistM[i]-p.from, s.ElevM[i]
		if finite(d) && finite(e) {
			if first {
				lastT, lastD, lastE, lowest, highest, first = s.T[i], d, e, e, e, false
			}
			lowest, highest = min(lowest, e), max(highest, e)
			e += shift
			paused := still && s.T[i]-lastT > briefS && d-lastD < gridM
			if step := math.Abs(e - lastE); step > 0 && paused || step > jumpM+maxGrade*(d-lastD) {
				shift += lastE - e
				e = lastE
			}
			if d-lastD <= gradeM {
				known += d - lastD
			}
			for x := float64(len(out) * gridM); len(out) < n && x <= d; x += gridM {
				share := 0.0
				if d > lastD {
					share = max(0, x-lastD) / (d - lastD)
				}
				out = append(out, lastE+(e-lastE)*share)
			}
			lastT, lastD, lastE, still = s.T[i], d, e, true
		}
		still = still && m.moveS[i] == 0
	}
	if lowest == highest || known < knownShare*length {
		return nil
	}
	for len(out) < n {
		out = append(out, lastE)
	}
	return out
}

// noisy tells whether altitude at every gridM bends more than ground does.
func noisy(raw []float64) bool {
	const step = bendStepM / gridM
	var bend, product, square, n float64
	for i := step; i+step < len(raw); i++ {
		before, after := raw[i]-raw[i-step], raw[i+step]-raw[i]
		bend += math.Abs(after - before)
		product += 2 * before * after
		square += before*before + after*after
		n++
	}
	return bend > bendM*n && product < hillCorrelation*square
}

// smooth returns the mean over up to half grid points on either side, fewer towards the ends so that a slope keeps its height.
func smooth(raw []float64, half int) []float64 {
	out := raw[len(raw) : 2*len(raw)]
	n := len(raw)
	sum := 0.0
	lo, hi := 0, 0 // raw[lo:hi] is in sum
	for i := range raw {
		h := min(half, i, n-1-i)
		for ; hi <= i+h; hi++ {
			sum += raw[hi]
		}
		for ; lo < i-h; lo++ {
			sum -= raw[lo]
		}
		for ; hi > i+h+1; hi-- {
			sum -= raw[hi-1]
		}
		out[i] = sum / float64(hi-lo)
	}
	return out
}

// grades returns rise over run at every grid point over centred windows of gradeM, shifted inwards at the ends of the
// run. It overwrites out. A slope is thereby trimmed at its ends, alike up and down and in every run.
func grades(elev, out []float64) []float64 {
	const half = gradeM / gridM / 2
	n := len(elev)
	for i := range elev {
		lo := max(0, min(i-half, n-1-2*half))
		hi := min(n-1, lo+2*half)
		g := (elev[hi] - elev[lo]) / float64((hi-lo)*gridM)
		out[i] = max(-maxGrade, min(maxGrade, g))
	}
	return out
}

// level tells whether sample i lies on near-level ground; without a trustworthy altitude all ground is taken for level.
func (p *profile) level(i int) bool {
	g := p.gradeAt(i)
	return g <= levelGrade && g >= -levelGrade
}

// falls tells whether the ground at sample i falls by more than near-level ground does.
func (p *profile) falls(i int) bool { return p.gradeAt(i) < -levelGrade }

// gradeAt is the grade at sample i, 0 where it is not known.
func (p *profile) gradeAt(i int) float64 {
	if p.grade == nil {
		return 0
	}
	d := p.dist[i] - p.from
	if !(d >= 0) {
		return 0
	}
	return p.grade[min(int(d/gridM), len(p.grade)-1)]
}

// climb sums up ascent, descent and the downhill stretches.
func (p *profile) climb() Climb {
	nan := math.NaN()
	c := Climb{p.source, nan, nan, nan, nan, nan, nan, nan}
	if p.elev == nil {
		return c
	}
	c.AscentM, c.DescentM, c.RangeM = turns(p.elev, turnM)
	c.DownhillM, c.DownhillDropM, c.SteepM, c.SteepDropM = 0, 0, 0, 0
	for i := 1; i < len(p.elev); i++ {
		g := (p.grade[i-1] + p.grade[i]) / 2
		if g > downGrade {
			continue
		}
		drop := max(-maxGrade*gridM, min(maxGrade*gridM, p.elev[i-1]-p.elev[i]))
		c.DownhillM += gridM
		c.DownhillDropM += drop
		if g <= steepGrade {
			c.SteepM += gridM
			c.SteepDropM += drop
		}
	}
	c.DownhillDropM, c.SteepDropM = max(0, c.DownhillDropM), max(0, c.SteepDropM)
	return c
}

// turns returns the sums of rises and falls between turning points, and the difference of the highest and lowest point.
func turns(elev []float64, turnM float64) (up, down, rangeM float64) {
	lowest, highest := elev[0], elev[0]
	for _, e := range elev {
		lowest, highest = min(lowest, e), max(highest, e)
	}
	legs(elev, turnM, func(from, to int) {
		if rise := elev[to] - elev[from]; rise > 0 {
			up += rise
		} else {
			down -= rise
		}
	})
	return up, down, highest - lowest
}

// legs calls leg for every rise and fall from one turning point to the next, in order. A turning point counts once the
// elevation has gone at least turnM back from it, so that noise below turnM adds nothing.
func legs(elev []float64, turnM float64, leg func(from, to int)) {
	low, high := 0, 0 // since the last turning point
	dir := 0
	for i, e := range elev {
		switch {
		case dir >= 0 && e > elev[high]:
			high = i
		case dir <= 0 && e < elev[low]:
			low = i
		}
		if dir <= 0 && e-elev[low] >= turnM {
			if dir < 0 {
				leg(high, low)
			}
			dir, high = 1, i
		} else if dir >= 0 && elev[high]-e >= turnM {
			if dir > 0 {
				leg(low, high)
			}
			dir, low = -1, i
		}
	}
	if dir > 0 {
		leg(low, high)
	} else if dir < 0 {
		leg(high, low)
	}
}
