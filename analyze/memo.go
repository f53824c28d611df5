package analyze

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"kneecheck/ingest"
)

// Memo is where the program remembers from one run to the next what became of files, so that those that have not changed
// need not be read again. It holds what Reduce makes of activities, the problems, and which files are none of ours; no
// samples and no coordinates: of where runs were it has names that only the key beside the maps can tell. It can be lost or damaged at any time: what is missing is read again.
type Memo struct {
	// File is its path. The file and its folder are made when they are needed. Empty, nothing is remembered.
	File string
	// Maps is the folder of the street maps that tell the ground of runs; empty for none. The key lies there with which the
	// memo names the places of runs.
	Maps string
	// Build names the build of the program: what another one remembered is not trusted. It has no line breaks.
	Build string
	// Now is the time, taken before the files are looked for.
	Now time.Time
}

// recallAtOnce is how many files one goroutine recalls: fewer are not worth a goroutine.
const recallAtOnce = 128

// racyFor is how long after a change a file may change again without a new time of change: FAT, the coarsest file system
// in use, counts in steps of two seconds. A file as young as that is recognised by its content alone.
const racyFor = 2 * time.Second

// remembered is one entry of a memo: a file, and what became of it under some settings.
type remembered struct {
	settings string
	// key is the path on disk, diskLen bytes long, and what follows it for a member of an archive.
	key     string
	diskLen int
	stamp   stamp
	// racy says that the stamp does not tell whether the file has changed.
	racy bool
	// sum is zero where there is no content that could be recognised.
	sum     [sha256.Size]byte
	ignored bool
	bytes   int64
	// ground is what the ground of the file's runs depends on: see streets.groundOf.
	ground string
	// body is the rest of the result, written by a codec.
	body string
	// frame is the whole entry as it lies in the file.
	frame string
}

// stamp is what tells without reading it whether a file has changed.
type stamp struct {
	size, modTimeNS, archiveSize, crc int64
}

func stampOf(f *ingest.File) stamp {
	return stamp{size: f.Size, modTimeNS: f.ModTime.UnixNano(), archiveSize: f.ArchiveSize, crc: int64(f.CRC32)}
}

// disk is the path of the file on disk.
func (e *remembered) disk() string { return e.key[:e.diskLen] }

// settings names what a result depends on beyond the file and the program.
func settings(o ingest.Options) string {
	zone := ""
	if o.HomeZone != nil {
		zone = o.HomeZone.String()
	}
	return zone + "\n" + string(o.AssumeSport) + "\n" + string(o.ForceSport) + "\n" + strconv.FormatInt(o.MaxBytes, 10)
}

// parseSettings is the inverse of settings, and false for what settings cannot have written.
func parseSettings(s string) (ingest.Options, bool) {
	parts := strings.Split(s, "\n")
	if len(parts) != 4 {
		return ingest.Options{}, false
	}
	o := ingest.Options{AssumeSport: ingest.Sport(parts[1]), ForceSport: ingest.Sport(parts[2])}
	var err error
	if o.MaxBytes, err = strconv.ParseInt(parts[3], 10, 64); err != nil {
		return ingest.Options{}, false
	}
	if parts[0] != "" {
		if o.HomeZone, err = time.LoadLocation(parts[0]); err != nil {
			return ingest.Options{}, false
		}
	}
	return o, true
}

// open reads the memo; without one it returns a memory that remembers nothing.
func (m *Memo) open() *memory {
	if m == nil {
		m = &Memo{}
	}
	s := &streets{dir: m.Maps}
	if m.File == "" {
		return &memory{streets: s}
	}
	content, err := readMemo(m.File)
	if err != nil {
		content = "" // whatever is in the way, saving will tell
	}
	mem := parseMemory(content, m.header())
	mem.streets, mem.file, mem.now = s, m.File, m.Now
	return mem
}

// results is ingest.Map with Reduce, but that files which are remembered are not read. Results come in the order of files
// and are the same whether remembered or read.
func (m *memory) results(ctx context.Context, files []ingest.File, o ingest.Options) ([]ingest.Result[Session], error) {
	if m.file == "" {
		read, err := ingest.Map(ctx, files, o, m.streets.reduce)
		results := make([]ingest.Result[Session], len(read))
		for i := range read {
			results[i] = sessionsOf(&read[i])
		}
		return results, err
	}
	m.index(settings(o))
	results := make([]ingest.Result[Session], len(files))
	m.places = nil
	if len(m.order) > 0 {
		m.places = make([]Run, len(files))
	}
	ingest.Share(len(files), recallAtOnce, func(from, to int) {
		r := recall{m: m, codec: codec{reading: true}}
		for i := from; i < to; i++ {
			results[i], _ = r.file(&files[i], m.place(i))
		}
	})
	var unread []ingest.File
	var places []int
	for i := range results {
		if results[i].File == "" {
			unread, places = append(unread, files[i]), append(places, i)
		}
	}
	if len(unread) == 0 {
		return results, ctx.Err()
	}
	m.indexContents()
	o.Known = m.knows
	read, err := ingest.Map(ctx, unread, o, m.streets.reduce)
	for k, i := range places {
		results[i] = m.learn(&unread[k], &read[k])
	}
	return results, err
}

