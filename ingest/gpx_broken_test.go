package ingest

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGPXProblems(t *testing.T) {
	three := timedPoints(3)
	untimed := `<trkpt lat="1" lon="2"/><trkpt lat="1" lon="2"><time></time></trkpt>`
	for name, tc := range map[string]brokenXML{
		"empty":                  {"", Corrupt, 0, "no GPX document"},
		"not XML":                {"\x0e\x10\xd9\x07.FIT", Corrupt, 0, "no GPX document"},
		"text with <":            {"a < b", Corrupt, 0, "no GPX document"},
		"other root":             {"<kml><trk/></kml>", Corrupt, 0, "no GPX document"},
		"no tracks":              {"<gpx></gpx>", NotActivity, 0, "no recorded track"},
		"self-closed":            {"<gpx/>", NotActivity, 0, "no recorded track"},
		"waypoints":              {`<gpx><wpt lat="1" lon="1"><time>2024-05-04T06:00:00Z</time></wpt></gpx>`, NotActivity, 0, "waypoints"},
		"routes":                 {`<gpx><rte><rtept lat="1" lon="1"><time>2024-05-04T06:00:00Z</time></rtept></rte></gpx>`, NotActivity, 0, "routes"},
		"points outside a track": {`<gpx>` + three + `</gpx>`, NotActivity, 0, "no recorded track"},
		"empty track":            {`<gpx><trk><trkseg/></trk></gpx>`, NotActivity, 0, "no recorded track"},
		"treadmill of Strava":    {`<gpx version="1.1"><metadata><time>2024-05-04T06:00:00Z</time></metadata><trk><type>running</type><trkseg/></trk></gpx>`, Unsupported, 0, "treadmill"},
		"no times":               {trackGPX(untimed), NoTime, 0, "2 points and no times"},
		"times that are none":    {trackGPX(`<trkpt lat="1" lon="2"><time>yesterday</time></trkpt>`), NoTime, 0, "1 point and no times"},
		"one track timed": {`<gpx><trk><trkseg>` + untimed + `</trkseg></trk><trk><trkseg>` + three + `</trkseg></trk></gpx>`,
			NoTime, 3, "1 of 2 tracks has no times and is left out"},
		"cut in a point":           {strings.TrimSuffix(trackGPX(three), "/time></trkpt>\n</trkseg></trk></gpx>"), Truncated, 2, "breaks off in line 5"},
		"cut, no times":            {strings.TrimSuffix(trackGPX(untimed), "</gpx>"), NoTime, 0, "no times"},
		"cut before the points":    {`<gpx><trk><name>Morn`, Truncated, 0, "before the first point"},
		"wrong end tag in a point": {trackGPX(three + `<trkpt lat="1" lon="2"><ele>5</elevation></trkpt>` + three), Corrupt, 3, "damaged in line 6"},
		"wrong end tag outside":    {trackGPX(three + `</trk>` + three), Corrupt, 3, "damaged in line 6"},
		"point not closed":         {trackGPX(three + `<trkpt lat="1" lon="2"><ele>5</ele>` + three), Corrupt, 3, "damaged"},
		"missing quote":            {trackGPX(three + `<trkpt lat="1 lon="2"><ele>5</ele></trkpt>` + three), Corrupt, 3, "damaged"},
		"bytes overwritten":        {trackGPX(three + "<trkpt lat=\"4\x00\x00\x00\x00<<<\x00time>" + three), Corrupt, 3, "damaged"},
		"no name for XML":          {trackGPX(three + "</trkseg><trkseg><1:name>x</1:name>" + three), Corrupt, 3, "damaged in line 6"},
		"two documents":            {trackGPX(three) + trackGPX(three), Corrupt, 3, "second GPX document"},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, decodeGPX) })
	}
}

