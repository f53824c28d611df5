package cli

import (
	"fmt"
	"io"
	"slices"

	"kneecheck/analyze"
	"kneecheck/analyze/planfile"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// view is what a command shows of a log.
type view struct {
	// asOf is the day that the log is judged on; from and to bound the window of what is told.
	asOf, from, to civil.Date
	// weeks is how many the screen shows, the last ones; 0 for all.
	weeks  int
	failOn rules.Severity
	// exits makes findings at or above failOn an exit code of their own.
	exits bool
	// news hides what was reported before; nil tells everything.
	news     *baseline
	text     func(io.Writer, *report.Report, report.TextOptions) error
	markdown func(io.Writer, *report.Report) error
	// plan is judged instead of what was run, nil without one.
	plan *planfile.Plan
	html func(io.Writer, *report.Report) error
	// eml writes a whole mail; nil where the format is not offered.
	eml func(io.Writer, *report.Report) error
	// silent writes nothing but JSON when no finding is at or above least.
	silent bool
	least  rules.Severity
}

// log builds the log as it stood on a day.
func (r *reading) log(asOf civil.Date) *analyze.Log {
	return analyze.Build(r.runs, r.strength, analyze.Options{
		HeightCM: r.config.heightCM, Novice: r.config.novice, AsOf: asOf, WeekStart: r.config.weekStart, Shoes: r.config.shoes,
		Pain: r.pain, Cross: r.receipt.Cross,
	})
}

// present judges the log, writes the results and says how it went. Without a run only JSON is written, for its readers
// need a document; the others get a sentence on standard error.
func (r *reading) present(pairs []output, v view) error {
	log := r.log(v.asOf)
	// A report looks back beyond its window, and the charts of a page further.
	since := min(v.from, v.asOf-report.LookBackDays)
	if slices.ContainsFunc(pairs, func(p output) bool { return p.format == formatHTML }) {
		since = min(since, v.asOf-report.ChartDays)
	}
	in := report.Input{
		Log: log, Settings: r.config.rules, Receipt: r.receipt, Plan: v.plan,
		From: v.from, To: v.to, FailOn: v.failOn, Strict: r.strict, Units: r.config.units, Weeks: v.weeks, Title: r.title,
	}
	judged := log
	if v.plan != nil {
		in.Judged, in.Result = rules.RunPlan(log, v.plan.Log(), r.config.rules, r.config.units)
		judged = in.Judged
	} else {
		in.Result = rules.RunSince(log, r.config.rules, r.config.units, since)
	}
	if err := r.acknowledge(&in.Result, judged, since); err != nil {
		return err
	}
	if v.news != nil {
		v.news.told = in.Result.TellNews(v.news.told, log, v.from, v.to, r.config.units)
	}
	rep := report.Build(in)
	none := r.noRun(v.asOf)
	silent := v.silent && count(rep.Doc.Verdict, v.least) == 0
	if none != nil {
		pairs = slices.DeleteFunc(pairs, func(p output) bool { return p.format != formatJSON && p.format != formatHTML })
	} else if !silent {
		r.warnOfProblems()
	}
	err := writeAll(r.env, pairs, func(w io.Writer, p page) error {
		switch {
		case p.format == formatJSON:
			return report.JSON(w, rep)
		case silent:
			return nil
		}
		switch p.format {
		case formatEML:
			return v.eml(w, rep)
		case formatMarkdown:
			return v.markdown(w, rep)
		case formatHTML:
			return v.html(w, rep)
		}
		return v.text(w, rep, report.TextOptions{Width: p.width, Color: p.colour})
	})
	if err != nil {
		return err
	}
	if none != nil {
		if flag, ok := rules.InForce(in.Result.Findings); ok {
			none.say = fmt.Sprintf("%s: %s. %s %s", flag.Rule.Name, flag.Message, flag.Advice, none.say)
		}
		return none
	}
	if v.news != nil {
		if err := v.news.save(); err != nil {
			return err
		}
	}
	verdict := rep.Doc.Verdict
	return (&outcome{
		findings: v.exits && count(verdict, v.failOn) > 0,
		gaps:     len(rep.Doc.Inputs.Problems) > 0 || verdict.NotJudged > 0,
		strict:   r.strict,
	}).err()
}

// count is the number of findings at or above a severity.
func count(v report.Verdict, least rules.Severity) int {
	n := v.High
	if least <= rules.Warning {
		n += v.Warning
	}
	if least <= rules.Note {
		n += v.Note
	}
	return n
}
