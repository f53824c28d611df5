package analyze

import (
	"fmt"
	"io"
	"strings"

	"kneecheck/ingest"
)

// Export is what the table of one export added to a log. Every row is counted once: Rows is the sum of Joined, Runs,
// Strength, Other and Unused.
type Export struct {
	// File is the table, and Also lists the tables beside it that were read too, such as the one of shoes.
	File string
	Also []string
	Rows int
	// Joined rows belong to an activity that was read from a file; they may have told or corrected something of it.
	Joined int
	// Runs and Strength are rows whose activity is in no file that could be read: they count from the table alone.
	Runs, Strength int
	// Other rows are of other sports.
	Other int
	// Unused rows have neither a file nor enough of their own to count.
	Unused int
	// Routes counts planned routes, which are no activities.
	Routes int
	// Notes tell where the table corrected a file, and what of it could not be used.
	Notes []string
}

func (e *Export) note(format string, args ...any) {
	e.Notes = append(e.Notes, fmt.Sprintf(format, args...))
}

// exportTable is the table of one export while it is joined.
type exportTable struct {
	Export
	// prefix is what the table's file names are relative to.
	prefix string
	garmin bool
	rows   []ingest.ExportRow
	shoes  []ingest.ExportShoe
	// result is the table as a file among files: its problem, and the sessions that it has and no file.
	result ingest.Result[Session]
}

// splitName cuts a file's name behind the folder or archive that holds it.
func splitName(name string) (prefix, base string) {
	i := strings.LastIndexAny(name, "/!") + 1
	return name[:i], name[i:]
}

// The names of the tables that exports come with, in lower case, and the folder of what was planned and not run.
const (
	stravaTable  = "activities.csv"
	stravaShoes  = "shoes.csv"
	stravaRoutes = "routes/"
	garminTable  = "_summarizedactivities.json"
)

// openFile opens a file for reading.
func openFile(f ingest.File) (io.ReadCloser, error) { return f.Open() }

// exports are the tables of exports in a log.
type exports struct {
	tables []*exportTable
	// files are those with activities, ignored what belongs to an export and is none.
	files   []ingest.File
	ignored []ingest.Result[Session]
}

// readExports reads the tables of exports among files and sets them aside, and planned routes with them. What only has
// the name of a table stays among the files.
func readExports(files []ingest.File, open func(ingest.File) (io.ReadCloser, error)) *exports {
	e := &exports{}
	strava, tables := map[string]*exportTable{}, map[string]bool{}
	for _, f := range files {
		if t := readExport(f, open); t != nil {
			e.tables, tables[f.Name] = append(e.tables, t), true
			if !t.garmin {
				strava[t.prefix] = t
			}
		}
	}
	if len(e.tables) == 0 {
		e.files = files
		return e
	}
	for _, f := range files {
		if tables[f.Name] || e.route(f) {
			continue
		}
		e.files = append(e.files, f)
		prefix, base := splitName(f.Name)
		if t := strava[prefix]; t != nil && strings.EqualFold(base, stravaShoes) {
			t.readShoes(f, open)
		}
	}
	return e
}

// route sets a planned route aside: a file below the folder routes beside a Strava table.
func (e *exports) route(f ingest.File) bool {
	for _, t := range e.tables {
		rest, below := strings.CutPrefix(f.Name, t.prefix)
		n := len(stravaRoutes)
		if !t.garmin && below && len(rest) > n && strings.EqualFold(rest[:n], stravaRoutes) {
			t.Routes++
			e.ignored = append(e.ignored, ingest.Result[Session]{File: f.Name, Ignored: true})
			return true
		}
	}
	return false
}

// readExport reads f if it is the table of an export, else it returns nil.
func readExport(f ingest.File, open func(ingest.File) (io.ReadCloser, error)) *exportTable {
	prefix, base := splitName(f.Name)
	base = strings.ToLower(base)
	garmin := strings.HasSuffix(base, garminTable)
	if !garmin && base != stravaTable {
		return nil
	}
	t := &exportTable{Export: Export{File: f.Name}, prefix: prefix, garmin: garmin}
	read := ingest.ReadStrava
	if t.garmin {
		read = ingest.ReadGarmin
	}
	t.result = ingest.Result[Session]{File: f.Name, Bytes: f.Size}
	var problem *ingest.Problem
	if file, err := open(f); err != nil {
		problem = &ingest.Problem{Kind: ingest.Unreadable, Err: err}
	} else {
		t.rows, problem = read(file)
		_ = file.Close() // nothing was written
	}
	if problem != nil && problem.Kind == ingest.NotActivity {
		return nil
	}
	if problem != nil {
		t.refuse(problem)
	}
	t.Rows = len(t.rows)
	return t
}

// refuse keeps a problem of the table.
func (t *exportTable) refuse(p *ingest.Problem) {
	p.File = t.File
	t.result.Problems = append(t.result.Problems, p)
}

// readShoes reads the list of pairs that lies beside the table. Without it pairs go by what the rows call them.
func (t *exportTable) readShoes(f ingest.File, open func(ingest.File) (io.ReadCloser, error)) {
	file, err := open(f)
	if err != nil {
		t.note("%s cannot be read (%v): pairs of shoes go by what the activities call them", f.Name, err)
		return
	}
	defer file.Close()
	var problem *ingest.Problem
	t.shoes, problem = ingest.ReadStravaShoes(file)
	switch {
	case problem == nil:
		t.Also = append(t.Also, f.Name)
	case problem.Kind != ingest.NotActivity:
		t.note("%s: %v", f.Name, problem.Err)
	}
}

// shoe is the pair that a row's gear means. Exports write brand, model and name, or the name alone; a pair is called the
// same either way.
func (t *exportTable) shoe(gear string) string {
	gear = strings.Join(strings.Fields(gear), " ")
	if gear == "" {
		return ""
	}
	short := ""
	for _, s := range t.shoes {
		label := s.Label()
		if strings.EqualFold(label, gear) {
			return label
		}
		if strings.EqualFold(s.Name, gear) || strings.EqualFold(strings.TrimSpace(s.Brand+" "+s.Model), gear) {
			if short != "" {
				return gear // two pairs go by that
			}
			short = label
		}
	}
	if short != "" {
		return short
	}
	return gear
}

// where names a row as a runner can find it.
func (t *exportTable) where(row *ingest.ExportRow) string {
	return fmt.Sprintf("%s:%d", t.File, row.Line)
}
