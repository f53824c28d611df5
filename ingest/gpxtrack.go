package ingest

import (
	"strings"

	"github.com/tkrajina/gpxgo/gpx"
)

// compact moves the timed points of a track together in the columns, all segments in a row, and notes a pause wherever
// time passes between two segments.
func (t *gpxTracks) compact(track *gpx.GPXTrack, a *Activity) trackRows {
	p := &t.buf.scan.points
	rows := rowsAt(t.row)
	for si := range track.Segments {
		first := rows.to
		for _, run := range track.Segments[si].Points {
			if from, n, ok := t.runOf(&run); ok {
				t.row = from + n
				p.take(&rows, from, n)
			}
		}
		if first > rows.from && rows.to > first {
			if gap := p.gap(rows, first-1, first); gap.ToS > gap.FromS {
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

// trackName is the name of a track or else of the document, on one line.
func trackName(doc *gpx.GPX, track *gpx.GPXTrack) string {
	name := strings.Join(strings.Fields(track.Name), " ")
	if name == "" {
		name = strings.Join(strings.Fields(doc.Name), " ")
	}
	return name
}
