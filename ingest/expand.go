package ingest

import (
	"archive/zip"
	"fmt"
	"path/filepath"
	"slices"
)

// archive adds the members of f, a file on disk that may be an archive.
func (d *discovery) archive(f File, path string) {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	x := expansion{discovery: d, disk: f, bytesLeft: min(f.Size, 1<<50)*maxArchiveRatio + d.maxBytes*inflateFactor, tablesLeft: maxTables}
	x.expand(f, &archive{
		name: f.Name, depth: 1, size: f.Size,
		disk: &diskFile{path: path}, shelf: newShelf(d.maxBytes * inflateFactor),
	})
}

// expansion lists one archive on disk and the archives in it.
type expansion struct {
	*discovery
	disk File
	// members counts those listed, bytesLeft is how much more content they may declare, and tablesLeft how much more of tables
	// of contents is remembered.
	members    int
	bytesLeft  int64
	tablesLeft int
}

// expand adds what a, which f names, stands for: its members, or f itself when it is no archive or an empty one.
func (x *expansion) expand(f File, a *archive) {
	if x.ctx.Err() != nil {
		return
	}
	entries, known := x.recall(f, a)
	var problem *Problem
	if !known {
		switch is, err := a.isZip(); {
		case err != nil:
			x.report(f.Name, contentProblem(err))
			return
		case !is:
			x.files = append(x.files, f)
			return
		}
		entries, problem = a.list()
	}
	if problem != nil {
		x.report(f.Name, problem)
	}
	// All of them, for each that is unfit may be told.
	if x.members += len(entries); x.members > maxArchiveMembers {
		x.report(f.Name, tooManyMembers())
		return
	}
	before := len(x.files) + len(x.problems)
	entries = slices.DeleteFunc(entries, func(e *zip.File) bool {
		p := x.unfit(a, e)
		if shown := shownName(e.Name); p != nil && !hiddenMember(shown) && (activityName(shown) || archiveName(shown)) {
			x.report(a.name+"!"+shown, p)
		}
		return p != nil
	})
	if p := x.admit(a, entries); p != nil {
		x.report(f.Name, p)
		return
	}
	if !known && problem == nil {
		x.remember(f, a)
	}
	var locked locked
	for i, e := range latest(entries) {
		shown := shownName(e.Name)
		switch {
		case hiddenMember(shown) || !e.Mode().IsRegular():
		case !readable(e):
			locked.count(e, shown)
		default:
			x.member(a, e, i, a.name+"!"+shown)
		}
	}
	if p := locked.problem(); p != nil {
		x.report(f.Name, p)
	}
	if problem == nil && before == len(x.files)+len(x.problems) {
		x.files = append(x.files, f)
	}
}

// recall lists a by the table of contents that is remembered, if there is one.
func (x *expansion) recall(f File, a *archive) ([]*zip.File, bool) {
	if x.tables == nil || !a.compressed() {
		return nil, false
	}
	table := x.tables.Recall(f)
	entries, known := a.listBy(table)
	if known {
		x.tablesLeft -= len(table)
	}
	return entries, known
}

// remember keeps the table of contents of a, which was listed without a problem, where it costs something to get it.
func (x *expansion) remember(f File, a *archive) {
	if x.tables == nil || !a.compressed() {
		return
	}
	table, err := a.table()
	if err != nil || len(table) > x.tablesLeft {
		return // it is inflated again the next time
	}
	x.tablesLeft -= len(table)
	x.tables.Remember(f, table)
}

// maxDeflate is how many bytes one byte of deflated content can become at most (RFC 1951: 258 bytes from two bits).
const maxDeflate = 1032

// unfit is the problem of a member whose sizes in the directory cannot be true or are too much by themselves, so that a slip
// in one entry does not cost the other members.
func (x *expansion) unfit(a *archive, e *zip.File) *Problem {
	switch {
	case int64(min(e.CompressedSize64, 1<<60)) > a.size, e.UncompressedSize64/maxDeflate > e.CompressedSize64:
		return problemf(Corrupt, "its size in the archive cannot be true; download the archive again")
	case int64(min(e.UncompressedSize64, 1<<60)) > x.bytesLeft:
		return problemf(TooLarge, "inflates to %s, as no activity does; unpack it and name the folder if you trust it", mebibytes(int64(e.UncompressedSize64)))
	}
	return nil
}

// admit holds an archive's directory against the limits of size before any of it is used.
func (x *expansion) admit(a *archive, entries []*zip.File) *Problem {
	stored, content := int64(0), int64(0)
	for _, e := range entries {
		stored += int64(min(e.CompressedSize64, 1<<40))
		content += int64(min(e.UncompressedSize64, 1<<40))
	}
	if stored > a.size {
		return problemf(Corrupt, "its members overlap, as in an archive made to harm; download it again from where it came")
	}
	if content > x.bytesLeft {
		return problemf(TooLarge, "its members inflate to %s, as no activities do; unpack it and name the folder if you trust it",
			mebibytes(content))
	}
	x.bytesLeft -= content
	return nil
}

// member adds member i of a, or what it stands for.
func (x *expansion) member(a *archive, e *zip.File, i int, name string) {
	f := File{
		Name: name, Size: int64(min(e.UncompressedSize64, 1<<40)), ModTime: x.disk.ModTime,
		CRC32: e.CRC32, ArchiveSize: x.disk.Size, Path: x.disk.Path, Member: name[len(x.disk.Name):], member: &member{archive: a, entry: e, at: i},
	}
	if !archiveName(name) {
		x.files = append(x.files, f)
		return
	}
	if a.depth == maxArchiveDepth {
		x.report(name, problemf(Unsupported, "an archive within %d others; unpack the outermost and name the folder", maxArchiveDepth))
		return
	}
	inner, err := a.inner(name, e)
	if err != nil {
		x.report(name, contentProblem(err))
		return
	}
	x.expand(f, inner)
}

// latest drops the members that a later one of the same name replaces, as unpacking does.
func latest(entries []*zip.File) []*zip.File {
	last := make(map[string]int, len(entries))
	for i, e := range entries {
		last[e.Name] = i
	}
	if len(last) == len(entries) {
		return entries
	}
	var kept []*zip.File
	for i, e := range entries {
		if last[e.Name] == i {
			kept = append(kept, e)
		}
	}
	return kept
}

// readable tells whether a member is stored in a way that the library knows.
func readable(e *zip.File) bool {
	return e.Flags&zipFlagEncrypted == 0 && (e.Method == zip.Store || e.Method == zip.Deflate)
}

// locked counts the members that promise activities and cannot be read.
type locked struct {
	n         int
	first     string
	encrypted bool
	method    uint16
}

func (l *locked) count(e *zip.File, shown string) {
	if !activityName(shown) && !archiveName(shown) {
		return
	}
	if l.n++; l.n == 1 {
		l.first, l.encrypted, l.method = shown, e.Flags&zipFlagEncrypted != 0, e.Method
	}
}

// problem is one for the whole archive: its members are hardly locked each in its own way.
func (l *locked) problem() *Problem {
	if l.n == 0 {
		return nil
	}
	which := l.first
	if l.n > 1 {
		which = fmt.Sprintf("%s and %d more", l.first, l.n-1)
	}
	if l.encrypted {
		return problemf(Unsupported, "encrypted: %s; unpack it with its password and name the folder", which)
	}
	return problemf(Unsupported, "compressed by method %d, which kneecheck cannot read: %s; unpack it and name the folder", l.method, which)
}
