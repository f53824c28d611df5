package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// fullReceipt is what reading a folder with something of everything gives.
func fullReceipt(t *testing.T) ReceiptInput {
	t.Helper()
	in := input(t, `
shoe Daily since 2026-06-02
week 2026-06-01  _ 8@165 _ 6@168 7 10@166 _
`, 8, analyze.Kilometres)
	runs := in.Log.Runs
	runs[0].Notes = []string{"1 position impossible and left out", "cadence doubled in the file: halved"}
	runs[1].Notes = []string{"12 positions impossible and left out"}
	runs[2].Shoe, runs[2].Cadence.Unit = "", ingest.NoCadence
	runs[3].Notes = []string{"cadence doubled in the file: halved"}
	runs[3].AlsoIn = []string{"runs/2026-06-06.gpx"}
	second := *runs[3]
	second.ID, second.File, second.AlsoIn, second.Notes = "fedcba9876543210", "runs/2026-06-06.gpx", nil, nil
	cut := errors.New("the file ends in the middle of a record")
	problems := someProblems()
	outcomes := []analyze.Outcome{
		{File: runs[0].File, Sessions: []analyze.Session{{Sport: ingest.Running, Date: runs[0].Date, File: runs[0].File, Run: runs[0]}}},
		{File: runs[1].File, Sessions: []analyze.Session{{Sport: ingest.Running, Date: runs[1].Date, File: runs[1].File, Run: runs[1]}}},
		{File: runs[2].File, Sessions: []analyze.Session{{Sport: ingest.Running, Date: runs[2].Date, File: runs[2].File, Run: runs[2]}},
			Problems: []*ingest.Problem{{File: runs[2].File, Kind: ingest.Truncated, Err: cut, Kept: 1204}}},
		{File: runs[3].File, Sessions: []analyze.Session{{Sport: ingest.Running, Date: runs[3].Date, File: runs[3].File, Run: runs[3]}}},
		{File: second.File, Sessions: []analyze.Session{{Sport: ingest.Running, Date: second.Date, File: second.File, Run: &second}}},
		{File: "runs/881.fit.gz", Problems: problems[:1]},
		{File: "runs/913.gpx", Problems: problems[1:2]},
		{File: "runs/gym.fit", Sessions: []analyze.Session{{Sport: ingest.Strength, Date: civil.New(2026, 6, 3)}}},
		{File: "runs/notes.txt", Ignored: true},
		{File: "runs/settings.fit", Problems: problems[2:3]},
		{File: "runs/triathlon.fit", Sessions: []analyze.Session{
			{Sport: ingest.OtherSport, Date: civil.New(2026, 6, 7)}, {Sport: ingest.Cycling, Date: civil.New(2026, 6, 7)}, {Sport: ingest.UnknownSport, Date: civil.New(2026, 6, 7)}}},
	}
	return ReceiptInput{
		Title: "runs/", Log: in.Log, Units: analyze.Kilometres, Elapsed: 1140 * time.Millisecond,
		Receipt: &analyze.Receipt{
			Exports: []analyze.Export{{
				File: "runs/activities.csv", Rows: 12, Joined: 4, Runs: 1, Strength: 2, Other: 3, Unused: 2, Routes: 1,
				Notes: []string{"2 rows have no date that could be read, the first is row 7"},
			}},
			Files: 10, Activities: 9, Runs: 5, Strength: 1, Other: 3, Ignored: 1, NotActivities: 1,
			Problems: append(problems[:3:3], outcomes[2].Problems[0],
				&ingest.Problem{File: "runs/old.zip", Kind: ingest.Corrupt, Err: errors.New("its table of contents is damaged; download it again")}), Outcomes: outcomes,
		},
	}
}

func TestReceipt(t *testing.T) {
	for _, tc := range []struct {
		name    string
		details bool
		width   int
	}{{"receipt.text", false, 100}, {"receipt.details", true, 100}, {"receipt.60", true, 60}} {
		t.Run(tc.name, func(t *testing.T) {
			in := fullReceipt(t)
			in.Details = tc.details
			var out bytes.Buffer
			if err := ReceiptText(&out, in, TextOptions{Width: tc.width}); err != nil {
				t.Fatal(err)
			}
			compare(t, tc.name, out.String())
			checkWidth(t, out.String(), tc.width)
		})
	}
}

func TestEmptyReceipt(t *testing.T) {
	var out bytes.Buffer
	if err := ReceiptText(&out, ReceiptInput{Receipt: &analyze.Receipt{}, Log: &analyze.Log{}}, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "0 files: 0 activities · 0 runs\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestReceiptOfManyProblems names no more than twenty files of a kind before the details, which name all.
func TestReceiptOfManyProblems(t *testing.T) {
	in := ReceiptInput{Receipt: &analyze.Receipt{}, Log: &analyze.Log{}}
	for i := range 1000 {
		in.Receipt.Problems = append(in.Receipt.Problems, &ingest.Problem{File: fmt.Sprintf("runs/%03d.gpx", i), Kind: ingest.NoTime, Err: errors.New("a planned route")})
	}
	in.Receipt.Problems = append(in.Receipt.Problems, &ingest.Problem{File: "runs/last.fit", Kind: ingest.Corrupt, Err: errors.New("the checksum is wrong")})
	var short, long bytes.Buffer
	if err := ReceiptText(&short, in, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	in.Details = true
	if err := ReceiptText(&long, in, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, text, of string }{{"short", short.String(), "20"}, {"with details", long.String(), "1020"}} {
		if got := fmt.Sprint(strings.Count(tc.text, "a planned route")); got != tc.of {
			t.Errorf("%s: %s routes named, want %s", tc.name, got, tc.of)
		}
		if !strings.Contains(tc.text, "runs/last.fit: corrupt: ") {
			t.Errorf("%s: the last file is missing", tc.name)
		}
	}
	if want := "  and 980 more: no-time (kneecheck ingest --details lists all)\n"; !strings.Contains(short.String(), want) {
		t.Errorf("no %q in\n%s", want, &short)
	}
}
