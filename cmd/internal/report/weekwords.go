package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// askedFor are the rules that runners ask for by name: where others are counted, these are named.
var askedFor = []string{tenPercent, "low-cadence"}

// maxNamed is how many quiet rules are named before they are only counted.
const maxNamed = 2

// quietOthers sums up the rules that judged and did not fire in a week in which others did.
func quietOthers(names []string) string {
	switch n := len(names); {
	case n == 0:
		return ""
	case n <= maxNamed:
		return andList(names) + "."
	default:
		return count(n, "other rule") + among(asked(names)) + "."
	}
}

// quietWeek says of a week in which nothing fired how much was judged, and how much could not be.
func (r *Report) quietWeek() string {
	quiet, gaps := r.Screen.Quiet, len(r.Doc.NotJudged)
	if len(quiet) == 0 {
		return "No rule could judge" + r.recording()
	}
	s := "Nothing fired: " + count(len(quiet), "rule") + " judged" + among(asked(quiet))
	if len(r.Doc.Findings) > 0 || r.Doc.Verdict.ReportedBefore > 0 {
		s = "Nothing new: " + count(len(quiet), "rule") + " judged and quiet" + among(asked(quiet))
	}
	if gaps == 0 {
		return s + "."
	}
	var missing []string
	for _, n := range r.Doc.NotJudged {
		missing = append(missing, n.Name)
	}
	s += "; " + thousands(gaps) + " lacked data"
	if missing = asked(missing); len(missing) > 0 {
		s += ", " + andList(missing) + " among them"
	}
	return s + r.recording()
}

// recording ends a sentence about what could not be judged.
func (r *Report) recording() string {
	if r.short() {
		return ". " + keepRecording
	}
	return "."
}

// asked are those of the names that runners ask for.
func asked(names []string) []string {
	var out []string
	for _, name := range askedFor {
		if slices.Contains(names, name) {
			out = append(out, name)
		}
	}
	return out
}

func among(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ", " + andList(names) + " among them"
}

// andList joins words as "a, b and c".
func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// maxReasons is how many reasons a week has room for, and maxReason how long each may be; beyond them kneecheck check tells.
const maxReasons, maxReason = 2, 70

// cannotTell names the rules that could not judge, with their reasons where these are few. What waits for something that
// the runner does not keep is said at the end in a few words: it is the same every week.
func (r *Report) cannotTell() string {
	var rest []NotJudged
	var kept []string
	for _, n := range r.Doc.NotJudged {
		switch what := r.unkept(n.Rule); {
		case what == "":
			rest = append(rest, n)
		case !slices.Contains(kept, what):
			kept = append(kept, what)
		}
	}
	us := reasons(rest)
	why := len(us) <= maxReasons && !slices.ContainsFunc(us, func(u unjudged) bool { return columns(u.reason) > maxReason })
	parts := make([]string, len(us))
	for i := range us {
		names := make([]string, len(us[i].names))
		for j, name := range us[i].names {
			_, names[j], _ = strings.Cut(name, " ")
		}
		parts[i] = strings.Join(names, ", ")
		if why {
			parts[i] += " (" + us[i].reason + ")"
		}
	}
	s := strings.Join(parts, "; ")
	if !why {
		s = strings.Join(parts, ", ") + " (kneecheck check tells why)"
	}
	if len(kept) > 0 {
		if s != "" {
			s += "; "
		}
		s += andList(kept) + " (not logged)"
	}
	if s == "" {
		return ""
	}
	return s + "."
}

// unkept says what a rule that could not judge waits for, if the runner keeps nothing of the kind; empty otherwise.
func (r *Report) unkept(rule string) string {
	switch {
	case rule == "KC404" && len(r.log.Strength) == 0:
		return "strength"
	case rule == "KC501" && len(r.log.Shoes) == 0:
		return "shoes"
	case strings.HasPrefix(rule, painFamily) && !r.log.Journal():
		return "pain"
	}
	return ""
}

// grades are the grades of evidence, the best first.
var grades = []string{string(rules.Strong), string(rules.Moderate), string(rules.Weak), string(rules.Convention)}

// oneThing is the advice of the most severe finding; among equals of one about pain, else of the best founded, and then of the
// latest.
func (r *Report) oneThing(gs []group) string {
	founded := func(g *group) int {
		if strings.HasPrefix(g.Rule, painFamily) {
			return -1
		}
		return slices.Index(grades, g.Grade)
	}
	worst := slices.MinFunc(gs, func(a, b group) int {
		return cmp.Or(cmp.Compare(rank[b.Severity], rank[a.Severity]), cmp.Compare(founded(&a), founded(&b)))
	})
	return r.advice(&worst)
}

// painFamily begins the names of the rules about pain.
const painFamily = "KC6"

