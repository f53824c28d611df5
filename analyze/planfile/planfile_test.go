package planfile

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
)

var asOf = civil.New(2026, time.June, 14) // a Sunday

// brief writes the runs of a plan in short: "2026-06-16 8.0 easy".
func brief(p *Plan) []string {
	out := []string{}
	for _, r := range p.Runs {
		s := fmt.Sprintf("%v %.1f %s", r.Date, r.DistM/1000, r.Kind)
		if !math.IsNaN(r.DurationS) {
			s += fmt.Sprintf(" %.0fs", r.DurationS)
		}
		out = append(out, strings.TrimSpace(s))
	}
	return out
}

func TestCSV(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
		past       int
		other      int
	}{
		{"columns in any order", "kind,km,date,note,duration\neasy,8,2026-06-16,by the river,50\nLong,18.5,2026-06-21,,1:55\nrace,10,2026-06-28,,0:45:30\n",
			[]string{"2026-06-16 8.0 easy 3000s", "2026-06-21 18.5 long 6900s", "2026-06-28 10.0 race 2730s"}, 0, 0},
		{"miles", "date,mi,kind\n2026-06-16,5,\n", []string{"2026-06-16 8.0"}, 0, 0},
		{"semicolons and decimal commas, as a spreadsheet writes them", "\xef\xbb\xbfdate;km;kind\r\n2026-06-16;8,5;easy\r\n", []string{"2026-06-16 8.5 easy"}, 0, 0},
		{"days off, other sports and days gone by", "date,km,kind\n2026-06-01,8,easy\n2026-06-16,,rest\n2026-06-17,30,bike\n2026-06-18,0,strength\n2026-06-19,8,easy\n",
			[]string{"2026-06-19 8.0 easy"}, 1, 3},
		{"out of order, two on a day", "date,km,kind\n2026-06-19,5,easy\n2026-06-16,8,easy\n2026-06-19,6,race\n",
			[]string{"2026-06-16 8.0 easy", "2026-06-19 5.0 easy", "2026-06-19 6.0 race"}, 0, 0},
		{"today counts until the log has a run", "date,km,kind\n2026-06-14,5,easy\n", []string{"2026-06-14 5.0 easy"}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Read("plan.csv", []byte(tt.text), Options{AsOf: asOf})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, brief(p)); diff != "" || p.Past != tt.past || p.Other != tt.other {
				t.Errorf("%s; past %d, other %d", diff, p.Past, p.Other)
			}
		})
	}
	p, err := Read("plan.csv", []byte("date,km,kind\n2026-06-14,5,easy\n2026-06-15,5,easy\n2026-06-15,6,easy\n"), Options{AsOf: asOf, DoneToday: true})
	if err != nil || p.Past != 1 || len(p.Runs) != 2 || p.Runs[0].ID != "plan-2026-06-15-1" || p.Runs[1].ID != "plan-2026-06-15-2" || p.Runs[1].Line != 4 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestCSVFaults(t *testing.T) {
	const head = "date,km,kind\n"
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", "plan.csv: is empty (the first line names the columns: date, km or mi, kind; duration and note may follow)"},
		{"no header", "2026-06-16,8,easy\n", "plan.csv:1: the header is missing"},
		{"no distance column", "date,kind\n2026-06-16,easy\n", `plan.csv:1: the column "km" is missing (or mi, for miles)`},
		{"both units", "date,km,mi,kind\n2026-06-16,8,5,easy\n", "plan.csv:1: has the columns km and mi (one of them names the unit)"},
		{"no kind column", "date,km\n2026-06-16,8\n", `plan.csv:1: the column "kind" is missing`},
		{"a slip in a kind", head + "2026-06-16,8,easi\n", `plan.csv:2: kind: unknown kind "easi" (did you mean easy?`},
		{"no date", head + "16.6.2026,8,easy\n", `plan.csv:2: date: "16.6.2026" is not a date like 2024-03-04`},
		{"an empty date", head + ",8,easy\n", "plan.csv:2: date: is empty"},
		{"no run without a distance", head + "2026-06-16,,easy\n", "plan.csv:2: km: a run needs a distance (for a day off write the kind rest)"},
		{"none of zero either", head + "2026-06-16,0,easy\n", "plan.csv:2: km: a run needs a distance"},
		{"a billion", head + "2026-06-16,1e9,easy\n", "plan.csv:2: km: 1e9 is outside 0 to 300"},
		{"not a number", head + "2026-06-16,NaN,easy\n", "plan.csv:2: km: NaN is outside 0 to 300"},
		{"infinite", head + "2026-06-16,Inf,easy\n", "plan.csv:2: km: Inf is outside 0 to 300"},
		{"below nothing", head + "2026-06-16,-8,easy\n", "plan.csv:2: km: -8 is outside 0 to 300"},
		{"year 1", head + "0001-01-01,8,easy\n", "plan.csv: plans no run after 2026-06-14: 1 lie before, the plan is over"},
		{"beyond a year", head + "2027-06-16,8,easy\n", "plan.csv:2: date: 2027-06-16 is more than a year after 2026-06-14"},
		{"year 9999", head + "9999-12-31,8,easy\n", "plan.csv:2: date: 9999-12-31 is more than a year after"},
		{"a duration in words", "date,km,kind,duration\n2026-06-16,8,easy,fast\n", `plan.csv:2: duration: "fast" is not a duration like 45 (minutes)`},
		{"a week of running", "date,km,kind,duration\n2026-06-16,8,easy,168:00\n", `plan.csv:2: duration: "168:00" is not a duration`},
		{"days off alone", head + "2026-06-16,,rest\n", "plan.csv: plans no run"},
		{"a quotation mark", head + "2026-06-16,\"8,easy\n", "plan.csv:2: a quotation mark is out of place"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", "plan.csv:1: is not UTF-8"},
		{"too many faults to tell", head + strings.Repeat("x,8,easy\n", 500), "plan.csv:12: and 490 faults more from here on"},
		{"100,000 lines", head + strings.Repeat("2026-06-16,8,easy\n", 100_000), "plan.csv:10002: more than 10000 lines, which is no plan"},
		{"too many runs", head + strings.Repeat("2026-06-16,8,easy\n", 2001), "plan.csv:2002: date: plans more than 2,000 runs"},
		{"five megabytes", strings.Repeat("x", 5<<20), "plan.csv: is larger than 4 MiB, which is no plan"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Read("plan.csv", []byte(tt.text), Options{AsOf: asOf})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%+v, %v; want %s", p, err, tt.want)
			}
			if err != nil && strings.Count(err.Error(), "\n") > sidecsv.MaxFaults {
				t.Errorf("%d lines of faults", strings.Count(err.Error(), "\n"))
			}
		})
	}
}

