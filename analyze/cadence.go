package analyze

import (
	"math"

	"kneecheck/ingest"
)

const (
	// minSPM and maxSPM bound the cadence of running; the elites of Burns 2019 range from 155 to 203.
	minSPM = 100
	maxSPM = 250
	// histBins is the number of speed bins of a run's histograms: up to 10 m/s.
	histBins = 50
	// thirdsMinS is the moving time from which the thirds of a run are compared: 45 minutes (DESIGN, rule KC203).
	thirdsMinS = 45 * 60
)

// histogram counts seconds by speed bin and cadence above minSPM.
type histogram [histBins][maxSPM - minSPM + 1]float32

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
		b, k := int(bin), int(spm-minSPM+0.5)
		level[b][k] += float32(w)
		if thirds && at < third {
			first[b][k] += float32(w)
		} else if thirds && at >= 2*third {
			last[b][k] += float32(w)
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

// cells returns the cells with time in them.
func (h *histogram) cells() Hist {
	n := 0
	for b := range h {
		for _, s := range h[b] {
			if s > 0 {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	out := make(Hist, 0, n)
	for b := range h {
		for k, s := range h[b] {
			if s > 0 {
				out = append(out, HistCell{Bin: uint8(b), SPM: uint8(minSPM + k), Seconds: s})
			}
		}
	}
	return out
}
