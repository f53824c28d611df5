package analyze

import (
	"slices"
	"sort"

	"kneecheck/ingest/civil"
)

// Pain is one entry of a pain journal: what one knee, or both, felt on one day. What was not said is the empty string,
// an empty list, or a During of -1.
type Pain struct {
	Date  civil.Date
	Side  PainSide
	Place PainPlace
	// During is the pain while running from 0 (none) to 10 (the worst imaginable), -1 when not said.
	During int
	// Settled says how long after the run the pain was back to where it had been before it.
	Settled PainSettled
	// NextMorning compares the morning after with before the run.
	NextMorning PainMorning
	// Signs are in the order of PainSigns, without repetition.
	Signs []PainSign
	// NoSigns is true when the entry says that the knee does none of them. Without it empty Signs were not asked for.
	NoSigns bool
	Note    string
}

// PainSide is which knee hurts.
type PainSide string

// PainPlace is where the knee hurts.
type PainPlace string

// PainSettled is how long it took until the pain of a run was gone.
type PainSettled string

// PainMorning is how the knee felt on the morning after.
type PainMorning string

// PainSign is something other than pain that the knee does.
type PainSign string

// The spellings of pain.csv (DESIGN section 8).
const (
	LeftKnee  PainSide = "left"
	RightKnee PainSide = "right"
	BothKnees PainSide = "both"

	FrontOfKnee PainPlace = "front"
	InnerSide   PainPlace = "inner"
	OuterSide   PainPlace = "outer"
	BackOfKnee  PainPlace = "back"
	BelowKnee   PainPlace = "below"

	NeverSettled    PainSettled = "never"
	SettledIn60Min  PainSettled = "60min"
	SettledIn24H    PainSettled = "24h"
	SettledIn48H    PainSettled = "48h"
	SettledIsLonger PainSettled = "longer"

	MorningBetter PainMorning = "better"
	MorningSame   PainMorning = "same"
	MorningWorse  PainMorning = "worse"

	Swelling         PainSign = "swelling"
	Locking          PainSign = "locking"
	Clicking         PainSign = "clicking"
	GivingWay        PainSign = "giving-way"
	NightPain        PainSign = "night-pain"
	Hot              PainSign = "hot"
	CannotBearWeight PainSign = "cannot-bear-weight"
	Limp             PainSign = "limp"
)

// PainSides lists the sides in the order in which they are offered, as the functions below list the rest.
func PainSides() []PainSide { return []PainSide{LeftKnee, RightKnee, BothKnees} }

// PainPlaces lists the places of a knee.
func PainPlaces() []PainPlace {
	return []PainPlace{FrontOfKnee, InnerSide, OuterSide, BackOfKnee, BelowKnee}
}

// PainSettledTimes lists how long pain can last.
func PainSettledTimes() []PainSettled {
	return []PainSettled{NeverSettled, SettledIn60Min, SettledIn24H, SettledIn48H, SettledIsLonger}
}

// PainMornings lists how the next morning can be.
func PainMornings() []PainMorning { return []PainMorning{MorningBetter, MorningSame, MorningWorse} }

// PainSigns lists the signs.
func PainSigns() []PainSign {
	return []PainSign{Swelling, Locking, Clicking, GivingWay, NightPain, Hot, CannotBearWeight, Limp}
}

// Hurts tells whether an entry is of a knee that is not well: pain above 0, a sign, pain that did not settle within the
// hour, a worse morning, or a place that is named without a figure. An entry can also say that all is well again.
func (p *Pain) Hurts() bool {
	placed := p.Place != "" && p.During < 0 && !p.NoSigns
	return p.During > 0 || len(p.Signs) > 0 || p.SettledLate() || p.NextMorning == MorningWorse || placed
}

// Well tells whether an entry says that the knee is well: no pain or no sign, and nothing that speaks against it. What
// merely says nothing bad does not say so.
func (p *Pain) Well() bool { return !p.Hurts() && (p.During == 0 || p.NoSigns) }

// SettledLate tells whether the entry says that the pain lasted for more than an hour.
func (p *Pain) SettledLate() bool { return p.Settled != "" && p.Settled != SettledIn60Min }

// Knees are the knees that a side means, LeftKnee and RightKnee: both of them where it was not said.
func (s PainSide) Knees() []PainSide {
	if s == LeftKnee || s == RightKnee {
		return []PainSide{s}
	}
	return []PainSide{LeftKnee, RightKnee}
}

// Meets tells whether two sides can mean the same knee.
func (s PainSide) Meets(o PainSide) bool {
	return slices.ContainsFunc(s.Knees(), func(k PainSide) bool { return slices.Contains(o.Knees(), k) })
}

// Journal tells whether a pain journal is kept. One without entries says that nothing hurt; none says nothing.
func (l *Log) Journal() bool { return l.Pain != nil }

// sortPain returns the entries in order of day; those of one day keep their order. It does not modify pain.
func sortPain(pain []Pain) []Pain {
	sorted := slices.Clone(pain)
	slices.SortStableFunc(sorted, func(a, b Pain) int { return int(a.Date) - int(b.Date) })
	return sorted
}

// PainIn returns the journal's entries of the days from through to.
func (l *Log) PainIn(from, to civil.Date) []Pain {
	first := sort.Search(len(l.Pain), func(i int) bool { return l.Pain[i].Date >= from })
	end := sort.Search(len(l.Pain), func(i int) bool { return l.Pain[i].Date > to })
	return l.Pain[first:max(first, end)]
}

// KneeHurt tells whether an entry of the days from through to is of a knee that is not well.
func (l *Log) KneeHurt(from, to civil.Date) bool {
	return slices.ContainsFunc(l.PainIn(from, to), func(p Pain) bool { return p.Hurts() })
}
