package rules

import (
	"strings"
	"testing"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
)

func TestCatalogue(t *testing.T) {
	if err := Validate(All()); err != nil {
		t.Error(err)
	}
}

// TestExamples runs the worked examples: each wanted finding is given once, and no other.
func TestExamples(t *testing.T) {
	for _, r := range All() {
		for _, e := range r.Examples {
			t.Run(r.Name+"/"+strings.ReplaceAll(e.Name, " ", "-"), func(t *testing.T) {
				note := parse(t, e.Log)
				checkWants(t, r, note, run(note.Log, switchedOn(r), analyze.Kilometres, []*Rule{r}, judge))
				if wants := len(note.Wants); (wants > 0) != (e.Kind == Fires) && e.Kind != AtLimit {
					t.Errorf("an example that %s wants %d findings", e.Kind, wants)
				}
			})
		}
	}
}

func checkWants(t *testing.T, r *Rule, note *lognote.Note, res Result) {
	t.Helper()
	used := make([]bool, len(note.Wants))
	for _, f := range res.Findings {
		found := false
		for i, w := range note.Wants {
			if !used[i] && w.Matches(r.ID, f.Severity.String(), f.Message, f.To) {
				used[i], found = true, true
				break
			}
		}
		if !found {
			t.Errorf("unwanted: %s %s to %s: %s", f.Severity, f.From, f.To, f.Message)
		}
	}
	for i, w := range note.Wants {
		if !used[i] {
			t.Errorf("line %d: missing %s %s %q", w.Line, w.Rule, w.Severity, w.Text)
		}
	}
	unused := note.NotJudgedWants
	for _, n := range res.NotJudged {
		if len(unused) == 0 {
			t.Logf("also not judged: %s", n.Reason)
			continue
		}
		if !unused[0].Matches(r.ID, n.Reason) {
			t.Errorf("not judged because %q, want %q", n.Reason, unused[0].Text)
		}
		unused = unused[1:]
	}
	for _, w := range unused {
		t.Errorf("line %d: judged, want not judged because %q", w.Line, w.Text)
	}
}

func parse(t testing.TB, text string) *lognote.Note {
	t.Helper()
	note, err := lognote.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return note
}

func TestValidateNamesFaults(t *testing.T) {
	// good returns a complete rule that each case spoils.
	good := func() *Rule {
		r := *sessionSpike
		r.Params = append([]Param(nil), r.Params...)
		return &r
	}
	if err := Validate([]*Rule{good()}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		spoil func(*Rule)
		want  string
	}{
		{"ID", func(r *Rule) { r.ID = "KC1" }, "the ID is not KC and three digits"},
		{"name", func(r *Rule) { r.Name = "Session_Spike" }, "lower-case words"},
		{"long title", func(r *Rule) { r.Title = strings.Repeat("x", 61) }, "above 60 letters"},
		{"title with a period", func(r *Rule) { r.Title = "A spike." }, "ends in a period"},
		{"no why", func(r *Rule) { r.Why = "" }, "why is not a sentence"},
		{"shouting", func(r *Rule) { r.Evidence.Caveat = "Careful! Very." }, "caveat shouts"},
		{"no source", func(r *Rule) { r.Evidence.Refs = nil }, "graded moderate without a source"},
		{"unknown grade", func(r *Rule) { r.Evidence.Grade, r.Max = "so-so", Warning }, `unknown grade "so-so"`},
		{"more than the evidence carries", func(r *Rule) { r.Evidence.Grade = Weak }, "may report high on weak evidence"},
		{"default out of range", func(r *Rule) { r.Params[0].Max = 1.05 }, "default 1.1 outside 1 to 1.05"},
		{"parameter without a unit", func(r *Rule) { r.Params[0].Unit = "" }, "no unit"},
		{"parameter used twice", func(r *Rule) { r.Params[1].Name = "warn_ratio" }, "used twice"},
		{"no example at the limit", func(r *Rule) { r.Examples = r.Examples[:2] }, "no example that meets the limit"},
		{"nothing to judge", func(r *Rule) { r.Judge = nil }, "nothing judges"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := good()
			tt.spoil(r)
			if err := Validate([]*Rule{r}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	if err := Validate([]*Rule{good(), good()}); err == nil || !strings.Contains(err.Error(), "used twice") {
		t.Errorf("two of the same: %v", err)
	}
}
