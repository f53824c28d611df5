package analyze_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/muktihari/fit/encoder"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/proto"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/ingest/ingesttest"
)

// folder writes files into a new folder and returns it.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readAll reads a folder as on 14 June 2026.
func readAll(t *testing.T, files map[string][]byte) ([]analyze.Run, []analyze.Strength, *analyze.Receipt) {
	t.Helper()
	runs, strength, receipt, err := analyze.Read(context.Background(), []string{folder(t, files)}, ingest.Options{
		Now: time.Date(2026, 6, 14, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	return runs, strength, receipt
}

// buildAll is readAll made into a log as of the end of 2026.
func buildAll(t *testing.T, files map[string][]byte) *analyze.Log {
	t.Helper()
	runs, strength, receipt := readAll(t, files)
	for _, p := range receipt.Problems {
		t.Errorf("%s: %v", filepath.Base(p.File), p)
	}
	return analyze.Build(runs, strength, analyze.Options{AsOf: civil.New(2026, time.December, 31), WeekStart: time.Monday})
}

// at is a time of the first of June 2026, or of another day where day is not 1, in UTC.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC)
}

// session writes a FIT file without samples: a session of any sport with its totals.
func session(sport typedef.Sport, sub typedef.SubSport, start time.Time, lasts time.Duration) []byte {
	fit := &proto.FIT{FileHeader: proto.FileHeader{ProtocolVersion: proto.V2}}
	end := start.Add(lasts)
	fit.Messages = append(fit.Messages,
		mesgdef.NewFileId(nil).SetType(typedef.FileActivity).SetManufacturer(typedef.ManufacturerDevelopment).SetTimeCreated(start).ToMesg(nil),
		mesgdef.NewSession(nil).SetTimestamp(end).SetStartTime(start).SetSport(sport).SetSubSport(sub).
			SetTotalElapsedTimeScaled(lasts.Seconds()).SetTotalTimerTimeScaled(lasts.Seconds()).ToMesg(nil),
		mesgdef.NewActivity(nil).SetTimestamp(end).SetNumSessions(1).SetLocalTimestamp(end.Add(2*time.Hour)).ToMesg(nil))
	var b bytes.Buffer
	if err := encoder.New(&b).Encode(fit); err != nil {
		panic(err) // a slip in the test itself
	}
	return b.Bytes()
}

func strengthFIT(start time.Time, lasts time.Duration) []byte {
	return session(typedef.SportTraining, typedef.SubSportStrengthTraining, start, lasts)
}

// points writes a GPX track of no named type with a point each second from start, at mps to the north, in a place on UTC.
func points(start time.Time, seconds int, mps float64) []byte {
	var b strings.Builder
	b.WriteString(`<gpx version="1.1" creator="x"><trk><trkseg>`)
	for s := range seconds + 1 {
		fmt.Fprintf(&b, `<trkpt lat="%.7f" lon="-20"><time>%s</time></trkpt>`,
			64+mps*float64(s)/111479, start.Add(time.Duration(s)*time.Second).UTC().Format(time.RFC3339))
	}
	b.WriteString(`</trkseg></trk></gpx>`)
	return []byte(b.String())
}

// A recording by the watch, by the phone and from an export count once; strength beside a run counts beside it.
func TestReadCountsOnce(t *testing.T) {
	run := ingesttest.Run{Start: at(1, 5, 0), OffsetS: 7200, DistM: 5000, SpeedMPS: 2.8, CadenceSPM: 165}
	phone := run
	phone.Start, phone.DistM = run.Start.Add(20*time.Second), 4900
	second := run
	second.Start = at(1, 5, 32)
	still := points(at(1, 5, 1), 1700, 0.01)
	mill := run
	mill.Treadmill = true
	app := mill
	app.Start, app.DistM, app.SpeedMPS = mill.Start.Add(time.Minute), 6500, 2.8*6500/5000
	for _, tt := range []struct {
		name           string
		files          map[string][]byte
		runs, strength int
		alsoIn         []string
	}{
		{"FIT, GPX in strides and GPX in steps", map[string][]byte{"a.fit": run.FIT(), "b.gpx": run.GPX(), "c.gpx": phone.GPXInSteps()}, 1, 0, []string{"b.gpx", "c.gpx"}},
		{"two watches that start together", map[string][]byte{"a.fit": run.FIT(), "b.fit": phone.FIT()}, 1, 0, []string{"b.fit"}},
		{"two short runs in an hour", map[string][]byte{"a.fit": run.FIT(), "b.fit": second.FIT()}, 2, 0, nil},
		{"strength inside the time of a run", map[string][]byte{"a.fit": run.FIT(), "b.fit": strengthFIT(at(1, 5, 5), 20*time.Minute)}, 1, 1, nil},
		{"one strength session by two devices", map[string][]byte{"a.fit": strengthFIT(at(1, 5, 0), 40*time.Minute), "b.fit": strengthFIT(at(1, 5, 3), 38*time.Minute)}, 0, 1, nil},
		{"strength in the morning and in the evening", map[string][]byte{"a.fit": strengthFIT(at(1, 5, 0), 40*time.Minute), "b.fit": strengthFIT(at(1, 17, 0), 40*time.Minute)}, 0, 2, nil},
		{"a treadmill run and a phone that lay beside it", map[string][]byte{"a.fit": mill.FIT(), "b.gpx": still}, 1, 0, nil},
		{"a treadmill run that watch and machine measure differently", map[string][]byte{"a.fit": mill.FIT(), "b.fit": app.FIT()}, 1, 0, []string{"a.fit"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := buildAll(t, tt.files)
			if len(l.Runs) != tt.runs || len(l.Strength) != tt.strength {
				t.Fatalf("%d runs and %d strength sessions, want %d and %d", len(l.Runs), len(l.Strength), tt.runs, tt.strength)
			}
			if tt.alsoIn == nil {
				return
			}
			var also []string
			for _, f := range l.Runs[0].AlsoIn {
				also = append(also, filepath.Base(f))
			}
			if got, want := strings.Join(also, " "), strings.Join(tt.alsoIn, " "); got != want {
				t.Errorf("also in %q, want %q", got, want)
			}
		})
	}
}

// A date that cannot be true is a problem that names it, and no empty weeks.
func TestReadRefusesWrongDates(t *testing.T) {
	run := func(start time.Time) []byte {
		return ingesttest.Run{Start: start, DistM: 3000, SpeedMPS: 3}.GPX()
	}
	for _, tt := range []struct {
		name  string
		start time.Time
		words string
	}{
		{"the day before GPS files", time.Date(1989, 12, 31, 12, 0, 0, 0, time.UTC), "dated 1989-12-31, but the clock was not set"},
		{"the first day of Unix", time.Date(1970, 1, 1, 12, 0, 0, 0, time.UTC), "the clock was not set"},
		{"year 1", time.Date(1, 6, 1, 12, 0, 0, 0, time.UTC), "the clock was not set"},
		{"long ago", time.Date(1990, 1, 2, 12, 0, 0, 0, time.UTC), ""},
		{"tomorrow", time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC), ""},
		{"the day after tomorrow", time.Date(2026, 6, 16, 12, 0, 0, 0, time.UTC), "dated 2026-06-16, but that day is yet to come"},
		{"2107", time.Date(2107, 1, 1, 12, 0, 0, 0, time.UTC), "yet to come"},
		{"9999", time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC), "yet to come"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runs, _, receipt := readAll(t, map[string][]byte{"a.gpx": run(tt.start)})
			if tt.words == "" {
				if len(runs) != 1 || len(receipt.Problems) != 0 {
					t.Errorf("%d runs, problems %v, want a run", len(runs), receipt.Problems)
				}
				return
			}
			if len(runs) != 0 || receipt.Runs != 0 || len(receipt.Problems) != 1 {
				t.Fatalf("%d runs, %d in the receipt, problems %v", len(runs), receipt.Runs, receipt.Problems)
			}
			p := receipt.Problems[0]
			if p.Kind != ingest.NoTime || filepath.Base(p.File) != "a.gpx" || !strings.Contains(p.Error(), tt.words) {
				t.Errorf("%s: %v, want no-time with %q", p.File, p, tt.words)
			}
		})
	}
}

