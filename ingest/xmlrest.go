package ingest

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"unicode/utf8"
)

// restWriter copies a document without its points. Each run of points becomes one point element whose attributes lat and
// lon hold the row of the first and the number of points, so the general decoder that reads the rest says which points
// belong to which track and segment.
type restWriter struct {
	rest []byte
	// root is set once the root element has begun.
	root bool

	source []byte
	// copied is the offset up to which the source is in the rest, in the run or left out.
	copied int
	// run is the name, first row and number of the points not yet written.
	runName          []byte
	runFirst, runLen int
	// chunks map offsets of the rest to the source, to tell where a decoder gave up.
	chunks []restChunk
}

type restChunk struct{ rest, source int }

func (w *restWriter) reset(source []byte) {
	w.rest, w.chunks = w.rest[:0], w.chunks[:0]
	w.root, w.source = false, source
	w.copied, w.runLen = 0, 0
}

// addPoint replaces the point between two offsets: it joins the run before, or begins another if more than blanks lie
// between.
func (w *restWriter) addPoint(at, end int, name []byte, row int) {
	if !w.inRun(at) {
		w.emit(at)
		w.runName, w.runFirst = name, row
	}
	w.runLen++
	w.copied = end
}

// leaveOut leaves out what lies between two offsets. It does not end a run of points.
func (w *restWriter) leaveOut(at, end int) {
	if !w.inRun(at) {
		w.emit(at)
	}
	w.copied = end
}

// inRun tells that nothing but blanks lies between a run of points and an offset.
func (w *restWriter) inRun(at int) bool {
	return w.runLen > 0 && len(trimBlanks(w.source[w.copied:at])) == 0
}

// emit writes the run of points and the source up to an offset.
func (w *restWriter) emit(to int) {
	if w.runLen > 0 {
		w.rest = append(append(w.rest, '<'), w.runName...)
		w.rest = strconv.AppendInt(append(w.rest, ` lat="`...), int64(w.runFirst), 10)
		w.rest = strconv.AppendInt(append(w.rest, `" lon="`...), int64(w.runLen), 10)
		w.rest = append(w.rest, `"/>`...)
		w.runLen = 0
	}
	if w.copied < to {
		w.chunks = append(w.chunks, restChunk{len(w.rest), w.copied})
		w.rest = appendText(w.rest, w.source[w.copied:to])
		w.copied = to
	}
}

// closeRest ends the rest at a break of the source and closes the elements that are open there.
func (w *restWriter) closeRest(at int, open [][]byte) {
	w.emit(at)
	for i := len(open) - 1; i >= 0; i-- {
		w.rest = append(append(append(w.rest, "</"...), open[i]...), '>')
	}
}

// sourceOffset returns where in the source the offset of the rest came from, about, and an offset not behind it up to
// which the source can be read alone.
func (w *restWriter) sourceOffset(rest int) (at, whole int) {
	for _, c := range w.chunks {
		if c.rest >= rest {
			break
		}
		whole = c.source
		at = min(c.source+rest-c.rest, len(w.source))
	}
	return at, whole
}

// appendText copies text without the control characters that XML forbids. A byte that is not UTF-8 is read as Latin-1,
// which is what files with a wrong label hold.
func appendText(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = utf8.AppendRune(dst, rune(text[i]))
		case illegalRune(r) || r == '&' && illegalReference(text[i+1:]):
			dst = append(dst, ' ')
		default:
			dst = append(dst, text[i:i+size]...)
		}
		i += size
	}
	return dst
}

// illegalRune tells the characters that XML 1.0 forbids.
func illegalRune(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0xD800 && r < 0xE000 || r == 0xFFFE || r == 0xFFFF
}

// illegalReference tells that the text behind an ampersand is a reference to a character that XML forbids, such as #11;.
func illegalReference(text []byte) bool {
	digits, ok := bytes.CutPrefix(text[:min(len(text), 12)], []byte("#"))
	digits, _, semicolon := bytes.Cut(digits, []byte(";"))
	if !ok || !semicolon {
		return false
	}
	base := 10
	if hex, ok := bytes.CutPrefix(digits, []byte("x")); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	return err == nil && (n > utf8.MaxRune || illegalRune(rune(n)))
}

// restDecoder decodes a document without its points. It forgives what does not change the structure: a bare &, HTML's
// entities, an attribute without quotes.
func restDecoder(rest []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(rest))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	return d
}
