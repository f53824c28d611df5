package cli

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// entry is one key of a TOML document with the line it stands on. Entries come in the order of the document, so that the
// first thing wrong is the first thing reported.
type entry struct {
	// path is the key from the top. A member of an array of tables has its number, from 0, after the array's name.
	path []string
	// line counts from 1.
	line int
	// value is as go-toml decodes it into an any; a table's value is a map.
	value any
	// header is true for [table] and [[array]] lines and for inline tables, which hold their keys as entries that follow.
	header bool
}

// name is the last part of the key, the one that a person would have mistyped.
func (e entry) name() string { return e.path[len(e.path)-1] }

// parseTOML returns the entries of a document. go-toml decodes and checks the values; its AST gives the lines, which the
// decoder does not.
func parseTOML(file string, data []byte) ([]entry, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var values map[string]any
	if err := toml.Unmarshal(data, &values); err != nil {
		var broken *toml.DecodeError
		if errors.As(err, &broken) {
			line, _ := broken.Position()
			return nil, fmt.Errorf("%s:%d: %s", file, line, bytes.TrimPrefix([]byte(broken.Error()), []byte("toml: ")))
		}
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	w := walker{values: values, arrays: map[string]int{}}
	w.parser.Reset(data)
	var table []string
	for w.parser.NextExpression() {
		node := w.parser.Expression()
		switch node.Kind {
		case unstable.Table:
			table = w.header(node, false)
		case unstable.ArrayTable:
			table = w.header(node, true)
		case unstable.KeyValue:
			w.keyValue(table, node)
		}
	}
	return w.entries, w.parser.Error()
}

// walker collects entries from the AST.
type walker struct {
	parser  unstable.Parser
	values  map[string]any
	arrays  map[string]int // how many members of each array of tables were opened
	entries []entry
}

func (w *walker) header(node *unstable.Node, array bool) []string {
	var path []string
	line := 0
	for it := node.Key(); it.Next(); {
		path = append(path, string(it.Node().Data))
		line = w.line(it.Node())
		// A later [array.table] belongs to the member opened last.
		if n := w.arrays[joined(path)]; n > 0 && !(array && it.IsLast()) {
			path = append(path, strconv.Itoa(n-1))
		}
	}
	if array {
		key := joined(path)
		w.arrays[key]++
		path = append(path, strconv.Itoa(w.arrays[key]-1))
	}
	w.add(path, line, true)
	return path
}

func (w *walker) keyValue(table []string, node *unstable.Node) {
	path := append([]string(nil), table...)
	line := 0
	for it := node.Key(); it.Next(); {
		path = append(path, string(it.Node().Data))
		line = w.line(it.Node())
	}
	w.value(path, line, node.Value())
}

func (w *walker) value(path []string, line int, node *unstable.Node) {
	switch {
	case node.Kind == unstable.InlineTable:
		w.add(path, line, true)
		for it := node.Children(); it.Next(); {
			w.keyValue(path, it.Node())
		}
	case node.Kind == unstable.Array && node.Child().Valid() && node.Child().Kind == unstable.InlineTable:
		i := 0
		for it := node.Children(); it.Next(); i++ {
			w.value(append(path[:len(path):len(path)], strconv.Itoa(i)), line, it.Node())
		}
	default:
		w.add(path, line, false)
	}
}

func (w *walker) add(path []string, line int, header bool) {
	w.entries = append(w.entries, entry{path: path, line: line, value: lookup(w.values, path), header: header})
}

func (w *walker) line(node *unstable.Node) int { return w.parser.Shape(node.Raw).Start.Line }

// joined makes a map key of a path; a TOML key may hold a dot but no NUL.
func joined(path []string) string { return fmt.Sprintf("%q", path) }

func lookup(value any, path []string) any {
	for _, part := range path {
		switch v := value.(type) {
		case map[string]any:
			value = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}
