package analyze_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// BenchmarkRead reads and reduces a folder of hour-long runs sampled every second, a format at a time.
func BenchmarkRead(b *testing.B) {
	for _, tc := range []struct {
		name  string
		write func(ingesttest.Run) []byte
	}{
		{"fit", ingesttest.Run.FIT},
		{"gpx", ingesttest.Run.GPX},
	} {
		b.Run(tc.name, func(b *testing.B) {
			const files = 12
			dir, size := b.TempDir(), int64(0)
			for i := range files {
				data := tc.write(ingesttest.Run{
					Start: time.Date(2026, 6, 1+i, 16, 0, 0, 0, time.UTC), OffsetS: 7200, DistM: 10_080, SpeedMPS: 2.8,
					CadenceSPM: 164, HillM: 30, HillEveryM: 1000,
				})
				size += int64(len(data))
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.%s", i, tc.name)), data, 0o644); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				runs, _, receipt, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
				if err != nil || len(runs) != files {
					b.Fatalf("%d runs of %d, problems %v, error %v", len(runs), files, receipt.Problems, err)
				}
			}
			b.ReportMetric(float64(files)*float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}
