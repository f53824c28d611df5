package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/export"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// The tables of export.
const (
	tableRuns     = "runs"
	tableWeeks    = "weeks"
	tableFindings = "findings"
	tableSamples  = "samples"
)

var tables = []string{tableRuns, tableWeeks, tableFindings, tableSamples}

type exportOptions struct {
	env    *Env
	global *globals
	read   readFlags
	format formatName
	file   string
	asOf   dateFlag
	since  dateFlag
	places bool
	table  string
	paths  []string
}

// formatName is the one format of a table.
type formatName export.Format

func (f *formatName) String() string { return string(*f) }
func (f *formatName) Type() string   { return "format" }

func (f *formatName) Set(s string) error {
	for _, known := range export.Formats() {
		if s == string(known) {
			*f = formatName(known)
			return nil
		}
	}
	return unknown("format", s, exportFormats())
}

func exportFormats() []string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, string(f))
	}
	return names
}

func newExportCmd(env *Env, g *globals) *cobra.Command {
	o := &exportOptions{env: env, global: g, format: formatName(export.CSV)}
	cmd := &cobra.Command{
		Use:   "export TABLE PATH...",
		Short: "write runs, weeks, findings or samples as a table for other programs",
		Long: `Export writes one flat table: runs, weeks, findings, or samples (every sample of every run; files are read again for
it, and only with --with-coordinates does it hold places). Columns have the same names in every format, with their
unit; missing numbers are empty, never 0.

` + pathHelp,
		Example: "  kneecheck export runs runs/ -o runs.csv\n  kneecheck export weeks runs/ --format jsonl\n  kneecheck export samples runs/ --format parquet -o samples.parquet",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("export needs a table (%s)", strings.Join(tables, ", "))
			}
			if !slices.Contains(tables, args[0]) {
				return unknown("table", args[0], tables)
			}
			return needPaths(cmd, args[1:])
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return tables, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.table, o.paths = args[0], args[1:]
			return runExport(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	choice(cmd, &o.format, "format", "`FORMAT` of the table", exportFormats())
	flags.StringVarP(&o.file, "output", "o", "", "write the table to `FILE` instead of standard output")
	flags.Var(&o.asOf, "as-of", "export the log as it stood on `DATE` (today unless given)")
	flags.Var(&o.since, "since", "leave out what ends before `DATE`")
	flags.BoolVar(&o.places, "with-coordinates", false, "add latitude and longitude to samples: they tell where somebody lives")
	o.read.bind(cmd)
	return cmd
}

func runExport(ctx context.Context, o *exportOptions) error {
	if o.places && o.table != tableSamples {
		return fmt.Errorf("--with-coordinates goes with samples only: %s have no coordinates", o.table)
	}
	if export.Format(o.format) == export.Parquet && o.file == "" && o.env.OutWidth > 0 {
		return errors.New("parquet is not for a screen (give -o FILE)")
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	if err != nil {
		return err
	}
	asOf, err := o.asOf.asOf(r.today, r.today)
	if err != nil {
		return err
	}
	since := civil.Date(0)
	if o.since.day != nil {
		if since, err = o.since.before(asOf); err != nil {
			return err
		}
	}
	if none := r.noRun(asOf); none != nil {
		return none
	}
	r.warnOfProblems()
	log := r.log(asOf)
	return streamTo(o.env, o.file, func(w io.Writer) error {
		if o.table == tableSamples {
			return o.samples(ctx, w, r, log, since)
		}
		return o.rows(w, r, log, since)
	})
}

// rows writes one of the tables of figures.
func (o *exportOptions) rows(w io.Writer, r *reading, log *analyze.Log, since civil.Date) error {
	result := rules.RunSince(log, r.config.rules, r.config.units, since)
	if err := r.acknowledge(&result, log, since); err != nil {
		return err
	}
	rep := report.Build(report.Input{
		Log: log, Result: result, Settings: r.config.rules, Receipt: r.receipt,
		From: since, To: log.AsOf, FailOn: rules.Warning, Units: r.config.units, Weeks: 1, Title: r.title,
	})
	d, f := rep.Document(), export.Format(o.format)
	switch o.table {
	case tableRuns:
		rows := export.Runs(&d, export.Starts(log))
		first, _ := log.RunRange(since, log.AsOf)
		return export.Write(w, f, rows[first:])
	case tableWeeks:
		rows := export.Weeks(&d)
		for len(rows) > 0 && rows[0].End < since {
			rows = rows[1:]
		}
		return export.Write(w, f, rows)
	}
	return export.Write(w, f, export.Findings(&d))
}

// sampleFiles is how many files are decoded before their rows are written: enough to keep every core busy, few enough to
// fit the memory.
const sampleFiles = 32

// samples reads the files of the log's runs once more, a few at a time, and writes every sample in the order of the runs'
// files. Runs that an export's table alone tells of have none.
func (o *exportOptions) samples(ctx context.Context, w io.Writer, r *reading, log *analyze.Log, since civil.Date) error {
	if o.places {
		return writeSamples(ctx, w, o, r, log, since, func(s export.PlacedSample) export.PlacedSample { return s })
	}
	return writeSamples(ctx, w, o, r, log, since, func(s export.PlacedSample) export.Sample { return s.Sample })
}

func writeSamples[T any](ctx context.Context, w io.Writer, o *exportOptions, r *reading, log *analyze.Log, since civil.Date, row func(export.PlacedSample) T) error {
	ids, inFile := map[string]bool{}, map[string]bool{}
	first, end := log.RunRange(since, log.AsOf)
	for _, run := range log.Runs[first:end] {
		ids[run.ID], inFile[run.File] = true, true
	}
	options := o.read.options(r, o.env.Now(), nil)
	all, _, err := ingest.Discover(ctx, r.paths, options)
	if err != nil {
		return err
	}
	var files []ingest.File
	for _, f := range all {
		if inFile[f.Name] {
			files = append(files, f)
		}
	}
	table, err := export.NewWriter[T](w, export.Format(o.format))
	if err != nil {
		return err
	}
	for len(files) > 0 {
		n := min(sampleFiles, len(files))
		results, err := ingest.Map(ctx, files[:n], options, func(a *ingest.Activity) ([]T, *ingest.Problem) {
			if !ids[a.ID] {
				return nil, nil
			}
			placed := export.Samples(a, a.ID, o.places)
			rows := make([]T, len(placed))
			for i := range placed {
				rows[i] = row(placed[i])
			}
			return rows, nil
		})
		if err != nil {
			return err
		}
		for _, result := range results {
			for _, rows := range result.Values {
				if err := table.Write(rows); err != nil {
					return err
				}
			}
		}
		files = files[n:]
	}
	return table.Close()
}
