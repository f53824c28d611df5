package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
	"kneecheck/analyze/painlog"
	"kneecheck/ingest"
)

const (
	// The runs go north from a place whose clocks show UTC all year. Their times carry the offset, so that the program
	// need not load the zones of the world each time.
	startLat, startLon = 64.0, -20.0
	// degreeM is the length of a degree of latitude there, on the WGS84 ellipsoid.
	degreeM = 111479.0
	// pointEvery is the time between two points, as a phone records.
	pointEvery = 10 * time.Second
)

// writeLog writes each run of a log note as a GPX file as Garmin exports them, with cadence in strides, and its pain
// journal as pain.csv.
func writeLog(note, folder string) error {
	n, err := lognote.Parse(note)
	if err != nil {
		return err
	}
	if len(n.Strength) > 0 {
		return fmt.Errorf("strength sessions cannot be written as GPX")
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	if n.Options.Pain != nil {
		if err := os.WriteFile(filepath.Join(folder, painlog.FileName), painlog.Encode(n.Options.Pain), 0o666); err != nil {
			return err
		}
	}
	for i := range n.Runs {
		r := &n.Runs[i]
		name := filepath.Join(folder, r.Start.UTC().Format("2006-01-02-1504")+".gpx")
		if err := os.WriteFile(name, []byte(gpx(r)), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// gpxType is the <type> of a run of some kind.
var gpxType = map[ingest.Kind]string{
	ingest.Trail: "trail_running", ingest.Track: "track_running", ingest.Virtual: "virtual_run",
}

func gpx(r *analyze.Run) string {
	kind := gpxType[r.Kind]
	if kind == "" {
		kind = "running"
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Garmin Connect" xmlns="http://www.topografix.com/GPX/1/1" xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
<trk><name>Run</name><type>` + kind + `</type><trkseg>
`)
	sway := 0.5 // strides; a sensor that shows one value all the time is taken for stuck
	for t := 0.0; ; t += pointEvery.Seconds() {
		t = min(t, r.MovingS)
		lat := startLat + r.DistM*t/r.MovingS/degreeM
		at := r.Start.UTC().Add(time.Duration(t * float64(time.Second)))
		fmt.Fprintf(&b, `<trkpt lat="%.7f" lon="%.7f"><ele>50</ele><time>%s</time>`, lat, startLon, at.Format("2006-01-02T15:04:05+00:00"))
		if !math.IsNaN(r.Cadence.MeanSPM) {
			fmt.Fprintf(&b, `<extensions><ns3:TrackPointExtension><ns3:cad>%.2f</ns3:cad></ns3:TrackPointExtension></extensions>`, r.Cadence.MeanSPM/2+sway)
			sway = -sway
		}
		b.WriteString("</trkpt>\n")
		if t >= r.MovingS {
			break
		}
	}
	b.WriteString("</trkseg></trk></gpx>\n")
	return b.String()
}
