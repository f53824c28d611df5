package painlog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// Append adds an entry to the journal at path and makes the journal if there is none. What is in it stays as it is, byte
// for byte: the new content is written beside it and takes its place in one step, with the same permissions, and a
// journal that is a link stays one. Those who append at the same time wait for one another. A journal with a fault is
// left alone, for the entry could become part of it; the error is then a Faults.
func Append(path string, e analyze.Pain, today civil.Date) error {
	if err := errors.Join(Check(&e), CheckDate(e.Date, today)); err != nil {
		return err
	}
	target, err := follow(path)
	if err != nil {
		return err
	}
	unlock, err := lock(target)
	if err != nil {
		return err
	}
	defer unlock()
	old, err := os.ReadFile(target)
	mode := fs.FileMode(0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return err
	default:
		info, err := os.Stat(target)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(old, []byte(bom)))) > 0 {
		if _, err := parse(path, old, today); err != nil {
			return err
		}
	}
	return replace(target, withRow(old, row(&e)), mode)
}

// row is an entry as cells.
func row(p *analyze.Pain) []string {
	during, signs := "", noSigns
	if p.During >= 0 {
		during = strconv.Itoa(p.During)
	}
	if !p.NoSigns {
		words := make([]string, len(p.Signs))
		for i, s := range p.Signs {
			words[i] = string(s)
		}
		signs = strings.Join(words, "+")
	}
	return []string{p.Date.String(), string(p.Side), string(p.Place), during, string(p.Settled), string(p.NextMorning), signs, p.Note}
}

// Encode writes a whole journal.
func Encode(entries []analyze.Pain) []byte {
	data := withRow(nil, nil)
	for i := range entries {
		data = withRow(data, row(&entries[i]))
	}
	return data
}

// withRow is a journal with one row more, in the line ends that it has; an empty one gets the header first.
func withRow(old []byte, cells []string) []byte {
	end := "\n"
	if i := bytes.IndexByte(old, '\n'); i > 0 && old[i-1] == '\r' {
		end = "\r\n"
	}
	out := bytes.Clone(old)
	if len(bytes.TrimSpace(bytes.TrimPrefix(old, []byte(bom)))) == 0 {
		out = []byte(Header + end)
	} else if !bytes.HasSuffix(old, []byte("\n")) {
		out = append(out, end...)
	}
	if cells == nil {
		return out
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = end == "\r\n"
	// A buffer takes everything.
	_ = w.Write(cells)
	w.Flush()
	return append(out, b.Bytes()...)
}

// follow is the file behind path: itself, or what a link leads to, which need not be there yet.
func follow(path string) (string, error) {
	const maxLinks = 40 // as systems have it
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
	return "", fmt.Errorf("%s: too many links", path)
}

// lock waits until nobody else appends to target. The lock is a file beside it that is gone afterwards; the system frees
// it when a process ends in whatever way.
func lock(target string) (unlock func(), err error) {
	name := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".lock")
	for {
		f, err := lockedfile.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
		if errors.Is(err, errors.ErrUnsupported) {
			// Some network folders know no locks. An entry that nobody else writes at the same moment is safe without.
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

// replace puts data in the place of a file in one step. A mode of 0 leaves the permissions to the user's umask.
func replace(target string, data []byte, mode fs.FileMode) error {
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
	// A journal is not made again by any program: it must be on the disk before it takes the old one's place.
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
