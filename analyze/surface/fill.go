package surface

import (
	"math"
	"runtime"
	"slices"
	"sync"
)

// What ways without a surface tag are made of is learned in a chain: the built-in table, then what the same map says of
// ways with the same tags, then what it says of those nearby. The constants were measured by hiding tags; each is flat.
const (
	// learnAlpha is how many tagged ways of the same tags the built-in table stands for.
	learnAlpha = 20
	// nearWeight is how many tagged neighbours at no distance the chain before them stands for.
	nearWeight = 1
	// nearM is the distance in metres over which a neighbour's weight falls to 1/e, and nearMaxM how far one may be.
	nearM    = 150
	nearMaxM = 600
	// certain is the probability that a tagged class is right; the rest is spread as if there were no tag.
	certain = .95
	// generic is the probability that a class outside what surface=paved or unpaved allows is right, and floor what every
	// class within counts at least, for all that the way's other tags may say.
	generic = .03
	floor   = .001
)

// contexts is how many codes there are that name no surface.
const contexts = kinds * grades * smooths

// counts is what the tagged ways of a map are made of, by what else their tags say.
type counts struct {
	ways    int
	classes [contexts][Classes]float64
}

func (c *counts) addWays(ways []rawWay) {
	c.ways += len(ways)
	for _, w := range ways {
		code := codeOf(w.code)
		if class, ok := code.class(); ok {
			c.classes[code.context()][class]++
		}
	}
}

// context is the number of the code without what it states.
func (c code) context() uint16 {
	c.stated = statedNothing
	return c.number()
}

func (m *Mix) normalize() {
	var sum float32
	for _, p := range m {
		sum += p
	}
	for c := range m {
		m[c] /= sum
	}
}

// prior is the built-in mix of a context.
func (c code) prior() Mix {
	m := builtIn[c.kind]
	switch {
	case c.grade > 0 && c.kind == kindTrack:
		m = builtInTrack[c.grade-1]
	case c.grade > 0:
		for i, f := range builtInGrade[c.grade-1] {
			m[i] *= f
		}
	}
	if c.smooth > 0 {
		for i, f := range builtInSmooth[c.smooth-1] {
			m[i] *= f
		}
	}
	m.normalize()
	return m
}

// learned is the mix of a context after what the map says of ways with the same tags.
func (c *counts) learned(of code) Mix {
	m := of.prior()
	m.learn(&c.classes[of.context()], learnAlpha)
	return m
}

// mixOf is the mix of a code without its neighbours.
func (c *counts) mixOf(of code) *Mix {
	m := c.learned(of)
	m.state(of)
	return &m
}

// learn is the mean of a Dirichlet distribution of weight alpha around m after seen.
func (m *Mix) learn(seen *[Classes]float64, alpha float64) {
	n := alpha
	for _, k := range seen {
		n += k
	}
	for i, k := range seen {
		m[i] = float32((k + alpha*float64(m[i])) / n)
	}
}

// state brings what a way's tags name into what is known of it otherwise.
func (m *Mix) state(c code) {
	if class, ok := c.class(); ok {
		for i := range m {
			m[i] *= 1 - certain
		}
		m[class] += certain
		return
	}
	within := func(c Class) bool { return c == Gravel || c == Trail || c == Grass || c == Sand }
	switch c.stated {
	case statedNothing:
		return
	case statedPaved:
		within = func(c Class) bool { return c == Asphalt || c == Concrete }
	}
	var in, out float32
	for i := range m {
		m[i] = max(m[i], floor)
		if within(Class(i)) {
			in += m[i]
		} else {
			out += m[i]
		}
	}
	for i := range m {
		if within(Class(i)) {
			m[i] *= (1 - generic) / in
		} else {
			m[i] *= generic / out
		}
	}
}

// fill finds what each line is made of and brings the mixes of untagged lines into a palette.
func (l *lines) fill(c *counts) {
	l.codeMix = make([]Mix, codes)
	known := make([]bool, codes)
	for _, w := range l.list {
		if !known[w.code] {
			known[w.code] = true
			l.codeMix[w.code] = *c.mixOf(codeOf(w.code))
		}
	}
	var untagged []int32
	for i, w := range l.list {
		if _, ok := codeOf(w.code).class(); !ok {
			untagged = append(untagged, int32(i))
		}
	}
	near := l.neighbours()
	mixes := make([]Mix, len(untagged))
	inPieces(len(untagged), func(from, to int) {
		for k := from; k < to; k++ {
			of := codeOf(l.list[untagged[k]].code)
			m := c.learned(of)
			seen := near.seen(l, int(untagged[k]))
			m.learn(&seen, nearWeight)
			m.state(of)
			mixes[k] = m
		}
	})
	var p paletteMaker
	which := make([]int32, len(untagged))
	for k := range mixes {
		which[k] = p.add(&mixes[k])
	}
	var of []uint8
	l.palette, of = p.palette()
	for k, i := range untagged {
		l.list[i].mix = of[which[k]]
	}
}

