package surface

import (
	"math"
	"math/rand/v2"
	"testing"
)

// lattice is a network of streets 100 m apart around a place, of one class.
func latticeOf(latDeg, lonDeg float64, lines int, mix Mix, tagged bool) *Network {
	n := &Network{}
	perLat, perLon := metresPerDegree(latDeg)
	add := func(x0, y0, x1, y1 float64) {
		first := int32(len(n.Lat))
		for i := range lines + 1 {
			f := float64(i) / float64(lines)
			n.Lat = append(n.Lat, int32(math.Round((latDeg+(y0+f*(y1-y0))/perLat)*DegreeSteps)))
			n.Lon = append(n.Lon, int32(math.Round((lonDeg+(x0+f*(x1-x0))/perLon)*DegreeSteps)))
		}
		n.Ways = append(n.Ways, Way{First: first, End: int32(len(n.Lat)), Mix: mix, Tagged: tagged, Code: 1})
	}
	span := 100 * float64(lines)
	for i := range lines + 1 {
		at := 100 * float64(i)
		add(at, 0, at, span)
		add(0, at, span, at)
	}
	return n
}

// along is a trace along points in metres from a place, at 3 m/s and 1 Hz.
func along(latDeg, lonDeg float64, points ...[2]float64) (t Trace, lenM float64) {
	perLat, perLon := metresPerDegree(latDeg)
	left := 0.0
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		d := math.Hypot(b[0]-a[0], b[1]-a[1])
		for ; left < d; left += 3 {
			f := left / d
			t.T = append(t.T, float64(len(t.T)))
			t.LatDeg = append(t.LatDeg, latDeg+(a[1]+f*(b[1]-a[1]))/perLat)
			t.LonDeg = append(t.LonDeg, lonDeg+(a[0]+f*(b[0]-a[0]))/perLon)
		}
		left -= d
		lenM += d
	}
	return t, lenM
}

func only(c Class, p float32, rest Class) Mix {
	var m Mix
	m[rest] = 1 - p
	m[c] += p
	return m
}

func TestJudgeWithoutMap(t *testing.T) {
	street, streetM := along(47, 8, [2]float64{0, 0}, [2]float64{1500, 0}, [2]float64{1500, 800})
	hall, _ := along(47, 8, [2]float64{0, 0}, [2]float64{20, 10}, [2]float64{40, 0}, [2]float64{0, 0}, [2]float64{20, 10}, [2]float64{40, 0},
		[2]float64{0, 0}, [2]float64{20, 10}, [2]float64{40, 0}, [2]float64{0, 0})
	lost := Trace{T: append([]float64(nil), hall.T...), LatDeg: append([]float64(nil), hall.LatDeg...), LonDeg: append([]float64(nil), hall.LonDeg...)}
	for i := range lost.T {
		lost.T[i] += float64(i/len(lost.T)) + 0
	}
	lost.T, lost.LatDeg, lost.LonDeg = append(lost.T, 1800), append(lost.LatDeg, math.NaN()), append(lost.LonDeg, math.NaN())
	tests := []struct {
		name                                        string
		in                                          Input
		treadmill, track, unknown, tagged, inferred float64
		from                                        Source
		level                                       Level
	}{
		{name: "treadmill by the device", in: Input{Kind: KindTreadmill, DistM: 8000, Trace: street}, treadmill: 8000, tagged: 8000, from: FromDevice, level: High},
		{name: "virtual run with invented positions", in: Input{Kind: KindVirtual, DistM: 8000, Trace: street}, treadmill: 8000, tagged: 8000, from: FromDevice, level: High},
		{name: "no positions and no altitude", in: Input{DistM: 5000}, treadmill: 5000, inferred: 5000, from: FromDevice, level: Middle},
		{name: "no positions but an altitude", in: Input{DistM: 5000, Altitude: true}, unknown: 5000, from: FromNothing, level: Low},
		{name: "a trail without positions", in: Input{Kind: KindTrail, DistM: 5000}, unknown: 5000, from: FromNothing, level: Low},
		{name: "a road without positions", in: Input{Kind: KindRoad, DistM: 5000}, unknown: 5000, from: FromNothing, level: Low},
		{name: "a track by the device, no positions", in: Input{Kind: KindTrack, DistM: 5000}, track: 5000, inferred: 5000, from: FromDevice, level: Low},
		{name: "a track by the device, positions without laps", in: Input{Kind: KindTrack, DistM: 2300, Trace: street}, track: 2300, inferred: 2300, from: FromDevice, level: Low},
		{name: "positions that stay in a hall", in: Input{DistM: 6000, Trace: hall}, treadmill: 6000, inferred: 6000, from: FromDevice, level: Middle},
		{name: "a short run round a yard", in: Input{DistM: 300, Trace: hall}, unknown: 300, from: FromNothing, level: Low},
		{name: "positions that were lost early", in: Input{DistM: 6000, Trace: lost}, unknown: 6000, from: FromNothing, level: Low},
		{name: "a street", in: Input{DistM: 2300, Trace: street}, unknown: 2300, from: FromNothing, level: Low},
		{name: "a street the device calls a trail", in: Input{Kind: KindTrail, DistM: 2300, Trace: street}, unknown: 2300, from: FromNothing, level: Low},
		{name: "no distance but positions", in: Input{DistM: math.NaN(), Trace: street}, unknown: streetM, from: FromNothing, level: Low},
		{name: "nothing at all", in: Input{}, from: FromNothing, level: Low},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Judge(tt.in)
			checkSums(t, r)
			for _, v := range []struct {
				what      string
				got, want float64
			}{{"treadmill", r.TreadmillM, tt.treadmill}, {"track", r.ClassM[Track], tt.track}, {"unknown", r.UnknownM, tt.unknown},
				{"tagged", r.TaggedM, tt.tagged}, {"inferred", r.InferredM, tt.inferred}} {
				if math.Abs(v.got-v.want) > 0.01*v.want+1 {
					t.Errorf("%s %.0f m, want %.0f", v.what, v.got, v.want)
				}
			}
			if r.From != tt.from || r.Level != tt.level || !math.IsNaN(r.HardShare) {
				t.Errorf("from %s, level %s, hard %v", r.From, r.Level, r.HardShare)
			}
		})
	}
}

