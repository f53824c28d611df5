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
	"kneecheck/analyze/lognote"
	"kneecheck/analyze/surface"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

type explainOptions struct {
	env    *Env
	global *globals
	read   readFlags
	asOf   dateFlag
	id     string
	paths  []string
}

func newExplainCmd(env *Env, g *globals) *cobra.Command {
	o := &explainOptions{env: env, global: g}
	cmd := &cobra.Command{
		Use:   "explain ID [PATH...]",
		Short: "explain a rule: why, how sure, when, with which limits, and an example",
		Long: `Explain tells what a rule is for, what is known about it and how well, when it fires and when it keeps silent, the limits in
force and where they were set, and a worked example. With a PATH it also tells how often the rule fired on that log and what of it is
acknowledged (kneecheck ack); for low-cadence and cadence-drop it shows the runner's own curve of steps by pace.
ID is a rule's id or name, such as KC101 or session-spike.`,
		Example: "  kneecheck explain KC101\n  kneecheck explain ten-percent runs/",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("explain needs the ID of a rule (kneecheck rules lists them)")
			}
			return nil
		},
		ValidArgsFunction: completeRules,
		Annotations:       map[string]string{paged: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id, o.paths = args[0], args[1:]
			return runExplain(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.Var(&o.asOf, "as-of", "judge the log as it stood on `DATE` (the last run's unless given)")
	o.read.bind(cmd)
	return cmd
}

// completeRules offers the rules to the shell, and then files.
func completeRules(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return ruleWords(args, func(*rules.Rule) bool { return true })
}

// completeAckRules offers the rules whose findings can be acknowledged.
func completeAckRules(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return ruleWords(args, func(r *rules.Rule) bool { return rules.NoAck(r) == "" })
}

// ruleWords are the ids and names of some rules, each with its title, for the first argument.
func ruleWords(args []string, offer func(*rules.Rule) bool) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var list []string
	for _, r := range rules.All() {
		if offer(r) {
			list = append(list, r.ID+"\t"+r.Title, r.Name+"\t"+r.Title)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

func runExplain(ctx context.Context, o *explainOptions) error {
	rule, ok := rules.Find(o.id)
	if !ok {
		return unknownRule(o.id)
	}
	if len(o.paths) == 0 {
		c, err := o.global.settings(o.env, "")
		if err != nil {
			return err
		}
		_, err = io.WriteString(o.env.Out, explanation(rule, c.rules, c.units, o.env.width()))
		return err
	}
	r, err := read(ctx, o.env, o.global, o.read, o.paths)
	if err != nil {
		return err
	}
	text := explanation(rule, r.config.rules, r.config.units, o.env.width())
	asOf, err := o.asOf.asOf(r.today, r.lastRun())
	if err != nil {
		return err
	}
	none := r.noRun(asOf)
	if none == nil {
		var b strings.Builder
		log := r.log(asOf)
		result := rules.Run(log, with(r.config.rules, rule), r.config.units)
		if err := r.acknowledge(&result, log, math.MinInt32); err != nil {
			return err
		}
		onLog(&b, rule, result, log, o.env.width())
		if slices.Contains(groundRules, rule.ID) && analyze.SumSurfaces(log.Runs).Mapped {
			labelled(&b, "Ground", "map data "+surface.Attribution, o.env.width())
		}
		if draw := curves[rule.ID]; draw != nil {
			b.WriteByte('\n')
			if err := draw(&b, log, r.config.units, report.TextOptions{Width: o.env.width()}); err != nil {
				return err
			}
		}
		text += b.String()
	}
	if _, err := io.WriteString(o.env.Out, text); err != nil {
		return err
	}
	if none != nil {
		return none
	}
	return nil
}

// curves draw the data behind a rule, by the rule's ID.
var curves = map[string]func(io.Writer, *analyze.Log, analyze.Units, report.TextOptions) error{
	"KC201": report.CadenceCurve,
	"KC202": report.CadenceChange,
}

// groundRules are the rules about ground outdoors, which a street map tells.
var groundRules = []string{"KC301", "KC302"}

// labelWidth is the column that the text after a label begins at. Below narrowWidth there is no room for columns, and lines are
// indented by narrowIndent.
const (
	labelWidth   = 10
	narrowWidth  = 60
	narrowIndent = 2
)

// labelled writes a label and a text that wraps beside it.
func labelled(b *strings.Builder, label, text string, width int) {
	if width < narrowWidth {
		if label != "" {
			label += ": "
		}
		fmt.Fprintf(b, "%s\n", wrap(label+text, min(labelWidth, narrowIndent), width))
		return
	}
	fmt.Fprintf(b, "%-*s%s\n", labelWidth, label, wrap(text, labelWidth, width))
}

// explanation is what is to be said of a rule without a log.
func explanation(r *rules.Rule, set rules.Settings, u analyze.Units, width int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", wrap(r.ID+" "+r.Name+": "+r.Title, 0, width))
	labelled(&b, "Why", r.Why, width)
	labelled(&b, "Evidence", string(r.Evidence.Grade)+": "+r.Evidence.Says, width)
	labelled(&b, "", r.Evidence.Caveat, width)
	for _, ref := range r.Evidence.Refs {
		source := ref.Cite
		if ref.DOI != "" {
			source += " doi:" + ref.DOI
		}
		labelled(&b, "", "Source: "+source, width)
	}
	labelled(&b, "Fires", r.Fires, width)
	yours(&b, r, set, width)
	labelled(&b, "Silent", r.Silent, width)
	example(&b, r, set, u, width)
	return b.String()
}

// yours lists the settings in force with where they come from.
func yours(b *strings.Builder, r *rules.Rule, set rules.Settings, width int) {
	s := set[r.Name]
	from := func(name string) string {
		if f := s.From[name]; f != "" {
			return "(" + f + ")"
		}
		return "(default)"
	}
	text := state(set, r) + " " + from(settingEnabled)
	if r.Always {
		text = "always on"
	}
	labelled(b, "Yours", text, width)
	if s.Severity != nil {
		labelled(b, "", fmt.Sprintf("severity %s %s", ceiling(set, r), from(settingSeverity)), width)
	}
	for _, p := range set.Effective(r) {
		labelled(b, "", fmt.Sprintf("%s %s %s", p.Param.Name, paramValue(p.Value, p.Param.Unit), from(p.Param.Name)), width)
	}
}

// with returns the settings with one rule on, so that a rule that is off can be explained too. The others stay as they
// are, because a rule may keep silent about what another one tells.
func with(set rules.Settings, r *rules.Rule) rules.Settings {
	on := true
	s := set[r.Name]
	s.Enabled = &on
	all := rules.Settings{r.Name: s}
	for name, s := range set {
		if name != r.Name {
			all[name] = s
		}
	}
	return all
}

// example shows the rule's first example that fires, and the line that it prints with the settings in force.
func example(b *strings.Builder, r *rules.Rule, set rules.Settings, u analyze.Units, width int) {
	for _, e := range r.Examples {
		if e.Kind != rules.Fires {
			continue
		}
		labelled(b, "Example", e.Name+". Kilometres a day from Monday to Sunday, _ for a day off:", width)
		for line := range strings.Lines(e.Log) {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimRight(line, " \t\n"); line != "" {
				if width < narrowWidth {
					fmt.Fprintf(b, "%s\n", wrap(line, narrowIndent, width))
					continue
				}
				fmt.Fprintf(b, "%*s%s\n", labelWidth+2, "", line)
			}
		}
		note, err := lognote.Parse(e.Log)
		if err != nil {
			// The rules' own tests parse every example; this is a fault of the program that must not stay silent.
			labelled(b, "", "this example cannot be read: "+err.Error(), width)
			return
		}
		findings := ofRule(r, rules.Run(note.Log, with(set, r), u).Findings)
		for _, f := range findings {
			labelled(b, "", "prints: "+findingLine(f), width)
		}
		if len(findings) == 0 {
			labelled(b, "", "prints nothing with your limits", width)
		}
		return
	}
}

func ofRule(r *rules.Rule, all []rules.Finding) []rules.Finding {
	var list []rules.Finding
	for _, f := range all {
		if f.Rule == r {
			list = append(list, f)
		}
	}
	return list
}

func findingLine(f rules.Finding) string { return fmt.Sprintf("%s: %s", f.Severity, f.Message) }

// shownFindings is how many findings on a log are shown in full, the latest.
const shownFindings = 5

const daysPerYear = 365.25

// onLog tells how often the rule fired on a log.
func onLog(b *strings.Builder, r *rules.Rule, result rules.Result, log *analyze.Log, width int) {
	findings := ofRule(r, result.Findings)
	first := log.Runs[0].Date
	b.WriteString("\nOn this log\n")
	say := func(text string) { labelled(b, "", text, width) }
	span := fmt.Sprintf("%s, %s to %s", spanLength(first, log.AsOf), longDate(first), longDate(log.AsOf))
	judged := !slices.ContainsFunc(result.NotJudged, func(n rules.NotJudged) bool { return n.Rule == r })
	hidden := max(0, len(findings)-shownFindings)
	switch {
	case r.State && len(findings) > 0:
		say(fmt.Sprintf("as of %s:", longDate(log.AsOf)))
	case r.State && !judged:
		say(fmt.Sprintf("as of %s:", longDate(log.AsOf)))
	case r.State:
		say(fmt.Sprintf("silent as of %s", longDate(log.AsOf)))
	case hidden > 0:
		say(fmt.Sprintf("fired %s in %s; the last %d:", plural(len(findings), "time"), span, shownFindings))
	case len(findings) > 0:
		say(fmt.Sprintf("fired %s in %s:", plural(len(findings), "time"), span))
	default:
		say("never fired in " + span)
	}
	findings = findings[hidden:]
	for _, f := range findings {
		say(findingLine(f))
		switch {
		case f.Ack != nil:
			say("acknowledged " + ackWords(f.Ack))
		case f.Outgrown != nil:
			say("worse than what was acknowledged " + ackWords(f.Outgrown))
		}
	}
	for _, n := range result.NotJudged {
		if n.Rule == r {
			say("not judged: " + n.Reason)
		}
	}
}

// ackWords are the last day and the reason of an acknowledgement.
func ackWords(a *rules.Ack) string { return "until " + longDate(a.Until) + ": " + printable(a.Reason) }

func longDate(d civil.Date) string { return d.Time().Format("2 Jan 2006") }

// spanLength writes how long a log is, in the unit that gives a small number.
func spanLength(from, to civil.Date) string {
	days := int(to-from) + 1
	switch {
	case days < 14:
		return plural(days, "day")
	case days < 2*365:
		return plural(days/7, "week")
	}
	return fmt.Sprintf("%.1f years", float64(days)/daysPerYear)
}
