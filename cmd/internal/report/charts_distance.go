package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/report/chart"
)

// weeklyFigure shows each week's distance against the week before.
func weeklyFigure(r *Report) (figure, bool) {
	weeks, u := r.charted(), r.Screen.Units
	if len(weeks) < 2 {
		return figure{}, false
	}
	ratio, limited := r.param(tenPercent, "max_ratio")
	if !limited {
		ratio = math.NaN()
	}
	limits, most := r.weeklyLimits(weeks, ratio)
	top := chart.Top(r.inUnits(most) * 1.08)
	p := chart.New(-0.6, float64(len(weeks))-0.4, 0, top)
	p.YAxis(string(u), whole)
	weekLabels(p, weeks, 1)
	first := len(r.log.Weeks) - len(weeks)
	flagged := 0
	f := figure{ID: "weekly", Head: []string{"Week of", string(u), "Change", "Flag"}}
	for i, w := range weeks {
		at, mark := r.inUnits(w.DistM), r.markOf(first+i)
		class := barClass(mark, w.Complete && w.End() <= r.Doc.AsOf)
		p.Bar(float64(i), 0.72, 0, at, class, fmt.Sprintf("Week of %s: %s", dateOf(w.Start), u.Dist(w.DistM)))
		if strings.HasPrefix(mark, "!") {
			flagged++
			if l := limits[i]; l <= top && l > at && l < at+p.Near() {
				at = l
			}
			flagMark(p, float64(i), at, mark)
		}
		chg := "–"
		if !math.IsNaN(w.Change) {
			chg = change(printedChange(u, w.DistM, r.log.Weeks[first+i-1].DistM))
		}
		f.Rows = append(f.Rows, []string{dateOf(w.Start), u.Number(w.DistM), chg, flagWord(mark)})
	}
	p.Line(steps(limits, top), "limit")
	f.Title = weeklyTitle(weeks, flagged, u)
	if len(r.Doc.Planned) > 0 {
		f.Title = r.plannedTitle(weeks, flagged)
	}
	if limited {
		f.Note = fmt.Sprintf("Dashed: the week before and %s more.", percent(ratio-1))
	}
	switch {
	case flagged > 0 && p.Slot() < markSlot:
		f.Note = strings.TrimSpace(f.Note + " A week with ! was flagged; the figures tell how severely.")
	case flagged > 0:
		f.Note = strings.TrimSpace(f.Note + " A week with ! was flagged for a warning, with !! for high.")
	}
	if len(r.Doc.Planned) > 0 {
		f.Note = strings.TrimSpace(f.Note + " A pale bar is a week that is not over.")
	}
	f.Picture = p.SVG(f.ID, f.Title, "One bar a week. "+f.Note+" The table below holds the figures.")
	return f, true
}

// weeklyLimits are the limits of the weeks in units, NaN where there is none, and the most metres to be shown.
func (r *Report) weeklyLimits(weeks []analyze.Week, ratio float64) (limits []float64, mostM float64) {
	for i, w := range weeks {
		mostM = max(mostM, w.DistM)
		limit := math.NaN()
		if i > 0 && !math.IsNaN(ratio) && weeks[i-1].Complete && weeks[i-1].DistM > 0 {
			limit = r.inUnits(weeks[i-1].DistM * ratio)
			mostM = max(mostM, min(weeks[i-1].DistM*ratio, 1.5*mostM))
		}
		limits = append(limits, limit)
	}
	return limits, mostM
}

// steps is a line of one level a week. A limit beyond the picture limits nothing and is left out.
func steps(levels []float64, top float64) []chart.Point {
	line := make([]chart.Point, 0, 3*len(levels))
	for i, y := range levels {
		if y > top {
			y = math.NaN()
		}
		x := float64(i)
		line = append(line, chart.Point{X: x - 0.5, Y: y}, chart.Point{X: x + 0.5, Y: y}, chart.Point{X: x + 0.5, Y: math.NaN()})
	}
	return line
}

// barClass is the style of a week's bar.
func barClass(mark string, complete bool) string {
	class := "bar"
	switch mark {
	case "!!":
		class = "bar high"
	case "!":
		class = "bar warning"
	}
	if !complete {
		class += " open"
	}
	return class
}

func flagWord(mark string) string {
	switch mark {
	case "!!":
		return "high"
	case "!":
		return "warning"
	}
	return mark
}

