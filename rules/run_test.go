package rules

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// sameResult compares results by the rules' IDs; NaN equals NaN.
var sameResult = cmp.Options{
	cmp.Transformer("ID", func(r *Rule) string { return r.ID }),
	cmpopts.EquateNaNs(),
}

func TestFindingsAreWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := randomLog(t)
		res := run(log, randomSettings(t), randomUnits(t), All(), judge)
		for _, f := range res.Findings {
			checkFinding(t, log, f)
		}
		last := ""
		for _, n := range res.NotJudged {
			if n.Rule.ID <= last || n.Reason == "" || n.Coverage < 0 || n.Coverage > 1 || strings.Contains(n.Reason, "NaN") {
				t.Errorf("not judged after %q: %s %q %v", last, n.Rule.ID, n.Reason, n.Coverage)
			}
			last = n.Rule.ID
		}
	})
}

func checkFinding(t *rapid.T, log *analyze.Log, f Finding) {
	for _, v := range []float64{f.Value, f.Limit} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("%s: value %v, limit %v", f.Rule.ID, f.Value, f.Limit)
		}
	}
	if f.Severity > f.Rule.Ceiling() {
		t.Errorf("%s is %s, above %s", f.Rule.ID, f.Severity, f.Rule.Ceiling())
	}
	if f.From > f.To || f.To > log.AsOf {
		t.Errorf("%s: %s to %s, as of %s", f.Rule.ID, f.From, f.To, log.AsOf)
	}
	for _, text := range []string{f.Message, f.Advice} {
		if text == "" || strings.ContainsAny(text, "!") || strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("%s says %q", f.Rule.ID, text)
		}
	}
	if strings.HasSuffix(f.Message, ".") || !strings.HasSuffix(f.Advice, ".") {
		t.Errorf("%s: a message has no period, advice has: %q %q", f.Rule.ID, f.Message, f.Advice)
	}
	if !slices.IsSorted(f.Runs) || len(slices.Compact(slices.Clone(f.Runs))) != len(f.Runs) {
		t.Errorf("%s: runs %v", f.Rule.ID, f.Runs)
	}
	for _, i := range f.Runs {
		if d := log.Runs[i].Date; d < f.From || d > f.To {
			t.Errorf("%s: run of %s outside %s to %s", f.Rule.ID, d, f.From, f.To)
		}
	}
}

func TestOrderOfRunsMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runs, o := randomRuns(t)
		want := Run(analyze.Build(runs, nil, o), allOn(), analyze.Kilometres)
		shuffled := slices.Clone(runs)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 2)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		got := Run(analyze.Build(shuffled, nil, o), allOn(), analyze.Kilometres)
		if diff := cmp.Diff(want, got, sameResult); diff != "" {
			t.Error(diff)
		}
		if !slices.IsSortedFunc(got.Findings, func(a, b Finding) int { return int(a.From - b.From) }) {
			t.Error("findings are not in order of day")
		}
	})
}

// TestLooserLimitsFindLess loosens one parameter of every rule, also of those that are off by default: every finding left
// was there before, at least as severe, on days that overlap. (A count would not do: a stretch of days may fall into two.
// Rules of state speak of the as-of day, whatever day they date a finding to.)
func TestLooserLimitsFindLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set := randomLog(t), randomSettings(t)
		for _, r := range All() {
			if len(r.Params) == 0 {
				continue
			}
			param := rapid.SampledFrom(r.Params).Draw(t, r.ID)
			low := rapid.Float64Range(param.Min, param.Max).Draw(t, "low")
			high := rapid.Float64Range(low, param.Max).Draw(t, "high")
			checkLooser(t, log, set[r.Name], r, param, low, high)
		}
	})
}

// checkLooser compares what a rule finds with a lower and a higher value of one of its parameters.
func checkLooser(t *rapid.T, log *analyze.Log, s Setting, r *Rule, param Param, low, high float64) {
	with := func(v float64) []Finding {
		params := map[string]float64{}
		for k, v := range s.Params {
			params[k] = v
		}
		params[param.Name] = v
		on := true
		return run(log, Settings{r.Name: {Enabled: &on, Params: params, Severity: s.Severity}}, analyze.Kilometres, []*Rule{r}, judge).Findings
	}
	strict, loose := with(low), with(high)
	if param.Stricter {
		strict, loose = loose, strict
	}
	for _, f := range loose {
		covered := slices.ContainsFunc(strict, func(s Finding) bool {
			return (s.From <= f.To && f.From <= s.To || r.State) && s.Severity >= f.Severity
		})
		if !covered {
			t.Errorf("%s %s from %v to %v adds: %s", r.ID, param.Name, low, high, f.Message)
		}
	}
}

