package ingest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParseStamp(t *testing.T) {
	for _, tc := range []struct {
		text string
		want string // in UTC, "" if it is no time
		zone stampZone
	}{
		{"2024-05-04T06:07:08Z", "2024-05-04T06:07:08Z", zoneUTC},
		{"2024-05-04T06:07:08.25Z", "2024-05-04T06:07:08.25Z", zoneUTC},
		{"2024-05-04T06:07:08.123456789Z", "2024-05-04T06:07:08.123456789Z", zoneUTC},
		{"2024-05-04T06:07:08.1234567894321Z", "2024-05-04T06:07:08.123456789Z", zoneUTC},
		{"2024-05-04T06:07:08,5Z", "2024-05-04T06:07:08.5Z", zoneUTC},
		{"2024-05-04T06:07:08ZZ", "2024-05-04T06:07:08Z", zoneUTC},
		{"2024-05-04t06:07:08z", "2024-05-04T06:07:08Z", zoneUTC},
		{"\n  2024-05-04T06:07:08Z\t", "2024-05-04T06:07:08Z", zoneUTC},
		{"2024-05-04T06:07:08+00:00", "2024-05-04T06:07:08Z", zoneUTC},
		{"2024-05-04T06:07:08-00:00", "2024-05-04T06:07:08Z", zoneUTC},
		// gpxgo reads these two four hours apart: it cuts the offset off with the fraction.
		{"2024-05-04T06:07:08+02:00", "2024-05-04T04:07:08Z", zoneOffset},
		{"2024-05-04T06:07:08.000+02:00", "2024-05-04T04:07:08Z", zoneOffset},
		{"2024-05-04T06:07:08.5-03:30", "2024-05-04T09:37:08.5Z", zoneOffset},
		{"2024-05-04T06:07:08+0530", "2024-05-04T00:37:08Z", zoneOffset},
		{"2024-05-04T06:07:08+08", "2024-05-03T22:07:08Z", zoneOffset},
		{"2024-05-04T06:07:08-00:30", "2024-05-04T06:37:08Z", zoneOffset},
		{"2024-05-04T06:07:08", "2024-05-04T06:07:08Z", zoneNone},
		{"2024-05-04 06:07:08", "2024-05-04T06:07:08Z", zoneNone},
		{"2024-05-04 06:07:08.75", "2024-05-04T06:07:08.75Z", zoneNone},
		{"2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z", zoneUTC},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", zoneUTC},
		{"9999-12-31T23:59:59-14:00", "10000-01-01T13:59:59Z", zoneOffset},
		{"2023-02-29T00:00:00Z", "", 0},
		{"2100-02-29T00:00:00Z", "", 0},
		{"2024-13-01T00:00:00Z", "", 0},
		{"2024-00-01T00:00:00Z", "", 0},
		{"2024-04-31T00:00:00Z", "", 0},
		{"2024-05-04T24:00:00Z", "", 0},
		{"2024-05-04T06:60:00Z", "", 0},
		{"2024-05-04T06:07:60Z", "", 0},
		{"2024-05-04T06:07:08.Z", "", 0},
		{"2024-05-04T06:07:08Zulu", "", 0},
		{"2024-05-04T06:07:08+", "", 0},
		{"2024-05-04T06:07:08+2", "", 0},
		{"2024-05-04T06:07:08+02:", "", 0},
		{"2024-05-04T06:07:08+02:6", "", 0},
		{"2024-05-04T06:07:08+02:60", "", 0},
		{"2024-05-04T06:07:08+24:00", "", 0},
		{"2024-05-04T06:07:08+02:00:00", "", 0},
		{"2024-05-04T06:07:0xZ", "", 0},
		{"2024-05-04", "", 0},
		{"1714802828", "", 0},
		{"", "", 0},
	} {
		got, ok := parseStamp([]byte(tc.text))
		if ok != (tc.want != "") {
			t.Errorf("%q: read is %v", tc.text, ok)
			continue
		}
		if !ok {
			continue
		}
		if s := time.Unix(got.unixS, int64(got.ns)).UTC().Format(time.RFC3339Nano); s != tc.want || got.zone != tc.zone {
			t.Errorf("%q: got %s in zone %d, want %s in %d", tc.text, s, got.zone, tc.want, tc.zone)
		}
	}
}

func TestParseStampAgreesWithTimeParse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		at := time.Unix(r.Int64N(253402300800+62135596800)-62135596800, 0).UTC()
		if r.IntN(4) > 0 {
			at = at.Add(time.Duration(r.Int64N(1e9)))
		}
		if r.IntN(2) > 0 {
			at = at.In(time.FixedZone("", (r.IntN(2*14*60)-14*60)*60))
		}
		text := at.Format(time.RFC3339Nano)
		want, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			continue // an offset has moved the time out of the years 0 to 9999
		}
		got, ok := parseStamp([]byte(text))
		_, offset := want.Zone()
		if !ok || got.unixS != want.Unix() || got.ns != want.Nanosecond() || got.offsetS != offset {
			t.Fatalf("%s: got %+v, %v, want %s", text, got, ok, want)
		}
	}
}

