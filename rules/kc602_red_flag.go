package rules

import (
	"fmt"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// redFlagDays is how long a sign stays in force without a word that it is gone. A choice of this program: within four
	// weeks somebody has looked at the knee, or the sign is no longer news.
	redFlagDays = 28
	// swellingDays is how close together two days with swelling make it one that lasts; a choice of this program.
	swellingDays = 7
)

var redFlag = &Rule{
	ID:    "KC602",
	Name:  "red-flag",
	Title: "A sign that a knee should be looked at before any run",
	Why: "Some signs mean that a knee should be seen by a professional soon, whatever the training was: it locks, gives way, cannot bear weight, is hot or red, " +
		"hurts at night or at rest, or stays swollen. While one is in force, training tips are held back.",
	Fires: "When the journal holds locking, giving way, cannot-bear-weight, night-pain, hot, or swelling that lasts: not gone within 24 hours by the entry's own word, or logged on two days within a week. " +
		"It stays in force until an entry of a later day says that this knee has no sign (signs none), and for at most 28 days. A run without pain (during 0) does not say so: a knee can give way without pain.",
	Silent: "For clicking alone, which is common and not judged a sign (clicking that itself hurts is on one list: show it to somebody). A sign older than 28 days that no entry took back is not judged, and told as such. Not judged without a pain journal.",
	Evidence: Evidence{
		Grade: Strong,
		Says: "Lists of the British health service ask for help on the same day when a knee is very painful or cannot bear weight, cannot be moved, is badly swollen, locks or gives way, or is red and hot with fever; " +
			"night pain and pain at rest are on the lists for referral.",
		Caveat: "A consensus of clinicians, read in secondary sources. kneecheck does not examine a knee: the signs are those that you logged.",
		Refs: []Ref{
			{Cite: "Lincolnshire Knee, When knee pain needs a specialist (tells the NHS rule)"},
			{Cite: "NHS Gloucestershire G-care, red flags for knee conditions"},
		},
	},
	Max:    High,
	Always: true,
	State:  true,
	Examples: []Example{
		{Kind: Fires, Name: "A knee that locks", Log: `
pain 2026-05-08 left inner 2 locking
week 2026-05-04      5   _   6   _   5   _   _    # want KC602 high Fri 8 May, left knee, inner side: locking
`},
		{Kind: Fires, Name: "Swelling on two days, the first of them gone within a day", Log: `
pain 2026-05-06 right front 2 settled 24h swelling
pain 2026-05-10 right front 2 settled 24h swelling
week 2026-05-04      5   _   6   _   5   _   10   # want KC602 high Sun 10 May, right knee, front: swelling
`},
		{Kind: AtLimit, Name: "In force for 28 days", Log: `
pain 2026-05-08 left inner giving-way
week 2026-05-04 x4   5   _   6   _   5   _   _
week +1              5   _   6   _   5             # want KC602 high giving way
`},
		{Kind: Silent, Name: "Older than 28 days and never taken back", Log: `
pain 2026-05-08 left inner giving-way
week 2026-05-04 x4   5   _   6   _   5   _   _
week +1              5   _   6   _   5   _
# want-not-judged KC602 giving way of Fri 8 May (left knee) is 29 days old and no entry since says that it is gone
`},
		{Kind: Silent, Name: "Gone by the runner's own word", Log: `
pain 2026-05-06 both front 3 giving-way
pain 2026-05-08 left 0 none
pain 2026-05-10 right 1 none
week 2026-05-04      5   _   6   _   5   _   10
`},
		{Kind: Fires, Name: "Gone from the other knee, and a run without pain", Log: `
pain 2026-05-06 both front 3 giving-way
pain 2026-05-08 left none
pain 2026-05-10 right 0
week 2026-05-04      5   _   6   _   5   _   10   # want KC602 high Wed 6 May, both knees, front: giving way
`},
		{Kind: Silent, Name: "Clicking, and swelling that was gone the same day", Log: `
pain 2026-05-06 left front 2 clicking
pain 2026-05-10 left front 2 settled 60min swelling
week 2026-05-04      5   _   6   _   5   _   10
`},
	},
	Judge: judgeRedFlag,
}

// RedFlags are the signs of an entry that are reason to see a professional before the next run, by that entry alone:
// swelling counts unless the entry says that it was gone within a day.
func RedFlags(e *analyze.Pain) []analyze.PainSign {
	var out []analyze.PainSign
	for _, s := range e.Signs {
		switch s {
		case analyze.Locking, analyze.GivingWay, analyze.NightPain, analyze.Hot, analyze.CannotBearWeight:
			out = append(out, s)
		case analyze.Swelling:
			if e.Settled != analyze.SettledIn60Min && e.Settled != analyze.SettledIn24H {
				out = append(out, s)
			}
		}
	}
	return out
}

