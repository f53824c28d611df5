package analyze

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/ingest"
)

func TestMemoIsCompacted(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	readAll(t, m, dir)
	once := size(t, m.File)
	var sizes []int64
	for i := range 8 {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			return errors.Join(err, touch(name, memoNow.Add(-time.Hour+time.Duration(i+1)*time.Second)))
		})
		if err != nil {
			t.Fatal(err)
		}
		readAll(t, m, dir)
		sizes = append(sizes, size(t, m.File))
	}
	if most := slices.Max(sizes); most > 2*once+once/10 || slices.Min(sizes) > once+once/10 {
		t.Errorf("%d bytes at first, then %v", once, sizes)
	}

	// A folder that moves takes its entries along.
	for i := range 4 {
		moved := filepath.Join(t.TempDir(), fmt.Sprint("moved", i))
		if err := os.Rename(dir, moved); err != nil {
			t.Fatal(err)
		}
		dir = moved
		readAll(t, m, dir)
	}
	if now := size(t, m.File); now > 3*once {
		t.Errorf("%d bytes at first, %d after moving", once, now)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(m.File), "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("left beside the memo: %v, %v", left, err)
	}
}

func size(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestMemoDamage damages a memo at every byte, by changing it and by cutting it off there. What can still be recalled
// must be what was learnt.
func TestMemoDamage(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	readAll(t, m, dir)
	files, _, err := ingest.Discover(context.Background(), []string{dir}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(m.File)
	if err != nil {
		t.Fatal(err)
	}
	truth := recallAll(m.open(), files)
	if len(truth) != len(files) {
		t.Fatalf("%d of %d files remembered", len(truth), len(files))
	}
	broken := filepath.Join(t.TempDir(), "runs.memo")
	check := func(what string, i int, data []byte) {
		for name, got := range recallAll(parseMemory(string(data), m.header()), files) {
			if got != truth[name] {
				t.Errorf("%s at %d: %s is recalled wrongly", what, i, name)
			}
		}
	}
	for i := range whole {
		damaged := slices.Clone(whole)
		damaged[i] ^= 1 << (i % 8)
		check("a changed bit", i, damaged)
		check("cut off", i, whole[:i])
	}
	check("bytes behind the end", len(whole), append(slices.Clone(whole), make([]byte, 100)...))

	// The next run repairs it.
	want := readAll(t, nil, dir)
	for i := 0; i < len(whole); i += len(whole) / 20 {
		damaged := slices.Clone(whole)
		damaged[i] ^= 0x10
		if err := os.WriteFile(broken, damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		wantSame(t, fmt.Sprintf("damaged at %d", i), readAll(t, &Memo{File: broken, Now: memoNow}, dir), want)
		if mem := (&Memo{File: broken}).open(); mem.damaged || len(recallAll(mem, files)) != len(files) {
			t.Errorf("damaged at %d: not repaired", i)
		}
	}
}

// recallAll gives the remembered form of every file that is remembered.
func recallAll(mem *memory, files []ingest.File) map[string]string {
	mem.index(settings(ingest.Options{}))
	all := map[string]string{}
	reader := recall{m: mem, codec: codec{reading: true}}
	for i := range files {
		if r, ok := reader.file(&files[i], nil); ok {
			c := codec{}
			c.result(&r)
			whole(&c, &r.Bytes)
			c.flag(&r.Ignored)
			all[files[i].Name] = string(append(c.out, r.Sum[:]...))
		}
	}
	return all
}

func TestMemoOfAnotherVersion(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	want := readAll(t, m, dir)
	whole, err := os.ReadFile(m.File)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Replace(whole, []byte(m.header()), []byte("kneecheck memo 0 \n"), 1)
	if err := os.WriteFile(m.File, other, 0o666); err != nil {
		t.Fatal(err)
	}
	if mem := m.open(); len(mem.entries) > 0 {
		t.Errorf("%d entries of another version are read", len(mem.entries))
	}
	wantSame(t, "another version", readAll(t, m, dir), want)
	// Entries that another build appended, and a whole memo of one.
	newer := *m
	newer.Build = "v1.2.3"
	if err := os.WriteFile(m.File, append([]byte(newer.header()), whole[len(m.header()):]...), 0o666); err != nil {
		t.Fatal(err)
	}
	if mem := newer.open(); len(mem.entries) > 0 {
		t.Errorf("%d entries of another build are read", len(mem.entries))
	}
	wantSame(t, "another build's entries", readAll(t, &newer, dir), want)
	if mem := m.open(); len(mem.entries) > 0 {
		t.Errorf("%d entries of a newer build are read", len(mem.entries))
	}
}

func TestMemoInfoVerifyClear(t *testing.T) {
	dir, m := memoLog(t), newMemo(t)
	if info, err := m.Info(); err != nil || info != (MemoInfo{}) {
		t.Errorf("without a memo: %+v, %v", info, err)
	}
	all := len(readAll(t, m, dir).Receipt.Outcomes)
	info, err := m.Info()
	if err != nil || info.Files != all || info.Ignored != 1 || info.Runs < 7 || info.Problems < 4 ||
		info.Bytes != size(t, m.File) || info.StaleBytes != 0 || info.DamagedBytes != 0 {
		t.Errorf("%d files: %+v, %v", all, info, err)
	}
	verify := func(what string, want MemoCheck, paths ...string) {
		t.Helper()
		got, err := m.Verify(context.Background(), paths, ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	verify("all", MemoCheck{Same: all})
	verify("a folder", MemoCheck{Same: 3}, filepath.Join(dir, "a"))
	verify("an archive", MemoCheck{Same: 2}, filepath.Join(dir, "export.zip"))
	if _, err := m.Verify(context.Background(), []string{filepath.Join(dir, "nowhere")}, ingest.Options{}); err == nil {
		t.Error("no error for a path that does not exist")
	}

	forge(t, m, filepath.Join(dir, "a", "2.fit"))
	err = errors.Join(touch(filepath.Join(dir, "notes.txt"), memoNow), os.Remove(filepath.Join(dir, "a", "1.fit")))
	if err != nil {
		t.Fatal(err)
	}
	verify("changes", MemoCheck{Same: all - 3, Changed: 1, Gone: 1, Different: []string{filepath.Join(dir, "a", "2.fit")}})
	if info, err := m.Info(); err != nil || info.StaleBytes == 0 {
		t.Errorf("with a superseded entry: %+v, %v", info, err)
	}

	// A file too young to be trusted is no proof against the memo.
	young := filepath.Join(dir, "a", "2.fit")
	for n := 2; n <= 3; n++ {
		put(t, young, runFile(n))
		if err := touch(young, memoNow); err != nil {
			t.Fatal(err)
		}
		if n == 2 {
			readAll(t, m, young)
		}
	}
	verify("a young file", MemoCheck{Changed: 1}, young)

	put(t, m.File+".123.tmp", []byte("left"))
	want := size(t, m.File) + 4
	if n, err := m.Clear(); err != nil || n != want {
		t.Errorf("cleared %d bytes, want %d; %v", n, want, err)
	}
	if n, err := m.Clear(); err != nil || n != 0 {
		t.Errorf("cleared %d bytes again, %v", n, err)
	}
}

// forge appends a sound entry with another distance for a file.
func forge(t *testing.T, m *Memo, name string) {
	t.Helper()
	mem := m.open()
	mem.index(settings(ingest.Options{}))
	e := (&recall{m: mem}).find(name)
	r, ok := e.result(name, &mem.reader, nil)
	if !ok {
		t.Fatal("not remembered")
	}
	r.Values[0].Run.DistM++
	c := codec{}
	c.result(&r)
	e.body = string(c.out)
	if err := appendMemo(m.File, mem.appendFrame(nil, e)); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkMemoWarm is a run over files none of which has changed, on a log of real shape and on ten times as much.
func BenchmarkMemoWarm(b *testing.B) {
	for _, n := range []int{2500, 25_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := &Memo{File: filepath.Join(b.TempDir(), "runs.memo")}
			mem := m.open()
			for i := range n {
				session := Session{Sport: ingest.Running, Run: benchRun(i)}
				r := ingest.Result[judged]{File: "x", Values: []judged{{session: session}}}
				mem.learn(&ingest.File{Path: fmt.Sprintf("/home/somebody/runs/2016/%06d.fit", i)}, &r)
			}
			if err := mem.save(); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(mem.size)
			b.ReportAllocs()
			for b.Loop() {
				mem := m.open()
				mem.index("")
				for i := range mem.entries {
					if _, ok := mem.entries[i].result("x", &mem.reader, nil); !ok {
						b.Fatal("not remembered")
					}
				}
			}
		})
	}
}

// benchRun is a run with as many cells as the median of a real log has.
func benchRun(i int) *Run {
	r := &Run{ID: "0123456789abcdef", Format: ingest.FIT, Kind: ingest.Road, OffsetFrom: ingest.OffsetFile, DistM: float64(i)}
	r.Surface.UnknownM = r.DistM
	var level, third Hist
	for k := range 40 {
		c := HistCell{Bin: uint8(10 + k/8), SPM: uint8(160 + k%8), Seconds: float32(k * 3)}
		level = append(level, c)
		if k%2 == 0 {
			third = append(third, c)
		}
	}
	r.Cadence.Level, r.Cadence.FirstThird, r.Cadence.LastThird = level.Pack(), third.Pack(), third.Pack()
	return r
}
