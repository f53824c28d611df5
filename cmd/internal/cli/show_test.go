package cli

import (
	"slices"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

func TestFindRuns(t *testing.T) {
	run := func(id, file, day string, km float64, also ...string) *analyze.Run {
		date, err := civil.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		return &analyze.Run{ID: id, File: file, AlsoIn: also, Date: date, Start: date.Time().Add(7 * time.Hour), DistM: km * 1000}
	}
	log := &analyze.Log{Runs: []*analyze.Run{
		run("deadbeef00000000", "runs/a.fit", "2026-06-01", 10, "phone/a.gpx"),
		run("deadbeef11111111", "runs/b.fit", "2026-06-02", 22),
		run("0123456789abcdef", "runs/tri.fit", "2026-06-03", 5),
		run("0123456789abcdef-2", "runs/tri.fit", "2026-06-03", 22),
		run("2026060455555555", "export.zip!activities/9.gpx", "2026-06-04", 6),
	}}
	for _, tc := range []struct {
		name string
		want []int
		err  string
	}{
		{"", []int{0, 1, 2, 3, 4}, ""},
		{"last", []int{4}, ""},
		{"longest", []int{3}, ""},
		{"2026-06-02", []int{1}, ""},
		{"deadbeef1", []int{1}, ""},
		{"0123456789abcdef", []int{2}, ""},
		{"0123456789abcdef-2", []int{3}, ""},
		{"20260604", []int{4}, ""},
		{"runs/a.fit", []int{0}, ""},
		{"./runs/../runs/a.fit", []int{0}, ""},
		{"phone/a.gpx", []int{0}, ""},
		{"b.fit", []int{1}, ""},
		{"tri.fit", []int{2, 3}, ""},
		{"activities/9.gpx", []int{4}, ""},
		{"2026-06-03", nil, "2 runs on 2026-06-03 (name one by its id):"},
		{"deadbeef", nil, "2 runs with an id that begins with deadbeef (name one by its id):"},
		{"2026-06-09", nil, "no run on 2026-06-09 (the log has 5 runs, 2026-06-01 to 2026-06-04)"},
		{"dea", nil, `no run is "dea": give last, longest, a date such as 2026-06-04, an id, or a file of the log`},
		{"fit", nil, `no run is "fit": give last, longest, a date such as 2026-06-04, an id, or a file of the log`},
	} {
		got, err := findRuns(log, tc.name)
		if !slices.Equal(got, tc.want) || (err == nil) != (tc.err == "") || err != nil && err.Error() != tc.err {
			t.Errorf("%q: got %v, %v, want %v, %q", tc.name, got, err, tc.want, tc.err)
		}
	}
}

func TestSplitM(t *testing.T) {
	for _, tc := range []struct {
		km   float64
		u    analyze.Units
		want float64
	}{{5, analyze.Kilometres, 1000}, {50, analyze.Kilometres, 1000}, {50.1, analyze.Kilometres, 5000}, {300, analyze.Kilometres, 10000}, {42.2, analyze.Miles, 1609.344}} {
		if got := splitM(&analyze.Run{DistM: tc.km * 1000}, tc.u); got != tc.want {
			t.Errorf("%v km in %s: %v m, want %v", tc.km, tc.u, got, tc.want)
		}
	}
}
