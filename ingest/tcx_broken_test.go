package ingest

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTCXProblems(t *testing.T) {
	three := distances(0, 0, 30, 60)
	untimed := `<Trackpoint><DistanceMeters>1</DistanceMeters></Trackpoint><Trackpoint><Time></Time></Trackpoint>`
	whole := pointsTCX(three)
	for name, tc := range map[string]brokenXML{
		"empty":         {"", Corrupt, 0, "no TCX document"},
		"not XML":       {"\x0e\x10\xd9\x07.FIT", Corrupt, 0, "no TCX document"},
		"other root":    {"<kml><Activity/></kml>", Corrupt, 0, "no TCX document"},
		"nothing":       {"<TrainingCenterDatabase/>", NotActivity, 0, "no recorded activity"},
		"no activities": {databaseTCX(""), NotActivity, 0, "no recorded activity"},
		"course": {`<TrainingCenterDatabase><Courses><Course><Name>C</Name><Lap><TotalTimeSeconds>100</TotalTimeSeconds><DistanceMeters>5</DistanceMeters></Lap><Track>` + three +
			`</Track></Course></Courses></TrainingCenterDatabase>`, NotActivity, 0, "courses"},
		"workout": {`<TrainingCenterDatabase><Workouts><Workout Sport="Running"><Name>W</Name><Step><StepId>1</StepId></Step></Workout></Workouts></TrainingCenterDatabase>`,
			NotActivity, 0, "workouts"},
		"empty activity":                {databaseTCX(`<Activity Sport="Running"/>`), NotActivity, 0, "no recorded activity"},
		"activity without figures":      {lapsTCX(lapTCX(0, totalsTCX(0, 0)+"<Track/>")), NotActivity, 0, "no recorded activity"},
		"points outside activities":     {databaseTCX(three), NotActivity, 0, "no recorded activity"},
		"no times":                      {pointsTCX(untimed), NoTime, 0, "1 of 1"},
		"one activity of two has times": {strings.Replace(whole, "<Activities>", `<Activities><Activity><Lap><Track>`+untimed+`</Track></Lap></Activity>`, 1), NoTime, 3, "1 of 2"},
		"cut in a point":                {whole[:strings.LastIndex(whole, "</DistanceMeters>")], Truncated, 2, "breaks off in line 5; what came before is kept (2 points)"},
		"cut behind the points":         {whole[:strings.Index(whole, "</Lap>")], Truncated, 3, "what came before is kept (3 points)"},
		"cut before the points":         {whole[:strings.Index(whole, "<Trackpoint>")], Truncated, 0, "before the first point"},
		"cut in the lap's totals":       {lapsTCX(lapTCX(0, totalsTCX(300, 1000)) + lapTCX(300, totalsTCX(30, 100)))[:420], Truncated, 0, "what the laps say is kept"},
		"cut in the root":               {`<TrainingCenterDatabase xmlns="http://www`, Corrupt, 0, "no TCX document"},
		"cut, no times":                 {strings.TrimSuffix(pointsTCX(untimed), "</TrainingCenterDatabase>"), NoTime, 0, "no times"},
		"wrong end tag in a point":      {pointsTCX(three + `<Trackpoint><Time>x</DistanceMeters></Trackpoint>` + three), Corrupt, 3, "damaged in line 6"},
		"wrong end tag outside":         {pointsTCX(three + `</Lap>` + three), Corrupt, 3, "damaged in line 6"},
		"bytes overwritten":             {pointsTCX(three + "<Trackpoint><Ti\x00\x00<<<\x00" + three), Corrupt, 3, "damaged"},
		"no name for XML":               {lapsTCX(withTrack(0, 20, 60, three) + `<1:Lap><Track>` + three + `</Track></1:Lap>`), Corrupt, 3, "damaged in line 6"},
		"two documents":                 {whole + whole, Corrupt, 3, "second TCX document"},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, decodeTCX) })
	}
}

