package surface_test

import (
	"os"
	"path/filepath"
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/sim"
)

// graphOf is a map file at its full resolution. What has no tag is taken for what such ways mostly are.
func graphOf(t testing.TB, path string) *sim.Graph {
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
	g := &sim.Graph{LatDeg: lat, LonDeg: lon}
	for _, w := range ways {
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

// TestCorpusMatch holds matching over the extract of Heidelberg to its targets.
func TestCorpusMatch(t *testing.T) {
	g := graphOf(t, corpusMap(t))
	for _, sigma := range []float64{5, 10} {
		runs := simulate(g, sigma, 60)
		for _, d := range []sim.Damage{{}, {HideTags: .3, Seed: 1}, {DeleteWays: .1, Seed: 1}, {HideTags: .3, DeleteWays: .1, Seed: 1}} {
			net, kept := g.Network(d)
			s := evaluate(g, surface.Prepare(net), kept, runs)
			t.Logf("sigma %v, %+v: %v", sigma, d, s)
		}
	}
}
