package ingest

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// nan and equalNaN make NaN comparable in tests.
var (
	nan      = math.NaN()
	equalNaN = cmpopts.EquateNaNs()
)

// trackGPX wraps points in a document with one track of one segment.
func trackGPX(points string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>Morning</name><type>running</type><trkseg>` + points + `</trkseg></trk></gpx>`
}

// timedPoints are n points, one a second.
func timedPoints(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<trkpt lat=\"48.%04d\" lon=\"11.5\"><time>2024-05-04T06:%02d:%02dZ</time></trkpt>\n", i, i/60, i%60)
	}
	return b.String()
}

// decodeOne decodes a document that must give one activity and no problem.
func decodeOne(t *testing.T, doc string) *Activity {
	t.Helper()
	var buf buffers
	activities, problem := decodeGPX([]byte(doc), &buf)
	if problem != nil || len(activities) != 1 {
		t.Fatalf("got %d activities, %v", len(activities), problem)
	}
	return activities[0]
}

func TestGPXActivity(t *testing.T) {
	got := decodeOne(t, `<?xml version="1.0" encoding="UTF-8"?>
<gpx creator="Watch with Barometer" version="1.1" xmlns:ns3="urn:tpx" xmlns="http://www.topografix.com/GPX/1/1">
 <metadata><name>All</name><time>2024-05-04T06:00:00Z</time></metadata>
 <wpt lat="1" lon="1"><time>2000-01-01T00:00:00Z</time></wpt>
 <trk><name> Morning
  hills </name><number>1</number><type>trail_running</type>
  <trkseg>
   <trkpt lat="48.1" lon="11.5"><ele>500.5</ele><time>2024-05-04T08:00:00.250+02:00</time>
    <extensions><ns3:TrackPointExtension><ns3:hr>140</ns3:hr><ns3:cad>83</ns3:cad></ns3:TrackPointExtension></extensions></trkpt>
   <trkpt lat="48.2" lon="11.6"><time>2024-05-04T08:00:01.250+02:00</time><extensions><speed>2.5</speed></extensions></trkpt>
  </trkseg>
  <trkseg>
   <trkpt lat="48.3" lon="11.7"><ele>510</ele><time>2024-05-04T08:01:00.250+02:00</time></trkpt>
  </trkseg>
 </trk>
</gpx>`)
	want := &Activity{
		Format: GPX, Sport: Running, Kind: Trail, Name: "Morning hills",
		Start:     time.Date(2024, 5, 4, 6, 0, 0, 250e6, time.UTC),
		Zone:      Zone{OffsetS: 7200, From: OffsetFile},
		Device:    Totals{nan, nan, nan, nan, nan, nan},
		Elevation: Barometer,
		Pauses:    []Interval{{1, 60}},
		Samples: Samples{
			T:      []float64{0, 1, 60},
			LatDeg: []float64{48.1, 48.2, 48.3}, LonDeg: []float64{11.5, 11.6, 11.7},
			ElevM:      []float64{500.5, nan, 510},
			SpeedMPS:   []float64{nan, 2.5, nan},
			CadenceSPM: []float64{83, nan, nan},
			HeartBPM:   []float64{140, nan, nan},
		},
	}
	if d := cmp.Diff(want, got, equalNaN); d != "" {
		t.Error(d)
	}
}

// Makers put heart rate and cadence in extensions of their own, some in two places at once.
func TestGPXSensors(t *testing.T) {
	for name, tc := range map[string]struct {
		point           string
		hr, cad, speedM float64
	}{
		"Garmin prefix":    {`<extensions><ns3:TrackPointExtension><ns3:hr>150</ns3:hr><ns3:cad>80</ns3:cad></ns3:TrackPointExtension></extensions>`, 150, 80, nan},
		"gpxtpx":           {`<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>150</gpxtpx:hr><gpxtpx:speed>3.1</gpxtpx:speed></gpxtpx:TrackPointExtension></extensions>`, 150, nan, 3.1},
		"gpxdata":          {`<extensions><gpxdata:hr>151</gpxdata:hr><gpxdata:cadence>81</gpxdata:cadence></extensions>`, 151, 81, nan},
		"bare":             {`<extensions><heartrate>152</heartrate><cadence>82.5</cadence></extensions>`, 152, 82.5, nan},
		"both at once":     {`<extensions><hr>150</hr><x:TrackPointExtension><x:hr>150</x:hr></x:TrackPointExtension></extensions>`, 150, nan, nan},
		"five deep":        {`<extensions><a><b><c><d><hr>99</hr></d></c></b></a></extensions>`, 99, nan, nan},
		"GPX 1.0 speed":    {`<speed>2.75</speed><course>12</course>`, nan, nan, 2.75},
		"zero is a value":  {`<extensions><cad>0</cad></extensions>`, nan, 0, nan},
		"empty elements":   {`<extensions><hr></hr><cad/><speed> </speed></extensions>`, nan, nan, nan},
		"no numbers":       {`<extensions><hr>--</hr><cad>NaN</cad><speed>Inf</speed></extensions>`, nan, nan, nan},
		"other names":      {`<extensions><maxhr>190</maxhr><hrzone>3</hrzone><avgspeed>3</avgspeed></extensions>`, nan, nan, nan},
		"comment inside":   {`<extensions><hr><!-- x -->1<!-- y -->50</hr></extensions>`, 150, nan, nan},
		"CDATA":            {`<extensions><hr><![CDATA[150]]></hr></extensions>`, 150, nan, nan},
		"attribute inside": {`<extensions><hr source='>"strap'>150</hr></extensions>`, 150, nan, nan},
		"character entity": {`<extensions><hr>&#49;50</hr></extensions>`, 150, nan, nan},
	} {
		t.Run(name, func(t *testing.T) {
			point := `<trkpt lat="1" lon="2"><time>2024-05-04T06:00:00Z</time>` + tc.point + `</trkpt>`
			s := decodeOne(t, trackGPX(point)).Samples
			got := [3]float64{value(s.HeartBPM), value(s.CadenceSPM), value(s.SpeedMPS)}
			if d := cmp.Diff([3]float64{tc.hr, tc.cad, tc.speedM}, got, equalNaN); d != "" {
				t.Error(d)
			}
		})
	}
}

