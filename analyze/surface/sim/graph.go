// Package sim makes runs whose ground is known, to measure what matching gets right: routes over a map at its full
// resolution, the line that a runner takes beside the middle of the way, and the noise of a watch. Everything follows from
// a seed.
package sim

import (
	"math"
	"math/rand/v2"

	"kneecheck/analyze/surface"
)

// Graph is a map at its full resolution, with the truth about its ground.
type Graph struct {
	// LatDeg and LonDeg are the nodes; ways meet where they share one.
	LatDeg, LonDeg []float64
	Ways           []Way

	arcs  [][]arc
	plane plane
}

// Way is one line of a graph.
type Way struct {
	Nodes []int32
	// Truth is the ground. Runs are scored only where Scored is true, which is where somebody knows the truth.
	Truth  surface.Class
	Scored bool
	// Tagged and Mix are what a map says; Fill is what it would say of the way if its tag were missing. Code and FillCode
	// name ways of the same tags.
	Tagged         bool
	Mix, Fill      surface.Mix
	Code, FillCode uint16
	// NearM and FarM bound how far from the line a runner keeps.
	NearM, FarM float64
}

type arc struct {
	to, way int32
	lenM    float64
}

type plane struct{ lat0, lon0, mPerLat, mPerLon float64 }

func (p plane) xy(lat, lon float64) (x, y float64) {
	return (lon - p.lon0) * p.mPerLon, (lat - p.lat0) * p.mPerLat
}

func (p plane) deg(x, y float64) (lat, lon float64) {
	return p.lat0 + y/p.mPerLat, p.lon0 + x/p.mPerLon
}

// newPlane is a plane of the sphere of WGS84's mean radius; the matcher's ellipsoid differs by up to 0.3 %, as watches do.
func newPlane(lat, lon float64) plane {
	const perDeg = 6371008.8 * math.Pi / 180
	return plane{lat, lon, perDeg, perDeg * math.Cos(lat*math.Pi/180)}
}

// Link readies the graph for routing.
func (g *Graph) Link() {
	g.plane = newPlane(g.LatDeg[0], g.LonDeg[0])
	g.arcs = make([][]arc, len(g.LatDeg))
	for w := range g.Ways {
		nodes := g.Ways[w].Nodes
		for i := 1; i < len(nodes); i++ {
			a, b := nodes[i-1], nodes[i]
			d := g.distM(a, b)
			g.arcs[a] = append(g.arcs[a], arc{b, int32(w), d})
			g.arcs[b] = append(g.arcs[b], arc{a, int32(w), d})
		}
	}
}

func (g *Graph) distM(a, b int32) float64 {
	ax, ay := g.plane.xy(g.LatDeg[a], g.LonDeg[a])
	bx, by := g.plane.xy(g.LatDeg[b], g.LonDeg[b])
	return math.Hypot(bx-ax, by-ay)
}

// Damage is what is wrong with a map, as shares of its ways.
type Damage struct {
	HideTags, DeleteWays float64
	Seed                 uint64
}

// Damaged says which ways lose their tags, and which are not on the map.
func (g *Graph) Damaged(d Damage) (hidden, gone []bool) {
	rng := rand.New(rand.NewPCG(d.Seed, 1))
	hidden, gone = make([]bool, len(g.Ways)), make([]bool, len(g.Ways))
	for i := range g.Ways {
		hidden[i], gone[i] = rng.Float64() < d.HideTags, rng.Float64() < d.DeleteWays
	}
	return hidden, gone
}

// simplifyM is how far a simplified line may be from the full one, as an index of the map keeps it.
const simplifyM = 2

// Network is what a damaged map knows, simplified and rounded. Kept says of each way of the graph whether it is in there.
func (g *Graph) Network(d Damage) (net *surface.Network, kept []bool) {
	hidden, gone := g.Damaged(d)
	uses := make([]int, len(g.LatDeg))
	for _, w := range g.Ways {
		for i, n := range w.Nodes {
			uses[n]++
			if i == 0 || i == len(w.Nodes)-1 {
				uses[n]++
			}
		}
	}
	net, kept = &surface.Network{}, make([]bool, len(g.Ways))
	for i := range g.Ways {
		w := &g.Ways[i]
		if gone[i] || len(w.Nodes) < 2 {
			continue
		}
		kept[i] = true
		way := surface.Way{First: int32(len(net.Lat)), Mix: w.Mix, Tagged: w.Tagged, Code: w.Code}
		if hidden[i] && w.Scored {
			way.Mix, way.Tagged, way.Code = w.Fill, false, w.FillCode
		}
		from := 0
		for k := 1; k < len(w.Nodes); k++ {
			if uses[w.Nodes[k]] > 1 {
				g.simplify(net, w.Nodes[from:k+1])
				from = k
			}
		}
		g.vertex(net, w.Nodes[len(w.Nodes)-1])
		way.End = int32(len(net.Lat))
		net.Ways = append(net.Ways, way)
	}
	return net, kept
}

func (g *Graph) vertex(net *surface.Network, n int32) {
	net.Lat = append(net.Lat, int32(math.Round(g.LatDeg[n]*surface.DegreeSteps)))
	net.Lon = append(net.Lon, int32(math.Round(g.LonDeg[n]*surface.DegreeSteps)))
}

// simplify appends a line without its last node (Douglas and Peucker).
func (g *Graph) simplify(net *surface.Network, nodes []int32) {
	ax, ay := g.plane.xy(g.LatDeg[nodes[0]], g.LonDeg[nodes[0]])
	last := nodes[len(nodes)-1]
	bx, by := g.plane.xy(g.LatDeg[last], g.LonDeg[last])
	far, at := simplifyM*1.0, 0
	for i := 1; i < len(nodes)-1; i++ {
		x, y := g.plane.xy(g.LatDeg[nodes[i]], g.LonDeg[nodes[i]])
		if d := segmentM(x, y, ax, ay, bx, by); d > far {
			far, at = d, i
		}
	}
	if at == 0 {
		g.vertex(net, nodes[0])
		return
	}
	g.simplify(net, nodes[:at+1])
	g.simplify(net, nodes[at:])
}

func segmentM(x, y, ax, ay, bx, by float64) float64 {
	ux, uy := bx-ax, by-ay
	t := 0.0
	if l2 := ux*ux + uy*uy; l2 > 0 {
		t = max(0, min(((x-ax)*ux+(y-ay)*uy)/l2, 1))
	}
	return math.Hypot(x-ax-t*ux, y-ay-t*uy)
}

// likely is what a way like it mostly is.
func (w *Way) likely() surface.Class {
	c, _ := w.Fill.Best()
	return c
}

// Complete is the graph with a truth for every way: where nobody knows it is what such ways mostly are, and tagged. Scored
// stays as it is.
func (g *Graph) Complete() *Graph {
	full := *g
	full.Ways = append([]Way(nil), g.Ways...)
	for i := range full.Ways {
		if w := &full.Ways[i]; !w.Scored {
			w.Truth, w.Tagged = w.likely(), true
			w.Mix = tagMix(w.Truth, w.Fill)
		}
	}
	return &full
}

// tagMix is what a map says of a way with an explicit tag: 95 % the tag, the rest by what such ways are made of.
func tagMix(c surface.Class, context surface.Mix) surface.Mix {
	for k := range context {
		context[k] *= 0.05
	}
	context[c] += 0.95
	return context
}