// Cut anywhere, a file gives exactly the points that end before the cut.
func TestGPXCutAnywhere(t *testing.T) {
	doc := `<?xml version="1.0"?><gpx version="1.1"><!-- c --><metadata><name>N</name></metadata><wpt lat="1" lon="1"/>
<trk><name>A &amp; <![CDATA[B]]></name><trkseg>` + timedPoints(2) + `</trkseg><trkseg><!-- d -->` + timedPoints(2) +
		`</trkseg></trk><trk><trkseg>` + timedPoints(1) + `</trkseg><extensions><x y="1"/></extensions></trk></gpx>`
	var buf buffers
	for cut := range len(doc) {
		activities, p := decodeGPX([]byte(doc[:cut]), &buf)
		want := strings.Count(doc[:cut], "</trkpt>")
		got := 0
		for _, a := range activities {
			got += a.Samples.Len()
		}
		if got != want {
			t.Errorf("cut at %d, behind %q: %d points, want %d", cut, doc[max(0, cut-20):cut], got, want)
		}
		root := strings.Contains(doc[:cut], "<gpx version")
		if p == nil || p.Kept != want || root && cut > strings.Index(doc, "\n") && p.Kind != Truncated {
			t.Errorf("cut at %d: problem %v", cut, p)
		}
	}
}

// allocated runs f and returns the bytes it allocated.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Hostile documents cost memory in proportion to their size at most, never crash and never hang.
func TestGPXHostile(t *testing.T) {
	const mega = 1 << 20
	// The bounds: bytes allocated for each byte of input and beside them.
	const perByte, fixed = 64, 32 * mega
	bomb := `<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">`
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	bomb += `]>`
	nest := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	for name, tc := range map[string]struct {
		doc  string
		want ProblemKind
	}{
		"entity bomb in a name":    {bomb + `<gpx><trk><name>&j;</name><trkseg>` + timedPoints(2) + `</trkseg></trk></gpx>`, ""},
		"entity bomb in a point":   {bomb + trackGPX(`<trkpt lat="1" lon="2"><ele>&j;</ele><time>2024-05-04T06:00:00Z</time></trkpt>`), ""},
		"external entity":          {`<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx><trk><name>&x;</name><trkseg>` + timedPoints(1) + `</trkseg></trk></gpx>`, ""},
		"nesting in extensions":    {trackGPX(`<trkpt lat="1" lon="2"><time>2024-05-04T06:00:00Z</time><extensions>` + nest(9900) + `</extensions></trkpt>`), ""},
		"nesting too deep":         {trackGPX(timedPoints(1) + `<trkpt lat="1" lon="2"><extensions>` + nest(20000) + `</extensions></trkpt>`), Corrupt},
		"nesting outside points":   {`<gpx>` + nest(9000) + `<trk><trkseg>` + timedPoints(1) + `</trkseg></trk></gpx>`, ""},
		"a million open elements":  {strings.Repeat("<a>", mega), Corrupt},
		"a million open points":    {`<gpx><trk><trkseg>` + strings.Repeat("<trkpt>", mega), Corrupt},
		"a million bare points":    {trackGPX(strings.Repeat("<trkpt/>", mega)), NoTime},
		"points apart":             {trackGPX(strings.Repeat("<trkpt/><b/>", mega/4)), NoTime},
		"points in comments":       {trackGPX(strings.Repeat("<trkpt/><!---->", mega/16)), NoTime},
		"empty tracks":             {`<gpx>` + strings.Repeat("<trk><trkseg/></trk>", mega/16) + `</gpx>`, NotActivity},
		"a million empty tracks":   {`<gpx>` + strings.Repeat("<trk><trkseg/></trk>", mega) + `</gpx>`, TooLarge},
		"a million empty segments": {`<gpx><trk>` + strings.Repeat("<trkseg></trkseg>", mega) + `</trk></gpx>`, TooLarge},
		"a million attributes":     {`<gpx ` + strings.Repeat(`a="" `, mega) + `><trk/></gpx>`, Corrupt},
		"open quote":               {`<gpx><trk a="` + strings.Repeat("x", mega), Truncated},
		"open quotes":              {`<gpx>` + strings.Repeat(`<wpt lat="`, mega/4), Corrupt},
		"open comments":            {`<gpx>` + strings.Repeat(`<!-`, mega/4), Truncated},
		"open CDATA":               {`<gpx>` + strings.Repeat(`<![CDATA[`, mega/4), Truncated},
		"long text":                {trackGPX(`<trkpt lat="1" lon="2"><time>` + strings.Repeat("9", 4*mega) + `</time></trkpt>`), NoTime},
		"long number":              {trackGPX(`<trkpt lat="` + strings.Repeat("9", 4*mega) + `" lon="2"/>`), NoTime},
		"text in pieces":           {trackGPX(`<trkpt lat="1" lon="2"><ele>` + strings.Repeat("1<!---->", mega/2) + `</ele></trkpt>`), NoTime},
		"a zone for each point":    {trackGPX(strings.Repeat(`<trkpt><time>2024-05-04T06:00:00+01:00</time></trkpt><trkpt><time>2024-05-04T06:00:00+02:00</time></trkpt>`, mega/64)), ""},
		"control characters":       {trackGPX(strings.Repeat("\x00\x01\x02", mega)), TooLarge},
		"spaces":                   {strings.Repeat(" ", 8*mega), Corrupt},
		"zeros":                    {strings.Repeat("\x00", 8*mega), Corrupt},
		"less-than signs":          {strings.Repeat("<", 4*mega), Corrupt},
		"a name without end":       {`<gpx><trk><trkpt` + strings.Repeat("t", 4*mega), Truncated},
	} {
		t.Run(name, func(t *testing.T) {
			var buf buffers
			var problem *Problem
			data := []byte(tc.doc)
			bytes := allocated(func() { _, problem = decodeGPX(data, &buf) })
			if limit := uint64(perByte*len(data) + fixed); bytes > limit {
				t.Errorf("%d MiB allocated for %d KiB", bytes/mega, len(data)/1024)
			}
			if tc.want == "" && problem != nil && problem.Kind != NotActivity || tc.want != "" && (problem == nil || problem.Kind != tc.want) {
				t.Errorf("got %v, want %q", problem, tc.want)
			}
		})
	}
}

