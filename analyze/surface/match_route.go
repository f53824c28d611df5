package surface

import "math"

// router finds short routes between places on edges: Dijkstra's algorithm within a bound of some tens of metres, where
// only a handful of nodes lie.
type router struct {
	ground *Ground
	// distM of a node is valid where mark equals round.
	distM []float32
	mark  []uint32
	round uint32
	open  []int32
}

// on readies the router for a ground.
func (r *router) on(g *Ground) {
	if r.ground == g {
		return
	}
	r.ground = g
	if n := len(g.firstArc); n > len(r.distM) {
		r.distM, r.mark, r.round = make([]float32, n), make([]uint32, n), 0
	}
}

// from measures the way from a place to all nodes within the bound.
func (r *router) from(c *candidate, bound float32) {
	r.round++
	if r.round == 0 {
		clear(r.mark)
		r.round = 1
	}
	r.open = r.open[:0]
	e := &r.ground.edges[c.edge]
	r.reach(e.from, c.alongM, bound)
	r.reach(e.to, e.lenM-c.alongM, bound)
	for len(r.open) > 0 {
		best := 0
		for i := range r.open {
			if r.distM[r.open[i]] < r.distM[r.open[best]] {
				best = i
			}
		}
		n := r.open[best]
		r.open[best] = r.open[len(r.open)-1]
		r.open = r.open[:len(r.open)-1]
		d := r.distM[n]
		for _, a := range r.ground.arcs[r.ground.firstArc[n]:r.ground.firstArc[n+1]] {
			r.reach(a.to, d+a.lenM, bound)
		}
	}
}

// reach notes that a node can be reached in so many metres. A node that got nearer is open again; lengths are not
// negative, so that happens only while it still is in the queue.
func (r *router) reach(n int32, d, bound float32) {
	if d > bound {
		return
	}
	if r.mark[n] != r.round {
		r.mark[n], r.distM[n] = r.round, d
		r.open = append(r.open, n)
	} else if d < r.distM[n] {
		r.distM[n] = d
	}
}

// to is the length of the route to a place, infinite when it is beyond the bound.
func (r *router) to(from, to *candidate) float32 {
	e := &r.ground.edges[to.edge]
	best := float32(math.Inf(1))
	if from.edge == to.edge {
		best = max(to.alongM-from.alongM, from.alongM-to.alongM)
	}
	if r.mark[e.from] == r.round {
		best = min(best, r.distM[e.from]+to.alongM)
	}
	if r.mark[e.to] == r.round {
		best = min(best, r.distM[e.to]+e.lenM-to.alongM)
	}
	return best
}
