package analyze

import (
	"math"
	"math/bits"

	"kneecheck/ingest"
)

const (
	// minSPM and maxSPM bound the cadence of running; the elites of Burns 2019 range from 155 to 203.
	minSPM = 100
	maxSPM = 250
	// histBins is the number of speed bins of a run's histograms, up to 10 m/s; at most 64.
	histBins = 50
	// thirdsMinS is the moving time from which the thirds of a run are compared: 45 minutes (DESIGN, rule KC203).
	thirdsMinS = 45 * 60
)

// histogram counts seconds by speed bin and cadence above minSPM.
type histogram struct {
	seconds [histBins][maxSPM - minSPM + 1]float32
	// rows has a bit for every speed bin in use, and n is the number of cells in use.
	rows uint64
	n    int
}

// add counts seconds at a speed bin and a cadence.
func (h *histogram) add(bin, spm int, seconds float64) {
	cell := &h.seconds[bin][spm-minSPM]
	if *cell == 0 {
		h.rows |= 1 << bin
		h.n++
	}
	*cell += float32(seconds)
}

// cells returns the cells in use.
func (h *histogram) cells() PackedHist {
	if h.n == 0 {
		return ""
	}
	out := make(Hist, 0, h.n)
	for rows := h.rows; rows != 0; rows &= rows - 1 {
		bin := bits.TrailingZeros64(rows)
		for k, s := range &h.seconds[bin] {
			if s > 0 {
				out = append(out, HistCell{Bin: uint8(bin), SPM: uint8(minSPM + k), Seconds: s})
			}
		}
	}
	return out.Pack()
}

// cadence sums up the steps of a run: sample by sample, weighted by the time to the next and by at most gapS, so that
// one value cannot speak for a long gap.
func cadence(m *motion, hill *profile, unit ingest.CadenceUnit) Cadence {
	c := Cadence{MeanSPM: math.NaN(), StepLengthM: math.NaN(), Unit: unit}
	if unit == "" || m.s.CadenceSPM == nil {
		c.Unit = ingest.NoCadence
	}
	if m.s.CadenceSPM == nil {
		return c
	}
	var level, first, last histogram
	third := m.totalS / 3
	thirds := m.totalS >= thirdsMinS
	var movedS, countedS, usableS, steps, strideS, strideSteps, strideM float64
	for i, w := range m.moveS {
		if w <= 0 {
			continue
		}
		at := movedS
		movedS += w
		w = min(w, gapS)
		countedS += w
		spm, v := m.s.CadenceSPM[i], m.speed[i]
		if !(spm >= minSPM && spm <= maxSPM) || m.walking(i) {
			continue
		}
		usableS += w
		steps += w * spm
		bin := v * binsPerMPS
		if !(bin < histBins) {
			continue
		}
		strideS += w
		strideSteps += w * spm
		strideM += w * v
		if !hill.level(i) {
			continue
		}
		b, k := int(bin), int(spm+0.5)
		level.add(b, k, w)
		if thirds && at < third {
			first.add(b, k, w)
		} else if thirds && at >= 2*third {
			last.add(b, k, w)
		}
	}
	if usableS == 0 {
		return c
	}
	c.MeanSPM = steps / usableS
	c.Coverage = min(1, usableS/countedS)
	if strideS > 0 {
		c.StepLengthM = strideM / (strideSteps / 60)
	}
	c.Level = level.cells()
	if thirds {
		c.FirstThird, c.LastThird = first.cells(), last.cells()
	}
	return c
}
