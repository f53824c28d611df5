package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

// The groups of ground that a run is split into, in the order in which they are told.
const (
	hard = iota
	medium
	soft
	treadmill
	groundGroups
)

var groundNames = [groundGroups]string{"hard ground", "medium ground (gravel, a track)", "soft ground (earth, grass, sand)", "the treadmill"}

// ground is the distance of some runs by what was under it, in metres.
type ground struct {
	runs     int
	distM    float64
	groupM   [groundGroups]float64
	unknownM float64
	// blindM is the part of unknownM of runs without a recording, which may have been on a treadmill. The rest of it was
	// outdoors.
	blindM float64
	// hardLowM and hardHighM bound the hard distance. The bounds of single runs are added up as they are: who runs the same
	// street every day makes the same error every day, so errors do not cancel.
	hardLowM, hardHighM float64
}

// groundOf is the ground of one run; nothing without a distance.
func groundOf(run *analyze.Run) ground {
	s := &run.Surface
	g := ground{runs: 1, groupM: [groundGroups]float64{s.HardM, s.MediumM, s.SoftM, s.TreadmillM}}
	if !(run.DistM > 0) {
		return ground{}
	}
	outdoors := s.HardM + s.MediumM + s.SoftM
	known := outdoors + s.TreadmillM
	g.distM = max(run.DistM, known)
	g.unknownM = g.distM - known
	if run.Format == ingest.CSV {
		g.blindM = g.unknownM
	}
	g.hardLowM, g.hardHighM = s.HardM, s.HardM+g.unknownM
	if s.HardLow == s.HardLow && s.HardHigh == s.HardHigh {
		g.hardLowM, g.hardHighM = min(s.HardLow*outdoors, s.HardM), max(s.HardHigh*outdoors, s.HardM)
	}
	return g
}

// add adds the runs of b.
func (g *ground) add(b *ground) {
	g.runs += b.runs
	g.distM += b.distM
	for i := range g.groupM {
		g.groupM[i] += b.groupM[i]
	}
	g.unknownM += b.unknownM
	g.blindM += b.blindM
	g.hardLowM += b.hardLowM
	g.hardHighM += b.hardHighM
}

// Shares of ground are rounded to whole per cent: a map does not tell them better.
func wholePercent(share float64) float64 { return roundTo(share, 2) }

// unknown is the share of the distance of which nothing is known, 0 without a distance.
func (g *ground) unknown() float64 { return g.part(g.unknownM) }

// unknownTo is the share of the distance that may belong to a group: a recording outdoors is no treadmill, whatever
// ground it was on.
func (g *ground) unknownTo(group int) float64 {
	if group == treadmill {
		return g.part(g.blindM)
	}
	return g.unknown()
}

func (g *ground) part(m float64) float64 {
	if !(g.distM > 0) {
		return 0
	}
	return wholePercent(max(0, m) / g.distM)
}

// share is a group's share of the whole distance, the unknown included, with what is sure and what is possible. NaN
// without a distance.
func (g *ground) share(group int) (share, low, high float64) {
	m := g.groupM[group]
	lowM, highM := m, m+g.unknownM
	switch group {
	case treadmill:
		highM = m + g.blindM
	case hard:
		lowM = g.hardLowM
		// What is not known at all may be hard, whatever the bounds of the known part are.
		highM = max(highM, g.hardHighM)
	}
	return wholePercent(m / g.distM), wholePercent(max(0, lowM) / g.distM), wholePercent(min(1, highM/g.distM))
}

// ofKnown is a group's share of the distance whose ground is known.
func (g *ground) ofKnown(group int) float64 {
	return wholePercent(g.groupM[group] / (g.distM - g.unknownM))
}

// grounds is the ground of each day of a log.
type grounds struct{ ofDays[ground] }

func (p *Pass) grounds() grounds {
	return grounds{newOfDays(p.Log, func(day *analyze.Day) (sum ground) {
		for i := range p.Log.Runs[day.First : day.First+day.Runs] {
			g := groundOf(p.Log.Runs[day.First+i])
			sum.add(&g)
		}
		return sum
	})}
}

// last is the ground of the n days that end on day i of the log, as far as the log has them.
func (s grounds) last(n, i int) (sum ground) {
	for k := max(i+1-n, 0); k <= i; k++ {
		sum.add(s.on(k))
	}
	return sum
}

// noMap is why ground is not known where no street map tells any; it is the same for all rules, so that it is told once.
const noMap = "no map of the runs; kneecheck map import tells the ground"

// unmapped says whether a street map would help: ground outdoors is unknown, and that of no run of the log is from a map.
func (p *Pass) unmapped(gs ...ground) bool {
	for i := range p.Log.Runs {
		if p.Log.Runs[i].Surface.Mapped {
			return false
		}
	}
	for i := range gs {
		if gs[i].unknownM > gs[i].blindM {
			return true
		}
	}
	return false
}

// between writes the bounds of a share like "between 62 and 98 %".
func between(low, high float64) string {
	return fmt.Sprintf("between %.0f and %s", math.Round(100*low), percent(high))
}
