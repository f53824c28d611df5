package surface

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// want says what of a map is wanted.
type want struct {
	// node is asked for every node with its position in 1e-7 degrees, by several goroutines at once; nil wants none.
	node func(id int64, lat, lon int32) bool
	// ways wants the ways that feet may use.
	ways bool
}

// block is what was wanted of one piece of a map. Its memory serves the next piece.
type block struct {
	// ids, lat and lon are the nodes.
	ids      []int64
	lat, lon []int32
	// refs are the nodes of the ways, one way after the other.
	refs []int64
	ways []rawWay
	// newest is when a way was last edited, in seconds since 1970; 0 where no way says.
	newest int64
}

// rawWay is a way of a map whose nodes are refs[the end of the way before it:end].
type rawWay struct {
	end  int
	code uint16
}

func (b *block) reset() {
	b.ids, b.lat, b.lon, b.refs, b.ways, b.newest = b.ids[:0], b.lat[:0], b.lon[:0], b.refs[:0], b.ways[:0], 0
}

func (b *block) addNode(id int64, lat, lon int32) {
	b.ids, b.lat, b.lon = append(b.ids, id), append(b.lat, lat), append(b.lon, lon)
}

// osmHeader is what a map says of itself.
type osmHeader struct {
	// stand is the moment whose map it is; zero where it does not say.
	stand time.Time
}

// errBroken is behind every error about a map that is cut off or damaged.
var errBroken = errors.New("broken")

// brokenf is an error about a broken map.
func brokenf(format string, a ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errBroken}, a...)...)
}

// maxLayers is how many compressions may lie around a map.
const maxLayers = 2

// readOSM reads a map whose format its content tells: OSM pbf or OSM XML, each also compressed by gzip or bzip2. Pieces come
// in the order of the file, which may hold its nodes and ways in any.
func readOSM(ctx context.Context, r io.Reader, w want, each func(*block) error) (osmHeader, error) {
	for layer := 0; ; layer++ {
		in := bufio.NewReaderSize(r, 1<<16)
		head, err := in.Peek(64)
		if err != nil && err != io.EOF {
			return osmHeader{}, err
		}
		compressed := layer < maxLayers
		switch {
		case compressed && bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			if r, err = gzip.NewReader(in); err != nil {
				return osmHeader{}, brokenf("the gzip head: %v", err)
			}
		case compressed && bytes.HasPrefix(head, []byte("BZh")):
			r = bzip2.NewReader(in)
		case isPBF(head):
			return readPBF(ctx, in, w, each)
		case isXML(head):
			return readXML(ctx, in, w, each)
		case len(head) == 0:
			return osmHeader{}, errors.New("the file is empty")
		case bytes.HasPrefix(head, []byte{0xff, 0xe0}):
			return osmHeader{}, errors.New("o5m is not read; get the .osm.pbf, or convert it (osmium cat -o map.osm.pbf)")
		default:
			return osmHeader{}, errors.New("no OpenStreetMap data: a map is an .osm.pbf, .osm, .osm.gz or .osm.bz2 file")
		}
	}
}

// isPBF knows a pbf by its first block, which is called OSMHeader.
func isPBF(head []byte) bool {
	return len(head) > 15 && head[0] == 0 && head[1] == 0 && bytes.Contains(head[4:], []byte("\x0a\x09OSMHeader"))
}

func isXML(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<?xml")) || bytes.HasPrefix(head, []byte("<osm")) || bytes.HasPrefix(head, []byte("<!--"))
}

// plainReadError says of a compressed stream that ends early what that means.
func plainReadError(err error) error {
	var corrupt bzip2.StructuralError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return brokenf("it ends in the middle")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return brokenf("its compression is damaged (%v)", err)
	}
	return err
}
