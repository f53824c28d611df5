package ingest

import (
	"strings"
	"time"
	"unicode"
)

// exportMonths are the beginnings of the names of months, for each month in the languages of Strava's exports: English,
// German, French, Spanish, Italian, Portuguese, Dutch, then Swedish, Danish, Norwegian, Polish, Czech, Hungarian,
// Turkish, Finnish and Russian where theirs differ. The longest beginning that fits a word counts, for "mars" begins
// like "marraskuu".
var exportMonths = [12]string{
	"jan jän ene gen sty led oca tammi янв",
	"feb fév fév fev lut úno şub helmi фев",
	"mar mär mrt már bře maalis мар",
	"apr avr abr ápr kwi dub nis huhti апр",
	"may mai mei mag maj máj kvě touko май мая",
	"jun juin giu jún cze čvn červen haz kesä июн",
	"jul juil lug júl lip čvc červenec tem heinä июл",
	"aug aoû aou ago sie srp ağu elo авг",
	"sep set sze wrz zář eyl syys сен",
	"oct okt ott out paź říj eki loka окт",
	"nov lis kas marras ноя",
	"dec déc dez dic gru pro ara joulu дек",
}

// monthOf returns 1 to 12, or 0 for a word that is no month's name.
func monthOf(word string) int {
	best, month := 0, 0
	for i, stems := range exportMonths {
		for stem := range strings.SplitSeq(stems, " ") {
			if len(stem) > best && strings.HasPrefix(word, stem) {
				best, month = len(stem), i+1
			}
		}
	}
	return month
}

// dateText is a date taken apart: its numbers in order, the month where it is named, and the half of the day.
type dateText struct {
	numbers []int
	digits  []int
	month   int
	// half is 'a' before noon, 'p' after it, 0 where the clock has 24 hours.
	half byte
	// slashed is a date like 9/12/2018, whose order the text alone does not tell.
	slashed bool
}

// splitDate takes a date apart whatever its language: "Sep 12, 2018, 3:02:23 PM", "20.09.2026, 14:12:12",
// "1 juil. 2026, 03:45:40", "2026年8月16日 下午3:02:23".
func splitDate(s string) dateText {
	var d dateText
	var words []string
	for i, rs := 0, []rune(s); i < len(rs) && len(d.numbers) < 8; {
		j := i
		switch {
		case isDigit(rs[i]):
			n := 0
			for ; j < len(rs) && isDigit(rs[j]); j++ {
				n = min(n*10+int(rs[j]-'0'), 1e6)
			}
			d.numbers, d.digits = append(d.numbers, n), append(d.digits, j-i)
			d.slashed = d.slashed || len(d.numbers) == 1 && j < len(rs) && rs[j] == '/'
		case unicode.IsLetter(rs[i]):
			for j < len(rs) && unicode.IsLetter(rs[j]) {
				j++
			}
			words = append(words, strings.ToLower(string(rs[i:j])))
		default:
			j++
		}
		i = j
	}
	for i, w := range words {
		switch {
		case w == "am" || w == "午前" || w == "上午" || w == "오전" || w == "a" && follows(words, i, "m"):
			d.half = 'a'
		case w == "pm" || w == "午後" || w == "下午" || w == "오후" || w == "p" && follows(words, i, "m"):
			d.half = 'p'
		case d.month == 0:
			d.month = monthOf(w)
		}
	}
	return d
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func follows(words []string, i int, word string) bool { return i+1 < len(words) && words[i+1] == word }

// exportTime reads the date of a row as UTC, which is what exports write. dayOnly tells a date without a clock.
func exportTime(s string, monthFirst bool) (t time.Time, dayOnly, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > len(time.DateTime) && s[4] == '-' {
		for _, layout := range [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t.UTC(), false, sensible(t.Year())
			}
		}
	}
	d := splitDate(s)
	year, month, day, clock := d.civil(monthFirst)
	if clock == nil || !sensible(year) || month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, false, false
	}
	dayOnly = len(clock) < 2
	var hms [3]int
	if !dayOnly {
		copy(hms[:], clock)
	}
	switch {
	case d.half == 'p' && hms[0] < 12:
		hms[0] += 12
	case d.half == 'a' && hms[0] == 12:
		hms[0] = 0
	}
	t = time.Date(year, time.Month(month), day, hms[0], hms[1], hms[2], 0, time.UTC)
	ok = hms[0] < 24 && hms[1] < 60 && hms[2] <= 60 && t.Month() == time.Month(month)
	return t, dayOnly, ok
}

// sensible bounds the year: GPS watches came after 1990.
func sensible(year int) bool { return year >= 1990 && year < 2100 }

// civil tells year, month and day and returns the numbers after them, nil when there is no date.
func (d *dateText) civil(monthFirst bool) (year, month, day int, clock []int) {
	n := d.numbers
	switch {
	case d.month != 0 && len(n) >= 2 && d.digits[0] == 4:
		return n[0], d.month, n[1], n[2:]
	case d.month != 0 && len(n) >= 2:
		return n[1], d.month, n[0], n[2:]
	case len(n) < 3:
		return 0, 0, 0, nil
	case d.digits[0] == 4:
		return n[0], n[1], n[2], n[3:]
	}
	if year = n[2]; d.digits[2] == 2 {
		year += 2000 // spreadsheets shorten the year
	}
	day, month = n[0], n[1]
	if d.slashed && monthFirst || month > 12 {
		day, month = month, day
	}
	return year, month, day, n[3:]
}

// monthFirst tells how a column of dates like 9/12/2018 is meant: by the dates that can be read in one order only, else
// by a clock of twelve hours, which goes with the American order.
func monthFirst(dates []string) bool {
	american := false
	for _, s := range dates {
		if !strings.Contains(s, "/") {
			continue
		}
		d := splitDate(s)
		if !d.slashed || d.month != 0 || len(d.numbers) < 3 || d.digits[0] == 4 {
			continue
		}
		switch {
		case d.numbers[0] > 12:
			return false
		case d.numbers[1] > 12:
			return true
		}
		american = american || d.half != 0
	}
	return american
}