// Every byte of a time replaced by every other: whatever we take, time.Parse or a spelling named above takes too.
func TestParseStampRefusesWhatTimeParseRefuses(t *testing.T) {
	const good = "2024-05-04T06:07:08.5+02:00"
	for i := range len(good) {
		for c := range 128 {
			text := good[:i] + string(rune(c)) + good[i+1:]
			got, ok := parseStamp([]byte(text))
			want, err := time.Parse(time.RFC3339Nano, text)
			switch {
			case ok && err == nil && (got.unixS != want.Unix() || got.ns != want.Nanosecond()):
				t.Errorf("%q: got %+v, want %s", text, got, want)
			case ok && err != nil && !strings.ContainsAny(text[10:11], " t"):
				t.Errorf("%q was taken for a time", text)
			case !ok && err == nil && !strings.HasSuffix(text, ":60"): // time.Parse lets an offset have 60 minutes
				t.Errorf("%q was refused", text)
			}
		}
	}
}

func TestDaysSince1970AgreesWithTimeDate(t *testing.T) {
	for day := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 10000; day = day.AddDate(0, 0, 1) {
		y, m, d := day.Date()
		if got := daysSince1970(y, int(m), d); got*86400 != day.Unix() {
			t.Fatalf("%s: got %d", day, got)
		}
		if d > daysIn(y, int(m)) {
			t.Fatalf("%s is a day too many", day)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for _, tc := range []struct {
		text string
		want float64
		ok   bool
	}{
		{"0", 0, true}, {"-0.0", math.Copysign(0, -1), true}, {"5", 5, true}, {"+5.", 5, true}, {".5", 0.5, true},
		{" 48.1\n", 48.1, true}, {"-122.4194155", -122.4194155, true}, {"1e2", 100, true}, {"1.5E-3", 0.0015, true},
		{"47.12345678901234567890123456789", 47.12345678901234567890123456789, true},
		{"60,1", 60.1, true}, {"-60,125", -60.125, true},
		{"8.6000003814697265625", 8.6000003814697265625, true},
		{"0.00000000000000000000001234", 1.234e-23, true}, {"123456789012345678901234567890", 123456789012345678901234567890, true},
		{"", 0, false}, {"-", 0, false}, {".", 0, false}, {"1.2.3", 0, false}, {"1,2,3", 0, false}, {"1,234.5", 0, false},
		{",", 0, false}, {"NaN", 0, false}, {"Inf", 0, false}, {"-infinity", 0, false}, {"0x10", 0, false}, {"1_000", 0, false},
		{"1e999", 0, false}, {"abc", 0, false}, {"12 34", 0, false}, {"5m", 0, false}, {"--5", 0, false},
	} {
		got, ok := parseDecimal([]byte(tc.text))
		if ok != tc.ok || ok && math.Float64bits(got) != math.Float64bits(tc.want) {
			t.Errorf("%q: got %v, %v, want %v, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func TestParseDecimalAgreesWithStrconv(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500_000 {
		var text string
		switch r.IntN(4) {
		case 0: // digits at random
			text = fmt.Sprintf("%d.%0*d", r.IntN(1000)-500, 1+r.IntN(18), r.Uint64()>>(1+r.IntN(62)))
		case 1: // the whole expansion of a float64, and its neighbourhood
			text = strconv.FormatFloat(r.Float64()*360-180, 'f', r.IntN(60), 64)
		case 2: // half way between two float64, with something behind or not
			v := r.Float64() * 180
			half := strconv.FormatFloat(v, 'f', 52, 64)
			text = half[:len(half)-r.IntN(40)] + "5"
		default: // integers
			text = strconv.FormatUint(r.Uint64()>>r.IntN(64), 10)
		}
		want, err := strconv.ParseFloat(text, 64)
		got, ok := parseDecimal([]byte(text))
		if err != nil || !ok || got != want {
			t.Fatalf("%q: got %v, %v, want %v, %v", text, got, ok, want, err)
		}
	}
}

// The value that lies exactly between two float64, and just above and below, is where rounding goes wrong first.
func TestParseDecimalRoundsHalfToEven(t *testing.T) {
	for _, text := range []string{
		"9007199254740993", "9007199254740995", "9007199254740992.5", "9007199254740993.0000000000000000001",
		"9007199254740992.9999999999999999999", "4503599627370496.5", "4503599627370497.5", "4503599627370497.50000000000001",
		"18446744073709551615", "18446744073709551616", "9999999999999999999", "1.7976931348623157",
	} {
		want, _ := strconv.ParseFloat(text, 64)
		if got, ok := parseDecimal([]byte(text)); !ok || got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
