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
	each   eachFlags
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

` + eachHelp + " The table then holds the rows of all, one athlete after the other, with the column athlete filled in.\n\n" + pathHelp,
		Example: "  kneecheck export runs runs/ -o runs.csv\n  kneecheck export weeks runs/ --format jsonl\n  kneecheck export samples runs/ --format parquet -o samples.parquet\n  kneecheck export runs --each athletes/*/ --format parquet -o club.parquet",
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
	o.each.bind(cmd)
	o.read.bind(cmd)
	return cmd
}

func runExport(ctx context.Context, o *exportOptions) error {
	switch {
	case o.places && o.table != tableSamples:
		return fmt.Errorf("--with-coordinates goes with samples only: %s have no coordinates", o.table)
	case o.places && o.each.pseudonym:
		return errors.New("--with-coordinates tells where somebody lives (leave it or --pseudonym out)")
	case export.Format(o.format) == export.Parquet && o.file == "" && o.env.OutWidth > 0:
		return errors.New("parquet is not for a screen (give -o FILE)")
	}
	if err := o.each.check(nil, nil); err != nil { // every format holds many athletes
		return err
	}
	if o.each.on {
		return o.exportEach(ctx)
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	if err != nil {
		return err
	}
	asOf, since, err := o.days(r)
	if err != nil {
		return err
	}
	if none := r.noRun(asOf); none != nil {
		return none
	}
	r.warnOfProblems()
	return streamTo(o.env, o.file, func(w io.Writer) error {
		table, err := o.open(w)
		if err != nil {
			return err
		}
		if err := table.add(ctx, r, asOf, since); err != nil {
			return err
		}
		return table.close()
	})
}

// days are the day that a log is exported as of, and the first one told.
func (o *exportOptions) days(r *reading) (asOf, since civil.Date, err error) {
	if asOf, err = o.asOf.asOf(r.today, r.today); err != nil || o.since.day == nil {
		return asOf, 0, err
	}
	since, err = o.since.before(asOf)
	return asOf, since, err
}

// table takes the rows of one log after the other.
type table struct {
	add   func(ctx context.Context, r *reading, asOf, since civil.Date) error
	close func() error
	// broken is why rows could not be written.
	broken error
}

// open begins the table that is wanted.
func (o *exportOptions) open(w io.Writer) (*table, error) {
	switch {
	case o.table == tableRuns:
		return openTable(w, o, judged(func(d *report.Document, log *analyze.Log, since civil.Date) []export.Run {
			first, _ := log.RunRange(since, log.AsOf)
			return export.Runs(d, export.Starts(log))[first:]
		}))
	case o.table == tableWeeks:
		return openTable(w, o, judged(func(d *report.Document, _ *analyze.Log, since civil.Date) []export.Week {
			rows := export.Weeks(d)
			for len(rows) > 0 && rows[0].End < since {
				rows = rows[1:]
			}
			return rows
		}))
	case o.table == tableFindings:
		return openTable(w, o, judged(func(d *report.Document, _ *analyze.Log, _ civil.Date) []export.Finding { return export.Findings(d) }))
	case o.places:
		return openTable(w, o, samples(o, func(s export.PlacedSample) export.PlacedSample { return s }))
	}
	return openTable(w, o, samples(o, func(s export.PlacedSample) export.Sample { return s.Sample }))
}

// source gives the rows of a log to write, in one piece or several.
type source[T any] func(ctx context.Context, r *reading, log *analyze.Log, since civil.Date, write func([]T) error) error

func openTable[T any](w io.Writer, o *exportOptions, rows source[T]) (*table, error) {
	out, err := export.NewWriter[T](w, export.Format(o.format))
	if err != nil {
		return nil, err
	}
	t := &table{close: out.Close}
	t.add = func(ctx context.Context, r *reading, asOf, since civil.Date) error {
		return rows(ctx, r, r.log(asOf), since, func(rows []T) error {
			t.broken = out.Write(rows)
			return t.broken
		})
	}
	return t, nil
}

// judged are rows of a log's document.
func judged[T any](rows func(d *report.Document, log *analyze.Log, since civil.Date) []T) source[T] {
	return func(_ context.Context, r *reading, log *analyze.Log, since civil.Date, write func([]T) error) error {
		r.hide(log)
		result := rules.RunSince(log, r.config.rules, r.config.units, since)
		if err := r.acknowledge(&result, log, since); err != nil {
			return err
		}
		d := report.Build(report.Input{
			Log: log, Result: result, Settings: r.config.rules, Receipt: r.receipt,
			From: since, To: log.AsOf, FailOn: rules.Warning, Units: r.config.units, Weeks: 1, Title: r.title,
		}).Document()
		return write(rows(&d, log, since))
	}
}

// sampleFiles is how many files are decoded before their rows are written: enough to keep every core busy, few enough to
// fit the memory.
const sampleFiles = 32

// samples reads the files of the log's runs once more, a few at a time, and gives every sample in the order of the runs'
// files. Runs that an export's table alone tells of have none.
func samples[T any](o *exportOptions, row func(export.PlacedSample) T) source[T] {
	return func(ctx context.Context, r *reading, log *analyze.Log, since civil.Date, write func([]T) error) error {
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
		for len(files) > 0 {
			n := min(sampleFiles, len(files))
			results, err := ingest.Map(ctx, files[:n], options, func(a *ingest.Activity) ([]T, *ingest.Problem) {
				if !ids[a.ID] {
					return nil, nil
				}
				placed := export.Samples(a, log.Athlete, a.ID, o.places)
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
					if err := write(rows); err != nil {
						return err
					}
				}
			}
			files = files[n:]
		}
		return nil
	}
}
