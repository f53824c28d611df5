package analyze

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

const (
	// copyDistance is how far the distances of two copies may lie apart, as a share of the longer (DESIGN section 4).
	copyDistance = 0.15
	// copyStartS is how far apart two recordings may start and still be copies whatever their distances: nobody starts two
	// runs at once, so the shorter is the one cut off. Exports that wait for the first position start some seconds late.
	copyStartS = 10
)

// mergeCopies makes one run of every group of copies and returns the runs in order. It does not modify runs.
//
// Two runs are copies when they have the same ID, or overlap by more than half of the shorter one's duration and their
// distances agree within copyDistance or one of them has none. A recording that was cut off and its whole copy differ
// more in distance, but start together; they are copies too, and the whole one stays. So do what a watch and a treadmill
// make of one run; they are copies when they overlap by more than half of the longer one. Copies of copies are copies.
// Runs that overlap as much and are no copies both stay, each with a note that names the other.
func mergeCopies(runs []Run) []*Run {
	order := byStart(runs)
	groups, doubts := groupCopies(order)
	copies := map[int][]int{} // the members of groups of several, by the first
	for i, first := range groups {
		if first < i {
			if copies[first] == nil {
				copies[first] = []int{first}
			}
			copies[first] = append(copies[first], i)
		}
	}
	merged := make([]*Run, 0, len(runs))
	place := make([]int, len(runs)) // by first member, where the group stands in merged
	for i, first := range groups {
		if first < i {
			continue
		}
		place[i] = len(merged)
		if members := copies[i]; members != nil {
			merged = append(merged, mergeGroup(order, members))
		} else {
			merged = append(merged, order[i])
		}
	}
	for _, d := range doubts {
		a, b := place[d[0]], place[d[1]]
		fileA, fileB := merged[a].File, merged[b].File
		merged[a], merged[b] = doubt(merged[a], fileB), doubt(merged[b], fileA)
	}
	slices.SortFunc(merged, compareRuns)
	return merged
}

// byStart are the runs in order of start. The starts are looked at where they lie together: runs are large.
func byStart(runs []Run) []*Run {
	type started struct {
		s   int64
		run *Run
	}
	starts := make([]started, len(runs))
	for i := range runs {
		starts[i] = started{runs[i].Start.Unix(), &runs[i]}
	}
	slices.SortFunc(starts, func(a, b started) int {
		if a.s != b.s {
			return cmp.Compare(a.s, b.s)
		}
		if c := a.run.Start.Compare(b.run.Start); c != 0 {
			return c
		}
		return compareRuns(a.run, b.run)
	})
	order := make([]*Run, len(runs))
	for i := range starts {
		order[i] = starts[i].run
	}
	return order
}

// groupCopies returns for each run the first member of its group, and pairs of groups that overlap without being copies.
// The runs are in order of start, so that only those still going on need a look.
func groupCopies(runs []*Run) (groups []int, doubts [][2]int) {
	parent := make([]int, len(runs))
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	join := func(i, j int) {
		i, j = find(i), find(j)
		parent[max(i, j)] = min(i, j)
	}
	sameBytes := make(map[string]int, len(runs))
	var going []int
	for i := range runs {
		parent[i] = i
		if first, ok := sameBytes[runs[i].ID]; ok && runs[i].ID != "" {
			join(first, i)
			continue
		}
		sameBytes[runs[i].ID] = i
		going = slices.DeleteFunc(going, func(j int) bool { return endS(runs[j]) <= startS(runs[i]) })
		for _, j := range going {
			switch overlap, copies := compareTimes(runs[j], runs[i]); {
			case copies:
				join(i, j)
			case overlap:
				doubts = append(doubts, [2]int{j, i})
			}
		}
		going = append(going, i)
	}
	groups = make([]int, len(runs))
	for i := range runs {
		groups[i] = find(i)
	}
	for i, d := range doubts {
		doubts[i] = [2]int{find(d[0]), find(d[1])}
	}
	return groups, slices.DeleteFunc(doubts, func(d [2]int) bool { return d[0] == d[1] })
}

// compareTimes reports whether two runs overlap by more than half of the shorter, and whether they then are copies.
func compareTimes(a, b *Run) (overlap, copies bool) {
	common := min(endS(a), endS(b)) - max(startS(a), startS(b))
	if common <= min(durationS(a), durationS(b))/2 {
		return false, false
	}
	short, long := min(orZero(a.DistM), orZero(b.DistM)), max(orZero(a.DistM), orZero(b.DistM))
	switch {
	case short == 0 || short >= (1-copyDistance)*long || math.Abs(startS(a)-startS(b)) <= copyStartS:
		return true, true
	case indoor(a.Kind) || indoor(b.Kind):
		return true, common > max(durationS(a), durationS(b))/2
	}
	return true, false
}

// indoor tells a run whose distance a machine or a wrist guessed.
func indoor(k ingest.Kind) bool { return k == ingest.Treadmill || k == ingest.Virtual }

