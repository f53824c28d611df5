package surface_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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

// target is what matching has to reach: least and most of a score.
type target struct {
	class, group float64
	// ofNearest is the most class errors, as a share of those of the nearest way.
	ofNearest                 float64
	hardMean, hardP95         float64
	falseUnknown, minCoverage float64
}

func (s score) check(t *testing.T, want target) {
	t.Helper()
	least := func(what string, got, want float64) {
		if !(got >= want) {
			t.Errorf("%s %.4f, want %.4f or more", what, got, want)
		}
	}
	least("class", s.class, want.class)
	least("group", s.group, want.group)
	least("coverage of the 80 %% intervals", s.covered, want.minCoverage)
	least("class errors less than the nearest way's", -(1-s.class)/(1-s.nearestClass), -want.ofNearest)
	least("hard share error, negative mean", -s.hardMean, -want.hardMean)
	least("hard share error, negative p95", -s.hardP95, -want.hardP95)
	least("false unknown, negative", -s.falseUnknown, -want.falseUnknown)
}

// TestMatchTown holds matching over the synthetic town to the targets of a real one. Only the class at 5 m may be a point
// worse: here runners on a street and on the sidewalk 4 m beside it are as many.
func TestMatchTown(t *testing.T) {
	g := graphOf(t, townFile(t, 0))
	whole, untagged := imported(t, townFile(t, 0)), imported(t, townFile(t, .3))
	tests := []struct {
		name   string
		sigmaM float64
		ground *surface.Ground
		want   target
	}{
		{"whole, 5 m", 5, whole, target{.97, .985, .5, .008, .025, .002, .8}},
		{"whole, 10 m", 10, whole, target{.945, .978, .5, .01, .025, .002, .8}},
		{"30 % untagged, 5 m", 5, untagged, target{.9, .94, .85, .025, .075, .002, .8}},
	}
	runs := map[float64][]sim.Run{5: simulate(g, sim.Watch(5), 1, testSeed, 100), 10: simulate(g, sim.Watch(10), 1, testSeed, 100)}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := evaluate(g, runs[tt.sigmaM], world{tt.ground, all(g)})
			t.Log(s)
			s.check(t, tt.want)
		})
	}
}

// TestMatchDamagedTown holds the intervals to their word where tags and ways are missing, on average over several maps: in a
// town so small a missing way is missing in many runs.
func TestMatchDamagedTown(t *testing.T) {
	full := readFull(t, townFile(t, 0))
	g := full.graph()
	runs := simulate(g, sim.Watch(5), 1, testSeed, 20)
	var covered float64
	const maps = 4
	for seed := range uint64(maps) {
		s := evaluate(g, runs, full.damaged(g, sim.Damage{HideTags: .3, DeleteWays: .1, Seed: seed}))
		t.Log(s)
		s.check(t, target{.77, .81, 1.1, .05, .15, .004, .5})
		covered += s.covered / maps
	}
	if covered < .8 {
		t.Errorf("the 80 %% intervals cover %.2f", covered)
	}
}

// Matching the same again, by a matcher that has seen other runs and grounds, gives the same.
func TestMatchAgain(t *testing.T) {
	g := graphOf(t, townFile(t, .3))
	net, _ := g.Network(sim.Damage{})
	ground, other := surface.Prepare(net), surface.Prepare(latticeNetwork())
	var used surface.Matcher
	for _, r := range simulate(g, sim.Watch(5), 1, testSeed, 3) {
		var unused surface.Matcher
		fresh := unused.Match(surface.Prepare(net), r.Trace, r.DistM)
		used.Match(other, r.Trace, 0)
		again := used.Match(ground, r.Trace, r.DistM)
		if diff := cmp.Diff(fresh, again, cmpopts.EquateNaNs()); diff != "" {
			t.Error(diff)
		}
	}
}

// latticeNetwork is one short way far from the town.
func latticeNetwork() *surface.Network {
	return &surface.Network{Lat: []int32{0, 10}, Lon: []int32{0, 10}, Ways: []surface.Way{{First: 0, End: 2, Mix: surface.Mix{1}}}}
}
