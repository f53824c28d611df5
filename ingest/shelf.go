package ingest

import "sync"

// blockLen is the size of the pieces in which a shelf keeps an archive: no archive needs one large stretch of memory,
// and the next one uses the pieces of the last.
const blockLen = 256 << 10

// shelf holds the compressed inner archives that are being read: one at a time, and those that it lies in. Members
// cannot be read out of a compressed archive in any order, so it is inflated into memory as a whole.
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
	for s.users > 0 && s.common(chain) < min(len(chain), len(s.stack)) {
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

// clear takes all but the first n archives off the shelf.
func (s *shelf) clear(n int) {
	for _, a := range s.stack[n:] {
		s.free = append(s.free, a.blocks...)
		a.blocks = nil
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
	r, err := a.outer.openEntry(a.place)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	size := int64(0)
	for {
		block := s.block()
		a.blocks = append(a.blocks, block)
		n, err := fill(r, block)
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

// block returns unused memory, that of an earlier archive if there is any.
func (s *shelf) block() []byte {
	if n := len(s.free); n > 0 {
		b := s.free[n-1]
		s.free = s.free[:n-1]
		return b
	}
	return make([]byte, blockLen)
}

// readBlocks copies from an archive's blocks. The caller keeps within its size.
func readBlocks(blocks [][]byte, p []byte, off int64) int {
	n := 0
	for n < len(p) {
		at := off + int64(n)
		n += copy(p[n:], blocks[at/blockLen][at%blockLen:])
	}
	return n
}
