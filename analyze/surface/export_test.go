package surface

import "math"

// Called is what is said of the ground at one time.
type Called struct {
	T     float64
	Class Class
	Known bool
	Way   int
}

// MatchSteps matches a trace and returns what is said of each step, and sigma.
func (m *Matcher) MatchSteps(g *Ground, t Trace) ([]Called, float64) {
	if !m.path.read(t) {
		return nil, 0
	}
	m.verdicts = append(m.verdicts[:0], make([]verdict, len(m.path.steps))...)
	m.match(g)
	m.conclude(Hint{}.weights())
	var out []Called
	for s, v := range m.verdicts {
		c, _ := v.mix.Best()
		top, way := float32(0), -1
		for _, st := range m.states[m.first[s]:m.first[s+1]] {
			if st.weight > top {
				top, way = st.weight, -1
				if st.edge >= 0 {
					way = int(g.edges[st.edge].way)
				}
			}
		}
		out = append(out, Called{m.path.steps[s].t, c, v.known, way})
	}
	return out, m.sigmaM
}

// NearestSteps says of each position what the nearest way within 40 m is made of.
func (m *Matcher) NearestSteps(g *Ground, t Trace) []Called {
	if !m.path.read(t) {
		return nil
	}
	m.on(g)
	var out []Called
	for _, p := range m.path.raw {
		m.find(&step{x: p.x, y: p.y}, sigmaReachM, 1)
		best := candidate{edge: -1, distM: float32(math.Inf(1))}
		for _, c := range m.near {
			if c.distM < best.distM {
				best = c
			}
		}
		call := Called{T: p.t}
		if best.edge >= 0 {
			call.Class, _ = g.net.Ways[g.edges[best.edge].way].Mix.Best()
			call.Known = true
		}
		out = append(out, call)
	}
	return out
}
