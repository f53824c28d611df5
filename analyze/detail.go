package analyze

import (
	"math"

	"kneecheck/ingest"
)

// Detail is what one run looks like from within. It is worked out when a run is looked at, from its samples, for a log
// keeps none of them. It holds no coordinates, and altitude only against the lowest point of the run.
type Detail struct {
	// Splits follow each other from the start; the last one may be shorter. Empty where no distance along the run is known.
	Splits []Split
	// RiseM is the smoothed altitude above the lowest point, at every RiseStepM of distance; nil where no altitude can be
	// trusted.
	RiseM []float64
}

// RiseStepM is the distance in metres between two values of Detail.RiseM.
const RiseStepM = gridM

// Split is a part of a run. What is not known is NaN.
type Split struct {
	// FromM and ToM are metres since the start as the samples count them, which may differ a little from the run's total.
	FromM, ToM float64
	// MovingS is the time moving, and StoppedS what the clock went on beside it.
	MovingS, StoppedS float64
	// CadenceSPM is the mean while running, without walking breaks, as in Cadence.
	CadenceSPM float64
	HeartBPM   float64
	// AscentM and DescentM are parts of the run's sums.
	AscentM, DescentM float64
}

// SpeedMPS is the mean speed while moving; NaN without a time.
func (s *Split) SpeedMPS() float64 {
	if !(s.MovingS > 0) {
		return math.NaN()
	}
	return (s.ToM - s.FromM) / s.MovingS
}

// restShare is the part of a split below which what is left at the end of a run belongs to the split before.
const restShare = 0.02

// NewDetail looks into an activity, cut into splits of so many metres. It needs the activity as Reduce does.
func NewDetail(a *ingest.Activity, splitM float64) Detail {
	m := newMotion(&a.Samples, a.Pauses, &workspace{})
	hill := newProfile(a, a.Kind, &m)
	d := Detail{Splits: splits(&m, splitM)}
	if hill.elev == nil {
		return d
	}
	lowest := math.Inf(1)
	for _, e := range hill.elev {
		lowest = min(lowest, e)
	}
	d.RiseM = make([]float64, len(hill.elev))
	for i, e := range hill.elev {
		d.RiseM[i] = e - lowest
	}
	for i := range d.Splits {
		d.Splits[i].AscentM, d.Splits[i].DescentM = 0, 0
	}
	legs(hill.elev, turnM, func(from, to int) {
		for i := range d.Splits {
			d.Splits[i].climb(hill.elev, from, to, i == len(d.Splits)-1)
		}
	})
	for i := range d.Splits {
		s := &d.Splits[i]
		s.AscentM, s.DescentM = max(0, s.AscentM), max(0, s.DescentM)
	}
	return d
}

// climb adds the part of a rise or fall from one grid point to another that lies in the split; the last split has all to
// the end.
func (s *Split) climb(elev []float64, from, to int, last bool) {
	up := elev[to] >= elev[from]
	first, end := int(s.FromM/gridM), int(s.ToM/gridM)
	if last {
		end = len(elev) - 1
	}
	from, to = max(from, first), min(to, end, len(elev)-1)
	if from >= to {
		return
	}
	if up {
		s.AscentM += elev[to] - elev[from]
		return
	}
	s.DescentM += elev[from] - elev[to]
}

// splitSum is what adds up over a split.
type splitSum struct{ moveS, stopS, cadenceS, steps, heartS, beats float64 }

// add adds a share of what another one holds.
func (s *splitSum) add(o splitSum, share float64) {
	s.moveS += share * o.moveS
	s.stopS += share * o.stopS
	s.cadenceS += share * o.cadenceS
	s.steps += share * o.steps
	s.heartS += share * o.heartS
	s.beats += share * o.beats
}

func (s *splitSum) split(fromM, toM float64) Split {
	nan := math.NaN()
	out := Split{FromM: fromM, ToM: toM, MovingS: s.moveS, StoppedS: s.stopS, CadenceSPM: nan, HeartBPM: nan, AscentM: nan, DescentM: nan}
	if s.cadenceS > 0 {
		out.CadenceSPM = s.steps / s.cadenceS
	}
	if s.heartS > 0 {
		out.HeartBPM = s.beats / s.heartS
	}
	return out
}

// interval is what the time after sample i adds up to, by the measures of Cadence and Heart.
func (m *motion) interval(i int) splitSum {
	w := m.moveS[i]
	s := splitSum{moveS: w, stopS: m.s.T[i+1] - m.s.T[i] - w}
	if w = min(w, gapS); !(w > 0) {
		return s
	}
	if m.s.CadenceSPM != nil {
		if spm := m.s.CadenceSPM[i]; spm >= minSPM && spm <= maxSPM && !m.walking(i) {
			s.cadenceS, s.steps = w, w*spm
		}
	}
	if m.s.HeartBPM != nil {
		if bpm := m.s.HeartBPM[i]; bpm > 0 {
			s.heartS, s.beats = w, w*bpm
		}
	}
	return s
}

// maxSplits bounds the splits of a run: 500 km are the longest that is one.
const maxSplits = 1000

// splits cuts a run at every splitM of its distance. An interval that holds a cut is shared out by distance.
func splits(m *motion, splitM float64) []Split {
	dist := m.s.DistM
	from, to := span(dist)
	if from >= to || !(dist[to] > dist[from]) || !(splitM > 0) || dist[to]-dist[from] > maxSplits*splitM {
		return nil
	}
	length := dist[to] - dist[from]
	var out []Split
	var now, open splitSum // open holds the intervals since the last sample with a distance
	at, begin := 0.0, 0.0
	for i := from; i < to; i++ {
		open.add(m.interval(i), 1)
		next := dist[i+1] - dist[from]
		if !finite(next) {
			continue
		}
		for next >= begin+splitM {
			cut := begin + splitM
			share := 1.0
			if next > at {
				share = (cut - at) / (next - at)
			}
			now.add(open, share)
			open.scale(1 - share)
			out = append(out, now.split(begin, cut))
			now, at, begin = splitSum{}, cut, cut
		}
		now.add(open, 1)
		open, at = splitSum{}, next
	}
	now.add(open, 1)
	switch rest := length - begin; {
	case rest > restShare*splitM || len(out) == 0:
		out = append(out, now.split(begin, length))
	default:
		// A few metres have no pace worth telling.
		out[len(out)-1].ToM = length
		out[len(out)-1].MovingS += now.moveS
		out[len(out)-1].StoppedS += now.stopS
	}
	return out
}

// scale leaves a share of a sum.
func (s *splitSum) scale(share float64) {
	whole := *s
	*s = splitSum{}
	s.add(whole, share)
}
