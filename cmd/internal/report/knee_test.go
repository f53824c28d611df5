package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
	"kneecheck/rules"
)

// kneeReport is the report of a week of a note whose first weeks show what is usual.
func kneeReport(t *testing.T, text string) *Report {
	t.Helper()
	note, err := lognote.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	log := note.Log
	week := log.Weeks[len(log.Weeks)-1]
	return Build(Input{
		Log: log, Result: rules.Run(log, nil, analyze.Kilometres), FailOn: rules.Warning, From: week.Start, To: week.End(),
	})
}

const (
	usualWeeks = "every @166p5:30\nweek 2026-05-04 x4 6 _ 8 _ 6 _ 10\n"
	slowWeek   = usualWeeks + "every @156p6:30\nweek +1 6 _ 8 _ 6 _ 14"
	evenWeek   = usualWeeks + "week +1 6 _ 8 _ 6 _ 14"
	blindWeek  = "week 2026-05-04 6 _ 8 _ 6 _ 10"
)

func TestKneeLoadJSON(t *testing.T) {
	r := kneeReport(t, slowWeek)
	var out bytes.Buffer
	if err := JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	validate(t, schema(t), out.Bytes())
	var doc struct {
		Runs []struct {
			DistanceM float64  `json:"distance_m"`
			KneeKM    *float64 `json:"knee_km"`
		}
		Weeks []struct {
			KneeKM *float64 `json:"knee_km"`
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Runs[0].KneeKM != nil {
		t.Errorf("the first run has %v knee-km and nothing to compare with", *doc.Runs[0].KneeKM)
	}
	// 6:30 for 5:30 /km, 2.56 m/s for 3.03: (2.5/3.08)^−0.75 by bins of 0.2 m/s. The week's earlier runs have made the
	// cadence the own one at that speed.
	last, sum := doc.Runs[len(doc.Runs)-1], 0.0
	if want := 14 * math.Pow(2.5/3.08, -0.75); math.Abs(*last.KneeKM-want) > 0.1 {
		t.Errorf("%.2f knee-km over 14 km, want %.2f", *last.KneeKM, want)
	}
	for _, run := range doc.Runs[16:] {
		sum += *run.KneeKM
	}
	if week := doc.Weeks[4].KneeKM; week == nil || math.Abs(*week-sum) > 0.03 {
		t.Errorf("the week has %v knee-km, its runs %.2f", week, sum)
	}
	if r.Doc.Weeks[4].KneeKM != nil {
		t.Error("the knee load is worked out although no JSON was asked for")
	}
}

func TestKneeLoadOnScreens(t *testing.T) {
	for _, tt := range []struct {
		name, note  string
		week, whole string
	}{
		{"slow", slowWeek, "40.0 knee-km over 34.0 km; most moved by Sun 7 Jun (14.0 km count as 16.4), slower or with fewer steps than usual. Experimental", "week of 1 Jun: 40.0 knee-km"},
		{"as usual", evenWeek, "", ""},
		{"not known", blindWeek, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := kneeReport(t, tt.note)
			if got := kneeLine(r); !strings.Contains(got, tt.whole) || tt.whole == "" && got != "" {
				t.Errorf("the whole picture says %q, want %q", got, tt.whole)
			}
			var out bytes.Buffer
			if err := WeekText(&out, r, TextOptions{Width: 160}); err != nil {
				t.Fatal(err)
			}
			text := strings.Join(strings.Fields(out.String()), " ")
			if !strings.Contains(text, tt.week) || tt.week == "" && strings.Contains(text, "knee-km") {
				t.Errorf("the week says\n%s\nwant %q", out.String(), tt.week)
			}
		})
	}
}
