package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/report/chart"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// figure is one chart of a page: its title says what it shows for this runner, and the table says the same in numbers.
type figure struct {
	ID, Title, Note string
	Picture         template.HTML
	Head            []string
	Rows            [][]string
}

// ChartDays is how far back the charts of a page mark findings.
const ChartDays = 7 * chartWeeks

const (
	// chartWeeks is how many weeks the charts over time show where the log has them: half a year shows a training block
	// and the one before it.
	chartWeeks = 26
	// maxChartWeeks is how many weeks a chart has room for.
	maxChartWeeks = 53
	// markSlot is the least width of a week, in the units of a chart, that has room for a sign of two letters.
	markSlot = 12
	// curveDays is how far back the own cadence curve looks, as in rule KC202.
	curveDays = 84
	// minCurveS is the least time in a speed bin that makes a point of the curve.
	minCurveS = 5 * 60
)

// charts are the pictures that the log has data for.
func (r *Report) charts() []figure {
	draws := []func(*Report) (figure, bool){
		weeklyFigure, longestFigure, cadenceFigure, surfaceFigure, descentFigure, shoesFigure, painFigure,
	}
	if len(r.Doc.Planned) > 0 {
		// A plan is distances on days.
		r, draws = r.withPlan(), draws[:2]
	}
	var out []figure
	for _, draw := range draws {
		if f, ok := draw(r); ok {
			out = append(out, f)
		}
	}
	return out
}

// charted are the weeks of the charts over time: the last ones, at least those on the screen.
func (r *Report) charted() []analyze.Week {
	n := min(max(chartWeeks, r.Screen.Shown), maxChartWeeks, len(r.log.Weeks))
	return r.log.Weeks[len(r.log.Weeks)-n:]
}

// param is the number in force for a rule's parameter, and false when there is none such or the rule is off.
func (r *Report) param(rule, name string) (float64, bool) {
	found, ok := rules.Find(rule)
	if !ok || !r.settings.Enabled(found) {
		return 0, false
	}
	for _, e := range r.settings.Effective(found) {
		if e.Param.Name == name {
			return e.Value, true
		}
	}
	return 0, false
}

// weekLabels writes the first day of every few weeks under an axis on which a week is so many units wide.
func weekLabels(p *chart.Plot, weeks []analyze.Week, unit float64) {
	for i := 0; i < len(weeks); i += max(1, (len(weeks)+5)/6) {
		p.XLabel(unit*float64(i), weeks[i].Start.Time().Format("2 Jan"))
	}
}

// flagMark writes the sign of a flag above a week. Where weeks are narrow it is one letter, and the table tells the rest.
func flagMark(p *chart.Plot, x, y float64, sign string) {
	if p.Slot() < markSlot {
		p.Text(x, y, "mark thin", "!")
		return
	}
	p.Text(x, y, "mark", sign)
}

// distance axes are in the log's units.
func (r *Report) inUnits(m float64) float64 { return m / r.Screen.Units.InM() }

func whole(v float64) string { return trim(v, 1) }

func cadenceFigure(r *Report) (figure, bool) {
	u, log := r.Screen.Units, r.log
	now := cadenceCurve(log, log.AsOf-cadenceDays+1, log.AsOf)
	before := cadenceCurve(log, log.AsOf-cadenceDays-curveDays+1, log.AsOf-cadenceDays)
	if len(now) == 0 {
		return figure{}, false
	}
	p := expectedBand(slices.Concat(now, before), log.HeightCM, u)
	p.Line(curvePoints(before), "before")
	p.Line(curvePoints(now), "own")
	f := figure{ID: "cadence", Head: []string{"Pace", "Minutes", "Steps a minute", "Before", "Expected"}}
	for _, s := range now {
		e := analyze.ExpectedCadence(s.SpeedMPS(), log.HeightCM)
		p.Dot(s.SpeedMPS(), s.MedianSPM, 3.2, "dot", fmt.Sprintf("%s: %.0f spm", u.Pace(s.SpeedMPS()), s.MedianSPM))
		was := "–"
		if i := slices.IndexFunc(before, func(b analyze.SpeedCadence) bool { return b.SpeedMPS() == s.SpeedMPS() }); i >= 0 {
			was = fmt.Sprintf("%.0f", before[i].MedianSPM)
		}
		f.Rows = append(f.Rows, []string{u.Pace(s.SpeedMPS()), fmt.Sprintf("%.0f", s.Seconds/60), fmt.Sprintf("%.0f", s.MedianSPM), was, fmt.Sprintf("%.0f ± %d", e, analyze.ExpectedSDSPM)})
	}
	f.Title = "Cadence by pace on level ground"
	if c := r.Screen.Cadence; c != nil {
		f.Title = fmt.Sprintf("Cadence by pace: %.0f steps a minute at %s, %s the usual band", c.ExpectedSPM+c.AgainstSPM, u.Pace(c.SpeedMPS), against(c.AgainstSPM))
	}
	f.Note = fmt.Sprintf("Solid with dots: the last %d days.", cadenceDays)
	if len(before) > 1 {
		f.Note += fmt.Sprintf(" Dotted: the %d days before.", curveDays)
	}
	f.Note += fmt.Sprintf(" Band: what recreational runners do at that pace ± %d; it is no target.", analyze.ExpectedSDSPM)
	f.Picture = p.SVG(f.ID, f.Title, f.Note)
	return f, true
}

