package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/rules"
)

func newInitCmd(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "init [PATH]",
		Short: "write a configuration with every key explained",
		Long: `Init writes a configuration in which every key is explained and every value is commented out, so that it changes nothing
until a line is uncommented. PATH is a folder, such as the one of the log, or a file name; without it kneecheck.toml is
written here. A file that is there is never overwritten.

A configuration is looked for in this order: --config, the environment variable KNEECHECK_CONFIG, kneecheck.toml in the
first folder named on the command line, kneecheck.toml here, and kneecheck/config.toml in $XDG_CONFIG_HOME (~/.config).`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return errors.New("init takes one PATH at most")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			path := configName
			if len(args) == 1 {
				path = args[0]
			}
			return runInit(env, path)
		},
	}
}

func runInit(env *Env, path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, configName)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and stays as it is (name another file, or remove it first)", path)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, plainPathError(err))
	}
	_, err = f.WriteString(configTemplate())
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, plainPathError(err)), os.Remove(path))
	}
	_, err = fmt.Fprintf(env.Out, "wrote %s\n", path)
	return afterWriting(path+" is written", err)
}

const templateHead = `# Configuration of kneecheck. Everything is optional; remove the # before a value to set it.
# kneecheck explain ID tells what a rule's numbers mean and where yours were set.

# Units of distance and pace: "km" or "mi".
#units = "km"

# First day of the week.
#week_start = "monday"

# Time zone of activities that tell neither their offset nor a position, and of today.
#home_zone = "Europe/Berlin"

[athlete]
# Body height in centimetres: taller runners take slower steps at the same pace.
#height_cm = 175

# true for a runner in the first year: some rules are stricter then.
#novice = false

# Files of your own beside the log. A path that is not absolute begins at the folder of this file. Without these keys pain.csv, acks.csv and
# overrides.csv are looked for in the log's folder.
[paths]
# The pain journal (kneecheck pain --help).
#pain = "pain.csv"

# Acknowledged findings (kneecheck ack).
#acks = "acks.csv"

# Corrections of single runs, a line each: run,distance_km,shoe,surface,race,exclude,note. run is a file, a day, the beginning of an id,
# or new for a run that was not recorded. Also: distance_mi, minutes, sport, kind, and date for a file without one.
#overrides = "overrides.csv"

# Shoes, one [[shoes]] for each pair. since and until are the first and last day on which the pair is worn by runs
# that name none; leave one out for an open end. Where two pairs would be worn by default, each run has to name its own.
# default = false keeps a pair for the runs that name it. start_km is what the pair had run before the log, limit_km a limit of
# its own.
#[[shoes]]
#name = "Daily trainer"
#since = 2026-01-01
#until = 2026-12-31
#start_km = 0
#limit_km = 800
#default = true

# Rules, by name. enabled switches one on or off; severity ("note", "warning", "high") replaces what it reports, within
# what its evidence carries; the other numbers are its limits. Shares and ratios are fractions: 1.10 is 10 % more.
`

// configTemplate is a configuration that says nothing but explains everything. Tables stand open, so that a value needs
// only its own # removed.
func configTemplate() string {
	var b strings.Builder
	b.WriteString(templateHead)
	for _, r := range rules.All() {
		fmt.Fprintf(&b, "\n# %s: %s.\n[rules.%s]\n", r.ID, r.Title, r.Name)
		if !r.Always {
			fmt.Fprintf(&b, "#enabled = %t\n", !r.Off)
		}
		fmt.Fprintf(&b, "#severity = %q\n", r.Ceiling())
		for _, p := range r.Params {
			for line := range strings.Lines(wrap(p.Doc, 0, templateWidth)) {
				fmt.Fprintf(&b, "# %s", line)
			}
			fmt.Fprintf(&b, "\n#%s = %s # %s, %s to %s\n", p.Name, shortNumber(p.Default), p.Unit, shortNumber(p.Min), shortNumber(p.Max))
		}
	}
	return b.String()
}

// templateWidth is the width of the template's comments.
const templateWidth = 110
