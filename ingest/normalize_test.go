package ingest

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var missing = math.NaN()

// constant is a column of n equal values.
func constant(n int, x float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = x
	}
	return c
}

// ramp is a column of n values from, from+step, ...
func ramp(n int, from, step float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = from + float64(i)*step
	}
	return c
}

// The plane on which test runs are laid out: at testLat, with the lengths of a degree there after the textbook series.
const (
	testLat      = 48.0
	testLatDegM  = 111132.954 - 559.822*-0.10452846326765347 + 1.175*-0.9781476007338057
	testLonDegM  = 111412.84*0.6691306063588582 - 93.5*-0.8090169943749475 + 0.118*-0.5
	testLonStart = 11.0
)

// place fills the positions from metres east and north of a starting point.
func place(s *Samples, eastM, northM []float64) {
	s.LatDeg, s.LonDeg = make([]float64, len(s.T)), make([]float64, len(s.T))
	for i := range s.T {
		s.LatDeg[i] = testLat + northM[i]/testLatDegM
		s.LonDeg[i] = testLonStart + eastM[i]/testLonDegM
	}
}

// straightRun goes east at mps for n samples every stepS, with positions alone.
func straightRun(n int, stepS, mps float64) *Activity {
	a := &Activity{Format: GPX, Sport: Running, Kind: Unspecified, Start: time.Date(2025, 6, 1, 6, 0, 0, 0, time.UTC)}
	a.Device = Totals{missing, missing, missing, missing, missing, missing}
	a.Samples.T = ramp(n, 0, stepS)
	place(&a.Samples, ramp(n, 0, stepS*mps), constant(n, 0))
	return a
}

// deviceRun goes at mps for n seconds with distance and speed from the device, without positions.
func deviceRun(n int, mps float64) *Activity {
	a := straightRun(n, 1, mps)
	a.Format = FIT
	a.Samples = Samples{T: ramp(n, 0, 1), DistM: ramp(n, 0, mps), SpeedMPS: constant(n, mps)}
	return a
}

func mustNormalize(t *testing.T, a *Activity) {
	t.Helper()
	if p := normalize(a, "", &buffers{}); p != nil {
		t.Fatalf("normalize: %v", p)
	}
	checkInvariants(t, a)
}

// checkInvariants tests what normalize promises of any input.
func checkInvariants(t interface{ Fatalf(string, ...any) }, a *Activity) {
	s := &a.Samples
	for _, c := range s.columns() {
		if *c != nil && len(*c) != len(s.T) {
			t.Fatalf("a column has %d values for %d times", len(*c), len(s.T))
		}
	}
	if (s.LatDeg == nil) != (s.LonDeg == nil) {
		t.Fatalf("latitude without longitude")
	}
	for i := range s.T {
		if !isFinite(s.T[i]) || i > 0 && s.T[i] <= s.T[i-1] {
			t.Fatalf("T is not strictly increasing at %d: %v", i, s.T[max(i-1, 0):i+1])
		}
		if s.DistM != nil && !(s.DistM[i] >= 0 && (i == 0 || s.DistM[i] >= s.DistM[i-1])) {
			t.Fatalf("distance decreases or is unknown at %d: %v", i, s.DistM[max(i-1, 0):i+1])
		}
		if s.SpeedMPS != nil && (s.SpeedMPS[i] < 0 || s.SpeedMPS[i] > maxSpeedMPS(a.Sport)) {
			t.Fatalf("speed at %d is %v", i, s.SpeedMPS[i])
		}
	}
	if (s.CadenceSPM == nil) != (a.CadenceUnit == NoCadence) {
		t.Fatalf("cadence %d values, unit %q", len(s.CadenceSPM), a.CadenceUnit)
	}
}

// wantNote fails unless some note contains every word, or there is no note at all when words is empty.
func wantNote(t *testing.T, a *Activity, words string) {
	t.Helper()
	all := strings.Join(a.Notes, " | ")
	if words == "" && all != "" {
		t.Errorf("notes %q, want none", all)
	}
	if !strings.Contains(all, words) {
		t.Errorf("notes %q, want one with %q", all, words)
	}
}

