package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

const pathHelp = `PATH is a folder, read with everything below it, or an activity file: FIT, GPX or TCX, also as .gz, told by content,
or a .zip archive of them, read as it is.
- reads a list of paths from standard input, one a line.`

// readFlags are the flags of every command that reads activity files.
type readFlags struct {
	sport  sportFlag
	size   sizeFlag
	strict bool
	// noJournal leaves the pain journal out, for a command that judges nothing.
	noJournal bool
}

func (f *readFlags) bind(cmd *cobra.Command) {
	choice(cmd, &f.sport, "assume-sport", "`SPORT` of files that do not tell theirs, else decided by speed", sports)
	cmd.Flags().Var(&f.size, "max-size", "refuse files above `SIZE`, such as 200MB (64MiB unless given; four times that decompressed)")
}

func (f *readFlags) bindStrict(cmd *cobra.Command, what string) {
	cmd.Flags().BoolVar(&f.strict, "strict", false, "exit 3 on "+what)
}

// logOptions are what the options of every command have in common that reads a log and writes results.
type logOptions struct {
	env    *Env
	global *globals
	read   readFlags
	out    outputs
	paths  []string
}

// open makes sure that the results have places to go to, and reads the log.
func (o *logOptions) open(ctx context.Context) ([]output, *reading, error) {
	pairs, err := o.out.resolve()
	if err != nil {
		return nil, nil, err
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	return pairs, r, err
}

// needPaths refuses a command line without a PATH.
func needPaths(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s needs a PATH: a folder or an activity file, or - for a list on standard input", cmd.Name())
	}
	return nil
}

// noArgs refuses arguments of a command that takes none.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument, not %q", cmd.Name(), args[0])
	}
	return nil
}

// reading is everything read from the paths of one athlete, not yet a log.
type reading struct {
	env    *Env
	config config
	paths  []string
	// athlete is the name of the runner among others, empty for the only one.
	athlete string
	// pseudonym stands for that name and hides every other one; empty where names are shown.
	pseudonym string
	// names are what stands for the others; nil where they are shown.
	names *pseudonyms
	// folder is the first of the paths that is a folder, empty when none is: there a runner keeps pain.csv and its like.
	folder   string
	title    string
	runs     []analyze.Run
	strength []analyze.Strength
	receipt  *analyze.Receipt
	// pain is the pain journal, nil without one.
	pain []analyze.Pain
	// today is the day by the clock, in the configured home zone if there is one.
	today civil.Date
	// elapsed is how long reading took.
	elapsed time.Duration
	strict  bool
}

// read reads the paths named on the command line with the configuration that goes with them.
func read(ctx context.Context, env *Env, g *globals, f readFlags, args []string) (*reading, error) {
	paths, err := expandPaths(ctx, env.In, args)
	if err != nil {
		return nil, err
	}
	folder, err := checkPaths(paths)
	if err != nil {
		return nil, err
	}
	r := &reading{env: env, paths: paths, folder: folder, title: title(args), strict: f.strict}
	if r.config, err = g.settings(env, folder); err != nil {
		return nil, err
	}
	bar := newProgress(env)
	err = r.fill(ctx, f, collectLate(env, bar.callback()), g.memo(env, env.Now()).Read)
	bar.clear()
	if r.receipt != nil {
		warnOfMaps(env, r.receipt.Maps)
	}
	return r, err
}

// warnOfMaps says on standard error why street maps could not be used.
func warnOfMaps(env *Env, faults []error) {
	for _, err := range faults {
		fmt.Fprintf(env.Err, "kneecheck: %v; the ground is judged without it\n", err)
	}
}

// reader reads the activities below paths, as analyze.Read does.
type reader func(ctx context.Context, paths []string, o ingest.Options) ([]analyze.Run, []analyze.Strength, *analyze.Receipt, error)