// calendar wraps events.
func calendar(events ...string) string {
	s := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	for _, e := range events {
		s += "BEGIN:VEVENT\r\nUID:1\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n"
	}
	return s + "END:VCALENDAR\r\n"
}

func TestCalendar(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, text string
		want       []string
		unclear    []string
		other      int
	}{
		{"a day, a time, a time in UTC that is the next day at home",
			calendar("SUMMARY:Long run 18 km\nDTSTART;VALUE=DATE:20260621", "SUMMARY:8km easy\nDTSTART;TZID=Europe/Berlin:20260616T183000", "SUMMARY:10 mi\nDTSTART:20260617T223000Z"),
			[]string{"2026-06-16 8.0 easy", "2026-06-18 16.1", "2026-06-21 18.0 long"}, nil, 0},
		{"every Tuesday and Thursday but one, forever", calendar("SUMMARY:Easy 6 km\nDTSTART:20260602T180000\nRRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20260626T235959Z\nEXDATE:20260618T180000"),
			[]string{"2026-06-16 6.0 easy", "2026-06-23 6.0 easy", "2026-06-25 6.0 easy"}, nil, 0},
		{"a count from the past", calendar("SUMMARY:Easy 6 km\nDTSTART:20260602\nRRULE:FREQ=WEEKLY;COUNT=4"),
			[]string{"2026-06-16 6.0 easy", "2026-06-23 6.0 easy"}, nil, 0},
		{"a repeat that was moved and one that was called off", calendar("SUMMARY:Easy 6 km\nDTSTART:20260616T180000\nRRULE:FREQ=DAILY;COUNT=4",
			"SUMMARY:Easy 9 km\nDTSTART:20260620T180000\nRECURRENCE-ID:20260617T180000", "STATUS:CANCELLED\nSUMMARY:Easy 6 km\nDTSTART:20260618T180000\nRECURRENCE-ID:20260618T180000"),
			[]string{"2026-06-16 6.0 easy", "2026-06-19 6.0 easy", "2026-06-20 9.0 easy"}, nil, 1},
		{"no distance, another sport, a day off, called off", calendar("SUMMARY:Tempo\nDTSTART:20260616", "SUMMARY:Bike 40 km\nDTSTART:20260617", "SUMMARY:Rest\nDTSTART:20260618",
			"SUMMARY:Run 5 km\nSTATUS:CANCELLED\nDTSTART:20260619", "SUMMARY:Easy run 5 km\nDTSTART:20260620", "SUMMARY:Old run\nDTSTART:20250620"),
			[]string{"2026-06-20 5.0 easy"}, []string{"Tue 16 Jun 2026: Tempo"}, 2},
		{"a folded line, escaped commas and an alarm", calendar("SUMMARY:Long\\, slow\n  run 12\n  km\nDTSTART:20260621\nBEGIN:VALARM\nSUMMARY:99 km\nEND:VALARM"),
			[]string{"2026-06-21 12.0 long"}, nil, 0},
		{"beyond a year is left out", calendar("SUMMARY:Run 5 km\nDTSTART:20280621", "SUMMARY:Run 5 km\nDTSTART:20260621"), []string{"2026-06-21 5.0"}, nil, 0},
		{"a start that is none, and repeats that are not followed", calendar("SUMMARY:Run 5 km\nDTSTART:tomorrow", "SUMMARY:Run 5 km\nDTSTART:20260621\nRRULE:FREQ=SECONDLY;BYSECOND=7",
			"SUMMARY:Run 5 km\nDTSTART:00010101\nRRULE:FREQ=DAILY", "SUMMARY:Run 6 km\nDTSTART:20260621"), []string{"2026-06-21 6.0"},
			[]string{"Thu 1 Jan 1970: Run 5 km (its start is no date)", "Sun 21 Jun 2026: Run 5 km (repeats by freq are not followed)", "Mon 1 Jan 0001: Run 5 km (it repeats since before 1990)"}, 0},
		{"two calendars in one file", calendar("SUMMARY:Run 5 km\nDTSTART:20260616") + calendar("SUMMARY:Run 6 km\nDTSTART:20260617"),
			[]string{"2026-06-16 5.0", "2026-06-17 6.0"}, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Read("plan.ics", []byte(tt.text), Options{AsOf: asOf, Zone: berlin})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, brief(p)); diff != "" || p.Other != tt.other {
				t.Errorf("%s; other %d", diff, p.Other)
			}
			if diff := cmp.Diff(tt.unclear, p.Unclear); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCalendarForever(t *testing.T) {
	p, err := Read("plan.ics", []byte(calendar("SUMMARY:Easy 6 km\nDTSTART:20260616T180000\nRRULE:FREQ=DAILY")), Options{AsOf: asOf})
	if err != nil || len(p.Runs) != MaxAheadDays-1 || p.Runs[len(p.Runs)-1].Date != asOf+MaxAheadDays {
		t.Errorf("%d runs, %v", len(p.Runs), err)
	}
}

// Rules that never find a day must not be followed to the end of time.
func TestCalendarNever(t *testing.T) {
	for _, rule := range []string{
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=5MO;INTERVAL=7", "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=300",
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MINUTELY", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=1000000000", "FREQ=", "",
		"FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12", "FREQ=YEARLY;INTERVAL=1000", "FREQ=DAILY;COUNT=-1", "FREQ=WEEKLY;UNTIL=never", "FREQ=DAILY;COUNT=999999999999999999",
	} {
		began := time.Now()
		_, _ = Read("plan.ics", []byte(calendar("SUMMARY:Run 5 km\nDTSTART:20260621\nRRULE:"+rule)), Options{AsOf: asOf})
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s took %v", rule, took)
		}
	}
}

