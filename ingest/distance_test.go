package ingest

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestGround compares with geodesics on WGS84 as other programs give them: a minute of latitude at the equator and near
// the pole and a degree of longitude, from the tables of the US geodetic survey, and with the haversine formula, which
// takes the earth for a sphere and so is off by up to 0.6 %.
func TestGround(t *testing.T) {
	tests := []struct {
		name                   string
		lat1, lon1, lat2, lon2 float64
		want                   float64
	}{
		{"minute of latitude at the equator", -1. / 120, 7, 1. / 120, 7, 1842.90},
		{"minute of latitude at 45", 45 - 1./120, 7, 45 + 1./120, 7, 1852.20},
		{"hundredth of longitude at the equator", 0, 10, 0, 10.01, 1113.19},
		{"hundredth of longitude at 60", 60, 10, 60, 10.01, 558.00},
		{"across the date line", 0, 179.995, 0, -179.995, 1113.19},
		{"and back", 0, -179.995, 0, 179.995, 1113.19},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGround()
			if got := g.distM(tt.lat1, tt.lon1, tt.lat2, tt.lon2); math.Abs(got-tt.want) > 0.01 {
				t.Errorf("%.3f m, want %.2f", got, tt.want)
			}
		})
	}
	g := newGround()
	for lat := -80.0; lat <= 80; lat += 0.37 {
		got, want := g.distM(lat, 20, lat+0.0002, 20.0003), haversineM(lat, 20, lat+0.0002, 20.0003)
		if math.Abs(got/want-1) > 0.006 {
			t.Errorf("at %.2f: %.3f m, haversine %.3f m", lat, got, want)
		}
	}
}

func haversineM(lat1, lon1, lat2, lon2 float64) float64 {
	rad := math.Pi / 180
	y, x := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return 2 * 6371008.8 * math.Asin(math.Sqrt(y*y+math.Cos(lat1*rad)*math.Cos(lat2*rad)*x*x))
}

func TestDistanceFromPositions(t *testing.T) {
	const n = 300 // at 3 m/s: 897 m
	tests := []struct {
		name   string
		change func(*Activity)
		want   float64
		note   string
	}{
		{"clean", func(a *Activity) {}, 897, ""},
		{"first point at zero", func(a *Activity) { a.Samples.LatDeg[0], a.Samples.LonDeg[0] = 0, 0 }, 894, "1 position left out"},
		{"first point 5,000 km away", func(a *Activity) { a.Samples.LatDeg[0] -= 45 }, 894, "1 position left out"},
		{"first twenty points where yesterday ended", func(a *Activity) {
			for i := range 20 {
				a.Samples.LatDeg[i], a.Samples.LonDeg[i] = 47.9, 11.2
			}
		}, 837, "20 positions left out"},
		{"a lone spike", func(a *Activity) { a.Samples.LonDeg[150] += 1 }, 897, "1 position left out"},
		{"a spike of 30 m", func(a *Activity) { a.Samples.LatDeg[150] += 30 / testLatDegM }, 897, "1 position left out"},
		{"two spikes at two places", func(a *Activity) { a.Samples.LonDeg[150]++; a.Samples.LonDeg[151]-- }, 897, "2 positions left out"},
		{"a bad last point", func(a *Activity) { a.Samples.LatDeg[n-1]++ }, 894, "1 position left out"},
		{"only spikes for two minutes", func(a *Activity) {
			for i := 100; i < 220; i++ {
				a.Samples.LatDeg[i] += float64(i%7) + 1
			}
		}, 897, "120 positions left out"},
		{"a minute without positions while running on", func(a *Activity) {
			for i := 100; i < 160; i++ {
				a.Samples.LatDeg[i] = missing
			}
		}, 897, ""},
		{"a car in the middle parts the way and deletes nothing", func(a *Activity) {
			for i := 150; i < n; i++ {
				a.Samples.T[i] += 600
				a.Samples.LonDeg[i] += 0.4
			}
		}, 894, ""},
		{"a bus at 8 m/s through a pause does not count", func(a *Activity) {
			for i := 150; i < n; i++ {
				a.Samples.T[i] += 600
				a.Samples.LatDeg[i] += 4800 / testLatDegM
			}
		}, 894, ""},
		{"a stroll through a stopped timer does not count", func(a *Activity) {
			a.Pauses = []Interval{{0, 0}, {149, 169}}
			for i := 150; i < n; i++ {
				a.Samples.T[i] += 20
				a.Samples.LatDeg[i] += 25 / testLatDegM
			}
		}, 894, ""},
		{"across the date line", func(a *Activity) {
			for i := range a.Samples.LonDeg {
				if a.Samples.LonDeg[i] += 169 - 0.004; a.Samples.LonDeg[i] > 180 {
					a.Samples.LonDeg[i] -= 360
				}
			}
		}, 897, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := straightRun(n, 1, 3)
			tt.change(a)
			mustNormalize(t, a)
			if got := a.Samples.DistM[len(a.Samples.DistM)-1]; math.Abs(got-tt.want) > 1 {
				t.Errorf("distance %.1f m, want %.1f", got, tt.want)
			}
			wantNote(t, a, tt.note)
		})
	}
}

