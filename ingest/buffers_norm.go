package ingest

import "slices"

// normBuffers is the memory that normalize reuses from file to file. The zero value is ready.
type normBuffers struct {
	// cols are handed out in order; used of them belong to activities of the file at hand.
	cols [][]float64
	used int
	// order holds indices into the samples while their clock is repaired, tails and before the longest rising part of it.
	order, tails, before []int32
	fragments            []fragment
	legs                 []recordingLeg
}

// beginNormalize takes back the columns of the file before. Call it once a file, not once an activity: the sessions of
// one file live side by side.
func (b *normBuffers) beginNormalize() { b.used = 0 }

// column hands out a column of n values that are not initialized.
func (b *normBuffers) column(n int) []float64 {
	if b.used == len(b.cols) {
		b.cols = append(b.cols, nil)
	}
	c := slices.Grow(b.cols[b.used][:0], n)[:n]
	b.cols[b.used] = c
	b.used++
	return c
}
