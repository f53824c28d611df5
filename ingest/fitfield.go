package ingest

import "encoding/binary"

// The base types of FIT fields, without the flags (FIT protocol description, "Base Type").
const (
	fitEnum = iota
	fitSint8
	fitUint8
	fitSint16
	fitUint16
	fitSint32
	fitUint32
	fitString
	fitFloat32
	fitFloat64
	fitUint8z
	fitUint16z
	fitUint32z
	fitByte
	fitSint64
	fitUint64
	fitUint64z
	numFITTypes
)

// fitTypeMask takes the flag off a base type byte. The flag only repeats that the type has several bytes, and some
// writers leave it out.
const fitTypeMask = 0x1F

var fitTypeSize = [numFITTypes]int{1, 1, 1, 2, 2, 4, 4, 1, 4, 8, 1, 2, 4, 1, 8, 8, 8}

// fitField is where a field lies in the messages of a definition. The zero value is a field that the messages lack.
type fitField struct {
	at   uint16
	size uint8
	base uint8
}

// integer reads the field, the first element of an array, as a whole number; false when it is absent, invalid, or no
// whole number. Fields shorter than their type, which some writers use, count as unsigned.
func (f fitField) integer(msg []byte, bigEndian bool) (int64, bool) {
	if f.size == 0 || int(f.at)+int(f.size) > len(msg) {
		return 0, false
	}
	base := int(f.base & fitTypeMask)
	size := int(f.size)
	switch {
	case base == fitString || base == fitFloat32 || base == fitFloat64:
		return 0, false
	case base >= numFITTypes:
		size = min(size, 4)
	case size < fitTypeSize[base]:
		base = fitUint64
	default:
		size = fitTypeSize[base]
	}
	raw := readUint(msg[f.at:int(f.at)+size], bigEndian)
	bits := 8 * size
	ones := ^uint64(0) >> (64 - bits)
	switch base {
	case fitSint8, fitSint16, fitSint32, fitSint64:
		return int64(raw<<(64-bits)) >> (64 - bits), raw != ones>>1
	case fitUint8z, fitUint16z, fitUint32z, fitUint64z:
		return int64(raw), raw != 0
	}
	return int64(raw), raw != ones
}

// is tells whether the field has exactly this type and size.
func (f fitField) is(base int) bool {
	return int(f.base&fitTypeMask) == base && int(f.size) == fitTypeSize[base]
}

func readUint(b []byte, bigEndian bool) uint64 {
	var v uint64
	for i := range b {
		j := i
		if !bigEndian {
			j = len(b) - 1 - i
		}
		v = v<<8 | uint64(b[j])
	}
	return v
}

// appendUint appends v in the size of a base type, little-endian, as images are written.
func appendUint(dst []byte, v uint64, base uint8) []byte {
	switch fitTypeSize[base&fitTypeMask] {
	case 1:
		return append(dst, byte(v))
	case 2:
		return binary.LittleEndian.AppendUint16(dst, uint16(v))
	}
	return binary.LittleEndian.AppendUint32(dst, uint32(v))
}
