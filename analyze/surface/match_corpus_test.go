package surface_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
func (m fullMap) damaged(g *sim.Graph, d sim.Damage) world {
	hidden, _ := g.Damaged(d)
	told := *g
	told.Ways = slices.Clone(g.Ways)
	for i, mix := range surface.Refill(m.lat, m.lon, m.ways, hidden) {
		if hidden[i] && told.Ways[i].Scored {
			told.Ways[i].Fill = mix
		}
	}
	net, kept := told.Network(d)
	return world{surface.Prepare(net), kept}
}

func graphOf(t testing.TB, path string) *sim.Graph {
	t.Helper()
	return readFull(t, path).graph()
}

// simulate makes runs at 1 Hz, or at fewer positions.
func simulate(g *sim.Graph, noise sim.Noise, everyS int, seed uint64, n int) []sim.Run {
	runs := make([]sim.Run, n)
	for i := range runs {
		r := g.Run(noise, seed+uint64(i))
		if everyS > 1 {
			whole := r
			r = sim.Run{DistM: whole.DistM}
			for k := 0; k < len(whole.Way); k += everyS {
				r.Way = append(r.Way, whole.Way[k])
				t, from := &r.Trace, &whole.Trace
				t.T, t.LatDeg, t.LonDeg = append(t.T, from.T[k]), append(t.LatDeg, from.LatDeg[k]), append(t.LonDeg, from.LonDeg[k])
			}
		}
		runs[i] = r
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

// The seeds of simulated runs: those of every test run, and those of the table in docs/surfaces.md, on which nothing was
// tuned.
const (
	testSeed, tableSeed = 1000, 60000
	testRuns            = 100
)

// TestCorpusMatch holds matching over the extract of Heidelberg to its targets. With KNEECHECK_TABLE set to a number of runs
// it does so with those of the table, and with every row of it.
func TestCorpusMatch(t *testing.T) {
	path := corpusMap(t)
	full := readFull(t, path)
	g := full.graph()
	seed, n := uint64(testSeed), testRuns
	table, _ := strconv.Atoi(os.Getenv("KNEECHECK_TABLE"))
	if table > 0 {
		seed, n = tableSeed, table
	}
	hidden, deleted, both := sim.Damage{HideTags: .3}, sim.Damage{DeleteWays: .1}, sim.Damage{HideTags: .3, DeleteWays: .1}
	watch := sim.Watch
	tests := []struct {
		name   string
		noise  sim.Noise
		everyS int
		damage sim.Damage
		want   target
		// more is true of rows that are only in the table.
		more bool
	}{
		{"whole, 3 m", watch(3), 1, sim.Damage{}, target{.98, .985, .5, .008, .025, .002, .8}, true},
		{"whole, 5 m", watch(5), 1, sim.Damage{}, target{.98, .985, .5, .008, .025, .002, .8}, false},
		{"whole, 10 m", watch(10), 1, sim.Damage{}, target{.945, .978, .5, .01, .03, .0025, .8}, false},
		{"5 m, drift over 120 s", sim.Noise{SigmaM: 5, TauS: 120, WhiteM: .15}, 1, sim.Damage{}, target{.975, .985, .5, .01, .03, .002, .8}, true},
		{"5 m, no drift", sim.Noise{SigmaM: 5}, 1, sim.Damage{}, target{.98, .985, .5, .01, .03, .002, .8}, true},
		{"5 m, a point every 5 s", watch(5), 5, sim.Damage{}, target{.975, .985, .5, .01, .03, .002, .8}, true},
		{"5 m, a point every 20 s", watch(5), 20, sim.Damage{}, target{.96, .975, .7, .015, .05, .003, .8}, true},
		{"30 % of tags hidden", watch(5), 1, hidden, target{.945, .97, .65, .012, .04, .002, .8}, false},
		{"10 % of ways deleted", watch(5), 1, deleted, target{.88, .89, 1, .03, .12, .002, .8}, false},
		{"both", watch(5), 1, both, target{.85, .87, 1, .035, .12, .002, .8}, false},
		{"both, 10 m", watch(10), 1, both, target{.85, .87, .9, .035, .12, .003, .8}, false},
	}
	runs := map[sim.Noise][]sim.Run{}
	for _, tt := range tests {
		if tt.more && table == 0 {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			worlds := []world{full.damaged(g, tt.damage)}
			if tt.damage != (sim.Damage{}) {
				worlds = worlds[:0]
				for k := range uint64(3) {
					tt.damage.Seed = seed + k
					worlds = append(worlds, full.damaged(g, tt.damage))
				}
			}
			all, ok := runs[tt.noise]
			if !ok || tt.everyS > 1 {
				all = simulate(g, tt.noise, tt.everyS, seed, n)
			}
			if tt.everyS == 1 {
				runs[tt.noise] = all
			}
			s := evaluate(g, all, worlds...)
			t.Log(s)
			s.check(t, tt.want)
		})
	}
	t.Run("imported", func(t *testing.T) {
		s := evaluate(g, simulate(g, watch(5), 1, seed, n), world{imported(t, path), all(g)})
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
