package analyze

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Overridden is what became of a log by its overrides.
type Overridden struct {
	File string
	// Rows counts the rows, Changed the runs that they changed, and Added what was counted by hand.
	Rows, Changed, Added int
	// Out are the recordings that no longer count as runs, in order of line.
	Out []TakenOut
	// Stale are the rows that match nothing, in order of line.
	Stale []Override
}

// TakenOut is a recording that a row of overrides takes out of the runs.
type TakenOut struct {
	File, ID string
	// Why says it in words that name the row.
	Why string
}

// Apply corrects the runs of a log and returns them with copies merged, so that a row may name any of the copies. Roots
// are the paths that were read: files may be written relative to them. What is counted or left out by hand is put right in
// the receipt, and it gets the account of the rest. Today bounds the days that rows may give. The error, of type sidecsv.Faults, has every row that cannot be applied;
// then nothing is to be used. A row that matches nothing is no error but stale.
func (o *Overrides) Apply(runs []Run, strength []Strength, rc *Receipt, roots []string, today civil.Date) ([]Run, []Strength, error) {
	a := newApplying(o, runs, strength, rc, roots)
	for i := range o.Rows {
		if d := o.Rows[i].Date; d != nil && (*d < civil.New(firstYear, time.January, 1) || *d > today) {
			a.fault(&o.Rows[i], "date: %v is no day on which something was recorded yet (%d to today, %v)", *d, firstYear, today)
			continue
		}
		a.row(&o.Rows[i])
	}
	if len(a.faults) > 0 {
		return nil, nil, a.faults
	}
	kept := make([]Run, 0, len(a.runs)+len(a.added))
	for i := range a.runs {
		if !a.out[i] {
			kept = append(kept, a.runs[i])
		}
		if len(a.said[i]) > 0 && !a.out[i] {
			a.did.Changed++
		}
	}
	for i := range a.added {
		kept = append(kept, place(a.added[i], kept))
	}
	rc.Problems = slices.DeleteFunc(slices.Clone(rc.Problems), func(p *ingest.Problem) bool { return a.settled[p.File] && p.Kept == 0 })
	rc.Cross = a.cross
	rc.Overrides = &a.did
	return kept, a.strength, nil
}

// applying is the state of Apply.
type applying struct {
	o     *Overrides
	rc    *Receipt
	roots []string
	runs  []Run
	// ids are the IDs of a run and its copies, and said by column the line that has changed it; both by index of runs.
	ids  [][]string
	said []map[string]*Override
	out  map[int]bool
	// settled are the files with a problem that a row speaks of.
	settled  map[string]bool
	added    []Run
	strength []Strength
	cross    []Cross
	did      Overridden
	faults   sidecsv.Faults
}

// corrected are runs to be corrected, apart from those that were read.
func corrected(runs []*Run) []Run {
	own := make([]Run, len(runs))
	for i, r := range runs {
		own[i] = *r
	}
	return own
}

func newApplying(o *Overrides, runs []Run, strength []Strength, rc *Receipt, roots []string) *applying {
	a := &applying{
		o: o, rc: rc, runs: corrected(mergeCopies(runs)), strength: slices.Clip(strength), cross: slices.Clip(rc.Cross),
		out: map[int]bool{}, settled: map[string]bool{}, did: Overridden{File: o.File, Rows: len(o.Rows)},
	}
	for _, root := range roots {
		a.roots = append(a.roots, filepath.ToSlash(filepath.Clean(root)))
	}
	a.ids, a.said = make([][]string, len(a.runs)), make([]map[string]*Override, len(a.runs))
	byFile := map[string][]int{}
	for i := range a.runs {
		a.ids[i] = []string{a.runs[i].ID}
		for _, f := range a.runs[i].AlsoIn {
			byFile[f] = append(byFile[f], i)
		}
	}
	for i := range runs {
		if in := byFile[runs[i].File]; len(in) == 1 && !slices.Contains(a.ids[in[0]], runs[i].ID) {
			a.ids[in[0]] = append(a.ids[in[0]], runs[i].ID)
		}
	}
	return a
}

