package analyze

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// memoNow is long after the files of these tests were changed.
var memoNow = time.Date(2026, time.June, 14, 12, 0, 0, 0, time.UTC)

// runFile is a short run as a file; different numbers are different runs, each of the same size.
func runFile(n int) []byte {
	return ingesttest.Run{
		Start: time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(n) * 25 * time.Hour),
		DistM: 3000, SpeedMPS: 2.8, CadenceSPM: 160 + float64(n%9), HillM: 20, HillEveryM: 500, EveryS: 20,
	}.FIT()
}

// memoLog writes files of every fate into a new folder: runs in several formats, a copy, a broken file, settings, a
// picture, an archive.
func memoLog(t *testing.T) (folder string) {
	t.Helper()
	dir := t.TempDir()
	phone := ingesttest.Run{Start: time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC), DistM: 2000, SpeedMPS: 3, EveryS: 20, Name: "Läufchen"}
	var zipped, gzipped bytes.Buffer
	// Half of it is a file too, and where that ends must not depend on how well the library compresses.
	gz, err := gzip.NewWriterLevel(&gzipped, gzip.NoCompression)
	if err == nil {
		_, err = gz.Write(runFile(3))
	}
	if err := errors.Join(err, gz.Close()); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&zipped)
	for _, n := range []int{4, 5} {
		w, err := z.Create(fmt.Sprintf("activities/%d.fit", n))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(runFile(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	run := runFile(1)
	for name, data := range map[string][]byte{
		"a/1.fit": run, "a/2.fit": runFile(2), "a/1-copy.fit": run, "3.fit.gz": gzipped.Bytes(), "export.zip": zipped.Bytes(),
		"phone.gpx": phone.GPX(), "cut.fit": run[:len(run)*2/3], "cut.fit.gz": gzipped.Bytes()[:gzipped.Len()/2],
		"photo.fit": []byte("\xff\xd8\xff\xe0 and so on"), "empty.gpx": nil, "notes.txt": []byte("not mine"),
	} {
		put(t, filepath.Join(dir, name), data)
	}
	return dir
}

// put writes a file that looks an hour older than memoNow.
func put(t *testing.T, name string, data []byte) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o777)
	err = errors.Join(err, os.WriteFile(name, data, 0o666))
	if err = errors.Join(err, touch(name, memoNow.Add(-time.Hour))); err != nil {
		t.Fatal(err)
	}
}

func touch(name string, at time.Time) error { return os.Chtimes(name, at, at) }

// everything is what Read returns, to be compared.
type everything struct {
	Runs     []Run
	Strength []Strength
	Receipt  *Receipt
}

func readAll(t *testing.T, m *Memo, paths ...string) everything {
	t.Helper()
	var e everything
	var err error
	e.Runs, e.Strength, e.Receipt, err = m.Read(context.Background(), paths, ingest.Options{})
	if err == nil {
		err = e.Receipt.Unsaved
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// same compares to the last bit but for what has no equality: NaN, and errors, which are their words.
var same = []cmp.Option{
	cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b }),
	cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }),
	cmp.Comparer(func(a, b time.Time) bool { return a.String() == b.String() }),
}

