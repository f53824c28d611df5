package report

import (
	"encoding/json"
	"io"
)

// JSON writes the wire document, indented and with a newline at its end.
func JSON(w io.Writer, r *Report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r.Document())
}
