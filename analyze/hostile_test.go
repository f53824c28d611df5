package analyze_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/ingest/ingesttest"
)

// frameFIT frames FIT messages: header, body, and no checksum that fits.
func frameFIT(declared uint32, body []byte) []byte {
	head := []byte{14, 0x20, 0, 0, 0, 0, 0, 0, '.', 'F', 'I', 'T', 0, 0}
	binary.LittleEndian.PutUint32(head[4:], declared)
	return append(append(head, body...), 0, 0)
}

// emptyMessages is a FIT file of n messages of one byte each, of a kind that it defines to have no fields.
func emptyMessages(global byte, n int) []byte {
	body := append([]byte{0x41, 0, 0, global, 0, 0}, bytes.Repeat([]byte{1}, n)...)
	return frameFIT(uint32(len(body)), body)
}

// fields is a FIT file with one message that defines all fields that a definition can hold, each of 255 bytes.
func fields() []byte {
	body := []byte{0x41, 0, 0, 20, 0, 255}
	for i := range 255 {
		body = append(body, byte(i), 255, 0x0D)
	}
	body = append(body, bytes.Repeat([]byte{1}, 1+255*255)...)
	return frameFIT(uint32(len(body)), body)
}

func zipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		panic(err) // a buffer never fails
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func track(points string) []byte {
	return []byte(`<gpx version="1.1"><trk><type>running</type><trkseg>` + points + `</trkseg></trk></gpx>`)
}

func point(lat, lon, ele, when string) string {
	return fmt.Sprintf(`<trkpt lat="%s" lon="%s"><ele>%s</ele><time>%s</time></trkpt>`, lat, lon, ele, when)
}

// manyPoints is a track of points that format writes from their number.
func manyPoints(n int, format func(i int) string) []byte {
	var b strings.Builder
	for i := range n {
		b.WriteString(format(i))
	}
	return track(b.String())
}

func clockAt(i int) string {
	return at(1, 6, 0).Add(time.Duration(i) * time.Second).Format(time.RFC3339)
}

