package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// headRows is how many rows tell where the columns stand.
const headRows = 200

// maxDelimiters is the most that one line of a table may have; a hundred columns are the most that was seen.
const maxDelimiters = 4096

// ReadStrava reads the activities.csv of a Strava export: by the names of its columns in any language that it knows and
// else by their places, whatever their number. Rows that cannot be read are left out and counted in the problem, which
// then stands beside the rows. A table that is not Strava's has no rows and a problem of kind NotActivity.
func ReadStrava(r io.Reader) ([]ExportRow, *Problem) {
	t, problem := openTable(r)
	if problem != nil {
		return nil, problem
	}
	var bad rowProblems
	header, _ := t.next(&bad)
	header = slices.Clone(header)
	var head [][]string
	var lines []int
	for len(head) < headRows {
		row, line := t.next(&bad)
		if row == nil {
			break
		}
		head, lines = append(head, slices.Clone(row)), append(lines, line)
	}
	layout, known := newStravaLayout(header, head)
	if p := layout.refuse(known); p != nil {
		return nil, p
	}
	s := stravaTable{layout: layout}
	for i, row := range head {
		s.add(row, lines[i])
	}
	for {
		row, line := t.next(&bad)
		if row == nil {
			break
		}
		if len(s.cells) >= maxTableRows {
			bad.cut = true
			break
		}
		s.add(row, line)
	}
	rows := s.rows(&bad)
	return rows, bad.problem(len(rows))
}

// refuse is nil for a layout that can be read. Other programs call their tables activities.csv too; those are not a
// problem, but one that looks like Strava's in a language not known is.
func (l *stravaLayout) refuse(known int) *Problem {
	at := &l.at
	strava := at[csvDate] >= 0 && (at[csvID] >= 0 || at[csvFile] >= 0)
	switch {
	case !strava && at[csvFile] < 0 && known < 6:
		return problemf(NotActivity, "not the table of a Strava export")
	case !strava || at[csvType] < 0:
		return problemf(Unsupported, "the columns of this table are named in a language that kneecheck does not know: set the language of the Strava account to English and ask for the export again")
	}
	return nil
}

// table reads the rows of a CSV text.
type table struct{ csv *csv.Reader }

// openTable reads a CSV text and finds out its encoding and its delimiter. Spreadsheets write it with semicolons or tabs and
// in other encodings than the export had.
func openTable(r io.Reader) (*table, *Problem) {
	data, problem := readTable(r)
	if problem != nil {
		return nil, problem
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = utf8Head(data)
	}
	if !utf8.Valid(data) {
		latin := make([]rune, len(data))
		for i, b := range data {
			latin[i] = rune(b)
		}
		data = []byte(string(latin))
	}
	delimiter, most := byte(','), 0
	header, _, _ := bytes.Cut(data, []byte("\n"))
	for _, d := range []byte(",;\t") {
		if n := bytes.Count(header, []byte{d}); n > most {
			delimiter, most = d, n
		}
	}
	for line := range bytes.Lines(data) {
		if bytes.Count(line, []byte{delimiter}) > maxDelimiters {
			return nil, problemf(NotActivity, "not the table of an export: a line has more than %d columns", maxDelimiters)
		}
	}
	c := csv.NewReader(bytes.NewReader(data))
	c.Comma, c.FieldsPerRecord, c.ReuseRecord = rune(delimiter), -1, true
	return &table{c}, nil
}

// next returns the next row that is whole, valid until the next call, and the line it begins in; nil at the end. Broken
// rows are told to bad.
func (t *table) next(bad *rowProblems) (row []string, line int) {
	for {
		row, err := t.csv.Read()
		var broken *csv.ParseError
		switch {
		case err == nil:
			line, _ = t.csv.FieldPos(0)
			return row, line
		case !errors.As(err, &broken):
			return nil, 0
		case bad.bad < maxTableRows:
			bad.add(broken.StartLine, "a quotation mark is missing or misplaced")
		default:
			return nil, 0
		}
	}
}

// stravaCells are the cells of one row that are used.
type stravaCells [csvColumns]string

// stravaTable keeps of every row what is used.
type stravaTable struct {
	layout stravaLayout
	cells  []stravaCells
	lines  []int
}

func (s *stravaTable) add(row []string, line int) {
	var c stravaCells
	blank := true
	for i, at := range s.layout.at {
		if at >= 0 && at < len(row) {
			// A row's cells share memory with the whole of it, descriptions included.
			c[i] = strings.Clone(strings.TrimSpace(row[at]))
			blank = blank && c[i] == ""
		}
	}
	if !blank {
		s.cells, s.lines = append(s.cells, c), append(s.lines, line)
	}
}

