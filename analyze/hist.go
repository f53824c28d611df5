package analyze

import (
	"math"
	"slices"

	"kneecheck/ingest"
)

// SpeedBinMPS is the width of the speed bins of a Hist, in metres a second (DESIGN: own curve per 0.2 m/s).
const SpeedBinMPS = 0.2

// binsPerMPS is exact where a division by SpeedBinMPS is not: 2.4 m/s begins bin 12.
const binsPerMPS = 1 / SpeedBinMPS

// The speeds for which ExpectedCadence is valid, and the standard deviation of healthy runners around it.
const (
	ExpectedMinMPS = 2.4
	ExpectedMaxMPS = 4.6
	ExpectedSDSPM  = 8
)

// ExpectedCadence returns the steps a minute of recreational runners on level ground at a speed in metres a second and
// a body height in centimetres: ingest.TypicalCadence − 0.5 (h − 175). Without a height (NaN) its term is dropped.
// Outside 2.4 to 4.6 m/s it returns NaN. Runners differ by a standard deviation of 8 from it.
//
// The height term is derived from the correlations of −0.40 to −0.66 in de Ruiter 2020 and Luedke 2016; Burns 2019 found
// a steeper one in elites.
func ExpectedCadence(speedMPS, heightCM float64) float64 {
	if !(speedMPS >= ExpectedMinMPS && speedMPS <= ExpectedMaxMPS) {
		return math.NaN()
	}
	e := ingest.TypicalCadence(speedMPS)
	if heightCM == heightCM {
		e -= 0.5 * (heightCM - 175)
	}
	return e
}

// Hist counts seconds by speed and cadence, sorted by speed and then cadence, without empty cells.
type Hist []HistCell

// HistCell is the time spent at one speed and cadence, or whatever else the histogram counts by.
type HistCell struct {
	// Bin is the speed bin: it begins at Bin × SpeedBinMPS.
	Bin uint8
	// SPM is the cadence in steps a minute, rounded.
	SPM     uint8
	Seconds float32
}

// NewHistCell returns the cell of a speed and a cadence, both limited to what a cell can hold.
func NewHistCell(speedMPS, spm, seconds float64) HistCell {
	limit := func(v float64) uint8 { return uint8(max(0, min(math.MaxUint8, v))) }
	return HistCell{Bin: limit(speedMPS * binsPerMPS), SPM: limit(math.Round(spm)), Seconds: float32(seconds)}
}

// SpeedMPS is the middle of the cell's speed bin.
func (c HistCell) SpeedMPS() float64 { return binMPS(c.Bin) }

func binMPS(bin uint8) float64 { return (float64(bin) + 0.5) * SpeedBinMPS }

// MergeHists returns the sum of histograms.
func MergeHists(hists ...PackedHist) Hist {
	const most = math.MaxUint8 + 1
	var sums [most]*[most]float64 // by bin and cadence; a runner has some twenty bins
	n := 0
	for _, h := range hists {
		for c := range h.cells() {
			row := sums[c.Bin]
			if row == nil {
				row = new([most]float64)
				clear(row[:]) // fresh memory should be written to first, see codec
				sums[c.Bin] = row
			}
			if row[c.SPM] == 0 {
				n++
			}
			row[c.SPM] += float64(c.Seconds)
		}
	}
	if n == 0 {
		return nil
	}
	all := make(Hist, 0, n)
	for bin, row := range sums {
		if row == nil {
			continue
		}
		for spm, s := range row {
			if s > 0 {
				all = append(all, HistCell{Bin: uint8(bin), SPM: uint8(spm), Seconds: float32(s)})
			}
		}
	}
	return all
}

// Seconds is the total time.
func (h Hist) Seconds() float64 {
	var s float64
	for _, c := range h {
		s += float64(c.Seconds)
	}
	return s
}

// SpeedCadence is the cadence in one speed bin.
type SpeedCadence struct {
	Bin                uint8
	Seconds            float64
	MeanSPM, MedianSPM float64
}

// SpeedMPS is the middle of the bin.
func (s SpeedCadence) SpeedMPS() float64 { return binMPS(s.Bin) }

// BySpeed returns the cadence of every speed bin that has time in it, slowest first: a runner's own curve.
func (h Hist) BySpeed() []SpeedCadence {
	var out []SpeedCadence
	for bin := (Hist)(nil); len(h) > 0; {
		bin, h = h.cutBin()
		out = append(out, SpeedCadence{
			Bin: bin[0].Bin, Seconds: bin.Seconds(), MeanSPM: bin.MeanSPM(),
			MedianSPM: weightedMedian(bin, func(c HistCell) float64 { return float64(c.SPM) }),
		})
	}
	return out
}

// cutBin parts the cells of the slowest speed bin from the rest. h is not empty.
func (h Hist) cutBin() (bin, rest Hist) {
	n := 1
	for n < len(h) && h[n].Bin == h[0].Bin {
		n++
	}
	return h[:n], h[n:]
}

// MeanSPM is the mean cadence, NaN without time.
func (h Hist) MeanSPM() float64 {
	var s float64
	for _, c := range h {
		s += float64(c.Seconds) * float64(c.SPM)
	}
	return s / h.Seconds()
}

// VersusExpected returns the median difference to ExpectedCadence at the same speed, in steps a minute and negative for
// fewer steps, and the seconds it rests on: those at the speeds for which an expectation exists. NaN without any.
func (h Hist) VersusExpected(heightCM float64) (diffSPM, seconds float64) {
	var valid Hist
	for _, c := range h {
		if e := ExpectedCadence(c.SpeedMPS(), heightCM); e == e {
			valid = append(valid, c)
		}
	}
	return weightedMedian(valid, func(c HistCell) float64 {
		return float64(c.SPM) - ExpectedCadence(c.SpeedMPS(), heightCM)
	}), valid.Seconds()
}

// MatchedChange compares mean cadence at matched speeds: now ÷ before − 1 over the speed bins that both have, each
// weighted with the lesser of its two times. seconds is the sum of those weights. The change is NaN without a common bin.
func MatchedChange(now, before Hist) (change, seconds float64) {
	var sumNow, sumBefore float64
	for len(now) > 0 && len(before) > 0 {
		a, restNow := now.cutBin()
		b, restBefore := before.cutBin()
		if a[0].Bin <= b[0].Bin {
			now = restNow
		}
		if b[0].Bin <= a[0].Bin {
			before = restBefore
		}
		if a[0].Bin == b[0].Bin {
			w := min(a.Seconds(), b.Seconds())
			seconds += w
			sumNow += w * a.MeanSPM()
			sumBefore += w * b.MeanSPM()
		}
	}
	return sumNow/sumBefore - 1, seconds
}

// weightedMedian returns the median of a value of cells, weighted with their seconds; NaN without cells.
func weightedMedian(cells []HistCell, value func(HistCell) float64) float64 {
	type weighted struct{ v, w float64 }
	all := make([]weighted, len(cells))
	var total float64
	for i, c := range cells {
		all[i] = weighted{value(c), float64(c.Seconds)}
		total += all[i].w
	}
	slices.SortStableFunc(all, func(a, b weighted) int {
		switch {
		case a.v < b.v:
			return -1
		case a.v > b.v:
			return 1
		}
		return 0
	})
	var below float64
	for i, x := range all {
		below += x.w
		if below > total/2 {
			return x.v
		}
		if below == total/2 && i+1 < len(all) {
			return (x.v + all[i+1].v) / 2
		}
	}
	return math.NaN()
}