// value is the only value of a column, NaN if it is nil.
func value(col []float64) float64 {
	if col == nil {
		return nan
	}
	return col[0]
}

// A missing coordinate must never become 0, which lies off Ghana.
func TestGPXPositions(t *testing.T) {
	for attrs, want := range map[string][2]float64{
		`lat="48.5" lon="11.5"`:           {48.5, 11.5},
		`lon='11.5'  lat = '48.5' `:       {48.5, 11.5},
		`lat="0" lon="0"`:                 {0, 0},
		`lat="-90" lon="180"`:             {-90, 180},
		`lat="60,1" lon="24,9"`:           {60.1, 24.9},
		`x:lat="48.5" x:lon="11.5"`:       {48.5, 11.5},
		`lat="48.5"`:                      {nan, nan},
		`lon="11.5"`:                      {nan, nan},
		``:                                {nan, nan},
		`lat="" lon=""`:                   {nan, nan},
		`lat="" lon="11.5"`:               {nan, nan},
		`lat="abc" lon="11.5"`:            {nan, nan},
		`lat="NaN" lon="11.5"`:            {nan, nan},
		`lat="48.5" lon="Inf"`:            {nan, nan},
		`lat="912" lon="11.5"`:            {nan, nan},
		`lat="48.5" lon="-180.0001"`:      {nan, nan},
		`lat="1e300" lon="1e-300"`:        {nan, nan},
		`latitude="48.5" longitude="1.5"`: {nan, nan},
	} {
		doc := trackGPX(`<trkpt ` + attrs + `><ele>5</ele><time>2024-05-04T06:00:00Z</time></trkpt>` + timedPoints(1))
		s := decodeOne(t, doc).Samples
		if got := [2]float64{s.LatDeg[0], s.LonDeg[0]}; !cmp.Equal(got, want, equalNaN) {
			t.Errorf("%s: got %v, want %v", attrs, got, want)
		}
		if s.Len() != 2 || s.LatDeg[1] != 48 || s.LonDeg[1] != 11.5 {
			t.Errorf("%s: the next point is lost: %+v", attrs, s)
		}
	}
}

