package analyze

import (
	"fmt"
	"math"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Session is one activity of any sport, reduced. Only running has a Run.
type Session struct {
	Sport ingest.Sport
	Date  civil.Date
	File  string
	// Start carries the local offset, and ElapsedS is how long the recording lasts, 0 when nothing tells.
	Start    time.Time
	ElapsedS float64
	// Notes say why a session of no known sport is no run; a run has its own.
	Notes []string
	Run   *Run
}

// Bounds of what a run can be; beyond them a recording is refused rather than counted. The longest day's run on record is
// 319 km.
const (
	maxMeanMPS = 7
	maxRunM    = 500e3
)

// records are mean speeds that nobody holds over a distance and more: the men's world records on the road with some 3 % for
// what GPS adds. 10 km were run at 6.34 m/s, 21.1 km at 6.20, 42.2 km at 5.83 and 100 km at 4.56.
var records = []struct{ fromM, mps float64 }{{100e3, 4.8}, {42e3, 6.0}, {21e3, 6.4}, {10e3, 6.6}}

// recordMPS is the mean speed above which a run of a distance is none.
func recordMPS(distM float64) float64 {
	for _, f := range records {
		if distM >= f.fromM {
			return f.mps
		}
	}
	return maxMeanMPS
}

// Doubts that are told and not refused.
const (
	// distanceDoubt is the difference of device total and samples, as a share, from which a runner should know.
	distanceDoubt = 0.05
	// forgottenS is the length of a recording that was perhaps not stopped, if less than half of it was spent moving.
	forgottenS = 12 * 3600
	// idleTimerS and idleTimerShare bound a timer that ran on while nobody moved: an hour more than the time moving
	// and more than twice of it.
	idleTimerS     = 3600
	idleTimerShare = 2
)

// Reduce computes the figures of one activity in a few passes over its samples and keeps none of them. A run that
// cannot be true (mean speed above 7 m/s or that of the world's best over the distance, above 500 km, no duration) is refused as implausible. A run without any
// distance has a DistM of 0 and a note, for it still counts as a day of running.
func Reduce(a *ingest.Activity) (Session, *ingest.Problem) {
	j, problem := (&streets{}).reduce(a)
	return j.session, problem
}

// figures is Reduce without the ground.
func figures(a *ingest.Activity, w *workspace) (Session, *ingest.Problem) {
	start := a.Start.In(localZone(a.Zone.OffsetS))
	s := Session{Sport: a.Sport, Date: civil.Of(start), File: a.File, Start: start, ElapsedS: lasted(a)}
	if a.Sport == ingest.UnknownSport {
		s.Notes = append(s.Notes, a.Notes...)
	}
	if a.Sport != ingest.Running {
		return s, nil
	}
	r := &Run{
		ID: a.ID, File: a.File, Name: a.Name, Format: a.Format, Kind: a.Kind,
		Date: s.Date, Start: start, OffsetFrom: a.Zone.From,
		Device: a.Device, Channels: channels(&a.Samples),
		Notes: append([]string(nil), a.Notes...),
	}
	if r.Kind == "" {
		r.Kind = ingest.Unspecified
	}
	if a.Cut {
		r.Device.DistM, r.Device.MovingS, r.Device.ElapsedS = math.NaN(), math.NaN(), math.NaN()
	}
	m := newMotion(&a.Samples, a.Pauses, w)
	r.DistM = distance(r, &a.Samples)
	r.ElapsedS, r.MovingS = duration(r, s.ElapsedS, &m)
	if err := implausible(r); err != nil {
		return Session{}, &ingest.Problem{File: a.File, Kind: ingest.Implausible, Err: err}
	}
	switch {
	case r.TooShort():
		r.note("too short to count as a run day (under %d min and under %d m)", minRunS/60, minRunM)
	case r.DistM == 0:
		r.note("no distance was recorded: the run counts as a day of running without mileage")
	}
	r.Device = a.Device
	r.LongestContinuousS = min(m.longestContinuous(), r.ElapsedS)
	r.SpeedSpread = m.speedSpread()
	hill := newProfile(a, r.Kind, &m)
	r.Climb = hill.climb()
	r.Cadence = cadence(&m, &hill, a.CadenceUnit)
	r.Heart, r.Pace = heart(&m), pace(&m, &hill)
	s.Run = r
	return s, nil
}

// distance is the device's total, else what the distance column grew by, else 0.
func distance(r *Run, s *ingest.Samples) float64 {
	from, to := span(s.DistM)
	sampled := math.NaN()
	if from < to {
		sampled = s.DistM[to] - s.DistM[from]
	}
	switch {
	case r.Device.DistM > 0 && !math.IsInf(r.Device.DistM, 0):
		if math.Abs(sampled/r.Device.DistM-1) > distanceDoubt {
			r.note("the watch's total of %.2f km differs from its samples (%.2f km): the total counts", r.Device.DistM/1000, sampled/1000)
		}
		return r.Device.DistM
	case sampled > 0:
		return sampled
	}
	return 0
}

// lasted is the device's elapsed time, else that of the samples, else 0.
func lasted(a *ingest.Activity) float64 {
	elapsedS := positive(a.Device.ElapsedS)
	if a.Cut {
		elapsedS = 0
	}
	if n := a.Samples.Len(); elapsedS == 0 && n > 0 {
		elapsedS = positive(a.Samples.T[n-1] - a.Samples.T[0])
	}
	return elapsedS
}

// duration returns elapsed and moving seconds: the latter is the device's where it says so, else that of the samples.
func duration(r *Run, elapsedS float64, m *motion) (_, movingS float64) {
	movingS = positive(r.Device.MovingS)
	switch {
	case movingS == 0:
		movingS = m.totalS
		if limit := recordMPS(r.DistM); r.DistM > limit*movingS && r.DistM <= limit*elapsedS {
			r.note("too few samples to tell running from pauses: the whole time counts as moving")
			movingS = elapsedS
		}
	case m.totalS > 0 && movingS > idleTimerShare*m.totalS && movingS-m.totalS > idleTimerS && m.totalS*maxMeanMPS > r.DistM:
		r.note("the timer ran for %s while only %s were spent moving: the latter counts", clock(movingS), clock(m.totalS))
		movingS = m.totalS
	}
	elapsedS = max(elapsedS, movingS)
	if elapsedS >= forgottenS && m.totalS < elapsedS/2 {
		r.note("the recording lasts %s with %s of moving: it was perhaps not stopped after the run", clock(elapsedS), clock(m.totalS))
	}
	return elapsedS, movingS
}

// implausible says why a run cannot be one, or nil.
func implausible(r *Run) error {
	switch {
	case r.MovingS <= 0 && r.DistM <= 0:
		return fmt.Errorf("neither distance nor time was recorded: delete the file, or leave it; it is not counted")
	case r.MovingS <= 0:
		return fmt.Errorf("%.1f km in no time at all: the file's times cannot be trusted, so it is not counted", r.DistM/1000)
	case r.DistM > maxRunM:
		return fmt.Errorf("%.0f km is beyond any run (limit %.0f km): correct its distance or sport where it was recorded and export it again", r.DistM/1000, maxRunM/1000.0)
	case r.DistM > recordMPS(r.DistM)*r.MovingS:
		return fmt.Errorf("%.1f km in %s is %.1f m/s on average, faster than anybody runs: probably a ride; correct its sport where it was recorded and export it again",
			r.DistM/1000, clock(r.MovingS), r.DistM/r.MovingS)
	}
	return nil
}

// note adds a doubt or repair in words.
func (r *Run) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// channels counts the columns that hold something.
func channels(s *ingest.Samples) int {
	n := 0
	for _, c := range [...][]float64{s.T, s.LatDeg, s.ElevM, s.DistM, s.SpeedMPS, s.CadenceSPM, s.HeartBPM, s.StepLengthM} {
		if len(c) > 0 {
			n++
		}
	}
	return n
}

// span returns the indices of the first and the last known value; from > to when there is none.
func span(col []float64) (from, to int) {
	from, to = 0, len(col)-1
	for from <= to && !finite(col[from]) {
		from++
	}
	for to >= from && !finite(col[to]) {
		to--
	}
	return from, to
}

// finite tells whether v is a number, neither NaN nor infinite.
func finite(v float64) bool { return v-v == 0 }

// positive returns v when it is a number above 0, else 0.
func positive(v float64) float64 {
	if v > 0 && !math.IsInf(v, 1) {
		return v
	}
	return 0
}

// clock writes seconds as hours and minutes, such as "1:05 h".
func clock(s float64) string {
	m := int(math.Round(s / 60))
	return fmt.Sprintf("%d:%02d h", m/60, m%60)
}

// localZone is the zone of a run's Start.
func localZone(offsetS int) *time.Location { return time.FixedZone(zoneName(offsetS), offsetS) }

// zoneName writes an offset as +08:00, or UTC.
func zoneName(offsetS int) string {
	if offsetS == 0 {
		return "UTC"
	}
	sign, m := '+', offsetS/60
	if m < 0 {
		sign, m = '-', -m
	}
	return fmt.Sprintf("%c%02d:%02d", sign, m/60, m%60)
}
