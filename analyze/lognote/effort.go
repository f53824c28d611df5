package lognote

import (
	"cmp"
	"math"
	"slices"

	"kneecheck/analyze"
)

// heartOf spreads the thirds of a run over the bins of heart rate.
func (a *attributes) heartOf(movingS float64) analyze.Heart {
	h := analyze.Heart{MeanBPM: (a.firstBPM + a.lastBPM) / 2}
	if math.IsNaN(h.MeanBPM) {
		return h
	}
	h.Coverage = 1
	var hist analyze.Hist
	for _, bpm := range []float64{a.firstBPM, h.MeanBPM, a.lastBPM} {
		cell := analyze.HistCell{Bin: uint8(bpm / analyze.HeartBinBPM), Seconds: float32(movingS / 3)}
		i, found := slices.BinarySearchFunc(hist, cell, func(x, y analyze.HistCell) int { return cmp.Compare(x.Bin, y.Bin) })
		if found {
			hist[i].Seconds += cell.Seconds
		} else {
			hist = slices.Insert(hist, i, cell)
		}
	}
	h.Hist = hist.Pack()
	return h
}

// paceOf is an even run at one speed; what it runs downhill it runs as fast as the rest.
func (a *attributes) paceOf(distM, movingS float64) analyze.Pace {
	spm := (a.firstSPM + a.lastSPM) / 2
	if math.IsNaN(spm) {
		spm = 0
	}
	part := func(m float64) analyze.PackedHist {
		if !(m > 0) {
			return ""
		}
		return analyze.Hist{analyze.NewHistCell(distM/movingS, spm, movingS*m/distM)}.Pack()
	}
	downM := a.downM
	if math.IsNaN(downM) {
		downM = a.steepM
	}
	if math.IsNaN(downM) {
		downM = 0
	}
	return analyze.Pace{Flat: part(distM - downM), Down: part(downM)}
}
