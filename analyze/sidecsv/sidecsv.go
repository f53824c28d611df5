// Package sidecsv reads and writes the small CSV files that a runner keeps beside a log and edits by hand or in a
// spreadsheet: overrides, acknowledgements, a pain journal, a plan. Reading is strict, for a slip in such a file changes
// verdicts: columns are found by the names of the header, every fault is told with its line, and nothing is guessed.
// What spreadsheets do to a file is accepted: a byte order mark, CRLF, semicolons or tabs, cells left empty at the end of
// a line. Lines that begin with # are comments.
package sidecsv

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kneecheck/analyze/spell"
	"kneecheck/ingest/civil"
)

// Column is one column that a file may have.
type Column struct {
	Name string
	// Required columns must be in the header. That a row fills them is for the reader of the rows to ask.
	Required bool
}

// Table is a file that was read. Faults that its reader finds in the rows are added with Fault and told by Err together
// with those of the form.
type Table struct {
	File string
	// Header are the names of the columns in the order of the file, in lower case.
	Header []string
	Rows   []Row
	// Comma separates the cells: a comma, a semicolon or a tab.
	Comma  rune
	faults []Fault
}

// Row is one line below the header; lines without any cell filled are left out.
type Row struct {
	// Line and End are the first and last line of the row in the file, counted from 1; they differ when a quoted cell
	// holds a line break.
	Line, End int
	table     *Table
	cells     []string
}

// Fault is one thing wrong in a file.
type Fault struct {
	File string
	Line int
	Text string
}

// Error is the fault as "file:line: what is wrong".
func (f *Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text) }

// Faults is everything wrong in a file, in order of line.
type Faults []Fault

// Error has one line for each fault.
func (f Faults) Error() string { return strings.Join(f.Lines(), "\n") }

// Lines are the faults one by one, for a caller that writes each on a line of its own.
func (f Faults) Lines() []string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return lines
}

// Parse reads the content of a file, whose name is for messages only. The table is never nil; without a usable header it
// has no rows. An empty file is a table without rows and without a fault.
func Parse(file string, data []byte, columns ...Column) *Table {
	t := &Table{File: file, Comma: ','}
	data, ok := t.decode(data)
	if !ok {
		return t
	}
	t.Comma = separator(data)
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = t.Comma, '#', -1, t.Comma != '\t'
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			t.Fault(broken.StartLine, "%s", quotes(broken))
			if t.Header == nil {
				return t
			}
			continue // the reader goes on behind the line
		}
		line, _ := r.FieldPos(0)
		last, _ := r.FieldPos(len(cells) - 1)
		row := Row{Line: line, End: last + strings.Count(cells[len(cells)-1], "\n"), table: t, cells: trim(cells)}
		switch {
		case len(row.cells) == 0:
		case t.Header == nil:
			if !t.header(&row, columns) {
				return t
			}
		case len(row.cells) > len(t.Header):
			t.Fault(line, "has %d cells, the header has %d (a text with %s in it needs \"quotes\")", len(row.cells), len(t.Header), commaName(t.Comma))
		default:
			t.Rows = append(t.Rows, row)
		}
	}
}

// decode takes off a byte order mark, makes line ends of lone carriage returns, and refuses what is not UTF-8.
func (t *Table) decode(data []byte) ([]byte, bool) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		t.Fault(1, "is UTF-16 (save it as CSV in UTF-8)")
		return nil, false
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		t.Fault(1, "is a spreadsheet, not text (save it as CSV in UTF-8)")
		return nil, false
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, '\n') < 0 {
		data = bytes.ReplaceAll(data, []byte{'\r'}, []byte{'\n'})
	}
	line := 1
	for rest := data; len(rest) > 0; line++ {
		var text []byte
		text, rest, _ = bytes.Cut(rest, []byte{'\n'})
		switch {
		case bytes.IndexByte(text, 0) >= 0:
			t.Fault(line, "is no text")
			return nil, false
		case !utf8.Valid(text):
			t.Fault(line, "is not UTF-8 (save it as CSV in UTF-8)")
			return nil, false
		}
	}
	return data, true
}

// separator is what separates the names of the header, the first line that is neither blank nor a comment.
func separator(data []byte) rune {
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] == '#' {
			continue
		}
		for _, c := range []byte{';', '\t'} {
			if bytes.IndexByte(line, c) >= 0 {
				return rune(c)
			}
		}
		break
	}
	return ','
}

func commaName(c rune) string {
	switch c {
	case ';':
		return "a semicolon"
	case '\t':
		return "a tab"
	}
	return "a comma"
}

// quotes says in words what encoding/csv found.
func quotes(e *csv.ParseError) string {
	if errors.Is(e.Err, csv.ErrQuote) || errors.Is(e.Err, csv.ErrBareQuote) {
		return `a quotation mark is out of place or never closed (quotes go around a whole cell, and one inside is written "")`
	}
	return e.Err.Error()
}