// BenchmarkGPXSize shows that the cost grows with the points and no faster: compare the ns a point.
func BenchmarkGPXSize(b *testing.B) {
	for _, points := range []int{30_000, 240_000} {
		b.Run(strconv.Itoa(points), func(b *testing.B) {
			data := []byte(trackGPX(strings.Repeat(timedPoints(60), points/60)))
			var buf buffers
			for b.Loop() {
				decodeGPX(data, &buf)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(points), "ns/point")
		})
	}
}

func TestGPXSport(t *testing.T) {
	type result struct {
		Sport Sport
		Kind  Kind
	}
	for typ, want := range map[string]result{
		"running":                         {Running, Unspecified},
		"Run":                             {Running, Unspecified},
		" running\n":                      {Running, Unspecified},
		"trail_running":                   {Running, Trail},
		"TrailRun":                        {Running, Trail},
		"Trail Running":                   {Running, Trail},
		"treadmill_running":               {Running, Treadmill},
		"Treadmill":                       {Running, Treadmill},
		"indoor running":                  {Running, Treadmill},
		"track_running":                   {Running, Track},
		"street_running":                  {Running, Road},
		"virtual_run":                     {Running, Virtual},
		"VirtualRun":                      {Running, Virtual},
		"ultra_run":                       {Running, Unspecified},
		"obstacle_run":                    {Running, Unspecified},
		"Jogging":                         {Running, Unspecified},
		"Laufen":                          {Running, Unspecified},
		"Geländelauf":                     {Running, Unspecified},
		"Course à pied":                   {Running, Unspecified},
		"correr":                          {Running, Unspecified},
		"Hardlopen":                       {Running, Unspecified},
		"Løb":                             {Running, Unspecified},
		"跑步":                              {Running, Unspecified},
		"9":                               {Running, Unspecified},
		"walking":                         {Walking, Unspecified},
		"casual_walking":                  {Walking, Unspecified},
		"Nordic Walking":                  {Walking, Unspecified},
		"hiking":                          {Walking, Unspecified},
		"Wanderung":                       {Walking, Unspecified},
		"cycling":                         {Cycling, Unspecified},
		"mountain biking":                 {Cycling, Unspecified},
		"gravel_cycling":                  {Cycling, Unspecified},
		"VirtualRide":                     {Cycling, Unspecified},
		"indoor_cycling":                  {Cycling, Unspecified},
		"E-Bike Ride":                     {Cycling, Unspecified},
		"Laufrad":                         {Cycling, Unspecified},
		"Radfahren":                       {Cycling, Unspecified},
		"strength_training":               {Strength, Unspecified},
		"lap_swimming":                    {OtherSport, Unspecified},
		"Skilanglauf":                     {OtherSport, Unspecified},
		"Langlauf":                        {OtherSport, Unspecified},
		"cross_country_skiing":            {OtherSport, Unspecified},
		"Rowing":                          {OtherSport, Unspecified},
		"multi_sport":                     {OtherSport, Unspecified},
		"swimrun":                         {OtherSport, Unspecified},
		"":                                {UnknownSport, Unspecified},
		"1":                               {UnknownSport, Unspecified},
		"unknown":                         {UnknownSport, Unspecified},
		"...":                             {UnknownSport, Unspecified},
		"trunk":                           {UnknownSport, Unspecified},
		"alpineTour":                      {UnknownSport, Unspecified},
		"https://example.org/route/0123?": {UnknownSport, Unspecified},
	} {
		sport, kind := gpxSport(typ, "test", "Morning Run")
		if d := cmp.Diff(want, result{sport, kind}); d != "" {
			t.Errorf("%q: %s", typ, d)
		}
	}
}

