package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// weekView is one calendar week in the order in which it is told: what happened, what changed and why, what fired, what
// cannot be told, what to do. Only head is always there.
type weekView struct {
	head    string
	changed []string
	// ground is the mix of ground where a street map told it.
	ground string
	load   string
	fired  []group
	pain   string
	known  []string
	shoes  string
	quiet  string
	// beside is what was done beside the runs.
	beside string
	cannot string
	one    string
	// next begins with the week that it is about and a colon.
	next string
	// idle is a week without a run, pain or anything else to tell of.
	idle bool
}

// WeekText writes the weekly report of a report whose judged window is one calendar week. A week in which nothing fired
// takes a few lines, and one without a run a sentence or two.
func WeekText(w io.Writer, r *Report, o TextOptions) error {
	p := newPage(o)
	if len(r.runs) == 0 {
		p.para("", headline(r), 2, p.plain)
		p.section("Next", r.Doc.Next)
		return p.writeTo(w)
	}
	v := newWeekView(r)
	flag := r.Doc.redFlag()
	if flag != nil {
		p.redFlag(flag.Message, flag.Advice)
		p.gap()
	}
	head, rest, _ := strings.Cut(v.head, ": ")
	lines := v.lines()
	if v.idle && flag == nil {
		rest, lines = strings.Join(append([]string{rest + "."}, lines...), " "), nil
	}
	p.para(p.title.Render(head+":")+" ", rest, 2, p.plain)
	if flag != nil {
		p.flagScreen(r)
		return p.writeTo(w)
	}
	if len(v.fired) == 0 {
		for _, s := range lines {
			p.para("", s, 2, p.plain)
		}
		return p.writeTo(w)
	}
	p.line()
	p.entries(v.before())
	for i := range v.fired {
		label := "What fired"
		if i > 0 {
			label = ""
		}
		p.entry(label, firedLine(r, &v.fired[i]))
	}
	p.entries(v.after())
	p.line()
	p.para("", footer(r), 0, p.faint)
	return p.writeTo(w)
}

// entryIndent is where the texts of a weekly report begin.
const entryIndent = 15

func (p *page) entries(list []labelled) {
	for _, e := range list {
		p.entry(e.Label, e.Text)
	}
}

func (p *page) entry(label, text string) {
	p.para(pad(p.title.Render(label), entryIndent), text, entryIndent, p.plain)
}

// WeekMarkdown is WeekText as Markdown.
func WeekMarkdown(w io.Writer, r *Report) error {
	if len(r.runs) == 0 {
		return Markdown(w, r)
	}
	var m markdown
	v := newWeekView(r)
	m.line("# ", escape(v.head))
	m.line()
	if f := r.Doc.redFlag(); f != nil {
		m.redFlag(f)
		m.flagScreen(r)
		return m.writeTo(w)
	}
	if len(v.fired) == 0 {
		for _, s := range v.lines() {
			m.line(escape(s))
			m.line()
		}
		return m.writeTo(w)
	}
	m.entries(v.before())
	m.line("**What fired**")
	m.line()
	m.findings(r, v.fired)
	m.entries(v.after())
	m.line("*", escape(footer(r)), "*")
	return m.writeTo(w)
}

func (m *markdown) entries(list []labelled) {
	for _, e := range list {
		m.line("**", e.Label, "** ", escape(e.Text))
		m.line()
	}
}

// before are the parts of a week in which something fired that stand before it, and after those behind it.
func (v *weekView) before() []labelled {
	return told(labelled{"What changed", strings.Join(v.changed, " ")}, labelled{"Ground", v.ground}, labelled{"Knee load", v.load})
}

func (v *weekView) after() []labelled {
	label, text, _ := strings.Cut(v.next, ": ")
	return told(
		labelled{"Knee", v.pain}, labelled{"Acknowledged", strings.Join(v.known, "; ")}, labelled{"Shoes", v.shoes},
		labelled{"What is quiet", v.quiet}, labelled{"Beside runs", period(v.beside)}, labelled{"Cannot tell", v.cannot},
		labelled{"One thing", v.one}, labelled{label, text},
	)
}

// period ends a text that there is.
func period(s string) string {
	if s == "" {
		return ""
	}
	return s + "."
}

// told leaves out what has no text.
func told(parts ...labelled) []labelled {
	return slices.DeleteFunc(parts, func(p labelled) bool { return p.Text == "" })
}

