package analyze

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// TestOpenMemo reads several folders at once, cold and warm, and compares with readings without a memo.
func TestOpenMemo(t *testing.T) {
	dir := t.TempDir()
	names := []string{"eva", "jonas", "kim", "mara"}
	for i, name := range names {
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		for day := range 3 {
			r := ingesttest.Run{
				Start: time.Date(2026, 6, 1+day, 7, i, 0, 0, time.UTC), DistM: 3000 + 100*float64(i), SpeedMPS: 2.8, CadenceSPM: 160, EveryS: 20,
			}
			file := filepath.Join(folder, r.Start.Format("0102")+".fit")
			if err := os.WriteFile(file, r.FIT(), 0o666); err != nil {
				t.Fatal(err)
			}
			old := time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC)
			if err := os.Chtimes(file, old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	memo := &Memo{File: filepath.Join(dir, "runs.memo"), Build: "test", Now: time.Date(2026, 6, 14, 0, 0, 0, 0, time.UTC)}
	// readAll returns how many files were really read.
	readAll := func() int {
		open, read := memo.Open(), 0
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, name := range names {
			wg.Go(func() {
				options := ingest.Options{Workers: 1, Progress: func(ingest.Progress) {
					mu.Lock()
					defer mu.Unlock()
					read++
				}}
				got, _, _, err := open.Read(context.Background(), []string{filepath.Join(dir, name)}, options)
				if err != nil {
					t.Error(err)
				}
				want, _, _, err := Read(context.Background(), []string{filepath.Join(dir, name)}, ingest.Options{})
				if err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
					t.Errorf("%s (-without +with):\n%s", name, diff)
				}
			})
		}
		wg.Wait()
		if err := open.Save(); err != nil {
			t.Error(err)
		}
		return read
	}
	if n := readAll(); n != 12 {
		t.Errorf("%d files read at first, want 12", n)
	}
	if n := readAll(); n != 0 {
		t.Errorf("%d files read again", n)
	}
	info, err := memo.Info()
	if err != nil || info.Files != 12 || info.StaleBytes > 0 || info.DamagedBytes > 0 {
		t.Errorf("%+v, %v", info, err)
	}
	// A damaged memo is written anew with what all have read.
	content, err := os.ReadFile(memo.File)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(memo.File, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := readAll(); n == 0 || n == 12 {
		t.Errorf("%d files read with half a memo", n)
	}
	if n := readAll(); n != 0 {
		t.Errorf("%d files read again after the repair", n)
	}
	none := (&Memo{}).Open()
	if runs, _, _, err := none.Read(context.Background(), []string{dir}, ingest.Options{}); err != nil || len(runs) != 12 || none.Save() != nil {
		t.Errorf("without a memo: %d runs, %v", len(runs), err)
	}
}
