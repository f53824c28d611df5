package analyze

import (
	"math"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// The classes of ground beside those of package surface, in the words of the v1 report.
const (
	classTreadmill = "treadmill"
	classUnknown   = "unknown"
)

// deviceSurface tells the ground of a run from what the device says alone. Only a treadmill and a track can be claimed
// that way; road and trail are weak hints about the ground, so they leave it unknown.
func deviceSurface(kind ingest.Kind, distM float64, s *ingest.Samples) Surface {
	result := surface.Judge(surface.Input{Kind: surface.Kind(kind), DistM: distM, Altitude: !indoors(s)})
	return surfaceOf(&result, distM)
}

// surfaceOf is the metres of a verdict on a run; none where the run has none.
func surfaceOf(r *surface.Result, distM float64) Surface {
	s := Surface{HardLow: r.KnownLow, HardHigh: r.KnownHigh}
	if !(distM > 0) {
		return s
	}
	s.HardM, s.MediumM, s.SoftM = r.GroupM[surface.Hard], r.GroupM[surface.Medium], r.GroupM[surface.Soft]
	s.TreadmillM, s.UnknownM, s.TaggedM, s.InferredM = r.TreadmillM, r.UnknownM, r.TaggedM, r.InferredM
	s.ClassM, s.Mapped = r.ClassM, r.Mapped
	return s
}

// ByClass are the metres by class: asphalt, concrete, track, gravel, trail, grass, sand, other, treadmill and unknown, those
// that there are; of a run without a distance it is nothing of unknown.
func (s *Surface) ByClass() map[string]float64 {
	classes := map[string]float64{}
	put := func(name string, metres float64) {
		if metres > 0 {
			classes[name] = metres
		}
	}
	for c, metres := range s.ClassM {
		put(surface.Class(c).String(), metres)
	}
	put(classTreadmill, s.TreadmillM)
	put(classUnknown, s.UnknownM)
	if len(classes) == 0 {
		classes[classUnknown] = 0
	}
	return classes
}

// scale corrects the metres for a distance that was corrected by a factor; the shares stay.
func (s *Surface) scale(by float64) {
	for _, m := range []*float64{&s.HardM, &s.MediumM, &s.SoftM, &s.TreadmillM, &s.UnknownM, &s.TaggedM, &s.InferredM} {
		*m *= by
	}
	for c := range s.ClassM {
		s.ClassM[c] *= by
	}
}

// SumSurfaces is the metres of several runs. It has no bounds.
func SumSurfaces(runs []*Run) Surface {
	sum := Surface{HardLow: math.NaN(), HardHigh: math.NaN()}
	for i := range runs {
		sum.add(&runs[i].Surface)
	}
	return sum
}

// add adds the metres of another run.
func (s *Surface) add(o *Surface) {
	s.HardM, s.MediumM, s.SoftM = s.HardM+o.HardM, s.MediumM+o.MediumM, s.SoftM+o.SoftM
	s.TreadmillM, s.UnknownM = s.TreadmillM+o.TreadmillM, s.UnknownM+o.UnknownM
	s.TaggedM, s.InferredM = s.TaggedM+o.TaggedM, s.InferredM+o.InferredM
	for c := range s.ClassM {
		s.ClassM[c] += o.ClassM[c]
	}
	s.Mapped = s.Mapped || o.Mapped
}

// indoors tells whether samples were most likely taken indoors: a distance or cadence, yet neither position nor altitude.
func indoors(s *ingest.Samples) bool {
	return s.LatDeg == nil && s.ElevM == nil && (s.DistM != nil || s.CadenceSPM != nil)
}
