package report

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// ShoesSchema is the name and version of the document that ShoesJSON writes. Within version 1 members are only added.
const ShoesSchema = "kneecheck.shoes/v1"

// Shoes is what a log tells of its pairs of shoes, and the wire document of it. Distances are metres.
type Shoes struct {
	Schema string     `json:"schema"`
	AsOf   civil.Date `json:"as_of"`
	// Pairs are in the order of the configuration, then those that only runs name.
	Pairs []Pair `json:"pairs"`
	// UnattributedM is the distance on no pair, of UnattributedRuns since the day of the first.
	UnattributedM     float64     `json:"unattributed_m"`
	UnattributedRuns  int         `json:"unattributed_runs"`
	UnattributedSince *civil.Date `json:"unattributed_since"`
	// Rotation names the pairs worn in the last RotationDays.
	RotationDays int      `json:"rotation_days"`
	Rotation     []string `json:"rotation"`
}

// Pair is one pair of shoes.
type Pair struct {
	Name string `json:"name"`
	// Since and Until are configured; Configured is false for a pair that only runs name.
	Since      *civil.Date `json:"since"`
	Until      *civil.Date `json:"until"`
	Configured bool        `json:"configured"`
	Retired    bool        `json:"retired"`
	// StartM is what it had run before the log, DistanceM what the log adds, TotalM both.
	StartM    float64     `json:"start_m"`
	DistanceM float64     `json:"distance_m"`
	TotalM    float64     `json:"total_m"`
	Runs      int         `json:"runs"`
	FirstWorn *civil.Date `json:"first_worn"`
	LastWorn  *civil.Date `json:"last_worn"`
	// NoteM and WarningM are the marks of rule KC501, equal for a pair with a limit of its own; what is left is negative beyond them.
	NoteM        float64 `json:"note_m"`
	WarningM     float64 `json:"warning_m"`
	LeftNoteM    float64 `json:"left_to_note_m"`
	LeftWarningM float64 `json:"left_to_warning_m"`
	OwnLimit     bool    `json:"own_limit"`
	// RecentRuns and RecentM are those of the last RotationDays.
	RecentRuns int     `json:"recent_runs"`
	RecentM    float64 `json:"recent_m"`
}

// NewShoes sums up the pairs of a log under the settings of rule KC501.
func NewShoes(log *analyze.Log, set rules.Settings) *Shoes {
	uses, without := log.ShoeUses()
	s := &Shoes{
		Schema: ShoesSchema, AsOf: log.AsOf, Pairs: []Pair{}, Rotation: []string{}, RotationDays: analyze.RotationDays,
		UnattributedM: number(without.TotalM, 1), UnattributedRuns: without.Runs, UnattributedSince: worn(without.First, without.Runs),
	}
	for i := range uses {
		u, shoe := &uses[i], uses[i].Shoe
		note, warn := rules.ShoeLimits(set, shoe)
		s.Pairs = append(s.Pairs, Pair{
			Name: shoe.Name, Since: shoe.Since, Until: shoe.Until, Configured: !shoe.FromRuns, Retired: log.Retired(shoe),
			StartM: number(shoe.StartKM*1000, 1), DistanceM: number(shoe.DistM, 1), TotalM: number(u.TotalM, 1),
			Runs: u.Runs, FirstWorn: worn(u.First, u.Runs), LastWorn: worn(u.Last, u.Runs),
			NoteM: note, WarningM: warn, LeftNoteM: number(note-u.TotalM, 1), LeftWarningM: number(warn-u.TotalM, 1), OwnLimit: shoe.LimitKM > 0,
			RecentRuns: u.RecentRuns, RecentM: number(u.RecentM, 1),
		})
		if u.RecentRuns > 0 {
			s.Rotation = append(s.Rotation, shoe.Name)
		}
	}
	return s
}

// worn is a day on which something was run; nil without a run.
func worn(d civil.Date, runs int) *civil.Date {
	if runs == 0 {
		return nil
	}
	return &d
}

// shoeTable lays the pairs out in columns: the heads name the marks that most pairs share.
func (s *Shoes) shoeTable(u analyze.Units) []column {
	note, warn := math.NaN(), math.NaN()
	for i := range s.Pairs {
		if p := &s.Pairs[i]; !p.OwnLimit {
			note, warn = p.NoteM, p.WarningM
		}
	}
	left := func(mark float64) string {
		if math.IsNaN(mark) {
			return "left"
		}
		return "to " + trim(mark/u.InM(), 0)
	}
	cols := []column{
		{head: "pair"}, {head: "since"}, {head: "until"}, {head: string(u), right: true}, {head: "runs", right: true}, {head: "last worn"},
		{head: left(note), right: true}, {head: left(warn), right: true},
	}
	for i := range s.Pairs {
		p := &s.Pairs[i]
		toNote, toWarn := leftOf(p.LeftNoteM, u), leftOf(p.LeftWarningM, u)
		if p.OwnLimit {
			toNote, toWarn = toNote+" of "+trim(p.NoteM/u.InM(), 0), "own limit"
		}
		if p.Retired {
			toNote, toWarn = "put away", ""
		}
		for c, cell := range []string{
			clean(p.Name), dateOrNone(p.Since), dateOrNone(p.Until), u.Number(p.TotalM), thousands(p.Runs), dateOrNone(p.LastWorn), toNote, toWarn,
		} {
			cols[c].cells = append(cols[c].cells, cell)
		}
	}
	known := cols[:0]
	for i := range cols {
		if cols[i].known() {
			known = append(known, cols[i])
		}
	}
	return known
}

