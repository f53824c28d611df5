// Package osmtest makes street maps for tests: a synthetic town whose surfaces are known, and writers of OSM pbf and XML that
// can also write what careless programs write.
package osmtest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"
)

// Map is nodes and ways in the order in which they are written.
type Map struct {
	Nodes []Node
	Ways  []Way
}

// Node is a position in degrees.
type Node struct {
	ID       int64
	Lat, Lon float64
}

// Way is a line over nodes.
type Way struct {
	ID   int64
	Refs []int64
	Tags []Tag
	// Made is the value of surface=* that is true of the way, whether or not it is tagged. It is not written.
	Made string
}

// Tag is a key and its value.
type Tag struct{ Key, Value string }

// Order is the order of a pbf's blocks.
type Order int

// The orders. All but Sorted are wrong in a file that declares to be sorted, as PBF always does.
const (
	// Sorted is nodes, then ways.
	Sorted Order = iota
	// WaysFirst is ways, then nodes.
	WaysFirst
	// Backward is nodes from the last block to the first, then ways.
	Backward
	// Mixed puts a block of ways behind each block of nodes, and some into the same block.
	Mixed
)

// PBF says how a pbf is written.
type PBF struct {
	Order Order
	// Raw leaves the blocks uncompressed.
	Raw bool
	// Plain writes nodes one by one and not in columns.
	Plain bool
	// Block is how many nodes or ways a block has, 8,000 if 0.
	Block int
	// Located keeps the positions of nodes with the ways too.
	Located bool
	// Stand is the moment whose map it is.
	Stand time.Time
	// Features are further features that a reader must know.
	Features []string
}

// Write writes a map.
func (p PBF) Write(m *Map) []byte {
	w := writer{PBF: p}
	if w.Block == 0 {
		w.Block = 8000
	}
	if p.Located {
		w.at = map[int64]Node{}
		for _, n := range m.Nodes {
			w.at[n.ID] = n
		}
	}
	w.blob("OSMHeader", w.header())
	nodes, ways := chunks(m.Nodes, w.Block), chunks(m.Ways, w.Block)
	switch p.Order {
	case Sorted:
		w.blocks(nodes, nil)
		w.blocks(nil, ways)
	case WaysFirst:
		w.blocks(nil, ways)
		w.blocks(nodes, nil)
	case Backward:
		for i := range nodes {
			w.blocks(nodes[len(nodes)-1-i:len(nodes)-i], nil)
		}
		w.blocks(nil, ways)
	case Mixed:
		for i := range max(len(nodes), len(ways)) {
			var n []Node
			var v []Way
			if i < len(nodes) {
				n = nodes[i]
			}
			if i < len(ways) {
				v = ways[i]
			}
			if i%2 == 0 {
				w.block(n, v)
			} else {
				w.block(nil, v)
				w.block(n, nil)
			}
		}
	}
	return w.out
}

func chunks[T any](all []T, size int) (list [][]T) {
	for len(all) > size {
		list, all = append(list, all[:size]), all[size:]
	}
	return append(list, all)
}

type writer struct {
	PBF
	out []byte
	at  map[int64]Node
}

func (w *writer) header() []byte {
	var b []byte
	for _, f := range append([]string{"OsmSchema-V0.6", "DenseNodes"}, w.Features...) {
		b = appendBytes(b, 4, []byte(f))
	}
	b = appendBytes(b, 5, []byte("Sort.Type_then_ID"))
	b = appendBytes(b, 16, []byte("osmtest"))
	if !w.Stand.IsZero() {
		b = appendVarint(b, 32, uint64(w.Stand.Unix()))
	}
	return b
}

// blob frames a block.
func (w *writer) blob(kind string, data []byte) {
	var blob []byte
	if w.Raw {
		blob = appendBytes(nil, 1, data)
	} else {
		var z bytes.Buffer
		zip := zlib.NewWriter(&z)
		zip.Write(data)
		zip.Close()
		blob = appendBytes(appendVarint(nil, 2, uint64(len(data))), 3, z.Bytes())
	}
	w.out = append(w.out, Frame(kind, blob)...)
}

// Frame puts the head of a block before an encoded Blob.
func Frame(kind string, blob []byte) []byte {
	head := appendVarint(appendBytes(nil, 1, []byte(kind)), 3, uint64(len(blob)))
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...), blob...)
}

