package ingest

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// sniffLen is how much of a file's head tells its format; an XML file may open with a long comment.
const sniffLen = 4096

// Formats that sniff tells apart beside those that hold activities.
const (
	gzipFormat Format = "gzip"
	zipFormat  Format = "zip"
	noFormat   Format = ""
)

// sniff tells the format of a file by its first bytes, never by its name.
func sniff(head []byte) Format {
	switch {
	case len(head) >= 12 && string(head[8:12]) == ".FIT":
		return FIT
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return gzipFormat
	case bytes.HasPrefix(head, []byte(zipLocal)), bytes.HasPrefix(head, []byte(zipEnd)): // the latter is an empty one
		return zipFormat
	}
	switch name := rootElement(head); name {
	case "gpx":
		return GPX
	case "TrainingCenterDatabase", "Activities": // some tools lose the root element
		return TCX
	}
	return noFormat
}

// rootElement returns the local name of the first element of an XML text, or "" where there is none. Byte-order marks
// and blanks before the declaration are forgiven: some exporters write them.
func rootElement(head []byte) string {
	head = utf8Head(head)
	for {
		head = bytes.TrimLeft(head, " \t\r\n\x00")
		switch {
		case bytes.HasPrefix(head, []byte("<?")):
			head = after(head, "?>")
		case bytes.HasPrefix(head, []byte("<!--")):
			head = after(head, "-->")
		case bytes.HasPrefix(head, []byte("<!")):
			head = afterDeclaration(head)
		case bytes.HasPrefix(head, []byte("<")):
			name := head[1:]
			if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
				name = name[:i]
			}
			if i := bytes.IndexByte(name, ':'); i >= 0 {
				name = name[i+1:]
			}
			return string(name)
		default:
			return ""
		}
	}
}

func after(b []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(b, []byte(mark))
	return rest
}

// afterDeclaration skips a <!DOCTYPE …>, whose internal subset in brackets may hold further declarations.
func afterDeclaration(b []byte) []byte {
	end, open := bytes.IndexByte(b, '>'), bytes.IndexByte(b, '[')
	if open >= 0 && open < end {
		return after(b[open:], "]>")
	}
	return after(b, ">")
}

// utf8Head removes a byte-order mark and turns a UTF-16 head into UTF-8.
func utf8Head(b []byte) []byte {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		little := b[0] == 0xff
		var units []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u := uint16(b[i])<<8 | uint16(b[i+1])
			if little {
				u = uint16(b[i+1])<<8 | uint16(b[i])
			}
			units = append(units, u)
		}
		return []byte(string(utf16.Decode(units)))
	}
	return b
}

// activityName reports whether a file's name promises an activity.
func activityName(name string) bool {
	ext := path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))
	return ext == ".fit" || ext == ".gpx" || ext == ".tcx"
}

// notWhatItSays is the problem of a file whose name promises an activity and whose content is something else.
func notWhatItSays(name string, head []byte) *Problem {
	ext := path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))
	switch {
	case len(head) == 0:
		return problemf(Corrupt, "the file is empty; export it again")
	case len(bytes.Trim(head, "\x00")) == 0:
		return problemf(Corrupt, "the file begins with zeros only; copy it from the device again")
	}
	return problemf(Unsupported, "named %s, but its content is %s", ext, contentName(head))
}

// contentName says in words what a file that is no activity looks like. The usual ones are the page that a site shows
// instead of a download, and files renamed by hand.
func contentName(head []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(utf8Head(head), " \t\r\n"))
	begins := func(marks ...string) bool {
		return slices.ContainsFunc(marks, func(mark string) bool { return bytes.HasPrefix(text, []byte(mark)) })
	}
	switch {
	case begins("<!doctype html", "<html"):
		return "a web page"
	case begins("<"):
		return "XML of another kind"
	case begins("{", "["):
		return "JSON"
	case begins("%pdf-"):
		return "a PDF document"
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")), bytes.HasPrefix(head, []byte("\x89PNG")):
		return "a picture"
	case bytes.IndexByte(text, 0) < 0 && utf8.Valid(text[:max(0, len(text)-utf8.UTFMax)]):
		return "text"
	}
	return "of no kind that kneecheck knows"
}
