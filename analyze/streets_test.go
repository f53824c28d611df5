package analyze

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze/surface"
	"kneecheck/analyze/surface/osmtest"
	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// gpxNorth is a run of some metres due north, at 3 m/s with a point a second.
func gpxNorth(day int, latDeg, lonDeg float64, metres int) []byte {
	var b bytes.Buffer
	b.WriteString(`<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>`)
	start := time.Date(2026, 5, day, 7, 0, 0, 0, time.UTC)
	for s := range metres / 3 {
		fmt.Fprintf(&b, `<trkpt lat="%.6f" lon="%.6f"><time>%s</time></trkpt>`,
			latDeg+float64(3*s)/111200, lonDeg, start.Add(time.Duration(s)*time.Second).Format(time.RFC3339))
	}
	b.WriteString(`</trkseg></trk></gpx>`)
	return b.Bytes()
}

// importTown keeps the synthetic town, moved some degrees north, as a map of a name.
func importTown(t *testing.T, maps, name string, northDeg float64) {
	t.Helper()
	town := osmtest.Town(osmtest.TownOptions{Seed: 1, Untagged: .35})
	for i := range town.Nodes {
		town.Nodes[i].Lat += northDeg
	}
	file := filepath.Join(t.TempDir(), name+".osm.pbf")
	put(t, file, osmtest.PBF{Stand: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}.Write(town))
	if _, err := surface.Import(t.Context(), file, surface.Options{Dir: maps, All: true}); err != nil {
		t.Fatal(err)
	}
}

// readCounting is readAll, and counts the files that were not remembered.
func readCounting(t *testing.T, m *Memo, dir string) (e everything, files int) {
	t.Helper()
	var err error
	e.Runs, e.Strength, e.Receipt, err = m.Read(context.Background(), []string{dir}, ingest.Options{
		Progress: func(p ingest.Progress) { files = p.AllFiles },
	})
	if err != nil || e.Receipt.Unsaved != nil {
		t.Fatal(err, e.Receipt.Unsaved)
	}
	return e, files
}

