package cli

import (
	"testing"
	"time"

	"kneecheck/ingest/civil"
)

func TestSizeFlag(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "200": 200, "200B": 200, "1kB": 1000, "1KB": 1000, "1KiB": 1024, "200MB": 200e6, "64MiB": 64 << 20, "1.5 GiB": 3 << 29, "1GB": 1e9,
	} {
		var f sizeFlag
		if err := f.Set(text); err != nil || int64(f) != want {
			t.Errorf("%q: %d, %v, want %d", text, f, err, want)
		}
	}
	for _, text := range []string{"", "MB", "big", "-1MB", "0", "0.1", "1TB", "9999999GiB", "nan", "inf", "NaNMB", "1e400"} {
		var f sizeFlag
		if err := f.Set(text); err == nil {
			t.Errorf("%q is taken for %d bytes", text, f)
		}
	}
}

func TestWeekFlag(t *testing.T) {
	asOf := civil.New(2026, time.June, 14) // a Sunday
	for _, tc := range []struct {
		text  string
		first time.Weekday
		want  string
	}{
		{"this", time.Monday, "2026-06-08"},
		{"last", time.Monday, "2026-06-01"},
		{"this", time.Sunday, "2026-06-14"},
		{"last", time.Sunday, "2026-06-07"},
		{"2026-W01", time.Monday, "2025-12-29"},
		{"2026-W24", time.Monday, "2026-06-08"},
		{"2026-W24", time.Sunday, "2026-06-07"},
		{"2020-W53", time.Monday, "2020-12-28"},
		{"2026-W53", time.Monday, "2026-12-28"},
	} {
		var f weekFlag
		if err := f.Set(tc.text); err != nil {
			t.Errorf("%s: %v", tc.text, err)
			continue
		}
		if got := f.start(asOf, tc.first).String(); got != tc.want {
			t.Errorf("%s, weeks from %v: %s, want %s", tc.text, tc.first, got, tc.want)
		}
	}
	for _, text := range []string{"", "next", "2026-W00", "2025-W53", "2026-W54", "2026-W1", "2026-06-01", "26-W10"} {
		var f weekFlag
		if err := f.Set(text); err == nil {
			t.Errorf("%q is taken for a week", text)
		}
	}
}
