package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// eachFlags are those of the commands that can judge many athletes one by one.
type eachFlags struct {
	on, pseudonym bool
}

const eachHelp = `With --each every PATH is the folder of one athlete, named for the folder, with a kneecheck.toml, pain.csv, acks.csv and
overrides.csv of their own. The configuration of --config, of KNEECHECK_CONFIG or of the working directory is that of all,
and what an athlete's says counts before it. An athlete whose folder cannot be used is incomplete (3) and the others are
judged. With --pseudonym every name is hidden: KNEECHECK_SALT is the secret that pseudonyms are made with.`

func (f *eachFlags) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.on, "each", false, "take every PATH for the folder of one athlete")
	cmd.Flags().BoolVar(&f.pseudonym, "pseudonym", false, "with --each, show pseudonyms for the athletes and no name of a file, run or shoe")
}

// check refuses what makes no sense together.
func (f *eachFlags) check(pairs []output, formats []string) error {
	if f.pseudonym && !f.on {
		return errors.New("--pseudonym goes with --each")
	}
	for _, p := range pairs {
		if f.on && !slices.Contains(formats, p.format) {
			return fmt.Errorf("--each has no format %s (%s)", p.format, strings.Join(formats, ", "))
		}
	}
	return nil
}

// athlete is one of many: a folder and its name.
type athlete struct{ folder, name, pseudonym string }

// athletesOf finds the athletes of a command line. What is no folder, and a folder named twice, are slips of the pen.
func athletesOf(ctx context.Context, env *Env, args []string) ([]athlete, error) {
	paths, err := expandPaths(ctx, env.In, args)
	if err != nil {
		return nil, err
	}
	if paths, err = expandPatterns(paths); err != nil {
		return nil, err
	}
	var list []athlete
	at := map[string]string{}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: no such folder", path)
		case err == nil && !info.IsDir():
			return nil, fmt.Errorf("%s: is a file: with --each every PATH is the folder of one athlete (a pattern that ends in a slash, as athletes/*/, names folders only)", path)
		}
		// Whatever else is wrong with it is told when it is read.
		real := realPath(path)
		if other, twice := at[real]; twice {
			return nil, fmt.Errorf("%s: is the same folder as %s (with --each give every athlete once)", path, other)
		}
		at[real] = path
		list = append(list, athlete{folder: filepath.Clean(path), name: real})
	}
	for real, path := range at {
		for above := filepath.Dir(real); above != filepath.Dir(above); above = filepath.Dir(above) {
			if other, inside := at[above]; inside {
				return nil, fmt.Errorf("%s: lies in %s: with --each one athlete's folder cannot hold another's", path, other)
			}
		}
	}
	nameAthletes(list)
	// Whatever the order of the command line, athletes are told in one order.
	slices.SortFunc(list, func(a, b athlete) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

// expandPatterns does what a shell does that is none: it replaces a pattern by the folders that fit.
func expandPatterns(paths []string) ([]string, error) {
	var out []string
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil || !strings.ContainsAny(path, "*?[") {
			out = append(out, path)
			continue
		}
		found, err := filepath.Glob(filepath.Clean(path))
		if err != nil {
			return nil, fmt.Errorf("%s: the pattern is not understood: %w", path, err)
		}
		found = slices.DeleteFunc(found, func(name string) bool {
			info, err := os.Stat(name)
			return err == nil && !info.IsDir()
		})
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no folder fits the pattern", path)
		}
		out = append(out, found...)
	}
	return out, nil
}

// realPath is the one path that links and relative names lead to.
func realPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path
}

// nameAthletes names each athlete for the folder, and those whose folders are called alike for so many of the folders above
// as tell them apart. On entry the names are whole paths.
func nameAthletes(list []athlete) {
	whole := make([]string, len(list))
	for i := range list {
		whole[i] = filepath.ToSlash(list[i].name)
	}
	for parts, clash := 1, true; clash; parts++ {
		count := map[string]int{}
		for i := range list {
			list[i].name = lastParts(whole[i], parts)
			count[list[i].name]++
		}
		clash = len(count) < len(list)
		if parts == 1 && clash {
			// Only those that clash need the longer name, all of them of one length.
			for i := range list {
				if count[list[i].name] == 1 {
					whole[i] = list[i].name
				}
			}
		}
	}
}

// lastParts are the last parts of a path with slashes.
func lastParts(path string, n int) string {
	parts := strings.Split(path, "/")
	name := strings.Join(parts[max(0, len(parts)-n):], "/")
	if name == "" {
		return path
	}
	return name
}

