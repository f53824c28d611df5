package surface_test

import (
	"math"
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/sim"
)

// BenchmarkMatch is matching of runs over the town, its network loaded: points a second of one core.
func BenchmarkMatch(b *testing.B) {
	g := graphOf(b, townFile(b, 0))
	benchmarkMatch(b, g, imported(b, townFile(b, .3)))
}

// BenchmarkCorpusMatch is the same over the extract of Heidelberg.
func BenchmarkCorpusMatch(b *testing.B) {
	path := corpusMap(b)
	benchmarkMatch(b, graphOf(b, path), imported(b, path))
}

func benchmarkMatch(b *testing.B, g *sim.Graph, ground *surface.Ground) {
	runs := simulate(g, sim.Watch(5), 1, testSeed, 20)
	var m surface.Matcher
	points := 0
	for i := 0; b.Loop(); i++ {
		r := &runs[i%len(runs)]
		m.Match(ground, r.Trace, r.DistM)
		points += len(r.Way)
	}
	b.ReportMetric(float64(points)/b.Elapsed().Seconds(), "points/s")
}

// BenchmarkCorpusColdRun is one hour of running: open the maps, load the tiles around, make them ready and match.
func BenchmarkCorpusColdRun(b *testing.B) {
	path := corpusMap(b)
	g := graphOf(b, path)
	dir := b.TempDir()
	if _, err := surface.Import(b.Context(), path, surface.Options{Dir: dir, All: true}); err != nil {
		b.Fatal(err)
	}
	run := g.Run(sim.Watch(5), 1)
	for seed := uint64(2); len(run.Way) < 3500 || len(run.Way) > 3800; seed++ {
		run = g.Run(sim.Watch(5), seed)
	}
	box := surface.Box{South: math.Inf(1), West: math.Inf(1), North: math.Inf(-1), East: math.Inf(-1)}
	for i := range run.Trace.T {
		lat, lon := run.Trace.LatDeg[i], run.Trace.LonDeg[i]
		box = surface.Box{South: min(box.South, lat), West: min(box.West, lon), North: max(box.North, lat), East: max(box.East, lon)}
	}
	for b.Loop() {
		atlas, err := surface.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		net, err := atlas.Network(box)
		if err != nil {
			b.Fatal(err)
		}
		var m surface.Matcher
		m.Match(surface.Prepare(net), run.Trace, run.DistM)
	}
}
