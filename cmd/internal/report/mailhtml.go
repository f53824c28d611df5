package report

import (
	_ "embed"
	"io"
	"math"
	"strings"
)

//go:embed mail.tmpl
var mailText string

// mailPage is what the mail's template is filled with.
type mailPage struct {
	Title, Head, Sub, Count string
	Flag                    *Finding
	Lines                   []string
	Before, After           []labelled
	Found                   []htmlFinding
	Knee                    []labelled
	One                     string
	Weeks                   []mailWeek
	Unit                    string
	Next, Footer            string
}

// mailWeek is a row of the weeks; Bar and Rest are its length and what is left, in hundredths.
type mailWeek struct {
	Date, Distance, Remark string
	Bar, Rest              int
	Now                    bool
}

// mailWeeks is how many weeks a mail shows, the reported one among them.
const mailWeeks = 6

// WeekMailHTML writes the report of one week as HTML for mail programs: tables and styles on the elements, no pictures,
// nothing from elsewhere, and no colour behind or of a text, so that light and dark programs can choose theirs.
func WeekMailHTML(w io.Writer, r *Report) error {
	return fill(w, mailText, r.mailPage())
}

func (r *Report) mailPage() mailPage {
	if len(r.runs) == 0 {
		return mailPage{Title: "kneecheck", Head: clean(headline(r)), Lines: []string{clean(r.Doc.Next)}}
	}
	v := newWeekView(r)
	p := mailPage{Title: WeekSubject(r), Count: counts(&r.Doc.Verdict), Unit: string(r.Screen.Units), Footer: disclaimer}
	p.Head, p.Sub, _ = strings.Cut(v.head, ": ")
	if p.Flag = r.Doc.redFlag(); p.Flag != nil {
		p.Knee = append(cleaned(r.kneePart()), labelled{"Held back", heldBack(&r.Doc)})
		p.Next = r.Doc.Next
		return p
	}
	p.Weeks = r.mailWeeks()
	if len(v.fired) == 0 {
		for _, l := range v.lines() {
			p.Lines = append(p.Lines, clean(l))
		}
		return p
	}
	p.Before = cleaned(v.before())
	for i := range v.fired {
		g := &v.fired[i]
		p.Found = append(p.Found, htmlFinding{
			Severity: g.Severity, Rule: g.Rule, Name: g.Name, Message: clean(g.Message), Also: clean(g.also(r.Screen.Units, r.Doc.AsOf)),
			Evidence: "Evidence: " + g.Grade + ".",
		})
	}
	for _, l := range cleaned(v.after()) {
		if l.Label == "One thing" {
			p.One = l.Text
			continue
		}
		p.After = append(p.After, l)
	}
	p.Footer = footer(r)
	return p
}

// cleaned are parts that are safe to show.
func cleaned(parts []labelled) []labelled {
	out := make([]labelled, len(parts))
	for i, p := range parts {
		out[i] = labelled{p.Label, clean(p.Text)}
	}
	return out
}

// mailWeeks are the weeks up to the reported one; nil when there is nothing to compare.
func (r *Report) mailWeeks() []mailWeek {
	var rows []mailWeek
	most, first := 0.0, true
	for i := range r.Doc.Weeks {
		if w := &r.Doc.Weeks[i]; w.Start <= r.Doc.Verdict.From && w.Start > r.Doc.Verdict.From-7*mailWeeks {
			most = max(most, w.DistanceM)
		}
	}
	if most == 0 {
		return nil
	}
	for i := range r.Doc.Weeks {
		w := &r.Doc.Weeks[i]
		if w.Start > r.Doc.Verdict.From || w.Start <= r.Doc.Verdict.From-7*mailWeeks {
			continue
		}
		row := weekRow{Week: *w, through: *w}
		if n := len(r.Doc.Weeks) - i; n <= r.Screen.Shown {
			row.ScreenWeek = r.Screen.Weeks[i]
		}
		share := int(math.Round(100 * w.DistanceM / most))
		rows = append(rows, mailWeek{
			Date: w.Start.Time().Format("2 Jan"), Distance: r.Screen.Units.Number(w.DistanceM), Remark: markWords(r.remark(&row)),
			Bar: share, Rest: 100 - share, Now: w.Start == r.Doc.Verdict.From,
		})
		first = first && w.Start == r.Doc.Verdict.From
	}
	if first {
		return nil
	}
	return rows
}
