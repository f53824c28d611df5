package ingest

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkReadStrava reads ten thousand rows of 103 columns.
func BenchmarkReadStrava(b *testing.B) {
	var table strings.Builder
	table.WriteString(englishHead + strings.Repeat(",More", 81) + "\n")
	for i := range 10_000 {
		fmt.Fprintf(&table, "%d,\"Sep 12, 2018, 3:02:23 PM\",E,Run,\"%s\",1900,3.1,,,false,,Nike Pegasus,activities/%d.fit.gz,,,1901.0,1800.0,5000.0,4,2.7,30,31%s\n",
			i, strings.Repeat("words ", 60), i, strings.Repeat(",12.5", 81))
	}
	text := table.String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if rows, p := ReadStrava(strings.NewReader(text)); len(rows) != 10_000 || p != nil {
			b.Fatal(len(rows), p)
		}
	}
}
