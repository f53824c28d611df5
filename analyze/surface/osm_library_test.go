//go:build !cgo

package surface

// The library takes its zlib from C where there is a C compiler; the comparison leaves C alone.

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"kneecheck/analyze/surface/osmtest"
)

// readByLibrary reads the same with the pbf reader of paulmach/osm.
func readByLibrary(t testing.TB, data []byte) everything {
	t.Helper()
	all := everything{Nodes: map[int64][2]int32{}}
	scan := osmpbf.New(t.Context(), bytes.NewReader(data), 1)
	defer scan.Close()
	for scan.Scan() {
		switch o := scan.Object().(type) {
		case *osm.Node:
			// Its degrees are whole multiples of 1e-9 times a binary fraction: not far from what was written.
			all.Nodes[int64(o.ID)] = [2]int32{round7(o.Lat), round7(o.Lon)}
		case *osm.Way:
			var v tags
			for _, tag := range o.Tags {
				if k, ok := keyOf[tag.Key]; ok {
					v[k] = tag.Value
				}
			}
			if c, ok := v.read(); ok {
				var refs []int64
				for _, n := range o.Nodes {
					refs = append(refs, int64(n.ID))
				}
				all.Ways, all.Codes = append(all.Ways, refs), append(all.Codes, c)
				all.Newest = max(all.Newest, o.Timestamp.Unix())
			}
		}
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func round7(deg float64) int32 {
	if deg < 0 {
		return -int32(-deg*1e7 + .5)
	}
	return int32(deg*1e7 + .5)
}

func TestPBFAgreesWithLibrary(t *testing.T) {
	for _, p := range []osmtest.PBF{{}, {Raw: true, Block: 100}, {Order: osmtest.WaysFirst, Block: 333}} {
		data := p.Write(testTown())
		got, err := readEverything(t, data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(readByLibrary(t, data), got, cmp.AllowUnexported(code{})); diff != "" {
			t.Error(diff)
		}
		if len(got.Ways) < 600 || len(got.Nodes) < 2500 {
			t.Errorf("the town has only %d ways and %d nodes", len(got.Ways), len(got.Nodes))
		}
	}
}

func TestCorpusPBFAgreesWithLibrary(t *testing.T) {
	data, err := os.ReadFile(heidelberg(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := readEverything(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readByLibrary(t, data), got, cmp.AllowUnexported(code{})); diff != "" {
		t.Error(diff)
	}
	t.Logf("%d ways, %d nodes", len(got.Ways), len(got.Nodes))
}
