package analyze

import (
	"math"
	"math/rand"
	"testing"

	"pgregory.net/rapid"

	"kneecheck/ingest"
)

func TestCadence(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name           string
		legs           []leg
		mean, coverage float64
	}{
		{"weighted by time", []leg{{300, 3, 170, 0}, {100, 3, 160, 0}}, 167.5, 1},
		{"walking breaks are out", []leg{{300, 3, 170, 0}, {100, 1.4, 110, 0}}, 170, 0.75},
		{"stops are out of both", []leg{{300, 3, 170, 0}, {100, 0, 0, 0}}, 170, 1},
		{"dropouts cost coverage", []leg{{300, 3, 170, 0}, {100, 3, nan, 0}}, 170, 0.75},
		{"a sensor at 0 costs coverage", []leg{{300, 3, 170, 0}, {100, 3, 0, 0}}, 170, 0.75},
		{"a doubled value is out", []leg{{300, 3, 170, 0}, {100, 3, 340, 0}}, 170, 0.75},
		{"the bounds are in", []leg{{300, 3, 100, 0}, {300, 3, 250, 0}}, 175, 1},
		{"slow steps at speed are running", []leg{{300, 3, 138, 0}}, 138, 1},
		{"quick steps at low speed are running", []leg{{300, 1.8, 150, 0}}, 150, 1},
		{"walking only", []leg{{300, 1.4, 110, 0}}, nan, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := reduce(t, synth(tt.legs...)).Cadence
			near(t, "coverage", c.Coverage, tt.coverage, 1e-9)
			if tt.mean != tt.mean {
				isNaN(t, "mean", c.MeanSPM)
			} else {
				near(t, "mean", c.MeanSPM, tt.mean, 1e-9)
			}
			if c.Unit != ingest.Strides {
				t.Errorf("unit = %s", c.Unit)
			}
		})
	}
}

func TestCadenceWithoutSensor(t *testing.T) {
	a := synth(leg{3600, 3, 170, 0})
	a.Samples.CadenceSPM = nil
	c := reduce(t, a).Cadence
	isNaN(t, "mean", c.MeanSPM)
	isNaN(t, "step length", c.StepLengthM)
	if c.Coverage != 0 || c.Unit != ingest.NoCadence || c.Level != "" || c.FirstThird != "" {
		t.Errorf("%+v", c)
	}
}

func TestCadenceTreadmillWithoutSpeed(t *testing.T) {
	a := synth(leg{3000, 3, 170, 0}, leg{60, 0, 0, 0})
	s := &a.Samples
	s.LatDeg, s.LonDeg, s.ElevM, s.DistM, s.SpeedMPS = nil, nil, nil, nil, nil
	a.Kind = ingest.Treadmill
	r := reduce(t, a)
	near(t, "mean", r.Cadence.MeanSPM, 170, 1e-9)
	near(t, "moving", r.MovingS, 3000, 1e-9)
	isNaN(t, "step length", r.Cadence.StepLengthM)
	if r.Cadence.Level != "" {
		t.Error("a histogram by speed without speed")
	}
}

func TestCadenceHistogramOnLevelGroundOnly(t *testing.T) {
	a := synth(leg{1000, 3, 170, 0}, leg{1000, 2.5, 160, 0.06}, leg{1000, 3.5, 175, -0.06}, leg{1000, 3, 170, 0})
	level := reduce(t, a).Cadence.Level
	at := map[uint8]float64{}
	for _, s := range level.Hist().BySpeed() {
		at[s.Bin] = s.Seconds
	}
	near(t, "level seconds", at[15], 2000, 40)
	if at[12] > 20 || at[17] > 20 {
		t.Errorf("hills are counted: %v", at)
	}
	a.Elevation = ingest.GPSAltitude
	near(t, "seconds with altitude that is not trusted", reduce(t, a).Cadence.Level.Seconds(), 4000, 1e-3)
}

func TestCadenceThirds(t *testing.T) {
	a := synth(leg{1000, 3, 172, 0}, leg{300, 0, 0, 0}, leg{1000, 3, 170, 0}, leg{1000, 3, 164, 0})
	c := reduce(t, a).Cadence
	first, last := c.FirstThird.Hist(), c.LastThird.Hist()
	near(t, "first", first.MeanSPM(), 172, 0.1)
	near(t, "last", last.MeanSPM(), 164, 0.1)
	change, seconds := MatchedChange(last, first)
	near(t, "fade", change, 164.0/172-1, 1e-3)
	near(t, "matched seconds", seconds, 1000, 2)
	short := reduce(t, synth(leg{45*60 - 1, 3, 170, 0})).Cadence
	if short.FirstThird != "" || short.LastThird != "" {
		t.Error("thirds of a run under 45 minutes")
	}
}

// TestCadenceOfSmartRecording drops samples as a watch with smart recording does.
func TestCadenceOfSmartRecording(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := synth(randomLegs(t)...)
		rng := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		for i, spm := range a.Samples.CadenceSPM {
			if spm > 0 {
				a.Samples.CadenceSPM[i] = math.Round(spm + 3*rng.NormFloat64())
			}
		}
		full := reduceRapid(t, a)
		half := reduceRapid(t, keep(a, func(i int) bool { return i%2 == 0 || i == a.Samples.Len()-1 }))
		near(t, "cadence", half.Cadence.MeanSPM, full.Cadence.MeanSPM, 1)
		near(t, "moving", half.MovingS, full.MovingS, 20)
	})
}

func reduceRapid(t *rapid.T, a *ingest.Activity) *Run {
	s, p := Reduce(a)
	if p != nil {
		t.Fatalf("refused: %v", p)
	}
	return s.Run
}

// TestOneValueDoesNotSpeakForALongGap has one odd cadence before ten minutes in a tunnel.
func TestOneValueDoesNotSpeakForALongGap(t *testing.T) {
	a := synth(leg{300, 3, 170, 0}, leg{600, 3, 200, 0}, leg{300, 3, 170, 0})
	a = keep(a, func(i int) bool { return i <= 300 || i >= 900 })
	r := reduce(t, a)
	near(t, "moving", r.MovingS, 1200, 1e-6)
	near(t, "cadence", r.Cadence.MeanSPM, (600*170.0+30*200)/630, 1e-6)
}
