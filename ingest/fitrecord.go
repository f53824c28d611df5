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
	readCompressed
)

// compile lays out how to read the records of a definition whose record fields are found, indexed as fitRecordFields.
func (d *fitDefinition) compile(found *[len(fitRecordFields)]fitField, cols *columns) {
	d.ops = d.opSpace[:0]
	hasCadence := found[fitRecordIndex[fitCadenceField]-1].size > 0
	for i, f := range found {
		spec := &fitRecordFields[i]
		if f.size == 0 || spec.num == fitFractionalCadenceField && !(hasCadence && f.is(fitUint8)) {
			continue
		}
		if spec.num == fitCompressedField {
			if f.size < 3 {
				continue
			}
			cols.use(colSpeed)
		}
		cols.use(spec.col)
		d.ops = append(d.ops, fitOp{
			read: readerOf(f, spec.num, spec.base, d.bigEndian), col: spec.col, field: f, scale: spec.scale, offset: spec.offset,
		})
	}
}

func readerOf(f fitField, num, base uint8, bigEndian bool) uint8 {
	switch {
	case num == fitCompressedField:
		return readCompressed
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

// record reads one record message into the columns. Invalid values leave NaN.
func (w *fitWalk) record(d *fitDefinition, msg []byte, timeS float64) {
	row := &w.cols.row
	row[colT] = timeS
	for i := range d.ops {
		op := &d.ops[i]
		at := int(op.field.at)
		var raw float64
		switch op.read {
		case readU8:
			if msg[at] == math.MaxUint8 {
				continue
			}
			raw = float64(msg[at])
		case readU16:
			v := binary.LittleEndian.Uint16(msg[at:])
			if v == math.MaxUint16 {
				continue
			}
			raw = float64(v)
		case readU32:
			v := binary.LittleEndian.Uint32(msg[at:])
			if v == math.MaxUint32 {
				continue
			}
			raw = float64(v)
		case readS32:
			v := int32(binary.LittleEndian.Uint32(msg[at:]))
			if v == math.MaxInt32 {
				continue
			}
			raw = float64(v)
		case readFraction:
			if msg[at] != math.MaxUint8 {
				row[colCadence] += float64(msg[at]) / op.scale
			}
			continue
		case readCompressed:
			w.compressed(msg[at : at+3])
			continue
		default:
			v, ok := op.field.integer(msg, d.bigEndian)
			if !ok {
				continue
			}
			raw = float64(v)
		}
		row[op.col] = raw/op.scale - op.offset
	}
	w.cols.push()
}

// compressed reads the compressed speed and distance of old foot pods: 12 bits of speed in 1/100 m/s and 12 bits of
// distance in 1/16 m, which count round and are added up over the file.
func (w *fitWalk) compressed(b []byte) {
	if b[0] == 0xFF && b[1] == 0xFF && b[2] == 0xFF {
		return
	}
	const mask = 1<<12 - 1
	speed := uint32(b[0]) | uint32(b[1]&0x0F)<<8
	dist := uint32(b[1]>>4) | uint32(b[2])<<4
	w.distance += uint64((dist - w.lastDistance) & mask)
	w.lastDistance = dist
	w.cols.row[colSpeed] = float64(speed) / 100
	w.cols.row[colDist] = float64(w.distance) / 16
}