// inPieces has work done for 0 to n in one piece for each processor, all at once.
func inPieces(n int, work func(from, to int)) {
	pieces := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for p := range pieces {
		wg.Go(func() { work(p*n/pieces, (p+1)*n/pieces) })
	}
	wg.Wait()
}

// cellSteps is the side of a cell of the neighbours' grid, about nearMaxM of latitude.
const cellSteps = 540

// neighbours is the tagged lines by where their middle is.
type neighbours struct {
	cells map[cell][]neighbour
}

// cell is a cell of the grid. Each kind has its own, and each tracktype: what a grade 1 track is made of says nothing of the
// grade 3 track beside it.
type cell struct {
	kind     kind
	grade    grade
	lat, lon int32
}

type neighbour struct {
	lat, lon int32
	line     int32
	class    Class
}

// middle is the vertex nearest to the middle of a line's vertices.
func (l *lines) middle(w line) (lat, lon int32) {
	i := (w.first + w.end - 1) / 2
	j := (w.first + w.end) / 2
	return (l.lat[i] + l.lat[j]) / 2, (l.lon[i] + l.lon[j]) / 2
}

func (l *lines) neighbours() *neighbours {
	n := &neighbours{cells: map[cell][]neighbour{}}
	for i, w := range l.list {
		of := codeOf(w.code)
		if class, ok := of.class(); ok {
			lat, lon := l.middle(w)
			at := cell{of.kind, of.grade, floorDiv(lat, cellSteps), floorDiv(lon, cellSteps)}
			n.cells[at] = append(n.cells[at], neighbour{lat, lon, int32(i), class})
		}
	}
	return n
}

// seen is the weights of the tagged lines of the same kind and grade around a line, by class.
func (n *neighbours) seen(l *lines, i int) (sum [Classes]float64) {
	w := l.list[i]
	lat, lon := l.middle(w)
	scale := cosLat(lat)
	// Cells get narrower towards the poles: more of them on a row are within reach.
	reach := int32(min(math.Ceil(1/max(scale, .1)), 10))
	of := codeOf(w.code)
	cLat, cLon := floorDiv(lat, cellSteps), floorDiv(lon, cellSteps)
	for row := cLat - 1; row <= cLat+1; row++ {
		for col := cLon - reach; col <= cLon+reach; col++ {
			for _, o := range n.cells[cell{of.kind, of.grade, row, col}] {
				d := math.Hypot(float64(o.lon-lon)*scale, float64(o.lat-lat)) * metresPerStep
				if d <= nearMaxM && int(o.line) != i {
					sum[o.class] += math.Exp(-d / nearM)
				}
			}
		}
	}
	return sum
}

// paletteSize is how many mixes a palette has.
const paletteSize = 256

// mixUnits is the finest difference between probabilities of mixes that are put into a palette.
const mixUnits = 40

// paletteMaker finds few mixes that stand for many.
type paletteMaker struct {
	at    map[[Classes]uint8]int32
	mixes []Mix
	uses  []int32
}

// add says under which number a mix is known; those that differ by less than a unit have the same.
func (p *paletteMaker) add(m *Mix) int32 {
	var rough [Classes]uint8
	for c := range m {
		rough[c] = uint8(m[c]*mixUnits + .5)
	}
	i, ok := p.at[rough]
	if !ok {
		if p.at == nil {
			p.at = map[[Classes]uint8]int32{}
		}
		i = int32(len(p.mixes))
		p.at[rough] = i
		p.mixes, p.uses = append(p.mixes, *m), append(p.uses, 0)
	}
	p.uses[i]++
	return i
}

// palette is the mixes most used, and then those that the others miss most, with what stands for each number.
func (p *paletteMaker) palette() ([]Mix, []uint8) {
	n := len(p.mixes)
	of := make([]uint8, n)
	off := make([]float32, n)
	for i := range off {
		off[i] = math.MaxFloat32
	}
	var chosen []Mix
	choose := func(i int) {
		m := p.mixes[i]
		for j := range p.mixes {
			if d := m.apart(&p.mixes[j]); d < off[j] {
				off[j], of[j] = d, uint8(len(chosen))
			}
		}
		chosen = append(chosen, m)
	}
	byUse := make([]int, n)
	for i := range byUse {
		byUse[i] = i
	}
	slices.SortStableFunc(byUse, func(a, b int) int { return int(p.uses[b]) - int(p.uses[a]) })
	for _, i := range byUse[:min(n, paletteSize/2)] {
		choose(i)
	}
	for len(chosen) < min(n, paletteSize) {
		worst, most := 0, float32(0)
		for i, d := range off {
			if d := d * float32(p.uses[i]); d > most {
				worst, most = i, d
			}
		}
		if most == 0 {
			break
		}
		choose(worst)
	}
	return chosen, of
}

// apart is how far two mixes are from each other: the sum of squared differences.
func (m *Mix) apart(o *Mix) float32 {
	var sum float32
	for c := range m {
		d := m[c] - o[c]
		sum += d * d
	}
	return sum
}
