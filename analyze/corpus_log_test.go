package analyze

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// The runner of log-shipengfish wore two watches on seven days and uploaded one run twice: eight pairs of FIT files that
// overlap, found by looking at the starts and durations in the folder's index. One of the watches measured 0.5 km of 3.0.
// Nothing else in seven years overlaps, so nothing else may merge.
func TestCorpusTwoWatches(t *testing.T) {
	corpus := os.Getenv("KNEECHECK_CORPUS")
	if corpus == "" {
		t.Skip("KNEECHECK_CORPUS is not set: it names the folder of real files")
	}
	f, err := os.Open(filepath.Join(corpus, "log-shipengfish", "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var runs []Run
	distM := map[string]float64{}
	for _, row := range rows[1:] { // file, session, start_utc, sport, sub_sport, distance_m, elapsed_s, …
		if row[3] != "running" || !strings.HasSuffix(row[0], ".fit.gz") {
			continue
		}
		start, err := time.Parse(time.RFC3339, row[2])
		if err != nil {
			t.Fatal(err)
		}
		start = start.In(time.FixedZone("", 8*3600))
		r := Run{ID: row[0] + row[1], File: row[0], Format: ingest.FIT, Start: start, Date: civil.Of(start), OffsetFrom: ingest.OffsetFile}
		for i, figure := range map[int]*float64{5: &r.DistM, 6: &r.ElapsedS} {
			if *figure, err = strconv.ParseFloat(row[i], 64); row[i] != "" && err != nil {
				t.Fatal(err)
			}
		}
		distM[r.File] = r.DistM
		runs = append(runs, r)
	}
	if len(runs) != 370 {
		t.Fatalf("the index has %d running FIT sessions, want 370", len(runs))
	}
	l := Build(runs, nil, Options{AsOf: mustDate("2026-01-01"), WeekStart: time.Monday})
	if len(l.Runs) != 362 {
		t.Errorf("%d runs after merging, want 362", len(l.Runs))
	}
	for _, r := range l.Runs {
		// One recording was cut off after 0.53 km, and its copy says so; nothing is in doubt.
		if len(r.Notes) > 0 && !(len(r.AlsoIn) == 1 && strings.Contains(r.Notes[0], "recorded over 0.53 km")) {
			t.Errorf("%s has the notes %q, want none", r.File, r.Notes)
		}
		for _, other := range r.AlsoIn {
			if distM[other] > r.DistM/(1-copyDistance) {
				t.Errorf("%s with %.0f m was kept over %s with %.0f m", r.File, r.DistM, other, distM[other])
			}
			delete(distM, other)
		}
	}
	total, want := 0.0, 0.0
	for _, w := range l.Weeks {
		total += w.DistM
	}
	for _, r := range l.Runs {
		want += distM[r.File]
	}
	if math.Abs(total-want) > 0.01 {
		t.Errorf("the weeks hold %.2f m, the kept files %.2f m", total, want)
	}
}
