package analyze_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// eachFile reads the files below a folder, named from there.
func eachFile(dir string, do func(name string, data []byte) error) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		return do(name, data)
	})
}

// packFolder packs a folder, with its files as they are or deflated.
func packFolder(t *testing.T, dir string, method uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := eachFile(dir, func(name string, data []byte) error {
		m, err := w.CreateHeader(&zip.FileHeader{Name: filepath.ToSlash(name), Method: method})
		if err == nil {
			_, err = m.Write(data)
		}
		return err
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packFile packs one file.
func packFile(t *testing.T, name string, data []byte, method uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	m, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err == nil {
		_, err = m.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gzipFolder copies a folder, every file gzipped that is not yet; tables stay as they are, for no export has them so.
func gzipFolder(t *testing.T, dir, to string) {
	t.Helper()
	err := eachFile(dir, func(name string, data []byte) error {
		if !strings.HasSuffix(name, ".gz") && !strings.HasSuffix(name, ".csv") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			_, err := w.Write(data)
			if err = errors.Join(err, w.Close()); err != nil {
				return err
			}
			name, data = name+".gz", b.Bytes()
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// reading is what must not depend on how files are packed.
type reading struct {
	Runs       []analyze.Run
	Strength   int
	Activities int
	Problems   map[ingest.ProblemKind]int
}

func readPacked(t *testing.T, path string) reading {
	t.Helper()
	runs, strength, receipt, err := analyze.Read(context.Background(), []string{path}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range runs {
		runs[i].File = ""
	}
	// Copies in one log have the same ID, and they are the same but for the file.
	slices.SortStableFunc(runs, func(a, b analyze.Run) int { return strings.Compare(a.ID, b.ID) })
	r := reading{Runs: runs, Strength: len(strength), Activities: receipt.Activities, Problems: map[ingest.ProblemKind]int{}}
	for _, p := range receipt.Problems {
		r.Problems[p.Kind]++
	}
	return r
}

// sameWhenZipped wants the same from a folder and from its zip in another zip.
func sameWhenZipped(t *testing.T, dir string) reading {
	t.Helper()
	want := readPacked(t, dir)
	comparePacked(t, want, t.TempDir(), "nested.zip", packFile(t, "part.zip", packFolder(t, dir, zip.Store), zip.Deflate))
	return want
}

// sameHoweverPacked wants the same from a folder, its zip, that in other zips, and from its files gzipped.
func sameHoweverPacked(t *testing.T, dir string) reading {
	t.Helper()
	want := sameWhenZipped(t, dir)
	tmp := t.TempDir()
	folder := packFolder(t, dir, zip.Deflate)
	comparePacked(t, want, tmp, "deflated.zip", folder)
	comparePacked(t, want, tmp, "stored.zip", packFolder(t, dir, zip.Store))
	comparePacked(t, want, tmp, "deflated-in-store.zip", packFile(t, "part.zip", folder, zip.Store))
	comparePacked(t, want, tmp, "three-deep.zip", packFile(t, "a.zip", packFile(t, "b.zip", folder, zip.Deflate), zip.Deflate))
	gzipFolder(t, dir, filepath.Join(tmp, "gzipped"))
	comparePacked(t, want, tmp, "gzipped", nil)
	return want
}

// comparePacked reads dir/name, after writing data there if there is any, and wants the same from it.
func comparePacked(t *testing.T, want reading, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if data != nil {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, readPacked(t, path), cmpopts.EquateNaNs()); d != "" {
		t.Errorf("%s differs from the folder: -want +got\n%.2000s", name, d)
	}
}

func TestSameRunsHoweverPacked(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	files := map[string][]byte{"notes.txt": []byte("Tuesday: knee fine"), "x.fit": []byte("GIF89a"), "empty.gpx": nil}
	for i := range 8 {
		run := ingesttest.Run{
			Start: start.AddDate(0, 0, i), OffsetS: 3600, DistM: 2000 + 100*float64(i), SpeedMPS: 2.9, CadenceSPM: 166, HillM: 20, HillEveryM: 500,
			Treadmill: i == 3, Name: "loop",
		}
		name := "2026/" + run.Start.Format(time.DateOnly)
		files[name+".fit"] = run.FIT()
		if i%2 == 0 {
			files[name+".gpx"] = run.GPX()
		}
	}
	whole := files["2026/2026-03-02.fit"]
	files["2026/cut.fit"] = whole[:len(whole)*2/3]
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := sameHoweverPacked(t, dir)
	if len(got.Runs) != 13 || got.Problems[ingest.Truncated] != 1 || got.Problems[ingest.Corrupt] != 1 || got.Problems[ingest.Unsupported] != 1 {
		t.Errorf("%d runs, problems %v", len(got.Runs), got.Problems)
	}
}

func TestCorpusZipped(t *testing.T) {
	same := map[string]func(*testing.T, string) reading{
		"mini-strava-export": sameHoweverPacked, "edge-tormoder-fit": sameHoweverPacked, "edge-gpxpy": sameHoweverPacked,
		"edge-elevate-running": sameHoweverPacked,
		// The whole logs are long to read.
		"log-runpandas-session": sameWhenZipped, "log-shipengfish": sameWhenZipped,
	}
	for _, sub := range slices.Sorted(maps.Keys(same)) {
		t.Run(sub, func(t *testing.T) {
			got := same[sub](t, corpus(t, sub))
			t.Logf("%d activities, %d runs, problems %v", got.Activities, len(got.Runs), got.Problems)
			if got.Activities == 0 {
				t.Error("nothing was read")
			}
		})
	}
}