// Cut anywhere, a file gives exactly the points that end before the cut, and the totals of the laps before.
func TestTCXCutAnywhere(t *testing.T) {
	doc := `<?xml version="1.0"?><!-- c --><TrainingCenterDatabase xmlns="u"><Activities><Activity Sport="Running"><Id>2024-05-04T06:00:00Z</Id>` +
		withTrack(0, 20, 60, distances(0, 0, 30)+"</Track><Track>"+distances(30, 60)) + withTrack(40, 10, 30, distances(40, 90)) + `<Notes>a &amp; <![CDATA[b]]></Notes></Activity>` +
		`<Activity Sport="Biking"><Id/><Lap StartTime="2024-05-04T07:00:00Z"><Track>` + distances(600, 0, 80) + `</Track></Lap></Activity></Activities></TrainingCenterDatabase>`
	var buf buffers
	for cut := range len(doc) {
		activities, p := decodeTCX([]byte(doc[:cut]), &buf)
		got, dist := 0, math.NaN()
		for i, a := range activities {
			got += a.Samples.Len()
			if i == 0 {
				dist = a.Device.DistM
			}
		}
		if want := strings.Count(doc[:cut], "</Trackpoint>"); p == nil || got != want || p.Kept != want {
			t.Fatalf("cut at %d: %d points, want %d, problem %v", cut, got, want, p)
		}
		if strings.Contains(doc[:cut], "60</DistanceMeters><Track>") && !strings.Contains(doc[:cut], `06:00:40Z">`) && dist != 60 {
			t.Fatalf("cut at %d: laps of %v m", cut, dist)
		}
	}
}

// What a lap said before the file breaks off stands: it is what the watch measured.
func TestTCXCutKeepsLapTotals(t *testing.T) {
	doc := lapsTCX(withTrack(0, 300, 1000, distances(0, 0, 30)) + withTrack(300, 300, 1000, distances(300, 1000, 1030)))
	var buf buffers
	activities, p := decodeTCX([]byte(doc[:strings.LastIndex(doc, "<Trackpoint>")]), &buf)
	if p == nil || len(activities) != 1 || activities[0].Device.DistM != 2000 || activities[0].Samples.Len() != 3 {
		t.Errorf("%d activities, %v", len(activities), p)
	}
}

// The second file read with the same memory knows nothing of the first.
func TestTCXReusesMemory(t *testing.T) {
	var buf buffers
	if _, p := decodeTCX([]byte(pointsTCX(distances(0, 0, 30, 60))), &buf); p != nil {
		t.Fatal(p)
	}
	got, p := decodeTCX([]byte(pointsTCX(pointTCX(5, "<Cadence>80</Cadence>"))), &buf)
	if p != nil {
		t.Fatal(p)
	}
	if d := cmp.Diff(Samples{T: []float64{5}, CadenceSPM: []float64{80}}, got[0].Samples); d != "" {
		t.Error(d)
	}
	if _, p := decodeGPX([]byte(trackGPX(timedPoints(2))), &buf); p != nil {
		t.Error(p)
	}
}

// Reading a point allocates nothing: a longer file of as many laps costs no more allocations.
func TestTCXAllocatesNothingPerPoint(t *testing.T) {
	var buf buffers
	allocations := func(points int) float64 {
		data := []byte(pointsTCX(strings.Repeat(pointTCX(0, `<Position><LatitudeDegrees>48.5</LatitudeDegrees><LongitudeDegrees>11.5</LongitudeDegrees></Position>
			<AltitudeMeters>500</AltitudeMeters><DistanceMeters>3.14159</DistanceMeters><HeartRateBpm><Value>140</Value></HeartRateBpm>
			<Extensions><ns3:TPX><ns3:Speed>3.1</ns3:Speed><ns3:RunCadence>82</ns3:RunCadence></ns3:TPX></Extensions>`), points)))
		return testing.AllocsPerRun(5, func() {
			if _, p := decodeTCX(data, &buf); p != nil {
				t.Fatal(p)
			}
		})
	}
	allocations(1000) // the columns grow
	if few, many := allocations(10), allocations(1000); many > few {
		t.Errorf("%v allocations for 1000 points, %v for 10", many, few)
	}
}