func (w *writer) blocks(nodes [][]Node, ways [][]Way) {
	for _, n := range nodes {
		w.block(n, nil)
	}
	for _, v := range ways {
		w.block(nil, v)
	}
}

// nano is degrees in the unit of the format, 1e-7 degrees.
func nano(deg float64) int64 { return int64(math.Round(deg * 1e7)) }

func (w *writer) block(nodes []Node, ways []Way) {
	if len(nodes)+len(ways) == 0 {
		return
	}
	words, wordOf := []byte{0x0a, 0}, map[string]uint64{"": 0}
	word := func(s string) uint64 {
		i, ok := wordOf[s]
		if !ok {
			i = uint64(len(wordOf))
			wordOf[s] = i
			words = appendBytes(words, 1, []byte(s))
		}
		return i
	}
	var parts []byte
	// Ways first, the other way round from what programs expect.
	if len(ways) > 0 {
		var part []byte
		for i := range ways {
			part = appendBytes(part, 3, w.way(&ways[i], word))
		}
		parts = appendBytes(parts, 2, part)
	}
	if len(nodes) > 0 {
		parts = appendBytes(parts, 2, w.nodes(nodes))
	}
	w.blob("OSMData", append(appendBytes(nil, 1, words), parts...))
}

func (w *writer) way(v *Way, word func(string) uint64) []byte {
	var keys, values, refs, lats, lons []byte
	for _, t := range v.Tags {
		keys, values = binary.AppendUvarint(keys, word(t.Key)), binary.AppendUvarint(values, word(t.Value))
	}
	var last, lat, lon int64
	for _, id := range v.Refs {
		refs = binary.AppendVarint(refs, id-last)
		last = id
		if w.Located {
			n := w.at[id]
			lats, lons = binary.AppendVarint(lats, nano(n.Lat)-lat), binary.AppendVarint(lons, nano(n.Lon)-lon)
			lat, lon = nano(n.Lat), nano(n.Lon)
		}
	}
	b := appendBytes(appendBytes(appendVarint(nil, 1, uint64(v.ID)), 2, keys), 3, values)
	// Version 1, edited in 2024.
	b = appendBytes(b, 4, appendVarint(appendVarint(nil, 1, 1), 2, 1_717_200_000))
	b = appendBytes(b, 8, refs)
	if w.Located {
		b = appendBytes(appendBytes(b, 9, lats), 10, lons)
	}
	return b
}

func (w *writer) nodes(nodes []Node) []byte {
	var part, ids, lats, lons []byte
	var last Node
	for _, n := range nodes {
		if w.Plain {
			b := appendVarint(nil, 1, fold(n.ID))
			b = appendVarint(appendVarint(b, 8, fold(nano(n.Lat))), 9, fold(nano(n.Lon)))
			part = appendBytes(part, 1, b)
			continue
		}
		ids = binary.AppendVarint(ids, n.ID-last.ID)
		lats = binary.AppendVarint(lats, nano(n.Lat)-nano(last.Lat))
		lons = binary.AppendVarint(lons, nano(n.Lon)-nano(last.Lon))
		last = n
	}
	if w.Plain {
		return part
	}
	return appendBytes(nil, 2, appendBytes(appendBytes(appendBytes(nil, 1, ids), 8, lats), 9, lons))
}

func fold(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

func appendVarint(b []byte, field int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3), v)
}

func appendBytes(b []byte, field int, data []byte) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(data))), data...)
}

// XML is the map as OSM XML.
func XML(m *Map) []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\" generator=\"osmtest\">\n")
	for _, n := range m.Nodes {
		fmt.Fprintf(&b, "  <node id=\"%d\" lat=\"%.7f\" lon=\"%.7f\"/>\n", n.ID, n.Lat, n.Lon)
	}
	quote := strings.NewReplacer("&", "&amp;", "<", "&lt;", "\"", "&quot;")
	for _, w := range m.Ways {
		fmt.Fprintf(&b, "  <way id=\"%d\" version=\"1\" timestamp=\"2024-06-01T00:00:00Z\">\n", w.ID)
		for _, id := range w.Refs {
			fmt.Fprintf(&b, "    <nd ref=\"%d\"/>\n", id)
		}
		for _, t := range w.Tags {
			fmt.Fprintf(&b, "    <tag k=\"%s\" v=\"%s\"/>\n", quote.Replace(t.Key), quote.Replace(t.Value))
		}
		b.WriteString("  </way>\n")
	}
	b.WriteString("</osm>\n")
	return b.Bytes()
}
