package ingest

import (
	"bytes"
	"testing"

	"github.com/tormoder/fit"
)

// benchFiles are runs of 30, 57 and 90 minutes.
func benchFiles() (files [][]byte, records, size int) {
	for _, minutes := range []int{30, 57, 90} {
		files = append(files, watchFile(60*minutes))
		records += 60 * minutes
		size += len(files[len(files)-1])
	}
	return files, records, size
}

// BenchmarkDecodeFIT and BenchmarkTormoderFIT are a pair: read the one as a share of the other.
func BenchmarkDecodeFIT(b *testing.B) {
	files, records, size := benchFiles()
	buf := new(buffers)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, data := range files {
			if acts, p := decodeFIT(data, buf); p != nil || len(acts) != 1 {
				b.Fatal(len(acts), p)
			}
		}
	}
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkWalkFIT is the walk alone.
func BenchmarkWalkFIT(b *testing.B) {
	files, records, size := benchFiles()
	buf := new(buffers)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, data := range files {
			buf.cols.reset()
			if w := walkFIT(data, int(data[0]), len(data)-2, buf); w.broken != nil || !checksumAt(data, 0, len(data)-2) {
				b.Fatal(w.broken)
			}
		}
	}
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkTormoderFIT(b *testing.B) {
	files, records, size := benchFiles()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, data := range files {
			if _, err := fit.Decode(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
