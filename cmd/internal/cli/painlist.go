package cli

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
	"kneecheck/cmd/internal/report"
	"kneecheck/rules"
)

type painListOptions struct {
	env    *Env
	global *globals
	out    outputs
	path   string
}

func newPainListCmd(env *Env, g *globals) *cobra.Command {
	o := &painListOptions{env: env, global: g}
	cmd := &cobra.Command{
		Use:   "list [PATH]",
		Short: "show the pain journal as a table",
		Long: `List shows the entries of the pain journal in order of day, and marks signs that need a professional.

` + journalHelp + "\n\n" + outputHelp,
		Example: "  kneecheck pain list\n  kneecheck pain list runs/ --format json",
		Args:    atMostOnePath,
		RunE: func(_ *cobra.Command, args []string) error {
			o.path = first(args)
			return runPainList(o)
		},
	}
	o.out.bind(cmd, formatText, formatJSON, formatCSV)
	return cmd
}

func runPainList(o *painListOptions) error {
	pairs, err := o.out.resolve()
	if err != nil {
		return err
	}
	place, err := findJournal(o.env, o.global, o.path)
	if err != nil {
		return err
	}
	entries, err := readJournal(place.file, true, place.today)
	if err != nil {
		return err
	}
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b analyze.Pain) int { return int(a.Date) - int(b.Date) })
	in := report.PainInput{File: place.file, AsOf: place.today, Entries: entries}
	if flag, ok := flagsInForce(entries, place.today); ok {
		in.Flag = &flag
	}
	in.Signs = make([][]analyze.PainSign, len(entries))
	for i := range entries {
		in.Signs[i] = rules.RedFlags(&entries[i])
	}
	return writeAll(o.env, pairs, func(w io.Writer, p page) error {
		switch p.format {
		case formatJSON:
			return report.PainJSON(w, in)
		case formatCSV:
			_, err := w.Write(painlog.Encode(entries))
			return err
		}
		return report.PainText(w, in, p.text())
	})
}