// Hostile documents cost memory in proportion to their size at most, never crash and never hang.
func TestTCXHostile(t *testing.T) {
	const mega = 1 << 20
	// As for GPX: bytes allocated for each byte of input and beside them.
	const perByte, fixed = 64, 32 * mega
	bomb := `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">`
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	bomb += `]>`
	nest := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	for name, tc := range map[string]struct {
		doc  string
		want ProblemKind
	}{
		"entity bomb":             {bomb + strings.Replace(lapsTCX(lapTCX(0, totalsTCX(30, 90))+"<Notes>&j;</Notes>"), `<?xml version="1.0" encoding="UTF-8"?>`, "", 1), ""},
		"nesting in a point":      {pointsTCX(pointTCX(0, nest(9900))), ""},
		"nesting too deep":        {pointsTCX(pointTCX(0, "") + pointTCX(1, nest(20000))), Corrupt},
		"nested laps":             {databaseTCX(`<Activity>` + strings.Repeat("<Lap>", 9000) + strings.Repeat("</Lap>", 9000) + `</Activity>`), NotActivity},
		"nested activities":       {databaseTCX(strings.Repeat("<Activity>", 9000) + strings.Repeat("</Activity>", 9000)), NotActivity},
		"a million bare points":   {pointsTCX(strings.Repeat("<Trackpoint/>", mega)), NoTime},
		"points apart":            {pointsTCX(strings.Repeat("<Trackpoint/><Id/>", mega/32)), NoTime},
		"many empty laps":         {lapsTCX(strings.Repeat("<Lap/>", mega/16)), NotActivity},
		"many laps with a time":   {lapsTCX(strings.Repeat(`<Lap StartTime="2024-05-04T06:00:00Z"/>`, mega/32)), NotActivity},
		"many empty activities":   {databaseTCX(strings.Repeat("<Activity/>", mega/16)), NotActivity},
		"many activities":         {databaseTCX(strings.Repeat(`<Run>`+lapTCX(0, totalsTCX(0, 0))+`</Run>`, mega/32)), NotActivity},
		"a million activities":    {databaseTCX(strings.Repeat("<Activity/>", mega)), TooLarge},
		"a track for each point":  {pointsTCX(strings.Repeat(pointTCX(0, "")+pointTCX(59, "")+"</Track><Track>", mega/64)), ""},
		"laps from 0, each a day": {lapsTCX(strings.Repeat(withTrack(0, 10, 1e6, distances(0, 0, 1e300)), mega/64)), ""},
		"a million attributes":    {`<TrainingCenterDatabase ` + strings.Repeat(`a="" `, mega) + `/>`, Corrupt},
		"long text":               {pointsTCX(`<Trackpoint><Time>` + strings.Repeat("9", 2*mega) + `</Time></Trackpoint>`), NoTime},
		"long notes":              {databaseTCX(`<Activity Sport="` + strings.Repeat("x", 1<<15) + `"><Notes>` + strings.Repeat("word ", mega/4) + `</Notes></Activity>`), NotActivity},
		"zeros":                   {strings.Repeat("\x00", 2*mega), Corrupt},
		"less-than signs":         {strings.Repeat("<", 2*mega), Corrupt},
		"open elements":           {databaseTCX(strings.Repeat("<Activity>", mega/4)), Corrupt},
	} {
		t.Run(name, func(t *testing.T) {
			var buf buffers
			var problem *Problem
			data := []byte(tc.doc)
			bytes := allocated(func() { _, problem = decodeTCX(data, &buf) })
			if limit := uint64(perByte*len(data) + fixed); bytes > limit {
				t.Errorf("%d MiB allocated for %d KiB", bytes/mega, len(data)/1024)
			}
			if tc.want == "" && problem != nil || tc.want != "" && (problem == nil || problem.Kind != tc.want) {
				t.Errorf("got %v, want %q", problem, tc.want)
			}
		})
	}
}