// trim takes blanks off the cells and drops empty ones at the end; the reader's slice is its own each time.
func trim(cells []string) []string {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// header takes the row for the header and tells whether it can be used.
func (t *Table) header(row *Row, columns []Column) bool {
	before := len(t.faults)
	valid := make([]string, len(columns))
	for i, c := range columns {
		valid[i] = c.Name
	}
	if !slices.ContainsFunc(row.cells, func(cell string) bool { return isNear(cell, valid) }) {
		t.Fault(row.Line, "the header is missing (the first line names the columns: %s)", strings.Join(valid, ", "))
		return false
	}
	for _, cell := range row.cells {
		name := strings.ToLower(cell)
		switch {
		case slices.Contains(t.Header, name):
			t.Fault(row.Line, "the column %q is there twice", name)
		case !slices.Contains(valid, name):
			t.Fault(row.Line, "%v", spell.Unknown("column", cell, valid))
		}
		t.Header = append(t.Header, name)
	}
	if len(t.faults) == before {
		for _, c := range columns {
			if c.Required && !t.Has(c.Name) {
				t.Fault(row.Line, "the column %q is missing (the first line names the columns: %s)", c.Name, strings.Join(valid, ", "))
			}
		}
	}
	return len(t.faults) == before
}

// isNear tells whether a cell is the name of a column or nearly so.
func isNear(cell string, columns []string) bool {
	_, near := spell.Nearest(cell, columns)
	return near
}

// Has tells whether the header has a column.
func (t *Table) Has(column string) bool { return slices.Contains(t.Header, column) }

// Fault adds a fault of a line.
func (t *Table) Fault(line int, format string, args ...any) {
	t.faults = append(t.faults, Fault{File: t.File, Line: line, Text: fmt.Sprintf(format, args...)})
}

// MaxFaults is how many faults of a file are told; the rest are counted.
const MaxFaults = 10

// Err is what is wrong, as Faults in order of line; nil when nothing is. A file of nothing but faults fills no screen.
func (t *Table) Err() error {
	if len(t.faults) == 0 {
		return nil
	}
	faults := slices.SortedStableFunc(slices.Values(t.faults), func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	if more := len(faults) - MaxFaults; more > 0 {
		rest := Fault{File: t.File, Line: faults[MaxFaults].Line, Text: fmt.Sprintf("and %d faults more from here on", more)}
		faults = append(faults[:MaxFaults], rest)
	}
	return Faults(faults)
}

// Get is a cell without blanks around it, empty when the file has no such column or the line ends before it.
func (r *Row) Get(column string) string {
	if i := slices.Index(r.table.Header, column); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// Fault adds a fault of the row, named by its column.
func (r *Row) Fault(column, format string, args ...any) {
	r.table.Fault(r.Line, "%s: %s", column, fmt.Sprintf(format, args...))
}

// Date reads a cell as a day. It is nil when the cell is empty or, with a fault, no date.
func (r *Row) Date(column string) *civil.Date {
	cell := r.Get(column)
	if cell == "" {
		return nil
	}
	d, err := civil.Parse(cell)
	if err != nil {
		r.Fault(column, "%v", err)
		return nil
	}
	return &d
}

// Number reads a cell as a number from low to high. ok is false when the cell is empty or, with a fault, no such number.
// A decimal comma is understood where the cells are not separated by commas.
func (r *Row) Number(column string, low, high float64) (v float64, ok bool) {
	cell := r.Get(column)
	if cell == "" {
		return 0, false
	}
	if r.table.Comma != ',' && strings.Count(cell, ",") == 1 && !strings.Contains(cell, ".") {
		cell = strings.Replace(cell, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(cell, 64)
	switch {
	case err != nil && strings.Contains(cell, ","):
		r.Fault(column, "%q is not a number (write a point for the decimals, and nothing between thousands)", cell)
	case err != nil:
		r.Fault(column, "%q is not a number", cell)
	case !(v >= low && v <= high):
		r.Fault(column, "%s is outside %s to %s", cell, short(low), short(high))
	default:
		return v, true
	}
	return 0, false
}

func short(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Choice reads a cell as one of a few words, in lower case. It is empty when the cell is, or, with a fault, none of them.
func (r *Row) Choice(column string, words ...string) string {
	cell := strings.ToLower(r.Get(column))
	if cell != "" && !slices.Contains(words, cell) {
		r.Fault(column, "%q is none of %s", r.Get(column), strings.Join(words, ", "))
		return ""
	}
	return cell
}

// Flag reads a cell as yes or no. It is nil when the cell is empty or, with a fault, neither.
func (r *Row) Flag(column string) *bool {
	word := r.Choice(column, "yes", "no", "true", "false")
	if word == "" {
		return nil
	}
	yes := word == "yes" || word == "true"
	return &yes
}
