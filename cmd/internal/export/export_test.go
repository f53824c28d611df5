package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/export.md")

const document = "../../../docs/export.md"

func number(v float64) *float64 { return &v }

func someWeeks() []Week {
	three := int32(3)
	return []Week{
		{Athlete: "eva", Start: civil.New(2026, 6, 1), End: civil.New(2026, 6, 7), Complete: true, Runs: 3, RunDays: 3, DistanceM: 30100.5, MovingS: 9000, LongestM: 12000, Change: number(0.1), Strength: &three},
		{Start: civil.New(2026, 6, 8), End: civil.New(2026, 6, 14)},
	}
}

func TestColumnsHaveOneNameInEveryFormat(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	var check func(table reflect.Type)
	check = func(table reflect.Type) {
		for i := range table.NumField() {
			f := table.Field(i)
			if f.Anonymous {
				check(f.Type)
				continue
			}
			inParquet, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
			if f.Tag.Get("json") != inParquet || !snake.MatchString(inParquet) {
				t.Errorf("%s.%s: json %q, parquet %q: one name in lower case is wanted", table.Name(), f.Name, f.Tag.Get("json"), inParquet)
			}
			if f.Tag.Get("doc") == "" {
				t.Errorf("%s.%s has no doc", table.Name(), f.Name)
			}
			if (f.Type.Kind() == reflect.Pointer) != strings.Contains(f.Tag.Get("parquet"), "optional") {
				t.Errorf("%s.%s: a pointer and only a pointer is optional", table.Name(), f.Name)
			}
		}
	}
	for _, table := range []reflect.Type{reflect.TypeFor[Run](), reflect.TypeFor[Week](), reflect.TypeFor[Finding](), reflect.TypeFor[PlacedSample]()} {
		check(table)
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, CSV, someWeeks()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"athlete", "start", "end", "complete", "runs", "run_days", "distance_m", "moving_s", "longest_m", "change", "cadence_spm", "ascent_m", "descent_m", "hard_share", "knee_km", "strength_sessions"},
		{"eva", "2026-06-01", "2026-06-07", "true", "3", "3", "30100.5", "9000", "12000", "0.1", "", "", "", "", "", "3"},
		{"", "2026-06-08", "2026-06-14", "false", "0", "0", "0", "0", "0", "", "", "", "", "", "", ""},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestJSONLAndParquetReadBack(t *testing.T) {
	want := someWeeks()
	var lines, file bytes.Buffer
	if err := Write(&lines, JSONL, want); err != nil {
		t.Fatal(err)
	}
	var got []Week
	for line := range strings.Lines(lines.String()) {
		var w Week
		if err := json.Unmarshal([]byte(line), &w); err != nil {
			t.Fatal(err)
		}
		got = append(got, w)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("jsonl: -want +got:\n%s", diff)
	}
	if err := Write(&file, Parquet, want); err != nil {
		t.Fatal(err)
	}
	got, err := parquet.Read[Week](bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parquet: -want +got:\n%s", diff)
	}
}

// TestNamesThatAreNoUTF8 has a file's name as a disk may hold it: engines refuse a table with such bytes.
func TestNamesThatAreNoUTF8(t *testing.T) {
	for _, f := range Formats() {
		var out bytes.Buffer
		if err := Write(&out, f, []Run{{File: "caf\xe9.fit", AlsoIn: []string{"\xff.gpx"}}}); err != nil {
			t.Fatal(err)
		}
		if f == Parquet {
			rows, err := parquet.Read[Run](bytes.NewReader(out.Bytes()), int64(out.Len()))
			if err != nil || rows[0].File != "caf\ufffd.fit" || rows[0].AlsoIn[0] != "\ufffd.gpx" {
				t.Errorf("%s: %+v, %v", f, rows, err)
			}
		} else if s := out.String(); !utf8.ValidString(s) {
			t.Errorf("%s: %q", f, s)
		}
	}
}

func TestSamplesHidePlaces(t *testing.T) {
	nan := math.NaN()
	a := &ingest.Activity{Start: time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC), Samples: ingest.Samples{
		T: []float64{0, 1.5}, LatDeg: []float64{1.23456789, nan}, LonDeg: []float64{2, nan}, ElevM: []float64{38.39999999999998, nan}, DistM: []float64{0, 4},
	}}
	hidden := Samples(a, "eva", "run", false)
	if hidden[0].LatDeg != nil || hidden[0].LonDeg != nil {
		t.Error("places without being asked for them")
	}
	shown := Samples(a, "eva", "run", true)
	if got := *shown[0].LatDeg; got != 1.2345679 {
		t.Errorf("latitude %v", got)
	}
	if shown[1].LatDeg != nil || shown[1].AltitudeM != nil || shown[0].CadenceSPM != nil {
		t.Error("what is not known must be missing")
	}
	if *shown[0].AltitudeM != 38.4 || !shown[1].TimeUTC.Equal(a.Start.Add(1500*time.Millisecond)) {
		t.Errorf("altitude %v, time %v", *shown[0].AltitudeM, shown[1].TimeUTC)
	}
}

// TestDocumentHasEveryColumn holds docs/export.md to the structs; -update rewrites its tables.
func TestDocumentHasEveryColumn(t *testing.T) {
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name, columns := range map[string][]Column{"runs": Columns[Run](), "weeks": Columns[Week](), "findings": Columns[Finding](), "samples": Columns[PlacedSample]()} {
		begin, end := fmt.Sprintf("<!-- columns of %s -->\n", name), "<!-- to here -->\n"
		before, rest, ok := strings.Cut(text, begin)
		if !ok {
			t.Fatalf("no place for the columns of %s", name)
		}
		_, after, ok := strings.Cut(rest, end)
		if !ok {
			t.Fatalf("the columns of %s have no end", name)
		}
		var table strings.Builder
		table.WriteString("\n| column | type | meaning |\n|---|---|---|\n")
		for _, c := range columns {
			fmt.Fprintf(&table, "| `%s` | %s | %s |\n", c.Name, c.Type, c.Doc)
		}
		text = before + begin + table.String() + "\n" + end + after
	}
	if *update {
		if err := os.WriteFile(document, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != string(data) {
		t.Error("docs/export.md does not tell the columns as they are: go test ./cmd/internal/export -update")
	}
}
