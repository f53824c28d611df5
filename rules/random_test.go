package rules

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"

	"pgregory.net/rapid"
)

// randomRuns draws the runs of a made-up runner: usual days and odd ones, layoffs, doubles, hills, gaps in the data.
func randomRuns(t *rapid.T) ([]analyze.Run, analyze.Options) {
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	days := rapid.IntRange(0, 200).Draw(t, "days")
	frequency := rapid.Float64Range(0.05, 1).Draw(t, "frequency")
	missing := rapid.SampledFrom([]float64{0, 0.05, 0.5, 1}).Draw(t, "missing")
	first := civil.New(2026, time.January, 1) + civil.Date(rnd.IntN(7))
	o := analyze.Options{
		HeightCM: math.NaN(), Novice: rnd.IntN(2) == 0, AsOf: first + civil.Date(days+rnd.IntN(10)), WeekStart: time.Weekday(rnd.IntN(7)),
		Shoes: []analyze.Shoe{{Name: "A", StartKM: float64(rnd.IntN(900))}, {Name: "B", LimitKM: float64(rnd.IntN(700))}},
	}
	if rnd.IntN(2) == 0 {
		o.HeightCM = 150 + float64(rnd.IntN(50))
	}
	if rnd.IntN(3) == 0 {
		o.Shoes = nil
	}
	if rnd.IntN(3) > 0 {
		o.Pain = randomPain(rnd, first, days)
	}
	var runs []analyze.Run
	for off, d := 0, 0; d < days; d++ {
		if off--; off > 0 || rnd.Float64() > frequency {
			continue
		}
		if rnd.IntN(40) == 0 {
			off = rnd.IntN(80)
		}
		for k := range 1 + rnd.IntN(8)/7 {
			runs = append(runs, randomRun(rnd, first+civil.Date(d), k, missing))
		}
	}
	if rnd.IntN(3) == 0 { // a runner of one pair
		for i := range runs {
			runs[i].Shoe = "A"
		}
	}
	return runs, o
}

// randomPain draws a pain journal, which may be empty.
func randomPain(rnd *rand.Rand, first civil.Date, days int) []analyze.Pain {
	pain := []analyze.Pain{}
	for range rnd.IntN(12) {
		e := analyze.Pain{
			Date: first + civil.Date(rnd.IntN(days+5)), Side: []analyze.PainSide{"", analyze.LeftKnee, analyze.RightKnee, analyze.BothKnees}[rnd.IntN(4)],
			During: rnd.IntN(12) - 1, NoSigns: rnd.IntN(4) == 0,
			Settled: []analyze.PainSettled{"", analyze.SettledIn60Min, analyze.SettledIn24H}[rnd.IntN(3)],
		}
		if !e.NoSigns && rnd.IntN(3) == 0 {
			e.Signs = []analyze.PainSign{analyze.PainSigns()[rnd.IntN(len(analyze.PainSigns()))]}
		}
		pain = append(pain, e)
	}
	return pain
}

func randomRun(rnd *rand.Rand, day civil.Date, k int, missing float64) analyze.Run {
	known := func(v float64) float64 {
		if rnd.Float64() < missing {
			return math.NaN()
		}
		return v
	}
	distM := math.Exp(rnd.NormFloat64()*0.5) * 8000
	speed := 2.2 + 2.2*rnd.Float64()
	movingS := known(distM / speed)
	r := analyze.Run{
		ID: fmt.Sprintf("%s-%d", day, k), Date: day, Start: day.Time().Add(time.Duration(6+10*k) * time.Hour),
		Kind:  []ingest.Kind{ingest.Road, ingest.Trail, ingest.Treadmill, ingest.Virtual, ingest.Unspecified}[rnd.IntN(5)],
		DistM: known(distM), MovingS: movingS, ElapsedS: distM / speed, LongestContinuousS: known(movingS * rnd.Float64()),
		SpeedSpread: known(rnd.Float64() * 0.2), Race: rnd.IntN(20) == 0, Shoe: []string{"", "A", "B"}[rnd.IntN(3)],
		Climb: analyze.Climb{Source: ingest.GPSAltitude, DownhillM: math.NaN(), DownhillDropM: math.NaN(), SteepM: math.NaN(), SteepDropM: math.NaN(), RangeM: math.NaN()},
	}
	if rnd.Float64() >= missing {
		down := rnd.Float64() * rnd.Float64() * distM / 2
		steep := rnd.Float64() * rnd.Float64() * down
		r.Climb = analyze.Climb{Source: ingest.Barometer, DownhillM: down, DownhillDropM: down * 0.07, SteepM: steep, SteepDropM: steep * 0.12, RangeM: down * 0.07}
	}
	if rnd.Float64() >= missing {
		third := func() analyze.PackedHist {
			return analyze.Hist{analyze.NewHistCell(speed, 140+40*rnd.Float64(), distM/speed/3)}.Pack()
		}
		a, b, c := third(), third(), third()
		r.Cadence = analyze.Cadence{MeanSPM: 160, Coverage: 1, Level: analyze.MergeHists(a, b, c).Pack(), FirstThird: a, LastThird: c}
	}
	addEffort(rnd, &r, speed, missing)
	r.Surface = randomSurface(rnd, &r, missing)
	return r
}

