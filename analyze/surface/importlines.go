package surface

import "math"

const (
	// simplifyM is how far, in metres, a line may be from the way it stands for; matching does not get worse up to 5 m.
	simplifyM = 2
	// metresPerStep is the length of a step of latitude in metres.
	metresPerStep = 6371008.8 * math.Pi / 180 / DegreeSteps
	// maxStretch is how many vertices are simplified at once.
	maxStretch = 500
	// maxSegment is the longest straight piece of a way in steps, 22 km of latitude. No way for feet has a longer one, and
	// damaged maps do.
	maxSegment = DegreeSteps / 5
	// dateLine is the longitude where east meets west, in steps.
	dateLine = 180 * DegreeSteps
)

// line is a way, or the part of a way whose nodes are known: vertices first to end of its lines.
type line struct {
	first, end int32
	code       uint16
	// mix says which of the palette's mixes it has, where its tags name no class.
	mix uint8
}

// lines is the ways of a map as they will be kept, not yet cut into tiles, in steps.
type lines struct {
	lat, lon []int32
	list     []line
	palette  []Mix
	// codeMix is the mix of a code alone.
	codeMix []Mix
}

// vertex is a vertex of a line in the making; one that is fixed stays, for ways meet there.
type vertex struct {
	lat, lon int32
	fixed    bool
}

// resolve puts the positions of the nodes into the ways, keeps the vertices that matter and breaks ways where nodes lack.
func (im *importer) resolve() *lines {
	t := &im.nodes
	refs := im.refs.read()
	at := packedRefs{bytes: make([]byte, 0, len(im.refs.bytes))}
	for range im.refs.n {
		n := t.find(refs.next())
		if n >= 0 && t.lat[n] == missing {
			n = -1
		}
		if n >= 0 && t.uses[n] < 2 {
			t.uses[n]++
		}
		at.add(int64(n))
	}
	// From here on nodes are known by their place in the table alone.
	t.ids, t.first, im.refs = nil, nil, packedRefs{}
	m := maker{lines: &lines{}}
	from := 0
	refs = at.read()
	for _, w := range im.ways {
		m.code = w.code
		for i := from; i < w.end; i++ {
			n := refs.next()
			if n < 0 {
				m.finish()
				continue
			}
			ends := i == from || i == w.end-1
			m.add(vertex{toStep(t.lat[n]), toStep(t.lon[n]), ends || t.uses[n] > 1})
		}
		m.finish()
		from = w.end
	}
	return m.lines
}

// toStep rounds 1e-7 degrees to steps.
func toStep(v int32) int32 { return floorDiv(v+50, 100) }

// maker makes lines out of vertices that come one by one.
type maker struct {
	*lines
	code  uint16
	now   []vertex
	stack [][2]int
	keep  []bool
}

// add adds a vertex to the line in the making.
func (m *maker) add(v vertex) {
	if len(m.now) > 0 {
		last := &m.now[len(m.now)-1]
		dLat, dLon := v.lat-last.lat, v.lon-last.lon
		switch {
		case dLat == 0 && dLon == 0:
			last.fixed = last.fixed || v.fixed
			return
		case max(dLon, -dLon) > dateLine:
			m.crossDateLine(v)
			return
		case max(dLat, -dLat, dLon, -dLon) > maxSegment:
			m.finish()
		}
	}
	m.now = append(m.now, v)
}

// crossDateLine ends the line on this side of the date line and begins one on the other, where the segment to v meets it.
func (m *maker) crossDateLine(v vertex) {
	last := m.now[len(m.now)-1]
	side := int32(dateLine)
	if last.lon < 0 {
		side = -side
	}
	toLine, beyond := side-last.lon, v.lon+side
	lat := last.lat
	if whole := float64(toLine) + float64(beyond); whole != 0 {
		lat += int32(math.Round(float64(v.lat-last.lat) * float64(toLine) / whole))
	}
	if max(toLine, -toLine) < maxSegment && max(beyond, -beyond) < maxSegment {
		m.add(vertex{lat, side, true})
		m.finish()
		m.add(vertex{lat, -side, true})
	} else {
		m.finish()
	}
	m.add(v)
}

// finish simplifies the line in the making and adds it to the lines if it is one.
func (m *maker) finish() {
	defer func() { m.now = m.now[:0] }()
	if len(m.now) < 2 {
		return
	}
	m.now[0].fixed, m.now[len(m.now)-1].fixed = true, true
	m.keep = append(m.keep[:0], make([]bool, len(m.now))...)
	from := 0
	m.keep[0] = true
	for i := 1; i < len(m.now); i++ {
		if m.now[i].fixed || i-from >= maxStretch {
			m.keep[i] = true
			m.simplify(from, i)
			from = i
		}
	}
	first := int32(len(m.lat))
	for i, v := range m.now {
		if m.keep[i] {
			m.lat, m.lon = append(m.lat, v.lat), append(m.lon, v.lon)
		}
	}
	m.list = append(m.list, line{first: first, end: int32(len(m.lat)), code: m.code})
}

// simplify keeps of the vertices between two those without which the line would be off by more than simplifyM (Douglas and
// Peucker).
func (m *maker) simplify(from, to int) {
	m.stack = append(m.stack[:0], [2]int{from, to})
	scale := cosLat(m.now[from].lat)
	for len(m.stack) > 0 {
		span := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		far, at := simplifyM/metresPerStep, -1
		for i := span[0] + 1; i < span[1]; i++ {
			if d := offLine(m.now[i], m.now[span[0]], m.now[span[1]], scale); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			m.keep[at] = true
			m.stack = append(m.stack, [2]int{span[0], at}, [2]int{at, span[1]})
		}
	}
}

// cosLat is how much shorter a step of longitude is than one of latitude.
func cosLat(lat int32) float64 { return math.Cos(float64(lat) / DegreeSteps * math.Pi / 180) }

// offLine is how far v is from the segment between a and b, in steps of latitude.
func offLine(v, a, b vertex, scale float64) float64 {
	x, y := float64(v.lon-a.lon)*scale, float64(v.lat-a.lat)
	dx, dy := float64(b.lon-a.lon)*scale, float64(b.lat-a.lat)
	if along := dx*dx + dy*dy; along > 0 {
		t := min(max((x*dx+y*dy)/along, 0), 1)
		x, y = x-t*dx, y-t*dy
	}
	return math.Hypot(x, y)
}
