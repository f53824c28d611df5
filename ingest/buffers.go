package ingest

import (
	"math"
	"slices"
)

// buffers is the memory one worker uses again for every file. What a decoder returns points into it and is good until
// the next file.
type buffers struct {
	cols columns
	fit  fitBuffers
	xmlBuffers
	normBuffers
}

// The columns of a sample, in the order of Samples.
const (
	colT = iota
	colLat
	colLon
	colElev
	colDist
	colSpeed
	colCadence
	colHeart
	colStep
	numColumns
)

// columns collects samples. Only columns in use cost anything: a column is filled with NaN up to the present row when it
// is first used.
type columns struct {
	vals [numColumns][]float64
	// used lists the columns in use.
	used []uint8
	n    int
	// room is the number of rows that all columns in use can hold.
	room int
}

// minRoom is the number of rows made room for at first: those of a run of half an hour.
const minRoom = 2048

// reset empties the columns and keeps their memory.
func (c *columns) reset() {
	for i := range c.vals {
		c.vals[i] = c.vals[i][:0]
	}
	c.used = c.used[:0]
	c.n = 0
	c.room = 0
}

// use makes a column part of every row from now on.
func (c *columns) use(col uint8) {
	for _, u := range c.used {
		if u == col {
			return
		}
	}
	c.used = append(c.used, col)
	for range c.n {
		c.vals[col] = append(c.vals[col], math.NaN())
	}
	c.room = c.n
}

// extend appends n rows to all columns in use, NaN everywhere, and returns the first.
func (c *columns) extend(n int) (first int) {
	first = c.n
	c.n += n
	if c.n > c.room {
		// All columns at once and twice the room, so that a hostile file costs little more than what it ends up with.
		c.room = max(c.n, 2*first, minRoom)
		for _, col := range c.used {
			c.vals[col] = slices.Grow(c.vals[col], c.room-first)
		}
	}
	for _, col := range c.used {
		c.vals[col] = c.vals[col][:c.n]
		rows := c.vals[col][first:]
		for i := range rows {
			rows[i] = math.NaN()
		}
	}
	return first
}

// samples returns the rows from (inclusive) to to (exclusive). The slices have no room to grow, so that appending to
// one session's cannot write into the next one's.
func (c *columns) samples(from, to int) Samples {
	s := Samples{
		T:           c.cut(colT, from, to),
		LatDeg:      c.column(colLat, from, to),
		LonDeg:      c.column(colLon, from, to),
		ElevM:       c.column(colElev, from, to),
		DistM:       c.column(colDist, from, to),
		SpeedMPS:    c.column(colSpeed, from, to),
		CadenceSPM:  c.column(colCadence, from, to),
		HeartBPM:    c.column(colHeart, from, to),
		StepLengthM: c.column(colStep, from, to),
	}
	if s.LatDeg == nil || s.LonDeg == nil {
		s.LatDeg, s.LonDeg = nil, nil
	}
	return s
}

// column returns a part of a column, nil when it holds no value.
func (c *columns) column(col, from, to int) []float64 {
	for _, v := range c.cut(col, from, to) {
		if !math.IsNaN(v) {
			return c.cut(col, from, to)
		}
	}
	return nil
}

func (c *columns) cut(col, from, to int) []float64 {
	if to > len(c.vals[col]) || from >= to {
		return nil
	}
	return c.vals[col][from:to:to]
}
