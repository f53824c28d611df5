// Package planfile reads a plan of coming runs: a CSV file with a line a run, or a calendar in iCalendar form with an event
// a run. Content decides the format. Reading is strict, for a slip in a plan changes verdicts: what is wrong in a CSV file is
// told with its line, and an event that cannot be a run is counted and named, never guessed.
package planfile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

const (
	// MaxBytes is more than any plan needs.
	MaxBytes = 4 << 20
	// MaxAheadDays is how far after the as-of day a plan may reach.
	MaxAheadDays = 366
	// maxRuns is more than five runs a day for a year.
	maxRuns = 2000
	// maxRunM is the longest run that is believed.
	maxRunM = 300_000
	// metresPerMile is the length of the unit mi.
	metresPerMile = 1609.344
)

// Plan is what a file plans.
type Plan struct {
	// File is the name as given.
	File string
	// Runs are in order of day and of the file.
	Runs []Run
	// Past counts the runs up to the as-of day that are not judged any more.
	Past int
	// Other counts what is no running: days off, cross-training, strength.
	Other int
	// Unclear are the events of a calendar that could be runs but do not tell how far, or when, as "Fri 19 Jun 2026: Tempo".
	Unclear []string
}

// Run is one planned run. What the plan does not say is NaN or empty.
type Run struct {
	// ID is stable for a day and a place in it: plan-2026-06-19-1.
	ID   string
	Date civil.Date
	// DistM is in metres and DurationS in seconds; the duration is NaN when not planned.
	DistM, DurationS float64
	// Kind is one of kinds, empty when the plan does not say.
	Kind string
	Note string
	// Line is the line of a CSV file, 0 in a calendar.
	Line int
}

// Options say from when on a plan counts.
type Options struct {
	// AsOf is the day on which the plan is judged: what lies before it is past.
	AsOf civil.Date
	// DoneToday is true when the log has a run on that day already; then a run planned for it is past too.
	DoneToday bool
	// Zone is where the runner lives, for calendar times in UTC; nil takes the digits as they are.
	Zone *time.Location
}

// kinds are the words for a run, and others the words for what is no running.
var (
	kinds  = []string{"run", "easy", "recovery", "long", "steady", "tempo", "threshold", "intervals", "fartlek", "hills", "trail", "track", "treadmill", "walk-run", "race"}
	others = []string{"rest", "off", "cross", "bike", "swim", "walk", "hike", "strength", "yoga"}
)

// Read reads a plan. The name is for messages only. The error names file and line where there is one; a plan without a run
// to come is an error too.
func Read(name string, data []byte, o Options) (*Plan, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: is larger than %d MiB, which is no plan", name, MaxBytes>>20)
	}
	p := &Plan{File: name}
	var err error
	if isCalendar(data) {
		err = p.readCalendar(data, o)
	} else {
		err = p.readCSV(data, o)
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.Runs, func(a, b Run) int { return int(a.Date) - int(b.Date) })
	n := 0
	for i := range p.Runs {
		if n++; i == 0 || p.Runs[i].Date != p.Runs[i-1].Date {
			n = 1
		}
		p.Runs[i].ID = fmt.Sprintf("plan-%v-%d", p.Runs[i].Date, n)
	}
	if len(p.Runs) == 0 {
		return nil, fmt.Errorf("%s: %s", name, p.whyEmpty(o))
	}
	return p, nil
}

// isCalendar tells whether the content begins as iCalendar does.
func isCalendar(data []byte) bool {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	const begin = "BEGIN:VCALENDAR"
	return len(data) >= len(begin) && strings.EqualFold(string(data[:len(begin)]), begin)
}

// whyEmpty says why there is nothing to judge.
func (p *Plan) whyEmpty(o Options) string {
	switch {
	case p.Past > 0:
		return fmt.Sprintf("plans no run after %v: %d lie before, the plan is over", o.AsOf, p.Past)
	case len(p.Unclear) > 0:
		return fmt.Sprintf("no event tells the distance of a run, such as \"Long run 18 km\"; the first is %s", p.Unclear[0])
	}
	return "plans no run"
}

// errTooMany ends the reading of a plan that no runner can mean.
var errTooMany = errors.New("plans more than 2,000 runs")

// tooFar is the error for a day too far ahead to be meant; nil for others.
func (o *Options) tooFar(day civil.Date) error {
	if day > o.AsOf+MaxAheadDays {
		return fmt.Errorf("%v is more than a year after %v", day, o.AsOf)
	}
	return nil
}

// add takes a run into the plan, or counts one that is past. The error is for one too far ahead, or one too many.
func (p *Plan) add(r Run, o Options) error {
	if r.Date < o.AsOf || r.Date == o.AsOf && o.DoneToday {
		p.Past++
		return nil
	}
	if err := o.tooFar(r.Date); err != nil {
		return err
	}
	if len(p.Runs) >= maxRuns {
		return errTooMany
	}
	p.Runs = append(p.Runs, r)
	return nil
}

// Race tells whether the run is a race.
func (r *Run) Race() bool { return r.Kind == "race" }

// runKinds are the kinds that say where a run is.
var runKinds = map[string]ingest.Kind{"trail": ingest.Trail, "track": ingest.Track, "treadmill": ingest.Treadmill}

// Log lays the plan's runs out as runs of a log. What a plan cannot know is NaN; Planned tells such runs from others.
func (p *Plan) Log() []analyze.Run {
	out := make([]analyze.Run, len(p.Runs))
	for i := range p.Runs {
		r := &p.Runs[i]
		kind, ok := runKinds[r.Kind]
		if !ok {
			kind = ingest.Unspecified
		}
		run := analyze.Unmeasured()
		run.ID, run.File, run.Name, run.Date = r.ID, p.File, r.Note, r.Date
		// An hour before midnight, and a minute later for each further run, comes after the runs of that day that are done.
		run.Start, run.OffsetFrom = r.Date.Time().Add(23*time.Hour+time.Duration(i%60)*time.Minute), ingest.OffsetUTC
		run.Kind, run.DistM, run.MovingS, run.ElapsedS = kind, r.DistM, r.DurationS, r.DurationS
		run.Surface.UnknownM, run.Race, run.LongRun = r.DistM, r.Race(), r.Kind == "long"
		out[i] = run
	}
	return out
}
