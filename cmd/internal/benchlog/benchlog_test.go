package main

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

// TestLog holds the synthetic log to what the benchmark takes for granted: every file is a run of its own, nothing is
// repaired away, the shares of the formats are as announced, and a second writing finds the first.
func TestLog(t *testing.T) {
	const n = 50
	folder := t.TempDir()
	dir, err := writeLog(folder, n)
	if err != nil {
		t.Fatal(err)
	}
	runs, _, receipt, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := analyze.Build(runs, nil, analyze.Options{AsOf: runs[0].Date + logDays})
	if len(log.Runs) != n || len(receipt.Problems) > 0 || receipt.Ignored > 0 {
		t.Errorf("%d runs of %d, %d problems, %d ignored", len(log.Runs), n, len(receipt.Problems), receipt.Ignored)
	}
	for _, r := range runs {
		if r.DistM < 4000 || r.DistM > 17_000 || r.MovingS < 29*60 || r.MovingS > 91*60 {
			t.Errorf("%s: %.0f m in %.0f s", r.File, r.DistM, r.MovingS)
		}
	}
	for _, f := range formats {
		files, err := os.ReadDir(filepath.Join(dir, f.name))
		if off := len(files) - f.share*n/100; err != nil || off < -1 || off > 1 {
			t.Errorf("%d files of %s, %v", len(files), f.name, err)
		}
	}
	if again, err := writeLog(folder, n); err != nil || again != dir {
		t.Errorf("written again to %s, %v", again, err)
	}
	for name, format := range map[string]string{
		"read": "tcx", "read-crc": "fit", "read-crc8": "fit", "decode-fit": "fit", "parse-gpx": "gpx", "xml-tokens": "tcx",
	} {
		if err := runLoop(name, filepath.Join(dir, format)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := runLoop("read-crc8", filepath.Join(dir, "gpx")); err == nil {
		t.Error("a GPX file has the checksum of a FIT file")
	}
}

func TestRecordsAreAsWideAsAWatchWrites(t *testing.T) {
	r := runOf(0, 2500)
	r.Treadmill = false
	records := int(r.DistM/r.SpeedMPS) + 1
	if perRecord := float64(len(r.FIT())) / float64(records); perRecord < 42 || perRecord > 45 {
		t.Errorf("%.1f bytes a record", perRecord)
	}
}

func TestCRC(t *testing.T) {
	data := []byte("123456789")
	if a, b := bytewiseCRC(data), slicedCRC(data); a != 0xBB3D || b != 0xBB3D {
		t.Errorf("CRC-16/ARC of the digits is %#x and %#x, want 0xbb3d", a, b)
	}
	long := []byte(strings.Repeat("kneecheck", 7))
	long = binary.LittleEndian.AppendUint16(long, bytewiseCRC(long))
	if slicedCRC(long) != 0 {
		t.Error("data with their checksum have another one than 0")
	}
}

func TestStat(t *testing.T) {
	self := func(v float64) float64 { return v }
	if got, want := statOf([]float64{4, 1, 3, 2}, self), (stat{median: 2.5, min: 1, max: 4}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := statOf([]float64{5, 1, 3}, self), (stat{median: 3, min: 1, max: 5}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestMeasure times two programs that every machine has.
func TestMeasure(t *testing.T) {
	b := &bench{options: options{rounds: 2, slack: 0.1}, scratch: t.TempDir()}
	slow, fast := &command{argv: []string{"sleep", "0.2"}}, &command{argv: []string{"echo"}, into: []string{"wc", "-l"}}
	for _, tt := range []struct {
		row    row
		missed bool
	}{
		{row{what: fast, other: slow, limit: 0.9}, false},
		{row{what: fast, other: slow, limit: 1, atLeast: true}, false},
		{row{what: slow, other: fast, limit: 1, atLeast: true}, true},
		{row{what: slow, other: fast, skip: "no"}, false},
	} {
		res, err := b.measure(tt.row)
		if err != nil {
			t.Fatal(err)
		}
		if res.missed != tt.missed {
			t.Errorf("ratio %v, missed %v, want %v", res.wall, res.missed, tt.missed)
		}
	}
	if _, err := b.measure(row{what: &command{argv: []string{"false"}}, other: fast}); err == nil {
		t.Error("a program that fails was measured")
	}
}

func TestReplaceTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + tableBegin + "old\n" + tableEnd + "after\n")
	if err := replaceTable(path, "new\n"); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if want := "before\n" + tableBegin + "\nnew\n\n" + tableEnd + "after\n"; string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
	write("no marks")
	if replaceTable(path, "new") == nil {
		t.Error("a document without marks was accepted")
	}
}
