package surface

import (
	"bytes"
	"fmt"
	"io"
	"math"
)

// Bounds of one block; the usual one has 8,000 nodes or ways and as many words.
const (
	maxBlockWords = 1 << 20
	maxBlockParts = 1 << 16
	maxBlockRefs  = 4 << 20
)

// What is known of a word as a key, beside the keys themselves.
const (
	noKey   = 0xff
	unasked = 0xfe
)

// blockDecoder is the memory of one worker.
type blockDecoder struct {
	in  bytes.Reader
	zip io.ReadCloser
	end [1]byte

	// words is the block's string table; texts are those made into strings so far, and asKey what each is as a key.
	words [][]byte
	texts []string
	asKey []uint8
	parts [][]byte
	// granularity, latOff and lonOff make positions out of numbers, in 1e-9 degrees; dateUnit dates, in milliseconds.
	granularity, latOff, lonOff, dateUnit int64
}

// decode inflates a block and takes out of it what is wanted.
func (d *blockDecoder) decode(j *job, w want) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("kneecheck failed on this map (%v); please report it", v)
		}
	}()
	j.block.reset()
	if j.skip {
		return nil
	}
	if err := d.inflate(j); err != nil || j.kind != blobData {
		return err
	}
	if err := d.open(j.raw); err != nil {
		return err
	}
	for _, part := range d.parts {
		if err := d.part(part, w, &j.block); err != nil {
			return err
		}
	}
	return nil
}

// open finds the parts of a block and the scales of their numbers, which may stand behind them.
func (d *blockDecoder) open(raw []byte) error {
	d.parts, d.words = d.parts[:0], d.words[:0]
	d.granularity, d.latOff, d.lonOff, d.dateUnit = 100, 0, 0, 1000
	m := message{rest: raw}
	for m.next() {
		switch m.field {
		case 1:
			table := message{rest: m.bytes}
			for table.next() && len(d.words) <= maxBlockWords {
				if table.field == 1 {
					d.words = append(d.words, table.bytes)
				}
			}
			m.bad = m.bad || table.bad
		case 2:
			d.parts = append(d.parts, m.bytes)
		case 17:
			d.granularity = int64(int32(m.num))
		case 18:
			d.dateUnit = int64(int32(m.num))
		case 19:
			d.latOff = int64(m.num)
		case 20:
			d.lonOff = int64(m.num)
		}
		if len(d.parts) > maxBlockParts || len(d.words) > maxBlockWords {
			return brokenf("a block has more parts than a map's have")
		}
	}
	if m.bad || d.granularity <= 0 || d.dateUnit <= 0 {
		return brokenf("a block's content cannot be read")
	}
	n := len(d.words)
	if cap(d.asKey) < n {
		d.asKey, d.texts = make([]uint8, n+n/4), make([]string, n+n/4)
	}
	d.asKey, d.texts = d.asKey[:n], d.texts[:n]
	for i := range d.asKey {
		d.asKey[i] = unasked
	}
	clear(d.texts)
	return nil
}

// part reads a part of a block: nodes one by one or many together, or ways. Relations are not wanted.
func (d *blockDecoder) part(data []byte, w want, b *block) error {
	m := message{rest: data}
	for m.next() {
		var err error
		b.placed = b.placed || m.field == 1 || m.field == 2
		switch {
		case m.field == 1 && w.node != nil:
			err = d.node(m.bytes, w, b)
		case m.field == 2 && w.node != nil:
			err = d.dense(m.bytes, w, b)
		case m.field == 3:
			err = d.way(m.bytes, w, b)
		}
		if err != nil {
			return err
		}
	}
	if m.bad {
		return brokenf("a part of a block cannot be read")
	}
	return nil
}

// place adds a node if it is wanted. One that lies nowhere on Earth is left out, as if it were missing.
func (d *blockDecoder) place(id, lat, lon int64, w want, b *block) {
	lat, lon = (d.latOff+d.granularity*lat)/100, (d.lonOff+d.granularity*lon)/100
	if lat < -90e7 || lat > 90e7 || lon < -180e7 || lon > 180e7 {
		return
	}
	if w.node(id, int32(lat), int32(lon)) {
		b.addNode(id, int32(lat), int32(lon))
	}
}

func (d *blockDecoder) node(data []byte, w want, b *block) error {
	var id, lat, lon int64
	m := message{rest: data}
	for m.next() {
		switch m.field {
		case 1:
			id = zigzag(m.num)
		case 8:
			lat = zigzag(m.num)
		case 9:
			lon = zigzag(m.num)
		}
	}
	if m.bad {
		return brokenf("a node cannot be read")
	}
	d.place(id, lat, lon, w, b)
	return nil
}

