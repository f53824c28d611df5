package analyze

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// join gives the sessions read from files what the tables of exports say of them, in place, and returns the results with
// those of the tables, whose sessions are in no file. Files that the tables call runs and that were read as something
// else are read again, by read.
func (e *exports) join(ctx context.Context, results []ingest.Result[Session], o ingest.Options, read reader) ([]ingest.Result[Session], []Export) {
	if len(e.tables)+len(e.ignored) == 0 {
		return results, nil
	}
	j := joiner{results: results, options: o, read: read, used: map[string]bool{}, files: e.files}
	j.index()
	for _, t := range e.tables {
		j.matchFiles(t)
	}
	j.readAgain(ctx)
	for _, t := range e.tables {
		j.applyRows(t)
	}
	j.lookAround()
	for _, t := range e.tables {
		j.rowsAlone(t)
	}
	all := append(results, e.ignored...)
	var told []Export
	for _, t := range e.tables {
		all = append(all, t.result)
		told = append(told, t.Export)
	}
	slices.SortStableFunc(all, func(a, b ingest.Result[Session]) int { return cmp.Compare(a.File, b.File) })
	return all, told
}

// reader reads files, or remembers what became of them.
type reader func(context.Context, []ingest.File, ingest.Options) ([]ingest.Result[Session], error)

// joiner is the state of one join.
type joiner struct {
	read reader
	// files and results are one for one.
	files   []ingest.File
	results []ingest.Result[Session]
	options ingest.Options
	// byName finds the results of a file by its key, byBase by the last part of that, in order.
	byName, byBase map[string][]int
	// found are the results of the file of each row, by table and row; nil for a row whose file is not there.
	found map[*exportTable][][]int
	// matched are the results that a row names.
	matched map[int]bool
	// again are results to be read again as runs.
	again []int
	// used are the rows that count already, for two exports of an account have the same.
	used map[string]bool
	// runs are the sessions with a run from a file, in order of start, and zoned the runs that know their zone.
	runs   []*Session
	starts []time.Time
	zoned  []*Run
	// strength counts the strength sessions from files of a day that no row names.
	strength map[civil.Date]int
}

// fileKey lets a table and a folder write a file in different case, compressed or not.
func fileKey(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".gz") }

func (j *joiner) index() {
	j.byName, j.byBase = map[string][]int{}, map[string][]int{}
	j.found, j.matched = map[*exportTable][][]int{}, map[int]bool{}
	for i, f := range j.files {
		key := fileKey(f.Name)
		_, base := splitName(key)
		j.byName[key] = append(j.byName[key], i)
		j.byBase[base] = append(j.byBase[base], i)
	}
}

// filesOf are the results of the file that a row names: at its place below the table, else the only file of that name
// there.
func (j *joiner) filesOf(t *exportTable, row *ingest.ExportRow) []int {
	if row.Filename == "" {
		return nil
	}
	key := fileKey(row.Filename)
	if at := j.byName[strings.ToLower(t.prefix)+key]; at != nil {
		return at
	}
	_, base := splitName(key)
	var below []int
	for _, i := range j.byBase[base] {
		if strings.HasPrefix(j.files[i].Name, t.prefix) {
			below = append(below, i)
		}
	}
	if len(below) == 1 {
		return below
	}
	return nil
}

// matchFiles finds the file of every row. A word for a sport that is not known is learned from the files of its rows.
func (j *joiner) matchFiles(t *exportTable) {
	found := make([][]int, len(t.rows))
	votes := map[string]map[ingest.Sport]int{}
	for i := range t.rows {
		row := &t.rows[i]
		found[i] = j.filesOf(t, row)
		for _, r := range found[i] {
			j.matched[r] = true
			if s := j.results[r].Values; row.Sport == ingest.UnknownSport && len(s) == 1 {
				if votes[row.Type] == nil {
					votes[row.Type] = map[ingest.Sport]int{}
				}
				votes[row.Type][s[0].Sport]++
			}
		}
	}
	for i := range t.rows {
		row := &t.rows[i]
		if row.Sport != ingest.UnknownSport {
			for _, r := range found[i] {
				if s := j.results[r].Values; row.Sport == ingest.Running && len(s) == 1 && s[0].Sport != ingest.Running {
					j.again = append(j.again, r)
				}
			}
			continue
		}
		row.Sport = elected(votes[row.Type])
	}
	j.found[t] = found
}

