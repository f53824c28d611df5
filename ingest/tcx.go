package ingest

import (
	"bytes"
	"fmt"
	"math"
)

// tcxDialect reads Trackpoint elements. RunCadence stands in an extension under whatever prefix the writer chose; the
// schema puts it behind Cadence, so where both are written it is the one that stays.
var tcxDialect = pointDialect{
	point: "Trackpoint",
	attr:  func([]byte) pointField { return fieldNone },
	field: func(local []byte, depth int) pointField {
		switch string(local) {
		case "Time":
			if depth == 1 {
				return fieldTime
			}
		case "LatitudeDegrees":
			return fieldLat
		case "LongitudeDegrees":
			return fieldLon
		case "AltitudeMeters":
			return fieldElev
		case "DistanceMeters":
			if depth == 1 {
				return fieldDist
			}
		case "Value", "HeartRateBpm":
			// Version 1 of the schema and some apps write the number without the Value around it.
			if depth <= 2 {
				return fieldHeart
			}
		case "Cadence", "RunCadence":
			return fieldCadence
		case "Speed":
			return fieldSpeed
		}
		return fieldNone
	},
	keep: func(local []byte) bool {
		switch string(local) {
		case "TrainingCenterDatabase", "Activities", "Activity", "MultiSportSession", "FirstSport", "NextSport",
			"History", "Running", "Biking", "Other", "MultiSport", "Folder", "Run",
			"Lap", "Track", "Id", "Notes", "Training", "Plan", "Creator", "Author", "Name",
			"TotalTimeSeconds", "DistanceMeters", "Cadence", "Extensions", "LX", "AvgRunCadence", "Steps":
			return true
		}
		return false
	},
}

// maxTCXRestBytes bounds the work of the general decoder. Eight MiB are some twenty thousand laps.
const maxTCXRestBytes = 8 << 20

// decodeTCX reads the recorded activities of a TrainingCenterDatabase, version 2 or 1: every Activity, those of a
// multisport session too, and not its courses and workouts. A document that breaks off or stops to be XML gives the
// points and laps before beside the problem. The samples lie in buf until the next call.
func decodeTCX(data []byte, buf *buffers) ([]*Activity, *Problem) {
	data = xmlToUTF8(data)
	s := &buf.scan
	s.scan(data, &tcxDialect)
	switch {
	case !s.root:
		return nil, problemf(Corrupt, "the file holds no TCX document: export it again")
	case len(s.rest) > maxTCXRestBytes:
		return nil, problemf(TooLarge, "the TCX file holds %d MiB beside its points, which no recording does", len(s.rest)>>20)
	}
	buf.growTimes()
	doc, failedAt, err := parseTCXRest(s.rest)
	if err != nil {
		s.broken = Corrupt
		s.brokenAt, _ = s.sourceOffset(failedAt)
	}
	t := tcxReader{doc: &doc, buf: &buf.xmlBuffers}
	for i := range doc.activities {
		t.add(&doc.activities[i])
	}
	return t.activities, t.verdict(data)
}

// tcxReader collects the activities of one document.
type tcxReader struct {
	doc        *tcxDocument
	buf        *xmlBuffers
	activities []*Activity
	// kept is the number of samples, row the next row not given to an activity.
	kept, row int
	// timeless are the activities whose points have no times and whose laps no totals.
	timeless int
}

// add makes an activity of one in the document, if it has points with times, or laps with totals.
func (t *tcxReader) add(act *tcxActivity) {
	a := &Activity{Format: TCX, Name: act.name(), Elevation: ElevUnknown}
	a.Sport, a.Kind = act.sportAndKind(t.doc.author)
	rows := t.compact(act, a)
	a.Device = t.lapTotals(act, a, rows)
	switch {
	case rows.len() > 0:
		p := &t.buf.scan.points
		dropValues(p.column(fieldCadence, rows), invalidByte)
		dropZeroAltitudes(p.column(fieldElev, rows))
		// A point without a position is nothing unusual in TCX and needs no note.
		t.buf.fill(a, rows)
		act.declareStart(a)
	case act.start().known && (a.Device.DistM > 0 || a.Device.MovingS > 0):
		act.startWithoutPoints(a)
	default:
		if rows.untimed > 0 {
			t.timeless++
		}
		return
	}
	t.kept += a.Samples.Len()
	t.activities = append(t.activities, a)
}

// verdict is the problem of the whole document: its break, or why nothing in it is an activity.
func (t *tcxReader) verdict(data []byte) *Problem {
	s := &t.buf.scan
	switch {
	case s.brokenAt >= 0 && t.kept == 0 && len(t.activities) > 0:
		p := breakProblem(data, s.broken, s.brokenAt)
		p.Err = fmt.Errorf("%w before the first point; what the laps say is kept: export it again", p.Err)
		return p
	case s.brokenAt >= 0 && (len(t.activities) > 0 || t.timeless == 0):
		return keptBefore(breakProblem(data, s.broken, s.brokenAt), t.kept)
	case t.timeless > 0:
		p := problemf(NoTime, "activities left out because their points have no times and their laps no totals: %d of %d; "+
			"export the file again with times", t.timeless, len(t.doc.activities))
		p.Kept = t.kept
		return p
	case len(t.activities) == 0:
		return problemf(NotActivity, "the TCX file holds no recorded activity, only courses, workouts or nothing")
	case bytes.Contains(data[min(s.end, len(data)):], []byte("<TrainingCenterDatabase")):
		p := problemf(Corrupt, "a second TCX document follows the first in the same file and is not read: split the file")
		p.Kept = t.kept
		return p
	}
	return nil
}

// invalidByte is what Garmin's devices write into a byte that holds nothing; a cadence in TCX is a byte of up to 254
// (TrainingCenterDatabasev2.xsd, CadenceValue_t).
const invalidByte = 255

// zeroDropM is how far from 0, in metres, the altitudes around a 0 must lie for it to be a dropout, as Suunto writes them
// between valid ones. Nobody climbs as much from one sample to the next, and whoever runs along the sea stays below.
const zeroDropM = 10

// dropZeroAltitudes makes the altitudes of 0 NaN that lie between others far from it.
func dropZeroAltitudes(elev []float64) {
	before := 0.0
	for i := 0; i < len(elev); i++ {
		if elev[i] != 0 {
			if !math.IsNaN(elev[i]) {
				before = elev[i]
			}
			continue
		}
		end := i
		for end < len(elev) && (elev[end] == 0 || math.IsNaN(elev[end])) {
			end++
		}
		after := before
		if end < len(elev) {
			after = elev[end]
		}
		if before == 0 {
			before = after
		}
		if math.Abs(before) > zeroDropM && math.Abs(after) > zeroDropM {
			dropValues(elev[i:end], 0)
		}
		i = end - 1
	}
}

// dropValues makes the values NaN that stand for no measurement.
func dropValues(col []float64, none float64) {
	for i, v := range col {
		if v == none {
			col[i] = math.NaN()
		}
	}
}
