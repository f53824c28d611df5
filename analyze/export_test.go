package analyze_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"

	"github.com/google/go-cmp/cmp"
)

// utc is an instant on a day in March 2024.
func utc(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", clock)
	if err != nil {
		panic(err) // a slip in the test itself
	}
	return t
}

// ran is ten minutes of running at 3 m/s with a watch that shows UTC+1.
func ran(clock string) ingesttest.Run {
	return ingesttest.Run{Start: utc(clock), OffsetS: 3600, DistM: 1800, SpeedMPS: 3, CadenceSPM: 170, EveryS: 5}
}

func fitFile(r ingesttest.Run) string { return string(r.FIT()) }

func gpxFile(r ingesttest.Run, typ string) string {
	return strings.Replace(string(r.GPX()), "<type>running</type>", "<type>"+typ+"</type>", 1)
}

const tableHead = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Competition,Long Run,Total Steps\n"

// foreignHead is the same in a language that nobody taught, with the columns of exports since 2019.
const foreignHead = "Nd,Dn,Nm,Tp,Ds,Ez,Dz,Gg,Ff,Aw,Bw,Ez,Mz,Dz,Rr,Ll,Ss\n"

// tableRow is a row of ten minutes and 1800 m.
func tableRow(id int, clock, typ, file string, more ...string) string {
	tail := ",,"
	gear := ""
	for _, m := range more {
		switch m {
		case "race":
			tail = "1.0,,"
		case "long":
			tail = ",1.0,"
		case "steps":
			tail = ",,1700"
		default:
			gear = m
		}
	}
	return fmt.Sprintf("%d,%q,Row %d,%s,,600,1.80,%s,%s,,,600,600,1800,%s\n", id, utc(clock).Format("Jan 2, 2006, 3:04:05 PM"), id, typ, gear, file, tail)
}

// readTree reads a folder of files by their content and tells every run in a line, copies merged.
func readTree(t *testing.T, files map[string]string, o ingest.Options) (runs []string, strength []analyze.Strength, receipt *analyze.Receipt) {
	t.Helper()
	dir := t.TempDir()
	if err := ingesttest.WriteTree(dir, files); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	read, strength, receipt, err := analyze.Read(context.Background(), []string{"."}, o)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Runs != len(read) || receipt.Strength != len(strength) {
		t.Errorf("the receipt counts %d runs and %d strength sessions, there are %d and %d", receipt.Runs, receipt.Strength, len(read), len(strength))
	}
	for _, e := range receipt.Exports {
		if sum := e.Joined + e.Runs + e.Strength + e.Other + e.Unused; sum != e.Rows {
			t.Errorf("%s: %d of %d rows are accounted for: %+v", e.File, sum, e.Rows, e)
		}
	}
	for _, r := range analyze.Build(read, strength, analyze.Options{AsOf: 30000}).Runs {
		words := []string{r.Start.Format("2006-01-02T15:04"), r.File, fmt.Sprintf("%.0f m", r.DistM)}
		if r.Kind != ingest.Unspecified {
			words = append(words, string(r.Kind))
		}
		for _, w := range []string{r.Name, r.Shoe} {
			if w != "" {
				words = append(words, w)
			}
		}
		if r.Race {
			words = append(words, "race")
		}
		if r.LongRun {
			words = append(words, "long")
		}
		if !math.IsNaN(r.Cadence.MeanSPM) {
			words = append(words, "cadence")
		}
		runs = append(runs, strings.Join(words, " "))
	}
	return runs, strength, receipt
}

