package sim

import (
	"container/heap"
	"math"
	"math/rand/v2"

	"kneecheck/analyze/surface"
)

// Noise is the error of a watch, east and north each: one that drifts (AR(1) of SigmaM and TauS) and one without memory.
type Noise struct{ SigmaM, TauS, WhiteM float64 }

// Watch is noise of a sigma as watches show it: neighbouring errors go together.
func Watch(sigmaM float64) Noise { return Noise{SigmaM: sigmaM, TauS: 30, WhiteM: 0.15} }

// Run is a simulated run at 1 Hz.
type Run struct {
	Trace surface.Trace
	// Way is the true way at each position.
	Way   []int32
	DistM float64
}

// Speeds of runs, and their lengths.
const (
	// What a metre costs differs from run to run by the ground that such ways mostly have, and from way to way.
	lowTaste, highTaste   = 0.7, 1.5
	lowJitter, highJitter = 0.85, 1.15
	// Runners would rather not be beside the cars of a road so wide, if there is a path.
	wideM, roadCost = 5, 1.3

	slowMPS, fastMPS = 2.5, 3.7
	shortM, longM    = 4000, 11000
	legM             = 2000
)

// Run makes a run along a random route: waypoints joined by the cheapest way, with costs that differ from run to run.
func (g *Graph) Run(noise Noise, seed uint64) Run {
	rng := rand.New(rand.NewPCG(seed, 2))
	nodes, ways := g.route(rng, shortM+rng.Float64()*(longM-shortM))
	r := &runner{g: g, rng: rng, noise: noise, side: 1}
	if rng.IntN(2) == 0 {
		r.side = -1
	}
	r.speed = slowMPS + rng.Float64()*(fastMPS-slowMPS)
	r.follow(nodes, ways)
	return r.run
}

// route is a walk over the graph of about so many metres: its nodes and the way to each from the one before.
func (g *Graph) route(rng *rand.Rand, lenM float64) (nodes, ways []int32) {
	taste := [surface.Groups]float64{}
	for i := range taste {
		taste[i] = lowTaste + rng.Float64()*(highTaste-lowTaste)
	}
	jitter := make([]float32, len(g.Ways))
	for i := range jitter {
		w := &g.Ways[i]
		cost := taste[w.likely().Group()] * (lowJitter + rng.Float64()*(highJitter-lowJitter))
		if w.FarM > wideM {
			cost *= roadCost
		}
		jitter[i] = float32(cost)
	}
	for {
		at := int32(rng.IntN(len(g.arcs)))
		nodes, ways = append(nodes[:0], at), ways[:0]
		done := 0.0
		for try := 0; done < lenM && try < 60; try++ {
			goal := int32(rng.IntN(len(g.arcs)))
			if d := g.distM(at, goal); d > legM || d < 100 {
				try--
				if rng.IntN(1000) == 0 {
					break
				}
				continue
			}
			leg, via := g.leg(at, goal, jitter)
			if leg == nil {
				continue
			}
			for i := range leg {
				done += g.distM(at, leg[i])
				at = leg[i]
			}
			nodes, ways = append(nodes, leg...), append(ways, via...)
		}
		if done >= lenM {
			return nodes, ways
		}
	}
}

type queued struct {
	node int32
	cost float64
}
type queue []queued

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(queued)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// leg is the cheapest path between two nodes, without its first (A*), or nil.
func (g *Graph) leg(from, to int32, jitter []float32) (nodes, ways []int32) {
	type label struct {
		cost float64
		back int32
		way  int32
		done bool
	}
	labels := map[int32]*label{from: {back: -1}}
	q := &queue{{from, 0}}
	for q.Len() > 0 {
		n := heap.Pop(q).(queued).node
		l := labels[n]
		if l.done {
			continue
		}
		l.done = true
		if n == to {
			for at := to; at != from; at = labels[at].back {
				nodes, ways = append(nodes, at), append(ways, labels[at].way)
			}
			reverse(nodes)
			reverse(ways)
			return nodes, ways
		}
		for _, a := range g.arcs[n] {
			cost := l.cost + a.lenM*float64(jitter[a.way])
			if old := labels[a.to]; old == nil || cost < old.cost && !old.done {
				labels[a.to] = &label{cost: cost, back: n, way: a.way}
				heap.Push(q, queued{a.to, cost + lowTaste*lowJitter*g.distM(a.to, to)})
			}
		}
	}
	return nil, nil
}

