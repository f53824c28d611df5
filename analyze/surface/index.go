package surface

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A region's file begins with the magic, whose last byte is the version of the format, the length of its head in four bytes
// and their CRC-32 in four more. The head says what is in the tiles, which follow without gaps. Numbers are varints, signed
// ones folded.
const (
	indexMagic = "kneeksx\x01"
	indexFixed = len(indexMagic) + 8
	// IndexExt is the ending of the files in which maps are kept.
	IndexExt = ".ksx"
	// maxHead and maxTile bound what is read at once. A tile of the densest city takes 60 KB.
	maxHead = 64 << 20
	maxTile = 32 << 20
	maxText = 4096
)

// Region is a part of the world whose map was imported.
type Region struct {
	// Name is what the user calls it, File where it is kept.
	Name, File string
	// Source is the name of the file that was imported, SourceBytes its size and Sum its SHA-256.
	Source      string
	SourceBytes int64
	Sum         [sha256.Size]byte
	// Date is the day of the map: as the source says, else the newest edit in it, else when it was last changed.
	Date time.Time
	// Whole is true when everything was kept, not only where there were runs.
	Whole bool
	// Box is what the kept ways span, across the date line the long way round.
	Box Box
	// Tiles and Ways are how many are kept; a way counts in every tile that it goes through. Tagged is how many of the ways
	// name a class of surface.
	Tiles, Ways, Tagged int
	// Bytes is the size of the file.
	Bytes int64
}

// region is a region with what finds and reads its tiles.
type region struct {
	Region
	// codes are the codes of ways, the most frequent first, codeMix and palette the mixes of tagged and other ways.
	codes   []uint16
	codeMix []Mix
	palette []Mix
	// dir is the tiles in order.
	dir []tileEntry
	// start is where in the file the tiles begin.
	start int64
	// body is the tiles while a region is made.
	body []byte
}

// tileEntry is where a tile is and what it holds.
type tileEntry struct {
	tile   Tile
	offset int64
	length int
	ways   int
	crc    uint32
	// content names what a reader sees in the tile; equal content has equal names in all regions.
	content uint64
}

// piece is the part of a line in one tile.
type piece struct {
	// order is the tile and where in it the piece begins, so that pieces that begin near each other come together: their
	// differences are short.
	order      uint64
	tile       Tile
	first, end int32
	line       int32
}

// build cuts lines at the borders of tiles and packs the tiles that are kept.
func (r *region) build(l *lines, keep *tileSet) {
	c := cutter{lines: l, keep: keep}
	for i := range l.list {
		c.cut(int32(i))
	}
	r.palette = l.palette
	quantize(r.palette)
	r.codebook(l, c.pieces)
	slices.SortFunc(c.pieces, func(a, b piece) int {
		if a.order != b.order {
			return cmp.Compare(a.order, b.order)
		}
		return cmp.Compare(a.first, b.first)
	})
	short := make([]uint16, codes)
	for i, code := range r.codes {
		short[code] = uint16(i)
	}
	r.Box = Box{South: 90, West: 180, North: -90, East: -180}
	for from := 0; from < len(c.pieces); {
		to := from + 1
		for to < len(c.pieces) && c.pieces[to].tile == c.pieces[from].tile {
			to++
		}
		r.pack(&c, c.pieces[from:to], short)
		from = to
	}
	r.Ways, r.Tiles = len(c.pieces), len(r.dir)
	for i := range c.lat {
		lat, lon := float64(c.lat[i])/DegreeSteps, float64(c.lon[i])/DegreeSteps
		r.Box.South, r.Box.North = min(r.Box.South, lat), max(r.Box.North, lat)
		r.Box.West, r.Box.East = min(r.Box.West, lon), max(r.Box.East, lon)
	}
}

// codebook orders the codes by how often they are written, so that the usual ones take one byte.
func (r *region) codebook(l *lines, pieces []piece) {
	uses := make([]int, codes)
	for _, p := range pieces {
		uses[l.list[p.line].code]++
		if _, ok := codeOf(l.list[p.line].code).class(); ok {
			r.Tagged++
		}
	}
	for code, n := range uses {
		if n > 0 {
			r.codes = append(r.codes, uint16(code))
		}
	}
	slices.SortStableFunc(r.codes, func(a, b uint16) int { return cmp.Compare(uses[b], uses[a]) })
	for _, code := range r.codes {
		r.codeMix = append(r.codeMix, l.codeMix[code])
	}
	quantize(r.codeMix)
}