func TestGPXWithoutPositionsHasNoPositionColumns(t *testing.T) {
	s := decodeOne(t, trackGPX(`<trkpt lat="" lon="3"><time>2024-05-04T06:00:00Z</time></trkpt>`)).Samples
	if s.LatDeg != nil || s.LonDeg != nil || s.Len() != 1 {
		t.Errorf("got %+v", s)
	}
}

func TestGPXZone(t *testing.T) {
	for name, tc := range map[string]struct {
		times []string
		want  Zone
		notes int
	}{
		"Z":                   {[]string{"2024-05-04T06:00:00Z"}, Zone{}, 0},
		"zero is UTC":         {[]string{"2024-05-04T06:00:00+00:00"}, Zone{}, 0},
		"offset":              {[]string{"2024-05-04T06:00:00+05:45"}, Zone{20700, OffsetFile}, 0},
		"offset and fraction": {[]string{"2024-05-04T06:00:00.5-08:00"}, Zone{-28800, OffsetFile}, 0},
		"first offset counts": {[]string{"2024-05-04T06:00:00Z", "2024-05-04T08:00:01+02:00", "2024-05-04T09:00:02+03:00"}, Zone{7200, OffsetFile}, 0},
		"no zone":             {[]string{"2024-05-04T06:00:00"}, Zone{}, 1},
		"impossible offset":   {[]string{"2024-05-04T06:00:00+23:00"}, Zone{}, 0},
	} {
		points := ""
		for _, s := range tc.times {
			points += `<trkpt lat="1" lon="2"><time>` + s + `</time></trkpt>`
		}
		a := decodeOne(t, trackGPX(points))
		if a.Zone != tc.want || len(a.Notes) != tc.notes {
			t.Errorf("%s: got %+v, notes %q", name, a.Zone, a.Notes)
		}
	}
}

// The zone belongs to the track, not to the file.
func TestGPXZoneOfEachTrack(t *testing.T) {
	doc := `<gpx>`
	for _, zone := range []string{"Z", "+02:00", "Z", "", "-03:00"} {
		doc += `<trk><trkseg><trkpt lat="1" lon="2"><time>2024-05-04T06:00:00` + zone + `</time></trkpt></trkseg></trk>`
	}
	var buf buffers
	activities, problem := decodeGPX([]byte(doc+`</gpx>`), &buf)
	var got []int
	for _, a := range activities {
		got = append(got, a.Zone.OffsetS)
	}
	if d := cmp.Diff([]int{0, 7200, 0, 0, -10800}, got); d != "" || problem != nil {
		t.Error(d, problem)
	}
	if len(activities[3].Notes) != 1 || len(activities[4].Notes) != 0 {
		t.Errorf("notes %q and %q", activities[3].Notes, activities[4].Notes)
	}
}

