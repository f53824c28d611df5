package ingest

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// folderEntry is what the disk says of one entry of a folder, links not followed.
type folderEntry struct {
	name string
	// mode has the bits of fs.ModeType alone.
	mode  fs.FileMode
	size  int64
	sec   int64
	nanos int64
	err   error
}

func (e *folderEntry) modTime() time.Time { return time.Unix(e.sec, e.nanos) }

// statAtOnce is how many entries one goroutine asks about: fewer are not worth a goroutine.
const statAtOnce = 64

// listFolder lists the entries of a folder that are not hidden, in order of name.
func listFolder(dir string) ([]folderEntry, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	entries := make([]folderEntry, 0, len(names))
	for _, name := range names {
		if !strings.HasPrefix(name, ".") {
			entries = append(entries, folderEntry{name: name})
		}
	}
	Share(len(entries), statAtOnce, func(from, to int) {
		for i := from; i < to; i++ {
			entries[i].ask(f)
		}
	})
	return entries, nil
}

// joiner puts a prefix before names. What it returns lies in one string, for a folder has thousands of names.
type joiner struct {
	prefix string
	all    strings.Builder
}

func newJoiner(prefix string, entries []folderEntry) *joiner {
	j := &joiner{prefix: prefix}
	bytes := len(entries) * len(prefix)
	for i := range entries {
		bytes += len(entries[i].name)
	}
	j.all.Grow(bytes)
	return j
}

func (j *joiner) join(name string) string {
	from := j.all.Len()
	j.all.WriteString(j.prefix)
	j.all.WriteString(name)
	return j.all.String()[from:]
}
