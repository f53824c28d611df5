package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// painAnswers are the answers of an entry as typed; empty is not said.
type painAnswers struct {
	date, side, place, during, settled, nextMorning, signs, note string
}

type painAddOptions struct {
	env     *Env
	global  *globals
	answers painAnswers
	path    string
}

func newPainAddCmd(env *Env, g *globals) *cobra.Command {
	o := &painAddOptions{env: env, global: g}
	cmd := &cobra.Command{
		Use:   "add [PATH]",
		Short: "write an entry into the pain journal",
		Long: `Add writes how a knee was on a day into the pain journal. What is not given is not said. Without a flag and at a terminal
it asks, one short question after the other. An entry with --during 0 or --signs none says that the knee is well; a red flag goes with --signs none alone.

` + journalHelp,
		Example: "  kneecheck pain add\n  kneecheck pain add runs/ --date yesterday --side right --place outer --during 4 --settled 24h --next-morning worse\n" +
			"  kneecheck pain add --side left --signs swelling,locking\n  kneecheck pain add --during 0 --signs none",
		Args: atMostOnePath,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path = first(args)
			return runPainAdd(cmd.Context(), o)
		},
	}
	a, flags := &o.answers, cmd.Flags()
	flags.StringVar(&a.date, "date", "today", "the `DAY`: today, yesterday or a date such as 2026-06-14")
	words(cmd, &a.side, "side", "which `KNEE`", analyze.PainSides())
	words(cmd, &a.place, "place", "`WHERE` in the knee", analyze.PainPlaces())
	flags.StringVar(&a.during, "during", "", "pain while running, a `NUMBER` from 0 (none) to 10 (the worst imaginable)")
	words(cmd, &a.settled, "settled", "how `LONG` until it was gone", analyze.PainSettledTimes())
	words(cmd, &a.nextMorning, "next-morning", "`HOW` it was on the morning after, against before the run", analyze.PainMornings())
	flags.StringVar(&a.signs, "signs", "", "a comma-separated `LIST`: "+strings.Join(spellings(analyze.PainSigns()), ", ")+", or none")
	flags.StringVar(&a.note, "note", "", "a `TEXT` of your own")
	return cmd
}

// words adds a flag of a few words, which its help lists and the shell completes. What is given is checked with the rest.
func words[T ~string](cmd *cobra.Command, to *string, name, usage string, of []T) {
	list := spellings(of)
	cmd.Flags().StringVar(to, name, "", usage+": "+orList(list))
	completeFlag(cmd, name, list...)
}

// spellings are words as strings.
func spellings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// given tells whether anything was said but the day.
func (a *painAnswers) given() bool {
	said := *a
	said.date = ""
	return said != painAnswers{}
}

func runPainAdd(ctx context.Context, o *painAddOptions) error {
	place, err := findJournal(o.env, o.global, o.path)
	if err != nil {
		return err
	}
	// A journal that cannot be read is told before anybody answers questions.
	if _, err := readJournal(place.file, false, place.today); err != nil {
		return err
	}
	var entry analyze.Pain
	switch {
	case o.answers.given():
		if entry, err = o.answers.entry(place.today); err != nil {
			return err
		}
	case o.env.InTerminal:
		if entry, err = ask(ctx, o.env, o.answers.date, place.today); err != nil {
			return err
		}
	default:
		return errors.New("pain add needs at least one of --side, --place, --during, --settled, --next-morning, --signs and --note (at a terminal it asks)")
	}
	if err := painlog.Append(place.file, entry, place.today); err != nil {
		return sideError(place.file, err)
	}
	all, err := readJournal(place.file, true, place.today)
	if err != nil {
		return err
	}
	_, err = io.WriteString(o.env.Out, printableLines(entryAdded(&entry, all, place, o.env.width())))
	return afterWriting("the entry is in "+place.file, err)
}

// entry checks the answers and makes an entry of them. Every mistake is named.
func (a *painAnswers) entry(today civil.Date) (analyze.Pain, error) {
	e := analyze.Pain{Note: strings.TrimSpace(a.note)}
	var errs [7]error
	e.Date, errs[0] = painDay(a.date, today)
	e.Side, errs[1] = painlog.Word("side", a.side, analyze.PainSides())
	e.Place, errs[2] = painlog.Word("place", a.place, analyze.PainPlaces())
	e.During, errs[3] = painlog.Score(a.during)
	e.Settled, errs[4] = painlog.Word("settled", a.settled, analyze.PainSettledTimes())
	e.NextMorning, errs[5] = painlog.Word("next-morning", a.nextMorning, analyze.PainMornings())
	e.Signs, e.NoSigns, errs[6] = painlog.Signs(a.signs, ",")
	var wrong mistakes
	for i, name := range []string{"date", "side", "place", "during", "settled", "next-morning", "signs"} {
		if errs[i] != nil {
			wrong = append(wrong, fmt.Errorf("--%s: %w", name, errs[i]))
		}
	}
	if wrong != nil {
		return e, wrong
	}
	return e, painlog.Check(&e)
}

// painDay reads the day of an entry.
func painDay(s string, today civil.Date) (civil.Date, error) {
	switch strings.ToLower(s) {
	case "", "today":
		return today, nil
	case "yesterday":
		return today - 1, nil
	}
	d, err := civil.Parse(s)
	if err != nil {
		return 0, fmt.Errorf("%q is not today, yesterday or a date like 2024-03-04", s)
	}
	return d, painlog.CheckDate(d, today)
}

// entryAdded says what was written and where, with the advice on a red flag before everything else.
func entryAdded(e *analyze.Pain, all []analyze.Pain, place journalPlace, width int) string {
	var b strings.Builder
	say := func(text string) { fmt.Fprintln(&b, wrap(text, 0, width)) }
	flag, flagged := flagsInForce(all, place.today)
	signs := rules.RedFlags(e)
	switch {
	case flagged:
		redFlag(&b, flag.Message+". "+flag.Advice, width)
	case len(signs) > 0:
		// Of an older day, or taken back by a later entry.
		redFlag(&b, "If it is still there: "+rules.RedFlagAdvice(signs), width)
	}
	say(fmt.Sprintf("Added to %s: %s", place.file, entryLine(e)))
	if place.here {
		say("It is found by itself when this folder is the log's; else name it with [paths] pain in the configuration.")
	}
	if e.Hurts() && !flagged && len(signs) == 0 {
		about := ""
		if e.Place != "" {
			about = " " + string(e.Place)
		}
		say("kneecheck pain explain" + about + " tells what is commonly linked with it and what usually helps.")
	}
	return b.String()
}

// redFlag writes a red flag before everything else.
func redFlag(b *strings.Builder, text string, width int) {
	labelled(b, "Red flag", text, width)
	b.WriteByte('\n')
}

// entryLine is an entry in one line.
func entryLine(e *analyze.Pain) string {
	s := e.Date.Time().Format("Mon 2 Jan 2006") + ", " + e.Where()
	if what := e.What(); what != "" {
		s += ": " + what
	}
	s += "."
	if e.Note != "" {
		s += " Note: " + strings.Join(strings.Fields(e.Note), " ")
	}
	return s
}
