package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tkrajina/gpxgo/gpx"
)

// xmlFile is a GPX or TCX file of other people, decompressed.
type xmlFile struct {
	name string
	data []byte
}

// gpxFilesIn returns the GPX files below a folder in the order of their names.
func gpxFilesIn(t *testing.T, root string) []xmlFile {
	t.Helper()
	return xmlFilesIn(t, root, ".gpx")
}

// xmlFilesIn returns the files below a folder that end in a suffix, or in it and .gz, in the order of their names.
func xmlFilesIn(t *testing.T, root, suffix string) []xmlFile {
	t.Helper()
	var files []xmlFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := strings.ToLower(path)
		if err != nil || d.IsDir() || !strings.HasSuffix(strings.TrimSuffix(name, ".gz"), suffix) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return err
			}
			if data, err = io.ReadAll(z); err != nil {
				return err
			}
		}
		rel, err := filepath.Rel(root, path)
		files = append(files, xmlFile{filepath.ToSlash(rel), data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no %s file below %s", suffix, root)
	}
	return files
}

// corpusDir is the folder of real files that are never committed.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("KNEECHECK_CORPUS")
	if dir == "" {
		t.Skip("KNEECHECK_CORPUS is not set: real files are not part of the repository")
	}
	return dir
}

// gpxgoFiles are the test files inside the module of gpxgo.
func gpxgoFiles(t *testing.T) []xmlFile {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tkrajina/gpxgo").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return gpxFilesIn(t, filepath.Join(strings.TrimSpace(string(dir)), "test_files"))
}

func TestGPXAgreesWithGPXGo(t *testing.T) {
	for _, f := range gpxgoFiles(t) {
		t.Run(f.name, func(t *testing.T) { t.Log(compareWithGPXGo(t, f.data)) })
	}
}

func TestCorpusGPXAgreesWithGPXGo(t *testing.T) {
	for _, f := range gpxFilesIn(t, corpusDir(t)) {
		t.Run(f.name, func(t *testing.T) { t.Log(compareWithGPXGo(t, f.data)) })
	}
}

// compareWithGPXGo compares every track, segment and point of our reading with plain gpxgo's and says what became of the
// file.
func compareWithGPXGo(t *testing.T, data []byte) string {
	var buf buffers
	doc, _ := readGPX(data, &buf.xmlBuffers)
	points := &buf.scan.points
	plain, err := gpx.ParseBytes(data)
	if err != nil {
		return "gpxgo refuses it, we read " + strconv.Itoa(points.n) + " points"
	}
	if doc == nil {
		t.Fatal("gpxgo reads it and we do not")
	}
	if doc.Creator != plain.Creator || doc.Name != plain.Name || len(doc.Tracks) != len(plain.Tracks) {
		t.Fatalf("creator %q, name %q, %d tracks; gpxgo %q, %q, %d",
			doc.Creator, doc.Name, len(doc.Tracks), plain.Creator, plain.Name, len(plain.Tracks))
	}
	compared := 0
	for i, track := range plain.Tracks {
		ours := doc.Tracks[i]
		if ours.Name != track.Name || ours.Type != track.Type || len(ours.Segments) != len(track.Segments) {
			t.Fatalf("track %d: %q %q %d, gpxgo %q %q %d", i,
				ours.Name, ours.Type, len(ours.Segments), track.Name, track.Type, len(track.Segments))
		}
		for j, segment := range track.Segments {
			rows := segmentRows(ours.Segments[j])
			if len(rows) != len(segment.Points) {
				t.Fatalf("track %d, segment %d: %d points, gpxgo %d", i, j, len(rows), len(segment.Points))
			}
			for k := range segment.Points {
				comparePoint(t, plain.Version, points, rows[k], &segment.Points[k])
			}
			compared += len(rows)
		}
	}
	if compared != points.n {
		t.Errorf("%d points scanned, gpxgo has %d", points.n, compared)
	}
	return "equal, " + strconv.Itoa(compared) + " points"
}

// segmentRows are the rows that the points of a segment stand for.
func segmentRows(segment gpx.GPXTrackSegment) []int {
	var rows []int
	for _, run := range segment.Points {
		for i := range int(run.Longitude) {
			rows = append(rows, int(run.Latitude)+i)
		}
	}
	return rows
}

