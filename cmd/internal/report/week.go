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
	quiet  string
	cannot string
	one    string
	pain   string
	next   string
	// beside is what was done beside the runs, and known what is acknowledged.
	beside string
	known  []string
}

// WeekText writes the weekly report of a report whose judged window is one calendar week. A week in which nothing fired
// takes three lines.
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
	head, rest := v.head, ""
	if i := strings.Index(head, ": "); i > 0 {
		head, rest = head[:i+1], head[i+2:]
	}
	p.para(p.title.Render(head)+" ", rest, 2, p.plain)
	if flag != nil {
		p.flagScreen(r)
		return p.writeTo(w)
	}
	if len(v.fired) == 0 {
		for _, s := range []string{v.short(), v.painLine(), v.next} {
			if s != "" {
				p.para("", s, 2, p.plain)
			}
		}
		return p.writeTo(w)
	}
	p.line()
	p.entry("What changed", strings.Join(v.changed, " "))
	p.entry("Ground", v.ground)
	p.entry("Knee load", v.load)
	for i := range v.fired {
		label := "What fired"
		if i > 0 {
			label = ""
		}
		g := &v.fired[i]
		p.entry(label, firedLine(r, g))
	}
	p.entry("Knee", v.pain)
	p.entry("Acknowledged", strings.Join(v.known, "; "))
	p.entry("What is quiet", v.quiet)
	p.entry("Beside runs", v.beside)
	p.entry("Cannot tell", v.cannot)
	p.entry("One thing", v.one)
	label, text, _ := strings.Cut(v.next, ": ")
	p.entry(label, text)
	p.line()
	p.para("", footer(r), 0, p.faint)
	return p.writeTo(w)
}

// entryIndent is where the texts of a weekly report begin.
const entryIndent = 15

func (p *page) entry(label, text string) {
	if text != "" {
		p.para(pad(p.title.Render(label), entryIndent), text, entryIndent, p.plain)
	}
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
		for _, s := range []string{v.short(), v.painLine(), v.next} {
			if s != "" {
				m.line(escape(s))
				m.line()
			}
		}
		return m.writeTo(w)
	}
	entry := func(label, text string) {
		if text != "" {
			m.line("**", label, "** ", escape(text))
			m.line()
		}
	}
	entry("What changed", strings.Join(v.changed, " "))
	entry("Ground", v.ground)
	entry("Knee load", v.load)
	m.line("**What fired**")
	m.line()
	m.findings(r, v.fired)
	entry("Knee", v.pain)
	entry("Acknowledged", strings.Join(v.known, "; "))
	entry("What is quiet", v.quiet)
	entry("Beside runs", v.beside)
	entry("Cannot tell", v.cannot)
	entry("One thing", v.one)
	label, text, _ := strings.Cut(v.next, ": ")
	entry(label, text)
	m.line("*", escape(footer(r)), "*")
	return m.writeTo(w)
}

// painLine is the knee's part of a quiet week.
func (v *weekView) painLine() string {
	if v.pain == "" {
		return ""
	}
	return "Knee: " + v.pain
}

