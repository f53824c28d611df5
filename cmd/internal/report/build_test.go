package report

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

var (
	dayOne    = civil.New(2026, 6, 1)
	testRules = []*rules.Rule{
		{ID: "KC901", Name: "one", Evidence: rules.Evidence{Grade: rules.Moderate}},
		{ID: "KC902", Name: "two", Evidence: rules.Evidence{Grade: rules.Weak}},
	}
)

// found makes a finding of testRules[rule] with days counted from dayOne.
func found(rule int, severity rules.Severity, from, to int) rules.Finding {
	return rules.Finding{
		Rule: testRules[rule], Severity: severity, From: dayOne + civil.Date(from), To: dayOne + civil.Date(to),
		Value: 1.5, Limit: 1.1, Unit: rules.Ratio, Message: "message", Advice: "Advice.",
	}
}

func TestVerdict(t *testing.T) {
	problem := &ingest.Problem{File: "a.fit", Kind: ingest.Corrupt, Err: errors.New("zeros")}
	settings := &ingest.Problem{File: "b.fit", Kind: ingest.NotActivity, Err: errors.New("settings")}
	for _, tc := range []struct {
		name     string
		findings []rules.Finding
		notJudge bool
		problems []*ingest.Problem
		failOn   rules.Severity
		strict   bool
		noRuns   bool
		want     Verdict
	}{
		{name: "quiet", failOn: rules.Warning, want: Verdict{Status: Pass, FailOn: "warning"}},
		{name: "below the threshold", findings: []rules.Finding{found(0, rules.Note, 0, 0)}, failOn: rules.Warning,
			want: Verdict{Status: Pass, FailOn: "warning", Note: 1}},
		{name: "at the threshold", findings: []rules.Finding{found(0, rules.Warning, 0, 0)}, failOn: rules.Warning,
			want: Verdict{Status: Findings, FailOn: "warning", Warning: 1}},
		{name: "above the threshold", findings: []rules.Finding{found(0, rules.High, 0, 0), found(1, rules.Note, 0, 0)}, failOn: rules.Warning,
			want: Verdict{Status: Findings, FailOn: "warning", High: 1, Note: 1}},
		{name: "fail on high", findings: []rules.Finding{found(0, rules.Warning, 0, 0)}, failOn: rules.High,
			want: Verdict{Status: Pass, FailOn: "high", Warning: 1}},
		{name: "outside the window", findings: []rules.Finding{found(0, rules.High, -9, -1), found(0, rules.High, 7, 9)}, failOn: rules.Note,
			want: Verdict{Status: Pass, FailOn: "note"}},
		{name: "touching the window", findings: []rules.Finding{found(0, rules.Note, -9, 0), found(0, rules.Note, 6, 9)}, failOn: rules.Note,
			want: Verdict{Status: Findings, FailOn: "note", Note: 2}},
		{name: "around the window", findings: []rules.Finding{found(0, rules.Note, -9, 20)}, failOn: rules.Note,
			want: Verdict{Status: Findings, FailOn: "note", Note: 1}},
		{name: "not judged is no failure", notJudge: true, failOn: rules.Warning,
			want: Verdict{Status: Pass, FailOn: "warning", NotJudged: 1}},
		{name: "strict: not judged", notJudge: true, strict: true, failOn: rules.Warning,
			want: Verdict{Status: Incomplete, FailOn: "warning", NotJudged: 1}},
		{name: "a problem is no failure", problems: []*ingest.Problem{problem}, failOn: rules.Warning,
			want: Verdict{Status: Pass, FailOn: "warning"}},
		{name: "strict: a problem, before findings", problems: []*ingest.Problem{problem}, findings: []rules.Finding{found(0, rules.High, 0, 0)},
			strict: true, failOn: rules.Warning, want: Verdict{Status: Incomplete, FailOn: "warning", High: 1}},
		{name: "strict: settings are no problem", problems: []*ingest.Problem{settings}, strict: true, failOn: rules.Warning,
			want: Verdict{Status: Pass, FailOn: "warning"}},
		{name: "no usable run", noRuns: true, failOn: rules.Warning, want: Verdict{Status: Incomplete, FailOn: "warning"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			log := &analyze.Log{AsOf: dayOne + 6, Runs: []*analyze.Run{{ID: "0123456789abcdef", Date: dayOne}}}
			if tc.noRuns {
				log.Runs = nil
			}
			in := Input{
				Log: log, Result: rules.Result{Findings: tc.findings}, From: dayOne, To: dayOne + 6,
				FailOn: tc.failOn, Strict: tc.strict, Receipt: &analyze.Receipt{Problems: tc.problems},
			}
			if tc.notJudge {
				in.Result.NotJudged = []rules.NotJudged{{Rule: testRules[0], Reason: "too little"}}
			}
			tc.want.From, tc.want.To = in.From, in.To
			d := Build(in).Doc
			if diff := cmp.Diff(tc.want, d.Verdict); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if n := tc.want.High + tc.want.Warning + tc.want.Note; len(d.Findings) != n {
				t.Errorf("%d findings in the document, %d counted", len(d.Findings), n)
			}
		})
	}
}