// mixSteps is the finest difference between the probabilities of a mix in a file.
const mixSteps = 255

// pack8 is a mix as it is written.
func (m *Mix) pack8() (b [Classes]byte) {
	for c, p := range m {
		b[c] = byte(p*mixSteps + .5)
	}
	return b
}

// unpack8 is the mix that was written; false for one without a class.
func unpack8(b []byte) (m Mix, ok bool) {
	var sum float32
	for c := range m {
		m[c] = float32(b[c])
		sum += m[c]
	}
	if sum == 0 {
		return m, false
	}
	for c := range m {
		m[c] /= sum
	}
	return m, true
}

// quantize makes mixes what a reader of the file will see.
func quantize(all []Mix) {
	for i := range all {
		b := all[i].pack8()
		all[i], _ = unpack8(b[:])
	}
}

// pack writes one tile and its entry.
func (r *region) pack(c *cutter, pieces []piece, short []uint16) {
	t := pieces[0].tile
	lat, lon := int32(t.Lat)*tileSteps, int32(t.Lon)*tileSteps
	from := len(r.body)
	b := r.body
	h := sha256.New()
	var seen []byte
	for _, p := range pieces {
		w := c.list[p.line]
		b = binary.AppendUvarint(b, uint64(short[w.code]))
		mix := r.codeMix[short[w.code]]
		if _, ok := codeOf(w.code).class(); !ok {
			b = append(b, w.mix)
			mix = r.palette[w.mix]
		}
		b = binary.AppendUvarint(b, uint64(p.end-p.first-2))
		packed := mix.pack8()
		seen = append(append(seen[:0], packed[:]...), byte(w.code), byte(w.code>>8))
		for i := p.first; i < p.end; i++ {
			b = binary.AppendVarint(b, int64(c.lat[i]-lat))
			b = binary.AppendVarint(b, int64(c.lon[i]-lon))
			lat, lon = c.lat[i], c.lon[i]
			seen = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(seen, uint32(lat)), uint32(lon))
		}
		h.Write(seen)
	}
	r.body = b
	r.dir = append(r.dir, tileEntry{
		tile: t, offset: int64(from), length: len(b) - from, ways: len(pieces), crc: crc32.ChecksumIEEE(b[from:]),
		content: binary.LittleEndian.Uint64(h.Sum(nil)),
	})
}

// cutter cuts lines into pieces, each in one tile. Where a line leaves a tile, both pieces have a vertex on the border.
type cutter struct {
	*lines
	keep     *tileSet
	pieces   []piece
	lat, lon []int32
	crossing []crossing
}

// crossing is where on a segment, from 0 to 1, a border is met.
type crossing struct {
	t        float64
	lat, lon int32
}

// order is the order of a piece that begins at the vertex first.
func (c *cutter) order(t Tile, first int32) uint64 {
	lat, lon := c.lat[first]-int32(t.Lat)*tileSteps, c.lon[first]-int32(t.Lon)*tileSteps
	tile := uint32(int32(t.Lat)+latTiles)<<16 | uint32(int32(t.Lon)+lonTiles)
	return uint64(tile)<<32 | uint64(spread(uint16(lat))<<1|spread(uint16(lon)))
}

// spread puts a zero before each bit.
func spread(v uint16) uint32 {
	x := uint32(v)
	x = (x | x<<8) & 0x00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f
	x = (x | x<<2) & 0x33333333
	return (x | x<<1) & 0x55555555
}

// cut cuts the line i.
func (c *cutter) cut(i int32) {
	w := c.lines.list[i]
	lat, lon := c.lines.lat[w.first], c.lines.lon[w.first]
	begin := int32(len(c.lat))
	var now Tile
	finish := func() {
		end := int32(len(c.lat))
		if end-begin >= 2 && (c.keep == nil || c.keep.has(now)) {
			c.pieces = append(c.pieces, piece{c.order(now, begin), now, begin, end, i})
		} else {
			c.lat, c.lon = c.lat[:begin], c.lon[:begin]
		}
		begin = int32(len(c.lat))
	}
	to := func(nextLat, nextLon int32) {
		if nextLat == lat && nextLon == lon {
			return
		}
		t := tileOf(floorDiv(lat+nextLat, 2), floorDiv(lon+nextLon, 2))
		if int32(len(c.lat)) == begin || t != now {
			finish()
			now = t
			c.lat, c.lon = append(c.lat, lat), append(c.lon, lon)
		}
		c.lat, c.lon = append(c.lat, nextLat), append(c.lon, nextLon)
		lat, lon = nextLat, nextLon
	}
	for k := w.first + 1; k < w.end; k++ {
		nextLat, nextLon := c.lines.lat[k], c.lines.lon[k]
		for _, x := range c.crossings(lat, lon, nextLat, nextLon) {
			to(x.lat, x.lon)
		}
		to(nextLat, nextLon)
	}
	finish()
}

