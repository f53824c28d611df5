package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
	"kneecheck/rules"
)

type reportOptions struct {
	logOptions
	each eachFlags
	asOf dateFlag
	week weekFlag
	mail mailFlags
	// onlyFindings writes nothing about a week without a finding of at least the severity.
	onlyFindings bool
	least        severityFlag
	leastGiven   bool
}

func newReportCmd(env *Env, g *globals) *cobra.Command {
	o := &reportOptions{logOptions: logOptions{env: env, global: g}, week: weekFlag{back: 1}}
	cmd := &cobra.Command{
		Use:   "report PATH...",
		Short: "write the report of one week, for a mail",
		Long: `Report tells of one week: what changed against the week before, which run did it, what fired, one thing to do, and what
the next week has room for. A week in which nothing fired is told in a few lines, one without a run in a sentence.

--format eml writes a whole mail with a plain and an HTML part, for a program that sends it: kneecheck report runs/ --format eml
--to me@example.org | sendmail -t. kneecheck itself sends nothing. With --only-findings nothing is written about a week without
a finding (an -o FILE is then empty), so that a script knows when there is nothing to send; JSON is written all the same.

` + eachHelp + "\n\n" + pathHelp + "\n\n" + outputHelp,
		Example: "  kneecheck report runs/ --week last\n  kneecheck report runs/ --week 2026-W23 --format markdown -o week.md\n  kneecheck report runs/ --format eml --to me@example.org --only-findings",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths, o.leastGiven = args, cmd.Flags().Changed("least")
			return runReport(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	o.out.bind(cmd, reportFormats...)
	flags.Var(&o.week, "week", "report on `WEEK`: last, this, or an ISO week such as 2026-W47 (last unless given)")
	completeFlag(cmd, "week", "last", "this")
	flags.Var(&o.asOf, "as-of", "judge the log as it stood on `DATE` (today unless given, but never after the week of --week 2026-W47)")
	o.each.bind(cmd)
	o.mail.bind(cmd)
	flags.BoolVar(&o.onlyFindings, "only-findings", false, "write nothing about a week without a finding")
	choice(cmd, &o.least, "least", "with --only-findings, count findings of at least `SEVERITY`", severityNames)
	o.read.bind(cmd)
	o.read.bindStrict(cmd, "any problem or rule not judged")
	return cmd
}

// reportFormats are those of report, with --each and without.
var reportFormats = []string{formatText, formatMarkdown, formatHTML, formatEML, formatJSON}

func runReport(ctx context.Context, o *reportOptions) error {
	pairs, err := o.out.resolve()
	if err != nil {
		return err
	}
	if err := o.each.check(pairs, reportFormats); err != nil {
		return err
	}
	frame, err := o.mail.frame(pairs, o.env.Now())
	if err != nil {
		return err
	}
	if o.leastGiven && !o.onlyFindings {
		return errors.New("--least goes with --only-findings: without it every week is told")
	}
	if o.each.on {
		return runEach(ctx, o.env, o.global, pairs, eachJob{
			flags: o.each, read: o.read, paths: o.paths, failOn: rules.Warning, mail: frame, weekly: true,
			silent: o.onlyFindings, least: rules.Severity(o.least), view: o.view,
		})
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	if err != nil {
		return err
	}
	v, err := o.view(r)
	if err != nil {
		return err
	}
	v.eml = func(w io.Writer, rep *report.Report) error { return report.WeekMail(w, rep, frame) }
	return r.present(pairs, v)
}

// view is what is shown of a log.
func (o *reportOptions) view(r *reading) (view, error) {
	asOf, err := o.asOf.asOf(r.today, r.today)
	if err != nil {
		return view{}, err
	}
	start := o.week.start(asOf, r.config.weekStart)
	if start > asOf {
		return view{}, fmt.Errorf("--week: the week of %v begins after %v", start, asOf)
	}
	if o.week.thursday != nil && o.asOf.day == nil {
		asOf = min(asOf, start+6)
	}
	return view{
		asOf: asOf, from: start, to: start + 6, failOn: rules.Warning,
		silent: o.onlyFindings, least: rules.Severity(o.least),
		text: report.WeekText, markdown: report.WeekMarkdown, html: report.WeekHTML,
	}, nil
}
