package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

const journalHelp = `The journal is a small text file that you can edit: the one named by [paths] pain in the configuration, else pain.csv in
the folder PATH, else pain.csv here. Every command that judges a log reads it from the log's folder by itself.`

func newPainCmd(env *Env, g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pain",
		Short: "keep a journal of knee pain, and tell what it is commonly linked with",
		Long: `Pain keeps a journal of how the knees are, which the rules KC601 to KC603 judge and the others take into account.

` + journalHelp,
		Example: "  kneecheck pain add --side right --place outer --during 4 --settled 24h\n  kneecheck pain list runs/\n  kneecheck pain explain outer",
		Args:    cobra.ArbitraryArgs,
		RunE:    needCommand("add", "list", "explain"),
	}
	cmd.AddCommand(newPainAddCmd(env, g), newPainListCmd(env, g), newPainExplainCmd(env, g))
	return cmd
}

// readJournal reads a pain journal. Without one there are no entries, nil, unless somebody named it: then a journal that
// is not there would hide what is in it.
func readJournal(path string, named bool, today civil.Date) ([]analyze.Pain, error) {
	data, err := readSide(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("pain journal %w", err)
	case data == nil && named && path != "":
		return nil, fmt.Errorf("pain journal %s: %w", path, whyNoJournal(path))
	case data == nil:
		return nil, nil
	}
	return painlog.Parse(path, data, today)
}

// whyNoJournal says why a journal cannot be seen, and what to do.
func whyNoJournal(path string) error {
	if _, err := os.Stat(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return plainPathError(err)
	}
	return errors.New("no such file (kneecheck pain add begins one)")
}

// journalPlace is the journal that a pain command is about.
type journalPlace struct {
	config config
	file   string
	// here is true when the journal lies in the working directory because nobody said where.
	here  bool
	today civil.Date
}

// findJournal says where the journal is for the PATH of a pain command, a folder or the journal itself, which may be empty.
func findJournal(env *Env, g *globals, path string) (journalPlace, error) {
	var p journalPlace
	folder, file := path, ""
	if path != "" {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir(), err != nil && strings.EqualFold(filepath.Ext(path), ".csv"):
			folder, file = filepath.Dir(path), path
		case err != nil:
			return p, fmt.Errorf("%s: %w", path, plainPathError(err))
		}
	}
	var err error
	if p.config, err = g.settings(env, folder); err != nil {
		return p, err
	}
	now := env.Now()
	if p.config.homeZone != nil {
		now = now.In(p.config.homeZone)
	}
	p.today = civil.Of(now)
	if p.file = file; p.file == "" {
		p.file = sidePath(p.config.paths.pain, folder, painlog.FileName)
	}
	if p.file == "" {
		p.file, p.here = painlog.FileName, true
	}
	return p, nil
}

// atMostOnePath refuses more than one PATH.
func atMostOnePath(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%s takes one PATH, not %q too", cmd.CommandPath()[len("kneecheck "):], args[1])
	}
	return nil
}

// first is the first of args, or empty.
func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// flagsInForce is the red flag of a journal as of a day.
func flagsInForce(pain []analyze.Pain, today civil.Date) (rules.Finding, bool) {
	log := analyze.Build(nil, nil, analyze.Options{AsOf: today, Pain: pain})
	return rules.InForce(rules.Run(log, nil, analyze.Kilometres).Findings)
}

// printableLines is printable for text of several lines.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
