package rules

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest/civil"
)

// Told is a finding that was reported before, for checks that ask only for news. A finding of an event is recognized by rule,
// subject and first day; one of a state, whose days move on by themselves, by rule and subject for as long as it lasts.
type Told struct {
	Rule     *Rule
	From, To civil.Date
	About    string
	// Severity and Value are the worst that was reported.
	Severity Severity
	Value    float64
}

// toldDays is how long a finding is remembered that is seen no more: longer than anybody looks back for news.
const toldDays = 400

// TellNews marks the findings of the days from through to that were reported before and are no worse now, and returns what is
// to be remembered next time. Acknowledged findings are neither news nor remembered: when the acknowledgement ends, they are
// news. Red flags are told each time.
func (res *Result) TellNews(told []Told, log *analyze.Log, from, to civil.Date, u analyze.Units) []Told {
	next := slices.Clone(told)
	used := make([]bool, len(told))
	for i := range res.Findings {
		f := &res.Findings[i]
		if f.Rule.Always || f.Ack != nil || f.To < from || f.From > to {
			continue
		}
		at := match(next[:len(told)], used, func(t *Told) bool { return t.is(f) && !f.worse(t.Severity, t.Value, u) })
		if f.Reported = at >= 0; !f.Reported {
			at = match(next[:len(told)], used, func(t *Told) bool { return t.is(f) })
		}
		if at < 0 {
			next = append(next, Told{Rule: f.Rule, From: f.From, To: f.To, About: f.Subject, Severity: f.Severity, Value: f.Value})
			continue
		}
		used[at] = true
		t := &next[at]
		t.To = max(t.To, f.To)
		if !f.Reported {
			t.Severity, t.Value = f.Severity, f.Value
		}
	}
	kept := next[:0]
	for i, t := range next {
		switch {
		case i >= len(told) || used[i]:
		case t.Rule.State && res.over(&t, log):
			continue
		case t.To < log.AsOf-toldDays:
			continue
		}
		kept = append(kept, t)
	}
	return kept
}

// match is the index of the first entry that was not used and fits, −1 without.
func match(told []Told, used []bool, fits func(*Told) bool) int {
	for i := range told {
		if !used[i] && fits(&told[i]) {
			return i
		}
	}
	return -1
}

func (t *Told) is(f *Finding) bool {
	return t.Rule == f.Rule && strings.EqualFold(t.About, f.Subject) && (t.Rule.State || t.From == f.From)
}

// over tells whether a state that was reported has ended: the rule was judged and finds nothing of it.
func (res *Result) over(t *Told, log *analyze.Log) bool {
	return len(log.Runs) > 0 && t.To <= log.AsOf &&
		!slices.ContainsFunc(res.NotJudged, func(n NotJudged) bool { return n.Rule == t.Rule }) &&
		!slices.ContainsFunc(res.Findings, func(f Finding) bool { return t.is(&f) })
}

// ToldColumns are the columns of the file in which reported findings are remembered.
func ToldColumns() []sidecsv.Column {
	return []sidecsv.Column{
		{Name: "rule", Required: true}, {Name: "from", Required: true}, {Name: "to", Required: true},
		{Name: "severity", Required: true}, {Name: "value", Required: true}, {Name: "about", Required: true},
	}
}

// ParseTold reads the content of such a file. The error, of type sidecsv.Faults, has everything that is wrong.
func ParseTold(file string, data []byte) ([]Told, error) {
	t := sidecsv.Parse(file, data, ToldColumns()...)
	told := make([]Told, 0, len(t.Rows))
	for i := range t.Rows {
		row := &t.Rows[i]
		from, to := row.Date("from"), row.Date("to")
		rule, known := Find(row.Get("rule"))
		severity, named := ParseSeverity(row.Get("severity"))
		value, number := row.Number("value", -math.MaxFloat64, math.MaxFloat64)
		if from == nil || to == nil || !known || !named || !number {
			t.Fault(row.Line, "this is not what kneecheck check --new-only writes")
			continue
		}
		told = append(told, Told{Rule: rule, From: *from, To: *to, About: row.Get("about"), Severity: severity, Value: value})
	}
	return told, t.Err()
}

// Row is the finding as a row of the file.
func (t *Told) Row() map[string]string {
	return map[string]string{
		"rule": t.Rule.ID, "from": t.From.String(), "to": t.To.String(), "severity": t.Severity.String(),
		"value": strconv.FormatFloat(roundTo(t.Value, 4), 'f', -1, 64), "about": t.About,
	}
}
