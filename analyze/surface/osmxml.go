package surface

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Why not the XML reader of paulmach/osm, with which the tests compare this one: it brings BSON, protocol buffers and GeoJSON
// along, whose start cost every command half a millisecond, and it builds an object of every relation and user that nobody
// asks for.

const (
	// maxElement is how many bytes one element of a map in XML may take; the biggest real ones, relations, take some 2 MB.
	maxElement = 16 << 20
	// xmlBlock is how many nodes or ways of a map in XML make a block.
	xmlBlock = 8000
	// maxXMLDepth is how deep elements may lie within each other; a map has three levels.
	maxXMLDepth = 64
)

// errElement is the error of an element above maxElement. It is made when it is needed: the first use of fmt costs every
// start.
func errElement() error { return brokenf("one of its elements takes more than %d MiB", maxElement>>20) }

// rationed gives no more than what is left, so that one element of a hostile file cannot fill the memory.
type rationed struct {
	r    io.Reader
	left int
}

func (r *rationed) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errElement()
	}
	n, err := r.r.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// readXML reads a map in XML: the nodes and ways that are children of its outermost element.
func readXML(ctx context.Context, in io.Reader, w want, each func(*block) error) (head osmHeader, err error) {
	ration := &rationed{r: in, left: maxElement}
	r := xmlReader{want: w, scan: xml.NewDecoder(ration)}
	for {
		token, err := r.scan.Token()
		if err == io.EOF {
			return head, each(&r.b)
		}
		if err == nil {
			err = r.take(token)
		}
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			return head, brokenf("line %d: %s", syntax.Line, syntax.Msg)
		}
		if err != nil {
			return head, plainReadError(err)
		}
		if r.depth != 1 {
			continue
		}
		// Between two children of the outermost element.
		ration.left = maxElement
		if err := ctx.Err(); err != nil {
			return head, err
		}
		if len(r.b.ids) >= xmlBlock || len(r.b.ways) >= xmlBlock {
			if err := each(&r.b); err != nil {
				return head, err
			}
			r.b.reset()
		}
	}
}

// xmlReader takes the tokens of a map in XML.
type xmlReader struct {
	want
	scan *xml.Decoder
	b    block
	// depth is how many elements are open.
	depth int
	// inWay is true within a wanted way: t are its tags so far, and stamp is when it was last edited, as it says.
	inWay bool
	t     tags
	stamp string
}

// The depths of the outermost element's children and of theirs.
const (
	xmlObject = 2
	xmlMember = 3
)

func (r *xmlReader) take(token xml.Token) error {
	switch el := token.(type) {
	case xml.StartElement:
		if r.depth++; r.depth > maxXMLDepth {
			return r.brokenf("elements lie more than %d deep in each other", maxXMLDepth)
		}
		switch name := el.Name.Local; {
		case r.depth == xmlObject && name == "node" && r.node != nil:
			return r.takeNode(el)
		case r.depth == xmlObject && name == "way" && r.ways:
			r.inWay, r.t, r.stamp = true, tags{}, attr(el, "timestamp")
		case r.depth == xmlMember && r.inWay && name == "nd":
			id, err := r.number(el, "ref")
			r.b.refs = append(r.b.refs, id)
			return err
		case r.depth == xmlMember && r.inWay && name == "tag":
			if k, ok := keyOf()[attr(el, "k")]; ok {
				r.t[k] = attr(el, "v")
			}
		}
	case xml.EndElement:
		if r.depth--; r.depth == xmlObject-1 && r.inWay {
			r.endWay()
		}
	}
	return nil
}

func (r *xmlReader) takeNode(el xml.StartElement) error {
	id, err := r.number(el, "id")
	if err != nil {
		return err
	}
	// A deleted node has no position.
	latDeg, latErr := strconv.ParseFloat(strings.TrimSpace(attr(el, "lat")), 64)
	lonDeg, lonErr := strconv.ParseFloat(strings.TrimSpace(attr(el, "lon")), 64)
	if latErr != nil || lonErr != nil {
		return nil
	}
	lat, lon := math.Round(latDeg*1e7), math.Round(lonDeg*1e7)
	if math.Abs(lat) <= 90e7 && math.Abs(lon) <= 180e7 && r.node(id, int32(lat), int32(lon)) {
		r.b.addNode(id, int32(lat), int32(lon))
	}
	return nil
}

// endWay keeps the way whose nodes and tags were read, or drops them when it is none for feet.
func (r *xmlReader) endWay() {
	r.inWay = false
	c, ok := r.t.read()
	if !ok {
		r.b.refs = r.b.refs[:r.b.lastRef()]
		return
	}
	r.b.ways = append(r.b.ways, rawWay{end: len(r.b.refs), code: c.number()})
	if at, err := time.Parse(time.RFC3339, r.stamp); err == nil {
		r.b.newest = max(r.b.newest, at.Unix())
	}
}

// number is a whole number of an element.
func (r *xmlReader) number(el xml.StartElement, name string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(attr(el, name)), 10, 64)
	if err != nil {
		return 0, r.brokenf("<%s> has no number %q", el.Name.Local, name)
	}
	return n, nil
}

// brokenf is an error that names the line.
func (r *xmlReader) brokenf(format string, a ...any) error {
	line, _ := r.scan.InputPos()
	return brokenf("line %d: "+format, append([]any{line}, a...)...)
}

// attr is an attribute of an element, empty where it has none.
func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
