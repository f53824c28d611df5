package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"sync"
)

// Limits on archives. Twenty years of two activities a day are 15,000 members; a directory entry is about 110 bytes.
const (
	maxArchiveMembers = 100_000
	maxDirectoryBytes = 16 << 20
	// maxArchiveDepth is how deep zips may lie in zips: a Garmin account export is two deep.
	maxArchiveDepth = 3
	// maxArchiveRatio times its size on disk, and what one .gz may hold on top, is the most that an archive may inflate
	// to, inner archives included. Activities shrink to a twentieth at best, deflate can reach a thousandth.
	maxArchiveRatio = 100
)

// The record that ends a zip file's directory, and those that hold its larger numbers (APPNOTE.TXT 4.3.14 to 4.3.16).
const (
	zipEnd          = "PK\x05\x06"
	zipEndLen       = 22
	zip64Locator    = "PK\x06\x07"
	zip64LocatorLen = 20
	zip64EndLen     = 56
	// zipTailLen holds the longest comment and both records before it.
	zipTailLen = 65<<10 + zipEndLen + zip64LocatorLen
)

// archive is a zip file on disk or in another one. It can be read while it is held, by several goroutines at once; what
// it needs for that (the open file, an inner archive's bytes) goes when nobody holds it.
type archive struct {
	// name is what users see before the "!".
	name string
	// depth is 1 on disk.
	depth int
	disk  *diskFile
	size  int64
	// outer and place say where an inner archive lies, base where the bytes of a stored one begin in outer.
	outer *archive
	place *zip.File
	base  int64
	// shelf keeps the compressed archives on the way to this one, outermost first, itself included: chain.
	shelf *shelf
	chain []*archive
	// blocks are the bytes of a compressed inner archive while it is on the shelf. With inParts some of them are nil; kept
	// are then the others but the first, in the order in which they were inflated.
	blocks  [][]byte
	kept    []int
	inParts bool
	// stream inflates the archive, and has inflated so many blocks since its beginning; nil when there is nothing to do.
	// rewinds counts the beginnings.
	stream   *entryReader
	inflated int
	rewinds  int
	// directory stands in for a missing one, behind the last byte.
	directory []byte
	// allowance is what may still be read while the members are listed, and from the first place that was. told is the end of
	// the archive, while that is all that can be read of it.
	allowance int64
	listing   bool
	from      int64
	told      string
}

// diskFile is a file that is open while somebody holds it: a folder may have more archives than a process may have open.
type diskFile struct {
	path  string
	mu    sync.Mutex
	users int
	file  *os.File
}

func (d *diskFile) hold() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.users == 0 {
		file, err := os.Open(d.path)
		if err != nil {
			return err
		}
		d.file = file
	}
	d.users++
	return nil
}

func (d *diskFile) release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.users--; d.users == 0 {
		// Nothing was written, so closing loses nothing.
		_ = d.file.Close()
	}
}

// inner is the archive that lies in a as f.
func (a *archive) inner(name string, f *zip.File) (*archive, error) {
	in := &archive{name: name, depth: a.depth + 1, disk: a.disk, outer: a, place: f, shelf: a.shelf, chain: a.chain}
	if f.Method != zip.Store {
		in.chain = append(slices.Clone(a.chain), in)
		return in, nil
	}
	if err := a.hold(); err != nil {
		return nil, err
	}
	defer a.release()
	base, err := f.DataOffset()
	if err != nil {
		return nil, err
	}
	in.base = base
	in.size = min(int64(min(f.CompressedSize64, 1<<62)), max(a.size-base, 0))
	return in, nil
}

// hold makes a readable until release. A goroutine may hold only one archive at a time.
func (a *archive) hold() error {
	if err := a.disk.hold(); err != nil {
		return err
	}
	if err := a.shelf.hold(a.chain); err != nil {
		a.disk.release()
		return err
	}
	return nil
}

func (a *archive) release() {
	a.shelf.release(a.chain)
	a.disk.release()
}

// ReadAt reads the bytes of an archive that is held.
func (a *archive) ReadAt(p []byte, off int64) (int, error) {
	if a.listing {
		a.from = min(a.from, off)
		if a.allowance -= int64(len(p)); a.allowance < 0 {
			return 0, problemf(TooLarge, "its table of contents is larger than %s, as no export's is; unpack it and name the folder",
				mebibytes(maxDirectoryBytes))
		}
	}
	if off < 0 {
		return 0, zip.ErrFormat // a directory can say so
	}
	if off >= a.size {
		return bytes.NewReader(a.directory).ReadAt(p, off-a.size)
	}
	whole := len(p)
	p = p[:min(int64(whole), a.size-off)]
	n, err := a.readAt(p, off)
	if err == nil && n < whole {
		var rest int
		rest, err = bytes.NewReader(a.directory).ReadAt(p[n:whole], 0)
		n += rest
	}
	return n, err
}

