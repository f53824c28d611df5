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
	"kneecheck/analyze/painlog"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// datesFlag is a list of days, from one flag or several.
type datesFlag []civil.Date

func (f *datesFlag) String() string { return "" }
func (f *datesFlag) Type() string   { return "date" }

func (f *datesFlag) Set(s string) error {
	for _, text := range strings.Split(s, ",") {
		day, err := civil.Parse(strings.TrimSpace(text))
		if err != nil {
			return err
		}
		*f = append(*f, day)
	}
	return nil
}

type replayOptions struct {
	logOptions
	asOf  dateFlag
	pain  datesFlag
	least severityFlag
}

func newReplayCmd(env *Env, g *globals) *cobra.Command {
	o := &replayOptions{logOptions: logOptions{env: env, global: g}, least: severityFlag(rules.Note)}
	cmd := &cobra.Command{
		Use:   "replay PATH...",
		Short: "tell which rules fired before knee pain, and how often they fire without",
		Long: `Replay lines up every episode of the pain journal with the six weeks before it and with pain-free weeks: which rules fired,
which did not, and how often each cries wolf on this log. It counts; it claims no cause. Limits can so be chosen from
your own log. The rules are judged as if no pain had been logged, and those about pain are left out. What is acknowledged
(kneecheck ack) counts like the rest, for it happened, and is marked.

` + pathHelp + "\n\n" + outputHelp,
		Example: "  kneecheck replay runs/\n  kneecheck replay runs/ --pain 2026-03-14 --least warning",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runReplay(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	o.out.bind(cmd, formatText, formatJSON)
	flags.Var(&o.pain, "pain", "take pain on `DATE` instead of the journal; may be given several times")
	flags.Var(&o.asOf, "as-of", "replay the log as it stood on `DATE` (the last run's or pain entry's unless given)")
	choice(cmd, &o.least, "least", "count findings of at least `SEVERITY`", severityNames)
	o.read.bind(cmd)
	return cmd
}

func runReplay(ctx context.Context, o *replayOptions) error {
	o.read.noJournal = o.pain != nil
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	source := "--pain"
	for _, day := range o.pain {
		if err := painlog.CheckDate(day, r.today); err != nil {
			return fmt.Errorf("--pain: %w", err)
		}
		r.pain = append(r.pain, analyze.Pain{Date: day, During: -1, Signs: []analyze.PainSign{}})
	}
	asOf, err := o.asOf.asOf(r.today, r.lastRun())
	if err != nil {
		return err
	}
	if none := r.noRun(asOf); none != nil {
		return none
	}
	r.warnOfProblems()
	log := r.log(asOf)
	pain := log.Pain
	if o.pain == nil {
		if source = sidePath(r.config.paths.pain, r.folder, painlog.FileName); r.pain == nil {
			return errors.New(r.noPain(source))
		}
		pain = slices.DeleteFunc(slices.Clone(pain), func(e analyze.Pain) bool { return !e.Hurts() })
	}
	_, acks, err := r.readAcks()
	if err != nil {
		return err
	}
	in := report.ReplayInput{
		Title: r.title, Log: log, Source: source, Least: rules.Severity(o.least),
		Replay: rules.NewReplay(log, pain, r.config.rules, r.config.units, rules.Severity(o.least)),
	}
	in.Acknowledged = in.Replay.Acknowledge(acks, log, r.config.rules, r.config.units)
	return writeAll(o.env, pairs, func(w io.Writer, p page) error {
		if p.format == formatJSON {
			return report.ReplayJSON(w, in)
		}
		return report.ReplayText(w, in, p.text())
	})
}

// noPain says how to tell replay of pain.
func (r *reading) noPain(journal string) string {
	if journal == "" {
		return "replay needs pain to replay: --pain DATE, or a pain.csv in the log's folder (none of the paths is one)"
	}
	return "replay needs pain to replay: --pain DATE, or a journal at " + journal + " (kneecheck pain add begins one)"
}