func TestFingerprint(t *testing.T) {
	base := found(0, rules.Warning, 0, 6)
	prints := func(athlete string, fs ...rules.Finding) []string {
		in := Input{Log: &analyze.Log{Athlete: athlete}, Result: rules.Result{Findings: fs}, From: dayOne - 99, To: dayOne + 99}
		var out []string
		for _, f := range findings(in) {
			out = append(out, f.Fingerprint)
		}
		return out
	}
	first := prints("eva", base)[0]
	same := base
	same.Severity, same.Value, same.Limit, same.Message = rules.High, 3, 2, "other figures"
	if got := prints("eva", same)[0]; got != first {
		t.Error("other figures change the fingerprint")
	}
	for name, got := range map[string]string{
		"athlete": prints("jonas", base)[0],
		"rule":    prints("eva", found(1, rules.Warning, 0, 6))[0],
		"from":    prints("eva", found(0, rules.Warning, 1, 6))[0],
		"to":      prints("eva", found(0, rules.Warning, 0, 7))[0],
	} {
		if got == first {
			t.Errorf("another %s has the same fingerprint", name)
		}
	}
	if two := prints("eva", base, base); two[0] != first || two[1] == first {
		t.Errorf("two findings of one rule and period: %v, the first alone %s", two, first)
	}
	// What lies outside the window must not rename what lies inside.
	in := Input{Log: &analyze.Log{Athlete: "eva"}, Result: rules.Result{Findings: []rules.Finding{found(0, rules.Note, -50, -44), base}}, From: dayOne, To: dayOne + 6}
	if got := findings(in); len(got) != 1 || got[0].Fingerprint != first {
		t.Errorf("in a window: %v, want one finding %s", got, first)
	}
}

func TestInputs(t *testing.T) {
	log := &analyze.Log{Runs: []*analyze.Run{{}, {AlsoIn: []string{"a.gpx", "b.gpx"}}, {}}, Strength: make([]analyze.Strength, 2)}
	rc := &analyze.Receipt{Files: 12, Activities: 8, Runs: 5, Strength: 2, Other: 1, Ignored: 3, NotActivities: 4, Problems: someProblems()}
	kept := 1204
	want := Inputs{Files: 12, Activities: 8, Runs: 3, Duplicates: 2, StrengthSessions: 2, Ignored: 7, Problems: []Problem{
		{File: "runs/881.fit.gz", Kind: "corrupt", Message: "no record could be read (bytes 14 to 1,204 are zero)"},
		{File: "runs/913.gpx", Kind: "no-time", Message: "1,842 points without a time; give it a date in overrides.csv to count it"},
		{File: "runs/2026-06-08.fit", Kind: "truncated", Message: "the file ends in the middle of a record", KeptSamples: &kept},
	}}
	if diff := cmp.Diff(want, inputs(log, rc)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNumbers(t *testing.T) {
	for _, tc := range []struct {
		v        float64
		decimals int
		want     string
	}{{1234.56, 1, "1234.6"}, {-0.00001, 2, "0"}, {0.12345, 3, "0.123"}, {-2.5, 0, "-3"}} {
		if got := fmt.Sprint(number(tc.v, tc.decimals)); got != tc.want {
			t.Errorf("number(%v, %d) = %s, want %s", tc.v, tc.decimals, got, tc.want)
		}
	}
}

func TestGroups(t *testing.T) {
	wire := func(rule, severity string, to int) Finding {
		return Finding{Rule: rule, Severity: severity, From: dayOne + civil.Date(to), To: dayOne + civil.Date(to), Value: 1.25, Unit: "ratio"}
	}
	fs := []Finding{
		wire("KC903", "note", 0), wire("KC901", "warning", 1), wire("KC901", "high", 2), wire("KC902", "warning", 9),
		wire("KC901", "warning", 8), wire("KC901", "high", 4), wire("KC901", "note", -297),
		wire("KC901", "note", -298), wire("KC901", "note", -299), wire("KC901", "note", -300), wire("KC901", "note", -301), wire("KC901", "note", -302),
	}
	gs := groups(fs)
	var got []string
	for i := range gs {
		got = append(got, fmt.Sprintf("%s %s %s: %s", gs[i].Rule, gs[i].Severity, gs[i].To, gs[i].also(analyze.Kilometres, dayOne+9)))
	}
	want := []string{
		"KC901 high 2026-06-05: Also 3 Jun (1.25 ×).",
		"KC902 warning 2026-06-10: ",
		"KC901 warning 2026-06-09: Also 2 Jun (1.25 ×).",
		"KC903 note 2026-06-01: ",
		"KC901 note 2025-08-08: Also 7 Aug 2025 (1.25 ×), 6 Aug 2025 (1.25 ×), 5 Aug 2025 (1.25 ×), 4 Aug 2025 (1.25 ×) and 1 more time.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