func (a *archive) readAt(p []byte, off int64) (int, error) {
	switch {
	case a.told != "":
		from := a.size - int64(len(a.told))
		if off < from {
			return 0, zip.ErrFormat
		}
		return copy(p, a.told[off-from:]), nil
	case a.outer == nil:
		return a.disk.file.ReadAt(p, off)
	case a.place.Method == zip.Store:
		return a.outer.ReadAt(p, a.base+off)
	}
	return a.shelf.read(a, p, off)
}

// isZip tells whether a is an archive: by its first bytes or, when it is called one, by its last ones, for a program that
// unpacks itself may stand before it.
func (a *archive) isZip() (bool, error) {
	if err := a.hold(); err != nil {
		return false, err
	}
	defer a.release()
	head := make([]byte, 4)
	if _, err := a.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if sniff(head) == zipFormat || !archiveName(a.name) {
		return sniff(head) == zipFormat, nil
	}
	_, end, err := a.findEnd()
	return end >= 0, err
}

// list returns the members in the directory's order. Members may come beside a problem: those before a break.
func (a *archive) list() ([]*zip.File, *Problem) {
	if err := a.hold(); err != nil {
		return nil, contentProblem(err)
	}
	defer a.release()
	members, problem := a.readDirectory()
	if problem == nil || problem.Kind != Truncated && problem.Kind != Corrupt {
		return members, problem
	}
	a.directory = a.rebuildDirectory()
	if a.directory == nil {
		return nil, problem
	}
	members, again := a.readDirectory()
	if again != nil {
		return nil, problem
	}
	return members, problemf(problem.Kind, "%w; %s can be found and read", problem.Err, count(len(members), "member"))
}

// readDirectory reads the table of contents at the end.
func (a *archive) readDirectory() ([]*zip.File, *Problem) {
	a.listing, a.allowance, a.from = true, maxDirectoryBytes+zipTailLen, a.size
	defer func() { a.listing = false }()
	if p := a.checkEnd(); p != nil {
		return nil, p
	}
	r, err := zip.NewReader(a, a.size+int64(len(a.directory)))
	switch {
	case err == nil || errors.Is(err, zip.ErrInsecurePath): // names are shown, never used as paths
		return r.File, nil
	case isContentError(err):
		return nil, problemf(Corrupt, "its table of contents is damaged; download it again")
	}
	return nil, contentProblem(err)
}

// findEnd returns the archive's last bytes and where in them the record begins that ends its directory, -1 for nowhere.
func (a *archive) findEnd() (tail []byte, at int, err error) {
	size := a.size + int64(len(a.directory))
	tail = make([]byte, min(size, zipTailLen))
	if _, err := a.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, -1, err
	}
	last := len(tail) - zipEndLen
	if last < 0 {
		return tail, -1, nil
	}
	return tail, bytes.LastIndex(tail[:last+len(zipEnd)], []byte(zipEnd)), nil
}

// checkEnd refuses an archive that lacks its end, one that has it in another file, and a number of members for which
// the library would reserve too much.
func (a *archive) checkEnd() *Problem {
	tail, at, err := a.findEnd()
	switch {
	case err != nil:
		return contentProblem(err)
	case at < 0:
		return problemf(Truncated, "the archive is cut off: its table of contents at the end is missing; download it again")
	}
	if disk := binary.LittleEndian.Uint16(tail[at+4:]); disk != 0 && disk != math.MaxUint16 {
		return problemf(Unsupported, "the last of %d parts of a split archive; unpack it together with the others and name the folder", disk+1)
	}
	members := uint64(binary.LittleEndian.Uint16(tail[at+10:]))
	if at >= zip64LocatorLen && string(tail[at-zip64LocatorLen:at-zip64LocatorLen+4]) == zip64Locator {
		end := make([]byte, zip64EndLen)
		off := binary.LittleEndian.Uint64(tail[at-zip64LocatorLen+8:])
		if _, err := a.ReadAt(end, int64(off&(1<<62-1))); err == nil {
			members = max(members, binary.LittleEndian.Uint64(end[32:]))
		}
	}
	if members > maxArchiveMembers {
		return tooManyMembers()
	}
	return nil
}

func tooManyMembers() *Problem {
	return problemf(TooLarge, "it lists more than %d members, as no export does; unpack it and name the folder", maxArchiveMembers)
}

// isContentError tells damage of an archive from failure to read the disk.
func isContentError(err error) bool {
	var pe *fs.PathError
	var p *Problem
	return !errors.As(err, &pe) && !errors.As(err, &p)
}
