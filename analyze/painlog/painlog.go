// Package painlog reads and writes pain.csv, the pain journal that a runner keeps beside the log:
//
//	date,side,place,during,settled,next_morning,signs,note
//	2026-05-31,right,outer,4,24h,worse,limp,after the long run
//
// Reading is strict, because a journal read by half could hide a sign that needs a doctor: every fault is named with its
// line, and a journal with a fault gives no entry at all.
package painlog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/analyze/spell"
	"kneecheck/ingest/civil"
)

// FileName is the name under which a journal is found by itself.
const FileName = "pain.csv"

// The columns of a journal.
const (
	colDate, colSide, colPlace, colDuring         = "date", "side", "place", "during"
	colSettled, colNextMorning, colSigns, colNote = "settled", "next_morning", "signs", "note"
)

// Header is the first line of a journal that the program makes.
const Header = "date,side,place,during,settled,next_morning,signs,note"

// columns are those that a journal may have; a new one has all of them.
var columns = []sidecsv.Column{
	{Name: colDate, Required: true}, {Name: colSide}, {Name: colPlace}, {Name: colDuring},
	{Name: colSettled}, {Name: colNextMorning}, {Name: colSigns}, {Name: colNote},
}

// noSigns in the column of signs says that there is none; an empty cell says nothing.
const noSigns = "none"

// firstDay is before anybody recorded a run; an earlier date is a slip.
var firstDay = civil.New(1970, time.January, 1)

// Parse reads the content of a journal; the order of its entries is free. name is what errors call the file, and a day after
// today is a fault. The entries are not nil, even when there is none. The error, of type sidecsv.Faults, has everything that
// is wrong.
func Parse(name string, data []byte, today civil.Date) ([]analyze.Pain, error) {
	t, entries := parse(name, data, today)
	if t.Header == nil && t.Err() == nil {
		t.Fault(1, "empty: the first line must be %s", Header)
	}
	if err := t.Err(); err != nil {
		return nil, err
	}
	return entries, nil
}

// parse is Parse, but nothing is wrong with a journal that has not begun. The faults are in the table.
func parse(name string, data []byte, today civil.Date) (*sidecsv.Table, []analyze.Pain) {
	t := sidecsv.Parse(name, data, columns...)
	entries := make([]analyze.Pain, len(t.Rows))
	for i := range t.Rows {
		entries[i] = readRow(t, &t.Rows[i], today)
	}
	return t, entries
}

// readRow reads one entry. Every mistake becomes a fault of its line.
func readRow(t *sidecsv.Table, row *sidecsv.Row, today civil.Date) analyze.Pain {
	p := analyze.Pain{Note: row.Get(colNote)}
	var errs [7]error
	p.Date, errs[0] = date(row.Get(colDate), today)
	p.Side, errs[1] = Word("side", row.Get(colSide), analyze.PainSides())
	p.Place, errs[2] = Word("place", row.Get(colPlace), analyze.PainPlaces())
	p.During, errs[3] = Score(row.Get(colDuring))
	p.Settled, errs[4] = Word("settled", row.Get(colSettled), analyze.PainSettledTimes())
	p.NextMorning, errs[5] = Word("next_morning", row.Get(colNextMorning), analyze.PainMornings())
	p.Signs, p.NoSigns, errs[6] = Signs(row.Get(colSigns), "+")
	good := true
	for _, err := range errs {
		if err != nil {
			good = false
			t.Fault(row.Line, "%v", err)
		}
	}
	if good {
		if err := Check(&p); err != nil {
			t.Fault(row.Line, "%v", err)
		}
	}
	return p
}

func date(s string, today civil.Date) (civil.Date, error) {
	if s == "" {
		return 0, errors.New("the date is missing")
	}
	d, err := civil.Parse(s)
	if err != nil {
		return 0, err
	}
	return d, CheckDate(d, today)
}

// CheckDate refuses a day after today and one before there was anything to log.
func CheckDate(d, today civil.Date) error {
	switch {
	case d > today:
		return fmt.Errorf("%v is in the future (today is %v)", d, today)
	case d < firstDay:
		return fmt.Errorf("%v is too long ago to be meant", d)
	}
	return nil
}

// Word reads one of a few words in any case. Empty is not said.
func Word[T ~string](what, s string, words []T) (T, error) {
	if s == "" {
		return "", nil
	}
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
		if strings.EqualFold(s, list[i]) {
			return w, nil
		}
	}
	return "", spell.Unknown(what, s, list)
}

// Score reads pain from 0 to 10. Empty is not said, -1.
func Score(s string) (int, error) {
	if s == "" {
		return -1, nil
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || n > 10 {
		return -1, fmt.Errorf("during %q is not a whole number from 0 (no pain) to 10 (the worst imaginable)", s)
	}
	return int(n), nil
}

// Signs reads a list of signs between separators, or the word none. Empty is not said.
func Signs(s, separator string) (list []analyze.PainSign, none bool, err error) {
	if s == "" {
		return nil, false, nil
	}
	if strings.EqualFold(s, noSigns) {
		return nil, true, nil
	}
	given := map[analyze.PainSign]bool{}
	for _, word := range strings.Split(s, separator) {
		word = strings.TrimSpace(word)
		sign, err := Word("sign", word, append(analyze.PainSigns(), noSigns))
		switch {
		case err != nil && strings.ContainsAny(word, ",; /") && separator == "+":
			return nil, false, fmt.Errorf("%w; several signs are joined by +, as in swelling+limp", err)
		case err != nil:
			return nil, false, err
		case sign == noSigns:
			return nil, false, fmt.Errorf("signs %q: none stands alone", s)
		case sign == "":
			return nil, false, fmt.Errorf("signs %q: a sign is missing beside a separator", s)
		}
		given[sign] = true
	}
	for _, sign := range analyze.PainSigns() {
		if given[sign] {
			list = append(list, sign)
		}
	}
	return list, false, nil
}

// Check refuses an entry that says nothing but its day and its knee.
func Check(p *analyze.Pain) error {
	if p.Place == "" && p.Note == "" && p.What() == "" {
		return errors.New("the entry says nothing of the knee: give at least one of during, place, settled, next_morning, signs and note")
	}
	return nil
}
