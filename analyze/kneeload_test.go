package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// The figures were worked out with a pocket calculator from the formula of DESIGN section 5.
func TestKneeFactor(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name                    string
		v, usual, spm, own, got float64
	}{
		{"as usual", 3, 3, 165, 165, 1},
		{"slower", 2.7, 3, 165, 165, 1.08223},
		{"faster", 3.6, 3, 165, 165, 0.87220},
		{"5 % more steps", 3, 3, 173.25, 165, 0.97115},
		{"5 % fewer steps", 3, 3, 156.75, 165, 1.03125},
		{"slower with fewer steps", 2.7, 3, 156.75, 165, 1.11605},
		{"below the range of the studies", 1.8, 3, 165, 165, 1.14653},
		{"above it", 5.5, 3, 165, 165, 0.77697},
		{"a usual pace outside it", 2.5, 2, 165, 165, 1},
		{"cadence beyond 10 %", 3, 3, 100, 165, 1.06526},
		{"the other way", 3, 3, 240, 165, 0.94442},
		{"no cadence", 2.7, 3, 0, 165, 1.08223},
		{"no own cadence", 2.7, 3, 150, nan, 1.08223},
	} {
		if got := KneeFactor(tt.v, tt.usual, tt.spm, tt.own); math.Abs(got-tt.got) > 6e-6 {
			t.Errorf("%s: %.5f, want %.5f", tt.name, got, tt.got)
		}
	}
}

// kneeRun is an even run of an hour.
func kneeRun(day civil.Date, mps, spm float64) Run {
	return Run{
		ID: fmt.Sprint(day, mps), Date: day, Start: day.Time().Add(7 * time.Hour), DistM: mps * 3600, MovingS: 3600, ElapsedS: 3600,
		Cadence: Cadence{MeanSPM: spm, Level: Hist{NewHistCell(mps, spm, 3600)}.Pack()},
		Pace:    Pace{Flat: Hist{NewHistCell(mps, spm, 3600)}.Pack()},
	}
}

func kneeLog(runs ...Run) *Log {
	return Build(runs, nil, Options{HeightCM: math.NaN(), AsOf: runs[len(runs)-1].Date, WeekStart: time.Monday})
}

func TestKneeKM(t *testing.T) {
	first := civil.New(2026, time.January, 5)
	var usual []Run
	for i := range 12 {
		usual = append(usual, kneeRun(first+civil.Date(2*i), 2.9, 164))
	}
	next := first + 24
	walked := kneeRun(next, 2.9, 164)
	walked.DistM *= 1.5
	mostlyWalked := kneeRun(next, 2.9, 164)
	mostlyWalked.DistM *= 2.2
	short := kneeRun(next, 2.9, 164)
	short.DistM *= 0.98 // the watch's total, below what the samples add up to
	noPace := kneeRun(next, 2.9, 164)
	noPace.Pace = Pace{}
	treadmill := kneeRun(next, 2.9, 140)
	treadmill.Kind = ingest.Treadmill
	down := kneeRun(next, 2.9, 164)
	down.Pace = Pace{Flat: Hist{NewHistCell(2.9, 164, 1800)}.Pack(), Down: Hist{NewHistCell(3.5, 164, 1800)}.Pack()}
	down.DistM = 1800 * (2.9 + 3.5)
	for _, tt := range []struct {
		name string
		run  Run
		want float64 // knee-km ÷ km
	}{
		{"as usual", kneeRun(next, 2.9, 164), 1},
		{"slower", kneeRun(next, 2.5, 164), math.Pow(2.5/2.9, -0.75) * math.Pow(164/161.4, -0.6)}, // 161.4: 2.6 less for 0.4 m/s slower
		{"fewer steps", kneeRun(next, 2.9, 156), math.Pow(156.0/164, -0.6)},
		{"a third walked", walked, 1},
		{"mostly walked", mostlyWalked, math.NaN()},
		{"a total below the samples", short, 1},
		{"no speed", noPace, math.NaN()},
		{"a treadmill's speed has no own cadence", treadmill, 1},
		{"downhill counts like level ground", down, (2.9 + 3.5*math.Pow(3.5/2.9, -0.75)*math.Pow(164/167.9, -0.6)) / (2.9 + 3.5)},
	} {
		l := kneeLog(append(usual[:12:12], tt.run)...)
		got := l.KneeKM(12, 13)[0] / (l.Runs[12].DistM / 1000)
		// Speeds are those of the middle of their bins.
		if math.Abs(got-tt.want) > 0.015 || math.IsNaN(got) != math.IsNaN(tt.want) {
			t.Errorf("%s: %.4f knee-km a km, want %.4f", tt.name, got, tt.want)
		}
	}
	all := kneeLog(usual...).KneeKM(0, 12)
	if !math.IsNaN(all[0]) || math.IsNaN(all[1]) {
		t.Errorf("%v: the first run has no usual pace, the second has an hour before it", all[:2])
	}
	later := kneeLog(append(usual, kneeRun(first+22+85, 2.9, 164))...).KneeKM(12, 13)
	if !math.IsNaN(later[0]) {
		t.Errorf("%v after 85 days off: what was usual before is too long ago", later)
	}
}

