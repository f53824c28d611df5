package lognote

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

const (
	defaultPaceS  = 360  // 6:00 a kilometre
	defaultSpread = 0.08 // an even run on the road
	firstStartH   = 7    // the first run of a day begins at 07:00
	breakH        = 2    // and the next this long after the one before
	channels      = 6    // time, position, distance, speed, altitude, cadence
)

var (
	unknown = math.NaN()
	kinds   = []ingest.Kind{ingest.Road, ingest.Trail, ingest.Track, ingest.Treadmill, ingest.Virtual}
)

// attributes are what a cell says of a run beside its kilometres; NaN is not said.
type attributes struct {
	firstSPM, lastSPM  float64
	firstBPM, lastBPM  float64
	paceS              float64
	kind               ingest.Kind
	downM, downDropM   float64
	steepM, steepDropM float64
	continuousS        float64
	spread             float64
	ground             *ground
	race               bool
}

func defaults() attributes {
	return attributes{
		firstSPM: unknown, lastSPM: unknown, firstBPM: unknown, lastBPM: unknown, paceS: defaultPaceS, kind: ingest.Unspecified,
		downM: unknown, downDropM: unknown, steepM: unknown, steepDropM: unknown,
		continuousS: unknown, spread: defaultSpread,
	}
}

// cell reads the runs of one day.
func (p *parser) cell(day civil.Date, cell string) ([]analyze.Run, error) {
	if cell == "_" {
		return nil, nil
	}
	var runs []analyze.Run
	start := day.Time().Add(firstStartH * time.Hour)
	for i, text := range strings.Split(cell, "+") {
		km, rest, err := leadingNumber(text)
		if err != nil {
			return nil, fmt.Errorf("a run begins with its kilometres, or _ is a day off")
		}
		if !(km > 0 && km <= 500) {
			return nil, fmt.Errorf("%g km is no run: above 0 and at most 500", km)
		}
		a := p.every
		if err := a.read(rest); err != nil {
			return nil, err
		}
		if civil.Of(start) != day {
			return nil, fmt.Errorf("the runs do not fit into one day")
		}
		r, err := p.run(start, i+1, km*1000, a)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
		start = start.Add(time.Duration(r.ElapsedS*float64(time.Second)) + breakH*time.Hour)
	}
	return runs, nil
}

// read overwrites the attributes that s gives.
func (a *attributes) read(s string) error {
	given := ""
	for s != "" {
		mark := s[:1]
		if strings.Contains(given, mark) {
			return fmt.Errorf("%s is given twice", mark)
		}
		given += mark
		rest, err := a.readOne(mark, s[1:])
		if err != nil {
			return err
		}
		s = rest
	}
	return nil
}

func (a *attributes) readOne(mark, s string) (rest string, err error) {
	switch mark {
	case "@":
		a.firstSPM, a.lastSPM, rest, err = trend(s, "@%g is no cadence: whole steps a minute of both feet, %g to %g", 100, 250)
	case "h":
		a.firstBPM, a.lastBPM, rest, err = trend(s, "h%g is no heart rate: whole beats a minute, %g to %g", 30, 240)
	case "p":
		return a.pace(s)
	case "/":
		for _, k := range kinds {
			if after, ok := strings.CutPrefix(s, string(k)); ok {
				a.kind = k
				return after, nil
			}
		}
		return "", fmt.Errorf("/%s is no kind of run: road, trail, track, treadmill or virtual", s)
	case "v":
		a.downM, a.downDropM, rest, err = slope("v", s, minDownhill)
	case "w":
		a.steepM, a.steepDropM, rest, err = slope("w", s, minSteep)
	case "c":
		a.continuousS, rest, err = leadingNumber(s)
		a.continuousS *= 60
	case "~":
		a.spread, rest, err = leadingNumber(s)
		a.spread /= 100
		if err == nil && !strings.HasPrefix(rest, "%") {
			return "", fmt.Errorf("a spread of speed is written ~2%%")
		}
		rest = strings.TrimPrefix(rest, "%")
	case "s":
		a.ground, rest, err = readGround(s)
	case "!":
		a.race = true
		var ok bool
		if rest, ok = strings.CutPrefix(s, "race"); !ok {
			return "", fmt.Errorf("!%s is unknown: !race", s)
		}
	default:
		return "", fmt.Errorf("%q is unknown: after kilometres come @ cadence, h heart rate, p pace, / kind, v downhill, w steep, c continuous, s surface, ~ spread or !race", mark+s)
	}
	return rest, err
}

// trend reads "165" or "168>160", the value of the first third of a run and that of the last: whole numbers from low to
// high, else an error of the given format.
func trend(s, format string, low, high float64) (first, last float64, rest string, err error) {
	if first, rest, err = leadingNumber(s); err != nil {
		return 0, 0, "", err
	}
	last = first
	if after, ok := strings.CutPrefix(rest, ">"); ok {
		if last, rest, err = leadingNumber(after); err != nil {
			return 0, 0, "", err
		}
	}
	for _, v := range []float64{first, last} {
		if v != math.Trunc(v) || v < low || v > high {
			return 0, 0, "", fmt.Errorf(format, v, low, high)
		}
	}
	return first, last, rest, nil
}

func (a *attributes) pace(s string) (rest string, err error) {
	minutes, rest, ok := strings.Cut(s, ":")
	m, err := whole(minutes)
	if !ok || err != nil || len(rest) < 2 {
		return "", fmt.Errorf("a pace is written p5:30")
	}
	seconds, err := whole(rest[:2])
	if err != nil || seconds > 59 || m < 2 || m > 30 {
		return "", fmt.Errorf("p%s:%s is no pace: minutes and seconds a kilometre, 2:00 to 30:59", minutes, rest[:2])
	}
	a.paceS = float64(m*60 + seconds)
	return rest[2:], nil
}

