package ingesttest_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/filedef"
	"github.com/tkrajina/gpxgo/gpx"

	"kneecheck/ingest/ingesttest"
)

// The files must say what the Run says, read by the libraries and not by our own scanners.

var run = ingesttest.Run{
	Start: time.Date(2026, 6, 1, 16, 0, 0, 0, time.UTC), OffsetS: 7200,
	DistM: 10_000, SpeedMPS: 2.8, CadenceSPM: 161, HillM: 30, HillEveryM: 1000,
}

func TestFIT(t *testing.T) {
	fit, err := decoder.New(bytes.NewReader(run.FIT())).Decode()
	if err != nil {
		t.Fatal(err)
	}
	a := filedef.NewActivity(fit.Messages...)
	last := a.Records[len(a.Records)-1]
	if got := last.DistanceScaled(); math.Abs(got-10_000) > 0.01 {
		t.Errorf("last record at %v m", got)
	}
	if got := last.Timestamp.Sub(a.Records[0].Timestamp).Seconds(); math.Abs(got-10_000/2.8) > 1 {
		t.Errorf("took %v s", got)
	}
	var strides, climbed float64
	for i, r := range a.Records {
		strides += float64(r.Cadence) + r.FractionalCadenceScaled()
		if i > 0 {
			climbed += max(0, r.EnhancedAltitudeScaled()-a.Records[i-1].EnhancedAltitudeScaled())
		}
	}
	// Rounding down to half strides loses a quarter of a stride on average, that is half a step.
	if got := 2 * strides / float64(len(a.Records)); math.Abs(got-160.5) > 0.3 {
		t.Errorf("mean cadence %v steps/min", got)
	}
	if math.Abs(climbed-300) > 6 {
		t.Errorf("records climb %v m", climbed)
	}
	if s := a.Sessions[0]; s.TotalAscent != 300 || s.TotalDescent != 300 || s.TotalDistanceScaled() != 10_000 {
		t.Errorf("session totals %v m, up %v, down %v", s.TotalDistanceScaled(), s.TotalAscent, s.TotalDescent)
	}
	if got := a.Activity.LocalTimestamp.Sub(a.Activity.Timestamp); got != 2*time.Hour {
		t.Errorf("local time is %v ahead", got)
	}
}

func TestGPX(t *testing.T) {
	for name, data := range map[string][]byte{"strides": run.GPX(), "steps": run.GPXInSteps()} {
		g, err := gpx.ParseBytes(data)
		if err != nil {
			t.Fatal(err)
		}
		// A degree of latitude is not a degree of the sphere that gpxgo measures on: half a per cent is enough here.
		if got := g.Length2D(); math.Abs(got-10_000) > 50 {
			t.Errorf("%s: %v m long", name, got)
		}
		if g.Tracks[0].Type != "running" || g.GetTrackPointsNo() < 3500 {
			t.Errorf("%s: type %q, %d points", name, g.Tracks[0].Type, g.GetTrackPointsNo())
		}
	}
}

func TestSameRunSameBytes(t *testing.T) {
	if !bytes.Equal(run.FIT(), run.FIT()) || !bytes.Equal(run.GPX(), run.GPX()) {
		t.Error("writing twice gave different bytes")
	}
}
