package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Discover lists the regular files below paths, in order of name, each once however often it is named. Hidden entries
// below a folder are skipped, and so are links to folders, which could lead in circles. A folder that cannot be listed
// is a problem and costs only itself; a path that does not exist is an error, for it is a slip of the pen.
func Discover(paths []string) ([]File, []*Problem, error) {
	d := discovery{seen: map[string]bool{}}
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil, fmt.Errorf("%s: no such file or folder", p)
		case err != nil:
			d.refuse(p, err)
		case info.IsDir():
			d.folder(p)
		default:
			d.file(p, info)
		}
	}
	slices.SortFunc(d.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(d.problems, func(a, b *Problem) int { return strings.Compare(a.File, b.File) })
	return d.files, d.problems, nil
}

type discovery struct {
	files    []File
	problems []*Problem
	seen     map[string]bool
}

func (d *discovery) folder(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		d.refuse(dir, err)
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			d.folder(path)
			continue
		}
		info, err := e.Info()
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			info, err = os.Stat(path)
		}
		switch {
		case err != nil:
			d.refuse(path, err)
		case info.Mode().IsRegular():
			d.file(path, info)
		}
	}
}

func (d *discovery) file(path string, info fs.FileInfo) {
	if !info.Mode().IsRegular() {
		d.refuse(path, errors.New("not a regular file"))
		return
	}
	key := path
	if abs, err := filepath.Abs(path); err == nil {
		key = abs
	}
	if d.seen[key] {
		return
	}
	d.seen[key] = true
	d.files = append(d.files, File{Name: filepath.ToSlash(filepath.Clean(path)), Size: info.Size(), ModTime: info.ModTime()})
}

func (d *discovery) refuse(path string, err error) {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path is said already
	}
	d.problems = append(d.problems, &Problem{File: filepath.ToSlash(path), Kind: Unreadable, Err: err})
}
