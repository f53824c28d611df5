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

// planOf makes planned runs of distances in kilometres by day after a day.
func planOf(from civil.Date, km map[int]float64) []analyze.Run {
	var out []analyze.Run
	for day := range 400 {
		if d, ok := km[day]; ok {
			r := plannedRun(from+civil.Date(day), d*1000, 3, 0)
			r.ID = "plan-" + r.Date.String()
			r.MovingS, r.ElapsedS, r.LongestContinuousS = math.NaN(), math.NaN(), math.NaN()
			out = append(out, r)
		}
	}
	return out
}

func TestRunPlan(t *testing.T) {
	for _, tt := range []struct {
		name, log string
		km        map[int]float64
		want      []string
		notJudged []string
	}{
		{"as ever", fortyKM, map[int]float64{2: 8, 3: 10, 5: 8, 7: 14}, nil, nil},
		{"a long run too far, in a week too far", fortyKM, map[int]float64{2: 8, 3: 10, 5: 8, 7: 24},
			[]string{"KC102 warning Planned: Week of 13 Apr: 50.0 km, 25 % over", "KC101 warning Planned: Sun 19 Apr: 24.0 km, 1.71 ×"}, nil},
		{"each spike in turn", fortyKM, map[int]float64{2: 16, 9: 20},
			[]string{"KC101 warning Planned: Tue 14 Apr: 16.0 km, 1.14 ×", "KC102 note Planned: Week of 20 Apr: 20.0 km so far, 25 % over", "KC101 warning Planned: Tue 21 Apr: 20.0 km, 1.25 ×"}, nil},
		{"what was run fires without the plan", fortyKM + "week +1 8 _ 10 _ 8 _ 24", map[int]float64{2: 8}, nil, nil},
		{"a week in progress that the plan makes too much", fortyKM + "week +1 14 _ 14 _ 14", map[int]float64{2: 10},
			[]string{"KC102 warning Planned: Week of 13 Apr: 52.0 km"}, nil},
		{"back too soon after a layoff that the plan has", fortyKM, map[int]float64{30: 14, 32: 14}, []string{"KC103 warning Planned: Week 1 after 29 days off"}, nil},
		{"a first run of which nobody knows the breaks", fortyKM, map[int]float64{70: 5}, nil, []string{"KC103"}},
		{"a log too short", "week 2026-04-06 8 _ 10 _ 8 _ 14", map[int]float64{2: 8}, nil, []string{"KC101", "KC103"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := parse(t, tt.log).Log
			with, res := RunPlan(log, planOf(log.AsOf, tt.km), nil, analyze.Kilometres)
			if len(with.Runs) != len(log.Runs)+len(tt.km) {
				t.Errorf("%d runs with the plan", len(with.Runs))
			}
			var got []string
			for _, f := range res.Findings {
				got = append(got, f.Rule.ID+" "+f.Severity.String()+" "+f.Message)
			}
			if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("%q, want %q", got, tt.want)
			}
			var lacks []string
			for _, n := range res.NotJudged {
				lacks = append(lacks, n.Rule.ID)
			}
			if !slices.Equal(lacks, tt.notJudged) {
				t.Errorf("not judged %v, want %q", res.NotJudged, tt.notJudged)
			}
		})
	}
}

func TestRunPlanWithRedFlag(t *testing.T) {
	n := parse(t, fortyKM)
	o := n.Options
	o.Pain = []analyze.Pain{{Date: o.AsOf, Side: analyze.LeftKnee, During: 2, Signs: []analyze.PainSign{analyze.GivingWay}}}
	_, res := RunPlan(analyze.Build(n.Runs, nil, o), planOf(o.AsOf, map[int]float64{3: 5}), nil, analyze.Kilometres)
	if len(res.Findings) != 1 || res.Findings[0].Rule != redFlag || res.Findings[0].To != o.AsOf+3 {
		t.Errorf("%+v", res.Findings)
	}
}

// TestPlanIsJudgedAsIfRun compares a plan with the same runs run.
func TestPlanIsJudgedAsIfRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		if len(log.Runs) == 0 {
			return
		}
		km := rapid.MapOfN(rapid.IntRange(1, 40), rapid.Float64Range(1, 40), 1, 12).Draw(t, "plan")
		plan := planOf(log.AsOf, km)
		_, res := RunPlan(log, plan, set, u)
		last := plan[len(plan)-1].Date
		without, with := run(log.At(last), set, u, PlanRules(), judge), run(log.WithRuns(plan, last), set, u, PlanRules(), judge)
		fires := firesMore(without, with, Warning)
		for _, f := range res.Findings {
			if f.Severity >= Warning && f.Rule != redFlag && !fires[f.Rule.ID] && !judgedWorse(without, with, f.Rule) {
				t.Errorf("%s only for the plan: %s", f.Rule.ID, f.Message)
			}
		}
		for id := range fires {
			if !slices.ContainsFunc(res.Findings, func(f Finding) bool { return f.Rule.ID == id }) {
				t.Errorf("%s is not told", id)
			}
		}
	})
}
