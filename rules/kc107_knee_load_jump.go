package rules

import (
	"fmt"
	"math"
)

// The days whose knee load is judged and the days before that it is compared with (DESIGN: 7 days against the mean of
// four weeks before).
const (
	kneeLoadDays = 7
	kneeLoadBase = 28
)

var kneeLoadJump = &Rule{
	ID:    "KC107",
	Name:  "knee-load-jump",
	Title: "Knee load well over the four weeks before (experimental)",
	Why: "A km is not the same to a knee at every pace. Knee-km count each km by its pace and cadence against the runner's own: slower running and fewer steps count more, because they put more total load on the knee over a km; " +
		"yet slower running lowers the peak of each step. It is a relative model number, not a force, and no advice to run hard.",
	Fires:  "Note when the knee-km of seven days are 1.30 × or more the weekly mean of the four weeks before. Overlapping windows are one finding.",
	Silent: "When the four weeks before hold less than 10 knee-km a week. Not judged in the first five weeks of a log, or when more than a fifth of the distance of the last 35 days has no known speed or no usual pace to compare with.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 20 recreational runners at 2.5 to 4.2 m/s, the cumulative load on the kneecap joint over a km fell by 9 to 34 % with speed while its peak rose by 9 to 36 %; 16 runners showed the same of the knee. " +
			"Studies of step length at one speed give the exponent for cadence. knee-km = Σ km · (v/v0)^−0.75 · (cadence/own)^−0.6.",
		Caveat: "Not linked with injury by any study. Hills, ground and shoes are left out, and the figures are for groups. Advice for kneecap pain goes both ways: slower by 10 to 20 %, or moderate and shorter.",
		Refs: []Ref{
			{Cite: "Doyle et al. 2023, Sports Biomechanics", DOI: "10.1080/14763141.2023.2226111"},
			{Cite: "Petersen et al. 2015, Journal of Orthopaedic & Sports Physical Therapy, PubMed 25552288"},
			{Cite: "Willson et al. 2014, step length and patellofemoral joint stress in female runners"},
			{Cite: "Lenhart et al. 2014, Medicine & Science in Sports & Exercise 46:557", DOI: "10.1249/MSS.0b013e3182a78c3a"},
			refTREK,
		},
	},
	Max: Note,
	Off: true,
	Params: []Param{
		{Name: "max_ratio", Default: 1.3, Min: 1, Max: 10, Unit: Ratio, Doc: "Knee-km of seven days against the weekly mean of the four weeks before, from which it is told; custom."},
		{Name: "base_m", Default: 10000, Min: 1000, Max: 100000, Unit: Metres, Doc: "A weekly mean below so many knee-metres is no base to compare with, as in acwr; a choice of this program."},
		{Name: "min_coverage", Default: 0.8, Min: 0.5, Max: 1, Unit: Share, Doc: "Share of the distance of the five weeks whose knee load must be known; the rest counts as plain km. A choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Not much farther than before, but much slower and with fewer steps", Log: `
every @170p4:30
week 2026-03-02 x9   8   _   8   _   8   _   12
every @158p6:00
week +1              8   _   8   _   8   _   13   # want KC107 note
`},
		{Kind: AtLimit, Name: "1.30 × is the first that is told", Log: `
week 2026-03-02 x9   5   _   5   _   5   _   5
week +1              6   _   6   _   6   _   7.8
week x4              5   _   5   _   5   _   5
week +1              6   _   6   _   6   _   8    # want KC107 note 26.0 knee-km, 1.30 × the weekly mean of the four weeks before (20.0 knee-km); the plain distance is 1.30 ×
`},
		{Kind: Silent, Name: "Farther, but at a faster pace than usual", Log: `
every @162p6:30
week 2026-03-02 x9   5   _   5   _   5   _   5
every @172p5:00
week +1              6   _   6   _   6   _   8
`},
		{Kind: Silent, Name: "Too short a log", Log: `
week 2026-05-04 x4   5   _   6   _   5   _   9
week +1              8   _   12
# want-not-judged KC107 the log covers 31 days, 35 are needed
`},
	},
	Judge: judgeKneeLoadJump,
}

