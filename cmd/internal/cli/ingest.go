package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
)

type ingestOptions struct {
	logOptions
	details bool
}

func newIngestCmd(env *Env, g *globals) *cobra.Command {
	o := &ingestOptions{logOptions: logOptions{env: env, global: g}}
	cmd := &cobra.Command{
		Use:     "ingest PATH...",
		Aliases: []string{"doctor"},
		Short:   "read everything and tell what became of every file",
		Long: `Ingest reads every file and prints the receipt: how many runs there are, which copies were merged, what was repaired or
doubted, and which files could not be used and why.

` + pathHelp,
		Example: "  kneecheck ingest runs/\n  kneecheck doctor runs/ --details",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runIngest(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	o.out.bind(cmd, formatText)
	flags.BoolVar(&o.details, "details", false, "print one line a file")
	o.read.bind(cmd)
	o.read.bindStrict(cmd, "any problem")
	o.read.noJournal = true
	return cmd
}

func runIngest(ctx context.Context, o *ingestOptions) error {
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	// The receipt is about files, so that runs which a wrong clock put into the future count too.
	asOf := r.today
	for i := range r.runs {
		asOf = max(asOf, r.runs[i].Date)
	}
	in := report.ReceiptInput{
		Title: r.title, Receipt: r.receipt, Log: r.log(asOf), Units: r.config.units, Elapsed: r.elapsed, Details: o.details,
	}
	err = writeAll(o.env, pairs, func(w io.Writer, p page) error {
		return report.ReceiptText(w, in, p.text())
	})
	if err != nil {
		return err
	}
	if none := r.noRun(asOf); none != nil {
		return none
	}
	return r.done()
}