// mergeGroup makes one run of the copies that members lists.
func mergeGroup(runs []*Run, members []int) *Run {
	copies := make([]Run, 0, len(members))
	for _, i := range members {
		copies = append(copies, *runs[i])
	}
	longest := 0.0
	for _, c := range copies {
		longest = max(longest, orZero(c.DistM))
	}
	cutOff := func(r *Run) bool { return orZero(r.DistM) < (1-copyDistance)*longest }
	slices.SortFunc(copies, compareRichness)
	slices.SortStableFunc(copies, func(a, b Run) int { return truth(cutOff(&a)) - truth(cutOff(&b)) })
	kept := copies[0]
	kept.AlsoIn, kept.Notes = slices.Clone(kept.AlsoIn), slices.Clone(kept.Notes)
	for i := range copies[1:] {
		c := &copies[1+i]
		gain(&kept, c)
		if !cutOff(c) {
			gainFigures(&kept, c)
		} else if orZero(c.DistM) > 0 {
			kept.Notes = append(kept.Notes, fmt.Sprintf("recorded over %.2f km in %s: the longer distance counts", c.DistM/1000, c.File))
		}
		kept.AlsoIn = append(append(kept.AlsoIn, c.File), c.AlsoIn...)
	}
	slices.Sort(kept.AlsoIn)
	kept.AlsoIn = slices.DeleteFunc(slices.Compact(kept.AlsoIn), func(f string) bool { return f == kept.File })
	return &kept
}

// compareRichness puts the copy first that knows more of the run.
func compareRichness(a, b Run) int {
	return cmp.Or(cmp.Compare(formatRank(a.Format), formatRank(b.Format)), cmp.Compare(b.Channels, a.Channels),
		cmp.Compare(b.ElapsedS, a.ElapsedS),
		// The totals of a lap stand before its points, so that a copy cut off among them has the same totals as the whole one.
		cmp.Compare(b.Pace.Seconds(), a.Pace.Seconds()), compareRuns(&a, &b))
}

// formatRank is 0 for the format that tells most of a run.
func formatRank(f ingest.Format) int {
	ranks := []ingest.Format{ingest.FIT, ingest.TCX, ingest.GPX, ingest.CSV}
	if i := slices.Index(ranks, f); i >= 0 {
		return i
	}
	return len(ranks)
}

// gain gives the kept run what its copy c says of the run as a whole.
func gain(kept, c *Run) {
	kept.Name = cmp.Or(kept.Name, c.Name)
	kept.Shoe = cmp.Or(kept.Shoe, c.Shoe)
	kept.Race, kept.LongRun = kept.Race || c.Race, kept.LongRun || c.LongRun
	kept.DirtM = cmp.Or(kept.DirtM, c.DirtM)
	if kept.Kind == ingest.Unspecified || kept.Kind == "" {
		kept.Kind = cmp.Or(c.Kind, kept.Kind)
	}
	if offsetRank(c.OffsetFrom) < offsetRank(kept.OffsetFrom) {
		kept.Start, kept.OffsetFrom = kept.Start.In(c.Start.Location()), c.OffsetFrom
		kept.Date = civil.Of(kept.Start)
	}
}

// gainFigures gives the kept run the cadence, the heart rate, the pace or the climb that only its copy c has, as a whole and never mixed.
func gainFigures(kept, c *Run) {
	if math.IsNaN(kept.Cadence.MeanSPM) && !math.IsNaN(c.Cadence.MeanSPM) {
		kept.Cadence = c.Cadence
		kept.Notes = append(kept.Notes, "cadence taken from "+c.File)
	}
	// What is written without Reduce, such as a row of an export, has neither a heart rate nor a pace.
	if len(kept.Heart.Hist) == 0 && len(c.Heart.Hist) > 0 {
		kept.Heart = c.Heart
		kept.Notes = append(kept.Notes, "heart rate taken from "+c.File)
	}
	if kept.Pace.Seconds() == 0 {
		kept.Pace = c.Pace
	}
	if math.IsNaN(kept.Climb.AscentM) && !math.IsNaN(c.Climb.AscentM) {
		kept.Climb = c.Climb
		kept.Notes = append(kept.Notes, "altitude taken from "+c.File)
	}
}

// offsetRank is 0 for the surest source of the local time.
func offsetRank(s ingest.OffsetSource) int {
	ranks := []ingest.OffsetSource{ingest.OffsetFile, ingest.OffsetPosition, ingest.OffsetConfig, ingest.OffsetUTC}
	if i := slices.Index(ranks, s); i >= 0 {
		return i
	}
	return len(ranks)
}

// doubt returns r with the note that it may be the same run as the one in file.
func doubt(r *Run, file string) *Run {
	note := "recorded at the same time as " + file + " but over another distance: both are counted; if they are one run, remove one file"
	if slices.Contains(r.Notes, note) {
		return r
	}
	noted := *r
	noted.Notes = append(slices.Clip(r.Notes), note)
	return &noted
}

func startS(r *Run) float64 { return float64(r.Start.Unix()) + float64(r.Start.Nanosecond())/1e9 }

func endS(r *Run) float64 { return startS(r) + durationS(r) }

// durationS is how long the run took, at least a second so that a run without a duration still equals its copy.
func durationS(r *Run) float64 { return max(1, orZero(r.ElapsedS), orZero(r.MovingS)) }

// truth is 1 for true, to sort by.
func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