func TestClock(t *testing.T) {
	tests := []struct {
		name string
		t    []float64
		// hr names the rows; wantHR tells which are left and where.
		hr, wantT, wantHR []float64
		note              string
	}{
		{
			name: "clean",
			t:    []float64{0, 1, 2, 5}, hr: []float64{100, 101, 102, 103},
			wantT: []float64{0, 1, 2, 5}, wantHR: []float64{100, 101, 102, 103},
		},
		{
			name: "begins before and after the session's start",
			t:    []float64{-2, 1}, hr: []float64{100, 101},
			wantT: []float64{-2, 1}, wantHR: []float64{100, 101},
		},
		{
			name: "equal times: the last value wins, but not over a number with none",
			t:    []float64{0, 1, 1, 1, 2}, hr: []float64{100, 101, 102, missing, 103},
			wantT: []float64{0, 1, 2}, wantHR: []float64{100, 102, 103},
			note: "2 samples with the same time as another merged",
		},
		{
			name: "equal times: the first value is kept when the last has none",
			t:    []float64{0, 1, 1}, hr: []float64{100, 101, missing},
			wantT: []float64{0, 1}, wantHR: []float64{100, 101},
			note: "1 sample with the same time as another merged",
		},
		{
			name: "one step back",
			t:    []float64{0, 1, 2, 0.5, 3, 4}, hr: []float64{100, 101, 102, 103, 104, 105},
			wantT: []float64{0, 1, 2, 3, 4}, wantHR: []float64{100, 101, 102, 104, 105},
			note: "the clock ran backwards: 1 sample left out",
		},
		{
			name: "one sample from the future costs itself, not all that follow",
			t:    []float64{0, 1, 9000, 2, 3, 4}, hr: []float64{100, 101, 102, 103, 104, 105},
			wantT: []float64{0, 1, 2, 3, 4}, wantHR: []float64{100, 101, 103, 104, 105},
			note: "1 sample left out",
		},
		{
			name: "two tracks in the wrong order",
			t:    append(ramp(5, 1000, 1), ramp(5, 0, 1)...), hr: ramp(10, 100, 1),
			wantT: append(ramp(5, 0, 1), ramp(5, 1000, 1)...), wantHR: append(ramp(5, 105, 1), ramp(5, 100, 1)...),
			note: "sorted by time",
		},
		{
			name: "written backwards",
			t:    ramp(8, 7, -1), hr: ramp(8, 107, -1),
			wantT: ramp(8, 0, 1), wantHR: ramp(8, 100, 1),
			note: "sorted by time",
		},
		{
			name: "pairs swapped",
			t:    []float64{1, 0, 3, 2, 5, 4, 7, 6, 9, 8}, hr: []float64{101, 100, 103, 102, 105, 104, 107, 106, 109, 108},
			wantT: ramp(10, 0, 1), wantHR: ramp(10, 100, 1),
			note: "sorted by time",
		},
		{
			name: "the same stretch twice is one stretch",
			t:    append(ramp(50, 0, 1), ramp(50, 0, 1)...), hr: append(ramp(50, 100, 1), ramp(50, 100, 1)...),
			wantT: ramp(50, 0, 1), wantHR: ramp(50, 100, 1),
			note: "left out",
		},
		{
			name: "no time",
			t:    []float64{0, missing, 2, math.Inf(1), 4}, hr: ramp(5, 100, 1),
			wantT: []float64{0, 2, 4}, wantHR: []float64{100, 102, 104},
			note: "2 samples without a usable time left out",
		},
		{
			name: "the date learned late: the long part stays and Start moves to it",
			t:    append(ramp(2, 0, 1), ramp(5, 1e9, 1)...), hr: ramp(7, 100, 1),
			wantT: ramp(5, 0, 1), wantHR: ramp(5, 102, 1),
			note: "the clock jumped by more than a month: 2 samples",
		},
		{
			name: "a tail in another year",
			t:    append(ramp(5, 0, 1), 1e9), hr: ramp(6, 100, 1),
			wantT: ramp(5, 0, 1), wantHR: ramp(5, 100, 1),
			note: "1 sample on the wrong side",
		},
		{
			name: "a clock that stands still",
			t:    constant(4, 7), hr: ramp(4, 100, 1),
			wantT: []float64{7}, wantHR: []float64{103},
			note: "3 samples with the same time",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := &Activity{Sport: Running, Samples: Samples{T: tt.t, HeartBPM: tt.hr}}
			mustNormalize(t, a)
			if diff := cmp.Diff(tt.wantT, a.Samples.T); diff != "" {
				t.Errorf("T (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.wantHR, a.Samples.HeartBPM, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("heart rate (-want +got):\n%s", diff)
			}
			wantNote(t, a, tt.note)
		})
	}
}

