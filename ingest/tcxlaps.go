package ingest

import "math"

const (
	// lapOverlapS is how long, in seconds, a lap may seem to run on into the next one: both are rounded.
	lapOverlapS = 10
	// lapShare is the part of the distance of the points below which that of the laps is not the whole.
	lapShare = 0.5
	// cadenceShare is the part of the time that laps with a cadence must cover for their mean to be the activity's.
	cadenceShare = 0.5
	// maxStridesPM and minStepsPM part an average that must be strides a minute from one that must be steps. Between them
	// lie a sprinter's strides and a stroller's steps.
	maxStridesPM, minStepsPM = 110, 130
)

// lapTotals adds up the laps. Laps that overlap count something twice, as do cumulative ones and one over the whole beside
// the others; then the points tell better, or without points the longest lap.
func (t *tcxReader) lapTotals(act *tcxActivity, a *Activity, rows trackRows) Totals {
	total := noTotals()
	if len(act.laps) == 0 {
		return total
	}
	laps := act.laps
	if overlap(laps) {
		if rows.len() > 0 {
			a.note("the laps overlap: distance and time are taken from the points")
			return total
		}
		a.note("the laps overlap: the longest counts")
		laps = longest(laps)
	}
	total.DistM, total.MovingS = 0, 0
	for i := range laps {
		// A lap without a distance makes the sum unknown, as NaN does by itself.
		total.DistM += laps[i].distM
		total.MovingS += laps[i].timerS
	}
	total.CadenceSPM = lapCadence(laps, a.Sport)
	if !(total.MovingS > 0) {
		total.MovingS = math.NaN()
	}
	points := t.buf.scan.points.distance(rows)
	switch {
	case !(total.DistM > 0):
		total.DistM = math.NaN()
	case total.DistM < lapShare*points:
		a.note("the laps add up to %.2f km while the points count %.2f km: the points count", total.DistM/1000, points/1000)
		total.DistM = math.NaN()
	}
	if rows.len() == 0 {
		total.ElapsedS = elapsed(laps)
	}
	return total
}

// overlap tells whether a lap begins before the timer of the one before has run its time.
func overlap(laps []tcxLap) bool {
	for i := 1; i < len(laps); i++ {
		from, to := laps[i-1].start, laps[i].start
		if from.known && to.known && laps[i-1].timerS > seconds(to.us()-from.us())+lapOverlapS {
			return true
		}
	}
	return false
}

// longest returns the lap of the longest time.
func longest(laps []tcxLap) []tcxLap {
	best := 0
	for i := range laps {
		if laps[i].timerS > laps[best].timerS {
			best = i
		}
	}
	return laps[best : best+1]
}

// elapsed is the time from the beginning of the first lap to the end of the last, NaN if it is not known.
func elapsed(laps []tcxLap) float64 {
	last := laps[len(laps)-1]
	if !laps[0].start.known || !last.start.known {
		return math.NaN()
	}
	return seconds(last.start.us()-laps[0].start.us()) + last.timerS
}

// distance is what the points themselves count, NaN if they do not.
func (p *pointColumns) distance(rows trackRows) float64 {
	dist := p.column(fieldDist, rows)
	first, last := math.NaN(), math.NaN()
	for _, d := range dist {
		if math.IsNaN(d) {
			continue
		}
		if math.IsNaN(first) {
			first = d
		}
		last = d
	}
	return last - first
}

// lapCadence is the mean of the laps' cadences over time in steps a minute, or else what their steps come to. NaN is for
// laps that do not tell, or not what they count.
func lapCadence(laps []tcxLap, sport Sport) float64 {
	if sport == Cycling {
		return math.NaN()
	}
	var total, withCadence, sum, withSteps, steps float64
	for i := range laps {
		lap := &laps[i]
		if !(lap.timerS > 0) {
			continue
		}
		total += lap.timerS
		if lap.cadence > 0 && lap.cadence != invalidByte {
			withCadence += lap.timerS
			sum += lap.cadence * lap.timerS
		}
		if lap.steps > 0 {
			withSteps += lap.timerS
			steps += lap.steps
		}
	}
	switch {
	case withCadence > 0 && withCadence >= cadenceShare*total:
		return inSteps(sum / withCadence)
	case withSteps > 0 && withSteps >= cadenceShare*total:
		return inSteps(60 * steps / withSteps)
	}
	return math.NaN()
}

// inSteps turns a mean of strides or steps a minute into steps, NaN where it could be either.
func inSteps(perMinute float64) float64 {
	switch {
	case perMinute <= maxStridesPM:
		return stepsPerStride * perMinute
	case perMinute >= minStepsPM:
		return perMinute
	}
	return math.NaN()
}
