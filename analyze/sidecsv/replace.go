package sidecsv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// replace changes a file, or makes it, in one step: a reader sees the old content or the new, and a failure leaves the old.
// The permissions stay, and a file that is a link stays one. Those who change it at the same time wait for one another.
func replace(name string, change func(old []byte) ([]byte, error)) error {
	target, err := follow(name)
	if err != nil {
		return err
	}
	unlock, err := lock(target)
	if err != nil {
		return err
	}
	defer unlock()
	mode := fs.FileMode(0)
	old, err := ReadFile(target)
	if err == nil {
		var info fs.FileInfo
		if info, err = os.Stat(target); err == nil {
			mode = info.Mode().Perm()
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, err := change(old)
	if err != nil {
		return err
	}
	return put(target, data, mode)
}

// follow is the file behind a name: itself, or what a link leads to, which need not be there yet.
func follow(name string) (string, error) {
	const maxLinks = 40 // as systems have it
	path := name
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link, or nothing there
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("%s: too many links", name)
}

// lock waits until nobody else changes target. The lock is a file beside it that is gone afterwards; the system frees
// it when a process ends in whatever way.
func lock(target string) (unlock func(), err error) {
	name := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".lock")
	for {
		f, err := lockedfile.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
		if errors.Is(err, errors.ErrUnsupported) {
			// Some network folders know no locks. A row that nobody else writes at the same moment is safe without.
			_ = os.Remove(name)
			return func() {}, nil
		}
		if err != nil {
			return nil, err
		}
		// Whoever had the lock before removes its file: then this one is locked by nobody else and protects nothing.
		mine, err := f.Stat()
		now, gone := os.Stat(name)
		if err == nil && gone == nil && os.SameFile(mine, now) {
			return func() {
				// Some systems do not remove an open file; an empty hidden file is then left, and does no harm.
				_ = os.Remove(name)
				_ = f.Close()
			}, nil
		}
		_ = f.Close()
		if err != nil {
			return nil, err
		}
	}
}

// put puts data in the place of a file in one step. A mode of 0 leaves the permissions to the user's umask.
func put(target string, data []byte, mode fs.FileMode) error {
	temp := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d.tmp", filepath.Base(target), os.Getpid()))
	// Whoever left one behind is gone: the lock is ours.
	_ = os.Remove(temp)
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if mode != 0 {
		err = errors.Join(err, f.Chmod(mode))
	}
	// No program makes such a file again: it must be on the disk before it takes the old one's place.
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temp, target)
	}
	if err != nil {
		// The temporary file is ours; that it cannot be removed adds nothing to the first error.
		_ = os.Remove(temp)
	}
	return err
}
