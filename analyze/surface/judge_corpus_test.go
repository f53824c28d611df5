package surface_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// TestCorpusRun matches a real run in Heidelberg. A rough count by the nearest way within 15 m, with a surface tag, made by
// another program: 60 % gravel (compacted and gravel), 22 % asphalt, 16 % trail, 1 % paving stones and cobbles.
func TestCorpusRun(t *testing.T) {
	ground := imported(t, corpusMap(t))
	files, _, err := ingest.Discover(t.Context(), []string{filepath.Join(filepath.Dir(corpusMap(t)), "run.fit")}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := ingest.Map(t.Context(), files, ingest.Options{}, func(a *ingest.Activity) (surface.Result, *ingest.Problem) {
		s := &a.Samples
		return surface.Judge(surface.Input{
			Kind: surface.Kind(a.Kind), DistM: a.Device.DistM, Altitude: s.ElevM != nil, Ground: ground,
			Trace: surface.Trace{T: s.T, LatDeg: s.LatDeg, LonDeg: s.LonDeg},
		}), nil
	})
	if err != nil || len(results) != 1 || len(results[0].Values) != 1 {
		t.Fatal(err, results)
	}
	r := results[0].Values[0]
	logResult(t, r)
	total := r.TaggedM + r.InferredM + r.UnknownM
	share := func(c surface.Class) float64 { return r.ClassM[c] / total }
	if share(surface.Gravel) < .4 || share(surface.Asphalt) < .1 || share(surface.Trail) < .08 || r.TaggedM < .6*total || r.UnknownM > .1*total {
		t.Error("this is not what lies along the run")
	}
}

// TestCorpusTrack matches a short planned track in Dreieich: 49 of its 51 points lie nearest to asphalt, one to gravel. It
// has no times, so it is run at 5 m/s here.
func TestCorpusTrack(t *testing.T) {
	dir := filepath.Join(filepath.Dir(filepath.Dir(corpusMap(t))), "surface-dreieich")
	ground := imported(t, filepath.Join(dir, "brouter-map-creator", "src", "test", "resources", "dreieich.pbf"))
	data, err := os.ReadFile(filepath.Join(dir, "brouter-core", "src", "test", "resources", "testtrack0.gpx"))
	if err != nil {
		t.Fatal(err)
	}
	var tr surface.Trace
	for _, m := range regexp.MustCompile(`<trkpt lon="([-0-9.]+)" lat="([-0-9.]+)"`).FindAllSubmatch(data, -1) {
		lon, err1 := strconv.ParseFloat(string(m[1]), 64)
		lat, err2 := strconv.ParseFloat(string(m[2]), 64)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		at := 0.0
		if n := len(tr.T); n > 0 {
			const perDeg = 111195
			x, y := (lon-tr.LonDeg[n-1])*perDeg*math.Cos(lat*math.Pi/180), (lat-tr.LatDeg[n-1])*perDeg
			at = tr.T[n-1] + math.Hypot(x, y)/5
		}
		tr.T, tr.LatDeg, tr.LonDeg = append(tr.T, at), append(tr.LatDeg, lat), append(tr.LonDeg, lon)
	}
	r := surface.Judge(surface.Input{Trace: tr, Ground: ground})
	logResult(t, r)
	if total := r.TaggedM + r.InferredM + r.UnknownM; len(tr.T) != 51 || r.ClassM[surface.Asphalt] < .85*total || r.UnknownM > .05*total {
		t.Errorf("%d points: this is not what lies along the track", len(tr.T))
	}
}

func logResult(t *testing.T, r surface.Result) {
	t.Helper()
	for c, m := range r.ClassM {
		if m >= 1 {
			t.Logf("%s %.0f m", surface.Class(c), m)
		}
	}
	t.Logf("tagged %.0f, inferred %.0f, unknown %.0f m; hard %.2f (%.2f to %.2f); level %s, from %s, sigma %.1f m, %d stretches",
		r.TaggedM, r.InferredM, r.UnknownM, r.HardShare, r.HardLow, r.HardHigh, r.Level, r.From, r.SigmaM, len(r.Stretches))
}
