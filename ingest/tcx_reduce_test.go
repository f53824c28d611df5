package ingest_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// reduceFile reduces the one run of a file.
func reduceFile(t *testing.T, name string, data []byte) *analyze.Run {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	files := []ingest.File{{Name: path, Size: int64(len(data))}}
	results, err := ingest.Map(context.Background(), files, ingest.Options{}, analyze.Reduce)
	if err != nil {
		t.Fatal(err)
	}
	r := results[0]
	if len(r.Problems) > 0 || len(r.Values) != 1 || r.Values[0].Run == nil {
		t.Fatalf("%s: %d activities, problems %v", name, len(r.Values), r.Problems)
	}
	return r.Values[0].Run
}

// One run is the same run in every format: on the same day, with the same distance to a thousandth, and the same cadence
// to half a step, which is what whole strides lose against FIT's halves. GPX gets two thousandths, for the synthetic
// positions lie on a sphere and are measured on the ellipsoid.
func TestFormatsReduceAlike(t *testing.T) {
	for name, tc := range map[string]struct {
		run  ingesttest.Run
		date string
	}{
		"before midnight": {ingesttest.Run{Start: time.Date(2026, 6, 1, 21, 58, 0, 0, time.UTC), OffsetS: 7200,
			DistM: 10_000, SpeedMPS: 2.8, CadenceSPM: 161, HillM: 30, HillEveryM: 1000}, "2026-06-01"},
		"after midnight": {ingesttest.Run{Start: time.Date(2026, 6, 1, 22, 2, 0, 0, time.UTC), OffsetS: 7200,
			DistM: 4_000, SpeedMPS: 2.4, CadenceSPM: 155}, "2026-06-02"},
		"smart recording": {ingesttest.Run{Start: time.Date(2026, 1, 3, 7, 0, 0, 0, time.UTC), OffsetS: 3600,
			DistM: 21_097, SpeedMPS: 3.4, CadenceSPM: 172, CadenceEndSPM: 166, EveryS: 5}, "2026-01-03"},
		"shorter than a lap": {ingesttest.Run{Start: time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC), OffsetS: 3600,
			DistM: 900, SpeedMPS: 2.5, CadenceSPM: 158}, "2026-03-03"},
		"treadmill": {ingesttest.Run{Start: time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC),
			DistM: 6_000, SpeedMPS: 3, CadenceSPM: 170, Treadmill: true}, "2026-03-03"},
	} {
		t.Run(name, func(t *testing.T) {
			want := reduceFile(t, "run.fit", tc.run.FIT())
			check := func(format string, got *analyze.Run, tolerance float64) {
				if math.Abs(got.DistM/want.DistM-1) > tolerance {
					t.Errorf("%s: %.1f m, FIT %.1f m", format, got.DistM, want.DistM)
				}
				if math.Abs(got.Cadence.MeanSPM-want.Cadence.MeanSPM) > 0.5 || got.Cadence.Unit != ingest.Strides {
					t.Errorf("%s: %.2f steps/min from %s, FIT %.2f", format, got.Cadence.MeanSPM, got.Cadence.Unit, want.Cadence.MeanSPM)
				}
				if math.Abs(got.MovingS-want.MovingS) > 1 {
					t.Errorf("%s: moving for %v s, FIT %v s", format, got.MovingS, want.MovingS)
				}
				if got.Date.String() != tc.date || want.Date != got.Date {
					t.Errorf("%s: on %s, FIT %s, want %s", format, got.Date, want.Date, tc.date)
				}
				if len(got.Notes) > 0 {
					t.Errorf("%s: notes %q", format, got.Notes)
				}
			}
			check("TCX", reduceFile(t, "run.tcx", tc.run.TCX()), 0.001)
			if !tc.run.Treadmill {
				check("GPX", reduceFile(t, "run.gpx", tc.run.GPX()), 0.002)
			}
		})
	}
}

// rewrite replaces the numbers of an element in a document. Garmin indents the distance of a point by twelve blanks, that
// of a lap by eight.
func rewrite(doc, element string, f func(float64) float64) string {
	re := regexp.MustCompile(`<` + element + `>([0-9.]+)<`)
	return re.ReplaceAllStringFunc(doc, func(s string) string {
		head, digits, _ := strings.Cut(strings.TrimSuffix(s, "<"), ">")
		v, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			panic(err)
		}
		return head + ">" + strconv.FormatFloat(f(v), 'f', -1, 64) + "<"
	})
}

