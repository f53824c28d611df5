package rules

import (
	"fmt"
	"math"
	"slices"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// The window whose descent is judged and the days before it that it is compared with (DESIGN: 7 days against the mean
// of four weeks), and the days in which an earlier steep run makes a later one no longer the first.
const (
	downhillDays  = 7
	downhillBase  = 28
	downhillFirst = 28
)

var downhillLoad = &Rule{
	ID:    "KC304",
	Name:  "downhill-load",
	Title: "Much more downhill than usual",
	Why: "Running downhill, the knee brakes each step, and its share of the leg's work is larger than on the level or uphill. " +
		"What matters here is the change: this compares a week's descent with what the four weeks before had.",
	Fires: "For seven days with 1 km or more at −5 % or steeper: note when the metres descended there are 1.50 × or more the weekly mean of the four weeks before, warning from 2.00 ×. " +
		"Also a warning: the first run in 28 days with 1 km or more at −10 % or steeper.",
	Silent: "Not judged when less than 80 % of the runs have an altitude that can be trusted (GPS altitude cannot), or in the first five weeks of a log.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "In 19 runners on slopes of 7 %, the moments at the joints stayed the same while the power that the knee absorbs rose downhill. " +
			"In 20 runners on slopes of 10.5 %, the knee's share of the leg's support was largest downhill. Clinicians see pain around the kneecap after added downhill.",
		Caveat: "Mechanics in small groups, not injuries; the limits are set by this program, and how fast the descent was run is not counted.",
		Refs: []Ref{
			{Cite: "Telhan et al. 2010, Journal of Athletic Training, PMC2808749"},
			{Cite: "Shih & Ho 2023, Journal of Sports Science and Medicine 22:111"},
			{Cite: "Esculier et al., trial protocol on patellofemoral pain in runners, PMC4702381"},
		},
	},
	Max: Warning,
	Params: []Param{
		{Name: "note_ratio", Default: 1.5, Min: 1, Max: 20, Unit: Ratio, Doc: "Metres descended in seven days against the weekly mean of the four weeks before, from which it is a note; custom."},
		{Name: "warn_ratio", Default: 2.0, Min: 1, Max: 20, Unit: Ratio, Doc: "The same from which it is a warning; custom."},
		{Name: "min_downhill_m", Default: 1000, Min: 0, Max: 50000, Unit: Metres, Doc: "Distance at −5 % or steeper that the seven days must have; custom."},
		{Name: "base_drop_m", Default: 25, Min: 1, Max: 5000, Unit: Metres, Doc: "A weekly mean of descent below this counts as this, so that a flat month can be compared with; a choice of this program."},
		{Name: "steep_m", Default: 1000, Min: 100, Max: 50000, Unit: Metres, Doc: "Distance at −10 % or steeper that makes a steep run; custom. Earlier runs count from 1 km whatever this says, or from as much as the run has."},
		{Name: "min_coverage", Default: 0.8, Min: 0.5, Max: 1, Unit: Share, Doc: "Share of the runs of the five weeks that must have an altitude that can be trusted; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Two thirds more descent than in the weeks before", Log: `
altitude barometer
week 2026-04-06 x5   6   _   8   _           6   _   12v1500:90
week +1              6   _   8v1000:60   _   6   _   12v1500:90   # want KC304 note 150 m descended over 2.5 km of downhill, 1.67 × the weekly mean of the four weeks before (90 m)
`},
		{Kind: Fires, Name: "Hills after a flat month, told in the week of the hills and not in the level one behind it", Log: `
altitude barometer
week 2026-04-06 x5   6   _   8   _   6   _   12
week +1              6   _   8   _   6   _   12v2000:120          # want KC304 warning 4.80 ×
week +1              6   _   8   _   6   _   12
`},
		{Kind: Fires, Name: "The first steep descent in a month", Log: `
altitude barometer
week 2026-04-06 x5   6   _   8   _   6   _   12v3000:200
week +1              6   _   8   _   6   _   12w1200:150          # want KC304 warning Sun 17 May: 1.2 km at −10 % or steeper, the first run in 28 days
`},
		{Kind: AtLimit, Name: "1.50 × is the first that is told", Log: `
altitude barometer
week 2026-04-06 x5   6   _   8   _           6   _   12v1500:100
week +1              6   _   8v800:49    _   6   _   12v1500:100
week x5              6   _   8   _           6   _   12v1500:100
week +1              6   _   8v800:50    _   6   _   12v1500:100  # want KC304 note 1.50 ×
`},
		{Kind: Silent, Name: "Altitude by GPS only", Log: `
altitude gps
week 2026-04-06 x6   6   _   8   _   6   _   12
# want-not-judged KC304 altitude comes from GPS only in 20 of 20 runs of the last 35 days
`},
	},
	Judge: judgeDownhillLoad,
}

func judgeDownhillLoad(p *Pass) {
	const span = downhillDays + downhillBase
	if covered := len(p.Log.Days); covered < span {
		p.NotJudged(fmt.Sprintf("the log covers %s, %d are needed", plural(covered, "day"), span), coverage(float64(covered), span))
		return
	}
	sums := p.descents(p.U.Round(p.Value("steep_m")))
	least := p.Value("min_coverage")
	limits := p.downhillLimits()
	judge := func(i int) (descent, bool) {
		// Only a day with a descent can be news: a level run behind it is not about it.
		if !(sums.on(i).dropM > 0) || sums.last(span, i).coverage() < least {
			return descent{}, false
		}
		return p.downhillWindow(sums, i, &limits)
	}
	var open *descent
	start := p.stretchStart(span-1, downhillDays, func(i int) bool { _, fires := judge(i); return fires })
	for i := start; i < len(p.Log.Days); i++ {
		if p.Log.Days[i].Runs == 0 || sums.last(span, i).coverage() < least {
			continue
		}
		if sums.on(i).steep > 0 {
			p.judgeSteep(p.Log.Days[i])
		}
		d, fires := judge(i)
		switch {
		case !fires:
		case open != nil && d.from <= open.to:
			open.join(d)
		default:
			p.reportOpen(open)
			kept := d // only what is kept moves to the heap
			open = &kept
		}
	}
	p.reportOpen(open)
	if d := sums.last(span, len(p.Log.Days)-1); d.coverage() < least {
		p.NotJudged(d.lack(span), d.coverage())
	}
}

