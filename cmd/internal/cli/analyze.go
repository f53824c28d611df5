package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// defaultWeeks is how many weeks analyze shows: two months fit a screen and hold a whole training block.
const defaultWeeks = 8

type analyzeOptions struct {
	logOptions
	asOf  dateFlag
	since dateFlag
	weeks weeksFlag
}

func newAnalyzeCmd(env *Env, g *globals) *cobra.Command {
	o := &analyzeOptions{logOptions: logOptions{env: env, global: g}}
	cmd := &cobra.Command{
		Use:   "analyze PATH...",
		Short: "show the whole picture of a log on one screen",
		Long: `Analyze shows the weeks of a running log, what stands out and why, what could not be judged, and the next step.
The log is judged as of its last run, or of the last entry of its pain journal (kneecheck pain --help).

` + pathHelp + "\n\n" + outputHelp,
		Example: "  kneecheck analyze runs/\n  kneecheck analyze runs/ --weeks 16\n  kneecheck analyze runs/ --format text --format json -o log.json",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runAnalyze(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	o.out.bind(cmd, formatText, formatMarkdown, formatHTML, formatJSON)
	flags.Var(&o.asOf, "as-of", "judge the log as it stood on `DATE` (the last run's unless given)")
	flags.Var(&o.since, "since", "show weeks and findings since `DATE`")
	flags.Var(&o.weeks, "weeks", fmt.Sprintf("show the last `NUMBER` of weeks and their findings (%d unless given)", defaultWeeks))
	o.read.bind(cmd)
	o.read.bindStrict(cmd, "any problem or rule not judged")
	return cmd
}

func runAnalyze(ctx context.Context, o *analyzeOptions) error {
	if o.weeks > 0 && o.since.day != nil {
		return errors.New("--weeks and --since both choose the weeks (give one of them)")
	}
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	asOf, err := o.asOf.asOf(r.today, r.lastRun())
	if err != nil {
		return err
	}
	this := asOf.WeekStart(r.config.weekStart)
	weeks := cmp.Or(int(o.weeks), defaultWeeks)
	from := this - 7*civil.Date(weeks-1)
	if o.since.day != nil {
		if from, err = o.since.before(asOf); err != nil {
			return err
		}
		weeks = int(this-from.WeekStart(r.config.weekStart))/7 + 1
	}
	return r.present(pairs, view{
		asOf: asOf, from: from, to: asOf, weeks: weeks, failOn: rules.Warning,
		text: report.Text, markdown: report.Markdown, html: report.HTML,
	})
}
