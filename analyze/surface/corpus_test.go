package surface

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// heidelberg is the extract of Heidelberg, where the folder of real files is set.
func heidelberg(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("KNEECHECK_CORPUS")
	if dir == "" {
		t.Skip("KNEECHECK_CORPUS is not set: no real map")
	}
	return filepath.Join(dir, "surface-heidelberg", "heidelberg.test.pbf")
}

func TestCorpusImport(t *testing.T) {
	path := heidelberg(t)
	dir := t.TempDir()
	began := time.Now()
	stats, err := Import(t.Context(), path, Options{Dir: dir, All: true})
	if err != nil {
		t.Fatal(err)
	}
	r := stats.Region
	t.Logf("%v: %d ways, %d tagged, %d tiles, %d bytes: %.1f a way; %d passes, date %v, box %v", time.Since(began), r.Ways, r.Tagged, r.Tiles, r.Bytes, float64(r.Bytes)/float64(r.Ways), stats.Passes, r.Date, r.Box)
	a, err := Open(dir)
	if err != nil || a.Empty() {
		t.Fatal(err, a.Broken())
	}
	began = time.Now()
	n, err := a.Network(r.Box)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v: %d ways, %d vertices", time.Since(began), len(n.Ways), len(n.Lat))
}