// learnShare is the share of the files of a word that must agree on what it means.
const learnShare = 2.0 / 3

// elected is the sport that most files agree on, else UnknownSport.
func elected(votes map[ingest.Sport]int) ingest.Sport {
	all, best := 0, ingest.UnknownSport
	for _, s := range []ingest.Sport{ingest.Running, ingest.Walking, ingest.Cycling, ingest.Strength, ingest.OtherSport} {
		all += votes[s]
		if votes[s] > votes[best] {
			best = s
		}
	}
	if float64(votes[best]) < learnShare*float64(all+votes[ingest.UnknownSport]) {
		return ingest.UnknownSport
	}
	return best
}

// readAgain reads files once more that the table calls runs: they were read for another sport, with its cadence and
// without any of a run's figures.
func (j *joiner) readAgain(ctx context.Context) {
	slices.Sort(j.again)
	j.again = slices.Compact(j.again)
	if len(j.again) == 0 {
		return
	}
	o := j.options
	o.ForceSport, o.Progress = ingest.Running, nil
	some := make([]ingest.File, len(j.again))
	for i, r := range j.again {
		some[i] = j.files[r]
	}
	// What is not read because of ctx stays as it was; the caller has its error already.
	results, _ := j.read(ctx, some, o)
	for i, r := range j.again {
		if s := results[i].Values; len(s) == 1 && s[0].Run != nil {
			s[0].Run.note("the file calls it %s, the export's table a run: the table counts", j.results[r].Values[0].Sport)
			j.results[r].Values = s
		}
	}
}

// applyRows gives the activities read from files what their rows say.
func (j *joiner) applyRows(t *exportTable) {
	t.calibrate(j)
	for i := range t.rows {
		row := &t.rows[i]
		for _, r := range j.found[t][i] {
			result := &j.results[r]
			if row.Sport != ingest.UnknownSport && row.Sport != ingest.Running {
				// What was refused as a run is no problem when it is none.
				result.Problems = slices.DeleteFunc(result.Problems, func(p *ingest.Problem) bool { return p.Kind == ingest.Implausible })
			}
			for k := range result.Values {
				s := &result.Values[k]
				switch {
				case s.Run != nil && (row.Sport == ingest.Running || row.Sport == ingest.UnknownSport):
					s.Run.tell(row, t.shoe(row.Gear), slices.ContainsFunc(result.Problems, truncated))
				case len(result.Values) == 1 && row.Sport != ingest.UnknownSport && row.Sport != ingest.Running:
					j.correct(t, row, s)
				}
			}
		}
	}
}

func truncated(p *ingest.Problem) bool { return p.Kind == ingest.Truncated }

// correct makes the session of a file what the table calls it: the runner corrected it there.
func (j *joiner) correct(t *exportTable, row *ingest.ExportRow, s *Session) {
	if s.Run != nil {
		t.note("%s: a run by its file, %q in the table (line %d): the table counts", s.File, row.Type, row.Line)
	}
	s.Sport, s.Run = row.Sport, nil
}

// milesOver is the ratio of files to rows from which distances that were taken for kilometres are miles.
const milesOver = 1.4

// calibrate finds out by the files whether distances that were taken for kilometres are miles.
func (t *exportTable) calibrate(j *joiner) {
	var ratios []float64
	for i := range t.rows {
		for _, r := range j.found[t][i] {
			if s := j.results[r].Values; len(s) == 1 && s[0].Run != nil && t.rows[i].RoughDist && t.rows[i].Totals.DistM > 0 {
				ratios = append(ratios, s[0].Run.DistM/t.rows[i].Totals.DistM)
			}
		}
	}
	if len(ratios) == 0 {
		return
	}
	slices.Sort(ratios)
	for i := range t.rows {
		if t.rows[i].RoughDist && ratios[len(ratios)/2] >= milesOver {
			t.rows[i].Totals.DistM *= metresPerMile / 1000
		}
		t.rows[i].RoughDist = false
	}
}

