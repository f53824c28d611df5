// Package ingesttest writes synthetic activity files for tests, benchmarks and the shipped demonstration log: runs that
// nobody ran, along straight lines. The same Run always gives the same bytes.
package ingesttest

import (
	"math"
	"math/rand/v2"
	"time"
)

// Run describes one synthetic run. Start, DistM and SpeedMPS are needed; everything else has a plain default.
type Run struct {
	// Start is the instant of the first sample; OffsetS is what the watch shows more than UTC, in seconds.
	Start   time.Time
	OffsetS int
	// DistM is the distance, exact at the last sample, and SpeedMPS the mean speed.
	DistM, SpeedMPS float64
	// CadenceSPM is steps a minute at the mean speed; 0 leaves the sensor out. It drifts linearly to CadenceEndSPM unless
	// that is 0.
	CadenceSPM, CadenceEndSPM float64
	// Treadmill leaves positions and altitude out and holds speed steady.
	Treadmill bool
	// Trail sets the sub-sport.
	Trail bool
	// HillM is the height of hills that come every HillEveryM metres, half of it up and half down.
	HillM, HillEveryM float64
	// EveryS is the seconds between samples; 0 means 1.
	EveryS int
	// Name is the activity's name where the format has one.
	Name string
	// Watch is what recorded the run; it changes how much the files hold and never what they say of the run.
	Watch Watch
}

// Watch is a kind of device.
type Watch uint8

const (
	// PlainWatch writes what kneecheck reads and nothing else.
	PlainWatch Watch = iota
	// FullWatch writes all that a running watch of the last ten years does: 43 bytes a record in FIT, with running
	// dynamics, temperature and three fields that no profile names, and a lap every kilometre; coordinates with all the
	// digits of a float64 in GPX.
	FullWatch
	// OldWatch writes FIT as watches did around 2010: speed and altitude in 16 bits, the time of most records in five.
	OldWatch
)

// lapM is the length of a lap where laps are written.
const lapM = 1000

// point is one sample.
type point struct {
	t                         time.Time
	lat, lon, elev, dist, spd float64
	cadence, heart            float64
}

// The runs start in open farmland chosen at random and head north-east.
const (
	startLatDeg     = 52.4
	startLonDeg     = 5.6
	metresPerDegree = 111_195.0
)

// points samples the run. Speed sways by a few per cent and cadence follows it by 6.5 spm for each m/s.
func (r Run) points() []point {
	every := max(r.EveryS, 1)
	seconds := int(math.Round(r.DistM / r.SpeedMPS))
	n := seconds/every + 1
	random := rand.New(rand.NewPCG(uint64(r.Start.Unix()), uint64(r.DistM)))
	speed := make([]float64, n)
	total := 0.0
	for i := range speed {
		sway := 0.04*math.Sin(float64(i*every)/97) + 0.02*random.NormFloat64()
		if r.Treadmill {
			sway = 0.002 * random.NormFloat64()
		}
		speed[i] = r.SpeedMPS * (1 + sway)
		if i > 0 {
			total += speed[i]
		}
	}
	points := make([]point, n)
	dist := 0.0
	for i := range points {
		if i > 0 {
			dist += speed[i] * r.DistM / total
		}
		points[i] = point{
			t: r.Start.Add(time.Duration(i*every) * time.Second), dist: dist, spd: speed[i],
			lat:     startLatDeg + dist/metresPerDegree*math.Sqrt2/2,
			lon:     startLonDeg + dist/metresPerDegree*math.Sqrt2/2/math.Cos(startLatDeg*math.Pi/180),
			elev:    math.Round((3+r.hill(dist))*5) / 5,
			cadence: r.cadence(dist, speed[i]) + 1.2*random.NormFloat64(),
			heart:   math.Round(128 + 22*(1-math.Exp(-float64(i*every)/240)) + 2*random.NormFloat64()),
		}
	}
	points[n-1].dist = r.DistM
	return points
}

func (r Run) cadence(dist, speed float64) float64 {
	c := r.CadenceSPM
	if r.CadenceEndSPM > 0 {
		c += (r.CadenceEndSPM - r.CadenceSPM) * dist / r.DistM
	}
	return c + 6.5*(speed-r.SpeedMPS)
}

// hill is the height above the start: up and down in straight slopes, or the gentle waves of a plain.
func (r Run) hill(dist float64) float64 {
	if r.HillM == 0 {
		return 1.2 * math.Sin(dist/400)
	}
	phase := math.Mod(dist, r.HillEveryM) / r.HillEveryM
	return r.HillM * (1 - math.Abs(2*phase-1))
}

// climbed gives the metres up and down that a watch would show; it does not count the waves of a plain.
func (r Run) climbed() (ascent, descent float64) {
	if r.HillM == 0 {
		return 0, 0
	}
	whole := math.Floor(r.DistM / r.HillEveryM)
	rest := r.DistM - whole*r.HillEveryM
	up := min(rest, r.HillEveryM/2) / (r.HillEveryM / 2) * r.HillM
	return whole*r.HillM + up, whole*r.HillM + up - r.hill(r.DistM)
}
