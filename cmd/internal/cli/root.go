package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kneecheck/analyze"
)

// Main runs one command line and returns the exit code.
func Main(args []string, env *Env) int {
	// A reader who goes away, as head does, makes a write fail like any other, and the exit code stays that of the command.
	signal.Ignore(syscall.SIGPIPE)
	g := &globals{}
	root := newRootCmd(env, g, args)
	if slices.Contains(args, "completion") { // flags may stand before it
		completeShells(root)
	}
	help := &checked{w: env.Out}
	root.SetOut(help)
	var pages *pager
	stop := func() {}
	defer func() { stop() }()
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		var ctx context.Context
		ctx, stop = signal.NotifyContext(cmd.Context(), os.Interrupt)
		// Once interrupted, a second Ctrl-C ends the process at once.
		context.AfterFunc(ctx, stop)
		cmd.SetContext(ctx)
		pages = startPager(env, g, cmd)
	}
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if broken := pages.stop(env); err == nil {
		err = cmp.Or(broken, help.err)
	}
	for _, say := range sentences(err) {
		fmt.Fprintf(env.Err, "kneecheck: %s\n", say)
	}
	return exitCode(err)
}

// checked remembers that a write failed: cobra does not look when it prints help.
type checked struct {
	w   io.Writer
	err error
}

func (c *checked) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.err = cmp.Or(c.err, err)
	return n, err
}

// Command returns the tree of commands, for what is made from it: manual pages and completions. To run a command line, see
// Main.
func Command(env *Env) *cobra.Command {
	root := newRootCmd(env, &globals{}, nil)
	root.InitDefaultCompletionCmd()
	return root
}

// globals are the flags of every command.
type globals struct {
	config  string
	units   unitsFlag
	noCache bool
	pager   bool
}

// memoName is where the memo lies in the folder for caches.
const memoName = "kneecheck/runs.memo"

// memo is where the program remembers what it read, without a file where it shall not or cannot, and where the maps lie.
func (g *globals) memo(env *Env, now time.Time) *analyze.Memo {
	m := &analyze.Memo{Now: now}
	if env.Build != nil {
		m.Build = env.Build()
	}
	if env.DataDir != "" {
		m.Maps = filepath.Join(env.DataDir, filepath.FromSlash(mapsName))
	}
	if !g.noCache && env.CacheDir != "" {
		m.File = filepath.Join(env.CacheDir, filepath.FromSlash(memoName))
	}
	return m
}

// settings loads the configuration for a log in folder, which may be empty, and lays the flags over it.
func (g *globals) settings(env *Env, folder string) (config, error) {
	c, err := g.loadConfig(env, folder)
	if err != nil {
		return config{}, err
	}
	return g.overlay(c), nil
}

const rootLong = `kneecheck reads the activity files of a runner and tells which training patterns deserve attention for a knee,
with what evidence, and what to do next. It works offline on a folder of FIT, GPX and TCX files.

Training feedback, not medical advice: pain overrules every green line.`

const exitHelp = `Exit codes: 0 done, nothing at or above the threshold; 1 findings (check only); 2 wrong usage or configuration;
3 incomplete: no usable run, or with --strict any problem or rule not judged; 130 interrupted.
A rule that lacks only a pain journal, shoes, strength sessions or a street map, which nobody has to keep, is no gap.`

// needCommand is what a command does that is nothing without one of its own: it says which there are.
func needCommand(valid ...string) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknown(cmd.Name()+" command", args[0], valid)
		}
		return fmt.Errorf("%s needs a command: %s", cmd.Name(), orList(valid))
	}
}

// newRootCmd is the program with its commands. Where the arguments ask for the version, it is all that it has: to make the
// others would take a sixth of the time that kneecheck version takes.
func newRootCmd(env *Env, g *globals, args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "kneecheck",
		Short: "a linter for a running log",
		Long:  rootLong + "\n\n" + exitHelp,
		Example: `  kneecheck analyze runs/
  kneecheck check runs/ --fail-on warning
  kneecheck report runs/ --week last --format markdown -o week.md`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(env.In)
	root.SetOut(env.Out)
	root.SetErr(env.Err)
	root.SetVersionTemplate("kneecheck {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.StringVar(&g.config, "config", "", "read the configuration from `FILE`")
	flags.Var(&g.units, "units", "`UNITS` of distance and pace: km or mi")
	completeFlag(root, "units", unitNames...)
	flags.BoolVar(&g.noCache, "no-cache", false, "read every file again and remember none (kneecheck cache --help)")
	flags.BoolVar(&g.pager, "pager", false, "show the result page by page on a terminal, by $PAGER or less ("+pagerVar+" does always)")
	if slices.Equal(args, []string{"version"}) {
		root.AddCommand(newVersionCmd(env))
		return root
	}
	root.AddCommand(
		newAnalyzeCmd(env, g),
		newCheckCmd(env, g),
		newReportCmd(env, g),
		newBudgetCmd(env, g),
		newShowCmd(env, g),
		newRulesCmd(env, g),
		newExplainCmd(env, g),
		newIngestCmd(env, g),
		newExportCmd(env, g),
		newShoesCmd(env, g),
		newAckCmd(env, g),
		newCacheCmd(env, g),
		newMapCmd(env, g),
		newPainCmd(env, g),
		newReplayCmd(env, g),
		newInitCmd(env),
		newVersionCmd(env),
	)
	return root
}

// completeShells makes the library's command completion refuse a shell that it does not know, as every command does.
func completeShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd("completion")
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		var shells []string
		for _, c := range cmd.Commands() {
			shells = append(shells, c.Name())
		}
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknown("shell", args[0], shells)
			}
			return fmt.Errorf("completion needs a shell: %s", orList(shells))
		}
	}
}

// unknownCommand refuses arguments of the bare program with a hint at what was meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := os.Stat(args[0]); err == nil {
		return fmt.Errorf("%s is a path, not a command (kneecheck analyze %s)", args[0], args[0])
	}
	var valid []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			valid = append(valid, c.Name())
		}
	}
	return unknown("command", args[0], valid)
}

// flagError says what is wrong with a flag in one sentence, with the nearest flag.
func flagError(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var valueless *pflag.ValueRequiredError
	switch {
	case errors.As(err, &missing):
		got := missing.GetSpecifiedName()
		if missing.GetSpecifiedShortnames() != "" {
			return fmt.Errorf("unknown flag -%s (%s --help lists the flags)", got, cmd.CommandPath())
		}
		var valid []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { valid = append(valid, f.Name) })
		if name, ok := nearest(got, valid); ok {
			return fmt.Errorf("unknown flag --%s (did you mean --%s? %s --help lists the flags)", got, name, cmd.CommandPath())
		}
		return fmt.Errorf("unknown flag --%s (%s --help lists the flags)", got, cmd.CommandPath())
	case errors.As(err, &invalid):
		return fmt.Errorf("--%s: %w", invalid.GetFlag().Name, invalid.Unwrap())
	case errors.As(err, &valueless):
		kind, _ := pflag.UnquoteUsage(valueless.GetFlag())
		return fmt.Errorf("--%s needs a %s", valueless.GetFlag().Name, strings.ToUpper(kind))
	}
	return err
}
