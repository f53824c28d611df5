package analyze

import (
	"math"

	"kneecheck/ingest"
)

// Knee load is an experiment: a relative model number in knee-km beside plain km, not a force, and nobody has shown a
// link with injury. A stretch run at the runner's usual pace and step rate counts as it is long; slower running and fewer
// steps count more, because both put more total load on the knee over a km, although slower running lowers the peaks:
//
//	knee-km = Σ km · (v/v0)^−0.75 · (spm/E_own(v))^−0.6
//
// v0 is the speed that half of the distance is slower than, and E_own the median cadence by speed, of the runner's own 84 days before. Speeds are limited to
// 2.5 to 4.2 m/s, the range of the studies, and the cadence to within 10 % of the own. Grade and ground are left out.
// Where the cadence is not known it counts as the usual one, and walking counts as plain km.
const (
	// kneeSpeedPower is what Doyle et al. 2023 (doi 10.1080/14763141.2023.2226111, 20 runners, 2.5 to 4.2 m/s: cumulative
	// patellofemoral load per km 9.3 to 33.6 % lower than at 2.5 m/s) and Petersen et al. 2015 (16 runners) give for the
	// load over a km at natural cadence.
	kneeSpeedPower = -0.75
	// kneeCadencePower follows from the load per step at one speed, which goes with about the 1.6th power of step length
	// (Willson 2014, Lenhart 2014), over as many more steps.
	kneeCadencePower = -0.6
	// kneeMinMPS and kneeMaxMPS are the speeds of Doyle et al., and kneeCadenceSpan the step rates of Willson and Lenhart.
	kneeMinMPS      = 2.5
	kneeMaxMPS      = 4.2
	kneeCadenceSpan = 0.10
	// kneeDays is how many days before show what is usual (DESIGN section 5), and kneeUsualS how much running they must
	// hold: a choice of this program.
	kneeDays   = 84
	kneeUsualS = 60 * 60
	// kneeBinS is the time in a speed bin from which it has a usual cadence, 20 minutes as in rule KC201.
	kneeBinS = 20 * 60
	// kneeBinError is how much of a distance the width of the speed bins can make seem walked.
	kneeBinError = 0.05
	// kneeRunShare is the least share of a run's distance that was run at a known speed, and kneeKnown the least share of
	// the distance of several runs that must be known: choices of this program.
	kneeRunShare = 0.5
	kneeKnown    = 0.8
)

// KneeFactor is what a km at a speed and a cadence counts as for a runner whose usual speed is usualMPS and whose own
// cadence at that speed is ownSPM. A cadence or an own cadence that is not known (NaN or 0) leaves the speed alone.
func KneeFactor(speedMPS, usualMPS, spm, ownSPM float64) float64 {
	inRange := func(v float64) float64 { return min(max(v, kneeMinMPS), kneeMaxMPS) }
	factor := math.Pow(inRange(speedMPS)/inRange(usualMPS), kneeSpeedPower)
	if spm > 0 && ownSPM > 0 {
		factor *= math.Pow(min(max(spm/ownSPM, 1-kneeCadenceSpan), 1+kneeCadenceSpan), kneeCadencePower)
	}
	return factor
}

// KneeKM returns the knee load in knee-km of the runs Runs[first:end]. It is NaN for a run of which
// less than half was run at a known speed, and for all runs with less than an hour of running in the 84 days before. It
// is worked out when asked for, because few screens show it.
func (l *Log) KneeKM(first, end int) []float64 {
	out := make([]float64, end-first)
	if len(out) == 0 {
		return out
	}
	u := usual{metres: NewSpeedSpread()}
	from, to := 0, 0 // the runs in u
	for i := first; i < end; i++ {
		day := l.Runs[i].Date
		for ; to < i && l.Runs[to].Date < day; to++ {
			if from == to && l.Runs[to].Date < day-kneeDays {
				from++ // too long ago for the first run asked for
				continue
			}
			u.add(l.Runs[to], 1)
		}
		for ; from < to && l.Runs[from].Date < day-kneeDays; from++ {
			u.add(l.Runs[from], -1)
		}
		out[i-first] = u.kneeKM(l.Runs[i])
	}
	return out
}

