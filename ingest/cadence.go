package ingest

import (
	"fmt"
	"math"
)

const (
	typicalSPM     = 165
	typicalAtMPS   = 3.04
	spmPerMPS      = 6.5
	stepsPerStride = 2
)

// TypicalCadence returns the steps a minute of recreational runners on level ground at a speed in metres a second:
// 165 + 6.5 (v − 3.04). Here only its octave matters, to tell strides from steps; package analyze judges by it.
//
// The level is de Ruiter 2020 (21 runners: 165 ± 8 at 3.04 m/s). The slope lies between de Ruiter 2020 (6.6), Burns 2019
// (5.6) and Luedke 2021 (7.2 a metre a second).
func TypicalCadence(mps float64) float64 { return typicalSPM + spmPerMPS*(mps-typicalAtMPS) }

const (
	// runningMPS is the speed, in metres a second, above which nearly everybody runs; joggingMPS serves a recording that
	// is never that fast.
	runningMPS, joggingMPS = 2.0, 1.5
	// minVoteS is how long, in seconds, the cadence must have been seen at running speed.
	minVoteS = 60
	// maxOctaves is how far from typical a cadence may lie, in octaves: a factor of 1.29, from 128 to 213 steps a minute
	// at 3 m/s. The units are one octave apart, so at most one of them can fit, and what lies between fits none.
	maxOctaves = 0.37
	// stepLengthOctaves is how closely speed and step length must agree with cadence to settle what that leaves open.
	stepLengthOctaves = 0.15
	// ratioBin is the width of the bins in which the median of cadence ÷ expectation is looked for, from 0 to 5.12.
	ratioBin = 0.01
	// minSPM and maxSPM bound what a unit that the format defines may yield.
	minSPM, maxSPM = 90, 220
	// deviceOctaves is how near to the samples' mean the device's own must lie after it was moved by whole octaves: it
	// counts walking and stops as it likes.
	deviceOctaves = 0.25
	// minSteppingRaw is the file's number below which somebody stands.
	minSteppingRaw = 30
)

// resolveCadence finds out what a run's cadence numbers count and makes them steps a minute. The vote is the median over
// time at running speed, so that walking breaks do not take part, of cadence ÷ typical cadence at that speed. It is near
// 0.5 for strides, 1 for steps, 2 for steps doubled. Where it lies between, measured step length decides, and for FIT the
// format's definition; else the column goes, for a wrong unit would be a false alarm.
func resolveCadence(a *Activity) {
	s := &a.Samples
	if a.Sport != Running || s.CadenceSPM == nil || isZero(s.CadenceSPM) {
		s.CadenceSPM = nil
		a.CadenceUnit = NoCadence
		return
	}
	unit, doubt := cadenceUnit(a)
	a.CadenceUnit = unit
	if unit == NoCadence {
		s.CadenceSPM = nil
		a.Device.CadenceSPM = math.NaN()
		a.note("cadence left out: %s", doubt)
		return
	}
	if f := toSteps(unit); f != 1 {
		for i := range s.CadenceSPM {
			s.CadenceSPM[i] *= f
		}
	}
	switch {
	case unit == Doubled:
		a.note("cadence doubled in the file: halved")
	case unit == Steps && a.Format == FIT:
		a.note("cadence already in steps a minute, which FIT files rarely hold: not doubled")
	}
	fitDeviceCadence(a)
}

// toSteps is the factor that turns a file's cadence into steps a minute.
func toSteps(unit CadenceUnit) float64 {
	switch unit {
	case Strides:
		return stepsPerStride
	case Doubled:
		return 0.5
	}
	return 1
}

