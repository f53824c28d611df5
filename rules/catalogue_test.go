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
				checkWants(t, r, note, run(note.Log, nil, analyze.Kilometres, []*Rule{r}, judge))
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
