package surface

import (
	"math"
	"slices"
)

// Trace is the positions of a recording, as columns of equal length. T is seconds since its start, increasing; LatDeg and
// LonDeg are WGS84, NaN where there was no position.
type Trace struct{ T, LatDeg, LonDeg []float64 }

// A chain of positions ends where nothing was recorded for gapS and over stoodM, or over gapM: nobody can say which way was
// taken. A longer break in which the runner stayed put is a stop. All three are choices of this program.
const (
	gapS   = 30
	gapM   = 150
	stoodM = 30
)

// Positions are averaged over ± smoothS, which takes away what noise has no memory; without it the distance between steps
// is mostly noise, and matching gets worse than taking the nearest way. A recording with a median interval above
// sparseS keeps its points, for the average would cut corners.
const (
	smoothS = 2
	sparseS = 2
)

// stepM is how far apart the positions are that are matched; a shorter step tells nothing new.
const stepM = 8

// Positions above this latitude have no ground that a map in degrees could tell, and times beyond a year are broken.
const (
	maxLatDeg = 85
	maxTimeS  = 366 * 86400
)

// plane projects degrees to metres near its origin.
type plane struct{ lat0, lon0, mPerLat, mPerLon float64 }

// metresPerDegree is the length of a degree of latitude and of longitude on the WGS84 ellipsoid, to within 1e-5.
func metresPerDegree(latDeg float64) (lat, lon float64) {
	phi := latDeg * math.Pi / 180
	lat = 111132.954 - 559.822*math.Cos(2*phi) + 1.175*math.Cos(4*phi)
	lon = 111412.84*math.Cos(phi) - 93.5*math.Cos(3*phi) + 0.118*math.Cos(5*phi)
	return lat, lon
}

// newPlane is the plane with its origin in degrees.
func newPlane(lat0, lon0 float64) plane {
	p := plane{lat0: lat0, lon0: lon0}
	p.mPerLat, p.mPerLon = metresPerDegree(lat0)
	return p
}

// xy is a position in metres east and north of the origin, the short way round the earth.
func (p plane) xy(latDeg, lonDeg float64) (x, y float64) {
	d := lonDeg - p.lon0
	if d > 180 || d < -180 {
		d = math.Remainder(d, 360)
	}
	return d * p.mPerLon, (latDeg - p.lat0) * p.mPerLat
}

// point is a position in the plane of its run.
type point struct{ t, x, y float64 }

// step is a position to be matched.
type step struct {
	t, x, y float64
	// dx and dy are the direction of running, of length 1, or both 0 where it is not known.
	dx, dy float64
	// nextM is the distance to the next step of the chain, 0 for the last, and lenM the metres that the step stands for.
	nextM, lenM float64
	// pt is its index in points.
	pt int32
}

// span is a range of indices, End excluded.
type span struct{ first, end int32 }

// path is a track made ready: projected, cut at gaps, smoothed and thinned. Its buffers are used again.
type path struct {
	plane  plane
	points []point
	steps  []step
	// chains are ranges of steps between gaps, and gapM the metres from the end of each to the start of the next.
	chains []span
	gapM   []float64
	// parts are the same ranges of points.
	parts []span
	// lenM is the length of all chains and lostM of the gaps.
	lenM, lostM float64
	// intervalS is the median time between positions.
	intervalS float64
	raw       []point
	times     []float64
}

