package ingest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/tormoder/fit"
)

// FIT times are seconds since 1989-12-31. Below fitClockSet they count from the moment a watch was switched on
// (FIT profile, "date_time"); after fitClockEnd they are wrong.
const (
	fitEpoch    = 631_065_600
	fitClockSet = 0x10000000
	fitClockEnd = 4_102_444_800 - fitEpoch // 2100-01-01
	noFITTime   = -1
	secondsADay = 86_400
)

// No zone is further from UTC than maxOffsetS, and all are whole steps of offsetStepS.
const (
	maxOffsetS  = 14 * 3600
	offsetStepS = 15 * 60
	// savedWithinS is how soon after its end, in seconds, a recording is surely saved whose time of saving is in doubt.
	savedWithinS = 5 * 60
)

// Rows that begin tailAfterEndS after the last session of a broken recording, minLegRows of them or more, are a leg
// whose session is lost.
const (
	tailAfterEndS = 60
	minLegRows    = 30
)

// activities turns the part into one activity for each session.
func (p *fitPart) activities() ([]*Activity, *Problem) {
	switch {
	case p.img.useless:
		return nil, problemf(NotActivity, "FIT file of type %v, not a recording", p.img.fileType)
	case p.act == nil:
		return nil, p.broken
	case p.from == p.to && p.img.sessions == 0 && len(p.act.Laps) == 0:
		return nil, p.empty()
	}
	var all []*Activity
	problem := p.broken
	legs := p.legs()
	for i := range legs {
		a, bad := p.activity(&legs[i])
		if bad != nil {
			problem = cmp.Or(problem, bad)
			continue
		}
		all = append(all, a)
	}
	if len(all) > 0 {
		all[0].Notes = append(all[0].Notes, p.notes...)
	}
	if p.broken != nil {
		for _, a := range all {
			p.broken.Kept += a.Samples.Len()
		}
	}
	return all, problem
}

// fitLeg is one session and its rows.
type fitLeg struct {
	session  *fit.SessionMsg
	sport    Sport
	kind     Kind
	totals   Totals
	from, to int
	// startS and endS bound it in FIT seconds, noFITTime where nothing bounds it.
	startS, endS float64
}

func unknownLeg(from, to int) fitLeg {
	return fitLeg{
		sport: UnknownSport, kind: Unspecified, totals: noTotals(), from: from, to: to, startS: noFITTime, endS: noFITTime,
	}
}

// legs splits the part's rows among its sessions, each row to one.
func (p *fitPart) legs() []fitLeg {
	if p.img.sessions == 0 {
		return []fitLeg{p.withoutSession()}
	}
	sessions := p.act.Sessions
	isSum := func(s *fit.SessionMsg) bool { return s.Sport == fit.SportMultisport }
	if !slices.ContainsFunc(sessions, func(s *fit.SessionMsg) bool { return !isSum(s) }) {
		sessions = sessions[:1]
	} else {
		sessions = slices.DeleteFunc(sessions, isSum)
	}
	var legs []fitLeg
	for _, s := range sessions {
		sport, kind := sportOf(s.Sport, s.SubSport)
		legs = append(legs, fitLeg{
			session: s, sport: sport, kind: kind, totals: totalsOf(s, sport), startS: sessionStart(s), endS: noFITTime,
		})
	}
	slices.SortStableFunc(legs, func(a, b fitLeg) int { return cmp.Compare(a.startS, b.startS) })
	legs = slices.CompactFunc(legs, func(a, b fitLeg) bool {
		return a.startS == b.startS && a.sport == b.sport && a.totals.ElapsedS == b.totals.ElapsedS
	})
	times := p.cols.vals[colT]
	from := p.from
	for i := range legs {
		legs[i].from, legs[i].to = from, p.to
		if i+1 == len(legs) {
			break
		}
		legs[i].endS = legs[i+1].startS
		from += splitAt(times[from:p.to], legs[i+1].startS)
		legs[i].to = from
	}
	return p.unfinishedLeg(legs)
}

