package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

// downhill is what the runs of some days went down, and how many of them tell.
type downhill struct {
	// runs are all runs, known those whose downhill is known, gps those whose altitude comes from GPS only, and steep
	// those with a steep descent.
	runs, known, gps, steep int
	downM, dropM            float64
}

// add adds the runs of b.
func (d *downhill) add(b *downhill) {
	d.runs += b.runs
	d.known += b.known
	d.gps += b.gps
	d.steep += b.steep
	d.downM += b.downM
	d.dropM += b.dropM
}

// descents are the downhill of each day of a log.
type descents struct{ ofDays[downhill] }

// descents tells the downhill of the days of the log; a run is steep from steepM metres of steep descent. Treadmills and
// virtual runs have no downhill.
func (p *Pass) descents(steepM float64) descents {
	return descents{newOfDays(p.Log, func(day *analyze.Day) downhill {
		d := downhill{runs: day.Runs}
		for i := range p.Log.Runs[day.First : day.First+day.Runs] {
			run := p.Log.Runs[day.First+i]
			switch c := &run.Climb; {
			case onTreadmill(run) || run.Kind == ingest.Virtual:
				d.known++
			case !math.IsNaN(c.DownhillDropM):
				d.known++
				d.downM += c.DownhillM
				d.dropM += c.DownhillDropM
				if p.U.Round(c.SteepM) >= steepM {
					d.steep++
				}
			case c.Source == ingest.GPSAltitude:
				d.gps++
			}
		}
		return d
	})}
}

// last is the downhill of the n days that end on day i of the log, as far as the log has them.
func (s descents) last(n, i int) (sum downhill) {
	for k := max(i+1-n, 0); k <= i; k++ {
		sum.add(s.on(k))
	}
	return sum
}

// coverage is the share of the runs whose downhill is known, NaN without a run.
func (d downhill) coverage() float64 { return coverage(float64(d.known), float64(d.runs)) }

// lack says in words which runs have no altitude to trust.
func (d downhill) lack(span int) string {
	blind := d.runs - d.known
	if blind == d.gps {
		return fmt.Sprintf("altitude comes from GPS only in %d of %s of the last %d days", blind, plural(d.runs, "run"), span)
	}
	return fmt.Sprintf("%d of %s of the last %d days have no altitude that can be trusted", blind, plural(d.runs, "run"), span)
}
