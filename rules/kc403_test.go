package rules

import (
	"math"
	"strings"
	"testing"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// easyWeeks are twelve weeks of easy hours on every other day, and then two days in a row of the given runs.
func easyWeeks(two func(day civil.Date) analyze.Run) *analyze.Log {
	first := civil.New(2026, time.March, 2)
	var runs []analyze.Run
	for d := first; d < first+84; d += 2 {
		runs = append(runs, pacedRun(d, analyze.Pace{Flat: analyze.Hist{{Bin: 13, Seconds: 1800}, {Bin: 14, Seconds: 1800}}.Pack()}))
	}
	runs = append(runs, two(first+85), two(first+86))
	return analyze.Build(runs, nil, analyze.Options{HeightCM: math.NaN(), AsOf: first + 86, WeekStart: time.Monday})
}

// pacedRun is a run without a heart rate.
func pacedRun(day civil.Date, pace analyze.Pace) analyze.Run {
	movingS, distM := pace.Seconds(), 0.0
	for _, h := range []analyze.PackedHist{pace.Flat, pace.Down} {
		for _, c := range h.Hist() {
			distM += c.SpeedMPS() * float64(c.Seconds)
		}
	}
	return analyze.Run{
		ID: day.String(), Date: day, Start: day.Time().Add(7 * time.Hour), Kind: ingest.Road, DistM: distM, MovingS: movingS, ElapsedS: movingS,
		Heart: analyze.Heart{MeanBPM: math.NaN()}, Pace: pace,
	}
}

// An easy day does not become hard by what is fast and no effort, or too short to be one.
func TestHardDays(t *testing.T) {
	easy, fast := analyze.HistCell{Bin: 13, Seconds: 2400}, analyze.HistCell{Bin: 18, Seconds: 1500}
	heart := func(bpm uint8, seconds float32) analyze.PackedHist {
		return analyze.Hist{{Bin: 28, Seconds: 3600 - seconds}, {Bin: bpm / analyze.HeartBinBPM, Seconds: seconds}}.Pack()
	}
	for _, tt := range []struct {
		name string
		run  func(day civil.Date) analyze.Run
		want string // part of the message; empty for silence
	}{
		{"25 fast minutes on the level", func(d civil.Date) analyze.Run {
			return pacedRun(d, analyze.Pace{Flat: analyze.Hist{easy, fast}.Pack()})
		}, "25 min from"},
		{"25 fast minutes downhill", func(d civil.Date) analyze.Run {
			return pacedRun(d, analyze.Pace{Flat: analyze.Hist{easy}.Pack(), Down: analyze.Hist{fast}.Pack()})
		}, ""},
		{"a sprint", func(d civil.Date) analyze.Run {
			return pacedRun(d, analyze.Pace{Flat: analyze.Hist{easy, {Bin: 28, Seconds: 120}}.Pack()})
		}, ""},
		{"16 fast minutes of a long run", func(d civil.Date) analyze.Run {
			return pacedRun(d, analyze.Pace{Flat: analyze.Hist{{Bin: 13, Seconds: 7200}, {Bin: 18, Seconds: 960}}.Pack()})
		}, ""},
		{"fast on a treadmill", func(d civil.Date) analyze.Run {
			r := pacedRun(d, analyze.Pace{Flat: analyze.Hist{easy, fast}.Pack()})
			r.Kind = ingest.Treadmill
			return r
		}, ""},
		{"fast with a heart rate that is not known to be high", func(d civil.Date) analyze.Run {
			r := pacedRun(d, analyze.Pace{Flat: analyze.Hist{easy, fast}.Pack()})
			r.Heart = analyze.Heart{MeanBPM: 142, Coverage: 1, Hist: heart(170, 1500)}
			return r
		}, ""},
		{"a heart rate for a part of the time only", func(d civil.Date) analyze.Run {
			r := pacedRun(d, analyze.Pace{Flat: analyze.Hist{easy, fast}.Pack()})
			r.Heart = analyze.Heart{MeanBPM: 142, Coverage: 0.3, Hist: analyze.Hist{{Bin: 28, Seconds: 1000}}.Pack()}
			return r
		}, "25 min from"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := run(easyWeeks(tt.run), switchedOn(hardDaysInARow), analyze.Kilometres, []*Rule{hardDaysInARow}, judge)
			got := ""
			for _, f := range res.Findings {
				got += f.Message
			}
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