// sessionsOf is a result without what only the memo needs.
func sessionsOf(r *ingest.Result[judged]) ingest.Result[Session] {
	out := ingest.Result[Session]{File: r.File, Problems: r.Problems, Ignored: r.Ignored, Bytes: r.Bytes, Sum: r.Sum, Known: r.Known}
	for i := range r.Values {
		out.Values = append(out.Values, r.Values[i].session)
	}
	return out
}

// index prepares for recall under some settings.
func (m *memory) index(settings string) {
	m.settings = settings
	if m.shared != nil {
		m.order, m.outdated = m.shared.index(settings)
		return
	}
	m.order = m.ordered(settings)
	m.outdated = m.streets.outdated(m.grounds(m.order))
}

// grounds are what the grounds of some entries depend on.
func (m *memory) grounds(order []int) []string {
	grounds := make([]string, 0, len(order))
	for _, i := range order {
		if g := m.entries[i].ground; g != "" {
			grounds = append(grounds, g)
		}
	}
	return grounds
}

// ordered are the entries of some settings by key, each key once.
func (m *memory) ordered(settings string) []int {
	order := make([]int, 0, len(m.entries))
	for i := range m.entries {
		if m.entries[i].settings == settings {
			order = append(order, i)
		}
	}
	byKey := func(i, j int) int { return strings.Compare(m.entries[i].key, m.entries[j].key) }
	// A first reading writes them in order; what came later does not fit in.
	if !slices.IsSortedFunc(order, byKey) {
		slices.SortStableFunc(order, byKey)
	}
	kept := order[:0]
	for k, i := range order {
		if k+1 == len(order) || m.entries[order[k+1]].key != m.entries[i].key {
			kept = append(kept, i) // the last of its key
		}
	}
	return kept
}

// place is where the first run of file i goes.
func (m *memory) place(i int) *Run {
	if m.places == nil {
		return nil
	}
	return &m.places[i]
}

// indexContents prepares for knows.
func (m *memory) indexContents() {
	m.bySum = make(map[[sha256.Size]byte]int, len(m.order))
	for i := range m.entries {
		if e := &m.entries[i]; e.settings == m.settings && e.sum != [sha256.Size]byte{} && !m.outdated(e.ground) {
			m.bySum[e.sum] = i
		}
	}
}

// recall recalls what became of files. Several work at once on one memory.
type recall struct {
	m     *memory
	codec codec
	// next is where in order the next file is looked for first: files come in order too.
	next int
}

// file gives what became of a file that has not changed since, with its first run at a place.
func (r *recall) file(f *ingest.File, place *Run) (ingest.Result[Session], bool) {
	e := r.find(f.Path + f.Member)
	if e == nil || e.racy || e.stamp != stampOf(f) || r.m.outdated(e.ground) {
		return ingest.Result[Session]{}, false
	}
	return e.result(f.Name, &r.codec, place)
}

// find returns the entry of a file, nil without one.
func (r *recall) find(key string) *remembered {
	m := r.m
	if r.next >= len(m.order) || m.entries[m.order[r.next]].key != key {
		at, ok := slices.BinarySearchFunc(m.order, key, func(i int, key string) int { return strings.Compare(m.entries[i].key, key) })
		if r.next = at; !ok {
			return nil
		}
	}
	r.next++
	return &m.entries[m.order[r.next-1]]
}

// knows tells whether learn can do without decoding a content. It serves several goroutines.
func (m *memory) knows(sum [sha256.Size]byte) bool {
	i, ok := m.bySum[sum]
	if !ok {
		return false
	}
	_, ok = m.entries[i].result("", &codec{reading: true}, nil)
	return ok
}

// learn remembers what became of a file that was read, and completes the result of one whose content was known.
func (m *memory) learn(f *ingest.File, read *ingest.Result[judged]) ingest.Result[Session] {
	r := sessionsOf(read)
	if r.File == "" {
		return r // not begun before an interruption
	}
	e := m.entryOf(f, m.settings)
	e.sum, e.ignored, e.bytes = r.Sum, r.Ignored, r.Bytes
	if r.Known {
		known := &m.entries[m.bySum[r.Sum]]
		e.body, e.ground = known.body, known.ground
		r, _ = e.result(r.File, &m.reader, nil)
	} else {
		c := codec{}
		c.result(&r)
		e.body, e.ground = string(c.out), m.streets.groundOf(read)
	}
	if !forgettable(r.Problems) {
		m.fresh = append(m.fresh, e)
	}
	return r
}

// forgettable tells whether problems have other reasons than the file, such as a missing permission.
func forgettable(problems []*ingest.Problem) bool {
	return slices.ContainsFunc(problems, func(p *ingest.Problem) bool {
		return p.Kind == ingest.Unreadable || p.Kind == ingest.Internal
	})
}

// result reads an entry for the file's name of the moment, with the first run at a place if that is not nil. It is false
// for an entry that makes no sense.
func (e *remembered) result(name string, c *codec, place *Run) (ingest.Result[Session], bool) {
	r := ingest.Result[Session]{File: name, Ignored: e.ignored, Bytes: e.bytes, Sum: e.sum}
	c.begin(e.body)
	c.place = place
	c.result(&r)
	if c.bad || c.at < len(e.body) {
		return ingest.Result[Session]{}, false
	}
	for _, p := range r.Problems {
		p.File = name
	}
	for i := range r.Values {
		s := &r.Values[i]
		s.File = name
		if s.Run != nil {
			s.Run.File = name
		}
	}
	return r, true
}