// Hostile files cost memory in proportion to their size at most, and each is a run, no run, or a problem of a named kind
// that names the file. A good file beside them is read.
func TestReadHostile(t *testing.T) {
	const mega = 1 << 20
	const maxBytes = 4 * mega // the limit is lowered, so that what runs into it is small
	entities := `<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">`
	for c := 'b'; c <= 'k'; c++ {
		entities += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	entities += "]>"
	good := ingesttest.Run{Start: at(1, 5, 0), DistM: 1500, SpeedMPS: 3, CadenceSPM: 165}
	later := good
	later.Start = at(2, 5, 0)
	cut := zipped(later.GPX())
	cut = cut[:len(cut)/2]
	for _, tt := range []struct {
		name, file string
		data       []byte
		// kind is the problem's, empty for none; runs are those of the file.
		kind ingest.ProblemKind
		runs int
	}{
		{"an empty file", "x.fit", nil, ingest.Corrupt, 0},
		{"zeros", "x.fit", make([]byte, mega), ingest.Corrupt, 0},
		{"FIT that declares 4 GiB", "x.fit", frameFIT(0xFFFFFFFF, []byte{0x40, 0, 0, 20, 0, 0, 0}), ingest.Truncated, 0},
		{"FIT with a header of 255 bytes", "x.fit", append([]byte{255}, frameFIT(7, make([]byte, 300))[1:]...), ingest.Truncated, 0},
		{"a million empty FIT records", "x.fit", emptyMessages(20, mega), ingest.TooLarge, 0},
		{"a million empty FIT sessions", "x.fit", emptyMessages(18, mega), ingest.TooLarge, 0},
		{"a million empty FIT file ids", "x.fit", emptyMessages(0, mega), ingest.NotActivity, 0},
		{"a FIT record of 65 KB", "x.fit", fields(), ingest.NoTime, 0},
		{"a FIT file a hundred times over", "x.fit", bytes.Repeat(later.FIT(), 100), "", 100},
		{"entities in a name", "x.gpx", append([]byte(entities), `<gpx><trk><name>&k;</name><trkseg/></trk></gpx>`...), ingest.NotActivity, 0},
		{"entities in a point", "x.gpx", append([]byte(entities), track(point("64", "-20", "&k;", clockAt(0)))...), ingest.Implausible, 0},
		{"a million open elements", "x.gpx", []byte("<gpx>" + strings.Repeat("<a>", mega)), ingest.Corrupt, 0},
		{"a million bare points", "x.gpx", track(strings.Repeat("<trkpt/>", mega/4)), ingest.NoTime, 0},
		{"coordinates that are no numbers", "x.gpx", manyPoints(600, func(i int) string { return point("NaN", "-Inf", "1e999", clockAt(i)) }), "", 1},
		{"coordinates of no earth", "x.gpx", manyPoints(600, func(i int) string { return point("1e300", "-1e300", "-1e300", clockAt(i)) }), "", 1},
		{"poles and date line", "x.gpx", manyPoints(600, func(i int) string {
			return point([]string{"90", "-90"}[i%2], []string{"180", "-180", "179.9999"}[i%3], "0", clockAt(i))
		}), "", 1},
		{"one time for all points", "x.gpx", manyPoints(20_000, func(i int) string { return point("64", "-20", "5", clockAt(0)) }), ingest.Implausible, 0},
		{"times backwards", "x.gpx", manyPoints(20_000, func(i int) string { return point("64", "-20", "5", clockAt(20_000-i)) }), "", 1},
		{"every time a year later", "x.gpx", manyPoints(9_000, func(i int) string {
			return point("64", "-20", "5", fmt.Sprintf("%04d-06-01T06:00:00Z", 1000+i))
		}), ingest.Implausible, 0},
		{"years 1 to 9999", "x.gpx", track(point("64", "-20", "5", "0001-01-01T00:00:00Z") + point("64", "-20", "5", "9999-12-31T23:59:59Z")), ingest.Implausible, 0},
		{"year 2107", "x.gpx", manyPoints(600, func(i int) string {
			return point("64", "-20", "5", fmt.Sprintf("2107-06-01T06:%02d:%02dZ", i/60, i%60))
		}), ingest.NoTime, 0},
		{"a gzip of too much", "x.gpx.gz", zipped(append([]byte("<gpx>"), bytes.Repeat([]byte(" "), 20*mega)...)), ingest.TooLarge, 0},
		{"a gzip in a gzip", "x.gpx.gz", zipped(zipped(later.GPX())), ingest.Unsupported, 0},
		{"half a gzip", "x.gpx.gz", cut, ingest.Truncated, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := folder(t, map[string][]byte{tt.file: tt.data, "good.fit": good.FIT()})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			runs, _, receipt, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{
				MaxBytes: maxBytes, Workers: 1, Now: at(14, 12, 0),
			})
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			// The fixed part holds the columns and tables of one worker, the limit of a gzip several times over as its buffer
			// grows, the map of zones, and what the race detector adds.
			if spent, limit := after.TotalAlloc-before.TotalAlloc, uint64(64*len(tt.data)+192*mega); spent > limit {
				t.Errorf("%d MiB allocated for %d KiB", spent/mega, len(tt.data)/1024)
			}
			if len(runs) != tt.runs+1 {
				t.Errorf("%d runs, want %d beside the good one", len(runs)-1, tt.runs)
			}
			bad := filepath.ToSlash(filepath.Join(dir, tt.file))
			var kinds []ingest.ProblemKind
			for _, o := range receipt.Outcomes {
				for _, p := range o.Problems {
					kinds = append(kinds, p.Kind)
					if p.File != bad || p.Err == nil {
						t.Errorf("problem of %q: %v", p.File, p)
					}
				}
			}
			if tt.kind == "" && len(kinds) > 0 || tt.kind != "" && (len(kinds) == 0 || kinds[0] != tt.kind) {
				t.Errorf("problems %q, want %q: %v", kinds, tt.kind, receipt.Problems)
			}
			// Whatever was read can be made a log of at most the days since 1990.
			log := analyze.Build(runs, nil, analyze.Options{AsOf: civil.New(2026, time.June, 14), WeekStart: time.Monday})
			if len(log.Days) > 37*366 {
				t.Errorf("%d days", len(log.Days))
			}
		})
	}
}

// What is larger than the limit is not read at all.
func TestReadTooLarge(t *testing.T) {
	dir := folder(t, map[string][]byte{"a.gpx": []byte("<gpx>"), "b.fit": frameFIT(1<<30, nil)})
	for _, name := range []string{"a.gpx", "b.fit"} {
		if err := os.Truncate(filepath.Join(dir, name), 200<<20); err != nil {
			t.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, receipt, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{Workers: 1})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if len(receipt.Problems) != 2 || receipt.Problems[0].Kind != ingest.TooLarge || receipt.Problems[1].Kind != ingest.TooLarge {
		t.Errorf("problems %v, want two files that are too large", receipt.Problems)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 4<<20 {
		t.Errorf("%d MiB allocated for files that are not read", spent>>20)
	}
}
