package ingest

import (
	"slices"
	"sync"
)

const (
	// blockLen is the size of the pieces in which a shelf keeps an archive: no archive needs one large stretch of memory,
	// and the next one uses the pieces of the last.
	blockLen = 256 << 10
	// windowBlocks is how much of a larger archive the shelf keeps: its beginning, and what was inflated last. Its members
	// are read in their order, by one reader at a time, so that this is enough.
	windowBlocks = (48 << 20) / blockLen
	// maxRewinds is how often a larger archive may be inflated from its beginning again. Listing and reading it take two.
	maxRewinds = 24
)

// shelf holds the compressed inner archives that are being read: one at a time, and those that it lies in. Members
// cannot be read out of a compressed archive in any order, so it is inflated into memory, a large one in parts.
type shelf struct {
	// limit is the most bytes on the shelf.
	limit int64
	mu    sync.Mutex
	// idle is signalled when nobody reads from the shelf.
	idle  sync.Cond
	users int
	stack []*archive
	free  [][]byte
	// inflaters keeps those that no member needs at the moment.
	inflaters sync.Pool
}

func newShelf(limit int64) *shelf {
	s := &shelf{limit: limit}
	s.idle.L = &s.mu
	return s
}

// hold puts the archives of chain on the shelf, each inflated out of the one before, and waits until others have done
// with what has to make room.
func (s *shelf) hold(chain []*archive) error {
	if len(chain) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.users > 0 && (s.common(chain) < min(len(chain), len(s.stack)) || s.inParts()) {
		s.idle.Wait()
	}
	n := s.common(chain)
	if n < len(chain) {
		s.clear(n)
	}
	for _, a := range chain[n:] {
		if err := s.load(a); err != nil {
			return err
		}
	}
	s.users++
	return nil
}

func (s *shelf) release(chain []*archive) {
	if len(chain) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users--; s.users == 0 {
		s.idle.Broadcast()
	}
}

// common is how many archives of chain are on the shelf.
func (s *shelf) common(chain []*archive) int {
	n := 0
	for n < len(chain) && n < len(s.stack) && chain[n] == s.stack[n] {
		n++
	}
	return n
}

// inParts tells whether an archive is on the shelf that is not there as a whole.
func (s *shelf) inParts() bool {
	return slices.ContainsFunc(s.stack, func(a *archive) bool { return a.inParts })
}

// clear takes all but the first n archives off the shelf.
func (s *shelf) clear(n int) {
	for _, a := range s.stack[n:] {
		for _, b := range a.blocks {
			if b != nil {
				s.free = append(s.free, b)
			}
		}
		a.blocks, a.kept, a.inParts = nil, nil, false
		a.stop()
	}
	s.stack = s.stack[:n]
}

// load inflates a, whose outer archive can be read. Where the content breaks off, what came before it stays: the
// archive's own directory will tell.
func (s *shelf) load(a *archive) error {
	used := int64(0)
	for _, below := range s.stack {
		used += below.size
	}
	s.stack = append(s.stack, a)
	size, err := s.inflate(a, s.limit-used)
	if err != nil {
		s.clear(len(s.stack) - 1)
		return err
	}
	a.size = size
	return nil
}

func (s *shelf) inflate(a *archive, limit int64) (int64, error) {
	if err := a.start(); err != nil {
		return 0, err
	}
	defer a.stop()
	size := int64(0)
	for {
		n, err := s.next(a)
		size += int64(n)
		switch {
		case size > limit:
			return 0, problemf(TooLarge, "inner archive of more than %s; unpack it and name the folder, or allow more with --max-size",
				mebibytes(s.limit))
		case err != nil && !isContentError(err):
			return 0, err
		case err != nil:
			return size, nil
		}
	}
}

// start begins to inflate a, whose outer archive can be read, from its beginning.
func (a *archive) start() error {
	a.stop()
	stream, err := a.outer.openEntry(a.place)
	if err != nil {
		return err
	}
	a.stream, a.inflated = stream, 0
	return nil
}

func (a *archive) stop() {
	if a.stream != nil {
		// Closing only gives memory back.
		_ = a.stream.Close()
		a.stream = nil
	}
}

// next inflates one more block of a. Where there are too many, the one that was inflated first goes, but for the very
// first one, which tells what a is.
func (s *shelf) next(a *archive) (int, error) {
	i := a.inflated
	a.inflated++
	if i == len(a.blocks) {
		a.blocks = append(a.blocks, nil)
	}
	if a.blocks[i] == nil {
		if len(a.kept) == windowBlocks {
			if !a.inParts { // it turns true while a is loaded, under the lock; those who wait read it
				a.inParts = true
			}
			s.free = append(s.free, a.blocks[a.kept[0]])
			a.blocks[a.kept[0]] = nil
			a.kept = slices.Delete(a.kept, 0, 1)
		}
		a.blocks[i] = s.block()
		if i > 0 {
			a.kept = append(a.kept, i)
		}
	}
	return fill(a.stream, a.blocks[i])
}

// bring makes block i of a readable for the one who holds a.
func (s *shelf) bring(a *archive, i int) error {
	if a.stream == nil || a.inflated > i {
		if a.rewinds++; a.rewinds > maxRewinds {
			return problemf(TooLarge, "a compressed archive of %s in another one, whose files lie in no order; unpack it and name the folder",
				mebibytes(a.size))
		}
		if err := a.start(); err != nil {
			return err
		}
	}
	for a.inflated <= i {
		if _, err := s.next(a); err != nil && a.inflated <= i {
			return err
		}
	}
	return nil
}

// block returns unused memory, that of an earlier archive if there is any.
func (s *shelf) block() []byte {
	if n := len(s.free); n > 0 {
		b := s.free[n-1]
		s.free = s.free[:n-1]
		return b
	}
	return make([]byte, blockLen)
}

// read copies from a, which is held. The caller keeps within its size.
func (s *shelf) read(a *archive, p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		at := off + int64(n)
		i := int(at / blockLen)
		if a.blocks[i] == nil {
			if err := s.bring(a, i); err != nil {
				return n, err
			}
		}
		n += copy(p[n:], a.blocks[i][at%blockLen:])
	}
	return n, nil
}
