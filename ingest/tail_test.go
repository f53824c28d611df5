package ingest

import (
	"math"
	"strings"
	"testing"
)

// stretch is a part of a recording at one speed.
type stretch struct {
	seconds int
	mps     float64
}

// recorded is a run of stretches with a sample a second and positions on a line to the east; device adds the device's
// own distance and speed.
func recorded(device bool, parts ...stretch) *Activity {
	var east []float64
	way := 0.0
	for _, p := range parts {
		for range p.seconds {
			east = append(east, way)
			way += p.mps
		}
	}
	a := straightRun(len(east), 1, 0)
	place(&a.Samples, east, constant(len(east), 0))
	if device {
		a.Format = FIT
		a.Samples.DistM = append([]float64(nil), east...)
	}
	return a
}

func TestCutTail(t *testing.T) {
	traffic := func(head ...stretch) []stretch {
		for range 8 {
			head = append(head, stretch{70, 14}, stretch{20, 4}, stretch{30, 0})
		}
		return head
	}
	run := stretch{1800, 3}
	tests := []struct {
		name  string
		parts []stretch
		wantM float64
		note  string
	}{
		{"a ride home", []stretch{run, {600, 12}}, 5400, "the last 10 min at 43 km/h are faster than anybody runs: taken for a ride and left out"},
		{"after a walk to the car", []stretch{run, {200, 1.3}, {100, 0}, {600, 15}}, 5660, "taken for a ride"},
		{"through traffic", traffic(run), 5400, "taken for a ride"},
		{"and some steps to the door", []stretch{run, {600, 12}, {120, 1.3}}, 5400, "taken for a ride"},
		{"a minute at 12 m/s is a fault and no ride", []stretch{run, {60, 12}}, 6120, ""},
		{"the fastest 800 m ever", []stretch{run, {100, 7.9}}, 6190, ""},
		{"400 m again and again", []stretch{run, {56, 7.1}, {200, 1.5}, {56, 7.1}, {200, 1.5}, {56, 7.1}}, 7193, ""},
		{"a ride and running again", []stretch{run, {600, 12}, {600, 3}}, 14400, ""},
		{"running after the ride to the start", []stretch{{900, 11}, run}, 15300, ""},
		{"twenty hours on the table", []stretch{run, {72000, 0.02}}, 5400, "the recording went on for 20 h 00 after the run: left out"},
		{"after a walk home", []stretch{run, {900, 1.4}, {36000, 0}}, 6660, "the recording went on for 10 h 00"},
		{"the last hours of a hundred miles walked", []stretch{run, {18000, 1.2}}, 27000, ""},
		{"fifty minutes in the café", []stretch{run, {3000, 0}}, 5400, ""},
		{"a day with a run at each end", []stretch{run, {30000, 0}, run}, 10800, ""},
		{"a ride home and a night", []stretch{run, {600, 12}, {30000, 0}}, 5400, "the recording went on"},
	}
	for _, tt := range tests {
		for _, device := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				a := recorded(device, tt.parts...)
				mustNormalize(t, a)
				s := &a.Samples
				// In the distance that the stretches hold a minute's inaccuracy is allowed.
				if got := s.DistM[s.Len()-1]; math.Abs(got-tt.wantM) > 70 {
					t.Errorf("device %v: %.0f m, want %.0f", device, got, tt.wantM)
				}
				if a.Cut != (tt.note != "") {
					t.Errorf("device %v: cut is %v", device, a.Cut)
				}
				wantNote(t, a, tt.note)
			})
		}
	}
}

