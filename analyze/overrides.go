package analyze

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"kneecheck/analyze/sidecsv"
	"kneecheck/analyze/surface"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Overrides are a runner's own corrections of single runs, from a file beside the log.
type Overrides struct {
	// File is the name for messages.
	File string
	Rows []Override
}

// Override is one row of the file. What a row does not say is empty, nil or NaN.
type Override struct {
	Line int
	// Run says which run is meant: a file, an ID or the beginning of one, a day, or NewRun.
	Run   string
	DistM float64
	// Unit is the unit in which the distance was written.
	Unit    Units
	MovingS float64
	Shoe    string
	// Surface is a class of ground or one of the groups hard, medium and soft.
	Surface string
	Race    *bool
	Exclude bool
	Sport   ingest.Sport
	Kind    ingest.Kind
	Date    *civil.Date
	Note    string
}

// NewRun in the column run stands for a session that was not recorded at all.
const NewRun = "new"

// Names of the columns of an overrides file.
const (
	colRun, colKM, colMiles, colMinutes = "run", "distance_km", "distance_mi", "minutes"
	colShoe, colSurface, colRace        = "shoe", "surface", "race"
	colExclude, colSport, colKind       = "exclude", "sport", "kind"
	colDate, colNote                    = "date", "note"
)

// OverrideColumns are the columns that an overrides file may have.
func OverrideColumns() []sidecsv.Column {
	columns := []sidecsv.Column{{Name: colRun, Required: true}}
	for _, name := range []string{colKM, colMiles, colMinutes, colShoe, colSurface, colRace, colExclude, colSport, colKind, colDate, colNote} {
		columns = append(columns, sidecsv.Column{Name: name})
	}
	return columns
}

// maxOverrideMinutes is a week, longer than any session.
const maxOverrideMinutes = 7 * 24 * 60

// ParseOverrides reads the content of an overrides file. The error, of type sidecsv.Faults, has everything that is wrong.
func ParseOverrides(file string, data []byte) (*Overrides, error) {
	t := sidecsv.Parse(file, data, OverrideColumns()...)
	o := &Overrides{File: file}
	for i := range t.Rows {
		o.Rows = append(o.Rows, parseOverride(&t.Rows[i]))
	}
	if err := t.Err(); err != nil {
		return nil, err
	}
	return o, nil
}

func parseOverride(row *sidecsv.Row) Override {
	o := Override{
		Line: row.Line, Run: row.Get(colRun), DistM: math.NaN(), MovingS: math.NaN(),
		Shoe: row.Get(colShoe), Note: row.Get(colNote), Date: row.Date(colDate), Race: row.Flag(colRace),
		Surface: row.Choice(colSurface, groundWords()...),
		Sport: ingest.Sport(row.Choice(colSport, string(ingest.Running), string(ingest.Walking), string(ingest.Cycling),
			string(ingest.Strength), string(ingest.OtherSport))),
		Kind: ingest.Kind(row.Choice(colKind, string(ingest.Road), string(ingest.Trail), string(ingest.Track),
			string(ingest.Treadmill), string(ingest.Virtual))),
	}
	if exclude := row.Flag(colExclude); exclude != nil {
		o.Exclude = *exclude
	}
	km, isKM := row.Number(colKM, 0, maxRunM/1000)
	miles, isMiles := row.Number(colMiles, 0, maxRunM/metresPerMile)
	switch {
	case isKM && isMiles:
		row.Fault(colMiles, "%s is filled too: one distance is enough", colKM)
	case isKM:
		o.DistM, o.Unit = km*1000, Kilometres
	case isMiles:
		o.DistM, o.Unit = miles*metresPerMile, Miles
	}
	if minutes, ok := row.Number(colMinutes, 0, maxOverrideMinutes); ok {
		o.MovingS = minutes * 60
	}
	switch {
	case o.Run == "":
		row.Fault(colRun, "is empty: it takes a file, a day, the beginning of a run's id, or %s for one that was not recorded", NewRun)
	case strings.EqualFold(o.Run, NewRun):
		o.Run = NewRun
		if o.Date == nil && row.Get(colDate) == "" {
			row.Fault(colDate, "is empty: what was not recorded needs a day")
		}
	}
	if o.Exclude && (o.Sport != "" || o.Run == NewRun) {
		row.Fault(colExclude, "contradicts the rest of the row")
	}
	return o
}

// groundWords are the words for a surface: the groups, the treadmill and the classes of the v1 report.
func groundWords() []string {
	var words []string
	for g := range surface.Group(surface.Groups) {
		words = append(words, g.String())
	}
	words = append(words, classTreadmill)
	for c := range surface.Class(surface.Classes) {
		words = append(words, c.String())
	}
	return words
}

// empty tells a row that changes nothing.
func (o *Override) empty() bool {
	return math.IsNaN(o.DistM) && math.IsNaN(o.MovingS) && o.Shoe == "" && o.Surface == "" && o.Race == nil && !o.Exclude &&
		o.Sport == "" && o.Kind == "" && o.Date == nil
}

// where is the file without its folder, and the line.
func (o *Overrides) where(row *Override) string {
	return fmt.Sprintf("%s:%d", filepath.Base(o.File), row.Line)
}

