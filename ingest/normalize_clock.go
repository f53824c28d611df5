package ingest

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"
)

const (
	// clockJitterS is how late, in seconds, a sample may stand behind later ones in a file written by several hands
	// that is put in order without losing anything.
	clockJitterS = 30
	// clockResetS is a gap that no resumed recording has, in seconds (30 days): the device learned the date only then.
	clockResetS = 30 * 86400
	// fewDrops is the part of the samples, as a divisor, that may be dropped as stray before sorting is tried.
	fewDrops = 50
)

// repairClock makes T strictly increasing. It reports false when no sample has a time.
func repairClock(a *Activity, buf *buffers) bool {
	s := &a.Samples
	if clockIsClean(s.T) {
		return true
	}
	finite := 0
	for _, t := range s.T {
		if isFinite(t) {
			finite++
		}
	}
	if finite == 0 {
		return false
	}
	if finite < len(s.T) {
		a.note("%s without a usable time left out", count(len(s.T)-finite, "sample"))
		keepRows(s, func(i int) bool { return isFinite(s.T[i]) })
	}
	repairOrder(a, buf)
	repairReset(a)
	// Last, for moving Start can make times equal that were a hair apart.
	if merged := mergeEqualTimes(s); merged > 0 {
		a.note("%s with the same time as another merged", count(merged, "sample"))
	}
	return true
}

func isFinite(x float64) bool { return x-x == 0 }

// clockIsClean tells whether T is finite, strictly increasing and without a reset.
func clockIsClean(t []float64) bool {
	if !isFinite(t[0]) {
		return false
	}
	for i := 1; i < len(t); i++ {
		if d := t[i] - t[i-1]; !(d > 0 && d < clockResetS) {
			return false
		}
	}
	return true
}

// keepRows keeps the samples that keep wants, in every column. keep sees only rows not yet moved.
func keepRows(s *Samples, keep func(i int) bool) {
	n := 0
	cols := s.columns()
	for i := range s.T {
		if !keep(i) {
			continue
		}
		s.T[n] = s.T[i]
		for _, c := range cols {
			if *c != nil {
				(*c)[n] = (*c)[i]
			}
		}
		n++
	}
	cutRows(s, n)
}

func cutRows(s *Samples, n int) {
	s.T = s.T[:n]
	for _, c := range s.columns() {
		if *c != nil {
			*c = (*c)[:n]
		}
	}
}

// repairOrder makes T non-decreasing. A few stray samples are dropped, be they late or early (an early one would cost
// all that follow it, were the latest time so far the measure). When more are out of order, the samples are sorted if
// they are merely shuffled: late by seconds, or whole blocks whose times do not overlap. What overlaps otherwise is the
// same stretch twice or a clock that was set back, and the longest rising part stays.
func repairOrder(a *Activity, buf *buffers) {
	s := &a.Samples
	if slices.IsSorted(s.T) {
		return
	}
	rising := longestRising(s.T, buf)
	stray := len(s.T) - len(rising)
	if stray > max(3, len(s.T)/fewDrops) && isShuffled(s.T) {
		sortRows(s, buf)
		a.note("the recording was out of order: sorted by time")
		return
	}
	next := 0
	keepRows(s, func(i int) bool {
		if next < len(rising) && int(rising[next]) == i {
			next++
			return true
		}
		return false
	})
	a.note("the clock ran backwards: %s left out", count(stray, "sample"))
}

// longestRising returns the indices of a longest non-decreasing part of t, in order.
func longestRising(t []float64, buf *buffers) []int32 {
	before := slices.Grow(buf.before[:0], len(t))[:len(t)]
	tails := buf.tails[:0] // tails[k] is where the smallest end of a rising part of length k+1 stands
	for i, x := range t {
		k := len(tails)
		if k > 0 && t[tails[k-1]] > x {
			k = sort.Search(k, func(j int) bool { return t[tails[j]] > x })
		}
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, int32(i))
		} else {
			tails[k] = int32(i)
		}
	}
	for k, i := len(tails)-1, tails[len(tails)-1]; k >= 0; k-- {
		tails[k] = i
		i = before[i]
	}
	buf.before, buf.tails = before, tails
	return tails
}

