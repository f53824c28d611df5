package report

import (
	"fmt"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// LookBackDays is how far before the judged window and the as-of day the findings of an Input should reach: the budget
// looks at a month, the knee's part at the six weeks before the first entry of the pain it tells of.
const LookBackDays = 100

const (
	// kneeDays is how old the latest entry of a pain journal may be for the knee to have a part of its own.
	kneeDays = 28
	// kneeEntries is how many entries are shown.
	kneeEntries = 3
	// maxBefore is how many rules are named for the six weeks before.
	maxBefore = 4
)

// Knee is what the pain journal tells of the last weeks.
type Knee struct {
	// Entries are the latest, newest first; Older is how many more there are in the same episode.
	Entries []analyze.Pain
	Older   int
	// Told is true when rule KC601 tells of the latest entry already.
	Told bool
	// Trend, Todo and Before are sentences; Before is empty when nothing fired or it cannot be told.
	Trend, Todo, Before string
}

// redFlagRule is the rule that holds everything else back.
const redFlagRule = "KC602"

// painRule is the rule of pain during and after a run.
const painRule = "KC601"

// knee tells of the latest episode of pain, if its last entry is not too old.
func knee(in Input) *Knee {
	pain := in.Log.Pain
	n := len(pain)
	if n == 0 || in.Log.AsOf-pain[n-1].Date > kneeDays {
		return nil
	}
	first := n - 1
	for first > 0 && pain[first].Date-pain[first-1].Date <= rules.EpisodeDays {
		first--
	}
	for first < n-1 && !pain[first].Hurts() {
		first++
	}
	episode := pain[first:]
	k := &Knee{Older: max(0, len(episode)-kneeEntries), Trend: trend(episode), Told: tooMuch(in, &pain[n-1])}
	k.Todo = todo(&pain[n-1], k.Told)
	for i := len(episode) - 1; i >= k.Older; i-- {
		k.Entries = append(k.Entries, episode[i])
	}
	if episode[0].Hurts() {
		k.Before = before(in, episode[0].Date)
	}
	return k
}

// trend says how the pain of an episode went; empty for one figure alone.
func trend(episode []analyze.Pain) string {
	var scored []*analyze.Pain
	where, same := episode[0].Where(), true
	for i := range episode {
		if episode[i].During >= 0 {
			scored = append(scored, &episode[i])
		}
		same = same && episode[i].Where() == where
	}
	if len(scored) < 2 {
		return ""
	}
	a, b := scored[0], scored[len(scored)-1]
	word := "as much as at first"
	switch {
	case b.During > a.During:
		word = "more than at first"
	case b.During < a.During:
		word = "less than at first"
	}
	s := fmt.Sprintf("%s: %d/10 on %s, %d/10 on %s", word, a.During, dayOf(a.Date), b.During, dayOf(b.Date))
	s = strings.ToUpper(s[:1]) + s[1:]
	if same {
		s += "; always " + where
	}
	return s + "."
}

// tooMuch tells whether rule KC601 fired for an entry.
func tooMuch(in Input, e *analyze.Pain) bool {
	for i := range in.Result.Findings {
		if f := &in.Result.Findings[i]; f.Rule.ID == painRule && f.To == e.Date {
			return true
		}
	}
	return false
}

// todo puts the latest entry against the pain-monitoring rule.
func todo(latest *analyze.Pain, tooMuch bool) string {
	const rule = "at most 2/10 while running, gone within 60 minutes, no worse the next morning"
	about := ""
	if latest.Place != "" {
		about = " " + string(latest.Place)
	}
	if tooMuch {
		return "The latest entry is beyond what a run may leave behind (KC601). kneecheck pain explain" + about + " tells what is commonly linked with it and what helps."
	}
	if latest.Well() {
		return "The latest entry says that it is well: put back what you left out bit by bit."
	}
	return "Go on as long as it stays within the rule: " + rule + " (kneecheck pain explain" + about + ")."
}

// before names the rules that warned in the six weeks up to a day, that day included: its run came before its pain.
func before(in Input, day civil.Date) string {
	from := day - rules.BeforeDays + 1
	if from < in.Log.AsOf-LookBackDays {
		return ""
	}
	var names []string
	named := map[string]bool{}
	more := 0
	for i := len(in.Result.Findings) - 1; i >= 0; i-- {
		f := &in.Result.Findings[i]
		if f.Rule.State || strings.HasPrefix(f.Rule.ID, "KC6") || f.Severity < rules.Warning || f.To < from || f.To > day || named[f.Rule.ID] {
			continue
		}
		named[f.Rule.ID] = true
		if len(names) == maxBefore {
			more++
			continue
		}
		names = append(names, f.Rule.ID+" "+f.Rule.Name+" ("+dayOf(f.To)+")")
	}
	if names == nil {
		return ""
	}
	s := "In the six weeks up to its first day, " + dayOf(day) + ", warned: " + strings.Join(names, ", ")
	if more > 0 {
		s += " and " + count(more, "more rule")
	}
	return s + ". Order in time is no cause; kneecheck replay tells how often they warn without pain."
}

// redFlag is the finding that holds everything else back, nil without one.
func (d *Document) redFlag() *Finding {
	for i := range d.Findings {
		if d.Findings[i].Rule == redFlagRule {
			return &d.Findings[i]
		}
	}
	return nil
}

// tooSore tells whether a run of late hurt so much that no distance should be offered.
func (d *Document) tooSore() bool {
	for i := range d.Findings {
		if f := &d.Findings[i]; f.Rule == painRule && f.Severity == "high" && f.To > d.AsOf-freshDays {
			return true
		}
	}
	return d.redFlag() != nil
}

const (
	// heldBackAdvice stands in the place of a training tip while a red flag is in force.
	heldBackAdvice = "Held back: a red flag is in force (KC602)."
	// careFirst is the next step then.
	careFirst = "Have the knee looked at by a doctor or a physiotherapist before the next run. When the sign is gone, say so (kneecheck pain add --signs none) and the tips come back."
)

// heldBack says what a screen with a red flag leaves out.
func heldBack(d *Document) string {
	s := "training tips and the budget"
	if n := len(d.Findings) - 1; n > 0 {
		s += ", and " + count(n, "other finding") + " (--format json lists what fired)"
	}
	return s + "."
}

// redFlag prints a red flag and what to do about it.
func (p *page) redFlag(message, advice string) {
	const head = "Red flag"
	p.para(p.high.Render(head)+"  ", message+".", len(head)+2, p.title)
	p.para(blanks(len(head)+2), advice, len(head)+2, p.plain)
}

// flagScreen prints what a screen is while a red flag is in force, after its headline.
func (p *page) flagScreen(r *Report) {
	p.knee(r)
	p.gap()
	p.section("Held back", heldBack(&r.Doc))
	p.section("Next", r.Doc.Next)
	p.para("", disclaimer, 0, p.faint)
}

// knee prints the part of the pain journal.
func (p *page) knee(r *Report) {
	k := r.Screen.Knee
	if k == nil {
		return
	}
	p.gap()
	p.line(p.title.Render("Knee"))
	for i := range k.Entries {
		p.para(" "+pad(dayOf(k.Entries[i].Date), 12), entryText(&k.Entries[i]), 13, p.plain)
	}
	if k.Older > 0 {
		p.para(" ", "and "+count(k.Older, "earlier entry")+" (kneecheck pain list)", 2, p.plain)
	}
	for _, s := range k.sentences(r) {
		p.para(" ", s, 1, p.plain)
	}
}

// sentences are what is said below the entries. What came before and what to do are training tips.
func (k *Knee) sentences(r *Report) []string {
	var out []string
	all := []string{k.Trend, k.Before, k.Todo}
	if r.Doc.redFlag() != nil {
		all = all[:1]
	}
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// line tells the knee's part in one paragraph, for screens that have no room for more.
func (k *Knee) line() string {
	var parts []string
	if e := &k.Entries[0]; !k.Told {
		parts = append(parts, strings.TrimSuffix(dayOf(e.Date)+", "+entryText(e), ".")+".")
	}
	if k.Trend != "" {
		parts = append(parts, k.Trend)
	}
	return strings.Join(append(parts, k.Todo), " ")
}

// entryText is an entry without its day: "right knee, outer side: 4/10 while running".
func entryText(e *analyze.Pain) string {
	s := e.Where()
	if what := e.What(); what != "" {
		s += ": " + what
	}
	if e.Note != "" {
		s += ". " + e.Note
	}
	return s
}

// knee writes the part of the pain journal.
func (m *markdown) knee(r *Report) {
	k := r.Screen.Knee
	if k == nil {
		return
	}
	m.line("## Knee")
	m.line()
	for i := range k.Entries {
		m.line("- ", dayOf(k.Entries[i].Date), ": ", escape(entryText(&k.Entries[i])))
	}
	if k.Older > 0 {
		m.line("- and ", count(k.Older, "earlier entry"))
	}
	m.line()
	for _, s := range k.sentences(r) {
		m.line(escape(s))
		m.line()
	}
}

// redFlag writes a red flag and what to do about it.
func (m *markdown) redFlag(f *Finding) {
	m.line("**Red flag: ", escape(f.Message), ".** ", escape(f.Advice))
	m.line()
}

// flagScreen writes what a page is while a red flag is in force, after its head.
func (m *markdown) flagScreen(r *Report) {
	m.knee(r)
	m.line("**Held back** ", escape(heldBack(&r.Doc)))
	m.line()
	m.step(r.Doc.Next)
	m.line("*", escape(disclaimer), "*")
}
