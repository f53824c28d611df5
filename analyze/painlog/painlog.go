// Package painlog reads and writes pain.csv, the pain journal that a runner keeps beside the log:
//
//	date,side,place,during,settled,next_morning,signs,note
//	2026-05-31,right,outer,4,24h,worse,limp,after the long run
//
// Reading is strict, because a journal read by half could hide a sign that needs a doctor: every fault is named with its
// line, and a journal with a fault gives no entry at all.
package painlog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/analyze/spell"
	"kneecheck/ingest/civil"
)

// FileName is the name under which a journal is found by itself.
const FileName = "pain.csv"

// Header is the first line of a journal.
const Header = "date,side,place,during,settled,next_morning,signs,note"

// noSigns in the column of signs says that there is none; an empty cell says nothing.
const noSigns = "none"

const (
	// maxBytes is more than a hundred years of daily entries need.
	maxBytes = 16 << 20
	// maxFaults is how many faults are named before the rest are counted.
	maxFaults = 10
	bom       = "\ufeff"
)

// firstDay is before anybody recorded a run; an earlier date is a slip.
var firstDay = civil.New(1970, time.January, 1)

// Faults are what is wrong with a journal: one error a fault, each beginning with the file and its line.
type Faults []error

// Error joins the faults by line breaks.
func (f Faults) Error() string { return errors.Join(f...).Error() }

// Unwrap gives the faults one by one.
func (f Faults) Unwrap() []error { return f }

// reader collects entries and faults.
type reader struct {
	name    string
	today   civil.Date
	entries []analyze.Pain
	faults  Faults
	more    int
}

func (r *reader) fault(line int, format string, args ...any) {
	if len(r.faults) == maxFaults {
		r.more++
		return
	}
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", r.name, line, fmt.Errorf(format, args...)))
}

// Read reads a journal; the order of its entries is free. name is what errors call the file, and a day after today is a
// fault. The entries are not nil, even when there is none. An error is a Faults, or from reading r.
func Read(name string, r io.Reader, today civil.Date) ([]analyze.Pain, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	return parse(name, data, today)
}

func parse(name string, data []byte, today civil.Date) ([]analyze.Pain, error) {
	r := &reader{name: name, today: today, entries: []analyze.Pain{}}
	r.read(data)
	if len(r.faults) == 0 {
		return r.entries, nil
	}
	if r.more > 0 {
		r.faults = append(r.faults, fmt.Errorf("%s: and %d more faults", name, r.more))
	}
	return nil, r.faults
}

func (r *reader) read(data []byte) {
	if len(data) > maxBytes {
		r.fault(1, "larger than %d MiB; this is no pain journal", maxBytes>>20)
		return
	}
	if say := notText(data); say != "" {
		r.fault(1, "%s", say)
		return
	}
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte(bom))))
	rows.FieldsPerRecord = -1
	rows.TrimLeadingSpace = true
	headed := false
	for {
		cells, err := rows.Read()
		if err == io.EOF {
			break
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			r.fault(syntax.StartLine, "a quotation mark is out of place or never closed: put the whole note between two of them, and write each one inside it twice")
			headed = true
			continue
		}
		if err != nil {
			r.fault(1, "%w", err)
			return
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		line, _ := rows.FieldPos(0)
		if !headed {
			if !r.header(line, cells) {
				return
			}
			headed = true
			continue
		}
		r.row(line, cells)
	}
	if !headed {
		r.fault(1, "empty: the first line must be %s", Header)
	}
}

// notText says why data is no CSV in UTF-8 with commas; empty when nothing speaks against it.
func notText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "is UTF-16: save it as “CSV UTF-8”"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "is a spreadsheet, not text: save it as “CSV UTF-8”"
	case bytes.IndexByte(data, 0) >= 0:
		return "is not text"
	case bytes.IndexByte(data, '\r') >= 0 && bytes.IndexByte(data, '\n') < 0:
		return "its lines end in carriage returns alone: save it with Unix or Windows line ends"
	}
	return ""
}

