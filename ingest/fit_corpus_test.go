package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	mukdecoder "github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/tormoder/fit"
)

// libraryBugs are the files of which a library's own reading is known to be wrong, and why. What differs there is not
// compared.
var libraryBugs = map[string]string{
	"compressed-speed-distance.fit": "the library shifts field 8 out of its byte and keeps its sum in a package variable",
}

// testFile is one real file.
type testFile struct {
	name string
	data []byte
}

// moduleFITs returns the FIT files inside the pinned decoder modules.
func moduleFITs(t testing.TB) []testFile {
	t.Helper()
	var files []testFile
	for _, module := range []string{"github.com/tormoder/fit", "github.com/muktihari/fit"} {
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		if err != nil {
			t.Fatalf("the module %s is not there: %v", module, err)
		}
		files = append(files, fitsBelow(t, filepath.Join(strings.TrimSpace(string(dir)), "testdata"))...)
	}
	if len(files) < 40 {
		t.Fatalf("only %d FIT files in the modules", len(files))
	}
	return files
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
		tormoder, err := tormoderRecords(f.data)
		muk := muktihariRecords(f.data)
		rows := walkRows(f.data, buf)
		if rows < muk || rows < len(tormoder) {
			t.Errorf("%s: %d samples, tormoder/fit reads %d, muktihari/fit %d", f.name, rows, len(tormoder), muk)
		}
		if libraryBugs[filepath.Base(f.name)] == "" {
			compareRecords(t, f.name, &buf.cols, tormoder)
		}

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
		if problem != nil || err != nil || rows != muk || len(acts) != 1 {
			fmt.Fprintf(&odd, "%-50s acts %d samples %6d tormoder %6d muktihari %6d | %v | %v\n",
				f.name, len(acts), rows, len(tormoder), muk, problem, err)
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

// tormoderRecords are the records of all chained files as the library reads them, and its first error.
func tormoderRecords(data []byte) ([]*fit.RecordMsg, error) {
	files, err := fit.DecodeChained(bytes.NewReader(data))
	var records []*fit.RecordMsg
	for _, f := range files {
		if act, actErr := f.Activity(); actErr == nil && act != nil {
			records = append(records, act.Records...)
		}
	}
	return records, err
}

// muktihariRecords counts the records of all chained files as the other library reads them.
func muktihariRecords(data []byte) int {
	dec := mukdecoder.New(bytes.NewReader(data), mukdecoder.WithIgnoreChecksum())
	n := 0
	for dec.Next() {
		f, err := dec.Decode()
		if err != nil {
			break
		}
		for i := range f.Messages {
			if f.Messages[i].Num == typedef.MesgNumRecord {
				n++
			}
		}
	}
	return n
}

// compareRecords compares every row with the library's record.
func compareRecords(t *testing.T, name string, cols *columns, records []*fit.RecordMsg) {
	t.Helper()
	for i, r := range records[:min(len(records), cols.n)] {
		if err := sameRecord(cols, i, r); err != nil {
			t.Errorf("%s: record %d: %v", name, i, err)
			return
		}
	}
}

func sameRecord(cols *columns, row int, r *fit.RecordMsg) error {
	stamp := math.NaN()
	if !fit.IsBaseTime(r.Timestamp) {
		stamp = fitSeconds(r.Timestamp)
	}
	cadence := math.NaN()
	if r.Cadence256 != math.MaxUint16 {
		cadence = r.GetCadence256Scaled()
	}
	if r.Cadence != math.MaxUint8 {
		cadence = float64(r.Cadence)
		if f := r.GetFractionalCadenceScaled(); !math.IsNaN(f) {
			cadence += f
		}
	}
	heart := math.NaN()
	if r.HeartRate != math.MaxUint8 {
		heart = float64(r.HeartRate)
	}
	var errs []error
	for _, c := range []struct {
		name string
		col  int
		want float64
	}{
		{"time", colT, stamp},
		{"latitude", colLat, r.PositionLat.Degrees()},
		{"longitude", colLon, r.PositionLong.Degrees()},
		{"altitude", colElev, r.GetEnhancedAltitudeScaled()},
		{"distance", colDist, r.GetDistanceScaled()},
		{"speed", colSpeed, r.GetEnhancedSpeedScaled()},
		{"cadence", colCadence, cadence},
		{"heart rate", colHeart, heart},
	} {
		got := math.NaN()
		if col := cols.vals[c.col]; len(col) > 0 {
			got = col[row]
		}
		if math.IsNaN(got) != math.IsNaN(c.want) || math.Abs(got-c.want) > 1e-9 {
			errs = append(errs, fmt.Errorf("%s is %v, the library says %v", c.name, got, c.want))
		}
	}
	return errors.Join(errs...)
}
