package export

import (
	"encoding/binary"
	mathbits "math/bits"
)

// thrift is a struct in Thrift's compact protocol, whose numbers and types of fields those of the Parquet footer are. Fields are
// written in order of number.
type thrift []byte

// The types of fields.
const (
	thriftTrue   = 1
	thriftByte   = 3
	thriftInt32  = 5
	thriftInt64  = 6
	thriftBinary = 8
	thriftList   = 9
	thriftStruct = 12
)

// field begins a field. The numbers are written as they are, not as the distance from the one before: a byte more, and no
// state.
func (t *thrift) field(number, kind int64) {
	*t = binary.AppendVarint(append(*t, byte(kind)), number)
}

func (t *thrift) int32(number, v int64) {
	t.field(number, thriftInt32)
	*t = binary.AppendVarint(*t, v)
}

func (t *thrift) int64(number, v int64) {
	t.field(number, thriftInt64)
	*t = binary.AppendVarint(*t, v)
}

func (t *thrift) int8(number int64, v byte) {
	t.field(number, thriftByte)
	*t = append(*t, v)
}

func (t *thrift) yes(number int64) { t.field(number, thriftTrue) }

func (t *thrift) binary(number int64, v []byte) {
	t.field(number, thriftBinary)
	*t = append(binary.AppendUvarint(*t, uint64(len(v))), v...)
}

// child is a struct, which has ended.
func (t *thrift) child(number int64, v thrift) {
	t.field(number, thriftStruct)
	*t = append(*t, v...)
}

func (t *thrift) list(number, kind int64, elements []thrift) {
	t.field(number, thriftList)
	if n := len(elements); n < 15 {
		*t = append(*t, byte(n<<4|int(kind)))
	} else {
		*t = binary.AppendUvarint(append(*t, byte(0xf0|kind)), uint64(n))
	}
	for _, e := range elements {
		*t = append(*t, e...)
	}
}

// end ends the struct.
func (t thrift) end() thrift { return append(t, 0) }

// zigzag and text are elements of lists.
func zigzag(v int64) thrift { return binary.AppendVarint(nil, v) }

func text(s string) thrift { return append(binary.AppendUvarint(nil, uint64(len(s))), s...) }

// node is an element of the schema. What is -1 or empty it does not have: logical is its logical type, and converted the
// number of the same in older readers.
func node(name string, of parquetType, repetition int64, children int, logical thrift, converted int64) thrift {
	var n thrift
	if of >= 0 {
		n.int32(1, int64(of))
	}
	if repetition >= 0 {
		n.int32(3, repetition)
	}
	n.binary(4, []byte(name))
	if children > 0 {
		n.int32(5, int64(children))
	}
	if converted >= 0 {
		n.int32(6, converted)
	}
	if len(logical) > 0 {
		n.child(10, logical)
	}
	return n.end()
}

// schema is the column's part of the schema.
func (c *parquetColumn) schema() []thrift {
	var logical thrift
	converted := int64(-1)
	switch c.kind {
	case "text":
		logical.child(1, thrift{}.end())
		converted = 0
	case "date":
		logical.child(6, thrift{}.end())
		converted = 6
	case "time": // in UTC, in milliseconds
		var unit, stamp thrift
		unit.child(1, thrift{}.end())
		stamp.yes(1)
		stamp.child(2, unit.end())
		logical.child(8, stamp.end())
		converted = 9
	case "int": // 32 bits with a sign
		var integer thrift
		integer.int8(1, 32)
		integer.yes(2)
		logical.child(10, integer.end())
		converted = 17
	}
	if len(logical) > 0 {
		logical = logical.end()
	}
	switch {
	case c.list:
		var list thrift
		list.child(3, thrift{}.end())
		return []thrift{
			node(c.name, -1, parquetRequired, 1, list.end(), 3),
			node("list", -1, parquetRepeated, 1, nil, -1),
			node("element", c.of, parquetRequired, 0, logical, converted),
		}
	case c.optional:
		return []thrift{node(c.name, c.of, parquetOptional, 0, logical, converted)}
	}
	return []thrift{node(c.name, c.of, parquetRequired, 0, logical, converted)}
}

// bits are truths, packed from the lowest bit of each byte on.
type bits struct {
	packed []byte
	n      int
}

func (b *bits) add(v bool) {
	if b.n%8 == 0 {
		b.packed = append(b.packed, 0)
	}
	if v {
		b.packed[b.n/8] |= 1 << (b.n % 8)
	}
	b.n++
}

func (b *bits) empty() { b.packed, b.n = b.packed[:0], 0 }

// levels appends the bits as levels of a data page: their length in bytes and one packed run of all of them.
func (b *bits) levels(page []byte) []byte {
	head := binary.AppendUvarint(nil, uint64(len(b.packed))<<1|1)
	page = binary.LittleEndian.AppendUint32(page, uint32(len(head)+len(b.packed)))
	return append(append(page, head...), b.packed...)
}

// runLengths are places in a dictionary of so many words, as runs of equal ones: the rows of a run lie together.
func runLengths(refs []uint32, words int) []byte {
	width := max(1, mathbits.Len(uint(max(words, 1)-1)))
	out := []byte{byte(width)}
	for i := 0; i < len(refs); {
		end := i + 1
		for end < len(refs) && refs[end] == refs[i] {
			end++
		}
		out = binary.AppendUvarint(out, uint64(end-i)<<1)
		for b := 0; b < width; b += 8 {
			out = append(out, byte(refs[i]>>b))
		}
		i = end
	}
	return out
}
