package report

import (
	"fmt"
	"io"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// PainInput is a pain journal to be listed.
type PainInput struct {
	// File is where the journal lies.
	File string
	AsOf civil.Date
	// Entries are in order of day; Signs are the signs of each, one for one, that need a professional.
	Entries []analyze.Pain
	Signs   [][]analyze.PainSign
	// Flag is what rule KC602 finds in the journal, nil when nothing is in force.
	Flag *rules.Finding
}

// PainText writes a journal as a table, with a red flag before it.
func PainText(w io.Writer, in PainInput, o TextOptions) error {
	p := newPage(o)
	if in.Flag != nil {
		p.redFlag(in.Flag.Message, in.Flag.Advice)
		p.gap()
	}
	if len(in.Entries) == 0 {
		p.para("", in.File+" holds no entry.", 2, p.plain)
		return p.writeTo(w)
	}
	p.para("", fmt.Sprintf("%s · %s, %s", in.File, count(len(in.Entries), "entry"), span(in.Entries[0].Date, in.Entries[len(in.Entries)-1].Date)), 2, p.plain)
	p.gap()
	cols := []column{{head: "day"}, {head: "knee"}, {head: "place"}, {head: "pain", right: true}, {head: "gone after"}, {head: "next morning"}, {head: "signs"}}
	for i := range in.Entries {
		e := &in.Entries[i]
		during := ""
		if e.During >= 0 {
			during = fmt.Sprintf("%d/10", e.During)
		}
		cells := []string{
			e.Date.Time().Format("Mon 2 Jan 2006"), string(e.Side), string(e.Place), during, string(e.Settled), string(e.NextMorning), signCell(e, in.Signs[i]),
		}
		for c := range cols {
			cols[c].cells = append(cols[c].cells, cells[c])
		}
	}
	var known []column
	for i := range cols {
		if cols[i].known() {
			known = append(known, cols[i])
		}
	}
	if tableWidth(known) > p.width {
		for i := range in.Entries {
			p.para("", entryLine(known, i), 2, p.plain)
			p.note(&in.Entries[i])
		}
		return p.writeTo(w)
	}
	for i, l := range tableLines(known, p.title) {
		p.line(l)
		if i > 0 {
			p.note(&in.Entries[i-1])
		}
	}
	return p.writeTo(w)
}

// note prints what an entry says in its own words.
func (p *page) note(e *analyze.Pain) {
	if e.Note != "" {
		p.para("  ", e.Note, 2, p.faint)
	}
}

// signCell lists the signs of an entry, with a mark behind those that need a professional.
func signCell(e *analyze.Pain, flags []analyze.PainSign) string {
	if e.NoSigns {
		return "none"
	}
	words := make([]string, len(e.Signs))
	for i, s := range e.Signs {
		words[i] = string(s)
	}
	s := strings.Join(words, ", ")
	if len(flags) > 0 {
		s += " (red flag)"
	}
	return s
}

// PainSchema is the name and version of the journal's JSON.
const PainSchema = "kneecheck.pain/v1"

// painDocument is the JSON of a journal; what was not said is null or an empty list.
type painDocument struct {
	Schema  string      `json:"schema"`
	File    string      `json:"file"`
	AsOf    civil.Date  `json:"as_of"`
	RedFlag *wireFlag   `json:"red_flag"`
	Entries []painEntry `json:"entries"`
}

type wireFlag struct {
	From    civil.Date `json:"from"`
	Message string     `json:"message"`
	Advice  string     `json:"advice"`
}

type painEntry struct {
	Date        civil.Date           `json:"date"`
	Side        *analyze.PainSide    `json:"side"`
	Place       *analyze.PainPlace   `json:"place"`
	During      *int                 `json:"during"`
	Settled     *analyze.PainSettled `json:"settled"`
	NextMorning *analyze.PainMorning `json:"next_morning"`
	Signs       []analyze.PainSign   `json:"signs"`
	NoSigns     bool                 `json:"no_signs"`
	RedFlags    []analyze.PainSign   `json:"red_flags"`
	Note        string               `json:"note"`
}

// PainJSON writes a journal as one document.
func PainJSON(w io.Writer, in PainInput) error {
	d := painDocument{Schema: PainSchema, File: in.File, AsOf: in.AsOf, Entries: make([]painEntry, 0, len(in.Entries))}
	if in.Flag != nil {
		d.RedFlag = &wireFlag{in.Flag.From, in.Flag.Message, in.Flag.Advice}
	}
	for i := range in.Entries {
		e := &in.Entries[i]
		wire := painEntry{
			Date: e.Date, Side: said(e.Side), Place: said(e.Place), Settled: said(e.Settled), NextMorning: said(e.NextMorning),
			Signs: append([]analyze.PainSign{}, e.Signs...), NoSigns: e.NoSigns, RedFlags: append([]analyze.PainSign{}, in.Signs[i]...), Note: e.Note,
		}
		if e.During >= 0 {
			wire.During = &e.During
		}
		d.Entries = append(d.Entries, wire)
	}
	return Indented(w, d)
}

// said is a pointer to a word, nil for none.
func said[T ~string](s T) *T {
	if s == "" {
		return nil
	}
	return &s
}
