package ingesttest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"time"

	"github.com/muktihari/fit/kit/semicircles"
)

// GPX writes the run as Garmin Connect exports it: UTC times, cadence in strides under a point extension. A treadmill
// run has no positions and so cannot be written.
func (r Run) GPX() []byte { return r.gpx("Garmin Connect", 2) }

// GPXInSteps writes the run as Strava exports it: the same element for cadence, but counting steps.
func (r Run) GPXInSteps() []byte { return r.gpx("StravaGPX", 1) }

func (r Run) gpx(creator string, stepsPerUnit float64) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="%s" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
 <metadata><time>%s</time></metadata>
 <trk><name>`, creator, r.Start.UTC().Format(time.RFC3339))
	// bytes.Buffer never fails.
	_ = xml.EscapeText(&b, []byte(r.Name))
	kind := "running"
	if r.Trail {
		kind = "trail_running"
	}
	fmt.Fprintf(&b, "</name><type>%s</type><trkseg>\n", kind)
	if r.Watch == FullWatch {
		r.fullPoints(&b, stepsPerUnit)
		return b.Bytes()
	}
	for _, p := range r.points() {
		fmt.Fprintf(&b, `  <trkpt lat="%.7f" lon="%.7f"><ele>%.1f</ele><time>%s</time><extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>%.0f</gpxtpx:hr>`,
			p.lat, p.lon, p.elev, p.t.UTC().Format("2006-01-02T15:04:05.000Z"), p.heart)
		if r.CadenceSPM > 0 {
			fmt.Fprintf(&b, `<gpxtpx:cad>%.0f</gpxtpx:cad>`, math.Floor(p.cadence/stepsPerUnit))
		}
		b.WriteString("</gpxtpx:TrackPointExtension></extensions></trkpt>\n")
	}
	b.WriteString(" </trkseg></trk>\n</gpx>\n")
	return b.Bytes()
}

// fullPoints writes the points as Garmin Connect lays them out, and the end of the document. Positions come from 32 bits
// and elevation from a float32, whose exact values have that many digits.
func (r Run) fullPoints(b *bytes.Buffer, stepsPerUnit float64) {
	for _, p := range r.points() {
		lat, lon := semicircles.ToDegrees(semicircles.ToSemicircles(p.lat)), semicircles.ToDegrees(semicircles.ToSemicircles(p.lon))
		fmt.Fprintf(b, `      <trkpt lat="%.28f" lon="%.28f">
        <ele>%.22f</ele>
        <time>%s</time>
        <extensions>
          <gpxtpx:TrackPointExtension>
            <gpxtpx:atemp>18.0</gpxtpx:atemp>
            <gpxtpx:hr>%.0f</gpxtpx:hr>
            <gpxtpx:cad>%.0f</gpxtpx:cad>
          </gpxtpx:TrackPointExtension>
        </extensions>
      </trkpt>
`, lat, lon, float32(p.elev), p.t.UTC().Format("2006-01-02T15:04:05.000Z"), p.heart, math.Floor(p.cadence/stepsPerUnit))
	}
	b.WriteString("    </trkseg>\n  </trk>\n</gpx>\n")
}