// markOf is the mark of week i of the log, also of weeks that the screen does not show.
func (r *Report) markOf(i int) string {
	if r.Screen.Weeks[i].Mark != "" {
		return r.Screen.Weeks[i].Mark
	}
	return mark(r.found, r.log, &r.log.Weeks[i])
}

func weeklyTitle(weeks []analyze.Week, flagged int, u analyze.Units) string {
	sum, n := 0.0, 0
	for _, w := range weeks {
		if w.Complete {
			sum += w.DistM
			n++
		}
	}
	s := "Weekly distance"
	if n > 0 {
		s += fmt.Sprintf(": %s on average over %s", u.Dist(sum/float64(n)), count(n, "whole week"))
	}
	switch flagged {
	case 0:
		return s + ", none flagged"
	case 1:
		return s + ", one flagged"
	}
	return s + fmt.Sprintf(", %d flagged", flagged)
}

// longestFigure shows each run against the longest of the 30 days before it.
func longestFigure(r *Report) (figure, bool) {
	weeks, u := r.charted(), r.Screen.Units
	ratio, ok := r.param(sessionSpike, "warn_ratio")
	if len(weeks) < 2 || !ok {
		return figure{}, false
	}
	from, to := weeks[0].Start, r.log.AsOf
	var limits []chart.Point
	most := 0.0
	for d := from; d <= to; d++ {
		limit := math.NaN()
		if i := r.log.Longest(d-spikeDays, d-1); i >= 0 && d-r.log.Runs[0].Date >= spikeDays {
			limit = ratio * r.log.Runs[i].DistM
			most = max(most, limit)
		}
		limits = append(limits, chart.Point{X: float64(d - from), Y: r.inUnits(limit)})
	}
	first, end := r.log.RunRange(from, to)
	for _, run := range r.log.Runs[first:end] {
		most = max(most, run.DistM)
	}
	p := chart.New(-1, float64(to-from)+1, 0, chart.Top(r.inUnits(most)*1.05))
	p.YAxis(string(u), whole)
	weekLabels(p, weeks, 7)
	p.Line(limits, "limit")
	f := figure{ID: "longest", Head: []string{"Run", string(u), "Limit", "Over"}}
	over := 0
	for _, run := range r.log.Runs[first:end] {
		limit := limits[run.Date-from].Y
		flag, x, y, tip := "", float64(run.Date-from), r.inUnits(run.DistM), dayOf(run.Date)+": "+u.Dist(run.DistM)
		if d := r.inUnits(u.Round(run.DistM)); d > limit && r.spikes(run.ID) {
			flag = "over"
			over++
			p.Triangle(x, y, "dot warning", tip)
		} else {
			class := "dot"
			if run.Date > r.Doc.AsOf {
				class, tip = "dot open", tip+" planned"
			}
			p.Dot(x, y, 2.7, class, tip)
		}
		cell := "–"
		if !math.IsNaN(limit) {
			cell = trim(limit, 1)
		}
		f.Rows = append(f.Rows, []string{dayOf(run.Date), u.Number(run.DistM), cell, flag})
	}
	f.Title = "Every run against the longest of the 30 days before: none went beyond"
	if over > 0 {
		f.Title = "Every run against the longest of the 30 days before: " + count(over, "run") + " went beyond"
	}
	f.Note = fmt.Sprintf("Dashed: %.2f × the longest run of the %d days before (session-spike). A triangle is a run beyond it.", ratio, spikeDays)
	if len(r.Doc.Planned) > 0 {
		f.Title = "Every run against the longest of the 30 days before: " + plannedOver(over)
		f.Note = strings.Replace(f.Note, "is a run", "is a planned run", 1) + " An open dot is planned too."
	}
	f.Picture = p.SVG(f.ID, f.Title, "One dot a run. "+f.Note)
	return f, true
}

// plannedOver says how many planned runs are too long.
func plannedOver(n int) string {
	switch n {
	case 0:
		return "none that is planned goes beyond"
	case 1:
		return "a planned one goes beyond"
	}
	return thousands(n) + " planned ones go beyond"
}

// spikes tells whether the session-spike rule has a finding for a run.
func (r *Report) spikes(id string) bool {
	for i := range r.found {
		f := &r.found[i]
		if f.Rule.Name == sessionSpike && slices.ContainsFunc(f.Runs, func(i int) bool { return r.log.Runs[i].ID == id }) {
			return true
		}
	}
	return false
}