func wantSame(t *testing.T, what string, got, want everything) {
	t.Helper()
	if diff := cmp.Diff(want, got, same...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func newMemo(t *testing.T) *Memo {
	return &Memo{File: filepath.Join(t.TempDir(), "cache", "kneecheck", "runs.memo"), Now: memoNow}
}

// spoil overwrites every file with rubbish that size and time do not betray: a result that is still right was not read.
func spoil(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) == ".zip" {
			return err // of an archive the table of contents is always read
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return errors.Join(os.WriteFile(name, make([]byte, info.Size()), 0o666), touch(name, info.ModTime()))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMemoReadsNothingThatHasNotChanged(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	cold := readAll(t, nil, dir)
	if c := cold.Receipt; c.Runs < 7 || len(c.Problems) < 4 || c.Ignored != 1 {
		t.Fatalf("the log should hold every fate: %d runs, %d problems, %d ignored", c.Runs, len(c.Problems), c.Ignored)
	}
	wantSame(t, "first", readAll(t, m, dir), cold)
	spoil(t, dir)
	wantSame(t, "second", readAll(t, m, dir), cold)
	t.Chdir(filepath.Dir(dir))
	if got := readAll(t, m, filepath.Base(dir)); len(got.Runs) != len(cold.Runs) || got.Runs[0].File == cold.Runs[0].File {
		t.Errorf("by another name: %d runs, the first in %s", len(got.Runs), got.Runs[0].File)
	}
}

func TestMemoSeesChanges(t *testing.T) {
	dir, m := t.TempDir(), newMemo(t)
	name := filepath.Join(dir, "run.fit")
	put(t, name, runFile(1))
	first := readAll(t, m, dir)

	put(t, name, runFile(2))
	if err := touch(name, memoNow.Add(-30*time.Minute)); err != nil {
		t.Fatal(err)
	}
	second := readAll(t, m, dir)
	wantSame(t, "same size, another time", second, readAll(t, nil, dir))
	if second.Runs[0].ID == first.Runs[0].ID {
		t.Error("the change was not seen")
	}

	if err := touch(name, memoNow.Add(-20*time.Minute)); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "touched", readAll(t, m, dir), second)
	spoil(t, dir)
	wantSame(t, "touched and remembered", readAll(t, m, dir), second)

	// The content is whole and known, but its compressed file lacks the end.
	var gzipped bytes.Buffer
	gz := gzip.NewWriter(&gzipped)
	_, err := gz.Write(runFile(2))
	if err := errors.Join(err, gz.Close()); err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	put(t, filepath.Join(dir, "cut.fit.gz"), gzipped.Bytes()[:gzipped.Len()-4])
	cut := readAll(t, m, dir)
	wantSame(t, "known but cut off", cut, readAll(t, nil, dir))
	if len(cut.Runs) != 1 || len(cut.Receipt.Problems) != 1 {
		t.Errorf("%d runs, %d problems", len(cut.Runs), len(cut.Receipt.Problems))
	}
}

func TestMemoDoesNotTrustYoungFiles(t *testing.T) {
	if len(runFile(1)) != len(runFile(2)) {
		t.Fatal("two runs of the same size are needed")
	}
	dir, m := t.TempDir(), newMemo(t)
	name := filepath.Join(dir, "run.fit")
	for _, age := range []time.Duration{time.Second, 0, -time.Hour} {
		for n := 1; n <= 2; n++ {
			put(t, name, runFile(n))
			if err := touch(name, memoNow.Add(-age)); err != nil {
				t.Fatal(err)
			}
			wantSame(t, fmt.Sprintf("%v old, content %d", age, n), readAll(t, m, dir), readAll(t, nil, dir))
		}
	}
	// A minute later it is trusted once its content was seen to be the same.
	if err := touch(name, memoNow); err != nil {
		t.Fatal(err)
	}
	m.Now = memoNow.Add(time.Minute)
	want := readAll(t, m, dir)
	spoil(t, dir)
	wantSame(t, "a minute later", readAll(t, m, dir), want)
}

// TestMemoAfterAnyChange changes random files in random ways, again and again: the memo must make no difference.
func TestMemoAfterAnyChange(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	random := rand.New(rand.NewPCG(3, 2))
	for round := range 25 {
		for i := range random.IntN(4) {
			// Never the same time twice: another content of the same size and time cannot be told from the old.
			changeOne(t, random, dir, memoNow.Add(-time.Hour+time.Duration(10*round+i+1)*time.Second))
		}
		wantSame(t, fmt.Sprintf("round %d", round), readAll(t, m, dir), readAll(t, nil, dir))
		if t.Failed() {
			return
		}
	}
}

func changeOne(t *testing.T, random *rand.Rand, dir string, at time.Time) {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	name := names[random.IntN(len(names))]
	switch random.IntN(6) {
	case 0:
		err = touch(name, at)
	case 1:
		name = filepath.Join(dir, fmt.Sprintf("new-%d.fit", random.IntN(5)))
		put(t, name, runFile(10+random.IntN(3)))
		err = touch(name, at)
	case 2:
		err = os.Rename(name, name+"."+fmt.Sprint(random.IntN(9)))
	case 3:
		if len(names) > 4 {
			err = os.Remove(name)
		}
	case 4: // over another file
		put(t, name, runFile(random.IntN(4)))
		err = touch(name, at)
	case 5:
		var data []byte
		if data, err = os.ReadFile(name); err == nil {
			put(t, name+"-copy.gpx", data)
			err = touch(name+"-copy.gpx", at)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestMemoKnowsSettingsApart(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	home, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		for i, o := range []ingest.Options{{}, {HomeZone: home}, {AssumeSport: ingest.Walking}, {ForceSport: ingest.Cycling}, {MaxBytes: 2000}} {
			var cold, warm everything
			cold.Runs, cold.Strength, cold.Receipt, _ = Read(context.Background(), []string{dir}, o)
			warm.Runs, warm.Strength, warm.Receipt, _ = m.Read(context.Background(), []string{dir}, o)
			wantSame(t, fmt.Sprintf("round %d, settings %d", round, i), warm, cold)
			if back, ok := parseSettings(settings(o)); !ok || settings(back) != settings(o) {
				t.Errorf("settings %d: %q comes back as %q", i, settings(o), settings(back))
			}
		}
	}
}

func TestMemoKeepsWhatWasReadBeforeAnInterruption(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	ctx, cancel := context.WithCancel(context.Background())
	o := ingest.Options{Workers: 1, Progress: func(p ingest.Progress) {
		if p.Files == 6 {
			cancel()
		}
	}}
	if _, _, _, err := m.Read(ctx, []string{dir}, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	left := 0
	o = ingest.Options{Progress: func(p ingest.Progress) { left = p.AllFiles }}
	if _, _, _, err := m.Read(context.Background(), []string{dir}, o); err != nil {
		t.Fatal(err)
	}
	if all := len(readAll(t, nil, dir).Receipt.Outcomes); left != all-6 {
		t.Errorf("%d files left to read of %d, want all but 6", left, all)
	}
	wantSame(t, "afterwards", readAll(t, m, dir), readAll(t, nil, dir))
}

func TestMemoForgetsWhatPermissionHid(t *testing.T) {
	mem := (&Memo{}).open()
	mem.index(settings(ingest.Options{}))
	for kind, want := range map[ingest.ProblemKind]int{ingest.Unreadable: 0, ingest.Internal: 0, ingest.Corrupt: 1} {
		mem.fresh = nil
		r := ingest.Result[judged]{File: "x", Problems: []*ingest.Problem{{Kind: kind, Err: errors.New("so")}}}
		if mem.learn(&ingest.File{Path: "/x"}, &r); len(mem.fresh) != want {
			t.Errorf("%s: %d remembered, want %d", kind, len(mem.fresh), want)
		}
	}
}

func TestMemoWithoutAPlace(t *testing.T) {
	dir := memoLog(t)
	want := readAll(t, nil, dir)
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, []byte("in the way"))
	for name, place := range map[string]string{"below a file": filepath.Join(file, "runs.memo"), "a folder": t.TempDir()} {
		var got everything
		var err error
		got.Runs, got.Strength, got.Receipt, err = (&Memo{File: place, Now: memoNow}).Read(context.Background(), []string{dir}, ingest.Options{})
		if err != nil || got.Receipt.Unsaved == nil {
			t.Errorf("%s: error %v, unsaved because of %v", name, err, got.Receipt.Unsaved)
		}
		got.Receipt.Unsaved = nil
		wantSame(t, name, got, want)
	}
}

func TestMemoOfSeveralAtOnce(t *testing.T) {
	m := newMemo(t)
	logs := []string{memoLog(t), memoLog(t), memoLog(t)}
	want := map[string]everything{}
	for _, dir := range logs {
		want[dir] = readAll(t, nil, dir)
	}
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			own := *m
			dir := logs[i%len(logs)]
			e := everything{}
			var err error
			e.Runs, e.Strength, e.Receipt, err = own.Read(context.Background(), []string{dir}, ingest.Options{Workers: 1})
			if err != nil || e.Receipt.Unsaved != nil {
				t.Errorf("reader %d: %v, %v", i, err, e.Receipt.Unsaved)
			}
			wantSame(t, fmt.Sprintf("reader %d", i), e, want[dir])
		})
	}
	wg.Wait()
	if mem := m.open(); mem.damaged {
		t.Error("the memo is damaged")
	}
	for _, dir := range logs {
		readAll(t, m, dir)
	}
	for _, dir := range logs {
		spoil(t, dir)
		wantSame(t, "afterwards", readAll(t, m, dir), want[dir])
	}
}
