package ingest

import (
	"encoding/binary"
	"math"
)

// Field numbers of the record message that need more than a scale (FIT profile, message 20).
const (
	fitCadenceField           = 4
	fitCompressedField        = 8
	fitCadence256Field        = 52
	fitFractionalCadenceField = 53
)

// fitCompressedSize is the length of a compressed speed and distance.
const fitCompressedSize = 3

// semicircleDeg is the unit of FIT positions: a half circle in 31 bits.
const semicircleDeg = 180.0 / (1 << 31)

// fitRecordFields are the fields of a record that fill columns, with the profile's scale and offset. Later ones win:
// enhanced over plain, explicit over compressed.
var fitRecordFields = [...]struct {
	num, col, base uint8
	scale, offset  float64
}{
	{num: fitCompressedField, col: colDist},
	{num: 0, col: colLat, base: fitSint32, scale: 1 / semicircleDeg},
	{num: 1, col: colLon, base: fitSint32, scale: 1 / semicircleDeg},
	{num: 2, col: colElev, base: fitUint16, scale: 5, offset: 500},
	{num: 78, col: colElev, base: fitUint32, scale: 5, offset: 500},
	{num: 5, col: colDist, base: fitUint32, scale: 100},
	{num: 6, col: colSpeed, base: fitUint16, scale: 1000},
	{num: 73, col: colSpeed, base: fitUint32, scale: 1000},
	{num: fitCadence256Field, col: colCadence, base: fitUint16, scale: 256},
	{num: fitCadenceField, col: colCadence, base: fitUint8, scale: 1},
	{num: fitFractionalCadenceField, col: colCadence, base: fitUint8, scale: 128},
	{num: 3, col: colHeart, base: fitUint8, scale: 1},
	// Step length comes in tenths of a millimetre.
	{num: 85, col: colStep, base: fitUint16, scale: 10_000},
}

// fitRecordIndex is the position of a field number in fitRecordFields, plus one.
var fitRecordIndex = func() (index [256]uint8) {
	for i, f := range fitRecordFields {
		index[f.num] = uint8(i + 1)
	}
	return index
}()

// fitOp is one step of reading a record.
type fitOp struct {
	read   uint8
	col    uint8
	field  fitField
	scale  float64
	offset float64
}

// The ways to read a field. Almost every field of almost every file is one of the first five.
const (
	readU8 = iota
	readU16
	readU32
	readS32
	readFraction
	readOdd
)

// compile lays out how to read the records of a definition whose record fields are found, indexed as fitRecordFields.
func (d *fitDefinition) compile(found *[len(fitRecordFields)]fitField, cols *columns) {
	d.ops = d.opSpace[:0]
	d.compressed = fitField{}
	hasCadence := found[fitRecordIndex[fitCadenceField]-1].size > 0
	for i, f := range found {
		spec := &fitRecordFields[i]
		switch {
		case f.size == 0 || spec.num == fitFractionalCadenceField && !(hasCadence && f.is(fitUint8)):
			continue
		case spec.num == fitCompressedField:
			if f.size >= fitCompressedSize {
				d.compressed = f
				cols.use(colSpeed)
				cols.use(colDist)
			}
			continue
		}
		cols.use(spec.col)
		d.ops = append(d.ops, fitOp{
			read: readerOf(f, spec.num, spec.base, d.bigEndian), col: spec.col, field: f, scale: spec.scale, offset: spec.offset,
		})
	}
}

func readerOf(f fitField, num, base uint8, bigEndian bool) uint8 {
	switch {
	case num == fitFractionalCadenceField:
		return readFraction
	case !f.is(int(base)):
		return readOdd
	case base == fitUint8:
		return readU8
	case bigEndian:
		return readOdd
	case base == fitUint16:
		return readU16
	case base == fitUint32:
		return readU32
	case base == fitSint32:
		return readS32
	}
	return readOdd
}

