package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed html.tmpl
var htmlText string

//go:embed html.css
var htmlStyle string

// htmlPage is what the page template is filled with: words and pictures, no arithmetic.
type htmlPage struct {
	Title, Head, Sub string
	Style            template.CSS
	Badges           []badge
	// Flag is a red flag, before which everything but the knee and the next step gives way, the counts of findings too.
	Flag *Finding
	// Knee is the part of the pain journal, a line an entry, and then sentences without a label.
	Knee []labelled
	// Verdict is the week's own lines in a weekly report.
	Week      []labelled
	Next      string
	Charts    []figure
	FoundHead string
	Found     []htmlFinding
	Nothing   string
	// Known is what is acknowledged, and Told how much was reported before.
	Known     []string
	Told      string
	NotJudged []labelled
	Problems  []Problem
	// Planned is how far the weeks of a plan go, and PlanRows its runs.
	Planned    string
	PlanRows   [][]string
	WeekHead   []string
	WeekRows   [][]string
	Legend     []string
	Disclaimer string
}

// badge is a count of findings with its severity, which is also its class.
type badge struct{ Severity, Text string }

type labelled struct{ Label, Text string }

type htmlFinding struct {
	Severity, Rule, Name, Message, Also, Evidence, Advice string
}

// HTML writes the whole picture as one page that needs nothing else: no script, no network, no coordinates. The charts
// carry their figures as tables.
func HTML(w io.Writer, r *Report) error {
	sub := strings.TrimPrefix(headline(r), r.Screen.Title+" · ")
	if len(r.Doc.Planned) > 0 && len(r.runs) > 0 {
		sub = windowRuns(r) + " · as of " + dateOf(r.Doc.AsOf)
	}
	page := r.page(sub)
	return fill(w, htmlText, &page)
}

// weekPageWeeks is how many weeks the page of one week shows in its table, unless fewer are asked for.
const weekPageWeeks = 8

// WeekHTML writes the report of one week as a page.
func WeekHTML(w io.Writer, r *Report) error {
	few := *r
	few.Screen.Shown = min(few.Screen.Shown, weekPageWeeks)
	r = &few
	page := r.page("")
	if len(r.runs) > 0 {
		v := newWeekView(r)
		page.Head, page.Sub, _ = strings.Cut(v.head, ": ")
		if page.Flag != nil {
			return fill(w, htmlText, &page)
		}
		page.Next = ""
		for _, l := range append(v.before(), v.after()...) {
			// The knee, what is acknowledged and what could not be judged have parts of their own.
			if l.Label != "Knee" && l.Label != "Acknowledged" && l.Label != "Cannot tell" {
				page.Week = append(page.Week, labelled{l.Label, clean(l.Text)})
			}
		}
		page.FoundHead = "What fired"
		for i := range page.Found {
			if f := &page.Found[i]; f.Advice == clean(v.one) {
				f.Advice = "" // it is the one thing to do, and stands above
			}
		}
	}
	return fill(w, htmlText, &page)
}

// fill writes a template filled with data, in one piece, so that an error leaves nothing half written.
func fill(w io.Writer, text string, data any) error {
	t, err := template.New("page").Parse(text)
	if err != nil {
		return fmt.Errorf("the page's template: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("the page's template: %w", err)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// page fills in what both pages show.
func (r *Report) page(sub string) htmlPage {
	d := &r.Doc
	title := clean(r.Screen.Title)
	if title == "" {
		title = "Running log"
	}
	p := htmlPage{Title: title, Head: title, Sub: clean(sub), Style: template.CSS(htmlStyle), Next: d.Next, Disclaimer: disclaimer}
	if len(r.runs) == 0 {
		p.Problems = d.Inputs.Problems
		return p
	}
	p.Knee = r.kneePart()
	if p.Flag = d.redFlag(); p.Flag != nil {
		p.Knee = append(p.Knee, labelled{"Held back", heldBack(d)})
		return p
	}
	p.Badges = badges(&d.Verdict)
	if d.Attribution != "" {
		p.Disclaimer += " " + mapCredit
	}
	p.Charts = r.charts()
	p.FoundHead = standsOut(r)
	gs := groups(d.Findings)
	for i := range gs {
		g := &gs[i]
		advice := r.advice(g)
		if strings.HasPrefix(g.Advice, worse) {
			advice = g.Advice
		}
		p.Found = append(p.Found, htmlFinding{
			Severity: g.Severity, Rule: g.Rule, Name: g.Name, Message: clean(g.Message), Also: clean(g.also(r.Screen.Units, d.AsOf)),
			Evidence: r.Screen.Evidence[g.Rule], Advice: clean(advice),
		})
	}
	if len(gs) == 0 {
		p.Nothing = nothing(r)
	}
	for _, l := range knownLines(r) {
		p.Known = append(p.Known, clean(l))
	}
	p.Told = reportedLine(r)
	for _, u := range reasons(d.NotJudged) {
		p.NotJudged = append(p.NotJudged, labelled{strings.Join(u.names, ", "), clean(u.reason)})
	}
	if p.Planned = r.plannedWeeks(); p.Planned != "" {
		// What comes next is the plan.
		p.Next, p.FoundHead, p.PlanRows = "", "What the plan sets off", r.plannedRows()
		p.Planned = strings.ToUpper(p.Planned[:1]) + p.Planned[1:]
		p.Disclaimer = planFooter + " " + p.Disclaimer
	}
	rows := r.weekRows()
	dates, cols := weekDates(rows), r.weekColumns(rows)
	p.WeekHead = []string{"Week of", string(r.Screen.Units), "remark"}
	for i := range cols {
		p.WeekHead = append(p.WeekHead, cols[i].head)
	}
	for i := range rows {
		cells := []string{dates[i], r.Screen.Units.Number(rows[i].DistanceM), markWords(r.remark(&rows[i]))}
		for c := range cols {
			cells = append(cells, cols[c].cells[i])
		}
		p.WeekRows = append(p.WeekRows, cells)
	}
	p.Legend = legend(r, nil)
	return p
}

// kneePart is the part of the pain journal, nil without one.
func (r *Report) kneePart() []labelled {
	k := r.Screen.Knee
	if k == nil {
		return nil
	}
	var out []labelled
	for i := range k.Entries {
		out = append(out, labelled{dayOf(k.Entries[i].Date), clean(entryText(&k.Entries[i]))})
	}
	if all := strings.Join(k.sentences(r), " "); all != "" {
		out = append(out, labelled{"In all", all})
	}
	return out
}

// markWords puts the words of a flag behind its signs, which a screen reader does not say.
func markWords(remark string) string {
	switch {
	case strings.HasPrefix(remark, "!!"):
		return "!! high" + remark[2:]
	case strings.HasPrefix(remark, "!"):
		return "! warning" + remark[1:]
	}
	return remark
}

// badges are the counts of findings, the worst first.
func badges(v *Verdict) []badge {
	var out []badge
	add := func(n int, severity, text string) {
		if n > 0 {
			out = append(out, badge{severity, text})
		}
	}
	add(v.High, "high", thousands(v.High)+" high")
	add(v.Warning, "warning", count(v.Warning, "warning"))
	add(v.Note, "note", count(v.Note, "note"))
	if len(out) == 0 {
		out = append(out, badge{"calm", "nothing fired"})
	}
	add(v.NotJudged, "open", thousands(v.NotJudged)+" not judged")
	return out
}
