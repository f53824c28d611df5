// Command gen writes the demonstration log that `make run` analyses: sixteen weeks of a runner nobody knows, with one
// of each kind of trouble in it. Its output is committed; a test holds the two together.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kneecheck/ingest/civil"
	"kneecheck/ingest/ingesttest"
)

//go:generate go run . ../../../testdata/demo

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range demo() {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// session is one planned run: the day of the week counted from Monday, and its distance.
type session struct {
	day int
	km  float64
	// kind is "" for an easy road run, or treadmill, hills.
	kind string
}

// weeks is the story: a steady build, a cut-back week and its rebound, a week beyond the ten per cent, one far too long
// run, a layoff, and a return that is too quick. The runner's cadence is low throughout and sinks at the end.
var weeks = [16][]session{
	{{0, 6, ""}, {2, 7, ""}, {5, 10, ""}},
	{{1, 6, ""}, {3, 6, ""}, {4, 3, ""}, {6, 10, ""}},
	{{1, 6, ""}, {3, 7, ""}, {4, 3, ""}, {6, 11, ""}},
	{{1, 5, ""}, {3, 6, ""}, {6, 9, ""}},                    // cut-back
	{{1, 6.5, ""}, {3, 7.5, ""}, {4, 4, ""}, {6, 11.5, ""}}, // rebound
	{{1, 7, ""}, {3, 8, "treadmill"}, {4, 4, ""}, {6, 12, ""}},
	{{0, 7, ""}, {1, 6, ""}, {3, 8.5, ""}, {4, 4, ""}, {6, 12.5, ""}}, // beyond ten per cent
	{{1, 7, ""}, {3, 8.5, "hills"}, {4, 5, ""}, {6, 13, ""}},
	{{1, 5, ""}, {3, 6, ""}, {6, 27, ""}}, // the long run
	{{1, 3, ""}},
	{}, {}, // layoff
	{{1, 6, ""}, {3, 6, ""}, {5, 9, ""}}, // back too quickly
	{{1, 6, ""}, {3, 6.5, ""}, {6, 9.5, ""}},
	{{1, 6.5, ""}, {3, 7, ""}, {6, 10, ""}},
	{{1, 6.5, ""}, {3, 7, ""}, {5, 10.2, ""}},
}

// The watch of the demonstration is two hours ahead of UTC, and its weeks begin on this Monday.
var firstMonday = civil.New(2026, time.June, 1)

const offsetS = 2 * 3600

func demo() map[string][]byte {
	files := map[string][]byte{}
	for w, sessions := range weeks {
		for _, s := range sessions {
			date := firstMonday + civil.Date(7*w+s.day)
			r := s.run(date, w)
			files[date.String()+".fit.gz"] = zip(r.FIT())
			if w == 5 && s.kind == "" {
				// The phone recorded these too: copies that must not count twice.
				files[date.String()+"-phone.gpx.gz"] = zip(r.GPX())
			}
		}
	}
	// A watch that ran out of battery leaves a file cut off in the middle; the whole one is there as well.
	whole := session{3, 6, ""}.run(firstMonday+civil.Date(7*1+3), 1).FIT()
	files["broken-copy.fit"] = whole[:60]
	files["shoes.txt"] = []byte("Anything that is no activity file is left alone.\n")
	return files
}

func (s session) run(date civil.Date, week int) ingesttest.Run {
	r := ingesttest.Run{
		Start:   date.Time().Add(18*time.Hour - offsetS*time.Second + time.Duration(s.km)*time.Minute),
		OffsetS: offsetS, DistM: s.km * 1000, SpeedMPS: 2.75, CadenceSPM: 151, EveryS: 5, Name: "Run on " + date.String(),
	}
	if week >= 12 {
		r.CadenceSPM = 145
	}
	switch s.kind {
	case "treadmill":
		r.Treadmill, r.SpeedMPS = true, 2.2
	case "hills":
		r.HillM, r.HillEveryM, r.SpeedMPS = 40, 1400, 2.6
	}
	return r
}

// zip compresses without a time stamp, so that the same content gives the same bytes.
func zip(content []byte) []byte {
	var b bytes.Buffer
	// A bytes.Buffer never fails, and the level is valid.
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}