// change puts what a row says on a run of its own, and notes each change. It returns the fault, or nothing. The run may
// share memory with others.
func (o *Overrides) change(r *Run, row *Override) string {
	r.Notes = slices.Clip(r.Notes)
	because := ""
	if row.Note != "" {
		because = " (" + row.Note + ")"
	}
	note := func(format string, args ...any) {
		r.Notes = append(r.Notes, fmt.Sprintf(format, args...)+" by "+o.where(row)+because)
		because = "" // once is enough
	}
	if row.Date != nil && *row.Date != r.Date {
		note("moved from %v to %v", r.Date, *row.Date)
		r.Start, r.Date = r.Start.AddDate(0, 0, int(*row.Date-r.Date)), *row.Date
	}
	if row.Kind != "" {
		note("kind set to %s", row.Kind)
		r.Kind = row.Kind
		if math.IsNaN(row.DistM) && row.Surface == "" {
			r.setKind()
		}
	}
	if !math.IsNaN(row.DistM) {
		note("distance set to %.2f %s (recorded: %.2f)", row.DistM/row.Unit.InM(), row.Unit, r.DistM/row.Unit.InM())
		r.setDistance(row.DistM)
	}
	if !math.IsNaN(row.MovingS) {
		note("moving time set to %s", clock(row.MovingS))
		r.MovingS, r.ElapsedS = row.MovingS, max(row.MovingS, orZero(r.ElapsedS))
		r.LongestContinuousS = min(r.LongestContinuousS, r.ElapsedS)
	}
	if row.Shoe != "" {
		note("shoe set to %s", row.Shoe)
		r.Shoe = row.Shoe
	}
	if row.Surface != "" {
		note("surface set to %s", row.Surface)
		r.setSurface(row.Surface)
	}
	if row.Race != nil {
		word := "no race"
		if *row.Race {
			word = "race"
		}
		note("tagged as %s", word)
		r.Race = *row.Race
	}
	if err := implausible(r); err != nil {
		return err.Error()
	}
	return ""
}

// setKind tells the ground anew where a device's kind decides about it.
func (r *Run) setKind() {
	if surface := deviceSurface(r.Kind, r.DistM, &ingest.Samples{}); surface.UnknownM == 0 {
		r.Surface = surface
	}
}

// setDistance corrects the distance and what was computed from it. Indoors the distance was too long or too short because
// the speed was, so that speeds are corrected too; outdoors a part of the way is missing and the rest is as it was.
func (r *Run) setDistance(m float64) {
	before := r.DistM
	r.DistM = m
	if !(before > 0) {
		r.Surface = deviceSurface(r.Kind, m, &ingest.Samples{})
		return
	}
	f := m / before
	r.Surface.scale(f)
	if r.Surface.TreadmillM > m/2 || indoor(r.Kind) {
		c := &r.Cadence
		c.StepLengthM *= f
		for _, h := range []*PackedHist{&c.Level, &c.FirstThird, &c.LastThird} {
			*h = h.Hist().faster(f).Pack()
		}
		for _, h := range []*PackedHist{&r.Pace.Flat, &r.Pace.Down} {
			*h = h.Hist().faster(f).oneABin().Pack()
		}
	}
}

// faster is the histogram with every speed multiplied.
func (h Hist) faster(f float64) Hist {
	cells := make([]PackedHist, len(h))
	for i, c := range h {
		cells[i] = Hist{NewHistCell(c.SpeedMPS()*f, float64(c.SPM), float64(c.Seconds))}.Pack()
	}
	return MergeHists(cells...)
}

// oneABin makes one cell of the cells of a speed bin, with their mean cadence, as a Pace has them. Cells without a cadence
// count for the time only.
func (h Hist) oneABin() Hist {
	var out Hist
	var beats, counted float64
	for _, c := range h {
		if n := len(out); n == 0 || out[n-1].Bin != c.Bin {
			out = append(out, HistCell{Bin: c.Bin})
			beats, counted = 0, 0
		}
		cell := &out[len(out)-1]
		cell.Seconds += c.Seconds
		if c.SPM > 0 {
			beats += float64(c.SPM) * float64(c.Seconds)
			counted += float64(c.Seconds)
			cell.SPM = uint8(math.Round(beats / counted))
		}
	}
	return out
}

// setSurface puts the whole run on one ground. Of a group alone the class is not known.
func (r *Run) setSurface(word string) {
	s := Surface{TaggedM: r.DistM} // as sure as can be: no bounds around the share of hard ground
	if word == classTreadmill {
		s.TreadmillM, s.HardLow, s.HardHigh = r.DistM, math.NaN(), math.NaN()
		r.Surface = s
		return
	}
	const firstClass = surface.Groups + 1 // behind the groups and the treadmill
	i := slices.Index(groundWords(), word)
	class, group := surface.Other, surface.Group(i)
	if i >= firstClass {
		class = surface.Class(i - firstClass)
		group = class.Group()
	}
	switch group {
	case surface.Hard:
		s.HardM, s.HardLow, s.HardHigh = r.DistM, 1, 1
	case surface.Medium:
		s.MediumM = r.DistM
	default:
		s.SoftM = r.DistM
	}
	s.ClassM[class] = r.DistM
	r.Surface = s
}
