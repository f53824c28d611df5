package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

const ackFileHelp = `Acknowledgements are the rows of acks.csv in the log's folder, or of the file that acks in [paths] of the configuration
names: plain text with the columns rule, until, reason and, filled by the program, since, severity, value, about and athlete.
It can be edited by hand; a row with the first three alone covers whatever is no more than a warning.`

type ackOptions struct {
	env    *Env
	global *globals
	read   readFlags
	until  dateFlag
	since  dateFlag
	reason string
	rule   *rules.Rule
	paths  []string
}

func newAckCmd(env *Env, g *globals) *cobra.Command {
	o := &ackOptions{env: env, global: g}
	cmd := &cobra.Command{
		Use:   "ack RULE [PATH...]",
		Short: "acknowledge the findings of a rule until a day",
		Long: `Ack says that the findings of a rule are known and accepted until a day. Until then they are shown in one muted line and do not
count for the exit code of check, nor do later findings of the rule, as long as they are no worse: a higher severity or a value
further beyond the limit is told like any other; of what grows by itself, such as a streak of run days, half as much again. The findings are those that kneecheck check would tell today. Red flags cannot
be acknowledged. PATH is the log, the working directory unless given.

` + ackFileHelp,
		Example: "  kneecheck ack KC102 runs/ --until 2026-11-30 --reason \"marathon build-up, planned\"\n  kneecheck ack list runs/\n  kneecheck ack remove KC102 runs/",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("ack needs a RULE, such as KC102 or ten-percent, or one of list and remove")
			}
			return nil
		},
		ValidArgsFunction: completeAckRules,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.rule, err = ackRule(args[0]); err != nil {
				return err
			}
			o.paths = orHere(args[1:])
			return runAck(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.Var(&o.until, "until", "the last `DATE` on which it holds")
	flags.StringVar(&o.reason, "reason", "", "why, in `WORDS` for whoever reads it later")
	flags.Var(&o.since, "since", "acknowledge findings since `DATE` (the start of last week unless given)")
	o.read.bind(cmd)
	cmd.AddCommand(newAckListCmd(env, g), newAckRemoveCmd(env, g))
	return cmd
}

// orHere is the working directory where no path is given.
func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}

// ackRule finds a rule that can be acknowledged.
func ackRule(name string) (*rules.Rule, error) {
	rule, ok := rules.Find(name)
	if !ok {
		return nil, unknownRule(name)
	}
	if no := rules.NoAck(rule); no != "" {
		return nil, errors.New(no)
	}
	return rule, nil
}

