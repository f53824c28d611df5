package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

const contracts = "../../../testdata/contract/"

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	return contract(t, "report-v1.schema.json", Schema)
}

// contract is the schema of a document by its file and its name.
func contract(t *testing.T, file, name string) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open(contracts + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, document []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%v\n%s", err, document)
	}
}

func TestEveryGoldenValidates(t *testing.T) {
	s := schema(t)
	for _, g := range goldens(t) {
		var out bytes.Buffer
		if err := JSON(&out, Build(g.in)); err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		validate(t, s, out.Bytes())
		if strings.HasSuffix(g.name, ".json") {
			committed, err := os.ReadFile("testdata/" + g.name + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			validate(t, s, committed)
		}
	}
}

// TestSchemaRefuses makes sure that the validation above can fail.
func TestSchemaRefuses(t *testing.T) {
	s := schema(t)
	r := Build(input(t, firstWeekNote, 8, analyze.Kilometres))
	for name, spoil := range map[string]func(*Document){
		"kind":        func(d *Document) { d.Runs[0].Kind = "" },
		"start":       func(d *Document) { d.Runs[0].Start = "2026-06-10 07:00" },
		"week start":  func(d *Document) { d.WeekStart = "Monday" },
		"nil notes":   func(d *Document) { d.Runs[0].Notes = nil },
		"status":      func(d *Document) { d.Verdict.Status = "fail" },
		"empty":       func(d *Document) { d.NotJudged[0].Reason = "" },
		"fingerprint": func(d *Document) { d.Findings = []Finding{{Fingerprint: "1234567"}} },
	} {
		spoilt := *r
		spoilt.Doc = r.Document()
		spoilt.Doc.NotJudged = append([]NotJudged{}, r.Doc.NotJudged...)
		spoil(&spoilt.Doc)
		var out bytes.Buffer
		if err := JSON(&out, &spoilt); err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(&out)
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(doc) == nil {
			t.Errorf("%s: a spoilt document validates", name)
		}
	}
}

// TestNothingKnown makes a document of a run of which nothing but its day is known.
func TestNothingKnown(t *testing.T) {
	nan := math.NaN()
	log := &analyze.Log{
		HeightCM: nan, AsOf: civil.New(2026, 6, 14), WeekStart: time.Sunday,
		Runs: []*analyze.Run{{
			ID: "0123456789abcdef", Date: civil.New(2026, 6, 14), Start: time.Date(2026, 6, 14, 7, 0, 0, 5, time.FixedZone("", 5*3600+45*60)),
			DistM: nan, MovingS: math.Inf(1), ElapsedS: nan,
			Cadence: analyze.Cadence{MeanSPM: nan, Coverage: nan, StepLengthM: nan},
			Climb:   analyze.Climb{AscentM: nan, DescentM: nan, DownhillM: nan},
			Surface: analyze.Surface{HardM: nan, HardLow: nan, HardHigh: nan},
			Device:  ingest.Totals{DistM: nan, MovingS: nan, ElapsedS: nan, CadenceSPM: nan, AscentM: nan, DescentM: nan},
		}},
		Weeks: []analyze.Week{{Start: civil.New(2026, 6, 14), Runs: 1, DistM: nan, LongestM: nan, MovingS: nan, Change: nan,
			CadenceSPM: nan, AscentM: nan, DescentM: nan, DownhillM: nan, HardShare: nan, StrengthSessions: -1}},
	}
	rule := &rules.Rule{ID: "KC101", Name: "session-spike", Evidence: rules.Evidence{Grade: rules.Moderate}}
	r := Build(Input{
		Log: log, From: log.AsOf, To: log.AsOf,
		Result: rules.Result{
			Findings:  []rules.Finding{{Rule: rule, From: log.AsOf, To: log.AsOf, Runs: []int{0}, Value: nan, Limit: math.Inf(1), Message: "m", Advice: "a"}},
			NotJudged: []rules.NotJudged{{Rule: rule, Reason: "r", Coverage: nan}},
		},
		Receipt: &analyze.Receipt{Problems: []*ingest.Problem{{Kind: ingest.Internal, Err: errors.New("")}, {Kind: ingest.Corrupt}}},
	})
	var out bytes.Buffer
	if err := JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	validate(t, schema(t), out.Bytes())
	var doc map[string]any
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc["runs"].([]any)[0].(map[string]any)
	for _, key := range []string{"cadence_spm", "step_length_m", "ascent_m", "descent_m", "downhill_m", "knee_km", "shoe"} {
		if v, ok := run[key]; !ok || v != nil {
			t.Errorf("%s: got %v, want null", key, v)
		}
	}
	if got, want := run["start"], "2026-06-14T07:00:00+05:45"; got != want {
		t.Errorf("start: got %v, want %v", got, want)
	}
	if got := doc["week_start"]; got != "sunday" {
		t.Errorf("week_start: got %v", got)
	}
	for name, render := range textForms {
		var out bytes.Buffer
		if err := render(&out, r, TextOptions{}); err != nil {
			t.Error(err)
		}
		if s := out.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%s prints a number that is none:\n%s", name, s)
		}
	}
}

// TestMembers compares the wire types with the schema, member by member: what the schema names exists under that name, and
// what is added or left out is listed here.
func TestMembers(t *testing.T) {
	data, err := os.ReadFile(contracts + "report-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var differ []string
	var compare func(path string, node any, typ reflect.Type)
	compare = func(path string, node any, typ reflect.Type) {
		for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		schema := node.(map[string]any)
		if items, ok := schema["items"]; ok {
			schema = items.(map[string]any)
		}
		properties, ok := schema["properties"].(map[string]any)
		if !ok {
			return
		}
		ours := map[string]reflect.Type{}
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			ours[name] = typ.Field(i).Type
			if _, ok := properties[name]; !ok {
				differ = append(differ, "added "+path+name)
			}
		}
		for name, p := range properties {
			if typ, ok := ours[name]; ok {
				compare(path+name+".", p, typ)
			} else {
				differ = append(differ, "missing "+path+name)
			}
		}
	}
	compare("", doc, reflect.TypeFor[Document]())
	slices.Sort(differ)
	want := []string{
		"added attribution", "added findings.acknowledged_reason", "added findings.acknowledged_until", "added findings.planned", "added next", "added planned",
		"added verdict.acknowledged", "added verdict.reported_before", "added weeks.cross_training",
	}
	if diff := cmp.Diff(want, differ); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