func TestCalendarFaults(t *testing.T) {
	run := "SUMMARY:Run 5 km\nDTSTART:20260621"
	var every []string
	for range maxRepeating + 1 {
		every = append(every, run+"\nRRULE:FREQ=WEEKLY;COUNT=1")
	}
	for _, tt := range []struct{ name, text, want string }{
		{"cut off", calendar(run)[:200], "plan.ics: ends in the middle of a VEVENT"},
		{"nothing in it", calendar(), "plan.ics: plans no run"},
		{"no distance anywhere", calendar("SUMMARY:Tempo\nDTSTART:20260621"), `no event tells the distance of a run, such as "Long run 18 km"; the first is Sun 21 Jun 2026: Tempo`},
		{"over", calendar("SUMMARY:Run 5 km\nDTSTART:20260601"), "plans no run after 2026-06-14: 1 lie before, the plan is over"},
		{"an end too many", "BEGIN:VCALENDAR\nEND:VEVENT\n", "END:VEVENT stands where nothing of it began"},
		{"a deep nest", strings.Repeat("BEGIN:VCALENDAR\n", 100_000), "is no calendar"},
		{"a deep nest of others", "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X\n", 100_000), "nests deeper than any calendar"},
		{"a broken parameter", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;A=b\nEND:VEVENT\nEND:VCALENDAR\n", "is no calendar that can be read"},
		{"too much that repeats", calendar(every...), "has more than 500 events that repeat"},
		{"seven a day for a year", calendar(strings.Split(strings.TrimSuffix(strings.Repeat(run+"\nRRULE:FREQ=DAILY|", 7), "|"), "|")...), "plans more than 2,000 runs"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Read("plan.ics", []byte(tt.text), Options{AsOf: asOf})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%+v, %v; want %s", p, err, tt.want)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	for summary, wantKM := range map[string]float64{
		"Long run 18 km": 18, "8km easy": 8, "10 mi": 16.09344, "10K race": 10, "Easy 6.5 miles": 10.460736, "12,5 km Dauerlauf": 12.5,
		"16-18 km long": 18, "6–8km": 8, "5 x 1 km": 5, "5×1km": 5, "2 km warm up + 5 km tempo + 1 km": 8, "3 km, 4 km and 5 km": 12,
		"Run": 0, "Tempo 5:30/km": 0, "18": 0, "5 km or 8 km": 0, "Run 500 km": 0, "Run 0 km": 0, "45 min easy": 0, "Mile repeats": 0, "": 0,
		"1 km + 1 km + 1 km + 1 km + 1 km + 1 km + 1 km + 1 km + 1 km": 0, "99999999999999999999 x 5 km": 0, "Run 5 kmh": 0,
	} {
		if got := distance(summary); math.Abs(got-wantKM*1000) > 0.01 {
			t.Errorf("%q: %.1f km, want %.1f", summary, got/1000, wantKM)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"date,km,kind\n2026-06-16,8,easy\n", "date;mi;kind;duration;note\n2026-06-16;5,5;;1:10;x\n", "date,km,kind\n2026-06-16,NaN,easy\n,,\n\"", "\xff\xfe", "date,km,kind\n0000-00-00,1e309,rest\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(check)
}

func FuzzCalendar(f *testing.F) {
	for _, seed := range []string{
		calendar("SUMMARY:Run 5 km\nDTSTART:20260621"),
		calendar("SUMMARY:Run 5 km\nDTSTART:20260621T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,FR;INTERVAL=2\nEXDATE;TZID=x:20260621T100000,1\nRDATE:20260701"),
		calendar("SUMMARY:5 x 1 km\nDTSTART:20260621\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "RECURRENCE-ID:20260621\nSTATUS:CANCELLED\nDTSTART:20260621"),
		calendar("SUMMARY:5 km\nDTSTART:20260621\nRRULE:FREQ=MONTHLY;BYDAY=-5MO;BYSETPOS=-1;INTERVAL=999;COUNT=99999999"),
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;A=\"b:c\n \nEND:VEVENT\nEND:VCALENDAR",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(check)
}

// check makes sure of what every plan that is read has in common.
func check(t *testing.T, data []byte) {
	p, err := Read("plan", data, Options{AsOf: asOf})
	if err != nil {
		if p != nil || err.Error() == "" {
			t.Errorf("%v with %v", p, err)
		}
		return
	}
	if len(p.Runs) == 0 || len(p.Runs) > maxRuns || len(p.Log()) != len(p.Runs) {
		t.Errorf("%d runs", len(p.Runs))
	}
	seen := map[string]bool{}
	for i, r := range p.Runs {
		if seen[r.ID] || r.Date < asOf || r.Date > asOf+MaxAheadDays || !(r.DistM > 0 && r.DistM <= maxRunM+1) || i > 0 && r.Date < p.Runs[i-1].Date ||
			!(math.IsNaN(r.DurationS) || r.DurationS > 0 && r.DurationS <= maxDurationS) {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
	}
}