// leftOf is what is left to a mark: "past" beyond it.
func leftOf(m float64, u analyze.Units) string {
	if u.Round(m) <= 0 {
		return "past"
	}
	return u.Number(m)
}

func dateOrNone(d *civil.Date) string {
	if d == nil {
		return ""
	}
	return dateOf(*d)
}

// remarks are the lines below the table.
func (s *Shoes) remarks(u analyze.Units) []string {
	var lines []string
	if s.UnattributedRuns > 0 {
		lines = append(lines, "On no pair: "+u.Dist(s.UnattributedM)+" in "+count(s.UnattributedRuns, "run")+" since "+dateOf(*s.UnattributedSince)+
			" (give a pair dates in the configuration, or name it in overrides.csv).")
	}
	if len(s.Pairs) > 0 {
		lines = append(lines, "Worn in the "+count(s.RotationDays, "day")+" to "+dateOf(s.AsOf)+": "+rotation(s)+".")
		lines = append(lines, "The marks are a convention; the evidence behind them is thin (kneecheck explain KC501).")
	}
	return lines
}

func rotation(s *Shoes) string {
	text := "no pair"
	if n := len(s.Rotation); n > 0 {
		text = count(n, "pair")
	}
	for i, name := range s.Rotation {
		text += []string{", ", ": "}[truth(i == 0)] + clean(name)
	}
	return text
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// noPair is what is said when there is nothing for a table.
const noPair = "No pair is known: add [[shoes]] to the configuration (kneecheck init explains it), or read an export that names them."

// ShoesText writes the pairs as a table.
func ShoesText(w io.Writer, s *Shoes, u analyze.Units, o TextOptions) error {
	p := newPage(o)
	if len(s.Pairs) == 0 {
		p.para("", noPair, 0, p.plain)
	} else {
		cols := s.shoeTable(u)
		if over := tableWidth(cols) - p.width; over > 0 && p.width >= narrowWidth {
			width := max(cols[0].width()-over, 8)
			for i := range cols[0].cells {
				cols[0].cells[i] = fit(cols[0].cells[i], width)
			}
		}
		p.table(0, cols, p.faint)
	}
	for _, l := range s.remarks(u) {
		p.para("", l, 2, p.plain)
	}
	return p.writeTo(w)
}

// ShoesMarkdown writes the pairs as a Markdown table.
func ShoesMarkdown(w io.Writer, s *Shoes, u analyze.Units) error {
	var m markdown
	if len(s.Pairs) == 0 {
		m.line(escape(noPair))
		m.line()
	} else {
		cols := s.shoeTable(u)
		head, rule := make([]string, len(cols)), make([]string, len(cols))
		for c := range cols {
			head[c], rule[c] = cols[c].head, "---"
			if cols[c].right {
				rule[c] = "---:"
			}
		}
		m.row(head...)
		m.row(rule...)
		for i := range s.Pairs {
			cells := make([]string, len(cols))
			for c := range cols {
				cells[c] = escape(cols[c].cells[i])
			}
			m.row(cells...)
		}
		m.line()
	}
	for _, l := range s.remarks(u) {
		m.line(escape(l))
		m.line()
	}
	return m.writeTo(w)
}

// ShoesJSON writes the wire document.
func ShoesJSON(w io.Writer, s *Shoes) error {
	return Indented(w, s)
}

// ShoesCSV writes a row for each pair, distances in metres, and a last one without a name for what is on no pair.
func ShoesCSV(w io.Writer, s *Shoes) error {
	c := csv.NewWriter(w)
	metres := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	day := func(d *civil.Date) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	// The writer keeps its first error for the end.
	_ = c.Write([]string{"name", "since", "until", "start_m", "distance_m", "total_m", "runs", "first_worn", "last_worn", "left_to_note_m", "left_to_warning_m"})
	for i := range s.Pairs {
		p := &s.Pairs[i]
		_ = c.Write([]string{
			p.Name, day(p.Since), day(p.Until), metres(p.StartM), metres(p.DistanceM), metres(p.TotalM), strconv.Itoa(p.Runs),
			day(p.FirstWorn), day(p.LastWorn), metres(p.LeftNoteM), metres(p.LeftWarningM),
		})
	}
	if s.UnattributedRuns > 0 {
		_ = c.Write([]string{"", "", "", "0", metres(s.UnattributedM), metres(s.UnattributedM), strconv.Itoa(s.UnattributedRuns), day(s.UnattributedSince), "", "", ""})
	}
	c.Flush()
	return c.Error()
}
