package report

import (
	"cmp"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// leastShown is the share below which a class of ground is not worth a word.
const leastShown = 0.005

const unknownGround = "unknown"

// ground is what was under the runs of some days, and whether a street map told any of it.
func (r *Report) ground(from, to civil.Date) analyze.Surface {
	first, end := r.log.RunRange(from, to)
	return analyze.SumSurfaces(r.log.Runs[first:end])
}

// mapped says whether a street map told the ground of any run: then its makers are named.
func (r *Report) mapped() bool {
	return slices.ContainsFunc(r.runs, func(run *analyze.Run) bool { return run.Surface.Mapped })
}

// groundLine is the mix of ground of some days as far as a street map told it, and how well it is known: "gravel 57 %, trail
// 20 %, asphalt 16 %, unknown 7 % (87 % tagged, 6 % inferred)." It is empty without a map.
func (r *Report) groundLine(from, to civil.Date) string {
	s := r.ground(from, to)
	total := s.HardM + s.MediumM + s.SoftM + s.TreadmillM + s.UnknownM
	if !s.Mapped || !(total > 0) {
		return ""
	}
	type part struct {
		name string
		m    float64
	}
	var parts []part
	for class, m := range s.ByClass() {
		if class != unknownGround {
			parts = append(parts, part{class, m})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(b.m, a.m), strings.Compare(a.name, b.name)) })
	var words []string
	for _, p := range append(parts, part{unknownGround, s.UnknownM}) {
		if p.m/total >= leastShown {
			words = append(words, p.name+" "+percent(p.m/total))
		}
	}
	return strings.Join(words, ", ") + " (" + percent(s.TaggedM/total) + " tagged, " + percent(s.InferredM/total) + " inferred)."
}
