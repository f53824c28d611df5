package lognote

import (
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// Note is a parsed log and what its author wants of it.
type Note struct {
	Log            *analyze.Log
	Wants          []Want
	NotJudgedWants []NotJudgedWant
	Runs           []analyze.Run
	Strength       []analyze.Strength
	Options        analyze.Options
}

// Want is one finding that a log must give.
type Want struct {
	// Line is the line of the note it stands on, counted from 1.
	Line int
	// Rule is the rule's ID.
	Rule string
	// Severity is note, warning or high; empty for any.
	Severity string
	// Text must be part of the message; empty for any message.
	Text string
	// From and To are the days of the week line it belongs to, and of the gap up to the next line or the as-of date. A
	// finding is meant when its last day is among them.
	From, To civil.Date
}

// Matches reports whether a finding is the wanted one. Its last day is to.
func (w Want) Matches(rule, severity, message string, to civil.Date) bool {
	return rule == w.Rule && w.From <= to && to <= w.To &&
		(w.Severity == "" || severity == w.Severity) && strings.Contains(message, w.Text)
}

// NotJudgedWant is one rule that must report a lack of data.
type NotJudgedWant struct {
	Line int
	Rule string
	// Text must be part of the reason; empty for any.
	Text string
}

// Matches reports whether a rule that was not judged is the wanted one.
func (w NotJudgedWant) Matches(rule, reason string) bool {
	return rule == w.Rule && strings.Contains(reason, w.Text)
}