// checkSums holds what is true of every result.
func checkSums(t *testing.T, r Result) {
	t.Helper()
	var classes, groups float64
	for _, m := range r.ClassM {
		classes += m
	}
	for _, m := range r.GroupM {
		groups += m
	}
	total := groups + r.TreadmillM + r.UnknownM
	slack := 1e-5*total + 1e-6
	if math.IsNaN(total) || math.Abs(classes-groups) > slack || math.Abs(r.TaggedM+r.InferredM+r.UnknownM-total) > slack {
		t.Errorf("classes %v, groups %v, tagged %v + inferred %v + unknown %v, total %v", classes, groups, r.TaggedM, r.InferredM, r.UnknownM, total)
	}
	at := 0.0
	for _, s := range r.Stretches {
		if math.Abs(s.FromM-at) > slack || s.ToM <= s.FromM || s.Ground == "" {
			t.Errorf("stretch %+v after %v", s, at)
		}
		at = s.ToM
	}
	if math.Abs(at-total) > slack {
		t.Errorf("stretches end at %v of %v", at, total)
	}
	if !math.IsNaN(r.HardShare) && !(0 <= r.HardLow && r.HardLow <= r.HardShare && r.HardShare <= r.HardHigh && r.HardHigh <= 1) {
		t.Errorf("hard %v of %v to %v", r.HardShare, r.HardLow, r.HardHigh)
	}
}

func TestJudgeWithMap(t *testing.T) {
	const lat, lon = 47, 8
	tagged := Prepare(latticeOf(lat, lon, 20, only(Asphalt, .97, Gravel), true))
	footways := Prepare(latticeOf(lat, lon, 20, only(Asphalt, .6, Gravel), false))
	inside, _ := along(lat, lon, [2]float64{0, 100}, [2]float64{1500, 100}, [2]float64{1500, 600})
	leaving, _ := along(lat, lon, [2]float64{1000, 100}, [2]float64{2000, 100}, [2]float64{3000, 150})
	tests := []struct {
		name                          string
		in                            Input
		hard, low, high, tag, unknown float64
		stretches                     int
		level                         Level
	}{
		{name: "tagged streets", in: Input{DistM: 2000, Trace: inside, Ground: tagged}, hard: 1, low: .995, high: 1, tag: 1, stretches: 1, level: High},
		{name: "untagged ways", in: Input{DistM: 2000, Trace: inside, Ground: footways}, hard: .6, low: 0, high: 1, stretches: 1, level: Middle},
		{name: "untagged ways on a trail run", in: Input{Kind: KindTrail, DistM: 2000, Trace: inside, Ground: footways}, hard: 1.0 / 3, low: 0, high: 1, stretches: 1, level: Middle},
		{name: "a trail run on tagged streets", in: Input{Kind: KindTrail, DistM: 2000, Trace: inside, Ground: tagged}, hard: 1, low: .995, high: 1, tag: 1, stretches: 1, level: High},
		{name: "half of the run off the map", in: Input{DistM: 2000, Trace: leaving, Ground: tagged}, hard: math.NaN(), tag: .5, unknown: .5, stretches: 2, level: Low},
		{name: "a quarter of the distance without positions", in: Input{DistM: 2800, Trace: inside, Ground: tagged}, hard: 1, low: .78, high: 1, tag: .78, unknown: .22, stretches: 2, level: Middle},
		{name: "outside the map", in: Input{DistM: 2000, Trace: inside, Ground: Prepare(latticeOf(30, 8, 2, only(Asphalt, 1, Asphalt), true))}, hard: math.NaN(), unknown: 1, stretches: 1, level: Low},
		{name: "an empty map", in: Input{DistM: 2000, Trace: inside, Ground: Prepare(&Network{})}, hard: math.NaN(), unknown: 1, stretches: 1, level: Low},
	}
	var m Matcher
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := m.Judge(tt.in)
			checkSums(t, r)
			near := func(what string, got, want float64) {
				if !(math.Abs(got-want) < .02) && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("%s %.3f, want %.3f", what, got, want)
				}
			}
			near("hard", r.HardShare, tt.hard)
			if !math.IsNaN(tt.hard) {
				near("low", r.HardLow, tt.low)
				near("high", r.HardHigh, tt.high)
			}
			near("tagged", r.TaggedM/tt.in.DistM, tt.tag)
			near("unknown", r.UnknownM/tt.in.DistM, tt.unknown)
			if len(r.Stretches) != tt.stretches || r.Level != tt.level {
				t.Errorf("level %s, stretches %+v", r.Level, r.Stretches)
			}
		})
	}
}

