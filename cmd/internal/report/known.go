package report

import (
	"slices"
	"strings"
)

// worse begins the advice of a finding that has outgrown its acknowledgement.
const worse = "This is worse than what was acknowledged until "

// knownLines tell the acknowledged findings in a line for each rule and acknowledgement: "KC102 ten-percent until 30 Nov 2026
// (marathon): the newest message, and 2 more".
func knownLines(r *Report) []string {
	type known struct {
		first Finding
		more  int
	}
	var list []known
	for _, f := range slices.Backward(r.Doc.Findings) {
		if !f.Acknowledged {
			continue
		}
		same := func(k known) bool {
			return k.first.Rule == f.Rule && *k.first.AckUntil == *f.AckUntil && k.first.AckReason == f.AckReason
		}
		if i := slices.IndexFunc(list, same); i >= 0 {
			list[i].more++
			continue
		}
		list = append(list, known{first: f})
	}
	lines := make([]string, 0, len(list))
	for i := range list {
		f := &list[i].first
		line := f.Rule + " " + f.Name + " until " + dateOf(*f.AckUntil) + " (" + f.AckReason + "): " + f.Message
		if n := list[i].more; n > 0 {
			line += ", and " + thousands(n) + " more"
		}
		lines = append(lines, line)
	}
	return lines
}

// reportedLine says how many findings are not shown because they were before; empty without any.
func reportedLine(r *Report) string {
	if n := r.Doc.Verdict.ReportedBefore; n > 0 {
		return count(n, "finding") + " reported before " + isAre(n) + " not shown (--new-only)."
	}
	return ""
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// known prints what is acknowledged or was told before, muted.
func (p *page) known(r *Report) {
	lines := knownLines(r)
	if len(lines) > 0 {
		p.gap()
		p.line(p.title.Render("Acknowledged"))
		for _, l := range lines {
			p.para(" ", l, 3, p.faint)
		}
	}
	if line := reportedLine(r); line != "" {
		p.gap()
		p.para("", line, 0, p.faint)
	}
}

func (m *markdown) known(r *Report) {
	lines := knownLines(r)
	if len(lines) > 0 {
		m.line("## Acknowledged")
		m.line()
		for _, l := range lines {
			m.line("- ", escape(l))
		}
		m.line()
	}
	if line := reportedLine(r); line != "" {
		m.line(escape(line))
		m.line()
	}
}

// crossNames are the words for a session of a sport.
var crossNames = map[string]string{"cycling": "ride", "walking": "walk", "other": "session of another sport"}

// crossLine sums up what a week holds beside the runs: "2 rides (3 h 10), 1 walk (45 min)"; empty when there is nothing.
func crossLine(w *Week) string {
	var parts []string
	for _, c := range w.CrossTraining {
		name := crossNames[c.Sport]
		if name == "" {
			name = c.Sport
		}
		part := thousands(c.Sessions) + " " + name
		if c.Sessions != 1 && c.Sport == "other" {
			part = thousands(c.Sessions) + " sessions of other sports"
		} else if c.Sessions != 1 {
			part = thousands(c.Sessions) + " " + plural(c.Sessions, name)
		}
		if c.ElapsedS > 0 {
			part += " (" + hours(c.ElapsedS) + ")"
		}
		parts = append(parts, part)
	}
	if n := w.StrengthSessions; n != nil && *n > 0 {
		parts = append(parts, count(*n, "strength session"))
	}
	return strings.Join(parts, ", ")
}
