package rules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// healthyYears is how many made-up years are judged, each after ten weeks of the same habits.
const healthyYears = 40

// healthyYear makes up the log of a sensible runner: four runs a week, three weeks that grow by 5 % and an easy fourth, a
// tempo run on Thursdays, a long run on Sundays, hills, days skipped, a week of holidays, an illness of ten days with an
// easy return, and a race that is tagged as one.
func healthyYear(seed uint64) *analyze.Log {
	rnd := rand.New(rand.NewPCG(seed, 7))
	first := civil.New(2025, time.January, 6)
	block := []float64{1, 1.05, 1.10, 0.8}
	holidays, ill, race := 14+rnd.IntN(8), 28+rnd.IntN(8), 44+rnd.IntN(8)
	var runs []analyze.Run
	for week := range 62 {
		size := block[week%4] * (1 + 0.1*float64(week)/52)
		switch week - ill {
		case 1:
			size = 0.4
		case 2:
			size = 0.6
		case 3:
			size = 0.8
		}
		for _, plan := range []struct {
			weekday int
			km, mps float64
		}{{1, 8, 2.8}, {3, 9, 3.0}, {5, 7, 2.7}, {6, 14, 2.75}} {
			day := first + civil.Date(7*week+plan.weekday)
			away := week == holidays || week == ill || week == ill+1 && plan.weekday < 3
			if away || rnd.Float64() < 0.05 {
				continue
			}
			vary := func(sd float64) float64 { return 1 + sd*min(max(rnd.NormFloat64(), -2), 2) }
			r := healthyRun(rnd, day, 1000*plan.km*size*vary(0.04), plan.mps*vary(0.02), plan.weekday == 3)
			if week == race && plan.weekday == 6 {
				r = healthyRun(rnd, day, 21100, 3.2, true)
				r.Race = true
			}
			runs = append(runs, r)
		}
	}
	return analyze.Build(runs, nil, analyze.Options{HeightCM: 176, AsOf: first + 62*7 - 1, WeekStart: time.Monday})
}

func healthyRun(rnd *rand.Rand, day civil.Date, distM, mps float64, hard bool) analyze.Run {
	movingS := distM / mps
	spm := 165 + 6.5*(mps-3.04) - 3 + 1.5*rnd.NormFloat64()
	third := analyze.Hist{analyze.NewHistCell(mps, spm, movingS/3)}.Pack()
	bpm := uint8(28)
	if hard {
		bpm = 33
	}
	dropM := 40 * (0.5 + rnd.Float64())
	downM := dropM / 0.065
	return analyze.Run{
		ID: day.String(), Date: day, Start: day.Time().Add(7 * time.Hour), Kind: ingest.Road, DistM: distM, MovingS: movingS, ElapsedS: movingS,
		LongestContinuousS: movingS, SpeedSpread: 0.08,
		Cadence: analyze.Cadence{MeanSPM: spm, Coverage: 1, Unit: ingest.Strides, StepLengthM: 60 * mps / spm, Level: analyze.MergeHists(third, third, third).Pack(), FirstThird: third, LastThird: third},
		Heart:   analyze.Heart{MeanBPM: 5 * float64(bpm), Coverage: 1, Hist: analyze.Hist{{Bin: 27, Seconds: float32(movingS / 2)}, {Bin: bpm, Seconds: float32(movingS / 2)}}.Pack()},
		Pace:    analyze.Pace{Flat: analyze.Hist{analyze.NewHistCell(mps, spm, movingS)}.Pack()},
		Climb:   analyze.Climb{Source: ingest.Barometer, AscentM: dropM, DescentM: dropM, RangeM: dropM, DownhillM: downM, DownhillDropM: dropM, SteepM: 0, SteepDropM: 0},
		Surface: analyze.Surface{HardM: distM / 2, SoftM: distM / 2, TaggedM: distM, HardLow: 0.5, HardHigh: 0.5},
	}
}

// TestHealthyYear counts what the rules say of sensible years: a wall of warnings would teach their reader to look away.
// docs/rules-in-practice.md has the table.
func TestHealthyYear(t *testing.T) {
	counts := map[*Rule]*fired{}
	for _, r := range All() {
		counts[r] = &fired{}
	}
	loudWeeks := 0
	for seed := range uint64(healthyYears) {
		log := healthyYear(seed)
		loud := map[*analyze.Week]bool{}
		for _, f := range runSince(log, allOn(), analyze.Kilometres, All(), judge, log.AsOf-364).Findings {
			counts[f.Rule][f.Severity]++
			if f.Severity >= Warning && !f.Rule.Off {
				loud[log.WeekOf(f.To)] = true
			}
		}
		loudWeeks += len(loud)
	}
	var b strings.Builder
	b.WriteString("| Rule | On | notes | warnings | high |\n|---|---|---|---|---|\n")
	aYear := func(n int) float64 { return float64(n) / healthyYears }
	for _, r := range All() {
		n := counts[r]
		fmt.Fprintf(&b, "| %s %s | %s | %.1f | %.1f | %.1f |\n", r.ID, r.Name, r.switched(), aYear(n[Note]), aYear(n[Warning]), aYear(n[High]))
		if !r.Off && (n[High] > 0 || aYear(n[Warning]) > 3) {
			t.Errorf("%s cries wolf: %.1f warnings and %.1f high a sensible year", r.ID, aYear(n[Warning]), aYear(n[High]))
		}
	}
	fmt.Fprintf(&b, "\nMean of %d made-up years. Weeks with a warning of a rule that is on: %.1f a year.\n", healthyYears, aYear(loudWeeks))
	if aYear(loudWeeks) > 5 {
		t.Errorf("%.1f weeks of a sensible year have a warning", aYear(loudWeeks))
	}
	holdFigures(t, "healthy", b.String())
}