// unfinishedLeg gives the rows after the last session of a broken recording a leg of their own: the session of the
// leg that was under way is lost.
func (p *fitPart) unfinishedLeg(legs []fitLeg) []fitLeg {
	last := &legs[len(legs)-1]
	end := max(fitSeconds(last.session.Timestamp), last.startS+last.totals.ElapsedS) + tailAfterEndS
	if p.broken == nil || !(end > fitClockSet) {
		return legs
	}
	times := p.cols.vals[colT]
	from := last.from + splitAt(times[last.from:last.to], end)
	if last.to-from < minLegRows || !(times[from]-end < secondsADay) {
		return legs // nothing, or a wrong time or two
	}
	tail := unknownLeg(from, last.to)
	last.to, last.endS = from, end
	return append(legs, tail)
}

// splitAt returns the index that best divides times into those before and those from at, whatever single wrong times
// do.
func splitAt(times []float64, at float64) int {
	best, bestScore, score := 0, 0, 0
	for i, t := range times {
		switch {
		case t < at:
			score++
		case t >= at:
			score--
		}
		if score > bestScore {
			best, bestScore = i+1, score
		}
	}
	return best
}

// withoutSession makes one leg of a part that lost its sessions: the sport comes from the sport message or the laps,
// the totals from the laps only where there are no samples to tell better.
func (p *fitPart) withoutSession() fitLeg {
	leg := unknownLeg(p.from, p.to)
	for _, s := range p.act.Sessions {
		sport, kind := sportOf(s.Sport, s.SubSport)
		if leg.sport != UnknownSport && leg.sport != sport {
			p.notes = append(p.notes, "several sports in a file without sessions: they cannot be told apart")
			leg.sport, leg.kind = OtherSport, Unspecified
			return leg
		}
		leg.sport, leg.kind = sport, kind
	}
	for i, lap := range p.act.Laps {
		if leg.sport == UnknownSport {
			leg.sport, leg.kind = sportOf(lap.Sport, lap.SubSport)
		}
		if p.from < p.to {
			continue
		}
		if i == 0 {
			leg.startS = fitSeconds(lap.StartTime)
			leg.totals.DistM, leg.totals.MovingS, leg.totals.ElapsedS = 0, 0, 0
		}
		leg.totals.DistM += lap.GetTotalDistanceScaled()
		leg.totals.MovingS += lap.GetTotalTimerTimeScaled()
		leg.totals.ElapsedS += lap.GetTotalElapsedTimeScaled()
	}
	return leg
}

// activity builds the activity of a leg.
func (p *fitPart) activity(leg *fitLeg) (*Activity, *Problem) {
	a := &Activity{Format: FIT, Sport: leg.sport, Kind: leg.kind, Device: leg.totals, Samples: p.cols.samples(leg.from, leg.to)}
	start, bad := startOf(leg.startS, a.Samples.T)
	if bad != nil {
		return nil, bad
	}
	a.Start = time.Unix(fitEpoch+int64(start), 0).UTC()
	for i := range a.Samples.T {
		a.Samples.T[i] -= start
	}
	pairPositions(a.Samples.LatDeg, a.Samples.LonDeg)
	a.Zone = p.zone(p.endS(start, a.Samples.T))
	a.Pauses = p.pauses(start, leg.endS)
	if a.Samples.ElevM != nil {
		a.Elevation = p.elevation()
	}
	return a, nil
}

// pairPositions drops the half of a position whose other half is missing.
func pairPositions(lat, lon []float64) {
	for i := range lat {
		if math.IsNaN(lat[i]) || math.IsNaN(lon[i]) {
			lat[i], lon[i] = math.NaN(), math.NaN()
		}
	}
}

// startOf chooses the start: the session's, or the first sample's when that is earlier or the session's is more than a
// day off.
func startOf(sessionS float64, times []float64) (float64, *Problem) {
	first, wrong := float64(noFITTime), sessionS
	for _, t := range times {
		if plausible(t) {
			first = t
			break
		}
		if !(wrong >= fitClockEnd) {
			wrong = t
		}
	}
	switch {
	case first == noFITTime && plausible(sessionS):
		return sessionS, nil
	case first != noFITTime && (!plausible(sessionS) || math.Abs(first-sessionS) > secondsADay):
		return first, nil
	case first != noFITTime:
		return min(first, sessionS), nil
	case wrong >= fitClockEnd:
		return 0, problemf(Implausible, "the recording is dated after the year 2100, so no week can count it: set the clock of the watch")
	}
	return 0, problemf(NoTime, "%s and no date, so no week can count it: the clock of the watch was not set; overrides.csv can count it by hand", count(len(times), "sample"))
}

