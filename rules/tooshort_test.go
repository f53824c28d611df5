package rules

import (
	"testing"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
)

// A recording by accident neither makes a streak nor breaks a rest day nor ends a break, and it is none of the week's
// other runs. Each pair of logs differs in such recordings alone.
func TestAccidentsAreNoRunDays(t *testing.T) {
	for _, tt := range []struct{ rule, with, without string }{
		{"KC402", "week 2026-05-04  5 5 5 0.05 5 5 5\nweek +1  5 5 _ _ _ _ _", "week 2026-05-04  5 5 5 _ 5 5 5\nweek +1  5 5 _ _ _ _ _"},
		{"KC401", "week 2026-05-04  6 _ 6 _ 6 _ 12\nweek +1  0.05", "week 2026-05-04  6 _ 6 _ 6 _ 12\nweek +1  _ 6"},
		{"KC401", "week 2026-05-04  _ 9.5 0.05 _ 9.5 _ 11.7\nweek +1  9", "week 2026-05-04  _ 9.5 _ _ 9.5 _ 11.7\nweek +1  9"},
		{"KC103", "week 2026-03-02 x4  8 _ 10 _ 8 _ 14\nweek +2  _ 0.05 _ _ _ _ _\nweek +2  _ 8 _ 8 _ _ 8", "week 2026-03-02 x4  8 _ 10 _ 8 _ 14\nweek +4  _ 8 _ 8 _ _ 8"},
	} {
		rule, _ := Find(tt.rule)
		var told [2][]string
		for i, text := range []string{tt.with, tt.without} {
			n, err := lognote.Parse(text)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			for _, f := range run(n.Log, nil, analyze.Kilometres, []*Rule{rule}, judge).Findings {
				told[i] = append(told[i], f.Message)
			}
		}
		if len(told[0]) != len(told[1]) || len(told[0]) > 0 && told[0][0] != told[1][0] {
			t.Errorf("%s\n%s\nsays %q, without the accident %q", tt.rule, tt.with, told[0], told[1])
		}
	}
}