func (a *applying) fault(row *Override, format string, args ...any) {
	a.faults = append(a.faults, sidecsv.Fault{File: a.o.File, Line: row.Line, Text: fmt.Sprintf(format, args...)})
}

// row applies one row.
func (a *applying) row(row *Override) {
	if row.Run == NewRun {
		a.byHand(row, a.o.where(row), "not recorded")
		return
	}
	if row.empty() {
		a.fault(row, "the row says nothing about the run %q", row.Run)
		return
	}
	switch at := a.find(row.Run); {
	case len(at) > 1:
		a.fault(row, "run: %q can be any of %s (write the id)", row.Run, a.candidates(at))
	case len(at) == 1:
		a.one(at[0], row)
	default:
		a.unread(row)
	}
}

// one applies a row to one run.
func (a *applying) one(i int, row *Override) {
	r := &a.runs[i]
	if a.said[i] == nil {
		a.said[i] = map[string]*Override{}
	}
	for _, c := range row.columns() {
		if before := a.said[i][c.name]; before != nil {
			hint := ""
			if c.name == colShoe {
				hint = "; a run has one pair"
			}
			a.fault(row, "%s: line %d says %q for the same run already (%s)%s", c.name, before.Line, before.value(c.name), r.File, hint)
			return
		}
		a.said[i][c.name] = row
	}
	switch {
	case row.Exclude:
		a.takeOut(i, "left out by "+a.o.where(row))
	case row.Sport != "" && row.Sport != ingest.Running:
		a.takeOut(i, "counted as "+string(row.Sport)+" by "+a.o.where(row))
		a.session(row.Sport, r.Date, r.File, r.Start, r.ElapsedS)
	default:
		if fault := a.o.change(r, row); fault != "" {
			a.fault(row, "%s", fault)
		}
	}
}

func (a *applying) takeOut(i int, why string) {
	r := &a.runs[i]
	if a.out[i] {
		return
	}
	a.out[i] = true
	a.did.Out = append(a.did.Out, TakenOut{File: r.File, ID: r.ID, Why: why})
	for _, f := range r.AlsoIn {
		a.did.Out = append(a.did.Out, TakenOut{File: f, Why: why})
	}
}

// session counts what is no run.
func (a *applying) session(sport ingest.Sport, day civil.Date, file string, start time.Time, elapsedS float64) {
	if sport == ingest.Strength {
		a.strength = append(a.strength, Strength{Date: day, File: file, Start: start, ElapsedS: elapsedS})
		return
	}
	a.cross = append(a.cross, Cross{Sport: sport, Date: day, File: file, Start: start, ElapsedS: elapsedS})
}

// unread applies a row that matches no run: perhaps a file that could not be used.
func (a *applying) unread(row *Override) {
	var file string
	n := 0
	for _, is := range []func(file string) bool{a.isFile(row.Run), endsFile(row.Run)} {
		for _, p := range a.rc.Problems {
			if p.Kind != ingest.NotActivity && p.Kept == 0 && is(p.File) && p.File != file {
				file = p.File
				n++
			}
		}
		if n > 0 {
			break
		}
	}
	switch {
	case n == 0:
		a.did.Stale = append(a.did.Stale, *row)
	case n > 1:
		a.fault(row, "run: several files end with %q (write more of the path)", row.Run)
	case row.Exclude:
		a.settled[file] = true
		a.did.Out = append(a.did.Out, TakenOut{File: file, Why: "left out by " + a.o.where(row)})
	case row.Date == nil:
		a.fault(row, "date: %s could not be used; with a date and a distance it is counted by hand", file)
	default:
		a.settled[file] = true
		a.byHand(row, file, "the file could not be used")
	}
}
