package ingest

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestSniff(t *testing.T) {
	for _, tc := range []struct {
		name, head string
		want       Format
	}{
		{"fit", "\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT\x00\x00", FIT},
		{"fit with the short header", "\x0c\x10\xd9\x07\x00\x00\x00\x00.FIT", FIT},
		{"fit cut before its mark", "\x0e\x10\xd9\x07\x00\x00\x00\x00.FI", noFormat},
		{"gpx", `<?xml version="1.0"?><gpx version="1.1">`, GPX},
		{"gpx without a declaration", `<gpx>`, GPX},
		{"gpx with a prefix", `<x:gpx xmlns:x="u">`, GPX},
		{"gpx after blanks", "          <?xml version='1.0'?>\n<gpx\n>", GPX},
		{"gpx after a byte-order mark", "\xef\xbb\xbf<?xml version='1.0'?><gpx>", GPX},
		{"gpx after a comment", "<!-- <TrainingCenterDatabase> --><gpx/>", GPX},
		{"gpx after a doctype", `<!DOCTYPE gpx [<!ENTITY a "b>">]><gpx>`, GPX},
		{"gpx in UTF-16", utf16le(`<?xml version="1.0" encoding="UTF-16"?><gpx>`), GPX},
		{"tcx", `<?xml version="1.0"?><TrainingCenterDatabase xmlns="u">`, TCX},
		{"html", "<!DOCTYPE html><html>", noFormat},
		{"gpx as a word", "gpx", noFormat},
		{"gzip", "\x1f\x8b\x08", gzipFormat},
		{"zip", "PK\x03\x04", zipFormat},
		{"an open comment", "<!-- never closed", noFormat},
		{"nothing", "", noFormat},
		{"a lone bracket", "<", noFormat},
	} {
		if got := sniff([]byte(tc.head)); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func utf16le(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte(`<!DOCTYPE gpx [<!ENTITY a "b>">]><gpx>`))
	f.Add([]byte(utf16le("<gpx>")))
	f.Fuzz(func(t *testing.T, head []byte) {
		if len(head) > 0 && sniff(head) == GPX && !strings.Contains(strings.ReplaceAll(string(head), "\x00", ""), "gpx") {
			t.Errorf("%q was taken for GPX", head)
		}
	})
}

func TestContentName(t *testing.T) {
	for head, want := range map[string]string{
		"\n<!DOCTYPE html><html>":           "a web page",
		"\xef\xbb\xbf<?xml version='1.0'?>": "XML of another kind",
		`{"activities": []}`:                "JSON",
		"%PDF-1.7":                          "a PDF document",
		"Ort;Zeit\nKöln;6:30\n":             "text",
		"\x89PNG\r\n\x1a\n\x00\x00":         "a picture",
		"\x01\x02\x00\x03":                  "of no kind that kneecheck knows",
	} {
		if got := contentName([]byte(head)); got != want {
			t.Errorf("%q is %s, want %s", head, got, want)
		}
	}
}
