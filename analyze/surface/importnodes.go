package surface

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"
)

// missing is the latitude of a node that a way names and the map does not hold.
const missing = math.MinInt32

// nodeTable is nodes by their ids, in 1e-7 degrees.
type nodeTable struct {
	ids      []int64
	lat, lon []int32
	// uses is how often ways go through a node, 2 standing for more.
	uses []uint8
	// first[(id-ids[0])>>shift] is where in ids to begin to look; there is one more at the end.
	first []int32
	shift uint
}

// add puts nodes into the table, which must be sealed before it is asked.
func (t *nodeTable) add(b *block) {
	t.ids, t.lat, t.lon = append(t.ids, b.ids...), append(t.lat, b.lat...), append(t.lon, b.lon...)
}

// Len, Less and Swap sort the table by id.
func (t *nodeTable) Len() int           { return len(t.ids) }
func (t *nodeTable) Less(i, j int) bool { return t.ids[i] < t.ids[j] }
func (t *nodeTable) Swap(i, j int) {
	t.ids[i], t.ids[j] = t.ids[j], t.ids[i]
	t.lat[i], t.lat[j] = t.lat[j], t.lat[i]
	t.lon[i], t.lon[j] = t.lon[j], t.lon[i]
}

// seal sorts the table, keeps one of the nodes with the same id, and makes it fit to be asked.
func (t *nodeTable) seal() {
	if !slices.IsSorted(t.ids) {
		sort.Stable(t)
	}
	n := 0
	for i, id := range t.ids {
		if i > 0 && id == t.ids[n-1] {
			continue
		}
		t.ids[n], t.lat[n], t.lon[n] = id, t.lat[i], t.lon[i]
		n++
	}
	t.ids, t.lat, t.lon = t.ids[:n], t.lat[:n], t.lon[:n]
	t.uses = make([]uint8, n)
	t.direct()
}

// packedRefs are the nodes that ways name, by id or by place in the table, one after the other, in a byte or two each: most
// follow on the one before.
type packedRefs struct {
	n     int
	bytes []byte
	last  int64
}

func (p *packedRefs) add(refs ...int64) {
	for _, id := range refs {
		p.bytes = binary.AppendVarint(p.bytes, id-p.last)
		p.last = id
	}
	p.n += len(refs)
}

// read reads them from the first on.
func (p *packedRefs) read() refReader { return refReader{bytes: p.bytes} }

type refReader struct {
	bytes []byte
	last  int64
}

func (r *refReader) next() int64 {
	d, n := binary.Varint(r.bytes)
	r.bytes = r.bytes[n:]
	r.last += d
	return r.last
}

// In a table of more than manyIDs the directory has a place for every fourth id alone, to save memory.
const manyIDs = 1 << 20

// direct builds the directory, about one place for each id.
func (t *nodeTable) direct() {
	t.first, t.shift = nil, 0
	if len(t.ids) == 0 {
		return
	}
	span := uint64(t.ids[len(t.ids)-1]) - uint64(t.ids[0])
	places := uint64(len(t.ids))
	if places > manyIDs {
		places /= 4
	}
	for span>>t.shift >= places {
		t.shift++
	}
	t.first = make([]int32, span>>t.shift+2)
	at := 0
	for i := range t.first {
		for at < len(t.ids) && (uint64(t.ids[at])-uint64(t.ids[0]))>>t.shift < uint64(i) {
			at++
		}
		t.first[i] = int32(at)
	}
}

// find is where in the table a node is; negative where it is not. Several goroutines may ask.
func (t *nodeTable) find(id int64) int {
	if len(t.ids) == 0 || id < t.ids[0] || id > t.ids[len(t.ids)-1] {
		return -1
	}
	i := (uint64(id) - uint64(t.ids[0])) >> t.shift
	from, to := int(t.first[i]), int(t.first[i+1])
	at, ok := slices.BinarySearch(t.ids[from:to], id)
	if !ok {
		return -1
	}
	return from + at
}
