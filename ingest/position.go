package ingest

import "math"

// ground measures short distances on the WGS84 ellipsoid as on a plane. Its scale is computed anew when the latitude has
// moved by scaleDeg and follows a straight line until then: within 10 ppm below 80° of latitude, and without trigonometry
// for nearly every pair.
type ground struct{ latDeg, perLatM, perLonM, slope float64 }

const (
	wgs84A   = 6378137.0
	wgs84E2  = 6.69437999014e-3
	scaleDeg = 0.01
)

func newGround() ground { return ground{latDeg: math.Inf(1)} }

func (g *ground) distM(lat1, lon1, lat2, lon2 float64) float64 {
	mid := (lat1 + lat2) / 2
	if !(math.Abs(mid-g.latDeg) < scaleDeg) {
		g.scale(mid)
	}
	dLon := lon2 - lon1
	if dLon > 180 {
		dLon -= 360
	} else if dLon < -180 {
		dLon += 360
	}
	y, x := (lat2-lat1)*g.perLatM, dLon*(g.perLonM+g.slope*(mid-g.latDeg))
	return math.Sqrt(x*x + y*y)
}

// scale computes the lengths of a degree at a latitude; slope is how that of longitude changes with a degree of latitude.
func (g *ground) scale(latDeg float64) {
	const perDeg = math.Pi / 180
	sin, cos := math.Sincos(latDeg * perDeg)
	w := 1 - wgs84E2*sin*sin
	normal := wgs84A / math.Sqrt(w)
	g.latDeg = latDeg
	g.perLatM = normal * (1 - wgs84E2) / w * perDeg
	g.perLonM = normal * cos * perDeg
	g.slope = -g.perLatM * sin * perDeg
}

// track is what the positions alone tell of a way.
type track struct {
	// distM is the way so far at every sample.
	distM []float64
	// lengthM is the whole way, extentM the longer side of the box around it.
	lengthM, extentM float64
	// jumped is true when some step is too fast to be true.
	jumped bool
}

// follow adds up the positions of s. A step counts unless it is too fast, faster than a run over a gap longer than maxGapS,
// or the file says that the timer was stopped for most of it. What was walked in a silent gap counts, as it does for
// everybody who adds up the positions. Time without a position is filled evenly.
func follow(s *Samples, pauses []Interval, maxMPS float64, out []float64) track {
	g := newGround()
	tr := track{distM: out}
	var box box
	last, sum := -1, 0.0
	for i, lat := range s.LatDeg {
		if lat != lat { // NaN
			continue
		}
		lon := s.LonDeg[i]
		box.add(lat, lon)
		if last < 0 {
			for j := range i {
				out[j] = 0
			}
		} else {
			d := g.distM(s.LatDeg[last], s.LonDeg[last], lat, lon)
			dt := s.T[i] - s.T[last]
			switch {
			case d > maxMPS*dt:
				tr.jumped = true
				d = 0
			case dt > maxGapS && d > maxRunMPS*dt:
				d = 0
			case len(pauses) > 0:
				for len(pauses) > 1 && pauses[0].ToS <= s.T[last] {
					pauses = pauses[1:]
				}
				if stopped := min(pauses[0].ToS, s.T[i]) - max(pauses[0].FromS, s.T[last]); stopped > dt/2 {
					d = 0
				}
			}
			for j := last + 1; j < i; j++ {
				out[j] = min(sum+d*(s.T[j]-s.T[last])/dt, sum+d) // not above it by rounding
			}
			sum += d
		}
		out[i] = sum
		last = i
	}
	for j := last + 1; j < len(out); j++ {
		out[j] = sum
	}
	tr.lengthM, tr.extentM = sum, box.extentM()
	return tr
}

// box is the smallest box around positions. Its longitudes count from the first one, so that the date line is no edge.
type box struct {
	set                            bool
	originDeg                      float64
	minLat, maxLat, minLon, maxLon float64
}

