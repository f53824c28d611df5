package report

import (
	"bytes"
	_ "embed"
	"io"
)

//go:embed rostermail.tmpl
var rosterMailText string

// rosterMail is what the template of the mail about many athletes is filled with.
type rosterMail struct {
	Title, Head, Sub string
	// Rows are the athletes of whom something stands out, Quiet those of whom nothing does, and Incomplete those without a
	// verdict, each with its text.
	Rows              []rosterRow
	Quiet, Incomplete []labelled
	Footer            string
}

// WeekMail writes the week of all athletes as one mail with a plain and an HTML part, ready for sendmail -t.
func (ro *Roster) WeekMail(w io.Writer, m Mail) error {
	var plain, page bytes.Buffer
	if err := ro.WeekText(&plain, TextOptions{Width: mailWidth}); err != nil {
		return err
	}
	if err := ro.WeekMailHTML(&page); err != nil {
		return err
	}
	if m.Subject == "" {
		m.Subject = ro.WeekSubject()
	}
	return m.write(w, plain.Bytes(), page.Bytes())
}

// WeekSubject is the week of all athletes in the subject of a mail. It names nobody: subjects show on locked screens.
func (ro *Roster) WeekSubject() string {
	from, to := ro.days()
	head := "Week of " + spanAs(from, to, "January", "")
	if ro.athletes[0].Doc.AsOf < to {
		head += " so far"
	}
	all, loud := count(len(ro.athletes), "athlete"), ro.loud()
	var parts []string
	switch flags := ro.number(urgentFlag); {
	case flags > 0:
		parts = append(parts, "red flag for "+thousands(flags)+" of "+all, "something stands out for "+thousands(loud))
	case loud > 0:
		parts = append(parts, "something stands out for "+thousands(loud)+" of "+all)
	default:
		parts = append(parts, all, "nothing fired")
	}
	if n := ro.number(urgentIncomplete); n > 0 {
		parts = append(parts, thousands(n)+" incomplete")
	}
	return head + ": " + join(parts)
}

// WeekMailHTML writes the week of all athletes as HTML for mail programs, by the rules of WeekMailHTML of one.
func (ro *Roster) WeekMailHTML(w io.Writer) error {
	page := rosterMail{Title: ro.WeekSubject(), Footer: ro.small()}
	page.Head, page.Sub = ro.head()
	for i := range ro.athletes {
		a := &ro.athletes[i]
		switch {
		case a.tells():
			row := a.row(i + 1)
			row.WeekLine = clean(a.weekWords())
			page.Rows = append(page.Rows, row)
		case a.urgency() == urgentIncomplete:
			page.Incomplete = append(page.Incomplete, labelled{clean(a.Name()), clean(a.why())})
		default:
			page.Quiet = append(page.Quiet, labelled{clean(a.Name()), a.quietWeek()})
		}
	}
	return fill(w, rosterMailText, page)
}
