package ingest_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// The two belong together: the ratio of their speeds is what counts, 0.15 is the aim. The second does all the work on a
// file, from opening it to the reduced run.
func BenchmarkDecodeTCX(b *testing.B) {
	run := ingesttest.Run{Start: time.Date(2026, 6, 1, 16, 0, 0, 0, time.UTC), OffsetS: 7200,
		DistM: 10_000, SpeedMPS: 2.8, CadenceSPM: 161, HillM: 30, HillEveryM: 1000}
	data := run.TCX()
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(data))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("kneecheck", func(b *testing.B) {
		name := filepath.Join(b.TempDir(), "run.tcx")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			b.Fatal(err)
		}
		// As in a log of many files, the worker's memory and the map of zones serve them all.
		files := slices.Repeat([]ingest.File{{Name: name, Size: int64(len(data))}}, 20)
		b.SetBytes(int64(len(files) * len(data)))
		b.ReportAllocs()
		for b.Loop() {
			results, err := ingest.Map(context.Background(), files, ingest.Options{Workers: 1}, analyze.Reduce)
			if err != nil || len(results[0].Values) != 1 {
				b.Fatal(err, results[0].Problems)
			}
		}
	})
}
