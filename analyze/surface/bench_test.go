//go:build !cgo

package surface

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"kneecheck/analyze/surface/osmtest"
)

// bigMap writes a map of at least a size into a temporary folder: copies of the extract of Heidelberg side by side, nodes
// first.
func bigMap(b *testing.B, size int) string {
	b.Helper()
	data, err := os.ReadFile(heidelberg(b))
	if err != nil {
		b.Fatal(err)
	}
	var m osmtest.Map
	scan := osmpbf.New(b.Context(), bytes.NewReader(data), 2)
	for scan.Scan() {
		switch o := scan.Object().(type) {
		case *osm.Node:
			m.Nodes = append(m.Nodes, osmtest.Node{ID: int64(o.ID), Lat: o.Lat, Lon: o.Lon})
		case *osm.Way:
			w := osmtest.Way{ID: int64(o.ID)}
			for _, n := range o.Nodes {
				w.Refs = append(w.Refs, int64(n.ID))
			}
			for _, t := range o.Tags {
				w.Tags = append(w.Tags, osmtest.Tag{Key: t.Key, Value: t.Value})
			}
			m.Ways = append(m.Ways, w)
		}
	}
	if err := scan.Close(); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "big.osm.pbf")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	head := len(osmtest.PBF{}.Write(&osmtest.Map{}))
	one := osmtest.PBF{}.Write(&m)
	copies := size/(len(one)-head) + 1
	f.Write(one[:head])
	for _, ways := range []bool{false, true} {
		for k := range copies {
			var c osmtest.Map
			const idShift = 100_000_000_000
			for _, n := range m.Nodes {
				c.Nodes = append(c.Nodes, osmtest.Node{ID: n.ID + int64(k)*idShift, Lat: n.Lat - float64(k/20)*.3, Lon: n.Lon + float64(k%20)*1.5})
			}
			if ways {
				c.Nodes = nil
				for _, w := range m.Ways {
					w.ID += int64(k) * idShift
					w.Refs = append([]int64(nil), w.Refs...)
					for i := range w.Refs {
						w.Refs[i] += int64(k) * idShift
					}
					c.Ways = append(c.Ways, w)
				}
			}
			if _, err := f.Write(osmtest.PBF{}.Write(&c)[head:]); err != nil {
				b.Fatal(err)
			}
		}
	}
	return path
}

// importChild is the environment variable by which BenchmarkImport asks a process of its own for an import.
const importChild = "KNEECHECK_TEST_IMPORT"

func TestImportChild(t *testing.T) {
	path := os.Getenv(importChild)
	if path == "" {
		t.Skip("this is a part of BenchmarkImport")
	}
	o := Options{Dir: t.TempDir(), All: strings.HasPrefix(path, "all:")}
	_, path, _ = strings.Cut(path, ":")
	for lat := 49.37; lat < 49.45; lat += .02 {
		for lon := 8.64; lon < 8.78; lon += .02 {
			tile, _ := TileOf(lat, lon)
			o.Keep = append(o.Keep, tile)
		}
	}
	began := time.Now()
	stats, err := Import(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began).Seconds()
	peak := 0
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		fmt.Sscanf(line, "VmHWM: %d kB", &peak)
	}
	r := stats.Region
	fmt.Printf("\nresult %g %d %d %d %d\n", took, peak, r.SourceBytes, r.Ways, r.Bytes)
}

// BenchmarkImport imports a map of 128 MiB locally and one of 24 MiB whole, in processes of their own. All ways of both are
// for feet, several times as many as in a usual map.
func BenchmarkImport(b *testing.B) {
	for how, size := range map[string]int{"local": 128 << 20, "all": 24 << 20} {
		b.Run(how, func(b *testing.B) {
			path := bigMap(b, size)
			var took, cpu, peak, size, ways, bytes float64
			for b.Loop() {
				cmd := exec.Command(os.Args[0], "-test.run=^TestImportChild$")
				cmd.Env = append(os.Environ(), importChild+"="+how+":"+path)
				out, err := cmd.Output()
				if err != nil {
					b.Fatal(err, string(out))
				}
				_, result, _ := strings.Cut(string(out), "result ")
				var t float64
				if _, err := fmt.Sscan(result, &t, &peak, &size, &ways, &bytes); err != nil {
					b.Fatal(err, string(out))
				}
				took += t
				cpu += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
			}
			b.ReportMetric(size*float64(b.N)/took/1e6, "MB/s")
			b.ReportMetric(size*float64(b.N)/cpu/1e6, "MB/CPU-s")
			b.ReportMetric(peak/1024, "MiB-RSS")
			b.ReportMetric(bytes/ways, "B/way")
			b.ReportMetric(bytes/1e6, "MB-index")
			b.ReportMetric(ways, "ways")
		})
	}
}

// BenchmarkRead reads all nodes and ways of the extract of Heidelberg, with this reader and with that of paulmach/osm.
func BenchmarkRead(b *testing.B) {
	data, err := os.ReadFile(heidelberg(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("own", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		all := want{ways: true, node: func(int64, int32, int32) bool { return true }}
		for b.Loop() {
			if _, err := readOSM(b.Context(), bytes.NewReader(data), all, func(*block) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			scan := osmpbf.New(b.Context(), bytes.NewReader(data), 2)
			scan.SkipRelations = true
			scan.FilterNode = func(*osm.Node) bool { return false }
			scan.FilterWay = func(w *osm.Way) bool { return w.Tags.Find("highway") != "" }
			for scan.Scan() {
			}
			if err := errors.Join(scan.Err(), scan.Close()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkNetwork loads what a run in Heidelberg needs, three by three tiles.
func BenchmarkNetwork(b *testing.B) {
	dir := b.TempDir()
	if _, err := Import(b.Context(), heidelberg(b), Options{Dir: dir, All: true}); err != nil {
		b.Fatal(err)
	}
	a, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	box := Box{49.39, 8.67, 49.43, 8.71}
	n, err := a.Network(box)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := a.Network(box); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(n.Ways)), "ways")
}
