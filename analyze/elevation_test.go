package analyze

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kneecheck/ingest"
)

// TestClimbOfHills runs known hills. The centred window of 100 m trims a slope by the part in which less than the limit
// lies within it: 12.5 m at either end of 8 % against the limit of 5 %, 33 m at 12 % against 10 %.
func TestClimbOfHills(t *testing.T) {
	tests := []struct {
		name                                           string
		legs                                           []leg
		up, down, downhillM, dropM, steepM, steepDropM float64
	}{
		{"flat", []leg{{1200, 3, 170, 0}}, 0, 0, 0, 0, 0, 0},
		{"up at 5 %, down at 8 %", []leg{{400, 2.5, 165, 0.05}, {600, 3, 170, 0}, {300, 3, 170, -0.08}, {300, 3, 170, 0}}, 50, 72, 900, 72, 0, 0},
		{"down at 4 %", []leg{{600, 3, 170, -0.04}, {300, 3, 170, 0}}, 0, 72, 0, 0, 0, 0},
		{"down at 12 %", []leg{{300, 3, 170, 0}, {200, 3, 170, -0.12}, {300, 3, 170, 0}}, 0, 72, 600, 72, 530, 63.6},
		{"ten hills of 20 m", slices.Repeat([]leg{{100, 2.5, 165, 0.08}, {60, 3, 170, 0}, {80, 3.125, 170, -0.08}, {60, 3, 170, 0}}, 10), 200, 200, 2250, 180, 0, 0},
		{"a kerb is no hill", slices.Repeat([]leg{{20, 3, 170, 0.02}, {20, 3, 170, -0.02}}, 30), 0, 0, 0, 0, 0, 0},
		{"a dip too short for a grade", []leg{{300, 3, 170, 0}, {10, 3, 170, -0.1}, {10, 3, 170, 0.1}, {300, 3, 170, 0}}, 0, 0, 0, 0, 0, 0},
	}
	for _, tt := range tests {
		for _, barometer := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				a := synth(tt.legs...)
				a.Samples.ElevM[0] += 0.2 // a flat run still shows a change once
				if barometer {
					for i, e := range a.Samples.ElevM {
						a.Samples.ElevM[i] = math.Round(e*5) / 5
					}
				}
				c := reduce(t, a).Climb
				near(t, "ascent", c.AscentM, tt.up, 0.03*tt.up+0.1)
				near(t, "descent", c.DescentM, tt.down, 0.03*tt.down+0.1)
				near(t, "downhill", c.DownhillM, tt.downhillM, 0.08*tt.downhillM)
				near(t, "drop", c.DownhillDropM, tt.dropM, 0.05*tt.dropM)
				near(t, "steep", c.SteepM, tt.steepM, 0.08*tt.steepM)
				near(t, "steep drop", c.SteepDropM, tt.steepDropM, 0.08*tt.steepDropM)
				if c.Source != ingest.Barometer {
					t.Errorf("source = %s", c.Source)
				}
			})
		}
	}
}

// hilly is a run over two hills that other tests disturb.
func hilly() *ingest.Activity {
	return synth(leg{300, 3, 170, 0}, leg{300, 2.5, 165, 0.06}, leg{300, 3, 170, 0}, leg{300, 3, 170, -0.07}, leg{300, 3, 170, 0.01})
}

func TestClimbIgnoresWhatNobodyRan(t *testing.T) {
	want := reduce(t, hilly()).Climb
	tests := []struct {
		name   string
		change func(a *ingest.Activity)
	}{
		{"a spike of three samples", func(a *ingest.Activity) {
			for i := 700; i < 703; i++ {
				a.Samples.ElevM[i] += 87
			}
		}},
		{"a first value from the day before", func(a *ingest.Activity) { a.Samples.ElevM[0] -= 60 }},
		{"a recalibration", func(a *ingest.Activity) {
			for i := 800; i < len(a.Samples.ElevM); i++ {
				a.Samples.ElevM[i] += 45
			}
		}},
		{"ten minutes of weather in a pause", func(a *ingest.Activity) {
			for i := 700; i < len(a.Samples.ElevM); i++ {
				a.Samples.T[i] += 600
				a.Samples.ElevM[i] += 12
			}
			a.Samples.DistM[700] = a.Samples.DistM[699]
		}},
		{"dropouts", func(a *ingest.Activity) {
			for i := 100; i < len(a.Samples.ElevM); i += 3 {
				a.Samples.ElevM[i] = math.NaN()
			}
		}},
		{"infinities", func(a *ingest.Activity) { a.Samples.ElevM[500], a.Samples.ElevM[900] = math.Inf(1), math.Inf(-1) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := hilly()
			tt.change(a)
			got := reduce(t, a).Climb
			near(t, "ascent", got.AscentM, want.AscentM, 1)
			near(t, "descent", got.DescentM, want.DescentM, 1)
			near(t, "downhill", got.DownhillM, want.DownhillM, 15)
			near(t, "drop", got.DownhillDropM, want.DownhillDropM, 1)
		})
	}
}

