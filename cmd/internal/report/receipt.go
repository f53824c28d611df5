package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// ReceiptInput is what a receipt tells of.
type ReceiptInput struct {
	// Title names what was read, such as the paths as typed.
	Title   string
	Receipt *analyze.Receipt
	// Log is the log that the files made.
	Log   *analyze.Log
	Units analyze.Units
	// Elapsed is how long reading took; 0 leaves it out.
	Elapsed time.Duration
	// Details adds a line for every file.
	Details bool
}

// ReceiptText writes what became of the files: totals, what was repaired or doubted, what was refused, and with Details
// every file.
func ReceiptText(w io.Writer, in ReceiptInput, o TextOptions) error {
	p := newPage(o)
	if in.Units == "" {
		in.Units = analyze.Kilometres
	}
	lead := ""
	if in.Title != "" {
		lead = p.title.Render(clean(in.Title)) + "  "
	}
	p.para(lead, totals(in), 2, p.plain)
	p.exports(in.Receipt.Exports)
	p.overrides(in.Receipt.Overrides)
	p.noted(in)
	p.refused(in)
	if m, since := shoeless(in.Log); m > 0 {
		p.para("Not on any shoe  ", in.Units.Dist(m)+" since "+dateOf(since), 2, p.plain)
	}
	if in.Details {
		p.line()
		p.outcomes(in)
	}
	return p.writeTo(w)
}

// totals is the sum line; what is zero and not a matter of course is left out.
func totals(in ReceiptInput) string {
	rc := in.Receipt
	read := count(rc.Files, "file")
	if in.Elapsed > 0 {
		read += " in " + took(in.Elapsed)
	}
	runs := count(rc.Runs, "run")
	merged := 0
	for i := range in.Log.Runs {
		merged += len(in.Log.Runs[i].AlsoIn)
	}
	for i := range in.Log.Strength {
		merged += len(in.Log.Strength[i].AlsoIn)
	}
	if merged > 0 {
		runs += " (" + count(merged, "copy") + " merged: " + thousands(len(in.Log.Runs)) + " in the log)"
	}
	parts := []string{runs}
	if rc.Strength > 0 {
		parts = append(parts, thousands(rc.Strength)+" strength")
	}
	if rc.Other > 0 {
		parts = append(parts, count(rc.Other, "other sport"))
	}
	if rc.NotActivities > 0 {
		parts = append(parts, count(rc.NotActivities, "file")+" without an activity")
	}
	if rc.Ignored > 0 {
		parts = append(parts, thousands(rc.Ignored)+" ignored")
	}
	return read + ": " + count(rc.Activities, "activity") + " · " + strings.Join(parts, " · ")
}

