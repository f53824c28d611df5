package ingest

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// plainTCX is how encoding/xml alone reads a document.
type plainTCX struct {
	Activities []plainActivity `xml:"Activities>Activity"`
	// Bare is for documents that have lost their root.
	Bare []plainActivity `xml:"Activity"`
}

type plainActivity struct {
	Sport string     `xml:"Sport,attr"`
	ID    string     `xml:"Id"`
	Laps  []plainLap `xml:"Lap"`
}

type plainLap struct {
	TimerS float64      `xml:"TotalTimeSeconds"`
	DistM  float64      `xml:"DistanceMeters"`
	Points []plainPoint `xml:"Track>Trackpoint"`
}

type plainPoint struct {
	Time       string   `xml:"Time"`
	Lat        *float64 `xml:"Position>LatitudeDegrees"`
	Lon        *float64 `xml:"Position>LongitudeDegrees"`
	Elev       *float64 `xml:"AltitudeMeters"`
	Dist       *float64 `xml:"DistanceMeters"`
	Heart      *float64 `xml:"HeartRateBpm>Value"`
	Cadence    *float64 `xml:"Cadence"`
	RunCadence *float64 `xml:"Extensions>TPX>RunCadence"`
	Speed      *float64 `xml:"Extensions>TPX>Speed"`
}

// readPlainTCX reads what encoding/xml understands; err is a break, before which everything is read.
func readPlainTCX(data []byte) ([]plainActivity, error) {
	var doc plainTCX
	err := xml.Unmarshal(data, &doc)
	return append(doc.Activities, doc.Bare...), err
}

// samePoint compares a sample with a point that encoding/xml read.
func samePoint(s *Samples, i int, start time.Time, p *plainPoint) error {
	at, err := time.Parse(time.RFC3339Nano, p.Time)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04:05", p.Time)
	}
	if err != nil {
		return err
	}
	if got := start.Add(time.Duration(math.Round(s.T[i]*1e6)) * time.Microsecond); !got.Equal(at) {
		return fmt.Errorf("at %s, want %s", got, p.Time)
	}
	if p.RunCadence == nil {
		p.RunCadence = p.Cadence
	}
	if p.Lat == nil || p.Lon == nil {
		p.Lat, p.Lon = nil, nil
	}
	for _, c := range []struct {
		name string
		got  []float64
		want *float64
	}{
		{"latitude", s.LatDeg, p.Lat}, {"longitude", s.LonDeg, p.Lon}, {"altitude", s.ElevM, p.Elev}, {"distance", s.DistM, p.Dist},
		{"speed", s.SpeedMPS, p.Speed}, {"cadence", s.CadenceSPM, p.RunCadence}, {"heart rate", s.HeartBPM, p.Heart},
	} {
		got, want := math.NaN(), math.NaN()
		if c.got != nil {
			got = c.got[i]
		}
		if c.want != nil {
			want = *c.want
		}
		if c.name == "altitude" && want == 0 && math.IsNaN(got) {
			continue // a dropout
		}
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			return fmt.Errorf("%s %v, want %v", c.name, got, want)
		}
	}
	return nil
}

// comparePlainTCX compares every activity and point of a file with the reading of encoding/xml, and says what became of
// the file.
func comparePlainTCX(t *testing.T, data []byte) string {
	t.Helper()
	want, err := readPlainTCX(data)
	var syntax *xml.SyntaxError
	if err != nil && !errors.As(err, &syntax) {
		t.Fatalf("encoding/xml reads a number otherwise: %v", err)
	}
	var buf buffers
	got, problem := decodeTCX(data, &buf)
	if err == nil && problem != nil {
		t.Errorf("a sound file has the problem %v", problem)
	}
	if len(got) != len(want) {
		t.Fatalf("%d activities, encoding/xml has %d", len(got), len(want))
	}
	said := ""
	for k, a := range got {
		checkXMLActivity(t, a)
		n, repeated, distM, timerS, last := 0, 0, 0.0, 0.0, ""
		for _, lap := range want[k].Laps {
			distM += lap.DistM
			timerS += lap.TimerS
			for i := range lap.Points {
				p := &lap.Points[i]
				if n >= a.Samples.Len() {
					t.Fatalf("%d samples, more points", n)
				}
				if i == 0 && n > 0 && p.Time == last {
					repeated++
					continue
				}
				last = p.Time
				if err := samePoint(&a.Samples, n, a.Start, p); err != nil {
					t.Fatalf("sample %d: %v", n, err)
				}
				n++
			}
		}
		if n != a.Samples.Len() {
			t.Errorf("%d samples, encoding/xml has %d", a.Samples.Len(), n)
		}
		if got := a.Device.DistM; !(math.Abs(got-distM) < 1e-6) && (distM > 0 || !math.IsNaN(got)) {
			t.Errorf("laps of %v m, want %v", got, distM)
		}
		if got := a.Device.MovingS; !(math.Abs(got-timerS) < 1e-6) && (timerS > 0 || !math.IsNaN(got)) {
			t.Errorf("laps of %v s, want %v", got, timerS)
		}
		said += fmt.Sprintf("%s as %s, %d points equal, %d repeated, %d laps, %.2f km, %d pauses, device cadence %.0f; ", want[k].Sport, a.Sport,
			n, repeated, len(want[k].Laps), distM/1000, len(a.Pauses), a.Device.CadenceSPM)
	}
	if problem != nil {
		said += problem.Error()
	}
	return said
}

