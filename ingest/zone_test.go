package ingest

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/ringsaturn/tzf"
	tzfrellite "github.com/ringsaturn/tzf-rel-lite"
)

// activityAt returns an activity that began there and then; start is RFC 3339.
func activityAt(t *testing.T, lat, lon float64, start string) *Activity {
	t.Helper()
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		t.Fatal(err)
	}
	return &Activity{Start: at, Samples: Samples{T: []float64{0, 1}, LatDeg: []float64{missing, lat}, LonDeg: []float64{missing, lon}}}
}

const hour = 3600

func TestZoneOfPosition(t *testing.T) {
	tests := []struct {
		name     string
		lat, lon float64
		start    string
		want     int
	}{
		{"Munich in winter", 48.14, 11.58, "2025-01-10T06:00:00Z", 1 * hour},
		{"Munich in summer", 48.14, 11.58, "2025-07-10T06:00:00Z", 2 * hour},
		{"Munich, the second before the change", 48.14, 11.58, "2025-03-30T00:59:59Z", 1 * hour},
		{"Munich, the second of the change", 48.14, 11.58, "2025-03-30T01:00:00Z", 2 * hour},
		{"Shanghai", 31.23, 121.47, "2025-07-10T06:00:00Z", 8 * hour},
		{"Kathmandu", 27.72, 85.32, "2025-07-10T06:00:00Z", 5*hour + 45*60},
		{"Chatham in summer", -43.95, -176.55, "2025-01-10T06:00:00Z", 13*hour + 45*60},
		{"Chatham in winter", -43.95, -176.55, "2025-07-10T06:00:00Z", 12*hour + 45*60},
		{"Lord Howe changes by half an hour", -31.55, 159.08, "2025-07-10T06:00:00Z", 10*hour + 30*60},
		{"St. John's in summer", 47.56, -52.71, "2025-07-10T06:00:00Z", -2*hour - 30*60},
		{"Phoenix keeps no summer time", 33.45, -112.07, "2025-07-10T06:00:00Z", -7 * hour},
		{"Sydney in its summer", -33.87, 151.21, "2025-01-10T06:00:00Z", 11 * hour},
		{"Kiritimati, a day ahead of its sun", 1.98, -157.48, "2025-07-10T06:00:00Z", 14 * hour},
		{"Fiji, east of the date line", -16.8, -179.98, "2025-07-10T06:00:00Z", 12 * hour},
		{"Fiji, west of the date line", -16.8, 179.9, "2025-07-10T06:00:00Z", 12 * hour},
		{"the middle of the Atlantic", 30, -40, "2025-07-10T06:00:00Z", -3 * hour},
		{"the north pole", 90, 0, "2025-07-10T06:00:00Z", 0},
		{"the south pole keeps New Zealand's time", -90, 0, "2025-07-10T06:00:00Z", 12 * hour},
	}
	var z zones
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := activityAt(t, tt.lat, tt.lon, tt.start)
			z.resolve(a, nil)
			if want := (Zone{tt.want, OffsetPosition}); a.Zone != want {
				t.Errorf("zone %+v, want %+v", a.Zone, want)
			}
		})
	}
}

func TestZoneSources(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	var z zones
	for _, tt := range []struct {
		name string
		a    *Activity
		home *time.Location
		want Zone
	}{
		{"home", &Activity{Start: time.Unix(1.75e9, 0)}, tokyo, Zone{9 * hour, OffsetConfig}},
		{"nothing", &Activity{}, nil, Zone{0, OffsetUTC}},
		{"positions all unknown", activityAt(t, missing, missing, "2025-07-10T06:00:00Z"), tokyo, Zone{9 * hour, OffsetConfig}},
		{"the file before home", &Activity{Zone: Zone{-5 * hour, OffsetFile}}, tokyo, Zone{-5 * hour, OffsetFile}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			z.resolve(tt.a, tt.home)
			if tt.a.Zone != tt.want {
				t.Errorf("zone %+v, want %+v", tt.a.Zone, tt.want)
			}
		})
	}
	if z.world != nil {
		t.Error("the map was loaded though no position asked for it")
	}
}

// An offset of zero is what programs write that know no local time; a place knows better.
func TestZoneOfZeroInFile(t *testing.T) {
	for _, tt := range []struct {
		name     string
		lat, lon float64
		want     Zone
	}{
		{"Kathmandu", 27.72, 85.32, Zone{5*hour + 45*60, OffsetPosition}},
		{"Munich", 48.14, 11.58, Zone{2 * hour, OffsetPosition}},
		{"Reykjavik", 64.14, -21.94, Zone{0, OffsetPosition}},
		{"nowhere", missing, missing, Zone{0, OffsetFile}},
	} {
		var z zones
		a := activityAt(t, tt.lat, tt.lon, "2025-07-10T06:00:00Z")
		a.Zone = Zone{0, OffsetFile}
		if z.resolve(a, nil); a.Zone != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, a.Zone, tt.want)
		}
	}
}

