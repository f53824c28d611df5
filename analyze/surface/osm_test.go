package surface

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze/surface/osmtest"
)

// testTown is the town of most tests: a third of its ways has no surface tag.
func testTown() *osmtest.Map { return osmtest.Town(osmtest.TownOptions{Seed: 1, Untagged: .35}) }

// everything is all that a map has for this program.
type everything struct {
	Nodes  map[int64][2]int32
	Ways   [][]int64
	Codes  []code
	Newest int64
}

// readEverything reads a map in one pass.
func readEverything(t testing.TB, data []byte) (everything, error) {
	t.Helper()
	all := everything{Nodes: map[int64][2]int32{}}
	_, err := readOSM(t.Context(), bytes.NewReader(data), want{ways: true, node: func(int64, int32, int32) bool { return true }}, func(b *block) error {
		for i, id := range b.ids {
			all.Nodes[id] = [2]int32{b.lat[i], b.lon[i]}
		}
		from := 0
		for _, w := range b.ways {
			all.Ways = append(all.Ways, slices.Clone(b.refs[from:w.end]))
			all.Codes = append(all.Codes, codeOf(w.code))
			from = w.end
		}
		all.Newest = max(all.Newest, b.newest)
		return nil
	})
	return all, err
}

// townForms is the same town in every form that must be read.
func townForms() map[string][]byte {
	m := testTown()
	forms := map[string][]byte{
		"sorted":                 osmtest.PBF{}.Write(m),
		"raw":                    osmtest.PBF{Raw: true}.Write(m),
		"nodes one by one":       osmtest.PBF{Plain: true, Block: 500}.Write(m),
		"small blocks":           osmtest.PBF{Block: 50}.Write(m),
		"ways first":             osmtest.PBF{Order: osmtest.WaysFirst, Block: 700}.Write(m),
		"nodes backward":         osmtest.PBF{Order: osmtest.Backward, Block: 700}.Write(m),
		"mixed":                  osmtest.PBF{Order: osmtest.Mixed, Block: 200}.Write(m),
		"positions with ways":    osmtest.PBF{Located: true, Features: []string{"LocationsOnWays"}}.Write(&osmtest.Map{Nodes: m.Nodes, Ways: m.Ways}),
		"xml":                    osmtest.XML(m),
		"xml, mark before":       append([]byte("\ufeff"), osmtest.XML(m)...),
		"xml.gz":                 gzipped(osmtest.XML(m)),
		"pbf.gz":                 gzipped(osmtest.PBF{Order: osmtest.WaysFirst}.Write(m)),
		"pbf.gz.gz":              gzipped(gzipped(osmtest.PBF{}.Write(m))),
		"sorted with odd blocks": withOddBlocks(osmtest.PBF{}.Write(m)),
	}
	// Without its nodes: their positions are with the ways.
	located := osmtest.PBF{Located: true}.Write(m)
	bare := osmtest.PBF{}.Write(&osmtest.Map{Nodes: m.Nodes})
	head := len(osmtest.PBF{}.Write(&osmtest.Map{}))
	forms["positions only with ways"] = append(slices.Clone(located[:head]), located[head+len(bare)-head:]...)
	return forms
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

// withOddBlocks adds a block of a kind that means nothing.
func withOddBlocks(data []byte) []byte {
	return append(data, osmtest.Frame("OSMIndex", []byte{0x0a, 1, 0})...)
}

// importBytes imports a map and opens the folder.
func importBytes(t testing.TB, data []byte, o Options) (*Atlas, Stats, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "town.osm.pbf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	o.Dir = t.TempDir()
	stats, err := Import(t.Context(), path, o)
	a, openErr := Open(o.Dir)
	if openErr != nil {
		t.Fatal(openErr)
	}
	if b := a.Broken(); len(b) > 0 {
		t.Fatal(b[0])
	}
	return a, stats, err
}

// townTile is in the middle of the town.
var townTile, _ = TileOf(osmtest.TownLat+.001, osmtest.TownLon+.001)

// townBox holds the town and more.
var townBox = Box{osmtest.TownLat - .1, osmtest.TownLon - .1, osmtest.TownLat + .1, osmtest.TownLon + .1}

func TestImportReadsEveryForm(t *testing.T) {
	// Small and large maps are read in different ways.
	for _, o := range []Options{{All: true}, {All: true, atOnce: 1}, {Keep: []Tile{townTile}}} {
		var want *Network
		a, _, err := importBytes(t, osmtest.PBF{}.Write(testTown()), Options{All: o.All, Keep: o.Keep})
		if err == nil {
			want, err = a.Network(townBox)
		}
		if err != nil {
			t.Fatal(err)
		}
		for form, data := range townForms() {
			a, stats, err := importBytes(t, data, o)
			if err != nil {
				t.Errorf("%s: %v", form, err)
				continue
			}
			got, err := a.Network(townBox)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (all %v, %d passes): another network: %d of %d ways", form, o.All, stats.Passes, len(got.Ways), len(want.Ways))
			}
		}
	}
}