// comparePoint compares a row with gpxgo's point, bit by bit. Known of gpxgo: it drops fractions of seconds, and with
// them the offset; in GPX 1.0 it knows neither speed nor extensions, in 1.1 no speed outside extensions.
func comparePoint(t *testing.T, version string, p *pointColumns, row int, want *gpx.GPXPoint) {
	t.Helper()
	at := func(f pointField) float64 {
		if len(p.cols[f]) == 0 {
			return nan
		}
		return p.cols[f][row]
	}
	same := func(what string, got, want float64) {
		t.Helper()
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("point %d: %s %v, gpxgo %v", row, what, got, want)
		}
	}
	same("lat", at(fieldLat), want.Latitude)
	same("lon", at(fieldLon), want.Longitude)
	elev := nan
	if want.Elevation.NotNull() {
		elev = want.Elevation.Value()
	}
	same("elevation", at(fieldElev), elev)
	if version != "1.0" {
		same("heart rate", at(fieldHeart), extension(want.Extensions.Nodes, "hr", "heartrate"))
		same("cadence", at(fieldCadence), extension(want.Extensions.Nodes, "cad", "cadence"))
		if speed := extension(want.Extensions.Nodes, "speed"); !math.IsNaN(speed) {
			same("speed", at(fieldSpeed), speed)
		}
	}
	us := int64(noTime)
	if len(p.timeUS) > 0 {
		us = p.timeUS[row]
	}
	if us == noTime != want.Timestamp.IsZero() {
		t.Errorf("point %d: time %v, gpxgo %v", row, us, want.Timestamp)
	} else if us != noTime {
		second := utcTime(us).Truncate(time.Second)
		withoutOffset := second.Add(time.Duration(offsetAt(p, row)) * time.Second)
		if !want.Timestamp.Equal(second) && !want.Timestamp.Equal(withoutOffset) {
			t.Errorf("point %d: time %v, gpxgo %v", row, second, want.Timestamp)
		}
	}
}

// offsetAt is the offset that the time of a row was written with.
func offsetAt(p *pointColumns, row int) int {
	offset := 0
	for _, z := range p.zones {
		if z.row <= row {
			offset = z.offsetS
		}
	}
	return offset
}

// extension finds a number by its name at any depth.
func extension(nodes []gpx.ExtensionNode, names ...string) float64 {
	v := nan
	for _, n := range nodes {
		if slices.Contains(names, n.XMLName.Local) {
			if x, err := strconv.ParseFloat(strings.TrimSpace(n.Data), 64); err == nil {
				v = x
			}
		}
		if x := extension(n.Nodes, names...); !math.IsNaN(x) {
			v = x
		}
	}
	return v
}

// The index files of the corpus were made by a plain walk over the XML in another language.
func TestCorpusGPXAgreesWithIndex(t *testing.T) {
	root := corpusDir(t)
	indexes, err := filepath.Glob(filepath.Join(root, "*", "index.csv"))
	if err != nil || len(indexes) == 0 {
		t.Fatalf("no index.csv below the corpus: %v", err)
	}
	compared := 0
	for _, path := range indexes {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(rows, func(r []string) bool { return strings.Contains(r[0], ".gpx") }) {
			continue
		}
		want := map[string][]string{}
		for _, row := range rows[1:] {
			want[row[0]] = row
		}
		for _, file := range gpxFilesIn(t, filepath.Dir(path)) {
			row, ok := want[file.name]
			if !ok {
				continue
			}
			compared++
			t.Run(file.name, func(t *testing.T) { compareWithIndex(t, rows[0], row, file.data) })
		}
	}
	if compared < 90 {
		t.Errorf("only %d files compared", compared)
	}
}

