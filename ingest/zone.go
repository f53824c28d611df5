package ingest

import (
	"fmt"
	"math"
	"sync"
	"time"
	_ "time/tzdata" // zones resolve on machines without a zone database too

	tzfrellite "github.com/ringsaturn/tzf-rel-lite"

	"kneecheck/ingest/civil"
)

// zones finds out how local time stood to UTC where and when an activity began. The zero value is ready; it serves
// several goroutines. The map of the world's zones is indexed on the first position that needs it and never before.
type zones struct {
	load  sync.Once
	world *zoneMap

	mu sync.Mutex
	// cells remembers the zone of squares that lie in one zone, and "" of those that a border crosses. An answer depends
	// on the place alone, never on what was asked before.
	cells     map[zoneCell]string
	locations map[string]*time.Location
}

// zoneCell is a square of cellDeg by its south-west corner, in multiples of cellDeg.
type zoneCell struct{ lat, lon int }

const (
	cellDeg = 0.05
	// maxSolarS is how far a zone may lie from the sun's time, in seconds; no inhabited place is beyond 3 h 30 min but for
	// whole days across the date line.
	maxSolarS = 4 * 3600
)

// resolve fills a.Zone where the file does not tell it: from the first position, else home, else UTC. An offset that the
// file tells stays, for it is what the runner saw; where it gives another day than the place does, a note says so. An
// offset of zero tells nothing against a place that keeps another time: programs write it that know no local time.
func (z *zones) resolve(a *Activity, home *time.Location) {
	if a.Zone.From != "" && !(a.Zone == Zone{From: OffsetFile} && positioned(&a.Samples)) {
		if a.Zone.From == OffsetFile {
			z.compare(a)
		}
		return
	}
	loc, from := home, OffsetConfig
	if lat, lon, ok := firstPosition(&a.Samples); ok {
		loc, from = z.at(lat, lon), OffsetPosition
	} else if home == nil {
		loc, from = time.UTC, OffsetUTC
	}
	_, offset := a.Start.In(loc).Zone()
	a.Zone = Zone{OffsetS: offset, From: from}
}

// compare notes a file's offset that puts the activity on another day than its place does. Places are only looked up
// when the sun says that something is wrong, so that files that tell their offset never load the map.
func (z *zones) compare(a *Activity) {
	lat, lon, ok := firstPosition(&a.Samples)
	if !ok || math.Abs(float64(a.Zone.OffsetS)-solarS(lon)) <= maxSolarS {
		return
	}
	written := a.Start.In(time.FixedZone("", a.Zone.OffsetS))
	there := a.Start.In(z.at(lat, lon))
	if day := civil.Of(written); day != civil.Of(there) {
		_, offset := there.Zone()
		a.note("the file's clock is at %s, its place at %s: counted on the file's day, %s",
			utcName(a.Zone.OffsetS), utcName(offset), day)
	}
}

// solarS is the offset of the sun's mean time at a longitude, in seconds.
func solarS(lonDeg float64) float64 { return lonDeg * 240 }

// utcName writes an offset in seconds as "UTC+5:30" or "UTC−8".
func utcName(offsetS int) string {
	sign := "+"
	if offsetS < 0 {
		sign, offsetS = "−", -offsetS
	}
	if minutes := offsetS / 60 % 60; minutes != 0 {
		return fmt.Sprintf("UTC%s%d:%02d", sign, offsetS/3600, minutes)
	}
	return fmt.Sprintf("UTC%s%d", sign, offsetS/3600)
}

func positioned(s *Samples) bool {
	_, _, ok := firstPosition(s)
	return ok
}

func firstPosition(s *Samples) (lat, lon float64, ok bool) {
	for i, lat := range s.LatDeg {
		if !math.IsNaN(lat) {
			return lat, s.LonDeg[i], true
		}
	}
	return 0, 0, false
}

// at returns the zone of a position. Where the map has none, or this machine does not know its name, it is the nautical
// zone of the longitude.
func (z *zones) at(lat, lon float64) *time.Location {
	cell := zoneCell{int(math.Floor(lat / cellDeg)), int(math.Floor(lon / cellDeg))}
	z.mu.Lock()
	name, known := z.cells[cell]
	z.mu.Unlock()
	if !known {
		z.load.Do(func() { z.world = newZoneMap(tzfrellite.LiteCompressData) })
		name = z.world.cell(cell)
	}
	exact := name
	if name == "" {
		exact = z.world.find(lat, lon)
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.cells == nil {
		z.cells = map[zoneCell]string{}
		z.locations = map[string]*time.Location{}
	}
	z.cells[cell] = name
	loc, ok := z.locations[exact]
	if !ok {
		var err error
		if loc, err = time.LoadLocation(exact); exact == "" || err != nil {
			loc = nil
		}
		z.locations[exact] = loc
	}
	if loc == nil {
		return time.FixedZone("", int(math.Round(solarS(lon)/3600))*3600)
	}
	return loc
}
