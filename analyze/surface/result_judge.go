package surface

import "math"

// Kind is what the device or an export says of a run, in the words of the log.
type Kind string

// The kinds that tell something.
const (
	KindRoad      Kind = "road"
	KindTrail     Kind = "trail"
	KindTrack     Kind = "track"
	KindTreadmill Kind = "treadmill"
	KindVirtual   Kind = "virtual"
)

// hintOdds is how much the kind of a run, which says nothing of where, may multiply the odds of ground; nobody measured
// it, so it is mild.
const hintOdds = 3

// weights are factors for the classes of ways without a tag. No kind changes what a tag says.
func (k Kind) weights() (w [Classes]float32) {
	soft, track := 1.0, 1.0
	switch k {
	case KindTrail:
		soft = hintOdds
	case KindRoad:
		soft = 1.0 / hintOdds
	case KindTrack:
		track = hintOdds
	}
	for c := range Class(Classes) {
		switch {
		case c == Track:
			w[c] = float32(track)
		case c.Group() == Hard:
			w[c] = 1
		default:
			w[c] = float32(soft)
		}
	}
	return w
}

// Input is all that is known of a run's ground.
type Input struct {
	Kind Kind
	// DistM is the length of the run, NaN or 0 when only the positions tell it.
	DistM float64
	// Trace is empty without positions.
	Trace Trace
	// Altitude is true when the recording has altitudes, which a treadmill does not give.
	Altitude bool
	// Ground is nil without a map.
	Ground *Ground
}

// Positions that stay within indoorM of each other for a run of more than indoorRunM were taken in a hall or under a roof.
// Share says for how much of the recording there must be positions.
const (
	indoorM, indoorRunM = 60, 1000
	indoorShare         = 0.5
)

// Longer than the positions by more than this factor, the distance covers ground that they do not.
const maxLonger = 1.1

// Judge tells the ground of a run from all there is, in this order: a treadmill or a virtual run by the device's word, no
// positions or only such as stay put, laps of a 400 m track, the map, the device's word for a track. The rest is unknown.
func (m *Matcher) Judge(in Input) Result {
	t := newTally()
	dist := in.DistM
	if !(dist > 0) || math.IsInf(dist, 0) {
		dist = 0
	}
	if in.Kind == KindTreadmill || in.Kind == KindVirtual {
		t.res.From = FromDevice
		t.treadmill(dist, Tagged)
		return t.finish()
	}
	if in.Ground == nil && dist > 0 && !m.path.mayHoldLaps(in.Trace) {
		// Most runs without a map: nothing that the positions could tell.
		if in.Kind == KindTrack {
			return m.deviceTrack(t, dist)
		}
		t.unknown(dist)
		return t.finish()
	}
	if !m.path.read(in.Trace) {
		switch {
		case in.Kind == KindTrack:
			return m.deviceTrack(t, dist)
		case in.Kind != KindTrail && in.Kind != KindRoad && !in.Altitude && dist > 0:
			t.res.From = FromDevice
			t.treadmill(dist, Inferred)
		default:
			t.unknown(dist)
		}
		return t.finish()
	}
	if m.staysPut(in, dist) {
		t.res.From = FromDevice
		t.treadmill(dist, Inferred)
		return t.finish()
	}
	m.judgeSteps(t, in, dist)
	if in.Kind == KindTrack && t.res.From == FromNothing {
		return m.deviceTrack(newTally(), t.atM)
	}
	res := t.finish()
	if res.ProbableTrack {
		res.Level = Low
	}
	return res
}

// deviceTrack takes the device's word that a run was on a track, for want of anything better.
func (m *Matcher) deviceTrack(t *tally, dist float64) Result {
	v := verdict{known: true, code: trackCode, way: noWay}
	v.mix[Track] = 1
	t.res.From = FromDevice
	t.add(&v, dist)
	res := t.finish()
	nan := math.NaN()
	res.Level, res.HardShare, res.HardLow, res.HardHigh, res.KnownLow, res.KnownHigh = Low, nan, nan, nan, nan, nan
	return res
}