// TestRandomLogsSetOffEveryRule looks whether the properties above speak of anything: every rule must fire and keep silent
// on the logs that they draw.
func TestRandomLogsSetOffEveryRule(t *testing.T) {
	const draws = 600
	type drawn struct {
		log *analyze.Log
		set Settings
	}
	gen := rapid.Custom(func(t *rapid.T) drawn { return drawn{randomLog(t), randomSettings(t)} })
	fires := map[*Rule]int{}
	for seed := range draws {
		d := gen.Example(seed)
		for _, r := range All() {
			on := true
			s := d.set[r.Name]
			s.Enabled = &on
			if len(run(d.log, Settings{r.Name: s}, analyze.Kilometres, []*Rule{r}, judge).Findings) > 0 {
				fires[r]++
			}
		}
	}
	for _, r := range All() {
		t.Logf("%s fires on %d of %d logs", r.ID, fires[r], draws)
		if fires[r] < 3 || fires[r] > draws-3 {
			t.Errorf("%s fires on %d of %d logs: what is drawn hardly tries it", r.ID, fires[r], draws)
		}
	}
}

func TestEmptyLog(t *testing.T) {
	log := analyze.Build(nil, nil, analyze.Options{HeightCM: math.NaN(), AsOf: civil.New(2026, time.June, 14), WeekStart: time.Monday})
	res := run(log, allOn(), analyze.Kilometres, All(), judge)
	if len(res.Findings) != 0 || len(res.NotJudged) != len(All()) {
		t.Errorf("%d findings and %d of %d rules not judged", len(res.Findings), len(res.NotJudged), len(All()))
	}
}

// TestLogWithoutData shows every rule a log that lacks what it needs: none may take it for a pass.
func TestLogWithoutData(t *testing.T) {
	nan := math.NaN()
	var runs []analyze.Run
	first := civil.New(2026, time.June, 9)
	for i := range 3 {
		d := first + civil.Date(i)
		runs = append(runs, analyze.Run{
			ID: d.String(), Date: d, Start: d.Time(), Kind: ingest.Treadmill, DistM: 12000, MovingS: 4200, ElapsedS: 4200,
			LongestContinuousS: nan, SpeedSpread: nan, Heart: analyze.Heart{MeanBPM: nan}, Climb: analyze.Climb{DownhillM: nan, DownhillDropM: nan, SteepM: nan, RangeM: nan},
		})
	}
	log := analyze.Build(runs, nil, analyze.Options{HeightCM: nan, AsOf: first + 3, WeekStart: time.Monday})
	res := run(log, allOn(), analyze.Kilometres, All(), judge)
	for _, f := range res.Findings {
		t.Errorf("%s fires: %s", f.Rule.ID, f.Message)
	}
	got := map[string]bool{}
	for _, n := range res.NotJudged {
		got[n.Rule.ID] = true
	}
	for _, r := range All() {
		if !got[r.ID] {
			t.Errorf("%s is silent", r.ID)
		}
	}
}

