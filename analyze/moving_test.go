package analyze

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kneecheck/ingest"
)

func TestMovingTime(t *testing.T) {
	every := func(n int) func(*ingest.Activity) *ingest.Activity {
		return func(a *ingest.Activity) *ingest.Activity { return keep(a, func(i int) bool { return i%n == 0 }) }
	}
	tests := []struct {
		name   string
		legs   []leg
		change func(a *ingest.Activity) *ingest.Activity
		want   float64
	}{
		{"all the way", []leg{{600, 3, 170, 0}}, nil, 600},
		{"a stop with the timer on", []leg{{300, 3, 170, 0}, {120, 0, 0, 0}, {300, 3, 170, 0}}, nil, 600},
		{"a slow shuffle is no movement", []leg{{300, 3, 170, 0}, {100, 0.7, 0, 0}}, nil, 300},
		{"a walk is movement", []leg{{300, 3, 170, 0}, {100, 1.2, 100, 0}}, nil, 400},
		{"a point every 10 s", []leg{{600, 3, 170, 0}}, every(10), 600},
		{"a point a minute from a phone", []leg{{600, 3, 170, 0}}, every(60), 600},
		{"a point a minute, a pause of two", []leg{{300, 3, 170, 0}, {120, 0, 0, 0}, {300, 3, 170, 0}}, every(60), 600},
		{"a gap without progress", []leg{{300, 3, 170, 0}, {200, 0, 0, 0}, {300, 3, 170, 0}}, func(a *ingest.Activity) *ingest.Activity {
			return keep(a, func(i int) bool { return i <= 300 || i > 500 })
		}, 599},
		{"a stopped timer", []leg{{300, 3, 170, 0}, {300, 3, 170, 0}}, func(a *ingest.Activity) *ingest.Activity {
			a.Pauses = []ingest.Interval{{FromS: 100, ToS: 120}, {FromS: 290.5, ToS: 310}}
			return a
		}, 560.5},
		{"speed alone", []leg{{300, 3, 170, 0}, {60, 0, 0, 0}}, func(a *ingest.Activity) *ingest.Activity {
			a.Samples.DistM = nil
			return a
		}, 300},
		{"steps alone", []leg{{300, 3, 170, 0}, {60, 0, 0, 0}}, func(a *ingest.Activity) *ingest.Activity {
			a.Samples.DistM, a.Samples.SpeedMPS = nil, nil
			return a
		}, 300},
		{"a distance that jumps does not make a gap run", []leg{{100, 3, 170, 0}}, func(a *ingest.Activity) *ingest.Activity {
			for i := range a.Samples.T {
				if i > 50 {
					a.Samples.T[i] += 60
					a.Samples.DistM[i] += 5000
				}
			}
			return a
		}, 99},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := synth(tt.legs...)
			if tt.change != nil {
				a = tt.change(a)
			}
			m := newMotion(&a.Samples, a.Pauses, &workspace{})
			near(t, "moving", m.totalS, tt.want, 1e-6)
		})
	}
}

// TestMovingTooSparse has a point every five minutes, with a rest in between each: no interval is at running speed, yet
// five kilometres were covered.
func TestMovingTooSparse(t *testing.T) {
	var legs []leg
	for range 10 {
		legs = append(legs, leg{150, 3, 170, 0}, leg{150, 0, 0, 0})
	}
	a := keep(synth(legs...), func(i int) bool { return i%300 == 0 })
	r := reduce(t, a)
	near(t, "moving", r.MovingS, 3000, 1e-6)
	if len(r.Notes) != 1 {
		t.Errorf("notes = %q", r.Notes)
	}
}

