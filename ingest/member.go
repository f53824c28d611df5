package ingest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// member is a file in an archive.
type member struct {
	archive *archive
	entry   *zip.File
}

// Open gives the content of f, out of its archive where it lies in one, but not gunzipped. A damaged member gives what
// can be read of it and then an error.
func (f File) Open() (io.ReadCloser, error) {
	if f.member == nil {
		return os.Open(f.Name)
	}
	r, err := f.member.open()
	if err != nil || len(f.member.archive.chain) == 0 {
		return r, err
	}
	// Who reads from an inner archive in memory keeps others from theirs. A caller may do so for long, so it gets a copy.
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, f.member.archive.shelf.limit))
	return io.NopCloser(io.MultiReader(bytes.NewReader(data), failingReader{err})), nil
}

// failingReader ends a content with an error, or without one.
type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return 0, io.EOF
}

// open is Open for the loader, which has done with a file before it opens the next.
func (f File) open() (io.ReadCloser, error) {
	if f.member == nil {
		return os.Open(f.Name)
	}
	return f.member.open()
}

func (m *member) open() (io.ReadCloser, error) {
	if err := m.archive.hold(); err != nil {
		return nil, err
	}
	r, err := m.entry.Open()
	if err != nil {
		m.archive.release()
		return nil, err
	}
	return &memberReader{ReadCloser: r, archive: m.archive}, nil
}

// memberReader holds the archive until it is closed.
type memberReader struct {
	io.ReadCloser
	archive *archive
}

func (r *memberReader) Close() error {
	err := r.ReadCloser.Close()
	r.archive.release()
	return err
}

// likelySize is what a member's buffer should hold at first: its declared size, unless deflate could not make that out
// of so few bytes (RFC 1951: 258 bytes from two bits).
func (f File) likelySize() int64 {
	if f.member == nil {
		return f.Size
	}
	return min(f.Size, f.storedSize()*1032)
}

// storedSize is how much of a disk, or of an outer archive, f takes up.
func (f File) storedSize() int64 {
	if f.member == nil {
		return f.Size
	}
	return int64(min(f.member.entry.CompressedSize64, 1<<40))
}

// hiddenMember tells whether a member's name, as shown, lies in a hidden folder or is the rubbish that macOS adds.
func hiddenMember(shown string) bool {
	for part := range strings.SplitSeq(shown, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return true
		}
	}
	return false
}

// shownName makes a member's name fit to be printed: one of the many names for a place inside the archive, with nothing
// that would lead outside if somebody took it for a path, and without characters that move a terminal's cursor. Names
// in an unknown encoding are shown as if in Latin-1, so that two of them stay two.
func shownName(name string) string {
	if !utf8.ValidString(name) {
		runes := make([]rune, len(name))
		for i := range len(name) {
			runes[i] = rune(name[i])
		}
		name = string(runes)
	}
	if !strings.Contains(name, "/") {
		name = strings.ReplaceAll(name, `\`, "/") // some Windows programs write names so
	}
	name = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return utf8.RuneError
		}
		return r
	}, name)
	name = path.Clean("/" + name)[1:]
	if name == "" {
		return "unnamed"
	}
	return name
}

// archiveName reports whether a file's name promises an archive that is looked into. Documents (.docx, .epub, .jar) are
// zip files too and hold no activities.
func archiveName(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

// contentProblem names what went wrong while the content of a file was read, on disk or in an archive.
func contentProblem(err error) *Problem {
	var (
		p  *Problem
		pe *fs.PathError
		ce flate.CorruptInputError
	)
	switch {
	case errors.As(err, &p):
		return &Problem{Kind: p.Kind, Err: p.Err}
	case errors.As(err, &pe):
		return &Problem{Kind: Unreadable, Err: pe.Err} // the path is said already
	case errors.Is(err, zip.ErrAlgorithm):
		return problemf(Unsupported, "compressed in a way that kneecheck cannot read; unpack the archive and name the folder")
	case errors.Is(err, zip.ErrChecksum):
		return problemf(Corrupt, "its checksum in the archive is wrong; download the archive again")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return problemf(Truncated, "cut off inside the archive; download the archive again")
	case errors.Is(err, zip.ErrFormat), errors.As(err, &ce):
		return problemf(Corrupt, "damaged inside the archive; download the archive again")
	}
	return &Problem{Kind: Unreadable, Err: err}
}

// fill reads until p is full or r ends or fails.
func fill(r io.Reader, p []byte) (int, error) {
	n := 0
	for n < len(p) {
		m, err := r.Read(p[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
