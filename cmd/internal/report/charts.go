package report

import (
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
	// curveDays is how far back the own cadence curve looks, as in rule KC202.
	curveDays = 84
	// minCurveS is the least time in a speed bin that makes a point of the curve.
	minCurveS = 5 * 60
)

// charts are the pictures that the log has data for.
func (r *Report) charts() []figure {
	var out []figure
	for _, draw := range []func(*Report) (figure, bool){
		weeklyFigure, longestFigure, cadenceFigure, surfaceFigure, descentFigure, shoesFigure, painFigure,
	} {
		if f, ok := draw(r); ok {
			out = append(out, f)
		}
	}
	return out
}

// charted are the weeks of the charts over time: the last ones, at least those on the screen.
func (r *Report) charted() []analyze.Week {
	n := min(max(chartWeeks, r.Screen.Shown), len(r.log.Weeks))
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

// monthLabels writes the first day of every fourth week or so under an axis of weeks.
func monthLabels(p *chart.Plot, weeks []analyze.Week) {
	step := max(1, (len(weeks)+5)/6)
	for i := 0; i < len(weeks); i += step {
		p.XLabel(float64(i), weeks[i].Start.Time().Format("2 Jan"))
	}
}

// distance axes are in the log's units.
func (r *Report) inUnits(m float64) float64 { return m / r.Screen.Units.InM() }

func whole(v float64) string { return trim(v, 1) }

func weeklyFigure(r *Report) (figure, bool) {
	weeks, u := r.charted(), r.Screen.Units
	if len(weeks) < 2 {
		return figure{}, false
	}
	ratio, limited := r.param(tenPercent, "max_ratio")
	most := 0.0
	limits := make([]chart.Point, 0, 2*len(weeks))
	for i, w := range weeks {
		most = max(most, w.DistM)
		limit := math.NaN()
		if i > 0 && limited && weeks[i-1].Complete && weeks[i-1].DistM > 0 {
			limit = r.inUnits(weeks[i-1].DistM * ratio)
			most = max(most, min(weeks[i-1].DistM*ratio, 1.5*most))
		}
		limits = append(limits, chart.Point{X: float64(i) - 0.5, Y: limit}, chart.Point{X: float64(i) + 0.5, Y: limit}, chart.Point{X: float64(i) + 0.5, Y: math.NaN()})
	}
	top := chart.Top(r.inUnits(most) * 1.08)
	p := chart.New(-0.6, float64(len(weeks))-0.4, 0, top)
	p.YAxis(string(u), whole)
	monthLabels(p, weeks)
	first := len(r.log.Weeks) - len(weeks)
	flagged := 0
	f := figure{ID: "weekly", Head: []string{"Week of", string(u), "Change", "Flag"}}
	for i, w := range weeks {
		mark := r.markOf(first + i)
		class := "bar"
		switch mark {
		case "!!":
			class = "bar high"
		case "!":
			class = "bar warning"
		}
		if !w.Complete {
			class += " open"
		}
		tip := fmt.Sprintf("Week of %s: %s", dateOf(w.Start), u.Dist(w.DistM))
		p.Bar(float64(i), 0.72, 0, r.inUnits(w.DistM), class, tip)
		if strings.HasPrefix(mark, "!") {
			flagged++
			p.Text(float64(i), r.inUnits(w.DistM), "mark", mark)
		}
		chg := "–"
		if !math.IsNaN(w.Change) {
			chg = change(w.Change)
		}
		f.Rows = append(f.Rows, []string{dateOf(w.Start), u.Number(w.DistM), chg, flagWord(mark)})
	}
	for i := range limits {
		if limits[i].Y > top {
			limits[i].Y = math.NaN() // a limit beyond the picture limits nothing
		}
	}
	p.Line(limits, "limit")
	f.Title = weeklyTitle(weeks, flagged, u)
	if limited {
		f.Note = fmt.Sprintf("Dashed: the week before and %s more. A week with ! was flagged for a warning, with !! for high.", percent(ratio-1))
	}
	f.Picture = p.SVG(f.ID, f.Title, "One bar a week. "+f.Note+" The table below holds the figures.")
	return f, true
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
	for i := 0; i < len(weeks); i += max(1, (len(weeks)+5)/6) {
		p.XLabel(float64(weeks[i].Start-from), weeks[i].Start.Time().Format("2 Jan"))
	}
	p.Line(limits, "limit")
	f := figure{ID: "longest", Head: []string{"Run", string(u), "Limit", "Over"}}
	over := 0
	for _, run := range r.log.Runs[first:end] {
		limit := limits[run.Date-from].Y
		class, flag := "dot", ""
		if d := r.inUnits(u.Round(run.DistM)); d > limit && r.spikes(run.ID) {
			class, flag = "dot warning", "over"
			over++
		}
		p.Dot(float64(run.Date-from), r.inUnits(run.DistM), 3.2, class, dayOf(run.Date)+": "+u.Dist(run.DistM))
		if flag != "" {
			p.Text(float64(run.Date-from), r.inUnits(run.DistM), "mark", "!")
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
	f.Note = fmt.Sprintf("Dashed: %.2f × the longest run of the %d days before (session-spike). A run with ! is beyond it.", ratio, spikeDays)
	f.Picture = p.SVG(f.ID, f.Title, "One dot a run. "+f.Note)
	return f, true
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

func cadenceFigure(r *Report) (figure, bool) {
	u, log := r.Screen.Units, r.log
	curve := func(from, to civil.Date) []analyze.SpeedCadence {
		first, end := log.RunRange(from, to)
		var out []analyze.SpeedCadence
		for _, s := range pooled(log.Runs[first:end]).BySpeed() {
			if s.Seconds >= minCurveS && !math.IsNaN(analyze.ExpectedCadence(s.SpeedMPS(), log.HeightCM)) {
				out = append(out, s)
			}
		}
		return out
	}
	now := curve(log.AsOf-cadenceDays+1, log.AsOf)
	before := curve(log.AsOf-cadenceDays-curveDays+1, log.AsOf-cadenceDays)
	if len(now) == 0 {
		return figure{}, false
	}
	low, high := math.Inf(1), math.Inf(-1)
	slow, fast := math.Inf(1), math.Inf(-1)
	for _, s := range slices.Concat(now, before) {
		low, high = min(low, s.MedianSPM), max(high, s.MedianSPM)
		slow, fast = min(slow, s.SpeedMPS()), max(fast, s.SpeedMPS())
	}
	slow, fast = max(analyze.ExpectedMinMPS, slow-0.2), min(analyze.ExpectedMaxMPS, fast+0.2)
	var mid, under, above []chart.Point
	for v := slow; v <= fast+1e-9; v += 0.1 {
		e := analyze.ExpectedCadence(min(v, fast), log.HeightCM)
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
	p.XName("pace, minutes a " + map[analyze.Units]string{analyze.Miles: "mile"}[u] + map[analyze.Units]string{analyze.Kilometres: "kilometre"}[u])
	p.Band(under, above, "band")
	p.Line(mid, "expected")
	points := func(cs []analyze.SpeedCadence) []chart.Point {
		var out []chart.Point
		for _, s := range cs {
			out = append(out, chart.Point{X: s.SpeedMPS(), Y: s.MedianSPM})
		}
		return out
	}
	p.Line(points(before), "before")
	p.Line(points(now), "own")
	f := figure{ID: "cadence", Head: []string{"Pace", "Minutes", "Steps a minute", "Expected"}}
	for _, s := range now {
		e := analyze.ExpectedCadence(s.SpeedMPS(), log.HeightCM)
		p.Dot(s.SpeedMPS(), s.MedianSPM, 3.2, "dot", fmt.Sprintf("%s: %.0f spm", u.Pace(s.SpeedMPS()), s.MedianSPM))
		f.Rows = append(f.Rows, []string{u.Pace(s.SpeedMPS()), fmt.Sprintf("%.0f", s.Seconds/60), fmt.Sprintf("%.0f", s.MedianSPM), fmt.Sprintf("%.0f ± %d", e, analyze.ExpectedSDSPM)})
	}
	f.Title = "Cadence by pace on level ground"
	if c := r.Screen.Cadence; c != nil {
		f.Title = fmt.Sprintf("Cadence by pace: %.0f steps a minute at %s, %s the usual band", c.ExpectedSPM+c.AgainstSPM, u.Pace(c.SpeedMPS), against(c.AgainstSPM))
	}
	f.Note = fmt.Sprintf("Solid with dots: the last %d days. Dotted: the %d days before. Band: what recreational runners do at that pace ± %d; it is no target.", cadenceDays, curveDays, analyze.ExpectedSDSPM)
	f.Picture = p.SVG(f.ID, f.Title, f.Note)
	return f, true
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
		for _, g := range []struct {
			name string
			m    float64
		}{{"hard", s.HardM}, {"medium", s.MediumM}, {"soft", s.SoftM}, {"treadmill", s.TreadmillM}, {"unknown", s.UnknownM}} {
			parts = append(parts, chart.Part{Value: g.m / total, Class: "ground " + g.name, Tip: g.name + ": " + u.Dist(g.m)})
			cells = append(cells, percent(g.m/total))
		}
		rows.Row(w.Start.Time().Format("2 Jan"), groundNote(&s, total), parts)
		f.Rows = append(f.Rows, cells)
	}
	if !(known > 0) {
		return figure{}, false
	}
	f.Title = fmt.Sprintf("Ground by week: %s of the distance is known", percent(known/all))
	if known/all >= 1-maxUnknown {
		f.Title = fmt.Sprintf("Ground by week: %s hard", percent(hard/all))
	}
	f.Note = "From left to right: hard, medium, soft, treadmill, unknown."
	f.Picture = rows.SVG(f.ID, f.Title, "One bar a week, the newest on top. "+f.Note)
	return f, true
}

// maxUnknown is the share of unknown ground above which no hard share is told (DESIGN: KC301).
const maxUnknown = 0.4

// groundNote names the parts of a week's ground in words, the largest first.
func groundNote(s *analyze.Surface, total float64) string {
	type part struct {
		name string
		m    float64
	}
	parts := []part{{"hard", s.HardM}, {"medium", s.MediumM}, {"soft", s.SoftM}, {"treadmill", s.TreadmillM}, {"unknown", s.UnknownM}}
	slices.SortStableFunc(parts, func(a, b part) int { return int(b.m - a.m) })
	var words []string
	for _, p := range parts {
		if p.m/total >= 0.005 {
			words = append(words, p.name+" "+percent(p.m/total))
		}
	}
	return strings.Join(words, ", ")
}

func descentFigure(r *Report) (figure, bool) {
	weeks := r.charted()
	most, known, sum := 0.0, 0, 0.0
	for _, w := range weeks {
		if !math.IsNaN(w.DescentM) {
			most = max(most, w.DescentM)
			sum += w.DescentM
			known++
		}
	}
	if known < 2 || most < 1 {
		return figure{}, false
	}
	p := chart.New(-0.6, float64(len(weeks))-0.4, 0, chart.Top(most*1.05))
	p.YAxis("m", whole)
	monthLabels(p, weeks)
	f := figure{ID: "descent", Head: []string{"Week of", "Metres down"}}
	for i, w := range weeks {
		cell := "not known"
		if !math.IsNaN(w.DescentM) {
			cell = fmt.Sprintf("%.0f", w.DescentM)
			p.Bar(float64(i), 0.72, 0, w.DescentM, "bar down", fmt.Sprintf("Week of %s: %.0f m down", dateOf(w.Start), w.DescentM))
		}
		f.Rows = append(f.Rows, []string{dateOf(w.Start), cell})
	}
	f.Title = fmt.Sprintf("Metres run downhill: %.0f a week on average", sum/float64(known))
	f.Note = "Only runs whose altitude can be trusted count; a week without a bar may be one without such a run."
	f.Picture = p.SVG(f.ID, f.Title, "One bar a week. "+f.Note)
	return f, true
}

func shoesFigure(r *Report) (figure, bool) {
	u := r.Screen.Units
	limit, ok := r.param("shoe-mileage", "note_m")
	high, _ := r.param("shoe-mileage", "warn_m")
	if len(r.log.Shoes) == 0 {
		return figure{}, false
	}
	shoes := slices.Clone(r.log.Shoes)
	slices.SortStableFunc(shoes, func(a, b analyze.Shoe) int { return int(shoeM(b) - shoeM(a)) })
	const shown = 8
	most := max(shoeM(shoes[0]), high, limit) * 1.02
	rows := chart.NewRows(most)
	f := figure{ID: "shoes", Head: []string{"Pair", string(u)}}
	over := 0
	for i, s := range shoes {
		m := shoeM(s)
		class := "bar"
		if ok && m >= limit {
			class = "bar warning"
			over++
		}
		if i < shown {
			rows.Row(fit(clean(s.Name), 40), u.Dist(m), []chart.Part{{Value: m, Class: class, Tip: clean(s.Name) + ": " + u.Dist(m)}})
		}
		f.Rows = append(f.Rows, []string{clean(s.Name), u.Number(m)})
	}
	if ok {
		rows.Limit(limit, "limit", u.Dist(limit))
	}
	if high > 0 {
		rows.Limit(high, "limit", u.Dist(high))
	}
	f.Title = "Distance on each pair of shoes"
	if ok {
		f.Title += fmt.Sprintf(": %d of %s at or over %s", over, count(len(shoes), "pair"), u.Dist(limit))
	}
	if left := r.log.UnattributedM(r.log.AsOf - 365); left > 0 {
		f.Note = u.Dist(left) + " of the last twelve months are on no pair."
	}
	f.Picture = rows.SVG(f.ID, f.Title, "One bar a pair. "+f.Note)
	return f, true
}

func shoeM(s analyze.Shoe) float64 { return s.StartKM*1000 + s.DistM }

// painFigure shows the pain journal over time, with the findings of the other rules below it.
func painFigure(r *Report) (figure, bool) {
	weeks := r.charted()
	if len(weeks) == 0 {
		return figure{}, false
	}
	from, to := weeks[0].Start, r.log.AsOf
	pain := r.log.PainIn(from, to)
	if len(pain) == 0 {
		return figure{}, false
	}
	p := chart.New(-1, float64(to-from)+1, -1.6, 10)
	p.YAxis("0–10", func(v float64) string {
		if v < 0 {
			return ""
		}
		return whole(v)
	})
	for i := 0; i < len(weeks); i += max(1, (len(weeks)+5)/6) {
		p.XLabel(float64(weeks[i].Start-from), weeks[i].Start.Time().Format("2 Jan"))
	}
	var line []chart.Point
	f := figure{ID: "pain", Head: []string{"Date", "Knee", "Pain", "Signs"}}
	worst := -1
	for _, e := range pain {
		cell := "–"
		if e.During >= 0 {
			worst = max(worst, e.During)
			cell = fmt.Sprint(e.During)
			line = append(line, chart.Point{X: float64(e.Date - from), Y: float64(e.During)})
		}
		words := []string{}
		for _, s := range e.Signs {
			words = append(words, string(s))
		}
		f.Rows = append(f.Rows, []string{dateOf(e.Date), strings.TrimSpace(string(e.Side) + " " + string(e.Place)), cell, strings.Join(words, ", ")})
	}
	p.Line(line, "own")
	for _, q := range line {
		p.Dot(q.X, q.Y, 4, "dot high", fmt.Sprintf("%s: %.0f of 10", dayOf(from+civil.Date(q.X)), q.Y))
	}
	for i := range r.found {
		g := &r.found[i]
		if g.Rule.State || g.To < from || g.Severity < rules.Warning || strings.HasPrefix(g.Rule.ID, "KC6") {
			continue
		}
		p.Dot(float64(dayOfLongest(g, r.log)-from), -1, 3, "dot warning", g.Rule.Name+" "+dayOf(g.From))
	}
	f.Title = fmt.Sprintf("Pain while running: %s in the journal", count(len(pain), "entry"))
	if worst >= 0 {
		f.Title += fmt.Sprintf(", the worst %d of 10", worst)
	}
	f.Note = "Dots below the axis: days of warnings by the other rules. That they stand near an entry proves no cause."
	f.Picture = p.SVG(f.ID, f.Title, f.Note)
	return f, true
}
