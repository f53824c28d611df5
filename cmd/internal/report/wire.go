package report

import "kneecheck/ingest/civil"

// Schema is the name and version of the wire format. Within version 1 members are only added.
const Schema = "kneecheck.report/v1"

// Document is what --format json prints. Its members stand in the order of the schema. Numbers are SI units, shares and
// changes are fractions; a nil pointer is a number that is not known; no slice is nil.
type Document struct {
	Schema    string      `json:"schema"`
	Athlete   string      `json:"athlete,omitempty"`
	AsOf      civil.Date  `json:"as_of"`
	WeekStart string      `json:"week_start"`
	Inputs    Inputs      `json:"inputs"`
	Runs      []Run       `json:"runs"`
	Weeks     []Week      `json:"weeks"`
	Findings  []Finding   `json:"findings"`
	NotJudged []NotJudged `json:"not_judged"`
	Verdict   Verdict     `json:"verdict"`
	// Next is the one next step in words; an addition to the schema's members.
	Next string `json:"next"`
	// Planned are the runs of a plan that was judged, which are not among Runs: those were run. It is there only with a plan;
	// an addition to the schema's members. Findings name planned runs by these IDs.
	Planned []Planned `json:"planned,omitempty"`
	// Attribution names those whose map told ground of the runs; it is there only then. An addition to the schema's members.
	Attribution string `json:"attribution,omitempty"`
}

// Planned is one run of a plan. What the plan does not say is null.
type Planned struct {
	ID        string     `json:"id"`
	File      string     `json:"file"`
	Line      *int       `json:"line"`
	Date      civil.Date `json:"date"`
	DistanceM float64    `json:"distance_m"`
	DurationS *float64   `json:"duration_s"`
	Kind      *string    `json:"kind"`
	Note      *string    `json:"note"`
}

// Inputs is what was read.
type Inputs struct {
	Files            int       `json:"files"`
	Activities       int       `json:"activities"`
	Runs             int       `json:"runs"`
	Duplicates       int       `json:"duplicates"`
	StrengthSessions int       `json:"strength_sessions"`
	Ignored          int       `json:"ignored"`
	Problems         []Problem `json:"problems"`
}

// Problem is a file that could not be used, or not all of it.
type Problem struct {
	File        string `json:"file"`
	Kind        string `json:"kind"`
	Message     string `json:"message"`
	KeptSamples *int   `json:"kept_samples"`
}

// Run is one run.
type Run struct {
	ID              string     `json:"id"`
	File            string     `json:"file"`
	AlsoIn          []string   `json:"also_in"`
	Date            civil.Date `json:"date"`
	Start           string     `json:"start"`
	OffsetFrom      string     `json:"offset_from"`
	Kind            string     `json:"kind"`
	DistanceM       float64    `json:"distance_m"`
	MovingS         float64    `json:"moving_s"`
	ElapsedS        float64    `json:"elapsed_s"`
	CadenceSPM      *float64   `json:"cadence_spm"`
	CadenceCoverage float64    `json:"cadence_coverage"`
	CadenceUnit     string     `json:"cadence_unit"`
	StepLengthM     *float64   `json:"step_length_m"`
	AscentM         *float64   `json:"ascent_m"`
	DescentM        *float64   `json:"descent_m"`
	DownhillM       *float64   `json:"downhill_m"`
	KneeKM          *float64   `json:"knee_km"`
	Device          Device     `json:"device"`
	Surface         Surface    `json:"surface"`
	Shoe            *string    `json:"shoe"`
	Race            bool       `json:"race"`
	Notes           []string   `json:"notes"`
}

// Device is what the device or export itself says of a run.
type Device struct {
	DistanceM  *float64 `json:"distance_m"`
	MovingS    *float64 `json:"moving_s"`
	CadenceSPM *float64 `json:"cadence_spm"`
	AscentM    *float64 `json:"ascent_m"`
	DescentM   *float64 `json:"descent_m"`
}