func TestSparsePhoneRecording(t *testing.T) {
	a := straightRun(61, 60, 2.8) // one point a minute, an hour long
	mustNormalize(t, a)
	if d := a.Samples.DistM[60]; math.Abs(d-10080) > 2 {
		t.Errorf("distance %.1f m, want 10,080", d)
	}
	for i, v := range a.Samples.SpeedMPS {
		if math.Abs(v-2.8) > 0.01 {
			t.Fatalf("speed at %d is %.2f m/s, want 2.8", i, v)
		}
	}
}

func TestDeviceDistance(t *testing.T) {
	join := func(parts ...[]float64) []float64 {
		var all []float64
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	tests := []struct {
		name     string
		in, want []float64
		note     string
	}{
		{"clean", ramp(20, 0, 3), ramp(20, 0, 3), ""},
		{"one value falls back to zero", join(ramp(10, 0, 3), []float64{0}, ramp(9, 33, 3)), ramp(20, 0, 3), ""},
		{"a small step back", join(ramp(10, 0, 3), []float64{25}, ramp(9, 33, 3)), join(ramp(10, 0, 3), []float64{27}, ramp(9, 33, 3)), ""},
		{"dropouts are filled evenly", join([]float64{missing, 3, missing, missing, 12}, constant(15, missing)), join(ramp(5, 0, 3), constant(15, 12)), ""},
		{"a new lap counts from 0", join(ramp(10, 0, 30), ramp(10, 0, 30)), join(ramp(10, 0, 30), ramp(10, 270, 30)), "the distance began anew once"},
		{"a new lap, first seen at 8 m", join(ramp(10, 0, 30), ramp(10, 8, 30)), join(ramp(10, 0, 30), ramp(10, 278, 30)), "began anew once"},
		{"two laps", join(ramp(7, 0, 30), ramp(7, 0, 30), ramp(6, 0, 30)), join(ramp(7, 0, 30), ramp(7, 180, 30), ramp(6, 360, 30)), "began anew 2 times"},
		{"a spike", join(ramp(10, 0, 3), []float64{5000}, ramp(9, 33, 3)), ramp(20, 0, 3), ""},
		{"a leap that stays", join(ramp(10, 0, 3), ramp(10, 9000, 3)), join(ramp(10, 0, 3), ramp(10, 27, 3)), "leapt once"},
		{"a later session of a longer recording", ramp(20, 8000, 3), ramp(20, 0, 3), ""},
		{"written every 100 m", join(constant(19, 0), []float64{100}), join(constant(19, 0), []float64{100}), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stepS := 1.0
			if tt.in[1]-tt.in[0] == 30 {
				stepS = 10
			}
			a := &Activity{Sport: Running, Samples: Samples{T: ramp(20, 0, stepS), DistM: append([]float64(nil), tt.in...)}}
			mustNormalize(t, a)
			if diff := cmp.Diff(tt.want, a.Samples.DistM, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			wantNote(t, a, tt.note)
		})
	}
}

func TestDistanceSource(t *testing.T) {
	const n = 1200 // 3,597 m at 3 m/s
	positions := func(a *Activity) { place(&a.Samples, ramp(n, 0, 3), constant(n, 0)) }
	tests := []struct {
		name   string
		change func(*Activity)
		want   float64 // NaN: no distance column
		kind   Kind
		note   string
	}{
		{"device before positions", func(a *Activity) {
			positions(a)
			a.Samples.DistM = ramp(n, 0, 2.9)
		}, 2.9 * (n - 1), Unspecified, ""},
		{"stuck device", func(a *Activity) {
			positions(a)
			for i := 300; i < n; i++ {
				a.Samples.DistM[i] = 900
			}
		}, 3597, Unspecified, "the device counted 0.9 km while the positions moved 3.6 km"},
		{"speed alone", func(a *Activity) { a.Samples.DistM = nil }, 3597, Unspecified, "added up from the speed"},
		{"nothing", func(a *Activity) { a.Samples.DistM, a.Samples.SpeedMPS = nil, nil }, missing, Unspecified, ""},
		{"treadmill with the satellites on", func(a *Activity) { jitter(a, 0.2) }, 3597, Treadmill, "taken for a treadmill run"},
		{"treadmill and a position that never moves", func(a *Activity) { jitter(a, 0) }, 3597, Treadmill, "taken for a treadmill run"},
		{"a position that stops to move while the device counts on", func(a *Activity) {
			positions(a)
			for i := 600; i < n; i++ {
				a.Samples.LonDeg[i] = a.Samples.LonDeg[600]
			}
		}, 3597, Unspecified, ""},
		{"treadmill, positions alone", func(a *Activity) {
			jitter(a, 0.2)
			a.Samples.DistM, a.Samples.SpeedMPS = nil, nil
		}, missing, Unspecified, "tell no distance"},
		{"treadmill, positions and speed", func(a *Activity) {
			jitter(a, 0.2)
			a.Samples.DistM = nil
		}, 3597, Unspecified, "added up from the speed"},
		{"laps of a garden", func(a *Activity) { jitter(a, 3) }, 3597, Unspecified, ""},
		{"what the file says of the kind stays", func(a *Activity) {
			jitter(a, 0.2)
			a.Kind = Virtual
		}, 3597, Virtual, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := deviceRun(n, 3)
			tt.change(a)
			mustNormalize(t, a)
			switch d := a.Samples.DistM; {
			case math.IsNaN(tt.want):
				if d != nil {
					t.Errorf("distance %.1f m, want none", d[n-1])
				}
			case d == nil || math.Abs(d[n-1]-tt.want) > 3:
				t.Errorf("distance %v, want %.1f", d[max(0, len(d)-1):], tt.want)
			}
			if a.Kind != tt.kind {
				t.Errorf("kind %q, want %q", a.Kind, tt.kind)
			}
			wantNote(t, a, tt.note)
		})
	}
}

