package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

type showOptions struct {
	logOptions
	// run names the run, empty for all runs of the one file named.
	run string
}

// The words for a run that need no date.
const (
	lastRun    = "last"
	longestRun = "longest"
)

func newShowCmd(env *Env, g *globals) *cobra.Command {
	o := &showOptions{logOptions: logOptions{env: env, global: g}}
	cmd := &cobra.Command{
		Use:   "show RUN PATH... | FILE",
		Short: "show one run in detail: splits, steps by pace, hills, ground",
		Long: `Show tells everything about one run: its totals beside those of the device, splits, steps a minute by pace against what is
expected and against the 84 days before, hills, ground, shoe, repairs, and the findings that name it. The run's file is read
again for it. No places are shown.

RUN is last, longest, a date such as 2026-06-14, an id or the beginning of one, or the run's file.
A FILE alone shows the runs in it, without a log to compare with; a folder alone shows its last run.

` + pathHelp + "\n\n" + outputHelp,
		Example: "  kneecheck show last runs/\n  kneecheck show 2026-06-14 runs/\n  kneecheck show runs/2026-06-14.fit runs/ --format json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("show needs a RUN and a PATH (kneecheck show last runs/)")
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return []string{lastRun, longestRun}, cobra.ShellCompDirectiveDefault
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run, o.paths = args[0], args[1:]
			if len(o.paths) == 0 {
				info, err := os.Stat(args[0])
				if err != nil {
					return fmt.Errorf("show needs a PATH to look for the run in (kneecheck show %s runs/)", args[0])
				}
				if o.run, o.paths = "", args; info.IsDir() {
					o.run = lastRun
				}
			}
			return runShow(cmd.Context(), o)
		},
	}
	o.out.bind(cmd, formatText, formatMarkdown, formatJSON)
	o.read.bind(cmd)
	return cmd
}

func runShow(ctx context.Context, o *showOptions) error {
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	asOf := r.lastRun()
	if none := r.noRun(asOf); none != nil {
		return none
	}
	log := r.log(asOf)
	found, err := findRuns(log, o.run)
	if err != nil {
		return err
	}
	first := log.Runs[found[0]].Date
	result := rules.RunSince(log, r.config.rules, r.config.units, first)
	if err := r.acknowledge(&result, log, first); err != nil {
		return err
	}
	details, why, err := o.details(ctx, r, log, found)
	if err != nil {
		return err
	}
	maps := o.global.memo(o.env, o.env.Now()).Maps
	ins := make([]report.RunInput, len(found))
	for i, at := range found {
		ins[i] = report.RunInput{Log: log, Run: at, Result: result, Units: r.config.units, SplitM: splitM(log.Runs[at], r.config.units)}
		if ins[i].Detail = details[at]; ins[i].Detail == nil {
			ins[i].NoDetail = why[at]
			continue
		}
		ground, err := analyze.ReadOne(ctx, log.Runs[at], maps, o.read.options(r, o.env.Now(), nil))
		if err != nil {
			return err
		}
		ins[i].Stretches, ins[i].Mapped, ins[i].ProbableTrack = ground.Stretches, ground.Mapped, ground.ProbableTrack
	}
	return writeAll(o.env, pairs, func(w io.Writer, p page) error {
		switch p.format {
		case formatJSON:
			return report.RunJSON(w, ins)
		case formatMarkdown:
			return report.RunMarkdown(w, ins)
		}
		return report.RunText(w, ins, p.text())
	})
}

// maxSplits is how many splits of a unit a screen takes; a longer run has splits of five, and then of ten units and so on.
const maxSplits = 50

// splitM is the length of the splits of a run in metres.
func splitM(r *analyze.Run, u analyze.Units) float64 {
	length := u.InM()
	for _, units := range []float64{1, 5, 10, 50} {
		if length = units * u.InM(); r.DistM <= maxSplits*length {
			break
		}
	}
	return length
}

// details reads the samples of runs again, by index in the log; why says for the others why there are none.
func (o *showOptions) details(ctx context.Context, r *reading, log *analyze.Log, found []int) (details map[int]*analyze.Detail, why map[int]string, err error) {
	details, why = map[int]*analyze.Detail{}, map[int]string{}
	byID, inFile := map[string]int{}, map[string]bool{}
	for _, i := range found {
		run := log.Runs[i]
		why[i] = "not known: the samples could not be read again."
		if run.Format == ingest.CSV {
			why[i] = "not known: only a line of a table tells of this run, without samples."
		}
		byID[run.ID], inFile[run.File] = i, true
	}
	options := o.read.options(r, o.env.Now(), nil)
	files, _, err := ingest.Discover(ctx, r.paths, options)
	if err != nil {
		return nil, nil, err
	}
	files = slices.DeleteFunc(files, func(f ingest.File) bool { return !inFile[f.Name] })
	type detail struct {
		run int
		analyze.Detail
	}
	results, err := ingest.Map(ctx, files, options, func(a *ingest.Activity) (*detail, *ingest.Problem) {
		i, ok := byID[a.ID]
		if !ok {
			return nil, nil
		}
		return &detail{i, analyze.NewDetail(a, splitM(log.Runs[i], r.config.units))}, nil
	})
	for _, result := range results {
		for _, d := range result.Values {
			if d != nil && d.run >= 0 {
				details[d.run] = &d.Detail
			}
		}
	}
	return details, why, err
}

