package report

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// TestCorpusLog renders six years of a real runner in every form, as of the end of every quarter.
func TestCorpusLog(t *testing.T) {
	corpus := os.Getenv("KNEECHECK_CORPUS")
	if corpus == "" {
		t.Skip("KNEECHECK_CORPUS is not set")
	}
	runs, strength, rc, err := analyze.Read(context.Background(), []string{filepath.Join(corpus, "log-shipengfish")}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := schema(t)
	for quarter := range 25 {
		asOf := civil.Of(time.Date(2018, time.Month(10+3*quarter), 31, 0, 0, 0, 0, time.UTC))
		log := analyze.Build(runs, strength, analyze.Options{HeightCM: 170, AsOf: asOf, WeekStart: time.Monday})
		in := Input{
			Log: log, Result: rules.Run(log, nil, analyze.Kilometres), Receipt: rc, Title: "log/", Weeks: 12, FailOn: rules.Warning,
			From: asOf.WeekStart(time.Monday) - 7, To: asOf.WeekStart(time.Monday) - 1,
		}
		r := Build(in)
		var doc bytes.Buffer
		if err := JSON(&doc, r); err != nil {
			t.Fatal(err)
		}
		validate(t, s, doc.Bytes())
		for _, width := range []int{60, 100} {
			for form, render := range textForms {
				var out bytes.Buffer
				if err := render(&out, r, TextOptions{Width: width}); err != nil {
					t.Fatal(err)
				}
				checkWidth(t, out.String(), width)
				if t.Failed() {
					t.Fatalf("as of %v, %s:\n%s", asOf, form, out.String())
				}
			}
		}
	}
}
