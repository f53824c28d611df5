package ingest

import (
	"encoding/binary"
	"math"
)

// fitBuilder writes FIT files byte by byte, right or wrong, without any library.
type fitBuilder struct {
	body []byte
	// headerSize is 14 unless set, declared the data size when set.
	headerSize int
	declared   *int
	big        bool
}

type fieldDef struct{ num, size, base byte }

// The base types as they stand in files.
const (
	tEnum, tU8, tU16, tS32, tU32 byte = 0x00, 0x02, 0x84, 0x85, 0x86
)

func (b *fitBuilder) raw(bytes ...byte) *fitBuilder {
	b.body = append(b.body, bytes...)
	return b
}

// def writes a definition message.
func (b *fitBuilder) def(local byte, global int, fields ...fieldDef) *fitBuilder {
	order := byte(0)
	if b.big {
		order = 1
	}
	b.raw(0x40|local, 0, order).raw(b.u16(global)...).raw(byte(len(fields)))
	for _, f := range fields {
		b.raw(f.num, f.size, f.base)
	}
	return b
}

// dev adds developer fields of the given sizes to the definition just written, whose header is at.
func (b *fitBuilder) dev(at int, sizes ...byte) *fitBuilder {
	b.body[at] |= 0x20
	b.raw(byte(len(sizes)))
	for i, size := range sizes {
		b.raw(byte(i), size, 0)
	}
	return b
}

// msg writes a data message with the given header.
func (b *fitBuilder) msg(header byte, values ...[]byte) *fitBuilder {
	b.raw(header)
	for _, v := range values {
		b.raw(v...)
	}
	return b
}

func (b *fitBuilder) u16(v int) []byte {
	if b.big {
		return binary.BigEndian.AppendUint16(nil, uint16(v))
	}
	return binary.LittleEndian.AppendUint16(nil, uint16(v))
}

func (b *fitBuilder) u32(v int) []byte {
	if b.big {
		return binary.BigEndian.AppendUint32(nil, uint32(v))
	}
	return binary.LittleEndian.AppendUint32(nil, uint32(v))
}

func u8(v ...byte) []byte { return v }

// file returns the file with header and checksum.
func (b *fitBuilder) file() []byte {
	size := b.headerSize
	if size == 0 {
		size = 14
	}
	declared := len(b.body)
	if b.declared != nil {
		declared = *b.declared
	}
	out := make([]byte, size, size+len(b.body)+2)
	out[0], out[1] = byte(size), 0x20
	binary.LittleEndian.PutUint32(out[4:], uint32(declared))
	copy(out[8:], ".FIT")
	if size >= 14 {
		binary.LittleEndian.PutUint16(out[12:], slowCRC(out[:12]))
	}
	out = append(out, b.body...)
	return binary.LittleEndian.AppendUint16(out, slowCRC(out))
}

// slowCRC is the checksum bit by bit, as the protocol defines it.
func slowCRC(data []byte) uint16 {
	var crc uint16
	for _, b := range data {
		crc ^= uint16(b)
		for range 8 {
			odd := crc & 1
			crc >>= 1
			if odd == 1 {
				crc ^= 0xA001
			}
		}
	}
	return crc
}

// t0 is 2024-03-03 07:00:00 UTC in FIT seconds.
const t0 = 1_709_449_200 - fitEpoch

func semicircles(deg float64) int { return int(math.Round(deg / 180 * (1 << 31))) }

// activity begins a file of type activity.
func newActivityFile() *fitBuilder {
	b := new(fitBuilder)
	return b.def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(4))
}

// plainRecords defines local 1 as timestamp, position, altitude, distance, speed, cadence and heart rate and writes n
// records a second apart from t0+first on.
func (b *fitBuilder) plainRecords(first, n int) *fitBuilder {
	b.def(1, 20, fieldDef{253, 4, tU32}, fieldDef{0, 4, tS32}, fieldDef{1, 4, tS32}, fieldDef{2, 2, tU16},
		fieldDef{5, 4, tU32}, fieldDef{6, 2, tU16}, fieldDef{4, 1, tU8}, fieldDef{53, 1, tU8}, fieldDef{3, 1, tU8})
	for i := first; i < first+n; i++ {
		b.msg(1, b.u32(t0+i), b.u32(semicircles(50+float64(i)*1e-5)), b.u32(semicircles(8)), b.u16((100+500)*5),
			b.u32(300*i), b.u16(3000), u8(82), u8(64), u8(byte(140+i%20)))
	}
	return b
}

