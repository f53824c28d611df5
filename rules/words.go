package rules

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"kneecheck/ingest/civil"
)

// day writes a day like "Sun 31 May", with the year when it is not the as-of year.
func (p *Pass) day(d civil.Date) string { return p.date(d, "Mon 2 Jan") }

// shortDay writes a day like "31 May", with the year when it is not the as-of year.
func (p *Pass) shortDay(d civil.Date) string { return p.date(d, "2 Jan") }

func (p *Pass) date(d civil.Date, layout string) string {
	t := d.Time()
	if t.Year() != p.Log.AsOf.Time().Year() {
		layout += " 2006"
	}
	return t.Format(layout)
}

// percent writes a share like "28.8 %" or "10 %": the precision that shares are rounded to before they are compared.
func percent(share float64) string {
	return strconv.FormatFloat(roundTo(share*100, 1), 'f', -1, 64) + " %"
}

// times writes a ratio like "1.12 ×", the precision that ratios are rounded to before they are compared.
func times(ratio float64) string { return fmt.Sprintf("%.2f ×", ratio) }

// over writes a ratio above 1 in front of what it is a ratio to: "28.8 % over", or "2.50 ×" from double on.
func over(ratio float64) string {
	if ratio >= 2 {
		return times(ratio)
	}
	return percent(ratio-1) + " over"
}

// kneeDist writes a knee load with one decimal, such as "22.4 knee-km".
func (p *Pass) kneeDist(m float64) string { return p.U.Number(m) + " knee-" + string(p.U) }

// minutes writes seconds like "75 min".
func minutes(s float64) string { return fmt.Sprintf("%.0f min", math.Floor(s/60)) }

// amongst writes how many of some things lack what is needed: "2 of the 3 runs", "any of the 3 runs", "the only run".
func amongst(n, total int, noun string) string {
	switch {
	case total == 1:
		return "the only " + noun
	case n == total:
		return "any of the " + plural(total, noun)
	}
	return fmt.Sprintf("%d of the %s", n, plural(total, noun))
}

// plural writes a count with its noun, such as "1 day" and "3 days".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "ry"); ok {
		return strconv.Itoa(n) + " " + stem + "ries"
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