// RedFlagAdvice is what to do about such signs.
func RedFlagAdvice(signs []analyze.PainSign) string {
	soon := "within days"
	for _, s := range signs {
		if s == analyze.CannotBearWeight || s == analyze.Hot || s == analyze.Locking || s == analyze.GivingWay {
			soon = "today"
		}
	}
	say := "Stop running and have the knee looked at " + soon + " by a doctor or a physiotherapist"
	if slices.Contains(signs, analyze.Hot) {
		say += "; with fever or chills call for urgent care now"
	}
	return say + "."
}

// flagged is one entry with signs in force.
type flagged struct {
	entry *analyze.Pain
	signs []analyze.PainSign
}

// flags are the entries with a sign that no entry of a later day takes back, the newest first.
func flags(pain []analyze.Pain) []flagged {
	var out []flagged
	// gone is the last day on which an entry says of a knee that there is no sign.
	gone := map[analyze.PainSide]civil.Date{}
	for i, e := range slices.Backward(pain) {
		if e.NoSigns {
			for _, knee := range e.Side.Knees() {
				gone[knee] = max(gone[knee], e.Date)
			}
			continue
		}
		signs := RedFlags(&e)
		if hasSign(&e, analyze.Swelling) && !slices.Contains(signs, analyze.Swelling) && swollenBefore(pain[:i], &e) {
			signs = append([]analyze.PainSign{analyze.Swelling}, signs...)
		}
		stays := func(knee analyze.PainSide) bool { return gone[knee] <= e.Date }
		if len(signs) > 0 && slices.ContainsFunc(e.Side.Knees(), stays) {
			out = append(out, flagged{&pain[i], signs})
		}
	}
	return out
}

// swollenBefore tells whether the same knee was swollen on another of the days before. The entries before are in order of
// day.
func swollenBefore(before []analyze.Pain, e *analyze.Pain) bool {
	for _, o := range slices.Backward(before) {
		if o.Date < e.Date-swellingDays {
			break
		}
		if o.Date < e.Date && o.Side.Meets(e.Side) && hasSign(&o, analyze.Swelling) {
			return true
		}
	}
	return false
}

func judgeRedFlag(p *Pass) {
	if !p.Log.Journal() {
		p.NotKept(noJournal, 0)
		return
	}
	var told []string
	f := Finding{Severity: High, To: p.Log.AsOf, Unit: Days, Limit: redFlagDays}
	var signs []analyze.PainSign
	for _, flag := range flags(p.Log.Pain) {
		day, what := flag.entry.Date, signWords(flag.signs)
		if age := p.Log.AsOf - day; age > redFlagDays {
			p.NotJudged(fmt.Sprintf("%s of %s (%s) is %d days old and no entry since says that it is gone; kneecheck pain add --signs none does",
				what, p.day(day), flag.entry.Side.Words(), age), 0)
			break
		}
		f.From, f.Value = day, float64(p.Log.AsOf-day)
		signs = append(signs, flag.signs...)
		told = append(told, fmt.Sprintf("%s, %s: %s", p.day(day), flag.entry.Where(), what))
	}
	if told == nil {
		return
	}
	f.Message = strings.Join(told[:min(len(told), maxFlagsTold)], "; ")
	if more := len(told) - maxFlagsTold; more > 0 {
		f.Message += fmt.Sprintf("; and %s more", plural(more, "entry"))
	}
	f.Runs = p.runs(f.From, f.From)
	f.Advice = RedFlagAdvice(signs) + " Once it is gone, say so: kneecheck pain add --signs none."
	p.Report(f)
}

// maxFlagsTold is how many entries with a sign are told one by one, the newest.
const maxFlagsTold = 3

// signWords joins signs in words: "locking and swelling".
func signWords(signs []analyze.PainSign) string {
	words := make([]string, len(signs))
	for i, s := range signs {
		words[i] = s.Words()
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// InForce is the finding of rule KC602 among the findings, if there is one: then training tips are held back.
func InForce(findings []Finding) (Finding, bool) {
	i := slices.IndexFunc(findings, func(f Finding) bool { return f.Rule == redFlag })
	if i < 0 {
		return Finding{}, false
	}
	return findings[i], true
}
