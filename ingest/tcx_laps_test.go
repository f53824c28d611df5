package ingest

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withTrack is a lap with totals and points.
func withTrack(s int, timerS, distM float64, points string) string {
	return lapTCX(s, totalsTCX(timerS, distM)+`<Track>`+points+`</Track>`)
}

func TestTCXDistance(t *testing.T) {
	for name, tc := range map[string]struct {
		laps string
		t    []float64
		dist []float64
	}{
		"one": {withTrack(0, 20, 60, distances(0, 0, 30, 60)), []float64{0, 10, 20}, []float64{0, 30, 60}},
		"goes on": {withTrack(0, 20, 60, distances(0, 0, 30, 60)) + withTrack(30, 20, 60, distances(30, 90, 120)),
			[]float64{0, 10, 20, 30, 40}, []float64{0, 30, 60, 90, 120}},
		"last point repeated, Garmin": {withTrack(0, 20, 60, distances(0, 0, 30, 60)) + withTrack(20, 20, 60, distances(20, 60, 90)),
			[]float64{0, 10, 20, 30}, []float64{0, 30, 60, 90}},
		"each lap from 0": {withTrack(0, 20, 60, distances(0, 0, 30, 60)) + withTrack(30, 20, 60, distances(30, 29, 60)) + withTrack(60, 20, 60, distances(60, 28, 58)),
			[]float64{0, 10, 20, 30, 40, 60, 70}, []float64{0, 30, 60, 89, 120, 148, 178}},
		"each lap from 0, last point repeated": {withTrack(0, 20, 60, distances(0, 0, 30, 60)) + withTrack(20, 20, 60, distances(20, 0, 30, 60)) + withTrack(40, 20, 60, distances(40, 0, 30)),
			[]float64{0, 10, 20, 30, 40, 50}, []float64{0, 30, 60, 90, 120, 150}},
		"a lap without points": {withTrack(0, 20, 60, distances(0, 0, 60)) + lapTCX(20, totalsTCX(20, 0)) + withTrack(40, 20, 60, distances(40, 60, 90)),
			[]float64{0, 10, 40, 50}, []float64{0, 60, 60, 90}},
		"later legs of a multisport recording": {withTrack(0, 20, 60, distances(0, 40330, 40360, 40390)),
			[]float64{0, 10, 20}, []float64{40330, 40360, 40390}}, // the rest is normalize's
		"points beside a track": {lapTCX(0, totalsTCX(20, 60)+distances(0, 0, 30)) + distances(20, 60), []float64{0, 10, 20}, []float64{0, 30, 60}},
		"untimed points": {withTrack(0, 20, 60, "<Trackpoint/>"+distances(0, 0)+"<Trackpoint><Time>soon</Time><DistanceMeters>9</DistanceMeters></Trackpoint>"+distances(10, 30)),
			[]float64{0, 10}, []float64{0, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			s := oneTCX(t, lapsTCX(tc.laps)).Samples
			if d := cmp.Diff(tc.t, s.T); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tc.dist, s.DistM); d != "" {
				t.Error(d)
			}
		})
	}
}

// The point that begins a lap fills what the last of the lap before lacks.
func TestTCXRepeatedPoint(t *testing.T) {
	s := oneTCX(t, lapsTCX(withTrack(0, 10, 30, pointTCX(0, "<Cadence>80</Cadence>")+pointTCX(10, "<DistanceMeters>30</DistanceMeters>"))+
		withTrack(10, 10, 30, pointTCX(10, "<DistanceMeters>0</DistanceMeters><Cadence>82</Cadence>")+pointTCX(20, "<Cadence>83</Cadence>")))).Samples
	if d := cmp.Diff([]float64{nan, 30, nan}, s.DistM, equalNaN); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{80, 82, 83}, s.CadenceSPM); d != "" {
		t.Error(d)
	}
}

func TestTCXPauses(t *testing.T) {
	track := func(points string) string { return `</Track><Track>` + points }
	for name, tc := range map[string]struct {
		laps string
		want []Interval
	}{
		"one track": {withTrack(0, 100, 300, distances(0, 0, 30)), nil},
		"between tracks": {withTrack(0, 20, 60, distances(0, 0, 30)+track(distances(60, 30, 60))),
			[]Interval{{10, 60}}},
		"between laps": {withTrack(0, 10, 30, distances(0, 0, 30)) + withTrack(60, 10, 30, distances(60, 31, 60)),
			[]Interval{{10, 60}}},
		"two": {withTrack(0, 30, 90, distances(0, 0, 30)+track(distances(60, 30, 60))+track(distances(90, 60, 90))),
			[]Interval{{10, 60}, {70, 90}}},
		"none between laps":                      {withTrack(0, 10, 30, distances(0, 0, 30)) + withTrack(12, 10, 30, distances(12, 36, 60)), nil},
		"a track for each point":                 {withTrack(0, 30, 90, distances(0, 0)+track(distances(8, 24))+track(distances(16, 48))), nil},
		"sparse points, the distance goes on":    {withTrack(0, 60, 180, distances(0, 0, 30)) + withTrack(61, 60, 180, distances(61, 180, 210)), nil},
		"sparse points, no distance, timer runs": {withTrack(0, 60, 0, pointTCX(0, "")) + withTrack(60, 60, 0, pointTCX(60, "")), nil},
		"sparse points, no distance, timer stopped": {withTrack(0, 20, 0, pointTCX(0, "")) + withTrack(60, 60, 0, pointTCX(60, "")),
			[]Interval{{0, 60}}},
		"each lap from 0": {withTrack(0, 10, 30, distances(0, 0, 60)) + withTrack(60, 10, 30, distances(60, 0, 30)),
			[]Interval{{10, 60}}},
		"the clock runs back": {withTrack(0, 20, 60, distances(100, 0, 30)+track(distances(0, 30, 60))), nil},
		"empty tracks":        {withTrack(0, 20, 60, track(distances(0, 0, 30))+track("")+track(distances(60, 30))), []Interval{{10, 60}}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, oneTCX(t, lapsTCX(tc.laps)).Pauses); d != "" {
				t.Error(d)
			}
		})
	}
}