// However a TCX file writes a run, it stays the same run.
func TestTCXDialectsReduceAlike(t *testing.T) {
	run := ingesttest.Run{Start: time.Date(2026, 6, 1, 16, 0, 0, 0, time.UTC), OffsetS: 7200, DistM: 10_000, SpeedMPS: 2.8, CadenceSPM: 161}
	times := func(factor float64) func(float64) float64 { return func(v float64) float64 { return factor * v } }
	drop := func(pattern string) func(string) string {
		return func(doc string) string { return regexp.MustCompile(`(?s)`+pattern).ReplaceAllString(doc, "") }
	}
	points := func(doc string, f func(float64) float64) string {
		doc = strings.ReplaceAll(doc, "            <DistanceMeters", "            <PointMeters")
		return strings.ReplaceAll(rewrite(doc, "PointMeters", f), "<PointMeters", "<DistanceMeters")
	}
	want := reduceFile(t, "run.tcx", run.TCX())
	for name, tc := range map[string]struct {
		change func(string) string
		unit   ingest.CadenceUnit
		note   string
	}{
		"in steps, as Strava":        {func(doc string) string { return rewrite(doc, "ns3:(?:Avg)?RunCadence", times(2)) }, ingest.Steps, ""},
		"doubled by a treadmill app": {func(doc string) string { return rewrite(doc, "ns3:RunCadence", times(4)) }, ingest.Doubled, "halved"},
		"in Cadence, as Polar":       {strings.NewReplacer("ns3:RunCadence", "Cadence").Replace, ingest.Strides, ""},
		"laps without totals":        {drop(`        <TotalTimeSeconds>[^<]*</TotalTimeSeconds>\n        <DistanceMeters>[^<]*</DistanceMeters>`), ingest.Strides, ""},
		"without speed":              {drop(`<ns3:Speed>[^<]*</ns3:Speed>`), ingest.Strides, ""},
		"without positions":          {drop(`<Position>.*?</Position>`), ingest.Strides, ""},
		"each lap from 0": {func(doc string) string {
			laps := strings.Split(doc, "<Lap ")
			for i := range laps {
				from := math.NaN()
				laps[i] = points(laps[i], func(v float64) float64 {
					if math.IsNaN(from) {
						from = v
					}
					return v - from
				})
			}
			return strings.Join(laps, "<Lap ")
		}, ingest.Strides, ""},
		"a later leg of a multisport recording": {func(doc string) string {
			return points(doc, func(v float64) float64 { return v + 40_000 })
		}, ingest.Strides, ""},
	} {
		t.Run(name, func(t *testing.T) {
			doc := tc.change(string(run.TCX()))
			if doc == string(run.TCX()) {
				t.Fatal("nothing changed")
			}
			got := reduceFile(t, "run.tcx", []byte(doc))
			if math.Abs(got.DistM/want.DistM-1) > 0.001 || math.Abs(got.MovingS-want.MovingS) > 2 || got.Cadence.Unit != tc.unit ||
				math.Abs(got.Cadence.MeanSPM-want.Cadence.MeanSPM) > 0.1 || got.Date != want.Date && name != "without positions" {
				t.Errorf("%.1f m, %v s, %.2f steps/min from %s on %s; want %.1f m, %v s, %.2f steps/min", got.DistM, got.MovingS, got.Cadence.MeanSPM,
					got.Cadence.Unit, got.Date, want.DistM, want.MovingS, want.Cadence.MeanSPM)
			}
			if notes := strings.Join(got.Notes, "; "); !strings.Contains(notes, tc.note) || tc.note == "" && notes != "" {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

// TestCorpusTCXTable tells what becomes of every TCX file of the corpus, and that nothing is lost without a word.
func TestCorpusTCXTable(t *testing.T) {
	root := os.Getenv("KNEECHECK_CORPUS")
	if root == "" {
		t.Skip("KNEECHECK_CORPUS is not set: real files are not part of the repository")
	}
	files, _, err := ingest.Discover(context.Background(), []string{root}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f ingest.File) bool {
		return !strings.HasSuffix(strings.TrimSuffix(strings.ToLower(f.Name), ".gz"), ".tcx")
	})
	results, err := ingest.Map(context.Background(), files, ingest.Options{}, analyze.Reduce)
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	for _, r := range results {
		name := strings.TrimPrefix(r.File, filepath.ToSlash(root)+"/")
		for _, s := range r.Values {
			if s.Run == nil {
				t.Logf("%s: %s on %s", name, s.Sport, s.Date)
				continue
			}
			runs++
			t.Logf("%s: run on %s (%s), %.2f km, moving %.0f of %.0f s, %.1f steps/min from %s, device %.0f; %s", name, s.Date, s.Run.OffsetFrom,
				s.Run.DistM/1000, s.Run.MovingS, s.Run.ElapsedS, s.Run.Cadence.MeanSPM, s.Run.Cadence.Unit, s.Run.Device.CadenceSPM,
				strings.Join(s.Run.Notes, "; "))
		}
		for _, p := range r.Problems {
			t.Logf("%s: %v", name, p)
		}
		if r.Ignored || len(r.Values)+len(r.Problems) == 0 {
			t.Errorf("%s: neither activity nor problem", name)
		}
	}
	t.Logf("%d files, %d runs", len(files), runs)
	if runs == 0 {
		t.Error("no runs")
	}
}
