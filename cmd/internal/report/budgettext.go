package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"kneecheck/analyze"
	"kneecheck/rules"
)

// budgetRow is one day of a budget as it is read: when, how far, what is left of its week, and why.
type budgetRow struct{ day, most, left, because string }

// budgetView is a budget in the order in which it is read.
type budgetView struct {
	head string
	rows []budgetRow
	// weeks, ladder and cadence are sentences; whys explain each limit once, by its name.
	weeks, ladder []string
	ladderHead    string
	cadence       string
	whys          [][2]string
	stop          string
}

func newBudgetView(in BudgetInput) budgetView {
	b, u := &in.Budget, in.Units
	v := budgetView{stop: b.Stop}
	v.head = "As of " + dayOf(b.AsOf) + b.AsOf.Time().Format(" 2006") + ", to stay quiet on every rule that can warn and is on:"
	if in.Title != "" {
		v.head = in.Title + " · " + strings.ToLower(v.head[:1]) + v.head[1:]
	}
	if b.Stop != "" {
		v.head = strings.TrimSuffix(v.head, ", to stay quiet on every rule that can warn and is on:")
		return v
	}
	for i := range b.Days {
		v.rows = append(v.rows, in.row(&b.Days[i]))
	}
	for i := range b.Weeks {
		v.weeks = append(v.weeks, weekSentence(&b.Weeks[i], i == 0, u))
	}
	for i := range b.Ladder {
		r := &b.Ladder[i]
		line := fmt.Sprintf("week %d, from %s: %s", r.Week, dayOf(r.From), strings.Join(r.Sessions, "; "))
		if !math.IsNaN(r.LimitM) {
			line += ". At most " + u.Dist(r.LimitM) + " in all"
			if r.Limit != nil {
				line += " (" + r.Limit.Name + ")"
			}
			if r.DoneM > 0 {
				line += ", " + u.Dist(r.DoneM) + " of it run"
			}
		}
		v.ladder = append(v.ladder, line+".")
	}
	if len(b.Ladder) > 0 {
		v.ladderHead = "Convention, not a tested plan: shares of the old week that clinicians advise, a day off between runs."
		if math.IsNaN(b.Ladder[0].Share) {
			v.ladderHead = "The weeks of Couch to 5K: a brisk walk of five minutes first, three times a week, a day off between. Repeat a week that was hard."
		}
	}
	if c := b.Cadence; c != nil {
		v.cadence = fmt.Sprintf("%.0f steps a minute is your own at %s. Since %s, try %.0f (5 %% more) at the same pace for some minutes of each easy run.",
			c.OwnSPM, u.Pace(c.SpeedMPS), c.Why, c.SuggestedSPM)
	}
	said := map[string]bool{}
	for i := range b.Days {
		if d := &b.Days[i]; !said[d.Short+d.Hint] {
			said[d.Short+d.Hint] = true
			v.whys = append(v.whys, [2]string{dayOf(d.Date), d.Reason})
		}
	}
	return v
}

func (in *BudgetInput) row(d *rules.DayBudget) budgetRow {
	row := budgetRow{day: dayOf(d.Date), most: "–", left: "–", because: d.Short}
	if d.Hint != "" {
		row.because += "; " + d.Hint
	}
	if !math.IsNaN(d.LongestM) {
		row.most = in.Units.Dist(d.LongestM)
	}
	for i := range in.Budget.Weeks {
		if w := &in.Budget.Weeks[i]; d.Date >= w.Start && d.Date <= w.Start+6 && !math.IsNaN(w.LeftM) {
			row.left = in.Units.Dist(w.LeftM)
		}
	}
	return row
}

// weekSentence is what a week may come to.
func weekSentence(w *rules.WeekBudget, inProgress bool, u analyze.Units) string {
	s := "Next week, from " + dayOf(w.Start) + ": "
	if inProgress {
		s = "This week, from " + dayOf(w.Start) + ": " + u.Dist(w.DoneM) + " run, "
	}
	switch {
	case math.IsNaN(w.LimitM):
		return s + "no rule limits the total."
	case inProgress && w.LeftM == 0:
		s += "nothing left (" + w.Short + ")"
	case inProgress:
		s += "at most " + u.Dist(w.LeftM) + " more (" + w.Short + ")"
	default:
		s += "at most " + u.Dist(w.LimitM) + " (" + w.Short + ")"
	}
	if !math.IsNaN(w.QuietM) {
		s += ", " + u.Dist(w.QuietM) + " without a note"
	}
	if n := len(w.Days); w.LeftM > 0 {
		s += fmt.Sprintf(", thought of in %s", count(n, "run"))
	}
	if !math.IsNaN(w.AssumedM) {
		s += ", if this week comes to " + u.Dist(w.AssumedM)
	}
	return s + "."
}

