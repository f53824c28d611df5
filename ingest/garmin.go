package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// garminList is the key of the list of activities in a Garmin export's *_summarizedActivities.json.
const garminList = "summarizedActivitiesExport"

// maxEntryBytes is the largest entry of that list that is read, with all its splits.
const maxEntryBytes = 8 << 20

// garminRace is the eventTypeId of a race.
const garminRace = 1

// ReadGarmin reads a Garmin export's list of summarized activities entry by entry, so that its size does not matter.
// Several legs of one activity are rows of their own and their sum is not. Rows that cannot be read are left out and
// counted in the problem, which then stands beside the rows. A text without such a list has no rows and a problem of kind
// NotActivity.
func ReadGarmin(r io.Reader) ([]ExportRow, *Problem) {
	g := garminReader{input: &budget{r: r, left: maxEntryBytes}, parents: map[text]bool{}, seen: map[text]bool{}}
	g.json = json.NewDecoder(g.input)
	err := g.lists(0)
	rows := make([]ExportRow, 0, len(g.entries))
	for i := range g.entries {
		if e := &g.entries[i]; !g.parents[e.ActivityID] {
			rows = append(rows, e.row(i+1))
		}
	}
	var syntax *json.SyntaxError
	switch {
	case !g.found:
		return nil, problemf(NotActivity, "not the list of activities of a Garmin export")
	case errors.Is(err, errBudget):
		return rows, problemf(TooLarge, "an entry of more than %s: the rest of the list is left out", mebibytes(maxEntryBytes))
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return rows, problemf(Truncated, "the list is cut off after %s; ask for the export again", count(len(g.entries), "activity"))
	case errors.As(err, &syntax):
		return rows, problemf(Corrupt, "the list is damaged after %s; ask for the export again", count(len(g.entries), "activity"))
	case err != nil:
		return rows, &Problem{Kind: Unreadable, Err: err}
	}
	return rows, g.bad.problem(len(rows))
}

// garminReader walks through [{"summarizedActivitiesExport": [entry, …]}].
type garminReader struct {
	input   *budget
	json    *json.Decoder
	found   bool
	entries []garminEntry
	// parents are the activities that others are legs of.
	parents, seen map[text]bool
	bad           rowProblems
}

// garminDepth is how many arrays lie around the object with the list.
const garminDepth = 2

// lists finds the lists of activities in an object or an array of such.
func (g *garminReader) lists(depth int) error {
	open, err := g.json.Token()
	if err != nil {
		return err
	}
	switch {
	case open == json.Delim('[') && depth < garminDepth:
		for g.json.More() {
			if err := g.lists(0); err != nil {
				return err
			}
		}
	case open == json.Delim('{'):
		if err := g.object(); err != nil {
			return err
		}
	default:
		return errNoList
	}
	_, err = g.json.Token()
	return err
}

var errNoList = errors.New("not a list of activities")

