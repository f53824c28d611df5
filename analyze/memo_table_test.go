package analyze

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kneecheck/ingest"
)

// zipOf packs files one way, in order of number.
func zipOf(t *testing.T, method uint16, names []string, contents [][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write(contents[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTableIsRemembered: a compressed archive in another one is not inflated to see that nothing has changed.
func TestTableIsRemembered(t *testing.T) {
	var names []string
	var runs [][]byte
	for n := range 3 {
		names, runs = append(names, fmt.Sprintf("%d.fit", n)), append(runs, runFile(n))
	}
	deepest := zipOf(t, zip.Deflate, names, runs)
	inner := zipOf(t, zip.Deflate, []string{"more.zip", "4.fit"}, [][]byte{deepest, runFile(4)})
	outer := zipOf(t, zip.Deflate, []string{"part.zip", "notes.txt"}, [][]byte{inner, []byte("mine")})
	file := filepath.Join(t.TempDir(), "export.zip")
	put(t, file, outer)
	m := newMemo(t)
	want := readAll(t, nil, file)
	if len(want.Runs) != 4 {
		t.Fatalf("%d runs, want 4", len(want.Runs))
	}
	wantSame(t, "read", readAll(t, m, file), want)

	at := bytes.Index(outer, []byte("part.zip")) + len("part.zip")
	spoilt := bytes.Clone(outer)
	clear(spoilt[at : at+64])
	put(t, file, spoilt)
	wantSame(t, "remembered, the inner archive no longer one", readAll(t, m, file), want)
	if info, err := m.Info(); err != nil || info.Files != 5 || info.Runs != 4 || info.DamagedBytes != 0 {
		t.Errorf("%+v, %v", info, err)
	}
	if err := touch(file, memoNow.Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := readAll(t, m, file); len(got.Runs) != 0 || len(got.Receipt.Problems) == 0 {
		t.Errorf("%d runs and %v of an archive that has changed", len(got.Runs), got.Receipt.Problems)
	}

	// A run has been added: the archive is inflated for it.
	more := zipOf(t, zip.Deflate, []string{"part.zip", "5.fit"}, [][]byte{inner, runFile(5)})
	put(t, file, more)
	wantSame(t, "a run more", readAll(t, m, file), readAll(t, nil, file))

	// What is too large today is refused although it was read.
	read := func(m *Memo) everything {
		var e everything
		var err error
		e.Runs, e.Strength, e.Receipt, err = m.Read(context.Background(), []string{file}, ingest.Options{MaxBytes: int64(len(inner)) / 8})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	wantSame(t, "with less allowed", read(m), read(nil))
}

// TestTablesOfManyAthletes reads archives in archives of several athletes at once, cold, warm and checked.
func TestTablesOfManyAthletes(t *testing.T) {
	dir := t.TempDir()
	const athletes, runs = 4, 3
	folder := func(n int) string { return filepath.Join(dir, fmt.Sprint("athlete ", n)) }
	want := make([]everything, athletes)
	for n := range athletes {
		var names []string
		var contents [][]byte
		for k := range runs {
			names, contents = append(names, fmt.Sprintf("%d.fit", k)), append(contents, runFile(10*n+k))
		}
		inner := zipOf(t, zip.Deflate, names, contents)
		cut := inner[:len(inner)-30] // what is salvaged is not remembered, and found again
		put(t, filepath.Join(folder(n), "export.zip"), zipOf(t, zip.Deflate, []string{"part.zip", "cut.zip"}, [][]byte{inner, cut}))
		if want[n] = readAll(t, nil, folder(n)); len(want[n].Runs) != 2*runs || len(want[n].Receipt.Problems) == 0 {
			t.Fatalf("%d runs, problems %v", len(want[n].Runs), want[n].Receipt.Problems)
		}
	}
	m := newMemo(t)
	for _, what := range []string{"cold", "warm"} {
		open := m.Open()
		var wg sync.WaitGroup
		for n := range athletes {
			wg.Go(func() {
				var got everything
				var err error
				if got.Runs, got.Strength, got.Receipt, err = open.Read(context.Background(), []string{folder(n)}, ingest.Options{Workers: 1}); err != nil {
					t.Error(err)
					return
				}
				wantSame(t, fmt.Sprintf("%s, athlete %d", what, n), got, want[n])
			})
		}
		wg.Wait()
		if err := open.Save(); err != nil {
			t.Fatal(err)
		}
	}
	check, err := m.Verify(context.Background(), nil, ingest.Options{})
	if err != nil || check.Same != 2*runs*athletes || check.Changed+check.Gone+len(check.Different) > 0 {
		t.Errorf("%+v, %v", check, err)
	}
	if _, err := m.Clear(); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "after the memo is cleared", readAll(t, m, folder(0)), want[0])
}