// descent is the worst seven days of a stretch that goes down too much.
type descent struct {
	// from and to are the days of the stretch, end the last of the seven days.
	from, to, end civil.Date
	now           downhill
	// before is the weekly mean of the four weeks before, meanM what it counts as.
	before, meanM float64
	severity      Severity
	ratio, limit  float64
}

// downhillLimits are the parameters of the windows, looked up once for all of them.
type downhillLimits struct{ note, warn, leastM, floorM float64 }

func (p *Pass) downhillLimits() downhillLimits {
	return downhillLimits{
		note: p.Value("note_ratio"), warn: p.Value("warn_ratio"), leastM: p.U.Round(p.Value("min_downhill_m")), floorM: p.Value("base_drop_m"),
	}
}

// downhillWindow judges the seven days that end on day i of the log.
func (p *Pass) downhillWindow(sums descents, i int, limits *downhillLimits) (descent, bool) {
	now, base := sums.last(downhillDays, i), sums.last(downhillBase, i-downhillDays)
	d := descent{now: now, before: base.dropM / (downhillBase / 7), severity: Note, limit: limits.note}
	d.meanM = d.before
	if math.Round(d.meanM) < limits.floorM {
		d.meanM = limits.floorM
	}
	d.ratio = roundTo(math.Round(now.dropM)/math.Round(d.meanM), 2)
	if p.U.Round(now.downM) < limits.leastM || !(d.ratio >= limits.note) {
		return d, false
	}
	if d.ratio >= limits.warn {
		d.severity, d.limit = Warning, limits.warn
	}
	d.end = p.Log.Days[i].Date
	d.from, d.to = d.end-downhillDays+1, d.end
	return d, true
}

// join adds an overlapping stretch: the days of both, and the rest of the worse one.
func (d *descent) join(b descent) {
	from, to := min(d.from, b.from), max(d.to, b.to)
	if b.severity > d.severity || b.severity == d.severity && b.ratio > d.ratio {
		*d = b
	}
	d.from, d.to = from, to
}

func (p *Pass) reportOpen(d *descent) {
	if d == nil || d.to < p.since {
		return
	}
	before := fmt.Sprintf("the weekly mean of the four weeks before (%.0f m)", d.meanM)
	if d.meanM != d.before {
		before = fmt.Sprintf("what a flat month counts as (%.0f m a week; the four weeks before had %.0f m)", d.meanM, d.before)
	}
	begin := d.end - downhillDays + 1
	p.Report(Finding{
		Severity: d.severity, From: d.from, To: d.to, Runs: p.downhillRuns(begin, d.end), Value: d.ratio, Limit: d.limit, Unit: Ratio,
		Message: fmt.Sprintf("%s – %s: %.0f m descended over %s of downhill, %s %s",
			p.shortDay(begin), p.shortDay(d.end), d.now.dropM, p.U.Dist(d.now.downM), times(d.ratio), before),
		Advice: "Choose flatter routes for a week, or walk the steep descents, and add downhill back bit by bit.",
	})
}

// usedToSteepM is the steep descent in one run that shows a runner to be used to it (DESIGN: 1 km). It is no parameter: a
// runner whose limit is higher is not thereby less used to descents.
const usedToSteepM = 1000

// judgeSteep reports the steepest run of a day with a steep one, if no run of the four weeks before had as much of it or
// 1 km.
func (p *Pass) judgeSteep(day analyze.Day) {
	steepest := day.First
	for i := day.First; i < day.First+day.Runs; i++ {
		if steep := p.Log.Runs[i].Climb.SteepM; !(steep <= p.Log.Runs[steepest].Climb.SteepM) && !math.IsNaN(steep) {
			steepest = i
		}
	}
	steepM, limit := p.U.Round(p.Log.Runs[steepest].Climb.SteepM), p.U.Round(p.Value("steep_m"))
	used := min(steepM, p.U.Round(usedToSteepM))
	for _, i := range p.runs(day.Date-downhillFirst, day.Date-1) {
		if run := p.Log.Runs[i]; !onTreadmill(run) && run.Kind != ingest.Virtual && p.U.Round(run.Climb.SteepM) >= used {
			return
		}
	}
	p.Report(Finding{
		Severity: Warning, From: day.Date, To: day.Date, Runs: []int{steepest}, Value: steepM, Limit: limit, Unit: Metres,
		Message: fmt.Sprintf("%s: %s at −10 %% or steeper, the first run in %d days with %s or more of it",
			p.day(day.Date), p.U.Dist(steepM), downhillFirst, p.U.Dist(used)),
		Advice: "Walk part of the next steep descent, and give the knees two easy days.",
	})
}

// downhillRuns are the runs of some days that went downhill at all.
func (p *Pass) downhillRuns(from, to civil.Date) []int {
	return slices.DeleteFunc(p.runs(from, to), func(i int) bool { return !(p.Log.Runs[i].Climb.DownhillDropM > 0) })
}
