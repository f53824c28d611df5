package sidecsv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// MaxBytes is more than any file written by hand needs.
const MaxBytes = 8 << 20

// ReadFile reads a file that can be a table of this kind: a regular one of at most MaxBytes. The errors of package os are
// returned as they are, so that errors.Is tells a file that is not there.
func ReadFile(name string) ([]byte, error) {
	// A pipe or device would be waited for.
	if info, err := os.Stat(name); err != nil {
		return nil, err
	} else if info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a folder")}
	} else if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err == nil && len(data) > MaxBytes {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("larger than %d MiB", MaxBytes>>20)}
	}
	return data, err
}

// Append adds rows to a file, or makes it. Each row has its cells by name of column. A new file gets all columns in
// their order; in one that is there the cells go under its own header and with its own separator, and what it holds stays as
// it is, comments included. A file with faults is not touched: the error is its Faults. The file is replaced in one step.
func Append(name string, columns []Column, rows ...map[string]string) error {
	return replace(name, func(old []byte) ([]byte, error) {
		t := Parse(name, old, columns...)
		if err := t.Err(); err != nil {
			return nil, err
		}
		out := bytes.Clone(old)
		if len(t.Header) == 0 {
			for _, c := range columns {
				t.Header = append(t.Header, c.Name)
			}
			if len(bytes.TrimPrefix(out, []byte("\xef\xbb\xbf"))) == 0 {
				out = nil
			}
			out = appendLine(out, t.Comma, t.Header)
		}
		for _, row := range rows {
			cells := make([]string, len(t.Header))
			filled := 0
			for i, column := range t.Header {
				if cells[i] = row[column]; cells[i] != "" {
					filled++
				}
			}
			for _, c := range columns {
				if row[c.Name] != "" && !t.Has(c.Name) {
					return nil, fmt.Errorf("%s has no column %q: add it to the first line", name, c.Name)
				}
			}
			if filled > 0 {
				out = appendLine(out, t.Comma, cells)
			}
		}
		return out, nil
	})
}

// Write replaces a file by one with these rows, or makes it.
func Write(name string, columns []Column, rows ...map[string]string) error {
	return replace(name, func([]byte) ([]byte, error) { return Encode(columns, rows...), nil })
}

// Encode is the content of a file with these rows.
func Encode(columns []Column, rows ...map[string]string) []byte {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	out := appendLine(nil, ',', header)
	for _, row := range rows {
		cells := make([]string, len(header))
		for i, column := range header {
			cells[i] = row[column]
		}
		out = appendLine(out, ',', cells)
	}
	return out
}

// Remove takes the rows for which drop is true out of a file and leaves everything else as it is. It returns how many
// there were.
func Remove(name string, columns []Column, drop func(*Row) bool) (int, error) {
	n := 0
	err := replace(name, func(old []byte) ([]byte, error) {
		t := Parse(name, old, columns...)
		if err := t.Err(); err != nil {
			return nil, err
		}
		gone := map[int]bool{}
		n = 0
		for i := range t.Rows {
			if row := &t.Rows[i]; drop(row) {
				n++
				for line := row.Line; line <= row.End; line++ {
					gone[line] = true
				}
			}
		}
		if n == 0 {
			return old, nil
		}
		end := []byte{'\n'}
		if bytes.IndexByte(old, '\n') < 0 {
			end = []byte{'\r'}
		}
		var out []byte
		for i, line := range bytes.SplitAfter(old, end) {
			if !gone[i+1] {
				out = append(out, line...)
			}
		}
		return out, nil
	})
	return n, err
}

// appendLine adds a line of cells with the line end that the text before uses.
func appendLine(out []byte, comma rune, cells []string) []byte {
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	w.Comma = comma
	first := cells
	if strings.HasPrefix(cells[0], "#") {
		// Bare it would be read as a comment.
		line.WriteString(`"` + strings.ReplaceAll(cells[0], `"`, `""`) + `"` + string(comma))
		first = append([]string{}, cells[1:]...)
	}
	if len(first) > 0 {
		// A buffer takes everything, and the separator is one of three that are allowed.
		_ = w.Write(first)
	}
	w.Flush()
	end := "\n"
	switch {
	case bytes.Contains(out, []byte("\r\n")):
		end = "\r\n"
	case len(out) > 0 && bytes.IndexByte(out, '\n') < 0 && bytes.IndexByte(out, '\r') >= 0:
		end = "\r"
	}
	if n := len(out); n > 0 && out[n-1] != '\n' && out[n-1] != '\r' {
		out = append(out, end...)
	}
	return append(append(out, bytes.TrimRight(line.Bytes(), "\n")...), end...)
}
