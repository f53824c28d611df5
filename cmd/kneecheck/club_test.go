//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kneecheck/ingest/civil"
	"kneecheck/ingest/ingesttest"
)

// club is how many athletes a club has: three with something wrong, one whose folder cannot be listed.
const club = 50

// clubLast is the last day of the club's logs.
var clubLast = civil.New(2026, time.June, 14)

// clubName is the folder of an athlete. Some are hard to print.
func clubName(i int) string {
	switch i {
	case 7:
		return "長い名前の選手たち東京"
	case 8:
		return "🏃🏽‍♀️ Zoë O’Neill-Fernández de la Cruz"
	case 21:
		return "spike"
	case 34:
		return "jump"
	case 47:
		return "slow-steps"
	case 49:
		return "unreadable"
	}
	return fmt.Sprintf("runner-%02d", i)
}

// writeClub writes a club's logs: ten weeks with three or four runs each.
func writeClub(dir string) error {
	random := rand.New(rand.NewPCG(6, 50))
	for i := range club {
		name := clubName(i)
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		// Nobody of those who do nothing wrong runs at the same pace or on the same distance.
		base, cadence := 5+4*random.Float64(), 164+8*random.Float64()
		for week := range 10 {
			for k, share := range []float64{.8, .9, 1.1} {
				km := base * share
				switch {
				case name == "spike" && week == 9 && k == 2:
					km *= 2.4
				case name == "jump" && week == 9:
					km *= 1.3
				}
				spm := cadence
				if name == "slow-steps" {
					spm = 140
				}
				date := clubLast - civil.Date(7*(9-week)) - civil.Date(5-2*k)
				r := ingesttest.Run{
					Start: date.Time().Add(7 * time.Hour), DistM: 1000 * km, SpeedMPS: 2.8, CadenceSPM: spm, EveryS: 30, Name: "Run of " + name,
				}
				if err := os.WriteFile(filepath.Join(folder, date.String()+".fit"), r.FIT(), 0o666); err != nil {
					return err
				}
			}
		}
	}
	return os.Chmod(filepath.Join(dir, clubName(49)), 0)
}

// mkclub writes the logs of a club of fifty: mkclub athletes.
func mkclub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mkclub FOLDER")
	}
	dir := ts.MkAbs(args[0])
	ts.Defer(func() { _ = os.Chmod(filepath.Join(dir, clubName(49)), 0o777) })
	ts.Check(writeClub(dir))
}