// The rows of an export's table are held to the same, and a row gives its date to the run of a file that has none.
func TestReadRefusesWrongDatesOfTables(t *testing.T) {
	unset := ingesttest.Run{Start: time.Date(1980, 1, 6, 0, 0, 0, 0, time.UTC), DistM: 1800, SpeedMPS: 3}
	runs, _, receipt := readAll(t, map[string][]byte{
		"activities.csv": []byte(tableHead + tableRow(1, "2026-06-01 06:00", "Run", "unset.gpx") + tableRow(2, "2031-06-01 06:00", "Run", "")),
		"unset.gpx":      unset.GPX(),
	})
	if len(runs) != 1 || runs[0].Date.String() != "2026-06-01" || runs[0].DistM != 1800 {
		t.Errorf("runs %+v, want that of the first row", runs)
	}
	if len(receipt.Problems) != 2 {
		t.Errorf("problems %v, want that of the file and that of the second row", receipt.Problems)
	}
	for _, p := range receipt.Problems {
		if p.Kind != ingest.NoTime || p.File == "" {
			t.Errorf("problem %q: %v", p.File, p)
		}
	}
}

// The local day of the start decides, in summer and winter and on the nights between; the place tells it to a GPX of UTC
// times as the watch does to a FIT.
func TestReadDates(t *testing.T) {
	for _, tt := range []struct {
		name, local string
	}{
		{"ten to midnight on a Sunday", "2026-06-07T23:50:00+02:00"},
		{"ten past midnight", "2026-06-08T00:10:00+02:00"},
		{"the evening before the clock goes forward", "2026-03-28T23:50:00+01:00"},
		{"the night the clock goes forward", "2026-03-29T01:30:00+01:00"},
		{"after the clock went forward", "2026-03-29T03:10:00+02:00"},
		{"the evening after", "2026-03-29T23:50:00+02:00"},
		{"the first half past two of the night the clock goes back", "2025-10-26T02:30:00+02:00"},
		{"the second", "2025-10-26T02:30:00+01:00"},
		{"the evening after the clock went back", "2025-10-26T23:50:00+01:00"},
		{"New Year's Eve", "2025-12-31T23:50:00+01:00"},
	} {
		start, err := time.Parse(time.RFC3339, tt.local)
		if err != nil {
			t.Fatal(err)
		}
		_, offset := start.Zone()
		run := ingesttest.Run{Start: start.UTC(), OffsetS: offset, DistM: 3000, SpeedMPS: 2.8}
		for name, data := range map[string][]byte{"a.fit": run.FIT(), "a.gpx": run.GPX()} {
			runs, _, _ := readAll(t, map[string][]byte{name: data})
			if len(runs) != 1 || runs[0].Date.String() != tt.local[:10] || runs[0].Start.Format(time.RFC3339) != tt.local {
				t.Errorf("%s, %s: %v, want the day of %s", tt.name, name, runs, tt.local)
				continue
			}
			// The week is that of the day, whatever day of it UTC has.
			l := analyze.Build(runs, nil, analyze.Options{AsOf: runs[0].Date + 9, WeekStart: time.Monday})
			if w := l.WeekIndex(runs[0].Date); w != 0 || l.Weeks[0].Runs != 1 {
				t.Errorf("%s, %s: not in its own week", tt.name, name)
			}
		}
	}
}
