package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// ReplayInput is a replay to be told.
type ReplayInput struct {
	Title  string
	Log    *analyze.Log
	Replay *rules.Replay
	// Source names where the pain comes from, such as runs/pain.csv or --pain.
	Source string
	Least  rules.Severity
	// Acknowledged counts the findings named before the episodes that are acknowledged.
	Acknowledged int
}

// fewWeeks is the count from which a share may be told; below it the count alone is honest.
const fewWeeks = 10

// ReplayText writes what fired before each episode of pain, and how often each rule fires without one.
func ReplayText(w io.Writer, in ReplayInput, o TextOptions) error {
	p, rp := newPage(o), in.Replay
	entries := 0
	for i := range rp.Episodes {
		entries += len(rp.Episodes[i].Entries)
	}
	head := fmt.Sprintf("%s · %s, %s · %s: ", in.Title, count(len(in.Log.Runs), "run"), span(in.Log.Runs[0].Date, in.Log.Runs[len(in.Log.Runs)-1].Date), in.Source)
	if entries == 0 {
		head += "no entry with pain"
	} else {
		head += fmt.Sprintf("%s with pain in %s (%d days apart or less is one)", count(entries, "entry"), count(len(rp.Episodes), "episode"), rules.EpisodeDays)
	}
	p.para("", head, 2, p.plain)
	for i := range rp.Episodes {
		p.episode(i+1, &rp.Episodes[i])
	}
	p.gap()
	p.wolves(in)
	p.gap()
	for _, s := range replayCaveats(in) {
		p.para("", s, 0, p.faint)
	}
	return p.writeTo(w)
}

// episodeIndent is where the texts of an episode begin.
const episodeIndent = 13

// episode prints one episode and what came before it.
func (p *page) episode(n int, e *rules.Episode) {
	p.gap()
	p.para(p.title.Render(fmt.Sprintf("Episode %d", n))+"  ", episodeLine(e), 2, p.plain)
	entry := func(label, text string) { p.para(pad("  "+label, episodeIndent), text, episodeIndent, p.plain) }
	window := fmt.Sprintf("six weeks, %s", span(e.From-rules.BeforeDays+1, e.From))
	if e.Weeks == 0 {
		entry("before it", window+": no week with a run and enough log before it to judge")
		return
	}
	entry("before it", fmt.Sprintf("%s: %s with a run that can be judged", window, count(e.Weeks, "week")))
	label := "fired"
	for i := range e.Fired {
		f := &e.Fired[i]
		last := "the last: "
		if f.Rule.State {
			last = "the last as of " + dayOf(f.Latest.To) + ": "
		}
		severity := f.Worst.String()
		if f.Latest.Severity < f.Worst {
			severity = "up to " + severity
		}
		line := fmt.Sprintf("%s %s (%s) in %s, %s%s", f.Rule.ID, f.Rule.Name, severity, count(f.Weeks, "week"), last, f.Latest.Message)
		if a := f.Latest.Ack; a != nil {
			line += " (acknowledged until " + dateOf(a.Until) + ": " + clean(a.Reason) + ")"
		}
		entry(label, line)
		label = ""
	}
	if len(e.Fired) == 0 {
		entry("fired", "none")
	}
	if len(e.Quiet) > 0 {
		entry("quiet", ruleNames(e.Quiet))
	}
	if len(e.NotJudged) > 0 {
		entry("not judged", ruleNames(e.NotJudged))
	}
}

// episodeLine is an episode in one line: when, how many entries, how bad and where.
func episodeLine(e *rules.Episode) string {
	s := span(e.From, e.To)
	if e.From == e.To {
		s = dayOf(e.From) + e.From.Time().Format(" 2006")
	}
	worst := -1
	var where []string
	for i := range e.Entries {
		worst = max(worst, e.Entries[i].During)
		if w := e.Entries[i].Where(); !slices.Contains(where, w) {
			where = append(where, w)
		}
	}
	s += ": " + count(len(e.Entries), "entry")
	if worst >= 0 {
		s += fmt.Sprintf(", up to %d/10", worst)
	}
	return s + "; " + strings.Join(where, "; ")
}

func ruleNames(rs []*rules.Rule) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// wolves prints how often each rule fired before pain and without it.
func (p *page) wolves(in ReplayInput) {
	rp := in.Replay
	cols := []column{{head: "fired in weeks"}, {head: "before pain", right: true}, {head: "pain-free", right: true}}
	for i := range rp.Rules {
		r := &rp.Rules[i]
		cols[0].cells = append(cols[0].cells, r.Rule.ID+" "+r.Rule.Name)
		cols[1].cells = append(cols[1].cells, ofWeeks(r.Before, r.BeforeOf))
		cols[2].cells = append(cols[2].cells, ofWeeks(r.Free, r.FreeOf))
	}
	p.table(0, cols, p.title)
}

// ofWeeks writes "3 of 12", with a share from fewWeeks on, and a dash where nothing could be judged.
func ofWeeks(n, of int) string {
	if of == 0 {
		return "not judged"
	}
	s := fmt.Sprintf("%d of %s", n, thousands(of))
	if n >= fewWeeks {
		s += fmt.Sprintf(" (%s)", percent(float64(n)/float64(of)))
	}
	return s
}

