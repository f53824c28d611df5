package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest/civil"
)

// Ack is a runner's word that the findings of a rule are known and accepted until a day. It goes by rule and time and not by
// fingerprint, for the finding of next week is to be covered too, and it holds only while nothing gets worse than what was
// accepted.
type Ack struct {
	Line int
	Rule *Rule
	// Until is the last as-of day on which it holds.
	Until  civil.Date
	Reason string
	// Since leaves out findings that end before; nil covers all.
	Since *civil.Date
	// Severity is the highest and Value the worst that is covered. A NaN value leaves it to the severity.
	Severity Severity
	Value    float64
	// About is the Subject that is covered, empty for all, and Athlete the one it is for, empty for all.
	About, Athlete string
}

// AckColumns are the columns of an acknowledgements file. Those from since on are filled by the program; a row written by hand can
// leave them out and then covers what is no more than a warning.
func AckColumns() []sidecsv.Column {
	return []sidecsv.Column{
		{Name: "rule", Required: true}, {Name: "until", Required: true}, {Name: "reason", Required: true},
		{Name: "since"}, {Name: "severity"}, {Name: "value"}, {Name: "about"}, {Name: "athlete"},
	}
}

// ParseAcks reads the content of an acknowledgements file. The error, of type sidecsv.Faults, has everything that is wrong.
func ParseAcks(file string, data []byte) ([]Ack, error) {
	t := sidecsv.Parse(file, data, AckColumns()...)
	acks := make([]Ack, 0, len(t.Rows))
	for i := range t.Rows {
		acks = append(acks, parseAck(&t.Rows[i]))
	}
	if err := t.Err(); err != nil {
		return nil, err
	}
	return acks, nil
}

func parseAck(row *sidecsv.Row) Ack {
	a := Ack{
		Line: row.Line, Reason: row.Get("reason"), Since: row.Date("since"), Severity: Warning, Value: math.NaN(),
		About: row.Get("about"), Athlete: row.Get("athlete"),
	}
	name := row.Get("rule")
	rule, known := Find(name)
	switch {
	case !known:
		row.Fault("rule", "unknown rule %q (kneecheck rules lists them)", name)
	case rule.Always:
		row.Fault("rule", "%s", NoAck(rule))
	}
	a.Rule = rule
	if until := row.Date("until"); until != nil {
		a.Until = *until
	} else if row.Get("until") == "" {
		row.Fault("until", "is empty: an acknowledgement needs a last day")
	}
	if a.Reason == "" {
		row.Fault("reason", "is empty: say why, for whoever reads it later")
	}
	if word := row.Choice("severity", severityNames[:]...); word != "" {
		a.Severity, _ = ParseSeverity(word)
	}
	if v, ok := row.Number("value", -1e9, 1e9); ok {
		a.Value = v
	}
	return a
}

// NoAck says why a rule cannot be acknowledged; empty when it can.
func NoAck(r *Rule) string {
	if !r.Always {
		return ""
	}
	return fmt.Sprintf("%s %s cannot be acknowledged: it looks for signs that need a professional", r.ID, r.Name)
}

// Row is the acknowledgement as a row of its file.
func (a *Ack) Row() map[string]string {
	row := map[string]string{
		"rule": a.Rule.ID, "until": a.Until.String(), "reason": a.Reason, "severity": a.Severity.String(), "about": a.About, "athlete": a.Athlete,
	}
	if a.Since != nil {
		row["since"] = a.Since.String()
	}
	if !math.IsNaN(a.Value) {
		row["value"] = strconv.FormatFloat(roundTo(a.Value, 4), 'f', -1, 64)
	}
	return row
}

// Accept returns what acknowledges findings of one rule: one for each subject, as severe as the most severe of its findings and as
// far beyond the limit as the farthest, so that it covers every one of them.
func Accept(fs []Finding, until civil.Date, reason, athlete string) []Ack {
	var acks []Ack
	for i := range fs {
		f := &fs[i]
		at := slices.IndexFunc(acks, func(a Ack) bool { return a.Rule == f.Rule && a.About == f.Subject })
		if at < 0 {
			since := f.From
			acks = append(acks, Ack{
				Rule: f.Rule, Until: until, Reason: reason, Since: &since, Severity: f.Severity, Value: f.Value, About: f.Subject, Athlete: athlete,
			})
			continue
		}
		a := &acks[at]
		*a.Since = min(*a.Since, f.From)
		a.Severity = max(a.Severity, f.Severity)
		if f.further(a.Value, "") > 0 {
			a.Value = f.Value
		}
	}
	return acks
}

// covers tells whether the acknowledgement is of this finding and the finding no worse than what was accepted.
func (a *Ack) covers(f *Finding, athlete string, u analyze.Units) bool {
	return a.about(f, athlete) && !f.worse(a.Severity, a.Value, u)
}

// about tells whether the acknowledgement is of this finding, however bad it is.
func (a *Ack) about(f *Finding, athlete string) bool {
	return a.Rule == f.Rule && !f.Rule.Always && (a.About == "" || strings.EqualFold(a.About, f.Subject)) &&
		(a.Athlete == "" || a.Athlete == athlete) && (a.Since == nil || f.To >= *a.Since)
}

// AckUse is what an acknowledgement does on a day.
type AckUse struct {
	Ack *Ack
	// Covers counts the findings that it covers, and Outgrown those that are worse than what was accepted.
	Covers, Outgrown int
	// Over is true when its last day has passed.
	Over bool
	// Stale is true when the rule was judged and has no such finding any more.
	Stale bool
}

// Acknowledge marks the findings that an acknowledgement covers on the log's last day and says what each of them does. Since is
// the day from which the findings are complete, as given to RunSince.
func (res *Result) Acknowledge(acks []Ack, log *analyze.Log, set Settings, u analyze.Units, since civil.Date) []AckUse {
	uses := make([]AckUse, len(acks))
	for i := range acks {
		a, use := &acks[i], &uses[i]
		use.Ack, use.Over = a, a.Until < log.AsOf
		for k := range res.Findings {
			f := &res.Findings[k]
			switch {
			case use.Over:
			case a.covers(f, log.Athlete, u):
				use.Covers++
				if f.Ack == nil {
					f.Ack = a
				}
			case a.about(f, log.Athlete):
				use.Outgrown++
				f.Outgrown = a
			}
		}
		judged := set.Enabled(a.Rule) && !slices.ContainsFunc(res.NotJudged, func(n NotJudged) bool { return n.Rule == a.Rule })
		complete := a.Rule.State || a.Since != nil && *a.Since >= since
		forAthlete := a.Athlete == "" || a.Athlete == log.Athlete
		use.Stale = !use.Over && use.Covers+use.Outgrown == 0 && judged && complete && forAthlete && len(log.Runs) > 0
	}
	return uses
}
