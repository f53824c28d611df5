package analyze

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
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

// byHand counts a session of which only the row tells.
func (a *applying) byHand(row *Override, file, why string) {
	if row.Date == nil {
		return // a fault of parsing
	}
	if row.Sport != "" && row.Sport != ingest.Running {
		a.session(row.Sport, *row.Date, file, time.Time{}, orZero(row.MovingS))
		a.did.Added++
		return
	}
	if math.IsNaN(row.DistM) && math.IsNaN(row.MovingS) {
		a.fault(row, "a run that is counted by hand needs a distance or minutes")
		return
	}
	nan := math.NaN()
	same := 0
	for i := range a.added {
		if a.added[i].Date == *row.Date && a.added[i].DistM == orZero(row.DistM) {
			same++
		}
	}
	// Not of the line, which changes when another row comes before.
	id := sha256.Sum256(fmt.Appendf(nil, "by hand\x00%v\x00%v\x00%d", *row.Date, orZero(row.DistM), same))
	r := Run{
		ID: hex.EncodeToString(id[:8]), File: file, Format: ingest.CSV, Kind: ingest.Unspecified, OffsetFrom: ingest.OffsetConfig,
		Date: *row.Date, Start: row.Date.Time().Add(12 * time.Hour),
		LongestContinuousS: nan, SpeedSpread: nan,
		Cadence: Cadence{MeanSPM: nan, StepLengthM: nan, Unit: ingest.NoCadence},
		Heart:   Heart{MeanBPM: nan},
		Climb:   Climb{ingest.ElevUnknown, nan, nan, nan, nan, nan, nan, nan},
		Device:  ingest.Totals{DistM: nan, MovingS: nan, ElapsedS: nan, CadenceSPM: nan, AscentM: nan, DescentM: nan},
		Shoe:    row.Shoe, Race: row.Race != nil && *row.Race, DistM: orZero(row.DistM),
	}
	if row.Kind != "" {
		r.Kind = row.Kind
	}
	r.Surface = deviceSurface(r.Kind, r.DistM, &ingest.Samples{})
	if row.Surface != "" {
		r.setSurface(row.Surface)
	}
	r.MovingS, r.ElapsedS = orZero(row.MovingS), orZero(row.MovingS)
	r.note("%s: counted by hand, from %s", why, a.o.where(row))
	if row.Note != "" {
		r.note("%s", row.Note)
	}
	if r.MovingS > 0 {
		if err := implausible(&r); err != nil {
			a.fault(row, "%v", err)
			return
		}
	}
	a.added = append(a.added, r)
	a.did.Added++
}

// place moves the start of a run that was counted by hand behind the runs of its day, so that it is not taken for a copy of
// one, and notes a run of the day that it may be.
func place(r Run, others []Run) Run {
	for moved := true; moved; {
		moved = false
		for i := range others {
			if t := &others[i]; startS(&r) < endS(t) && startS(t) < endS(&r) {
				r.Start, moved = time.Unix(int64(endS(t))+1, 0).UTC(), true
			}
		}
	}
	for i := range others {
		t := &others[i]
		if t.Date == r.Date && r.DistM > 0 && math.Abs(t.DistM-r.DistM) <= copyDistance*max(t.DistM, r.DistM) {
			r.note("about as long as %s of the same day: if they are one run, remove the row", t.File)
		}
	}
	return r
}

// An ID or its beginning, with the number of a later session of the same file. Four digits are too many to be met by
// chance in what else a cell can hold.
var idForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{4,64}(-[0-9]+)?$`) })

// find returns the runs that a cell can mean: those of the first way to read it that fits any.
func (a *applying) find(cell string) []int {
	ways := []func(i int) bool{a.anyFile(a.isFile(cell))}
	if id := strings.ToLower(cell); idForm().MatchString(id) {
		ways = append(ways,
			func(i int) bool { return slices.Contains(a.ids[i], id) },
			func(i int) bool {
				return slices.ContainsFunc(a.ids[i], func(of string) bool { return beginsID(of, id) })
			})
	}
	ways = append(ways, a.anyFile(endsFile(cell)))
	if day, err := civil.Parse(cell); err == nil {
		ways = []func(i int) bool{func(i int) bool { return a.runs[i].Date == day }}
	}
	for _, way := range ways {
		var at []int
		for i := range a.runs {
			if way(i) {
				at = append(at, i)
			}
		}
		if len(at) > 0 {
			return at
		}
	}
	return nil
}

// beginsID tells whether a cell is the beginning of an ID of the same session of its file.
func beginsID(id, cell string) bool {
	hash, session, _ := strings.Cut(id, "-")
	begin, want, _ := strings.Cut(cell, "-")
	return strings.HasPrefix(hash, begin) && session == want
}

// anyFile tells for a run whether one of its files is meant.
func (a *applying) anyFile(is func(file string) bool) func(i int) bool {
	return func(i int) bool { return is(a.runs[i].File) || slices.ContainsFunc(a.runs[i].AlsoIn, is) }
}

// isFile tells of a file whether a cell is its path, as it was read or relative to one of the roots.
func (a *applying) isFile(cell string) func(file string) bool {
	cell = cleanPath(cell)
	paths := []string{cell}
	for _, root := range a.roots {
		paths = append(paths, path.Join(root, cell))
	}
	return func(file string) bool { return slices.Contains(paths, file) }
}

// endsFile tells of a file whether its path ends with a cell, whole names of folders and files compared.
func endsFile(cell string) func(file string) bool {
	end := "/" + cleanPath(cell)
	return func(file string) bool { return strings.HasSuffix(file, end) }
}

// cleanPath is a path as files are named after reading.
func cleanPath(cell string) string { return path.Clean(strings.ReplaceAll(cell, `\`, "/")) }

// maxCandidates is how many runs an error names.
const maxCandidates = 5

// candidates lists runs by the beginning of their ID, which tells them apart, with what a runner knows of them.
func (a *applying) candidates(at []int) string {
	var list []string
	for _, i := range at[:min(len(at), maxCandidates)] {
		r := &a.runs[i]
		hash, session, later := strings.Cut(r.ID, "-")
		id := hash[:min(len(hash), 8)]
		if later {
			id += "-" + session
		}
		list = append(list, fmt.Sprintf("%s (%v, %.1f km, %s)", id, r.Date, r.DistM/1000, r.File))
	}
	if more := len(at) - maxCandidates; more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}

// namedValue is a filled cell of a row.
type namedValue struct{ name, value string }

// columns are the cells of a row that change a run.
func (o *Override) columns() []namedValue {
	var out []namedValue
	add := func(name string, is bool, value string) {
		if is {
			out = append(out, namedValue{name, value})
		}
	}
	add("distance", !math.IsNaN(o.DistM), fmt.Sprintf("%.2f %s", o.DistM/o.Unit.InM(), o.Unit))
	add(colMinutes, !math.IsNaN(o.MovingS), fmt.Sprintf("%.0f", o.MovingS/60))
	add(colShoe, o.Shoe != "", o.Shoe)
	add(colSurface, o.Surface != "", o.Surface)
	if o.Race != nil {
		add(colRace, true, fmt.Sprint(*o.Race))
	}
	add(colExclude, o.Exclude, "yes")
	add(colSport, o.Sport != "", string(o.Sport))
	add(colKind, o.Kind != "", string(o.Kind))
	if o.Date != nil {
		add(colDate, true, o.Date.String())
	}
	return out
}

func (o *Override) value(column string) string {
	for _, c := range o.columns() {
		if c.name == column {
			return c.value
		}
	}
	return ""
}
