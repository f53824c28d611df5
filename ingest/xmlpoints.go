package ingest

import (
	"bytes"
	"html"
	"math"
)

// Nine tenths of an activity file in XML are its points, the same few elements thousands of times, and nine tenths of
// the time a general decoder takes goes there. pointScan reads the points straight from the bytes into columns and
// copies the rest of the document, which a general decoder then reads with all its care. It is no validating parser, but
// it is never lost: it follows comments, CDATA, processing instructions, quoted attributes and the nesting of elements,
// and stops where a start tag is closed by another name.

// pointField is a column of a point.
type pointField uint8

// The columns. fieldNone is an element that is not read, fieldTime has a column of its own type.
const (
	fieldNone pointField = iota
	fieldLat
	fieldLon
	fieldElev
	fieldDist
	fieldSpeed
	fieldCadence
	fieldHeart
	fieldTime
)

// pointDialect is how one format writes points.
type pointDialect struct {
	// point is the local name of the element that is a point.
	point string
	// attr and field name the column of an attribute of a point and of an element inside one; depth 1 is a child of the point.
	attr  func(local []byte) pointField
	field func(local []byte, depth int) pointField
	// keep names the elements outside points that the general decoder is to see; others are left out of the rest.
	keep func(local []byte) bool
}

// noTime stands in pointColumns.timeUS for a point without a time that can be read.
const noTime = math.MinInt64

// pointColumns has a row for each point in the order of the file. A column stays empty until its first value, so points
// that hold nothing cost no memory; len(column) is 0 or n after a scan.
type pointColumns struct {
	n      int
	timeUS []int64 // microseconds since 1970
	cols   [fieldTime][]float64
	// zones are the changes of the zone that times are written in, by row.
	zones []zoneChange
}

// zoneChange says that from row on, until the next change, times are written in a zone.
type zoneChange struct {
	row     int
	zone    stampZone
	offsetS int
}

// maxKeptRows is the size from which on columns are not kept for the next file: twelve days at a point a second.
const maxKeptRows = 1 << 20

// reset empties the columns and keeps their memory, unless the last file was enormous.
func (p *pointColumns) reset() {
	if p.n > maxKeptRows {
		*p = pointColumns{}
	}
	p.n = 0
	p.timeUS = p.timeUS[:0]
	p.zones = p.zones[:0]
	for f := range p.cols {
		p.cols[f] = p.cols[f][:0]
	}
}

// set stores a value of the point being read, the last one if there are several.
func (p *pointColumns) set(f pointField, v float64) {
	col := p.cols[f]
	for len(col) < p.n {
		col = append(col, math.NaN())
	}
	p.cols[f] = append(col[:p.n], v)
}

// setTime stores the time of the point being read.
func (p *pointColumns) setTime(t stamp) {
	for len(p.timeUS) < p.n {
		p.timeUS = append(p.timeUS, noTime)
	}
	p.timeUS = append(p.timeUS[:p.n], t.unixS*1e6+int64(t.ns/1000))
	if k := len(p.zones); k == 0 || p.zones[k-1].zone != t.zone || p.zones[k-1].offsetS != t.offsetS {
		p.zones = append(p.zones, zoneChange{p.n, t.zone, t.offsetS})
	}
}

// pad brings every column that holds a value to n rows, and drops what a broken last point left behind.
func (p *pointColumns) pad() {
	if len(p.timeUS) > 0 {
		for len(p.timeUS) < p.n {
			p.timeUS = append(p.timeUS, noTime)
		}
		p.timeUS = p.timeUS[:p.n]
	}
	for f, col := range p.cols {
		if len(col) == 0 {
			continue
		}
		for len(col) < p.n {
			col = append(col, math.NaN())
		}
		p.cols[f] = col[:p.n]
	}
}

// pointScan is one pass over a document. Its memory is used again for the next one.
type pointScan struct {
	dialect *pointDialect
	data    []byte
	points  pointColumns

	// stack holds the names of the open elements, as slices of data.
	stack [][]byte
	// text is the text of the element being read, in pieces if a comment or CDATA interrupts it.
	text   []byte
	pieces []byte

	restWriter

	// brokenAt is the offset at which the document breaks off or stops to be XML, -1 if it does not; broken says how.
	brokenAt int
	broken   ProblemKind
	// end is the offset behind the root element, or of the break.
	end int
}

// Limits that no recording comes near. maxXMLDepth is also encoding/xml's own; a general decoder may take a hundred times
// the bytes of a start tag for its attributes.
const (
	maxXMLDepth = 10_000
	maxTagBytes = 64 << 10
)

// scan reads a document in UTF-8.
func (s *pointScan) scan(data []byte, d *pointDialect) {
	s.dialect, s.data = d, data
	s.points.reset()
	s.stack = s.stack[:0]
	s.brokenAt, s.broken = -1, ""
	s.restWriter.reset(data)
	s.end = s.document()
	if s.brokenAt >= 0 {
		s.end = s.brokenAt
	}
	s.points.pad()
}

// fail notes the first break and returns -1.
func (s *pointScan) fail(kind ProblemKind, at int) int {
	if s.brokenAt < 0 {
		s.broken, s.brokenAt = kind, at
	}
	return -1
}

