package painlog

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest/civil"
)

// Append adds an entry to the journal at path and makes the journal if there is none. What is in it stays as it is. A journal
// with a fault is left alone, for the entry could become part of it; the error is then of type sidecsv.Faults.
func Append(path string, e analyze.Pain, today civil.Date) error {
	if err := errors.Join(Check(&e), CheckDate(e.Date, today)); err != nil {
		return err
	}
	old, err := sidecsv.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if t, _ := parse(path, old, today); t.Err() != nil {
		return t.Err()
	}
	return sidecsv.Append(path, columns, row(&e))
}

// row is an entry as cells by column.
func row(p *analyze.Pain) map[string]string {
	cells := map[string]string{
		colDate: p.Date.String(), colSide: string(p.Side), colPlace: string(p.Place), colSettled: string(p.Settled),
		colNextMorning: string(p.NextMorning), colSigns: noSigns, colNote: p.Note,
	}
	if p.During >= 0 {
		cells[colDuring] = strconv.Itoa(p.During)
	}
	if !p.NoSigns {
		words := make([]string, len(p.Signs))
		for i, s := range p.Signs {
			words[i] = string(s)
		}
		cells[colSigns] = strings.Join(words, "+")
	}
	return cells
}

// Encode writes a whole journal.
func Encode(entries []analyze.Pain) []byte {
	rows := make([]map[string]string, len(entries))
	for i := range entries {
		rows[i] = row(&entries[i])
	}
	return sidecsv.Encode(columns, rows...)
}
