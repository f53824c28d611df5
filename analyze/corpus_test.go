package analyze_test

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// corpus is a folder of real activity files, none of which is in this repository.
func corpus(t *testing.T, sub string) string {
	t.Helper()
	root := os.Getenv("KNEECHECK_CORPUS")
	if root == "" {
		t.Skip("KNEECHECK_CORPUS names no folder of real files")
	}
	return filepath.Join(root, sub)
}

// indexRow is a session as another decoder read it.
type indexRow struct {
	file, sport     string
	fit             bool
	date            civil.Date
	distM, elapsedS float64
	start           time.Time
	cadence         bool
}

// copies tells whether two rows are of one run: the same number in the file's name (Garmin gives it to both formats), or
// more than half of the shorter one's time in common.
func (r indexRow) copies(o indexRow) bool {
	number := func(file string) string { return strings.Split(path.Base(file), ".")[0] }
	if number(r.file) == number(o.file) {
		return true
	}
	apart := r.start.Sub(o.start).Seconds()
	common := min(r.elapsedS-max(-apart, 0), o.elapsedS-max(apart, 0), r.elapsedS, o.elapsedS)
	return common > min(r.elapsedS, o.elapsedS)/2
}

func index(t *testing.T, dir string, offset time.Duration) []indexRow {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range records[0] {
		column[name] = i
	}
	var rows []indexRow
	for _, r := range records[1:] {
		start, err := time.Parse(time.RFC3339Nano, r[column["start_utc"]])
		if err != nil {
			continue // a file without a session
		}
		dist, _ := strconv.ParseFloat(r[column["distance_m"]], 64)
		elapsed, _ := strconv.ParseFloat(r[column["elapsed_s"]], 64)
		points, _ := strconv.Atoi(r[column["with_cadence"]])
		rows = append(rows, indexRow{
			file: r[column["file"]], sport: r[column["sport"]], fit: strings.Contains(r[column["file"]], ".fit"),
			distM: dist, elapsedS: elapsed, start: start, date: civil.Of(start.Add(offset).UTC()), cadence: points > 0,
		})
	}
	return rows
}

// TestCorpusLogWeeks holds six years of one runner against the sums that another decoder gives.
func TestCorpusLogWeeks(t *testing.T) {
	dir := corpus(t, "log-shipengfish")
	rows := index(t, dir, 8*time.Hour)

	// Two watches recorded some runs, and some files are there twice. Either copy's distance will do for a week's sum.
	fitRuns, fitCadence, copies := 0, 0, 0
	type span struct{ low, high float64 }
	want := map[civil.Date]span{}
	var kept []indexRow
	for _, r := range rows {
		if r.sport != "running" {
			continue
		}
		if r.fit {
			fitRuns++
			if r.cadence {
				fitCadence++
			}
		}
		sum := want[r.date.WeekStart(time.Monday)]
		if i := slices.IndexFunc(kept, r.copies); i >= 0 {
			copies++
			sum.low += min(0, r.distM-kept[i].distM)
			sum.high += max(0, r.distM-kept[i].distM)
		} else {
			kept = append(kept, r)
			sum.low += r.distM
			sum.high += r.distM
		}
		want[r.date.WeekStart(time.Monday)] = sum
	}

	runs, strength, receipt, err := analyze.Read(context.Background(), []string{dir}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range receipt.Problems {
		t.Logf("%s: %v", path.Base(p.File), p)
		if p.Err == nil || p.File == "" {
			t.Errorf("a problem without a name: %+v", p)
		}
	}
	var ours, withCadence, walked int
	for i := range runs {
		if runs[i].Format != ingest.FIT {
			continue
		}
		ours++
		if runs[i].Cadence.Unit == ingest.NoCadence {
			continue
		}
		withCadence++
		c := runs[i].Cadence.MeanSPM
		switch {
		case math.IsNaN(c) && runs[i].Device.CadenceSPM < 140:
			walked++ // a cadence, but never a running one
		case !(c > 130 && c < 210):
			t.Errorf("%s: %v steps/min", path.Base(runs[i].File), c)
		}
	}
	if ours != fitRuns || fitRuns != 370 {
		t.Errorf("%d FIT runs, another decoder reads %d", ours, fitRuns)
	}
	if withCadence != fitCadence || fitCadence != 365 {
		t.Errorf("%d runs with cadence, another decoder reads %d", withCadence, fitCadence)
	}

	if walked > 1 {
		t.Errorf("%d runs have only walking cadence; one is known", walked)
	}

	last := runs[0].Date
	for i := range runs {
		last = max(last, runs[i].Date)
	}
	log := analyze.Build(runs, strength, analyze.Options{HeightCM: math.NaN(), AsOf: last, WeekStart: time.Monday})
	if got := len(runs) - len(log.Runs); got != copies {
		t.Errorf("%d copies merged, want %d", got, copies)
	}
	worst := 0.0
	for i := range log.Weeks {
		w := &log.Weeks[i]
		sum := want[w.Start]
		delete(want, w.Start)
		off := max(sum.low-w.DistM, w.DistM-sum.high, 0)
		if sum.high > 0 {
			worst = max(worst, off/sum.high)
		}
		if off > 0.002*sum.high {
			t.Errorf("week of %s: %.0f m, another decoder sums %.0f to %.0f m", w.Start, w.DistM, sum.low, sum.high)
		}
	}
	for start, sum := range want {
		t.Errorf("the week of %s with %.0f m is missing", start, sum.high)
	}
	t.Logf("%d runs in %d weeks; the largest difference of a week is %.3f %%", len(log.Runs), len(log.Weeks), 100*worst)
}

// TestCorpusEveryFile reads every real file there is and prints what became of it. No file may vanish.
func TestCorpusEveryFile(t *testing.T) {
	root := corpus(t, ".")
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || strings.HasPrefix(folder.Name(), "log-") {
			continue
		}
		_, _, receipt, err := analyze.Read(context.Background(), []string{filepath.Join(root, folder.Name())}, ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range receipt.Outcomes {
			name, _ := filepath.Rel(root, o.File)
			var fate []string
			for _, s := range o.Sessions {
				word := string(s.Sport)
				if s.Run != nil {
					word = "run of " + analyze.Kilometres.Dist(s.Run.DistM)
				}
				fate = append(fate, word)
			}
			for _, p := range o.Problems {
				fate = append(fate, p.Error())
				if p.Kind == ingest.Internal {
					t.Errorf("%s: %v", name, p)
				}
			}
			if o.Ignored {
				fate = append(fate, "ignored")
			}
			if len(fate) == 0 {
				t.Errorf("%s: nothing became of it", name)
			}
			t.Logf("%-60s %s", name, strings.Join(fate, "; "))
		}
	}
}
