package report

import (
	"encoding/json"
	"io"
)

// JSON writes the wire document, indented and with a newline at its end.
func JSON(w io.Writer, r *Report) error { return indented(w, r.Document()) }

// indented writes a document as JSON.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