func TestLongestContinuous(t *testing.T) {
	run := func(s float64) leg { return leg{s, 3, 170, 0} }
	walk := func(s float64) leg { return leg{s, 1.5, 110, 0} }
	tests := []struct {
		name   string
		legs   []leg
		change func(a *ingest.Activity)
		want   float64
	}{
		{"no break", []leg{run(600)}, nil, 600},
		{"a short walk belongs to it", []leg{run(300), walk(14), run(200)}, nil, 514},
		{"a walk of 15 s breaks it", []leg{run(300), walk(15), run(200)}, nil, 300},
		{"the last stretch is the longest", []leg{run(100), walk(60), run(200), walk(20)}, nil, 200},
		{"a stop breaks it", []leg{run(100), {30, 0, 0, 0}, run(200)}, nil, 200},
		{"a stopped timer breaks it", []leg{run(600)}, func(a *ingest.Activity) {
			a.Pauses = []ingest.Interval{{FromS: 200, ToS: 230}}
		}, 370},
		{"slow running is no walk", []leg{run(100), {60, 1.9, 158, 0}, run(100)}, nil, 260},
		{"fast feet lost by the sensor are no walk", []leg{run(100), {60, 3, 0, 0}, run(100)}, nil, 260},
		{"without cadence speed decides", []leg{run(100), walk(60), run(200)}, func(a *ingest.Activity) {
			a.Samples.CadenceSPM = nil
		}, 200},
		{"walking only", []leg{walk(600)}, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := synth(tt.legs...)
			if tt.change != nil {
				tt.change(a)
			}
			m := newMotion(&a.Samples, a.Pauses, &workspace{})
			near(t, "longest", m.longestContinuous(), tt.want, 1e-6)
		})
	}
}

func TestSpeedSpread(t *testing.T) {
	a := synth(leg{300, 2, 160, 0}, leg{300, 4, 180, 0})
	m := newMotion(&a.Samples, nil, &workspace{})
	near(t, "half at 2, half at 4 m/s", m.speedSpread(), 1.0/3, 1e-9)
	stopped := synth(leg{300, 2, 160, 0}, leg{500, 0, 0, 0}, leg{300, 4, 180, 0})
	m = newMotion(&stopped.Samples, nil, &workspace{})
	near(t, "with a stop", m.speedSpread(), 1.0/3, 1e-9)
	a.Samples.DistM, a.Samples.SpeedMPS = nil, nil
	m = newMotion(&a.Samples, nil, &workspace{})
	isNaN(t, "without speed", m.speedSpread())
}

// randomLegs draws a run of running, walking and standing, with hills.
func randomLegs(t *rapid.T) []leg {
	var legs []leg
	for range rapid.IntRange(1, 8).Draw(t, "legs") {
		legs = append(legs, rapid.SampledFrom([]leg{
			{200, 2.6, 162, 0}, {400, 3.1, 168, 0.03}, {300, 3.6, 174, -0.07}, {90, 1.3, 112, 0.1}, {60, 0, 0, 0}, {25, 0.9, 60, 0},
		}).Draw(t, "leg"))
	}
	return append(legs, leg{300, 3, 170, 0})
}

// TestSplittingKeepsTotals cuts a run in two at one of its samples, as two recordings of the same run would be.
func TestSplittingKeepsTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := synth(randomLegs(t)...)
		a.Pauses = []ingest.Interval{{FromS: 100, ToS: 130}}
		n := a.Samples.Len()
		cut := rapid.IntRange(1, n-2).Draw(t, "cut")
		whole := newMotion(&a.Samples, a.Pauses, &workspace{})
		first := keep(a, func(i int) bool { return i <= cut })
		second := keep(a, func(i int) bool { return i >= cut })
		m1, m2 := newMotion(&first.Samples, a.Pauses, &workspace{}), newMotion(&second.Samples, a.Pauses, &workspace{})
		near(t, "moving", m1.totalS+m2.totalS, whole.totalS, 1e-6)
		r := func(a *ingest.Activity) float64 { return distance(&Run{Device: noTotals()}, &a.Samples) }
		near(t, "distance", r(first)+r(second), r(a), 1e-6)
	})
}

func TestMotionOfNothing(t *testing.T) {
	for _, n := range []int{0, 1} {
		s := ingest.Samples{T: make([]float64, n)}
		m := newMotion(&s, nil, &workspace{})
		if m.totalS != 0 || m.longestContinuous() != 0 || !math.IsNaN(m.speedSpread()) {
			t.Errorf("%d samples: %+v", n, m)
		}
	}
}
