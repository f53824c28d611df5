package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
		Athlete:  r.shownAthlete(),
		HeightCM: r.config.heightCM, Novice: r.config.novice, AsOf: asOf, WeekStart: r.config.weekStart, Shoes: r.config.shoes,
		Pain: r.pain, Cross: r.receipt.Cross,
	})
}

// judge judges the log and makes the report of it. A report looks back beyond its window, and the charts of a page further.
func (r *reading) judge(v view, charts bool) (*report.Report, error) {
	log := r.log(v.asOf)
	r.hide(log)
	since := min(v.from, v.asOf-report.LookBackDays)
	if charts {
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
		return nil, err
	}
	if v.news != nil {
		v.news.told = r.names.told(in.Result.TellNews(r.names.toldAs(v.news.told), log, v.from, v.to, r.config.units))
	}
	return report.Build(in), nil
}

// formatsWithoutRun are the formats whose readers need a document where there is no run; people get a sentence on standard
// error.
var formatsWithoutRun = []string{formatJSON, formatHTML, formatCSV, formatJUnit, formatGitHub}

// present judges the log, writes the results and says how it went. Without a run only the formats that need a
// document are written.
func (r *reading) present(pairs []output, v view) error {
	rep, err := r.judge(v, slices.ContainsFunc(pairs, func(p output) bool { return p.format == formatHTML }))
	if err != nil {
		return err
	}
	none, why := r.noRun(v.asOf), ""
	silent := v.silent && count(rep.Doc.Verdict, v.least) == 0
	if none != nil {
		why = strings.TrimPrefix(none.say, r.title+": ")
		pairs = slices.DeleteFunc(pairs, func(p output) bool { return !slices.Contains(formatsWithoutRun, p.format) })
	} else if !silent {
		r.warnOfProblems()
	}
	err = writeAll(r.env, pairs, func(w io.Writer, p page) error {
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
		case formatCSV:
			return report.Alone(rep, why).CSV(w)
		case formatJUnit:
			return report.Alone(rep, why).JUnit(w)
		case formatGitHub:
			return report.Alone(rep, why).GitHub(w)
		}
		return v.text(w, rep, p.text())
	})
	if err != nil {
		return err
	}
	if none != nil {
		if flag := rep.RedFlag(); flag != nil {
			none.say = fmt.Sprintf("%s: %s. %s %s", flag.Name, flag.Message, flag.Advice, none.say)
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
		gaps:     verdict.Status == report.Incomplete,
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
