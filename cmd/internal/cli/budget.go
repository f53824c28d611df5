package cli

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
	"kneecheck/rules"
)

type budgetOptions struct {
	logOptions
	asOf dateFlag
}

func newBudgetCmd(env *Env, g *globals) *cobra.Command {
	o := &budgetOptions{logOptions: logOptions{env: env, global: g}}
	cmd := &cobra.Command{
		Use:   "budget PATH...",
		Short: "tell how far the coming days and weeks may go",
		Long: `Budget tells for each of the next seven days the longest run, and for this week and the next the total, that set off no new
warning of any rule that is on, and which rule is the limit. After a layoff it lays out the way back week by week. A step
rate to try is told only where a cadence rule fired or knee pain is logged.

` + pathHelp + "\n\n" + outputHelp,
		Example: "  kneecheck budget runs/\n  kneecheck budget runs/ --as-of 2026-06-14 --format json\n  kneecheck budget runs/ --format markdown -o budget.md",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runBudget(cmd.Context(), o)
		},
	}
	o.out.bind(cmd, formatText, formatMarkdown, formatJSON)
	cmd.Flags().Var(&o.asOf, "as-of", "look ahead from `DATE` (today unless given)")
	o.read.bind(cmd)
	o.read.bindStrict(cmd, "any problem")
	return cmd
}

func runBudget(ctx context.Context, o *budgetOptions) error {
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	asOf, err := o.asOf.asOf(r.today, r.today)
	if err != nil {
		return err
	}
	log := r.log(asOf)
	in := report.BudgetInput{Log: log, Budget: rules.NewBudget(log, r.config.rules, r.config.units), Units: r.config.units, Title: r.title}
	none := r.noRun(asOf)
	if none != nil {
		// Without a run only JSON is written, as by the other commands.
		pairs = slices.DeleteFunc(pairs, func(p output) bool { return p.format != formatJSON })
	} else {
		r.warnOfProblems()
	}
	err = writeAll(r.env, pairs, func(w io.Writer, p page) error {
		switch p.format {
		case formatJSON:
			return report.BudgetJSON(w, in)
		case formatMarkdown:
			return report.BudgetMarkdown(w, in)
		}
		return report.BudgetText(w, in, p.text())
	})
	if err != nil {
		return err
	}
	if none != nil {
		return none
	}
	return r.done()
}
