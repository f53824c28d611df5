package report

import (
	"io"
	"strings"
)

// CheckText writes the verdict on the judged window: what fired with what to do, and what was not judged.
func CheckText(w io.Writer, r *Report, o TextOptions) error {
	p := newPage(o)
	v := &r.Doc.Verdict
	flag := r.Doc.redFlag()
	if flag != nil {
		p.redFlag(flag.Message, flag.Advice)
		p.gap()
	}
	style := p.calm
	switch {
	case v.High > 0:
		style = p.high
	case v.Status != Pass:
		style = p.warning
	}
	p.para(style.Render(v.Status)+"  ", checkLine(r), 2, p.plain)
	if len(r.runs) == 0 {
		p.problems(r)
		p.gap()
		p.section("Next", r.Doc.Next)
		return p.writeTo(w)
	}
	if flag != nil {
		p.flagScreen(r)
		return p.writeTo(w)
	}
	gs := groups(r.Doc.Findings)
	if len(gs) > 0 {
		p.gap()
	}
	label := labelWidth(gs)
	for i := range gs {
		p.message(&gs[i], label)
		p.below(gs[i].also(r.Screen.Units, r.Doc.AsOf), p.plain)
		p.below(gs[i].Advice, p.plain)
	}
	if weeks := r.plannedWeeks(); weeks != "" {
		p.gap()
		p.section("Planned", weeks)
	}
	if k := r.Screen.Knee; k != nil {
		p.gap()
		p.section("Knee", k.line())
	}
	p.known(r)
	p.notJudged(r)
	if len(r.Doc.Planned) > 0 {
		p.gap()
		p.para("", planFooter, 0, p.faint)
	}
	if len(gs) > 0 {
		p.gap()
		p.para("", footer(r), 0, p.faint)
	}
	return p.writeTo(w)
}

// checkLine is what stands behind the verdict's word: counts, window, and what made it incomplete.
func checkLine(r *Report) string {
	v := &r.Doc.Verdict
	var parts []string
	if r.Screen.Title != "" {
		parts = append(parts, r.Screen.Title)
	}
	if len(r.runs) == 0 {
		parts = append(parts, "no usable run in "+count(r.Doc.Inputs.Files, "file"))
	} else {
		parts = append(parts, windowRuns(r), counts(v))
	}
	if n := len(r.Doc.Inputs.Problems); n > 0 {
		parts = append(parts, count(n, "file")+" with a problem")
	}
	parts = append(parts, "as of "+dateOf(r.Doc.AsOf))
	return strings.Join(parts, " · ")
}

// windowRuns says how much was run in the judged window: "1–14 Jun 2026: 61.7 km in 7 runs".
func windowRuns(r *Report) string {
	v := &r.Doc.Verdict
	if planned := r.Doc.Planned; len(planned) > 0 {
		m := 0.0
		for i := range planned {
			m += planned[i].DistanceM
		}
		return "plan for " + span(v.From, v.To) + ": " + r.Screen.Units.Dist(m) + " in " + count(len(planned), "run")
	}
	n, m := 0, 0.0
	for i := range r.runs {
		if run := r.runs[i]; run.Date >= v.From && run.Date <= v.To {
			n++
			m += number(run.DistM, 1)
		}
	}
	if n == 0 {
		return span(v.From, v.To) + ": no run"
	}
	return span(v.From, v.To) + ": " + r.Screen.Units.Dist(m) + " in " + r.runsOf(v.From, v.To)
}

// counts sums up the findings: "1 high, 2 warnings, 1 not judged", or "nothing fired".
func counts(v *Verdict) string {
	var parts []string
	if v.High > 0 {
		parts = append(parts, thousands(v.High)+" high")
	}
	if v.Warning > 0 {
		parts = append(parts, count(v.Warning, "warning"))
	}
	if v.Note > 0 {
		parts = append(parts, count(v.Note, "note"))
	}
	s := strings.Join(parts, ", ")
	if s == "" {
		s = "nothing fired"
		if v.Acknowledged+v.ReportedBefore > 0 {
			s = "nothing new"
		}
	}
	if v.Acknowledged > 0 {
		s += ", " + thousands(v.Acknowledged) + " acknowledged"
	}
	if v.NotJudged > 0 {
		s += ", " + thousands(v.NotJudged) + " not judged"
	}
	return s
}

// labelWidth is the width of the longest rule with its name.
func labelWidth(gs []group) int {
	w := 0
	for i := range gs {
		w = max(w, columns(gs[i].Rule+" "+gs[i].Name))
	}
	return w
}