// short is a quiet week in one line.
func (v *weekView) short() string {
	parts := append([]string{}, v.changed...)
	switch {
	case len(v.known) > 0:
		parts = append(parts, "Nothing new; acknowledged: "+strings.Join(v.known, "; ")+".")
	case v.quiet != "":
		parts = append(parts, "Nothing fired.")
	}
	if v.beside != "" {
		parts = append(parts, "Beside runs: "+v.beside+".")
	}
	if v.cannot != "" {
		parts = append(parts, "Cannot tell: "+v.cannot)
	}
	return strings.Join(parts, " ")
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
		this = d.Weeks[i]
	}
	if in && i > 0 {
		before = d.Weeks[i-1]
	}
	v.head = weekHead(r, &this, &before, in && i > 0)
	if this.Change != nil {
		v.changed = changes(r, &this, &before)
	}
	if in {
		v.ground = r.groundLine(this.Start, this.End)
	}
	if in && len(v.fired) > 0 {
		v.load = kneeWeek(r, &this)
	}
	if len(r.Screen.Quiet) > 0 {
		v.quiet = strings.Join(r.Screen.Quiet, ", ") + ": within limits."
	}
	v.beside, v.known = crossLine(&this), knownLines(r)
	us := reasons(d.NotJudged)
	v.cannot = cannotTell(us, len(v.fired) > 0 && len(us) <= maxReasons)
	if k := r.Screen.Knee; k != nil {
		v.pain = k.line()
	}
	if len(v.fired) > 0 {
		v.one = v.fired[0].Advice
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

// maxReasons is how many reasons a week has room for; beyond it kneecheck check tells them.
const maxReasons = 2

// allowing ends a week's limits where a knee hurts.
func (r *Report) allowing() string {
	if r.sore() {
		return "; pain comes first"
	}
	return ""
}

// cannotTell names the rules that could not judge, those for the same reason together, with their reasons if asked.
func cannotTell(us []unjudged, why bool) string {
	parts := make([]string, len(us))
	for i, u := range us {
		names := make([]string, len(u.names))
		for j, name := range u.names {
			_, names[j], _ = strings.Cut(name, " ")
		}
		parts[i] = strings.Join(names, ", ")
		if why {
			parts[i] += " (" + u.reason + ")"
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) > maxReasons:
		return strings.Join(parts, ", ") + " (kneecheck check tells why)."
	}
	return strings.Join(parts, "; ") + "."
}

// weekHead is the week in one line: when, how far, how often, and against the week before.
func weekHead(r *Report, this, before *Week, compared bool) string {
	u, asOf := r.Screen.Units, r.Doc.AsOf
	head := "Week of " + spanAs(r.Doc.Verdict.From, r.Doc.Verdict.To, "January", " 2006")
	if r.Doc.Verdict.To > asOf && r.Doc.Verdict.From <= asOf {
		head += ", so far (to " + dayOf(asOf) + ")"
	}
	if this.Runs == 0 {
		head += ": no run"
	} else {
		head += ": " + u.Dist(this.DistanceM) + " in " + count(this.Runs, "run")
	}
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
)

// changes says what made this week differ from the one before, and the run that moved it most.
func changes(r *Report, this, before *Week) []string {
	var out []string
	switch {
	case this.Runs == 0:
		return nil
	case math.Abs(*this.Change) >= movedShare:
		out = append(out, moved(r, this, before))
	default:
		out = append(out, "About as far as the week before.")
	}
	if a, b := value(this.CadenceSPM), value(before.CadenceSPM); math.Abs(a-b) >= movedSPM {
		out = append(out, fmt.Sprintf("Cadence %.0f spm after %.0f.", a, b))
	}
	if a, b := value(this.DescentM), value(before.DescentM); math.Abs(a-b) >= movedDropM && max(a, b) >= movedFactor*min(a, b) {
		out = append(out, fmt.Sprintf("Downhill %.0f m after %.0f m.", a, b))
	}
	return out
}

// moved names the run behind a change of distance: the run more or fewer where their number changed, else the run that
// grew or shrank most when the runs of both weeks are paired by length.
func moved(r *Report, this, before *Week) string {
	now, then := r.runsByLength(this), r.runsByLength(before)
	u := r.Screen.Units
	more := *this.Change > 0
	switch n := len(now) - len(then); {
	case n > 0 && more:
		return fmt.Sprintf("%s more than the week before%s.", count(n, "run"), onNewDay(n, now, then, u))
	case n < 0 && !more:
		return fmt.Sprintf("%s fewer than the week before%s.", count(-n, "run"), onNewDay(-n, then, now, u))
	}
	at, most := 0, 0.0
	for i := range min(len(now), len(then)) {
		d := now[i].DistanceM - then[i].DistanceM
		if !more {
			d = -d
		}
		if d > most {
			at, most = i, d
		}
	}
	word, which := "longer", "the longest"
	if !more {
		word = "shorter"
	}
	if at > 0 {
		which = "its counterpart"
	}
	return fmt.Sprintf("%s: %s, %s %s than %s of the week before (%s: %s).", dayOf(now[at].Date), u.Dist(now[at].DistanceM),
		u.Dist(most), word, which, dayOf(then[at].Date), u.Dist(then[at].DistanceM))
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

// runsByLength are the runs of a week, the longest first.
func (r *Report) runsByLength(w *Week) []Run {
	var out []Run
	for i := range r.runs {
		if run := &r.runs[i]; run.Date >= w.Start && run.Date <= w.End {
			out = append(out, wireRun(run))
		}
	}
	slices.SortStableFunc(out, func(a, b Run) int { return cmp.Compare(b.DistanceM, a.DistanceM) })
	return out
}
