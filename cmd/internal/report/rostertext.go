package report

import (
	"io"

	"github.com/charmbracelet/lipgloss"
)

const (
	// nameShare is the part of a line that a name may take, and minNameWidth what it may take in any case.
	nameShare, minNameWidth = 5, 12
	// kmWidth is the least width at which distances have columns.
	kmWidth = 72
)

// CheckText writes a line an athlete.
func (ro *Roster) CheckText(w io.Writer, o TextOptions) error {
	p := newPage(o)
	cols := ro.columns(p)
	for i, l := range tableLines(cols, p.title) {
		if i > 0 && ro.athletes[i-1].urgency() == urgentNot {
			l = p.faint.Render(l)
		}
		p.line(l)
	}
	p.para("", ro.footer(), 0, p.faint)
	if credit := ro.credit(); credit != "" {
		p.para("", credit, 0, p.faint)
	}
	return p.writeTo(w)
}

// columns are the table of athletes, no wider than the page.
func (ro *Roster) columns(p *page) []column {
	name := column{head: "athlete"}
	verdict := column{head: "verdict"}
	week := column{head: "this week", right: true}
	longest := column{head: "longest", right: true}
	open := column{head: "not judged", right: true}
	widest := max(minNameWidth, p.width/nameShare)
	for i := range ro.athletes {
		a := &ro.athletes[i]
		name.cells = append(name.cells, fit(clean(a.Name()), widest))
		verdict.cells = append(verdict.cells, p.urgent(a.urgency()).Render(a.verdict()))
		km, most := "–", "–"
		if a.judged() {
			km, most = a.units.Dist(a.week.DistanceM), a.units.Dist(a.week.LongestM)
		}
		week.cells, longest.cells = append(week.cells, km), append(longest.cells, most)
		open.cells = append(open.cells, a.notJudged())
	}
	what := column{head: "what"}
	cols := []column{name, verdict, week, longest, what, open}
	if p.width < kmWidth {
		cols = []column{name, verdict, what, open}
	}
	room := p.width - tableWidth(cols) + what.width()
	for i := range ro.athletes {
		what.cells = append(what.cells, pad(ro.athletes[i].what(room), room))
	}
	cols[len(cols)-2] = what
	return cols
}

// urgent is the style of an urgency.
func (p *palette) urgent(urgency int) lipgloss.Style {
	switch urgency {
	case urgentFlag, urgentHigh:
		return p.high
	case urgentWarning, urgentIncomplete:
		return p.warning
	case urgentNote:
		return p.note
	}
	return p.calm
}

// WeekText writes a short block for each athlete of whom something stands out, and a line for the others together.
func (ro *Roster) WeekText(w io.Writer, o TextOptions) error {
	p := newPage(o)
	p.para(p.title.Render("Week of "+ro.window())+" · ", ro.countLine(), 2, p.plain)
	for i := range ro.athletes {
		if a := &ro.athletes[i]; a.tells() {
			p.gap()
			p.athlete(a)
		}
	}
	quiet, incomplete := ro.rest()
	if len(quiet)+len(incomplete) > 0 {
		p.gap()
	}
	for i, s := range incomplete {
		label := ""
		if i == 0 {
			label = "Incomplete"
		}
		p.entry(label, s)
	}
	if len(quiet) > 0 {
		p.entry("Quiet", join(quiet))
	}
	p.gap()
	p.para("", ro.small(), 0, p.faint)
	return p.writeTo(w)
}

// athlete writes the block of one athlete.
func (p *page) athlete(a *Athlete) {
	name := clean(a.Name())
	p.para(p.title.Render(fit(name, p.width/2))+"  ", a.weekWords(), 2, p.plain)
	fired := a.shown()
	for i := range fired {
		g := &fired[i]
		p.para("  "+p.of(g.Severity).Render(pad(g.Severity, 8))+" ", g.Name+": "+g.Message, 11, p.plain)
		if also := g.also(a.units, a.Doc.AsOf); also != "" {
			p.para(blanks(11), also, 11, p.plain)
		}
	}
	if a.one != "" {
		p.para("  "+p.title.Render("One thing")+"  ", a.one, 13, p.plain)
	}
}
