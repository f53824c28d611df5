package ingest

import (
	"bytes"
	"math"
	"math/bits"
	"strconv"
)

// stampZone is what a written time says of its zone.
type stampZone uint8

const (
	// zoneNone is a time without a zone.
	zoneNone stampZone = iota
	// zoneUTC is a time that ends in Z or in an offset of zero, which many writers use for UTC wherever they are.
	zoneUTC
	// zoneOffset is a time with another offset: its digits are the local clock.
	zoneOffset
)

// stamp is an instant with the zone it was written in.
type stamp struct {
	unixS   int64
	ns      int
	offsetS int
	zone    stampZone
}

// parseStamp reads an RFC 3339 time and the spellings found beside it in activity files: a blank for the T, no zone
// (taken for UTC), offsets without a colon or minutes, a comma before the fraction, "ZZ" for "Z".
func parseStamp(b []byte) (stamp, bool) {
	b = trimBlanks(b)
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[13] != ':' || b[16] != ':' ||
		b[10] != 'T' && b[10] != ' ' && b[10] != 't' {
		return stamp{}, false
	}
	year1, ok1 := twoDigits(b[0:2])
	year2, ok2 := twoDigits(b[2:4])
	month, ok3 := twoDigits(b[5:7])
	day, ok4 := twoDigits(b[8:10])
	hour, ok5 := twoDigits(b[11:13])
	minute, ok6 := twoDigits(b[14:16])
	second, ok7 := twoDigits(b[17:19])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7) {
		return stamp{}, false
	}
	year := year1*100 + year2
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return stamp{}, false
	}
	t := stamp{unixS: daysSince1970(year, month, day)*86400 + int64(hour*3600+minute*60+second)}
	b = b[19:]
	if len(b) > 0 && (b[0] == '.' || b[0] == ',') {
		var ok bool
		if t.ns, b, ok = fraction(b[1:]); !ok {
			return stamp{}, false
		}
	}
	return t.inZone(b)
}

// inZone moves the instant by the offset that ends a written time.
func (t stamp) inZone(b []byte) (stamp, bool) {
	switch {
	case len(b) == 0:
		return t, true
	case b[0] == 'Z' || b[0] == 'z':
		t.zone = zoneUTC
		return t, len(b) == 1 || len(b) == 2 && b[1] == b[0]
	case b[0] != '+' && b[0] != '-' || len(b) < 3:
		return stamp{}, false
	}
	hour, ok := twoDigits(b[1:3])
	minute := 0
	if b, sign := b[3:], b[0]; len(b) > 0 {
		if b[0] == ':' {
			b = b[1:]
		}
		var okMinute bool
		if len(b) == 2 {
			minute, okMinute = twoDigits(b)
		}
		ok = ok && okMinute
		if sign == '-' {
			minute = -minute
		}
	}
	if b[0] == '-' {
		hour = -hour
	}
	if !ok || hour < -23 || hour > 23 || minute < -59 || minute > 59 {
		return stamp{}, false
	}
	t.offsetS = hour*3600 + minute*60
	t.zone = zoneOffset
	if t.offsetS == 0 {
		t.zone = zoneUTC
	}
	t.unixS -= int64(t.offsetS)
	return t, true
}

// twoDigits reads two decimal digits.
func twoDigits(b []byte) (int, bool) {
	hi, lo := b[0]-'0', b[1]-'0'
	return int(hi)*10 + int(lo), hi <= 9 && lo <= 9
}

// fraction reads the digits behind the decimal point of a second, as nanoseconds; digits beyond the ninth are dropped.
func fraction(b []byte) (ns int, rest []byte, ok bool) {
	scale := 100_000_000
	for ok = false; len(b) > 0 && b[0]-'0' <= 9; b = b[1:] {
		ns += int(b[0]-'0') * scale
		scale /= 10
		ok = true
	}
	return ns, b, ok
}

// daysIn returns the days of a month of the Gregorian calendar.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSince1970 counts days of the Gregorian calendar. Years begin in March, so that the leap day comes last and the
// days before a month are (153·m+2)/5 (H. Hinnant, chrono-compatible low-level date algorithms).
func daysSince1970(year, month, day int) int64 {
	m := month - 3
	if m < 0 {
		m += 12
		year--
	}
	year += 400 // keeps the divisions of year 0 positive
	return int64(365*year+year/4-year/100+year/400+(153*m+2)/5+day-1) - 719468 - 146097
}

// maxDigits is the number of decimal digits that any uint64 holds.
const maxDigits = 19

// pow10 are the powers of ten that a uint64 holds.
var pow10 = [maxDigits + 1]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	1e16, 1e17, 1e18, 1e19}

// parseDecimal reads a finite decimal number exactly as strconv.ParseFloat does, and a comma for the decimal point, which
// some apps write in countries that do. NaN, infinities and anything else are no number. It is twice as fast as strconv
// on the thirty digits of a coordinate that Garmin writes, which otherwise take half the time of a whole file.
func parseDecimal(b []byte) (float64, bool) {
	b = trimBlanks(b)
	i := 0
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		i = 1
	}
	var mantissa uint64
	digits, places, any, point, tail := 0, 0, false, false, false
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '.' && !point:
			point = true
			continue
		case c-'0' > 9:
			return parseUnusual(b)
		case digits < maxDigits:
			mantissa = mantissa*10 + uint64(c-'0')
			if mantissa > 0 {
				digits++
			}
			if point {
				places++
			}
		case point:
			tail = true
		default:
			return parseUnusual(b)
		}
		any = true
	}
	if places > maxDigits {
		return parseUnusual(b)
	}
	v, ok := quotient(mantissa, places, tail)
	if !ok {
		return parseUnusual(b)
	}
	if any && b[0] == '-' {
		v = -v
	}
	return v, any
}

// quotient returns mantissa ÷ 10^places, rounded to the nearest float64. tail says that further digits followed the
// nineteen in mantissa; if they could decide how to round, ok is false.
func quotient(mantissa uint64, places int, tail bool) (v float64, ok bool) {
	if mantissa == 0 {
		return 0, true
	}
	divisor := pow10[places]
	// With the top bits of both set the quotient has 63 or 64 bits, ten more than a float64: enough to round once, with
	// the remainder as the last bit.
	up, down := bits.LeadingZeros64(mantissa), bits.LeadingZeros64(divisor)
	m := mantissa << up
	q, remainder := bits.Div64(m>>1, m<<63, divisor<<down)
	if remainder != 0 {
		q |= 1
	}
	v = float64(q)
	// Nineteen digits are more than 2^59, so another digit adds less than 2^4 to m and 2^4+1 to q.
	if tail && (q > math.MaxUint64-32 || float64(q+32) != v) {
		return 0, false
	}
	// A power of two of this size is exact, and so is the product.
	return v * math.Float64frombits(uint64(1023+down-up-63)<<52), true
}

// parseUnusual is parseDecimal for numbers with an exponent, with a comma, or hard to round.
func parseUnusual(b []byte) (float64, bool) {
	if bytes.Count(b, []byte(",")) == 1 && bytes.IndexByte(b, '.') < 0 {
		return parseDecimal(bytes.Replace(b, []byte(","), []byte("."), 1))
	}
	if bytes.ContainsAny(b, "xXnN_") {
		return 0, false // hexadecimal, infinity, NaN and 1_000, which are numbers to strconv
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil
}

// trimBlanks is bytes.TrimSpace for the white space of XML.
func trimBlanks(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