// The grades from which a stretch counts as downhill and as steep (DESIGN section 5).
const (
	minDownhill = 0.05
	minSteep    = 0.10
)

// slope reads "1500:90", metres run and metres descended.
func slope(mark, s string, grade float64) (runM, dropM float64, rest string, err error) {
	runM, rest, err = leadingNumber(s)
	after, ok := strings.CutPrefix(rest, ":")
	if err == nil && ok {
		dropM, rest, err = leadingNumber(after)
	}
	if err != nil || !ok {
		return 0, 0, "", fmt.Errorf("a slope is written %s1200:150, metres run and metres descended", mark)
	}
	if dropM < grade*runM || dropM > runM {
		return 0, 0, "", fmt.Errorf("%s%g:%g is %.0f %% steep; %s is for %.0f %% or steeper", mark, runM, dropM, 100*dropM/runM, mark, 100*grade)
	}
	return runM, dropM, rest, nil
}

// run builds the nth run of a day.
func (p *parser) run(start time.Time, nth int, distM float64, a attributes) (analyze.Run, error) {
	name := civil.Of(start).String()
	if nth > 1 {
		name += "-" + strconv.Itoa(nth)
	}
	file := name + ".fit"
	id := sha256.Sum256([]byte(file))
	movingS := distM / 1000 * a.paceS
	r := analyze.Run{
		ID: hex.EncodeToString(id[:8]), File: file, Format: ingest.FIT,
		Date: civil.Of(start), Start: start, OffsetFrom: ingest.OffsetFile,
		Kind: a.kind, DistM: distM, MovingS: movingS, ElapsedS: movingS,
		LongestContinuousS: movingS, SpeedSpread: a.spread, Race: a.race, Channels: channels,
		Cadence: a.cadenceOf(distM, movingS), Surface: a.surface(distM),
		Device: ingest.Totals{DistM: distM, MovingS: movingS, ElapsedS: movingS, CadenceSPM: (a.firstSPM + a.lastSPM) / 2, AscentM: unknown, DescentM: unknown},
	}
	r.Heart, r.Pace = a.heartOf(movingS), a.paceOf(distM, movingS)
	if !math.IsNaN(a.continuousS) {
		if a.continuousS > movingS {
			return r, fmt.Errorf("c%g is longer than the run, %.0f minutes", a.continuousS/60, movingS/60)
		}
		r.LongestContinuousS = a.continuousS
	}
	var err error
	r.Climb, err = p.climb(distM, a)
	return r, err
}

func (a *attributes) cadenceOf(distM, movingS float64) analyze.Cadence {
	c := analyze.Cadence{MeanSPM: (a.firstSPM + a.lastSPM) / 2, StepLengthM: unknown, Unit: ingest.NoCadence}
	if math.IsNaN(c.MeanSPM) {
		return c
	}
	speed := distM / movingS
	c.Unit, c.Coverage, c.StepLengthM = ingest.Strides, 1, 60*speed/c.MeanSPM
	third := func(spm float64) analyze.Hist {
		return analyze.Hist{{Bin: uint8(speed / analyze.SpeedBinMPS), SPM: uint8(math.Round(spm)), Seconds: float32(movingS / 3)}}
	}
	first, last := third(a.firstSPM), third(a.lastSPM)
	var level analyze.Hist
	for _, cell := range slices.Concat(first, third(c.MeanSPM), last) {
		i, found := slices.BinarySearchFunc(level, cell, func(x, y analyze.HistCell) int { return cmp.Compare(x.SPM, y.SPM) })
		if found {
			level[i].Seconds += cell.Seconds
		} else {
			level = slices.Insert(level, i, cell)
		}
	}
	c.Level, c.FirstThird, c.LastThird = level.Pack(), first.Pack(), last.Pack()
	return c
}

func (p *parser) climb(distM float64, a attributes) (analyze.Climb, error) {
	sloped := !math.IsNaN(a.downM) || !math.IsNaN(a.steepM)
	if !sloped && p.altitude != ingest.Barometer {
		return analyze.Climb{Source: p.altitude, AscentM: unknown, DescentM: unknown, DownhillM: unknown, DownhillDropM: unknown,
			SteepM: unknown, SteepDropM: unknown, RangeM: unknown}, nil
	}
	c := analyze.Climb{Source: cmp.Or(p.altitude, ingest.Barometer)}
	if !math.IsNaN(a.steepM) {
		c.SteepM, c.SteepDropM = a.steepM, a.steepDropM
		c.DownhillM, c.DownhillDropM = a.steepM, a.steepDropM
	}
	if !math.IsNaN(a.downM) {
		c.DownhillM, c.DownhillDropM = a.downM, a.downDropM
	}
	if c.SteepM > c.DownhillM || c.SteepDropM > c.DownhillDropM {
		return c, fmt.Errorf("w counts as part of v and cannot be more")
	}
	if c.DownhillM > distM {
		return c, fmt.Errorf("%g m downhill are more than the run's %g m", c.DownhillM, distM)
	}
	// A loop: what goes down came up.
	c.AscentM, c.DescentM, c.RangeM = c.DownhillDropM, c.DownhillDropM, c.DownhillDropM
	return c, nil
}

// leadingNumber reads digits and perhaps a decimal point from the front of s.
func leadingNumber(s string) (v float64, rest string, err error) {
	n := len(s) - len(strings.TrimLeft(s, "0123456789."))
	if v, err = strconv.ParseFloat(s[:n], 64); err != nil {
		return 0, "", fmt.Errorf("expected a number at %q", s)
	}
	return v, s[n:], nil
}
