package rules

import (
	"strings"
	"testing"

	"kneecheck/analyze"
)

// TestMessages pins whole messages: in miles, and of another year than the as-of day's.
func TestMessages(t *testing.T) {
	tests := []struct {
		name, log string
		units     analyze.Units
		rule      *Rule
		want      string
	}{
		{
			"miles", spikeLog, analyze.Miles, sessionSpike,
			"Sun 7 Jun: 13.0 mi, 2.10 × the longest run of the 30 days before (6.2 mi)",
		},
		{
			"last year", strings.Replace(spikeLog, "2026-05-04", "2025-05-05", 1) + "\nasof 2026-01-02", analyze.Kilometres, sessionSpike,
			"Sun 8 Jun 2025: 21.0 km, 2.10 × the longest run of the 30 days before (10.0 km)",
		},
		{
			"pace a mile", "athlete height 180\nevery @150p6:10\nweek 2026-05-04 x4 6 _ 8 _ _ _ _", analyze.Miles, lowCadence,
			"Last 28 days: 150 spm at 9:56 /mi on level ground, 10 below the 160 expected (at this pace and 180 cm)",
		},
		{
			"three times the week before", "week 2026-05-04 3 _ 3 _ _ _ _\nweek +1 6 _ 6 _ 6", analyze.Kilometres, tenPercent,
			"Week of 11 May: 18.0 km so far, 3.00 × the week before (6.0 km)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := run(parse(t, tt.log).Log, nil, tt.units, []*Rule{tt.rule}, judge)
			if len(res.Findings) != 1 {
				t.Fatalf("%d findings, want one", len(res.Findings))
			}
			if got := res.Findings[0].Message; got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAmongst(t *testing.T) {
	for _, tt := range []struct {
		n, total int
		want     string
	}{{1, 1, "the only run"}, {3, 3, "any of the 3 runs"}, {2, 3, "2 of the 3 runs"}} {
		if got := amongst(tt.n, tt.total, "run"); got != tt.want {
			t.Errorf("%d of %d: %q, want %q", tt.n, tt.total, got, tt.want)
		}
	}
}