// Surface is the distance of a run by the ground under it.
type Surface struct {
	HardM      float64            `json:"hard_m"`
	MediumM    float64            `json:"medium_m"`
	SoftM      float64            `json:"soft_m"`
	TreadmillM float64            `json:"treadmill_m"`
	UnknownM   float64            `json:"unknown_m"`
	TaggedM    float64            `json:"tagged_m"`
	InferredM  float64            `json:"inferred_m"`
	HardLow    *float64           `json:"hard_low"`
	HardHigh   *float64           `json:"hard_high"`
	Classes    map[string]float64 `json:"classes"`
}

// Week is one calendar week, empty ones included.
type Week struct {
	Start            civil.Date `json:"start"`
	End              civil.Date `json:"end"`
	Complete         bool       `json:"complete"`
	Runs             int        `json:"runs"`
	RunDays          int        `json:"run_days"`
	DistanceM        float64    `json:"distance_m"`
	MovingS          float64    `json:"moving_s"`
	LongestM         float64    `json:"longest_m"`
	Change           *float64   `json:"change"`
	CadenceSPM       *float64   `json:"cadence_spm"`
	AscentM          *float64   `json:"ascent_m"`
	DescentM         *float64   `json:"descent_m"`
	HardShare        *float64   `json:"hard_share"`
	KneeKM           *float64   `json:"knee_km"`
	StrengthSessions *int       `json:"strength_sessions"`
	// CrossTraining is an addition to the schema's members.
	CrossTraining []Cross `json:"cross_training"`
}

// Cross sums up the sessions of one other sport in a week.
type Cross struct {
	Sport    string  `json:"sport"`
	Sessions int     `json:"sessions"`
	ElapsedS float64 `json:"elapsed_s"`
}

// Finding is one violation of a rule.
type Finding struct {
	Rule        string     `json:"rule"`
	Name        string     `json:"name"`
	Severity    string     `json:"severity"`
	Grade       string     `json:"grade"`
	From        civil.Date `json:"from"`
	To          civil.Date `json:"to"`
	Runs        []string   `json:"runs"`
	Value       float64    `json:"value"`
	Limit       float64    `json:"limit"`
	Unit        string     `json:"unit"`
	Message     string     `json:"message"`
	Advice      string     `json:"advice"`
	Fingerprint string     `json:"fingerprint"`
	// Acknowledged findings do not count for the verdict. An addition to the schema's members says until when and why.
	Acknowledged bool        `json:"acknowledged,omitempty"`
	AckUntil     *civil.Date `json:"acknowledged_until,omitempty"`
	AckReason    string      `json:"acknowledged_reason,omitempty"`
	// Planned is true for a finding about a plan, an addition to the schema's members.
	Planned bool `json:"planned,omitempty"`
}

// NotJudged is a rule that lacked data.
type NotJudged struct {
	Rule     string   `json:"rule"`
	Name     string   `json:"name"`
	Reason   string   `json:"reason"`
	Coverage *float64 `json:"coverage"`
	// Optional, an addition to the schema's members, is true when all that it lacks is something a runner need not keep: a pain
	// journal, shoes, strength sessions, a street map. Strict mode does not count it.
	Optional bool `json:"optional,omitempty"`
}

// The statuses of a verdict.
const (
	// Pass: nothing at or above the threshold.
	Pass = "pass"
	// Findings: something at or above the threshold.
	Findings = "findings"
	// Incomplete: no usable run, or in strict mode a problem or a rule that could not judge what is kept.
	Incomplete = "incomplete"
)

// Verdict sums a document up. The counts are those of its findings that are not acknowledged. Acknowledged and ReportedBefore, additions to the
// schema's members, count the others; those reported before are left out of the document where only news are asked for.
type Verdict struct {
	Status    string     `json:"status"`
	From      civil.Date `json:"from"`
	To        civil.Date `json:"to"`
	FailOn    string     `json:"fail_on"`
	High      int        `json:"high"`
	Warning   int        `json:"warning"`
	Note      int        `json:"note"`
	NotJudged int        `json:"not_judged"`

	Acknowledged   int `json:"acknowledged,omitempty"`
	ReportedBefore int `json:"reported_before,omitempty"`
}
