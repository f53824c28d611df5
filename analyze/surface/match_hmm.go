package surface

import "math"

// Weights are scaled so that the largest or the sum of a step is 1. A state can be reached from any other by a hop, so
// they cannot all vanish, and no logarithms are needed.

// forward runs along a chain: front of a state is the probability of it and of all positions so far.
func (m *Matcher) forward(c span) {
	first := m.states[m.first[c.first]:m.first[c.first+1]]
	front := m.front[m.first[c.first]:]
	for i := range first {
		front[i] = first[i].weight
	}
	scale(front[:len(first)])
	for s := c.first; s < c.end-1; s++ {
		a, b := m.states[m.first[s]:m.first[s+1]], m.states[m.first[s+1]:m.first[s+2]]
		m.moves[s] = int32(len(m.move))
		m.transitions(a, b, &m.path.steps[s], &m.path.steps[s+1])
		front, next := m.front[m.first[s]:m.first[s+1]], m.front[m.first[s+1]:m.first[s+2]]
		row := m.move[m.moves[s]:]
		clear(next)
		for i := range a {
			for j := range b {
				next[j] += front[i] * row[i*len(b)+j]
			}
		}
		for j := range b {
			next[j] *= b[j].weight
		}
		scale(next)
	}
}

// backward runs the other way and turns the weights of the states into their probabilities given all positions.
func (m *Matcher) backward(c span) {
	last := m.back[m.first[c.end-1]:m.first[c.end]]
	for i := range last {
		last[i] = 1
	}
	for s := c.end - 1; s >= c.first; s-- {
		states := m.states[m.first[s]:m.first[s+1]]
		back, front := m.back[m.first[s]:m.first[s+1]], m.front[m.first[s]:m.first[s+1]]
		if s < c.end-1 {
			next := m.back[m.first[s+1]:m.first[s+2]]
			row := m.move[m.moves[s]:]
			for i := range back {
				var sum float32
				for j := range next {
					sum += row[i*len(next)+j] * next[j]
				}
				back[i] = sum
			}
			scale(back)
		}
		var sum float32
		for i := range states {
			sum += front[i] * back[i]
		}
		for i := range states {
			p := front[i] * back[i] / sum
			// The step before needs what this one adds from behind, so back takes in the position itself.
			back[i] *= states[i].weight
			states[i].weight = p
		}
	}
}

// scale makes the largest weight 1.
func scale(w []float32) {
	var top float32
	for _, v := range w {
		top = max(top, v)
	}
	for i := range w {
		w[i] /= top
	}
}

// transitions appends the weights of going from each of a to each of b between two steps.
func (m *Matcher) transitions(a, b []candidate, from, to *step) {
	movedM, sx, sy := from.nextM, to.x-from.x, to.y-from.y
	drift := 2 * m.sigmaM * m.sigmaM * (1 - math.Exp((from.t-to.t)/driftS))
	perM2 := driftWeight * 0.5 / (driftM*driftM + drift)
	perRouteM := 1 / math.Sqrt(routeM*routeM+routeDrift*drift)
	moved := float32(movedM)
	bound := float32(routeFactor*movedM + routeSlackM)
	stay := float32(math.Exp(-offStayCost))
	leave := float32(math.Exp(-offCost))
	for i := range a {
		if a[i].edge < 0 {
			for j := range b {
				w := leave
				if b[j].edge < 0 {
					w = stay
				}
				m.move = append(m.move, w)
			}
			continue
		}
		m.router.from(&a[i], bound)
		for j := range b {
			if b[j].edge < 0 {
				m.move = append(m.move, leave)
				continue
			}
			dx, dy := float64(b[j].x-a[i].x), float64(b[j].y-a[i].y)
			cost := hopCost + math.Abs(math.Sqrt(dx*dx+dy*dy)-movedM)*perRouteM
			if route := m.router.to(&a[i], &b[j]); route <= bound {
				cost = min(cost, math.Abs(float64(route-moved))*perRouteM)
			}
			cost += perM2 * ((dx-sx)*(dx-sx) + (dy-sy)*(dy-sy))
			m.move = append(m.move, float32(math.Exp(-cost)))
		}
	}
}
