package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"kneecheck/ingest/ingesttest"
)

// A log spans ten years, however many runs it has, from this Monday on.
var logStart = time.Date(2016, 1, 4, 5, 0, 0, 0, time.UTC)

const logDays = 3650

// format is one kind of file: the folder it lies in, which is its suffix too, and how often it comes in a hundred.
type format struct {
	name   string
	share  int
	encode func(ingesttest.Run) []byte
}

var formats = [...]format{
	{"fit", 76, ingesttest.Run.FIT},
	{"fit.gz", 10, func(r ingesttest.Run) []byte { return gzipped(r.FIT()) }},
	{"gpx", 6, ingesttest.Run.GPX},
	{"gpx.gz", 4, func(r ingesttest.Run) []byte { return gzipped(r.GPX()) }},
	{"tcx", 4, ingesttest.Run.TCX},
}

// formatOf spreads the formats evenly over the log.
func formatOf(i int) format {
	at := i * 37 % 100 // 37 and 100 have no common divisor
	for _, f := range formats {
		if at -= f.share; at < 0 {
			return f
		}
	}
	return formats[0]
}

// runOf is run i of n: 30 to 90 minutes, 57 on average, at a sample a second. A tenth are on a treadmill, which only FIT
// knows, a twentieth by an old watch, the others by one that records everything.
func runOf(i, n int) ingesttest.Run {
	random := rand.New(rand.NewPCG(uint64(i), 0x6b6e6565))
	minutes := 30 + 60*math.Pow(random.Float64(), 1.2)
	speed := 2.5 + 0.5*random.Float64()
	r := ingesttest.Run{
		Start:   logStart.Add(time.Duration(i) * (logDays * 24 * time.Hour / time.Duration(n))),
		OffsetS: 3600, SpeedMPS: speed, DistM: math.Round(minutes * 60 * speed), CadenceSPM: 160 + 8*random.Float64(),
		HillM: 10 + 20*random.Float64(), HillEveryM: 900, Name: fmt.Sprintf("Run %d", i+1), Watch: ingesttest.FullWatch,
	}
	isFIT := formatOf(i).name == "fit"
	switch kind := random.IntN(20); {
	case kind < 2 && isFIT:
		r.Treadmill, r.HillM = true, 0
	case kind == 2:
		r.Watch = ingesttest.OldWatch
	}
	return r
}

// writeLog writes n runs below folder unless they are there already, and returns where. The name of the place tells how
// the writers write, so that a log of another version is never taken for this one.
func writeLog(folder string, n int) (string, error) {
	dir := filepath.Join(folder, fmt.Sprintf("log-%d-%s", n, fingerprint()))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	unfinished, err := os.MkdirTemp(folder, "unfinished-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(unfinished)
	for _, f := range formats {
		if err := os.Mkdir(filepath.Join(unfinished, f.name), 0o755); err != nil {
			return "", err
		}
	}
	if err := inParallel(n, func(i int) error { return writeRun(unfinished, i, n) }); err != nil {
		return "", err
	}
	return dir, os.Rename(unfinished, dir)
}

// writeRun writes one file, as old as the run.
func writeRun(dir string, i, n int) error {
	r, f := runOf(i, n), formatOf(i)
	name := filepath.Join(dir, f.name, r.Start.Format("2006-01-02-1504")+"."+f.name)
	if err := os.WriteFile(name, f.encode(r), 0o644); err != nil {
		return err
	}
	written := r.Start.Add(2 * time.Hour)
	return os.Chtimes(name, written, written)
}

// fingerprint is short for the bytes that one run of each format has.
func fingerprint() string {
	h := sha256.New()
	for _, f := range formats {
		r := runOf(0, 1)
		r.DistM = 2 * r.SpeedMPS * 60
		h.Write(f.encode(r))
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// inParallel calls do with 0 to n−1 on as many goroutines as there are processors, and returns an error if there was one.
func inParallel(n int, do func(i int) error) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// gzipped compresses as exports do.
func gzipped(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	// A bytes.Buffer never fails.
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}
