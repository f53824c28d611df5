package rules

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"

	"pgregory.net/rapid"
)

const (
	fortyKM = "week 2026-03-02 x6 8 _ 10 _ 8 _ 14\n" // 40 km a week, as of Sunday 12 April
)

func TestOneDay(t *testing.T) {
	off := false
	tests := []struct {
		name, log string
		days      civil.Date
		set       Settings
		wantKM    float64
		wantRule  string
		wantShort string
	}{
		{"the rule and nothing else", fortyKM, 1, nil, 15.4, "KC101", "session-spike"},
		{"after a spike the runs before it are the measure", fortyKM + "week +1 8 _ 10 _ 8 _ 24", 1, nil, 15.4, "", "leaving out the spike of 19 Apr"},
		{"and what grew in small steps after it", fortyKM + "week +1 8 _ 10 _ 8 _ 24\nweek +1 8 _ 10 _ 8 _ 15", 1, nil, 16.5, "", "leaving out the spike of 19 Apr"},
		{"a spike of which nobody asks", fortyKM + "week +1 8 _ 10 _ 8 _ 24", 1, Settings{"session-spike": {Enabled: &off}, "ten-percent": {Enabled: &off}}, math.NaN(), "", "no rule limits it"},
		{"a third of half the old week after a layoff", fortyKM + "asof 2026-04-30", 1, nil, 6.6, "", "way back, week 1"},
		{"no way back when its rule is off", fortyKM + "asof 2026-04-30", 1, Settings{"layoff-return": {Enabled: &off}}, 15.4, "KC101", "session-spike"},
		{"what is left of the first week back", fortyKM + "week +3 _ _ _ 6 _ 6 _\nweek +1 6", 1, nil, 2, "KC103", "layoff-return"},
		{"the second week back", fortyKM + "week +3 _ _ _ 6 _ 6 _\nweek +1 6", 3, nil, 8, "", "way back, week 2"},
		{"a week that is over its limit has no room", fortyKM + "week +1 8 _ 10 _ 30", 1, nil, 0, "KC102", "any run: ten-percent"},
		{"a log too short for a verdict", "week 2026-03-02 x2 8 _ 10 _ 8 _ 14", 1, nil, 15.4, "", "little history: the longest so far counts"},
		{"advice beyond what the rules were asked about is none", "week 2026-03-02 40", 1, Settings{"session-spike": {Params: map[string]float64{"warn_ratio": 5}}},
			math.NaN(), "", "no rule limits it"},
		{"ten minutes after two months", fortyKM + "asof 2026-06-17", 1, nil, 1.8, "KC103", "layoff-return, without a walk"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log := parse(t, tt.log).Log
			b := OneDay(log, tt.set, analyze.Kilometres, log.AsOf+tt.days)
			if !near(b.LongestM, tt.wantKM*1000) || id(b.Limit) != tt.wantRule || b.Short != tt.wantShort {
				t.Errorf("%.1f km, %q, %q; want %.1f, %q, %q", b.LongestM/1000, id(b.Limit), b.Short, tt.wantKM, tt.wantRule, tt.wantShort)
			}
		})
	}
}

func TestHint(t *testing.T) {
	b := NewBudget(parse(t, fortyKM).Log, nil, analyze.Kilometres)
	if d := b.Days[0]; d.Hint != "a note beyond 2.9 km: no-rest-after-long-run" || !near(d.QuietM, 2900) || !near(d.LongestM, 15400) {
		t.Errorf("the day after the long run: %+v", d)
	}
	if d := b.Days[1]; d.Hint != "" || !math.IsNaN(d.QuietM) {
		t.Errorf("two days after: %+v", d)
	}
}

