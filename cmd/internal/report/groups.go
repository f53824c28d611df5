package report

import (
	"cmp"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// group is the findings of one rule with one severity that are not acknowledged: the newest, which leads, and the others, newest
// first.
type group struct {
	Finding
	others []Finding
}

var rank = map[string]int{"note": 0, "warning": 1, "high": 2}

// groups gathers findings by rule and severity, the most severe first and then the newest. A note never hides among
// warnings: a rebound is not the jump that the ten-percent rule warns of.
func groups(fs []Finding) []group {
	var out []group
	type kind struct{ rule, severity string }
	at := map[kind]int{}
	fs = slices.DeleteFunc(slices.Clone(fs), func(f Finding) bool { return f.Acknowledged })
	for _, f := range slices.SortedStableFunc(slices.Values(fs), func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank[b.Severity], rank[a.Severity]), cmp.Compare(b.To, a.To), cmp.Compare(b.From, a.From), cmp.Compare(a.Rule, b.Rule))
	}) {
		k := kind{f.Rule, f.Severity}
		if i, ok := at[k]; ok {
			out[i].others = append(out[i].others, f)
			continue
		}
		at[k] = len(out)
		out = append(out, group{Finding: f})
	}
	return out
}

// maxAlso is how many other findings of a rule are named before the rest are counted.
const maxAlso = 4

// also names the other findings of a group by date and value: "Also 12 Apr (1.3 ×) and 3 more."
func (g *group) also(u analyze.Units, asOf civil.Date) string {
	if len(g.others) == 0 {
		return ""
	}
	var parts []string
	for _, f := range g.others[:min(len(g.others), maxAlso)] {
		parts = append(parts, when(&f, asOf)+" ("+measure(f.Value, f.Unit, u)+")")
	}
	s := "Also " + strings.Join(parts, ", ")
	if more := len(g.others) - maxAlso; more > 0 {
		s += " and " + count(more, "more time")
	}
	return s + "."
}

// when says in few words what days a finding is about.
func when(f *Finding, asOf civil.Date) string {
	year := ""
	if f.To.Time().Year() != asOf.Time().Year() {
		year = " 2006"
	}
	if f.To-f.From == 6 {
		return "week of " + f.From.Time().Format("2 Jan"+year)
	}
	return spanAs(f.From, f.To, "Jan", year)
}

// unjudged is the rules that could not judge for the same reason.
type unjudged struct {
	names  []string
	reason string
}

// reasons gathers what was not judged by reason, in the order of the rules.
func reasons(ns []NotJudged) []unjudged {
	var out []unjudged
	at := map[string]int{}
	for _, n := range ns {
		i, ok := at[n.Reason]
		if !ok {
			i = len(out)
			at[n.Reason] = i
			out = append(out, unjudged{reason: n.Reason})
		}
		out[i].names = append(out[i].names, n.Rule+" "+n.Name)
	}
	for i := range out {
		if slices.Equal(out[i].names, painRules) {
			out[i].names = []string{"KC601–603 pain"}
		}
	}
	return out
}

// painRules are the rules of the pain journal, which lack it together or not at all.
var painRules = []string{"KC601 pain-run", "KC602 red-flag", "KC603 pain-persists"}
