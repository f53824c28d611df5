package ingest

import (
	"bytes"
	"fmt"
	"math"
	"sort"
	"time"
)

// xmlBuffers is the reusable memory of decodeGPX and decodeTCX. The samples of the activities that they return lie in it.
type xmlBuffers struct {
	scan  pointScan
	timeS []float64
}

// growTimes makes room for a time in seconds for each point scanned.
func (b *xmlBuffers) growTimes() {
	n := len(b.scan.points.timeUS)
	if cap(b.timeS) < n || cap(b.timeS) > maxKeptRows {
		b.timeS = make([]float64, n)
	}
	b.timeS = b.timeS[:n]
}

// trackRows are the points of one activity in the columns: the rows from which on up to which its timed points lie, the
// number of points without a time, and the rows of the source in between which the zone of its times is noted.
type trackRows struct {
	from, to, untimed int
	zoneFrom, zoneTo  int
}

// rowsAt begins an activity at the first row that no other has.
func rowsAt(row int) trackRows { return trackRows{from: row, to: row, zoneFrom: -1} }

// len is the number of timed points.
func (r trackRows) len() int { return r.to - r.from }

// take moves the timed points among n rows of the source behind those that rows already has.
func (p *pointColumns) take(rows *trackRows, from, n int) {
	if rows.zoneFrom < 0 {
		rows.zoneFrom = from
	}
	end := from + n
	rows.zoneTo = end
	for from < end {
		if from >= len(p.timeUS) || p.timeUS[from] == noTime {
			rows.untimed++
			from++
			continue
		}
		stop := from + 1
		for stop < end && stop < len(p.timeUS) && p.timeUS[stop] != noTime {
			stop++
		}
		p.move(rows.to, from, stop-from)
		rows.to += stop - from
		from = stop
	}
}

// move copies n rows of all columns to earlier ones.
func (p *pointColumns) move(to, from, n int) {
	if to == from {
		return
	}
	copy(p.timeUS[to:to+n], p.timeUS[from:])
	for _, col := range p.cols {
		if len(col) > 0 {
			copy(col[to:to+n], col[from:])
		}
	}
}

// startUS is the time of the first point, in microseconds since 1970; there must be one.
func (p *pointColumns) startUS(rows trackRows) int64 { return p.timeUS[rows.from] }

// gap is the time between two rows, in seconds since the first point.
func (p *pointColumns) gap(rows trackRows, from, to int) Interval {
	start := p.startUS(rows)
	return Interval{FromS: seconds(p.timeUS[from] - start), ToS: seconds(p.timeUS[to] - start)}
}

// fill gives an activity its start, the samples of its rows and the zone of their times. It returns how many of these have
// no valid position while others do.
func (b *xmlBuffers) fill(a *Activity, rows trackRows) (placeless int) {
	p := &b.scan.points
	start := p.startUS(rows)
	a.Start = utcTime(start)
	timeS := b.timeS[rows.from:rows.to:rows.to]
	for i, us := range p.timeUS[rows.from:rows.to] {
		timeS[i] = seconds(us - start)
	}
	lat, lon := p.column(fieldLat, rows), p.column(fieldLon, rows)
	placeless = cleanPositions(lat, lon)
	if placeless == len(timeS) || lat == nil || lon == nil {
		lat, lon, placeless = nil, nil, 0
	}
	a.Samples = Samples{
		T:          timeS,
		LatDeg:     lat,
		LonDeg:     lon,
		ElevM:      p.column(fieldElev, rows),
		DistM:      p.column(fieldDist, rows),
		SpeedMPS:   p.column(fieldSpeed, rows),
		CadenceSPM: p.column(fieldCadence, rows),
		HeartBPM:   p.column(fieldHeart, rows),
	}
	if rows.untimed > 0 {
		a.note("%s without a time left out", count(rows.untimed, "point"))
	}
	p.setZone(a, rows)
	return placeless
}

// column returns the rows of a column, nil if none holds a value.
func (p *pointColumns) column(f pointField, rows trackRows) []float64 {
	if len(p.cols[f]) == 0 {
		return nil
	}
	col := p.cols[f][rows.from:rows.to:rows.to]
	for _, v := range col {
		if !math.IsNaN(v) {
			return col
		}
	}
	return nil
}

// cleanPositions makes a position NaN that lacks a coordinate or is off the globe, and counts those.
func cleanPositions(lat, lon []float64) (bad int) {
	for i := range min(len(lat), len(lon)) {
		if !(math.Abs(lat[i]) <= 90 && math.Abs(lon[i]) <= 180) {
			lat[i], lon[i] = math.NaN(), math.NaN()
			bad++
		}
	}
	return bad
}

// noteNoZone tells of times without a zone.
const noteNoZone = "times without a time zone: read as UTC"

// setZone takes the offset of the first time that has one, and says so if times have no zone at all.
func (p *pointColumns) setZone(a *Activity, rows trackRows) {
	// The zone in force at the first row is the last one that began at or before it.
	first := sort.Search(len(p.zones), func(i int) bool { return p.zones[i].row > rows.zoneFrom })
	zoneless := false
	for _, z := range p.zones[max(first-1, 0):] {
		if z.row >= rows.zoneTo {
			break
		}
		if z.zone == zoneOffset && a.Zone.From == "" && max(z.offsetS, -z.offsetS) <= maxOffsetS {
			a.Zone = Zone{OffsetS: z.offsetS, From: OffsetFile}
		}
		zoneless = zoneless || z.zone == zoneNone
	}
	if zoneless {
		a.note(noteNoZone)
	}
}

// breakProblem says where a document stops to be readable; the caller adds what was kept.
func breakProblem(data []byte, kind ProblemKind, at int) *Problem {
	line := 1 + bytes.Count(data[:at], []byte("\n"))
	if kind == Truncated {
		return problemf(Truncated, "the file breaks off in line %d", line)
	}
	return problemf(Corrupt, "the file is damaged in line %d", line)
}

// keptBefore completes the problem of a document that breaks off with what was kept of it.
func keptBefore(broken *Problem, samples int) *Problem {
	broken.Kept = samples
	if samples > 0 {
		broken.Err = fmt.Errorf("%w; what came before is kept (%s): export it again for the rest", broken.Err, count(samples, "point"))
	} else {
		broken.Err = fmt.Errorf("%w before the first point: export it again", broken.Err)
	}
	return broken
}

// seconds turns microseconds into seconds.
func seconds(us int64) float64 { return float64(us) / 1e6 }

// utcTime is the instant of microseconds since 1970.
func utcTime(us int64) time.Time { return time.UnixMicro(us).UTC() }
