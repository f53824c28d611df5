package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// disclaimer ends every screen about a log that has runs.
const disclaimer = "Training feedback, not medical advice: pain overrules every green line."

// Text writes the whole picture in one screen: what happened, what stands out and why, what cannot be told, what to do.
func Text(w io.Writer, r *Report, o TextOptions) error {
	p := newPage(o)
	p.para("", headline(r), 2, p.plain)
	if len(r.Doc.Runs) == 0 {
		p.problems(r)
		p.line()
		p.section("Next", r.Doc.Next)
		return p.writeTo(w)
	}
	p.line()
	p.weeks(r)
	p.legend(r)
	p.line()
	p.findings(r)
	p.notJudged(r)
	p.section("Next", r.Doc.Next)
	p.para("", footer(r), 0, p.faint)
	return p.writeTo(w)
}

// headline says what was read: the log, its runs and their span, copies and problems.
func headline(r *Report) string {
	d := &r.Doc
	var parts []string
	if r.Screen.Title != "" {
		parts = append(parts, r.Screen.Title)
	}
	if n := len(d.Runs); n == 0 {
		parts = append(parts, "no usable run in "+count(d.Inputs.Files, "file"))
	} else {
		last := d.Runs[n-1].Date
		parts = append(parts, count(n, "run")+", "+wideSpan(d.Runs[0].Date, last))
		if d.AsOf != last {
			parts = append(parts, "as of "+dayOf(d.AsOf)+d.AsOf.Time().Format(" 2006"))
		}
	}
	var odd []string
	if n := d.Inputs.Duplicates; n > 0 {
		odd = append(odd, count(n, "copy")+" merged")
	}
	if n := len(d.Inputs.Problems); n > 0 {
		odd = append(odd, count(n, "file")+" with a problem")
	}
	if len(odd) > 0 {
		s := strings.Join(odd, ", ")
		if r.Screen.Title != "" {
			s += " (kneecheck ingest " + r.Screen.Title + " lists them)"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " · ")
}

// problems lists the first few files that could not be used; the receipt has them all.
func (p *page) problems(r *Report) {
	const shown = 5
	for i, f := range r.Doc.Inputs.Problems {
		if i == shown {
			p.line("  … and ", count(len(r.Doc.Inputs.Problems)-shown, "more file"))
			return
		}
		p.para("  ", f.File+"  "+f.Kind+": "+f.Message, 4, p.plain)
	}
}

// section prints a paragraph behind a bold head.
func (p *page) section(head, text string) {
	if text != "" {
		p.para(p.title.Render(head)+"  ", text, len(head)+2, p.plain)
	}
}

// legend explains below the table what its columns cannot say.
func (p *page) legend(r *Report) {
	if c := r.Screen.Cadence; c != nil {
		p.para("", cadenceLine(r, c), 0, p.faint)
	}
	for _, w := range r.weekRows() {
		if w.Mark == "rebound" {
			p.para("", "Rebound: a jump that only makes good a low week before it.", 0, p.faint)
			break
		}
	}
}

func cadenceLine(r *Report, c *Cadence) string {
	height := fmt.Sprintf("for %.0f cm", c.HeightCM)
	if math.IsNaN(c.HeightCM) {
		height = "your height is not configured"
	}
	return fmt.Sprintf("Cadence: steps a minute (in brackets: against what is usual at that week's pace). Last %d days %.0f spm at %s; usual there %.0f ± %d, %s.",
		cadenceDays, c.SPM, r.Screen.Units.Pace(c.SpeedMPS), c.ExpectedSPM, cadenceSD, height)
}

// findings prints what stands out: rule by rule, with the evidence and what to do.
func (p *page) findings(r *Report) {
	gs := groups(r.Doc.Findings)
	head := "Stands out"
	if len(r.Doc.Runs) > 0 && r.Doc.Verdict.From > r.Doc.Runs[0].Date {
		head += " since " + dateOf(r.Doc.Verdict.From)
	}
	if len(gs) == 0 {
		p.section(head, nothing(r))
		p.line()
		return
	}
	p.line(p.title.Render(head))
	label := 0
	for i := range gs {
		label = max(label, lipgloss.Width(gs[i].Rule+" "+gs[i].Name))
	}
	for i := range gs {
		p.finding(r, &gs[i], label)
	}
	p.line()
}

// nothing is what is said when no rule fired.
func nothing(r *Report) string {
	if n := len(r.Screen.Quiet); n > 0 {
		return "nothing: " + count(n, "rule") + " judged, none fired."
	}
	return "nothing."
}

const (
	// findingIndent is where the lines below a finding's first begin.
	findingIndent = 10
	// minFirstLine is the least room for a message behind its rule's name; with less it begins on a line of its own.
	minFirstLine = 40
)

func (p *page) finding(r *Report, g *group, label int) {
	lead := " " + p.of(g.Severity).Render(g.Severity) + blanks(findingIndent-1-len(g.Severity)) + p.title.Render(g.Rule) + " " + g.Name
	if full := findingIndent + label + 2; p.width-full >= minFirstLine {
		p.para(pad(lead, full), g.Message, findingIndent, p.plain)
	} else {
		p.line(lead)
		p.para(blanks(findingIndent), g.Message, findingIndent, p.plain)
	}
	below := func(text string, style lipgloss.Style) {
		if text != "" {
			p.para(blanks(findingIndent), text, findingIndent, style)
		}
	}
	below(g.also(r.Screen.Units, r.Doc.AsOf), p.plain)
	below(evidence(r, &g.Finding), p.faint)
	below(g.Advice, p.plain)
}

// evidence is the first sentence of what the studies found, and the grade. A note has the grade alone.
func evidence(r *Report, f *Finding) string {
	grade := "Evidence: " + f.Grade + "."
	if f.Severity == "note" {
		return grade
	}
	return strings.TrimSpace(sentence(r.Screen.Evidence[f.Rule].Says) + " " + grade)
}

// notJudged prints what cannot be told, and why.
func (p *page) notJudged(r *Report) {
	if len(r.Doc.NotJudged) == 0 {
		return
	}
	p.line(p.title.Render("Not judged"))
	us := reasons(r.Doc.NotJudged)
	label := 0
	for i := range us {
		if len(us[i].names) == 1 {
			label = max(label, lipgloss.Width(us[i].names[0]))
		}
	}
	for i := range us {
		lead := " " + strings.Join(us[i].names, ", ")
		if full := label + 3; len(us[i].names) == 1 && p.width-full >= minFirstLine {
			p.para(pad(lead, full), us[i].reason, full, p.plain)
			continue
		}
		p.para(" ", strings.TrimSpace(lead)+": "+us[i].reason, 3, p.plain)
	}
	p.line()
}

// footer is the disclaimer and where to read on.
func footer(r *Report) string {
	gs := groups(r.Doc.Findings)
	if len(gs) == 0 {
		return disclaimer
	}
	return disclaimer + " kneecheck explain " + gs[0].Rule + " tells more."
}