// advice is what to do about a finding. After a spike or a week that jumped it is in figures, and those are the budget's, which
// knows of everything else in the month. What is left of a week bounds a run too, and says nothing about a long one.
func (r *Report) advice(g *group) string {
	b, u := &r.Screen.Budget, r.Screen.Units
	switch {
	case r.Doc.tooSore():
	case g.Name == sessionSpike && b.Best.LongestM > 0 && b.bounded(&b.Best):
		return "Take the next long run back to about " + u.Dist(b.Best.LongestM) + " and lengthen it from there in small steps."
	case g.Name == layoffReturn && b.known():
		// The finding's distance is that of its own week, the budget's that of the coming one.
		return "Come back in three or more short runs a week and build up over four weeks; kneecheck budget tells how far."
	case g.Name == tenPercent && g.Severity != "note" && b.Week.Start == g.To+1 && b.Week.DoneM > 0:
		return "Hold this week at " + u.Dist(r.weekM(g.From)) + " or less before adding more."
	case g.Name == tenPercent && g.Severity != "note" && b.Week.Start == g.To+1 && b.Week.LimitM > 0:
		if m := r.weekM(g.From); b.Week.ByRun && b.Best.LongestM < m {
			return "Hold the next week at " + u.Dist(m) + " or less, in runs of at most " + u.Dist(b.Best.LongestM) + ", before adding more."
		}
		return "Hold the next week at " + u.Dist(min(b.Week.LimitM, r.weekM(g.From))) + " or less before adding more."
	}
	return g.Advice
}

// weekM is the distance of the week that begins on a day.
func (r *Report) weekM(start civil.Date) float64 {
	for i := range r.Doc.Weeks {
		if w := &r.Doc.Weeks[i]; w.Start == start {
			return w.DistanceM
		}
	}
	return math.NaN()
}

// lastRun says when the last run before a week without one was; empty when the log has none.
func (r *Report) lastRun(before *Week) string {
	from := r.Doc.Verdict.From
	first, _ := r.log.RunRange(from, from)
	if first == 0 {
		return ""
	}
	if before.Runs > 0 {
		return " (" + r.Screen.Units.Dist(before.DistanceM) + " the week before)"
	}
	last := r.runs[first-1].Date
	day := dayOf(last)
	if last.Time().Year() != from.Time().Year() {
		day += last.Time().Format(" 2006")
	}
	return " (the last was on " + day + ")"
}

// back tells of the first run after a week or more without one.
func (r *Report) back(this *Week) []string {
	first, end := r.log.RunRange(this.Start, this.End)
	if first == end || first == 0 {
		return nil
	}
	run := r.runs[first]
	off := int(run.Date-r.runs[first-1].Date) - 1
	return []string{dayOf(run.Date) + ": the first run after " + count(off, "day") + " without one."}
}

// nearM is how close to its mark a pair of shoes is told of, 50 km: a choice of this program, about two weeks of running.
const nearM = 50e3

// shoesNear tells of the pairs worn in a week that come near a mark of rule KC501; what is beyond one is a finding.
func (r *Report) shoesNear(this *Week) string {
	worn := map[string]bool{}
	for i := range r.runs {
		if run := r.runs[i]; run.Date >= this.Start && run.Date <= this.End && run.Shoe != "" {
			worn[run.Shoe] = true
		}
	}
	if len(worn) == 0 {
		return ""
	}
	if rule, ok := rules.Find("KC501"); !ok || !r.settings.Enabled(rule) {
		return ""
	}
	u := r.Screen.Units
	var parts []string
	for _, p := range NewShoes(r.log, r.settings).Pairs {
		if !worn[p.Name] {
			continue
		}
		left, mark := p.LeftNoteM, p.NoteM
		if left <= 0 {
			left, mark = p.LeftWarningM, p.WarningM
		}
		if left > 0 && left <= nearM {
			parts = append(parts, clean(p.Name)+" has "+u.Dist(p.TotalM)+", "+u.Dist(left)+" short of "+trim(mark/u.InM(), 0)+" "+string(u))
		}
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}

// WeekSubject is the weekly report in the subject of a mail: the week, its distance and the worst that fired.
func WeekSubject(r *Report) string {
	v := &r.Doc.Verdict
	head := "Week of " + spanAs(v.From, v.To, "January", "")
	if v.To > r.Doc.AsOf && v.From <= r.Doc.AsOf {
		head += " so far"
	}
	return head + ": " + r.ran(v.From, v.To) + ", " + r.worst()
}

// ran is the distance of a week, or that there was none.
func (r *Report) ran(from, to civil.Date) string {
	for i := range r.Doc.Weeks {
		if w := &r.Doc.Weeks[i]; w.Start == from && w.End == to && w.Runs > 0 {
			return r.Screen.Units.Dist(w.DistanceM)
		}
	}
	return "no run"
}

// worst counts the findings: those that are high or a warning, or else the notes.
func (r *Report) worst() string {
	v := r.Doc.Verdict
	switch {
	case r.Doc.redFlag() != nil:
		return "red flag"
	case v.High+v.Warning > 0:
		v.Note = 0
	}
	v.NotJudged, v.Acknowledged = 0, 0
	return counts(&v)
}