// isShuffled tells whether sorting t restores the recording: every sample late by little, or blocks of samples, each in
// order or each in reverse, that do not overlap in time.
func isShuffled(t []float64) bool {
	latest, lateness := t[0], 0.0
	var blocks []Interval
	block := Interval{t[0], t[0]}
	for i := 1; i < len(t); i++ {
		latest = max(latest, t[i])
		lateness = max(lateness, latest-t[i])
		if t[i] >= t[i-1] {
			block.ToS = t[i]
			continue
		}
		blocks = append(blocks, block)
		block = Interval{t[i], t[i]}
	}
	if lateness <= clockJitterS {
		return true
	}
	blocks = append(blocks, block)
	slices.SortFunc(blocks, func(x, y Interval) int { return cmp.Compare(x.FromS, y.FromS) })
	for i := 1; i < len(blocks); i++ {
		if blocks[i].FromS < blocks[i-1].ToS {
			return false
		}
	}
	return true
}

// sortRows sorts every column by T; samples of one time keep their order.
func sortRows(s *Samples, buf *buffers) {
	order := slices.Grow(buf.order[:0], len(s.T))[:len(s.T)]
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(s.T[x], s.T[y]) })
	buf.order = order
	scratch := buf.column(len(s.T))
	defer func() { buf.used-- }()
	permute := func(c []float64) {
		copy(scratch, c)
		for to, from := range order {
			c[to] = scratch[from]
		}
	}
	permute(s.T)
	for _, c := range s.columns() {
		if *c != nil {
			permute(*c)
		}
	}
}

// mergeEqualTimes makes one sample of those with one time: in each column the last value that is a number. It returns
// how many samples went.
func mergeEqualTimes(s *Samples) int {
	n := 0
	cols := s.columns()
	for i := 1; i < len(s.T); i++ {
		same := s.T[i] == s.T[n]
		if !same {
			n++
			s.T[n] = s.T[i]
		}
		for _, c := range cols {
			if *c != nil && (!same || !math.IsNaN((*c)[i])) {
				(*c)[n] = (*c)[i]
			}
		}
	}
	merged := len(s.T) - n - 1
	cutRows(s, n+1)
	return merged
}

// repairReset keeps the largest part of a recording whose clock jumped by more than clockResetS and moves Start to where
// that part begins, when an earlier one goes.
func repairReset(a *Activity) {
	s := &a.Samples
	from, to, first := 0, 0, 0 // the largest part so far, and where the part at hand begins
	for i := 1; i <= len(s.T); i++ {
		if i < len(s.T) && s.T[i]-s.T[i-1] < clockResetS {
			continue
		}
		if i-first > to-from {
			from, to = first, i
		}
		first = i
	}
	if from == 0 && to == len(s.T) {
		return
	}
	gone := len(s.T) - (to - from)
	shift := 0.0
	if from > 0 {
		shift = s.T[from]
	}
	row := -1
	keepRows(s, func(int) bool { row++; return row >= from && row < to })
	if shift != 0 {
		for i := range s.T {
			s.T[i] -= shift
		}
		for i := range a.Pauses {
			a.Pauses[i].FromS -= shift
			a.Pauses[i].ToS -= shift
		}
		a.Start = shiftTime(a.Start, shift)
	}
	a.note("the clock jumped by more than a month: %s on the wrong side left out", count(gone, "sample"))
}

// shiftTime adds seconds of any size to t, of which time.Duration holds only 292 years.
func shiftTime(t time.Time, s float64) time.Time {
	whole := math.Floor(s)
	return time.Unix(t.Unix()+int64(whole), int64(t.Nanosecond())+int64((s-whole)*1e9)).UTC()
}

// tidyPauses removes pauses without a length.
func tidyPauses(a *Activity) {
	a.Pauses = slices.DeleteFunc(a.Pauses, func(p Interval) bool { return !(p.ToS > p.FromS) })
}