// findRuns returns the runs of a log that a name means, by index: one, or all of the log for no name.
func findRuns(log *analyze.Log, name string) ([]int, error) {
	runs := log.Runs
	switch name {
	case "":
		all := make([]int, len(runs))
		for i := range all {
			all[i] = i
		}
		return all, nil
	case lastRun:
		return []int{len(runs) - 1}, nil
	case longestRun:
		return []int{longest(runs)}, nil
	}
	if day, err := civil.Parse(name); err == nil {
		return oneOf(log, "on "+name, runsWhere(runs, func(r *analyze.Run) bool { return r.Date == day }))
	}
	if isID(name) {
		exact := runsWhere(runs, func(r *analyze.Run) bool { return r.ID == name })
		if len(exact) == 0 {
			exact = runsWhere(runs, func(r *analyze.Run) bool { return strings.HasPrefix(r.ID, name) })
		}
		if len(exact) > 0 {
			return oneOf(log, "with an id that begins with "+name, exact)
		}
	}
	if found := ofFile(runs, name); len(found) > 0 {
		return found, nil
	}
	return nil, fmt.Errorf("no run is %q: give last, longest, a date such as %v, an id, or a file of the log", name, runs[len(runs)-1].Date)
}

// longest is the longest run, the latest of several.
func longest(runs []*analyze.Run) int {
	best := 0
	for i := range runs {
		if runs[i].DistM >= runs[best].DistM {
			best = i
		}
	}
	return best
}

func runsWhere(runs []*analyze.Run, is func(*analyze.Run) bool) []int {
	var found []int
	for i := range runs {
		if is(runs[i]) {
			found = append(found, i)
		}
	}
	return found
}

// minID is the least of an id that names a run.
const minID = 4

// isID tells whether a name can be the beginning of a run's id.
func isID(name string) bool {
	return len(name) >= minID && strings.Trim(name, "0123456789abcdef-") == ""
}

// ofFile are the runs of a file: named as the log names it, by another way to it, or by the end of its path.
func ofFile(runs []*analyze.Run, name string) []int {
	slashed := filepath.ToSlash(filepath.Clean(name))
	full, _ := filepath.Abs(name) // fails only without a working directory
	is := func(file string) bool {
		path := filepath.FromSlash(file)
		if file == slashed {
			return true
		}
		abs, err := filepath.Abs(path)
		return err == nil && abs == full
	}
	anyOf := func(is func(string) bool) []int {
		return runsWhere(runs, func(r *analyze.Run) bool { return is(r.File) || slices.ContainsFunc(r.AlsoIn, is) })
	}
	if found := anyOf(is); len(found) > 0 {
		return found
	}
	return anyOf(func(file string) bool {
		return strings.HasSuffix(file, "/"+slashed) || strings.HasSuffix(file, "!"+slashed)
	})
}

// severalRuns is a name that more than one run has.
type severalRuns struct {
	say  string
	runs []string
}

func (s *severalRuns) Error() string { return s.say }

// Lines are the sentence and the runs.
func (s *severalRuns) Lines() []string { return append([]string{s.say}, s.runs...) }

// oneOf returns the one run found; it is an error that there is none, or more, and then it lists them.
func oneOf(log *analyze.Log, what string, found []int) ([]int, error) {
	switch len(found) {
	case 1:
		return found, nil
	case 0:
		return nil, fmt.Errorf("no run %s (the log has %s, %v to %v)", what, plural(len(log.Runs), "run"), log.Runs[0].Date, log.Runs[len(log.Runs)-1].Date)
	}
	several := &severalRuns{say: fmt.Sprintf("%s %s (name one by its id):", plural(len(found), "run"), what)}
	for _, i := range found {
		r := log.Runs[i]
		several.runs = append(several.runs, fmt.Sprintf("  %s  %s  %.1f km  %s", r.ID, r.Start.Format("2006-01-02 15:04"), r.DistM/1000, r.File))
	}
	return nil, several
}
