package report

import (
	"encoding/json"
	"io"
)

// JSON writes the wire document, indented and with a newline at its end.
func JSON(w io.Writer, r *Report) error { return Indented(w, r.Document()) }

// Indented writes a document as JSON, indented and with a newline at its end.
func Indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
