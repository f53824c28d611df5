package surface

import (
	"context"
	"io"
	"math"
)

// Called is what is said of the ground at one time.
type Called struct {
	T     float64
	Class Class
	Known bool
	Way   int
}

// Match is Judge for a trace and a map; distM is 0 when only the positions tell it.
func (m *Matcher) Match(g *Ground, t Trace, distM float64) Result {
	return m.Judge(Input{DistM: distM, Trace: t, Altitude: true, Ground: g})
}

// MatchSteps matches a trace and returns what is said of each step, and sigma.
func (m *Matcher) MatchSteps(g *Ground, t Trace) ([]Called, float64) {
	if !m.path.read(t) {
		return nil, 0
	}
	m.verdicts = append(m.verdicts[:0], make([]verdict, len(m.path.steps))...)
	m.match(g)
	m.conclude(Kind("").weights())
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

// FullWay is a way of a map before it was simplified, with all that its tags tell.
type FullWay struct {
	Nodes []int32
	// Class is what the map says by an explicit tag, if Explicit.
	Class    Class
	Explicit bool
	// Mix is what an index would say of the way without its neighbours, and Fill the same without its surface tag.
	Mix, Fill      Mix
	Code, FillCode uint16
	// Street and Road tell where runners keep to one side.
	Street, Road bool
}

// FullMap reads a map at its full resolution.
func FullMap(ctx context.Context, r io.ReadSeeker) (latDeg, lonDeg []float64, ways []FullWay, err error) {
	var refs []int64
	var raw []rawWay
	var c counts
	places := map[int64][2]float64{}
	all := want{ways: true, node: func(int64, int32, int32) bool { return true }}
	_, err = readOSM(ctx, r, all, func(b *block) error {
		c.addWays(b.ways)
		at := len(refs)
		refs = append(refs, b.refs...)
		for _, w := range b.ways {
			raw = append(raw, rawWay{end: at + w.end, code: w.code})
		}
		for i, id := range b.ids {
			places[id] = [2]float64{float64(b.lat[i]) / 1e7, float64(b.lon[i]) / 1e7}
		}
		return nil
	})
	number := map[int64]int32{}
	from := 0
	for _, w := range raw {
		of := codeOf(w.code)
		full := FullWay{Code: w.code, FillCode: of.context(), Fill: c.learned(of), Road: of.kind == kindRoad}
		full.Class, full.Explicit = of.class()
		switch of.kind {
		case kindResidential, kindLiving, kindService, kindUnclassified:
			full.Street = true
		}
		full.Mix = full.Fill
		full.Mix.state(of)
		for _, id := range refs[from:w.end] {
			at, ok := places[id]
			if !ok {
				continue
			}
			n, ok := number[id]
			if !ok {
				n = int32(len(latDeg))
				number[id] = n
				latDeg, lonDeg = append(latDeg, at[0]), append(lonDeg, at[1])
			}
			full.Nodes = append(full.Nodes, n)
		}
		from = w.end
		if len(full.Nodes) > 1 {
			ways = append(ways, full)
		}
	}
	return latDeg, lonDeg, ways, err
}

// Refill is what an import would say of the ways of a map if the tags of some were missing: what it learns from the others,
// and from those nearby.
func Refill(latDeg, lonDeg []float64, ways []FullWay, hidden []bool) []Mix {
	var l lines
	var c counts
	for i, w := range ways {
		code := w.Code
		if hidden[i] {
			code = w.FillCode
		}
		first := int32(len(l.lat))
		for _, n := range w.Nodes {
			l.lat = append(l.lat, int32(math.Round(latDeg[n]*DegreeSteps)))
			l.lon = append(l.lon, int32(math.Round(lonDeg[n]*DegreeSteps)))
		}
		l.list = append(l.list, line{first: first, end: int32(len(l.lat)), code: code})
		c.addWays([]rawWay{{code: code}})
	}
	l.fill(&c)
	quantize(l.palette)
	mixes := make([]Mix, len(ways))
	for i := range ways {
		if _, ok := codeOf(l.list[i].code).class(); !ok {
			mixes[i] = l.palette[l.list[i].mix]
		}
	}
	return mixes
}

// MayHoldLaps is the glance before laps are looked for.
func MayHoldLaps(t Trace) bool {
	var p path
	return p.mayHoldLaps(t)
}
