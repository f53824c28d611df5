package ingest

import "math"

// trackGapS is the longest time, in seconds, between the last point of one track or lap and the first of the next that
// is no pause: smart recording writes a point every eight seconds at the least.
const trackGapS = 10

// maxLeadS is how long before its first point an activity may begin, in seconds.
const maxLeadS = 60

// compact moves the timed points of an activity together in the columns and notes the pauses between its tracks.
func (t *tcxReader) compact(act *tcxActivity, a *Activity) trackRows {
	p := &t.buf.scan.points
	rows := rowsAt(t.row)
	var last tcxRun
	counted := 0.0 // metres of the tracks before, where each counts from 0
	for _, run := range act.runs {
		if run.first < t.row || run.n < 1 || run.n > p.n-run.first {
			continue
		}
		t.row = run.first + run.n
		if rows.len() == 0 || run.track == last.track {
			first := rows.to
			p.take(&rows, run.first, run.n)
			p.addDistance(first, rows.to, counted)
			last = run
			continue
		}
		run = p.joinRepeated(&rows, run)
		first := rows.to
		p.take(&rows, run.first, run.n)
		if rows.to > first {
			counted = p.countOn(first-1, first, counted)
			p.addDistance(first, rows.to, counted)
			if gap := p.gap(rows, first-1, first); p.isPause(gap, first) && !act.timerRanOn(last.lap, run.lap) {
				a.Pauses = append(a.Pauses, gap)
			}
			last = run
		}
	}
	return rows
}

// joinRepeated drops the first point of a track when it is the last of the track before once more, as Garmin begins
// every lap, and keeps of it what that one lacks.
func (p *pointColumns) joinRepeated(rows *trackRows, run tcxRun) tcxRun {
	last, first := rows.to-1, run.first
	if first >= len(p.timeUS) || p.timeUS[first] != p.timeUS[last] {
		return run
	}
	for _, col := range p.cols {
		if len(col) > 0 && math.IsNaN(col[last]) {
			col[last] = col[first]
		}
	}
	run.first++
	run.n--
	return run
}

// countOn returns what to add to the distances of a track that begins at row first, after one that ends at row last whose
// distances lie counted above what was written: more, if this one counts from 0 again.
func (p *pointColumns) countOn(last, first int, counted float64) float64 {
	dist := p.cols[fieldDist]
	if len(dist) == 0 {
		return counted
	}
	stepS := min(max(seconds(p.timeUS[first]-p.timeUS[last]), 0), maxGapS)
	before, now := dist[last], dist[first]
	if now+counted < before-distSlackM && now <= maxFootMPS*stepS+distSlackM && before <= maxDistM {
		return before
	}
	return counted
}

// addDistance adds metres to the distances of the rows from which up to which.
func (p *pointColumns) addDistance(from, to int, metres float64) {
	if metres == 0 || len(p.cols[fieldDist]) == 0 {
		return
	}
	for i := range p.cols[fieldDist][from:to] {
		p.cols[fieldDist][from+i] += metres
	}
}

// isPause tells whether the timer stood in the gap before the track that begins at row first: it is long, and the
// distance did not go on in it.
func (p *pointColumns) isPause(gap Interval, first int) bool {
	gapS := gap.ToS - gap.FromS
	if !(gapS > trackGapS) {
		return false
	}
	dist := p.cols[fieldDist]
	return len(dist) == 0 || !(dist[first]-dist[first-1] >= minMoveMPS*gapS)
}

// timerRanOn tells whether the timer of one lap ran until another began.
func (act *tcxActivity) timerRanOn(lap, next int) bool {
	if lap < 0 || next <= lap {
		return false
	}
	from, to := act.laps[lap].start, act.laps[next].start
	return from.known && to.known && seconds(to.us()-from.us())-act.laps[lap].timerS <= trackGapS
}

// start is the time that the activity says it began: its Id or else the beginning of its first lap.
func (act *tcxActivity) start() tcxTime {
	if act.id.known || len(act.laps) == 0 {
		return act.id
	}
	return act.laps[0].start
}

// declareStart moves the start of an activity with points to the time that the file declares, if that is shortly before
// the first point, and takes the zone from there if the points tell none.
func (act *tcxActivity) declareStart(a *Activity) {
	start := act.start()
	leadS := seconds(a.Start.UnixMicro() - start.us())
	if !start.known || math.Abs(leadS) > maxLeadS {
		return
	}
	start.giveZone(a)
	if leadS <= 0 {
		return
	}
	a.Start = utcTime(start.us())
	for i := range a.Samples.T {
		a.Samples.T[i] += leadS
	}
	for i := range a.Pauses {
		a.Pauses[i].FromS += leadS
		a.Pauses[i].ToS += leadS
	}
}

// startWithoutPoints sets the start of an activity that has only laps.
func (act *tcxActivity) startWithoutPoints(a *Activity) {
	start := act.start()
	a.Start = utcTime(start.us())
	start.giveZone(a)
	if start.zone == zoneNone {
		a.note(noteNoZone)
	}
}

// giveZone sets the zone of an activity that has none if the time tells its offset.
func (t tcxTime) giveZone(a *Activity) {
	if a.Zone.From == "" && t.zone == zoneOffset && max(t.offsetS, -t.offsetS) <= maxOffsetS {
		a.Zone = Zone{OffsetS: t.offsetS, From: OffsetFile}
	}
}
