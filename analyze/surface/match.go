package surface

import (
	"math"
	"slices"
)

// The hidden Markov model: a runner is on one of the ways near each position, or off the map. Cost is minus the logarithm
// of likelihood. The constants were tuned on simulated runs, and each may be moved by half without much effect: class
// accuracy moves by less than 0.3 points.
const (
	// The distance from a way is as noisy as positions and, beside, as the map and the runner's side of the road.
	mapSigmaM = 3
	// headingCost is that of running across a way.
	headingCost = 6
	// Errors of neighbouring positions go together, so a position counts by emissionWeight only.
	emissionWeight = 0.5
	// A route that is longer or shorter than the run costs 1 for each routeM, and for more the more positions drift: their
	// squares add up, that of the drift routeDrift times.
	routeM     = 5
	routeDrift = 2
	// Routes longer than routeFactor × the metres moved + routeSlackM are not looked for. Then hopCost is that of getting
	// there all the same.
	routeFactor = 1.6
	routeSlackM = 40
	hopCost     = 12
	// The error of positions drifts like an AR(1) of driftS, so that it changes little from one to the next; driftM is for
	// the map and the runner's line. A change that is too large counts by driftWeight.
	driftS      = 30
	driftM      = 2
	driftWeight = 0.5
	// offCost is that of leaving the map and of coming back, and offStayCost of each step off it. A position off the map
	// costs as much as one at offSigmas from a way.
	offCost     = 12
	offStayCost = 0.7
	offSigmas   = 3.5
	// Ways are looked for within offSigmas, but no nearer and no farther than these.
	minReachM, maxReachM = 20, 60
	// maxCandidates is how many edges one position may have.
	maxCandidates = 10
)

// The sigma of positions, east and north each, is estimated from the median distance to the nearest way along the run;
// the factor and the offset make up for what the nearest way hides and the map adds (simulated).
const (
	sigmaFactor, sigmaOffset = 1.35, 4
	minSigmaM, maxSigmaM     = 2.5, 12
	// Distances beyond sigmaReachM, and to ways that point elsewhere, tell of ways that are not mapped.
	sigmaReachM  = 40
	sigmaAligned = 0.8
	// Every sigmaEvery-th position is enough, and sigmaFew too few: then sigma is defaultSigmaM.
	sigmaEvery    = 4
	sigmaFew      = 10
	defaultSigmaM = 5
	madToSigma    = 0.6745
)

// Matcher matches traces to ground. It keeps its buffers from run to run; each goroutine needs its own. The zero value is
// ready.
type Matcher struct {
	path   path
	ground *Ground
	// Vertex v is at (lon[v]−lon0)·perLon, (lat[v]−lat0)·perLat metres in the plane of the run.
	lat0, lon0, perLat, perLon float64

	sigmaM float64
	near   []candidate
	// The states of step s are states[first[s]:first[s+1]]; the last one is off the map.
	states []candidate
	first  []int32
	// moves[s] is where in move the weights of the transitions from step s start, row by row.
	moves []int32
	move  []float32
	// front and back are the forward and backward weights of the states.
	front, back []float32
	router      router
	sample      []float64
	ovals       ovalFinder
	verdicts    []verdict
}

// candidate is a place on an edge where a position may belong. Off the map edge is -1.
type candidate struct {
	edge int32
	// alongM is metres from the start of the edge.
	alongM float32
	x, y   float32
	distM  float32
	cost   float32
	// weight is exp(−cost), after matching the probability of the state.
	weight float32
}

// on readies the matcher for a ground and the plane of the path.
func (m *Matcher) on(g *Ground) {
	m.ground = g
	p := &m.path.plane
	m.lat0, m.lon0 = p.lat0*DegreeSteps, p.lon0*DegreeSteps
	m.perLat, m.perLon = p.mPerLat/DegreeSteps, p.mPerLon/DegreeSteps
	m.router.on(g)
}

// match finds the probability of every state of every step.
func (m *Matcher) match(g *Ground) {
	m.on(g)
	m.sigmaM = m.estimateSigma()
	spread := m.sigmaM*m.sigmaM + mapSigmaM*mapSigmaM
	reach := max(minReachM, min(offSigmas*math.Sqrt(spread), maxReachM))
	m.states, m.first = m.states[:0], m.first[:0]
	for s := range m.path.steps {
		m.first = append(m.first, int32(len(m.states)))
		m.find(&m.path.steps[s], reach, 0.5/spread)
		m.keepBest()
		m.states = append(m.states, m.near...)
		m.states = append(m.states, candidate{edge: -1, cost: emissionWeight * offSigmas * offSigmas / 2})
		weigh(m.states[m.first[s]:])
	}
	m.first = append(m.first, int32(len(m.states)))
	m.front = slices.Grow(m.front[:0], len(m.states))[:len(m.states)]
	m.back = slices.Grow(m.back[:0], len(m.states))[:len(m.states)]
	m.moves, m.move = slices.Grow(m.moves[:0], len(m.path.steps))[:len(m.path.steps)], m.move[:0]
	for _, c := range m.path.chains {
		m.forward(c)
		m.backward(c)
	}
}

