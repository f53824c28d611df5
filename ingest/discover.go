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
	d := discovery{ctx: ctx, maxBytes: o.maxBytes(), seen: map[string]bool{}}
	for _, p := range paths {
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
			d.file(filepath.Clean(p), resolved(p), info, !activityName(p))
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
	files    []File
	problems []*Problem
	// seen has the resolved paths.
	seen map[string]bool
}

// folder lists dir, whose resolved path is real.
func (d *discovery) folder(dir, real string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		d.refuse(dir, err)
		return
	}
	infos, errs := stat(entries)
	below, realBelow := inFolder(dir), inFolder(real)
	d.files = slices.Grow(d.files, len(entries))
	for i, e := range entries {
		if d.ctx.Err() != nil {
			return
		}
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path, realPath := below+e.Name(), realBelow+e.Name()
		if e.IsDir() {
			d.folder(path, realPath)
			continue
		}
		info, err := infos[i], errs[i]
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			realPath = resolved(path)
			info, err = os.Stat(path)
		}
		switch {
		case err != nil:
			d.refuse(path, err)
		case info.Mode().IsRegular():
			d.file(path, realPath, info, archiveName(path))
		}
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

// statAtOnce is how many entries one goroutine asks about: fewer are not worth a goroutine.
const statAtOnce = 64

// stat asks the disk about every entry that is no folder.
func stat(entries []fs.DirEntry) ([]fs.FileInfo, []error) {
	infos, errs := make([]fs.FileInfo, len(entries)), make([]error, len(entries))
	Share(len(entries), statAtOnce, func(from, to int) {
		for i := from; i < to; i++ {
			if !entries[i].IsDir() {
				infos[i], errs[i] = entries[i].Info()
			}
		}
	})
	return infos, errs
}

// file adds a file, or the members of one that may be an archive and is.
func (d *discovery) file(path, real string, info fs.FileInfo, mayBeArchive bool) {
	if d.seen[real] {
		return
	}
	d.seen[real] = true
	f := File{Name: filepath.ToSlash(path), Path: real, Size: info.Size(), ModTime: info.ModTime()}
	if mayBeArchive {
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