// compareWithIndex compares counts, start and the distance over the points as they are.
func compareWithIndex(t *testing.T, header, row []string, data []byte) {
	var buf buffers
	activities, problem := decodeGPX(data, &buf)
	if problem != nil || len(activities) != 1 {
		t.Fatalf("%d activities, %v", len(activities), problem)
	}
	a := activities[0]
	field := func(name string) string { return row[slices.Index(header, name)] }
	start, err := time.Parse(time.RFC3339Nano, field("start_utc"))
	if err != nil || !a.Start.Equal(start) {
		t.Errorf("start %v, index %v", a.Start, field("start_utc"))
	}
	for name, col := range map[string][]float64{
		"points": a.Samples.T, "with_position": a.Samples.LatDeg, "with_hr": a.Samples.HeartBPM,
		"with_altitude": a.Samples.ElevM, "with_cadence": a.Samples.CadenceSPM,
	} {
		known := 0
		for _, v := range col {
			if !math.IsNaN(v) && !(name == "with_cadence" && v == 0) { // the index counts cadence above 0
				known++
			}
		}
		if got := strconv.Itoa(known); got != field(name) {
			t.Errorf("%s: %s, index %s", name, got, field(name))
		}
	}
	want, err := strconv.ParseFloat(field("distance_m"), 64)
	if got := indexDistance(&a.Samples); err != nil || math.Abs(got-want) > 1 {
		t.Errorf("distance %.0f, index %s", got, field("distance_m"))
	}
}

// indexDistance is the sum of the steps between the points as the index has it, in metres. Its lengths of a degree are
// those at the equator, so it is up to half a percent short elsewhere: good to compare positions, not to measure runs.
func indexDistance(s *Samples) float64 {
	const northM, eastM = 110540, 111320
	sum := 0.0
	for i := 1; i < len(s.LatDeg); i++ {
		cos := math.Cos((s.LatDeg[i] + s.LatDeg[i-1]) / 2 * math.Pi / 180)
		sum += math.Hypot((s.LatDeg[i]-s.LatDeg[i-1])*northM, (s.LonDeg[i]-s.LonDeg[i-1])*eastM*cos)
	}
	return sum
}

// Every GPX file of the corpus gives activities or a problem that says why not.
func TestCorpusGPXTable(t *testing.T) {
	var buf buffers
	for _, f := range gpxFilesIn(t, corpusDir(t)) {
		activities, problem := decodeGPX(f.data, &buf)
		samples, kinds := 0, ""
		for _, a := range activities {
			samples += a.Samples.Len()
			kinds += " " + string(a.Sport) + "/" + string(a.Kind)
			checkGPXActivity(t, a)
		}
		if len(activities) == 0 && problem == nil {
			t.Errorf("%s: neither activity nor problem", f.name)
		}
		if len(kinds) > 60 {
			kinds = kinds[:60] + "…"
		}
		t.Logf("%-70s %5d samples%s  %v", f.name, samples, kinds, problem)
	}
}

// checkGPXActivity checks what every activity of a GPX file promises.
func checkGPXActivity(t *testing.T, a *Activity) {
	t.Helper()
	checkXMLActivity(t, a)
	s := &a.Samples
	if a.Format != GPX || s.Len() == 0 || s.DistM != nil || s.T[0] != 0 || !math.IsNaN(a.Device.DistM) {
		t.Errorf("not what GPX gives: %+v", a)
	}
}

// checkXMLActivity checks what every activity of a GPX or TCX file promises.
func checkXMLActivity(t *testing.T, a *Activity) {
	t.Helper()
	s := &a.Samples
	if a.Sport == "" || a.Kind == "" || a.Elevation == "" || a.Start.Location() != time.UTC {
		t.Errorf("incomplete activity: %+v", a)
	}
	if (s.LatDeg == nil) != (s.LonDeg == nil) || s.StepLengthM != nil {
		t.Errorf("wrong columns in %q", a.Name)
	}
	for _, col := range [][]float64{s.LatDeg, s.LonDeg, s.ElevM, s.DistM, s.SpeedMPS, s.CadenceSPM, s.HeartBPM} {
		if col != nil && len(col) != s.Len() {
			t.Errorf("a column of %d values beside %d times", len(col), s.Len())
		}
		known := col == nil
		for _, v := range col {
			known = known || !math.IsNaN(v)
			if math.IsInf(v, 0) {
				t.Error("an infinite value")
			}
		}
		if !known {
			t.Error("a column without a value that is not nil")
		}
	}
	for i, lat := range s.LatDeg {
		if math.IsNaN(lat) != math.IsNaN(s.LonDeg[i]) || math.Abs(lat) > 90 || math.Abs(s.LonDeg[i]) > 180 {
			t.Errorf("position %v, %v", lat, s.LonDeg[i])
		}
	}
	for _, v := range s.T {
		if math.IsNaN(v) {
			t.Error("a sample without a time")
		}
	}
	if a.CadenceUnit != "" || a.ID != "" || a.File != "" {
		t.Errorf("fields set that are not the decoder's: %+v", a)
	}
}
