package planfile

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kneecheck/analyze/sidecsv"
	"kneecheck/analyze/spell"
)

// The columns of a plan. One of km and mi names the unit.
var columns = []sidecsv.Column{
	{Name: "date", Required: true}, {Name: "km"}, {Name: "mi"}, {Name: "kind", Required: true}, {Name: "duration"}, {Name: "note"},
}

// maxRows is more than a plan of a year with what is no running.
const maxRows = 10_000

func (p *Plan) readCSV(data []byte, o Options) error {
	t := sidecsv.Parse(p.File, data, columns...)
	if t.Header == nil && t.Err() == nil {
		return fmt.Errorf("%s: is empty (the first line names the columns: date, km or mi, kind; duration and note may follow)", p.File)
	}
	unit := "km"
	switch {
	case t.Has("km") && t.Has("mi"):
		t.Fault(1, "has the columns km and mi (one of them names the unit)")
		return t.Err()
	case t.Has("mi"):
		unit = "mi"
	case !t.Has("km"):
		if t.Err() == nil || len(t.Rows) > 0 { // else the header has a fault already
			t.Fault(1, "the column \"km\" is missing (or mi, for miles)")
		}
		return t.Err()
	}
	if len(t.Rows) > maxRows {
		return fmt.Errorf("%s:%d: more than %d lines, which is no plan", p.File, t.Rows[maxRows].Line, maxRows)
	}
	for i := range t.Rows {
		p.readRow(&t.Rows[i], unit, o)
	}
	return t.Err()
}

// readRow reads one line. Whatever is wrong becomes a fault of the table, cell by cell.
func (p *Plan) readRow(row *sidecsv.Row, unit string, o Options) {
	good := true
	fault := func(column, format string, args ...any) {
		good = false
		row.Fault(column, format, args...)
	}
	r := Run{DurationS: math.NaN(), Note: row.Get("note"), Line: row.Line, Kind: strings.ToLower(row.Get("kind"))}
	all := slices.Concat(kinds, others)
	known := r.Kind == "" || slices.Contains(all, r.Kind)
	if !known {
		fault("kind", "%v", spell.Unknown("kind", row.Get("kind"), all))
	}
	other := slices.Contains(others, r.Kind)
	if date := row.Date("date"); date != nil {
		r.Date = *date
		if err := o.tooFar(r.Date); err != nil && !other {
			fault("date", "%v", err)
		}
	} else if good = false; row.Get("date") == "" {
		row.Fault("date", "is empty")
	}
	metres := 1000.0
	if unit == "mi" {
		metres = metresPerMile
	}
	dist, ok := row.Number(unit, 0, math.Floor(maxRunM/metres))
	switch {
	case !ok && row.Get(unit) != "":
		good = false // the cell has its fault already
	case dist == 0 && known && !other:
		fault(unit, "a run needs a distance (for a day off write the kind rest)")
	}
	r.DistM = dist * metres
	if cell := row.Get("duration"); cell != "" && !other {
		if r.DurationS, ok = duration(cell); !ok {
			fault("duration", "%q is not a duration like 45 (minutes), 1:30 (hours and minutes) or 0:45:30", cell)
		}
	}
	switch {
	case !good:
	case other:
		p.Other++
	default:
		if err := p.add(r, o); err != nil {
			row.Fault("date", "%v", err)
		}
	}
}

// maxDurationS is two days, longer than any run that is planned.
const maxDurationS = 48 * 3600

// duration reads minutes, hours and minutes, or hours, minutes and seconds, as seconds.
func duration(s string) (float64, bool) {
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return math.NaN(), false
	}
	seconds := 0.0
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil || i > 0 && n > 59 {
			return math.NaN(), false
		}
		seconds = seconds*60 + float64(n)
	}
	if len(parts) < 3 {
		seconds *= 60
	}
	if seconds == 0 || seconds > maxDurationS {
		return math.NaN(), false
	}
	return seconds, true
}