func TestWeeks(t *testing.T) {
	type week struct {
		done, limit, left, quiet, assumed float64
		runs                              int
		rule                              string
	}
	nan := math.NaN()
	for _, tt := range []struct {
		name, log  string
		this, next week
	}{
		{"a week with two runs to come", fortyKM + "week +1 8 _ 10",
			week{18, 44, 26, nan, nan, 2, "KC102"}, week{0, 44, 44, nan, 40, 4, "KC102"}},
		{"after an easy week, with and without a rebound", fortyKM + "week +1 5 _ 5 _ 5 _ 5",
			week{20, 35.4, 15.4, nan, nan, 1, "KC101"}, week{0, 44, 44, 22, 20, 4, "KC102"}},
		{"a jump is held, and the next week too", fortyKM + "week +1 12 _ 12 _ 14 _ 14",
			week{52, 44, 0, nan, nan, 1, "KC102"}, week{0, 52, 52, nan, 52, 4, ""}},
		{"two runs of a way back fit, then the rest of it", fortyKM + "asof 2026-04-29",
			week{0, 13.2, 13.2, nan, nan, 2, ""}, week{0, 20.4, 20.4, 15.1, 13.2, 3, "KC103"}},
		{"after a spike the runs before it bound each run, and by them the week", "week 2026-03-02 x6 _ 6 _ _ _ _ 6\nweek +1 _ 6 _ _ _ _ 14\nweek +1 6 6 6 _ 6 _ 9",
			week{33, 22, 0, nan, nan, 1, "KC102"}, week{0, 19.8, 19.8, nan, 33, 3, "spike"}},
		{"one week of log", "week 2026-04-06 _ 8 _ 10", week{18, nan, nan, nan, nan, 1, ""}, week{0, nan, nan, nan, 18, 2, ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Weeks(parse(t, tt.log).Log, nil, analyze.Kilometres)
			for i, want := range []week{tt.this, tt.next} {
				b := got[i]
				for _, c := range [][2]float64{{b.DoneM, want.done}, {b.LimitM, want.limit}, {b.LeftM, want.left}, {b.QuietM, want.quiet}, {b.AssumedM, want.assumed}} {
					if !near(c[0], c[1]*1000) {
						t.Errorf("week %d: done %.1f limit %.1f left %.1f quiet %.1f assumed %.1f; want %+v", i, b.DoneM/1000, b.LimitM/1000, b.LeftM/1000, b.QuietM/1000, b.AssumedM/1000, want)
						break
					}
				}
				if b.ByRun != (want.rule == "KC101" || want.rule == "spike") || (b.Noted == nil) != math.IsNaN(want.quiet) {
					t.Errorf("week %d: by run %v, noted by %q", i, b.ByRun, id(b.Noted))
				}
				if len(b.Days) != want.runs || id(b.Limit) != strings.TrimPrefix(want.rule, "spike") {
					t.Errorf("week %d: %d runs by %q, want %d by %q", i, len(b.Days), id(b.Limit), want.runs, want.rule)
				}
			}
		})
	}
}

func TestLadder(t *testing.T) {
	off := false
	tests := []struct {
		name, log string
		set       Settings
		wantKM    []float64
		session   string
	}{
		{"no layoff", fortyKM, nil, nil, ""},
		{"thirteen days off", fortyKM + "asof 2026-04-25", nil, nil, ""},
		{"half, 60 %, and then as fast as ten-percent lets it", fortyKM + "asof 2026-04-30", nil,
			[]float64{20, 24, 26.4, 29, 31.9, 35, 38.5, 40}, "3 easy runs of about 6.6 km, a day off after each"},
		{"80 % and the whole without that rule", fortyKM + "asof 2026-04-30", Settings{"ten-percent": {Enabled: &off}, "session-spike": {Enabled: &off}},
			[]float64{20, 24, 32, 40}, "3 easy runs of about 6.6 km, a day off after each"},
		{"its rule is off", fortyKM + "asof 2026-04-30", Settings{"layoff-return": {Enabled: &off}}, nil, ""},
		{"in the second week back", fortyKM + "week +3 6 _ 6 _ 6 _ _\nweek +1 7", nil, []float64{24, 26.4, 29, 31.9, 35.1, 38.6, 40}, "3 easy runs of about 8.0 km, a day off after each"},
		{"back as far as before", fortyKM + "week +3 6 _ 6 _ 6 _ _\nweek +1 12 _ 12 _ 12 _ 6\nweek +1 5", nil, nil, ""},
		{"walking and running", fortyKM + "asof 2026-06-17", nil, []float64{7.2, 7.7, 6.9, 8.8, 10.7, 12.6, 12.5, 14, 15}, "3 times: 8 × (run 1, walk 1½) minutes"},
		{"run again without a walk", fortyKM + "week +10 4 _ 4 _ 4 _ _", nil, []float64{13.9, 15.3, 16.8, 18.3, 20.1, 22.1, 24.3}, ""},
		{"so little that it is never too much", "week 2026-03-02 x6 3 _ 3 _ 3 _ _\nasof 2026-05-03", nil, nil, ""},
		{"an old week that nobody knows", "week 2026-03-02 8 _ 10 _ 8 _ 14\nasof 2026-04-02", nil, []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()},
			"3 easy runs, about 50 % of what you were used to, a day off after each"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rungs := Ladder(parse(t, tt.log).Log, tt.set, analyze.Kilometres)
			var km []float64
			for _, r := range rungs {
				km = append(km, math.Round(r.LimitM/100)/10)
			}
			if !slices.EqualFunc(km, tt.wantKM, near) {
				t.Errorf("%v, want %v", km, tt.wantKM)
			}
			if tt.session != "" && len(rungs) > 0 && !slices.Contains(rungs[0].Sessions, tt.session) {
				t.Errorf("%q, want %q", rungs[0].Sessions, tt.session)
			}
		})
	}
}

