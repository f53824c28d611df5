package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// TestCompressedTimes reads a file all of whose messages have their time in the header, the session's end and the local
// time among them.
func TestCompressedTimes(t *testing.T) {
	run := ingesttest.Run{
		Start: time.Date(2011, 5, 1, 22, 30, 0, 0, time.UTC), OffsetS: 7200, DistM: 5000, SpeedMPS: 2.8, CadenceSPM: 164,
		HillM: 12, HillEveryM: 700,
	}
	plain := read(t, run)
	run.Watch = ingesttest.OldWatch
	old := read(t, run)
	if old.Zone != plain.Zone || plain.Zone.From != ingest.OffsetFile || !old.Start.Equal(plain.Start) || old.Device != plain.Device {
		t.Errorf("%v at %v with %v, want %v at %v with %v", old.Zone, old.Start, old.Device, plain.Zone, plain.Start, plain.Device)
	}
	if len(old.Samples.T) != len(plain.Samples.T) || old.Samples.T[4000%len(old.Samples.T)] != plain.Samples.T[4000%len(plain.Samples.T)] {
		t.Errorf("%d samples, want %d", len(old.Samples.T), len(plain.Samples.T))
	}
}

// read decodes the FIT file of a run.
func read(t *testing.T, r ingesttest.Run) ingest.Activity {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.fit")
	if err := os.WriteFile(path, r.FIT(), 0o644); err != nil {
		t.Fatal(err)
	}
	files, _, err := ingest.Discover(context.Background(), []string{path}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := ingest.Map(context.Background(), files, ingest.Options{}, func(a *ingest.Activity) (ingest.Activity, *ingest.Problem) {
		kept := *a
		kept.Samples.T = append([]float64(nil), a.Samples.T...)
		return kept, nil
	})
	if err != nil || len(results) != 1 || len(results[0].Values) != 1 {
		t.Fatalf("%v, %v", results, err)
	}
	return results[0].Values[0]
}
