// Package report turns a judged log into what people and programs read. Build makes the report once; the renderers are
// pure functions of it, one a format, and return only the errors of their writer.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/planfile"
	"kneecheck/analyze/surface"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// Input is everything a report is made from.
type Input struct {
	Log    *analyze.Log
	Result rules.Result
	// Settings are the rules' settings that gave Result; they decide which rules count as quiet and what comes next.
	Settings rules.Settings
	// Receipt may be nil when nothing was read from files.
	Receipt *analyze.Receipt
	// From and To bound the judged window, both days included. Findings whose period touches it are kept.
	From, To civil.Date
	// FailOn is the lowest severity that makes the verdict "findings".
	FailOn rules.Severity
	// Strict makes the verdict incomplete when a file had a problem or a rule could not judge.
	Strict bool
	Units  analyze.Units
	// Weeks is the number of weeks shown on screens, the latest; 0 shows all.
	Weeks int
	// Title names the log on screens, such as the paths as typed.
	Title string
	// Plan is set when it is a plan that was judged: then Result is about Judged, the log with the plan, and Log what was run.
	Plan   *planfile.Plan
	Judged *analyze.Log
}

// judged is the log that the findings are about.
func (in *Input) judged() *analyze.Log {
	if in.Plan != nil {
		return in.Judged
	}
	return in.Log
}

// Report is a wire document and, beside it, what only screens show.
type Report struct {
	// Doc lacks its runs and the knee load, which only Document fills in.
	Doc    Document
	Screen Screen
	runs   []*analyze.Run
	// log and settings are what charts look at beyond the document.
	log      *analyze.Log
	settings rules.Settings
	found    []rules.Finding
}

// Document is the whole wire document. The runs of ten years and their knee load are most of the work of a report, and
// only JSON has them all.
func (r *Report) Document() Document {
	d := r.Doc
	if d.Runs == nil {
		d.Runs = make([]Run, 0, len(r.runs))
		for _, run := range r.runs {
			d.Runs = append(d.Runs, wireRun(run))
		}
		d.Weeks = slices.Clone(d.Weeks)
		r.kneeLoads(&d)
	}
	return d
}

// Build makes the report of a judged log.
func Build(in Input) *Report {
	log := in.Log
	r := &Report{runs: log.Runs, log: log, settings: in.Settings, found: in.Result.Findings, Doc: Document{
		Schema:    Schema,
		Athlete:   log.Athlete,
		AsOf:      log.AsOf,
		WeekStart: strings.ToLower(log.WeekStart.String()),
		Inputs:    inputs(log, in.Receipt),
		Weeks:     make([]Week, 0, len(log.Weeks)),
		Findings:  findings(in),
		NotJudged: make([]NotJudged, 0, len(in.Result.NotJudged)),
	}}
	for i := range log.Weeks {
		w := wireWeek(&log.Weeks[i])
		w.CrossTraining = wireCross(log.CrossIn(w.Start, w.End))
		r.Doc.Weeks = append(r.Doc.Weeks, w)
	}
	for _, n := range in.Result.NotJudged {
		r.Doc.NotJudged = append(r.Doc.NotJudged, NotJudged{
			Rule: n.Rule.ID, Name: n.Rule.Name, Reason: n.Reason, Coverage: optional(n.Coverage, 3),
		})
	}
	r.Doc.Planned = planned(in.Plan)
	if r.mapped() {
		r.Doc.Attribution = surface.Attribution
	}
	r.Doc.Verdict = verdict(&r.Doc, in)
	r.Screen = screen(in, &r.Doc)
	r.Doc.Next = nextStep(r)
	return r
}

// tells says whether a finding belongs to the judged window. A red flag belongs to every one.
func (in *Input) tells(f *rules.Finding) bool {
	return f.Rule.Always || f.To >= in.From && f.From <= in.To
}

