package report

import (
	"io"
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/analyze/surface"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// RunInput is one run of a log, to be shown in detail.
type RunInput struct {
	Log *analyze.Log
	// Run is its index in Log.Runs.
	Run int
	// Result is what the rules say of the log.
	Result rules.Result
	// Detail is nil where the run's samples cannot be read, and then NoDetail says why.
	Detail   *analyze.Detail
	NoDetail string
	// SplitM is the length of the detail's splits in metres.
	SplitM float64
	// Stretches are the run's parts by ground as it was recorded.
	Stretches []surface.Stretch
	// Mapped is true when a street map told some of them.
	Mapped bool
	// ProbableTrack is true when laps of a 400 m track were found in positions too noisy to be sure.
	ProbableTrack bool
	Units         analyze.Units
}

// RunSchema is the name and version of the document that RunJSON writes. Within version 1 members are only added.
const RunSchema = "kneecheck.run/v1"

// RunDocument is one run as --format json prints it. Numbers are SI units, changes and shares fractions; a nil pointer is
// a number that is not known, and no slice is nil. It holds no coordinates.
type RunDocument struct {
	Schema string     `json:"schema"`
	AsOf   civil.Date `json:"as_of"`
	Name   string     `json:"name"`
	Format string     `json:"format"`
	// Run is the run as the report has it.
	Run Run `json:"run"`
	// NoSamples says why the samples could not be read again; then there are no splits and no rise.
	NoSamples *string    `json:"no_samples"`
	SplitM    float64    `json:"split_m"`
	Splits    []RunSplit `json:"splits"`
	// RiseM is the altitude above the run's lowest point, every RiseStepM along its distance.
	RiseStepM float64   `json:"rise_step_m"`
	RiseM     []float64 `json:"rise_m"`
	Climb     RunClimb  `json:"climb"`
	Cadence   RunSteps  `json:"cadence"`
	Heart     RunHeart  `json:"heart"`
	// Stretches are the ground as it was recorded, from start to end.
	Stretches []RunStretch `json:"stretches"`
	// ProbableTrack is true when laps of a 400 m track were found in positions too noisy to be sure.
	ProbableTrack bool `json:"probable_track"`
	// StravaDirtM is what Strava's export counts as off paved ground; null where it says nothing.
	StravaDirtM *float64 `json:"strava_dirt_m"`
	// Attribution names those whose street map told the ground, and is empty where none did.
	Attribution string `json:"attribution"`
	// Findings are those that name this run.
	Findings []Finding `json:"findings"`
}

// RunSplit is a part of a run. Its metres are counted by the samples.
type RunSplit struct {
	FromM      float64  `json:"from_m"`
	ToM        float64  `json:"to_m"`
	MovingS    float64  `json:"moving_s"`
	StoppedS   float64  `json:"stopped_s"`
	CadenceSPM *float64 `json:"cadence_spm"`
	HeartBPM   *float64 `json:"heart_bpm"`
	AscentM    *float64 `json:"ascent_m"`
	DescentM   *float64 `json:"descent_m"`
}

// RunClimb is what a run tells of hills: the distance run and the metres descended at −5 % or steeper (downhill) and at
// −10 % or steeper (steep).
type RunClimb struct {
	Source        string   `json:"source"`
	RangeM        *float64 `json:"range_m"`
	DownhillM     *float64 `json:"downhill_m"`
	DownhillDropM *float64 `json:"downhill_drop_m"`
	SteepM        *float64 `json:"steep_m"`
	SteepDropM    *float64 `json:"steep_drop_m"`
}

// RunSteps is a run's step rate on near-level ground: against the expectation and against the runner's own 84 days before.
type RunSteps struct {
	// VersusExpectedSPM is the median difference to the expectation at the same pace.
	VersusExpectedSPM *float64 `json:"versus_expected_spm"`
	// VersusBefore is the change against the days before at the same pace, a fraction.
	VersusBefore *float64 `json:"versus_before"`
	// FirstThirdSPM and LastThirdSPM are means, and ThirdsChange compares them at the same pace; for runs of 45 minutes and more.
	FirstThirdSPM *float64  `json:"first_third_spm"`
	LastThirdSPM  *float64  `json:"last_third_spm"`
	ThirdsChange  *float64  `json:"thirds_change"`
	ByPace        []RunPace `json:"by_pace"`
}

// RunPace is the step rate at one pace.
type RunPace struct {
	FromMPS     float64  `json:"from_mps"`
	ToMPS       float64  `json:"to_mps"`
	Seconds     float64  `json:"seconds"`
	MedianSPM   float64  `json:"median_spm"`
	ExpectedSPM *float64 `json:"expected_spm"`
	BeforeSPM   *float64 `json:"before_spm"`
}

// RunStretch is a part of a run on one kind of ground: a class, a group with "unclear", treadmill or unknown; basis says how it is
// known.
type RunStretch struct {
	FromM  float64 `json:"from_m"`
	ToM    float64 `json:"to_m"`
	Ground string  `json:"ground"`
	Basis  string  `json:"basis"`
}

// RunHeart is a run's heart rate.
type RunHeart struct {
	MeanBPM  *float64 `json:"mean_bpm"`
	Coverage float64  `json:"coverage"`
}

// runFacts is a run with what its screens tell beyond the run itself.
type runFacts struct {
	in   RunInput
	run  *analyze.Run
	knee float64
	// rows are the paces of near-level ground with at least curveS seconds, slowest first; other and usual may be NaN.
	rows []curveRow
	// versusSPM is against the expectation, versusBefore against the own curve, thirds the last third against the first.
	versusSPM, versusBefore, thirds float64
	firstSPM, lastSPM               float64
	findings                        []Finding
}

// thirdsMinS is the least time at speeds that both thirds have, five minutes as in rule KC203, and beforeMinS the least time at
// speeds that a run shares with the days before.
const (
	thirdsMinS = 5 * 60
	beforeMinS = 5 * 60
)

func newRunFacts(in RunInput) *runFacts {
	if in.Units == "" {
		in.Units = analyze.Kilometres
	}
	log, run := in.Log, in.Log.Runs[in.Run]
	nan := math.NaN()
	f := &runFacts{in: in, run: run, knee: log.KneeKM(in.Run, in.Run+1)[0], versusBefore: nan, thirds: nan, firstSPM: nan, lastSPM: nan}
	level := run.Cadence.Level.Hist()
	var own analyze.Hist
	if run.Outdoors() {
		own, _ = log.LevelCadence(run.Date-analyze.OwnCurveDays, run.Date-1, false)
		if change, seconds := analyze.MatchedChange(level, own); seconds >= beforeMinS {
			f.versusBefore = change
		}
	}
	versus, seconds := level.VersusExpected(log.HeightCM)
	if f.versusSPM = versus; seconds < curveS {
		f.versusSPM = nan
	}
	first, last := run.Cadence.FirstThird.Hist(), run.Cadence.LastThird.Hist()
	if change, seconds := analyze.MatchedChange(last, first); seconds >= thirdsMinS {
		f.thirds, f.firstSPM, f.lastSPM = change, first.MeanSPM(), last.MeanSPM()
	}
	before := own.BySpeed()
	for _, s := range level.BySpeed() {
		row := curveRow{bin: s.Bin, seconds: s.Seconds, own: s.MedianSPM, other: analyze.ExpectedCadence(s.SpeedMPS(), log.HeightCM), usual: nan}
		if i := slices.IndexFunc(before, func(b analyze.SpeedCadence) bool { return b.Bin == s.Bin && b.Seconds >= curveS }); i >= 0 {
			row.usual = before[i].MedianSPM
		}
		f.rows = append(f.rows, row)
	}
	for _, found := range findings(Input{Log: log, Result: in.Result, From: math.MinInt32, To: math.MaxInt32, Units: in.Units}) {
		if slices.Contains(found.Runs, run.ID) {
			f.findings = append(f.findings, found)
		}
	}
	return f
}

// document is the wire document of a run.
func (f *runFacts) document() RunDocument {
	run, log := f.run, f.in.Log
	d := RunDocument{
		Schema: RunSchema, AsOf: log.AsOf, Name: run.Name, Format: string(run.Format), Run: wireRun(run),
		SplitM: f.in.SplitM, Splits: []RunSplit{}, RiseStepM: analyze.RiseStepM, RiseM: []float64{},
		Climb: RunClimb{
			Source: string(run.Climb.Source), RangeM: optional(run.Climb.RangeM, 1),
			DownhillM: optional(run.Climb.DownhillM, 1), DownhillDropM: optional(run.Climb.DownhillDropM, 1),
			SteepM: optional(run.Climb.SteepM, 1), SteepDropM: optional(run.Climb.SteepDropM, 1),
		},
		Cadence: RunSteps{
			VersusExpectedSPM: optional(f.versusSPM, 1), VersusBefore: optional(f.versusBefore, 4),
			FirstThirdSPM: optional(f.firstSPM, 1), LastThirdSPM: optional(f.lastSPM, 1), ThirdsChange: optional(f.thirds, 4),
			ByPace: []RunPace{},
		},
		Heart:         RunHeart{MeanBPM: optional(run.Heart.MeanBPM, 1), Coverage: number(run.Heart.Coverage, 3)},
		Stretches:     []RunStretch{},
		ProbableTrack: f.in.ProbableTrack, StravaDirtM: positive(run.DirtM),
		Findings: append([]Finding{}, f.findings...),
	}
	if f.in.Mapped {
		d.Attribution = surface.Attribution
	}
	for _, s := range f.in.Stretches {
		d.Stretches = append(d.Stretches, RunStretch{number(s.FromM, 1), number(s.ToM, 1), s.Ground, string(s.Basis)})
	}
	d.Run.KneeKM = optional(f.knee, 2)
	for i := range f.rows {
		r := &f.rows[i]
		d.Cadence.ByPace = append(d.Cadence.ByPace, RunPace{
			FromMPS: number(float64(r.bin)*analyze.SpeedBinMPS, 1), ToMPS: number(float64(r.bin+1)*analyze.SpeedBinMPS, 1),
			Seconds: number(r.seconds, 1), MedianSPM: r.own, ExpectedSPM: optional(r.other, 1), BeforeSPM: optional(r.usual, 1),
		})
	}
	if f.in.Detail == nil {
		d.NoSamples = &f.in.NoDetail
		return d
	}
	for i := range f.in.Detail.Splits {
		s := &f.in.Detail.Splits[i]
		d.Splits = append(d.Splits, RunSplit{
			FromM: number(s.FromM, 1), ToM: number(s.ToM, 1), MovingS: number(s.MovingS, 1), StoppedS: number(s.StoppedS, 1),
			CadenceSPM: optional(s.CadenceSPM, 1), HeartBPM: optional(s.HeartBPM, 1),
			AscentM: optional(s.AscentM, 1), DescentM: optional(s.DescentM, 1),
		})
	}
	for _, m := range f.in.Detail.RiseM {
		d.RiseM = append(d.RiseM, number(m, 1))
	}
	return d
}

// positive is a distance, and nil for none.
func positive(m float64) *float64 {
	if !(m > 0) {
		return nil
	}
	return optional(m, 1)
}

// RunJSON writes a run as one document, or several as an array of them.
func RunJSON(w io.Writer, ins []RunInput) error {
	if len(ins) == 1 {
		return Indented(w, newRunFacts(ins[0]).document())
	}
	docs := make([]RunDocument, len(ins))
	for i := range ins {
		docs[i] = newRunFacts(ins[i]).document()
	}
	return Indented(w, docs)
}
