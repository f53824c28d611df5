package report

import (
	"io"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// BudgetSchema is the name and version of the wire format of a budget. Within version 1 members are only added.
const BudgetSchema = "kneecheck.budget/v1"

// BudgetDocument is what budget --format json prints. Numbers are SI units; a nil pointer is a number that is not known; no
// slice is nil.
type BudgetDocument struct {
	Schema  string         `json:"schema"`
	Athlete string         `json:"athlete,omitempty"`
	AsOf    civil.Date     `json:"as_of"`
	Days    []BudgetDay    `json:"days"`
	Weeks   []BudgetWeek   `json:"weeks"`
	Ladder  []BudgetRung   `json:"return_ladder"`
	Cadence *BudgetCadence `json:"cadence"`
	// Stop is the sentence that stands instead of distances while a red flag is up, nil without one; an addition to the
	// schema's members.
	Stop *string `json:"stop"`
}

// BudgetDay is what one run of a day may be.
type BudgetDay struct {
	Date     civil.Date `json:"date"`
	LongestM *float64   `json:"longest_m"`
	// LimitRule is the rule's ID, nil when no rule limits the day or the figure is advice below what the rules allow.
	LimitRule *string `json:"limit_rule"`
	Reason    string  `json:"reason"`
	// QuietM is the longest run without a new note either, and NoteRule the rule of that note; nil when it is no less than
	// LongestM. Additions to the schema's members.
	QuietM   *float64 `json:"quiet_m"`
	NoteRule *string  `json:"note_rule"`
}

// BudgetWeek is what a calendar week may come to.
type BudgetWeek struct {
	Start     civil.Date `json:"start"`
	DoneM     float64    `json:"done_m"`
	LimitM    *float64   `json:"limit_m"`
	LeftM     *float64   `json:"left_m"`
	LimitRule *string    `json:"limit_rule"`
	// Reason says in a few words why, nil without a limit; QuietM is the week's distance without a new note either, nil when
	// it is no less than LimitM; AssumedM is what the week before is taken to come to, nil for the week in progress.
	// Additions to the schema's members.
	Reason   *string  `json:"reason"`
	QuietM   *float64 `json:"quiet_m"`
	AssumedM *float64 `json:"week_before_m"`
}

// BudgetRung is a week of the way back after a layoff.
type BudgetRung struct {
	Week     int      `json:"week"`
	LimitM   *float64 `json:"limit_m"`
	Sessions []string `json:"sessions"`
	// From is the week's first day, an addition to the schema's members.
	From civil.Date `json:"from"`
}

// BudgetCadence is a step rate to try.
type BudgetCadence struct {
	OwnSPM       float64 `json:"own_spm"`
	SuggestedSPM float64 `json:"suggested_spm"`
	AtSpeedMPS   float64 `json:"at_speed_mps"`
	// Reason says why it is suggested, an addition to the schema's members.
	Reason string `json:"reason"`
}

// BudgetInput is everything the screens of a budget are made from.
type BudgetInput struct {
	Log    *analyze.Log
	Budget rules.Budget
	Units  analyze.Units
	// Title names the log, such as the paths as typed.
	Title string
}

// BudgetJSON writes the wire document, indented and with a newline at its end.
func BudgetJSON(w io.Writer, in BudgetInput) error {
	return Indented(w, budgetDocument(in))
}

func budgetDocument(in BudgetInput) BudgetDocument {
	b := &in.Budget
	d := BudgetDocument{
		Schema: BudgetSchema, Athlete: in.Log.Athlete, AsOf: b.AsOf, Stop: phrase(b.Stop),
		Days: make([]BudgetDay, 0, len(b.Days)), Weeks: make([]BudgetWeek, 0, len(b.Weeks)), Ladder: make([]BudgetRung, 0, len(b.Ladder)),
	}
	for i := range b.Days {
		day := &b.Days[i]
		d.Days = append(d.Days, BudgetDay{
			Date: day.Date, LongestM: optional(day.LongestM, 1), LimitRule: ruleID(day.Limit), Reason: day.Reason,
			QuietM: optional(day.QuietM, 1), NoteRule: ruleID(day.Noted),
		})
	}
	for i := range b.Weeks {
		w := &b.Weeks[i]
		d.Weeks = append(d.Weeks, BudgetWeek{
			Start: w.Start, DoneM: number(w.DoneM, 1), LimitM: optional(w.LimitM, 1), LeftM: optional(w.LeftM, 1), LimitRule: ruleID(w.Limit),
			Reason: phrase(w.Short), QuietM: optional(w.QuietM, 1), AssumedM: optional(w.AssumedM, 1),
		})
	}
	for i := range b.Ladder {
		r := &b.Ladder[i]
		d.Ladder = append(d.Ladder, BudgetRung{Week: r.Week, LimitM: optional(r.LimitM, 1), Sessions: list(r.Sessions), From: r.From})
	}
	if c := b.Cadence; c != nil {
		d.Cadence = &BudgetCadence{OwnSPM: c.OwnSPM, SuggestedSPM: c.SuggestedSPM, AtSpeedMPS: number(c.SpeedMPS, 2), Reason: c.Why}
	}
	return d
}

// ruleID is a rule's ID, nil without a rule.
func ruleID(r *rules.Rule) *string {
	if r == nil {
		return nil
	}
	return &r.ID
}

// phrase is nil for the empty text.
func phrase(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
