package ingest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// member is a file in an archive.
type member struct {
	archive *archive
	entry   *zip.File
	// at is the place in the archive's directory.
	at int
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
	r, err := m.archive.openEntry(m.entry)
	if err != nil {
		m.archive.release()
		return nil, err
	}
	return heldReader{r, m.archive}, nil
}

// heldReader holds the archive until it is closed.
type heldReader struct {
	*entryReader
	archive *archive
}

func (r heldReader) Close() error {
	err := r.entryReader.Close()
	r.archive.release()
	return err
}

// entryReader gives the content of a member, at most as much as declared. Unlike the library's it gives all that is
// there before it tells that something is wrong with it: a recording may be whole although its end or its checksum is
// missing.
type entryReader struct {
	r        io.Reader
	inflater *inflater
	pool     *sync.Pool
	sum      hash.Hash32
	crc      uint32
	left     uint64
}

// inflater is what makes a reader of deflated bytes usable again.
type inflater struct {
	io.ReadCloser
	flate.Resetter
}

// openEntry opens a member of an archive that is held. Its method is one that readable knows.
func (a *archive) openEntry(e *zip.File) (*entryReader, error) {
	raw, err := e.OpenRaw()
	if err != nil {
		return nil, err
	}
	r := &entryReader{r: raw, sum: crc32.NewIEEE(), crc: e.CRC32, left: e.UncompressedSize64, pool: &a.shelf.inflaters}
	if e.Method == zip.Store {
		return r, nil
	}
	if used, ok := r.pool.Get().(*inflater); ok {
		r.inflater = used
		err = used.Reset(raw, nil)
	} else {
		fresh := flate.NewReader(raw)
		r.inflater = &inflater{fresh, fresh.(flate.Resetter)}
	}
	r.r = r.inflater
	return r, err
}

func (r *entryReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, r.end()
	}
	n, err := r.r.Read(p[:min(uint64(len(p)), r.left)])
	r.left -= uint64(n)
	r.sum.Write(p[:n])
	if err == io.EOF {
		err = nil
		if r.left > 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// end is io.EOF for a content that has the checksum it should; one of 0 was not set.
func (r *entryReader) end() error {
	if r.crc != 0 && r.crc != r.sum.Sum32() {
		return zip.ErrChecksum
	}
	return io.EOF
}

// Close makes the memory usable for the next member.
func (r *entryReader) Close() error {
	if r.inflater == nil {
		return nil
	}
	err := r.inflater.Close()
	r.pool.Put(r.inflater)
	r.inflater = nil
	return err
}

// likelySize is what a member's buffer should hold at first: its declared size, unless deflate could not make that out
// of so few bytes.
func (f File) likelySize() int64 {
	if f.member == nil {
		return f.Size
	}
	return min(f.Size, f.storedSize()*maxDeflate)
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