// Each of these costs gpxgo the whole file or a value.
func TestGPXSurvives(t *testing.T) {
	points := timedPoints(3)
	plain := trackGPX(points)
	for name, doc := range map[string]string{
		"byte order mark":        "\ufeff" + plain,
		"leading blanks":         "          \n" + plain,
		"no declaration":         plain[strings.Index(plain, "<gpx"):],
		"XML 1.1":                strings.Replace(plain, `version="1.0"`, `version="1.1"`, 1),
		"no version":             strings.Replace(plain, ` version="1.1"`, ``, 1),
		"prefix for GPX":         strings.NewReplacer("<gpx", `<g:gpx xmlns:g="urn:g"`, "</", "</g:", "<t", "<g:t", "<name", "<g:name").Replace(plain),
		"undeclared prefix":      strings.Replace(plain, "</trkpt>", "<extensions><u:x>1</u:x></extensions></trkpt>", 1),
		"wrong number":           strings.Replace(plain, "<trkseg>", "<number>abc</number><trkseg>", 1),
		"wrong bounds":           strings.Replace(plain, "<trk>", `<bounds minlat="x" minlon="" maxlat="3"/><trk>`, 1),
		"wrong sat":              strings.Replace(plain, "</trkpt>", "<sat>7.5</sat><hdop>-</hdop></trkpt>", 1),
		"bare ampersand":         strings.Replace(plain, "</trkpt>", "<name>A & B</name></trkpt>", 1),
		"bare ampersand in name": strings.Replace(plain, "<name>", "<name>A & B ", 1),
		"HTML entity":            strings.Replace(plain, "<name>", "<name>A&nbsp;B ", 1),
		"control character":      strings.Replace(plain, "</trkpt>", "<cmt>\x01\x1f</cmt></trkpt>", 1),
		"control in name":        strings.Replace(plain, "<name>", "<name>\x01\x00\x1b", 1),
		"illegal reference":      strings.Replace(plain, "<name>", "<name>&#11;&#x1F;&#xFFFE;", 1),
		"Latin-1 as UTF-8":       strings.Replace(plain, "<name>", "<name>M\xfcnchen ", 1),
		"UTF-16 as bytes":        strings.Replace(plain, "UTF-8", "UTF-16", 1),
		"unknown encoding":       strings.Replace(plain, "UTF-8", "x-nonsense", 1),
		"comment between points": strings.ReplaceAll(plain, "</trkpt>", "</trkpt><!-- <trkpt> -->"),
		"comment in a point":     strings.ReplaceAll(plain, "<time>", "<!-- </trkpt> --><time>"),
		"CDATA with tags":        strings.Replace(plain, "<name>", "<name><![CDATA[</trk><trkpt lat='1'>]]> ", 1),
		"processing instruction": strings.ReplaceAll(plain, "<time>", "<?php echo '</trkpt>' ?><time>"),
		"DOCTYPE":                strings.Replace(plain, "<gpx", `<!DOCTYPE gpx SYSTEM "gpx.dtd" [ <!ENTITY e "<trkpt lat='1'>"> <!-- it's ]> --> ]><gpx`, 1),
		"other root text":        strings.Replace(plain, "</gpx>", "stray text</gpx>", 1),
		"text behind the end":    plain + "\x00\x00garbage </x>",
		"points in extensions":   strings.Replace(plain, "<trkseg>", "<extensions><trkpt lat='1' lon='1'/></extensions><trkseg>", 1),
		"attribute unquoted":     strings.Replace(plain, "<name>", "<name lang=x>", 1),
		"UTF-16LE":               encode16(plain, false),
		"UTF-16BE":               encode16(plain, true),
	} {
		t.Run(name, func(t *testing.T) {
			a := decodeOne(t, doc)
			if !strings.HasSuffix(a.Name, "Morning") || a.Sport != Running || !cmp.Equal(a.Samples.T, []float64{0, 1, 2}) ||
				!cmp.Equal(a.Samples.LatDeg, []float64{48, 48.0001, 48.0002}) {
				t.Errorf("got %+v", a)
			}
		})
	}
}

// encode16 writes a text in UTF-16 with a byte order mark.
func encode16(text string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(text))...) {
		hi, lo := byte(u>>8), byte(u)
		if !bigEndian {
			hi, lo = lo, hi
		}
		b.WriteByte(hi)
		b.WriteByte(lo)
	}
	return b.String()
}

