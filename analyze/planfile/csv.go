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
	if t.Header != nil && t.Err() == nil {
		switch {
		case t.Has("km") && t.Has("mi"):
			t.Fault(1, "has the columns km and mi (one of them names the unit)")
		case t.Has("mi"):
			unit = "mi"
		case !t.Has("km"):
			t.Fault(1, "the column \"km\" is missing (or mi, for miles)")
		}
	}
	if t.Err() == nil && len(t.Rows) > maxRows {
		return fmt.Errorf("%s:%d: more than %d lines, which is no plan", p.File, t.Rows[maxRows].Line, maxRows)
	}
	if t.Err() == nil {
		for i := range t.Rows {
			p.readRow(t, &t.Rows[i], unit, o)
		}
	}
	return t.Err()
}

// readRow reads one line. Whatever is wrong becomes a fault of the table.
func (p *Plan) readRow(t *sidecsv.Table, row *sidecsv.Row, unit string, o Options) {
	r := Run{DurationS: math.NaN(), Note: row.Get("note"), Line: row.Line}
	date := row.Date("date")
	if date == nil {
		if row.Get("date") == "" {
			row.Fault("date", "is empty")
		}
		return
	}
	r.Date = *date
	r.Kind = strings.ToLower(row.Get("kind"))
	if all := slices.Concat(kinds, others); r.Kind != "" && !slices.Contains(all, r.Kind) {
		row.Fault("kind", "%v", spell.Unknown("kind", row.Get("kind"), all))
		return
	}
	metres := 1000.0
	if unit == "mi" {
		metres = metresPerMile
	}
	dist, ok := row.Number(unit, 0, math.Floor(maxRunM/metres))
	switch {
	case slices.Contains(others, r.Kind):
		p.Other++
		return
	case !ok && row.Get(unit) != "":
		return // a fault already
	case dist == 0:
		row.Fault(unit, "a run needs a distance (for a day off write the kind rest)")
		return
	}
	r.DistM = dist * metres
	if cell := row.Get("duration"); cell != "" {
		if r.DurationS, ok = duration(cell); !ok {
			row.Fault("duration", "%q is not a duration like 45 (minutes), 1:30 (hours and minutes) or 0:45:30", cell)
			return
		}
	}
	if err := p.add(r, o); err != nil {
		row.Fault("date", "%v", err)
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
