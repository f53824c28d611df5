package report

import "io"

// RuleRow is one rule of the catalogue, with the settings in force.
type RuleRow struct{ ID, Name, Severity, Grade, State, Title string }

// RulesText lists rules as a table. Where it finds no room what a rule finds stands below it.
func RulesText(w io.Writer, rows []RuleRow, o TextOptions) error {
	p := newPage(o)
	cols := []column{{head: "id"}, {head: "name"}, {head: "at most"}, {head: "evidence"}, {head: "is"}, {head: "finds"}}
	for i := range rows {
		r := &rows[i]
		for c, cell := range []string{r.ID, r.Name, p.of(r.Severity).Render(r.Severity), r.Grade, r.State, r.Title} {
			cols[c].cells = append(cols[c].cells, cell)
		}
	}
	if below := cols[:5]; tableWidth(cols) > p.width && tableWidth(below) <= p.width {
		for i, l := range tableLines(below, p.faint) {
			p.line(l)
			if i > 0 {
				p.para(blanks(cols[0].width()+columnGap), rows[i-1].Title, cols[0].width()+columnGap, p.faint)
			}
		}
	} else {
		p.table(0, cols, p.faint)
	}
	p.gap()
	p.para("", "kneecheck explain ID tells more of one.", 0, p.plain)
	return p.writeTo(w)
}
