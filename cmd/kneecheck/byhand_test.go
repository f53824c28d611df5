package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kneecheck/cmd/internal/cli"
)

// noFigure is what a division by nothing leaves in a text.
var noFigure = regexp.MustCompile(`\bNaN\b|\bInf\b|∞|%!|-9223372036854775808|\b0:00 /(km|mi)`)

// TestByHand takes logs with runs of which nobody wrote the minutes through every command and format.
func TestByHand(t *testing.T) {
	const byHand = "run,distance_km,date,race\nnew,5,2026-04-14,\nnew,6,2026-04-18,\nnew,8,2026-04-21,\nnew,9,2026-04-25,\nnew,7,2026-05-05,\n" +
		"new,12,2026-05-09,\nnew,8,2026-05-12,\nnew,14,2026-05-16,\nnew,8,2026-05-19,\nnew,20,2026-05-23,\nnew,8,2026-05-26,\nnew,30,2026-06-11,\nnew,11,2026-06-13,yes\n"
	pain := "date,side,during\n2026-05-24,left,4\n2026-06-12,left,4\n"
	mixed, alone := filepath.Join(t.TempDir(), "mixed"), filepath.Join(t.TempDir(), "alone")
	if err := writeLog("week 2026-03-02 x13 6 _ 8 _ 6 _ 10\nweek +1 6 _ 8\n", mixed); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{mixed, alone} {
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"overrides.csv": byHand, "pain.csv": pain} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	commands := []string{
		"analyze LOG", "analyze LOG --format markdown", "analyze LOG --format html", "analyze LOG --format json", "analyze LOG --units mi",
		"check LOG", "check LOG --format json", "check LOG --format markdown", "check LOG --since 2026-03-02", "check --each LOG --format junit",
		"report LOG", "report LOG --format markdown", "report LOG --format html", "report LOG --format json", "report LOG --format eml --from a@example.org --to b@example.org",
		"report LOG --week 2026-W21", "budget LOG", "budget LOG --format json", "shoes LOG", "replay LOG", "replay LOG --format json",
		"show 2026-06-11 LOG", "show 2026-06-11 LOG --format json", "show longest LOG --units mi", "ingest LOG", "ingest LOG --details",
		"explain KC107 LOG", "explain KC201 LOG", "explain KC202 LOG",
		"export runs LOG", "export weeks LOG", "export findings LOG", "export samples LOG", "export runs LOG --format jsonl", "export runs LOG --format parquet",
	}
	// Every rule speaks, those that are off unless asked for too.
	config := filepath.Join(t.TempDir(), "all.toml")
	var on strings.Builder
	for _, name := range []string{"acwr", "monotony", "long-run-share", "knee-load-jump", "long-steps", "hard-days-in-a-row", "one-pair"} {
		on.WriteString("[rules." + name + "]\nenabled = true\n")
	}
	if err := os.WriteFile(config, []byte(on.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{mixed, alone} {
		for _, command := range commands {
			t.Run(filepath.Base(folder)+" "+command, func(t *testing.T) {
				args := strings.Fields(strings.ReplaceAll(command, "LOG", folder))
				var out, problems bytes.Buffer
				code := cli.Main(append(args, "--config", config), &cli.Env{
					In: strings.NewReader(""), Out: &out, Err: &problems, Getenv: func(string) string { return "" },
					Now: func() time.Time { return time.Date(2026, 6, 14, 12, 0, 0, 0, time.UTC) },
				})
				if code > 1 {
					t.Errorf("exit %d: %s", code, &problems)
				}
				if strings.Contains(command, "parquet") {
					return
				}
				for line := range strings.Lines(out.String() + problems.String()) {
					if noFigure.MatchString(line) {
						t.Error(line)
					}
				}
			})
		}
	}
}
