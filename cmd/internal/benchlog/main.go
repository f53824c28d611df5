// Command benchlog measures kneecheck on a synthetic log of thousands of runs: whole processes, against programs that do
// the least that a reader of the same files must do, in turns, on the same machine at the same time. Only ratios count.
// `make bench-log` runs it; docs/performance.md holds its last table.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

const usage = `usage: benchlog write FOLDER RUNS      write a log and print where
       benchlog loop NAME FOLDER       run one yardstick over every file of a folder
       benchlog measure [flags]        measure, print the table, fail when a ratio is missed`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchlog:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "write":
		runs, err := strconv.Atoi(args[2])
		if err != nil || runs < 1 {
			return fmt.Errorf("%q is no number of runs", args[2])
		}
		dir, err := writeLog(args[1], runs)
		fmt.Println(dir)
		return err
	case len(args) == 3 && args[0] == "loop":
		return runLoop(args[1], args[2])
	case len(args) > 0 && args[0] == "measure":
		return runMeasure(args[1:])
	}
	return errors.New(usage)
}

// options are the flags of measure.
type options struct {
	// bin is the folder of the programs, dir that of the logs and scratch files.
	bin, dir string
	// runs and many are the sizes of the two logs; many 0 leaves the larger one out.
	runs, many int
	rounds     int
	// slack is the part by which a ratio may miss its limit.
	slack float64
	// table is the document whose table is replaced, empty for none.
	table string
}

func runMeasure(args []string) error {
	var o options
	f := flag.NewFlagSet("measure", flag.ContinueOnError)
	f.StringVar(&o.bin, "bin", "bin", "folder of kneecheck, benchlog and emptycobra")
	f.StringVar(&o.dir, "dir", "", "folder for the logs; a folder of its own among the temporary files if empty")
	f.IntVar(&o.runs, "runs", 2500, "runs of the log")
	f.IntVar(&o.many, "many", 10000, "runs of the log that shows how the cost grows; 0 leaves it out")
	f.IntVar(&o.rounds, "rounds", 5, "times that every pair is measured, at least")
	f.Float64Var(&o.slack, "slack", 0.15, "part by which a ratio may miss its limit")
	f.StringVar(&o.table, "o", "", "document whose table is replaced")
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.dir == "" {
		o.dir = filepath.Join(os.TempDir(), "kneecheck-bench")
	}
	var err error
	if o.bin, err = filepath.Abs(o.bin); err != nil {
		return err
	}
	return measure(o)
}