// crossings is where a segment meets the borders of tiles, in order.
func (c *cutter) crossings(lat, lon, nextLat, nextLon int32) []crossing {
	c.crossing = c.crossing[:0]
	borders := func(from, to int32, add func(border int32, t float64)) {
		lo, hi := min(from, to), max(from, to)
		for border := (floorDiv(lo, tileSteps) + 1) * tileSteps; border < hi; border += tileSteps {
			add(border, float64(border-from)/float64(to-from))
		}
	}
	borders(lat, nextLat, func(border int32, t float64) {
		c.crossing = append(c.crossing, crossing{t, border, lon + int32(math.Round(t*float64(nextLon-lon)))})
	})
	borders(lon, nextLon, func(border int32, t float64) {
		c.crossing = append(c.crossing, crossing{t, lat + int32(math.Round(t*float64(nextLat-lat))), border})
	})
	if len(c.crossing) > 1 {
		slices.SortStableFunc(c.crossing, func(a, b crossing) int { return cmp.Compare(a.t, b.t) })
	}
	return c.crossing
}

// write writes the region into dir: under a temporary name first, so that nobody ever sees half of it.
func (r *region) write(dir string) (Region, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return r.Region, err
	}
	head := r.appendHead(nil)
	fixed := binary.LittleEndian.AppendUint32([]byte(indexMagic), uint32(len(head)))
	fixed = binary.LittleEndian.AppendUint32(fixed, crc32.ChecksumIEEE(head))
	r.File = filepath.Join(dir, r.Name+IndexExt)
	r.Bytes = int64(len(fixed) + len(head) + len(r.body))
	f, err := os.CreateTemp(dir, ".map-*")
	if err != nil {
		return r.Region, err
	}
	for _, part := range [][]byte{fixed, head, r.body} {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	err = cmp.Or(err, f.Sync())
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), r.File)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return r.Region, err
}

func (r *region) appendHead(b []byte) []byte {
	text := func(s string) {
		s = s[:min(len(s), maxText)]
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	text(r.Source)
	b = binary.AppendUvarint(b, uint64(r.SourceBytes))
	b = append(b, r.Sum[:]...)
	b = binary.AppendVarint(b, r.Date.Unix())
	whole := uint64(0)
	if r.Whole {
		whole = 1
	}
	b = binary.AppendUvarint(b, whole)
	b = binary.AppendUvarint(b, uint64(r.Tagged))
	for _, v := range [...]float64{r.Box.South, r.Box.West, r.Box.North, r.Box.East} {
		b = binary.AppendVarint(b, int64(math.Round(v*DegreeSteps)))
	}
	b = binary.AppendUvarint(b, uint64(len(r.codes)))
	for i, code := range r.codes {
		packed := r.codeMix[i].pack8()
		b = append(binary.AppendUvarint(b, uint64(code)), packed[:]...)
	}
	b = binary.AppendUvarint(b, uint64(len(r.palette)))
	for i := range r.palette {
		packed := r.palette[i].pack8()
		b = append(b, packed[:]...)
	}
	b = binary.AppendUvarint(b, uint64(len(r.dir)))
	last := Tile{Lat: -latTiles}
	for _, e := range r.dir {
		b = binary.AppendUvarint(b, uint64(e.tile.Lat-last.Lat))
		b = binary.AppendVarint(b, int64(e.tile.Lon)-int64(last.Lon))
		b = binary.AppendUvarint(b, uint64(e.ways))
		b = binary.AppendUvarint(b, uint64(e.length))
		b = binary.LittleEndian.AppendUint32(b, e.crc)
		b = binary.LittleEndian.AppendUint64(b, e.content)
		last = e.tile
	}
	return b
}