func TestExportJoin(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	morning, evening, night := ran("2024-03-04 06:00"), ran("2024-03-04 18:00"), ran("2024-03-04 23:30")
	treadmill := morning
	treadmill.Treadmill = true
	for _, tc := range []struct {
		name  string
		files map[string]string
		home  *time.Location
		want  []string
	}{
		{"a row gives its run name, pair and tags", map[string]string{
			"activities.csv":          tableHead + tableRow(1, "2024-03-04 06:00", "Run", "activities/77.fit", "Pegasus", "race") + tableRow(2, "2024-03-04 18:00", "Trail Run", "activities/78.gpx", "long"),
			"activities/77.fit":       fitFile(morning),
			"activities/78.gpx":       gpxFile(evening, "running"),
			"activities/unlisted.fit": fitFile(night),
		}, nil, []string{"2024-03-04T07:00 activities/77.fit 1800 m Row 1 Pegasus race cadence", "2024-03-04T19:00 activities/78.gpx 1803 m trail Row 2 long cadence", "2024-03-05T00:30 activities/unlisted.fit 1800 m cadence"}},
		{"case, backslashes and .gz do not matter; another folder's file does", map[string]string{
			"a/activities.csv":    tableHead + tableRow(1, "2024-03-04 06:00", "Run", `activities\77.FIT.gz`) + tableRow(2, "2024-03-04 18:00", "Run", "activities/78.fit"),
			"a/activities/77.fit": fitFile(morning),
			"a/Activities/78.FIT": fitFile(evening),
			"b/activities/78.fit": fitFile(night),
		}, nil, []string{"2024-03-04T07:00 a/activities/77.fit 1800 m Row 1 cadence", "2024-03-04T19:00 a/Activities/78.FIT 1800 m Row 2 cadence", "2024-03-05T00:30 b/activities/78.fit 1800 m cadence"}},
		{"files moved beside the table", map[string]string{
			"activities.csv": tableHead + tableRow(1, "2024-03-04 06:00", "Run", "activities/77.fit"), "77.fit": fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 77.fit 1800 m Row 1 cadence"}},
		{"by hand, missing and broken: rows of their own, on the day of the nearest run's clock", map[string]string{
			"activities.csv": tableHead + tableRow(1, "2024-03-01 23:30", "Run", "") + tableRow(2, "2024-03-02 06:00", "Virtual Run", "activities/lost.fit", "Ghost", "steps") +
				tableRow(3, "2024-03-03 06:00", "Run", "activities/broken.fit") + tableRow(4, "2024-03-04 06:00", "Run", "activities/77.fit"),
			"activities/77.fit": fitFile(morning), "activities/broken.fit": "nothing",
		}, nil, []string{"2024-03-02T00:30 activities.csv:2 1800 m Row 1", "2024-03-02T07:00 activities.csv:3 1800 m virtual Row 2 Ghost cadence", "2024-03-03T07:00 activities.csv:4 1800 m Row 3", "2024-03-04T07:00 activities/77.fit 1800 m Row 4 cadence"}},
		{"the home zone where no run knows its own", map[string]string{
			"activities.csv": tableHead + tableRow(1, "2024-07-01 23:30", "Run", ""),
		}, amsterdam, []string{"2024-07-02T01:30 activities.csv:2 1800 m Row 1"}},
		{"the home zone changes its clocks, the nearest run does not", map[string]string{
			"activities.csv": tableHead + tableRow(1, "2024-07-01 22:30", "Run", ""), "x.fit": fitFile(morning),
		}, amsterdam, []string{"2024-03-04T07:00 x.fit 1800 m cadence", "2024-07-02T00:30 activities.csv:2 1800 m Row 1"}},
		{"UTC where nothing tells", map[string]string{
			"activities.csv": tableHead + tableRow(1, "2024-07-01 23:30", "Run", ""),
		}, nil, []string{"2024-07-01T23:30 activities.csv:2 1800 m Row 1"}},
		{"a row is not counted beside a file of another name", map[string]string{
			"export/activities.csv": tableHead + tableRow(1, "2024-03-04 06:00", "Run", "activities/lost.fit.gz", "Pegasus"),
			"watch/A0001.FIT":       fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 watch/A0001.FIT 1800 m Row 1 Pegasus cadence"}},
		{"two short runs within an hour are two", map[string]string{
			"activities.csv": tableHead + tableRow(1, "2024-03-04 06:15", "Run", "") + tableRow(2, "2024-03-04 06:30", "Run", ""),
			"x.fit":          fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 x.fit 1800 m cadence", "2024-03-04T07:15 activities.csv:2 1800 m Row 1", "2024-03-04T07:30 activities.csv:3 1800 m Row 2"}},
		{"two exports of one account", map[string]string{
			"2023/activities.csv":     tableHead + tableRow(1, "2024-03-04 06:00", "Run", "activities/1.fit", "Pegasus") + tableRow(2, "2024-03-01 06:00", "Run", ""),
			"2023/activities/1.fit":   fitFile(morning),
			"2024/activities.csv":     tableHead + tableRow(1, "2024-03-04 06:00", "Run", "activities/1.fit") + tableRow(2, "2024-03-01 06:00", "Run", "") + tableRow(3, "2024-03-04 18:00", "Run", "activities/2.fit"),
			"2024/activities/1.fit":   fitFile(morning),
			"2024/activities/2.fit":   fitFile(evening),
			"2024/routes/planned.gpx": gpxFile(night, "running"),
		}, nil, []string{"2024-03-01T07:00 2023/activities.csv:3 1800 m Row 2", "2024-03-04T07:00 2023/activities/1.fit 1800 m Row 1 Pegasus cadence", "2024-03-04T19:00 2024/activities/2.fit 1800 m Row 3 cadence"}},
		{"the table's sport counts, whichever way it was corrected", map[string]string{
			"activities.csv":   tableHead + tableRow(1, "2024-03-04 06:00", "Ride", "activities/1.fit") + tableRow(2, "2024-03-04 18:00", "Run", "activities/2.gpx"),
			"activities/1.fit": fitFile(morning), "activities/2.gpx": gpxFile(evening, "cycling"),
		}, nil, []string{"2024-03-04T19:00 activities/2.gpx 1803 m Row 2 cadence"}},
		{"a word for running that nobody taught is learned from the files", map[string]string{
			"activities.csv":   foreignHead + tableRow(1, "2024-03-04 06:00", "Zumm", "activities/1.fit") + tableRow(2, "2024-03-04 18:00", "Zumm", "") + tableRow(3, "2024-03-05 18:00", "Zumm", ""),
			"activities/1.fit": fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 activities/1.fit 1800 m Row 1 cadence", "2024-03-04T19:00 activities.csv:3 1800 m Row 2", "2024-03-05T19:00 activities.csv:4 1800 m Row 3"}},
		{"a treadmill's distance that was corrected", map[string]string{
			"activities.csv":   tableHead + strings.Replace(tableRow(1, "2024-03-04 06:00", "Run", "activities/1.fit"), ",1800,", ",2000,", 1),
			"activities/1.fit": fitFile(treadmill),
		}, nil, []string{"2024-03-04T07:00 activities/1.fit 2000 m treadmill Row 1 cadence"}},
		{"a distance outdoors stays the file's", map[string]string{
			"activities.csv":   tableHead + strings.Replace(tableRow(1, "2024-03-04 06:00", "Run", "activities/1.fit"), ",1800,", ",2000,", 1),
			"activities/1.fit": fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 activities/1.fit 1800 m Row 1 cadence"}},
		{"a file cut off keeps its samples and gets the distance", map[string]string{
			"activities.csv":   tableHead + tableRow(1, "2024-03-04 06:00", "Run", "activities/1.gpx"),
			"activities/1.gpx": gpxFile(morning, "running")[:len(gpxFile(morning, "running"))/2],
		}, nil, []string{"2024-03-04T07:00 activities/1.gpx 1800 m Row 1 cadence"}},
		{"rows of a day without a clock", map[string]string{
			"activities.csv": "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n1,2024-03-04,Day,Run,600,1790,\n2,2024-03-05,Day,Run,600,1800,\n",
			"x.fit":          fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 x.fit 1800 m Day cadence", "2024-03-05T12:00 activities.csv:3 1800 m Day"}},
		{"miles for display, as the files tell", map[string]string{
			"activities.csv": "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n" +
				"1,\"Mar 4, 2024, 6:00:00 AM\",A,Run,600,1.118,activities/1.fit\n2,\"Mar 5, 2024, 6:00:00 AM\",B,Run,3600,6,\n",
			"activities/1.fit": fitFile(morning),
		}, nil, []string{"2024-03-04T07:00 activities/1.fit 1800 m A cadence", "2024-03-05T07:00 activities.csv:3 9656 m B"}},
		{"a table of another program is none", map[string]string{
			"activities.csv": "Activity Type,Date,Title\nRunning,2024-03-04,x\n", "routes/run.gpx": gpxFile(morning, "running"),
		}, nil, []string{"2024-03-04T07:00 routes/run.gpx 1803 m cadence"}},
		{"Garmin's list names no files: by time", map[string]string{
			"DI/7_summarizedActivities.json": `[{"summarizedActivitiesExport":[
				{"activityId":1,"name":"Park","activityType":"trail_running","eventTypeId":1,"beginTimestamp":1709532000000,"startTimeLocal":1709535600000,"duration":600000,"elapsedDuration":600000,"distance":180000},
				{"activityId":2,"name":"Lost","activityType":"treadmill_running","beginTimestamp":1709593200000,"startTimeLocal":1709596800000,"duration":600000,"distance":180000,"avgRunCadence":84},
				{"activityId":3,"name":"Bike","activityType":"cycling","beginTimestamp":1709575200000,"startTimeLocal":1709578800000,"duration":600000,"distance":180000}]}]`,
			"up/1.fit": fitFile(morning), "up/2.fit": fitFile(evening),
		}, nil, []string{"2024-03-04T07:00 up/1.fit 1800 m trail Park race cadence", "2024-03-05T00:00 DI/7_summarizedActivities.json:2 1800 m treadmill Lost cadence"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			runs, _, _ := readTree(t, tc.files, ingest.Options{HomeZone: tc.home})
			if diff := cmp.Diff(tc.want, runs); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
		})
	}
}

// Strava's dirt distance is kept beside the ground, which stays unknown: nothing says where it was, or on what.
func TestExportDirt(t *testing.T) {
	row := func(line, dirt string) string { return strings.TrimSuffix(line, "\n") + "," + dirt + "\n" }
	dir := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("1.fit", fitFile(ran("2024-03-04 06:00")))
	write("2.fit", fitFile(ran("2024-03-05 06:00")))
	write("activities.csv", row(tableHead, "Dirt Distance")+row(tableRow(1, "2024-03-04 06:00", "Run", "1.fit"), "700.5")+
		row(tableRow(2, "2024-03-05 06:00", "Run", "2.fit"), "")+row(tableRow(3, "2024-03-06 06:00", "Run", "lost.fit"), "900"))
	runs, _, _, err := analyze.Read(t.Context(), []string{dir}, ingest.Options{})
	if err != nil || len(runs) != 3 {
		t.Fatal(err, len(runs))
	}
	for i, want := range []float64{700.5, 0, 900} {
		if r := &runs[i]; r.DirtM != want || r.Surface.UnknownM != r.DistM || r.Surface.InferredM != 0 {
			t.Errorf("run %d: %g m of dirt, want %g; %g of %g m unknown", i+1, r.DirtM, want, r.Surface.UnknownM, r.DistM)
		}
	}
}

func TestExportReceipt(t *testing.T) {
	files := map[string]string{
		"e/activities.csv": tableHead +
			tableRow(1, "2024-03-04 06:00", "Run", "activities/1.fit", "Blue") +
			tableRow(2, "2024-03-04 18:00", "Run", "activities/lost.fit", "Nike Pegasus 40 Blue") +
			tableRow(3, "2024-03-05 18:00", "Ride", "activities/3.gpx") +
			tableRow(4, "2024-03-05 19:00", "Swim", "") +
			tableRow(5, "2024-03-05 20:00", "Weight Training", "") +
			tableRow(6, "2024-03-06 20:00", "Weight Training", "activities/6.gpx") +
			strings.Replace(tableRow(7, "2024-03-07 20:00", "Run", ""), ",1800,", ",18000,", 1) +
			"8,whenever,Row 8,Run,,600,1.80,,activities/8.fit,,,600,600,1800,,,\n",
		"e/activities/1.fit": fitFile(ran("2024-03-04 06:00")),
		"e/activities/3.gpx": gpxFile(ran("2024-03-05 18:00"), "running"),
		"e/activities/6.gpx": gpxFile(ran("2024-03-06 20:00"), "yoga"),
		"e/shoes.csv":        "Shoe Name,Shoe Brand,Shoe Model\nBlue,Nike,Pegasus 40\n,Hoka,Clifton 9\n",
		"e/routes/a.gpx":     gpxFile(ran("2024-03-05 18:00"), "running"),
		"e/routes/b.gpx":     "<gpx></gpx>",
		"e/media/1.jpg":      "\xff\xd8\xff",
	}
	runs, strength, receipt := readTree(t, files, ingest.Options{})
	want := []string{
		"2024-03-04T07:00 e/activities/1.fit 1800 m Row 1 Nike Pegasus 40 Blue cadence",
		"2024-03-04T19:00 e/activities.csv:3 1800 m Row 2 Nike Pegasus 40 Blue",
	}
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	export := analyze.Export{File: "e/activities.csv", Also: []string{"e/shoes.csv"}, Rows: 8, Joined: 3, Runs: 1, Strength: 1, Other: 1, Unused: 2, Routes: 2, Notes: []string{
		`e/activities/3.gpx: a run by its file, "Ride" in the table (line 4): the table counts`,
		"line 9: its file is missing and its date is not understood: not counted",
	}}
	if diff := cmp.Diff([]analyze.Export{export}, receipt.Exports); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	if len(strength) != 2 || strength[0].File != "e/activities.csv:6" || strength[1].File != "e/activities/6.gpx" {
		t.Errorf("strength: %+v", strength)
	}
	if len(receipt.Problems) != 1 || receipt.Problems[0].Kind != ingest.Implausible || !strings.Contains(receipt.Problems[0].Error(), "line 8") {
		t.Errorf("problems: %v", receipt.Problems)
	}
	if receipt.Ignored != 4 {
		t.Errorf("%d files ignored, want two routes, a picture and the list of shoes", receipt.Ignored)
	}
}

func TestExportStrengthIsNotDoubled(t *testing.T) {
	_, strength, receipt := readTree(t, map[string]string{
		"export/activities.csv": tableHead + tableRow(1, "2024-03-04 06:00", "Weight Training", "activities/lost.fit") + tableRow(2, "2024-03-04 18:00", "Weight Training", ""),
		"watch/x.gpx":           gpxFile(ran("2024-03-04 06:00"), "strength_training"),
	}, ingest.Options{})
	if len(strength) != 2 || receipt.Exports[0].Joined != 1 || receipt.Exports[0].Strength != 1 {
		t.Errorf("one file and two rows of a day: %+v, %+v", strength, receipt.Exports)
	}
}

func TestExportTellsWhatItDoesNotUnderstand(t *testing.T) {
	for _, tc := range []struct {
		name, table string
		kind        ingest.ProblemKind
		says        string
	}{
		{"a type that moves like a run", foreignHead + tableRow(1, "2024-03-04 06:00", "Zumm", "") + tableRow(2, "2024-03-05 06:00", "Zumm", "") +
			strings.Replace(tableRow(3, "2024-03-05 06:00", "Sit", ""), ",1800,", ",0,", 1), ingest.Unsupported, `2 rows of the type "Zumm"`},
		{"a broken row", tableHead + tableRow(1, "2024-03-04 06:00", "Run", "") + "2,\"Mar\"x,Run\n", ingest.Corrupt, "1 row of 2"},
	} {
		_, _, receipt := readTree(t, map[string]string{"activities.csv": tc.table}, ingest.Options{})
		if len(receipt.Problems) != 1 || receipt.Problems[0].Kind != tc.kind || !strings.Contains(receipt.Problems[0].Error(), tc.says) || receipt.Problems[0].File != "activities.csv" {
			t.Errorf("%s: %v", tc.name, receipt.Problems)
		}
	}
}

// A run that the table alone tells says so, and what only samples can tell is not known.
func TestExportRunAlone(t *testing.T) {
	dir := t.TempDir()
	table := tableHead + tableRow(1, "2024-03-04 06:00", "Treadmill", "activities/lost.fit", "steps")
	if err := os.WriteFile(filepath.Join(dir, "activities.csv"), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	runs, _, _, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	r := runs[0]
	if r.Format != ingest.CSV || r.Cadence.MeanSPM != 170 || r.Device.DistM != 1800 || r.Device.CadenceSPM != 170 || r.Surface.TreadmillM != 1800 {
		t.Errorf("%+v", r)
	}
	if math.Abs(r.Cadence.StepLengthM-1800.0/1700) > 1e-9 || len(r.Cadence.Level) != 0 {
		t.Errorf("cadence %+v", r.Cadence)
	}
	for what, v := range map[string]float64{"descent": r.Climb.DescentM, "range": r.Climb.RangeM, "continuous": r.LongestContinuousS, "spread": r.SpeedSpread} {
		if !math.IsNaN(v) {
			t.Errorf("%s is known: %v", what, v)
		}
	}
	if len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "from the export's table: its file is missing") {
		t.Errorf("notes: %q", r.Notes)
	}
}

// A file and its row that differ as no two measurements of one run do are told; a tenth is another way to measure.
func TestExportDistancesDiffer(t *testing.T) {
	for dist, notes := range map[string][]string{
		"2000": nil,
		"3600": {"the export's table has 3.60 km: the file's 1.80 km count; overrides.csv can correct them"},
		"1000": {"the export's table has 1.00 km: the file's 1.80 km count; overrides.csv can correct them"},
	} {
		dir := t.TempDir()
		table := strings.Replace(tableHead+tableRow(1, "2024-03-04 06:00", "Run", "1.fit"), ",1800,", ","+dist+",", 1)
		for name, content := range map[string]string{"activities.csv": table, "1.fit": fitFile(ran("2024-03-04 06:00"))} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		runs, _, _, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
		if err != nil || len(runs) != 1 || runs[0].DistM != 1800 {
			t.Fatalf("%s: %+v, %v", dist, runs, err)
		}
		if d := cmp.Diff(notes, runs[0].Notes); d != "" {
			t.Errorf("%s: -want +got\n%s", dist, d)
		}
	}
}

// Any order of rows gives the same log.
func TestExportOrderOfRowsMakesNoDifference(t *testing.T) {
	rows := []string{tableRow(1, "2024-03-04 06:00", "Run", "activities/1.fit"), tableRow(2, "2024-03-04 18:00", "Run", ""),
		tableRow(3, "2024-03-05 06:00", "Weight Training", ""), tableRow(4, "2024-03-06 06:00", "Ride", "")}
	var first []string
	for i := range 2 {
		if i == 1 {
			slices.Reverse(rows)
		}
		runs, strength, _ := readTree(t, map[string]string{"activities.csv": tableHead + strings.Join(rows, ""), "activities/1.fit": fitFile(ran("2024-03-04 06:00"))}, ingest.Options{})
		for i := range runs {
			runs[i] = strings.ReplaceAll(runs[i], "activities.csv:3", "activities.csv:?")
			runs[i] = strings.ReplaceAll(runs[i], "activities.csv:4", "activities.csv:?")
		}
		runs = append(runs, strength[0].Date.String())
		if first == nil {
			first = runs
		} else if diff := cmp.Diff(first, runs); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	}
}

func TestExportShoesGatherDistance(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"activities.csv": tableHead + tableRow(1, "2024-03-04 06:00", "Run", "1.fit", "Nike  Pegasus 40 Blue") + tableRow(2, "2024-03-04 18:00", "Run", "", "blue") +
			tableRow(3, "2024-03-05 18:00", "Run", "", "Hoka Clifton 9") + tableRow(4, "2024-03-06 18:00", "Run", ""),
		"shoes.csv": "Shoe Name,Shoe Brand,Shoe Model\nBlue,Nike,Pegasus 40\n,Hoka,Clifton 9\n",
		"1.fit":     fitFile(ran("2024-03-04 06:00")),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	runs, _, _, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := analyze.Build(runs, nil, analyze.Options{AsOf: 30000})
	got := map[string]float64{}
	for _, s := range log.Shoes {
		got[s.Name] = s.DistM
	}
	if diff := cmp.Diff(map[string]float64{"Nike Pegasus 40 Blue": 3600, "Hoka Clifton 9": 1800}, got); diff != "" {
		t.Errorf("metres on each pair (-want +got):\n%s", diff)
	}
	if m := log.UnattributedM(log.Runs[0].Date); m != 1800 {
		t.Errorf("%v m on no pair, want 1800", m)
	}
}

// An interrupted reading makes no runs of rows whose files were not begun.
func TestExportInterrupted(t *testing.T) {
	dir := t.TempDir()
	table := tableHead + tableRow(1, "2024-03-04 06:00", "Run", "1.fit")
	for name, content := range map[string]string{"activities.csv": table, "1.fit": fitFile(ran("2024-03-04 06:00"))} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if runs, _, _, err := analyze.Read(ctx, []string{dir}, ingest.Options{}); err == nil || len(runs) != 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// The figures of the small export are compared with those that encoding/csv and a sum give.
func TestCorpusStrava(t *testing.T) {
	dir := corpus(t, "mini-strava-export")
	f, err := os.Open(filepath.Join(dir, "activities.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byHand, metres := 0, 0.0
	for _, r := range records[1:] {
		if r[3] == "Run" && r[7] == "" {
			m, err := strconv.ParseFloat(r[6], 64)
			if err != nil {
				t.Fatal(err)
			}
			byHand, metres = byHand+1, metres+m
		}
	}
	runs, _, receipt, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, sum := 0, 0.0
	for _, r := range runs {
		if strings.Contains(strings.Join(r.Notes, " "), "it has no file") {
			rows, sum = rows+1, sum+r.DistM
		}
	}
	if rows != byHand || math.Abs(sum-metres) > 0.5 || rows == 0 {
		t.Errorf("%d runs without a file and %.0f m, want %d and %.0f", rows, sum, byHand, metres)
	}
	e := receipt.Exports[0]
	if e.Rows != len(records)-1 || e.Joined+e.Runs+e.Other != e.Rows {
		t.Errorf("%+v of %d records", e, len(records)-1)
	}
	t.Logf("%+v", e)
}
