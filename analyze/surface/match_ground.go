package surface

import (
	"math"
	"math/bits"
)

// Ground is a network made ready for matching: a graph whose nodes are the vertices where ways meet or end, and a grid to
// find what is near. It is never changed, so any number of matchers may share one.
type Ground struct {
	net   *Network
	edges []edge
	// edgeOf is the edge of the segment from each vertex to the next of its way, -1 at the way's last.
	edgeOf []int32
	// alongM is metres from the start of the way to each vertex.
	alongM []float32
	// The arcs from node n are arcs[firstArc[n]:firstArc[n+1]].
	firstArc []int32
	arcs     []arc
	grid     grid
}

// edge is a piece of a way between two nodes.
type edge struct {
	way      int32
	from, to int32
	// startM is where on its way it starts.
	startM, lenM float32
}

// arc leads to a neighbouring node.
type arc struct {
	to   int32
	lenM float32
}

// lengthLat is how far apart two latitudes are, in vertex steps, before the length of a degree is computed anew.
const lengthLat = DegreeSteps / 200

// Prepare makes a network ready for matching. The network must not be changed afterwards.
func Prepare(net *Network) *Ground {
	g := &Ground{net: net}
	g.measure()
	nodes := g.findEdges()
	g.link(nodes)
	g.grid.fill(g)
	return g
}

// vertices is the range of a way's vertices, empty where the network is broken.
func (g *Ground) vertices(w int) (first, end int32) {
	way := &g.net.Ways[w]
	first, end = way.First, way.End
	if first < 0 || int(end) > min(len(g.net.Lat), len(g.net.Lon)) || end-first < 2 {
		return 0, 0
	}
	return first, end
}

// measure fills alongM.
func (g *Ground) measure() {
	g.alongM = make([]float32, len(g.net.Lat))
	at := int32(math.MinInt32)
	var perLat, perLon float64
	for w := range g.net.Ways {
		first, end := g.vertices(w)
		var sum float64
		for v := first + 1; v < end; v++ {
			lat, lon := g.net.Lat[v-1], g.net.Lon[v-1]
			if lat > at+lengthLat || lat < at-lengthLat {
				at = lat
				perLat, perLon = metresPerDegree(float64(lat) / DegreeSteps)
				perLat, perLon = perLat/DegreeSteps, perLon/DegreeSteps
			}
			x, y := float64(g.net.Lon[v]-lon)*perLon, float64(g.net.Lat[v]-lat)*perLat
			sum += math.Sqrt(x*x + y*y)
			g.alongM[v] = float32(sum)
		}
	}
}

// placeTable finds the vertices that lie at one place: an open-addressed hash table without deletion.
type placeTable struct {
	lat, lon []int32
	// state is 0 for a free slot, else one of the seen constants.
	state []uint8
	shift uint
}

// What is known of a place.
const (
	seenOnce = 1 + iota
	seenNode
)

func newPlaceTable(n int) *placeTable {
	size := bits.Len(uint(max(2*n, 16) - 1))
	return &placeTable{lat: make([]int32, 1<<size), lon: make([]int32, 1<<size), state: make([]uint8, 1<<size), shift: uint(64 - size)}
}

// slot is where a place is kept, or belongs if it is new.
func (t *placeTable) slot(lat, lon int32) int32 {
	mask := len(t.state) - 1
	i := int(hashPair(lat, lon) >> t.shift)
	for t.state[i] != 0 && (t.lat[i] != lat || t.lon[i] != lon) {
		i = (i + 1) & mask
	}
	return int32(i)
}

// hashPair mixes two numbers; the high bits are the good ones (Fibonacci hashing).
func hashPair(a, b int32) uint64 {
	h := uint64(uint32(a))<<32 | uint64(uint32(b))
	h ^= h >> 29
	return h * 0x9E3779B97F4A7C15
}

// findEdges cuts the ways at nodes into edges and returns how many nodes there are.
func (g *Ground) findEdges() int {
	net := g.net
	places := newPlaceTable(len(net.Lat))
	slots := make([]int32, len(net.Lat))
	for w := range net.Ways {
		first, end := g.vertices(w)
		for v := first; v < end; v++ {
			lat, lon := net.Lat[v], net.Lon[v]
			s := places.slot(lat, lon)
			slots[v] = s
			switch {
			case v == first || v == end-1:
				places.lat[s], places.lon[s], places.state[s] = lat, lon, seenNode
			case s == slots[v-1]: // two vertices in one place after rounding
			case places.state[s] == 0:
				places.lat[s], places.lon[s], places.state[s] = lat, lon, seenOnce
			default:
				places.state[s] = seenNode
			}
		}
	}
	node := make([]int32, len(places.state))
	nodes := int32(0)
	for s, state := range places.state {
		if state == seenNode {
			node[s], nodes = nodes, nodes+1
		}
	}
	g.edgeOf = make([]int32, len(net.Lat))
	for i := range g.edgeOf {
		g.edgeOf[i] = -1
	}
	g.edges = make([]edge, 0, len(net.Ways)+int(nodes))
	for w := range net.Ways {
		first, end := g.vertices(w)
		from := first
		for v := first; v < end-1; v++ {
			g.edgeOf[v] = int32(len(g.edges))
			if next := v + 1; next == end-1 || places.state[slots[next]] == seenNode && slots[next] != slots[v] {
				g.edges = append(g.edges, edge{way: int32(w), from: node[slots[from]], to: node[slots[next]],
					startM: g.alongM[from], lenM: g.alongM[next] - g.alongM[from]})
				from = next
			}
		}
	}
	return int(nodes)
}

// link fills the arcs of each node.
func (g *Ground) link(nodes int) {
	g.firstArc = make([]int32, nodes+2)
	for _, e := range g.edges {
		g.firstArc[e.from+2]++
		g.firstArc[e.to+2]++
	}
	for n := 2; n < len(g.firstArc); n++ {
		g.firstArc[n] += g.firstArc[n-1]
	}
	g.arcs = make([]arc, 2*len(g.edges))
	put := func(from, to int32, lenM float32) {
		g.arcs[g.firstArc[from+1]] = arc{to, lenM}
		g.firstArc[from+1]++
	}
	for _, e := range g.edges {
		put(e.from, e.to, e.lenM)
		put(e.to, e.from, e.lenM)
	}
	g.firstArc = g.firstArc[:nodes+1]
}