// jitter places the run on a circle 20 m wide, on which the positions move at mps.
func jitter(a *Activity, mps float64) {
	n := a.Samples.Len()
	east, north := make([]float64, n), make([]float64, n)
	for i := range n {
		sin, cos := math.Sincos(float64(i) * mps / 10)
		east[i], north[i] = 10*cos, 10*sin
	}
	place(&a.Samples, east, north)
}

func TestSpeedFromDistance(t *testing.T) {
	// 100 s at 3 m/s, 60 s of standing, 100 s at 4 m/s, recorded every second but through no pause.
	a := deviceRun(200, 3)
	s := &a.Samples
	s.SpeedMPS = nil
	for i := 100; i < 200; i++ {
		s.T[i] += 60
		s.DistM[i] = 297 + 4*float64(i-100)
	}
	mustNormalize(t, a)
	for _, i := range []int{0, 1, 50, 98, 99} {
		if v := s.SpeedMPS[i]; math.Abs(v-3) > 0.01 {
			t.Errorf("speed at %d is %.2f m/s, want 3", i, v)
		}
	}
	for _, i := range []int{100, 101, 150, 199} {
		if v := s.SpeedMPS[i]; math.Abs(v-4) > 0.01 {
			t.Errorf("speed at %d is %.2f m/s, want 4", i, v)
		}
	}
	t.Run("a speed column of zeros is none", func(t *testing.T) {
		a := deviceRun(200, 3)
		a.Samples.SpeedMPS = constant(200, 0)
		mustNormalize(t, a)
		if v := a.Samples.SpeedMPS[100]; math.Abs(v-3) > 0.01 {
			t.Errorf("speed %.2f m/s, want 3", v)
		}
	})
	t.Run("a dropout of the speed is filled, what was measured stays", func(t *testing.T) {
		a := deviceRun(200, 3)
		a.Samples.SpeedMPS = constant(200, 2.9)
		a.Samples.SpeedMPS[50], a.Samples.SpeedMPS[51] = missing, 99
		mustNormalize(t, a)
		if v := a.Samples.SpeedMPS; v[49] != 2.9 || math.Abs(v[50]-3) > 0.01 || math.Abs(v[51]-3) > 0.01 || v[52] != 2.9 {
			t.Errorf("speeds %v, want 2.9 3 3 2.9", v[49:53])
		}
	})
	t.Run("standing", func(t *testing.T) {
		a := straightRun(100, 1, 0)
		mustNormalize(t, a)
		if a.Samples.SpeedMPS != nil {
			t.Errorf("speed %v without a distance, want none", a.Samples.SpeedMPS[0])
		}
	})
}
