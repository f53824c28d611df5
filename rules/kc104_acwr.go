package rules

import "fmt"

// The days of the acute load and those before them of the chronic one (DESIGN: 7 days against the three weeks before,
// which is uncoupled: no day counts on both sides).
const (
	acuteDays   = 7
	chronicDays = 21
)

var acwr = &Rule{
	ID:    "KC104",
	Name:  "acwr",
	Title: "Seven days far over the three weeks before",
	Why: "The acute to chronic workload ratio compares the last seven days with what the weeks before were like. Many apps colour it green and red. " +
		"Among runners it has pointed both ways, so that kneecheck only tells it to those who ask for it, and colours nothing.",
	Fires:  "Note when the distance of seven days is 1.80 × or more the weekly mean of the 21 days before them. Overlapping windows are one finding.",
	Silent: "When the 21 days before hold less than 10 km a week (then layoff-return speaks), and for days without a run. Not judged in the first 28 days of a log, or without distances.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 735 runners with 49,195 runs, those injured in the first quarter had more days with a ratio of 1.5 and more; coupled, as there, 1.5 is 1.8 here. " +
			"In 435 runners a ratio below 0.70 went with more injuries (9.6 %) than one above 1.38 (1.3 %), and in 5,205 runners more ratio meant fewer injuries.",
		Caveat: "A higher ratio meant fewer injuries in two of the three groups, perhaps because those who are sore run less. Dividing by the weeks before added little to the last week alone.",
		Refs: []Ref{
			{Cite: "Toresdahl et al. 2023, British Journal of Sports Medicine 57:146", DOI: "10.1136/bjsports-2022-105670"},
			{Cite: "Nakaoka et al. 2021, Sports Medicine", DOI: "10.1007/s40279-021-01483-0"},
			refFrandsen,
			{Cite: "Impellizzeri et al. 2020, Sports Medicine", DOI: "10.1007/s40279-020-01378-6"},
		},
	},
	Max: Note,
	Off: true,
	Params: []Param{
		{Name: "max_ratio", Default: 1.8, Min: 1, Max: 10, Unit: Ratio, Doc: "The ratio from which it is told; 1.8 uncoupled is 1.5 coupled, the limit that was studied."},
		{Name: "base_m", Default: 10000, Min: 1000, Max: 100000, Unit: Metres, Doc: "A weekly mean below this is no base to compare with: on a real log every return to running was a multiple of next to nothing. A choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Twice the distance of the weeks before", Log: `
week 2026-05-04 x3   5   _   6   _   5   _   9
week +1              8   _   12  _   10  _   20   # want KC104 note 50.0 km, 2.00 × the weekly mean of the 21 days before (25.0 km)
`},
		{Kind: AtLimit, Name: "1.80 × is the first that is told, and one rise is told once", Log: `
week 2026-05-04 x3   5   _   5   _   5   _   5
week +1              8   _   8   _   8   _   11   # 1.75
week x4              5   _   5   _   5   _   5
week +1              8   _   8   _   9   _   11   # want KC104 note 36.0 km, 1.80 ×
week +1              8   _   5   _   5   _   5
week x3              5   _   5   _   5   _   5
`},
		{Kind: Silent, Name: "Hardly a base to compare with: layoff-return speaks", Log: `
week 2026-05-04 x3   _   _   4   _   _   _   5
week +1              6   _   6   _   6   _   6
`},
		{Kind: Silent, Name: "Too short a log", Log: `
week 2026-05-04 x3   5   _   6   _   5   _   9
week +1              8   _   12
# want-not-judged KC104 the log covers 24 days, 28 are needed
`},
	},
	Judge: judgeACWR,
}

func judgeACWR(p *Pass) {
	const span = acuteDays + chronicDays
	if p.tooShort(len(p.Log.Days), span) {
		return
	}
	if p.noDistance() {
		return
	}
	dist := p.sumDays(func(i int) float64 { return p.Log.Days[i].DistM })
	limit, base := p.Value("max_ratio"), p.U.Round(p.Value("base_m"))
	fires := func(i int) (window, bool) {
		w := window{now: p.U.Round(dist.last(acuteDays, i)), before: p.U.Round(dist.last(chronicDays, i-acuteDays) / (chronicDays / 7))}
		w.ratio = roundTo(w.now/w.before, 2)
		return w, w.before >= base && w.ratio >= limit
	}
	p.stretches(span, acuteDays, fires, func(w window) {
		begin := w.end - acuteDays + 1
		p.Report(Finding{
			Severity: Note, From: w.from, To: w.to, Runs: p.runs(begin, w.end), Value: w.ratio, Limit: limit, Unit: Ratio,
			Message: fmt.Sprintf("%s – %s: %s, %s the weekly mean of the 21 days before (%s)",
				p.shortDay(begin), p.shortDay(w.end), p.U.Dist(w.now), times(w.ratio), p.U.Dist(w.before)),
			Advice: "Nothing follows from this number alone; let session-spike and how the knee feels decide about the next week.",
		})
	})
}