// replayCaveats say what the counts are and what they are not.
func replayCaveats(in ReplayInput) []string {
	rp := in.Replay
	weeks := fmt.Sprintf("Weeks: those with a run, from the log's 29th day. Before pain: the six weeks that end with an episode's first day; a week may stand before two. Pain-free: "+
		"calendar weeks more than %d days before an episode and %d after one, without the last six weeks, of which nobody knows yet what follows.", rules.BeforeDays, rules.EpisodeDays)
	few := "These are counts of one runner; order in time is no cause, and a rule may be quiet before pain and right all the same."
	if n := len(rp.Episodes); n < fewWeeks {
		few = fmt.Sprintf("With %s chance alone makes such rows: these are counts, order in time is no cause, and a rule may be quiet before pain and right all the same.", count(n, "episode"))
	}
	list := []string{weeks, few, "Pain that was not logged counts as none. A rule that fires in most pain-free weeks cries wolf on this log: its limits can be moved in the configuration (kneecheck explain ID)."}
	if in.Acknowledged > 0 {
		list = append(list, "What is acknowledged counts like the rest: it happened.")
	}
	return list
}

// ReplaySchema is the name and version of the replay's JSON.
const ReplaySchema = "kneecheck.replay/v1"

type replayDocument struct {
	Schema      string          `json:"schema"`
	Athlete     string          `json:"athlete,omitempty"`
	AsOf        civil.Date      `json:"as_of"`
	Least       string          `json:"least_severity"`
	BeforeDays  int             `json:"before_days"`
	EpisodeDays int             `json:"episode_days"`
	BeforeWeeks int             `json:"before_weeks"`
	FreeWeeks   int             `json:"pain_free_weeks"`
	Episodes    []replayEpisode `json:"episodes"`
	Rules       []replayRule    `json:"rules"`
	Caveats     []string        `json:"caveats"`
}

type replayEpisode struct {
	From       civil.Date    `json:"from"`
	To         civil.Date    `json:"to"`
	Entries    int           `json:"entries"`
	WorstScore *int          `json:"worst_during"`
	WindowFrom civil.Date    `json:"window_from"`
	WindowTo   civil.Date    `json:"window_to"`
	Weeks      int           `json:"weeks"`
	Fired      []replayFired `json:"fired"`
	Quiet      []string      `json:"quiet"`
	NotJudged  []string      `json:"not_judged"`
}

type replayFired struct {
	Rule     string     `json:"rule"`
	Name     string     `json:"name"`
	Weeks    int        `json:"weeks"`
	Severity string     `json:"severity"`
	From     civil.Date `json:"latest_from"`
	To       civil.Date `json:"latest_to"`
	Message  string     `json:"latest_message"`
	// Acknowledged findings count like the rest.
	Acknowledged bool        `json:"latest_acknowledged,omitempty"`
	AckUntil     *civil.Date `json:"latest_acknowledged_until,omitempty"`
	AckReason    string      `json:"latest_acknowledged_reason,omitempty"`
}

type replayRule struct {
	Rule     string `json:"rule"`
	Name     string `json:"name"`
	Before   int    `json:"weeks_before_pain"`
	BeforeOf int    `json:"of_weeks_before_pain"`
	Free     int    `json:"pain_free_weeks"`
	FreeOf   int    `json:"of_pain_free_weeks"`
}

// ReplayJSON writes a replay as one document: counts, without shares.
func ReplayJSON(w io.Writer, in ReplayInput) error {
	rp := in.Replay
	d := replayDocument{
		Schema: ReplaySchema, Athlete: in.Log.Athlete, AsOf: in.Log.AsOf, Least: in.Least.String(), BeforeDays: rules.BeforeDays, EpisodeDays: rules.EpisodeDays,
		BeforeWeeks: rp.BeforeWeeks, FreeWeeks: rp.FreeWeeks, Episodes: []replayEpisode{}, Rules: []replayRule{}, Caveats: replayCaveats(in),
	}
	ids := func(rs []*rules.Rule) []string {
		out := []string{}
		for _, r := range rs {
			out = append(out, r.ID)
		}
		return out
	}
	for i := range rp.Episodes {
		e := &rp.Episodes[i]
		wire := replayEpisode{
			From: e.From, To: e.To, Entries: len(e.Entries), WindowFrom: e.From - rules.BeforeDays + 1, WindowTo: e.From, Weeks: e.Weeks,
			Fired: []replayFired{}, Quiet: ids(e.Quiet), NotJudged: ids(e.NotJudged),
		}
		worst := -1
		for j := range e.Entries {
			worst = max(worst, e.Entries[j].During)
		}
		if worst >= 0 {
			wire.WorstScore = &worst
		}
		for _, f := range e.Fired {
			fired := replayFired{
				Rule: f.Rule.ID, Name: f.Rule.Name, Weeks: f.Weeks, Severity: f.Worst.String(), From: f.Latest.From, To: f.Latest.To, Message: f.Latest.Message,
			}
			if a := f.Latest.Ack; a != nil {
				fired.Acknowledged, fired.AckUntil, fired.AckReason = true, &a.Until, a.Reason
			}
			wire.Fired = append(wire.Fired, fired)
		}
		d.Episodes = append(d.Episodes, wire)
	}
	for _, r := range rp.Rules {
		d.Rules = append(d.Rules, replayRule{r.Rule.ID, r.Rule.Name, r.Before, r.BeforeOf, r.Free, r.FreeOf})
	}
	return Indented(w, d)
}
