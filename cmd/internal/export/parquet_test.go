package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"kneecheck/ingest/civil"
)

// TestParquetReadBack reads with parquet-go what is written here: any table of any rows, and the schema that the library
// itself gives the table.
func TestParquetReadBack(t *testing.T) {
	t.Run("runs", readBack[Run, Run])
	t.Run("weeks", readBack[Week, Week])
	t.Run("findings", readBack[Finding, Finding])
	t.Run("samples", readBack[Sample, Sample])
	t.Run("samples with places", readBack[PlacedSample, flatSample])
}

// flatSample is PlacedSample without a struct in it: the library reads what is missing in one as zeros.
type flatSample struct {
	Athlete    string    `json:"athlete" parquet:"athlete,dict"`
	RunID      string    `json:"run_id" parquet:"run_id,dict"`
	TimeUTC    time.Time `json:"time_utc" parquet:"time_utc,timestamp(millisecond)"`
	TS         float64   `json:"t_s" parquet:"t_s"`
	DistanceM  *float64  `json:"distance_m" parquet:"distance_m,optional"`
	SpeedMPS   *float64  `json:"speed_mps" parquet:"speed_mps,optional"`
	CadenceSPM *float64  `json:"cadence_spm" parquet:"cadence_spm,optional"`
	HeartBPM   *float64  `json:"heart_bpm" parquet:"heart_bpm,optional"`
	AltitudeM  *float64  `json:"altitude_m" parquet:"altitude_m,optional"`
	LatDeg     *float64  `json:"lat_deg" parquet:"lat_deg,optional"`
	LonDeg     *float64  `json:"lon_deg" parquet:"lon_deg,optional"`
}

func readBack[T, R any](t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(anyRow[T]), 0, 12).Draw(t, "rows")
		compareRead[T, R](t, rows)
	})
}

// compareRead reads the rows back as R and compares both as JSON.
func compareRead[T, R any](t interface {
	Helper()
	Fatal(...any)
	Errorf(string, ...any)
}, rows []T) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, Parquet, rows); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(file.Schema().String(), "\n")
	_, want, _ := strings.Cut(parquet.SchemaOf(new(R)).String(), "\n")
	if got != want {
		t.Errorf("schema: -want +got:\n%s", cmp.Diff(want, got))
	}
	back, err := parquet.Read[R](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(back) {
		t.Fatal(len(back), "rows instead of", len(rows))
	}
	for i := range rows {
		// An empty list and none are the same.
		emptyLists(reflect.ValueOf(&rows[i]).Elem())
		emptyLists(reflect.ValueOf(&back[i]).Elem())
		want, err := json.Marshal(&rows[i])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(&back[i]); err != nil || !bytes.Equal(got, want) {
			t.Fatal(err, cmp.Diff(string(want), string(got)))
		}
	}
}

func emptyLists(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Len() == 0 {
			f.SetZero()
		}
	}
}

// anyRow fills in every column.
func anyRow[T any](t *rapid.T) T {
	var row T
	fill(t, reflect.ValueOf(&row).Elem())
	return row
}

func fill(t *rapid.T, v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.UnixMilli(rapid.Int64Range(-1e12, 4e12).Draw(t, "time")).UTC()
	case *civil.Date:
		*x = civil.Date(rapid.Int32Range(-1000, 60000).Draw(t, "date"))
	case *string:
		*x = rapid.SampledFrom([]string{"", "a", "Läufe \"und\"\nmehr", strings.Repeat("long ", 100), "b"}).Draw(t, "text")
	case *[]string:
		*x = rapid.SliceOfN(rapid.SampledFrom([]string{"", "x", "y z"}), 0, 3).Draw(t, "list")
	case *float64:
		*x = rapid.SampledFrom([]float64{0, -1.5, 1e300, math.SmallestNonzeroFloat64, 42}).Draw(t, "number")
	case *int32:
		*x = rapid.Int32().Draw(t, "whole")
	case *bool:
		*x = rapid.Bool().Draw(t, "truth")
	default:
		switch v.Kind() {
		case reflect.Pointer:
			if rapid.Bool().Draw(t, "there") {
				v.Set(reflect.New(v.Type().Elem()))
				fill(t, v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				fill(t, v.Field(i))
			}
		default:
			t.Fatalf("no value for %v", v.Type())
		}
	}
}

// TestParquetGroups writes more rows than are gathered at once, and looks at what a reader may pass over.
func TestParquetGroups(t *testing.T) {
	rows := make([]Sample, 2*parquetGroup+5)
	speed := 2.5
	for i := range rows {
		rows[i] = Sample{Athlete: fmt.Sprint("athlete", i/50_000), RunID: fmt.Sprint("run", i/1000), TimeUTC: time.UnixMilli(int64(i)).UTC(), TS: float64(i)}
		if i%3 > 0 {
			rows[i].SpeedMPS = &speed
		}
	}
	var b bytes.Buffer
	if err := Write(&b, Parquet, rows); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(file.RowGroups()); n != 3 {
		t.Fatalf("%d groups of rows, want 3", n)
	}
	back, err := parquet.Read[Sample](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(back) != len(rows) {
		t.Fatal(len(back), err)
	}
	for i := range rows {
		if a, b := &rows[i], &back[i]; a.Athlete != b.Athlete || a.RunID != b.RunID || !a.TimeUTC.Equal(b.TimeUTC) || a.TS != b.TS || (a.SpeedMPS == nil) != (b.SpeedMPS == nil) {
			t.Fatalf("row %d: %+v instead of %+v", i, *b, *a)
		}
	}
	second := file.Metadata().RowGroups[1]
	stamp := second.Columns[2].MetaData.Statistics
	if least, most := parquet.Int64.Value(stamp.MinValue).Int64(), parquet.Int64.Value(stamp.MaxValue).Int64(); least != parquetGroup || most != 2*parquetGroup-1 {
		t.Errorf("times from %d to %d, want %d to %d", least, most, parquetGroup, 2*parquetGroup-1)
	}
	if got := second.Columns[5].MetaData.Statistics.NullCount; got < parquetGroup/3-1 || got > parquetGroup/3+1 {
		t.Errorf("%d speeds are missing, want a third of %d", got, parquetGroup)
	}
}

// TestParquetFullDisk lets every write fail in turn.
func TestParquetFullDisk(t *testing.T) {
	var whole bytes.Buffer
	if err := Write(&whole, Parquet, someWeeks()); err != nil {
		t.Fatal(err)
	}
	for room := range whole.Len() {
		if err := Write(&fullDisk{room: room}, Parquet, someWeeks()); !errors.Is(err, errFull) {
			t.Fatalf("room for %d bytes of %d: %v, want the error of the disk", room, whole.Len(), err)
		}
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{ room int }

func (d *fullDisk) Write(b []byte) (int, error) {
	if len(b) > d.room {
		return d.room, errFull
	}
	d.room -= len(b)
	return len(b), nil
}
