package analyze

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kneecheck/ingest"
)

// MemoInfo says what a memo holds. Files counts files, members of archives included; what became of one under several
// settings counts once for each. Runs, Problems and Ignored count what they became.
type MemoInfo struct {
	Files, Runs, Problems, Ignored int
	// Bytes is the size of the memo, StaleBytes how much of it has been superseded, and DamagedBytes how much cannot be
	// read.
	Bytes, StaleBytes, DamagedBytes int64
}

// Info reads the memo. Without one it is all zero; the error is that of a memo that cannot be read.
func (m *Memo) Info() (MemoInfo, error) {
	if _, err := readMemo(m.File); errors.Is(err, fs.ErrNotExist) {
		return MemoInfo{}, nil
	} else if err != nil {
		return MemoInfo{}, err
	}
	mem := m.open()
	info := MemoInfo{Bytes: mem.size, DamagedBytes: mem.size}
	if mem.size > 0 && (!mem.damaged || len(mem.entries) > 0) {
		info.DamagedBytes -= int64(len(mem.header))
	}
	for i := range mem.entries {
		n := int64(len(mem.entries[i].frame))
		info.DamagedBytes -= n
		info.StaleBytes += n
	}
	for _, i := range mem.alive() {
		e := &mem.entries[i]
		info.StaleBytes -= int64(len(e.frame))
		if e.isTable() {
			continue
		}
		r, ok := e.result(e.key, &mem.reader, nil)
		if !ok {
			continue
		}
		info.Files++
		if r.Ignored {
			info.Ignored++
		}
		if len(r.Problems) > 0 {
			info.Problems++
		}
		for _, s := range r.Values {
			if s.Run != nil {
				info.Runs++
			}
		}
	}
	return info, nil
}

// Clear removes the memo and what an interrupted writing left beside it. It returns how many bytes that were; without a
// memo there is nothing to do.
func (m *Memo) Clear() (int64, error) {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(m.File), filepath.Base(m.File)+".*.tmp"))
	if err != nil {
		left = nil // a folder with odd characters in its name: what was left there is not worth more
	}
	var bytes int64
	for _, name := range append(left, m.File) {
		info, err := os.Lstat(name)
		if err == nil {
			err = os.Remove(name)
		}
		switch {
		case err == nil:
			bytes += info.Size()
		case !errors.Is(err, fs.ErrNotExist):
			return bytes, err
		}
	}
	return bytes, nil
}

// MemoCheck is what reading remembered files again showed.
type MemoCheck struct {
	// Same counts the files that give what is remembered, Changed those that have changed since and will be read again,
	// and Gone those that are no longer there or can no longer be read.
	Same, Changed, Gone int
	// Different lists the files that have not changed and yet give something else.
	Different []string
}

// Verify reads remembered files again, each with the settings with which it was read, and compares: those below paths, or
// all when there are none. Of o only Workers and Progress count. The error is that of a path that does not exist, or of
// ctx.
func (m *Memo) Verify(ctx context.Context, paths []string, o ingest.Options) (*MemoCheck, error) {
	wanted := make([]string, len(paths))
	for i, p := range paths {
		abs, err := filepath.Abs(p)
		if err == nil {
			wanted[i], err = filepath.EvalSymlinks(abs) // as the memo names files
		}
		if err != nil {
			return nil, fmt.Errorf("%s: no such file or folder", p)
		}
	}
	mem := m.open()
	bySettings := map[string][]*remembered{}
	for _, i := range mem.alive() {
		e := &mem.entries[i]
		if len(wanted) == 0 || slices.ContainsFunc(wanted, func(p string) bool { return below(e.disk(), p) }) {
			bySettings[e.settings] = append(bySettings[e.settings], e)
		}
	}
	c := &MemoCheck{}
	for _, s := range slices.Sorted(maps.Keys(bySettings)) {
		options, ok := parseSettings(s)
		if !ok {
			continue // tables of contents, or settings that nobody can have any more, such as a zone that no longer exists
		}
		options.Workers, options.Progress = o.Workers, o.Progress
		if err := c.compare(ctx, mem, bySettings[s], options); err != nil {
			return c, err
		}
	}
	slices.Sort(c.Different)
	return c, nil
}

// below tells whether a file is path or lies in it.
func below(file, path string) bool {
	rest, ok := strings.CutPrefix(file, path)
	return ok && (rest == "" || os.IsPathSeparator(rest[0]) || os.IsPathSeparator(path[len(path)-1]))
}

// compare reads the files of entries that have the same settings.
func (c *MemoCheck) compare(ctx context.Context, mem *memory, entries []*remembered, o ingest.Options) error {
	grounds := make([]string, len(entries))
	for i, e := range entries {
		grounds[i] = e.ground
	}
	outdated := mem.streets.outdated(grounds)
	files, err := findAgain(ctx, entries, o)
	if err != nil {
		return err
	}
	var again []ingest.File
	var expected []*remembered
	for _, e := range entries {
		switch f, ok := files[e.key]; {
		case !ok:
			c.Gone++
		case stampOf(&f) != e.stamp || outdated(e.ground):
			c.Changed++
		default:
			again, expected = append(again, f), append(expected, e)
		}
	}
	results, err := ingest.Map(ctx, again, o, mem.streets.reduce)
	if err != nil {
		return err
	}
	for i := range results {
		e, r := expected[i], sessionsOf(&results[i])
		written := codec{}
		written.result(&r)
		switch {
		case forgettable(r.Problems):
			c.Gone++
		case e.body == string(written.out) && e.ignored == r.Ignored && e.bytes == r.Bytes && e.sum == r.Sum:
			c.Same++
		case e.racy:
			c.Changed++ // it is not recognised by its stamp either
		default:
			c.Different = append(c.Different, e.key)
		}
	}
	return nil
}

// findAgain looks where entries say that files were, and returns what is there by the key of its entry.
func findAgain(ctx context.Context, entries []*remembered, o ingest.Options) (map[string]ingest.File, error) {
	files := make(map[string]ingest.File, len(entries))
	var archives []string
	for _, e := range entries {
		disk := e.disk()
		info, err := os.Stat(disk)
		switch {
		case err != nil || !info.Mode().IsRegular():
		case e.key == disk:
			files[e.key] = ingest.File{Name: disk, Path: disk, Size: info.Size(), ModTime: info.ModTime()}
		case len(archives) == 0 || archives[len(archives)-1] != disk:
			archives = append(archives, disk)
		}
	}
	if len(archives) == 0 {
		return files, nil
	}
	members, _, err := ingest.Discover(ctx, archives, o)
	for _, f := range members {
		files[f.Path+f.Member] = f
	}
	return files, err
}
