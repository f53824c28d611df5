// Package rules holds the rules: each is one file with its meaning, evidence, parameters, worked examples and
// arithmetic. Rules are values; they read a log and report findings, and say so when the log cannot support a verdict.
package rules

import (
	"kneecheck/ingest/civil"
)

// Severity is how much attention a finding deserves.
type Severity int

// The severities, in order.
const (
	Note Severity = iota
	Warning
	High
)

var severityNames = [...]string{Note: "note", Warning: "warning", High: "high"}

// String is the spelling of the v1 report.
func (s Severity) String() string {
	if s < Note || s > High {
		return "unknown"
	}
	return severityNames[s]
}

// ParseSeverity reads the spelling of String.
func ParseSeverity(s string) (Severity, bool) {
	for i, name := range severityNames {
		if s == name {
			return Severity(i), true
		}
	}
	return Note, false
}

// Grade is how good the evidence behind a rule is.
type Grade string

// The grades. Weak and Convention cap a rule's severity at Warning.
const (
	Strong     Grade = "strong"
	Moderate   Grade = "moderate"
	Weak       Grade = "weak"
	Convention Grade = "convention"
)

// Ceiling is the highest severity that evidence of this grade supports.
func (g Grade) Ceiling() Severity {
	if g == Strong || g == Moderate {
		return High
	}
	return Warning
}

// Rule is one named check.
type Rule struct {
	// ID is KC and three digits; it is never reused.
	ID string
	// Name is the short name in configuration and output, such as session-spike.
	Name string
	// Title is one line without a period.
	Title string
	// Why explains the rule to a runner in two or three plain sentences.
	Why string
	// Fires says in words when it fires, with the default limits.
	Fires string
	// Silent says when it keeps silent or is not judged.
	Silent   string
	Evidence Evidence
	// Max is the highest severity the rule may report.
	Max Severity
	// Off is true for rules that must be switched on.
	Off bool
	// Always is true for rules that cannot be switched off.
	Always bool
	// State is true for rules that judge how things stand on the as-of day; the others find events anywhere in the log.
	State bool
	// Grows is true for rules whose value rises by itself with every run or day, so that only a multiple of it is worse.
	Grows    bool
	Params   []Param
	Examples []Example
	// Judge reads p.Log and calls p.Report and p.NotJudged.
	Judge func(p *Pass)
}

// Ceiling is the highest severity a finding of the rule can have: the rule's own highest, and never more than the grade
// of its evidence supports.
func (r *Rule) Ceiling() Severity { return min(r.Max, r.Evidence.Grade.Ceiling()) }

// Param returns the parameter of a name.
func (r *Rule) Param(name string) (*Param, bool) {
	for i := range r.Params {
		if r.Params[i].Name == name {
			return &r.Params[i], true
		}
	}
	return nil, false
}

// Evidence is what is known, how well, and from where.
type Evidence struct {
	Grade Grade
	// Says is the finding of the studies in plain words with their size.
	Says string
	// Caveat is the limit of that evidence, shown wherever the finding is explained.
	Caveat string
	Refs   []Ref
}

// Ref is one source.
type Ref struct{ Cite, DOI string }

// Param is one threshold; it lives here and nowhere else.
type Param struct {
	Name              string
	Default, Min, Max float64
	Unit              Unit
	// Stricter is true when a higher number finds more; most limits find less when raised.
	Stricter bool
	// Doc says what the number means and where it comes from.
	Doc string
}

// Unit is the unit of a parameter or of a finding's value, in the spelling of the v1 report.
type Unit string

// The units. Ratio and Share are fractions; the text renderers show them as × and %.
const (
	Ratio  Unit = "ratio"
	Share  Unit = "share"
	Metres Unit = "m"
	Days   Unit = "days"
	Minute Unit = "min"
	SPM    Unit = "spm"
	Count  Unit = "count"
	// Score is pain from 0 to 10.
	Score Unit = "score"
)

// Example is a worked example in the notation of package lognote: documentation, test and demonstration at once.
type Example struct {
	Kind ExampleKind
	Name string
	// Log is the note, with "# want" lines for the findings it must give, or none.
	Log string
}

// ExampleKind says what an example shows.
type ExampleKind string

// The kinds; every rule has all three. AtLimit is the last value that is still allowed, or the first that is not.
const (
	Fires   ExampleKind = "fires"
	Silent  ExampleKind = "silent"
	AtLimit ExampleKind = "at the limit"
)

// Finding is one violation.
type Finding struct {
	Rule     *Rule
	Severity Severity
	// From and To are the days it is about.
	From, To civil.Date
	// Runs are indices into Log.Runs.
	Runs []int
	// Value and Limit are rounded to what is printed before they are compared.
	Value, Limit float64
	Unit         Unit
	// Message says what the log shows against which limit; Advice says what to do. Both are in words and in the log's units.
	Message, Advice string
	// Subject tells apart the findings of a rule that judges several things, such as pairs of shoes; empty otherwise.
	Subject string
	// Ack is what acknowledges the finding, nil without. Outgrown is an acknowledgement that is in force but covers less than this.
	Ack, Outgrown *Ack
	// Reported is true when the finding was told before and only news are asked for.
	Reported bool
}

// NotJudged is a rule that lacked data. It is never a pass.
type NotJudged struct {
	Rule   *Rule
	Reason string
	// Coverage is the share of the data needed that was there; NaN when a share makes no sense.
	Coverage float64
	// Optional is true when all that it lacks is something a runner need not keep: a pain journal, shoes, strength sessions,
	// a street map. It is no gap in what is kept, so that strict mode does not count it.
	Optional bool
}

// Result is the outcome of all rules on one log, in a total order.
type Result struct {
	Findings  []Finding
	NotJudged []NotJudged
}

// Setting is what a configuration says of one rule.
type Setting struct {
	Enabled  *bool
	Severity *Severity
	// Params override defaults by name.
	Params map[string]float64
	// From says where it was set, such as kneecheck.toml:14.
	From map[string]string
}

// Settings are the settings by rule name.
type Settings map[string]Setting