func TestGPXNames(t *testing.T) {
	for name, tc := range map[string]struct{ doc, want string }{
		"UTF-8":                {`<gpx><trk><name>Zürich 朝ラン</name>`, "Zürich 朝ラン"},
		"Latin-1 labelled":     {"<?xml version='1.0' encoding='ISO-8859-1'?><gpx><trk><name>Z\xfcrich</name>", "Zürich"},
		"windows-1252":         {"<?xml version='1.0' encoding='windows-1252'?><gpx><trk><name>5 \x80</name>", "5 €"},
		"Latin-1 as UTF-8":     {"<?xml version='1.0' encoding='UTF-8'?><gpx><trk><name>Z\xfcrich</name>", "Zürich"},
		"UTF-16":               {encode16("<?xml version='1.0' encoding='UTF-16'?><gpx><trk><name>Zürich 🏃</name>", false), "Zürich 🏃"},
		"CDATA":                {`<gpx><trk><name><![CDATA[A <b> & C]]></name>`, "A <b> & C"},
		"entities":             {`<gpx><trk><name>A &amp; B &lt;3 &#252;</name>`, "A & B <3 ü"},
		"comment":              {`<gpx><trk><name>A<!-- x -->B</name>`, "AB"},
		"Japanese escapes":     {"<?xml version='1.0' encoding='iso-2022-jp'?><gpx><trk><name>\x1b$B%i%s<\"\x1b(B</name>", "ラン滋"},
		"from metadata":        {`<gpx version="1.1"><metadata><name>All</name></metadata><trk>`, "All"},
		"GPX 1.0 from the top": {`<gpx version="1.0"><name>Top</name><trk>`, "Top"},
		"track before":         {`<gpx version="1.1"><metadata><name>All</name></metadata><trk><name>One</name>`, "One"},
		"none":                 {`<gpx><trk>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			end := `<trkseg>` + timedPoints(1) + `</trkseg></trk></gpx>`
			if strings.HasPrefix(tc.doc, "\xff\xfe") {
				end = encode16(end, false)[2:]
			}
			if got := decodeOne(t, tc.doc+end).Name; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGPXTracksAndSegments(t *testing.T) {
	point := func(clock string) string {
		return `<trkpt lat="1" lon="2"><time>2024-05-04T` + clock + `Z</time></trkpt>`
	}
	doc := `<gpx><trk><name>A</name>
 <trkseg>` + point("06:00:00") + point("06:00:10") + `</trkseg>
 <trkseg></trkseg><trkseg/>
 <trkseg>` + point("06:05:00") + `</trkseg>
 <trkseg>` + point("06:04:00") + `</trkseg></trk>
<trk><name>empty</name><trkseg/></trk>
<trk><name>B</name><trkseg>` + point("09:00:00") + `<!-- x -->` + point("09:00:01") + `<extensions><a/></extensions>` + point("09:00:02") + `</trkseg></trk></gpx>`
	var buf buffers
	activities, problem := decodeGPX([]byte(doc), &buf)
	if problem != nil || len(activities) != 2 {
		t.Fatalf("got %d activities, %v", len(activities), problem)
	}
	a, b := activities[0], activities[1]
	if a.Name != "A" || !cmp.Equal(a.Samples.T, []float64{0, 10, 300, 240}) || !cmp.Equal(a.Pauses, []Interval{{10, 300}}) {
		t.Errorf("first: %+v", a)
	}
	if b.Name != "B" || b.Start.Hour() != 9 || !cmp.Equal(b.Samples.T, []float64{0, 1, 2}) || b.Pauses != nil {
		t.Errorf("second: %+v", b)
	}
	// What is appended to one activity must not reach into the next.
	_ = append(a.Samples.T, 99)
	if b.Samples.T[0] != 0 {
		t.Error("the columns of two activities overlap")
	}
}

func TestGPXColumnsAreForgottenBetweenFiles(t *testing.T) {
	var buf buffers
	full := trackGPX(`<trkpt lat="1" lon="2"><ele>5</ele><time>2024-05-04T06:00:00+02:00</time><extensions><hr>1</hr></extensions></trkpt>`)
	bare := trackGPX(`<trkpt><time>2024-05-04T06:00:00Z</time></trkpt>`)
	first, _ := decodeGPX([]byte(bare), &buf)
	decodeGPX([]byte(full), &buf)
	again, _ := decodeGPX([]byte(bare), &buf)
	if d := cmp.Diff(first, again, equalNaN); d != "" {
		t.Error(d)
	}
}