// fill reads what goes with the configuration: the pain journal, the activities, and the runner's own corrections of them.
func (r *reading) fill(ctx context.Context, f readFlags, progress func(ingest.Progress), activities reader) error {
	now := r.env.Now()
	if r.config.homeZone != nil {
		now = now.In(r.config.homeZone)
	}
	r.today = civil.Of(now)
	if !f.noJournal {
		var err error
		if r.pain, err = readJournal(sidePath(r.config.paths.pain, r.folder, painlog.FileName), r.config.paths.pain != "", r.today); err != nil {
			return err
		}
	}
	var err error
	r.runs, r.strength, r.receipt, err = activities(ctx, r.paths, f.options(r, now, progress))
	if r.receipt != nil && r.receipt.Unsaved != nil && r.env.ErrWidth > 0 {
		// Worth a word to a person who waits each time, and none to a cron job without a home.
		fmt.Fprintf(r.env.Err, "kneecheck: what was read cannot be remembered: %v\n", r.receipt.Unsaved)
	}
	r.elapsed = r.env.Now().Sub(now)
	if err != nil {
		return err
	}
	if err = r.override(); err == nil {
		err = r.checkShoes()
	}
	return err
}

// options are the choices of the command line and the configuration that shape what is read.
func (f readFlags) options(r *reading, now time.Time, progress func(ingest.Progress)) ingest.Options {
	return ingest.Options{
		HomeZone: r.config.homeZone, AssumeSport: ingest.Sport(f.sport), MaxBytes: int64(f.size), Now: now, Progress: progress,
	}
}

// expandPaths replaces - by the lines of standard input.
func expandPaths(ctx context.Context, in io.Reader, args []string) ([]string, error) {
	i := slices.Index(args, "-")
	if i < 0 {
		return args, nil
	}
	if slices.Contains(args[i+1:], "-") {
		return nil, errors.New("- is given twice: standard input holds one list")
	}
	list, err := readLines(ctx, in)
	if err != nil {
		return nil, err
	}
	paths := slices.Concat(args[:i], list, args[i+1:])
	if len(paths) == 0 {
		return nil, &outcome{noRun: true, say: "standard input: the list names no path"}
	}
	return paths, nil
}

// readLines reads the lines that are not blank. It gives up waiting when ctx ends, for a terminal may never send
// anything.
func readLines(ctx context.Context, in io.Reader) ([]string, error) {
	type result struct {
		lines []string
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			if line := strings.TrimSuffix(lines.Text(), "\r"); strings.TrimSpace(line) != "" {
				r.lines = append(r.lines, line)
			}
		}
		if r.err = lines.Err(); r.err != nil {
			r.err = fmt.Errorf("standard input: the list of paths cannot be read: %w", r.err)
		}
		done <- r
	}()
	select {
	case r := <-done:
		return r.lines, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// checkPaths makes sure that every path is there, and returns the first that is a folder, else nothing.
func checkPaths(paths []string) (folder string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, plainPathError(err))
		}
		if info.IsDir() && folder == "" {
			folder = path
		}
	}
	return folder, nil
}

// title names a log by the paths as typed.
func title(args []string) string {
	if len(args) == 1 && args[0] == "-" {
		return "standard input"
	}
	if len(args) > 2 {
		return fmt.Sprintf("%s and %d more", args[0], len(args)-1)
	}
	return strings.Join(args, " ")
}

// lastRun is the last day that there is something to tell of, and not in the future: that of the last run, or of the last
// entry of the pain journal, for a knee that hurts may stop the runs. It is today without a run.
func (r *reading) lastRun() civil.Date {
	last, found := r.today, false
	for i := range r.runs {
		if d := r.runs[i].Date; d <= r.today && (!found || d > last) {
			last, found = d, true
		}
	}
	for i := range r.pain {
		last = max(last, r.pain[i].Date)
	}
	return last
}

