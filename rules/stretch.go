package rules

import (
	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// window is some days against the mean of weeks before them.
type window struct {
	// from and to are the days of the stretch of overlapping windows, end the last day of the worst of them.
	from, to, end civil.Date
	// now and before are what is compared, and ratio is now ÷ before, rounded to what is printed.
	now, before, ratio float64
}

// stretches walks over the days of the log that have a run, from the first that has span days behind it, and joins the
// windows that fire where they overlap: one finding for one rise, dated to all of its days and told by the worst window.
// Days without a run are no news.
func (p *Pass) stretches(span, days int, fires func(i int) (window, bool), tell func(window)) {
	var open *window
	for i := span - 1; i < len(p.Log.Days); i++ {
		if p.Log.Days[i].Runs == 0 {
			continue
		}
		w, ok := fires(i)
		if !ok {
			continue
		}
		w.end = p.Log.Days[i].Date
		w.from, w.to = w.end-civil.Date(days)+1, w.end
		switch {
		case open == nil:
			open = &w
		case w.from <= open.to:
			from := open.from
			if w.ratio > open.ratio {
				*open = w
			}
			open.from, open.to = from, w.to
		default:
			tell(*open)
			open = &w
		}
	}
	if open != nil {
		tell(*open)
	}
}

// stretchStart is the day of the log, not before first, from which on windows of a number of days must be judged so that
// every stretch of overlapping ones that reaches the days of interest is whole: as many days that do not fire part two
// stretches.
func (p *Pass) stretchStart(first, days int, fires func(i int) bool) int {
	if p.since <= p.first() {
		return first
	}
	i := min(int(p.since-p.first()), len(p.Log.Days))
	for quiet := 0; i > first && quiet < days; {
		i--
		if fires(i) {
			quiet = 0
		} else {
			quiet++
		}
	}
	return max(i, first)
}

// ofDays is something about each day of a log, worked out for some months when a day of them is first asked for. What is told
// of a stretch of days is added up afresh: a difference of sums over years would be off by as little as it takes to miss a
// limit.
type ofDays[T any] struct {
	log    *analyze.Log
	of     func(*analyze.Day) T
	blocks [][]T
}

// blockDays is how many days are worked out together: a trial asks for the last month of ten years.
const blockDays = 64

func newOfDays[T any](log *analyze.Log, of func(*analyze.Day) T) ofDays[T] {
	return ofDays[T]{log: log, of: of, blocks: make([][]T, (len(log.Days)+blockDays-1)/blockDays)}
}

// on is what there is about day i of the log.
func (s *ofDays[T]) on(i int) *T {
	block := s.blocks[i/blockDays]
	if block == nil {
		from := i - i%blockDays
		days := s.log.Days[from:min(from+blockDays, len(s.log.Days))]
		block = make([]T, 0, len(days))
		for k := range days {
			block = append(block, s.of(&days[k]))
		}
		s.blocks[i/blockDays] = block
	}
	return &block[i%blockDays]
}

// sums are the sums of a quantity of the days before each day of the log and of all at the end, so that any stretch of
// days is a difference.
type sums []float64

// sumDays sums up a quantity of the days of the log.
func (p *Pass) sumDays(quantity func(i int) float64) sums {
	s := make(sums, len(p.Log.Days)+1)
	for i := range p.Log.Days {
		s[i+1] = s[i] + quantity(i)
	}
	return s
}

// last is the sum of the n days that end on day i, as far as the log has them.
func (s sums) last(n, i int) float64 { return s[max(i+1, 0)] - s[max(i+1-n, 0)] }