// cadenceCurve is the cadence of some days by speed, where there is enough of it and something to expect.
func cadenceCurve(log *analyze.Log, from, to civil.Date) []analyze.SpeedCadence {
	first, end := log.RunRange(from, to)
	var out []analyze.SpeedCadence
	for _, s := range pooled(log.Runs[first:end]).BySpeed() {
		if s.Seconds >= minCurveS && !math.IsNaN(analyze.ExpectedCadence(s.SpeedMPS(), log.HeightCM)) {
			out = append(out, s)
		}
	}
	return out
}

func curvePoints(curve []analyze.SpeedCadence) []chart.Point {
	var out []chart.Point
	for _, s := range curve {
		out = append(out, chart.Point{X: s.SpeedMPS(), Y: s.MedianSPM})
	}
	return out
}

// expectedBand is a chart with room for points of cadence by speed, and the expected band in it.
func expectedBand(points []analyze.SpeedCadence, heightCM float64, u analyze.Units) *chart.Plot {
	low, high := math.Inf(1), math.Inf(-1)
	slow, fast := math.Inf(1), math.Inf(-1)
	for _, s := range points {
		low, high = min(low, s.MedianSPM), max(high, s.MedianSPM)
		slow, fast = min(slow, s.SpeedMPS()), max(fast, s.SpeedMPS())
	}
	slow, fast = max(analyze.ExpectedMinMPS, slow-0.2), min(analyze.ExpectedMaxMPS, fast+0.2)
	var mid, under, above []chart.Point
	for v := slow; v <= fast+1e-9; v += 0.1 {
		e := analyze.ExpectedCadence(min(v, fast), heightCM)
		low, high = min(low, e-analyze.ExpectedSDSPM), max(high, e+analyze.ExpectedSDSPM)
		mid = append(mid, chart.Point{X: v, Y: e})
		under = append(under, chart.Point{X: v, Y: e - analyze.ExpectedSDSPM})
		above = append(above, chart.Point{X: v, Y: e + analyze.ExpectedSDSPM})
	}
	p := chart.New(slow-0.02, fast+0.02, math.Floor((low-3)/10)*10, math.Ceil((high+3)/10)*10)
	p.YAxis("spm", whole)
	for i := 0; i <= 4; i++ {
		v := slow + (fast-slow)*float64(i)/4
		p.XLabel(v, strings.TrimSuffix(u.Pace(v), " /"+string(u)))
	}
	p.XName("pace, minutes a " + map[analyze.Units]string{analyze.Kilometres: "kilometre", analyze.Miles: "mile"}[u])
	p.Band(under, above, "band")
	p.Line(mid, "expected")
	return p
}

// against says where a difference of steps a minute lies.
func against(diff float64) string {
	switch {
	case diff < -analyze.ExpectedSDSPM:
		return "below"
	case diff > analyze.ExpectedSDSPM:
		return "above"
	}
	return "within"
}

// surfaceFigure shows the ground of the last weeks, with what is not known as a part of its own.
func surfaceFigure(r *Report) (figure, bool) {
	weeks := r.charted()
	weeks = weeks[max(0, len(weeks)-8):]
	u := r.Screen.Units
	f := figure{ID: "surface", Head: []string{"Week of", "Hard", "Medium", "Soft", "Treadmill", "Unknown"}}
	rows := chart.NewRows(1)
	groundKey(r, rows, weeks)
	known, hard, all := 0.0, 0.0, 0.0
	for _, w := range slices.Backward(weeks) {
		s := analyze.SumSurfaces(r.log.Runs[w.First : w.First+w.Runs])
		total := s.HardM + s.MediumM + s.SoftM + s.TreadmillM + s.UnknownM
		if !(total > 0) {
			continue
		}
		known += total - s.UnknownM
		hard += s.HardM
		all += total
		parts := []chart.Part{}
		cells := []string{dateOf(w.Start)}
		for _, g := range grounds {
			m := g.of(&s)
			parts = append(parts, chart.Part{Value: m / total, Class: "ground " + g.name, Tip: g.name + ": " + u.Dist(m), Hatch: g.hatch})
			cells = append(cells, percent(m/total))
		}
		rows.Row(w.Start.Time().Format("2 Jan"), groundNote(&s, total), parts)
		f.Rows = append(f.Rows, cells)
	}
	if !(known > 0) {
		return figure{}, false
	}
	f.Title = fmt.Sprintf("Ground by week: %s of the distance is known", percent(known/all))
	if known/all >= 1-maxUnknown {
		f.Title = fmt.Sprintf("Ground by week: %s of the distance known to be hard", percent(hard/all))
	}
	f.Picture = rows.SVG(f.ID, f.Title, "One bar a week, the newest on top, from left to right: hard, medium, soft, treadmill, unknown. The table below holds the shares.")
	return f, true
}

