package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// databaseTCX wraps activities in a document.
func databaseTCX(activities string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities>
` + activities + `</Activities></TrainingCenterDatabase>`
}

// lapsTCX wraps laps in a document with one run.
func lapsTCX(laps string) string {
	return databaseTCX(`<Activity Sport="Running"><Id>2024-05-04T06:00:00Z</Id>` + laps + `</Activity>`)
}

// pointsTCX wraps points in a document with one run of one lap that has no totals.
func pointsTCX(points string) string {
	return lapsTCX(`<Lap StartTime="2024-05-04T06:00:00Z"><Track>` + points + `</Track></Lap>`)
}

// pointTCX is a point some seconds after 06:00:00 with a part of its content.
func pointTCX(s int, content string) string {
	return fmt.Sprintf("<Trackpoint><Time>2024-05-04T06:%02d:%02dZ</Time>%s</Trackpoint>\n", s/60, s%60, content)
}

// distances are points ten seconds apart from a second on, with distances.
func distances(s int, metres ...float64) string {
	var b strings.Builder
	for i, m := range metres {
		b.WriteString(pointTCX(s+10*i, fmt.Sprintf("<DistanceMeters>%g</DistanceMeters>", m)))
	}
	return b.String()
}

// lapTCX is a lap that begins some seconds after 06:00:00.
func lapTCX(s int, content string) string {
	return fmt.Sprintf(`<Lap StartTime="2024-05-04T06:%02d:%02dZ">%s</Lap>`, s/60, s%60, content)
}

// totalsTCX are the totals of a lap.
func totalsTCX(timerS, distM float64) string {
	return fmt.Sprintf("<TotalTimeSeconds>%g</TotalTimeSeconds><DistanceMeters>%g</DistanceMeters>", timerS, distM)
}

// oneTCX decodes a document that must give one activity and no problem.
func oneTCX(t *testing.T, doc string) *Activity {
	t.Helper()
	var buf buffers
	activities, problem := decodeTCX([]byte(doc), &buf)
	if problem != nil || len(activities) != 1 {
		t.Fatalf("got %d activities, %v", len(activities), problem)
	}
	return activities[0]
}

func TestTCXActivity(t *testing.T) {
	got := oneTCX(t, databaseTCX(`
<Activity Sport="Running">
 <Id>2024-05-04T08:00:00.000+02:00</Id>
 <Lap StartTime="2024-05-04T08:00:00.000+02:00">
  <TotalTimeSeconds>300.0</TotalTimeSeconds><DistanceMeters>1000.5</DistanceMeters><MaximumSpeed>4.1</MaximumSpeed><Calories>70</Calories>
  <AverageHeartRateBpm><Value>140</Value></AverageHeartRateBpm><Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>
  <Track>
   <Trackpoint>
    <Time>2024-05-04T08:00:01.250+02:00</Time>
    <Position><LatitudeDegrees>48.1</LatitudeDegrees><LongitudeDegrees>11.5</LongitudeDegrees></Position>
    <AltitudeMeters>500.5</AltitudeMeters><DistanceMeters>2.5</DistanceMeters>
    <HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>130</Value></HeartRateBpm><SensorState>Present</SensorState>
    <Extensions><ns3:TPX CadenceSensor="Footpod"><ns3:Speed>3.25</ns3:Speed><ns3:RunCadence>83</ns3:RunCadence><ns3:Watts>250</ns3:Watts></ns3:TPX></Extensions>
   </Trackpoint>
   <Trackpoint><Time>2024-05-04T08:05:00.000+02:00</Time><DistanceMeters>1000.5</DistanceMeters></Trackpoint>
  </Track>
  <Extensions><ns3:LX><ns3:AvgSpeed>3.3</ns3:AvgSpeed><ns3:AvgRunCadence>82</ns3:AvgRunCadence><ns3:MaxRunCadence>95</ns3:MaxRunCadence></ns3:LX></Extensions>
 </Lap>
 <Lap StartTime="2024-05-04T08:06:00.000+02:00">
  <TotalTimeSeconds>600</TotalTimeSeconds><DistanceMeters>2000</DistanceMeters>
  <Track>
   <Trackpoint>
    <Time>2024-05-04T08:06:00.000+02:00</Time>
    <Position><LatitudeDegrees>48.2</LatitudeDegrees><LongitudeDegrees>11.6</LongitudeDegrees></Position>
    <DistanceMeters>1001</DistanceMeters>
   </Trackpoint>
  </Track>
  <Extensions><ns3:LX><ns3:AvgRunCadence>85</ns3:AvgRunCadence></ns3:LX></Extensions>
 </Lap>
 <Training VirtualPartner="false"><Plan Type="Workout" IntervalWorkout="false"><Name>Easy 3</Name></Plan></Training>
 <Creator xsi:type="Device_t"><Name>Forerunner 965</Name><UnitId>1</UnitId></Creator>
</Activity>
`))
	want := &Activity{
		Format: TCX, Sport: Running, Kind: Unspecified, Name: "Easy 3",
		Start:     time.Date(2024, 5, 4, 6, 0, 0, 0, time.UTC),
		Zone:      Zone{OffsetS: 7200, From: OffsetFile},
		Device:    Totals{DistM: 3000.5, MovingS: 900, ElapsedS: nan, CadenceSPM: 168, AscentM: nan, DescentM: nan},
		Elevation: ElevUnknown,
		Pauses:    []Interval{{300, 360}},
		Samples: Samples{
			T:      []float64{1.25, 300, 360},
			LatDeg: []float64{48.1, nan, 48.2}, LonDeg: []float64{11.5, nan, 11.6},
			ElevM:      []float64{500.5, nan, nan},
			DistM:      []float64{2.5, 1000.5, 1001},
			SpeedMPS:   []float64{3.25, nan, nan},
			CadenceSPM: []float64{83, nan, nan},
			HeartBPM:   []float64{130, nan, nan},
		},
	}
	if d := cmp.Diff(want, got, equalNaN); d != "" {
		t.Error(d)
	}
}

// Every maker has its way of writing a point.
func TestTCXPoints(t *testing.T) {
	for name, tc := range map[string]struct {
		content                         string
		lat, elev, dist, hr, cad, speed float64
	}{
		"nothing but a time":     {"", nan, nan, nan, nan, nan, nan},
		"any prefix":             {`<Extensions><x:TPX><x:RunCadence>81</x:RunCadence><x:Speed>3</x:Speed></x:TPX></Extensions>`, nan, nan, nan, nan, 81, 3},
		"default name space":     {`<Extensions><TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><RunCadence>81</RunCadence></TPX></Extensions>`, nan, nan, nan, nan, 81, nan},
		"mixed prefixes, TomTom": {`<Extensions><x:TPX><Speed>3.1</Speed></x:TPX></Extensions>`, nan, nan, nan, nan, nan, 3.1},
		"Cadence in the point":   {`<Cadence>160</Cadence>`, nan, nan, nan, nan, 160, nan},
		"both cadences":          {`<Cadence>90</Cadence><Extensions><ns3:TPX><ns3:RunCadence>81</ns3:RunCadence></ns3:TPX></Extensions>`, nan, nan, nan, nan, 81, nan},
		"cadence 0 is a value":   {`<Cadence>0</Cadence>`, nan, nan, nan, nan, 0, nan},
		"cadence 255 is none":    {`<Cadence>255</Cadence>`, nan, nan, nan, nan, nan, nan},
		"cadence with fraction":  {`<Cadence>81.5</Cadence>`, nan, nan, nan, nan, 81.5, nan},
		"heart rate alone, v1":   {`<HeartRateBpm>150</HeartRateBpm>`, nan, nan, nan, 150, nan, nan},
		"heart rate with type":   {`<HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>151</Value></HeartRateBpm>`, nan, nan, nan, 151, nan, nan},
		"a Value elsewhere":      {`<Extensions><x:Y><x:Z><Value>7</Value></x:Z></x:Y></Extensions>`, nan, nan, nan, nan, nan, nan},
		"a distance elsewhere":   {`<DistanceMeters>5</DistanceMeters><Extensions><x:Y><DistanceMeters>7</DistanceMeters></x:Y></Extensions>`, nan, nan, 5, nan, nan, nan},
		"empty position, RunnerUp": {`<Position><LatitudeDegrees></LatitudeDegrees><LongitudeDegrees></LongitudeDegrees></Position><AltitudeMeters/>`,
			nan, nan, nan, nan, nan, nan},
		"half a position":   {`<Position><LatitudeDegrees>48</LatitudeDegrees></Position><AltitudeMeters>3</AltitudeMeters>`, nan, 3, nan, nan, nan, nan},
		"decimal commas":    {`<Position><LatitudeDegrees>48,5</LatitudeDegrees><LongitudeDegrees>11,5</LongitudeDegrees></Position>`, 48.5, nan, nan, nan, nan, nan},
		"no numbers":        {`<AltitudeMeters>NaN</AltitudeMeters><DistanceMeters>Infinity</DistanceMeters><Cadence>--</Cadence>`, nan, nan, nan, nan, nan, nan},
		"scientific number": {`<AltitudeMeters>1.5E2</AltitudeMeters><DistanceMeters>0.0E0</DistanceMeters>`, nan, 150, 0, nan, nan, nan},
		"blanks, comments, CDATA": {"<AltitudeMeters>\n 3\t</AltitudeMeters><!-- <Cadence>1</Cadence> --><HeartRateBpm><Value><![CDATA[150]]></Value></HeartRateBpm>",
			nan, 3, nan, 150, nan, nan},
	} {
		t.Run(name, func(t *testing.T) {
			s := oneTCX(t, pointsTCX(pointTCX(0, tc.content))).Samples
			got := [6]float64{value(s.LatDeg), value(s.ElevM), value(s.DistM), value(s.HeartBPM), value(s.CadenceSPM), value(s.SpeedMPS)}
			want := [6]float64{tc.lat, tc.elev, tc.dist, tc.hr, tc.cad, tc.speed}
			if d := cmp.Diff(want, got, equalNaN); d != "" {
				t.Error(d)
			}
		})
	}
}

// Times come with every kind of zone and none, and the Id may say more than the points.
func TestTCXTimes(t *testing.T) {
	file := func(offsetS int) Zone { return Zone{OffsetS: offsetS, From: OffsetFile} }
	for name, tc := range map[string]struct {
		id, start, point string
		want             string
		firstS           float64
		zone             Zone
		note             string
	}{
		"UTC":                  {"2024-05-04T06:00:00Z", "", "2024-05-04T06:00:00Z", "06:00:00", 0, Zone{}, ""},
		"fraction":             {"2024-05-04T06:00:00.000Z", "", "2024-05-04T06:00:00.500Z", "06:00:00", 0.5, Zone{}, ""},
		"ZZ":                   {"2024-05-04T06:00:00ZZ", "", "2024-05-04T06:00:00ZZ", "06:00:00", 0, Zone{}, ""},
		"offset":               {"2024-05-04T08:00:00+02:00", "", "2024-05-04T08:00:00+02:00", "06:00:00", 0, file(7200), ""},
		"offset in the Id":     {"2024-05-04T08:00:00+02:00", "", "2024-05-04T06:00:01Z", "06:00:00", 1, file(7200), ""},
		"offset in the lap":    {"x", "2024-05-04T08:00:00+02:00", "2024-05-04T06:00:01Z", "06:00:00", 1, file(7200), ""},
		"no zone":              {"2024-05-04T06:00:00", "", "2024-05-04T06:00:00", "06:00:00", 0, Zone{}, noteNoZone},
		"Id a second late":     {"2024-05-04T06:00:01Z", "", "2024-05-04T06:00:00Z", "06:00:00", 0, Zone{}, ""},
		"Id of another day":    {"2024-05-03T06:00:00+02:00", "", "2024-05-04T06:00:00Z", "06:00:00", 0, Zone{}, ""},
		"Id in local time":     {"2024-05-04T08:00:00Z", "", "2024-05-04T06:00:00Z", "06:00:00", 0, Zone{}, ""},
		"no Id":                {"", "", "2024-05-04T06:00:00Z", "06:00:00", 0, Zone{}, ""},
		"Id is no time":        {"run-17", "2024-05-04T05:59:58Z", "2024-05-04T06:00:00Z", "05:59:58", 2, Zone{}, ""},
		"offset of no country": {"2024-05-04T06:00:00Z", "", "2024-05-04T23:00:00+17:00", "06:00:00", 0, Zone{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := oneTCX(t, databaseTCX(`<Activity Sport="Running"><Id>`+tc.id+`</Id><Lap StartTime="`+tc.start+`"><Track><Trackpoint><Time>`+
				tc.point+`</Time></Trackpoint></Track></Lap></Activity>`))
			if got := a.Start.Format("15:04:05"); got != tc.want || a.Samples.T[0] != tc.firstS || a.Start.Location() != time.UTC {
				t.Errorf("starts at %s, first point after %v s", a.Start, a.Samples.T[0])
			}
			if a.Zone != tc.zone {
				t.Errorf("zone %+v, want %+v", a.Zone, tc.zone)
			}
			if got := strings.Join(a.Notes, "; "); got != tc.note {
				t.Errorf("notes %q, want %q", got, tc.note)
			}
		})
	}
}

// What stands before the root element and how the text is encoded change nothing.
func TestTCXEncodings(t *testing.T) {
	doc := pointsTCX(distances(0, 0, 30))
	for name, text := range map[string]string{
		"plain":                doc,
		"blanks, Strava":       strings.Repeat(" ", 10) + doc,
		"lines":                "\r\n\n" + doc,
		"byte order mark":      "\uFEFF" + doc,
		"mark and blanks":      "\uFEFF  \n" + doc,
		"zeros":                "\x00\x00" + doc,
		"UTF-16 little endian": encode16(doc, false),
		"UTF-16 big endian":    encode16(doc, true),
		"no declaration":       doc[strings.Index(doc, "<Training"):],
		"Latin-1":              strings.Replace(doc, "UTF-8", "ISO-8859-1", 1),
		"unknown encoding":     strings.Replace(doc, "UTF-8", "martian", 1),
		"prefix on all":        strings.NewReplacer("</", "</t:", "<", "<t:").Replace(doc[strings.Index(doc, "<Training"):]),
		"root lost":            `<?xml version="1.0"?>` + doc[strings.Index(doc, "<Activities"):strings.Index(doc, "</Training")],
		"blanks behind":        doc + "\n\n  \x00\x00",
		"doctype":              `<!DOCTYPE TrainingCenterDatabase [<!ENTITY a "b">]>` + doc[strings.Index(doc, "<Training"):],
		"comment first":        "<!-- exported by hand -->" + doc[strings.Index(doc, "<Training"):],
	} {
		t.Run(name, func(t *testing.T) {
			if got := sniff([]byte(text)); got != TCX {
				t.Errorf("taken for %q", got)
			}
			a := oneTCX(t, text)
			if d := cmp.Diff([]float64{0, 30}, a.Samples.DistM); d != "" || a.Sport != Running {
				t.Errorf("%s %s", a.Sport, d)
			}
		})
	}
}

// A file may hold several activities, those of a multisport session, and folders of version 1.
func TestTCXSeveralActivities(t *testing.T) {
	leg := func(sport string, s int) string {
		return fmt.Sprintf(`<Activity Sport=%q><Id>2024-05-04T06:00:00Z</Id>`, sport) + lapTCX(s, totalsTCX(20, 60)+`<Track>`+distances(s, 0, 60)+`</Track>`) + `</Activity>`
	}
	run := func(s int) string {
		return `<Run><Id>2024-05-04T06:00:00Z</Id>` + lapTCX(s, totalsTCX(20, 60)+`<Track>`+distances(s, 0, 60)+`</Track>`) + `</Run>`
	}
	for name, tc := range map[string]struct {
		doc  string
		want []Sport
	}{
		"two": {databaseTCX(leg("Running", 0) + leg("Biking", 60)), []Sport{Running, Cycling}},
		"multisport": {databaseTCX(`<MultiSportSession><Id>2024-05-04T06:00:00Z</Id><FirstSport>` + leg("Biking", 0) + `</FirstSport><NextSport><Transition StartTime="2024-05-04T06:00:20Z">` +
			totalsTCX(30, 100) + `<Track>` + distances(25, 0, 9) + `</Track></Transition>` + leg("Running", 60) + `</NextSport></MultiSportSession>` + leg("Other", 300)),
			[]Sport{Cycling, Running, UnknownSport}},
		"beside a course": {strings.Replace(databaseTCX(leg("Running", 0)), "</Activities>",
			`</Activities><Courses><Course><Name>C</Name><Track>`+distances(0, 0, 5)+`</Track></Course></Courses>`, 1), []Sport{Running}},
		"version 1": {`<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v1"><History><Running Name="Running">` + run(0) +
			`<Folder Name="Week"><Notes>n</Notes>` + run(60) + `</Folder></Running><Biking Name="Biking">` + run(120) + `</Biking><Other Name="Other"/><MultiSport Name="MultiSport"/></History></TrainingCenterDatabase>`,
			[]Sport{Running, Running, Cycling}},
	} {
		t.Run(name, func(t *testing.T) {
			var buf buffers
			activities, problem := decodeTCX([]byte(tc.doc), &buf)
			if problem != nil {
				t.Fatal(problem)
			}
			var got []Sport
			for _, a := range activities {
				got = append(got, a.Sport)
				if d := cmp.Diff([]float64{0, 60}, a.Samples.DistM); d != "" || a.Device.DistM != 60 {
					t.Errorf("%s: %v m, %s", a.Sport, a.Device.DistM, d)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTCXSport(t *testing.T) {
	type result struct {
		Sport Sport
		Kind  Kind
	}
	for _, tc := range []struct {
		sport, notes, creator, author string
		want                          result
	}{
		{"Running", "", "", "", result{Running, Unspecified}},
		{"Biking", "", "", "", result{Cycling, Unspecified}},
		{"Running", "", "Forerunner 620", "Connect Api", result{Running, Unspecified}},
		{"Running", "Treadmill", "", "", result{Running, Treadmill}},
		{"Running", "trail run", "", "", result{Running, Trail}},
		{"Running", "Biking to work was wet, so I ran", "", "", result{Running, Unspecified}},
		{"Running", "", "Wahoo Treadmill", "", result{Running, Treadmill}},
		{"Trail Running", "", "", "", result{Running, Trail}},
		{"run", "", "", "", result{Running, Unspecified}},
		{"Walking", "", "", "", result{Walking, Unspecified}},
		{"Swimming", "", "", "", result{OtherSport, Unspecified}},
		// What Strava and others write for anything.
		{"Other", "", "", "", result{UnknownSport, Unspecified}},
		{"", "", "", "", result{UnknownSport, Unspecified}},
		{"Other", "Running", "", "", result{Running, Unspecified}},
		{"Other", "Morning walk", "", "", result{Walking, Unspecified}},
		{"Other", "Took the car and then ran a bit with the dog", "", "", result{UnknownSport, Unspecified}},
		{"Other", "", "Garmin Edge 530", "", result{Cycling, Unspecified}},
		{"Other", "", "RunnerUp", "", result{UnknownSport, Unspecified}},
		{"Other", "", "Forerunner 235", "", result{UnknownSport, Unspecified}},
		// Garmin Connect names every run Running, and skiing at a runner's speed Other.
		{"Other", "", "vívoactive HR", "Connect Api", result{OtherSport, Unspecified}},
		{"Other", "Running", "", "Connect Api", result{Running, Unspecified}},
	} {
		a := oneTCX(t, strings.Replace(databaseTCX(`<Activity Sport="`+tc.sport+`"><Id>2024-05-04T06:00:00Z</Id>`+lapTCX(0, `<Notes>Biking</Notes><Track>`+distances(0, 0, 5)+`</Track>`)+
			`<Notes>`+tc.notes+`</Notes><Creator><Name>`+tc.creator+`</Name></Creator></Activity>`), "</Activities>", `</Activities><Author><Name>`+tc.author+`</Name></Author>`, 1))
		if got := (result{a.Sport, a.Kind}); got != tc.want {
			t.Errorf("%+v: got %+v", tc, got)
		}
	}
}