func TestSumKneeKM(t *testing.T) {
	nan := math.NaN()
	runs := []*Run{{DistM: 8000}, {DistM: 1500}, {DistM: 0}}
	for _, tt := range []struct {
		knee []float64
		want float64
	}{
		{[]float64{8.5, 1.4, nan}, 9.9},
		{[]float64{8.5, nan, nan}, 10}, // the short one counts as it is long
		{[]float64{nan, 1.4, nan}, nan},
	} {
		if got := SumKneeKM(runs, tt.knee); math.Abs(got-tt.want) > 1e-9 || math.IsNaN(got) != math.IsNaN(tt.want) {
			t.Errorf("%v: %v, want %v", tt.knee, got, tt.want)
		}
	}
	if got := SumKneeKM(runs[2:], []float64{nan}); !math.IsNaN(got) {
		t.Errorf("a run without a distance has %v knee-km", got)
	}
	if got := SumKneeKM(nil, nil); got != 0 {
		t.Errorf("a week without a run has %v knee-km", got)
	}
}

// TestKneeKMOfPart asks for a part of a log: a run's knee load does not depend on which others are asked for, bit for bit.
func TestKneeKMOfPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		day := civil.New(2025, time.January, 1)
		var runs []Run
		for range rapid.IntRange(1, 120).Draw(t, "runs") {
			day += civil.Date(rnd.IntN(5))
			r := kneeRun(day, 2+2.5*rnd.Float64(), 150+30*rnd.Float64())
			r.ID = fmt.Sprint(len(runs))
			r.Start = r.Start.Add(time.Duration(len(runs)%2) * 3 * time.Hour)
			runs = append(runs, r)
			if rnd.IntN(30) == 0 {
				day += 100
			}
		}
		l := kneeLog(runs...)
		whole := l.KneeKM(0, len(l.Runs))
		first := rapid.IntRange(0, len(l.Runs)).Draw(t, "first")
		for i, v := range l.KneeKM(first, len(l.Runs)) {
			if math.Float64bits(v) != math.Float64bits(whole[first+i]) {
				t.Fatalf("run %d: %v alone, %v in the whole log", first+i, v, whole[first+i])
			}
		}
		for i, v := range whole {
			if km := l.Runs[i].DistM / 1000; v < 0.6*km || v > 1.6*km {
				t.Fatalf("run %d: %v knee-km over %v km", i, v, km)
			}
		}
	})
}

func BenchmarkKneeKM(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	day := civil.New(2016, time.January, 1)
	var runs []Run
	for range 2500 {
		day += civil.Date(1 + rnd.IntN(2))
		r := kneeRun(day, 2.8, 165)
		var level, flat Hist
		for bin := range 8 {
			for spm := range 12 {
				level = append(level, HistCell{Bin: uint8(10 + bin), SPM: uint8(158 + spm), Seconds: 30})
			}
			flat = append(flat, HistCell{Bin: uint8(10 + bin), SPM: 164, Seconds: 400})
		}
		r.Cadence.Level, r.Pace = level.Pack(), Pace{Flat: flat.Pack()}
		runs = append(runs, r)
	}
	l := kneeLog(runs...)
	b.ReportAllocs()
	for b.Loop() {
		l.KneeKM(0, len(l.Runs))
	}
}
