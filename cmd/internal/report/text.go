package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"kneecheck/analyze"
	"kneecheck/analyze/surface"
)

// disclaimer ends every screen about a log that has runs.
const disclaimer = "Training feedback, not medical advice: pain overrules every green line."

// Text writes the whole picture in one screen: what happened, what stands out and why, what cannot be told, what to do.
func Text(w io.Writer, r *Report, o TextOptions) error {
	p := newPage(o)
	p.para("", headline(r), 2, p.plain)
	if len(r.runs) == 0 {
		p.problems(r)
		p.gap()
		p.section("Next", r.Doc.Next)
		return p.writeTo(w)
	}
	if f := r.Doc.redFlag(); f != nil {
		p.gap()
		p.redFlag(f.Message, f.Advice)
		p.flagScreen(r)
		return p.writeTo(w)
	}
	p.year(r)
	p.gap()
	p.weeks(r)
	p.knee(r)
	p.findings(r)
	p.known(r)
	p.notJudgedInShort(r)
	p.gap()
	p.section("Next", r.Doc.Next)
	p.para("", disclaimer+credit(r.Doc.Attribution != ""), 0, p.faint)
	return p.writeTo(w)
}

// headline says what was read: the log, its runs and their span, copies and problems.
func headline(r *Report) string {
	d := &r.Doc
	var parts []string
	if r.Screen.Title != "" {
		parts = append(parts, r.Screen.Title)
	}
	if n := len(r.runs); n == 0 {
		parts = append(parts, "no usable run in "+count(d.Inputs.Files, "file"))
	} else {
		last := r.runs[n-1].Date
		parts = append(parts, count(n, "run")+", "+span(r.runs[0].Date, last))
		if d.AsOf != last {
			parts = append(parts, "as of "+dayOf(d.AsOf)+d.AsOf.Time().Format(" 2006"))
		}
	}
	var odd []string
	if n := d.Inputs.Duplicates; n > 0 {
		odd = append(odd, count(n, "copy")+" merged")
	}
	if n := len(d.Inputs.Problems); n > 0 {
		odd = append(odd, count(n, "problem"))
	}
	if len(odd) > 0 {
		parts = append(parts, strings.Join(odd, ", ")+" (kneecheck ingest)")
	}
	return strings.Join(parts, " · ")
}

// ingestCommand is the command that prints the receipt, with the paths where they are short enough to be of help.
func ingestCommand(r *Report) string {
	if t := r.Screen.Title; t != "" && columns(t) <= 30 {
		return "kneecheck ingest " + t
	}
	return "kneecheck ingest"
}

// problems lists the first few files that could not be used; the receipt has them all.
func (p *page) problems(r *Report) {
	const shown = 5
	for i, f := range r.Doc.Inputs.Problems {
		if i == shown {
			p.para("  ", "… and "+count(len(r.Doc.Inputs.Problems)-shown, "more file"), 4, p.plain)
			return
		}
		p.para("  ", f.File+": "+f.Kind+": "+f.Message, 4, p.plain)
	}
}

// section prints a paragraph behind a bold head.
func (p *page) section(head, text string) {
	if text != "" {
		p.para(p.title.Render(head)+"  ", text, len(head)+2, p.plain)
	}
}

// legend explains what the weeks table cannot say; dropped are the columns that are not shown.
func legend(r *Report, dropped []string) []string {
	var lines []string
	if c := r.Screen.Cadence; c != nil {
		line := cadenceLine(r, c)
		if !slices.Contains(dropped, cadenceHead) {
			line += " Brackets: gap to usual."
		}
		lines = append(lines, line)
	}
	if line := kneeLine(r); line != "" {
		lines = append(lines, line)
	}
	rows := r.weekRows()
	if len(rows) > 0 {
		if line := r.groundLine(rows[0].Start, rows[len(rows)-1].through.End); line != "" {
			lines = append(lines, "Ground: "+line)
		}
	}
	if len(rows) > 0 {
		if n := r.shortRuns(rows[0].Start, rows[len(rows)-1].through.End); n > 0 {
			lines = append(lines, "Runs: "+thousands(n)+" of them "+tooShort+" (under two minutes and 200 m).")
		}
	}
	if !slices.Contains(dropped, hardHead) && slices.ContainsFunc(rows, func(w weekRow) bool { return w.HardShare != nil }) {
		lines = append(lines, "Hard: share of the week's distance that is known to be on hard ground.")
	}
	for _, w := range rows {
		if w.Mark == "rebound" {
			return append(lines, "Rebound: a jump that only makes good a low week before it.")
		}
	}
	return lines
}

func cadenceLine(r *Report, c *Cadence) string {
	height := fmt.Sprintf("at %.0f cm", c.HeightCM)
	if math.IsNaN(c.HeightCM) {
		height = "no height set"
	}
	return fmt.Sprintf("Cadence, %d days: %.0f spm at %s; usual %.0f ± %d (%s).",
		cadenceDays, c.ExpectedSPM+c.AgainstSPM, r.Screen.Units.Pace(c.SpeedMPS), c.ExpectedSPM, analyze.ExpectedSDSPM, height)
}

