package ingest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/tkrajina/gpxgo/gpx"
)

// benchGPX is a run of an hour at one point a second as Garmin Connect exports it.
func benchGPX(points int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<gpx creator="Garmin Connect" version="1.1" xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1" xmlns="http://www.topografix.com/GPX/1/1">
  <metadata>
    <time>2024-05-04T06:00:00.000Z</time>
  </metadata>
  <trk>
    <name>Morning</name>
    <type>running</type>
    <trkseg>
`)
	for i := range points {
		fmt.Fprintf(&b, `      <trkpt lat="%.17g" lon="%.17g">
        <ele>%.15g</ele>
        <time>2024-05-04T%02d:%02d:%02d.000Z</time>
        <extensions>
          <ns3:TrackPointExtension>
            <ns3:atemp>21.0</ns3:atemp>
            <ns3:hr>%d</ns3:hr>
            <ns3:cad>%d</ns3:cad>
          </ns3:TrackPointExtension>
        </extensions>
      </trkpt>
`, 48+float64(i)*2.7e-5, 11-float64(i)*1.3e-5, 500+float64(i%200)/5, 6+i/3600, i/60%60, i%60, 140+i%20, 84+i%5)
	}
	b.WriteString("    </trkseg>\n  </trk>\n</gpx>\n")
	return b.Bytes()
}

// The two belong together: the ratio of their times is what counts, 0.03 was the aim.
func BenchmarkDecodeGPX(b *testing.B) {
	data := benchGPX(3600)
	b.Run("gpxgo", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := gpx.ParseBytes(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("kneecheck", func(b *testing.B) {
		var buf buffers
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if a, p := decodeGPX(data, &buf); p != nil || a[0].Samples.Len() != 3600 {
				b.Fatal(p)
			}
		}
	})
}