// townLog is two runs in the town, one across its border, one far away and one without positions.
func townLog(t *testing.T) string {
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"a.gpx":      gpxNorth(1, osmtest.TownLat-.005, osmtest.TownLon+.004, 1500),
		"b.gpx":      gpxNorth(2, osmtest.TownLat-.006, osmtest.TownLon+.004, 1500),
		"border.gpx": gpxNorth(3, osmtest.TownLat+.002, osmtest.TownLon-.003, 4000),
		"far.gpx":    gpxNorth(4, osmtest.TownLat+2-.005, osmtest.TownLon+.004, 1500),
		"indoor.fit": ingesttest.Run{Start: memoNow.AddDate(0, 0, -3), DistM: 3000, SpeedMPS: 3, CadenceSPM: 170, Treadmill: true, EveryS: 5}.FIT(),
	} {
		put(t, filepath.Join(dir, name), data)
		if err := touch(filepath.Join(dir, name), memoNow.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func mappedRuns(e everything) int {
	n := 0
	for i := range e.Runs {
		if e.Runs[i].Surface.Mapped {
			n++
		}
	}
	return n
}

func TestMapReadsOnlyTheRunsInsideAgain(t *testing.T) {
	dir, m := townLog(t), newMemo(t)
	m.Maps = filepath.Join(t.TempDir(), "data", "maps")
	step := func(what string, wantRead, wantMapped int) everything {
		t.Helper()
		got, read := readCounting(t, m, dir)
		wantSame(t, what, got, readAll(t, &Memo{Maps: m.Maps, Now: memoNow}, dir))
		if mapped := mappedRuns(got); read != wantRead || mapped != wantMapped {
			t.Errorf("%s: %d files read, want %d; %d runs by the map, want %d", what, read, wantRead, mapped, wantMapped)
		}
		_, again := readCounting(t, m, dir)
		if again != 0 {
			t.Errorf("%s: %d files read again without a reason", what, again)
		}
		return got
	}
	without := step("no map", 5, 0)
	importTown(t, m.Maps, "town", 0)
	step("the town's map", 3, 3)
	importTown(t, m.Maps, "town", 0)
	step("the same again", 0, 3)
	importTown(t, m.Maps, "elsewhere", -7)
	step("a map of elsewhere", 0, 3)
	importTown(t, m.Maps, "far", 2)
	step("a map of the run far away", 1, 4)
	for _, name := range []string{"far", "elsewhere"} {
		if err := os.Remove(filepath.Join(m.Maps, name+surface.IndexExt)); err != nil {
			t.Fatal(err)
		}
	}
	step("removed", 1, 3)

	// A map that cannot be used is as good as none, and told.
	file := filepath.Join(m.Maps, "town"+surface.IndexExt)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put(t, file, []byte("no map"))
	broken := step("a broken map", 3, 0)
	if len(broken.Receipt.Maps) != 1 || !strings.Contains(broken.Receipt.Maps[0].Error(), "town.ksx") {
		t.Errorf("told about the map: %v", broken.Receipt.Maps)
	}
	put(t, file, whole)
	step("whole again", 3, 3)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "without a map again", step("the map removed", 3, 0), without)
}

// TestMapWithADamagedTile reads the runs again each time, since nobody knows when the map will be whole again.
func TestMapWithADamagedTile(t *testing.T) {
	dir, m := townLog(t), newMemo(t)
	m.Maps = t.TempDir()
	importTown(t, m.Maps, "town", 0)
	file := filepath.Join(m.Maps, "town"+surface.IndexExt)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(whole)
	for i := len(damaged) / 2; i < len(damaged); i += 500 {
		damaged[i] ^= 0xff
	}
	put(t, file, damaged)
	for range 2 {
		got, read := readCounting(t, m, dir)
		if read < 3 || mappedRuns(got) > 0 || len(got.Receipt.Maps) != 1 {
			t.Errorf("%d files read, %d runs by the map, %v", read, mappedRuns(got), got.Receipt.Maps)
		}
	}
	put(t, file, whole)
	if got, read := readCounting(t, m, dir); read < 3 || mappedRuns(got) != 3 || got.Receipt.Maps != nil {
		t.Errorf("whole again: %d files read, %d runs by the map, %v", read, mappedRuns(got), got.Receipt.Maps)
	}
}

// TestMemoNamesPlacesByAKey is about what the memo gives away: nothing without the key, which lies elsewhere.
func TestMemoNamesPlacesByAKey(t *testing.T) {
	dir := townLog(t)
	grounds := func(m *Memo) []string {
		readAll(t, m, dir)
		var list []string
		for _, e := range m.open().entries {
			if e.ground != "" {
				list = append(list, e.ground)
			}
		}
		return list
	}
	one, other, nowhere := newMemo(t), newMemo(t), newMemo(t)
	one.Maps, other.Maps = t.TempDir(), t.TempDir()
	a, b := grounds(one), grounds(other)
	if len(a) != 4 || len(b) != 4 || slices.Equal(a, b) {
		t.Errorf("%d and %d grounds, which must differ", len(a), len(b))
	}
	if c := grounds(nowhere); len(c) != 0 {
		t.Errorf("without a folder for maps: %q", c)
	}
	info, err := os.Stat(filepath.Join(one.Maps, keyName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info, err)
	}
	// Without the key nobody knows which runs a map is about: all outdoors are read again, once.
	if err := os.Remove(filepath.Join(one.Maps, keyName)); err != nil {
		t.Fatal(err)
	}
	if _, read := readCounting(t, one, dir); read != 0 {
		t.Errorf("no key and no map: %d files read", read)
	}
	importTown(t, one.Maps, "town", 0)
	for _, want := range []int{4, 0} {
		if _, read := readCounting(t, one, dir); read != want {
			t.Errorf("a new key: %d files read, want %d", read, want)
		}
	}
	// Nor with a folder that cannot be written.
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, nil)
	other.Maps = filepath.Join(file, "maps")
	if err := os.Remove(other.File); err != nil {
		t.Fatal(err)
	}
	if c := grounds(other); len(c) != 4 || c[0] != unkeyed {
		t.Errorf("without a key: %q", c)
	}
	if _, read := readCounting(t, other, dir); read != 0 {
		t.Errorf("without a key or a map: %d files read", read)
	}
}

