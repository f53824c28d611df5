package surface

import (
	"math"
	"math/bits"
)

// gridSteps is the height of a cell of the grid in vertex steps: 32 m. Its width is as many metres in the middle of the
// ground.
const gridSteps = 29

// grid finds the segments in a cell of about 32 by 32 m. Only cells with a segment take memory, so the ground may lie
// scattered.
type grid struct {
	// width is that of a cell in vertex steps.
	width int32
	// The cell in a slot of the hash table is at column x and row y and holds segs[first[id]:first[id+1]]; id is -1 in a
	// free slot.
	x, y, id []int32
	shift    uint
	first    []int32
	segs     []int32
}

// pair is a segment, by its first vertex, in a cell.
type pair struct{ cell, seg int32 }

// fill puts all segments into cells.
func (gr *grid) fill(g *Ground) {
	net := g.net
	gr.width = gridSteps
	if len(net.Lat) > 0 {
		lat := float64(net.Lat[len(net.Lat)/2]) / DegreeSteps
		perLat, perLon := metresPerDegree(max(-maxLatDeg, min(lat, maxLatDeg)))
		gr.width = max(1, int32(gridSteps*perLat/perLon))
	}
	gr.resize(len(net.Lat))
	pairs := make([]pair, 0, 2*len(net.Lat))
	cells := int32(0)
	for seg, e := range g.edgeOf {
		if e < 0 {
			continue
		}
		s := walker{y0: net.Lat[seg], x0: net.Lon[seg], y1: net.Lat[seg+1], x1: net.Lon[seg+1], width: gr.width}
		for s.start(); s.next(); {
			for x := s.left; x <= s.right; x++ {
				slot := gr.slot(x, s.row)
				if gr.id[slot] < 0 {
					gr.x[slot], gr.y[slot], gr.id[slot] = x, s.row, cells
					cells++
					if int(cells)*2 > len(gr.id) {
						gr.grow()
						slot = gr.slot(x, s.row)
					}
				}
				pairs = append(pairs, pair{gr.id[slot], int32(seg)})
			}
		}
	}
	gr.first = make([]int32, cells+2)
	for _, p := range pairs {
		gr.first[p.cell+2]++
	}
	for i := 2; i < len(gr.first); i++ {
		gr.first[i] += gr.first[i-1]
	}
	gr.segs = make([]int32, len(pairs))
	for _, p := range pairs {
		gr.segs[gr.first[p.cell+1]] = p.seg
		gr.first[p.cell+1]++
	}
	gr.first = gr.first[:cells+1]
}

// resize makes an empty table with room for n cells.
func (gr *grid) resize(n int) {
	size := bits.Len(uint(max(2*n, 16) - 1))
	gr.x, gr.y, gr.id = make([]int32, 1<<size), make([]int32, 1<<size), make([]int32, 1<<size)
	gr.shift = uint(64 - size)
	for i := range gr.id {
		gr.id[i] = -1
	}
}

// grow doubles the table.
func (gr *grid) grow() {
	x, y, id := gr.x, gr.y, gr.id
	gr.resize(len(id))
	for i, c := range id {
		if c >= 0 {
			slot := gr.slot(x[i], y[i])
			gr.x[slot], gr.y[slot], gr.id[slot] = x[i], y[i], c
		}
	}
}

// slot is where a cell is kept, or belongs if it is new.
func (gr *grid) slot(x, y int32) int {
	mask := len(gr.id) - 1
	i := int(hashPair(x, y) >> gr.shift)
	for gr.id[i] >= 0 && (gr.x[i] != x || gr.y[i] != y) {
		i = (i + 1) & mask
	}
	return i
}

// at is the segments in a cell.
func (gr *grid) at(x, y int32) []int32 {
	id := gr.id[gr.slot(x, y)]
	if id < 0 {
		return nil
	}
	return gr.segs[gr.first[id]:gr.first[id+1]]
}

// walker goes through the cells that a segment touches, row by row.
type walker struct {
	x0, y0, x1, y1 int32
	width          int32
	// row is the current one, and left to right its columns.
	row, left, right, last int32
}

func (w *walker) start() {
	if w.y0 > w.y1 {
		w.x0, w.y0, w.x1, w.y1 = w.x1, w.y1, w.x0, w.y0
	}
	w.row, w.last = cellOf(w.y0, gridSteps)-1, cellOf(w.y1, gridSteps)
}

func (w *walker) next() bool {
	if w.row >= w.last {
		return false
	}
	w.row++
	a, b := w.x0, w.x1
	if w.y1-w.y0 > gridSteps {
		a = w.crossing(max(w.y0, w.row*gridSteps))
		b = w.crossing(min(w.y1, (w.row+1)*gridSteps))
	}
	if a > b {
		a, b = b, a
	}
	w.left, w.right = cellOf(a, w.width), cellOf(b, w.width)
	return true
}

// crossing is the longitude at which the segment reaches a latitude.
func (w *walker) crossing(y int32) int32 {
	return w.x0 + int32(math.Round(float64(w.x1-w.x0)*float64(y-w.y0)/float64(w.y1-w.y0)))
}

func cellOf(a, b int32) int32 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}