func (g *garminReader) object() error {
	for g.json.More() {
		key, err := g.json.Token()
		if err != nil {
			return err
		}
		if key == garminList {
			g.found = true
			err = g.list()
		} else {
			err = g.skip()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *garminReader) skip() error {
	g.input.left = maxEntryBytes
	var value json.RawMessage
	return g.json.Decode(&value)
}

func (g *garminReader) list() error {
	open, err := g.json.Token()
	if err != nil || open != json.Delim('[') {
		return err
	}
	for n := 1; g.json.More(); n++ {
		if len(g.entries) >= maxTableRows {
			g.bad.cut = true
		}
		g.input.left = maxEntryBytes
		var e garminEntry
		err := g.json.Decode(&e)
		var mismatch *json.UnmarshalTypeError
		switch {
		case errors.As(err, &mismatch):
			g.bad.add(n, "it is no activity")
		case err != nil:
			return err
		case g.bad.cut:
		case e.start() == 0 || e.ActivityID == "":
			g.bad.add(n, "it has no number or no time")
		case !g.seen[e.ActivityID]:
			g.seen[e.ActivityID] = true
			if e.ParentID != "" && e.ParentID != e.ActivityID {
				g.parents[e.ParentID] = true
			}
			g.entries = append(g.entries, e)
		}
	}
	_, err = g.json.Token()
	return err
}

// garminEntry is one activity, in Garmin's units: centimetres, milliseconds, steps of one foot, a tenth of the speed.
type garminEntry struct {
	ActivityID      text   `json:"activityId"`
	ParentID        text   `json:"parentId"`
	Name            text   `json:"name"`
	ActivityType    text   `json:"activityType"`
	SportType       text   `json:"sportType"`
	BeginTimestamp  number `json:"beginTimestamp"`
	StartTimeGMT    number `json:"startTimeGmt"`
	StartTimeLocal  number `json:"startTimeLocal"`
	Duration        number `json:"duration"`
	ElapsedDuration number `json:"elapsedDuration"`
	Distance        number `json:"distance"`
	ElevationGain   number `json:"elevationGain"`
	ElevationLoss   number `json:"elevationLoss"`
	AvgSpeed        number `json:"avgSpeed"`
	AvgRunCadence   number `json:"avgRunCadence"`
	Steps           number `json:"steps"`
	EventTypeID     number `json:"eventTypeId"`
}

// start is the instant of the start in milliseconds, 0 where it is not told.
func (e *garminEntry) start() float64 {
	for _, v := range [...]number{e.BeginTimestamp, e.StartTimeGMT} {
		if ms := float64(v); ms > 0 && sensible(time.UnixMilli(int64(ms)).UTC().Year()) {
			return ms
		}
	}
	return 0
}

func (e *garminEntry) row(line int) ExportRow {
	start := time.UnixMilli(int64(e.start())).UTC()
	r := ExportRow{
		ID: stableID("garmin", string(e.ActivityID)), Line: line, Name: string(e.Name), Type: string(e.ActivityType), Start: start,
		Race: e.EventTypeID == garminRace, Steps: e.Steps.positive(1), DirtM: math.NaN(), Totals: noTotals(),
	}
	if r.Sport, r.Kind = exportSport(r.Type); r.Sport == UnknownSport {
		r.Sport, _ = exportSport(string(e.SportType))
	}
	if r.Sport == UnknownSport {
		r.Sport = OtherSport // all of Garmin's names of runs are known
	}
	if local := float64(e.StartTimeLocal) - e.start(); math.Abs(local) <= 14*3600e3 && math.Mod(local, 900e3) == 0 {
		r.Zone = Zone{OffsetS: int(local / 1000), From: OffsetFile}
	}
	t := &r.Totals
	t.DistM, t.MovingS, t.ElapsedS = e.Distance.positive(0.01), e.Duration.positive(0.001), e.ElapsedDuration.positive(0.001)
	if math.IsNaN(t.DistM) {
		t.DistM = e.AvgSpeed.positive(10) * t.MovingS
	}
	t.AscentM, t.DescentM = e.ElevationGain.positive(0.01), e.ElevationLoss.positive(0.01)
	t.CadenceSPM = e.AvgRunCadence.positive(2)
	if t.CadenceSPM > maxAverageSPM {
		t.CadenceSPM /= 2 // steps of both feet after all
	}
	return r
}

// maxNumber is beyond any number in the list that means something; the largest are milliseconds since 1970.
const maxNumber = 1e14

// number is a JSON number, or one in quotes; NaN for anything else.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(string(bytes.Trim(b, `"`)), 64)
	if err != nil || !(math.Abs(v) <= maxNumber) {
		v = math.NaN()
	}
	*n = number(v)
	return nil
}

// positive is the number in a unit of ours, NaN where it is not above 0.
func (n number) positive(unit float64) float64 {
	if n > 0 {
		return float64(n) * unit
	}
	return math.NaN()
}

// text is a JSON string, or a number as it is written, or what an object calls its typeKey; "" for anything else.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	var object struct{ TypeKey string }
	switch {
	case json.Unmarshal(b, &s) == nil:
	case json.Unmarshal(b, &object) == nil:
		s = object.TypeKey
	case strings.Trim(string(b), "0123456789") == "":
		s = string(b)
	}
	*t = text(strings.TrimSpace(s))
	return nil
}

// budget is a reader that fails once more is read of it than is left, so that no single value can fill the memory.
type budget struct {
	r    io.Reader
	left int
}

var errBudget = errors.New("a single value is too large")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBudget
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}