func plausible(fitS float64) bool { return fitS >= fitClockSet && fitS < fitClockEnd }

// sessionStart is the start of a session in FIT seconds, noFITTime if it is unknown.
func sessionStart(s *fit.SessionMsg) float64 {
	if start := fitSeconds(s.StartTime); plausible(start) {
		return start
	}
	if start := fitSeconds(s.Timestamp) - s.GetTotalElapsedTimeScaled(); plausible(start) {
		return math.Floor(start)
	}
	return fitSeconds(s.StartTime)
}

// fitSeconds turns one of the library's times into FIT seconds; the library's zero is the epoch.
func fitSeconds(t time.Time) float64 {
	if fit.IsBaseTime(t) {
		return noFITTime
	}
	return float64(t.Unix() - fitEpoch)
}

// endS is when the recording ended, in FIT seconds: with its last session, else with the last sample of its only leg.
func (p *fitPart) endS(start float64, times []float64) float64 {
	end := start
	for _, s := range p.act.Sessions {
		if s != nil { // a copy or a sum of the others was taken out
			end = max(end, fitSeconds(s.Timestamp))
		}
	}
	if n := len(times); end == start && n > 0 {
		end += times[n-1]
	}
	return end
}

// zone is the offset of the activity message's local time: its digits less the UTC time of the message. The library's
// own zone is relative to whatever timestamp came before. endS is when the recording ended: where the local time says so
// and the UTC time does not, a writer has swapped the two.
func (p *fitPart) zone(endS float64) Zone {
	act := p.act.Activity
	if act == nil || !plausible(fitSeconds(act.Timestamp)) || !plausible(fitSeconds(act.LocalTimestamp)) {
		return Zone{}
	}
	_, shown := act.LocalTimestamp.Zone()
	utcS := fitSeconds(act.Timestamp)
	localS := fitSeconds(act.LocalTimestamp) + float64(shown)
	offset := int(localS - utcS)
	if offset < -maxOffsetS || offset > maxOffsetS || offset%offsetStepS != 0 {
		return Zone{}
	}
	if math.Abs(localS-endS) < savedWithinS && math.Abs(utcS-endS) >= offsetStepS-savedWithinS {
		offset = -offset
	}
	return Zone{OffsetS: offset, From: OffsetFile}
}

// pauses lists the stretches between a timer stop and the next start, within the leg that begins at start and ends at
// end, both in FIT seconds.
func (p *fitPart) pauses(start, end float64) []Interval {
	var pauses []Interval
	stopped := math.NaN()
	for _, e := range p.act.Events {
		at := fitSeconds(e.Timestamp)
		if at < start || end != noFITTime && at >= end {
			continue
		}
		switch e.EventType {
		case fit.EventTypeStop, fit.EventTypeStopAll, fit.EventTypeStopDisable, fit.EventTypeStopDisableAll:
			if !(stopped <= at) {
				stopped = at
			}
		case fit.EventTypeStart:
			if at > stopped && plausible(at) && (len(pauses) == 0 || stopped-start >= pauses[len(pauses)-1].ToS) {
				pauses = append(pauses, Interval{FromS: stopped - start, ToS: at - start})
			}
			stopped = math.NaN()
		}
	}
	return pauses
}

// elevation tells where altitude comes from. Watches since 2014 or so list their own sensors; one that lists some and
// no barometer has none.
func (p *fitPart) elevation() ElevSource {
	source := ElevUnknown
	for _, d := range p.act.DeviceInfos {
		switch fit.LocalDeviceType(d.DeviceType) {
		case fit.LocalDeviceTypeBarometer:
			return Barometer
		case fit.LocalDeviceTypeGps, fit.LocalDeviceTypeGlonass, fit.LocalDeviceTypeGpsGlonass,
			fit.LocalDeviceTypeAccelerometer, fit.LocalDeviceTypeWhr:
			source = GPSAltitude
		}
	}
	return source
}
