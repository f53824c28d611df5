package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
)

type shoesOptions struct {
	logOptions
	asOf dateFlag
}

func newShoesCmd(env *Env, g *globals) *cobra.Command {
	o := &shoesOptions{logOptions: logOptions{env: env, global: g}}
	cmd := &cobra.Command{
		Use:   "shoes PATH...",
		Short: "show what each pair of shoes has run and what is left",
		Long: `Shoes lists every pair: when it is worn, what it has run in all, on how many runs and when last, and what is left until the
marks of shoe-mileage (KC501), or until its own limit. A pair is worn by the runs that name it, in an export or in overrides.csv,
and else by default between its since and until in the configuration. What is on no pair is shown too.

` + pathHelp + "\n\n" + outputHelp,
		Example: "  kneecheck shoes export_123.zip\n  kneecheck shoes runs/ --format csv -o shoes.csv",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runShoes(cmd.Context(), o)
		},
	}
	o.out.bind(cmd, formatText, formatMarkdown, formatCSV, formatJSON)
	cmd.Flags().Var(&o.asOf, "as-of", "count up to `DATE` (the last run's unless given)")
	o.read.bind(cmd)
	o.read.bindStrict(cmd, "any problem")
	return cmd
}

func runShoes(ctx context.Context, o *shoesOptions) error {
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	asOf, err := o.asOf.asOf(r.today, r.lastRun())
	if err != nil {
		return err
	}
	if none := r.noRun(asOf); none != nil {
		return none
	}
	r.warnOfProblems()
	shoes := report.NewShoes(r.log(asOf), r.config.rules)
	err = writeAll(o.env, pairs, func(w io.Writer, p page) error {
		switch p.format {
		case formatJSON:
			return report.ShoesJSON(w, shoes)
		case formatMarkdown:
			return report.ShoesMarkdown(w, shoes, r.config.units)
		case formatCSV:
			return report.ShoesCSV(w, shoes)
		}
		return report.ShoesText(w, shoes, r.config.units, p.text())
	})
	if err != nil {
		return err
	}
	return r.done()
}