// rows turns cells into values.
func (s *stravaTable) rows(bad *rowProblems) []ExportRow {
	dates := make([]string, len(s.cells))
	for i := range s.cells {
		dates[i] = s.cells[i][csvDate]
	}
	american := monthFirst(dates)
	unitM, rough := s.unit()
	type meaning struct {
		sport Sport
		kind  Kind
	}
	types, seen := map[string]meaning{}, map[string]bool{}
	var rows []ExportRow
	for i := range s.cells {
		c := &s.cells[i]
		m, ok := types[c[csvType]]
		if !ok {
			m.sport, m.kind = exportSport(c[csvType])
			if m.sport == UnknownSport && c[csvType] != "" && strings.HasPrefix(s.layout.language, "English") {
				m.sport = OtherSport // all English names of runs are known
			}
			types[c[csvType]] = m
		}
		start, dayOnly, dated := exportTime(c[csvDate], american)
		row := ExportRow{
			ID: stableID("strava", c[csvID]), Line: s.lines[i], Filename: tablePath(c[csvFile]), Name: c[csvName],
			Type: c[csvType], Sport: m.sport, Kind: m.kind, Start: start, DayOnly: dayOnly, Gear: c[csvGear],
			Race: ticked(c[csvRace]), LongRun: ticked(c[csvLongRun]), Steps: measure(c[csvSteps]), DirtM: measure(c[csvDirt]),
		}
		if !dated {
			row.Start = time.Time{}
		}
		if c[csvID] == "" {
			row.ID = stableID("strava row", c[csvDate], c[csvName], c[csvFile], c[csvFirstDist])
		}
		row.Totals = c.totals(unitM)
		row.RoughDist = rough && math.IsNaN(measure(c[csvDist])) && !math.IsNaN(row.Totals.DistM)
		switch {
		case !dated && row.Filename == "":
			bad.add(row.Line, "it names neither a file nor a date that kneecheck understands")
		case !seen[row.ID]:
			seen[row.ID] = true
			rows = append(rows, row)
		}
	}
	return rows
}

// totals reads times and distance. unitM is the length of the unit in the first column of distances.
func (c *stravaCells) totals(unitM float64) Totals {
	t := noTotals()
	t.ElapsedS, t.MovingS = measure(c[csvElapsed]), measure(c[csvMoving])
	if math.IsNaN(t.ElapsedS) {
		t.ElapsedS = measure(c[csvFirstElapsed])
	}
	if t.DistM = measure(c[csvDist]); math.IsNaN(t.DistM) {
		t.DistM = measure(c[csvFirstDist]) * unitM
	}
	t.AscentM, t.DescentM = measure(c[csvGain]), measure(c[csvLoss])
	return t
}

// maxMedianKM is more than the median activity of anybody can be, in kilometres or miles.
const maxMedianKM = 200

// minMedianMPS is the slowest that the median activity can be, in metres a second; distances that give less are not
// metres. Even swimmers do 0.5, and kilometres taken for metres make 0.003 of a run.
const minMedianMPS = 0.1

// unit tells the length of the unit in the first column of distances, in metres. Where there is a second one in metres
// their ratio tells, else the average speed, which is in metres a second; without either the distances are taken for
// metres if that gives a speed at which people move, and else roughly for kilometres.
func (s *stravaTable) unit() (metres float64, rough bool) {
	var ratios, speeds, all []float64
	for i := range s.cells {
		c := &s.cells[i]
		shown, seconds := measure(c[csvFirstDist]), measure(c[csvMoving])
		if math.IsNaN(seconds) {
			seconds = measure(c[csvElapsed])
		}
		if !(shown > 0) {
			continue
		}
		all = append(all, shown)
		m := measure(c[csvDist])
		if s.layout.at[csvDist] < 0 {
			m = measure(c[csvSpeed]) * seconds
		}
		if m > 0 {
			ratios = append(ratios, m/shown)
		}
		if seconds > 0 {
			speeds = append(speeds, shown/seconds)
		}
	}
	switch {
	case s.layout.language == oldEnglish:
		return 1, false
	case len(ratios) > 0:
		return displayUnitM(median(ratios)), false
	case len(speeds) > 0 && median(speeds) >= minMedianMPS, len(speeds) == 0 && len(all) > 0 && median(all) >= maxMedianKM:
		return 1, false
	}
	return metresPerKM, true
}

const (
	metresPerKM   = 1000
	metresPerMile = 1609.344
)

// displayUnitM is the length of the unit that a measured ratio comes closest to.
func displayUnitM(ratio float64) float64 {
	best := 1.0
	for _, u := range []float64{metresPerKM, metresPerMile} {
		if math.Abs(math.Log(ratio/u)) < math.Abs(math.Log(ratio/best)) {
			best = u
		}
	}
	return best
}

// median sorts v and returns the middle one.
func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// ticked reads a column of yes and no.
func ticked(s string) bool { return tableNumber(s) > 0 || strings.EqualFold(s, "true") }

// ReadStravaShoes reads the shoes.csv of a Strava export: name, brand and model, which is their order in any language.
// A table that is something else has no pairs and a problem of kind NotActivity.
func ReadStravaShoes(r io.Reader) ([]ExportShoe, *Problem) {
	t, problem := openTable(r)
	if problem != nil {
		return nil, problem
	}
	var bad rowProblems
	header, _ := t.next(&bad)
	if len(header) < 3 {
		return nil, problemf(NotActivity, "not the list of shoes of a Strava export")
	}
	at := [3]int{0, 1, 2}
	for i, h := range header {
		if j := slices.Index([]string{"shoe name", "shoe brand", "shoe model"}, headName(h)); j >= 0 {
			at[j] = i
		}
	}
	var shoes []ExportShoe
	for len(shoes) < maxTableRows {
		row, _ := t.next(&bad)
		if row == nil {
			break
		}
		cell := func(i int) string {
			if i < len(row) {
				return strings.Clone(strings.TrimSpace(row[i]))
			}
			return ""
		}
		if s := (ExportShoe{cell(at[0]), cell(at[1]), cell(at[2])}); s.Label() != "" {
			shoes = append(shoes, s)
		}
	}
	return shoes, bad.problem(len(shoes))
}