// each judges many athletes.
type each struct {
	env    *Env
	global *globals
	read   readFlags
	shared config
	memo   *analyze.OpenMemo
	// view is what the command shows of an athlete.
	view   func(r *reading) (view, error)
	failOn rules.Severity
	// mail is the frame of a report that is a mail.
	mail report.Mail
	// weekly is true for the report of a week, json where documents are wanted, and news where only news are.
	weekly, json, news bool
	// silent leaves everything but documents away where no athlete has a finding of at least least.
	silent  bool
	least   rules.Severity
	workers int
}

// one is what became of one athlete.
type one struct {
	report.Athlete
	// said is what was said of the athlete's files on the way, of which so many were read and so many had a problem.
	said            string
	files, problems int
	news            *baseline
}

// athletes judges all, several at a time. The processors are shared out so that as many files are open at once, and as much
// memory is needed for them, as with a single log: of an athlete only the report stays.
func (e *each) athletes(ctx context.Context, list []athlete) ([]one, error) {
	processors := runtime.GOMAXPROCS(0)
	atOnce := min(processors, len(list))
	e.workers = max(1, processors/atOnce)
	out := make([]one, len(list))
	bar := newProgress(e.env)
	var next, done atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				out[i] = e.athlete(ctx, &list[i])
				if n := done.Add(1); bar != nil {
					mu.Lock()
					if now := e.env.Now(); bar.due(now) {
						bar.show(fmt.Sprintf("judged %s of %s", thousands(int(n)), plural(len(list), "athlete")))
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	bar.clear()
	e.remember()
	return out, ctx.Err()
}

// remember saves what was read of all, and says what was wrong with the maps, which are the same for all.
func (e *each) remember() {
	warnOfMaps(e.env, e.memo.MapFaults())
	if err := e.memo.Save(); err != nil && e.env.ErrWidth > 0 {
		fmt.Fprintf(e.env.Err, "kneecheck: what was read cannot be remembered: %v\n", err)
	}
}

// athlete reads and judges one athlete. Whatever goes wrong makes this one incomplete.
func (e *each) athlete(ctx context.Context, a *athlete) one {
	var said bytes.Buffer
	r := e.reading(a, &said)
	var o one
	rep, err := e.judge(ctx, r, &o)
	o.Athlete = report.NewAthlete(rep, e.weekly)
	switch {
	case err != nil:
		o.Why = r.reason(err)
	default:
		o.Why = r.whyNone(rep.Doc.AsOf)
	}
	if r.receipt != nil {
		o.files = r.receipt.Files
	}
	o.problems = len(o.Doc.Inputs.Problems)
	if e.json {
		var doc bytes.Buffer
		if err := report.JSON(&doc, rep); err == nil { // a buffer never fails
			o.JSON = doc.Bytes()
		}
	}
	o.said = said.String()
	return o
}

// reading is an athlete of whom nothing is read yet. What there is to say of their files goes to said.
func (e *each) reading(a *athlete, said io.Writer) *reading {
	env := *e.env
	env.Err, env.ErrWidth = said, 0
	return &reading{
		env: &env, config: e.shared, paths: []string{a.folder}, folder: a.folder, title: a.name,
		athlete: a.name, pseudonym: a.pseudonym, strict: e.read.strict,
	}
}

// fill reads an athlete's configuration and files.
func (e *each) fill(ctx context.Context, r *reading) error {
	var err error
	if r.config, err = e.global.athleteSettings(e.shared, r.folder); err != nil {
		return err
	}
	return r.fill(ctx, e.read, nil, func(ctx context.Context, paths []string, options ingest.Options) ([]analyze.Run, []analyze.Strength, *analyze.Receipt, error) {
		options.Workers = e.workers
		return e.memo.Read(ctx, paths, options)
	})
}

// judge reads and judges an athlete. Beside an error stands the report of an athlete without runs, whose one problem it is.
func (e *each) judge(ctx context.Context, r *reading, o *one) (*report.Report, error) {
	rep, err := e.tryToJudge(ctx, r, o)
	if err == nil {
		return rep, nil
	}
	broken := &reading{
		env: r.env, config: e.shared, title: r.title, athlete: r.athlete, pseudonym: r.pseudonym, strict: r.strict, today: r.today,
		receipt: &analyze.Receipt{Problems: []*ingest.Problem{{File: filepath.ToSlash(r.folder), Kind: ingest.Unreadable, Err: errors.New(r.reason(err))}}},
	}
	if broken.today == 0 {
		broken.today = today(e.env, e.shared)
	}
	v, viewErr := e.view(broken)
	if viewErr != nil {
		// The command has made sure that there is a view of the days of the shared configuration.
		v = view{asOf: broken.today, from: broken.today, to: broken.today, failOn: e.failOn}
	}
	rep, judgeErr := broken.judge(v, false)
	return rep, errors.Join(err, judgeErr)
}

func (e *each) tryToJudge(ctx context.Context, r *reading, o *one) (*report.Report, error) {
	if err := e.fill(ctx, r); err != nil {
		return nil, err
	}
	v, err := e.view(r)
	if err != nil {
		return nil, err
	}
	if e.news {
		if o.news, err = r.openBaseline(""); err != nil {
			return nil, err
		}
		v.news = o.news
	}
	return r.judge(v, false)
}

// reason is an error in one line for the table of athletes, where the folder need not be named again.
func (r *reading) reason(err error) string {
	if r.pseudonym != "" {
		return "a file of theirs cannot be used (without --pseudonym kneecheck says which)"
	}
	lines := sentences(err)
	if len(lines) == 0 {
		return "cannot be read"
	}
	say := strings.ReplaceAll(lines[0], r.folder+string(filepath.Separator), "")
	if more := len(lines) - 1; more > 0 {
		say += fmt.Sprintf(" (and %d more)", more)
	}
	return say
}

// whyNone says why there is no run up to a day; empty when there is one.
func (r *reading) whyNone(asOf civil.Date) string {
	none := r.noRun(asOf)
	switch {
	case none == nil:
		return ""
	case r.pseudonym != "":
		return "no usable run"
	}
	return strings.TrimPrefix(none.say, r.title+": ")
}

// tell writes the results of all athletes and says how it went.
func (e *each) tell(pairs []output, all []one, pseudonym bool) error {
	athletes := make([]report.Athlete, len(all))
	o, told := outcome{strict: e.read.strict}, !e.silent
	for i := range all {
		v := &all[i].Doc.Verdict
		athletes[i] = all[i].Athlete
		o.findings = o.findings || !e.weekly && count(*v, e.failOn) > 0
		o.noRun = o.noRun || v.Status == report.Incomplete
		told = told || count(*v, e.least) > 0
	}
	roster := report.NewRoster(athletes)
	e.sayAll(all, pseudonym)
	err := writeAll(e.env, pairs, func(w io.Writer, p page) error {
		options := p.text()
		switch {
		case p.format == formatJSON:
			return roster.JSON(w)
		case !told:
			return nil
		}
		switch p.format {
		case formatCSV:
			return roster.CSV(w)
		case formatJUnit:
			return roster.JUnit(w)
		case formatGitHub:
			return roster.GitHub(w)
		case formatHTML:
			return roster.HTML(w)
		case formatMarkdown:
			return roster.Markdown(w)
		case formatEML:
			return roster.WeekMail(w, e.mail)
		}
		if e.weekly {
			return roster.WeekText(w, options)
		}
		return roster.CheckText(w, options)
	})
	if err != nil {
		return err
	}
	for i := range all {
		if b := all[i].news; b != nil {
			err = errors.Join(err, b.save())
		}
	}
	if err != nil {
		return err
	}
	return o.err()
}

// sayAll writes to standard error what the athletes' files gave rise to, in the order of their names, and sums up the files
// that could not be read.
func (e *each) sayAll(all []one, pseudonym bool) {
	problems, files, athletes := 0, 0, 0
	for i := range all {
		a := &all[i]
		switch n := strings.Count(a.said, "\n"); {
		case n == 0:
		case pseudonym:
			fmt.Fprintf(e.env.Err, "kneecheck: %s: %s not shown (--pseudonym)\n", a.Name(), plural(n, "line"))
		default:
			fmt.Fprint(e.env.Err, a.said)
		}
		files += a.files
		if a.Why != "" {
			fmt.Fprintf(e.env.Err, "kneecheck: %s is incomplete: %s\n", printable(a.Name()), printable(a.Why))
			continue
		}
		if a.problems > 0 {
			problems += a.problems
			athletes++
		}
	}
	if problems > 0 {
		fmt.Fprintf(e.env.Err, "kneecheck: %s in %s, of %s (kneecheck ingest lists them, one athlete at a time)\n",
			plural(problems, "problem"), plural(files, "activity file"), plural(athletes, "athlete"))
	}
}