// records reads a record message and all that follow it without another message between: column by column, for a loop over
// one field of a thousand records takes a fraction of the time of a thousand loops over the fields. Invalid values leave
// NaN.
func (w *fitWalk) records(d *fitDefinition, header byte) {
	stride := 1 + d.size
	n := min(w.alike(header, stride), maxFITRecords-w.cols.n)
	switch {
	case w.pos+stride > w.end:
		w.cut()
		return
	case n == 0:
		w.broken = problemf(TooLarge, "more than %d records; no watch writes that many into one file", maxFITRecords)
		return
	}
	msgs := w.data[w.pos : w.pos+n*stride]
	w.pos += n * stride
	first := w.cols.extend(n)
	w.times(d, msgs, w.cols.vals[colT][first:])
	if d.compressed.size > 0 {
		at := 1 + int(d.compressed.at)
		for i := range n {
			w.compressed(msgs[at+i*stride:], first+i)
		}
	}
	for i := range d.ops {
		op := &d.ops[i]
		op.fill(w.cols.vals[op.col][first:], msgs[1:], stride, d.bigEndian)
	}
}

// alike counts the messages from here on that have the same kind and local number as the first and lie whole in the data.
func (w *fitWalk) alike(header byte, stride int) int {
	mask := byte(0xFF)
	if header&0x80 != 0 {
		mask = 0xE0 // the rest is time
	}
	n := 0
	for at := w.pos; at+stride <= w.end && at < w.zeroFrom && w.data[at]&mask == header&mask; at += stride {
		n++
	}
	return n
}

// times fills in the times of messages, each with its header.
func (w *fitWalk) times(d *fitDefinition, msgs []byte, out []float64) {
	stride := 1 + d.size
	for i := range out {
		out[i] = w.stamp(d, msgs[i*stride:(i+1)*stride])
	}
}

// fill reads one field of consecutive records, the first of which begins msgs.
func (op *fitOp) fill(out []float64, msgs []byte, stride int, bigEndian bool) {
	at := int(op.field.at)
	scale, offset := op.scale, op.offset
	switch op.read {
	case readU8:
		for i := range out {
			if v := msgs[at]; v != math.MaxUint8 {
				out[i] = float64(v)/scale - offset
			}
			at += stride
		}
	case readU16:
		for i := range out {
			if v := binary.LittleEndian.Uint16(msgs[at:]); v != math.MaxUint16 {
				out[i] = float64(v)/scale - offset
			}
			at += stride
		}
	case readU32:
		for i := range out {
			if v := binary.LittleEndian.Uint32(msgs[at:]); v != math.MaxUint32 {
				out[i] = float64(v)/scale - offset
			}
			at += stride
		}
	case readS32:
		for i := range out {
			if v := int32(binary.LittleEndian.Uint32(msgs[at:])); v != math.MaxInt32 {
				out[i] = float64(v)/scale - offset
			}
			at += stride
		}
	case readFraction:
		for i := range out {
			if v := msgs[at]; v != math.MaxUint8 {
				out[i] += float64(v) / scale
			}
			at += stride
		}
	default:
		for i := range out {
			if v, ok := op.field.integer(msgs[i*stride:], bigEndian); ok {
				out[i] = float64(v)/scale - offset
			}
		}
	}
}

// compressed reads the compressed speed and distance of old foot pods into a row: 12 bits of speed in 1/100 m/s and 12
// bits of distance in 1/16 m, which count round and are added up over the file.
func (w *fitWalk) compressed(b []byte, row int) {
	if b[0] == 0xFF && b[1] == 0xFF && b[2] == 0xFF {
		return
	}
	const mask = 1<<12 - 1
	speed := uint32(b[0]) | uint32(b[1]&0x0F)<<8
	dist := uint32(b[1]>>4) | uint32(b[2])<<4
	w.distance += uint64((dist - w.lastDistance) & mask)
	w.lastDistance = dist
	w.cols.vals[colSpeed][row] = float64(speed) / 100
	w.cols.vals[colDist][row] = float64(w.distance) / 16
}
