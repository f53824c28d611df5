// Package export writes a log as flat tables for other programs: DuckDB, pandas, R, Spark, a spreadsheet. A table is a
// struct; its tags name the columns, one name in every format, and its doc tags are the documentation.
package export

import (
	"math"
	"time"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Run is one row of the table runs.
type Run struct {
	Athlete        string     `json:"athlete" parquet:"athlete" doc:"the athlete's name where the log has one, else empty"`
	ID             string     `json:"id" parquet:"id" doc:"stable, derived from the content of the file"`
	File           string     `json:"file" parquet:"file" doc:"the file it was read from"`
	AlsoIn         []string   `json:"also_in" parquet:"also_in,list" doc:"files of merged copies"`
	Date           civil.Date `json:"date" parquet:"date,date" doc:"local calendar day of the start"`
	StartUTC       time.Time  `json:"start_utc" parquet:"start_utc,timestamp(millisecond)" doc:"instant of the start"`
	UTCOffsetS     int32      `json:"utc_offset_s" parquet:"utc_offset_s" doc:"local time less UTC in seconds"`
	OffsetFrom     string     `json:"offset_from" parquet:"offset_from" doc:"where the offset was learned: file, position, config or utc"`
	Kind           string     `json:"kind" parquet:"kind" doc:"road, trail, track, treadmill, virtual or unspecified, as the device says"`
	DistanceM      *float64   `json:"distance_m" parquet:"distance_m,optional" doc:"metres"`
	MovingS        *float64   `json:"moving_s" parquet:"moving_s,optional" doc:"seconds of moving; empty when nothing tells, as of a run counted by hand"`
	ElapsedS       *float64   `json:"elapsed_s" parquet:"elapsed_s,optional" doc:"seconds from start to end"`
	CadenceSPM     *float64   `json:"cadence_spm" parquet:"cadence_spm,optional" doc:"steps a minute of both feet while running, weighted by time"`
	CadenceShare   float64    `json:"cadence_coverage" parquet:"cadence_coverage" doc:"share of moving time with a usable cadence"`
	CadenceUnit    string     `json:"cadence_unit" parquet:"cadence_unit" doc:"what the file held: strides, steps, doubled or none"`
	StepLengthM    *float64   `json:"step_length_m" parquet:"step_length_m,optional" doc:"metres a step over the same time"`
	AscentM        *float64   `json:"ascent_m" parquet:"ascent_m,optional" doc:"metres climbed; empty without trustworthy altitude"`
	DescentM       *float64   `json:"descent_m" parquet:"descent_m,optional" doc:"metres descended"`
	DownhillM      *float64   `json:"downhill_m" parquet:"downhill_m,optional" doc:"metres run at a grade of -5 % or steeper"`
	KneeKM         *float64   `json:"knee_km" parquet:"knee_km,optional" doc:"experimental relative load, no force (kneecheck explain KC107)"`
	DeviceM        *float64   `json:"device_distance_m" parquet:"device_distance_m,optional" doc:"the device's own distance"`
	DeviceMovingS  *float64   `json:"device_moving_s" parquet:"device_moving_s,optional" doc:"the device's timer"`
	DeviceSPM      *float64   `json:"device_cadence_spm" parquet:"device_cadence_spm,optional" doc:"the device's own mean, walking included"`
	DeviceAscentM  *float64   `json:"device_ascent_m" parquet:"device_ascent_m,optional" doc:"the device's own ascent"`
	DeviceDescentM *float64   `json:"device_descent_m" parquet:"device_descent_m,optional" doc:"the device's own descent"`
	HardM          float64    `json:"hard_m" parquet:"hard_m" doc:"metres on asphalt and concrete"`
	MediumM        float64    `json:"medium_m" parquet:"medium_m" doc:"metres on gravel, tracks and wood"`
	SoftM          float64    `json:"soft_m" parquet:"soft_m" doc:"metres on earth, grass and sand"`
	TreadmillM     float64    `json:"treadmill_m" parquet:"treadmill_m" doc:"metres on a treadmill"`
	UnknownM       float64    `json:"unknown_m" parquet:"unknown_m" doc:"metres on unknown ground"`
	HardLow        *float64   `json:"hard_low" parquet:"hard_low,optional" doc:"lower bound of the hard share, 80 % interval"`
	HardHigh       *float64   `json:"hard_high" parquet:"hard_high,optional" doc:"upper bound of the hard share"`
	Shoe           *string    `json:"shoe" parquet:"shoe,optional" doc:"the pair worn"`
	Race           bool       `json:"race" parquet:"race" doc:"true for a tagged race"`
	Notes          []string   `json:"notes" parquet:"notes,list" doc:"repairs and doubts in words"`
}

// Week is one row of the table weeks.
type Week struct {
	Athlete    string     `json:"athlete" parquet:"athlete" doc:"the athlete's name where the log has one, else empty"`
	Start      civil.Date `json:"start" parquet:"start,date" doc:"first day"`
	End        civil.Date `json:"end" parquet:"end,date" doc:"last day"`
	Complete   bool       `json:"complete" parquet:"complete" doc:"false for a first or last week that the log holds in part"`
	Runs       int32      `json:"runs" parquet:"runs" doc:"number of runs"`
	RunDays    int32      `json:"run_days" parquet:"run_days" doc:"days with a run"`
	DistanceM  float64    `json:"distance_m" parquet:"distance_m" doc:"metres"`
	MovingS    float64    `json:"moving_s" parquet:"moving_s" doc:"seconds of moving"`
	LongestM   float64    `json:"longest_m" parquet:"longest_m" doc:"metres of the longest run"`
	Change     *float64   `json:"change" parquet:"change,optional" doc:"this week by the week before, less 1"`
	CadenceSPM *float64   `json:"cadence_spm" parquet:"cadence_spm,optional" doc:"steps a minute, weighted by time"`
	AscentM    *float64   `json:"ascent_m" parquet:"ascent_m,optional" doc:"metres climbed"`
	DescentM   *float64   `json:"descent_m" parquet:"descent_m,optional" doc:"metres descended"`
	HardShare  *float64   `json:"hard_share" parquet:"hard_share,optional" doc:"share on hard ground; empty above 40 % unknown"`
	KneeKM     *float64   `json:"knee_km" parquet:"knee_km,optional" doc:"experimental relative load"`
	Strength   *int32     `json:"strength_sessions" parquet:"strength_sessions,optional" doc:"strength sessions; empty when none was ever logged"`
}

// Finding is one row of the table findings.
type Finding struct {
	Athlete     string     `json:"athlete" parquet:"athlete" doc:"the athlete's name where the log has one, else empty"`
	Rule        string     `json:"rule" parquet:"rule" doc:"the rule's ID"`
	Name        string     `json:"name" parquet:"name" doc:"the rule's name"`
	Severity    string     `json:"severity" parquet:"severity" doc:"note, warning or high"`
	Grade       string     `json:"grade" parquet:"grade" doc:"how good the evidence is: strong, moderate, weak or convention"`
	From        civil.Date `json:"from" parquet:"from,date" doc:"first day it is about"`
	To          civil.Date `json:"to" parquet:"to,date" doc:"last day it is about"`
	Runs        []string   `json:"runs" parquet:"runs,list" doc:"IDs of the runs"`
	Value       float64    `json:"value" parquet:"value" doc:"what the log shows"`
	Limit       float64    `json:"limit" parquet:"limit" doc:"the limit in force"`
	Unit        string     `json:"unit" parquet:"unit" doc:"unit of value and limit: ratio, share, m, days, min, spm or count"`
	Message     string     `json:"message" parquet:"message" doc:"the finding in words"`
	Advice      string     `json:"advice" parquet:"advice" doc:"what to do, in words"`
	Fingerprint string     `json:"fingerprint" parquet:"fingerprint" doc:"of athlete, rule and period, not of the figures"`
	// Acknowledged findings do not count for the verdict.
	Acknowledged bool `json:"acknowledged" parquet:"acknowledged" doc:"true when the runner has acknowledged it"`
}

// Sample is one row of the table samples.
type Sample struct {
	Athlete    string    `json:"athlete" parquet:"athlete,dict" doc:"the athlete's name where the log has one, else empty"`
	RunID      string    `json:"run_id" parquet:"run_id,dict" doc:"the run's id in the table runs"`
	TimeUTC    time.Time `json:"time_utc" parquet:"time_utc,timestamp(millisecond)" doc:"instant"`
	TS         float64   `json:"t_s" parquet:"t_s" doc:"seconds since the start of the run"`
	DistanceM  *float64  `json:"distance_m" parquet:"distance_m,optional" doc:"metres since the start"`
	SpeedMPS   *float64  `json:"speed_mps" parquet:"speed_mps,optional" doc:"metres a second"`
	CadenceSPM *float64  `json:"cadence_spm" parquet:"cadence_spm,optional" doc:"steps a minute of both feet"`
	HeartBPM   *float64  `json:"heart_bpm" parquet:"heart_bpm,optional" doc:"beats a minute"`
	AltitudeM  *float64  `json:"altitude_m" parquet:"altitude_m,optional" doc:"metres above the sea, as recorded"`
}

// PlacedSample is a Sample with its place, for those who asked for coordinates.
type PlacedSample struct {
	Sample
	LatDeg *float64 `json:"lat_deg" parquet:"lat_deg,optional" doc:"latitude, WGS84, only with --with-coordinates"`
	LonDeg *float64 `json:"lon_deg" parquet:"lon_deg,optional" doc:"longitude, WGS84, only with --with-coordinates"`
}

// told is a length or a time that a run has, nil when it is not known: documents write 0 then.
func told(v float64) *float64 {
	if v > 0 {
		return &v
	}
	return nil
}

// Runs are the rows of a document's runs. starts are their instants, one for one.
func Runs(d *report.Document, starts []time.Time) []Run {
	rows := make([]Run, len(d.Runs))
	for i := range d.Runs {
		r := &d.Runs[i]
		_, offset := starts[i].Zone()
		rows[i] = Run{
			Athlete: d.Athlete, ID: r.ID, File: r.File, AlsoIn: r.AlsoIn, Date: r.Date, StartUTC: starts[i].UTC(), UTCOffsetS: int32(offset),
			OffsetFrom: r.OffsetFrom, Kind: r.Kind, DistanceM: told(r.DistanceM), MovingS: told(r.MovingS), ElapsedS: told(r.ElapsedS),
			CadenceSPM: r.CadenceSPM, CadenceShare: r.CadenceCoverage, CadenceUnit: r.CadenceUnit, StepLengthM: r.StepLengthM,
			AscentM: r.AscentM, DescentM: r.DescentM, DownhillM: r.DownhillM, KneeKM: r.KneeKM,
			DeviceM: r.Device.DistanceM, DeviceMovingS: r.Device.MovingS, DeviceSPM: r.Device.CadenceSPM, DeviceAscentM: r.Device.AscentM, DeviceDescentM: r.Device.DescentM,
			HardM: r.Surface.HardM, MediumM: r.Surface.MediumM, SoftM: r.Surface.SoftM, TreadmillM: r.Surface.TreadmillM, UnknownM: r.Surface.UnknownM,
			HardLow: r.Surface.HardLow, HardHigh: r.Surface.HardHigh, Shoe: r.Shoe, Race: r.Race, Notes: r.Notes,
		}
	}
	return rows
}

// Weeks are the rows of a document's weeks.
func Weeks(d *report.Document) []Week {
	rows := make([]Week, len(d.Weeks))
	for i := range d.Weeks {
		w := &d.Weeks[i]
		rows[i] = Week{
			Athlete: d.Athlete, Start: w.Start, End: w.End, Complete: w.Complete, Runs: int32(w.Runs), RunDays: int32(w.RunDays), DistanceM: w.DistanceM,
			MovingS: w.MovingS, LongestM: w.LongestM, Change: w.Change, CadenceSPM: w.CadenceSPM, AscentM: w.AscentM, DescentM: w.DescentM,
			HardShare: w.HardShare, KneeKM: w.KneeKM,
		}
		if w.StrengthSessions != nil {
			n := int32(*w.StrengthSessions)
			rows[i].Strength = &n
		}
	}
	return rows
}

// Findings are the rows of a document's findings.
func Findings(d *report.Document) []Finding {
	rows := make([]Finding, len(d.Findings))
	for i := range d.Findings {
		f := &d.Findings[i]
		rows[i] = Finding{
			Athlete: d.Athlete, Rule: f.Rule, Name: f.Name, Severity: f.Severity, Grade: f.Grade, From: f.From, To: f.To, Runs: f.Runs,
			Value: f.Value, Limit: f.Limit, Unit: f.Unit, Message: f.Message, Advice: f.Advice, Fingerprint: f.Fingerprint, Acknowledged: f.Acknowledged,
		}
	}
	return rows
}

// Samples are the rows of an athlete's activity, with their places if asked. They share no memory with it.
func Samples(a *ingest.Activity, athlete, id string, places bool) []PlacedSample {
	s := &a.Samples
	rows := make([]PlacedSample, s.Len())
	for i := range rows {
		rows[i] = PlacedSample{Sample: Sample{
			Athlete: athlete, RunID: id, TimeUTC: a.Start.Add(time.Duration(s.T[i] * float64(time.Second))).UTC(), TS: s.T[i],
			DistanceM: at(s.DistM, i, 3), SpeedMPS: at(s.SpeedMPS, i, 3), CadenceSPM: at(s.CadenceSPM, i, 3), HeartBPM: at(s.HeartBPM, i, 3), AltitudeM: at(s.ElevM, i, 3),
		}}
		if places {
			rows[i].LatDeg, rows[i].LonDeg = at(s.LatDeg, i, 7), at(s.LonDeg, i, 7)
		}
	}
	return rows
}

// at is a column's value to some decimals, more than any sensor has, and nil where there is none.
func at(col []float64, i, decimals int) *float64 {
	if i >= len(col) || col[i]-col[i] != 0 {
		return nil
	}
	scale := math.Pow10(decimals)
	v := math.Round(col[i]*scale) / scale
	return &v
}

// Starts are the instants of a log's runs, in the order of its document.
func Starts(log *analyze.Log) []time.Time {
	starts := make([]time.Time, len(log.Runs))
	for i := range log.Runs {
		starts[i] = log.Runs[i].Start
	}
	return starts
}
