package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// testFile is one real file.
type testFile struct {
	name string
	data []byte
}

// moduleFITs returns the FIT files inside the pinned decoder modules.
func moduleFITs(t testing.TB) []testFile {
	t.Helper()
	files := append(fitsBelow(t, moduleData(t, "github.com/tormoder/fit")), fitsBelow(t, moduleData(t, "github.com/muktihari/fit"))...)
	if len(files) < 40 {
		t.Fatalf("only %d FIT files in the modules", len(files))
	}
	return files
}

// moduleData is the folder of a pinned module's test data.
func moduleData(t testing.TB, module string) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("the module %s is not there: %v", module, err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "testdata")
}

// corpusFITs returns those of KNEECHECK_CORPUS.
func corpusFITs(t testing.TB) []testFile {
	t.Helper()
	root := os.Getenv("KNEECHECK_CORPUS")
	if root == "" {
		t.Skip("KNEECHECK_CORPUS is not set: no real files to read")
	}
	return fitsBelow(t, root)
}

func fitsBelow(t testing.TB, root string) []testFile {
	t.Helper()
	var files []testFile
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if len(data) > 2 && data[0] == 0x1F && data[1] == 0x8B {
			r, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return nil // not a gzip file after all: another reader's test
			}
			if data, err = io.ReadAll(r); err != nil {
				return nil
			}
		}
		if len(data) >= 12 && string(data[8:12]) == ".FIT" {
			name, _ := filepath.Rel(root, path)
			files = append(files, testFile{filepath.ToSlash(name), data})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestModuleFITs(t *testing.T) { compareAll(t, moduleFITs(t)) }

func TestCorpusFITs(t *testing.T) { compareAll(t, corpusFITs(t)) }

// compareAll reads every file with our decoder and both libraries and logs a table of what became of each.
func compareAll(t *testing.T, files []testFile) {
	buf := new(buffers)
	var odd strings.Builder
	total, tormoderFails, tormoderLess := 0, 0, 0
	for _, f := range files {
		tormoder, err := tormoderRows(f.data)
		muktihari := muktihariRows(f.data)
		rows := walkRows(f.data, buf)
		compareRows(t, f.name, "tormoder/fit", &buf.cols, tormoder)
		compareRows(t, f.name, "muktihari/fit", &buf.cols, muktihari)

		acts, problem := decodeFIT(f.data, buf)
		kept := 0
		for _, a := range acts {
			checkActivity(t, f.name, a)
			kept += a.Samples.Len()
		}
		if len(acts) == 0 && problem == nil {
			t.Errorf("%s: neither an activity nor a problem", f.name)
		}
		if kept != rows && (problem == nil || len(acts) > 0) {
			t.Errorf("%s: %d samples read, %d in activities", f.name, rows, kept)
		}
		total += rows
		if err != nil {
			tormoderFails++
			tormoderLess += rows - len(tormoder)
		}
		if problem != nil || err != nil || rows != len(muktihari) || len(acts) != 1 {
			fmt.Fprintf(&odd, "%-50s acts %d samples %6d tormoder %6d muktihari %6d | %v | %v\n",
				f.name, len(acts), rows, len(tormoder), len(muktihari), problem, err)
		}
	}
	t.Logf("%d files, %d samples; tormoder/fit stumbles over %d files and loses %d samples; all but the plain ones:\n%s",
		len(files), total, tormoderFails, tormoderLess, odd.String())
}

// walkRows reads the samples of all parts of a file into buf.cols, their times still in FIT seconds.
func walkRows(data []byte, buf *buffers) int {
	buf.cols.reset()
	for at := 0; isFITHeader(data[at:]); {
		at = readFITPart(data, at, buf).next
	}
	return buf.cols.n
}

// checkActivity checks what holds of every activity.
func checkActivity(t *testing.T, name string, a *Activity) {
	t.Helper()
	s := &a.Samples
	for i, col := range [][]float64{s.LatDeg, s.LonDeg, s.ElevM, s.DistM, s.SpeedMPS, s.CadenceSPM, s.HeartBPM, s.StepLengthM} {
		if col != nil && len(col) != len(s.T) {
			t.Errorf("%s: column %d has %d values, T %d", name, i, len(col), len(s.T))
		}
	}
	if y := a.Start.Year(); y < 1990 || y >= 2100 {
		t.Errorf("%s: starts in %d", name, y)
	}
	if a.Sport == "" || a.Kind == "" || a.Format != FIT {
		t.Errorf("%s: sport %q, kind %q, format %q", name, a.Sport, a.Kind, a.Format)
	}
}

// TestCorpusFITIndex compares sessions with the index of a whole log that another decoder made.
func TestCorpusFITIndex(t *testing.T) {
	root := os.Getenv("KNEECHECK_CORPUS")
	if root == "" {
		t.Skip("KNEECHECK_CORPUS is not set: no real files to read")
	}
	folder := filepath.Join(root, "log-shipengfish")
	index, err := os.Open(filepath.Join(folder, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	lines, err := csv.NewReader(index).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range fitsBelow(t, folder) {
		files[f.name] = f.data
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	buf := new(buffers)
	count := map[Sport]int{}
	zones, barometers, cadences := 0, 0, 0
	for _, line := range lines[1:] {
		data, ok := files[line[column["file"]]]
		if !ok {
			continue // GPX
		}
		acts, p := decodeFIT(data, buf)
		if p != nil || len(acts) != 1 {
			t.Errorf("%s: %d activities, problem %v", line[0], len(acts), p)
			continue
		}
		a := acts[0]
		number := func(name string, got, tolerance float64) {
			want, err := strconv.ParseFloat(line[column[name]], 64)
			if err != nil {
				want = math.NaN()
			}
			if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tolerance {
				t.Errorf("%s: %s is %v, the index says %v", line[0], name, got, want)
			}
		}
		number("elapsed_s", a.Device.ElapsedS, 0.001)
		// The index has 0 where the session says nothing, and counts cadences that are not 0.
		number("distance_m", zeroIfUnknown(a.Device.DistM), 0.01)
		number("ascent_m", zeroIfUnknown(a.Device.AscentM), 0)
		number("points", float64(a.Samples.Len()), 0)
		number("with_cadence", float64(above(a.Samples.CadenceSPM, 0)), 0)
		number("with_hr", float64(above(a.Samples.HeartBPM, math.Inf(-1))), 0)
		number("with_position", float64(above(a.Samples.LatDeg, math.Inf(-1))), 0)
		number("with_altitude", float64(above(a.Samples.ElevM, math.Inf(-1))), 0)
		if got, want := a.Start.Format(time.RFC3339), line[column["start_utc"]]; got != want {
			t.Errorf("%s starts %s, the index says %s", line[0], got, want)
		}
		sport := line[column["sport"]]
		if want, ok := map[string]Sport{"running": Running, "walking": Walking, "hiking": Walking, "cycling": Cycling}[sport]; ok && a.Sport != want ||
			!ok && (a.Sport == Running || a.Sport == Walking || a.Sport == Cycling) {
			t.Errorf("%s: %s, the index says %s", line[0], a.Sport, sport)
		}
		count[a.Sport]++
		if a.Zone == (Zone{8 * 3600, OffsetFile}) {
			zones++
		}
		if baro := a.Elevation == Barometer; a.Samples.ElevM != nil && baro == (line[column["product"]] == "fr235") {
			t.Errorf("%s: altitude of a %s from %s", line[0], line[column["product"]], a.Elevation)
		} else if baro {
			barometers++
		}
		if a.Sport == Running && a.Device.CadenceSPM > 100 {
			cadences++
		}
	}
	t.Logf("%v; %d at +8 h, %d with a barometer, %d runs with a device cadence in steps", count, zones, barometers, cadences)
	if count[Running] != 370 || cadences < 360 {
		t.Errorf("%d runs, %d with cadence, want 370 and 365", count[Running], cadences)
	}
}

func above(col []float64, limit float64) (n int) {
	for _, v := range col {
		if v > limit {
			n++
		}
	}
	return n
}

func zeroIfUnknown(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}