func TestGPXSportOfMakers(t *testing.T) {
	for _, tc := range []struct {
		typ, creator, name string
		want               Sport
	}{
		{"1", "StravaGPX", "", Cycling}, {"9", "StravaGPX", "", Running}, {"10", "StravaGPX Android", "", Walking},
		{"4", "StravaGPX iPhone", "", Walking}, {"16", "StravaGPX", "", UnknownSport},
		{"", "Runkeeper - http://www.runkeeper.com", "Running 7/3/20 6:10 pm", Running},
		{"", "Runkeeper - http://www.runkeeper.com", "Cycling 7/3/20 6:10 pm", Cycling},
		{"", "other", "Cycling 7/3/20 6:10 pm", UnknownSport},
	} {
		if got, _ := gpxSport(tc.typ, tc.creator, tc.name); got != tc.want {
			t.Errorf("%+v: got %s", tc, got)
		}
	}
}

// brokenXML is a document with a fault, the kind of problem that it gives, how many of its points are kept, and a part of the
// words.
type brokenXML struct {
	doc  string
	kind ProblemKind
	kept int
	says string
}

func (c *brokenXML) check(t *testing.T, decode func([]byte, *buffers) ([]*Activity, *Problem)) {
	t.Helper()
	var buf buffers
	activities, p := decode([]byte(c.doc), &buf)
	if p == nil {
		t.Fatalf("no problem, %d activities", len(activities))
	}
	if p.Kind != c.kind || p.Kept != c.kept || !strings.Contains(p.Error(), c.says) {
		t.Errorf("got %v, kept %d", p, p.Kept)
	}
	samples := 0
	for _, a := range activities {
		samples += a.Samples.Len()
	}
	if samples != c.kept {
		t.Errorf("%d samples but %d kept", samples, p.Kept)
	}
}
