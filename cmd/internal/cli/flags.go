package cli

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// dateFlag is a day, such as 2026-06-14; nil until given.
type dateFlag struct{ day *civil.Date }

func (f *dateFlag) String() string { return "" }
func (f *dateFlag) Type() string   { return "date" }

func (f *dateFlag) Set(s string) error {
	day, err := civil.Parse(s)
	if err != nil {
		return err
	}
	f.day = &day
	return nil
}

// maxAheadDays is how far after today a log can be judged: for a season's plan. Every day until then is a day of the log.
const maxAheadDays = 366

// asOf is the day given to --as-of, else another. A day far after today is a slip of the pen.
func (f *dateFlag) asOf(today, other civil.Date) (civil.Date, error) {
	switch {
	case f.day == nil:
		return other, nil
	case *f.day > today+maxAheadDays:
		return 0, fmt.Errorf("--as-of %v is more than a year after today, %v", *f.day, today)
	}
	return *f.day, nil
}

// before is the day given to --since, which cannot come after the day that the log is judged on.
func (f *dateFlag) before(asOf civil.Date) (civil.Date, error) {
	if *f.day > asOf {
		return 0, fmt.Errorf("--since %v is after %v, the day that the log is judged on", *f.day, asOf)
	}
	return *f.day, nil
}

// unitsFlag overrides the configured units; empty until given.
type unitsFlag analyze.Units

func (f *unitsFlag) String() string { return "" }
func (f *unitsFlag) Type() string   { return "units" }

func (f *unitsFlag) Set(s string) error {
	u, err := unitsOf(s)
	*f = unitsFlag(u)
	return err
}

// severityFlag is a severity by name.
type severityFlag rules.Severity

func (f *severityFlag) String() string { return rules.Severity(*f).String() }
func (f *severityFlag) Type() string   { return "severity" }

func (f *severityFlag) Set(s string) error {
	v, err := severityOf(s)
	*f = severityFlag(v)
	return err
}

// sportFlag is the sport of files that do not tell theirs; empty: decided by speed.
type sportFlag ingest.Sport

var sports = []string{
	string(ingest.Running), string(ingest.Walking), string(ingest.Cycling), string(ingest.Strength), string(ingest.OtherSport),
}

func (f *sportFlag) String() string { return "" }
func (f *sportFlag) Type() string   { return "sport" }

func (f *sportFlag) Set(s string) error {
	if !slices.Contains(sports, s) {
		return unknown("sport", s, sports)
	}
	*f = sportFlag(s)
	return nil
}

// sizeFlag is a number of bytes, with a unit such as 200MB or 1GiB.
type sizeFlag int64

func (f *sizeFlag) String() string { return "" }
func (f *sizeFlag) Type() string   { return "size" }

// sizeUnits are the units of a size, the longer of two that end alike first.
var sizeUnits = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
	{"B", 1}, {"", 1},
}

func (f *sizeFlag) Set(s string) error {
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil {
			break
		}
		// 1 TiB is more than any activity, and far from overflowing the decompressed limit of four times as much.
		if !(n*u.bytes >= 1 && n*u.bytes <= 1<<40) {
			return fmt.Errorf("%s is outside 1 byte to 1024 GiB", s)
		}
		*f = sizeFlag(math.Round(n * u.bytes))
		return nil
	}
	return fmt.Errorf("%q is not a size like 200MB or 1GiB", s)
}

// weeksFlag is a number of weeks; 0 until given.
type weeksFlag int

// maxWeeks is a hundred years, more than any log has.
const maxWeeks = 5200

func (f *weeksFlag) String() string { return "" }
func (f *weeksFlag) Type() string   { return "number" }

func (f *weeksFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxWeeks {
		return fmt.Errorf("%q is not a number of weeks from 1 to %d", s, maxWeeks)
	}
	*f = weeksFlag(n)
	return nil
}

// weekFlag is the week of a report.
type weekFlag struct {
	// back is how many weeks before the one of the as-of date, when thursday is nil.
	back civil.Date
	// thursday is the Thursday of an ISO week, the day that gives it its year.
	thursday *civil.Date
}

func (f *weekFlag) String() string { return "" }
func (f *weekFlag) Type() string   { return "week" }

var isoWeek = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4})-W(\d{2})$`) })

func (f *weekFlag) Set(s string) error {
	switch s {
	case "this", "last":
		*f = weekFlag{back: 1}
		if s == "this" {
			f.back = 0
		}
		return nil
	}
	if m := isoWeek().FindStringSubmatch(s); m != nil {
		year, _ := strconv.Atoi(m[1])
		week, _ := strconv.Atoi(m[2])
		// 4 January is always in week 1.
		thursday := civil.New(year, time.January, 4).WeekStart(time.Monday) + 3 + civil.Date(7*(week-1))
		if y, w := thursday.Time().ISOWeek(); y == year && w == week {
			*f = weekFlag{thursday: &thursday}
			return nil
		}
		return fmt.Errorf("%d has no week %d", year, week)
	}
	return fmt.Errorf("%q is not last, this, or an ISO week such as 2026-W47", s)
}

// start is the first day of the week meant on a day.
func (f *weekFlag) start(asOf civil.Date, first time.Weekday) civil.Date {
	if f.thursday != nil {
		return f.thursday.WeekStart(first)
	}
	return asOf.WeekStart(first) - 7*f.back
}

// choice adds a flag that takes one of a few words, which its help lists and the shell completes.
func choice(cmd *cobra.Command, value pflag.Value, name, usage string, words []string) {
	cmd.Flags().Var(value, name, usage+": "+orList(words))
	completeFlag(cmd, name, words...)
}

// completeFlag makes the shell offer words for a flag.
func completeFlag(cmd *cobra.Command, name string, words ...string) {
	// It fails only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// orList joins words as "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
