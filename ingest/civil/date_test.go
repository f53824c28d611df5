package civil_test

import (
	"testing"
	"time"

	"kneecheck/ingest/civil"
)

func TestOfUsesTheTimesOwnZone(t *testing.T) {
	instant := time.Date(2024, 3, 3, 22, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		offsetH int
		want    string
	}{{0, "2024-03-03"}, {2, "2024-03-04"}, {-23, "2024-03-02"}, {14, "2024-03-04"}} {
		got := civil.Of(instant.In(time.FixedZone("", tc.offsetH*3600)))
		if got.String() != tc.want {
			t.Errorf("offset %+d h: got %s, want %s", tc.offsetH, got, tc.want)
		}
	}
}

func TestEveryDayFor200Years(t *testing.T) {
	from := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 200 * 366 {
		want := from.AddDate(0, 0, i)
		d := civil.Of(want)
		if !d.Time().Equal(want) || d.Weekday() != want.Weekday() {
			t.Fatalf("%s became %s, a %s", want, d, d.Weekday())
		}
		for first := time.Sunday; first <= time.Saturday; first++ {
			s := d.WeekStart(first)
			if s.Weekday() != first || d-s < 0 || d-s > 6 {
				t.Fatalf("week of %s from %s starts %s", d, first, s)
			}
		}
	}
}

func TestParse(t *testing.T) {
	d, err := civil.Parse("2024-02-29")
	if err != nil || d != civil.New(2024, 2, 29) {
		t.Errorf("got %v, %v", d, err)
	}
	for _, bad := range []string{"", "2024-02-30", "29.2.2024", "2024-2-9"} {
		if _, err := civil.Parse(bad); err == nil {
			t.Errorf("%q was taken for a date", bad)
		}
	}
}
