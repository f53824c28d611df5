package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// The names under which the runner's own files are found in the log's folder.
const (
	overridesName = "overrides.csv"
	acksName      = "acks.csv"
)

// sidePath is where one of the runner's own files is or would be kept: where the configuration says, else under its name in
// the log's folder, empty without one.
func sidePath(configured, folder, name string) string {
	if configured != "" || folder == "" {
		return configured
	}
	return filepath.Join(folder, name)
}

// readSide reads one of the runner's own files; nil when it is not there. One that can be seen and not read is an error.
func readSide(file string) ([]byte, error) {
	// What lies in a folder that cannot be entered is not there for us, as a configuration.
	if _, err := os.Stat(file); file == "" || err != nil {
		return nil, nil
	}
	data, err := sidecsv.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, plainPathError(err))
	}
	return data, nil
}

// override applies the runner's own corrections.
func (r *reading) override() error {
	file := sidePath(r.config.paths.overrides, r.folder, overridesName)
	data, err := readSide(file)
	switch {
	case err == nil && data == nil && r.config.paths.overrides != "":
		return fmt.Errorf("overrides of [paths]: %s: no such file", file)
	case err != nil || data == nil:
		return err
	}
	o, err := analyze.ParseOverrides(file, data)
	if err != nil {
		return err
	}
	before := r.runs
	r.runs, r.strength, err = o.Apply(r.runs, r.strength, r.receipt, r.paths, r.today)
	if err != nil {
		return err
	}
	r.warnOfOverrides(o, before)
	return nil
}

// maxWarnings is how many rows of a file are told on standard error before the rest are counted.
const maxWarnings = 5

// warnOfOverrides tells of rows that match nothing and of pairs that only a slip of the pen can have named.
func (r *reading) warnOfOverrides(o *analyze.Overrides, before []analyze.Run) {
	var lines []string
	for _, row := range r.receipt.Overrides.Stale {
		lines = append(lines, fmt.Sprintf("%s:%d: no run is %q: the row does nothing (moved or misspelt?)", o.File, row.Line, row.Run))
	}
	var known []string
	for _, s := range r.config.shoes {
		known = append(known, s.Name)
	}
	for i := range before {
		if s := before[i].Shoe; s != "" && !slices.Contains(known, s) {
			known = append(known, s)
		}
	}
	for _, row := range o.Rows {
		is := func(name string) bool { return strings.EqualFold(name, row.Shoe) }
		if name, close := nearest(row.Shoe, known); row.Shoe != "" && close && !slices.ContainsFunc(known, is) {
			lines = append(lines, fmt.Sprintf("%s:%d: the pair %q is new (did you mean %s?)", o.File, row.Line, row.Shoe, name))
		}
	}
	r.warn(lines)
}

// warn writes lines to standard error, the first few.
func (r *reading) warn(lines []string) {
	for i, line := range lines {
		if i == maxWarnings {
			fmt.Fprintf(r.env.Err, "kneecheck: … and %d more of the kind\n", len(lines)-i)
			return
		}
		fmt.Fprintf(r.env.Err, "kneecheck: %s\n", printable(line))
	}
}

// checkShoes makes sure that the configuration leaves no run between two pairs.
func (r *reading) checkShoes() error {
	clash := analyze.FindShoeClash(r.runs, r.config.shoes)
	if clash == nil {
		return nil
	}
	err := clash.Explain(r.config.shoes)
	if clash.Second < len(r.config.shoeLines) {
		err = fmt.Errorf("%s:%d: %w", r.config.file, r.config.shoeLines[clash.Second], err)
	}
	return err
}

// readAcks reads the acknowledgements; none without a file, which the first one makes. The name is where they are or would be
// kept, empty when there is no folder for them.
func (r *reading) readAcks() (file string, acks []rules.Ack, err error) {
	file = sidePath(r.config.paths.acks, r.folder, acksName)
	data, err := readSide(file)
	if err != nil || data == nil {
		return file, nil, err
	}
	acks, err = rules.ParseAcks(file, data)
	return file, acks, err
}

// acknowledge marks the findings that the runner has acknowledged.
func (r *reading) acknowledge(result *rules.Result, log *analyze.Log, since civil.Date) error {
	file, acks, err := r.readAcks()
	if err != nil || len(acks) == 0 {
		return err
	}
	r.names.acks(acks)
	r.warnOfAcks(file, result.Acknowledge(acks, log, r.config.rules, r.config.units, since))
	return nil
}

// warnOfAcks tells in one line that some acknowledgements do nothing any more.
func (r *reading) warnOfAcks(file string, uses []rules.AckUse) {
	over, stale := 0, 0
	for _, u := range uses {
		if u.Over {
			over++
		}
		if u.Stale {
			stale++
		}
	}
	var parts []string
	if over > 0 {
		parts = append(parts, plural(over, "acknowledgement")+" over")
	}
	if stale > 0 {
		parts = append(parts, plural(stale, "acknowledgement")+" without a finding")
	}
	if len(parts) > 0 {
		fmt.Fprintf(r.env.Err, "kneecheck: %s: %s (kneecheck ack list)\n", printable(file), strings.Join(parts, ", "))
	}
}