func TestRedFlag(t *testing.T) {
	n := parse(t, "every @150\n"+fortyKM+"asof 2026-06-17")
	o := n.Options
	o.Pain = []analyze.Pain{{Date: o.AsOf - 2, Side: analyze.LeftKnee, During: 4, Signs: []analyze.PainSign{analyze.Locking}}}
	b := NewBudget(analyze.Build(n.Runs, nil, o), nil, analyze.Kilometres)
	if !strings.Contains(b.Stop, "locking") || len(b.Ladder) > 0 || b.Cadence != nil || len(b.Days) != 7 || len(b.Weeks) != 2 {
		t.Errorf("%+v", b)
	}
	for _, d := range b.Days {
		if !math.IsNaN(d.LongestM) || d.Limit != redFlag || d.Reason != b.Stop {
			t.Errorf("%+v", d)
		}
	}
	for _, w := range b.Weeks {
		if !math.IsNaN(w.LimitM) || !math.IsNaN(w.LeftM) || w.Limit != redFlag {
			t.Errorf("%+v", w)
		}
	}
}

func TestCadence(t *testing.T) {
	low := "every @150p6:10\n" + fortyKM
	log := parse(t, low).Log
	if c := Cadence(log, nil, analyze.Kilometres); c == nil || c.OwnSPM != 150 || c.SuggestedSPM != 158 || math.Abs(c.SpeedMPS-2.7) > 0.01 || c.Why != "low-cadence fired" {
		t.Errorf("low: %+v", c)
	}
	usual := parse(t, "every @166p6:10\n"+fortyKM)
	if c := Cadence(usual.Log, nil, analyze.Kilometres); c != nil {
		t.Errorf("nothing fired: %+v", c)
	}
	hurt := func(day civil.Date, during int) *CadenceHint {
		o := usual.Options
		o.Pain = []analyze.Pain{{Date: day, During: during}}
		return Cadence(analyze.Build(usual.Runs, nil, o), nil, analyze.Kilometres)
	}
	if c := hurt(log.AsOf-27, 2); c == nil || c.OwnSPM != 166 || c.SuggestedSPM != 174 {
		t.Errorf("pain: %+v", c)
	}
	if c := hurt(log.AsOf-28, 2); c != nil {
		t.Errorf("old pain: %+v", c)
	}
	if c := hurt(log.AsOf, 0); c != nil {
		t.Errorf("no pain: %+v", c)
	}
	quick := parse(t, "every @176p6:10\n"+fortyKM)
	o := quick.Options
	o.Pain = []analyze.Pain{{Date: log.AsOf, During: 3}}
	if c := Cadence(analyze.Build(quick.Runs, nil, o), nil, analyze.Kilometres); c != nil {
		t.Errorf("above what is usual already: %+v", c)
	}
	off := false
	if c := Cadence(log, Settings{"low-cadence": {Enabled: &off}}, analyze.Kilometres); c != nil {
		t.Errorf("switched off: %+v", c)
	}
	if c := Cadence(parse(t, fortyKM).Log, nil, analyze.Kilometres); c != nil {
		t.Errorf("no cadence: %+v", c)
	}
}

