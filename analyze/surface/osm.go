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
	"os"
	"strings"
	"time"
)

// want says what of a map is wanted.
type want struct {
	// node is asked for every node with its position in 1e-7 degrees, by several goroutines at once; nil wants none.
	node func(id int64, lat, lon int32) bool
	// ways wants the ways that feet may use.
	ways bool
	// skip is asked which of the pieces need not be looked into; nil for none. Maps in XML are read whole.
	skip func(piece int) bool
}

// block is what was wanted of one piece of a map. Its memory serves the next piece.
type block struct {
	// ids, lat and lon are the nodes.
	ids      []int64
	lat, lon []int32
	// refs are the nodes of the ways, one way after the other.
	refs []int64
	ways []rawWay
	// placed is true of a piece that holds positions, wanted or not.
	placed bool
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
	b.placed = false
}

// lastRef is the end of the nodes of the last way.
func (b *block) lastRef() int {
	if len(b.ways) == 0 {
		return 0
	}
	return b.ways[len(b.ways)-1].end
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

// headBytes is how much of a file is looked at to tell its format: comments may come before the first element of XML.
const headBytes = 4096

// mapFormat is the format of a map without its compressions.
type mapFormat int

const (
	unknownFormat mapFormat = iota
	pbfFormat
	xmlFormat
)

// uncompress takes the compressions off a map and tells its format.
func uncompress(r io.Reader) (*bufio.Reader, mapFormat, error) {
	for layer := 0; ; layer++ {
		in := bufio.NewReaderSize(r, 1<<16)
		head, err := in.Peek(headBytes)
		if err != nil && err != io.EOF {
			return nil, unknownFormat, plainReadError(err)
		}
		compressed := layer < maxLayers
		switch {
		case compressed && bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			if r, err = gzip.NewReader(in); err != nil {
				return nil, unknownFormat, brokenf("its compression is damaged (%v)", err)
			}
		case compressed && bytes.HasPrefix(head, []byte("BZh")):
			r = bzip2.NewReader(in)
		case isPBF(head):
			return in, pbfFormat, nil
		case isXML(head):
			return in, xmlFormat, nil
		case len(head) == 0:
			return nil, unknownFormat, errors.New("the file is empty")
		case bytes.HasPrefix(head, []byte{0xff, 0xe0}):
			return nil, unknownFormat, errors.New("o5m is not read; get the .osm.pbf, or convert it (osmium cat -o map.osm.pbf)")
		default:
			return nil, unknownFormat, errors.New("no OpenStreetMap data: a map is an .osm.pbf, .osm, .osm.gz or .osm.bz2 file")
		}
	}
}

// readOSM reads a map whose format its content tells: OSM pbf or OSM XML, each also compressed by gzip or bzip2. Pieces come
// in the order of the file, which may hold its nodes and ways in any.
func readOSM(ctx context.Context, r io.Reader, w want, each func(*block) error) (osmHeader, error) {
	in, format, err := uncompress(r)
	if err != nil {
		return osmHeader{}, err
	}
	if format == pbfFormat {
		return readPBF(ctx, in, w, each)
	}
	return readXML(ctx, in, w, each)
}

// isPBF knows a pbf by its first block, which is called OSMHeader.
func isPBF(head []byte) bool {
	return len(head) > 15 && head[0] == 0 && head[1] == 0 && bytes.Contains(head[4:], []byte("\x0a\x09OSMHeader"))
}

// isXML knows a map in XML by its outermost element, which is osm.
func isXML(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	for {
		head = bytes.TrimLeft(head, " \t\r\n")
		end := ""
		switch {
		case bytes.HasPrefix(head, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(head, []byte("<!--")):
			end = "-->"
		default:
			rest, ok := bytes.CutPrefix(head, []byte("<osm"))
			return ok && len(rest) > 0 && bytes.IndexByte([]byte(" \t\r\n>/"), rest[0]) >= 0
		}
		_, rest, ok := bytes.Cut(head, []byte(end))
		if !ok {
			return false
		}
		head = rest
	}
}

// IsMap says whether a file is a street map by its content, or by its name where the content tells nothing.
func IsMap(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	_, kind, err := uncompress(f)
	if err == nil && kind != unknownFormat {
		return true
	}
	for _, ending := range []string{".pbf", ".osm", ".osm.gz", ".osm.bz2", ".o5m"} {
		if strings.HasSuffix(path, ending) {
			return true
		}
	}
	return false
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
