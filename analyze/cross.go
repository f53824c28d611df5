package analyze

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Cross is one session of another sport: a ride, a walk, a swim. It keeps a runner fit and never counts as mileage.
type Cross struct {
	Sport ingest.Sport
	Date  civil.Date
	File  string
	// Start carries the local offset and is zero when only the day is known. ElapsedS is how long the session lasted, 0
	// when nothing tells.
	Start    time.Time
	ElapsedS float64
}

// minCrossS is the shortest recording that is a session: less is a change between the legs of a triathlon or a slip. A
// choice of this program.
const minCrossS = 300

// crossOf is the session as cross-training, and false when it is none.
func crossOf(s *Session) (Cross, bool) {
	switch s.Sport {
	case ingest.Walking, ingest.Cycling, ingest.OtherSport:
		known := s.ElapsedS > 0
		return Cross{Sport: s.Sport, Date: s.Date, File: s.File, Start: s.Start, ElapsedS: s.ElapsedS}, !known || s.ElapsedS >= minCrossS
	}
	return Cross{}, false
}

// mergeCross returns the sessions in order of day, without copies: of two that overlap by more than half of the shorter
// one the longer stays, and one that overlaps a run like that is the run recorded by another device. It does not modify
// cross.
func (l *Log) mergeCross(cross []Cross) []Cross {
	if len(cross) == 0 {
		return nil
	}
	list := slices.Clone(cross)
	slices.SortFunc(list, func(a, b Cross) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(b.ElapsedS, a.ElapsedS), cmp.Compare(a.File, b.File))
	})
	merged := list[:0]
	for _, c := range list {
		if n := len(merged); n > 0 && sameTime(merged[n-1].Start, merged[n-1].ElapsedS, c.Start, c.ElapsedS) {
			if c.ElapsedS > merged[n-1].ElapsedS {
				merged[n-1] = c
			}
			continue
		}
		if !l.ranAt(&c) {
			merged = append(merged, c)
		}
	}
	slices.SortFunc(merged, func(a, b Cross) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), a.Start.Compare(b.Start), cmp.Compare(a.Sport, b.Sport), cmp.Compare(a.File, b.File))
	})
	return merged
}

// ranAt tells whether a run overlaps the session by more than half of the shorter one.
func (l *Log) ranAt(c *Cross) bool {
	first := sort.Search(len(l.Runs), func(i int) bool { return l.Runs[i].Date >= c.Date-1 })
	for i := first; i < len(l.Runs) && l.Runs[i].Date <= c.Date+1; i++ {
		if r := l.Runs[i]; sameTime(r.Start, durationS(r), c.Start, c.ElapsedS) {
			return true
		}
	}
	return false
}

// sameTime tells whether two recordings overlap by more than half of the shorter one. Those of which only the day is known
// do not.
func sameTime(a time.Time, aS float64, b time.Time, bS float64) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	aS, bS = max(1, aS), max(1, bS)
	apart := b.Sub(a).Seconds()
	return min(aS, apart+bS)-max(0, apart) > min(aS, bS)/2
}

// CrossIn returns the sessions of other sports of the days from through to.
func (l *Log) CrossIn(from, to civil.Date) []Cross {
	first := sort.Search(len(l.Cross), func(i int) bool { return l.Cross[i].Date >= from })
	end := sort.Search(len(l.Cross), func(i int) bool { return l.Cross[i].Date > to })
	return l.Cross[first:max(first, end)]
}
