package ingest

import (
	"crypto/sha256"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// ExportRow is one activity as an export's own table tells it: Strava's activities.csv or Garmin's summarized activities.
// It may know what the file does not (a corrected sport, the pair of shoes, a race), and it is all there is of an
// activity that was entered by hand or whose file is lost.
type ExportRow struct {
	// ID is stable from one export of an account to the next: hex digits made of the service's own number, or of the row
	// where it has none.
	ID string
	// Line is where the row begins, counted from 1: a line of a CSV file, an entry of a list.
	Line int
	// Filename is the activity's file as the table writes it, relative to the table and with slashes; empty for an
	// activity that was entered by hand, and in tables that do not tell.
	Filename string
	Name     string
	// Type is the sport in the words of the table; Sport and Kind are what they mean. UnknownSport is a word not known.
	Type  string
	Sport Sport
	Kind  Kind
	// Start is a UTC instant, zero where the table does not tell one. DayOnly says that its clock is not known.
	Start   time.Time
	DayOnly bool
	// Zone is filled where the table tells local time; its From is else "".
	Zone Zone
	// Totals are the service's own. They are NaN where nothing is said.
	Totals Totals
	// RoughDist says that the table has distances in the account's unit of display alone, which were taken for kilometres.
	RoughDist bool
	// Steps counts both feet, and DirtM is the distance off paved ground; NaN where not told.
	Steps, DirtM float64
	// Gear is what was worn: for Strava brand, model and name of a pair.
	Gear          string
	Race, LongRun bool
}

// MovesLikeRun tells whether a row's mean speed is that of a run.
func (r *ExportRow) MovesLikeRun() bool {
	mps := r.Totals.DistM / r.Totals.MovingS
	if math.IsNaN(mps) {
		mps = r.Totals.DistM / r.Totals.ElapsedS
	}
	return mps >= minRunMPS && mps <= maxRunMPS
}

// ExportShoe is one pair of shoes of an export's list. Its name may be empty.
type ExportShoe struct{ Name, Brand, Model string }

// Label writes the pair as activities name it: brand, model and name.
func (s ExportShoe) Label() string {
	return strings.Join(strings.Fields(s.Brand+" "+s.Model+" "+s.Name), " ")
}

// Bounds of what is read of a table. A hundred thousand activities are ten a day for a life.
const (
	maxTableBytes = 32 << 20
	maxTableRows  = 100_000
)

// readTable reads a whole table into memory.
func readTable(r io.Reader) ([]byte, *Problem) {
	data, err := io.ReadAll(io.LimitReader(r, maxTableBytes+1))
	switch {
	case err != nil:
		return nil, &Problem{Kind: Unreadable, Err: err}
	case len(data) > maxTableBytes:
		return nil, problemf(TooLarge, "larger than %s: no table of an export is; name the folder with the activity files alone", mebibytes(maxTableBytes))
	}
	return data, nil
}

// rowProblems gathers what is wrong with single rows, so that a table has one problem with a count and an example.
type rowProblems struct {
	bad, firstLine int
	reason         string
	cut            bool
}

func (p *rowProblems) add(line int, reason string) {
	if p.bad == 0 {
		p.firstLine, p.reason = line, reason
	}
	p.bad++
}

// problem is nil when every row was read.
func (p *rowProblems) problem(rows int) *Problem {
	switch {
	case p.cut:
		return problemf(TooLarge, "more than %s: the rest of the table is left out", count(maxTableRows, "row"))
	case p.bad == 0:
		return nil
	}
	return problemf(Corrupt, "%s of %d cannot be read (line %d: %s) and is left out of the log; ask for the export again, and do not save it from a spreadsheet",
		count(p.bad, "row"), rows+p.bad, p.firstLine, p.reason)
}

// exportSports are the words of exports that tell a sport only as a whole; the words inside longer names are those that
// GPX files use too (gpxsport.go). The first language is English; of the others German, French, Dutch, Spanish,
// Portuguese and Chinese were seen in exports or in programs that read them, the rest is translated.
var exportSports = []struct {
	sport Sport
	kind  Kind
	names string
}{
	{Running, Trail, "trail|trail run|traillauf|trailrun|trailrunning|carrera de trail|carrera por senderos|carrera de montaña|corsa su trail|corsa su sentiero|corrida em trilha|corrida de trilha|越野跑|トレイルラン|terränglöpning|bieg terenowy"},
	{Running, Virtual, "virtual run|virtueller lauf|course virtuelle|course à pied virtuelle|virtuele hardloopsessie|carrera virtual|corsa virtuale|corrida virtual|虚拟跑步|バーチャルラン"},
	{Running, Treadmill, "course sur tapis|correr en cinta|loopband"},
	{Running, Unspecified, "hardloopsessie|ラン|löprunda|løpetur|löptur|koşu|lari|забег"},
	{Strength, Unspecified, "weight training|entraînement aux poids|renforcement musculaire|krachttraining|entrenamiento con pesas|entrenamiento de fuerza|treinamento com pesos|musculação|allenamento con i pesi|重量训练|力量训练|ウェイトトレーニング|styrketräning|styrketrening"},
	{Cycling, Unspecified, "radfahrt|virtuelle radfahrt|sortie à vélo|pedalada|giro in bici|骑行|虚拟骑行|ライド|cykeltur|sykkeltur"},
	{Walking, Unspecified, "wandeling|hiken|paseo|passeggiata|spacer|wanderung|散步"},
	// What only looks like a run comes with what is none.
	{OtherSport, Unspecified, "narciarstwo biegowe|schneeschuhlaufen|course en fauteuil roulant|carrera en silla de ruedas|workout|training|entraînement|entrenamiento|allenamento|treino|hiit|pilates"},
}

// exportSport tells sport and kind by the word of a table.
func exportSport(typ string) (Sport, Kind) {
	words := strings.TrimSpace(string(typeWords(typ)))
	for _, s := range exportSports {
		for name := range strings.SplitSeq(s.names, "|") {
			if words == name {
				return s.sport, s.kind
			}
		}
	}
	if strings.Trim(typ, "0123456789 ") == "" {
		return UnknownSport, Unspecified
	}
	return gpxSport(typ, "", "")
}

// stableID is the name of an activity that has no file of its own.
func stableID(service string, parts ...string) string {
	return idOf(sha256.Sum256([]byte(service + "\x00" + strings.Join(parts, "\x00"))))
}

// tableNumber reads a number as tables write it: with a comma or a point for decimals, and blanks, points or commas
// between thousands. It is NaN for anything else.
func tableNumber(s string) float64 {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\'', '’':
			return -1
		}
		return r
	}, s)
	if s == "" || len(s) > 32 || strings.Trim(s, "0123456789.,-") != "" {
		return math.NaN()
	}
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case comma > point && strings.Count(s, ",") == 1 && (point >= 0 || len(s)-comma != 4):
		s = strings.ReplaceAll(s[:comma], ".", "") + "." + s[comma+1:]
	case strings.Count(s, ".") > 1:
		s = strings.ReplaceAll(s, ".", "")
	default:
		s = strings.ReplaceAll(s, ",", "")
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// measure is a number that cannot be negative; NaN where it is.
func measure(s string) float64 {
	if v := tableNumber(s); v >= 0 {
		return v
	}
	return math.NaN()
}
