package lognote

import (
	"fmt"
	"math"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// ground is what a cell says of the surface: shares of the distance by group, and the bounds of the hard one. What the
// shares leave of the whole is unknown. The bounds are of the hard part of what is known.
type ground struct{ hard, medium, soft, unknown, hardLow, hardHigh float64 }

// readGround reads "80/10/10", per cent on hard, medium and soft ground, of which the later ones may be left out, and
// "80(70-95)/10" with bounds of the hard part of the known ground. Without them that part is sure.
func readGround(s string) (g *ground, rest string, err error) {
	bad := fmt.Errorf("a surface is written s80/10/10, per cent on hard, medium and soft ground, or s80(70-95)/10/10 with the bounds of the hard part of the known ground")
	g = &ground{hardLow: unknown, hardHigh: unknown}
	if g.hard, rest, err = leadingNumber(s); err != nil {
		return nil, "", bad
	}
	if after, ok := strings.CutPrefix(rest, "("); ok {
		if g.hardLow, after, err = leadingNumber(after); err != nil || !strings.HasPrefix(after, "-") {
			return nil, "", bad
		}
		if g.hardHigh, after, err = leadingNumber(after[1:]); err != nil || !strings.HasPrefix(after, ")") {
			return nil, "", bad
		}
		rest = after[1:]
	}
	for _, share := range []*float64{&g.medium, &g.soft} {
		// "/" and no digit begins the kind of run.
		after, ok := strings.CutPrefix(rest, "/")
		if !ok || after == "" || after[0] < '0' || after[0] > '9' {
			break
		}
		if *share, rest, err = leadingNumber(after); err != nil {
			return nil, "", bad
		}
	}
	sum := g.hard + g.medium + g.soft
	if sum > 100 {
		return nil, "", fmt.Errorf("s: %g %% of a run are more than the whole", sum)
	}
	if part := 100 * g.hard / sum; math.IsNaN(g.hardLow) {
		g.hardLow, g.hardHigh = part, part
	} else if !(g.hardLow <= part && part <= g.hardHigh && g.hardHigh <= 100) {
		return nil, "", fmt.Errorf("s: %.0f %% of the known ground lie outside their bounds, %g to %g", part, g.hardLow, g.hardHigh)
	}
	g.unknown = 100 - sum
	for _, v := range []*float64{&g.hard, &g.medium, &g.soft, &g.unknown, &g.hardLow, &g.hardHigh} {
		*v /= 100
	}
	return g, rest, nil
}

// surface takes the note's word for the ground: a treadmill is one whatever s says of runs outdoors; without s a road is
// asphalt, a trail is earth, a track is rubber.
func (a *attributes) surface(distM float64) analyze.Surface {
	if g := a.ground; g != nil && a.kind != ingest.Treadmill && a.kind != ingest.Virtual {
		s := analyze.Surface{
			Mapped: true,
			HardM:  g.hard * distM, MediumM: g.medium * distM, SoftM: g.soft * distM, UnknownM: g.unknown * distM,
			TaggedM: (1 - g.unknown) * distM, HardLow: g.hardLow, HardHigh: g.hardHigh,
		}
		s.ClassM[surface.Asphalt], s.ClassM[surface.Gravel], s.ClassM[surface.Trail] = s.HardM, s.MediumM, s.SoftM
		return s
	}
	s := analyze.Surface{TaggedM: distM, HardLow: 0, HardHigh: 0}
	switch a.kind {
	case ingest.Road:
		s.ClassM[surface.Asphalt], s.HardM, s.HardLow, s.HardHigh = distM, distM, 1, 1
	case ingest.Track:
		s.ClassM[surface.Track], s.MediumM = distM, distM
	case ingest.Trail:
		s.ClassM[surface.Trail], s.SoftM = distM, distM
	case ingest.Treadmill, ingest.Virtual:
		s.TreadmillM = distM
	default:
		s.UnknownM, s.TaggedM, s.HardLow, s.HardHigh = distM, 0, unknown, unknown
	}
	return s
}