// BudgetText writes a budget for a terminal or a mail.
func BudgetText(w io.Writer, in BudgetInput, o TextOptions) error {
	p := newPage(o)
	v := newBudgetView(in)
	p.para("", v.head, 2, p.plain)
	if v.stop != "" {
		p.gap()
		p.para("", v.stop, 2, p.high)
		return p.writeTo(w)
	}
	p.gap()
	p.budgetRows(v.rows)
	p.gap()
	for _, s := range v.weeks {
		p.para("", s, 2, p.plain)
	}
	if len(v.ladder) > 0 {
		p.gap()
		p.section("Way back", v.ladderHead)
		for _, s := range v.ladder {
			p.para("  ", s, 4, p.plain)
		}
	}
	if v.cadence != "" {
		p.gap()
		p.section("Cadence", v.cadence)
	}
	p.gap()
	p.line(p.title.Render("Why"))
	for _, why := range v.whys {
		p.para(" "+why[0]+"  ", why[1], lipgloss.Width(why[0])+3, p.plain)
	}
	p.gap()
	p.para("", budgetFooter, 0, p.faint)
	return p.writeTo(w)
}

// budgetFooter says how to read the table; the disclaimer comes last.
const budgetFooter = "Each day is taken as the next run day, with nothing run before it, and each run as an even one on level ground at the usual pace. " +
	"Notes do not limit a figure, they are only told. " + disclaimer

// budgetHeads are the heads of the table's columns.
var budgetHeads = budgetRow{"", "run at most", "week has left", "because"}

func (p *page) budgetRows(rows []budgetRow) {
	if p.width < narrowWidth {
		for _, r := range rows {
			p.para("", r.day+": "+budgetHeads.most+" "+r.most+", "+budgetHeads.left+" "+r.left+", "+budgetHeads.because+" "+r.because, 2, p.plain)
		}
		return
	}
	all := append([]budgetRow{budgetHeads}, rows...)
	var day, most, left int
	for _, r := range all {
		day, most, left = max(day, lipgloss.Width(r.day)), max(most, lipgloss.Width(r.most)), max(left, lipgloss.Width(r.left))
	}
	for i, r := range all {
		style := p.plain
		if i == 0 {
			style = p.faint
		}
		lead := pad(r.day, day) + "  " + padLeft(r.most, most) + "  " + padLeft(r.left, left) + "  "
		p.para(style.Render(lead), r.because, lipgloss.Width(lead), style)
	}
}

// BudgetMarkdown writes a budget as Markdown.
func BudgetMarkdown(w io.Writer, in BudgetInput) error {
	var m markdown
	v := newBudgetView(in)
	m.line(escape(v.head))
	m.line()
	if v.stop != "" {
		m.line("**", escape(v.stop), "**")
		return m.writeTo(w)
	}
	m.line("| Day | Run at most | Week has left | Because |")
	m.line("| --- | ---: | ---: | --- |")
	for _, r := range v.rows {
		m.line("| ", escape(r.day), " | ", escape(r.most), " | ", escape(r.left), " | ", escape(r.because), " |")
	}
	m.line()
	for _, s := range v.weeks {
		m.line(escape(s))
		m.line()
	}
	if len(v.ladder) > 0 {
		m.line("**Way back** ", escape(v.ladderHead))
		m.line()
		for _, s := range v.ladder {
			m.line("- ", escape(s))
		}
		m.line()
	}
	if v.cadence != "" {
		m.line("**Cadence** ", escape(v.cadence))
		m.line()
	}
	m.line("**Why**")
	m.line()
	for _, why := range v.whys {
		m.line("- ", escape(why[0]), ": ", escape(why[1]))
	}
	m.line()
	m.line("*", escape(budgetFooter), "*")
	return m.writeTo(w)
}
