package report

import (
	"cmp"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// Athlete is what a roster keeps of one athlete's report: no runs, so that a club fits the memory.
type Athlete struct {
	// Doc is the wire document without its runs.
	Doc Document
	// Why says in words why there is no verdict, empty where there is one.
	Why string
	// JSON is the whole document as JSON wrote it, where it is wanted.
	JSON []byte

	title string
	units analyze.Units
	// weekly is true for the report of a week, which has one thing to do for each athlete.
	weekly bool
	// week is the calendar week that the roster shows, and its line in words.
	week     Week
	weekLine string
	// change is the week's as it is shown, nil without one.
	change *float64
	// fired is what stands out, and one the thing to do about it.
	fired []group
	one   string
	// rules are those that were on, in order of ID.
	rules []*rules.Rule
	// last is the day of the last run, nil without one.
	last *civil.Date
}

// NewAthlete keeps of a report what a roster shows: the week of the as-of day, or, for a weekly report, the judged one.
func NewAthlete(r *Report, weekly bool) Athlete {
	d := &r.Doc
	a := Athlete{Doc: *d, title: r.Screen.Title, units: r.Screen.Units, weekly: weekly, fired: groups(d.Findings)}
	day := d.AsOf
	if weekly {
		day = d.Verdict.From
	}
	for i := range d.Weeks {
		if w := &d.Weeks[i]; w.Start <= day && day <= w.End {
			a.week, a.change = *w, r.shownWeek(i).Change
		}
	}
	if n := len(r.runs); n > 0 {
		last := r.runs[n-1].Date // a copy: a pointer into the runs would keep them all
		a.last = &last
	}
	if weekly && len(r.runs) > 0 {
		v := newWeekView(r)
		_, a.weekLine, _ = strings.Cut(v.head, ": ")
		a.one = v.one
	}
	for _, rule := range rules.All() {
		if r.settings.Enabled(rule) {
			a.rules = append(a.rules, rule)
		}
	}
	a.Doc.Weeks = nil
	return a
}

// RedFlag is the finding that holds everything else back, nil without one.
func (r *Report) RedFlag() *Finding { return r.Doc.redFlag() }

// Name is the name under which the athlete appears, that of the log where there is only one.
func (a *Athlete) Name() string {
	if a.Doc.Athlete != "" {
		return a.Doc.Athlete
	}
	return a.title
}

// The urgencies, the most urgent first.
const (
	urgentFlag = iota
	urgentHigh
	urgentWarning
	urgentIncomplete
	urgentNote
	urgentNot
)

func (a *Athlete) urgency() int {
	v := &a.Doc.Verdict
	switch {
	case a.Doc.redFlag() != nil:
		return urgentFlag
	case v.High > 0:
		return urgentHigh
	case v.Warning > 0:
		return urgentWarning
	case v.Status == Incomplete:
		return urgentIncomplete
	case v.Note > 0:
		return urgentNote
	}
	return urgentNot
}

// verdict is the athlete's verdict in a word or two.
func (a *Athlete) verdict() string {
	v := &a.Doc.Verdict
	switch a.urgency() {
	case urgentFlag:
		return "red flag"
	case urgentHigh:
		return thousands(v.High) + " high"
	case urgentWarning:
		return count(v.Warning, "warning")
	case urgentIncomplete:
		return Incomplete
	case urgentNote:
		return count(v.Note, "note")
	}
	return Pass
}

// judged tells whether there was anything to judge.
func (a *Athlete) judged() bool { return a.last != nil }

// notJudged is the number of rules without a verdict.
func (a *Athlete) notJudged() string {
	if !a.judged() {
		return "all"
	}
	return thousands(a.Doc.Verdict.NotJudged)
}

// why says why the athlete is incomplete; empty for one that is not.
func (a *Athlete) why() string {
	v := &a.Doc.Verdict
	if a.Why != "" || v.Status != Incomplete {
		return a.Why
	}
	var parts []string
	if n := len(a.Doc.Inputs.Problems); n > 0 {
		parts = append(parts, count(n, "file")+" with a problem")
	}
	if n := a.Doc.gaps(); n > 0 {
		parts = append(parts, count(n, "rule")+" without the data")
	}
	return strings.Join(parts, ", ") + " (--strict)"
}

// quiet says what there is to say of an athlete of whom nothing stands out; mostly nothing.
func (a *Athlete) quiet() string {
	v := &a.Doc.Verdict
	var parts []string
	if a.last != nil && a.week.Runs == 0 && *a.last < v.From {
		day := dayOf(*a.last)
		if a.last.Time().Year() != a.Doc.AsOf.Time().Year() {
			day = dateOf(*a.last)
		}
		parts = append(parts, "no run since "+day)
	}
	if v.Acknowledged > 0 {
		parts = append(parts, thousands(v.Acknowledged)+" acknowledged")
	}
	if v.ReportedBefore > 0 {
		parts = append(parts, thousands(v.ReportedBefore)+" reported before")
	}
	return strings.Join(parts, ", ")
}

// shown are the findings that people are told: while a red flag is in force, that alone.
func (a *Athlete) shown() []group {
	for i := range a.fired {
		if a.fired[i].Rule == redFlagRule {
			return a.fired[i : i+1]
		}
	}
	return a.fired
}

// what says in at most some columns what stands out: as much of it as fits.
func (a *Athlete) what(width int) string {
	if len(a.fired) == 0 {
		s := a.quiet()
		if why := a.why(); why != "" {
			s = strings.TrimSuffix(sentence(why), ".")
		}
		return fit(clean(s), width)
	}
	fired := a.shown()
	if a.urgency() == urgentFlag {
		return fit(fired[0].Name+": "+clean(fired[0].Message), width)
	}
	form := func(n int, day, value bool) string {
		var parts []string
		for i := range fired[:n] {
			parts = append(parts, a.short(&fired[i].Finding, day, value))
		}
		s := strings.Join(parts, ", ")
		if more := len(fired) - n; more > 0 {
			s += ", +" + thousands(more)
		}
		return s
	}
	for n := len(fired); n > 0; n-- {
		if s := form(n, true, true); columns(s) <= width {
			return s
		}
		if s := form(n, true, false); n == 1 && columns(s) <= width {
			return s
		}
	}
	return fit(form(1, false, false), width)
}

// short is a finding in few words: its name, its day where it is about one, and its value.
func (a *Athlete) short(f *Finding, day, value bool) string {
	s := f.Name
	if rule, ok := rules.Find(f.Rule); day && ok && !rule.State {
		if f.From == f.To {
			s += " " + dayOf(f.To)
		} else {
			s += " " + when(f, a.Doc.AsOf)
		}
	}
	if value {
		s += " (" + measure(f.Value, f.Unit, a.units) + ")"
	}
	return s
}

// Roster is many athletes, the most urgent first.
type Roster struct{ athletes []Athlete }

// NewRoster puts athletes in their order.
func NewRoster(athletes []Athlete) *Roster {
	athletes = slices.Clone(athletes)
	slices.SortStableFunc(athletes, func(a, b Athlete) int {
		return cmp.Or(cmp.Compare(a.urgency(), b.urgency()), strings.Compare(a.Name(), b.Name()))
	})
	return &Roster{athletes}
}

// Alone is the roster of one log. Why says why there is no verdict, if there is none.
func Alone(r *Report, why string) *Roster {
	a := NewAthlete(r, false)
	a.Why = why
	return NewRoster([]Athlete{a})
}

// footer sums the roster up: "4 athletes: 1 high, 1 warning, 1 incomplete, 1 pass · window 1–14 Jun 2026 · as of 14 Jun 2026".
func (ro *Roster) footer() string {
	words := [...]string{urgentFlag: "red flag", urgentHigh: "high", urgentWarning: "warning", urgentIncomplete: Incomplete, urgentNote: "note", urgentNot: Pass}
	var parts []string
	for urgency, word := range words {
		if n := ro.number(urgency); n > 0 {
			parts = append(parts, thousands(n)+" "+word)
		}
	}
	return count(len(ro.athletes), "athlete") + ": " + join(parts) + " · window " + ro.window() + " · as of " + ro.asOf()
}

// number is how many athletes have an urgency.
func (ro *Roster) number(urgency int) int {
	n := 0
	for i := range ro.athletes {
		if ro.athletes[i].urgency() == urgency {
			n++
		}
	}
	return n
}

// days are the judged days of all athletes, whose weeks may begin on different days.
func (ro *Roster) days() (from, to civil.Date) {
	from, to = ro.athletes[0].Doc.Verdict.From, ro.athletes[0].Doc.Verdict.To
	for i := range ro.athletes {
		v := &ro.athletes[i].Doc.Verdict
		from, to = min(from, v.From), max(to, v.To)
	}
	return from, to
}

// window is days in words.
func (ro *Roster) window() string { return span(ro.days()) }

// asOf is the as-of day of all athletes, which may live in different time zones.
func (ro *Roster) asOf() string {
	first, last := ro.athletes[0].Doc.AsOf, ro.athletes[0].Doc.AsOf
	for i := range ro.athletes {
		first, last = min(first, ro.athletes[i].Doc.AsOf), max(last, ro.athletes[i].Doc.AsOf)
	}
	return span(first, last)
}

// tells says whether the athlete has a block of a weekly report.
func (a *Athlete) tells() bool { return len(a.fired) > 0 }

// weekWords is the week in words.
func (a *Athlete) weekWords() string {
	if a.weekLine != "" {
		return a.weekLine
	}
	return a.why()
}

// countLine says how many athletes there are and of how many something stands out.
func (ro *Roster) countLine() string {
	s := count(len(ro.athletes), "athlete") + ", nothing stands out"
	if loud := ro.loud(); loud > 0 {
		s = count(len(ro.athletes), "athlete") + ", something stands out for " + thousands(loud)
	}
	return s + " · as of " + ro.asOf()
}

// head is the title of a page and the line below it: of the athletes, or of their week.
func (ro *Roster) head() (title, sub string) {
	if ro.athletes[0].weekly {
		return "Week of " + ro.window(), ro.countLine()
	}
	title, sub, _ = strings.Cut(ro.footer(), ": ")
	return title, sub
}

// loud is for how many athletes something stands out.
func (ro *Roster) loud() int {
	n := 0
	for i := range ro.athletes {
		if ro.athletes[i].tells() {
			n++
		}
	}
	return n
}

// rest are the athletes without a block: those of whom nothing stands out, with their week, and those without a verdict,
// with the reason.
func (ro *Roster) rest() (quiet, incomplete []string) {
	for i := range ro.athletes {
		a := &ro.athletes[i]
		switch {
		case a.tells():
		case a.urgency() == urgentIncomplete:
			incomplete = append(incomplete, clean(a.Name())+": "+a.why())
		default:
			s := a.quietWeek()
			if a.week.Runs == 0 {
				s = "(" + s + ")"
			}
			quiet = append(quiet, clean(a.Name())+" "+s)
		}
	}
	return quiet, incomplete
}

// quietWeek is the week of an athlete of whom nothing stands out: "21.0 km (+3 %)", "no run since Sat 2 May".
func (a *Athlete) quietWeek() string {
	more := a.quiet()
	if a.week.Runs == 0 {
		return cmp.Or(more, "no run")
	}
	s := a.units.Dist(a.week.DistanceM)
	if a.change != nil {
		s += " (" + change(*a.change) + ")"
	}
	if more != "" {
		s += " (" + more + ")"
	}
	return s
}

// join lists parts with commas.
func join(parts []string) string { return strings.Join(parts, ", ") }

// credit names those whose map told ground of the runs; empty without a map.
func (ro *Roster) credit() string {
	if slices.ContainsFunc(ro.athletes, func(a Athlete) bool { return a.Doc.Attribution != "" }) {
		return mapCredit
	}
	return ""
}

// small is what ends a report to people.
func (ro *Roster) small() string { return strings.TrimSpace(disclaimer + " " + ro.credit()) }
