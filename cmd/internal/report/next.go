package report

import (
	"maps"
	"math"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// Budget is what keeps the rules quiet on the day after the last one that counts and in the week of that day.
type Budget struct {
	Day civil.Date
	// LongestM is the longest run of Day, NaN when no rule limits it; LongestRule names the rule.
	LongestM    float64
	LongestRule string
	// QuietM is the whole week's distance that no rule mentions, and WeekM the one that is no warning because it only makes
	// good a low week before; NaN when no rule limits it. DoneM of it is run. WeekRule names the rule.
	QuietM, WeekM, DoneM float64
	WeekRule             string
}

func budget(in Input, u analyze.Units) Budget {
	b := Budget{Day: in.Log.AsOf + 1}
	var longest, week *rules.Rule
	b.LongestM, longest = rules.Allowance(in.Log, in.Settings, u, b.Day)
	b.WeekM, b.DoneM, week = rules.WeekLimit(in.Log, in.Settings, u, b.Day)
	b.QuietM, _, _ = rules.WeekLimit(in.Log, tellRebounds(in.Settings), u, b.Day)
	if longest != nil {
		b.LongestRule = longest.Name
	}
	if week != nil {
		b.WeekRule = week.Name
	}
	if b.LongestM > 0 && spiked(in.Result.Findings, b.Day) {
		b.LongestM, b.LongestRule = math.NaN(), ""
	}
	return b
}

// tellRebounds are the settings under which a rebound is a warning too, unless the severity is configured.
func tellRebounds(set rules.Settings) rules.Settings {
	out := maps.Clone(set)
	if out == nil {
		out = rules.Settings{}
	}
	if s := out[tenPercent]; s.Severity == nil {
		warning := rules.Warning
		s.Severity = &warning
		out[tenPercent] = s
	}
	return out
}

// The rules whose arithmetic the screens know of.
const (
	tenPercent   = "ten-percent"
	sessionSpike = "session-spike"
)

// spikeDays is how long a run stays the reference of rule KC101.
const spikeDays = 30

// spiked is true when the longest run of late was itself too long: the rule would then allow even more than that one,
// which is arithmetic and no advice.
func spiked(fs []rules.Finding, day civil.Date) bool {
	for i := range fs {
		if f := &fs[i]; f.Rule.Name == sessionSpike && f.To >= day-spikeDays {
			return true
		}
	}
	return false
}

// known is false when no rule limits anything.
func (b *Budget) known() bool { return !math.IsNaN(b.LongestM) || !math.IsNaN(b.WeekM) }

// limits writes the budget: "at most 54.0 km in the week (ten-percent); longest run at most 17.6 km (session-spike)". what
// names the week, or is empty where a head does.
func (r *Report) limits(what string) string {
	b, u := &r.Screen.Budget, r.Screen.Units
	if b.LongestM <= 0 {
		return "any run on " + dayOf(b.Day) + " would be a warning (" + b.LongestRule + ")"
	}
	var parts []string
	if !math.IsNaN(b.WeekM) {
		first := b.WeekM
		if b.DoneM <= b.QuietM {
			first = b.QuietM
		}
		var s string
		switch left := first - b.DoneM; {
		case b.DoneM == 0:
			s = "at most " + u.Dist(first) + what + " (" + b.WeekRule + ")"
		case u.Round(left) <= 0:
			s = "no more" + what + ", " + u.Dist(b.DoneM) + " are run (" + b.WeekRule + ")"
		default:
			s = "at most " + u.Dist(left) + " more" + what + ", to " + u.Dist(first) + " in all (" + b.WeekRule + ")"
		}
		if first < b.WeekM {
			s += ", or " + u.Dist(b.WeekM) + " if the week before was an easy one"
		}
		parts = append(parts, s)
	}
	// A week's limit that also bounds a single run says nothing about how long one should be.
	if !math.IsNaN(b.LongestM) && b.LongestRule != b.WeekRule {
		parts = append(parts, "longest run at most "+u.Dist(b.LongestM)+" ("+b.LongestRule+")")
	}
	return strings.Join(parts, "; ")
}

const (
	// freshDays is how long the advice of a warning comes first: the last two weeks.
	freshDays = 14
	// shortLogDays is the history below which most rules cannot judge.
	shortLogDays = 28
)

// nextStep is the one thing to do now, in words: the advice of the worst that fired lately, and how far the coming days
// may go.
func nextStep(r *Report) string {
	d, b := &r.Doc, &r.Screen.Budget
	if len(r.runs) == 0 {
		return ingestCommand(r) + " tells what became of every file."
	}
	if d.redFlag() != nil {
		return careFirst
	}
	var parts []string
	for _, g := range groups(d.Findings) {
		if g.Severity != "note" && g.To > d.AsOf-freshDays {
			parts = append(parts, g.Advice)
			break
		}
	}
	switch {
	case d.tooSore():
	case b.known() && r.sore():
		parts = append(parts, "As far as the knee allows, from "+dayOf(b.Day)+": "+r.limits(" in the week")+".")
	case b.known():
		parts = append(parts, "From "+dayOf(b.Day)+": "+r.limits(" in the week")+".")
	case len(parts) > 0:
	case d.AsOf-r.runs[0].Date < shortLogDays:
		parts = append(parts, "Keep recording: most rules need four weeks of runs.")
	default:
		parts = append(parts, "Carry on: no rule that could judge limits the coming week.")
	}
	return strings.Join(parts, " ")
}

// sore tells whether the latest entries of the pain journal are of a knee that is not well.
func (r *Report) sore() bool {
	k := r.Screen.Knee
	return k != nil && k.Entries[0].Hurts() && k.Entries[0].Date > r.Doc.AsOf-freshDays
}
