package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
	"kneecheck/rules"
)

type rulesOptions struct {
	env    *Env
	global *globals
	out    outputs
}

func newRulesCmd(env *Env, g *globals) *cobra.Command {
	o := &rulesOptions{env: env, global: g}
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "list the rules",
		Long: `Rules lists every rule with the highest severity it may report, the grade of its evidence and whether it is on with the
configuration in force.

` + outputHelp,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runRules(o) },
	}
	o.out.bind(cmd, formatText, formatMarkdown, formatJSON)
	return cmd
}

func runRules(o *rulesOptions) error {
	pairs, err := o.out.resolve()
	if err != nil {
		return err
	}
	c, err := o.global.settings(o.env, "")
	if err != nil {
		return err
	}
	return writeAll(o.env, pairs, func(w io.Writer, p page) error {
		switch p.format {
		case formatJSON:
			return rulesJSON(w, c.rules)
		case formatMarkdown:
			return rulesMarkdown(w, c.rules)
		}
		return rulesText(w, c.rules, p.text())
	})
}

// state is the word for whether a rule is judged.
func state(set rules.Settings, r *rules.Rule) string {
	switch {
	case r.Always:
		return "always"
	case set.Enabled(r):
		return "on"
	}
	return "off"
}

// ceiling is the highest severity a rule reports with these settings.
func ceiling(set rules.Settings, r *rules.Rule) rules.Severity {
	if v := set[r.Name].Severity; v != nil {
		return min(*v, r.Ceiling())
	}
	return r.Ceiling()
}

func rulesText(w io.Writer, set rules.Settings, o report.TextOptions) error {
	rows := make([]report.RuleRow, 0, len(rules.All()))
	for _, r := range rules.All() {
		rows = append(rows, report.RuleRow{
			ID: r.ID, Name: r.Name, Severity: ceiling(set, r).String(), Grade: string(r.Evidence.Grade), State: state(set, r), Title: r.Title,
		})
	}
	return report.RulesText(w, rows, o)
}

func rulesMarkdown(w io.Writer, set rules.Settings) error {
	var b strings.Builder
	b.WriteString("| id | name | at most | evidence | is | finds |\n|---|---|---|---|---|---|\n")
	for _, r := range rules.All() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.ID, r.Name, ceiling(set, r), r.Evidence.Grade, state(set, r), r.Title)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wireRule is a rule as --format json prints it.
type wireRule struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Title    string       `json:"title"`
	Why      string       `json:"why"`
	Fires    string       `json:"fires"`
	Silent   string       `json:"silent"`
	Severity string       `json:"max_severity"`
	Enabled  bool         `json:"enabled"`
	Always   bool         `json:"always"`
	Evidence wireEvidence `json:"evidence"`
	Params   []wireParam  `json:"params"`
}

type wireEvidence struct {
	Grade  string    `json:"grade"`
	Says   string    `json:"says"`
	Caveat string    `json:"caveat"`
	Refs   []wireRef `json:"refs"`
}

type wireRef struct {
	Cite string `json:"cite"`
	DOI  string `json:"doi,omitempty"`
}

type wireParam struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Default float64 `json:"default"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
	Unit    string  `json:"unit"`
	Doc     string  `json:"doc"`
	// From is the file and line that set the value; absent for the default.
	From string `json:"from,omitempty"`
}

func rulesJSON(w io.Writer, set rules.Settings) error {
	list := []wireRule{}
	for _, r := range rules.All() {
		e := wireRule{
			ID: r.ID, Name: r.Name, Title: r.Title, Why: r.Why, Fires: r.Fires, Silent: r.Silent,
			Severity: ceiling(set, r).String(), Enabled: set.Enabled(r), Always: r.Always,
			Evidence: wireEvidence{Grade: string(r.Evidence.Grade), Says: r.Evidence.Says, Caveat: r.Evidence.Caveat, Refs: []wireRef{}},
			Params:   []wireParam{},
		}
		for _, ref := range r.Evidence.Refs {
			e.Evidence.Refs = append(e.Evidence.Refs, wireRef(ref))
		}
		for _, p := range set.Effective(r) {
			e.Params = append(e.Params, wireParam{
				Name: p.Param.Name, Value: p.Value, Default: p.Param.Default, Min: p.Param.Min, Max: p.Param.Max,
				Unit: string(p.Param.Unit), Doc: p.Param.Doc, From: p.From,
			})
		}
		list = append(list, e)
	}
	return report.Indented(w, struct {
		Schema string     `json:"schema"`
		Rules  []wireRule `json:"rules"`
	}{"kneecheck.rules/v1", list})
}
