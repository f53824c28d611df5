package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// dayOf writes a day as "Sun 31 May".
func dayOf(d civil.Date) string { return d.Time().Format("Mon 2 Jan") }

// dateOf writes a day as "31 May 2026".
func dateOf(d civil.Date) string { return d.Time().Format("2 Jan 2006") }

// span writes a period as "1–7 Jun 2026", naming month and year once where they are the same.
func span(from, to civil.Date) string { return spanAs(from, to, "Jan", " 2006") }

// spanAs is span with the layouts of month and year as given.
func spanAs(from, to civil.Date, month, year string) string {
	a, b := from.Time(), to.Time()
	if a.Year() != b.Year() {
		year = " 2006"
	}
	end := b.Format("2 " + month + year)
	switch {
	case from == to:
		return end
	case a.Year() != b.Year():
		return a.Format("2 "+month+year) + " – " + end
	case a.Month() != b.Month():
		return a.Format("2 "+month) + " – " + end
	}
	return a.Format("2") + "–" + end
}

// count writes a number and its noun, "1 run" or "1,204 runs".
func count(n int, noun string) string { return thousands(n) + " " + plural(n, noun) }

func plural(n int, noun string) string {
	switch {
	case n == 1:
		return noun
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay"):
		return strings.TrimSuffix(noun, "y") + "ies"
	}
	return noun + "s"
}

// thousands writes a number with commas, "1,204".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a fraction as "71 %".
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// signed writes a whole number with its sign, "+3" or "−5", and ±0 as "±0".
func signed(v float64) string {
	switch n := math.Round(v); {
	case n > 0:
		return fmt.Sprintf("+%.0f", n)
	case n < 0:
		return fmt.Sprintf("−%.0f", -n)
	}
	return "±0"
}

// change writes a fractional change as "+29 %".
func change(c float64) string { return signed(100*c) + " %" }

// Measure writes the value of a finding in its unit, as the screens do.
func Measure(v float64, unit rules.Unit, u analyze.Units) string { return measure(v, string(unit), u) }

// measure writes a finding's value in its unit.
func measure(v float64, unit string, u analyze.Units) string {
	switch rules.Unit(unit) {
	case rules.Ratio:
		return fmt.Sprintf("%.2f ×", v)
	case rules.Share:
		if v > 1 {
			return fmt.Sprintf("%.2f ×", v) // as its message says
		}
		return trim(100*v, 1) + " %"
	case rules.Metres:
		return u.Dist(v)
	case rules.Days:
		return count(int(math.Round(v)), "day")
	case rules.Minute:
		return trim(v, 0) + " min"
	case rules.SPM:
		return trim(v, 0) + " spm"
	case rules.Score:
		return trim(v, 0) + "/10"
	}
	return trim(v, 1)
}

// trim writes v with at most the given decimals and a true minus sign.
func trim(v float64, decimals int) string {
	s := strconv.FormatFloat(number(v, decimals), 'f', -1, 64)
	return strings.Replace(s, "-", "−", 1)
}

// hours writes seconds as "4 h 05" or "38 min".
func hours(s float64) string {
	m := int(math.Round(s / 60))
	if m < 60 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d", m/60, m%60)
}

// took writes how long reading lasted.
func took(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// clean makes a name from a file, a watch or a configuration safe to print: control characters, among them the escape
// that starts a terminal command, and the marks that reverse the direction of text become "�"; blanks become one space.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return unicode.ReplacementChar
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// sentence is the first sentence of a text, with its period.
func sentence(s string) string {
	for i := 0; i < len(s); i++ {
		rest := s[i+1:]
		if s[i] == '.' && len(rest) > 1 && rest[0] == ' ' && unicode.IsUpper(rune(rest[1])) {
			return s[:i+1]
		}
	}
	if s != "" && !strings.HasSuffix(s, ".") {
		return s + "."
	}
	return s
}