// noRun says why there is not one run to judge up to asOf; nil when there is one.
func (r *reading) noRun(asOf civil.Date) *outcome {
	first := civil.Date(0)
	for i := range r.runs {
		d := r.runs[i].Date
		if d <= asOf {
			return nil
		}
		if i == 0 || d < first {
			first = d
		}
	}
	say := r.whyEmpty()
	if len(r.runs) > 0 {
		say = fmt.Sprintf("no run up to %v: the first one is on %v", asOf, first)
	}
	return &outcome{noRun: true, strict: r.strict, say: r.title + ": " + say}
}

const formatsRead = "FIT, GPX and TCX are read, also as .gz and in .zip archives."

// whyEmpty says what was found instead of runs.
func (r *reading) whyEmpty() string {
	rc := r.receipt
	problems := realProblems(rc.Problems)
	unread := ""
	if len(problems) > 0 {
		unread = fmt.Sprintf(" %s could not be read; the first: %s: %v", plural(len(problems), "file"), r.short(problems[0].File), problems[0])
	}
	switch {
	case rc.Activities > 0:
		say := "no run among " + plural(rc.Activities, "activity") + "."
		if n := unknownSport(rc); n > 0 {
			say += fmt.Sprintf(" The sport of %d is not known (--assume-sport running counts them as runs).", n)
		}
		return say + unread
	case unread != "":
		return "no usable run." + unread
	case rc.Files > 0:
		return "no run found: " + plural(rc.Files, "file") + " without an activity (settings, workouts or monitoring)"
	case rc.Ignored == 0:
		return "no activity files found: there is nothing in it. " + formatsRead
	}
	i := slices.IndexFunc(rc.Outcomes, func(o analyze.Outcome) bool { return o.Ignored })
	if i < 0 || rc.Outcomes[i].File == r.title {
		return "not an activity file. " + formatsRead
	}
	return fmt.Sprintf("no activity files found. Looked at %s; the first: %s. %s", plural(rc.Ignored, "file"), r.short(rc.Outcomes[i].File), formatsRead)
}

// unknownSport counts the activities whose sport neither the file nor the speed tells.
func unknownSport(rc *analyze.Receipt) int {
	n := 0
	for _, o := range rc.Outcomes {
		for _, s := range o.Sessions {
			if s.Sport == ingest.UnknownSport {
				n++
			}
		}
	}
	return n
}

// short leaves out the folder where only one was named.
func (r *reading) short(file string) string {
	if len(r.paths) == 1 {
		if rest, ok := strings.CutPrefix(file, filepath.ToSlash(filepath.Clean(r.paths[0]))+"/"); ok {
			return rest
		}
	}
	return file
}

// done is the end of a command that judges no rule: files with a problem count in strict mode.
func (r *reading) done() error {
	return (&outcome{gaps: len(realProblems(r.receipt.Problems)) > 0, strict: r.strict}).err()
}

// realProblems leaves out the files that are simply not activities.
func realProblems(all []*ingest.Problem) []*ingest.Problem {
	var list []*ingest.Problem
	for _, p := range all {
		if p.Kind != ingest.NotActivity {
			list = append(list, p)
		}
	}
	return list
}

// warnOfProblems says in one line on standard error that not everything could be read.
func (r *reading) warnOfProblems() {
	problems := realProblems(r.receipt.Problems)
	if len(problems) == 0 {
		return
	}
	var kinds []ingest.ProblemKind
	count := map[ingest.ProblemKind]int{}
	for _, p := range problems {
		if count[p.Kind] == 0 {
			kinds = append(kinds, p.Kind)
		}
		count[p.Kind]++
	}
	slices.Sort(kinds)
	var parts []string
	for _, k := range kinds {
		parts = append(parts, fmt.Sprintf("%d %s", count[k], k))
	}
	fmt.Fprintf(r.env.Err, "kneecheck: %s in %s: %s (kneecheck ingest lists them)\n",
		plural(len(problems), "problem"), plural(r.receipt.Files, "activity file"), strings.Join(parts, ", "))
}