func (b *box) add(lat, lon float64) {
	if !b.set {
		*b = box{set: true, originDeg: lon, minLat: lat, maxLat: lat}
		return
	}
	lon -= b.originDeg
	if lon > 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	b.minLat, b.maxLat = min(b.minLat, lat), max(b.maxLat, lat)
	b.minLon, b.maxLon = min(b.minLon, lon), max(b.maxLon, lon)
}

func (b *box) extentM() float64 {
	g := newGround()
	mid := (b.minLat + b.maxLat) / 2
	return max(g.distM(b.minLat, 0, b.maxLat, 0), g.distM(mid, 0, mid, b.maxLon-b.minLon))
}

// fragment is a stretch of positions each of which can be reached from the one before.
type fragment struct {
	first, last int // samples
	points      int
	pathM       float64
	solid       bool
	// best is the number of points of the best chain of fragments that ends here, and from the fragment before this
	// one in it, or -1.
	best, from int
}

// A fragment of this size is a piece of the run wherever it lies, so that a car ride in the middle of a recording parts
// it and deletes neither side. A watch that shows yesterday's last position does not move and makes no such fragment.
const (
	solidPoints = 10
	solidS      = 30
	solidM      = 50
)

// lookBack is how many stray fragments in a row are looked past for one that this one can be reached from.
const lookBack = 64

// dropJumps makes positions NaN that cannot belong to the way: of the stretches between jumps it keeps the chain with the
// most points in which each stretch can be reached from the one before, or both are solid. No point is trusted for being
// first. It returns the number of positions dropped.
func dropJumps(s *Samples, maxMPS float64, buf *buffers) int {
	frags := split(s, maxMPS, buf.fragments[:0])
	buf.fragments = frags
	g := newGround()
	end, solid := -1, -1 // the ends of the best chain of all and of the best one that ends solid
	for j := range frags {
		f := &frags[j]
		f.best, f.from = f.points, -1
		join := func(i int) {
			if e := &frags[i]; e.best+f.points > f.best {
				f.best, f.from = e.best+f.points, i
			}
		}
		for i := max(0, j-lookBack); i < j; i++ {
			e := &frags[i]
			d := g.distM(s.LatDeg[e.last], s.LonDeg[e.last], s.LatDeg[f.first], s.LonDeg[f.first])
			if d <= maxMPS*(s.T[f.first]-s.T[e.last]) {
				join(i)
			}
		}
		if f.solid {
			if solid >= 0 {
				join(solid)
			}
			if solid < 0 || f.best > frags[solid].best {
				solid = j
			}
		}
		if end < 0 || f.best > frags[end].best {
			end = j
		}
	}
	return dropOutside(s, frags, end)
}

// split cuts the positions wherever a step is too fast.
func split(s *Samples, maxMPS float64, frags []fragment) []fragment {
	g := newGround()
	for i, lat := range s.LatDeg {
		if math.IsNaN(lat) {
			continue
		}
		if n := len(frags); n > 0 {
			f := &frags[n-1]
			d := g.distM(s.LatDeg[f.last], s.LonDeg[f.last], lat, s.LonDeg[i])
			if d <= maxMPS*(s.T[i]-s.T[f.last]) {
				f.last = i
				f.points++
				f.pathM += d
				f.solid = f.points >= solidPoints && f.pathM >= solidM && s.T[i]-s.T[f.first] >= solidS
				continue
			}
		}
		frags = append(frags, fragment{first: i, last: i, points: 1})
	}
	return frags
}

// dropOutside makes the positions NaN that are in no fragment of the chain ending at end.
func dropOutside(s *Samples, frags []fragment, end int) int {
	dropped := 0
	for j := len(frags) - 1; j >= 0; j-- {
		f := &frags[j]
		if j == end {
			end = f.from
			continue
		}
		dropped += f.points
		for i := f.first; i <= f.last; i++ {
			s.LatDeg[i], s.LonDeg[i] = math.NaN(), math.NaN()
		}
	}
	return dropped
}
