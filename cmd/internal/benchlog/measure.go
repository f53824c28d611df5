package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// result is a row with its figures.
type result struct {
	row
	rounds      int
	a, b        series
	wall, cpu   stat
	missed, fat bool
}

func measure(o options) error {
	b := &bench{options: o}
	var err error
	if b.log, err = b.written(o.runs); err != nil {
		return err
	}
	if o.many > 0 {
		if b.many, err = b.written(o.many); err != nil {
			return err
		}
	}
	if b.scratch, err = os.MkdirTemp(o.dir, "scratch-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.scratch)
	help, err := exec.Command(b.program("kneecheck"), "analyze", "--help").Output()
	if err != nil {
		return err
	}
	b.hasCache = strings.Contains(string(help), "--no-cache")
	rows, err := b.rows()
	if err != nil {
		return err
	}
	var table strings.Builder
	out := io.MultiWriter(os.Stdout, &table)
	writeHead(out)
	failed := 0
	for _, r := range rows {
		res, err := b.measure(r)
		if err != nil {
			return err
		}
		if res.missed || res.fat {
			failed++
		}
		res.write(out)
	}
	if o.table != "" {
		if err := replaceTable(o.table, table.String()); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d rows miss their limit by more than %.0f %%", failed, len(rows), 100*o.slack)
	}
	return nil
}

// written is a log of n runs. Another process writes it: what this one has used would count as the memory of all that it
// starts.
func (b *bench) written(n int) (string, error) {
	out, err := exec.Command(b.program("benchlog"), "write", b.dir, strconv.Itoa(n)).Output()
	return strings.TrimSpace(string(out)), err
}

// measure times a row. A limit is missed when both the time and the processor's time miss it by more than the slack:
// on a busy machine either alone may.
func (b *bench) measure(r row) (result, error) {
	res := result{row: r}
	if r.skip != "" {
		return res, nil
	}
	res.rounds = b.options.rounds * max(r.rounds, 1)
	// One round first that does not count: files come into memory, folders are made.
	if _, _, err := pair(r.what, r.other, 1, b.scratch); err != nil {
		return res, err
	}
	var err error
	if res.a, res.b, err = pair(r.what, r.other, res.rounds, b.scratch); err != nil {
		return res, err
	}
	over := func(s stat) bool { return s.median > r.limit*(1+b.slack) }
	if r.atLeast {
		res.wall, res.cpu = ratios(res.b, res.a)
		res.missed = res.wall.median < r.limit*(1-b.slack)
	} else {
		res.wall, res.cpu = ratios(res.a, res.b)
		if r.scale != 0 {
			res.wall, res.cpu = res.wall.times(r.scale), res.cpu.times(r.scale)
		}
		res.missed = r.limit > 0 && over(res.wall) && over(res.cpu)
	}
	res.fat = r.maxMiB > 0 && res.a.rss().max > r.maxMiB
	return res, nil
}

func (s stat) times(f float64) stat { return stat{s.median * f, s.min * f, s.max * f} }

const (
	tableBegin = "<!-- written by make bench-log -->\n"
	tableEnd   = "<!-- to here -->\n"
)

// replaceTable puts the table between the marks of a document.
func replaceTable(path, table string) error {
	doc, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(doc), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return errors.New(path + " has no place for the table")
	}
	return os.WriteFile(path, []byte(before+tableBegin+"\n"+table+"\n"+tableEnd+after), 0o644)
}

func writeHead(w io.Writer) {
	fmt.Fprintln(w, "| what | against | ratio | range | processor time | limit | kneecheck | the other | peak memory |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
}

// write prints the row.
func (r *result) write(w io.Writer) {
	fmt.Fprintf(w, "| %s | %s | ", r.name, strings.ReplaceAll(r.against, "|", "\\|"))
	if r.skip != "" {
		fmt.Fprintf(w, "not measured: %s | | | %s | | | |\n", r.skip, r.limitWords())
		return
	}
	cpu := digits(r.cpu.median)
	if r.atLeast {
		cpu = "" // it is the same work
	}
	verdict := ""
	if r.missed {
		verdict = " **missed**"
	}
	memory := fmt.Sprintf("%.0f MiB", r.a.rss().max)
	if r.maxMiB > 0 {
		memory += fmt.Sprintf(" (≤ %.0f)", r.maxMiB)
	}
	if r.fat {
		memory += " **missed**"
	}
	fmt.Fprintf(w, "%s | %s – %s | %s | %s%s | %s | %s | %s |\n", digits(r.wall.median), digits(r.wall.min), digits(r.wall.max), cpu,
		r.limitWords(), verdict, seconds(r.a.wall().median), seconds(r.b.wall().median), memory)
}

func (r *row) limitWords() string {
	switch {
	case r.limit == 0:
		return "–"
	case r.atLeast:
		return "≥ " + digits(r.limit)
	}
	return "≤ " + digits(r.limit)
}

// digits writes a ratio with three significant digits or so.
func digits(v float64) string {
	switch {
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// seconds writes a time in the unit that suits it.
func seconds(s float64) string {
	if s < 1 {
		return fmt.Sprintf("%.1f ms", 1000*s)
	}
	return fmt.Sprintf("%.2f s", s)
}
