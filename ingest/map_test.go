package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

const gpxHead = `<?xml version="1.0"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">`

// shortRun is a GPX file with n points a second apart at 3 m/s.
func shortRun(n int) string {
	var b strings.Builder
	b.WriteString(gpxHead + "<trk><type>running</type><trkseg>")
	for i := range n {
		fmt.Fprintf(&b, `<trkpt lat="%.6f" lon="5"><time>2024-03-04T10:%02d:%02dZ</time></trkpt>`, 50+float64(i)*3/111195, i/60, i%60)
	}
	b.WriteString("</trkseg></trk></gpx>")
	return b.String()
}

func TestMapNamesWhatBecameOfEveryFile(t *testing.T) {
	tree(t, map[string]string{
		"a/run.gpx":         shortRun(300),
		"a/same.gpx.gz":     zipped(shortRun(300)),
		"a/run.xml":         shortRun(300), // content decides
		"b/empty.fit":       "",
		"b/jpeg.fit":        "\xff\xd8\xff\xe0\x00\x10JFIF\x00",
		"b/zeros.fit":       strings.Repeat("\x00", 200),
		"b/cut.gpx.gz":      zipped(shortRun(300))[:900],
		"b/bad.gpx.gz":      "\x1f\x8bnot gzip at all",
		"b/huge.gpx":        shortRun(3) + strings.Repeat(" ", 2<<20),
		"b/bomb.gpx.gz":     zipped(shortRun(3) + strings.Repeat(" ", 9<<20)),
		"c/notes.txt":       "Tuesday: knee fine",
		"c/photo.jpg":       "\xff\xd8\xff\xe0",
		"c/backup.gz":       zipped("not an activity"),
		"c/trailing.gpx.gz": zipped(shortRun(300)) + "trailing bytes",
	})
	files, _, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := Map(context.Background(), files, Options{MaxBytes: 1 << 20}, func(a *Activity) (string, *Problem) { return a.ID, nil })
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"a/run.gpx": "1 activity", "a/same.gpx.gz": "1 activity", "a/run.xml": "1 activity",
		"b/empty.fit": "corrupt", "b/jpeg.fit": "unsupported", "b/zeros.fit": "corrupt", "b/bad.gpx.gz": "corrupt",
		"b/cut.gpx.gz": "1 activity truncated", "b/huge.gpx": "too-large", "b/bomb.gpx.gz": "too-large",
		"c/notes.txt": "ignored", "c/photo.jpg": "ignored", "c/backup.gz": "ignored", "c/trailing.gpx.gz": "1 activity",
	}
	ids := map[string]bool{}
	for i, r := range results {
		if r.File != files[i].Name {
			t.Fatalf("result %d is of %s, want %s", i, r.File, files[i].Name)
		}
		var got []string
		if len(r.Values) == 1 {
			got = append(got, "1 activity")
		}
		if r.Ignored {
			got = append(got, "ignored")
		}
		for _, p := range r.Problems {
			got = append(got, string(p.Kind))
			if p.File != r.File {
				t.Errorf("%s: its problem names %q", r.File, p.File)
			}
		}
		if g := strings.Join(got, " "); g != want[r.File] {
			t.Errorf("%s: %s, want %s (%v)", r.File, g, want[r.File], r.Problems)
		}
		if strings.HasPrefix(r.File, "a/") {
			ids[r.Values[0]] = true
		}
	}
	if len(ids) != 1 {
		t.Errorf("the same content has the IDs %v", ids)
	}
}

func TestMapSurvivesAPanic(t *testing.T) {
	tree(t, map[string]string{"a.gpx": shortRun(60), "b.gpx": shortRun(90), "c.gpx": shortRun(120)})
	files, _, _ := Discover(context.Background(), []string{"."}, Options{})
	for _, workers := range []int{1, 4} {
		results, err := Map(context.Background(), files, Options{Workers: workers}, func(a *Activity) (int, *Problem) {
			if a.File == "b.gpx" {
				panic("index out of range")
			}
			return a.Samples.Len(), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(results[0].Values) != 1 || len(results[2].Values) != 1 {
			t.Errorf("%d workers: the other files were lost: %+v", workers, results)
		}
		if p := results[1].Problems; len(p) != 1 || p[0].Kind != Internal || p[0].File != "b.gpx" {
			t.Errorf("%d workers: the panic became %v", workers, p)
		}
	}
}

func TestMapStopsWhenAsked(t *testing.T) {
	tree(t, map[string]string{"a.gpx": shortRun(60), "b.gpx": shortRun(90), "c.gpx": shortRun(120)})
	files, _, _ := Discover(context.Background(), []string{"."}, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	results, err := Map(ctx, files, Options{Workers: 1}, func(a *Activity) (int, *Problem) {
		cancel()
		return 1, nil
	})
	if err != context.Canceled {
		t.Errorf("got error %v", err)
	}
	if len(results[0].Values) != 1 || results[1].File != "" {
		t.Errorf("got %+v", results)
	}
}

func TestMapProgressCountsEveryFileOnce(t *testing.T) {
	tree(t, map[string]string{"a.gpx": shortRun(60), "b.gpx": shortRun(90), "c.txt": "x"})
	files, _, _ := Discover(context.Background(), []string{"."}, Options{})
	var last Progress
	calls := 0
	_, err := Map(context.Background(), files, Options{Workers: 3, Progress: func(p Progress) {
		calls++
		if p.Files != calls || p.AllFiles != 3 || p.Bytes < last.Bytes {
			t.Errorf("call %d: %+v after %+v", calls, p, last)
		}
		last = p
	}}, func(a *Activity) (int, *Problem) { return 0, nil })
	if last.Bytes != last.AllBytes || last.Bytes == 0 {
		t.Errorf("ends with %+v", last)
	}
	if err != nil || calls != 3 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

func TestMapLeavesKnownContentAlone(t *testing.T) {
	tree(t, map[string]string{"a.gpx": shortRun(60), "b.gpx": shortRun(90), "c.txt": "x"})
	files, _, _ := Discover(context.Background(), []string{"."}, Options{})
	known := sha256.Sum256([]byte(shortRun(90)))
	results, err := Map(context.Background(), files, Options{Known: func(sum [sha256.Size]byte) bool { return sum == known }},
		func(a *Activity) (string, *Problem) { return a.ID, nil })
	if err != nil {
		t.Fatal(err)
	}
	if r := results[0]; r.Known || len(r.Values) != 1 || r.Sum != sha256.Sum256([]byte(shortRun(60))) {
		t.Errorf("unknown content: %+v", r)
	}
	if r := results[1]; !r.Known || len(r.Values)+len(r.Problems) != 0 || r.Sum != known || r.Bytes == 0 {
		t.Errorf("known content: %+v", r)
	}
	if r := results[2]; r.Known || r.Sum != [sha256.Size]byte{} || !r.Ignored {
		t.Errorf("no activity: %+v", r)
	}
}
