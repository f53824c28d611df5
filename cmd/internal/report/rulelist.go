package report

import "io"

// RuleRow is one rule of the catalogue, with the settings in force.
type RuleRow struct{ ID, Name, Severity, Grade, State, Title string }

// minFinds is the least room for the words on what a rule finds, beside the other columns.
const minFinds = 20

// RulesText lists rules as a table, in which what a rule finds wraps.
func RulesText(w io.Writer, rows []RuleRow, o TextOptions) error {
	p := newPage(o)
	cols := []column{{head: "id"}, {head: "name"}, {head: "at most", give: 1}, {head: "evidence", give: 2}, {head: "is", give: 3}, {head: "finds"}}
	for i := range rows {
		r := &rows[i]
		for c, cell := range []string{r.ID, r.Name, p.of(r.Severity).Render(r.Severity), r.Grade, r.State, r.Title} {
			cols[c].cells = append(cols[c].cells, cell)
		}
	}
	finds := cols[5]
	if lead := tableWidth(cols[:5]) + columnGap; tableWidth(cols) > p.width && p.width-lead >= minFinds {
		for i, l := range tableLines(cols[:5], p.faint) {
			text, style := finds.head, p.faint
			if i > 0 {
				text, style = finds.cells[i-1], p.plain
			}
			p.para(pad(l, lead), text, lead, style)
		}
	} else {
		p.table(0, cols, p.faint)
	}
	p.gap()
	p.para("", "kneecheck explain ID tells more of one.", 0, p.plain)
	return p.writeTo(w)
}