func TestImportRefusesWhatItCannotRead(t *testing.T) {
	good := osmtest.PBF{Block: 500}.Write(testTown())
	blob := func(kind string, b ...byte) []byte { return osmtest.Frame(kind, b) }
	head := good[:len(osmtest.PBF{}.Write(&osmtest.Map{}))]
	cases := []struct {
		name string
		data []byte
		say  string
	}{
		{"empty", nil, "the file is empty"},
		{"text", []byte("hello"), "no OpenStreetMap data"},
		{"o5m", []byte{0xff, 0xe0, 4, 'o', '5', 'm', '2'}, "o5m is not read"},
		{"another xml", []byte("<?xml version='1.0'?><gpx></gpx>"), "no OpenStreetMap data"},
		{"changes of a map", []byte("<?xml version='1.0'?><osmChange></osmChange>"), "no OpenStreetMap data"},
		{"empty xml", []byte("<?xml version='1.0'?><!-- <osm> --><osm/>"), "no way for feet"},
		{"cut", good[:len(good)/2], "it ends in the middle; download it again"},
		{"a node without a number", []byte("<?xml version='1.0'?>\n<osm>\n<node lat='1' lon='1'/></osm>"), "line 3: <node> has no number \"id\""},
		{"xml in xml", []byte("<osm>" + strings.Repeat("<a>", 100)), "line 1: elements lie more than 64 deep in each other"},
		{"cut xml", osmtest.XML(testTown())[:50000], "unexpected EOF; download it again"},
		{"cut gzip", gzipped(good)[:5000], "it ends in the middle"},
		{"no head", good[len(head):], "no OpenStreetMap data"},
		{"two heads", append(slices.Clone(head), good...), "its head is missing or comes twice"},
		{"huge head", append(slices.Clone(head), 0x7f, 0xff, 0xff, 0xff), "a block's head declares 2147483647 bytes"},
		{"huge block", append(slices.Clone(head), 0, 0, 0, 15, 0x0a, 7, 'O', 'S', 'M', 'D', 'a', 't', 'a', 0x18, 0x80, 0x80, 0x80, 0x80, 8), "a block declares 2147483648 bytes"},
		{"huge content", append(slices.Clone(head), blob("OSMData", 0x10, 0x80, 0x80, 0x80, 0x80, 8, 0x1a, 1, 0)...), "a block declares 2147483648 bytes of content"},
		{"lz4", append(slices.Clone(head), blob("OSMData", 0x10, 4, 0x32, 1, 0)...), "compressed with lz4"},
		{"no zlib", append(slices.Clone(head), blob("OSMData", 0x10, 4, 0x1a, 4, 1, 2, 3, 4)...), "a block's compression is damaged"},
		{"no blob", append(slices.Clone(head), blob("OSMData", 0xff)...), "a block cannot be read"},
		{"history", osmtest.PBF{Features: []string{"HistoricalInformation"}}.Write(testTown()), "it is a history of the map"},
		{"a feature", osmtest.PBF{Features: []string{"Magic"}}.Write(testTown()), `needs "Magic" of its reader`},
		{"no ways", osmtest.PBF{}.Write(&osmtest.Map{Nodes: testTown().Nodes}), "no way for feet"},
		{"no nodes", osmtest.PBF{}.Write(&osmtest.Map{Ways: testTown().Ways}), "not the nodes that say where they are"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, _, err := importBytes(t, c.data, Options{All: true})
			if err == nil || !strings.Contains(err.Error(), c.say) {
				t.Errorf("got %v, want %q", err, c.say)
			}
			if !a.Empty() {
				t.Error("something was written")
			}
		})
	}
}

func TestImportOfADamagedMapIsAnError(t *testing.T) {
	// Raw blocks have no checksum: every byte is free to lie.
	good := osmtest.PBF{Raw: true, Block: 60}.Write(osmtest.Town(osmtest.TownOptions{Seed: 3}))
	for at := 0; at < len(good); at += 97 {
		bad := slices.Clone(good)
		bad[at] ^= byte(1 + at%255)
		// Read or refused; the test is that it neither ends nor hangs.
		_, _ = readEverything(t, bad)
	}
	for n := range 400 {
		if _, err := readEverything(t, good[:len(good)-1-n*31]); err == nil && n == 0 {
			t.Error("a map without its end is read without a word")
		}
	}
}

func TestImportStopsWhenToldTo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	path := filepath.Join(t.TempDir(), "town.osm.pbf")
	if err := os.WriteFile(path, osmtest.PBF{}.Write(testTown()), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "maps")
	if _, err := Import(ctx, path, Options{Dir: dir, All: true}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made")
	}
}

func TestImportKeepsWhereTheRunsAre(t *testing.T) {
	data := osmtest.PBF{Stand: time.Date(2024, 9, 8, 20, 21, 0, 0, time.UTC)}.Write(testTown())
	if _, _, err := importBytes(t, data, Options{}); err != ErrNothingKept {
		t.Errorf("nothing to keep: %v", err)
	}
	far, _ := TileOf(10, 10)
	if _, _, err := importBytes(t, data, Options{Keep: []Tile{far}}); err == nil || !strings.Contains(err.Error(), "another part of the world") {
		t.Errorf("another part of the world: %v", err)
	}
	// Two tiles west of the middle, the ring of which ends on the meridian of the town's middle: ways that cross it end at
	// their last node before.
	west := Tile{townTile.Lat, townTile.Lon - 2}
	a, stats, err := importBytes(t, data, Options{Keep: []Tile{west, far}})
	if err != nil {
		t.Fatal(err)
	}
	r := stats.Region
	if r.Box.East > osmtest.TownLon || r.Box.East < osmtest.TownLon-.001 || stats.OffMap != 2 || stats.Passes != 1 || r.Whole || r.Date.Year() != 2024 || r.Name != "town" {
		t.Errorf("%+v", stats)
	}
	if a.Has([]Tile{townTile}) || !a.Has([]Tile{{west.Lat, west.Lon + 1}}) {
		t.Error("the wrong tiles were kept")
	}
}

func TestPackedRefs(t *testing.T) {
	want := []int64{7, 8, 8, 6, -1, math.MaxInt64, math.MinInt64, 0}
	var p packedRefs
	p.add(want[:3]...)
	p.add(want[3:]...)
	var got []int64
	for r := p.read(); len(got) < p.n; {
		got = append(got, r.next())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