// numeral is a number inside a note.
var numeral = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d[\d.,:]*\d|\d`) })

// keptRuns are the log's runs by file and ID: a file copied byte for byte has the ID of the other, so that only both
// together tell which one was kept. Unlike a run as it was read, the log's has the notes of merging.
func keptRuns(log *analyze.Log) map[[2]string]*analyze.Run {
	kept := make(map[[2]string]*analyze.Run, len(log.Runs))
	for i := range log.Runs {
		kept[[2]string{log.Runs[i].File, log.Runs[i].ID}] = log.Runs[i]
	}
	return kept
}

// notes counts the runs that say the same, numbers aside, the most frequent first.
func notes(in ReceiptInput) (lines []string, runs int) {
	type kind struct {
		text string
		runs int
	}
	var kinds []kind
	at := map[string]int{}
	kept := keptRuns(in.Log)
	for _, o := range in.Receipt.Outcomes {
		for _, s := range o.Sessions {
			if s.Run == nil {
				continue
			}
			run := cmp.Or(kept[[2]string{s.Run.File, s.Run.ID}], s.Run)
			if len(run.Notes) == 0 {
				continue
			}
			runs++
			seen := map[string]bool{}
			for _, note := range run.Notes {
				key := generic(note)
				if seen[key] {
					continue
				}
				seen[key] = true
				if i, ok := at[key]; ok {
					kinds[i].runs++
					if kinds[i].text != note {
						kinds[i].text = key
					}
					continue
				}
				at[key] = len(kinds)
				kinds = append(kinds, kind{note, 1})
			}
		}
	}
	slices.SortFunc(kinds, func(a, b kind) int { return cmp.Or(cmp.Compare(b.runs, a.runs), cmp.Compare(a.text, b.text)) })
	for _, k := range kinds {
		lines = append(lines, fmt.Sprintf("%s  %s", thousands(k.runs), k.text))
	}
	return lines, runs
}

// generic is a note with its numbers replaced by dots, and the nouns behind them in the plural.
func generic(note string) string {
	words := strings.Fields(note)
	for i, w := range words {
		if !numeral().MatchString(w) {
			continue
		}
		words[i] = numeral().ReplaceAllString(w, "…")
		if w == "1" && i+1 < len(words) && !strings.HasSuffix(words[i+1], "s") {
			words[i+1] += "s"
		}
	}
	return strings.Join(words, " ")
}

// exports says what the tables of Strava's and Garmin's exports added.
func (p *page) exports(tables []analyze.Export) {
	for i := range tables {
		e := &tables[i]
		parts := []string{count(e.Joined, "row") + " joined to a file"}
		for _, more := range []struct {
			n    int
			text string
		}{
			{e.Runs, "run"}, {e.Strength, "strength session"},
		} {
			if more.n > 0 {
				parts = append(parts, count(more.n, more.text)+" from the table alone")
			}
		}
		if e.Other > 0 {
			parts = append(parts, thousands(e.Other)+" of other sports")
		}
		if e.Unused > 0 {
			parts = append(parts, thousands(e.Unused)+" with too little to count")
		}
		if e.Routes > 0 {
			parts = append(parts, count(e.Routes, "planned route")+" left out")
		}
		p.para(p.title.Render("Table")+"    ", clean(e.File)+": "+strings.Join(parts, " · "), 2, p.plain)
		for _, note := range e.Notes {
			p.para("         ", clean(note), 11, p.plain)
		}
	}
}

// overrides sums up the runner's own corrections. What they did to a run is among its notes; what they took out stands
// here.
func (p *page) overrides(o *analyze.Overridden) {
	if o == nil {
		return
	}
	parts := []string{count(o.Rows, "row"), count(o.Changed, "run") + " corrected"}
	if o.Added > 0 {
		parts = append(parts, thousands(o.Added)+" counted by hand")
	}
	if n := len(o.Stale); n > 0 {
		parts = append(parts, count(n, "row")+" without a run")
	}
	p.para(p.title.Render("Overrides")+"  ", clean(o.File)+": "+strings.Join(parts, " · "), 2, p.plain)
	for i := range o.Out {
		p.para("  ", o.Out[i].File+": "+o.Out[i].Why, 4, p.plain)
	}
	for i := range o.Stale {
		p.para("  ", fmt.Sprintf("line %d: no run is %s", o.Stale[i].Line, clean(o.Stale[i].Run)), 4, p.plain)
	}
}

// noted lists repairs and doubts.
func (p *page) noted(in ReceiptInput) {
	lines, runs := notes(in)
	if runs == 0 {
		return
	}
	p.para(p.title.Render("Noted")+"    ", count(runs, "run")+" with a repair, a correction or a doubt", 9, p.plain)
	for _, l := range lines {
		n, text, _ := strings.Cut(l, "  ")
		p.para("  "+padLeft(n, 5)+"  ", text, 9, p.plain)
	}
}

// refused lists the files with a problem: first what was lost, then what was saved in part.
func (p *page) refused(in ReceiptInput) {
	var lost, saved []*ingest.Problem
	for _, f := range in.Receipt.Problems {
		switch {
		case f.Kind == ingest.NotActivity:
		case f.Kept > 0:
			saved = append(saved, f)
		default:
			lost = append(lost, f)
		}
	}
	where := "kneecheck ingest --details lists all"
	if in.Details {
		where = "all are listed below"
	}
	p.problemList("Refused", lost, where)
	p.problemList("Saved in part", saved, where)
}

// problemsShown is how many files of one kind of problem the receipt names before it only counts them: a folder of
// planned routes or an archive of archives can hold thousands of one sort.
const problemsShown = 20

// problemList names the files with a problem, no more than problemsShown of a kind; where says where all are.
func (p *page) problemList(head string, fs []*ingest.Problem, where string) {
	if len(fs) == 0 {
		return
	}
	p.para(p.title.Render(head)+"  ", count(len(fs), "file"), 2, p.plain)
	seen := map[ingest.ProblemKind]int{}
	var left []ingest.ProblemKind // the kinds of which not all are named, in order of appearance
	for _, f := range fs {
		if seen[f.Kind]++; seen[f.Kind] > problemsShown {
			if seen[f.Kind] == problemsShown+1 {
				left = append(left, f.Kind)
			}
			continue
		}
		text := f.File + ": " + string(f.Kind) + ": " + reason(f)
		if f.Kept > 0 {
			text += " (" + count(f.Kept, "sample") + " kept)"
		}
		p.para("  ", text, 4, p.plain)
	}
	for _, kind := range left {
		p.para("  ", "and "+thousands(seen[kind]-problemsShown)+" more: "+string(kind)+" ("+where+")", 4, p.plain)
	}
}

// outcomes prints one entry a file.
func (p *page) outcomes(in ReceiptInput) {
	f := newFates(in)
	for i := range in.Receipt.Outcomes {
		o := &in.Receipt.Outcomes[i]
		p.para("", o.File+": "+strings.Join(f.of(o), "; "), 4, p.plain)
	}
	// Folders and archives that were refused whole have no outcome of a file.
	told := make(map[string]bool, len(in.Receipt.Outcomes))
	for i := range in.Receipt.Outcomes {
		told[in.Receipt.Outcomes[i].File] = true
	}
	for _, f := range in.Receipt.Problems {
		if !told[f.File] {
			p.para("", f.File+": "+string(f.Kind)+": "+reason(f), 4, p.plain)
		}
	}
}

// runLine is a run in one line: date, distance, duration, cadence and notes.
func runLine(r *analyze.Run, u analyze.Units) string {
	parts := []string{dateOf(r.Date) + " run " + u.Dist(number(r.DistM, 1))}
	if r.MovingS > 0 {
		parts = append(parts, hours(r.MovingS))
	} else {
		parts = append(parts, "no time")
	}
	if !math.IsNaN(r.Cadence.MeanSPM) {
		parts = append(parts, fmt.Sprintf("%.0f spm (file: %s)", r.Cadence.MeanSPM, or(r.Cadence.Unit, ingest.NoCadence)))
	} else {
		parts = append(parts, "no cadence")
	}
	return strings.Join(append(parts, r.Notes...), ", ")
}

func sport(s ingest.Sport) string {
	switch s {
	case ingest.OtherSport:
		return "another sport"
	case ingest.UnknownSport, "":
		return "a sport that the file does not tell"
	}
	return string(s)
}

// shoeless is the distance run on no known pair and the day from which it counts: the first on which a pair was worn,
// or the log's first.
func shoeless(log *analyze.Log) (metres float64, since civil.Date) {
	if len(log.Shoes) == 0 || len(log.Runs) == 0 {
		return 0, 0
	}
	since = log.Runs[0].Date
	if first := slices.MinFunc(log.Shoes, func(a, b analyze.Shoe) int { return cmp.Compare(begin(a), begin(b)) }); begin(first) > since {
		since = begin(first)
	}
	for i := range log.Runs {
		if r := log.Runs[i]; r.Shoe == "" && r.Date >= since {
			metres += r.DistM
		}
	}
	return metres, since
}

// begin is a pair's first day, before all days when it is open.
func begin(s analyze.Shoe) civil.Date {
	if s.Since == nil {
		return math.MinInt32
	}
	return *s.Since
}