// dense reads nodes whose columns each hold differences to the node before.
func (d *blockDecoder) dense(data []byte, w want, b *block) error {
	var ids, lats, lons packed
	m := message{rest: data}
	for m.next() {
		switch m.field {
		case 1:
			ids = m.bytes
		case 8:
			lats = m.bytes
		case 9:
			lons = m.bytes
		}
	}
	if m.bad {
		return brokenf("its nodes cannot be read")
	}
	var id, lat, lon int64
	for len(ids) > 0 {
		i, ok1 := ids.next()
		y, ok2 := lats.next()
		x, ok3 := lons.next()
		if !ok1 || !ok2 || !ok3 {
			return brokenf("some of its nodes have no position")
		}
		id, lat, lon = id+zigzag(i), lat+zigzag(y), lon+zigzag(x)
		d.place(id, lat, lon, w, b)
	}
	if len(lats) > 0 || len(lons) > 0 {
		return brokenf("some of its positions belong to no node")
	}
	return nil
}

// way reads a way: its nodes and tags if feet may use it, and the positions of its nodes where they are kept with it.
func (d *blockDecoder) way(data []byte, w want, b *block) error {
	var keyList, values, refs, lats, lons packed
	var info []byte
	m := message{rest: data}
	for m.next() {
		switch m.field {
		case 2:
			keyList = m.bytes
		case 3:
			values = m.bytes
		case 4:
			info = m.bytes
		case 8:
			refs = m.bytes
		case 9:
			lats = m.bytes
		case 10:
			lons = m.bytes
		}
	}
	if m.bad {
		return brokenf("a way cannot be read")
	}
	b.placed = b.placed || len(lats) > 0
	located := len(lats) > 0 && w.node != nil
	if !w.ways && !located {
		return nil
	}
	var t tags
	if err := d.tags(keyList, values, &t); err != nil {
		return err
	}
	c, ok := t.read()
	if !ok {
		return nil
	}
	if !located {
		lats, lons = nil, nil
	}
	if err := d.refs(refs, lats, lons, w, b); err != nil {
		return err
	}
	if w.ways {
		b.ways = append(b.ways, rawWay{end: len(b.refs), code: c.number()})
		b.newest = max(b.newest, d.edited(info))
	}
	return nil
}

// refs reads the nodes of a way, and their positions where lats and lons hold them.
func (d *blockDecoder) refs(refs, lats, lons packed, w want, b *block) error {
	located := len(lats) > 0
	var id, lat, lon int64
	for len(refs) > 0 && len(b.refs) < maxBlockRefs {
		v, ok := refs.next()
		if !ok {
			return brokenf("a way's nodes cannot be read")
		}
		id += zigzag(v)
		if w.ways {
			b.refs = append(b.refs, id)
		}
		if located {
			y, ok1 := lats.next()
			x, ok2 := lons.next()
			if !ok1 || !ok2 {
				return brokenf("some nodes of a way have no position")
			}
			lat, lon = lat+zigzag(y), lon+zigzag(x)
			d.place(id, lat, lon, w, b)
		}
	}
	if len(refs) > 0 {
		return brokenf("the ways of a block have more nodes than a map's have")
	}
	return nil
}

// tags looks up the tags that matter.
func (d *blockDecoder) tags(keyList, values packed, t *tags) error {
	for len(keyList) > 0 {
		k, ok1 := keyList.next()
		v, ok2 := values.next()
		if !ok1 || !ok2 || k >= uint64(len(d.words)) || v >= uint64(len(d.words)) {
			return brokenf("a way's tags cannot be read")
		}
		if d.asKey[k] == unasked {
			d.asKey[k] = noKey
			if key, ok := keyOf()[string(d.words[k])]; ok {
				d.asKey[k] = uint8(key)
			}
		}
		if key := d.asKey[k]; key != noKey {
			if d.texts[v] == "" {
				d.texts[v] = string(d.words[v])
			}
			t[key] = d.texts[v]
		}
	}
	return nil
}

// edited is when an object was last edited, in seconds since 1970; 0 where it does not say.
func (d *blockDecoder) edited(info []byte) int64 {
	m := message{rest: info}
	for m.next() {
		if m.field == 2 && m.num < math.MaxInt32 {
			return int64(m.num) * d.dateUnit / 1000
		}
	}
	return 0
}
