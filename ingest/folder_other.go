//go:build !linux && !darwin

package ingest

import (
	"os"
	"path/filepath"
)

// ask fills in what the disk says of the entry of a folder.
func (e *folderEntry) ask(folder *os.File) {
	info, err := os.Lstat(filepath.Join(folder.Name(), e.name))
	if err != nil {
		e.err = err
		return
	}
	e.mode, e.size = info.Mode().Type(), info.Size()
	e.sec, e.nanos = info.ModTime().Unix(), int64(info.ModTime().Nanosecond())
}
