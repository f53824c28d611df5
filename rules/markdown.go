package rules

import (
	"fmt"
	"strconv"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
)

//go:generate go test -run ^TestMarkdown$ . -update

// families are the groups of rules by the first digit of their ID.
var families = []struct{ prefix, title string }{
	{"KC1", "Distance"},
	{"KC2", "Cadence"},
	{"KC3", "Ground"},
	{"KC4", "Rest"},
	{"KC5", "Shoes"},
	{"KC6", "Pain"},
}

const markdownHead = `# The rules

Written by ` + "`go generate ./rules`" + ` from the rules themselves; change them there.

kneecheck reads a running log and tells which habits stand out. Each rule says what it checks, why, how good the evidence is, and where
it comes from. None of them is a diagnosis, none knows how a knee feels, and pain overrules every quiet line.

**Severity.** ` + "`note`" + ` is worth knowing, ` + "`warning`" + ` deserves a change of plan, ` + "`high`" + ` stands far out.
**Evidence.** ` + "`strong`" + ` and ` + "`moderate`" + ` rest on studies of runners and injuries, ` + "`weak`" + ` on mechanics, small or conflicting studies,
` + "`convention`" + ` on custom. A rule on weak evidence or convention is never more than a warning, whatever is configured.
**Not judged** is an answer of its own: a rule that lacks data says so and is never counted as passed.
Values are rounded as they are printed before they are compared, so 10 % never exceeds 10 %.

Every parameter can be set in ` + "`kneecheck.toml`" + `, and every rule here can be switched off:

` + "```toml" + `
[rules.session-spike]
warn_ratio = 1.20
severity = "warning"   # never high

[rules.run-streak]
enabled = false
` + "```" + `

The worked examples are tests too. A line is a week from Monday to Sunday, a number the kilometres of a day, ` + "`_`" + ` a day off, ` + "`x4`" + ` four
such weeks, ` + "`+1`" + ` the next week; behind a number, ` + "`@160`" + ` is the cadence, ` + "`p5:30`" + ` the pace (6:00 when not given), ` + "`v1500:90`" + ` 1500 m of
downhill with 90 m of descent.
`

// Markdown is the catalogue of all rules, written for runners.
func Markdown() string {
	var b strings.Builder
	b.WriteString(markdownHead)
	b.WriteString("\n| Rule | Checks | Evidence | At most | On |\n|---|---|---|---|---|\n")
	for _, r := range All() {
		fmt.Fprintf(&b, "| [%s %s](#%s-%s) | %s | %s | %s | %s |\n",
			r.ID, r.Name, strings.ToLower(r.ID), r.Name, r.Title, r.Evidence.Grade, r.Ceiling(), r.switched())
	}
	for _, family := range families {
		head := "\n## " + family.title + "\n"
		for _, r := range All() {
			if strings.HasPrefix(r.ID, family.prefix) {
				b.WriteString(head)
				head = ""
				r.markdown(&b)
			}
		}
	}
	return b.String()
}

// switched says in a word whether the rule is on.
func (r *Rule) switched() string {
	switch {
	case r.Always:
		return "always"
	case r.Off:
		return "no"
	}
	return "yes"
}

// markdown writes one rule.
func (r *Rule) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s %s\n\n**%s.** %s\n\n", r.ID, r.Name, r.Title, r.Why)
	fmt.Fprintf(b, "- **Fires.** %s\n- **Silent.** %s\n", r.Fires, r.Silent)
	fmt.Fprintf(b, "- **Evidence: %s.** %s\n- **Caveat.** %s\n", r.Evidence.Grade, r.Evidence.Says, r.Evidence.Caveat)
	if len(r.Evidence.Refs) > 0 {
		cites := make([]string, len(r.Evidence.Refs))
		for i, ref := range r.Evidence.Refs {
			cites[i] = ref.Cite
			if ref.DOI != "" {
				cites[i] = fmt.Sprintf("[%s](https://doi.org/%s)", ref.Cite, ref.DOI)
			}
		}
		fmt.Fprintf(b, "- **Sources.** %s.\n", strings.Join(cites, "; "))
	}
	if len(r.Params) > 0 {
		b.WriteString("\n| Parameter | Default | Allowed | Meaning |\n|---|---|---|---|\n")
	}
	for i := range r.Params {
		p := &r.Params[i]
		fmt.Fprintf(b, "| `%s` | %s | %s to %s | %s |\n", p.Name, p.Write(p.Default), number(p.Min), number(p.Max), p.Doc)
	}
	for _, e := range r.Examples {
		if e.Kind == Fires {
			r.example(b, e)
			break
		}
	}
}

// example writes a worked example without its wants, and what the rule says of it.
func (r *Rule) example(b *strings.Builder, e Example) {
	fmt.Fprintf(b, "\nExample: %s.\n\n```\n", strings.ToLower(e.Name[:1])+e.Name[1:])
	for line := range strings.SplitSeq(strings.TrimSpace(e.Log), "\n") {
		line, _, _ = strings.Cut(line, "#")
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
	b.WriteString("```\n\n")
	res, err := r.Play(e)
	if err != nil {
		fmt.Fprintf(b, "> %v\n", err)
	}
	for i, f := range res.Findings {
		if i > 0 {
			b.WriteString(">\n")
		}
		fmt.Fprintf(b, "> **%s** %s.\n> %s\n", f.Severity, f.Message, f.Advice)
	}
}

// Play judges a worked example by its rule alone, with the default limits and in kilometres. An error is a mistake in
// the example.
func (r *Rule) Play(e Example) (Result, error) {
	note, err := lognote.Parse(e.Log)
	if err != nil {
		return Result{}, fmt.Errorf("example %q of %s: %w", e.Name, r.ID, err)
	}
	return run(note.Log, switchedOn(r), analyze.Kilometres, []*Rule{r}, judge), nil
}

// Write writes a value of the parameter as it stands in a configuration, with its unit where that says more.
func (p *Param) Write(v float64) string {
	switch p.Unit {
	case Ratio:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case Share:
		return number(v) + " (" + percent(v) + ")"
	case Score:
		return number(v) + " of 10"
	case Count:
		return number(v)
	}
	return number(v) + " " + string(p.Unit)
}

// number writes a number with the digits it has and no more.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