// firesMore compares two results of all rules without the code of the budget: the first rule that has more findings of at
// least a severity than before, and whether any has.
func firesMore(before, after Result, least Severity) map[string]bool {
	type key struct {
		id   string
		from string
	}
	count := map[key]int{}
	for _, f := range before.Findings {
		if f.Severity >= least {
			count[key{f.Rule.ID, f.From.String()}]--
		}
	}
	out := map[string]bool{}
	for _, f := range after.Findings {
		k := key{f.Rule.ID, f.From.String()}
		if f.Severity < least {
			continue
		}
		if count[k]++; count[k] > 0 {
			out[f.Rule.ID] = true
		}
	}
	return out
}

// withRuns is a log with even runs on some days, of so many steps together.
func withRuns(base *analyze.Log, u analyze.Units, days []civil.Date, steps int, stretchS float64) *analyze.Log {
	speed := usualSpeed(base)
	out := base
	for i, day := range days {
		if share := (steps + len(days) - 1 - i) / len(days); share > 0 {
			out = out.WithRun(plannedRun(day, float64(share)*u.InM()/10, speed, stretchS), base.AsOf)
		}
	}
	return out
}

// printedSteps is a distance in steps of what is printed.
func printedSteps(m float64, u analyze.Units) int { return int(math.Round(m / u.InM() * 10)) }

// judgedWorse is true when the rule fires with more runs as it did before, but with a higher value.
func judgedWorse(before, after Result, r *Rule) bool {
	for _, a := range after.Findings {
		for _, b := range before.Findings {
			if a.Rule == r && b.Rule == r && a.From == b.From && a.Value > b.Value {
				return true
			}
		}
	}
	return false
}

// TestDaysAgreeWithTheRules runs what each day allows, and one printed step more.
func TestDaysAgreeWithTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		day := log.AsOf + civil.Date(rapid.IntRange(1, 7).Draw(t, "days"))
		b := OneDay(log, set, u, day)
		if len(log.Runs) > 0 && b.LongestM != 0 {
			b.note(asOf(log, day), set, u)
		}
		if Stop(log, set, u) != "" {
			if !math.IsNaN(b.LongestM) || (b.Limit != redFlag && b.Limit != painRun) {
				t.Errorf("%+v with a red flag", b)
			}
			return
		}
		allowed, _ := Allowance(log, set, u, day)
		if b.Reason == "" || b.Short == "" {
			t.Errorf("no reason: %+v", b)
		}
		if b.LongestM > allowed || math.IsNaN(b.LongestM) && (b.Limit != nil || !math.IsNaN(allowed)) {
			t.Errorf("%+v, but the rules allow %v", b, allowed)
		}
		if math.IsNaN(b.LongestM) {
			return
		}
		base := asOf(log, day)
		before := Run(base, set, u)
		days := []civil.Date{day}
		if b.LongestM > 0 {
			if fires := firesMore(before, Run(withRuns(base, u, days, printedSteps(b.LongestM, u), 0), set, u), Warning); len(fires) > 0 {
				t.Errorf("%s (%s) sets off %v", u.Dist(b.LongestM), b.Short, fires)
			}
		}
		steps := printedSteps(b.LongestM, u) + 1
		if b.LongestM == 0 {
			steps = printedSteps(201, u) + 1 // what is too short to be a run sets off nothing
		}
		more := Run(withRuns(base, u, days, steps, 0), set, u)
		if b.Limit != nil && !firesMore(before, more, Warning)[b.Limit.ID] && !judgedWorse(before, more, b.Limit) {
			t.Errorf("a step above %s does not set off %s", u.Dist(b.LongestM), b.Limit.ID)
		}
		if b.Noted != nil && b.QuietM > 0 {
			fires := firesMore(before, Run(withRuns(base, u, days, printedSteps(b.QuietM, u), 0), set, u), Note)
			if delete(fires, tenPercent.ID); len(fires) > 0 {
				t.Errorf("%s without a note sets off %v", u.Dist(b.QuietM), fires)
			}
		}
	})
}