func TestZoneOfFileAgainstPlace(t *testing.T) {
	tests := []struct {
		name     string
		lat, lon float64
		start    string
		offset   int
		note     string
		loads    bool
	}{
		{"agrees", 48.14, 11.58, "2025-07-10T06:00:00Z", 2 * hour, "", false},
		{"an hour off", 48.14, 11.58, "2025-07-10T22:30:00Z", 1 * hour, "", false},
		{"Kashgar on Peking's time", 39.47, 75.99, "2025-07-10T20:00:00Z", 8 * hour, "", false},
		{"watch left at home, same day", 37.77, -122.42, "2025-07-10T14:00:00Z", 2 * hour, "", true},
		{"watch left at home, another day", 37.77, -122.42, "2025-07-10T23:00:00Z", 2 * hour,
			"the file's clock is at UTC+2, its place at UTC−7: counted on the file's day, 2025-07-11", true},
		{"Kiritimati is right about its day", 1.98, -157.48, "2025-07-10T12:00:00Z", 14 * hour, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var z zones
			a := activityAt(t, tt.lat, tt.lon, tt.start)
			a.Zone = Zone{tt.offset, OffsetFile}
			z.resolve(a, nil)
			if a.Zone != (Zone{tt.offset, OffsetFile}) {
				t.Errorf("zone %+v: the file's offset must stay", a.Zone)
			}
			wantNote(t, a, tt.note)
			if loaded := z.world != nil; loaded != tt.loads {
				t.Errorf("map loaded: %v, want %v", loaded, tt.loads)
			}
		})
	}
}

// TestZoneMapAgainstTZF compares with the finder of the library whose data the map reads, on places all over the earth.
func TestZoneMapAgainstTZF(t *testing.T) {
	finder, err := tzf.NewDefaultFinder()
	if err != nil {
		t.Fatal(err)
	}
	m := newZoneMap(tzfrellite.LiteCompressData)
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		lat, lon := math.Asin(r.Float64()*2-1)*180/math.Pi, r.Float64()*360-180
		if got, want := m.find(lat, lon), finder.GetTimezoneName(lon, lat); got != want {
			t.Errorf("at %.4f %.4f: %q, tzf says %q", lat, lon, got, want)
		}
	}
}

// TestZoneCellsDoNotChangeAnswers asks for places along a border in two orders.
func TestZoneCellsDoNotChangeAnswers(t *testing.T) {
	type place struct{ lat, lon float64 }
	var places []place
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 { // from Ohio into Indiana and Michigan, and around the tripoint of Basel
		places = append(places, place{41 + r.Float64(), -85.3 + r.Float64()}, place{47.3 + r.Float64()/2, 7.3 + r.Float64()/2})
	}
	var z zones
	at := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	forward := make([]string, len(places))
	for i, p := range places {
		forward[i] = at.In(z.at(p.lat, p.lon)).String()
	}
	var back zones
	for i := len(places) - 1; i >= 0; i-- {
		p := places[i]
		if got := at.In(back.at(p.lat, p.lon)).String(); got != forward[i] {
			t.Errorf("place %d: %s when asked last, %s when asked first", i, forward[i], got)
		}
		if exact := z.world.find(p.lat, p.lon); exact != z.at(p.lat, p.lon).String() {
			t.Errorf("place %d: %s from the cell, %s exactly", i, z.at(p.lat, p.lon), exact)
		}
	}
}

func TestZonesServeSeveralWorkers(t *testing.T) {
	var z zones
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 50 {
				a := activityAt(t, 45+float64(i)/10, 5+float64(w), "2025-07-10T06:00:00Z")
				if z.resolve(a, nil); a.Zone != (Zone{2 * hour, OffsetPosition}) {
					t.Errorf("zone %+v", a.Zone)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzZoneMap(f *testing.F) {
	f.Add(tzfrellite.LiteCompressData[:4000], 48.0, 11.0)
	f.Add([]byte{0x12, 0x05, 0x0a, 0x03, 0x0a, 0x01, 0xff}, 0.0, 0.0)
	f.Fuzz(func(t *testing.T, data []byte, lat, lon float64) {
		newZoneMap(data).find(lat, lon) // must not panic
	})
}