func TestClockResetMovesStartAndPauses(t *testing.T) {
	a := &Activity{
		Sport:   Running,
		Start:   time.Date(1989, 12, 31, 0, 0, 0, 0, time.UTC),
		Samples: Samples{T: append([]float64{0, 1}, ramp(9, 1e9+0.5, 1)...)},
		Pauses:  []Interval{{1e9 + 2, 1e9 + 4}, {5, 5}},
	}
	mustNormalize(t, a)
	if want := time.Date(1989, 12, 31, 0, 0, 0, 5e8, time.UTC).Add(1e9 * time.Second); !a.Start.Equal(want) {
		t.Errorf("Start %v, want %v", a.Start, want)
	}
	if diff := cmp.Diff([]Interval{{1.5, 3.5}}, a.Pauses); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
}

func TestClockWithoutAnyTime(t *testing.T) {
	a := &Activity{Samples: Samples{T: constant(3, missing)}}
	p := normalize(a, "", &buffers{})
	if p == nil || p.Kind != NoTime || !strings.Contains(p.Error(), "3 samples") {
		t.Errorf("problem %v, want no-time that counts 3 samples", p)
	}
	a.Samples.T, a.Device.ElapsedS = constant(3, missing), 1800
	mustNormalize(t, a)
	wantNote(t, a, "none of the 3 samples has a usable time: the device's totals alone count")
	if a.Samples.T != nil {
		t.Errorf("times %v, want none", a.Samples.T)
	}
	if p := normalize(&Activity{Sport: Running}, "", &buffers{}); p != nil {
		t.Errorf("a session without samples: %v, want none: its totals may count", p)
	}
}

func TestCleanDataIsNotCopied(t *testing.T) {
	a := deviceRun(600, 3)
	place(&a.Samples, ramp(600, 0, 3), constant(600, 0))
	a.Samples.HeartBPM, a.Samples.ElevM = constant(600, 140), constant(600, 500)
	a.Samples.CadenceSPM = constant(600, 82)
	var before [9]*float64
	first := func() (p [9]*float64) {
		p[0] = &a.Samples.T[0]
		for i, c := range a.Samples.columns() {
			if *c != nil {
				p[i+1] = &(*c)[0]
			}
		}
		return p
	}
	before = first()
	mustNormalize(t, a)
	if first() != before {
		t.Error("a clean column was moved")
	}
	wantNote(t, a, "")
}

