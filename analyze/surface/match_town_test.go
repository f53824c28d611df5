package surface_test

import (
	"os"
	"path/filepath"
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/osmtest"
	"kneecheck/analyze/surface/sim"
)

// townFile writes the synthetic town as a map.
func townFile(t testing.TB, untagged float64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "town.osm.pbf")
	data := osmtest.PBF{}.Write(osmtest.Town(osmtest.TownOptions{Seed: 1, Untagged: untagged}))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// imported is the network of a map as users have it: imported into an index and read from there.
func imported(t testing.TB, path string) *surface.Ground {
	t.Helper()
	dir := t.TempDir()
	stats, err := surface.Import(t.Context(), path, surface.Options{Dir: dir, All: true})
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := surface.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	net, err := atlas.Network(stats.Region.Box)
	if err != nil {
		t.Fatal(err)
	}
	return surface.Prepare(net)
}

// all says that every way of a graph is on the map.
func all(g *sim.Graph) []bool {
	kept := make([]bool, len(g.Ways))
	for i := range kept {
		kept[i] = true
	}
	return kept
}

func TestMatchTown(t *testing.T) {
	g := graphOf(t, townFile(t, 0))
	whole, gaps := imported(t, townFile(t, 0)), imported(t, townFile(t, .3))
	damaged, kept := g.Network(sim.Damage{HideTags: .3, DeleteWays: .1, Seed: 1})
	for _, sigma := range []float64{5, 10} {
		runs := simulate(g, sigma, 30)
		t.Logf("sigma %v: %v", sigma, evaluate(g, whole, all(g), runs))
		t.Logf("untagged: %v", evaluate(g, gaps, all(g), runs))
		t.Logf("damaged: %v", evaluate(g, surface.Prepare(damaged), kept, runs))
	}
}