// Pauses move with the start that the Id declares.
func TestTCXPausesFromTheDeclaredStart(t *testing.T) {
	a := oneTCX(t, lapsTCX(withTrack(0, 20, 60, distances(5, 0, 30)+`</Track><Track>`+distances(65, 30, 60))))
	if d := cmp.Diff([]Interval{{15, 65}}, a.Pauses); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{5, 15, 65, 75}, a.Samples.T); d != "" {
		t.Error(d)
	}
}

func TestTCXAltitude(t *testing.T) {
	for name, tc := range map[string]struct{ elev, want []float64 }{
		"zeros between valid ones, Suunto": {[]float64{500, 0, 0, 501, 0, 502}, []float64{500, nan, nan, 501, nan, 502}},
		"zeros at the ends":                {[]float64{0, 500, 0}, []float64{nan, 500, nan}},
		"below the sea":                    {[]float64{-400, 0, -401}, []float64{-400, nan, -401}},
		"along the sea":                    {[]float64{3, 0, -1, 0, 2}, []float64{3, 0, -1, 0, 2}},
		"down to the sea":                  {[]float64{40, 12, 5, 0, 0, 4, 15}, []float64{40, 12, 5, 0, 0, 4, 15}},
		"dropouts of both kinds":           {[]float64{500, nan, 0, nan, 500}, []float64{500, nan, nan, nan, 500}},
		"nothing else":                     {[]float64{0, 0, 0}, []float64{0, 0, 0}}, // normalize drops it
		"one":                              {[]float64{0}, []float64{0}},
		"none":                             {nil, nil},
	} {
		dropZeroAltitudes(tc.elev)
		if d := cmp.Diff(tc.want, tc.elev, equalNaN); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestTCXTotals(t *testing.T) {
	cadence := func(timerS float64, what string) string {
		return totalsTCX(timerS, 1000) + what
	}
	lx := func(content string) string { return `<Extensions><ns3:LX>` + content + `</ns3:LX></Extensions>` }
	points := `<Track>` + distances(0, 0, 3000) + `</Track>`
	for name, tc := range map[string]struct {
		laps                      string
		dist, moving, elapsed, cd float64
		note                      string
	}{
		"one":                          {lapTCX(0, totalsTCX(300, 1000)), 1000, 300, 300, nan, ""},
		"two, a pause between":         {lapTCX(0, totalsTCX(300, 1000)) + lapTCX(360, totalsTCX(300, 1000)), 2000, 600, 660, nan, ""},
		"points measure elapsed":       {lapTCX(0, totalsTCX(300, 1000)+`<Track>`+distances(0, 0, 1000)+`</Track>`), 1000, 300, nan, nan, ""},
		"a lap of standing":            {lapTCX(0, totalsTCX(300, 1000)) + lapTCX(300, totalsTCX(60, 0)), 1000, 360, 360, nan, ""},
		"a lap without a distance":     {lapTCX(0, totalsTCX(300, 1000)) + lapTCX(300, "<TotalTimeSeconds>60</TotalTimeSeconds>"), nan, 360, 360, nan, ""},
		"no distance":                  {lapTCX(0, totalsTCX(300, 0)), nan, 300, 300, nan, ""},
		"no times":                     {lapTCX(0, totalsTCX(0, 1000)), 1000, nan, 0, nan, ""},
		"nonsense is nothing":          {lapTCX(0, totalsTCX(300, -1000)) + lapTCX(300, totalsTCX(300, 1e300)), nan, 600, 600, nan, ""},
		"cumulative laps":              {lapTCX(0, totalsTCX(300, 1000)) + lapTCX(300, totalsTCX(600, 2000)) + lapTCX(600, totalsTCX(900, 3000)), 3000, 900, 900, nan, "the longest counts"},
		"cumulative laps, points":      {lapTCX(0, totalsTCX(300, 1000)) + lapTCX(300, totalsTCX(600, 2000)) + lapTCX(600, totalsTCX(900, 3000)+points), nan, nan, nan, nan, "from the points"},
		"a lap over the whole":         {lapTCX(0, totalsTCX(600, 2000)) + lapTCX(0, totalsTCX(300, 1000)) + lapTCX(300, totalsTCX(300, 1000)), 2000, 600, 600, nan, "the longest counts"},
		"laps in kilometres":           {lapTCX(0, totalsTCX(900, 3)+points), nan, 900, nan, nan, "the points count"},
		"strides of Garmin":            {lapTCX(0, cadence(300, lx(`<ns3:AvgRunCadence>80</ns3:AvgRunCadence>`))) + lapTCX(300, cadence(100, lx(`<ns3:AvgRunCadence>84</ns3:AvgRunCadence>`))), 2000, 400, 400, 162, ""},
		"steps of others":              {lapTCX(0, cadence(300, lx(`<ns3:AvgRunCadence>164</ns3:AvgRunCadence>`))), 1000, 300, 300, 164, ""},
		"Cadence of the lap":           {lapTCX(0, cadence(300, `<Cadence>81</Cadence>`)), 1000, 300, 300, 162, ""},
		"both":                         {lapTCX(0, cadence(300, `<Cadence>60</Cadence>`+lx(`<ns3:AvgRunCadence>82</ns3:AvgRunCadence>`))), 1000, 300, 300, 164, ""},
		"either could be meant":        {lapTCX(0, cadence(300, `<Cadence>120</Cadence>`)), 1000, 300, 300, nan, ""},
		"0 and 255 are none":           {lapTCX(0, cadence(300, `<Cadence>0</Cadence>`)) + lapTCX(300, cadence(300, `<Cadence>255</Cadence>`)), 2000, 600, 600, nan, ""},
		"one lap of three tells":       {lapTCX(0, cadence(300, `<Cadence>80</Cadence>`)) + lapTCX(300, cadence(300, "")) + lapTCX(600, cadence(300, "")), 3000, 900, 900, nan, ""},
		"counted steps":                {lapTCX(0, cadence(300, lx(`<ns3:Steps>820</ns3:Steps>`))), 1000, 300, 300, 164, ""},
		"counted strides":              {lapTCX(0, cadence(300, lx(`<ns3:Steps>410</ns3:Steps>`))), 1000, 300, 300, 164, ""},
		"no steps counted":             {lapTCX(0, cadence(300, lx(`<ns3:Steps>0</ns3:Steps>`))), 1000, 300, 300, nan, ""},
		"an average of all laps, once": {lapTCX(0, cadence(300, "")) + lx(`<DistanceMeters>4988</DistanceMeters><AvgRunCadence>80</AvgRunCadence>`), 1000, 300, 300, nan, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := oneTCX(t, lapsTCX(tc.laps))
			want := Totals{DistM: tc.dist, MovingS: tc.moving, ElapsedS: tc.elapsed, CadenceSPM: tc.cd, AscentM: nan, DescentM: nan}
			if d := cmp.Diff(want, a.Device, equalNaN); d != "" {
				t.Error(d)
			}
			if got := strings.Join(a.Notes, "; "); !strings.Contains(got, tc.note) || tc.note == "" && got != "" {
				t.Errorf("notes %q, want %q", got, tc.note)
			}
		})
	}
}

// A ride's cadence is no steps.
func TestTCXRideHasNoSteps(t *testing.T) {
	a := oneTCX(t, strings.Replace(lapsTCX(lapTCX(0, totalsTCX(300, 3000)+`<Cadence>85</Cadence>`)), "Running", "Biking", 1))
	if !math.IsNaN(a.Device.CadenceSPM) {
		t.Errorf("%v steps a minute", a.Device.CadenceSPM)
	}
}

// Without points the start and the zone come from the Id or the first lap.
func TestTCXStartWithoutPoints(t *testing.T) {
	for name, tc := range map[string]struct {
		id, lap, want string
		zone          Zone
		note          string
	}{
		"Id":              {"2024-05-04T06:00:00Z", "2024-05-04T06:00:02Z", "06:00:00", Zone{}, ""},
		"Id with offset":  {"2024-05-04T08:00:00+02:00", "", "06:00:00", Zone{OffsetS: 7200, From: OffsetFile}, ""},
		"lap":             {"", "2024-05-04T06:00:02Z", "06:00:02", Zone{}, ""},
		"lap with offset": {"none", "2024-05-03T23:00:02-07:00", "06:00:02", Zone{OffsetS: -25200, From: OffsetFile}, ""},
		"no zone":         {"2024-05-04T06:00:00", "", "06:00:00", Zone{}, noteNoZone},
	} {
		t.Run(name, func(t *testing.T) {
			a := oneTCX(t, databaseTCX(`<Activity Sport="Running"><Id>`+tc.id+`</Id><Lap StartTime="`+tc.lap+`">`+totalsTCX(300, 1000)+`</Lap></Activity>`))
			if got := a.Start.Format("15:04:05"); got != tc.want || a.Zone != tc.zone || a.Samples.Len() != 0 {
				t.Errorf("starts at %s, zone %+v", a.Start, a.Zone)
			}
			if got := strings.Join(a.Notes, ""); got != tc.note {
				t.Errorf("notes %q", got)
			}
		})
	}
}
