package ingest

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// garminText wraps entries as Garmin does.
func garminText(entries ...string) string {
	return `[{"summarizedActivitiesExport":[` + strings.Join(entries, ",") + `]}]`
}

const garminMorning = `{"activityId":111,"name":"Morning Run","activityType":"running","sportType":"RUNNING","beginTimestamp":1700000000000,
	"startTimeGmt":1700000000000.0,"startTimeLocal":1700003600000.0,"duration":1800000.5,"elapsedDuration":1900000,"distance":500000.0,
	"elevationGain":3100.0,"elevationLoss":2900.0,"avgSpeed":0.2777,"avgRunCadence":84.5,"steps":5070,"eventTypeId":9,
	"splits":[{"startTimeGMT":1700000000000,"measurements":[{"fieldEnum":"SUM_DISTANCE","value":100000.0}]}]}`

func TestReadGarmin(t *testing.T) {
	rows, p := ReadGarmin(strings.NewReader(garminText(garminMorning)))
	if p != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), p)
	}
	want := ExportRow{ID: stableID("garmin", "111"), Line: 1, Name: "Morning Run", Type: "running", Sport: Running, Kind: Unspecified,
		Start: time.Unix(1700000000, 0).UTC(), Zone: Zone{OffsetS: 3600, From: OffsetFile}, Steps: 5070, DirtM: math.NaN(),
		Totals: Totals{DistM: 5000, MovingS: 1800.0005, ElapsedS: 1900, CadenceSPM: 169, AscentM: 31, DescentM: 29}}
	if diff := cmp.Diff(want, rows[0], cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
}

func TestReadGarminTraps(t *testing.T) {
	entry := func(id int, more string) string {
		return fmt.Sprintf(`{"activityId":%d,"activityType":"running","beginTimestamp":1700000000000,"duration":600000,"distance":200000%s}`, id, more)
	}
	for _, tc := range []struct {
		name, json string
		want       []string
		kind       ProblemKind
	}{
		{"a race", garminText(entry(1, `,"eventTypeId":1`)), []string{"2023-11-14T22:13:20 running 2000 m 600/NaN s  race"}, ""},
		{"legs count and their sum does not, wherever it stands", garminText(
			`{"activityId":9,"activityType":"multi_sport","parent":true,"beginTimestamp":1700000000000,"duration":6000000,"distance":2000000}`,
			entry(10, `,"parentId":9`), `{"activityId":11,"parentId":9,"activityType":"cycling","beginTimestamp":1700000600000,"duration":600000,"distance":400000}`),
			[]string{"2023-11-14T22:13:20 running 2000 m 600/NaN s ", "2023-11-14T22:23:20 cycling 4000 m 600/NaN s "}, ""},
		{"several lists, other keys, an unknown type", `[{"other":{"deep":[1,2,{"x":[]}]},"summarizedActivitiesExport":[` + entry(1, "") + `],"more":null},
			{"summarizedActivitiesExport":[{"activityId":"2","activityType":{"typeKey":"treadmill_running"},"startTimeGmt":"1700000000000","duration":600000,"distance":"200000"},
			{"activityId":3,"activityType":"mystery","beginTimestamp":1700000000000}]}]`,
			[]string{"2023-11-14T22:13:20 running 2000 m 600/NaN s ", "2023-11-14T22:13:20 running 2000 m 600/NaN s  treadmill", "2023-11-14T22:13:20 other NaN m NaN/NaN s "}, ""},
		{"no distance: from the speed, a tenth of metres a second", garminText(`{"activityId":1,"activityType":"running","beginTimestamp":1700000000000,"duration":600000,"distance":null,"avgSpeed":0.3}`),
			[]string{"2023-11-14T22:13:20 running 1800 m 600/NaN s "}, ""},
		{"the same activity twice", garminText(entry(1, ""), entry(1, "")), []string{"2023-11-14T22:13:20 running 2000 m 600/NaN s "}, ""},
		{"an entry without a time, one that is none", garminText(entry(1, ""), `{"activityId":2}`, `7`), []string{"2023-11-14T22:13:20 running 2000 m 600/NaN s "}, Corrupt},
		{"cut off", garminText(entry(1, ""), entry(2, ""))[:200], []string{"2023-11-14T22:13:20 running 2000 m 600/NaN s "}, Truncated},
		{"damaged", `[{"summarizedActivitiesExport":[` + entry(1, "") + `,}]`, []string{"2023-11-14T22:13:20 running 2000 m 600/NaN s "}, Corrupt},
		{"an object around the list alone", `{"summarizedActivitiesExport":[` + entry(1, "") + `]}`, []string{"2023-11-14T22:13:20 running 2000 m 600/NaN s "}, ""},
		{"something else", `[{"sleep":[]}]`, nil, NotActivity},
		{"empty", ``, nil, NotActivity},
		{"deep brackets", strings.Repeat("[", 1<<20), nil, NotActivity},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, p := ReadGarmin(strings.NewReader(tc.json))
			var got []string
			for _, r := range rows {
				got = append(got, rowWords(r))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if p == nil && tc.kind != "" || p != nil && p.Kind != tc.kind {
				t.Errorf("problem %v, want %q", p, tc.kind)
			}
		})
	}
}