func runAck(ctx context.Context, o *ackOptions) error {
	o.reason = strings.Join(strings.Fields(o.reason), " ")
	switch {
	case o.until.day == nil:
		return errors.New("ack needs --until DATE: the last day on which the acknowledgement holds")
	case o.reason == "":
		return errors.New("ack needs --reason \"WORDS\": why, for whoever reads it later")
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	if err != nil {
		return err
	}
	switch until := *o.until.day; {
	case until < r.today:
		return fmt.Errorf("--until %v has passed: today is %v", until, r.today)
	case until > r.today+maxAheadDays:
		return fmt.Errorf("--until %v is more than a year after today, %v", until, r.today)
	}
	if none := r.noRun(r.today); none != nil {
		return none
	}
	from := r.today.WeekStart(r.config.weekStart) - 7
	if o.since.day != nil {
		if from, err = o.since.before(r.today); err != nil {
			return err
		}
	}
	file, _, err := r.readAcks()
	if err != nil {
		return err
	}
	if file == "" {
		return fmt.Errorf("no PATH is a folder that %s could lie in (name the log's folder, or set acks in [paths] of the configuration)", acksName)
	}
	log := r.log(r.today)
	result := rules.RunSince(log, r.config.rules, r.config.units, from)
	findings := slices.DeleteFunc(result.Findings, func(f rules.Finding) bool { return f.Rule != o.rule || f.To < from })
	if len(findings) == 0 {
		return fmt.Errorf("%s %s has no finding since %v: there is nothing to acknowledge%s", o.rule.ID, o.rule.Name, from, whyNoFinding(r, o.rule, result))
	}
	acks := rules.Accept(findings, *o.until.day, o.reason, log.Athlete)
	rows := make([]map[string]string, len(acks))
	for i := range acks {
		rows[i] = acks[i].Row()
	}
	if err := sidecsv.Append(file, rules.AckColumns(), rows...); err != nil {
		return sideError(file, err)
	}
	for i := range findings {
		f := &findings[i]
		fmt.Fprintf(o.env.Out, "%s  %s %s  %s\n", f.Severity, f.Rule.ID, f.Rule.Name, printable(f.Message))
	}
	_, err = fmt.Fprintf(o.env.Out, "acknowledged until %v in %s\n", *o.until.day, printable(file))
	return afterWriting("the acknowledgement is in "+file, err)
}

// whyNoFinding says why a rule may have found nothing, and how to look further.
func whyNoFinding(r *reading, rule *rules.Rule, result rules.Result) string {
	if !r.config.rules.Enabled(rule) {
		return " (the rule is off)"
	}
	for _, n := range result.NotJudged {
		if n.Rule == rule {
			return " (not judged: " + n.Reason + ")"
		}
	}
	return " (--since looks further back)"
}

// sideError names the file in an error of writing it; faults name it themselves.
func sideError(file string, err error) error {
	var faults sidecsv.Faults
	if errors.As(err, &faults) {
		return err
	}
	return fmt.Errorf("%s cannot be written: %w", file, plainPathError(err))
}

type ackListOptions struct {
	logOptions
}

func newAckListCmd(env *Env, g *globals) *cobra.Command {
	o := &ackListOptions{logOptions: logOptions{env: env, global: g}}
	cmd := &cobra.Command{
		Use:   "list [PATH...]",
		Short: "list the acknowledgements and what each of them does today",
		Long: `List shows every acknowledgement with what it covers on this day: how many findings, whether one is worse than what was accepted, and
whether it is over or has no finding any more. Nothing is changed.

` + ackFileHelp,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = orHere(args)
			return runAckList(cmd.Context(), o)
		},
	}
	o.out.bind(cmd, formatText, formatJSON)
	o.read.bind(cmd)
	return cmd
}

func runAckList(ctx context.Context, o *ackListOptions) error {
	pairs, r, err := o.open(ctx)
	if err != nil {
		return err
	}
	file, acks, err := r.readAcks()
	if err != nil {
		return err
	}
	log := r.log(r.today)
	result := rules.Run(log, r.config.rules, r.config.units)
	uses := result.Acknowledge(acks, log, r.config.rules, r.config.units, math.MinInt32)
	return writeAll(o.env, pairs, func(w io.Writer, p page) error {
		if p.format == formatJSON {
			return acksJSON(w, file, uses)
		}
		return acksText(w, file, uses, result.Findings, r)
	})
}

// ackState says in words what an acknowledgement does.
func ackState(u *rules.AckUse) string {
	switch {
	case u.Over:
		return "over"
	case u.Outgrown > 0:
		return "covers " + plural(u.Covers, "finding") + ", " + plural(u.Outgrown, "finding") + " worse than that"
	case u.Stale:
		return "no finding any more"
	}
	return "covers " + plural(u.Covers, "finding")
}

// ackValue writes the value that was accepted in the unit of the rule's findings, or bare where there is none to tell it.
func ackValue(a *rules.Ack, found []rules.Finding, u analyze.Units) string {
	if i := slices.IndexFunc(found, func(f rules.Finding) bool { return f.Rule == a.Rule }); i >= 0 {
		return report.Measure(a.Value, found[i].Unit, u)
	}
	return shortNumber(a.Value)
}