func TestCorpusTCXAgreesWithEncodingXML(t *testing.T) {
	for _, f := range xmlFilesIn(t, corpusDir(t), ".tcx") {
		t.Run(f.name, func(t *testing.T) { t.Log(comparePlainTCX(t, f.data)) })
	}
}

// Rows of the corpus' own index, made with a decoder in another language.
func TestCorpusTCXAgreesWithIndex(t *testing.T) {
	root := corpusDir(t)
	indexes, err := filepath.Glob(filepath.Join(root, "*", "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, name := range indexes {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{}
		for _, row := range rows[1:] {
			if !strings.HasSuffix(strings.TrimSuffix(row[0], ".gz"), ".tcx") {
				continue
			}
			if len(files) == 0 {
				for _, f := range xmlFilesIn(t, filepath.Dir(name), ".tcx") {
					files[f.name] = f.data
				}
			}
			compareTCXIndex(t, rows[0], row, files[row[0]])
			compared++
		}
	}
	if compared == 0 {
		t.Error("no index names a TCX file")
	}
}

// compareTCXIndex compares the session that a row names.
func compareTCXIndex(t *testing.T, header, row []string, data []byte) {
	cell := map[string]string{}
	for i, name := range header {
		cell[name] = row[i]
	}
	number := func(name string) float64 {
		v, err := strconv.ParseFloat(cell[name], 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	var buf buffers
	activities, _ := decodeTCX(data, &buf)
	session := int(number("session"))
	if session >= len(activities) {
		t.Fatalf("%s: session %d of %d", cell["file"], session, len(activities))
	}
	a := activities[session]
	s := &a.Samples
	start, err := time.Parse(time.RFC3339Nano, cell["start_utc"])
	if err != nil {
		t.Fatal(err)
	}
	repeated := number("points") - float64(s.Len())
	if got := a.Start.Add(time.Duration(s.T[0] * 1e9)); !got.Equal(start) || math.Abs(a.Start.Sub(start).Seconds()) > maxLeadS {
		t.Errorf("%s: begins at %s, want %s", cell["file"], got, start)
	}
	if got := s.T[s.Len()-1] - s.T[0]; math.Abs(got-number("elapsed_s")) > 1 {
		t.Errorf("%s: lasts %v s, want %v", cell["file"], got, number("elapsed_s"))
	}
	if repeated < 0 || repeated > number("laps") {
		t.Errorf("%s: %d samples, want %v", cell["file"], s.Len(), number("points"))
	}
	want := map[string]Sport{"Running": Running, "Biking": Cycling}[cell["sport"]]
	if a.Sport != want {
		t.Errorf("%s: %s, want %s", cell["file"], a.Sport, want)
	}
	for _, c := range []struct {
		name string
		col  []float64
	}{{"with_position", s.LatDeg}, {"with_hr", s.HeartBPM}, {"with_altitude", s.ElevM}} {
		if got := float64(known(c.col)); got > number(c.name) || got < number(c.name)-repeated {
			t.Errorf("%s: %v %s, want %v", cell["file"], got, c.name, number(c.name))
		}
	}
	positive := 0
	for _, v := range s.CadenceSPM {
		if v > 0 {
			positive++
		}
	}
	// The index counts a cadence of 0 in some files and not in others.
	if got := number("with_cadence"); got < float64(positive)-1 || got > float64(known(s.CadenceSPM))+repeated {
		t.Errorf("%s: %d of %d cadences, want %v", cell["file"], positive, known(s.CadenceSPM), got)
	}
	t.Logf("%s: %d points, %d with a position, %d with a cadence, from %s", cell["file"], s.Len(), known(s.LatDeg), positive, cell["start_utc"])
}

// known counts the values of a column.
func known(col []float64) int {
	n := 0
	for _, v := range col {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}
