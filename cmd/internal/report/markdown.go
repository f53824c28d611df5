package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the whole picture as Markdown with tables: the same content as Text.
func Markdown(w io.Writer, r *Report) error {
	var m markdown
	title := r.Screen.Title
	if title == "" {
		title = "Running log"
	}
	m.line("# ", escape(title))
	m.line()
	m.line(escape(strings.TrimPrefix(headline(r), r.Screen.Title+" · ")))
	m.line()
	if len(r.runs) == 0 {
		for _, f := range r.Doc.Inputs.Problems {
			m.line("- ", escape(f.File), ": ", f.Kind, ": ", escape(f.Message))
		}
		m.line()
		m.step(r.Doc.Next)
		return m.writeTo(w)
	}
	if f := r.Doc.redFlag(); f != nil {
		m.redFlag(f)
		m.flagScreen(r)
		return m.writeTo(w)
	}
	if len(r.Doc.Planned) > 0 {
		m.line("**", escape(r.Doc.Verdict.Status), "** ", escape(checkLine(r)), ". ", escape(r.plannedWeeks()), " ", escape(planFooter))
		m.line()
	}
	m.weeks(r)
	m.knee(r)
	m.line("## ", standsOut(r))
	m.line()
	m.findings(r, groups(r.Doc.Findings))
	m.known(r)
	m.notJudged(r)
	m.step(r.Doc.Next)
	m.line("*", escape(footer(r)), "*")
	return m.writeTo(w)
}

// markdown collects lines.
type markdown struct{ b strings.Builder }

func (m *markdown) line(parts ...string) {
	for _, s := range parts {
		m.b.WriteString(s)
	}
	m.b.WriteByte('\n')
}

func (m *markdown) writeTo(w io.Writer) error {
	_, err := io.WriteString(w, m.b.String())
	return err
}

// row writes a table row of cells that are already escaped.
func (m *markdown) row(cells ...string) { m.line("| ", strings.Join(cells, " | "), " |") }

func (m *markdown) weeks(r *Report) {
	rows := r.weekRows()
	if len(rows) == 0 {
		return
	}
	dates, cols := weekDates(rows), r.weekColumns(rows)
	head, rule := []string{"Week of", string(r.Screen.Units)}, []string{"---", "---:"}
	for i := range cols {
		head, rule = append(head, cols[i].head), append(rule, "---:")
	}
	m.row(append(head, "")...)
	m.row(append(rule, "---")...)
	for i := range rows {
		cells := []string{dates[i], r.Screen.Units.Number(rows[i].DistanceM)}
		for c := range cols {
			cells = append(cells, cols[c].cells[i])
		}
		m.row(append(cells, escape(r.remark(&rows[i])))...)
	}
	m.line()
	for _, l := range legend(r, nil) {
		m.line(escape(l))
		m.line()
	}
}

func (m *markdown) findings(r *Report, gs []group) {
	if len(gs) == 0 {
		m.line(escape(nothing(r)))
		m.line()
		return
	}
	for i := range gs {
		g := &gs[i]
		text := fmt.Sprintf("- **%s** %s %s: %s", g.Severity, g.Rule, escape(g.Name), escape(g.Message))
		if also := g.also(r.Screen.Units, r.Doc.AsOf); also != "" {
			text += ". " + escape(also)
		}
		m.line(text)
		m.line("  ", escape(r.Screen.Evidence[g.Rule]))
		m.line("  **", escape(g.Advice), "**")
	}
	m.line()
}

func (m *markdown) notJudged(r *Report) {
	if len(r.Doc.NotJudged) == 0 {
		return
	}
	m.line("## Not judged")
	m.line()
	m.row("Rule", "Reason")
	m.row("---", "---")
	for _, u := range reasons(r.Doc.NotJudged) {
		m.row(escape(strings.Join(u.names, ", ")), escape(u.reason))
	}
	m.line()
}

func (m *markdown) step(next string) {
	if next != "" {
		m.line("**Next** ", escape(next))
		m.line()
	}
}

// escape makes a text safe inside Markdown, table cells included: what comes from a file name or a watch shows as
// typed and can neither break a table nor bring HTML or links along.
func escape(s string) string {
	return markdownEscaper.Replace(clean(s))
}

var markdownEscaper = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "~", `\~`, "#", `\#`,
)
