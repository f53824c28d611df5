package surface

import "encoding/binary"

// message walks over the fields of a protobuf message. Nothing it reads can make it leave its bytes: what does not fit ends
// the walk and sets bad.
type message struct {
	rest []byte
	// field is the number of the field read last; num its value where that is a number, bytes where it is a string, a
	// message or a packed list.
	field int
	num   uint64
	bytes []byte
	bad   bool
}

// The ways in which protobuf lays out a value.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

// next reads a field; false at the end and where the message is bad.
func (m *message) next() bool {
	if len(m.rest) == 0 {
		return false
	}
	tag := m.varint()
	m.field, m.num, m.bytes = int(tag>>3&0x1fffffff), 0, nil
	switch tag & 7 {
	case wireVarint:
		m.num = m.varint()
	case wire64:
		m.take(8)
	case wire32:
		m.take(4)
	case wireBytes:
		m.bytes = m.take(m.varint())
	default:
		m.bad = true
	}
	return !m.bad
}

func (m *message) varint() uint64 {
	v, n := binary.Uvarint(m.rest)
	if n <= 0 {
		m.bad = true
		return 0
	}
	m.rest = m.rest[n:]
	return v
}

func (m *message) take(n uint64) []byte {
	if n > uint64(len(m.rest)) {
		m.bad = true
		return nil
	}
	b := m.rest[:n:n]
	m.rest = m.rest[n:]
	return b
}

// packed is a list of numbers one after the other.
type packed []byte

// next takes a number off the list; false at the end and where the rest is no number.
func (p *packed) next() (uint64, bool) {
	b := *p
	if len(b) > 0 && b[0] < 0x80 {
		*p = b[1:]
		return uint64(b[0]), true
	}
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, false
	}
	*p = b[n:]
	return v, true
}

// zigzag undoes the folding of signed numbers.
func zigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }
