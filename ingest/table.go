package ingest

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// compressed tells whether a must be inflated before anything can be read of it.
func (a *archive) compressed() bool { return a.outer != nil && a.place.Method != zip.Store }

// maxTable is how much of an archive is remembered at most, the table of contents of 40,000 activities, and maxTables how much
// of all archives in one on disk.
const (
	maxTable  = 4 << 20
	maxTables = 16 << 20
)

// table is what listBy needs to list a without inflating it: its size, and all of it from where list began to read.
func (a *archive) table() (string, error) {
	if err := a.hold(); err != nil {
		return "", err
	}
	defer a.release()
	if a.size-a.from > maxTable {
		return "", errors.New("its table of contents is not at its end")
	}
	table := binary.AppendUvarint(nil, uint64(a.size))
	n := len(table)
	table = append(table, make([]byte, a.size-a.from)...)
	if _, err := a.ReadAt(table[n:], a.from); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return string(table), nil
}

// listBy is list by what table has returned of the same archive, and false if that does not do.
func (a *archive) listBy(table string) ([]*zip.File, bool) {
	size, err := binary.ReadUvarint(strings.NewReader(table))
	rest := table[min(len(table), len(binary.AppendUvarint(nil, size))):]
	if err != nil || rest == "" || size > 1<<40 || uint64(len(rest)) > size {
		return nil, false
	}
	a.size, a.told = int64(size), rest
	defer func() { a.told = "" }()
	members, problem := a.readDirectory()
	return members, problem == nil
}