// findings prints what stands out: rule by rule, with what to do and how good the evidence is. A note has its advice only
// where nothing weighs more: kneecheck check has it all.
func (p *page) findings(r *Report) {
	gs := groups(r.Doc.Findings)
	head := standsOut(r)
	p.gap()
	if len(gs) == 0 {
		p.section(head, nothing(r))
		return
	}
	p.para(p.title.Render(head)+"  ", "kneecheck explain "+gs[0].Rule+" tells more.", 2, p.faint)
	label := labelWidth(gs)
	said := map[string]bool{} // the evidence of a rule is told once
	for i := range gs {
		g := &gs[i]
		worst := g.Severity == gs[0].Severity
		if g.Severity == "note" && !worst {
			g.Message += ". Evidence: " + g.Grade + "."
			if also := g.also(r.Screen.Units, r.Doc.AsOf); also != "" {
				g.Message += " " + also
			}
			p.message(g, label)
			continue
		}
		p.message(g, label)
		text := []string{g.also(r.Screen.Units, r.Doc.AsOf), g.Advice}
		switch full := r.Screen.Evidence[g.Rule]; {
		case said[g.Rule]:
		case g.Severity != "note" && (worst || g.Name == tenPercent):
			text = append(text, full)
		default:
			text = append(text, "Evidence: "+g.Grade+".")
		}
		said[g.Rule] = true
		p.below(strings.Join(slices.DeleteFunc(text, func(s string) bool { return s == "" }), " "), p.plain)
	}
}

// standsOut is the head of the findings, with the day from which they are shown when that is not the whole log.
func standsOut(r *Report) string {
	if from := r.Doc.Verdict.From; from > r.runs[0].Date {
		return "Stands out since " + dateOf(from)
	}
	return "Stands out"
}

// nothing is what is said when no rule fired.
func nothing(r *Report) string {
	if len(r.Doc.Findings) > 0 || r.Doc.Verdict.ReportedBefore > 0 {
		return "nothing new."
	}
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

// message prints a finding's severity, rule and message.
func (p *page) message(g *group, label int) {
	lead := " " + p.of(g.Severity).Render(g.Severity) + blanks(findingIndent-1-len(g.Severity)) + p.title.Render(g.Rule) + " " + g.Name
	if full := findingIndent + label + 2; p.width-full >= minFirstLine {
		p.para(pad(lead, full), g.Message, findingIndent, p.plain)
		return
	}
	if p.width >= narrowWidth {
		p.line(lead)
	} else {
		p.para("", strings.TrimSpace(ansi.Strip(lead)), narrowHang, p.of(g.Severity))
	}
	p.below(g.Message, p.plain)
}

// below prints a text under a finding.
func (p *page) below(text string, style lipgloss.Style) {
	if text != "" {
		p.para(blanks(findingIndent), text, findingIndent, style)
	}
}

// notJudged prints what cannot be told, and why.
func (p *page) notJudged(r *Report) {
	if len(r.Doc.NotJudged) == 0 {
		return
	}
	p.gap()
	p.line(p.title.Render("Not judged"))
	us := reasons(r.Doc.NotJudged)
	label := 0
	for i := range us {
		if len(us[i].names) == 1 {
			label = max(label, columns(us[i].names[0]))
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
}

// maxListed is how many reasons have a line each on the screen of the whole picture; more make a paragraph.
const maxListed = 3

// notJudgedInShort names what cannot be told, and each reason as far as its first clause.
func (p *page) notJudgedInShort(r *Report) {
	us := reasons(r.Doc.NotJudged)
	if len(us) <= maxListed {
		p.notJudged(r)
		return
	}
	parts := make([]string, len(us))
	for i := range us {
		reason := firstClause(us[i].reason)
		if strings.HasPrefix(us[i].names[0], redFlagRule) {
			reason = us[i].reason // a sign that may still be there is told in full
		}
		names := slices.Clone(us[i].names)
		for n := range names {
			if _, name, _ := strings.Cut(names[n], " "); name != "" {
				names[n] = name // the id is for the lists
			}
		}
		parts[i] = strings.Join(names, ", ") + " (" + reason + ")"
	}
	p.gap()
	p.section("Not judged", strings.Join(parts, ", ")+". kneecheck check tells more.")
}

// firstClause is a reason without what explains it further.
func firstClause(reason string) string {
	for _, end := range []string{"; ", " (", ", "} {
		reason, _, _ = strings.Cut(reason, end)
	}
	return reason
}

// footer is the disclaimer and where to read on.
func footer(r *Report) string {
	s := disclaimer
	if gs := groups(r.Doc.Findings); len(gs) > 0 {
		s += " kneecheck explain " + gs[0].Rule + " tells more."
	}
	return s + credit(r.Doc.Attribution != "")
}

// credit is mapCredit where a map told some of the ground.
func credit(mapped bool) string {
	if !mapped {
		return ""
	}
	return " " + mapCredit
}

// mapCredit names those whose map told the ground.
const mapCredit = "Ground: map data " + surface.Attribution + "."