// TestNoMoreThanTheSpike makes sure that a run that was too long is never the measure of the next.
func TestNoMoreThanTheSpike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		on := true
		s := set[sessionSpike.Name]
		s.Enabled = &on
		set[sessionSpike.Name] = s
		day := log.AsOf + civil.Date(rapid.IntRange(1, 7).Draw(t, "days"))
		b := OneDay(log, set, u, day)
		for _, f := range Run(log, set, u).Findings {
			if f.Rule != sessionSpike || f.From < day-spikeWindow || Stop(log, set, u) != "" {
				continue
			}
			if spikeM := u.Round(log.Runs[f.Runs[0]].DistM); !(b.LongestM <= spikeM) {
				t.Errorf("%v %s after a spike of %s", b.LongestM, b.Short, u.Dist(spikeM))
			}
			return // the earliest, which those after it grew from
		}
	})
}

// TestWeeksAgreeWithTheRules runs the rest of each week in even runs, and one printed step more.
func TestWeeksAgreeWithTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		budgets, logs := weeks(log, set, u)
		for i := range logs {
			b, base := budgets[i], logs[i]
			if math.IsNaN(b.LeftM) {
				if b.Limit != nil {
					t.Errorf("no limit by %s", b.Limit.ID)
				}
				continue
			}
			before := Run(base, set, u)
			if fires := firesMore(before, Run(withRuns(base, u, b.Days, printedSteps(b.LeftM, u), b.stretchS), set, u), Warning); len(fires) > 0 && b.LeftM > 0 {
				t.Errorf("week %v: %s left set off %v", b.Start, u.Dist(b.LeftM), fires)
			}
			if b.Limit == nil {
				continue
			}
			steps := printedSteps(b.LeftM, u) + 1
			if b.LeftM == 0 {
				steps = len(b.Days) * (printedSteps(201, u) + 1) // what is too short to be a run sets off nothing
			}
			more := Run(withRuns(base, u, b.Days, steps, b.stretchS), set, u)
			if !firesMore(before, more, Warning)[b.Limit.ID] && !judgedWorse(before, more, b.Limit) {
				t.Errorf("week %v: a step above %s left does not set off %s", b.Start, u.Dist(b.LeftM), b.Limit.ID)
			}
		}
	})
}

// TestLadderIsQuiet runs the way back week by week.
func TestLadderIsQuiet(t *testing.T) {
	ladders := 0
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		if rapid.Bool().Draw(t, "off") {
			log = log.At(log.AsOf + civil.Date(rapid.IntRange(10, 90).Draw(t, "days off")))
		}
		rungs := Ladder(log, set, u)
		l, _ := findLayoff(log, set)
		on := asOf(log, log.AsOf).WithWeekStart(l.back.Weekday())
		for _, r := range rungs {
			ladders++
			if math.IsNaN(r.LimitM) {
				continue
			}
			base := on.At(r.From + 6)
			stretchS := 0.0
			if l.walks {
				stretchS = walkRunWeeks[r.Week-1].longestStretchMin * 60
			}
			var days []civil.Date
			for _, day := range []civil.Date{r.From, r.From + 2, r.From + 4} {
				if day > on.AsOf {
					days = append(days, day)
				}
			}
			left := printedSteps(downTo(max(0, r.LimitM-base.DistM(r.From, r.From+6)), u), u)
			if len(days) == 0 || left <= 0 || newTrial(base, set, u, days, Warning).tooShort(left) {
				on = base // nothing is run that would be a run
				continue
			}
			with := withRuns(base, u, days, left, stretchS)
			if fires := firesMore(Run(base, set, u), Run(with, set, u), Warning); len(fires) > 0 {
				t.Errorf("week %d of the way back (%s) sets off %v", r.Week, u.Dist(r.LimitM), fires)
			}
			on = with
		}
	})
	if ladders == 0 {
		t.Error("no log had a layoff")
	}
}
