package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
)

// splitBar is the width of the bars of the splits, and splitFloor the share of the slowest split's speed at which they begin.
const (
	splitBar   = 12
	splitFloor = 0.93
)

// splits prints the splits as a table with bars of speed.
func (p *page) splits(f *runFacts) {
	p.gap()
	cols, none := f.splitTable()
	if none != "" {
		p.fact("Splits", none)
		return
	}
	all := f.in.Detail.Splits
	slow, fast := speedRange(all)
	floor := slow * splitFloor
	bars := column{give: 4}
	for i := range all {
		share := min(max((all[i].SpeedMPS()-floor)/(fast-floor), 0), 1)
		bars.cells = append(bars.cells, p.calm.Render(bar(share, splitBar)))
	}
	p.table(0, slices.Insert(cols, 2, bars), p.faint)
	p.para("", "Bars: speed, from "+f.in.Units.Pace(floor)+" on."+f.otherTime(), 0, p.faint)
}

// otherTime says that the splits' moving time is not that of the run where it differs by half a minute and one per cent: a
// timer runs on while a runner waits at a light.
func (f *runFacts) otherTime() string {
	sum := 0.0
	for i := range f.in.Detail.Splits {
		sum += f.in.Detail.Splits[i].MovingS
	}
	if by := math.Abs(sum - f.run.MovingS); by < 30 || by < 0.01*f.run.MovingS {
		return ""
	}
	return " By the samples " + clockTime(sum) + " were spent moving, by the timer " + clockTime(f.run.MovingS) + "; paces of splits are by the samples."
}

// splitTable is the splits as columns, those without anything known left out; or why there are none.
func (f *runFacts) splitTable() (cols []column, none string) {
	if f.in.Detail == nil {
		return nil, f.in.NoDetail
	}
	all, u := f.in.Detail.Splits, f.in.Units
	if len(all) == 0 {
		return nil, "not known: the file does not tell the distance along the run."
	}
	cols = []column{
		{head: string(u), right: true}, {head: "pace", right: true}, {head: "spm", right: true, give: 1}, {head: "bpm", right: true, give: 2},
		{head: "up", right: true, give: 3}, {head: "down", right: true, give: 3}, {head: "stood", right: true, give: 5},
	}
	for i := range all {
		s := &all[i]
		pace, _, _ := strings.Cut(u.Pace(s.SpeedMPS()), " ")
		stood := ""
		if s.StoppedS >= 1 {
			stood = clockTime(s.StoppedS)
		}
		for c, text := range []string{
			f.splitName(i), pace, rounded(s.CadenceSPM, ""), rounded(s.HeartBPM, ""), rounded(s.AscentM, " m"), rounded(s.DescentM, " m"), stood,
		} {
			cols[c].cells = append(cols[c].cells, text)
		}
	}
	if c := &f.run.Climb; c.AscentM == 0 && c.DescentM == 0 {
		cols = slices.Delete(cols, 4, 6)
	}
	return slices.DeleteFunc(cols, func(c column) bool { return !c.known() }), ""
}

// speedRange is the lowest and the highest mean speed of splits; the last one counts when it is half as long as the others.
func speedRange(all []analyze.Split) (slow, fast float64) {
	slow, fast = math.Inf(1), 0
	for i := range all {
		v := all[i].SpeedMPS()
		if !finite(v) || i > 0 && all[i].ToM-all[i].FromM < (all[0].ToM-all[0].FromM)/2 {
			continue
		}
		slow, fast = min(slow, v), max(fast, v)
	}
	if math.IsInf(slow, 1) {
		return 0, 1
	}
	return slow, fast
}

// splitName is where a split ends: a whole number but for the last.
func (f *runFacts) splitName(i int) string {
	u, s := f.in.Units, &f.in.Detail.Splits[i]
	if s.ToM-s.FromM < f.in.SplitM || i == 0 && len(f.in.Detail.Splits) == 1 {
		return trim(s.ToM/u.InM(), 2)
	}
	return trim(s.ToM/u.InM(), 0)
}

// rounded writes a number without decimals, and nothing where it is not known.
func rounded(v float64, unit string) string {
	if !finite(v) {
		return ""
	}
	return strings.Replace(fmt.Sprintf("%.0f", v+0), "-0", "0", 1) + unit
}