// TestLongLogWithoutData shows every rule half a year of runs of which nothing is known but the day and the time moved.
// Those that need no more are named here.
func TestLongLogWithoutData(t *testing.T) {
	enough := map[string]bool{"KC402": true}
	nan := math.NaN()
	var runs []analyze.Run
	first := civil.New(2026, time.January, 5)
	for d := first; d < first+182; d += 2 {
		runs = append(runs, analyze.Run{
			ID: d.String(), Date: d, Start: d.Time(), Kind: []ingest.Kind{ingest.Unspecified, ingest.Treadmill}[d%4/2], MovingS: 4200, ElapsedS: 4200,
			LongestContinuousS: nan, SpeedSpread: nan, Heart: analyze.Heart{MeanBPM: nan}, Cadence: analyze.Cadence{MeanSPM: nan, StepLengthM: nan, Unit: ingest.NoCadence},
			Surface: analyze.Surface{HardLow: nan, HardHigh: nan},
			Climb:   analyze.Climb{AscentM: nan, DescentM: nan, DownhillM: nan, DownhillDropM: nan, SteepM: nan, SteepDropM: nan, RangeM: nan},
		})
	}
	log := analyze.Build(runs, nil, analyze.Options{HeightCM: nan, AsOf: first + 181, WeekStart: time.Monday})
	res := run(log, allOn(), analyze.Kilometres, All(), judge)
	for _, f := range res.Findings {
		t.Errorf("%s fires: %s", f.Rule.ID, f.Message)
	}
	got := map[string]bool{}
	for _, n := range res.NotJudged {
		t.Logf("%s: %s", n.Rule.ID, n.Reason)
		got[n.Rule.ID] = true
	}
	for _, r := range All() {
		if got[r.ID] == enough[r.ID] {
			t.Errorf("%s: not judged is %v, want %v", r.ID, got[r.ID], !enough[r.ID])
		}
	}
}

// TestSeverityCap lets every rule report the highest severity, under every configured one: what its evidence does not
// support never comes out.
func TestSeverityCap(t *testing.T) {
	log := parse(t, spikeLog).Log
	for _, r := range All() {
		shouting := *r
		for _, reported := range []Severity{Note, Warning, High} {
			shouting.Judge = func(p *Pass) { p.Report(Finding{Severity: reported, From: log.AsOf, To: log.AsOf, Message: "x"}) }
			for _, configured := range []*Severity{nil, new(Severity), ptr(Warning), ptr(High)} {
				set := switchedOn(r)[r.Name]
				set.Severity = configured
				for _, f := range run(log, Settings{r.Name: set}, analyze.Kilometres, []*Rule{&shouting}, judge).Findings {
					weak := r.Evidence.Grade == Weak || r.Evidence.Grade == Convention
					if f.Severity > r.Max || weak && f.Severity > Warning {
						t.Errorf("%s (%s evidence, at most %s) says %s", r.ID, r.Evidence.Grade, r.Max, f.Severity)
					}
				}
			}
		}
	}
}

func ptr[T any](v T) *T { return &v }

func TestPanicBecomesNotJudged(t *testing.T) {
	broken := &Rule{ID: "KC999", Name: "broken", Judge: func(p *Pass) {
		p.Report(Finding{Message: "half done"})
		var none []int
		_ = none[len(p.Log.Runs)]
	}}
	log := parse(t, spikeLog).Log
	res := run(log, nil, analyze.Kilometres, []*Rule{broken, sessionSpike}, judgeOrSay)
	if len(res.Findings) != 1 || res.Findings[0].Rule != sessionSpike {
		t.Errorf("findings %+v", res.Findings)
	}
	if len(res.NotJudged) != 1 || !strings.Contains(res.NotJudged[0].Reason, "internal error in broken") {
		t.Errorf("not judged %+v", res.NotJudged)
	}
	defer func() {
		if recover() == nil {
			t.Error("tests must see the panic")
		}
	}()
	run(log, nil, analyze.Kilometres, []*Rule{broken}, judge)
}

// spikeLog has one finding: a run that is double the longest of a month.
const spikeLog = `week 2026-05-04 x4  5 _ 6 _ 5 _ 10
week +1             5 _ _ _ _ _ 21`