func findings(in Input) []Finding {
	fs := make([]Finding, 0, len(in.Result.Findings))
	seen := map[string]int{}
	_, flagged := rules.InForce(in.Result.Findings)
	for i := range in.Result.Findings {
		f := &in.Result.Findings[i]
		if !in.tells(f) {
			continue
		}
		period := fingerprint(in.Log.Athlete, f, 0)
		name := fingerprint(in.Log.Athlete, f, seen[period])
		seen[period]++
		if f.Reported {
			continue
		}
		w := Finding{
			Rule: f.Rule.ID, Name: f.Rule.Name, Severity: f.Severity.String(), Grade: string(f.Rule.Evidence.Grade),
			From: f.From, To: f.To, Runs: make([]string, 0, len(f.Runs)),
			Value: number(f.Value, 4), Limit: number(f.Limit, 4), Unit: string(f.Unit),
			Message: f.Message, Advice: f.Advice, Fingerprint: name,
		}
		if flagged && w.Rule != redFlagRule {
			w.Advice = heldBackAdvice
		}
		for _, i := range f.Runs {
			run := in.judged().Runs[i]
			w.Runs = append(w.Runs, run.ID)
			w.Planned = w.Planned || in.Plan != nil && run.Date > in.Log.AsOf
		}
		if a := f.Outgrown; a != nil && f.Ack == nil {
			w.Advice = worse + dateOf(a.Until) + ". " + w.Advice
		}
		if f.Ack != nil {
			w.Acknowledged, w.AckUntil, w.AckReason = true, &f.Ack.Until, f.Ack.Reason
		}
		fs = append(fs, w)
	}
	return fs
}

// fingerprint names a finding by athlete, rule and period, so that it stays the same when a figure is corrected. The
// second and further findings of one rule in one period, such as two worn pairs of shoes, are told apart by n.
func fingerprint(athlete string, f *rules.Finding, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", athlete, f.Rule.ID, f.From, f.To, n))
	return hex.EncodeToString(sum[:8])
}

// verdict counts the findings and decides the status: findings stand before missing data, unless strict mode asks to
// trust nothing that is not whole.
func verdict(d *Document, in Input) Verdict {
	v := Verdict{Status: Pass, From: in.From, To: in.To, FailOn: in.FailOn.String(), NotJudged: len(d.NotJudged)}
	failing := 0
	for i := range in.Result.Findings {
		f := &in.Result.Findings[i]
		if !in.tells(f) {
			continue
		}
		switch {
		case f.Ack != nil:
			v.Acknowledged++
			continue
		case f.Reported:
			v.ReportedBefore++
			continue
		}
		switch f.Severity {
		case rules.High:
			v.High++
		case rules.Warning:
			v.Warning++
		default:
			v.Note++
		}
		if f.Severity >= in.FailOn {
			failing++
		}
	}
	switch {
	case len(in.Log.Runs) == 0, in.Strict && (len(d.Inputs.Problems) > 0 || len(d.NotJudged) > 0):
		v.Status = Incomplete
	case failing > 0:
		v.Status = Findings
	}
	return v
}

func inputs(log *analyze.Log, rc *analyze.Receipt) Inputs {
	in := Inputs{Runs: len(log.Runs), StrengthSessions: len(log.Strength), Problems: []Problem{}}
	for i := range log.Runs {
		in.Duplicates += len(log.Runs[i].AlsoIn)
	}
	if rc == nil {
		in.Activities = in.Runs + in.Duplicates
		return in
	}
	in.Files, in.Activities, in.Ignored = rc.Files, rc.Activities, rc.Ignored+rc.NotActivities
	for _, p := range rc.Problems {
		if p.Kind == ingest.NotActivity {
			continue
		}
		w := Problem{File: p.File, Kind: string(p.Kind), Message: reason(p)}
		if p.Kept > 0 {
			w.KeptSamples = &p.Kept
		}
		in.Problems = append(in.Problems, w)
	}
	return in
}

// reason is a problem's reason in words, never empty.
func reason(p *ingest.Problem) string {
	if p.Err == nil || p.Err.Error() == "" {
		return "the file could not be used"
	}
	return p.Err.Error()
}
