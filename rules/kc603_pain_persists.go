package rules

import (
	"fmt"
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

const (
	// EpisodeDays is how far apart two entries of one episode of pain may be. A choice of this program: two weeks without
	// an entry are long enough for pain to be gone, and short enough to hold on through a week without a run.
	EpisodeDays = 14
	// trendDays are the first and the last days of an episode that are compared; a choice of this program.
	trendDays = 7
)

var painPersists = &Rule{
	ID:    "KC603",
	Name:  "pain-persists",
	Title: "Knee pain for two weeks or more without improvement",
	Why: "Most knee pain of runners gets better within weeks once the load is right. Where it does not, somebody who can examine the knee will find out more than any log can, " +
		"and sooner is easier than later.",
	Fires:  "When pain in a knee was logged over 14 days or more, with no more than 14 days between two entries, and hurts no less in the last 7 of those days than in the first 7.",
	Silent: "When the mean pain while running fell by 1 point of 10 or more, when the latest entry says that the knee is well, and 14 days after the last entry. Not judged without a pain journal, or when the entries of those days give no figures.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "Advice of the British health service is to see a GP or physiotherapist when a knee has not improved after a few weeks. " +
			"Injured beginners took a median of 71 days to recover (9 to 617), and kneecap pain was one in ten of 254 injuries.",
		Caveat: "Two weeks is this program's reading of “a few weeks”; no study tested a number of days. A journal that only lists bad days makes pain look steadier than it is.",
		Refs: []Ref{
			{Cite: "Lincolnshire Knee, When knee pain needs a specialist (tells the NHS rule)"},
			{Cite: "Nielsen et al. 2014, recovery of injured novice runners, PMC4055729"},
		},
	},
	Max:   Warning,
	State: true,
	Grows: true,
	Params: []Param{
		{Name: "min_days", Default: 14, Min: 7, Max: 90, Unit: Days, Doc: "Days from the first entry to the last; two weeks, a choice of this program."},
		{Name: "min_drop", Default: 1, Min: 0.5, Max: 5, Unit: Score, Stricter: true, Doc: "Fall of the mean pain, of 10, that counts as improvement; the step of the scale."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Three weeks of the same", Log: `
pain 2026-05-04 right outer 3
pain 2026-05-13 right outer 4
pain 2026-05-24 right outer 3
week 2026-05-04 x3   5   _   6   _   5   _   10   # want KC603 warning right knee, outer side: pain since Mon 4 May, 20 days to the latest of 3 entries; from 3/10 to 3/10
`},
		{Kind: AtLimit, Name: "Fourteen days are told, thirteen are not", Log: `
pain 2026-05-04 left front 3
pain 2026-05-05 right front 3
pain 2026-05-18 left front 3
pain 2026-05-18 right front 3
week 2026-05-04 x2   5   _   6   _   5   _   10
week +1              5                             # want KC603 warning left knee, front: pain since Mon 4 May, 14 days
`},
		{Kind: Silent, Name: "Better by a point", Log: `
pain 2026-05-04 right outer 4
pain 2026-05-13 right outer 4
pain 2026-05-24 right outer 3
week 2026-05-04 x3   5   _   6   _   5   _   10
`},
		{Kind: Silent, Name: "Well again", Log: `
pain 2026-05-04 right outer 4
pain 2026-05-18 right outer 5
pain 2026-05-22 right 0
week 2026-05-04 x3   5   _   6   _   5   _   10
`},
		{Kind: Silent, Name: "Two episodes, three weeks apart", Log: `
pain 2026-05-04 right outer 3
pain 2026-05-26 right outer 3
week 2026-05-04 x3   5   _   6   _   5   _   10
week +1              5   5
`},
		{Kind: Silent, Name: "Entries without figures", Log: `
pain 2026-05-04 right outer
pain 2026-05-13 right outer swelling settled 24h
pain 2026-05-24 right outer
week 2026-05-04 x3   5   _   6   _   5   _   10
# want-not-judged KC603 too few entries say how much it hurt
`},
	},
	Judge: judgePainPersists,
}

func judgePainPersists(p *Pass) {
	if !p.Log.Journal() {
		p.NotKept(noJournal, 0)
		return
	}
	left := p.episode(analyze.LeftKnee)
	right := p.episode(analyze.RightKnee)
	if slices.Equal(left, right) {
		right = nil // entries of both knees, or of no named one, are told once
	}
	for _, entries := range [][]int{left, right} {
		p.judgeEpisode(entries)
	}
}

// episode are the latest entries of a knee that belong together: none further than EpisodeDays from the one before, the
// last no further from the as-of day.
func (p *Pass) episode(knee analyze.PainSide) []int {
	var entries []int
	last := p.Log.AsOf
	for i, e := range slices.Backward(p.Log.Pain) {
		if !slices.Contains(e.Side.Knees(), knee) {
			continue
		}
		if last-e.Date > EpisodeDays {
			break
		}
		entries, last = append(entries, i), e.Date
	}
	slices.Reverse(entries)
	// An episode begins with pain.
	first := slices.IndexFunc(entries, func(i int) bool { return p.Log.Pain[i].Hurts() })
	if first < 0 {
		return nil
	}
	return entries[first:]
}

func (p *Pass) judgeEpisode(entries []int) {
	if len(entries) == 0 {
		return
	}
	first, last := &p.Log.Pain[entries[0]], &p.Log.Pain[entries[len(entries)-1]]
	days := last.Date - first.Date
	if float64(days) < p.Value("min_days") || !last.Hurts() {
		return
	}
	before := p.meanPain(entries, first.Date, first.Date+trendDays-1)
	now := p.meanPain(entries, last.Date-trendDays+1, last.Date)
	if math.IsNaN(before) || math.IsNaN(now) {
		p.NotJudged(fmt.Sprintf("too few entries say how much it hurt (during) in the %d days since %s", int(days), p.day(first.Date)), 0)
		return
	}
	drop := roundTo(before-now, 1)
	if drop >= p.Value("min_drop") {
		return
	}
	p.Report(Finding{
		Severity: Warning, From: first.Date, To: p.Log.AsOf, Value: float64(days), Limit: p.Value("min_days"), Unit: Days, Subject: last.Side.Words(),
		Message: fmt.Sprintf("%s: pain since %s, %s to the latest of %d entries; from %s to %s while running (means of %d days)",
			last.Where(), p.day(first.Date), plural(int(days), "day"), len(entries), outOfTen(before), outOfTen(now), trendDays),
		Advice: "Have the knee looked at by a physiotherapist or doctor, and take this log along. Until then keep runs short, flat and at 2/10 or less.",
	})
}

// meanPain is the mean pain while running of the entries of some days that give a figure, NaN without one.
func (p *Pass) meanPain(entries []int, from, to civil.Date) float64 {
	sum, n := 0.0, 0.0
	for _, i := range entries {
		if e := &p.Log.Pain[i]; e.Date >= from && e.Date <= to && e.During >= 0 {
			sum += float64(e.During)
			n++
		}
	}
	return roundTo(sum/n, 1)
}

// outOfTen writes a pain figure like "3/10" or "3.5/10".
func outOfTen(v float64) string { return fmt.Sprintf("%g/10", v) }