func TestMemoVerifyKnowsMaps(t *testing.T) {
	dir, m := townLog(t), newMemo(t)
	m.Maps = t.TempDir()
	readAll(t, m, dir)
	importTown(t, m.Maps, "town", 0)
	for _, want := range []MemoCheck{{Same: 2, Changed: 3}, {Same: 5}} {
		got, err := m.Verify(t.Context(), nil, ingest.Options{})
		if err != nil || got.Same != want.Same || got.Changed != want.Changed || len(got.Different) > 0 {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
		readAll(t, m, dir)
	}
}

func TestSurfaceOfARunByTheMap(t *testing.T) {
	dir, m := townLog(t), &Memo{Maps: t.TempDir(), Now: memoNow}
	importTown(t, m.Maps, "town", 0)
	for _, r := range readAll(t, m, dir).Runs {
		s := &r.Surface
		sum := 0.0
		for _, metres := range s.ByClass() {
			sum += metres
		}
		groups := s.HardM + s.MediumM + s.SoftM + s.TreadmillM + s.UnknownM
		known := s.TaggedM + s.InferredM + s.UnknownM
		if math.Abs(sum-r.DistM) > .01 || math.Abs(groups-r.DistM) > .01 || math.Abs(known-r.DistM) > .01 {
			t.Errorf("%s: %.1f m by class, %.1f by group, %.1f by how it is known, of %.1f", r.File, sum, groups, known, r.DistM)
		}
		if !s.Mapped {
			continue
		}
		share := s.HardM / (s.HardM + s.MediumM + s.SoftM)
		if !(s.HardLow <= share && share <= s.HardHigh) {
			t.Errorf("%s: hard share %.3f outside %.3f to %.3f", r.File, share, s.HardLow, s.HardHigh)
		}
		if border := strings.HasSuffix(r.File, "border.gpx"); border != (s.UnknownM > r.DistM/4) {
			t.Errorf("%s: %.0f m unknown of %.0f", r.File, s.UnknownM, r.DistM)
		}
		full, err := ReadOne(t.Context(), &r, m.Maps, ingest.Options{})
		if err != nil || len(full.Stretches) == 0 || full.ClassM != s.ClassM {
			t.Errorf("%s: read alone: %v, %+v", r.File, err, full)
		}
	}
}

func TestReadOneInAnArchive(t *testing.T) {
	dir, maps := t.TempDir(), t.TempDir()
	importTown(t, maps, "town", 0)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("runs/one!.gpx")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(gpxNorth(1, osmtest.TownLat-.005, osmtest.TownLon+.004, 1500)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "all!.zip"), b.Bytes())
	runs := readAll(t, nil, dir).Runs
	if len(runs) != 1 {
		t.Fatalf("%d runs", len(runs))
	}
	got, err := ReadOne(t.Context(), &runs[0], maps, ingest.Options{})
	if err != nil || !got.Mapped {
		t.Errorf("%v, %+v", err, got)
	}
	other := runs[0]
	other.ID = "none"
	if _, err := ReadOne(t.Context(), &other, maps, ingest.Options{}); err == nil || !strings.Contains(err.Error(), "no longer in the file") {
		t.Errorf("another run: %v", err)
	}
	other.File = filepath.Join(dir, "gone.fit")
	if _, err := ReadOne(t.Context(), &other, maps, ingest.Options{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that has gone: %v", err)
	}
}

// TestShelfOfMaps keeps what was used last.
func TestShelfOfMaps(t *testing.T) {
	s := &streets{}
	for i := range 6 {
		s.tidy(s.shelf(fmt.Sprint(i)), maxVertices/3)
		s.shelf("0")
	}
	var names []string
	for _, g := range s.grounds {
		names = append(names, g.tiles)
	}
	if got := strings.Join(names, " "); got != "4 5 0" {
		t.Errorf("kept: %s", got)
	}
	s.tidy(s.shelf("large"), 2*maxVertices)
	if len(s.grounds) != 1 || s.grounds[0].tiles != "large" {
		t.Errorf("kept beside a large one: %d", len(s.grounds))
	}
}
