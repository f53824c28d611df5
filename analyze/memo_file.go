package analyze

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// memoVersion counts the changes of what Reduce and everything before it make of the same file, and of the form in which
// that is kept. Whoever changes either raises it; TestMemoVersion notices most of those who forget, and the name of the
// build in the header keeps the rest from harm wherever builds have names.
const memoVersion = "9"

// A memo is a header and entries. Each entry begins with its length and a checksum, four bytes each and little endian;
// the later of two entries for one file and settings counts.
//
// Entries are appended in one write, so that programs that run at once do not mix theirs, and the whole is only ever
// replaced by renaming. Whatever comes after the first damage is given up, and cut off by the next who has something to
// remember. So there is no lock, and no call to sync for what is appended: a lost entry costs reading one file.
const frameHead = 8

// header is what the memo begins with.
func (m *Memo) header() string { return "kneecheck memo " + memoVersion + " " + m.Build + "\n" }

// maxMemoBytes is more than a hundred thousand runs need; what is larger is no memo.
const maxMemoBytes = 512 << 20

// memory is the content of a memo and what is learnt beyond it.
type memory struct {
	// entries are all that are sound, superseded ones included, in the order of the file; size is that of the file.
	entries []remembered
	size    int64
	// damaged says that the file, if there is one, must be written anew.
	damaged bool
	// settings are those in force; order lists their entries by key, each key once, and bySum finds them by content.
	settings string
	order    []int
	bySum    map[[32]byte]int
	// places are where the runs recalled last lie, the first one of each file at the place of the file; nil when nothing is
	// recalled.
	places []Run
	reader codec
	fresh  []remembered
	// header is what the memo begins with, headerSum its checksum.
	header    string
	headerSum uint32
	// shared, if set, saves what is learnt together with what others learn.
	shared *OpenMemo
	// streets are the maps, and outdated says which entries' grounds are no longer what they tell.
	streets  *streets
	outdated func(ground string) bool
	// file is where the memo lies, empty for none, now the time before the files were looked for.
	file string
	now  time.Time
}

// parseMemory reads a memo as far as it is sound.
func parseMemory(content, header string) *memory {
	m := &memory{
		size: int64(len(content)), damaged: true, reader: codec{reading: true}, streets: &streets{},
		header: header, headerSum: crc32.ChecksumIEEE([]byte(header)),
	}
	rest, ok := strings.CutPrefix(content, header)
	if !ok {
		return m
	}
	m.entries = make([]remembered, 0, countFrames(rest))
	var scratch []byte
	head := codec{reading: true}
	for rest != "" {
		n := frameLen(rest)
		if n == 0 {
			return m
		}
		scratch = append(scratch[:0], rest[:n]...)
		e := remembered{frame: rest[:n]}
		if m.frameSum(scratch) != binary.LittleEndian.Uint32(scratch[4:]) || !e.parse(&head) {
			return m
		}
		m.entries = append(m.entries, e)
		rest = rest[n:]
	}
	m.damaged = false
	return m
}

// readMemo returns the content of a memo as a string, whose parts need not be copied.
func readMemo(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular() || info.Size() > maxMemoBytes:
		return "", fmt.Errorf("%s is no memo", file)
	}
	var b strings.Builder
	b.Grow(int(info.Size()))
	_, err = io.Copy(&b, io.LimitReader(f, info.Size()))
	return b.String(), err
}

// frameLen is the length of the entry that s begins with, 0 if it is cut off.
func frameLen(s string) int {
	if len(s) < frameHead {
		return 0
	}
	n := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
	if n > uint64(len(s)-frameHead) {
		return 0
	}
	return frameHead + int(n)
}

func countFrames(s string) int {
	count := 0
	for n := frameLen(s); n > 0; n = frameLen(s) {
		s = s[n:]
		count++
	}
	return count
}

// frameSum is the checksum of an entry, over its length and content. It begins with the header, so that an entry of
// another build, appended by a program that runs at once, is none of this one.
func (m *memory) frameSum(frame []byte) uint32 {
	sum := crc32.Update(m.headerSum, crc32.IEEETable, frame[:4])
	return crc32.Update(sum, crc32.IEEETable, frame[frameHead:])
}

