package analyze_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/filedef"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// TestCorpusAgreesWithMuktihari holds every run of every FIT file that both decoders read against figures worked out
// from the other's records and sessions: distance within 0.1 %, the same day, and cadence within 0.5 steps a minute but
// for one in a hundred, that within 1. Heart rates agree within 1.5 beats with the sessions' averages, but for one in
// twenty where the watch counted standing.
func TestCorpusAgreesWithMuktihari(t *testing.T) {
	root := corpus(t, ".")
	distances, cadences, dates, stops, hearts, heartsOff := 0, 0, 0, 0, 0, 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(strings.ToLower(e.Name()), ".fit") {
			return err
		}
		theirs := muktihariActivity(t, path)
		if theirs == nil || len(theirs.Sessions) != 1 || theirs.Sessions[0].Sport != typedef.SportRunning {
			return nil // several sessions are compared sample by sample in package ingest
		}
		runs, _, receipt, err := analyze.Read(context.Background(), []string{path}, ingest.Options{})
		if err != nil {
			return err
		}
		if len(runs) != 1 {
			// A chained file holds more runs than the first, which is where the other one stops.
			t.Logf("%s: %d runs, %v", e.Name(), len(runs), receipt.Problems)
			if len(runs) == 0 && len(receipt.Problems) == 0 {
				t.Errorf("%s: the other decoder reads a run, and no problem says why we do not", e.Name())
			}
			return nil
		}
		run, session := &runs[0], theirs.Sessions[0]
		if d := session.TotalDistanceScaled(); d > 0 {
			distances++
			if math.Abs(run.DistM-d) > 0.001*d {
				t.Errorf("%s: %.1f m, the other decoder %.1f m", e.Name(), run.DistM, d)
			}
		}
		if c := runningCadence(theirs.Records); !math.IsNaN(c) && run.Cadence.Unit == ingest.Strides {
			cadences++
			off := math.Abs(run.Cadence.MeanSPM - c)
			if off > 0.5 {
				stops++
				t.Logf("%s: %.2f steps/min, from the other's records %.2f", e.Name(), run.Cadence.MeanSPM, c)
			}
			if !(off <= 1) {
				t.Errorf("%s: %.2f steps/min, from the other's records %.2f", e.Name(), run.Cadence.MeanSPM, c)
			}
		}
		if bpm := float64(session.AvgHeartRate); session.AvgHeartRate < math.MaxUint8 && bpm > 0 && run.Heart.Coverage > 0.99 {
			hearts++
			// Watches average over the whole timer, standing included, and some over samples.
			if off := math.Abs(run.Heart.MeanBPM - bpm); off > 1.5 {
				heartsOff++
				t.Logf("%s: %.1f beats/min, the session says %.0f", e.Name(), run.Heart.MeanBPM, bpm)
			}
		}
		if a := theirs.Activity; a != nil && run.OffsetFrom == ingest.OffsetFile {
			dates++
			offset := a.LocalTimestamp.Sub(a.Timestamp)
			if d := civil.Of(session.StartTime.UTC().Add(offset)); d != run.Date {
				t.Errorf("%s: %s, the other decoder %s", e.Name(), run.Date, d)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d distances, %d cadences and %d dates agree, and %d of %d heart rates", distances, cadences, dates, hearts-heartsOff, hearts)
	// What counts as moving is a judgement where a run stops and starts all the time; the figures above leave it to the
	// speed alone.
	if stops > cadences/100 {
		t.Errorf("%d of %d cadences are more than 0.5 steps a minute apart", stops, cadences)
	}
	if heartsOff > hearts/20 || hearts < 370 {
		t.Errorf("%d of %d heart rates are more than 1.5 beats a minute apart", heartsOff, hearts)
	}
	if distances < 370 || cadences < 360 || dates < 360 {
		t.Errorf("fewer were compared than the files hold")
	}
}

// muktihariActivity reads a FIT file with the independent decoder, or returns nil where it cannot.
func muktihariActivity(t *testing.T, path string) *filedef.Activity {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		if data, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	fit, err := decoder.New(bytes.NewReader(data), decoder.WithIgnoreChecksum()).Decode()
	if err != nil {
		return nil
	}
	return filedef.NewActivity(fit.Messages...)
}

// runningCadence is DESIGN's running cadence in its plainest form: each record weighs the time to the next one, up to
// half a minute; stops, walking (below 140 slower than 2 m/s) and impossible values are left out. Without any NaN.
func runningCadence(records []*mesgdef.Record) float64 {
	var sum, weight float64
	for i := 0; i+1 < len(records); i++ {
		r := records[i]
		dt := records[i+1].Timestamp.Sub(r.Timestamp)
		if r.Cadence == math.MaxUint8 || dt <= 0 {
			continue
		}
		spm := 2 * float64(r.Cadence)
		if f := r.FractionalCadenceScaled(); !math.IsNaN(f) {
			spm += 2 * f
		}
		speed := r.EnhancedSpeedScaled()
		if math.IsNaN(speed) {
			speed = r.SpeedScaled()
		}
		if spm < 100 || spm > 250 || speed < 0.8 || spm < 140 && speed < 2 {
			continue
		}
		dt = min(dt, 30*time.Second)
		sum += spm * dt.Seconds()
		weight += dt.Seconds()
	}
	if weight < 60 {
		return math.NaN()
	}
	return sum / weight
}
