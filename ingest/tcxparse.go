package ingest

import (
	"encoding/xml"
	"io"
	"math"
	"strings"
)

// tcxDocument is a document without its points.
type tcxDocument struct {
	activities []tcxActivity
	// author is the program that wrote the file.
	author string
}

// tcxActivity is one Activity, or a Run of version 1.
type tcxActivity struct {
	// sport is the Sport attribute, or in version 1 the folder that the run lies in.
	sport string
	id    tcxTime
	// notes and plan are what the runner and the training plan call it, creator the device.
	notes, plan, creator string
	laps                 []tcxLap
	runs                 []tcxRun
}

// tcxLap is what the device says of one lap; NaN where it says nothing.
type tcxLap struct {
	start tcxTime
	// timerS is the time in which the timer ran.
	timerS, distM float64
	// cadence is the average as written and steps the number of steps, whatever the device calls a step.
	cadence, steps float64
	// points tells that there are points in it.
	points bool
}

// tcxRun is a run of points in the columns: n rows from the first on. Runs of one track have its number.
type tcxRun struct{ first, n, lap, track int }

// tcxTime is a time that may be missing.
type tcxTime struct {
	stamp
	known bool
}

// us is the instant in microseconds since 1970.
func (t tcxTime) us() int64 { return t.unixS*1e6 + int64(t.ns/1000) }

func parseTCXTime(text string) tcxTime {
	s, ok := parseStamp([]byte(text))
	return tcxTime{s, ok}
}

// parseTCXRest reads a document without its points. On an error it returns what came before and the offset that the
// decoder had reached.
func parseTCXRest(rest []byte) (tcxDocument, int, error) {
	var p tcxParser
	d := restDecoder(rest)
	for {
		// Raw tokens: the scan has seen that tags match, and prefixes tell nothing.
		token, err := d.RawToken()
		switch token := token.(type) {
		case xml.StartElement:
			p.begin(token)
		case xml.CharData:
			p.text = append(p.text, token...)
		case xml.EndElement:
			p.end()
		}
		if err != nil {
			p.endActivity()
			if err == io.EOF {
				return p.doc, 0, nil
			}
			return p.doc, int(d.InputOffset()), err
		}
	}
}

// tcxParser is the state of one pass over the rest of a document.
type tcxParser struct {
	doc tcxDocument
	// path holds the names of the open elements, text what came since the last tag.
	path []string
	text []byte
	// activity and lap are the open ones, nil outside, tracks the number of tracks begun.
	activity *tcxActivity
	lap      *tcxLap
	tracks   int
}

func (p *tcxParser) begin(e xml.StartElement) {
	p.text = p.text[:0]
	switch e.Name.Local {
	case "Activity", "Run":
		p.endActivity()
		p.activity = &tcxActivity{sport: p.sport(e)}
	case "Lap":
		p.endLap()
		nan := math.NaN()
		p.lap = &tcxLap{start: parseTCXTime(attribute(e, "StartTime")), timerS: nan, distM: nan, cadence: nan, steps: nan}
	case "Track":
		p.tracks++
	case tcxDialect.point:
		if p.activity != nil {
			run := tcxRun{track: p.tracks, lap: -1}
			if p.lap != nil {
				run.lap = len(p.activity.laps)
				p.lap.points = true
			}
			run.first, run.n = rowsOf(e)
			p.activity.runs = append(p.activity.runs, run)
		}
	}
	p.path = append(p.path, e.Name.Local)
}

// end closes the innermost element. Its text counts for elements that hold nothing else.
func (p *tcxParser) end() {
	name, parent := "", ""
	switch n := len(p.path); n {
	case 0:
		return
	case 1:
		name = p.path[0]
	default:
		name, parent = p.path[n-1], p.path[n-2]
	}
	p.path = p.path[:len(p.path)-1]
	text := strings.Join(strings.Fields(string(p.text)), " ")
	p.text = p.text[:0]
	act := p.activity
	switch {
	case name == "Name" && parent == "Author":
		p.doc.author = text
	case act == nil:
	case name == "Activity" || name == "Run":
		p.endActivity()
	case name == "Lap":
		p.endLap()
	case name == "Id":
		act.id = parseTCXTime(text)
	case name == "Notes" && parent != "Lap":
		act.notes = text
	case name == "Name" && parent == "Plan":
		act.plan = text
	case name == "Name" && parent == "Creator":
		act.creator = text
	case p.lap != nil:
		p.lap.set(name, parent, text)
	}
}

// endActivity adds the open activity to the document, if it holds anything.
func (p *tcxParser) endActivity() {
	p.endLap()
	if act := p.activity; act != nil && len(act.laps)+len(act.runs) > 0 {
		p.doc.activities = append(p.doc.activities, *act)
	}
	p.activity = nil
}

// endLap adds the open lap to its activity, if it says anything.
func (p *tcxParser) endLap() {
	if lap := p.lap; lap != nil && p.activity != nil && (lap.points || !math.IsNaN(lap.timerS) || !math.IsNaN(lap.distM)) {
		p.activity.laps = append(p.activity.laps, *lap)
	}
	p.lap = nil
}

// maxLapFigure is more than the metres, seconds or steps of any lap.
const maxLapFigure = 1e7

// set stores a figure of a lap.
func (l *tcxLap) set(name, parent, text string) {
	v, ok := parseDecimal([]byte(text))
	if !ok || v < 0 || v > maxLapFigure {
		return
	}
	switch {
	case name == "TotalTimeSeconds":
		l.timerS = v
	case name == "DistanceMeters" && parent == "Lap":
		l.distM = v
	case name == "AvgRunCadence", name == "Cadence" && math.IsNaN(l.cadence):
		l.cadence = v
	case name == "Steps":
		l.steps = v
	}
}

// sport is the sport of an activity by its attribute or by the folder of version 1.
func (p *tcxParser) sport(e xml.StartElement) string {
	sport := attribute(e, "Sport")
	for i := len(p.path) - 1; sport == "" && i >= 0; i-- {
		switch p.path[i] {
		case "Running", "Biking", "Other":
			sport = p.path[i]
		}
	}
	return sport
}

// attribute returns the value of an attribute, empty if it is missing.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rowsOf reads the first row and the number of points that an element written by restWriter stands for.
func rowsOf(e xml.StartElement) (first, n int) {
	for _, a := range e.Attr {
		v := 0
		for _, c := range a.Value {
			v = v*10 + int(c-'0')
		}
		if a.Name.Local == "lat" {
			first = v
		} else {
			n = v
		}
	}
	return first, n
}
