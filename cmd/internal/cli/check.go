package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
	"kneecheck/rules"
)

type checkOptions struct {
	logOptions
	each   eachFlags
	asOf   dateFlag
	since  dateFlag
	failOn severityFlag
	// newOnly hides what was reported before, which is remembered in baseline or, when it is empty, in the user's own folder.
	newOnly  bool
	baseline string
	plan     string
}

func newCheckCmd(env *Env, g *globals) *cobra.Command {
	o := &checkOptions{logOptions: logOptions{env: env, global: g}, failOn: severityFlag(rules.Warning)}
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "give a verdict on the current and the last complete week",
		Long: `Check judges the current week and the one before as of today and tells the verdict by its exit code, for scripts and cron.
Findings that are acknowledged (kneecheck ack) are shown in a line and do not count. With --new-only neither do those that
an earlier check --new-only has told, unless they are worse now: more severe, or further beyond the limit (a streak of run days
only when it is half as long again). What was told is remembered in a small CSV file, and when that cannot be read or
written the check ends with 2 and tells nothing.

` + eachHelp + "\n\n" + planHelp + "\n\n" + pathHelp + "\n\n" + outputHelp + "\n\n" + exitHelp,
		Example: "  kneecheck check runs/\n  kneecheck check runs/ --plan plan.csv\n  kneecheck check runs/ --fail-on high --format json\n  kneecheck check runs/ --since 2026-06-01 --as-of 2026-06-30\n  kneecheck check --each athletes/*/ --format junit -o kneecheck.xml",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runCheck(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	o.out.bind(cmd, checkFormats...)
	flags.Var(&o.asOf, "as-of", "judge the log as it stood on `DATE` (today unless given)")
	flags.Var(&o.since, "since", "judge everything since `DATE` (the start of last week unless given)")
	flags.StringVar(&o.plan, "plan", "", "judge the coming runs of `FILE`, a plan in CSV or a calendar (.ics), on top of the log")
	choice(cmd, &o.failOn, "fail-on", "exit 1 on findings of at least `SEVERITY`", severityNames)
	flags.BoolVar(&o.newOnly, "new-only", false, "tell and count only findings that are new or worse since the last check --new-only")
	flags.StringVar(&o.baseline, "baseline", "", "with --new-only, remember in `FILE` what was reported (else in $XDG_STATE_HOME/kneecheck)")
	o.each.bind(cmd)
	o.read.bind(cmd)
	o.read.bindStrict(cmd, "any problem or rule not judged")
	return cmd
}

// checkFormats are those of check, with --each and without.
var checkFormats = []string{formatText, formatMarkdown, formatHTML, formatJSON, formatCSV, formatJUnit, formatGitHub}

func runCheck(ctx context.Context, o *checkOptions) error {
	pairs, err := o.out.resolve()
	if err != nil {
		return err
	}
	if o.baseline != "" && !o.newOnly {
		return errors.New("--baseline goes with --new-only: without it everything is told")
	}
	if o.plan != "" && (o.since.day != nil || o.newOnly) {
		return errors.New("--plan judges the days of the plan (leave --since and --new-only out)")
	}
	if err := o.each.check(pairs, checkFormats); err != nil {
		return err
	}
	if o.each.on {
		return o.runEach(ctx, pairs)
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	if err != nil {
		return err
	}
	if o.plan != "" {
		asOf, err := o.asOf.asOf(r.today, r.today)
		if err != nil {
			return err
		}
		return r.checkPlan(pairs, o, asOf)
	}
	v, err := o.view(r)
	if err != nil {
		return err
	}
	if o.newOnly {
		if v.news, err = r.openBaseline(o.baseline); err != nil {
			return err
		}
	}
	return r.present(pairs, v)
}

// view is what is shown of a log.
func (o *checkOptions) view(r *reading) (view, error) {
	asOf, err := o.asOf.asOf(r.today, r.today)
	if err != nil {
		return view{}, err
	}
	from := asOf.WeekStart(r.config.weekStart) - 7
	if o.since.day != nil {
		if from, err = o.since.before(asOf); err != nil {
			return view{}, err
		}
	}
	weeks := int(asOf-from.WeekStart(r.config.weekStart))/7 + 1
	return view{
		asOf: asOf, from: from, to: asOf, weeks: weeks, failOn: rules.Severity(o.failOn), exits: true,
		text: report.CheckText, markdown: report.Markdown, html: report.HTML,
	}, nil
}

func (o *checkOptions) runEach(ctx context.Context, pairs []output) error {
	if o.plan != "" {
		return errors.New("--plan is for one log (leave out --each, and check the athletes one by one)")
	}
	if o.baseline != "" {
		return errors.New("--baseline is for one log (with --each --new-only each athlete has a file of their own in $XDG_STATE_HOME/kneecheck)")
	}
	return runEach(ctx, o.env, o.global, pairs, eachJob{
		flags: o.each, read: o.read, paths: o.paths, failOn: rules.Severity(o.failOn), news: o.newOnly, view: o.view,
	})
}
