package report

import (
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// Screen is what only people are shown.
type Screen struct {
	Title string
	Units analyze.Units
	// Weeks are beside Document.Weeks, one for one; the screen shows the last Shown of them.
	Weeks []ScreenWeek
	Shown int
	// Cadence is nil when the last four weeks hold too little of it.
	Cadence *Cadence
	// Evidence says by rule ID, for every finding, what the studies found.
	Evidence map[string]rules.Evidence
	// Quiet names the rules that judged and found nothing, in order of ID.
	Quiet []string
	// Budget is what comes next, for the day after the last one that counts.
	Budget Budget
	// NoShoeM is the distance run on no known pair since the first pair began, NaN without pairs.
	NoShoeM float64
}

// ScreenWeek is what the weeks table shows beside the wire week.
type ScreenWeek struct {
	// Mark is "!!" for high, "!" for a warning, "rebound" for a jump that only makes good a low week, or empty.
	Mark string
	// AgainstSPM is the week's cadence on near-level ground less what is expected at its speeds, NaN when not known.
	AgainstSPM float64
}

// Cadence is the runner's step rate over the last four weeks against the one expected at the same speeds.
type Cadence struct {
	SPM, ExpectedSPM float64
	// SpeedMPS is the mean speed at which it was measured.
	SpeedMPS float64
	// HeightCM is NaN when not configured; the expectation then leaves height out.
	HeightCM float64
}

const (
	// cadenceDays is how far back a cadence is pooled, as in rule KC201.
	cadenceDays = 28
	// minCadenceS is the least time on near-level ground that a cadence is pooled from, 20 minutes as in rule KC201.
	minCadenceS = 20 * 60
	// cadenceSD is the spread of ordinary runners around the expected cadence, in spm (DESIGN section 5).
	cadenceSD = 8
)

func screen(in Input, d *Document) Screen {
	s := Screen{
		Title: in.Title, Units: in.Units, Shown: len(d.Weeks),
		Evidence: map[string]rules.Evidence{}, Quiet: quiet(in), Budget: budget(in),
		NoShoeM: math.NaN(),
	}
	if s.Units == "" {
		s.Units = analyze.Kilometres
	}
	if in.Weeks > 0 {
		s.Shown = min(in.Weeks, s.Shown)
	}
	for i := range in.Result.Findings {
		rule := in.Result.Findings[i].Rule
		s.Evidence[rule.ID] = rule.Evidence
	}
	log := in.Log
	for i := range log.Weeks {
		w := &log.Weeks[i]
		k := ScreenWeek{Mark: mark(in.Result.Findings, w), AgainstSPM: math.NaN()}
		if c := pooled(log.Runs[w.First:w.First+w.Runs], log.HeightCM); c != nil {
			k.AgainstSPM = math.Round(c.SPM) - math.Round(c.ExpectedSPM)
		}
		s.Weeks = append(s.Weeks, k)
	}
	first, _ := slices.BinarySearchFunc(log.Runs, log.AsOf-cadenceDays+1, func(r analyze.Run, d civil.Date) int { return int(r.Date - d) })
	s.Cadence = pooled(log.Runs[first:], log.HeightCM)
	if len(log.Shoes) > 0 {
		s.NoShoeM = withoutShoe(log)
	}
	return s
}

// mark says what the worst finding is that a week ended with. Rules about how things stand today mark no week: they
// would always mark the last.
func mark(fs []rules.Finding, w *analyze.Week) string {
	marks := []string{"", "rebound", "!", "!!"}
	worst := 0
	for i := range fs {
		f := &fs[i]
		if f.Rule.State || f.To < w.Start || f.To > w.End() {
			continue
		}
		switch {
		case f.Severity == rules.High:
			worst = max(worst, 3)
		case f.Severity == rules.Warning:
			worst = max(worst, 2)
		case f.Rule.Name == "ten-percent":
			worst = max(worst, 1)
		}
	}
	return marks[worst]
}

// pooled is the time-weighted cadence of runs and the one expected at the same speeds; nil below minCadenceS.
func pooled(runs []analyze.Run, heightCM float64) *Cadence {
	var seconds, steps, expected, metres float64
	for i := range runs {
		for _, c := range runs[i].Cadence.Level {
			v := (float64(c.Bin) + 0.5) * analyze.SpeedBinMPS
			e := expectedCadence(v, heightCM)
			if math.IsNaN(e) {
				continue
			}
			s := float64(c.Seconds)
			seconds += s
			steps += s * float64(c.SPM)
			expected += s * e
			metres += s * v
		}
	}
	if seconds < minCadenceS {
		return nil
	}
	return &Cadence{SPM: steps / seconds, ExpectedSPM: expected / seconds, SpeedMPS: metres / seconds, HeightCM: heightCM}
}

// quiet names the rules that were on, could judge and found nothing in the window.
func quiet(in Input) []string {
	loud := map[string]bool{}
	for i := range in.Result.Findings {
		if f := &in.Result.Findings[i]; f.To >= in.From && f.From <= in.To {
			loud[f.Rule.ID] = true
		}
	}
	for i := range in.Result.NotJudged {
		loud[in.Result.NotJudged[i].Rule.ID] = true
	}
	var names []string
	for _, r := range rules.All() {
		on := !r.Off
		if set, ok := in.Settings[r.Name]; ok && set.Enabled != nil && !r.Always {
			on = *set.Enabled
		}
		if on && !loud[r.ID] {
			names = append(names, r.Name)
		}
	}
	return names
}

// withoutShoe sums the runs that no pair is known for, from the day the first pair was worn.
func withoutShoe(log *analyze.Log) float64 {
	since := log.AsOf
	for _, s := range log.Shoes {
		if s.Since == nil {
			since = math.MinInt32
			break
		}
		since = min(since, *s.Since)
	}
	m := 0.0
	for i := range log.Runs {
		if r := &log.Runs[i]; r.Shoe == "" && r.Date >= since {
			m += r.DistM
		}
	}
	return m
}