// document reads everything outside points and returns the offset behind the root element.
func (s *pointScan) document() int {
	i := 0
	for {
		j := bytes.IndexByte(s.data[i:], '<')
		if j < 0 {
			s.closeRest(len(s.data), s.stack)
			return s.fail(Truncated, len(s.data))
		}
		at, depth := i+j, len(s.stack)
		switch s.byteAt(at + 1) {
		case '/':
			i = s.endTag(at)
			if i >= 0 && len(s.stack) == 0 {
				s.emit(i)
				return i
			}
		case '!', '?':
			var text []byte
			if i, text = s.special(at); i >= 0 && text == nil {
				s.leaveOut(at, i)
			}
		default:
			i = s.outerElement(at)
		}
		if i < 0 {
			s.closeRest(at, s.stack[:min(depth, len(s.stack))])
			return -1
		}
		if len(s.stack) == 0 && s.root {
			s.emit(i)
			return i
		}
	}
}

// outerElement reads the start tag at an offset outside points, and all of the element if it is a point or left out.
func (s *pointScan) outerElement(at int) int {
	nameEnd, local := s.name(at + 1)
	name := s.data[local:nameEnd]
	point := string(name) == s.dialect.point
	if !point && s.dialect.keep(name) {
		i, closed := s.tagEnd(nameEnd)
		if i-at > maxTagBytes {
			return s.fail(Corrupt, at)
		}
		if i >= 0 {
			if !s.root {
				s.root, s.copied = true, at // no text before the root element
			}
			if !closed {
				return s.push(at+1, nameEnd, i)
			}
		}
		return i
	}
	depth := len(s.stack)
	i := s.element(at, nameEnd, point)
	if i < 0 {
		s.emit(at)
		s.copied = len(s.data) // nothing of a broken element goes into the rest
		s.stack = s.stack[:depth]
		return -1
	}
	if point {
		s.addPoint(at, i, s.data[at+1:nameEnd], s.points.n)
		s.points.n++
	} else {
		s.leaveOut(at, i)
	}
	return i
}

// element reads the element whose start tag is at an offset, with its columns if it is a point, and returns the offset
// behind it.
func (s *pointScan) element(at, nameEnd int, point bool) int {
	i, closed := s.startTag(nameEnd, point)
	if i < 0 || closed {
		return i
	}
	base := len(s.stack)
	if i = s.push(at+1, nameEnd, i); i < 0 {
		return -1
	}
	field := fieldNone
	for {
		j := bytes.IndexByte(s.data[i:], '<')
		if j < 0 {
			return s.fail(Truncated, len(s.data))
		}
		at := i + j
		if field != fieldNone && j > 0 {
			s.addText(s.data[i:at])
		}
		switch s.byteAt(at + 1) {
		case '/':
			if field != fieldNone {
				s.store(field)
				field = fieldNone
			}
			if i = s.endTag(at); i >= 0 && len(s.stack) == base {
				return i
			}
		case '!', '?':
			var text []byte
			if i, text = s.special(at); field != fieldNone {
				s.addText(text)
			}
		default:
			i, field = s.innerTag(at, len(s.stack)-base, point)
		}
		if i < 0 {
			return -1
		}
	}
}

// innerTag reads a start tag inside a point or an element left out and says which column its text belongs to. If nothing
// but text comes before the end tag, as nearly always, it reads all of the element.
func (s *pointScan) innerTag(at, depth int, point bool) (int, pointField) {
	nameEnd, local := s.name(at + 1)
	i, closed := s.tagEnd(nameEnd)
	if i < 0 || closed {
		return i, fieldNone
	}
	field := fieldNone
	if point {
		field = s.dialect.field(s.data[local:nameEnd], depth)
	}
	if j := bytes.IndexByte(s.data[i:], '<'); j >= 0 {
		name, end := s.data[at+1:nameEnd], s.data[i+j+1:]
		if n := len(name) + 1; n > 1 && len(end) > n && end[0] == '/' && end[n] == '>' && bytes.Equal(end[1:n], name) {
			if field != fieldNone {
				s.text = s.data[i : i+j]
				s.store(field)
			}
			return i + j + 2 + n, fieldNone
		}
	}
	s.text, s.pieces = nil, s.pieces[:0]
	return s.push(at+1, nameEnd, i), field
}

// addText adds a piece to the text of the element being read.
func (s *pointScan) addText(piece []byte) {
	switch {
	case len(piece) == 0:
	case s.text == nil:
		s.text = piece
	default:
		if len(s.pieces) == 0 {
			s.pieces = append(s.pieces, s.text...)
		}
		s.pieces = append(s.pieces, piece...)
		s.text = s.pieces
	}
}

// store puts the text of an element or attribute into its column.
func (s *pointScan) store(f pointField) {
	text := s.text
	if bytes.IndexByte(text, '&') >= 0 {
		text = []byte(html.UnescapeString(string(text)))
	}
	if f == fieldTime {
		if t, ok := parseStamp(text); ok {
			s.points.setTime(t)
		}
	} else if v, ok := parseDecimal(text); ok {
		s.points.set(f, v)
	}
}
