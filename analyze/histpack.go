package analyze

import (
	"encoding/binary"
	"iter"
	"math"
)

// PackedHist is a Hist as runs keep it, and as the memo does: most cells take a byte or two. The runs of ten years have a
// quarter of a million cells, of which a screen looks at the last months'.
//
// A cell is a number, its bin and SPM unless it follows on the one before (the same bin, an SPM one higher), and its
// seconds as they are if they are no whole number. The number is twice the seconds and two, without the two if the seconds
// come behind, and one more for a cell that follows. Recordings have a sample a second, which makes most times whole.
type PackedHist string

// Pack returns the histogram in little room.
func (h Hist) Pack() PackedHist {
	if len(h) == 0 {
		return ""
	}
	packed := make([]byte, 0, 3*len(h))
	var before HistCell
	for _, c := range h {
		packed = c.pack(packed, before)
		before = c
	}
	return PackedHist(packed)
}

// follows tells whether a cell follows on the one before.
func (c HistCell) follows(before HistCell) bool { return c.Bin == before.Bin && c.SPM == before.SPM+1 }

func (c HistCell) pack(b []byte, before HistCell) []byte {
	bits := math.Float32bits(c.Seconds)
	// Up to here every whole number is a float32. Zero below zero and its like have other bits.
	const most = 1 << 24
	whole := c.Seconds >= 0 && c.Seconds < most && math.Float32bits(float32(uint32(c.Seconds))) == bits
	var head uint64
	if whole {
		head = 2*uint64(c.Seconds) + 2
	}
	if c.follows(before) {
		b = binary.AppendUvarint(b, head+1)
	} else {
		b = append(binary.AppendUvarint(b, head), c.Bin, c.SPM)
	}
	if !whole {
		b = binary.LittleEndian.AppendUint32(b, bits)
	}
	return b
}

// Hist returns the cells. What Pack has not made ends where it makes no sense.
func (p PackedHist) Hist() Hist {
	if p == "" {
		return nil
	}
	h := make(Hist, 0, len(p)/2+1)
	for c := range p.cells() {
		h = append(h, c)
	}
	return h
}

// cells are those of Hist, one after the other.
func (p PackedHist) cells() iter.Seq[HistCell] {
	return func(yield func(HistCell) bool) {
		c := codec{reading: true, in: string(p)}
		var cell HistCell
		for c.at < len(c.in) {
			head := c.uvarint()
			if head%2 == 1 {
				cell.SPM++
			} else {
				place := c.take(2)
				cell.Bin, cell.SPM = place[0], place[1]
			}
			if head >= 2 {
				cell.Seconds = float32(head/2 - 1)
			} else {
				raw := c.take(4)
				cell.Seconds = math.Float32frombits(uint32(raw[0]) | uint32(raw[1])<<8 | uint32(raw[2])<<16 | uint32(raw[3])<<24)
			}
			if c.bad || !yield(cell) {
				return
			}
		}
	}
}

// Seconds is the total time.
func (p PackedHist) Seconds() float64 {
	var s float64
	for c := range p.cells() {
		s += float64(c.Seconds)
	}
	return s
}
