package ingest

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tkrajina/gpxgo/gpx"
	"golang.org/x/net/html/charset"
)

// parseGPXRest gives the document without its points to gpxgo. The decoder forgives what does not change the structure:
// a bare &, HTML's entities, an attribute without quotes. On an error it returns the offset that the decoder had reached.
func parseGPXRest(rest []byte, label string) (doc *gpx.GPX, at int, err error) {
	prolog := 0
	if label != "" {
		head := `<?xml version="1.0" encoding="` + label + `"?>`
		rest, prolog = append([]byte(head), rest...), len(head)
	}
	d := xml.NewDecoder(bytes.NewReader(rest))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	// gpxgo looks for the version in the first 1000 bytes.
	doc, err = gpx.ParseDecoder(d, rest[:min(len(rest), 1000)])
	if err != nil {
		return nil, max(0, int(d.InputOffset())-prolog), err
	}
	return doc, 0, nil
}

// plainGPX puts the points that gpxgo read into the columns and leaves in the document one point for each segment, as in
// the rest of a scan. gpxgo tells a missing latitude from 0 as little as a missing longitude; such points lose their
// position only if both are 0.
func plainGPX(doc *gpx.GPX, p *pointColumns) {
	p.reset()
	for ti := range doc.Tracks {
		for si := range doc.Tracks[ti].Segments {
			seg := &doc.Tracks[ti].Segments[si]
			first := p.n
			for i := range seg.Points {
				plainPoint(&seg.Points[i], p)
			}
			if p.n > first {
				run := gpx.GPXPoint{Point: gpx.Point{Latitude: float64(first), Longitude: float64(p.n - first)}}
				seg.Points = append(seg.Points[:0], run)
			}
		}
	}
	p.pad()
}

// plainPoint adds one point of gpxgo.
func plainPoint(pt *gpx.GPXPoint, p *pointColumns) {
	if pt.Latitude != 0 || pt.Longitude != 0 {
		p.set(fieldLat, pt.Latitude)
		p.set(fieldLon, pt.Longitude)
	}
	if pt.Elevation.NotNull() {
		p.set(fieldElev, pt.Elevation.Value())
	}
	if t := pt.Timestamp; !t.IsZero() {
		s := stamp{unixS: t.Unix(), ns: t.Nanosecond(), zone: zoneUTC}
		if _, s.offsetS = t.Zone(); s.offsetS != 0 {
			s.zone = zoneOffset
		}
		p.setTime(s)
	}
	plainExtensions(pt.Extensions.Nodes, p)
	p.n++
}

// plainExtensions reads what sensors wrote from the extensions of a point.
func plainExtensions(nodes []gpx.ExtensionNode, p *pointColumns) {
	for i := range nodes {
		// Depth 2: a child of the extensions of the point.
		if f := gpxDialect.field([]byte(nodes[i].XMLName.Local), 2); f != fieldNone {
			if v, ok := parseDecimal([]byte(nodes[i].Data)); ok {
				p.set(f, v)
			}
		}
		plainExtensions(nodes[i].Nodes, p)
	}
}

// xmlEncoding reads the encoding that a document declares. label is empty for UTF-8, for nothing and for names that
// nobody knows; utf8Text says that the text is, or should be, UTF-8; scannable is false for the few encodings in which
// a byte of a letter can look like a tag.
func xmlEncoding(data []byte) (label string, utf8Text, scannable bool) {
	head := data[:min(len(data), 200)]
	_, head, ok := bytes.Cut(head, []byte("<?xml"))
	if !ok {
		return "", true, true
	}
	head, _, _ = bytes.Cut(head, []byte("?>"))
	_, head, _ = bytes.Cut(head, []byte("encoding"))
	head = bytes.TrimLeft(head, " \t\r\n=")
	if len(head) == 0 || head[0] != '"' && head[0] != '\'' {
		return "", true, true
	}
	value, _, ok := bytes.Cut(head[1:], head[:1])
	if !ok {
		return "", true, true
	}
	encoding, name := charset.Lookup(string(value))
	switch {
	case encoding == nil, name == "utf-8", strings.HasPrefix(name, "utf-16"):
		// A declaration of UTF-16 that can be read as bytes is wrong: .NET writes such files.
		return "", true, true
	case name == "replacement", name == "iso-2022-jp":
		return name, false, false
	}
	return name, false, true
}

// utf16ToUTF8 converts a document in UTF-16, told by its byte order mark or by the zero bytes of its first tag.
func utf16ToUTF8(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{'<', 0}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), bytes.HasPrefix(data, []byte{0, '<'}):
		order = binary.BigEndian
	default:
		return data
	}
	out := make([]byte, 0, len(data)/2+len(data)/8)
	for i := 0; i+1 < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) && i+3 < len(data) {
			if pair := utf16.DecodeRune(r, rune(order.Uint16(data[i+2:]))); pair != utf8.RuneError {
				r = pair
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return bytes.TrimPrefix(out, []byte("\uFEFF"))
}