// tell gives a run read from a file what its row says. The file's figures stay, but for a distance that was not recorded,
// or estimated on a treadmill and corrected since, or cut off with the file. Where they differ as no two measurements of one
// run do, both are told: the run may have been cropped there, or recorded in part here.
func (r *Run) tell(row *ingest.ExportRow, shoe string, cutOff bool) {
	r.Name, r.Shoe = cmp.Or(row.Name, r.Name), cmp.Or(shoe, r.Shoe)
	r.Race, r.LongRun = r.Race || row.Race, r.LongRun || row.LongRun
	r.DirtM = positive(row.DirtM)
	if row.Kind != ingest.Unspecified && row.Kind != r.Kind {
		r.Kind = row.Kind
		if r.Kind == ingest.Treadmill || r.Kind == ingest.Virtual {
			r.Surface = deviceSurface(r.Kind, r.DistM, &ingest.Samples{})
		}
	}
	switch d := row.Totals.DistM; {
	case !(d > 0) || row.RoughDist || d > maxMeanMPS*max(r.MovingS, positive(row.Totals.MovingS)):
	case cutOff && d > r.DistM:
		r.note("the file is cut off after %.2f km: distance and time are those of the export's table", r.DistM/1000)
		r.MovingS, r.ElapsedS = max(r.MovingS, positive(row.Totals.MovingS)), max(r.ElapsedS, positive(row.Totals.ElapsedS))
		r.run(d)
	case r.DistM <= 0:
		r.note("the distance of %.2f km is that of the export's table", d/1000)
		r.run(d)
	case r.Kind == ingest.Treadmill && math.Abs(d/r.DistM-1) > correctedShare:
		r.note("the distance of %.2f km is that of the export's table, where it was corrected from %.2f km", d/1000, r.DistM/1000)
		r.run(d)
	case math.Abs(r.DistM-d) > copyDistance*max(r.DistM, d):
		r.note("the export's table has %.2f km: the file's %.2f km count; overrides.csv can correct them", d/1000, r.DistM/1000)
	}
}

// correctedShare is the difference of two distances of one treadmill run, as a share, that no rounding explains.
const correctedShare = 0.01

// run sets the distance, and with it the surface, whose shares stay.
func (r *Run) run(distM float64) {
	if r.DistM <= 0 {
		r.Surface = deviceSurface(r.Kind, distM, &ingest.Samples{})
	} else {
		r.Surface.scale(distM / r.DistM)
	}
	r.DistM = distM
}

// lookAround lists what the files have, for rows that name none.
func (j *joiner) lookAround() {
	j.strength = map[civil.Date]int{}
	for i := range j.results {
		for k := range j.results[i].Values {
			switch s := &j.results[i].Values[k]; {
			case s.Run != nil:
				j.runs = append(j.runs, s)
			case s.Sport == ingest.Strength && !j.matched[i]:
				j.strength[s.Date]++
			}
		}
	}
	slices.SortStableFunc(j.runs, func(a, b *Session) int { return a.Run.Start.Compare(b.Run.Start) })
	for _, s := range j.runs {
		j.starts = append(j.starts, s.Run.Start)
		if s.Run.OffsetFrom == ingest.OffsetFile || s.Run.OffsetFrom == ingest.OffsetPosition {
			j.zoned = append(j.zoned, s.Run)
		}
	}
}

// near are the runs that start within a day of t, in order: all that can overlap what starts then.
func (j *joiner) near(t time.Time) []*Session {
	// A run that was made another sport meanwhile is left out; it keeps its place while others are looked for.
	at := func(t time.Time) int {
		return sort.Search(len(j.runs), func(i int) bool { return !j.starts[i].Before(t) })
	}
	var near []*Session
	for _, s := range j.runs[at(t.Add(-24*time.Hour)):at(t.Add(24*time.Hour))] {
		if s.Run != nil {
			near = append(near, s)
		}
	}
	return near
}

// nearest is the run closest in time whose zone its file or place tells, the earlier of two.
func (j *joiner) nearest(t time.Time) *Run {
	i := sort.Search(len(j.zoned), func(i int) bool { return !j.zoned[i].Start.Before(t) })
	switch {
	case len(j.zoned) == 0:
		return nil
	case i == len(j.zoned) || i > 0 && t.Sub(j.zoned[i-1].Start) <= j.zoned[i].Start.Sub(t):
		return j.zoned[i-1]
	}
	return j.zoned[i]
}