// maxUnknown is the share of unknown ground above which no hard share is told (DESIGN: KC301).
const maxUnknown = 0.4

// grounds are the parts of a week's distance in the order in which they are drawn.
var grounds = []struct {
	name  string
	hatch chart.Hatch
	of    func(*analyze.Surface) float64
}{
	{"hard", chart.Plain, func(s *analyze.Surface) float64 { return s.HardM }},
	{"medium", chart.Rising, func(s *analyze.Surface) float64 { return s.MediumM }},
	{"soft", chart.Falling, func(s *analyze.Surface) float64 { return s.SoftM }},
	{"treadmill", chart.Upright, func(s *analyze.Surface) float64 { return s.TreadmillM }},
	{"unknown", chart.Plain, func(s *analyze.Surface) float64 { return s.UnknownM }},
}

// groundKey names the grounds that the weeks hold.
func groundKey(r *Report, rows *chart.Rows, weeks []analyze.Week) {
	var names []string
	var parts []chart.Part
	for _, g := range grounds {
		for _, run := range r.log.Runs[weeks[0].First : weeks[len(weeks)-1].First+weeks[len(weeks)-1].Runs] {
			if g.of(&run.Surface) > 0 {
				names = append(names, g.name)
				parts = append(parts, chart.Part{Class: "ground " + g.name, Tip: g.name, Hatch: g.hatch})
				break
			}
		}
	}
	rows.Key(names, parts)
}

// noted is how many parts a week's ground has room to name in the picture; the table has all.
const noted = 2

// groundNote names the largest parts of a week's ground in words.
func groundNote(s *analyze.Surface, total float64) string {
	type part struct {
		name string
		m    float64
	}
	var parts []part
	for _, g := range grounds {
		parts = append(parts, part{g.name, g.of(s)})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.m, a.m) })
	var words []string
	for _, p := range parts[:noted] {
		if p.m/total >= 0.005 {
			words = append(words, p.name+" "+percent(p.m/total))
		}
	}
	return strings.Join(words, ", ")
}

func descentFigure(r *Report) (figure, bool) {
	weeks := r.charted()
	known, sum, most := 0, 0.0, weeks[0]
	for _, w := range weeks {
		if !math.IsNaN(w.DescentM) {
			sum += w.DescentM
			known++
			if !(w.DescentM <= most.DescentM) {
				most = w
			}
		}
	}
	if known < 2 || !(most.DescentM >= 1) {
		return figure{}, false
	}
	p := chart.New(-0.6, float64(len(weeks))-0.4, 0, chart.Top(most.DescentM*1.05))
	p.YAxis("m", whole)
	weekLabels(p, weeks, 1)
	f := figure{ID: "descent", Head: []string{"Week of", "Metres down", "Flag"}}
	flagged, open := 0, 0
	for i, w := range weeks {
		cell, class, flag := "not known", "bar", ""
		switch {
		case !math.IsNaN(w.DescentM):
			cell = fmt.Sprintf("%.0f", w.DescentM)
			if r.downhillIn(&w) {
				class, flag = "bar warning", "warning"
				flagged++
				flagMark(p, float64(i), w.DescentM, "!")
			}
			p.Bar(float64(i), 0.72, 0, w.DescentM, class, fmt.Sprintf("Week of %s: %.0f m down", dateOf(w.Start), w.DescentM))
		case w.Runs == 0:
			cell = "no run"
		case p.Slot() >= markSlot:
			p.Text(float64(i), 0, "tick", "?")
			open++
		}
		f.Rows = append(f.Rows, []string{dateOf(w.Start), cell, flag})
	}
	f.Title = fmt.Sprintf("Metres down: %.0f a week on average, the most %.0f in the week of %s", sum/float64(known), most.DescentM, most.Start.Time().Format("2 Jan"))
	f.Note = "Only runs whose altitude can be trusted count."
	if open > 0 {
		f.Note = "Only runs whose altitude can be trusted count; ? is a week without such a run."
	}
	if flagged > 0 {
		f.Note += " A week with ! was flagged (downhill-load)."
	}
	f.Picture = p.SVG(f.ID, f.Title, "One bar a week. "+f.Note)
	return f, true
}

// downhillIn tells whether the rule of metres down warned in a week.
func (r *Report) downhillIn(w *analyze.Week) bool {
	return slices.ContainsFunc(r.found, func(f rules.Finding) bool {
		day := dayOfLongest(&f, r.log)
		return f.Rule.Name == "downhill-load" && f.Severity >= rules.Warning && day >= w.Start && day <= w.End()
	})
}
