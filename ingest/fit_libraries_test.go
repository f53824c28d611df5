package ingest

import (
	"bytes"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/tormoder/fit"
)

// libraryBugs are columns that a library is known to read wrongly, by library and file, and why. They are not compared.
var libraryBugs = map[string]struct {
	cols []int
	why  string
}{
	"tormoder/fit compressed-speed-distance.fit": {[]int{colDist, colSpeed},
		"it shifts field 8 out of its byte, sets the plain speed alone and adds up distances in a package variable"},
}

// libraryTolerance is how far a library's columns may be off: muktihari/fit cuts the last digit when it turns plain
// speed into enhanced and compressed distance into centimetres.
var libraryTolerance = map[string]libraryRow{
	"muktihari/fit": {colSpeed: 0.001, colDist: 0.01},
}

// libraryRow is one record as a library reads it, in our units.
type libraryRow [numColumns]float64

// tormoderRows are the records of all chained files as the library reads them, and its first error.
func tormoderRows(data []byte) ([]libraryRow, error) {
	files, err := fit.DecodeChained(bytes.NewReader(data))
	var rows []libraryRow
	for _, f := range files {
		act, actErr := f.Activity()
		if actErr != nil || act == nil {
			continue
		}
		for _, r := range act.Records {
			row := libraryRow{
				colLat: r.PositionLat.Degrees(), colLon: r.PositionLong.Degrees(), colElev: r.GetEnhancedAltitudeScaled(),
				colDist: r.GetDistanceScaled(), colSpeed: r.GetEnhancedSpeedScaled(), colHeart: byteOrNaN(r.HeartRate),
				colCadence: cadenceOf(r.Cadence, r.GetFractionalCadenceScaled(), r.GetCadence256Scaled()),
				colT:       math.NaN(),
				colStep:    math.NaN(), // the library does not know step length
			}
			if !fit.IsBaseTime(r.Timestamp) {
				row[colT] = fitSeconds(r.Timestamp)
			}
			rows = append(rows, row)
		}
	}
	return rows, err
}

// muktihariRows are those of the other library.
func muktihariRows(data []byte) []libraryRow {
	dec := decoder.New(bytes.NewReader(data), decoder.WithIgnoreChecksum())
	var rows []libraryRow
	for dec.Next() {
		f, err := dec.Decode()
		if err != nil {
			break
		}
		for i := range f.Messages {
			if f.Messages[i].Num != typedef.MesgNumRecord {
				continue
			}
			r := mesgdef.NewRecord(&f.Messages[i])
			row := libraryRow{
				colLat: r.PositionLatDegrees(), colLon: r.PositionLongDegrees(), colElev: r.EnhancedAltitudeScaled(),
				colDist: r.DistanceScaled(), colSpeed: r.EnhancedSpeedScaled(), colHeart: byteOrNaN(r.HeartRate),
				colCadence: cadenceOf(r.Cadence, r.FractionalCadenceScaled(), r.Cadence256Scaled()),
				colT:       math.NaN(), colStep: r.StepLengthScaled() / 1000,
			}
			if !r.Timestamp.IsZero() {
				row[colT] = fitSeconds(r.Timestamp)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func byteOrNaN(v uint8) float64 {
	if v == math.MaxUint8 {
		return math.NaN()
	}
	return float64(v)
}

func cadenceOf(whole uint8, fraction, in256ths float64) float64 {
	switch {
	case whole == math.MaxUint8:
		return in256ths
	case math.IsNaN(fraction):
		return float64(whole)
	}
	return float64(whole) + fraction
}

// compareRows wants every record of a library among ours, with equal values.
func compareRows(t *testing.T, name, library string, cols *columns, rows []libraryRow) {
	t.Helper()
	if cols.n < len(rows) {
		t.Errorf("%s: %d samples, %s reads %d", name, cols.n, library, len(rows))
	}
	bug := libraryBugs[library+" "+filepath.Base(name)]
	for i, row := range rows[:min(len(rows), cols.n)] {
		for col, want := range row {
			got := math.NaN()
			if v := cols.vals[col]; len(v) > 0 {
				got = v[i]
			}
			same := math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= libraryTolerance[library][col]+1e-9
			if same || slices.Contains(bug.cols, col) || col == colStep && math.IsNaN(want) {
				continue
			}
			t.Errorf("%s: column %d of record %d is %v, %s says %v", name, col, i, got, library, want)
			return
		}
	}
}
