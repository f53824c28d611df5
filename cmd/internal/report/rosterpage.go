package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed roster.tmpl
var rosterText string

// rosterPage is what the template of the overview is filled with.
type rosterPage struct {
	Head, Sub  string
	Style      template.CSS
	Rows       []rosterRow
	Disclaimer string
}

type rosterRow struct {
	// Anchor is the ID of the athlete's section; empty for one who has none.
	Anchor                                   string
	Name, Verdict, Severity                  string
	Week, Longest, What, Open, WeekLine, One string
	Why                                      string
	Found                                    []htmlFinding
	NotJudged                                []labelled
	Problems                                 []Problem
}

// urgencyClass is the style of an urgency on a page.
var urgencyClass = [...]string{urgentFlag: "high", urgentHigh: "high", urgentWarning: "warning", urgentIncomplete: "open", urgentNote: "note", urgentNot: "calm"}

// HTML writes an overview as one page: the table of athletes, and below it what stands out of each.
func (ro *Roster) HTML(w io.Writer) error {
	page := rosterPage{Style: template.CSS(htmlStyle), Disclaimer: ro.small()}
	page.Head, page.Sub = ro.head()
	for i := range ro.athletes {
		page.Rows = append(page.Rows, ro.athletes[i].row(i+1))
	}
	return fill(w, rosterText, page)
}

// whatWidth is the room for what stands out in tables that wrap by themselves.
const whatWidth = 80

func (a *Athlete) row(n int) rosterRow {
	r := rosterRow{
		Name: clean(a.Name()), Verdict: a.verdict(), Severity: urgencyClass[a.urgency()], Week: "–", Longest: "–",
		What: a.what(whatWidth), Open: a.notJudged(), WeekLine: a.weekLine, One: clean(a.one), Why: clean(a.why()),
		Problems: a.Doc.Inputs.Problems,
	}
	if a.judged() {
		r.Week, r.Longest = a.units.Dist(a.week.DistanceM), a.units.Dist(a.week.LongestM)
	}
	fired := a.shown()
	for i := range fired {
		g := &fired[i]
		f := htmlFinding{
			Severity: g.Severity, Rule: g.Rule, Name: g.Name, Message: clean(g.Message), Also: clean(g.also(a.units, a.Doc.AsOf)),
			Evidence: "Evidence: " + g.Grade + ".",
		}
		if !a.weekly {
			f.Advice = clean(g.Advice)
		}
		r.Found = append(r.Found, f)
	}
	if a.judged() {
		for _, u := range reasons(a.Doc.NotJudged) {
			r.NotJudged = append(r.NotJudged, labelled{strings.Join(u.names, ", "), clean(u.reason)})
		}
	}
	if len(r.Found)+len(r.NotJudged)+len(r.Problems) > 0 || r.Why != "" {
		r.Anchor = fmt.Sprintf("athlete-%d", n)
	}
	return r
}

// Markdown writes the table of athletes, and below it what stands out of each.
func (ro *Roster) Markdown(w io.Writer) error {
	var m markdown
	head, sub := ro.head()
	m.line("# ", escape(head))
	m.line()
	m.line(escape(sub))
	m.line()
	m.row("athlete", "verdict", "week", "longest", "what", "not judged")
	m.row("---", "---", "---:", "---:", "---", "---:")
	rows := make([]rosterRow, len(ro.athletes))
	for i := range ro.athletes {
		r := ro.athletes[i].row(i + 1)
		rows[i] = r
		m.row(escape(r.Name), escape(r.Verdict), r.Week, r.Longest, escape(r.What), r.Open)
	}
	m.line()
	for i := range rows {
		if r := &rows[i]; len(r.Found) > 0 || r.Why != "" {
			m.athlete(r)
		}
	}
	m.line("*", escape(ro.small()), "*")
	return m.writeTo(w)
}

func (m *markdown) athlete(r *rosterRow) {
	m.line("## ", escape(r.Name))
	m.line()
	for _, s := range []string{r.WeekLine, r.Why} {
		if s != "" {
			m.line(escape(s))
			m.line()
		}
	}
	for i := range r.Found {
		f := &r.Found[i]
		m.line(strings.TrimSpace(fmt.Sprintf("- **%s** %s %s: %s %s", f.Severity, f.Rule, escape(f.Name), escape(sentence(f.Message)), escape(f.Also))))
		if f.Advice != "" {
			m.line("  **", escape(f.Advice), "**")
		}
	}
	if len(r.Found) > 0 {
		m.line()
	}
	if r.One != "" {
		m.line("**One thing** ", escape(r.One))
		m.line()
	}
}
