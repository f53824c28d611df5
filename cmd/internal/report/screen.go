package report

import (
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// Screen is what only people are shown.
type Screen struct {
	Title string
	Units analyze.Units
	// Weeks are beside Document.Weeks, one for one; the screen shows the last Shown of them and only they are filled in.
	Weeks []ScreenWeek
	Shown int
	// Cadence is nil when the last four weeks hold too little of it.
	Cadence *Cadence
	// Evidence says by rule ID, for every rule with a finding, how well founded it is.
	Evidence map[string]string
	// Quiet names the rules that judged and found nothing, in order of ID.
	Quiet []string
	// Knee is what the pain journal tells, nil without an entry of late.
	Knee *Knee
	// Budget is what comes next, for the day after the last one that counts.
	Budget Budget
}

// ScreenWeek is what the weeks table shows beside the wire week.
type ScreenWeek struct {
	// Mark is "!!" for high, "!" for a warning, "rebound" for a jump that only makes good a low week, or empty.
	Mark string
	// AgainstSPM is the week's mean cadence on near-level ground less what is expected at its speeds, NaN when not known.
	AgainstSPM float64
}

// Cadence is the runner's step rate over the last four weeks against the one expected at the same speeds.
type Cadence struct {
	// AgainstSPM is the median difference to the expectation, ExpectedSPM the expectation at SpeedMPS, both in whole steps.
	AgainstSPM, ExpectedSPM float64
	// SpeedMPS is the mean speed at which it was measured.
	SpeedMPS float64
	// HeightCM is NaN when not configured; the expectation then leaves height out.
	HeightCM float64
}

const (
	// cadenceDays is how far back a cadence is pooled, as in rule KC201.
	cadenceDays = analyze.CadenceDays
	// minCadenceS is the least time on near-level ground that a cadence is pooled from, 20 minutes as in rule KC201.
	minCadenceS = 20 * 60
)

func screen(in Input, d *Document) Screen {
	s := Screen{
		Title: in.Title, Units: in.Units, Shown: len(d.Weeks),
		Evidence: map[string]string{}, Quiet: quiet(in),
	}
	if s.Units == "" {
		s.Units = analyze.Kilometres
	}
	s.Budget = newBudget(in.Log, in.Settings, s.Units)
	s.Knee = knee(in)
	if in.Weeks > 0 {
		s.Shown = min(in.Weeks, s.Shown)
	}
	for i := range in.Result.Findings {
		rule := in.Result.Findings[i].Rule
		s.Evidence[rule.ID] = evidence(rule)
	}
	log := in.Log
	s.Weeks = make([]ScreenWeek, len(log.Weeks))
	for i := len(log.Weeks) - s.Shown; i < len(log.Weeks); i++ {
		w := &log.Weeks[i]
		own, usual, _ := expected(pooled(log.Runs[w.First:w.First+w.Runs]), log.HeightCM)
		s.Weeks[i] = ScreenWeek{Mark: mark(in.Result.Findings, in.judged(), w), AgainstSPM: math.Round(own - usual)}
	}
	first, end := log.RunRange(log.AsOf-cadenceDays+1, log.AsOf)
	s.Cadence = cadenceOf(log.Runs[first:end], log.HeightCM)
	return s
}

// evidence is a rule's background as far as a screen has room: why it matters where that is well founded, the limits of
// the evidence where it is not.
func evidence(r *rules.Rule) string {
	grade := "Evidence: " + string(r.Evidence.Grade) + "."
	if r.Evidence.Grade == rules.Strong || r.Evidence.Grade == rules.Moderate {
		return sentence(r.Why) + " " + grade
	}
	return grade + " " + sentence(r.Evidence.Caveat)
}

// mark says what the worst finding is whose longest run lies in the week: that is the week which a reader looks at. Rules
// about how things stand today mark no week: they would always mark the last.
func mark(fs []rules.Finding, log *analyze.Log, w *analyze.Week) string {
	marks := []string{"", "rebound", "!", "!!"}
	worst := 0
	for i := range fs {
		f := &fs[i]
		if day := dayOfLongest(f, log); f.Rule.State || day < w.Start || day > w.End() {
			continue
		}
		switch {
		case f.Severity == rules.High:
			worst = max(worst, 3)
		case f.Severity == rules.Warning:
			worst = max(worst, 2)
		case f.Rule.Name == tenPercent:
			worst = max(worst, 1)
		}
	}
	return marks[worst]
}

// dayOfLongest is the day of a finding's longest run, or its last day when it names none.
func dayOfLongest(f *rules.Finding, log *analyze.Log) civil.Date {
	day, longest := f.To, -1.0
	for _, i := range f.Runs {
		if r := log.Runs[i]; r.DistM > longest {
			day, longest = r.Date, r.DistM
		}
	}
	return day
}

// pooled is the cadence of runs on near-level ground.
func pooled(runs []*analyze.Run) analyze.Hist {
	hists := make([]analyze.PackedHist, 0, len(runs))
	for i := range runs {
		hists = append(hists, runs[i].Cadence.Level)
	}
	return analyze.MergeHists(hists...)
}

// expected is the mean expected cadence and the mean speed over the time for which there is an expectation, and that
// time's own mean cadence; NaN below minCadenceS.
func expected(h analyze.Hist, heightCM float64) (ownSPM, expectedSPM, speedMPS float64) {
	seconds := 0.0
	for _, c := range h {
		e, s := analyze.ExpectedCadence(c.SpeedMPS(), heightCM), float64(c.Seconds)
		if math.IsNaN(e) {
			continue
		}
		seconds += s
		ownSPM += s * float64(c.SPM)
		expectedSPM += s * e
		speedMPS += s * c.SpeedMPS()
	}
	if seconds < minCadenceS {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return ownSPM / seconds, expectedSPM / seconds, speedMPS / seconds
}

// cadenceOf is the cadence of runs by the arithmetic of rule KC201, so that screen and finding agree; nil below
// minCadenceS.
func cadenceOf(runs []*analyze.Run, heightCM float64) *Cadence {
	h := pooled(runs)
	_, _, speed := expected(h, heightCM)
	if math.IsNaN(speed) {
		return nil
	}
	diff, _ := h.VersusExpected(heightCM)
	return &Cadence{
		AgainstSPM: math.Round(diff), ExpectedSPM: math.Round(analyze.ExpectedCadence(speed, heightCM)),
		SpeedMPS: speed, HeightCM: heightCM,
	}
}

// quiet names the rules that were on, could judge and found nothing in the window.
func quiet(in Input) []string {
	loud := map[string]bool{}
	for i := range in.Result.Findings {
		if f := &in.Result.Findings[i]; in.tells(f) {
			loud[f.Rule.ID] = true
		}
	}
	for i := range in.Result.NotJudged {
		loud[in.Result.NotJudged[i].Rule.ID] = true
	}
	var names []string
	for _, r := range rules.All() {
		if in.Settings.Enabled(r) && !loud[r.ID] {
			names = append(names, r.Name)
		}
	}
	return names
}
