package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// row is one line of the table: a command, what it is measured against, and what the ratio of their times may be.
type row struct {
	name, against string
	what, other   *command
	limit         float64
	// scale multiplies the ratio, 1 if it is 0: the other command may do a part of the work.
	scale float64
	// atLeast makes limit the least that other ÷ what may be; the ratio is printed that way round.
	atLeast bool
	// rounds multiplies the number of rounds, 1 if it is 0: what takes milliseconds is measured more often.
	rounds int
	// skip says why the row cannot be measured here.
	skip string
	// maxMiB bounds the peak memory of what, 0 for no bound.
	maxMiB float64
}

// bench is what the rows are made of.
type bench struct {
	options
	scratch, log, many string
	// hasCache is true when kneecheck remembers runs.
	hasCache bool
}

func (b *bench) program(name string) string { return filepath.Join(b.bin, name) }

func (b *bench) files(format string) string { return filepath.Join(b.log, format) }

// analyze is a reading of paths. It is cold: nothing is remembered.
func (b *bench) analyze(paths ...string) *command {
	return &command{
		argv:   append([]string{b.program("kneecheck"), "analyze"}, paths...),
		before: func() error { return os.RemoveAll(cacheFolder(b.scratch)) },
	}
}

// warm is a reading of paths of which seen are remembered.
func (b *bench) warm(seen string, paths ...string) *command {
	c := b.analyze(paths...)
	kept := filepath.Join(b.scratch, "kept")
	c.before = func() error {
		if _, err := os.Stat(kept); err != nil {
			if _, err := b.analyze(seen).time(b.scratch); err != nil {
				return err
			}
			if err := os.CopyFS(kept, os.DirFS(cacheFolder(b.scratch))); err != nil {
				return err
			}
		}
		if err := os.RemoveAll(cacheFolder(b.scratch)); err != nil {
			return err
		}
		return os.CopyFS(cacheFolder(b.scratch), os.DirFS(kept))
	}
	return c
}

func (b *bench) loop(name, dir string) *command {
	return &command{argv: []string{b.program("benchlog"), "loop", name, dir}}
}

// find lists the log, as the least that must be done to see that nothing changed.
func (b *bench) find(args ...string) *command {
	return &command{argv: append([]string{"find", b.log, "-type", "f"}, args...)}
}

func (b *bench) rows() ([]row, error) {
	rows := b.coldRows()
	warm, err := b.warmRows()
	if err != nil {
		return nil, err
	}
	rows = append(rows, warm...)
	rows = append(rows, row{
		name: "kneecheck version", against: "an empty program with the same command framework", limit: 1.6, rounds: 8,
		what:  &command{argv: []string{b.program("kneecheck"), "version"}},
		other: &command{argv: []string{b.program("emptycobra"), "version"}},
	})
	others, err := b.otherPrograms()
	return append(rows, others...), err
}

// coldRows measure a first reading.
func (b *bench) coldRows() []row {
	fit, gpx, tcx := b.analyze(b.files("fit")), b.analyze(b.files("gpx")), b.analyze(b.files("tcx"))
	one := b.analyze(b.files("fit"))
	one.env = []string{"GOMAXPROCS=1"}
	rows := []row{
		{name: "cold, FIT", against: "tormoder/fit's Decode of the same files", what: fit, other: b.loop("decode-fit", b.files("fit")), limit: 0.20},
		{name: "cold, FIT", against: "reading the files and checking their CRC a byte at a time", what: fit, other: b.loop("read-crc", b.files("fit")), limit: 3},
		{name: "cold, FIT", against: "the same, the CRC eight bytes at a time", what: fit, other: b.loop("read-crc8", b.files("fit"))},
		{name: "cold, GPX", against: "gpxgo's ParseBytes of the same files", what: gpx, other: b.loop("parse-gpx", b.files("gpx")), limit: 0.10},
		{name: "cold, TCX", against: "encoding/xml's tokens of the same files", what: tcx, other: b.loop("xml-tokens", b.files("tcx")), limit: 0.15},
		{name: "cold, FIT, two workers", against: "one worker", what: fit, other: one, limit: 1.5, atLeast: true},
		{name: fmt.Sprintf("cold, all %d files", b.runs), against: "reading them", what: b.analyze(b.log), other: b.loop("read", b.log), maxMiB: 200},
	}
	if b.many == "" {
		return rows
	}
	return append(rows, row{
		name: fmt.Sprintf("cold, %d files", b.options.many), against: fmt.Sprintf("%d files, each per file", b.runs), limit: 1.2,
		scale: float64(b.runs) / float64(b.options.many), what: b.analyze(b.many), other: b.analyze(b.log),
	})
}