// What can look like a ride or a rest and is a fault of one sensor.
func TestCutTailIsSure(t *testing.T) {
	run := stretch{7200, 3}
	t.Run("positions that jump about at the end", func(t *testing.T) {
		a := recorded(true, run)
		for i := 6900; i < 7200; i++ {
			a.Samples.LonDeg[i] += 0.01 * float64(i%5)
		}
		if mustNormalize(t, a); a.Cut {
			t.Errorf("cut: %q", a.Notes)
		}
	})
	t.Run("a device whose distance got stuck", func(t *testing.T) {
		a := recorded(true, run)
		for i := 1800; i < 7200; i++ {
			a.Samples.DistM[i] = a.Samples.DistM[1800]
		}
		if mustNormalize(t, a); a.Cut || math.Abs(a.Samples.DistM[7199]-21600) > 70 {
			t.Errorf("cut %v, %.0f m: %q", a.Cut, a.Samples.DistM[len(a.Samples.DistM)-1], a.Notes)
		}
	})
	t.Run("positions that got stuck while the legs went on", func(t *testing.T) {
		a := recorded(false, run)
		a.Samples.CadenceSPM = constant(7200, 82)
		for i := range 5400 {
			a.Samples.LonDeg[1800+i] = a.Samples.LonDeg[1800]
			a.Samples.CadenceSPM[i] += float64(i % 3)
			a.Samples.CadenceSPM[1800+i] += float64(i % 3)
		}
		if mustNormalize(t, a); a.Cut {
			t.Errorf("cut: %q", a.Notes)
		}
	})
	for name, a := range map[string]*Activity{
		"all of it a ride":         recorded(false, stretch{600, 12}),
		"by the device's distance": recorded(true, stretch{600, 12}),
		"three minutes and a ride": recorded(false, stretch{180, 3}, stretch{600, 12}),
	} {
		t.Run(name, func(t *testing.T) {
			p := normalize(a, "", &buffers{})
			if p == nil || p.Kind != Implausible || !strings.Contains(p.Error(), "probably a ride") {
				t.Errorf("problem %v, want implausible", p)
			}
		})
	}
	t.Run("another sport", func(t *testing.T) {
		a := recorded(true, stretch{1800, 3}, stretch{600, 12})
		a.Sport = Cycling
		if mustNormalize(t, a); a.Cut {
			t.Errorf("cut: %q", a.Notes)
		}
	})
}

// A file that names no sport is looked at once its speed has told it, and one without distance and positions by the speed.
func TestCutTailOfLittleTold(t *testing.T) {
	run, ride, rest := stretch{1800, 3}, stretch{600, 12}, stretch{7200, 0}
	speedAlone := func(a *Activity) {
		s := &a.Samples
		s.SpeedMPS = make([]float64, s.Len())
		for i := range s.Len() - 1 {
			s.SpeedMPS[i] = s.DistM[i+1] - s.DistM[i]
		}
		s.DistM, s.LatDeg, s.LonDeg = nil, nil, nil
	}
	tests := []struct {
		name    string
		parts   []stretch
		prepare func(a *Activity)
		note    string
	}{
		{"no sport and a ride home", []stretch{run, ride}, func(a *Activity) { a.Sport = UnknownSport }, "taken for a ride and left out"},
		{"no sport and two hours on the table", []stretch{run, rest}, func(a *Activity) { a.Sport = UnknownSport }, "the recording went on for 2 h 00"},
		{"speed alone and a ride home", []stretch{run, ride}, speedAlone, "taken for a ride and left out"},
		{"speed alone and two hours on the table", []stretch{run, rest}, speedAlone, "the recording went on for 2 h 00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := recorded(true, tt.parts...)
			tt.prepare(a)
			mustNormalize(t, a)
			s := &a.Samples
			if got := s.DistM[s.Len()-1]; !a.Cut || a.Sport != Running || math.Abs(got-5400) > 70 {
				t.Errorf("cut %v, sport %s, %.0f m, want a run of 5400 m", a.Cut, a.Sport, got)
			}
			wantNote(t, a, tt.note)
		})
	}
}

// TestShortRide: a jump of one position is no ride, though it is most of what a recording of half a minute holds.
func TestShortRide(t *testing.T) {
	a := recorded(true, stretch{29, 58})
	if mustNormalize(t, a); a.Cut {
		t.Errorf("cut: %q", a.Notes)
	}
}
