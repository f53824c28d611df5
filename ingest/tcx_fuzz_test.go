package ingest

import (
	"math"
	"testing"
)

// FuzzDecodeTCX: no input crashes the decoder, every activity keeps its promises, also once it is normalized, and where
// encoding/xml reads a document we read at least its points.
func FuzzDecodeTCX(f *testing.F) {
	for _, seed := range []string{
		pointsTCX(distances(0, 0, 30)),
		lapsTCX(withTrack(0, 20, 60, distances(0, 0, 30, 60)) + withTrack(20, 20, 60, distances(20, 0, 30)+"</Track><Track>"+distances(90, 30))),
		lapsTCX(lapTCX(0, totalsTCX(300, 1000)+`<Cadence>81</Cadence><Extensions><LX><AvgRunCadence>80</AvgRunCadence><Steps>400</Steps></LX></Extensions>`)),
		pointsTCX(`<Trackpoint><Time>2024-05-04T08:00:00.25+02:00</Time><Position><LatitudeDegrees>1</LatitudeDegrees><LongitudeDegrees>2</LongitudeDegrees></Position>` +
			`<AltitudeMeters>0</AltitudeMeters><HeartRateBpm><Value>1</Value></HeartRateBpm><Cadence>255</Cadence><Extensions><a:TPX><a:Speed>3</a:Speed><a:RunCadence/></a:TPX></Extensions></Trackpoint>`),
		databaseTCX(`<MultiSportSession><FirstSport><Activity Sport="Other"><Id>2024-05-04T06:00:00ZZ</Id><Notes>a &lt; b</Notes></Activity></FirstSport><NextSport><Transition/></NextSport></MultiSportSession>`),
		`<TrainingCenterDatabase><History><Running><Run><Lap StartTime="2024-05-04T06:00:00">` + totalsTCX(30, 90) + `</Lap></Run></Running></History></TrainingCenterDatabase>`,
		"  \xEF\xBB\xBF<!DOCTYPE a [<!ENTITY b \"c\">]><t:Activities><t:Activity><t:Track><t:Trackpoint><t:Time>&#50;024-05-04 06:00:00</t:Time></t:Trackpoint></t:Track></t:Activity></t:Activities>",
		encode16(pointsTCX(distances(0, 0)), false),
		`<TrainingCenterDatabase><Courses><Course><Track><Trackpoint/></Track></Course></Courses></TrainingCenterDatabase>`,
		pointsTCX(distances(0, 0, 30))[:333],
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var buf buffers
		activities, problem := decodeTCX(data, &buf)
		if len(activities) == 0 && problem == nil {
			t.Fatal("neither activity nor problem")
		}
		samples := 0
		for _, a := range activities {
			checkXMLActivity(t, a)
			if a.Format != TCX || a.Samples.Len() == 0 && !(a.Device.DistM > 0 || a.Device.MovingS > 0) {
				t.Errorf("not what TCX gives: %+v", a)
			}
			for _, v := range []float64{a.Device.DistM, a.Device.MovingS, a.Device.ElapsedS, a.Device.CadenceSPM} {
				if math.IsInf(v, 0) {
					t.Errorf("infinite totals: %+v", a.Device)
				}
			}
			samples += a.Samples.Len()
		}
		if problem != nil && problem.Kept != samples {
			t.Errorf("%d samples, %d said to be kept", samples, problem.Kept)
		}
		scanned := buf.scan.points.n
		buf.beginNormalize()
		for _, a := range activities {
			if p := normalize(a, "", &buf); p != nil && p.Kind != NoTime {
				t.Error(p)
			}
		}
		plain, err := readPlainTCX(data)
		if err != nil || sniff(data) != TCX || problem != nil && problem.Kind == TooLarge {
			return
		}
		want := 0
		for _, act := range plain {
			for _, lap := range act.Laps {
				want += len(lap.Points)
			}
		}
		if scanned < want {
			t.Errorf("%d points, encoding/xml has %d", scanned, want)
		}
	})
}
