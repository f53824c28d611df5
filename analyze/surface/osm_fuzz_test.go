package surface

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"kneecheck/analyze/surface/osmtest"
)

// smallMap is a map with something of everything: shared nodes, a way over the date line, lists in values, a missing node.
func smallMap() *osmtest.Map {
	m := oneWay("asphalt;concrete", [2]float64{48.001, 179.99}, [2]float64{48.002, 179.999}, [2]float64{48.003, -179.999})
	tag := func(kv ...string) (tags []osmtest.Tag) {
		for i := 0; i < len(kv); i += 2 {
			tags = append(tags, osmtest.Tag{Key: kv[i], Value: kv[i+1]})
		}
		return tags
	}
	m.Ways = append(m.Ways,
		osmtest.Way{ID: 2, Refs: []int64{3, 2}, Tags: tag("highway", "track", "tracktype", "grade2;grade3", "smoothness", "bad")},
		osmtest.Way{ID: 3, Refs: []int64{1, 9, 2}, Tags: tag("highway", "residential", "sidewalk:both:surface", "concrete:plates")},
		osmtest.Way{ID: 4, Refs: []int64{1, 3}, Tags: tag("building", "yes")},
	)
	return m
}

// FuzzOSM reads anything as a map. What is read must become an index that reads back as what was put in.
func FuzzOSM(f *testing.F) {
	for _, p := range []osmtest.PBF{{Raw: true}, {}, {Raw: true, Plain: true, Order: osmtest.Mixed, Block: 2}, {Raw: true, Located: true}} {
		f.Add(p.Write(smallMap()))
	}
	f.Add(osmtest.XML(smallMap()))
	f.Add(gzipped(osmtest.XML(smallMap())))
	f.Fuzz(checkReading)
}

func checkReading(t *testing.T, data []byte) {
	im := importer{size: int64(len(data))}
	_, err := readOSM(t.Context(), bytes.NewReader(data), want{ways: true, node: func(int64, int32, int32) bool { return true }}, func(b *block) error {
		im.nodes.add(b)
		at := im.refs.n
		im.refs.add(b.refs...)
		for _, w := range b.ways {
			im.ways = append(im.ways, rawWay{end: at + w.end, code: w.code})
		}
		return im.bound()
	})
	if err != nil {
		return
	}
	im.counts.addWays(im.ways)
	im.nodes.seal()
	l := im.resolve()
	l.fill(&im.counts)
	var r, again region
	r.build(l, nil)
	if !again.parseHead(r.appendHead(nil)) {
		t.Fatal("the head does not read back")
	}
	if again.bodySize() != int64(len(r.body)) || again.Ways != r.Ways || !slices.Equal(again.dir, r.dir) {
		t.Fatalf("%d ways, %d read back", r.Ways, again.Ways)
	}
	var n Network
	for _, e := range again.dir {
		if !again.unpack(r.body[e.offset:][:e.length], e, &n) {
			t.Fatalf("the tile %v does not read back", e.tile)
		}
	}
	if len(n.Ways) != r.Ways {
		t.Errorf("%d ways, %d read back", r.Ways, len(n.Ways))
	}
}

// TestPBFMutations changes a few bytes of good maps, which reaches deeper than fuzzing from nothing in the same time.
func TestPBFMutations(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, p := range []osmtest.PBF{{Raw: true}, {Raw: true, Plain: true, Located: true}, {Raw: true, Order: osmtest.Mixed, Block: 2}} {
		good := p.Write(smallMap())
		for range 1000 {
			bad := slices.Clone(good)
			for range 1 + rng.IntN(3) {
				bad[rng.IntN(len(bad))] = byte(rng.Uint32())
			}
			checkReading(t, bad)
		}
	}
}
