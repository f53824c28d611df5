package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is how a table is written.
type Format string

// The formats. CSV has a header and UTF-8 without a byte order mark, JSONL an object a line, Parquet pages in gzip.
const (
	CSV     Format = "csv"
	JSONL   Format = "jsonl"
	Parquet Format = "parquet"
)

// Formats lists the formats, the default first.
func Formats() []Format { return []Format{CSV, JSONL, Parquet} }

// Writer writes the rows of one table one after the other. Close ends the table; it does not close what it writes to.
type Writer[T any] struct {
	write func([]T) error
	close func() error
}

// Write adds rows.
func (w *Writer[T]) Write(rows []T) error { return w.write(rows) }

// Close ends the table.
func (w *Writer[T]) Close() error { return w.close() }

// NewWriter begins a table. The error is that of out or of a format that is none.
func NewWriter[T any](out io.Writer, f Format) (*Writer[T], error) {
	switch f {
	case CSV:
		return newCSV[T](out)
	case JSONL:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return &Writer[T]{
			write: func(rows []T) error {
				for i := range rows {
					if err := enc.Encode(&rows[i]); err != nil {
						return err
					}
				}
				return nil
			},
			close: func() error { return nil },
		}, nil
	case Parquet:
		return newParquet[T](out)
	}
	return nil, fmt.Errorf("unknown format %q", f)
}

// Write writes a whole table.
func Write[T any](out io.Writer, f Format, rows []T) error {
	w, err := NewWriter[T](out, f)
	if err != nil {
		return err
	}
	if err := w.Write(rows); err != nil {
		return err
	}
	return w.Close()
}

func newCSV[T any](out io.Writer) (*Writer[T], error) {
	columns := Columns[T]()
	w := csv.NewWriter(out)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.Name
	}
	if err := w.Write(cells); err != nil {
		return nil, err
	}
	return &Writer[T]{
		write: func(rows []T) error {
			for i := range rows {
				row := reflect.ValueOf(&rows[i]).Elem()
				for k, c := range columns {
					cells[k] = cell(row.FieldByIndex(c.index))
				}
				if err := w.Write(cells); err != nil {
					return err
				}
			}
			return nil
		},
		close: func() error { w.Flush(); return w.Error() },
	}, nil
}

// cell writes one value: nothing for one that is missing, lists joined by "; ", times in UTC as RFC 3339.
func cell(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format("2006-01-02T15:04:05.000Z")
	case fmt.Stringer:
		return x.String()
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case []string:
		return inUTF8(strings.Join(x, "; "))
	default:
		return inUTF8(fmt.Sprint(x))
	}
}

// inUTF8 is s in UTF-8, which names of files need not be, with the sign for every byte of no letter that JSON has too.
func inUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// Column is one column of a table.
type Column struct {
	Name, Type, Doc string
	index           []int
}

// Columns are the columns of a table in order.
func Columns[T any]() []Column { return columns(reflect.TypeFor[T](), nil) }

func columns(t reflect.Type, at []int) []Column {
	var out []Column
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, at...), i)
		if f.Anonymous {
			out = append(out, columns(f.Type, index)...)
			continue
		}
		out = append(out, Column{Name: f.Tag.Get("json"), Type: typeName(f), Doc: f.Tag.Get("doc"), index: index})
	}
	return out
}

// typeName is a column's type in the words of table engines.
func typeName(f reflect.StructField) string {
	t, optional := f.Type, ""
	if t.Kind() == reflect.Pointer {
		t, optional = t.Elem(), ", may be empty"
	}
	name := map[reflect.Kind]string{
		reflect.Bool: "boolean", reflect.Int32: "integer", reflect.Float64: "double", reflect.String: "text", reflect.Slice: "list of text", reflect.Struct: "timestamp (UTC)",
	}[t.Kind()]
	if strings.HasSuffix(f.Tag.Get("parquet"), ",date") {
		name = "date"
	}
	return name + optional
}
