package analyze

import (
	"math"

	"kneecheck/ingest"
)

// The classes of ground that a device can tell.
const (
	classTreadmill = "treadmill"
	classTrack     = "track"
	classUnknown   = "unknown"
)

// deviceSurface tells the ground of a run from what the device says alone. Only a treadmill and a track can be claimed
// that way; road and trail are weak hints about the ground, so they leave it unknown.
func deviceSurface(kind ingest.Kind, distM float64, s *ingest.Samples) Surface {
	out := Surface{HardLow: math.NaN(), HardHigh: math.NaN()}
	class := classUnknown
	switch {
	case kind == ingest.Treadmill || kind == ingest.Virtual:
		class, out.TreadmillM, out.TaggedM = classTreadmill, distM, distM
	case kind == ingest.Track:
		class, out.MediumM, out.InferredM = classTrack, distM, distM
	case kind != ingest.Trail && kind != ingest.Road && indoors(s):
		class, out.TreadmillM, out.InferredM = classTreadmill, distM, distM
	default:
		out.UnknownM = distM
	}
	if class != out.onlyClass() {
		out.Classes = map[string]float64{class: distM}
	}
	return out
}

// onlyClass is the class of all of a run whose sums are all that is known.
func (s *Surface) onlyClass() string {
	switch {
	case s.TreadmillM > 0:
		return classTreadmill
	case s.MediumM > 0:
		return classTrack
	}
	return classUnknown
}

// ByClass are the metres by class, as Classes has them or, where it is empty, as the sums tell.
func (s *Surface) ByClass() map[string]float64 {
	if len(s.Classes) > 0 {
		return s.Classes
	}
	return map[string]float64{s.onlyClass(): s.TreadmillM + s.MediumM + s.UnknownM}
}

// indoors tells whether samples were most likely taken indoors: a distance or cadence, yet neither position nor altitude.
func indoors(s *ingest.Samples) bool {
	return s.LatDeg == nil && s.ElevM == nil && (s.DistM != nil || s.CadenceSPM != nil)
}