// parse reads an entry from its frame, but for the result, which is left in body.
func (e *remembered) parse(c *codec) bool {
	c.begin(e.frame[frameHead:])
	e.head(c)
	e.body = c.in[c.at:]
	return !c.bad && e.diskLen >= 0 && e.diskLen <= len(e.key)
}

// head writes or reads everything but the body.
func (e *remembered) head(c *codec) {
	text(c, &e.settings)
	text(c, &e.key)
	whole(c, &e.diskLen)
	whole(c, &e.stamp.size)
	whole(c, &e.stamp.modTimeNS)
	whole(c, &e.stamp.archiveSize)
	whole(c, &e.stamp.crc)
	c.flag(&e.racy)
	c.flag(&e.ignored)
	whole(c, &e.bytes)
	text(c, &e.ground)
	if c.reading {
		copy(e.sum[:], c.take(len(e.sum)))
	} else {
		c.out = append(c.out, e.sum[:]...)
	}
}

// appendFrame writes an entry behind b.
func (m *memory) appendFrame(b []byte, e *remembered) []byte {
	from := len(b)
	c := codec{out: append(b, make([]byte, frameHead)...)}
	e.head(&c)
	b = append(c.out, e.body...)
	frame := b[from:]
	binary.LittleEndian.PutUint32(frame, uint32(len(frame)-frameHead))
	binary.LittleEndian.PutUint32(frame[4:], m.frameSum(frame))
	return b
}

// save writes what was learnt: behind the rest, or, when the rest is damaged or more than half of it no longer counts,
// into a new file without what does not count.
func (m *memory) save() error {
	if m.file == "" || len(m.fresh) == 0 && (!m.damaged || len(m.entries) == 0) {
		return nil
	}
	if m.shared != nil {
		m.shared.take(m.fresh)
		return nil
	}
	var fresh []byte
	for i := range m.fresh {
		fresh = m.appendFrame(fresh, &m.fresh[i])
	}
	alive := m.alive()
	live := int64(len(m.header))
	for _, i := range alive {
		live += int64(len(m.entries[i].frame))
	}
	if !m.damaged && live >= m.size/2 {
		err := appendMemo(m.file, fresh)
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	content := []byte(m.header)
	for _, i := range alive {
		if !gone(m.entries[i].disk()) {
			content = append(content, m.entries[i].frame...)
		}
	}
	return replaceMemo(m.file, append(content, fresh...))
}

// alive lists the entries that count beside what was learnt: the last of each file and settings, without files that have
// moved and whose content was now met elsewhere.
func (m *memory) alive() []int {
	type id struct{ settings, key string }
	seen := make(map[id]bool, len(m.entries))
	met := map[[32]byte]bool{{}: false}
	for i := range m.fresh {
		seen[id{m.fresh[i].settings, m.fresh[i].key}] = true
		met[m.fresh[i].sum] = m.fresh[i].sum != [32]byte{}
	}
	var alive []int
	for i := len(m.entries) - 1; i >= 0; i-- {
		e := &m.entries[i]
		if k := (id{e.settings, e.key}); !seen[k] && !(met[e.sum] && gone(e.disk())) {
			seen[k] = true
			alive = append(alive, i)
		}
	}
	slices.Reverse(alive)
	return alive
}

// gone tells whether a file certainly no longer exists.
func gone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func appendMemo(file string, frames []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(frames)
	return errors.Join(err, f.Close())
}

// replaceMemo writes a memo that a reader sees as a whole or not at all. Here a sync is worth its time: without it a
// power cut could leave the new name with nothing behind it.
func replaceMemo(file string, content []byte) error {
	dir := filepath.Dir(file)
	// What somebody ran, and when, is nobody else's business.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(file)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		// The temporary file is ours; that it cannot be removed adds nothing to the first error.
		_ = os.Remove(f.Name())
	}
	return err
}
