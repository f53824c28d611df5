package ingest

import "bytes"

// byteAt returns the byte at an offset, 0 behind the end.
func (s *pointScan) byteAt(i int) byte {
	if i < len(s.data) {
		return s.data[i]
	}
	return 0
}

// isSpace tells the white space of XML.
func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// endsName are the bytes that cannot stand in a name and so end it.
var endsName = [256]bool{'>': true, '/': true, ' ': true, '\n': true, '\t': true, '\r': true, '=': true, '<': true, '"': true, '\'': true}

// name returns the end of the name that begins at an offset and where its local part begins.
func (s *pointScan) name(from int) (end, local int) {
	local = from
	for i, c := range s.data[min(from, len(s.data)):] {
		if endsName[c] {
			return from + i, local
		}
		if c == ':' {
			local = from + i + 1
		}
	}
	return len(s.data), local
}

// push opens an element and returns next, the offset behind its start tag.
func (s *pointScan) push(nameFrom, nameEnd, next int) int {
	if nameEnd == nameFrom || len(s.stack) >= maxXMLDepth {
		return s.fail(Corrupt, nameFrom-1)
	}
	s.stack = append(s.stack, s.data[nameFrom:nameEnd])
	return next
}

// tagEnd returns the offset behind the start tag whose name ends at i, and whether the tag closes its element itself.
func (s *pointScan) tagEnd(i int) (next int, closed bool) {
	if s.byteAt(i) == '>' {
		return i + 1, false
	}
	for from := i; i < len(s.data); i++ {
		switch s.data[i] {
		case '>':
			return i + 1, i > from && s.data[i-1] == '/'
		case '<':
			return s.fail(Corrupt, i), false
		case '"', '\'':
			if i = s.quoted(i); i < 0 {
				return -1, false
			}
		}
	}
	return s.fail(Truncated, len(s.data)), false
}

// quoted returns the offset of the quote that ends the value whose opening quote is at i. XML forbids < in values, and
// where one stands a quote is missing.
func (s *pointScan) quoted(i int) int {
	value := s.data[i+1:]
	end := bytes.IndexByte(value, s.data[i])
	if end >= 0 {
		value = value[:end]
	}
	if lt := bytes.IndexByte(value, '<'); lt >= 0 {
		return s.fail(Corrupt, i+1+lt)
	}
	if end < 0 {
		return s.fail(Truncated, len(s.data))
	}
	return i + 1 + end
}

// startTag is tagEnd for the tag of a point or an element left out: it reads the attributes that are columns.
func (s *pointScan) startTag(i int, point bool) (next int, closed bool) {
	if !point {
		return s.tagEnd(i)
	}
	for i < len(s.data) {
		switch c := s.data[i]; {
		case isSpace(c):
			i++
		case c == '>':
			return i + 1, false
		case c == '/' && s.byteAt(i+1) == '>':
			return i + 2, true
		default:
			nameEnd, local := s.name(i)
			quote := nameEnd
			for isSpace(s.byteAt(quote)) {
				quote++
			}
			if s.byteAt(quote) != '=' {
				return s.badTag(quote), false
			}
			for quote++; isSpace(s.byteAt(quote)); quote++ {
			}
			if q := s.byteAt(quote); q != '"' && q != '\'' {
				return s.badTag(quote), false
			}
			end := s.quoted(quote)
			if end < 0 {
				return -1, false
			}
			if f := s.dialect.attr(s.data[local:nameEnd]); f != fieldNone {
				s.text = s.data[quote+1 : end]
				s.store(f)
			}
			i = end + 1
		}
	}
	return s.fail(Truncated, len(s.data)), false
}

// badTag fails at an offset inside a tag, which is a break of the file if the file ends there.
func (s *pointScan) badTag(at int) int {
	if at >= len(s.data) {
		return s.fail(Truncated, len(s.data))
	}
	return s.fail(Corrupt, at)
}

// endTag closes the innermost element with the end tag at an offset and returns the offset behind it.
func (s *pointScan) endTag(at int) int {
	top := len(s.stack) - 1
	if top < 0 {
		return s.fail(Corrupt, at)
	}
	name := s.stack[top]
	i := at + 2 + len(name)
	if i > len(s.data) {
		return s.fail(Truncated, len(s.data))
	}
	if !bytes.Equal(s.data[at+2:i], name) {
		return s.fail(Corrupt, at)
	}
	for isSpace(s.byteAt(i)) {
		i++
	}
	if s.byteAt(i) != '>' {
		return s.badTag(i)
	}
	s.stack = s.stack[:top]
	return i + 1
}

// special skips what begins with <! or <? at an offset. For CDATA, and for nothing else, text is not nil.
func (s *pointScan) special(at int) (next int, text []byte) {
	rest := s.data[at:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.skipTo(at+4, "-->"), nil
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		next = s.skipTo(at+9, "]]>")
		if next < 0 {
			return -1, nil
		}
		return next, s.data[at+9 : next-3]
	case rest[1] == '?':
		return s.skipTo(at+2, "?>"), nil
	}
	return s.directive(at + 2), nil
}

// skipTo returns the offset behind the next occurrence of a mark.
func (s *pointScan) skipTo(from int, mark string) int {
	if from <= len(s.data) {
		if j := bytes.Index(s.data[from:], []byte(mark)); j >= 0 {
			return from + j + len(mark)
		}
	}
	return s.fail(Truncated, len(s.data))
}

// directive returns the offset behind a <!DOCTYPE …> with its quotes, brackets and comments, as encoding/xml reads it.
// Entities declared there are never expanded.
func (s *pointScan) directive(i int) int {
	var quote byte
	depth := 0
	for ; i < len(s.data); i++ {
		c := s.data[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' && bytes.HasPrefix(s.data[i:], []byte("<!--")):
			if i = s.skipTo(i+4, "-->"); i < 0 {
				return -1
			}
			i--
		case c == '<':
			depth++
		case c == '>' && depth == 0:
			return i + 1
		case c == '>':
			depth--
		}
	}
	return s.fail(Truncated, len(s.data))
}
