package report

import (
	"fmt"
	"math"
	"strings"

	"kneecheck/analyze"
)

const (
	// maxBar is the longest bar, and minBar the shortest longest bar: below it columns give way.
	maxBar = 24
	minBar = 8
	// keptColumns give way only to remarks, not to bars: change, longest and runs.
	keptColumns = 3
	cadenceHead = "cadence"
	hardHead    = "hard"
)

// weekRow is one line of the weeks table: a week, or several in a row without a run.
type weekRow struct {
	Week
	ScreenWeek
	// through is the last week of a stretch without a run, or the week itself.
	through Week
}

// weekRows are the weeks shown, oldest first, with stretches of two and more weeks without a run on one line.
func (r *Report) weekRows() []weekRow {
	var rows []weekRow
	for i := len(r.Doc.Weeks) - r.Screen.Shown; i < len(r.Doc.Weeks); i++ {
		week := r.shownWeek(i)
		row := weekRow{Week: week, ScreenWeek: r.Screen.Weeks[i], through: week}
		if n := len(rows); n > 0 && row.Runs == 0 && rows[n-1].Runs == 0 {
			rows[n-1].through = row.Week
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// shownWeek is week i of the document with the change that its distances make as they are printed: who compares two figures on
// a screen gets the third.
func (r *Report) shownWeek(i int) Week {
	w := r.Doc.Weeks[i]
	if w.Change != nil && i > 0 {
		c := printedChange(r.Screen.Units, w.DistanceM, r.Doc.Weeks[i-1].DistanceM)
		w.Change = &c
	}
	return w
}

// printedChange is how much more one distance is than another, as both are printed.
func printedChange(u analyze.Units, m, beforeM float64) float64 {
	if u.Round(beforeM) > 0 {
		m, beforeM = u.Round(m), u.Round(beforeM)
	}
	return m/beforeM - 1
}

// remark is what a row says in words beside its bar.
func (r *Report) remark(w *weekRow) string {
	asOf := r.Doc.AsOf
	switch {
	case w.Runs == 0 && w.through.Start != w.Start:
		return "no run for " + count(int(w.through.Start-w.Start)/7+1, "week")
	case w.Runs == 0 && w.End > asOf:
		return "no run so far"
	case w.Runs == 0:
		return "no run"
	case w.End > asOf:
		return strings.TrimSpace(w.Mark + " (in progress)")
	case !w.Complete && len(r.runs) > 0 && r.runs[0].Date > w.Start:
		return strings.TrimSpace(w.Mark + " (from " + r.runs[0].Date.Weekday().String()[:3] + ")")
	}
	return w.Mark
}

// weekDates are the first days of the rows, with the year once they lie in more than one.
func weekDates(rows []weekRow) []string {
	layout := "2 Jan"
	if len(rows) > 0 && rows[0].Start.Time().Year() != rows[len(rows)-1].Start.Time().Year() {
		layout = "2 Jan 2006"
	}
	dates := make([]string, len(rows))
	for i := range rows {
		dates[i] = rows[i].Start.Time().Format(layout)
	}
	return dates
}

// figures are a row's cells after the bar: empty where nothing is known or nothing was run.
func (r *Report) figures(w *weekRow) (chg, longest, runs, cadence, hard, down string) {
	if w.Runs == 0 {
		return
	}
	chg = "–"
	if w.Change != nil {
		chg = change(*w.Change)
	}
	longest = r.Screen.Units.Number(w.LongestM)
	runs = fmt.Sprint(w.Runs)
	if w.CadenceSPM != nil {
		cadence = fmt.Sprintf("%.0f", *w.CadenceSPM)
		if !math.IsNaN(w.AgainstSPM) {
			cadence += " (" + signed(w.AgainstSPM) + ")"
		}
	}
	if w.HardShare != nil {
		hard = percent(*w.HardShare)
	}
	if w.DescentM != nil {
		down = fmt.Sprintf("%.0f m", *w.DescentM)
	}
	return
}

// weekColumns are the columns after the bar that hold anything.
func (r *Report) weekColumns(rows []weekRow) []column {
	cols := []column{
		{head: "change", right: true}, {head: "longest", right: true}, {head: "runs", right: true},
		{head: cadenceHead}, {head: hardHead, right: true}, {head: "down", right: true},
	}
	for i := range rows {
		var cells [6]string
		cells[0], cells[1], cells[2], cells[3], cells[4], cells[5] = r.figures(&rows[i])
		for c := range cols {
			cols[c].cells = append(cols[c].cells, cells[c])
		}
	}
	known := cols[:0]
	for _, c := range cols {
		if c.known() {
			known = append(known, c)
		}
	}
	return known
}

// weeks prints the weeks table with bars and what explains it. Columns that find no room are named below.
func (p *page) weeks(r *Report) {
	rows := r.weekRows()
	if len(rows) == 0 {
		return
	}
	if p.width < listWidth {
		p.weekList(r, rows)
		return
	}
	left := []column{{head: "Week of", right: true}, {head: string(r.Screen.Units), right: true}}
	left[0].cells = weekDates(rows)
	remarks, most := make([]string, len(rows)), 0.0
	for i := range rows {
		left[1].cells = append(left[1].cells, r.Screen.Units.Number(rows[i].DistanceM))
		remarks[i] = r.remark(&rows[i])
		most = max(most, rows[i].DistanceM)
	}
	cols := r.weekColumns(rows)
	var dropped []string
	room := func() int { return p.width - tableWidth(left) - tableWidth(cols) - 2*columnGap }
	length := barLength(rows, remarks, most, room())
	for (length < minBar && len(cols) > keptColumns) || (length < 0 && len(cols) > 0) {
		dropped = append([]string{cols[len(cols)-1].head}, dropped...)
		cols = cols[:len(cols)-1]
		length = barLength(rows, remarks, most, room())
	}
	bars := column{cells: make([]string, len(rows))}
	for i := range rows {
		bars.cells[i] = p.bar(&rows[i], fit(remarks[i], room()), most, length)
	}
	for _, l := range tableLines(append(append(left, bars), cols...), p.faint) {
		p.line(l)
	}
	if len(dropped) > 0 {
		p.para("", "A wider screen also shows: "+strings.Join(dropped, ", ")+".", 0, p.faint)
	}
	for _, l := range legend(r, dropped) {
		p.para("", l, 0, p.faint)
	}
}

// listWidth is the width of a page below which the weeks are a list and no table.
const listWidth = 45

// weekList prints a line a week: "27 Apr 38.4 km +3 %".
func (p *page) weekList(r *Report, rows []weekRow) {
	p.line(p.faint.Render("Week of"))
	for i, day := range weekDates(rows) {
		w := &rows[i]
		parts := []string{day, r.Screen.Units.Dist(w.DistanceM)}
		if w.Runs == 0 {
			parts = parts[:1]
		}
		if w.Change != nil && w.Runs > 0 {
			parts = append(parts, change(*w.Change))
		}
		style := p.plain
		switch w.Mark {
		case "!!":
			style = p.high
		case "!":
			style = p.warning
		}
		if remark := r.remark(w); remark != "" {
			parts = append(parts, remark)
		}
		p.para("", strings.Join(parts, " "), 2, style)
	}
	for _, l := range legend(r, []string{cadenceHead, hardHead}) {
		p.para("", l, 0, p.faint)
	}
}

const (
	// yearWeeks is how many weeks the line of weekly distances holds, and moreWeeks how many more than the table below it
	// make it worth a line.
	yearWeeks = 52
	moreWeeks = 4
)

// year draws the weekly distance of up to a year as one line of blocks, where it shows well more than the table.
func (p *page) year(r *Report) {
	const widest = "Each week since 30 Sep 2026    most 1000.0 km"
	least := r.Screen.Shown + moreWeeks
	n := min(len(r.Doc.Weeks), yearWeeks, p.width-len(widest))
	if n < least {
		return
	}
	weeks := r.Doc.Weeks[len(r.Doc.Weeks)-n:]
	values, most := make([]float64, n), 0.0
	for i := range weeks {
		values[i], most = weeks[i].DistanceM, max(most, weeks[i].DistanceM)
	}
	p.line("Each week since ", dateOf(weeks[0].Start), "  ", p.calm.Render(columnsOf(values, most)), "  ", p.faint.Render("most "+r.Screen.Units.Dist(most)))
}

// barLength is the length of the longest bar that leaves every row room for its remark; −1 when a remark alone is too
// wide.
func barLength(rows []weekRow, remarks []string, most float64, room int) int {
	for length := maxBar; length >= 0; length-- {
		fits := true
		for i := range rows {
			w := columns(bar(rows[i].DistanceM/most, length))
			if w > 0 && remarks[i] != "" {
				w++
			}
			w += columns(remarks[i])
			fits = fits && w <= room
		}
		if fits {
			return length
		}
	}
	return -1
}

// bar is a week's bar and the remark behind it.
func (p *page) bar(w *weekRow, remark string, most float64, length int) string {
	style, words := p.calm, p.faint
	switch w.Mark {
	case "!!":
		style, words = p.high, p.high
	case "!":
		style, words = p.warning, p.warning
	}
	s := bar(w.DistanceM/most, length)
	if s != "" {
		s = style.Render(s)
	}
	if remark == "" {
		return s
	}
	if s != "" {
		s += " "
	}
	return s + words.Render(remark)
}