func TestRanges(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		name   string
		column func(*Samples) *[]float64
		in     []float64
		want   []float64
	}{
		{"elevation", func(s *Samples) *[]float64 { return &s.ElevM }, []float64{-501, -500, 9000, 9001, inf}, []float64{missing, -500, 9000, missing, missing}},
		{"elevation never set", func(s *Samples) *[]float64 { return &s.ElevM }, []float64{0, 0, missing, 0, 0}, nil},
		{"heart rate", func(s *Samples) *[]float64 { return &s.HeartBPM }, []float64{24, 25, 250, 251, 0}, []float64{missing, 25, 250, missing, missing}},
		{"heart rate never measured", func(s *Samples) *[]float64 { return &s.HeartBPM }, constant(5, 0), nil},
		{"speed", func(s *Samples) *[]float64 { return &s.SpeedMPS }, []float64{-1, 0, 12.5, 12.6, -inf}, []float64{missing, 0, 12.5, missing, missing}},
		{"step length", func(s *Samples) *[]float64 { return &s.StepLengthM }, []float64{0, 0.1, 3, 3.1, missing}, []float64{missing, 0.1, 3, missing, missing}},
		{"nothing", func(s *Samples) *[]float64 { return &s.SpeedMPS }, constant(5, missing), nil},
		{"wrong length", func(s *Samples) *[]float64 { return &s.HeartBPM }, constant(4, 100), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := &Activity{Sport: Running, Samples: Samples{T: ramp(5, 0, 1)}}
			*tt.column(&a.Samples) = tt.in
			mustNormalize(t, a)
			if diff := cmp.Diff(tt.want, *tt.column(&a.Samples), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestImpossiblePositions(t *testing.T) {
	a := straightRun(10, 1, 3)
	s := &a.Samples
	s.LatDeg[1], s.LonDeg[1] = 0, 0
	s.LatDeg[2] = 91
	s.LonDeg[3] = -180.5
	s.LatDeg[4] = missing
	s.LonDeg[5] = math.Inf(-1)
	mustNormalize(t, a)
	for i := range s.T {
		if bad := i >= 1 && i <= 5; math.IsNaN(s.LatDeg[i]) != bad || math.IsNaN(s.LonDeg[i]) != bad {
			t.Errorf("position %d: unknown is %v, want %v", i, !bad, bad)
		}
	}
	wantNote(t, a, "4 positions left out")
	if d := s.DistM[9]; math.Abs(d-27) > 0.05 {
		t.Errorf("distance %.2f m, want 27", d)
	}
}

func TestSportBySpeed(t *testing.T) {
	tests := []struct {
		name   string
		mps    float64
		assume Sport
		want   Sport
		note   string
	}{
		{"a run", 3, "", Running, "taken for a run by its speed (about 11 km/h)"},
		{"a slow run", 1.75, "", Running, "taken for a run"},
		{"a walk", 1.4, "", UnknownSport, "not counted"},
		{"a ride", 8, "", UnknownSport, "moves unlike a run (about 29 km/h)"},
		{"a drive", 33, "", UnknownSport, "not counted"},
		{"nobody moved", 0, "", UnknownSport, "no movement"},
		{"assumed", 1.4, Running, Running, ""},
		{"assumed otherwise", 3, Walking, Walking, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := straightRun(600, 1, tt.mps)
			a.Sport = UnknownSport
			if p := normalize(a, tt.assume, &buffers{}); p != nil {
				t.Fatal(p)
			}
			checkInvariants(t, a)
			if a.Sport != tt.want {
				t.Errorf("sport %q, want %q", a.Sport, tt.want)
			}
			wantNote(t, a, tt.note)
		})
	}
	for _, tt := range []struct {
		name    string
		seconds int
		mps     float64
		want    Sport
	}{
		{"three points", 3, 3, UnknownSport},
		{"two minutes of a run", 121, 3, Running},
		{"a second less", 119, 3, UnknownSport},
		{"two minutes and less than 200 m", 121, 1.65, UnknownSport},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := straightRun(tt.seconds, 1, tt.mps)
			a.Sport = UnknownSport
			mustNormalize(t, a)
			if a.Sport != tt.want {
				t.Errorf("sport %q, want %q", a.Sport, tt.want)
			}
			if tt.want == UnknownSport {
				wantNote(t, a, "too little movement to tell it by")
			}
		})
	}
	t.Run("a named sport is never assumed otherwise", func(t *testing.T) {
		a := straightRun(600, 1, 3)
		a.Sport = Walking
		if normalize(a, Running, &buffers{}); a.Sport != Walking {
			t.Errorf("sport %q, want walking", a.Sport)
		}
	})
	t.Run("a ride with the median of a run", func(t *testing.T) {
		a := straightRun(600, 1, 3)
		a.Sport = UnknownSport
		v := append(constant(320, 5), constant(280, 10)...)
		east := make([]float64, 600)
		for i := 1; i < 600; i++ {
			east[i] = east[i-1] + v[i]
		}
		place(&a.Samples, east, constant(600, 0))
		mustNormalize(t, a)
		if a.Sport != UnknownSport {
			t.Errorf("sport %q, want unknown", a.Sport)
		}
	})
}

func TestBuffersServeSeveralSessionsAndFiles(t *testing.T) {
	var buf buffers
	for range 3 {
		buf.beginNormalize()
		first, second := straightRun(100, 1, 3), straightRun(50, 1, 2)
		for _, a := range []*Activity{first, second} {
			if p := normalize(a, "", &buf); p != nil {
				t.Fatal(p)
			}
		}
		if d := first.Samples.DistM[99]; math.Abs(d-297) > 0.1 {
			t.Fatalf("the first session has %.1f m after the second, want 297", d)
		}
		if d := second.Samples.DistM[49]; math.Abs(d-98) > 0.1 {
			t.Fatalf("the second session has %.1f m, want 98", d)
		}
	}
	if len(buf.normBuffers.cols) > 4 {
		t.Errorf("%d columns in the buffers for two sessions, want 4", len(buf.normBuffers.cols))
	}
}
