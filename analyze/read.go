package analyze

import (
	"context"
	"slices"
	"strings"
	"sync"

	"kneecheck/ingest"
)

// Receipt is what became of every file that was looked at.
type Receipt struct {
	// Files counts the activity files looked at, those with a problem included; Activities the sessions read from them,
	// copies included.
	Files, Activities int
	// Runs counts running sessions before copies are merged; Strength and Other the rest.
	Runs, Strength, Other int
	// Ignored counts files that are no activity files, and NotActivities activity files that hold none (settings,
	// workouts, monitoring).
	Ignored, NotActivities int
	// Bytes is how much was read.
	Bytes int64
	// Exports are the tables of Strava's and Garmin's exports and what they added, in order of file name.
	Exports []Export
	// Problems are in order of file name.
	Problems []*ingest.Problem
	// Outcomes has one entry a file, in order of name.
	Outcomes []Outcome
	// Cross are the sessions of other sports, copies included.
	Cross []Cross
	// Overrides is the account of the runner's own corrections; nil without any.
	Overrides *Overridden
	// Maps are the reasons for which a street map could not be used, as far as one was needed.
	Maps []error
	// Unsaved says why what was read could not be remembered; nil when it was.
	Unsaved error
}

// Outcome is what became of one file.
type Outcome struct {
	File     string
	Sessions []Session
	Problems []*ingest.Problem
	// Ignored is true for a file that is no activity file.
	Ignored bool
}

// Read finds the files below paths and reduces every activity in them. The error is that of a path that does not exist
// or of ctx; what was read until then is returned beside the latter. Problems of single files are in the receipt. The runs
// of the receipt's sessions are those returned, not copies.
func Read(ctx context.Context, paths []string, o ingest.Options) ([]Run, []Strength, *Receipt, error) {
	return (*Memo)(nil).Read(ctx, paths, o)
}

// Read is the function of that name, but that files which m remembers are not read again; nothing else differs.
func (m *Memo) Read(ctx context.Context, paths []string, o ingest.Options) ([]Run, []Strength, *Receipt, error) {
	var mem *memory
	var opening sync.WaitGroup
	opening.Go(func() { mem = m.open() }) // while the disk lists its folders: a seventh of a run that finds nothing new
	return read(ctx, paths, o, func() *memory {
		opening.Wait()
		return mem
	})
}

// read reads with what is remembered, which it asks for when the files are found.
func read(ctx context.Context, paths []string, o ingest.Options, remembered func() *memory) ([]Run, []Strength, *Receipt, error) {
	remembered = sync.OnceValue(remembered)
	o.Tables = &ingest.Tables{
		Recall:   func(f ingest.File) string { return remembered().table(&f, o) },
		Remember: func(f ingest.File, table string) { remembered().learnTable(&f, o, table) },
	}
	files, problems, err := ingest.Discover(ctx, paths, o)
	mem := remembered()
	if err != nil && ctx.Err() == nil {
		return nil, nil, nil, err
	}
	exports := readExports(files, openFile)
	results, err := mem.results(ctx, exports.files, o)
	places := mem.places // before what the tables add is recalled to other ones
	// Before the tables, so that the row of a file without a usable date counts instead, and behind them for their own.
	refuseDates(results, o.Now)
	receipt := &Receipt{Problems: problems, Outcomes: make([]Outcome, 0, len(results))}
	results, receipt.Exports = exports.join(ctx, results, o, mem.results)
	refuseDates(results, o.Now)
	receipt.Unsaved, receipt.Maps = mem.save(), mem.streets.faults()
	for i := range results {
		receipt.add(&results[i])
	}
	slices.SortStableFunc(receipt.Problems, func(a, b *ingest.Problem) int { return strings.Compare(a.File, b.File) })
	return gather(results, places), strengthOf(results), receipt, err
}

// gather moves the runs of results into one list, in order, and makes the sessions' runs those of the list. A run is half a
// kilobyte, so that those which were recalled stay where they lie: the list is places, the run of file i at index i, closed
// up where a file has none. A file with several runs would push the others back over what is still to come; then, and
// when the tables added files, the list is a new one.
func gather(results []ingest.Result[Session], places []Run) []Run {
	runs := places[:0]
	if n, most := countRuns(results); most > 1 || len(places) != len(results) {
		runs = make([]Run, 0, n)
	}
	for i := range results {
		for k := range results[i].Values {
			s := &results[i].Values[k]
			if s.Run == nil {
				continue
			}
			runs = runs[:len(runs)+1]
			if place := &runs[len(runs)-1]; place != s.Run {
				*place, s.Run = *s.Run, place
			}
		}
	}
	return slices.Clip(runs)
}

// countRuns counts the runs of all files together and of the one that has most.
func countRuns(results []ingest.Result[Session]) (all, most int) {
	for i := range results {
		n := 0
		for k := range results[i].Values {
			if results[i].Values[k].Run != nil {
				n++
			}
		}
		all, most = all+n, max(most, n)
	}
	return all, most
}

// strengthOf lists the strength sessions of results, in order.
func strengthOf(results []ingest.Result[Session]) []Strength {
	var list []Strength
	for i := range results {
		for k := range results[i].Values {
			if s := &results[i].Values[k]; s.Run == nil && s.Sport == ingest.Strength {
				list = append(list, Strength{Date: s.Date, File: s.File, Start: s.Start, ElapsedS: s.ElapsedS})
			}
		}
	}
	return list
}

// add enters what became of one file.
func (c *Receipt) add(r *ingest.Result[Session]) {
	if r.File == "" {
		return // not begun before an interruption
	}
	c.Bytes += r.Bytes
	c.Outcomes = append(c.Outcomes, Outcome{File: r.File, Sessions: r.Values, Problems: r.Problems, Ignored: r.Ignored})
	if r.Ignored {
		c.Ignored++
		return
	}
	c.Files++
	for _, p := range r.Problems {
		if p.Kind == ingest.NotActivity {
			c.NotActivities++
			continue
		}
		c.Problems = append(c.Problems, p)
	}
	c.Activities += len(r.Values)
	for i := range r.Values {
		switch s := &r.Values[i]; {
		case s.Run != nil:
			c.Runs++
		case s.Sport == ingest.Strength:
			c.Strength++
		default:
			c.Other++
			if cross, ok := crossOf(s); ok {
				c.Cross = append(c.Cross, cross)
			}
		}
	}
}
