package surface

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// errIndex is behind every error about a damaged region.
var errIndex = errors.New("the map's index is damaged: import the map again, or remove it")

// errVersion is the error of a region that another version wrote.
var errVersion = errors.New("the map's index is of another version of kneecheck: import the map again")

// openRegion reads all of a region but its tiles.
func openRegion(path string) (*region, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	fixed := make([]byte, indexFixed)
	if _, err := io.ReadFull(f, fixed); err != nil {
		return nil, errIndex
	}
	n := len(indexMagic)
	if string(fixed[:n-1]) != indexMagic[:n-1] {
		return nil, errIndex
	}
	if fixed[n-1] != indexMagic[n-1] {
		return nil, errVersion
	}
	size := int64(binary.LittleEndian.Uint32(fixed[n:]))
	if size > maxHead || size > info.Size()-int64(indexFixed) {
		return nil, errIndex
	}
	head := make([]byte, size)
	if _, err := io.ReadFull(f, head); err != nil || crc32.ChecksumIEEE(head) != binary.LittleEndian.Uint32(fixed[n+4:]) {
		return nil, errIndex
	}
	r := &region{start: int64(indexFixed) + size}
	r.Name, r.File, r.Bytes = strings.TrimSuffix(filepath.Base(path), IndexExt), path, info.Size()
	if !r.parseHead(head) || r.start+r.bodySize() != info.Size() {
		return nil, errIndex
	}
	return r, nil
}

// bodySize is how many bytes all tiles take.
func (r *region) bodySize() int64 {
	if len(r.dir) == 0 {
		return 0
	}
	last := r.dir[len(r.dir)-1]
	return last.offset + int64(last.length)
}

// cursor reads an index. What does not fit makes it bad and every later number 0.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) take(n uint64) []byte {
	if c.bad || n > uint64(len(c.rest)) {
		c.bad = true
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

// number reads a number up to most.
func (c *cursor) number(most uint64) int {
	v, n := binary.Uvarint(c.rest)
	if c.bad || n <= 0 || v > most {
		c.bad = true
		return 0
	}
	c.rest = c.rest[n:]
	return int(v)
}

// signed reads a number from -most to most.
func (c *cursor) signed(most int64) int64 {
	v, n := binary.Varint(c.rest)
	if c.bad || n <= 0 || v > most || v < -most {
		c.bad = true
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func (c *cursor) mix() Mix {
	b := c.take(Classes)
	if b == nil {
		return Mix{}
	}
	m, ok := unpack8(b)
	c.bad = c.bad || !ok
	return m
}

// parseHead reads the head; false if it is none.
func (r *region) parseHead(head []byte) bool {
	c := cursor{rest: head}
	r.Source = string(c.take(uint64(c.number(maxText))))
	r.SourceBytes = int64(c.number(1 << 50))
	copy(r.Sum[:], c.take(uint64(len(r.Sum))))
	r.Date = time.Unix(c.signed(1<<40), 0).UTC()
	r.Whole = c.number(1) == 1
	r.Tagged = c.number(1 << 40)
	for _, v := range [...]*float64{&r.Box.South, &r.Box.West, &r.Box.North, &r.Box.East} {
		*v = float64(c.signed(dateLine)) / DegreeSteps
	}
	for n := c.number(codes); n > 0 && !c.bad; n-- {
		r.codes = append(r.codes, uint16(c.number(codes-1)))
		r.codeMix = append(r.codeMix, c.mix())
	}
	for n := c.number(paletteSize); n > 0 && !c.bad; n-- {
		r.palette = append(r.palette, c.mix())
	}
	at := Tile{Lat: -latTiles}
	offset := int64(0)
	for n := c.number(4 * latTiles * lonTiles); n > 0 && !c.bad; n-- {
		up := c.number(2 * latTiles)
		lon := int64(at.Lon) + c.signed(2*lonTiles)
		next := Tile{at.Lat + int16(up), int16(lon)}
		if !next.valid() || len(r.dir) > 0 && compareTiles(next, at) <= 0 {
			return false
		}
		e := tileEntry{tile: next, offset: offset, ways: c.number(maxTile), length: c.number(maxTile)}
		if sums := c.take(12); sums != nil {
			e.crc, e.content = binary.LittleEndian.Uint32(sums), binary.LittleEndian.Uint64(sums[4:])
		}
		// A way takes at least six bytes: what a tile declares it must have room for.
		if e.ways*6 > e.length {
			return false
		}
		r.dir = append(r.dir, e)
		r.Ways += e.ways
		offset += int64(e.length)
		at = next
	}
	r.Tiles = len(r.dir)
	return !c.bad && len(c.rest) == 0
}

// entry is the directory's entry of a tile.
func (r *region) entry(t Tile) (tileEntry, bool) {
	i, ok := slices.BinarySearchFunc(r.dir, t, func(e tileEntry, t Tile) int { return compareTiles(e.tile, t) })
	if !ok {
		return tileEntry{}, false
	}
	return r.dir[i], true
}

// load adds the ways of a tile to a network. buf is memory to read into, which is returned for the next tile.
func (r *region) load(f io.ReaderAt, e tileEntry, n *Network, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf[:0], e.length)[:e.length]
	if _, err := f.ReadAt(buf, r.start+e.offset); err != nil || crc32.ChecksumIEEE(buf) != e.crc {
		return buf, fmt.Errorf("%s: %w", r.File, errIndex)
	}
	if !r.unpack(buf, e, n) {
		return buf, fmt.Errorf("%s: %w", r.File, errIndex)
	}
	return buf, nil
}

// unpack adds the ways of a tile to a network; false if it is no tile.
func (r *region) unpack(b []byte, e tileEntry, n *Network) bool {
	south, west := int64(e.tile.Lat)*tileSteps, int64(e.tile.Lon)*tileSteps
	lat, lon := south, west
	c := cursor{rest: b}
	for range e.ways {
		short := c.number(uint64(len(r.codes)))
		if c.bad || short == len(r.codes) {
			return false
		}
		w := Way{First: int32(len(n.Lat)), Code: r.codes[short]}
		if _, w.Tagged = codeOf(w.Code).class(); w.Tagged {
			w.Mix = r.codeMix[short]
		} else {
			mix := c.take(1)
			if mix == nil || int(mix[0]) >= len(r.palette) {
				return false
			}
			w.Mix = r.palette[mix[0]]
		}
		for count := c.number(maxTile) + 2; count > 0; count-- {
			lat += c.signed(tileSteps)
			lon += c.signed(tileSteps)
			if c.bad || lat < south || lat > south+tileSteps || lon < west || lon > west+tileSteps {
				return false
			}
			n.Lat, n.Lon = append(n.Lat, int32(lat)), append(n.Lon, int32(lon))
		}
		w.End = int32(len(n.Lat))
		n.Ways = append(n.Ways, w)
	}
	return !c.bad && len(c.rest) == 0
}
