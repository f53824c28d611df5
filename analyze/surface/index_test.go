package surface

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze/surface/osmtest"
)

// oneWay is a map of one way over positions.
func oneWay(made string, at ...[2]float64) *osmtest.Map {
	m := &osmtest.Map{Ways: []osmtest.Way{{ID: 1, Tags: []osmtest.Tag{{Key: "highway", Value: "path"}, {Key: "surface", Value: made}}}}}
	for i, p := range at {
		m.Nodes = append(m.Nodes, osmtest.Node{ID: int64(i + 1), Lat: p[0], Lon: p[1]})
		m.Ways[0].Refs = append(m.Ways[0].Refs, int64(i+1))
	}
	return m
}

// drawn is the ways of a network as text, in degrees.
func drawn(n *Network) []string {
	list := []string{}
	for _, w := range n.Ways {
		var b strings.Builder
		for i := w.First; i < w.End; i++ {
			fmt.Fprintf(&b, "%.5f,%.5f ", float64(n.Lat[i])/DegreeSteps, float64(n.Lon[i])/DegreeSteps)
		}
		list = append(list, strings.TrimSpace(b.String()))
	}
	return list
}

func TestWaysAreCutAtTiles(t *testing.T) {
	missing := oneWay("grass", [2]float64{1.001, 1.001}, [2]float64{1.002, 1.001}, [2]float64{1.003, 1.001}, [2]float64{1.004, 1.001}, [2]float64{1.005, 1.001})
	missing.Nodes = slices.Delete(missing.Nodes, 2, 3)
	cases := []struct {
		name string
		m    *osmtest.Map
		box  Box
		want []string
	}{
		{"inside a tile", oneWay("grass", [2]float64{1.001, 1.001}, [2]float64{1.009, 1.015}), Box{1, 1, 1.01, 1.01},
			[]string{"1.00100,1.00100 1.00900,1.01500"}},
		{"over a border", oneWay("grass", [2]float64{1.001, 1.001}, [2]float64{1.001, 1.031}), Box{1, 1, 1.01, 1.03},
			[]string{"1.00100,1.00100 1.00100,1.02000", "1.00100,1.02000 1.00100,1.03100"}},
		{"over a border slantwise", oneWay("grass", [2]float64{1.010, 1.015}, [2]float64{1.030, 1.035}), Box{1, 1, 1.03, 1.03},
			[]string{"1.01000,1.01500 1.01500,1.02000", "1.01500,1.02000 1.02000,1.02500", "1.02000,1.02500 1.03000,1.03500"}},
		{"over two borders southwards", oneWay("grass", [2]float64{1.05, 1.01}, [2]float64{1.01, 1.01}), Box{1, 1, 1.05, 1.01},
			[]string{"1.02000,1.01000 1.01000,1.01000", "1.04000,1.01000 1.02000,1.01000", "1.05000,1.01000 1.04000,1.01000"}},
		{"through a corner", oneWay("grass", [2]float64{1.01, 1.01}, [2]float64{1.03, 1.03}), Box{1, 1, 1.03, 1.03},
			[]string{"1.01000,1.01000 1.02000,1.02000", "1.02000,1.02000 1.03000,1.03000"}},
		{"along a border", oneWay("grass", [2]float64{1.02, 1.01}, [2]float64{1.02, 1.015}), Box{1, 1, 1.03, 1.03},
			[]string{"1.02000,1.01000 1.02000,1.01500"}},
		{"south-west of the origin", oneWay("grass", [2]float64{-.001, -.001}, [2]float64{.001, .001}), Box{-.01, -.01, .01, .01},
			[]string{"-0.00100,-0.00100 0.00000,0.00000", "0.00000,0.00000 0.00100,0.00100"}},
		{"simplified", oneWay("grass", [2]float64{1.001, 1.001}, [2]float64{1.002, 1.00101}, [2]float64{1.003, 1.00104}, [2]float64{1.004, 1.001}), Box{1, 1, 1.01, 1.01},
			[]string{"1.00100,1.00100 1.00300,1.00104 1.00400,1.00100"}},
		{"a node missing", missing, Box{1, 1, 1.01, 1.01},
			[]string{"1.00100,1.00100 1.00200,1.00100", "1.00400,1.00100 1.00500,1.00100"}},
		{"west of the date line", oneWay("grass", [2]float64{10, 179.995}, [2]float64{10.001, -179.995}), Box{10, 179.99, 10.01, 180},
			[]string{"10.00000,179.99500 10.00050,180.00000"}},
		{"east of the date line", oneWay("grass", [2]float64{10, 179.995}, [2]float64{10.001, -179.995}), Box{10, -180, 10.01, -179.99},
			[]string{"10.00050,-180.00000 10.00100,-179.99500"}},
		{"a jump of a damaged map", oneWay("grass", [2]float64{1.001, 1.001}, [2]float64{1.002, 1.001}, [2]float64{5.002, 7.001}, [2]float64{5.003, 7.001}), Box{1, 1, 1.01, 1.01},
			[]string{"1.00100,1.00100 1.00200,1.00100"}},
		{"the poles", oneWay("grass", [2]float64{89.999, 3}, [2]float64{90, 3}), Box{89.99, 3, 90, 3},
			[]string{"89.99900,3.00000 90.00000,3.00000"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, _, err := importBytes(t, osmtest.PBF{}.Write(c.m), Options{All: true})
			if err != nil {
				t.Fatal(err)
			}
			n, err := a.Network(c.box)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, drawn(n)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestIndexLosesNothing compares the town as it is kept with the town as it was drawn.
func TestIndexLosesNothing(t *testing.T) {
	m := testTown()
	a, stats, err := importBytes(t, osmtest.PBF{}.Write(m), Options{All: true})
	if err != nil {
		t.Fatal(err)
	}
	n, err := a.Network(townBox)
	if err != nil {
		t.Fatal(err)
	}
	var drawn, kept float64
	for _, w := range m.Ways {
		for i, id := range w.Refs[1:] {
			p, q := m.Nodes[w.Refs[i]-1], m.Nodes[id-1]
			drawn += metres(p.Lat, p.Lon, q.Lat, q.Lon)
		}
	}
	// Every piece lies in one tile, its mix is one, and the ends of ways meet.
	ends := map[[2]int32]int{}
	for _, w := range n.Ways {
		south, west := int32(math.MaxInt32), int32(math.MaxInt32)
		north, east := int32(math.MinInt32), int32(math.MinInt32)
		for i := w.First; i < w.End; i++ {
			south, north = min(south, n.Lat[i]), max(north, n.Lat[i])
			west, east = min(west, n.Lon[i]), max(east, n.Lon[i])
			if i > w.First {
				kept += metres(float64(n.Lat[i-1])/1e5, float64(n.Lon[i-1])/1e5, float64(n.Lat[i])/1e5, float64(n.Lon[i])/1e5)
			}
		}
		if floorDiv(south, tileSteps) < floorDiv(north-1, tileSteps) || floorDiv(west, tileSteps) < floorDiv(east-1, tileSteps) {
			t.Errorf("a piece lies in several tiles: %v to %v, %v to %v", south, north, west, east)
		}
		var sum float32
		for _, p := range w.Mix {
			sum += p
		}
		if best, p := w.Mix.Best(); math.Abs(float64(sum-1)) > 1e-5 || w.Tagged && (p < .9 || best.String() == "unknown") {
			t.Errorf("a mix of %v: %v", sum, w.Mix)
		}
		ends[[2]int32{n.Lat[w.First], n.Lon[w.First]}]++
		ends[[2]int32{n.Lat[w.End-1], n.Lon[w.End-1]}]++
	}
	if math.Abs(kept/drawn-1) > .003 {
		t.Errorf("%.0f m became %.0f m", drawn, kept)
	}
	for at := range ends {
		if (at[0]%tileSteps == 0 || at[1]%tileSteps == 0) && ends[at] < 2 {
			t.Errorf("nothing goes on at the border, at %v", at)
		}
	}
	if perWay := float64(stats.Region.Bytes) / float64(stats.Region.Ways); perWay > 20 {
		t.Errorf("%.1f bytes a way, with the head of so small a map", perWay)
	}
}

func metres(lat1, lon1, lat2, lon2 float64) float64 {
	return math.Hypot(lat2-lat1, (lon2-lon1)*math.Cos(lat1*math.Pi/180)) * metresPerStep * DegreeSteps
}

func TestImportTwiceGivesTheSameBytes(t *testing.T) {
	data := osmtest.PBF{Order: osmtest.Mixed, Block: 90}.Write(testTown())
	var first []byte
	for _, procs := range []int{1, 4, 2} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		_, stats, err := importBytes(t, data, Options{Keep: []Tile{townTile}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(stats.Region.File)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !slices.Equal(first, got) {
			t.Error("two imports differ")
		}
	}
}

// townIndex is the bytes of an index of the town.
func townIndex(t testing.TB) []byte {
	_, stats, err := importBytes(t, osmtest.PBF{Stand: time.Unix(1.7e9, 0)}.Write(testTown()), Options{All: true})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(stats.Region.File)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// openBytes opens an atlas of one index and reads all of it.
func openBytes(t testing.TB, data []byte) error {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"+IndexExt), data, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if broken := a.Broken(); len(broken) > 0 {
		return broken[0]
	}
	for _, r := range a.regions {
		for _, e := range r.dir {
			if _, err := a.NetworkOf([]Tile{e.tile}); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestDamagedIndexIsAnError(t *testing.T) {
	good := townIndex(t)
	if err := openBytes(t, good); err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(good); at += 23 {
		bad := slices.Clone(good)
		bad[at] ^= 0x41
		if err := openBytes(t, bad); !errors.Is(err, errIndex) && !errors.Is(err, errVersion) {
			t.Fatalf("byte %d changed: %v", at, err)
		}
	}
	for cut := 1; cut < len(good); cut += 101 {
		if err := openBytes(t, good[:len(good)-cut]); !errors.Is(err, errIndex) {
			t.Fatalf("%d bytes cut: %v", cut, err)
		}
	}
	if err := openBytes(t, append(slices.Clone(good), 0)); !errors.Is(err, errIndex) {
		t.Errorf("a byte more: %v", err)
	}
	next := slices.Clone(good)
	next[len(indexMagic)-1]++
	if err := openBytes(t, next); !errors.Is(err, errVersion) {
		t.Errorf("another version: %v", err)
	}
}

// FuzzIndex gives the reader heads and tiles whose checksums are right.
func FuzzIndex(f *testing.F) {
	good := townIndex(f)
	size := int(binary.LittleEndian.Uint32(good[len(indexMagic):]))
	head, body := good[indexFixed:indexFixed+size], good[indexFixed+size:]
	r := &region{}
	if !r.parseHead(head) {
		f.Fatal("the head of a good index is refused")
	}
	f.Add(head, body[:r.dir[0].length])
	f.Add(head[:40], []byte{0, 0, 0, 0, 0})
	f.Add([]byte{}, []byte{1, 2})
	f.Fuzz(func(t *testing.T, head, body []byte) {
		r := &region{}
		if !r.parseHead(head) || len(r.dir) == 0 {
			return
		}
		var n Network
		e := r.dir[0]
		e.ways = min(e.ways, len(body)/6)
		if !r.unpack(body, e, &n) {
			return
		}
		if len(n.Ways) != e.ways || len(n.Lat) > len(body) {
			t.Errorf("%d ways and %d vertices out of %d bytes", len(n.Ways), len(n.Lat), len(body))
		}
		for _, w := range n.Ways {
			if w.End-w.First < 2 {
				t.Error("a way of one vertex")
			}
		}
	})
}

func TestSeveralRegions(t *testing.T) {
	stand := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	// West of the town's middle the newer map ends; it knows the east by other ways.
	town := testTown()
	part := &osmtest.Map{Nodes: town.Nodes}
	for _, w := range town.Ways {
		if !slices.ContainsFunc(w.Refs, func(id int64) bool { return town.Nodes[id-1].Lon < osmtest.TownLon+.006 }) {
			w.Tags = slices.Clone(w.Tags)
			for i := range w.Tags {
				if w.Tags[i].Key == "surface" {
					w.Tags[i].Value = "sand"
				}
			}
			part.Ways = append(part.Ways, w)
		}
	}
	dir := t.TempDir()
	add := func(name string, m *osmtest.Map, stand time.Time) {
		path := filepath.Join(t.TempDir(), name+".osm.pbf")
		if err := os.WriteFile(path, osmtest.PBF{Stand: stand}.Write(m), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Import(t.Context(), path, Options{Dir: dir, All: true}); err != nil {
			t.Fatal(err)
		}
	}
	all := tilesOf(townBox)
	sand := func(a *Atlas) (sand, ways int) {
		t.Helper()
		n, err := a.NetworkOf(all)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for i, s := range drawn(n) {
			if seen[s] {
				t.Errorf("a way comes twice: %s", s)
			}
			seen[s] = true
			if best, _ := n.Ways[i].Mix.Best(); best == Sand && n.Ways[i].Tagged {
				sand++
			}
		}
		return sand, len(n.Ways)
	}
	open := func() *Atlas {
		a, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	empty := open()
	if empty.Version(all) != "" || !empty.Empty() {
		t.Error("an empty atlas has something")
	}
	add("whole", town, stand)
	whole := open()
	_, ways := sand(whole)
	version := whole.Version(all)

	add("older", part, stand.AddDate(-1, 0, 0))
	if s, n := sand(open()); s > 3 || n < ways || n > ways+ways/50 {
		t.Errorf("an older map changes %d ways of %d into %d with %d of sand", ways, ways, n, s)
	}
	if err := os.Remove(filepath.Join(dir, "older"+IndexExt)); err != nil {
		t.Fatal(err)
	}
	if open().Version(all) != version {
		t.Error("the version did not come back")
	}

	add("newer", part, stand.AddDate(1, 0, 0))
	newer := open()
	if s, n := sand(newer); s < 50 || n < ways*8/10 || n > ways {
		t.Errorf("a newer map changes %d ways into %d with %d of sand", ways, n, s)
	}
	if newer.Version(all) == version {
		t.Error("the version stays under a newer map")
	}
	west := []Tile{{townTile.Lat, townTile.Lon - 1}}
	if v := whole.Version(west); v == "" || v != newer.Version(west) {
		t.Error("the version changes where the newer map has nothing")
	}
	far := []Tile{{0, 0}}
	if newer.Version(far) != "" || newer.Has(far) {
		t.Error("there is a version where no map is")
	}
	if got := newer.Regions(); len(got) != 2 || got[0].Name != "newer" || got[1].Name != "whole" {
		t.Errorf("%+v", got)
	}
}

func TestNetworksFromSeveralGoroutines(t *testing.T) {
	a, _, err := importBytes(t, osmtest.PBF{}.Write(testTown()), Options{All: true})
	if err != nil {
		t.Fatal(err)
	}
	want, err := a.Network(townBox)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				got, err := a.Network(townBox)
				if err != nil || !cmp.Equal(want, got) {
					t.Errorf("another network: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestNetworkOfAnAbsurdBox(t *testing.T) {
	var a Atlas
	for _, box := range []Box{{-90, -180, 90, 180}, {0, 0, math.Inf(1), 1}, {0, 0, math.NaN(), 1}, {5, 5, 1, 1}} {
		if n, err := a.Network(box); err == nil && len(n.Ways) > 0 {
			t.Errorf("%v: %v", box, n)
		}
	}
}