// header checks the first line. Without a good one no column means anything, so that nothing more is read.
func (r *reader) header(line int, cells []string) bool {
	want := strings.Split(Header, ",")
	lower := make([]string, len(cells))
	for i, c := range cells {
		lower[i] = strings.ToLower(c)
	}
	if slices.Equal(lower, want) {
		return true
	}
	text := strings.Join(cells, ",")
	for _, s := range []struct{ mark, name string }{{";", "semicolons"}, {"\t", "tabs"}} {
		if strings.Count(text, s.mark) >= len(want)-2 {
			r.fault(line, "the columns are separated by %s: save it again as “CSV, comma separated”, or replace them by commas", s.name)
			return false
		}
	}
	if _, err := civil.Parse(cells[0]); err == nil {
		r.fault(line, "the header is missing: the first line must be %s", Header)
		return false
	}
	var said []string
	for _, name := range want {
		if !slices.Contains(lower, name) {
			said = append(said, "without the column "+name)
		}
	}
	for i, name := range lower {
		near, ok := spell.Nearest(name, want)
		switch {
		case slices.Contains(lower[:i], name):
			said = append(said, fmt.Sprintf("%q is there twice", name))
		case slices.Contains(want, name):
		case ok:
			said = append(said, fmt.Sprintf("unknown column %q (did you mean %s?)", cells[i], near))
		default:
			said = append(said, fmt.Sprintf("unknown column %q", cells[i]))
		}
	}
	if said == nil {
		said = []string{"the columns are in another order"}
	}
	r.fault(line, "the header is wrong: %s; the first line must be %s", strings.Join(said, ", "), Header)
	return false
}

// row reads one entry. Rows of empty cells, which spreadsheets leave at the end, are none.
func (r *reader) row(line int, cells []string) {
	columns := strings.Split(Header, ",")
	if !slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
		return
	}
	switch n := len(cells); {
	case n < len(columns):
		r.fault(line, "%d of %d columns: %s and what follows is missing (an empty cell still needs its comma)", n, len(columns), columns[n])
		return
	case n > len(columns) && slices.ContainsFunc(cells[len(columns):], func(c string) bool { return c != "" }):
		r.fault(line, "%d columns instead of %d: a note with a comma goes between quotation marks", n, len(columns))
		return
	}
	p := analyze.Pain{During: -1, Note: cells[7]}
	faults := len(r.faults) + r.more
	for i, set := range []func(string) error{r.date(&p), oneOf(&p.Side, "side", analyze.PainSides()), oneOf(&p.Place, "place", analyze.PainPlaces()),
		during(&p), oneOf(&p.Settled, "settled", analyze.PainSettledTimes()), oneOf(&p.NextMorning, "next_morning", analyze.PainMornings()), signs(&p)} {
		if err := set(cells[i]); err != nil {
			r.fault(line, "%w", err)
		}
	}
	if len(r.faults)+r.more > faults {
		return
	}
	if err := Check(&p); err != nil {
		r.fault(line, "%w", err)
		return
	}
	r.entries = append(r.entries, p)
}

func (r *reader) date(p *analyze.Pain) func(string) error {
	return func(s string) (err error) {
		if s == "" {
			return fmt.Errorf("the date is missing")
		}
		if p.Date, err = civil.Parse(s); err != nil {
			return err
		}
		return CheckDate(p.Date, r.today)
	}
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

// oneOf reads one word of a few; an empty cell is not said.
func oneOf[T ~string](to *T, what string, words []T) func(string) error {
	return func(s string) (err error) {
		*to, err = Word(what, s, words)
		return err
	}
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

func during(p *analyze.Pain) func(string) error {
	return func(s string) (err error) {
		p.During, err = Score(s)
		return err
	}
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

func signs(p *analyze.Pain) func(string) error {
	return func(s string) (err error) {
		p.Signs, p.NoSigns, err = Signs(s, "+")
		return err
	}
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