// session defines local 2 and writes a session of the sport: 10 seconds longer than the timer, 3 m a second.
func (b *fitBuilder) session(start, seconds int, sport, sub byte) *fitBuilder {
	b.def(2, 18, fieldDef{253, 4, tU32}, fieldDef{2, 4, tU32}, fieldDef{5, 1, tEnum}, fieldDef{6, 1, tEnum},
		fieldDef{7, 4, tU32}, fieldDef{8, 4, tU32}, fieldDef{9, 4, tU32}, fieldDef{18, 1, tU8}, fieldDef{92, 1, tU8},
		fieldDef{22, 2, tU16}, fieldDef{23, 2, tU16})
	return b.msg(2, b.u32(t0+start+seconds), b.u32(t0+start), u8(sport), u8(sub), b.u32(1000*seconds), b.u32(1000*(seconds-10)),
		b.u32(300*seconds), u8(82), u8(64), b.u16(12), b.u16(34))
}

// watchFile is a run of n seconds as a present-day watch writes it, 43 bytes a record: 12 known fields, 3 unknown ones.
func watchFile(n int) []byte {
	b := newActivityFile()
	b.def(3, 21, fieldDef{253, 4, tU32}, fieldDef{0, 1, tEnum}, fieldDef{1, 1, tEnum}).msg(3, b.u32(t0), u8(0), u8(0))
	b.def(4, 23, fieldDef{253, 4, tU32}, fieldDef{1, 1, tU8}, fieldDef{25, 1, tEnum}, fieldDef{4, 2, tU16})
	for _, kind := range []byte{255, 0, 3, 4, 8, 10} {
		b.msg(4, b.u32(t0), u8(kind), u8(5), b.u16(3992))
	}
	b.def(5, 19, fieldDef{253, 4, tU32}, fieldDef{2, 4, tU32}, fieldDef{7, 4, tU32}, fieldDef{9, 4, tU32}, fieldDef{25, 1, tEnum})
	b.def(1, 20, fieldDef{253, 4, tU32}, fieldDef{0, 4, tS32}, fieldDef{1, 4, tS32}, fieldDef{5, 4, tU32},
		fieldDef{73, 4, tU32}, fieldDef{78, 4, tU32}, fieldDef{87, 2, tU16}, fieldDef{39, 2, tU16}, fieldDef{41, 2, tU16},
		fieldDef{85, 2, tU16}, fieldDef{3, 1, tU8}, fieldDef{4, 1, tU8}, fieldDef{53, 1, tU8}, fieldDef{13, 1, 0x01},
		fieldDef{135, 1, tU8}, fieldDef{136, 1, tU8}, fieldDef{107, 4, tU32})
	for i := range n {
		b.msg(1, b.u32(t0+i), b.u32(semicircles(50+float64(i)*2.6e-5)), b.u32(semicircles(8+float64(i%60)*1e-5)), b.u32(290*i),
			b.u32(2900+i%200), b.u32((150+i/30+500)*5), b.u16(0), b.u16(800+i%50), b.u16(2500), b.u16(10_500+i%300),
			u8(byte(140+i%20)), u8(byte(82+i%3)), u8(byte(i%2*64)), u8(21), u8(1), u8(2), b.u32(i))
		if i%300 == 299 {
			b.msg(5, b.u32(t0+i), b.u32(t0+i-299), b.u32(300_000), b.u32(300*290), u8(1))
		}
	}
	b.msg(3, b.u32(t0+n), u8(0), u8(4)).session(0, n, 1, 2)
	b.def(6, 34, fieldDef{253, 4, tU32}, fieldDef{5, 4, tU32}).msg(6, b.u32(t0+n), b.u32(t0+n+3600))
	return b.file()
}