// SumKneeKM adds up the knee-km of runs, as KneeKM gives them. A run that is not known counts as plain km, and the sum is
// NaN when such runs are more than a fifth of the distance or none has a distance. Without a run it is 0.
func SumKneeKM(runs []*Run, kneeKM []float64) float64 {
	var sum, unknown, plain float64
	for i := range runs {
		km := orZero(runs[i].DistM) / 1000
		plain += km
		if math.IsNaN(kneeKM[i]) {
			unknown += km
			sum += km
			continue
		}
		sum += kneeKM[i]
	}
	if unknown > (1-kneeKnown)*plain || plain == 0 && len(runs) > 0 {
		return math.NaN()
	}
	return sum
}

// usual is how a runner runs: the distance by speed, and the time by speed and cadence.
type usual struct {
	// metres is the distance by speed, and ms the time of it in milliseconds.
	metres Spread
	ms     int64
	// cadence are milliseconds by speed bin and cadence, on near-level ground and where speed is measured; total are those
	// of a speed bin.
	cadence [histBins][math.MaxUint8 + 1]int64
	total   [histBins]int64
}

// add adds a run n times; −1 takes it away.
func (u *usual) add(r *Run, n int64) {
	for _, h := range [...]PackedHist{r.Pace.Flat, r.Pace.Down} {
		for c := range h.cells() {
			u.metres.add(c.Bin, c.Seconds*float32(c.SpeedMPS()), n)
			u.ms += n * int64(math.Round(float64(c.Seconds)*1000))
		}
	}
	if !measured(r.Kind) {
		return
	}
	for c := range r.Cadence.Level.cells() {
		if int(c.Bin) < histBins {
			ms := n * int64(math.Round(float64(c.Seconds)*1000))
			u.cadence[c.Bin][c.SPM] += ms
			u.total[c.Bin] += ms
		}
	}
}

// kneeKM is the knee load of a run.
func (u *usual) kneeKM(r *Run) float64 {
	distM := orZero(r.DistM)
	usualMPS := u.metres.Quantile(0.5)
	if u.ms < kneeUsualS*1000 || distM == 0 {
		return math.NaN()
	}
	var runM, kneeM float64
	for _, h := range [...]PackedHist{r.Pace.Flat, r.Pace.Down} {
		for c := range h.cells() {
			v := c.SpeedMPS()
			own := math.NaN()
			if measured(r.Kind) {
				own = u.ownSPM(int(c.Bin))
			}
			m := v * float64(c.Seconds)
			runM += m
			kneeM += m * KneeFactor(v, usualMPS, float64(c.SPM), own)
		}
	}
	walkM := distM - runM
	if walkM < kneeBinError*distM && runM > 0 { // also where a watch's total is less than its samples
		kneeM *= distM / runM
		walkM = 0
	}
	if !(runM > 0) || walkM > (1-kneeRunShare)*distM {
		return math.NaN()
	}
	return (kneeM + walkM) / 1000
}

// ownSPM is the runner's median cadence in a speed bin. A bin with too little time takes that of the nearest one with
// enough, the slower of two as near, and what runners in general differ by between the two; NaN when no bin has enough.
func (u *usual) ownSPM(bin int) float64 {
	for away := range histBins {
		for _, b := range [...]int{bin - away, bin + away} {
			if b >= 0 && b < histBins && u.total[b] >= kneeBinS*1000 {
				return u.medianSPM(b) + ingest.TypicalCadence(binMPS(uint8(bin))) - ingest.TypicalCadence(binMPS(uint8(b)))
			}
		}
	}
	return math.NaN()
}

// medianSPM is the median cadence of a bin in whole steps.
func (u *usual) medianSPM(bin int) float64 {
	below := int64(0)
	for spm, ms := range &u.cadence[bin] {
		if below += ms; 2*below >= u.total[bin] {
			return float64(spm)
		}
	}
	return math.NaN()
}