func TestGarminCadenceAndZone(t *testing.T) {
	for _, tc := range []struct {
		cadence float64
		local   int64
		spm     float64
		zone    Zone
	}{
		{84, 1700000000000 - 8*3600e3, 168, Zone{-8 * 3600, OffsetFile}},
		{168, 1700000000000 + 20700e3, 168, Zone{20700, OffsetFile}},
		{0, 1700000000000 + 15*3600e3, math.NaN(), Zone{}},
		{84, 1700000000000 + 1234, 168, Zone{}},
	} {
		text := garminText(fmt.Sprintf(`{"activityId":1,"activityType":"running","beginTimestamp":1700000000000,"startTimeLocal":%d,"avgRunCadence":%g}`, tc.local, tc.cadence))
		rows, p := ReadGarmin(strings.NewReader(text))
		if p != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), p)
		}
		if got := rows[0].Totals.CadenceSPM; got != tc.spm && !(math.IsNaN(got) && math.IsNaN(tc.spm)) || rows[0].Zone != tc.zone {
			t.Errorf("%+v: %v spm, %+v", tc, got, rows[0].Zone)
		}
	}
}

// endless repeats a text for so many bytes without holding them.
type endless struct {
	text string
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, strings.Repeat(e.text, len(p)/len(e.text)+1)[:min(len(p), e.left)])
	e.left -= n
	return n, nil
}

func TestReadGarminStreams(t *testing.T) {
	one := strings.NewReader(garminText(garminMorning))
	// A single string of 64 MiB behind the first entry must not be held.
	huge := io.MultiReader(strings.NewReader(`[{"summarizedActivitiesExport":[`+garminMorning+`,{"name":"`), &endless{"x", 64 << 20})
	if rows, p := ReadGarmin(one); len(rows) != 1 || p != nil {
		t.Errorf("%d rows, %v", len(rows), p)
	}
	if rows, p := ReadGarmin(huge); len(rows) != 1 || p == nil || p.Kind != TooLarge {
		t.Errorf("%d rows, %v", len(rows), p)
	}
	// Many entries of ordinary size are read however long the list is.
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf(`{"activityId":%d,"beginTimestamp":1700000000000,"pad":%q}`, i+1, strings.Repeat("y", 4000)))
	}
	if rows, p := ReadGarmin(strings.NewReader(garminText(many...))); len(rows) != 3000 || p != nil {
		t.Errorf("%d rows, %v", len(rows), p)
	}
}

// FuzzGarminJSON holds what is true of any list: no panic, an identity and a start each, values that can be.
func FuzzGarminJSON(f *testing.F) {
	f.Add([]byte(garminText(garminMorning)))
	f.Add([]byte(garminText(`{"activityId":"2","activityType":{"typeKey":"x"},"startTimeGmt":"1e12"}`, `null`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _ := ReadGarmin(bytes.NewReader(data))
		ids := map[string]bool{}
		for _, r := range rows {
			if ids[r.ID] || r.Start.IsZero() || r.Sport == "" || r.Totals.DistM < 0 || r.Totals.CadenceSPM < 0 || math.Abs(float64(r.Zone.OffsetS)) > 14*3600 {
				t.Errorf("a row that cannot be: %+v", r)
			}
			ids[r.ID] = true
		}
	})
}