// warmRows measure a reading of which everything is remembered, or all but one file.
func (b *bench) warmRows() ([]row, error) {
	fresh, err := b.freshFile()
	if err != nil {
		return nil, err
	}
	warm := b.warm(b.log, b.log)
	known := *warm
	known.also = b.loop("decode-fit", fresh)
	rows := []row{
		{name: "warm, nothing changed", against: "find -type f | wc -l", what: warm, limit: 6, rounds: 4, maxMiB: 40,
			other: &command{argv: b.find().argv, into: []string{"wc", "-l"}}},
		{name: "warm, nothing changed", against: "find -type f -printf '%s %T@ %p\\n'", what: warm, limit: 3, rounds: 4,
			other: b.find("-printf", "%s %T@ %p\n")},
		{name: "warm, nothing changed", against: "cold", what: warm, other: b.analyze(b.log), limit: 1.0 / 40},
		{name: "warm, one new file", against: "warm, and tormoder/fit's Decode of that file", what: b.warm(b.log, b.log, fresh), other: &known,
			limit: 1.3, rounds: 4},
	}
	for i := range rows {
		if !b.hasCache {
			rows[i].skip = "kneecheck remembers nothing yet"
		}
	}
	return rows, nil
}

// freshFile is a folder with one run that is not in the log.
func (b *bench) freshFile() (string, error) {
	dir := filepath.Join(b.scratch, "fresh")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	r := runOf(0, 1)
	r.Start = r.Start.AddDate(10, 0, 1)
	return dir, os.WriteFile(filepath.Join(dir, "fresh.fit"), r.FIT(), 0o644)
}

// subsetFiles is how many files the slow programs of other people are given.
const subsetFiles = 250

// otherPrograms measure what a runner would use instead, where it is installed.
func (b *bench) otherPrograms() ([]row, error) {
	some, err := b.subset()
	if err != nil {
		return nil, err
	}
	what := b.analyze(some)
	babel := row{name: fmt.Sprintf("cold, %d FIT files", subsetFiles), against: "gpsbabel to CSV, two files at a time", what: what, limit: 1.0 / 20,
		other: b.loop("gpsbabel", some)}
	if _, err := exec.LookPath("gpsbabel"); err != nil {
		babel.skip = "gpsbabel is not installed"
	}
	sdk := row{name: babel.name, against: "a script on the npm FIT SDK", what: what, limit: 1.0 / 20}
	module := os.Getenv("BENCH_FITSDK")
	if node, err := exec.LookPath("node"); err != nil || module == "" {
		sdk.skip = "no node, or BENCH_FITSDK does not name the folder of @garmin/fitsdk"
	} else {
		script := filepath.Join(b.scratch, "fitsdk.mjs")
		if err := os.WriteFile(script, []byte(fitsdkScript), 0o644); err != nil {
			return nil, err
		}
		sdk.other = &command{argv: []string{node, script, module, some}}
	}
	return []row{babel, sdk}, nil
}

// fitsdkScript reads every file of a folder and adds up the distance.
const fitsdkScript = `import fs from 'node:fs';
import path from 'node:path';
const [, , sdk, folder] = process.argv;
const { Decoder, Stream } = await import(path.join(sdk, 'src/index.js'));
let metres = 0;
for (const name of fs.readdirSync(folder)) {
  const decoder = new Decoder(Stream.fromBuffer(fs.readFileSync(path.join(folder, name))));
  // The SDK of 2026 finds no session in files whose times are compressed.
  metres += decoder.read().messages.sessionMesgs?.[0]?.totalDistance ?? 0;
}
console.log(metres);
`

// subset is a folder with some of the log's FIT files.
func (b *bench) subset() (string, error) {
	dir := filepath.Join(b.scratch, "some-"+strconv.Itoa(subsetFiles))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(b.files("fit"))
	if err != nil {
		return "", err
	}
	for _, e := range entries[:min(subsetFiles, len(entries))] {
		data, err := os.ReadFile(filepath.Join(b.files("fit"), e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, e.Name()), data, 0o644)
		}
		if err != nil {
			return "", err
		}
	}
	return dir, nil
}