func TestClimbWithoutTrust(t *testing.T) {
	tests := []struct {
		name   string
		change func(a *ingest.Activity)
		source ingest.ElevSource
	}{
		{"altitude from GPS", func(a *ingest.Activity) { a.Elevation = ingest.GPSAltitude }, ingest.GPSAltitude},
		{"unknown and as noisy as GPS", func(a *ingest.Activity) { a.Elevation = ""; gpsNoise(a, 1) }, ingest.GPSAltitude},
		{"no altitude", func(a *ingest.Activity) { a.Samples.ElevM = nil }, ingest.Barometer},
		{"no distance", func(a *ingest.Activity) { a.Samples.DistM = nil }, ingest.Barometer},
		{"a treadmill", func(a *ingest.Activity) { a.Kind = ingest.Treadmill }, ingest.ElevUnknown},
		{"a virtual world", func(a *ingest.Activity) { a.Kind = ingest.Virtual }, ingest.ElevUnknown},
		{"one value all along", func(a *ingest.Activity) {
			for i := range a.Samples.ElevM {
				a.Samples.ElevM[i] = 0
			}
		}, ingest.Barometer},
		{"a third missing", func(a *ingest.Activity) {
			for i := 300; i < 900; i++ {
				a.Samples.ElevM[i] = math.NaN()
			}
		}, ingest.Barometer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := hilly()
			tt.change(a)
			r := reduce(t, a)
			c := r.Climb
			for _, v := range []float64{c.AscentM, c.DescentM, c.DownhillM, c.DownhillDropM, c.SteepM, c.SteepDropM, c.RangeM} {
				isNaN(t, "a figure", v)
			}
			if c.Source != tt.source {
				t.Errorf("source = %s, want %s", c.Source, tt.source)
			}
			near(t, "seconds taken for level", r.Cadence.Level.Seconds(), 1500, 1e-3)
		})
	}
}

// gpsNoise adds the slow wander of GPS altitude: a standard deviation of 5 m that forgets itself over 10 s.
func gpsNoise(a *ingest.Activity, seed int64) {
	rng := rand.New(rand.NewSource(seed))
	const keepShare = 0.9
	e := 0.0
	for i := range a.Samples.ElevM {
		e = keepShare*e + 5*math.Sqrt(1-keepShare*keepShare)*rng.NormFloat64()
		a.Samples.ElevM[i] += e
	}
}

func TestNoisyTellsGPSFromBarometer(t *testing.T) {
	for seed := range int64(20) {
		a := synth(leg{1800, 3, 170, 0})
		a.Elevation = ingest.ElevUnknown
		gpsNoise(a, seed)
		if c := reduce(t, a).Climb; c.Source != ingest.GPSAltitude || c.AscentM == c.AscentM {
			t.Errorf("seed %d: noise on the flat gives %+v", seed, c)
		}
		// A barometer of unknown make: steps of 0.2 m, a little wind, and hills or none.
		for _, grade := range []float64{0, 0.04, 0.15} {
			b := synth(slices.Repeat([]leg{{150, 3, 170, grade}, {150, 3, 170, -grade}}, 5)...)
			b.Elevation = ingest.ElevUnknown
			rng := rand.New(rand.NewSource(seed))
			for i, e := range b.Samples.ElevM {
				b.Samples.ElevM[i] = math.Round((e+0.2*rng.NormFloat64())*5) / 5
			}
			c := reduce(t, b).Climb
			near(t, "ascent", c.AscentM, 450*grade*5, 0.03*450*grade*5+0.1)
			near(t, "descent", c.DescentM, 450*grade*5, 0.03*450*grade*5+0.1)
		}
	}
}

// TestClimbReversed runs every course backwards: what was up is down.
func TestClimbReversed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := synth(randomLegs(t)...)
		b := keep(a, func(int) bool { return true })
		n := a.Samples.Len()
		for i := range n {
			b.Samples.ElevM[i] = a.Samples.ElevM[n-1-i]
			b.Samples.DistM[i] = a.Samples.DistM[n-1] - a.Samples.DistM[n-1-i]
		}
		there, back := reduceRapid(t, a).Climb, reduceRapid(t, b).Climb
		if there.AscentM != there.AscentM {
			return
		}
		near(t, "ascent back", back.AscentM, there.DescentM, 1.5)
		near(t, "descent back", back.DescentM, there.AscentM, 1.5)
	})
}

// TestClimbOfSmartRecording keeps every seventh sample.
func TestClimbOfSmartRecording(t *testing.T) {
	a := hilly()
	want := reduce(t, a).Climb
	got := reduce(t, keep(a, func(i int) bool { return i%7 == 0 })).Climb
	near(t, "ascent", got.AscentM, want.AscentM, 1)
	near(t, "descent", got.DescentM, want.DescentM, 1)
	near(t, "drop", got.DownhillDropM, want.DownhillDropM, 1)
}

func TestTurns(t *testing.T) {
	tests := []struct {
		elev            []float64
		up, down, total float64
	}{
		{[]float64{0}, 0, 0, 0},
		{[]float64{0, 2.9, 0, 2.9}, 0, 0, 2.9},
		{[]float64{0, 3}, 3, 0, 3},
		{[]float64{0, 1, 2, 3, 4, 5, 6}, 6, 0, 6},
		{[]float64{10, 12, 8, 20, 18, 25, 5}, 17, 24, 20},
		{[]float64{0, 10, 8, 10, 8, 10}, 10, 0, 10},
	}
	for _, tt := range tests {
		up, down, total := turns(tt.elev, 3)
		if up != tt.up || down != tt.down || total != tt.total {
			t.Errorf("turns(%v) = %g, %g, %g, want %g, %g, %g", tt.elev, up, down, total, tt.up, tt.down, tt.total)
		}
	}
}

func TestSmoothAgainstPlainMeans(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, n := range []int{1, 2, 3, 5, 8, 100} {
		raw := make([]float64, n, 2*n)
		for i := range raw {
			raw[i] = rng.Float64() * 100
		}
		got := smooth(raw, 3)
		for i := range raw {
			h := min(3, i, n-1-i)
			sum := 0.0
			for _, v := range raw[i-h : i+h+1] {
				sum += v
			}
			near(t, "mean", got[i], sum/float64(2*h+1), 1e-9)
		}
	}
}