// addEffort draws the heart rate and the speeds of a run: most are easy, some hard.
func addEffort(rnd *rand.Rand, r *analyze.Run, speed, missing float64) {
	hard := 1 + 0.25*float64(rnd.IntN(4)/3)
	r.Heart.MeanBPM = math.NaN()
	seconds := r.ElapsedS
	if rnd.Float64() >= missing {
		bpm := (135 + 15*rnd.Float64()) * hard
		r.Heart = analyze.Heart{MeanBPM: bpm, Coverage: 1, Hist: analyze.Hist{
			{Bin: uint8(bpm/analyze.HeartBinBPM) - 1, Seconds: float32(seconds / 2)}, {Bin: uint8(bpm / analyze.HeartBinBPM), Seconds: float32(seconds / 2)},
		}.Pack()}
	}
	if rnd.Float64() >= missing {
		r.Pace = analyze.Pace{
			Flat: analyze.Hist{analyze.NewHistCell(speed, 160, seconds/2), analyze.NewHistCell(speed*hard, 0, seconds/4)}.Pack(),
			Down: analyze.Hist{analyze.NewHistCell(speed*1.1, 165, seconds/4)}.Pack(),
		}
	}
}

// randomSurface draws the ground of a run: none, a treadmill, or a mix with bounds that are sometimes missing.
func randomSurface(rnd *rand.Rand, r *analyze.Run, missing float64) analyze.Surface {
	s := analyze.Surface{HardLow: math.NaN(), HardHigh: math.NaN()}
	d := r.DistM
	switch {
	case !(d > 0) || rnd.Float64() < missing:
		s.UnknownM = d
	case r.Kind == ingest.Treadmill || r.Kind == ingest.Virtual:
		s.TreadmillM = d
	default:
		a, b, c := rnd.Float64(), rnd.Float64()*rnd.Float64(), rnd.Float64()*rnd.Float64()
		unknown := rnd.Float64() * rnd.Float64() * rnd.Float64()
		sum := a + b + c + unknown
		s.HardM, s.MediumM, s.SoftM, s.UnknownM = d*a/sum, d*b/sum, d*c/sum, d*unknown/sum
		if rnd.IntN(3) > 0 {
			part := a / (a + b + c)
			s.HardLow, s.HardHigh = part*rnd.Float64(), part+(1-part)*rnd.Float64()
		}
	}
	return s
}

// randomStrength draws strength sessions: none, or some on any days.
func randomStrength(rnd *rand.Rand, first civil.Date, days int) []analyze.Strength {
	var out []analyze.Strength
	for d := range days * rnd.IntN(2) {
		if rnd.IntN(7) == 0 {
			out = append(out, analyze.Strength{Date: first + civil.Date(d), File: fmt.Sprint(d)})
		}
	}
	return out
}

func randomLog(t *rapid.T) *analyze.Log {
	runs, o := randomRuns(t)
	first := civil.New(2026, time.January, 1)
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "strength"), 3))
	return analyze.Build(runs, randomStrength(rnd, first, int(o.AsOf-first)), o)
}

func randomUnits(t *rapid.T) analyze.Units {
	return rapid.SampledFrom([]analyze.Units{analyze.Kilometres, analyze.Miles}).Draw(t, "units")
}

// allOn switches every rule on, also those that are off by default.
func allOn() Settings {
	set := Settings{}
	for _, r := range All() {
		set[r.Name] = switchedOn(r)[r.Name]
	}
	return set
}

// randomSettings draws parameters anywhere in their range, severities and switches.
func randomSettings(t *rapid.T) Settings {
	set := Settings{}
	for _, r := range All() {
		if !rapid.Bool().Draw(t, r.Name) {
			continue
		}
		s := Setting{Params: map[string]float64{}}
		for _, p := range r.Params {
			if rapid.Bool().Draw(t, p.Name) {
				s.Params[p.Name] = rapid.Float64Range(p.Min, p.Max).Draw(t, p.Name)
			}
		}
		if rapid.Bool().Draw(t, "severity set") {
			v := Severity(rapid.IntRange(int(Note), int(High)).Draw(t, "severity"))
			s.Severity = &v
		}
		if rapid.Bool().Draw(t, "switch set") {
			on := rapid.Bool().Draw(t, "on")
			s.Enabled = &on
		}
		set[r.Name] = s
	}
	return set
}
