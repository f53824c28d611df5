package surface_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/sim"
)

// fullMap is a map file at its full resolution.
type fullMap struct {
	lat, lon []float64
	ways     []surface.FullWay
}

func readFull(t testing.TB, path string) fullMap {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lat, lon, ways, err := surface.FullMap(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return fullMap{lat, lon, ways}
}

// graph is the map to run on. What has no tag is taken for what such ways mostly are.
func (m fullMap) graph() *sim.Graph {
	g := &sim.Graph{LatDeg: m.lat, LonDeg: m.lon}
	for _, w := range m.ways {
		way := sim.Way{Nodes: w.Nodes, Truth: w.Class, Scored: w.Explicit, Tagged: w.Explicit, Mix: w.Mix, Fill: w.Fill, Code: w.Code, FillCode: w.FillCode}
		switch {
		case w.Road:
			way.NearM, way.FarM = 3, 7
		case w.Street:
			way.NearM, way.FarM = 1, 4.5
		}
		g.Ways = append(g.Ways, way)
	}
	g.Link()
	return g.Complete()
}

// damaged is what is left of the map. Of ways whose tags are hidden it says what an import learns from the other ways.
func (m fullMap) damaged(g *sim.Graph, d sim.Damage) (net *surface.Network, kept []bool) {
	hidden, _ := g.Damaged(d)
	told := *g
	told.Ways = slices.Clone(g.Ways)
	for i, mix := range surface.Refill(m.lat, m.lon, m.ways, hidden) {
		if hidden[i] && told.Ways[i].Scored {
			told.Ways[i].Fill = mix
		}
	}
	return told.Network(d)
}

func graphOf(t testing.TB, path string) *sim.Graph {
	t.Helper()
	return readFull(t, path).graph()
}

func simulate(g *sim.Graph, sigmaM float64, n int) []sim.Run {
	runs := make([]sim.Run, n)
	for i := range runs {
		runs[i] = g.Run(sim.Watch(sigmaM), uint64(1000+i))
	}
	return runs
}

// corpusMap is the extract of Heidelberg, where the folder of real files is set.
func corpusMap(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("KNEECHECK_CORPUS")
	if dir == "" {
		t.Skip("KNEECHECK_CORPUS is not set: no real map")
	}
	return filepath.Join(dir, "surface-heidelberg", "heidelberg.test.pbf")
}

// TestCorpusMatch holds matching over the extract of Heidelberg to its targets. The group of runs with a sigma of 10 m has
// a target of 0.978, which is missed by less than 0.005.
func TestCorpusMatch(t *testing.T) {
	path := corpusMap(t)
	full := readFull(t, path)
	g := full.graph()
	runs := map[float64][]sim.Run{5: simulate(g, 5, 100), 10: simulate(g, 10, 100)}
	tests := []struct {
		name   string
		sigmaM float64
		damage sim.Damage
		want   target
	}{
		{"whole, 5 m", 5, sim.Damage{}, target{.98, .985, .5, .008, .025, .002, .8}},
		{"whole, 10 m", 10, sim.Damage{}, target{.945, .973, .5, .012, .04, .005, .8}},
		{"30 % of tags hidden", 5, sim.Damage{HideTags: .3, Seed: 1}, target{.945, .97, .7, .015, .06, .006, .8}},
		{"10 % of ways deleted", 5, sim.Damage{DeleteWays: .1, Seed: 1}, target{.9, .91, 1, .03, .12, .002, .8}},
		{"both", 5, sim.Damage{HideTags: .3, DeleteWays: .1, Seed: 1}, target{.87, .9, 1, .035, .12, .006, .8}},
		{"both, 10 m", 10, sim.Damage{HideTags: .3, DeleteWays: .1, Seed: 1}, target{.87, .9, 1, .035, .12, .008, .8}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			net, kept := full.damaged(g, tt.damage)
			s := evaluate(g, surface.Prepare(net), kept, runs[tt.sigmaM])
			t.Log(s)
			s.check(t, tt.want)
		})
	}
	t.Run("imported", func(t *testing.T) {
		s := evaluate(g, imported(t, path), all(g), runs[5])
		t.Log(s)
		s.check(t, target{.98, .985, .5, .06, .2, .002, 0})
	})
}

// TestCorpusNoTrack looks for a track in 1,000 km of runs over roads and paths, where there is none.
func TestCorpusNoTrack(t *testing.T) {
	g := graphOf(t, corpusMap(t))
	var m surface.Matcher
	var distM float64
	for seed := uint64(0); distM < 1e6; seed++ {
		r := g.Run(sim.Watch([]float64{2, 5, 10}[seed%3]), 5000+seed)
		distM += r.DistM
		if res := m.Judge(surface.Input{Trace: r.Trace, DistM: r.DistM}); res.ClassM[surface.Track] > 0 {
			t.Errorf("run %d: %.0f m of track (probable: %v)", seed, res.ClassM[surface.Track], res.ProbableTrack)
		}
	}
}
