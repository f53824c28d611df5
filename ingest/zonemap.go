package ingest

import (
	"encoding/binary"
	"math"
)

// zoneMap is the map of the world's time zones, territorial waters and the nautical zones of the seas included. It reads
// the compressed data of ringsaturn/tzf-rel-lite where they lie: the index knows only the box of each polygon, and a
// question walks the few polygons whose box holds the place. The finders of ringsaturn/tzf unpack all of it first, which
// takes 150 MiB and ten times as long; on the places where they are sure, they are the reference in the tests.
type zoneMap struct{ areas []zoneArea }

// zoneArea is one polygon of a zone.
type zoneArea struct {
	name string
	box  boxE5
	// outer and holes are rings in the polyline encoding, longitude first.
	outer []byte
	holes [][]byte
}

// boxE5 is a box in units of 1e-5 degrees, edges included.
type boxE5 struct{ minLon, maxLon, minLat, maxLat int32 }

func (b *boxE5) holds(lon, lat int32) bool {
	return lon >= b.minLon && lon <= b.maxLon && lat >= b.minLat && lat <= b.maxLat
}

// Field numbers of tzf.v1.CompressedTimezones and its parts.
const (
	worldZones    = 2
	zoneData      = 1
	zoneName      = 2
	polygonPoints = 1
	polygonHoles  = 2
)

func newZoneMap(data []byte) *zoneMap {
	m := &zoneMap{}
	eachField(data, worldZones, func(zone []byte) {
		name := ""
		eachField(zone, zoneName, func(b []byte) { name = string(b) })
		eachField(zone, zoneData, func(polygon []byte) {
			area := zoneArea{name: name}
			eachField(polygon, polygonPoints, func(b []byte) { area.outer = b })
			eachField(polygon, polygonHoles, func(hole []byte) {
				eachField(hole, polygonPoints, func(b []byte) { area.holes = append(area.holes, b) })
			})
			area.box = boxE5{math.MaxInt32, math.MinInt32, math.MaxInt32, math.MinInt32}
			eachPoint(area.outer, func(lon, lat int32) {
				area.box.minLon, area.box.maxLon = min(area.box.minLon, lon), max(area.box.maxLon, lon)
				area.box.minLat, area.box.maxLat = min(area.box.minLat, lat), max(area.box.maxLat, lat)
			})
			m.areas = append(m.areas, area)
		})
	})
	return m
}

// eachField calls fn with every value of one length-delimited field of a protobuf message. It stops at the first byte
// that makes no sense, and at the fields of fixed length, which the map does not have.
func eachField(message []byte, number uint64, fn func(value []byte)) {
	const varint, delimited = 0, 2
	for len(message) > 0 {
		tag, n := binary.Uvarint(message)
		if n <= 0 {
			return
		}
		value, m := binary.Uvarint(message[n:])
		if m <= 0 {
			return
		}
		message = message[n+m:]
		switch tag & 7 {
		case varint:
			continue
		case delimited:
			if value > uint64(len(message)) {
				return
			}
			if tag>>3 == number {
				fn(message[:value])
			}
			message = message[value:]
		default:
			return
		}
	}
}

// eachPoint decodes a ring: differences in base-32 digits, least first, sign in the lowest bit.
func eachPoint(ring []byte, fn func(lon, lat int32)) {
	var point [2]int32
	axis, value, shift := 0, uint32(0), 0
	for _, c := range ring {
		digit := uint32(c) - 63
		value |= (digit & 31) << shift
		if shift += 5; digit >= 32 {
			continue
		}
		point[axis] += int32(value>>1) ^ -int32(value&1)
		value, shift = 0, 0
		if axis ^= 1; axis == 0 {
			fn(point[0], point[1])
		}
	}
}

// ringHolds tells whether a place is inside a ring: a ray to the east crosses it an odd number of times.
func ringHolds(ring []byte, lon, lat int32) bool {
	inside, begun := false, false
	var firstX, firstY, x0, y0 int32
	edge := func(x, y int32) {
		if (y > lat) != (y0 > lat) {
			along, across := int64(lon-x)*int64(y0-y), int64(x0-x)*int64(lat-y)
			if (along < across) == (y0 > y) {
				inside = !inside
			}
		}
		x0, y0 = x, y
	}
	eachPoint(ring, func(x, y int32) {
		if !begun {
			begun = true
			firstX, firstY, x0, y0 = x, y, x, y
		}
		edge(x, y)
	})
	edge(firstX, firstY)
	return inside
}

// gapDeg is how far around a place is looked when it lies in the slit between two simplified borders.
const gapDeg = 0.02

// find returns the name of the zone at a place, "" when none is there or near.
func (m *zoneMap) find(lat, lon float64) string {
	if name := m.exact(lat, lon); name != "" {
		return name
	}
	for _, dLon := range [...]float64{-gapDeg, 0, gapDeg} {
		for _, dLat := range [...]float64{-gapDeg, 0, gapDeg} {
			if name := m.exact(lat+dLat, lon+dLon); name != "" {
				return name
			}
		}
	}
	return ""
}

func (m *zoneMap) exact(lat, lon float64) string {
	if lon > 180 {
		lon -= 360
	}
	x, y := int32(math.Round(lon*1e5)), int32(math.Round(lat*1e5))
	for i := range m.areas {
		if a := &m.areas[i]; a.box.holds(x, y) && a.holds(x, y) {
			return a.name
		}
	}
	return ""
}

func (a *zoneArea) holds(lon, lat int32) bool {
	if !ringHolds(a.outer, lon, lat) {
		return false
	}
	for _, hole := range a.holes {
		if ringHolds(hole, lon, lat) {
			return false
		}
	}
	return true
}

// cell returns the zone of a whole square, "" when its corners and its middle are not all in one.
func (m *zoneMap) cell(c zoneCell) string {
	south, west := float64(c.lat)*cellDeg, float64(c.lon)*cellDeg
	name := m.exact(south+cellDeg/2, west+cellDeg/2)
	for _, lat := range [...]float64{south, south + cellDeg} {
		for _, lon := range [...]float64{west, west + cellDeg} {
			if name == "" || m.exact(lat, lon) != name {
				return ""
			}
		}
	}
	return name
}
