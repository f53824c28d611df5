package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kneecheck/rules"
)

// JSON writes an array of the athletes' documents.
func (ro *Roster) JSON(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString("[\n")
	for i := range ro.athletes {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.Write(bytes.TrimRight(ro.athletes[i].JSON, "\n"))
	}
	b.WriteString("\n]\n")
	_, err := w.Write(b.Bytes())
	return err
}

// csvColumns are the columns of CSV. The last ones are words.
var csvColumns = []string{
	"athlete", "verdict", "as_of", "from", "to", "high", "warning", "note", "acknowledged", "not_judged", "problems",
	"week_start", "week_runs", "week_distance_m", "week_longest_m", "week_change", "fired", "why",
}

// CSV writes a line an athlete. What is not known is empty; fired has the IDs of the rules, the worst first.
func (ro *Roster) CSV(w io.Writer) error {
	var b bytes.Buffer
	c := csv.NewWriter(&b)
	rows := [][]string{csvColumns}
	for i := range ro.athletes {
		a := &ro.athletes[i]
		d, v := &a.Doc, &a.Doc.Verdict
		row := []string{
			clean(a.Name()), v.Status, d.AsOf.String(), v.From.String(), v.To.String(), strconv.Itoa(v.High), strconv.Itoa(v.Warning), strconv.Itoa(v.Note),
			strconv.Itoa(v.Acknowledged), strconv.Itoa(v.NotJudged), strconv.Itoa(len(d.Inputs.Problems)),
		}
		week := make([]string, 5)
		if k := &a.week; a.judged() {
			week = []string{k.Start.String(), strconv.Itoa(k.Runs), decimal(k.DistanceM), decimal(k.LongestM), ""}
			if k.Change != nil {
				week[4] = decimal(*k.Change)
			}
		}
		row = append(append(row, week...), strings.Join(a.firedIDs(), " "), clean(a.why()))
		rows = append(rows, row)
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// firedIDs are the rules that fired, the worst first, each once.
func (a *Athlete) firedIDs() []string {
	var ids []string
	seen := map[string]bool{}
	for i := range a.fired {
		if id := a.fired[i].Rule; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// level is GitHub's word for a severity.
var level = map[string]string{"high": "error", "warning": "warning", "note": "notice"}

// GitHub writes a workflow command an annotation, as GitHub Actions reads them from the output of a step, the worst first, for
// GitHub shows ten of a kind. What is incomplete is an error. A line in words ends it.
func (ro *Roster) GitHub(w io.Writer) error {
	var b strings.Builder
	for i := range ro.athletes {
		a := &ro.athletes[i]
		name := clean(a.Name())
		if why := a.why(); why != "" {
			command(&b, "error", name+": incomplete", name+": "+why)
		}
		for _, g := range a.shown() {
			for _, f := range append([]Finding{g.Finding}, g.others...) {
				command(&b, level[f.Severity], name+": "+f.Rule+" "+f.Name, sentence(name+": "+f.Message)+" "+f.Advice)
			}
		}
	}
	b.WriteString(clean(ro.footer()) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// GitHub's escapes: of a property also the signs that end it.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func command(b *strings.Builder, level, title, message string) {
	fmt.Fprintf(b, "::%s title=%s::%s\n", level, commandProperty.Replace(clean(title)), commandData.Replace(clean(message)))
}

// severe tells whether a finding counts for the verdict.
func severe(f *Finding, failOn string) bool {
	least, _ := rules.ParseSeverity(failOn)
	severity, _ := rules.ParseSeverity(f.Severity)
	return severity >= least && !f.Acknowledged
}