func judgeKneeLoadJump(p *Pass) {
	const span = kneeLoadDays + kneeLoadBase
	if p.tooShort(len(p.Log.Days), span) {
		return
	}
	knee := p.Log.KneeKM(0, len(p.Log.Runs))
	sum := func(i int, of func(run int) float64) float64 {
		day, s := &p.Log.Days[i], 0.0
		for r := day.First; r < day.First+day.Runs; r++ {
			if p.Log.Runs[r].DistM > 0 {
				s += of(r)
			}
		}
		return s
	}
	plain := p.sumDays(func(i int) float64 {
		return sum(i, func(r int) float64 { return p.Log.Runs[r].DistM })
	})
	known := p.sumDays(func(i int) float64 {
		return sum(i, func(r int) float64 {
			if math.IsNaN(knee[r]) {
				return 0
			}
			return p.Log.Runs[r].DistM
		})
	})
	load := p.sumDays(func(i int) float64 { return sum(i, func(r int) float64 { return p.kneeM(knee, r) }) })
	limit, base, least := p.Value("max_ratio"), p.U.Round(p.Value("base_m")), p.Value("min_coverage")
	fires := func(i int) (window, bool) {
		w := window{now: p.U.Round(load.last(kneeLoadDays, i)), before: p.U.Round(load.last(kneeLoadBase, i-kneeLoadDays) / (kneeLoadBase / 7))}
		w.ratio = roundTo(w.now/w.before, 2)
		return w, coverage(known.last(span, i), plain.last(span, i)) >= least && w.before >= base && w.ratio >= limit
	}
	p.stretches(span, kneeLoadDays, fires, func(w window) {
		i := int(w.end - p.first())
		p.reportKneeLoad(w, limit, knee, plain.last(kneeLoadDays, i)/(plain.last(kneeLoadBase, i-kneeLoadDays)/(kneeLoadBase/7)))
	})
	last := len(p.Log.Days) - 1
	if c := coverage(known.last(span, last), plain.last(span, last)); !(c >= least) {
		reason := fmt.Sprintf("knee load is known for %s of the distance of the last %d days", percent(c), span)
		if math.IsNaN(c) {
			reason, c = fmt.Sprintf("no distance was run in the last %d days", span), 0
		}
		p.NotJudged(reason, c)
	}
}

// kneeM is the knee load of a run in metres; one that is not known counts as plain metres.
func (p *Pass) kneeM(kneeKM []float64, run int) float64 {
	if math.IsNaN(kneeKM[run]) {
		return p.Log.Runs[run].DistM
	}
	return 1000 * kneeKM[run]
}

// reportKneeLoad tells of a window, how the plain distance compares, and which run has most of it.
func (p *Pass) reportKneeLoad(w window, limit float64, kneeKM []float64, plain float64) {
	begin := w.end - kneeLoadDays + 1
	most, runs := -1, p.runs(begin, w.end)
	for _, r := range runs {
		if p.Log.Runs[r].DistM > 0 && (most < 0 || p.kneeM(kneeKM, r) > p.kneeM(kneeKM, most)) {
			most = r
		}
	}
	p.Report(Finding{
		Severity: Note, From: w.from, To: w.to, Runs: runs, Value: w.ratio, Limit: limit, Unit: Ratio,
		Message: fmt.Sprintf("%s – %s: %s, %s the weekly mean of the four weeks before (%s); the plain distance is %s. Most: %s, %s that count as %s",
			p.shortDay(begin), p.shortDay(w.end), p.kneeDist(w.now), times(w.ratio), p.kneeDist(w.before), times(roundTo(plain, 2)),
			p.day(p.Log.Runs[most].Date), p.U.Dist(p.Log.Runs[most].DistM), p.kneeDist(p.kneeM(kneeKM, most))),
		Advice: "An experimental number: where the plain distance rose as well, shorten the next long run; where it did not, some runs at your usual pace and cadence even it out.",
	})
}
