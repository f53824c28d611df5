package analyze

import (
	"math"

	"kneecheck/ingest"
)

// HeartBinBPM is the width of the bins of Heart.Hist in beats a minute: fine enough for a percentile, and a run needs a
// dozen of them.
const HeartBinBPM = 5

// Heart is what a run tells of heart rate.
type Heart struct {
	// MeanBPM is the mean weighted by moving time, in beats a minute; NaN without a heart rate.
	MeanBPM float64
	// Coverage is the share of moving time with a heart rate, 0 to 1.
	Coverage float64
	// Hist counts seconds of moving time by heart rate: a Bin begins at Bin × HeartBinBPM, and SPM is 0.
	Hist PackedHist
}

// Pace is the time of a run by speed on all ground, walking breaks and stops left out, wherever the speed is known. Other
// than in Cadence.Level a speed bin has one cell, whose SPM is the mean cadence there, rounded, or 0 without a cadence.
type Pace struct {
	// Flat is level and rising ground, Down ground that falls by more than 3 %. Without an altitude to trust all ground is
	// taken for level.
	Flat, Down PackedHist
}

// Seconds is the time of running with a speed.
func (p *Pace) Seconds() float64 { return p.Flat.Seconds() + p.Down.Seconds() }

// heart sums up the heart rate of a run, weighted like the cadence.
func heart(m *motion) Heart {
	h := Heart{MeanBPM: math.NaN()}
	if m.s.HeartBPM == nil {
		return h
	}
	var seconds [math.MaxUint8 + 1]float32
	var countedS, usableS, beats float64
	used := 0
	for i, w := range m.moveS {
		if w <= 0 {
			continue
		}
		w = min(w, gapS)
		countedS += w
		bpm := m.s.HeartBPM[i]
		if !(bpm > 0 && bpm < HeartBinBPM*float64(len(seconds))) {
			continue
		}
		usableS += w
		beats += w * bpm
		cell := &seconds[int(bpm/HeartBinBPM)]
		if *cell == 0 {
			used++
		}
		*cell += float32(w)
	}
	if usableS == 0 {
		return h
	}
	h.MeanBPM, h.Coverage = beats/usableS, min(1, usableS/countedS)
	hist := make(Hist, 0, used)
	for bin, s := range &seconds {
		if s > 0 {
			hist = append(hist, HistCell{Bin: uint8(bin), Seconds: s})
		}
	}
	h.Hist = hist.Pack()
	return h
}

// paceBins collects the time of running by speed bin.
type paceBins [histBins]struct{ seconds, cadenceS, steps float64 }

// cells returns the bins in use; whole seconds take the least room in a memo, and nothing is lost by them.
func (b *paceBins) cells() PackedHist {
	var out Hist
	for bin := range b {
		v := &b[bin]
		seconds := math.Round(v.seconds)
		if seconds == 0 {
			continue
		}
		c := HistCell{Bin: uint8(bin), Seconds: float32(seconds)}
		if v.cadenceS > v.seconds/2 {
			c.SPM = uint8(math.Round(v.steps / v.cadenceS))
		}
		out = append(out, c)
	}
	return out.Pack()
}

// pace sums up the speeds of a run, weighted like the cadence.
func pace(m *motion, hill *profile) Pace {
	var flat, down paceBins
	for i, w := range m.moveS {
		bin := m.speed[i] * binsPerMPS
		if w <= 0 || !(bin < histBins) || m.walking(i) {
			continue
		}
		w = min(w, gapS)
		bins := &flat
		if hill.falls(i) {
			bins = &down
		}
		b := &bins[int(bin)]
		b.seconds += w
		if m.s.CadenceSPM == nil {
			continue
		}
		if spm := m.s.CadenceSPM[i]; spm >= minSPM && spm <= maxSPM {
			b.cadenceS += w
			b.steps += w * spm
		}
	}
	return Pace{Flat: flat.cells(), Down: down.cells()}
}

// Spread is how the time of many runs is spread over a quantity, such as speed or heart rate. Times are kept in whole
// milliseconds, so that runs can be added and taken away again in any order without a trace. Within a bin the time is
// taken for even.
type Spread struct {
	width float64
	ms    [math.MaxUint8 + 1]int64
	total int64
}

// NewSpeedSpread is an empty spread over metres a second.
func NewSpeedSpread() Spread { return Spread{width: SpeedBinMPS} }

// NewHeartSpread is an empty spread over beats a minute.
func NewHeartSpread() Spread { return Spread{width: HeartBinBPM} }

// Hist adds the time of a histogram times n: 1 adds it and −1 takes it away.
func (s *Spread) Hist(h PackedHist, n int64) {
	for c := range h.cells() {
		s.add(c.Bin, c.Seconds, n)
	}
}

func (s *Spread) add(bin uint8, seconds float32, n int64) {
	ms := n * int64(math.Round(float64(seconds)*1000))
	s.ms[bin] += ms
	s.total += ms
}

// Seconds is all the time.
func (s *Spread) Seconds() float64 { return float64(s.total) / 1000 }

// Quantile is the value below which a share q of the time lies, NaN without any time.
func (s *Spread) Quantile(q float64) float64 {
	if s.total <= 0 {
		return math.NaN()
	}
	target, below := q*float64(s.total), 0.0
	last := 0
	for bin := range s.ms {
		ms := float64(s.ms[bin])
		if ms <= 0 {
			continue
		}
		if below+ms >= target {
			return (float64(bin) + (target-below)/ms) * s.width
		}
		below, last = below+ms, bin
	}
	return float64(last+1) * s.width
}

// SecondsAbove is the time at a value and above.
func (s *Spread) SecondsAbove(value float64) float64 {
	sum := 0.0
	for bin := range s.ms {
		low := float64(bin) * s.width
		share := min(max((low+s.width-value)/s.width, 0), 1)
		sum += share * float64(s.ms[bin])
	}
	return sum / 1000
}

// measured tells whether the speed of a kind of run is measured and can be compared: that of treadmills is not calibrated.
func measured(k ingest.Kind) bool { return k != ingest.Treadmill && k != ingest.Virtual }