// read makes a path of a track. It is false when the track has no usable position.
func (p *path) read(t Trace) bool {
	p.points, p.steps, p.raw, p.times = p.points[:0], p.steps[:0], p.raw[:0], p.times[:0]
	p.chains, p.gapM, p.parts = p.chains[:0], p.gapM[:0], p.parts[:0]
	p.lenM, p.lostM, p.intervalS = 0, 0, 0
	n := min(len(t.T), len(t.LatDeg), len(t.LonDeg))
	south, north, first := math.Inf(1), math.Inf(-1), -1
	for i := range n {
		if lat := t.LatDeg[i]; usable(t.T[i], lat, t.LonDeg[i]) {
			south, north = min(south, lat), max(north, lat)
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return false
	}
	p.plane = newPlane((south+north)/2, t.LonDeg[first])
	for i := range n {
		if !usable(t.T[i], t.LatDeg[i], t.LonDeg[i]) {
			continue
		}
		x, y := p.plane.xy(t.LatDeg[i], t.LonDeg[i])
		if k := len(p.raw); k > 0 {
			dt := t.T[i] - p.raw[k-1].t
			if dt <= 0 {
				continue
			}
			p.times = append(p.times, dt)
		}
		p.raw = append(p.raw, point{t.T[i], x, y})
	}
	if len(p.times) > 0 {
		slices.Sort(p.times)
		p.intervalS = p.times[len(p.times)/2]
	}
	p.cut()
	return true
}

func usable(t, lat, lon float64) bool {
	return math.Abs(t) <= maxTimeS && math.Abs(lat) <= maxLatDeg && math.Abs(lon) <= 180
}

// cut divides the positions at gaps, and smooths and thins what lies between.
func (p *path) cut() {
	p.points = slices.Grow(p.points, len(p.raw))[:len(p.raw)]
	for from := 0; from < len(p.raw); {
		end := from + 1
		for end < len(p.raw) && !gap(p.raw[end-1], p.raw[end]) {
			end++
		}
		p.smooth(from, end)
		p.thin(from, end)
		p.parts = append(p.parts, span{int32(from), int32(end)})
		if end < len(p.raw) {
			a, b := p.raw[end-1], p.raw[end]
			d := math.Hypot(b.x-a.x, b.y-a.y)
			p.gapM = append(p.gapM, d)
			p.lostM += d
		}
		from = end
	}
}

func gap(a, b point) bool {
	d := math.Hypot(b.x-a.x, b.y-a.y)
	return d > gapM || b.t-a.t > gapS && d > stoodM
}

// smooth fills points with the averages over ± smoothS.
func (p *path) smooth(from, end int) {
	in, out := p.raw, p.points
	if p.intervalS > sparseS {
		copy(out[from:end], in[from:end])
		return
	}
	lo, hi := from, from
	var x, y float64
	for i := from; i < end; i++ {
		for hi < end && in[hi].t <= in[i].t+smoothS {
			x, y, hi = x+in[hi].x, y+in[hi].y, hi+1
		}
		for in[lo].t < in[i].t-smoothS {
			x, y, lo = x-in[lo].x, y-in[lo].y, lo+1
		}
		n := 1 / float64(hi-lo)
		out[i] = point{in[i].t, x * n, y * n}
	}
}

// thin appends the chain of steps of one part.
func (p *path) thin(from, end int) {
	first := len(p.steps)
	last := p.points[from]
	p.steps = append(p.steps, step{t: last.t, x: last.x, y: last.y, pt: int32(from)})
	for i := from + 1; i < end; i++ {
		q := p.points[i]
		d2 := (q.x-last.x)*(q.x-last.x) + (q.y-last.y)*(q.y-last.y)
		if d2 < stepM*stepM {
			continue
		}
		d := math.Sqrt(d2)
		prev := &p.steps[len(p.steps)-1]
		prev.nextM = d
		prev.lenM += d / 2
		p.lenM += d
		p.steps = append(p.steps, step{t: q.t, x: q.x, y: q.y, lenM: d / 2, pt: int32(i)})
		last = q
	}
	chain := p.steps[first:]
	for i := range chain {
		a, b := chain[max(i-1, 0)], chain[min(i+1, len(chain)-1)]
		if d := math.Hypot(b.x-a.x, b.y-a.y); d > 0 {
			chain[i].dx, chain[i].dy = (b.x-a.x)/d, (b.y-a.y)/d
		}
	}
	p.chains = append(p.chains, span{int32(first), int32(len(p.steps))})
}