func TestSettings(t *testing.T) {
	log := parse(t, spikeLog).Log
	on, off := true, false
	note, high := Note, High
	acwr := &Rule{ID: "KC104", Name: "off", Off: true, Max: Note, Judge: func(p *Pass) { p.Report(Finding{Message: "x"}) }}
	flag := &Rule{ID: "KC602", Name: "always", Always: true, Max: High, Evidence: Evidence{Grade: Strong}, Judge: func(p *Pass) { p.Report(Finding{Message: "x"}) }}
	weak := &Rule{ID: "KC199", Name: "weak", Max: High, Evidence: Evidence{Grade: Weak}, Judge: func(p *Pass) { p.Report(Finding{Severity: High, Message: "x"}) }}
	tests := []struct {
		name string
		rule *Rule
		set  Setting
		want string
	}{
		{"default", sessionSpike, Setting{}, "high"},
		{"lowered", sessionSpike, Setting{Severity: &note}, "note"},
		{"limit raised", sessionSpike, Setting{Params: map[string]float64{"high_ratio": 2.5}}, "warning"},
		{"warning limit raised above the high one", sessionSpike, Setting{Params: map[string]float64{"warn_ratio": 3}}, ""},
		{"switched off", sessionSpike, Setting{Enabled: &off}, ""},
		{"off by default", acwr, Setting{}, ""},
		{"switched on", acwr, Setting{Enabled: &on}, "note"},
		{"raised above the rule", acwr, Setting{Enabled: &on, Severity: &high}, "note"},
		{"always on", flag, Setting{Enabled: &off, Severity: &high}, "high"},
		{"weak evidence is never high", weak, Setting{Severity: &high}, "warning"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, f := range run(log, Settings{tt.rule.Name: tt.set}, analyze.Kilometres, []*Rule{tt.rule}, judge).Findings {
				got += f.Severity.String()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEffective(t *testing.T) {
	set := Settings{"session-spike": {Params: map[string]float64{"high_ratio": 1.6}, From: map[string]string{"high_ratio": "kneecheck.toml:14"}}}
	want := []Effective{
		{Param: &sessionSpike.Params[0], Value: 1.1},
		{Param: &sessionSpike.Params[1], Value: 1.6, From: "kneecheck.toml:14"},
		{Param: &sessionSpike.Params[2], Value: 5000},
	}
	if diff := cmp.Diff(want, set.Effective(sessionSpike)); diff != "" {
		t.Error(diff)
	}
}

func TestFind(t *testing.T) {
	for _, name := range []string{"KC102", "kc102", "ten-percent", "Ten-Percent"} {
		if r, ok := Find(name); !ok || r != tenPercent {
			t.Errorf("Find(%q) = %v, %v", name, r, ok)
		}
	}
	if _, ok := Find("KC1"); ok {
		t.Error("part of an ID is found")
	}
}

// TestRunSince leaves out what ends before a day, and nothing else.
func TestRunSince(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, set, u := randomLog(t), randomSettings(t), randomUnits(t)
		since := log.AsOf - civil.Date(rapid.IntRange(-3, 120).Draw(t, "days"))
		want := Run(log, set, u)
		want.Findings = slices.DeleteFunc(want.Findings, func(f Finding) bool { return f.To < since })
		if d := cmp.Diff(want, RunSince(log, set, u, since), sameResult, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("since %s (-want +got):\n%s", since, d)
		}
	})
}

// TestFirstRunNeedsNoDistance: the stretch without a walk is judged by its time, in a log without any distance too.
func TestFirstRunNeedsNoDistance(t *testing.T) {
	note := parse(t, "week 2026-03-02 x4 8 _ 10 _ 8 _ 14\nweek +10 3 _ _ 3")
	var runs []analyze.Run
	for _, r := range note.Log.Runs {
		far := *r
		far.DistM = math.NaN()
		runs = append(runs, far)
	}
	res := Run(analyze.Build(runs, nil, note.Options), nil, analyze.Kilometres)
	if !slices.ContainsFunc(res.Findings, func(f Finding) bool {
		return f.Rule == layoffReturn && strings.Contains(f.Message, "of running without a walk")
	}) {
		t.Errorf("layoff-return does not tell of the first run: %v", res.Findings)
	}
	if !slices.ContainsFunc(res.NotJudged, func(n NotJudged) bool { return n.Rule == layoffReturn }) {
		t.Errorf("layoff-return is silent about the weeks: %v", res.NotJudged)
	}
}

// TestCoverageIsWhatIsPrinted: sums of floats that should be equal differ in their last bits, which is no lack of data.
func TestCoverageIsWhatIsPrinted(t *testing.T) {
	for _, tt := range []struct{ part, whole, want float64 }{{99.9999999, 100, 1}, {1, 3, .333}, {0, 5, 0}, {7, 5, 1}} {
		if got := coverage(tt.part, tt.whole); got != tt.want {
			t.Errorf("%v of %v is %v, want %v", tt.part, tt.whole, got, tt.want)
		}
	}
	if got := coverage(0, 0); !math.IsNaN(got) {
		t.Errorf("nothing of nothing is %v", got)
	}
}
