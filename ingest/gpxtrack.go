package ingest

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/tkrajina/gpxgo/gpx"
)

// trackRows is what compact made of a track: the rows from which on up to which its timed points lie, and the number of
// points without a time.
type trackRows struct {
	from, to, untimed int
	zoneFrom, zoneTo  int
}

// compact moves the timed points of a track together in the columns, all segments in a row, and notes a pause wherever
// time passes between two segments.
func (t *gpxTracks) compact(track *gpx.GPXTrack, a *Activity) trackRows {
	p := &t.buf.scan.points
	rows := trackRows{from: t.row, to: t.row, zoneFrom: -1}
	for si := range track.Segments {
		first := rows.to
		for _, run := range track.Segments[si].Points {
			from, n, ok := t.runOf(&run)
			if !ok {
				continue
			}
			t.row = from + n
			if rows.zoneFrom < 0 {
				rows.zoneFrom = from
			}
			rows.zoneTo = from + n
			for row := from; row < from+n; row++ {
				if row >= len(p.timeUS) || p.timeUS[row] == noTime {
					rows.untimed++
					continue
				}
				p.move(rows.to, row)
				rows.to++
			}
		}
		if first > rows.from && rows.to > first {
			start := p.timeUS[rows.from]
			gap := Interval{FromS: seconds(p.timeUS[first-1] - start), ToS: seconds(p.timeUS[first] - start)}
			if gap.ToS > gap.FromS {
				a.Pauses = append(a.Pauses, gap)
			}
		}
	}
	return rows
}

// runOf reads the rows that a point of the rest stands for. Runs come in the order of the file, whatever the document says.
func (t *gpxTracks) runOf(run *gpx.GPXPoint) (from, n int, ok bool) {
	rows := float64(t.buf.scan.points.n)
	if !(run.Latitude >= float64(t.row) && run.Longitude >= 1 && run.Latitude+run.Longitude <= rows) {
		return 0, 0, false
	}
	return int(run.Latitude), int(run.Longitude), true
}

// move copies a row of all columns to an earlier one.
func (p *pointColumns) move(to, from int) {
	if to == from {
		return
	}
	p.timeUS[to] = p.timeUS[from]
	for _, col := range p.cols {
		if len(col) > 0 {
			col[to] = col[from]
		}
	}
}

// finish fills the activity from its rows.
func (t *gpxTracks) finish(a *Activity, rows trackRows) {
	p := &t.buf.scan.points
	start := p.timeUS[rows.from]
	a.Start = utcTime(start)
	timeS := t.buf.timeS[rows.from:rows.to:rows.to]
	for i, us := range p.timeUS[rows.from:rows.to] {
		timeS[i] = seconds(us - start)
	}
	lat, lon := p.column(fieldLat, rows), p.column(fieldLon, rows)
	bad := cleanPositions(lat, lon)
	if bad == len(timeS) || lat == nil || lon == nil {
		lat, lon = nil, nil
	}
	a.Samples = Samples{
		T:          timeS,
		LatDeg:     lat,
		LonDeg:     lon,
		ElevM:      p.column(fieldElev, rows),
		SpeedMPS:   p.column(fieldSpeed, rows),
		CadenceSPM: p.column(fieldCadence, rows),
		HeartBPM:   p.column(fieldHeart, rows),
	}
	if lat != nil && bad > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d points without a valid position", bad))
	}
	if rows.untimed > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d points without a time left out", rows.untimed))
	}
	t.setZone(a, rows)
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

// setZone takes the offset of the first time that has one, and says so if times have no zone at all.
func (t *gpxTracks) setZone(a *Activity, rows trackRows) {
	zones := t.buf.scan.points.zones
	// The zone in force at the first row is the last one that began at or before it.
	first := sort.Search(len(zones), func(i int) bool { return zones[i].row > rows.zoneFrom })
	zoneless := false
	for _, z := range zones[max(first-1, 0):] {
		if z.row >= rows.zoneTo {
			break
		}
		if z.zone == zoneOffset && a.Zone.From == "" && max(z.offsetS, -z.offsetS) <= maxOffsetS {
			a.Zone = Zone{OffsetS: z.offsetS, From: OffsetFile}
		}
		zoneless = zoneless || z.zone == zoneNone
	}
	if zoneless {
		a.Notes = append(a.Notes, "times without a time zone: read as UTC")
	}
}

// seconds turns microseconds into seconds.
func seconds(us int64) float64 { return float64(us) / 1e6 }

// trackName is the name of a track or else of the document, on one line.
func trackName(doc *gpx.GPX, track *gpx.GPXTrack) string {
	name := strings.Join(strings.Fields(track.Name), " ")
	if name == "" {
		name = strings.Join(strings.Fields(doc.Name), " ")
	}
	return name
}
