package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Discover lists the regular files below paths, in order of name, each once however often it is named. Hidden entries
// below a folder are skipped, and so are links to folders, which could lead in circles. A zip archive stands for its
// members, which are listed as "export.zip!activities/1.fit"; zips in it for theirs. An archive without members is listed
// itself. A folder that cannot be listed or an archive that cannot be read is a problem and costs only itself; a path
// that does not exist is an error, for it is a slip of the pen.
//
// The files may be read as long as they are on the disk; there is nothing to close. When ctx ends, what was found until
// then is returned beside its error.
func Discover(ctx context.Context, paths []string, o Options) ([]File, []*Problem, error) {
	d := discovery{ctx: ctx, maxBytes: o.maxBytes(), tables: o.Tables}
	for i, p := range paths {
		if i > 0 {
			d.mayMeetAgain()
		}
		info, err := os.Stat(p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil, fmt.Errorf("%s: no such file or folder", p)
		case err != nil:
			d.refuse(p, err)
		case info.IsDir():
			d.folder(p, resolved(p))
		case !info.Mode().IsRegular():
			d.refuse(p, errors.New("not a regular file"))
		default:
			// What is named outright is looked into whatever it is called.
			d.file(filepath.Clean(p), resolved(p), info.Size(), info.ModTime(), !activityName(p))
		}
	}
	byName := func(a, b File) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(d.files, byName) {
		slices.SortStableFunc(d.files, byName)
	}
	slices.SortStableFunc(d.problems, func(a, b *Problem) int { return strings.Compare(a.File, b.File) })
	return d.files, d.problems, ctx.Err()
}

// resolved is the one path of a file that links and relative names lead to.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path
}

type discovery struct {
	ctx      context.Context
	maxBytes int64
	tables   *Tables
	files    []File
	problems []*Problem
	// seen has the resolved paths once a file may be met twice, by several paths or a link. Until then it is nil: one
	// folder names each file once.
	seen map[string]bool
	// archives are the resolved paths of the files that were looked into.
	archives []string
}

// folder lists dir, whose resolved path is real.
func (d *discovery) folder(dir, real string) {
	entries, err := listFolder(dir)
	if err != nil {
		d.refuse(dir, err)
		return
	}
	below := newJoiner(inFolder(dir), entries)
	realBelow := below
	if prefix := inFolder(real); prefix != below.prefix {
		realBelow = newJoiner(prefix, entries)
	}
	d.files = slices.Grow(d.files, len(entries))
	for i := range entries {
		if d.ctx.Err() != nil {
			return
		}
		e := &entries[i]
		path := below.join(e.name)
		realPath := path
		if realBelow != below {
			realPath = realBelow.join(e.name)
		}
		switch {
		case e.err != nil:
			d.refuse(path, e.err)
		case e.mode.IsDir():
			d.folder(path, realPath)
		case e.mode.IsRegular():
			d.file(path, realPath, e.size, e.modTime(), archiveName(path))
		case e.mode&fs.ModeSymlink != 0:
			d.link(path)
		}
	}
}

// link adds the file that a link in a folder leads to. Links to folders are passed over.
func (d *discovery) link(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		d.refuse(path, err)
	case info.Mode().IsRegular():
		d.mayMeetAgain()
		d.file(path, resolved(path), info.Size(), info.ModTime(), archiveName(path))
	}
}

// inFolder is what a clean path of something in dir begins with. Joining and cleaning every path would cost as much as
// asking the disk about it.
func inFolder(dir string) string {
	switch dir = filepath.Clean(dir); {
	case dir == ".":
		return ""
	case os.IsPathSeparator(dir[len(dir)-1]):
		return dir
	}
	return dir + string(filepath.Separator)
}

// mayMeetAgain says that from here on a file may be met that was met before.
func (d *discovery) mayMeetAgain() {
	if d.seen != nil {
		return
	}
	d.seen = make(map[string]bool, len(d.files)+len(d.archives))
	for i := range d.files {
		d.seen[d.files[i].Path] = true
	}
	for _, path := range d.archives {
		d.seen[path] = true
	}
}

// file adds a file, or the members of one that may be an archive and is.
func (d *discovery) file(path, real string, size int64, modTime time.Time, mayBeArchive bool) {
	if d.seen[real] {
		return
	}
	if d.seen != nil {
		d.seen[real] = true
	}
	f := File{Name: filepath.ToSlash(path), Path: real, Size: size, ModTime: modTime}
	if mayBeArchive {
		d.archives = append(d.archives, real)
		d.archive(f, path)
		return
	}
	d.files = append(d.files, f)
}

func (d *discovery) refuse(path string, err error) {
	d.report(filepath.ToSlash(path), contentProblem(err))
}

func (d *discovery) report(name string, p *Problem) {
	p.File = name
	d.problems = append(d.problems, p)
}
