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
	"github.com/paulmach/osm/osmxml"

	"kneecheck/analyze/surface/osmtest"
)

// readByLibrary reads the same with the pbf reader of paulmach/osm.
func readByLibrary(t testing.TB, data []byte) everything {
	t.Helper()
	return scanned(t, osmpbf.New(t.Context(), bytes.NewReader(data), 1))
}

// scanned is what a reader of paulmach/osm finds.
func scanned(t testing.TB, scan osm.Scanner) everything {
	t.Helper()
	all := everything{Nodes: map[int64][2]int32{}}
	defer scan.Close()
	for scan.Scan() {
		switch o := scan.Object().(type) {
		case *osm.Node:
			// Its degrees are whole multiples of 1e-9 times a binary fraction: not far from what was written.
			all.Nodes[int64(o.ID)] = [2]int32{round7(o.Lat), round7(o.Lon)}
		case *osm.Way:
			var v tags
			for _, tag := range o.Tags {
				if k, ok := keyOf()[tag.Key]; ok {
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

func TestXMLAgreesWithLibrary(t *testing.T) {
	const odd = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<osm version="0.6" xmlns:x="urn:x"><!-- by hand --><bounds minlat="1" minlon="1" maxlat="2" maxlon="2"/>
<note>from <b>a</b> server</note><meta osm_base="2024-01-01T00:00:00Z"/>
<node id=" 7 " visible="true" lat="1.00000005" lon="-1.5" user="A &amp; B"><tag k="highway" v="crossing"/><tag k="surface" v="mud"/></node>
<node id='-8' lat='-0.00000004' lon='1e1' x:lat="5"></node>
<way id="1" timestamp="2020-02-02T02:02:02Z"><bounds minlat="1" minlon="1" maxlat="2" maxlon="2"/>
<nd ref="7" lat="1" lon="1"/><tag k="highway" v="path"/><nd ref="-8"/><tag k="name" v="x &lt; y"/><tag k="surface" v="&#103;ravel"/></way>
<way id="2" timestamp="2021-02-02T02:02:02Z"><nd ref="7"/><nd ref="-8"/><tag k="waterway" v="river"/></way>
<way id="3"><nd ref="-8"/><nd ref="7"/><tag k="highway" v="track"/><tag k="highway" v="footway"/></way>
<relation id="4"><member type="way" ref="1" role="outer"/><tag k="highway" v="path"/></relation>
</osm>`
	for _, data := range [][]byte{osmtest.XML(testTown()), []byte(odd)} {
		got, err := readEverything(t, data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(scanned(t, osmxml.New(t.Context(), bytes.NewReader(data))), got, cmp.AllowUnexported(code{})); diff != "" {
			t.Error(diff)
		}
		if len(got.Ways) < 2 || len(got.Nodes) < 2 {
			t.Errorf("only %d ways and %d nodes", len(got.Ways), len(got.Nodes))
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
