package rules

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
)

// holdFigures compares what docs/rules-in-practice.md has between the marks of some figures with what the rules say, or
// writes it there with -update.
func holdFigures(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "docs", "rules-in-practice.md")
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- figures: "+name+" -->\n", "<!-- end: "+name+" -->\n"
	head, rest, ok := strings.Cut(string(doc), begin)
	figures, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s lacks the marks %q and %q", path, begin, end)
	}
	if *update {
		if err := os.WriteFile(path, []byte(head+begin+got+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(figures, got); diff != "" {
		t.Errorf("%s is not what the rules say: run %s with -update and read its prose again (-file +rules)\n%s", path, t.Name(), diff)
	}
}

// TestCorpusRulesInPractice counts how often every rule, also those off by default, fires on six years of a real runner,
// and holds docs/rules-in-practice.md against it: a threshold that changes shows there.
func TestCorpusRulesInPractice(t *testing.T) {
	corpus := os.Getenv("KNEECHECK_CORPUS")
	if corpus == "" {
		t.Skip("KNEECHECK_CORPUS is not set: it names the folder of real files")
	}
	runs, strength, _, err := analyze.Read(context.Background(), []string{filepath.Join(corpus, "log-shipengfish")}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := runs[0].Date
	for i := range runs {
		last = max(last, runs[i].Date)
	}
	log := analyze.Build(runs, strength, analyze.Options{HeightCM: math.NaN(), AsOf: last, WeekStart: time.Monday})
	got := practice(log)
	t.Log("\n" + got)
	holdFigures(t, "log", got)
}

// fired counts what a rule said.
type fired [High + 1]int

// practice writes the table. Rules of state are asked at the end of every month with a run in the 28 days before, as a
// monthly reader would; the others are asked once for the whole log.
func practice(log *analyze.Log) string {
	events, states := map[*Rule]*fired{}, map[*Rule]*fired{}
	silent := map[*Rule]int{}
	for _, r := range All() {
		events[r], states[r] = &fired{}, &fired{}
	}
	res := run(log, allOn(), analyze.Kilometres, All(), judge)
	for _, f := range res.Findings {
		events[f.Rule][f.Severity]++
	}
	months := 0
	for _, end := range monthEnds(log) {
		if first, after := log.RunRange(end-27, end); first == after {
			continue
		}
		months++
		res := run(log.At(end), allOn(), analyze.Kilometres, All(), judge)
		for _, f := range res.Findings {
			if f.Rule.State {
				states[f.Rule][f.Severity]++
			}
		}
		for _, n := range res.NotJudged {
			silent[n.Rule]++
		}
	}
	return writePractice(log, events, states, silent, months) + "\n" + byYear(log, res.Findings)
}

// monthEnds are the last days of the months that lie within the log.
func monthEnds(log *analyze.Log) []civil.Date {
	var out []civil.Date
	t := log.Days[0].Date.Time()
	for m := t.Month() + 1; ; m++ {
		end := civil.New(t.Year(), m, 1) - 1
		if end > log.AsOf {
			return out
		}
		out = append(out, end)
	}
}

func writePractice(log *analyze.Log, events, states map[*Rule]*fired, silent map[*Rule]int, months int) string {
	var b strings.Builder
	distM := 0.0
	for _, w := range log.Weeks {
		distM += w.DistM
	}
	years := float64(len(log.Days)) / 365.25
	fmt.Fprintf(&b, "%d runs, %.0f km, %s to %s: %.1f years, %d months with a run in their last 28 days.\n\n",
		len(log.Runs), distM/1000, log.Days[0].Date, log.AsOf, years, months)
	b.WriteString("| Rule | On | note | warning | high | a year | not judged |\n|---|---|---|---|---|---|---|\n")
	for _, r := range All() {
		n, per := *events[r], "%.1f"
		sum := func() float64 { return float64(n[Note] + n[Warning] + n[High]) }
		total := sum() / years
		if r.State {
			n, per = *states[r], "%.1f months"
			total = sum() / float64(months) * 12
		}
		fmt.Fprintf(&b, "| %s %s | %s | %d | %d | %d | "+per+" | %d of %d |\n", r.ID, r.Name, r.switched(), n[Note], n[Warning], n[High], total, silent[r], months)
	}
	return b.String()
}

// byYear writes what a reader of the weekly report would have been told by the rules that are on by default. A week is
// loud when a finding at warning or above ends in it.
func byYear(log *analyze.Log, findings []Finding) string {
	var b strings.Builder
	b.WriteString("| Year | km | weeks with a run | notes | warnings | high | weeks with a warning or high |\n|---|---|---|---|---|---|---|\n")
	for year := log.Days[0].Date.Time().Year(); year <= log.AsOf.Time().Year(); year++ {
		km, running, n := 0.0, 0, fired{}
		loud := map[int]bool{}
		for i := range log.Weeks {
			if w := &log.Weeks[i]; w.Start.Time().Year() == year && w.Runs > 0 {
				running++
				km += w.DistM / 1000
			}
		}
		for _, f := range findings {
			if f.To.Time().Year() != year || f.Rule.Off || f.Rule.State {
				continue
			}
			n[f.Severity]++
			if f.Severity >= Warning {
				loud[log.WeekIndex(f.To)] = true
			}
		}
		fmt.Fprintf(&b, "| %d | %.0f | %d | %d | %d | %d | %d |\n", year, km, running, n[Note], n[Warning], n[High], len(loud))
	}
	return b.String()
}
