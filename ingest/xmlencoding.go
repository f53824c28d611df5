package ingest

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// xmlToUTF8 returns an XML document in UTF-8. UTF-16, which gpxgo refuses, is told by its byte order mark or the zero
// bytes of its first tag, other encodings by their declaration. A declaration of UTF-16 that can be read as bytes is wrong:
// .NET writes such files; they, and names that nobody knows, are taken for UTF-8.
func xmlToUTF8(data []byte) []byte {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("<\x00")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")), bytes.HasPrefix(data, []byte("\x00<")):
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		var name string
		from, name = charset.Lookup(declaredEncoding(data))
		if from == nil || strings.HasPrefix(name, "utf-") {
			return data
		}
	}
	text, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return data
	}
	return text
}

// maxXMLDeclBytes is where an XML declaration ends at the latest.
const maxXMLDeclBytes = 200

// declaredEncoding is the encoding that an XML declaration names, empty if there is none.
func declaredEncoding(data []byte) string {
	_, decl, _ := bytes.Cut(data[:min(len(data), maxXMLDeclBytes)], []byte("<?xml"))
	decl, _, _ = bytes.Cut(decl, []byte("?>"))
	_, value, _ := bytes.Cut(decl, []byte("encoding"))
	value = bytes.TrimLeft(value, " \t\r\n=")
	if len(value) == 0 {
		return ""
	}
	name, _, _ := bytes.Cut(value[1:], value[:1])
	return string(name)
}
