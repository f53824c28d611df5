package report

import (
	"math"
	"slices"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

// number rounds a required number to the given decimals. What is not finite becomes 0: JSON has no other word for it.
func number(v float64, decimals int) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	p := math.Pow10(decimals)
	// Adding 0 turns the −0 of a rounded small negative into 0.
	return math.Round(v*p)/p + 0
}

// optional is number for figures that may be missing: nil when v is not finite.
func optional(v float64, decimals int) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v = number(v, decimals)
	return &v
}

// value is the number that a pointer holds, NaN for nil.
func value(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

// or is v, or fallback when v is empty.
func or[T ~string](v, fallback T) string {
	if v == "" {
		return string(fallback)
	}
	return string(v)
}

// list is a copy of s that is never nil.
func list(s []string) []string { return append([]string{}, s...) }

// Metres and seconds are kept to a tenth, shares and metres of a step to a thousandth: beyond what a watch can tell, and
// far from what rounding could change in a sum of weeks.
func wireRun(r *analyze.Run) Run {
	w := Run{
		ID: r.ID, File: r.File, AlsoIn: list(r.AlsoIn), Date: r.Date, Start: r.Start.Format(time.RFC3339),
		OffsetFrom: or(r.OffsetFrom, ingest.OffsetUTC), Kind: or(r.Kind, ingest.Unspecified),
		DistanceM: number(r.DistM, 1), MovingS: number(r.MovingS, 1), ElapsedS: number(r.ElapsedS, 1),
		CadenceSPM: optional(r.Cadence.MeanSPM, 1), CadenceCoverage: number(r.Cadence.Coverage, 3),
		CadenceUnit: or(r.Cadence.Unit, ingest.NoCadence), StepLengthM: optional(r.Cadence.StepLengthM, 3),
		AscentM: optional(r.Climb.AscentM, 1), DescentM: optional(r.Climb.DescentM, 1),
		DownhillM: optional(r.Climb.DownhillM, 1),
		Device: Device{
			DistanceM: optional(r.Device.DistM, 1), MovingS: optional(r.Device.MovingS, 1),
			CadenceSPM: optional(r.Device.CadenceSPM, 1),
			AscentM:    optional(r.Device.AscentM, 1), DescentM: optional(r.Device.DescentM, 1),
		},
		Surface: wireSurface(&r.Surface), Race: r.Race, Notes: list(r.Notes),
	}
	if r.Shoe != "" {
		shoe := r.Shoe
		w.Shoe = &shoe
	}
	return w
}

func wireSurface(s *analyze.Surface) Surface {
	w := Surface{
		HardM: number(s.HardM, 1), MediumM: number(s.MediumM, 1), SoftM: number(s.SoftM, 1),
		TreadmillM: number(s.TreadmillM, 1), UnknownM: number(s.UnknownM, 1),
		TaggedM: number(s.TaggedM, 1), InferredM: number(s.InferredM, 1),
		HardLow: optional(s.HardLow, 3), HardHigh: optional(s.HardHigh, 3),
		Classes: map[string]float64{},
	}
	for class, m := range s.ByClass() {
		w.Classes[class] = number(m, 1)
	}
	return w
}

// wireCross sums up sessions by sport, in the order of their names.
func wireCross(sessions []analyze.Cross) []Cross {
	out := []Cross{}
	for i := range sessions {
		c := &sessions[i]
		at, found := slices.BinarySearchFunc(out, string(c.Sport), func(a Cross, sport string) int { return strings.Compare(a.Sport, sport) })
		if !found {
			out = slices.Insert(out, at, Cross{Sport: string(c.Sport)})
		}
		out[at].Sessions++
		out[at].ElapsedS = number(out[at].ElapsedS+c.ElapsedS, 1)
	}
	return out
}

func wireWeek(k *analyze.Week) Week {
	w := Week{
		Start: k.Start, End: k.End(), Complete: k.Complete, Runs: k.Runs, RunDays: k.RunDays,
		DistanceM: number(k.DistM, 1), MovingS: number(k.MovingS, 1), LongestM: number(k.LongestM, 1),
		Change: optional(k.Change, 4), CadenceSPM: optional(k.CadenceSPM, 1),
		AscentM: optional(k.AscentM, 1), DescentM: optional(k.DescentM, 1), HardShare: optional(k.HardShare, 3),
	}
	if k.StrengthSessions >= 0 {
		n := k.StrengthSessions
		w.StrengthSessions = &n
	}
	return w
}