func reverse(s []int32) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// runner moves along a line and records.
type runner struct {
	g           *Graph
	rng         *rand.Rand
	noise       Noise
	side, speed float64
	run         Run
	// offX and offY are how far the runner is from the mapped line; they follow what the way asks for within some metres.
	offX, offY float64
	errX, errY float64
	begun      bool
	shift      map[int32][3]float64
	pace, t    float64
	// sum is how far into the next piece of a line the runner is.
	sum float64
}

// mapErrorM is the sigma of a way's place on the map.
const mapErrorM = 1.5

// follow runs along nodes, a position each second.
func (r *runner) follow(nodes, ways []int32) {
	r.shift = map[int32][3]float64{}
	left := 0.0
	for i := 1; i < len(nodes); i++ {
		ax, ay := r.g.plane.xy(r.g.LatDeg[nodes[i-1]], r.g.LonDeg[nodes[i-1]])
		bx, by := r.g.plane.xy(r.g.LatDeg[nodes[i]], r.g.LonDeg[nodes[i]])
		d := math.Hypot(bx-ax, by-ay)
		if d == 0 {
			continue
		}
		at := left
		for ; at < d; at += r.tick() {
			f := at / d
			r.record(ax+f*(bx-ax), ay+f*(by-ay), (bx-ax)/d, (by-ay)/d, ways[i-1])
		}
		left = at - d
		r.run.DistM += d
	}
}

// tick is how far the runner gets in a second.
func (r *runner) tick() float64 {
	r.pace = 0.95*r.pace + 0.03*r.rng.NormFloat64()
	return max(1, r.speed*(1+r.pace))
}

// record takes a position on a way in direction (dx, dy).
func (r *runner) record(x, y, dx, dy float64, way int32) {
	s, ok := r.shift[way]
	if !ok {
		w := &r.g.Ways[way]
		s = [3]float64{r.rng.NormFloat64() * mapErrorM, r.rng.NormFloat64() * mapErrorM, w.NearM + r.rng.Float64()*(w.FarM-w.NearM)}
		r.shift[way] = s
	}
	wantX, wantY := s[0]-dy*s[2]*r.side, s[1]+dx*s[2]*r.side
	if !r.begun {
		r.offX, r.offY = wantX, wantY
	}
	r.offX += 0.35 * (wantX - r.offX)
	r.offY += 0.35 * (wantY - r.offY)
	r.put(x+r.offX, y+r.offY, way)
}

// put records a true position with noise.
func (r *runner) put(x, y float64, way int32) {
	n := r.noise
	if !r.begun {
		r.errX, r.errY, r.begun = n.SigmaM*r.rng.NormFloat64(), n.SigmaM*r.rng.NormFloat64(), true
	} else {
		a := 0.0
		if n.TauS > 0 {
			a = math.Exp(-1 / n.TauS)
		}
		b := n.SigmaM * math.Sqrt(1-a*a)
		r.errX, r.errY = a*r.errX+b*r.rng.NormFloat64(), a*r.errY+b*r.rng.NormFloat64()
	}
	lat, lon := r.g.plane.deg(x+r.errX+n.WhiteM*r.rng.NormFloat64(), y+r.errY+n.WhiteM*r.rng.NormFloat64())
	t := &r.run.Trace
	t.T, t.LatDeg, t.LonDeg = append(t.T, r.t), append(t.LatDeg, lat), append(t.LonDeg, lon)
	r.run.Way = append(r.run.Way, way)
	r.t++
}
