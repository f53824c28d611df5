//go:build linux || darwin

package ingest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// ask fills in what the disk says of the entry of a folder. It names the entry from the folder on: to find the way from
// the root for each of thousands costs more than the answer.
func (e *folderEntry) ask(folder *os.File) {
	var st unix.Stat_t
	var err error = unix.EINTR
	for errors.Is(err, unix.EINTR) {
		err = unix.Fstatat(int(folder.Fd()), e.name, &st, unix.AT_SYMLINK_NOFOLLOW)
	}
	if err != nil {
		e.err = &fs.PathError{Op: "lstat", Path: filepath.Join(folder.Name(), e.name), Err: err}
		return
	}
	e.size = st.Size
	e.sec, e.nanos = st.Mtim.Unix()
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
	case unix.S_IFDIR:
		e.mode = fs.ModeDir
	case unix.S_IFLNK:
		e.mode = fs.ModeSymlink
	default:
		e.mode = fs.ModeIrregular
	}
}
