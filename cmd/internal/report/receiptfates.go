package report

import (
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

// fates are what became of files after they were read, by file.
type fates struct {
	units analyze.Units
	// kept are the runs that stayed, by file and ID.
	kept map[[2]string]*analyze.Run
	// copyOf and strengthOf name the file whose copy one is, takenOut why its runs do not count.
	copyOf, strengthOf, takenOut map[string]string
	// tables are the files that were read as tables of an export.
	tables map[string]bool
}

func newFates(in ReceiptInput) *fates {
	f := &fates{
		units: in.Units, kept: keptRuns(in.Log),
		copyOf: map[string]string{}, strengthOf: map[string]string{}, takenOut: map[string]string{}, tables: map[string]bool{},
	}
	for i := range in.Log.Runs {
		for _, file := range in.Log.Runs[i].AlsoIn {
			f.copyOf[file] = in.Log.Runs[i].File
		}
	}
	for i := range in.Log.Strength {
		for _, file := range in.Log.Strength[i].AlsoIn {
			f.strengthOf[file] = in.Log.Strength[i].File
		}
	}
	if o := in.Receipt.Overrides; o != nil {
		for _, t := range o.Out {
			f.takenOut[t.File] = t.Why
		}
	}
	for _, e := range in.Receipt.Exports {
		f.tables[e.File] = true
		for _, file := range e.Also {
			f.tables[file] = true
		}
	}
	return f
}

// of tells what became of a file, at least one thing.
func (f *fates) of(o *analyze.Outcome) []string {
	var what []string
	for i := range o.Sessions {
		what = append(what, f.session(o.File, &o.Sessions[i]))
	}
	for _, p := range o.Problems {
		kind := string(p.Kind)
		if p.Kind == ingest.NotActivity {
			kind = "no activity"
		}
		what = append(what, kind+": "+reason(p))
	}
	if why := f.takenOut[o.File]; why != "" {
		what = append(what, why)
	}
	switch {
	case len(what) > 0:
		return what
	case f.tables[o.File]:
		return []string{"read as a table of the export"}
	case o.Ignored:
		return []string{"ignored, no activity file"}
	}
	return []string{"no activity"}
}

// session tells of one session of a file.
func (f *fates) session(file string, s *analyze.Session) string {
	if s.Run == nil {
		line := strings.Join(append([]string{dateOf(s.Date) + " " + sport(s.Sport)}, s.Notes...), ", ")
		if first := f.strengthOf[file]; first != "" && s.Sport == ingest.Strength {
			line += ", a copy of " + first
		}
		return line
	}
	if run := f.kept[[2]string{s.Run.File, s.Run.ID}]; run != nil {
		return runLine(run, f.units)
	}
	line := runLine(s.Run, f.units)
	if f.copyOf[file] != "" {
		line += ", a copy of " + f.copyOf[file]
	}
	return line
}