func acksText(w io.Writer, file string, uses []rules.AckUse, found []rules.Finding, r *reading) error {
	var b strings.Builder
	if len(uses) == 0 {
		b.WriteString("no acknowledgement")
		if file != "" {
			b.WriteString(" in " + printable(file))
		}
		b.WriteByte('\n')
	}
	for i := range uses {
		a := uses[i].Ack
		fmt.Fprintf(&b, "%s %s until %v: %s\n", a.Rule.ID, a.Rule.Name, a.Until, ackState(&uses[i]))
		most := "up to " + a.Severity.String()
		if a.About != "" {
			most = a.About + ", " + most
		}
		if !math.IsNaN(a.Value) {
			most += ", " + ackValue(a, found, r.config.units)
		}
		fmt.Fprintf(&b, "  %s (%s:%d): %s\n", printable(most), printable(file), a.Line, printable(a.Reason))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wireAck is an acknowledgement as --format json prints it.
type wireAck struct {
	Rule     string      `json:"rule"`
	Name     string      `json:"name"`
	Until    civil.Date  `json:"until"`
	Since    *civil.Date `json:"since"`
	Severity string      `json:"severity"`
	Value    *float64    `json:"value"`
	About    string      `json:"about"`
	Athlete  string      `json:"athlete"`
	Reason   string      `json:"reason"`
	Line     int         `json:"line"`
	Covers   int         `json:"covers"`
	Outgrown int         `json:"outgrown"`
	Over     bool        `json:"over"`
	Stale    bool        `json:"stale"`
}

func acksJSON(w io.Writer, file string, uses []rules.AckUse) error {
	list := []wireAck{}
	for i := range uses {
		u, a := &uses[i], uses[i].Ack
		e := wireAck{
			Rule: a.Rule.ID, Name: a.Rule.Name, Until: a.Until, Since: a.Since, Severity: a.Severity.String(), About: a.About,
			Athlete: a.Athlete, Reason: a.Reason, Line: a.Line, Covers: u.Covers, Outgrown: u.Outgrown, Over: u.Over, Stale: u.Stale,
		}
		if !math.IsNaN(a.Value) {
			e.Value = &a.Value
		}
		list = append(list, e)
	}
	return report.Indented(w, struct {
		Schema string    `json:"schema"`
		File   string    `json:"file"`
		Acks   []wireAck `json:"acks"`
	}{"kneecheck.acks/v1", file, list})
}

func newAckRemoveCmd(env *Env, g *globals) *cobra.Command {
	over := false
	cmd := &cobra.Command{
		Use:   "remove RULE [PATH...]",
		Short: "take back the acknowledgements of a rule",
		Long: `Remove takes the rows of a rule out of the file and leaves everything else in it as it is; --over takes only those whose last day
has passed.

` + ackFileHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("remove needs a RULE, such as KC102 or ten-percent")
			}
			return nil
		},
		ValidArgsFunction: completeAckRules,
		RunE: func(_ *cobra.Command, args []string) error {
			rule, err := ackRule(args[0])
			if err != nil {
				return err
			}
			return runAckRemove(env, g, rule, orHere(args[1:]), over)
		},
	}
	cmd.Flags().BoolVar(&over, "over", false, "only those whose last day has passed")
	return cmd
}

func runAckRemove(env *Env, g *globals, rule *rules.Rule, paths []string, over bool) error {
	folder, err := checkPaths(paths)
	if err != nil {
		return err
	}
	r := &reading{env: env, paths: paths, folder: folder}
	if r.config, err = g.settings(env, folder); err != nil {
		return err
	}
	file, acks, err := r.readAcks()
	if err != nil {
		return err
	}
	now := env.Now()
	if r.config.homeZone != nil {
		now = now.In(r.config.homeZone)
	}
	today := civil.Of(now)
	drop := func(a rules.Ack) bool { return a.Rule == rule && (!over || a.Until < today) }
	if !slices.ContainsFunc(acks, drop) {
		return fmt.Errorf("there is nothing to remove: no such acknowledgement of %s %s in %s", rule.ID, rule.Name, file)
	}
	n, err := sidecsv.Remove(file, rules.AckColumns(), func(row *sidecsv.Row) bool {
		return slices.ContainsFunc(acks, func(a rules.Ack) bool { return a.Line == row.Line && drop(a) })
	})
	if err != nil {
		return sideError(file, err)
	}
	removed := fmt.Sprintf("%s of %s %s from %s", plural(n, "acknowledgement"), rule.ID, rule.Name, file)
	_, err = fmt.Fprintf(env.Out, "removed %s\n", printable(removed))
	return afterWriting("removed "+removed, err)
}
