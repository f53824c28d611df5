// Package civil has the calendar day: a date without a clock or a zone, which is what weeks, gaps and streaks are made of.
package civil

import (
	"fmt"
	"time"
)

// Date is a calendar day, counted in days since 1970-01-01. Differences and comparisons are integer arithmetic.
type Date int32

const day = 24 * time.Hour

// New returns the date of a year, month and day, normalized as time.Date does.
func New(year int, month time.Month, dayOfMonth int) Date {
	return Of(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC))
}

// Of returns the calendar day that t's own location shows.
func Of(t time.Time) Date {
	_, offset := t.Zone()
	s := t.Unix() + int64(offset)
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return Date(d)
}

// Parse reads an ISO date, "2024-03-04".
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date like 2024-03-04", s)
	}
	return Of(t), nil
}

// Time returns midnight UTC of the day, for formatting.
func (d Date) Time() time.Time { return time.Unix(int64(d)*int64(day/time.Second), 0).UTC() }

// String returns the ISO form, "2024-03-04".
func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	// 1970-01-01 was a Thursday.
	return time.Weekday(((int(d)+int(time.Thursday))%7 + 7) % 7)
}

// WeekStart returns the first day of the week that holds d, for weeks that begin on first.
func (d Date) WeekStart(first time.Weekday) Date {
	return d - Date((int(d.Weekday())-int(first)+7)%7)
}

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