// lines is a week in which nothing fired.
func (v *weekView) lines() []string {
	first := strings.Join(v.changed, " ") + " " + v.quiet
	if v.beside != "" {
		first += " Beside runs: " + v.beside + "."
	}
	out := []string{strings.TrimSpace(first)}
	for _, l := range told(labelled{"Ground", v.ground}, labelled{"Acknowledged", strings.Join(v.known, "; ")}, labelled{"Knee", v.pain}, labelled{"Shoes", v.shoes}) {
		out = append(out, l.Label+": "+l.Text)
	}
	out = append(out, v.next)
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

func firedLine(r *Report, g *group) string {
	s := g.Rule + " " + g.Name + " (" + g.Severity + "): " + g.Message
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	if also := g.also(r.Screen.Units, r.Doc.AsOf); also != "" {
		s += " " + also
	}
	return s + " Evidence: " + g.Grade + "."
}

func newWeekView(r *Report) *weekView {
	d := &r.Doc
	from := d.Verdict.From
	v := &weekView{fired: groups(d.Findings)}
	i, in := slices.BinarySearchFunc(d.Weeks, from, func(w Week, d civil.Date) int { return int(w.Start - d) })
	var this, before Week
	if in {
		this = r.shownWeek(i)
	}
	if in && i > 0 {
		before = d.Weeks[i-1]
	}
	v.head = weekHead(r, &this, &before, in && i > 0)
	v.changed = changes(r, &this, &before, len(v.fired) > 0)
	if in {
		v.ground = r.groundLine(this.Start, this.End)
	}
	v.known, v.beside = knownLines(r), crossLine(&this)
	if k := r.Screen.Knee; k != nil {
		v.pain = k.line()
	}
	v.shoes = r.shoesNear(&this)
	if len(v.fired) > 0 {
		if in {
			v.load = kneeWeek(r, &this)
		}
		v.quiet, v.cannot = quietOthers(r.Screen.Quiet), r.cannotTell()
		v.one = r.oneThing(v.fired)
	} else {
		v.idle = this.Runs == 0 && v.pain == "" && len(v.known) == 0
		if !v.idle {
			v.quiet = r.quietWeek()
		}
	}
	if b := &r.Screen.Budget; b.known() && !d.tooSore() {
		switch {
		case b.Day.Date >= from && b.Day.Date <= d.Verdict.To:
			v.next = "This week: " + r.limits("") + r.allowing() + "."
		case b.Day.Date > d.Verdict.To && b.Day.Date <= d.Verdict.To+7:
			v.next = "Next week: " + r.limits("") + r.allowing() + "."
		}
	}
	return v
}

// allowing ends a week's limits where a knee hurts.
func (r *Report) allowing() string {
	if r.sore() {
		return "; pain comes first"
	}
	return ""
}

// weekHead is the week in one line: when, how far, how often, and against the week before.
func weekHead(r *Report, this, before *Week, compared bool) string {
	u, asOf := r.Screen.Units, r.Doc.AsOf
	head := "Week of " + spanAs(r.Doc.Verdict.From, r.Doc.Verdict.To, "January", " 2006")
	if r.Doc.Verdict.To > asOf && r.Doc.Verdict.From <= asOf {
		head += ", so far (to " + dayOf(asOf) + ")"
	}
	if this.Runs == 0 {
		return head + ": no run" + r.lastRun(before)
	}
	head += ": " + u.Dist(this.DistanceM) + " in " + r.runsOf(this.Start, this.End)
	switch {
	case this.Change != nil:
		return head + " (" + change(*this.Change) + " on the week before)"
	case !compared:
		return head
	case before.Runs == 0:
		return head + " (after a week without a run)"
	}
	return head + " (" + u.Dist(before.DistanceM) + " the week before)"
}

// What counts as a change worth a sentence: choices of this program, about what a runner would call different.
const (
	movedShare  = 0.05
	movedSPM    = 3
	movedDropM  = 150
	movedFactor = 1.5
	movedHard   = 0.15
)

// changes says what made this week differ from the one before, and the run that moved it most. That it hardly did is worth
// a sentence only in full.
func changes(r *Report, this, before *Week, full bool) []string {
	var out []string
	switch {
	case this.Runs == 0:
		return nil
	case before.Runs == 0:
		return r.back(this)
	case this.Change == nil:
	case math.Abs(*this.Change) >= movedShare:
		out = append(out, moved(r, this, before))
	case full:
		out = append(out, "About as far as the week before.")
	}
	if this.Change == nil {
		return nil
	}
	if a, b := value(this.CadenceSPM), value(before.CadenceSPM); math.Abs(a-b) >= movedSPM {
		out = append(out, fmt.Sprintf("Cadence %.0f spm after %.0f.", a, b))
	}
	if a, b := value(this.DescentM), value(before.DescentM); math.Abs(a-b) >= movedDropM && max(a, b) >= movedFactor*min(a, b) {
		out = append(out, fmt.Sprintf("Downhill %.0f m after %.0f m.", a, b))
	}
	if a, b := value(this.HardShare), value(before.HardShare); math.Abs(a-b) >= movedHard {
		out = append(out, fmt.Sprintf("Hard ground %s after %s.", percent(a), percent(b)))
		if !full && r.Doc.Attribution != "" {
			// In full it stands at the foot.
			out = append(out, mapCredit)
		}
	}
	return out
}

// moved names the run behind a change of distance. The runs of both weeks are paired by length: it is the one that grew or
// shrank most, or one that has no counterpart.
func moved(r *Report, this, before *Week) string {
	now, then := r.runsByLength(this), r.runsByLength(before)
	u, more := r.Screen.Units, *this.Change > 0
	at, most := 0, 0.0
	for i := range max(len(now), len(then)) {
		d := lengthAt(now, i) - lengthAt(then, i)
		if !more {
			d = -d
		}
		if d > most {
			at, most = i, d
		}
	}
	extra, aside := len(now)-len(then), ""
	if extra != this.Runs-before.Runs {
		aside = ", those " + tooShort + " aside"
	}
	switch {
	case at >= len(then):
		return fmt.Sprintf("%s more than the week before%s%s.", count(extra, "run"), onNewDay(extra, now, then, u), aside)
	case at >= len(now):
		return fmt.Sprintf("%s fewer than the week before%s%s.", count(-extra, "run"), onNewDay(-extra, then, now, u), aside)
	}
	word, also := "longer", ""
	if !more {
		word = "shorter"
	}
	switch {
	case extra > 0 && more:
		also = "; " + count(extra, "run") + " more" + aside
	case extra < 0 && !more:
		also = "; " + count(-extra, "run") + " fewer" + aside
	}
	return fmt.Sprintf("%s: %s, %s %s than the %slongest of the week before (%s: %s)%s.", dayOf(now[at].Date), u.Dist(now[at].DistanceM),
		u.Dist(most), word, nth(at), dayOf(then[at].Date), u.Dist(then[at].DistanceM), also)
}

// tooShort says of recordings that they are in the log, and so among its runs, but make no run day.
const tooShort = "too short for a run day"

// runsOf counts the runs of some days as every screen and table counts them, and says how many of them are hardly any:
// "8 runs, 2 of them too short for a run day".
func (r *Report) runsOf(from, to civil.Date) string {
	first, end := r.log.RunRange(from, to)
	s := count(end-first, "run")
	if n := r.shortRuns(from, to); n > 0 {
		s += ", " + thousands(n) + " of them " + tooShort
	}
	return s
}

// shortRuns counts the recordings of some days that are too short to make a run day.
func (r *Report) shortRuns(from, to civil.Date) int {
	n := 0
	first, end := r.log.RunRange(from, to)
	for _, run := range r.log.Runs[first:end] {
		if run.TooShort() {
			n++
		}
	}
	return n
}

// lengthAt is the distance of the run at a place, 0 beyond the last.
func lengthAt(runs []Run, i int) float64 {
	if i < len(runs) {
		return runs[i].DistanceM
	}
	return 0
}

// nth says which but the first, which is the longest itself: "second-", "third-".
func nth(i int) string {
	names := []string{"", "second-", "third-", "fourth-", "fifth-", "sixth-", "seventh-"}
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%dth-", i+1)
}

// onNewDay names the longest run on a day of the week on which the other week has none; it is one of n.
func onNewDay(n int, runs, other []Run, u analyze.Units) string {
	among := ""
	if n > 1 {
		among = "among them "
	}
	for _, run := range runs {
		same := func(o Run) bool { return o.Date.Weekday() == run.Date.Weekday() }
		if !slices.ContainsFunc(other, same) {
			return " (" + among + dayOf(run.Date) + ": " + u.Dist(run.DistanceM) + ")"
		}
	}
	return ""
}

// runsByLength are the runs of a week, the longest first, without what is too short to count as a run.
func (r *Report) runsByLength(w *Week) []Run {
	var out []Run
	for i := range r.runs {
		if run := r.runs[i]; run.Date >= w.Start && run.Date <= w.End && !run.TooShort() {
			out = append(out, wireRun(run))
		}
	}
	slices.SortStableFunc(out, func(a, b Run) int { return cmp.Compare(b.DistanceM, a.DistanceM) })
	return out
}
