package ingest

import (
	"math"
	"testing"
)

func TestStuckSensors(t *testing.T) {
	const n = 1800
	swaying := func(at, by float64) []float64 {
		c := make([]float64, n)
		for i := range c {
			c[i] = at + by*math.Sin(float64(i)/30)
		}
		return c
	}
	rounded := func(c []float64) []float64 {
		for i, x := range c {
			c[i] = math.Round(x)
		}
		return c
	}
	for _, tt := range []struct {
		name                  string
		change                func(*Samples)
		cadence, heart, speed bool // whether the column stays as it was written
		note                  string
	}{
		{"all alive", func(*Samples) {}, true, true, true, ""},
		{"cadence", func(s *Samples) { s.CadenceSPM = constant(n, 80) }, false, true, true, "the cadence sensor showed 80 all the time: left out"},
		{"cadence with stops and dropouts", func(s *Samples) {
			s.CadenceSPM = constant(n, 80)
			s.CadenceSPM[700], s.CadenceSPM[900] = 0, missing
		}, false, true, true, "showed 80"},
		{"cadence but for one reading", func(s *Samples) {
			s.CadenceSPM = constant(n, 80)
			s.CadenceSPM[900] = 81
		}, true, true, true, ""},
		{"cadence for less than ten minutes", func(s *Samples) {
			s.CadenceSPM = constant(n, missing)
			copy(s.CadenceSPM, constant(600, 80))
		}, true, true, true, ""},
		{"heart", func(s *Samples) { s.HeartBPM = constant(n, 150) }, true, false, true, "the heart rate sensor showed 150"},
		{"speed", func(s *Samples) { s.SpeedMPS = constant(n, 2.5) }, true, true, false, "the speed stood at 9.0 km/h all the time"},
		{"a treadmill at one speed", func(s *Samples) {
			s.DistM, s.SpeedMPS = ramp(n, 0, 3), constant(n, 3)
		}, true, true, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := deviceRun(n, 3)
			s := &a.Samples
			s.CadenceSPM, s.HeartBPM, s.SpeedMPS = rounded(swaying(81, 2)), rounded(swaying(150, 8)), swaying(3, 1)
			for i := 1; i < n; i++ {
				s.DistM[i] = s.DistM[i-1] + s.SpeedMPS[i-1]
			}
			tt.change(s)
			before := *s
			speed := s.SpeedMPS[100]
			mustNormalize(t, a)
			if got := s.CadenceSPM != nil; got != tt.cadence {
				t.Errorf("cadence kept: %v", got)
			}
			if got := s.HeartBPM != nil; got != tt.heart {
				t.Errorf("heart rate kept: %v", got)
			}
			if got := &s.SpeedMPS[0] == &before.SpeedMPS[0]; got != tt.speed {
				t.Errorf("speed kept: %v", got)
			}
			if !tt.speed && math.Abs(s.SpeedMPS[100]-(3+math.Sin(100./30))) > 0.3 {
				t.Errorf("speed %.2f m/s where it was written as %.2f", s.SpeedMPS[100], speed)
			}
			wantNote(t, a, tt.note)
		})
	}
}
