package analyze

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// TestLevelCadence accounts for every second of seven runs, each with its own fate.
func TestLevelCadence(t *testing.T) {
	first := civil.New(2026, time.June, 1)
	run := func(day int, movingS, coverage, levelS float64, kind ingest.Kind) Run {
		r := Run{Date: first + civil.Date(day), Kind: kind, DistM: 3 * movingS, MovingS: movingS, ElapsedS: movingS}
		r.Start = r.Date.Time()
		r.Cadence = Cadence{MeanSPM: math.NaN()}
		if coverage > 0 {
			r.Cadence = Cadence{MeanSPM: 165, Coverage: coverage}
		}
		if levelS > 0 {
			r.Cadence.Level = Hist{NewHistCell(3, 165, levelS)}.Pack()
		}
		return r
	}
	runs := []Run{
		run(0, 1000, 1, 1000, ingest.Road),      // flat
		run(1, 1000, 0.75, 750, ingest.Road),    // a quarter walked
		run(2, 1000, 0.75, 500, ingest.Road),    // and a quarter on hills
		run(3, 1000, 0, 0, ingest.Road),         // no sensor
		run(4, 600, 1, 600, ingest.Treadmill),   // indoors
		run(5, 400, 1, 400, ingest.Virtual),     // indoors too
		run(6, math.NaN(), 1, 100, ingest.Road), // a time that is not known holds nothing
		run(7, 9000, 1, 9000, ingest.Road),      // not among the days
	}
	log := Build(runs, nil, Options{HeightCM: math.NaN(), AsOf: first + 7, WeekStart: time.Monday})
	tests := []struct {
		treadmills bool
		want       CadenceTime
	}{
		{false, CadenceTime{Runs: 7, MovingS: 5000, LevelS: 2250, WalkedS: 500, SlopeS: 250, BareRuns: 1, BareS: 1000, TreadmillRuns: 2, TreadmillS: 1000}},
		{true, CadenceTime{Runs: 7, MovingS: 5000, LevelS: 3250, WalkedS: 500, SlopeS: 250, BareRuns: 1, BareS: 1000}},
	}
	for _, tt := range tests {
		_, got := log.LevelCadence(first, first+6, tt.treadmills)
		if d := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-6)); d != "" {
			t.Errorf("treadmills %v (-want +got):\n%s", tt.treadmills, d)
		}
		if sum := got.LevelS + got.WalkedS + got.SlopeS + got.BareS + got.TreadmillS; math.Abs(sum-got.MovingS) > 1e-6 {
			t.Errorf("treadmills %v: the parts sum up to %g s of %g s", tt.treadmills, sum, got.MovingS)
		}
	}
	hist, _ := log.LevelCadence(first, first+6, false)
	if got := hist.Seconds(); got != 2350 {
		t.Errorf("%g s with a cadence, want 2350", got)
	}
}