// cadenceUnit returns the unit of the file's numbers, or NoCadence and in words why it cannot be told.
func cadenceUnit(a *Activity) (unit CadenceUnit, doubt string) {
	s := &a.Samples
	var vote cadenceVote
	if isZero(s.SpeedMPS) {
		vote = voteWithoutSpeed(s)
	} else if vote = voteAbove(s, runningMPS); vote.seconds < minVoteS {
		vote = voteAbove(s, joggingMPS)
	}
	if vote.seconds >= minVoteS {
		if u, off := nearestUnit(vote.ratio); off <= maxOctaves {
			return u, ""
		}
		if u, off := nearestUnit(vote.byStepLength); off <= stepLengthOctaves {
			return u, ""
		}
		doubt = fmt.Sprintf("%d a minute is neither steps nor strides at this speed", int(vote.raw))
	} else {
		doubt = "too little running to tell steps from strides"
	}
	// FIT defines strides for running, and a recording too short or too slow to vote is no evidence against that.
	if spm := stepsPerStride * vote.raw; a.Format == FIT && spm >= minSPM && spm <= maxSPM {
		return Strides, ""
	}
	return NoCadence, doubt
}

// nearestUnit returns the unit whose numbers stand to steps a minute as ratio to 1, and how many octaves it is off.
func nearestUnit(ratio float64) (CadenceUnit, float64) {
	best, bestOff := NoCadence, math.Inf(1)
	for _, u := range [...]CadenceUnit{Strides, Steps, Doubled} {
		if off := math.Abs(math.Log2(ratio * toSteps(u))); off < bestOff {
			best, bestOff = u, off
		}
	}
	return best, bestOff
}

// cadenceVote is what a recording says of its cadence's unit. Its ratios are medians weighted by time.
type cadenceVote struct {
	seconds float64
	// ratio is cadence ÷ typical cadence at the speed of the moment; byStepLength the same with speed ÷ measured step
	// length instead, NaN without one.
	ratio, byStepLength float64
	// raw is the cadence as the file has it.
	raw float64
}

// voteAbove lets the samples vote at which somebody moved at minMPS or faster. Where none did, raw is that of all time
// in motion.
func voteAbove(s *Samples, minMPS float64) cadenceVote {
	var ratio, byLength, raw histogram
	for i, c := range s.CadenceSPM {
		if !(c >= minSteppingRaw) {
			continue
		}
		w := s.weight(i)
		raw.add(c, w)
		v := s.SpeedMPS[i]
		if !(v >= minMPS && v <= maxRunMPS) {
			continue
		}
		ratio.add(c/TypicalCadence(v)/ratioBin, w)
		if s.StepLengthM != nil && s.StepLengthM[i] > 0 {
			byLength.add(c*s.StepLengthM[i]/(60*v)/ratioBin, w)
		}
	}
	vote := cadenceVote{seconds: ratio.total, ratio: ratio.quantile(0.5) * ratioBin, byStepLength: math.NaN(), raw: raw.quantile(0.5)}
	if byLength.total >= minVoteS {
		vote.byStepLength = byLength.quantile(0.5) * ratioBin
	}
	return vote
}

// voteWithoutSpeed takes the typical speed for granted.
func voteWithoutSpeed(s *Samples) cadenceVote {
	var raw histogram
	for i, c := range s.CadenceSPM {
		if c >= minSteppingRaw {
			raw.add(c, s.weight(i))
		}
	}
	median := raw.quantile(0.5)
	return cadenceVote{seconds: raw.total, ratio: median / typicalSPM, byStepLength: math.NaN(), raw: median}
}

// fitDeviceCadence brings the device's own average to the unit of the samples: it is the octave of it that is nearest to
// their mean, unless that is more than twice doubled or halved: a watch that was left running counts hours of standing.
func fitDeviceCadence(a *Activity) {
	s := &a.Samples
	var sum, total float64
	for i, c := range s.CadenceSPM {
		if c > 0 {
			w := s.weight(i)
			sum += c * w
			total += w
		}
	}
	device := &a.Device.CadenceSPM
	if !(*device > 0) || total == 0 {
		return
	}
	octaves := math.Log2(*device / (sum / total))
	if shift := math.Round(octaves); math.Abs(shift) <= 2 && math.Abs(octaves-shift) <= deviceOctaves {
		*device /= math.Exp2(shift)
	}
}