// staysPut tells whether the path's positions are those of somebody running indoors.
func (m *Matcher) staysPut(in Input, dist float64) bool {
	if dist <= indoorRunM || in.Kind == KindTrail || in.Kind == KindRoad || in.Kind == KindTrack {
		return false
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	covered := 0.0
	for _, part := range m.path.parts {
		pts := m.path.points[part.first:part.end]
		for _, p := range pts {
			x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
		}
		covered += pts[len(pts)-1].t - pts[0].t
	}
	n := len(in.Trace.T)
	return math.Hypot(x1-x0, y1-y0) <= indoorM && covered >= indoorShare*(in.Trace.T[n-1]-in.Trace.T[0])
}

// judgeSteps finds laps, matches the rest and adds up.
func (m *Matcher) judgeSteps(t *tally, in Input, dist float64) {
	p := &m.path
	m.verdicts = append(m.verdicts[:0], make([]verdict, len(p.steps))...)
	if in.Ground != nil {
		m.match(in.Ground)
		t.res.SigmaM = m.sigmaM
		m.conclude(in.Kind.weights())
	}
	laps := m.applyLaps(t, in.Ground != nil)
	located, lost, rest := p.scales(dist)
	known := 0.0
	for i, c := range p.chains {
		for s := c.first; s < c.end; s++ {
			if m.verdicts[s].known {
				known += p.steps[s].lenM
			}
			t.add(&m.verdicts[s], located*p.steps[s].lenM)
		}
		if i < len(p.gapM) {
			t.unknown(lost * p.gapM[i])
		}
	}
	t.unknown(rest)
	t.res.Mapped = in.Ground != nil && known > laps
	switch {
	case known == 0:
	case laps > known/2:
		t.res.From = FromLaps
	default:
		t.res.From = FromMap
	}
}

// scales are the factors that make a path as long as the run: of the metres between positions, of the gaps, and the metres
// that remain without positions.
func (p *path) scales(dist float64) (located, lost, rest float64) {
	if dist == 0 {
		return 1, 1, 0
	}
	if p.lenM == 0 {
		return 0, 0, dist
	}
	gaps := max(0, min(dist-p.lenM, p.lostM))
	located = min(dist/(p.lenM+gaps), maxLonger)
	if p.lostM > 0 {
		lost = located * gaps / p.lostM
	}
	return located, lost, max(0, dist-located*(p.lenM+gaps))
}

// conclude turns the probabilities of the states into verdicts on steps.
func (m *Matcher) conclude(weights [Classes]float32) {
	for s := range m.path.steps {
		m.verdicts[s] = m.concludeStep(m.states[m.first[s]:m.first[s+1]], &weights)
	}
}

// faintP is the probability of a state that is not worth counting, and tagDoubt that of all classes an explicit tag
// excludes: they widen the interval, but nobody runs a twentieth of asphalt on gravel.
const (
	faintP   = 1e-3
	tagDoubt = 0.05
)

func (m *Matcher) concludeStep(states []candidate, weights *[Classes]float32) verdict {
	v := verdict{way: noWay}
	var on, top float32
	for _, c := range states {
		if c.edge < 0 || c.weight < faintP {
			continue
		}
		way := &m.ground.net.Ways[m.ground.edges[c.edge].way]
		on += c.weight
		if c.weight > top {
			top, v.code, v.way = c.weight, int32(way.Code), m.ground.edges[c.edge].way
		}
		mix := way.Mix
		if !way.Tagged {
			reweigh(&mix, weights)
		}
		v.hard += c.weight * mix.Group(Hard)
		if way.Tagged {
			v.tagged += c.weight
			sharpen(&mix)
		}
		for k := range mix {
			v.mix[k] += c.weight * mix[k]
		}
	}
	if on < knownP {
		return verdict{}
	}
	for k := range v.mix {
		v.mix[k] /= on
	}
	v.hard /= on
	v.tagged /= on
	for g := range Group(Groups) {
		v.known = v.known || v.mix.Group(g) >= groupP
	}
	return v
}

// reweigh multiplies a mix by weights.
func reweigh(mix *Mix, weights *[Classes]float32) {
	var sum float32
	for k := range mix {
		mix[k] *= weights[k]
		sum += mix[k]
	}
	if sum > 0 {
		for k := range mix {
			mix[k] /= sum
		}
	}
}

// sharpen takes a tag at its word.
func sharpen(mix *Mix) {
	var sum float32
	for k, p := range mix {
		if p < tagDoubt {
			mix[k] = 0
		}
		sum += mix[k]
	}
	if sum > 0 {
		for k := range mix {
			mix[k] /= sum
		}
	}
}

// Judge tells the ground of a run from all there is, once.
func Judge(in Input) Result {
	var m Matcher
	return m.Judge(in)
}