// A gap is unknown ground, a stop is none.
func TestJudgeGaps(t *testing.T) {
	const lat, lon = 47, 8
	g := Prepare(latticeOf(lat, lon, 20, only(Asphalt, 1, Asphalt), true))
	run, _ := along(lat, lon, [2]float64{0, 100}, [2]float64{2000, 100})
	half := len(run.T) / 2
	later := func(s float64) Trace {
		out := Trace{T: append([]float64(nil), run.T...), LatDeg: run.LatDeg, LonDeg: run.LonDeg}
		for i := half; i < len(out.T); i++ {
			out.T[i] += s
		}
		return out
	}
	if r := Judge(Input{DistM: 2000, Trace: later(600), Ground: g}); r.UnknownM > 1 {
		t.Errorf("a stop makes %v m unknown", r.UnknownM)
	}
	cut := Trace{T: append(append([]float64(nil), run.T[:half]...), run.T[half+100:]...),
		LatDeg: append(append([]float64(nil), run.LatDeg[:half]...), run.LatDeg[half+100:]...),
		LonDeg: append(append([]float64(nil), run.LonDeg[:half]...), run.LonDeg[half+100:]...)}
	r := Judge(Input{DistM: 2000, Trace: cut, Ground: g})
	checkSums(t, r)
	if math.Abs(r.UnknownM-300) > 15 || len(r.Stretches) != 3 {
		t.Errorf("a gap of 300 m makes %v m unknown, %+v", r.UnknownM, r.Stretches)
	}
}

// Whatever the positions, a result adds up and nothing breaks.
func TestJudgeHostile(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 180, -180, 90, -90, 84.99, 1e300, 179.9999, -179.9999}
	grounds := []*Ground{nil, Prepare(latticeOf(47, 8, 20, only(Asphalt, 1, Asphalt), true)), Prepare(latticeOf(-16.8, 179.99, 20, only(Trail, .5, Sand), false)),
		Prepare(&Network{Lat: []int32{5, 5, 5}, Lon: []int32{7, 7, 7}, Ways: []Way{{First: 0, End: 3}, {First: 2, End: 9}, {First: -4, End: 1}, {First: 1, End: 2}}})}
	var m Matcher
	for round := range 400 {
		var tr Trace
		lat, lon, now := []float64{47, -16.8, 0, 84.9}[rng.IntN(4)], []float64{8, 179.9999, 0.00007}[rng.IntN(3)], 0.0
		for range rng.IntN(300) {
			now += []float64{1, 1, 1, 0, 5, 40, -3}[rng.IntN(7)]
			lat, lon = lat+3e-5*rng.NormFloat64(), lon+3e-5*rng.NormFloat64()
			at, la, lo := now, lat, lon
			if rng.IntN(20) == 0 {
				at, la, lo = pick(rng, at, odd), pick(rng, la, odd), pick(rng, lo, odd)
			}
			tr.T, tr.LatDeg, tr.LonDeg = append(tr.T, at), append(tr.LatDeg, la), append(tr.LonDeg, lo)
		}
		dist := pick(rng, float64(rng.IntN(3000)), []float64{0, math.NaN(), math.Inf(1), -5, 1e7})
		r := m.Judge(Input{DistM: dist, Trace: tr, Ground: grounds[round%len(grounds)], Kind: []Kind{"", KindTrail, KindTrack}[rng.IntN(3)]})
		checkSums(t, r)
	}
}

func pick(rng *rand.Rand, v float64, odd []float64) float64 {
	if rng.IntN(2) == 0 {
		return v
	}
	return odd[rng.IntN(len(odd))]
}
