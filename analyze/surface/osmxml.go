package surface

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"
)

const (
	// maxElement is how many bytes one element of a map in XML may take; the biggest real ones, relations, take some 2 MB.
	maxElement = 16 << 20
	// xmlBlock is how many nodes or ways of a map in XML make a block.
	xmlBlock = 8000
)

// errElement is the error of an element above maxElement.
var errElement = brokenf("one of its elements takes more than %d MiB", maxElement>>20)

// rationed gives no more than what is left, so that one element of a hostile file cannot fill the memory.
type rationed struct {
	r    io.Reader
	left int
}

func (r *rationed) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errElement
	}
	n, err := r.r.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// readXML reads a map in XML.
func readXML(ctx context.Context, in io.Reader, w want, each func(*block) error) (head osmHeader, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("kneecheck failed on this map (%v); please report it", v)
		}
	}()
	ration := &rationed{r: in, left: maxElement}
	scan := osmxml.New(ctx, ration)
	defer scan.Close()
	var b block
	for scan.Scan() {
		ration.left = maxElement
		switch o := scan.Object().(type) {
		case *osm.Node:
			if lat, lon := math.Round(o.Lat*1e7), math.Round(o.Lon*1e7); w.node != nil &&
				math.Abs(lat) <= 90e7 && math.Abs(lon) <= 180e7 && w.node(int64(o.ID), int32(lat), int32(lon)) {
				b.addNode(int64(o.ID), int32(lat), int32(lon))
			}
		case *osm.Way:
			if w.ways {
				b.addXMLWay(o)
			}
		}
		if len(b.ids) >= xmlBlock || len(b.ways) >= xmlBlock {
			if err := each(&b); err != nil {
				return head, err
			}
			b.reset()
		}
	}
	if err := scan.Err(); err != nil {
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			return head, brokenf("line %d: %s", syntax.Line, syntax.Msg)
		}
		return head, plainReadError(err)
	}
	return head, each(&b)
}

func (b *block) addXMLWay(o *osm.Way) {
	var t tags
	for _, tag := range o.Tags {
		if k, ok := keyOf[tag.Key]; ok {
			t[k] = tag.Value
		}
	}
	c, ok := t.read()
	if !ok {
		return
	}
	for _, n := range o.Nodes {
		b.refs = append(b.refs, int64(n.ID))
	}
	b.ways = append(b.ways, rawWay{end: len(b.refs), code: c.number()})
	if at := o.Timestamp; !at.IsZero() {
		b.newest = max(b.newest, at.Unix())
	}
}
