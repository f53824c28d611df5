package ingest

import (
	"bytes"
	"strings"

	"github.com/tkrajina/gpxgo/gpx"
)

// gpxDialect reads trkpt elements: the position from the attributes, elevation and time from the children, and what
// sensors wrote from any depth and under any prefix, for every maker has an extension of its own.
var gpxDialect = pointDialect{
	point: "trkpt",
	attr: func(local []byte) pointField {
		switch string(local) {
		case "lat":
			return fieldLat
		case "lon":
			return fieldLon
		}
		return fieldNone
	},
	field: func(local []byte, depth int) pointField {
		switch string(local) {
		case "ele":
			if depth == 1 {
				return fieldElev
			}
		case "time":
			if depth == 1 {
				return fieldTime
			}
		case "hr", "heartrate", "heartRate", "HeartRate", "heart_rate":
			return fieldHeart
		case "cad", "cadence", "Cadence", "RunCadence", "runCadence", "run_cadence":
			return fieldCadence
		case "speed", "Speed":
			return fieldSpeed
		}
		return fieldNone
	},
	// gpxgo refuses a whole file over a number or bounds that are not numbers; waypoints, routes, extensions, authors and
	// links tell nothing of a run.
	keep: func(local []byte) bool {
		switch string(local) {
		case "gpx", "metadata", "name", "time", "trk", "type", "trkseg":
			return true
		}
		return false
	},
}

// maxGPXRestBytes bounds the memory of gpxgo, which takes some sixty times the bytes of nearly empty tracks. Two MiB of
// names are ten thousand tracks.
const maxGPXRestBytes = 2 << 20

// decodeGPX reads the tracks of a GPX 1.0 or 1.1 document, one activity a track; a gap between segments is a pause. A
// document that breaks off or stops to be XML gives the points before beside the problem. The samples lie in buf until
// the next call.
func decodeGPX(data []byte, buf *buffers) ([]*Activity, *Problem) {
	data = xmlToUTF8(data)
	doc, problem := readGPX(data, &buf.xmlBuffers)
	if doc == nil {
		return nil, problem
	}
	t := newGPXTracks(doc, &buf.xmlBuffers)
	for i := range doc.Tracks {
		t.add(&doc.Tracks[i])
	}
	return t.activities, t.verdict(problem, data)
}

// readGPX scans the points into the columns of buf and returns what gpxgo makes of the rest. In the document that it
// returns a point stands for a run of points: Latitude is the row of the first, Longitude their number.
func readGPX(data []byte, buf *xmlBuffers) (*gpx.GPX, *Problem) {
	s := &buf.scan
	s.scan(data, &gpxDialect)
	switch {
	case !s.root:
		return nil, problemf(Corrupt, "the file holds no GPX document: export it again")
	case len(s.rest) > maxGPXRestBytes:
		return nil, problemf(TooLarge, "the GPX file holds %d MiB beside its points, which no recording does", len(s.rest)>>20)
	}
	doc, failedAt, err := parseGPXRest(s.rest)
	if err != nil {
		// What comes before the place that gpxgo does not understand is worth keeping.
		at, whole := s.sourceOffset(failedAt)
		s.scan(data[:whole], &gpxDialect)
		s.broken, s.brokenAt = Corrupt, at
		var again error
		if doc, _, again = parseGPXRest(s.rest); again != nil {
			return nil, problemf(Corrupt, "the GPX document cannot be read (%v): export it again", err)
		}
	}
	if s.brokenAt >= 0 {
		return doc, breakProblem(data, s.broken, s.brokenAt)
	}
	return doc, nil
}

// gpxTracks collects the activities of one document.
type gpxTracks struct {
	doc        *gpx.GPX
	buf        *xmlBuffers
	activities []*Activity
	// kept is the number of samples, untimed that of points without a time, row the next row not given to a track.
	kept, untimed, row int
	// timeless are the tracks whose points have no times, empty those without points.
	timeless, empty int
	elevation       ElevSource
}

func newGPXTracks(doc *gpx.GPX, buf *xmlBuffers) *gpxTracks {
	t := &gpxTracks{doc: doc, buf: buf, elevation: ElevUnknown}
	// Strava's convention for devices whose altitude it trusts is a name that ends in "with Barometer".
	if strings.Contains(strings.ToLower(doc.Creator), "barometer") {
		t.elevation = Barometer
	}
	buf.growTimes()
	return t
}

// add makes an activity of a track, if it has points with times.
func (t *gpxTracks) add(track *gpx.GPXTrack) {
	a := &Activity{
		Format:    GPX,
		Name:      trackName(t.doc, track),
		Device:    noTotals(),
		Elevation: t.elevation,
	}
	a.Sport, a.Kind = gpxSport(track.Type, t.doc.Creator, a.Name)
	rows := t.compact(track, a)
	switch {
	case rows.len() > 0:
		if n := t.buf.fill(a, rows); n > 0 {
			a.note("%s without a valid position", count(n, "point"))
		}
		t.activities = append(t.activities, a)
		t.kept += a.Samples.Len()
	case rows.untimed > 0:
		t.timeless++
	default:
		t.empty++
	}
	t.untimed += rows.untimed
}

// verdict is the problem of the whole document: its break, or why nothing in it is an activity.
func (t *gpxTracks) verdict(broken *Problem, data []byte) *Problem {
	s := &t.buf.scan
	if broken != nil && (len(t.activities) > 0 || t.timeless == 0) {
		return keptBefore(broken, t.kept)
	}
	switch {
	case t.timeless > 0 && len(t.activities) == 0:
		return problemf(NoTime, "the track has %s and no times, so nothing tells when or how fast it was run: "+
			"if it is a run and not a planned route, export it again with times or count it by hand in overrides.csv", count(t.untimed, "point"))
	case t.timeless > 0:
		which := "have no times and are left out: if they are runs and not planned routes, export them again with times"
		if t.timeless == 1 {
			which = "has no times and is left out: if it is a run and not a planned route, export it again with times"
		}
		p := problemf(NoTime, "%d of %s %s", t.timeless, count(len(t.doc.Tracks), "track"), which)
		p.Kept = t.kept
		return p
	case len(t.activities) > 0:
		if bytes.Contains(data[min(s.end, len(data)):], []byte("<gpx")) {
			p := problemf(Corrupt, "a second GPX document follows the first in the same file and is not read: split the file")
			p.Kept = t.kept
			return p
		}
		return nil
	case t.empty > 0 && t.doc.Time != nil:
		return problemf(Unsupported, "the track has no points, as in Strava's GPX of treadmill runs: "+
			"export the original file (FIT or TCX) instead")
	}
	return problemf(NotActivity, "the GPX file holds no recorded track, only waypoints, routes or nothing")
}
