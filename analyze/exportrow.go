package analyze

import (
	"fmt"
	"math"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// rowsAlone makes sessions of the rows whose activity is in no file that could be read, and counts all rows.
func (j *joiner) rowsAlone(t *exportTable) {
	unknown := map[string]int{}
	for i := range t.rows {
		row := &t.rows[i]
		why, joined := j.missing(t, i)
		known := j.used[row.ID]
		j.used[row.ID] = true
		switch {
		case joined || known:
			t.Joined++
		case row.Sport == ingest.Running:
			j.runAlone(t, row, why)
		case row.Sport == ingest.Strength:
			j.strengthAlone(t, row)
		case row.Sport == ingest.UnknownSport && row.MovesLikeRun():
			t.Unused++
			unknown[row.Type]++
		default:
			if !j.correctByTime(t, row) {
				j.crossAlone(t, row)
			}
			t.Other++
		}
	}
	for i := range t.rows {
		if n := unknown[t.rows[i].Type]; n > 0 {
			delete(unknown, t.rows[i].Type)
			t.refuse(&ingest.Problem{Kind: ingest.Unsupported, Err: fmt.Errorf(
				"%d rows of the type %q move like runs, but kneecheck does not know that word: they are not counted; set the language of the account to English and ask for the export again", n, t.rows[i].Type)})
		}
	}
}

// missing says why row i is not in a file, or that it is.
func (j *joiner) missing(t *exportTable, i int) (why string, joined bool) {
	row := &t.rows[i]
	if row.Filename == "" {
		return "it has no file", false
	}
	why = "its file is missing"
	for _, r := range j.found[t][i] {
		result := &j.results[r]
		if result.File == "" {
			return "", true // not begun before an interruption: nothing can be said
		}
		why = "its file cannot be used"
		for k := range result.Values {
			if s := &result.Values[k]; s.Run != nil || row.Sport != ingest.Running {
				return "", true
			}
		}
	}
	return why, false
}

// runAlone joins a row to a run of another file that is the same, or makes a run of it.
func (j *joiner) runAlone(t *exportTable, row *ingest.ExportRow, why string) {
	if row.Start.IsZero() {
		t.Unused++
		t.note("line %d: its file is missing and its date is not understood: not counted", row.Line)
		return
	}
	r := j.tableRun(t, row, why)
	for _, s := range j.near(r.Start) {
		same := row.DayOnly && s.Run.Date == r.Date && math.Abs(s.Run.DistM-r.DistM) <= copyDistance*max(s.Run.DistM, r.DistM)
		if !row.DayOnly {
			_, same = compareTimes(s.Run, &r)
		}
		if same {
			s.Run.tell(row, r.Shoe, false)
			t.Joined++
			return
		}
	}
	if err := implausible(&r); err != nil {
		t.Unused++
		t.refuse(&ingest.Problem{Kind: ingest.Implausible, Err: fmt.Errorf("line %d: %w", row.Line, err)})
		return
	}
	t.Runs++
	t.result.Values = append(t.result.Values, Session{Sport: ingest.Running, Date: r.Date, File: r.File, Run: &r})
}

// strengthAlone counts a strength session that is in no file.
func (j *joiner) strengthAlone(t *exportTable, row *ingest.ExportRow) {
	start, _, _ := j.localTime(row)
	day := civil.Of(start)
	switch {
	case row.Start.IsZero():
		t.Unused++
	case j.strength[day] > 0:
		j.strength[day]--
		t.Joined++
	default:
		t.Strength++
		t.result.Values = append(t.result.Values, Session{Sport: ingest.Strength, Date: day, File: t.where(row)})
	}
}

// crossAlone counts a session of another sport that is in no file, as long as it tells how long it lasted.
func (j *joiner) crossAlone(t *exportTable, row *ingest.ExportRow) {
	lastedS := max(positive(row.Totals.ElapsedS), positive(row.Totals.MovingS))
	if row.Start.IsZero() || row.Sport == ingest.UnknownSport || lastedS == 0 {
		return
	}
	start, _, _ := j.localTime(row)
	s := Session{Sport: row.Sport, Date: civil.Of(start), File: t.where(row), ElapsedS: lastedS}
	if !row.DayOnly {
		s.Start = start
	}
	t.result.Values = append(t.result.Values, s)
}

// correctByTime takes a run of a file for the other sport that a row without a file name says it was. Only the same
// start and the same distance tell that both are one activity. It tells whether there was one.
func (j *joiner) correctByTime(t *exportTable, row *ingest.ExportRow) bool {
	if row.Start.IsZero() || row.DayOnly || row.Sport == ingest.UnknownSport {
		return false
	}
	found := false
	for _, s := range j.near(row.Start) {
		if math.Abs(s.Run.Start.Sub(row.Start).Seconds()) > copyStartS {
			continue
		}
		if d := row.Totals.DistM; math.Abs(s.Run.DistM-d) <= copyDistance*max(s.Run.DistM, d) {
			j.correct(t, row, s)
			found = true
		}
	}
	return found
}

// tableRun is the run that a row tells of. What only samples tell is not known.
func (j *joiner) tableRun(t *exportTable, row *ingest.ExportRow, why string) Run {
	start, from, told := j.localTime(row)
	r := Unmeasured()
	r.ID, r.File, r.Name, r.Format = row.ID, t.where(row), row.Name, ingest.CSV
	r.Date, r.Start, r.OffsetFrom, r.Kind = civil.Of(start), start, from, row.Kind
	r.DistM, r.MovingS, r.ElapsedS = positive(row.Totals.DistM), positive(row.Totals.MovingS), positive(row.Totals.ElapsedS)
	r.Device, r.Shoe, r.Race, r.LongRun = row.Totals, t.shoe(row.Gear), row.Race, row.LongRun
	r.DirtM = positive(row.DirtM)
	if r.MovingS == 0 {
		r.MovingS = r.ElapsedS
	}
	r.ElapsedS = max(r.ElapsedS, r.MovingS)
	r.Surface = deviceSurface(r.Kind, r.DistM, &ingest.Samples{})
	r.note("from the export's table: %s; %s", why, told)
	if r.DistM == 0 {
		r.note("the table has no distance: the run counts as a day of running without mileage")
	}
	if row.RoughDist {
		r.note("the table does not tell the unit of its distances: taken for kilometres")
	}
	r.steps(row.Steps)
	return r
}

// Bounds of an average cadence that a count of steps can tell; below lies a count of one foot or a walk.
const minTableSPM, maxTableSPM = 130, 250

// steps takes the cadence from the count of steps or from the table's own average. It counts walking too, so it is not
// spread over speeds and no rule judges it.
func (r *Run) steps(steps float64) {
	spm := steps / r.MovingS * 60
	if !(spm >= minTableSPM && spm <= maxTableSPM) {
		spm = r.Device.CadenceSPM
	}
	if !(spm >= minTableSPM && spm <= maxTableSPM) {
		return
	}
	r.Device.CadenceSPM = spm
	r.Cadence.MeanSPM, r.Cadence.Coverage, r.Cadence.Unit = spm, 1, ingest.Steps
	if r.DistM > 0 {
		r.Cadence.StepLengthM = r.DistM / (spm * r.MovingS / 60)
	}
}

// localTime shifts a row's UTC to the runner's own clock: by what the row tells, else as the nearest run that knows its
// zone, else by the home zone. Where the home zone agrees with that run it knows better when clocks are changed.
func (j *joiner) localTime(row *ingest.ExportRow) (start time.Time, from ingest.OffsetSource, told string) {
	if row.Zone.From != "" {
		return row.Start.In(time.FixedZone(zoneName(row.Zone.OffsetS), row.Zone.OffsetS)), row.Zone.From, "its local time is the table's"
	}
	home := j.options.HomeZone
	near := j.nearest(row.Start)
	switch {
	case row.DayOnly:
		// The day is all that is said, so it must not be shifted. Noon is far from both of its ends.
		return row.Start.Add(12 * time.Hour), ingest.OffsetUTC, "it tells the day and no clock"
	case near == nil && home == nil:
		return row.Start, ingest.OffsetUTC, "its day is that of UTC, for nothing tells the zone; home_zone does"
	case near == nil:
	default:
		_, offset := near.Start.Zone()
		if home == nil || !agrees(home, near.Start, offset) {
			return row.Start.In(near.Start.Location()), near.OffsetFrom, "its local time is taken from the run of " + near.Date.String()
		}
	}
	at := row.Start.In(home)
	_, offset := at.Zone()
	return row.Start.In(time.FixedZone(zoneName(offset), offset)), ingest.OffsetConfig, "its local time is that of the home zone"
}

func agrees(zone *time.Location, at time.Time, offset int) bool {
	_, home := at.In(zone).Zone()
	return home == offset
}