// weigh turns costs into weights, of which the largest is 1.
func weigh(states []candidate) {
	low := states[0].cost
	for i := range states {
		low = min(low, states[i].cost)
	}
	for i := range states {
		states[i].weight = float32(math.Exp(float64(low - states[i].cost)))
	}
}

// find fills near with the best place on each edge within reach of a step.
func (m *Matcher) find(s *step, reach, perM2 float64) {
	m.near = m.near[:0]
	g := m.ground
	net, gr := g.net, &g.grid
	south, north := m.row(s.y-reach), m.row(s.y+reach)
	west, east := m.column(s.x-reach), m.column(s.x+reach)
	for row := south; row <= north; row++ {
		for col := west; col <= east; col++ {
			for _, seg := range gr.at(col, row) {
				ax, ay := (float64(net.Lon[seg])-m.lon0)*m.perLon-s.x, (float64(net.Lat[seg])-m.lat0)*m.perLat-s.y
				bx, by := (float64(net.Lon[seg+1])-m.lon0)*m.perLon-s.x, (float64(net.Lat[seg+1])-m.lat0)*m.perLat-s.y
				ux, uy := bx-ax, by-ay
				l2 := ux*ux + uy*uy
				t := 0.0
				if l2 > 0 {
					t = max(0, min(-(ax*ux+ay*uy)/l2, 1))
				}
				px, py := ax+t*ux, ay+t*uy
				d2 := px*px + py*py
				if d2 > reach*reach {
					continue
				}
				cos := 1.0
				if l2 > 0 && (s.dx != 0 || s.dy != 0) {
					cos = math.Abs(ux*s.dx+uy*s.dy) / math.Sqrt(l2)
				}
				e := g.edgeOf[seg]
				along := g.alongM[seg] + float32(t)*(g.alongM[seg+1]-g.alongM[seg]) - g.edges[e].startM
				m.add(candidate{edge: e, alongM: along, x: float32(s.x + px), y: float32(s.y + py), distM: float32(math.Sqrt(d2)),
					cost: float32(emissionWeight * (d2*perM2 + headingCost*(1-cos)))})
			}
		}
	}
}

// row and column are those of the grid at a place in the plane of the run.
func (m *Matcher) row(y float64) int32 {
	return int32(math.Floor((y/m.perLat + m.lat0) / gridSteps))
}

func (m *Matcher) column(x float64) int32 {
	lon := x/m.perLon + m.lon0
	if math.Abs(lon) > 180*DegreeSteps {
		lon = math.Remainder(lon, 360*DegreeSteps)
	}
	return int32(math.Floor(lon / float64(m.ground.grid.width)))
}

// add keeps the cheaper place of each edge.
func (m *Matcher) add(c candidate) {
	for i := range m.near {
		if m.near[i].edge == c.edge {
			if c.cost < m.near[i].cost {
				m.near[i] = c
			}
			return
		}
	}
	m.near = append(m.near, c)
}

// keepBest leaves the maxCandidates cheapest places.
func (m *Matcher) keepBest() {
	if len(m.near) <= maxCandidates {
		return
	}
	slices.SortFunc(m.near, func(a, b candidate) int {
		switch {
		case a.cost < b.cost:
			return -1
		case a.cost > b.cost:
			return 1
		}
		return int(a.edge - b.edge)
	})
	m.near = m.near[:maxCandidates]
}

// estimateSigma is the noise of the path's positions as the ways near it show it.
func (m *Matcher) estimateSigma() float64 {
	m.sample = m.sample[:0]
	for i := 0; i < len(m.path.steps); i += sigmaEvery {
		s := &m.path.steps[i]
		if s.dx == 0 && s.dy == 0 {
			continue
		}
		m.find(s, sigmaReachM, 0.5/(defaultSigmaM*defaultSigmaM))
		best := float32(math.Inf(1))
		for _, c := range m.near {
			aligned := c.cost - emissionWeight*c.distM*c.distM*0.5/(defaultSigmaM*defaultSigmaM)
			if aligned < emissionWeight*headingCost*(1-sigmaAligned) {
				best = min(best, c.distM)
			}
		}
		if best <= sigmaReachM {
			m.sample = append(m.sample, float64(best))
		}
	}
	if len(m.sample) < sigmaFew {
		return defaultSigmaM
	}
	slices.Sort(m.sample)
	s := m.sample[len(m.sample)/2] / madToSigma
	return max(minSigmaM, min(math.Sqrt(max(0, sigmaFactor*s*s-sigmaOffset)), maxSigmaM))
}
