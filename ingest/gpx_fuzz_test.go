package ingest

import (
	"testing"

	"github.com/tkrajina/gpxgo/gpx"
)

// FuzzDecodeGPX: no input crashes the decoder, every activity keeps its promises, and where plain gpxgo reads a document
// we read at least its points.
func FuzzDecodeGPX(f *testing.F) {
	for _, seed := range []string{
		trackGPX(timedPoints(2)),
		trackGPX(`<trkpt lat="1" lon='2'><ele>5</ele><time>2024-05-04T08:00:00.25+02:00</time><extensions><x:hr>1</x:hr><cad/></extensions></trkpt>`),
		`<gpx version="1.0"><name>n</name><bounds minlat="x"/><wpt lat="1" lon="1"/><rte><rtept/></rte><trk><number>a</number><trkseg><trkpt><speed>2</speed></trkpt></trkseg></trk></gpx>`,
		`<!DOCTYPE gpx [<!ENTITY a "<x>">]><gpx><!-- --><trk><name><![CDATA[ <trkpt> ]]></name><trkseg><trkpt lat="&#49;" lon="1"/></trkseg></trk></gpx>`,
		`<?xml version="1.0" encoding="windows-1252"?><g:gpx xmlns:g="u"><g:trk><g:trkseg><g:trkpt lat="1" lon="2"><g:time>2024-05-04 06:00:00</g:time></g:trkpt></g:trkseg></g:trk></g:gpx>`,
		encode16(trackGPX(timedPoints(1)), false),
		`<gpx><trk><trkseg><trkpt lat="1" lon="1"><trkpt lat="2" lon="2"/></trkpt></trkseg><trkpt lat="3"/></trk><trkpt/></gpx>`,
		trackGPX(timedPoints(2))[:250],
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var buf buffers
		activities, problem := decodeGPX(data, &buf)
		if len(activities) == 0 && problem == nil {
			t.Fatal("neither activity nor problem")
		}
		samples := 0
		for _, a := range activities {
			checkGPXActivity(t, a)
			samples += a.Samples.Len()
		}
		if problem != nil && problem.Kept != samples {
			t.Errorf("%d samples, %d said to be kept", samples, problem.Kept)
		}
		plain, err := gpx.ParseBytes(data)
		if err != nil {
			return
		}
		want := 0
		for _, track := range plain.Tracks {
			for _, segment := range track.Segments {
				want += len(segment.Points)
			}
		}
		if got := buf.scan.points.n; got < want {
			t.Errorf("%d points, gpxgo has %d", got, want)
		}
	})
}
