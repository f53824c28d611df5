package rules

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// TestRedFlagIsNeverSilent logs a sign and then anything that does not say that there is none: on every later day the
// sign is in force, or it is told that nobody took it back.
func TestRedFlagIsNeverSilent(t *testing.T) {
	first := civil.New(2026, time.May, 1)
	sides := []analyze.PainSide{"", analyze.LeftKnee, analyze.RightKnee, analyze.BothKnees}
	rapid.Check(t, func(t *rapid.T) {
		signs := []analyze.PainSign{analyze.Locking, analyze.GivingWay, analyze.NightPain, analyze.Hot, analyze.CannotBearWeight, analyze.Swelling}
		pain := []analyze.Pain{{
			Date: first, Side: rapid.SampledFrom(sides).Draw(t, "side"), During: rapid.IntRange(-1, 10).Draw(t, "during"),
			Signs: []analyze.PainSign{rapid.SampledFrom(signs).Draw(t, "sign")},
		}}
		for range rapid.IntRange(0, 5).Draw(t, "later") {
			pain = append(pain, analyze.Pain{
				Date: first + civil.Date(rapid.IntRange(-5, 40).Draw(t, "day")), Side: rapid.SampledFrom(sides).Draw(t, "its side"),
				During: rapid.IntRange(-1, 10).Draw(t, "its pain"),
			})
		}
		age := civil.Date(rapid.IntRange(0, 500).Draw(t, "age"))
		log := analyze.Build(nil, nil, analyze.Options{AsOf: first + age, Pain: pain})
		res := Run(log, nil, analyze.Kilometres)
		_, inForce := InForce(res.Findings)
		told := false
		for _, n := range res.NotJudged {
			told = told || n.Rule == redFlag && strings.Contains(n.Reason, "no entry since says that it is gone")
		}
		if inForce != (age <= redFlagDays) || told != (age > redFlagDays) {
			t.Errorf("after %d days in force: %t, told: %t", age, inForce, told)
		}
	})
}

// TestSwellingThatLasts tells swelling that is gone within a day from swelling that comes back.
func TestSwellingThatLasts(t *testing.T) {
	first := civil.New(2026, time.May, 1)
	swollen := func(day civil.Date, side analyze.PainSide, settled analyze.PainSettled) analyze.Pain {
		return analyze.Pain{Date: first + day, Side: side, During: -1, Settled: settled, Signs: []analyze.PainSign{analyze.Swelling}}
	}
	for _, tt := range []struct {
		name string
		pain []analyze.Pain
		want bool
	}{
		{"for how long was not said", []analyze.Pain{swollen(0, "", "")}, true},
		{"gone within 24 hours", []analyze.Pain{swollen(0, "", analyze.SettledIn24H)}, false},
		{"there for 48 hours", []analyze.Pain{swollen(0, "", analyze.SettledIn48H)}, true},
		{"twice on one day", []analyze.Pain{swollen(0, "", analyze.SettledIn24H), swollen(0, "", analyze.SettledIn60Min)}, false},
		{"twice in a week", []analyze.Pain{swollen(0, "", analyze.SettledIn24H), swollen(7, "", analyze.SettledIn24H)}, true},
		{"twice in eight days", []analyze.Pain{swollen(0, "", analyze.SettledIn24H), swollen(8, "", analyze.SettledIn24H)}, false},
		{"one knee and then the other", []analyze.Pain{swollen(0, analyze.LeftKnee, analyze.SettledIn24H), swollen(2, analyze.RightKnee, analyze.SettledIn24H)}, false},
	} {
		if got := len(flags(tt.pain)) > 0; got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}
