package rules

import (
	"fmt"
	"math"

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
		{Name: "steep_m", Default: 1000, Min: 100, Max: 50000, Unit: Metres, Doc: "Distance at −10 % or steeper that makes a steep run; custom."},
		{Name: "min_coverage", Default: 0.8, Min: 0.5, Max: 1, Unit: Share, Doc: "Share of the runs of the five weeks that must have an altitude that can be trusted; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Two thirds more descent than in the weeks before", Log: `
altitude barometer
week 2026-04-06 x5   6   _   8   _           6   _   12v1500:90
week +1              6   _   8v1000:60   _   6   _   12v1500:90   # want KC304 note 150 m descended over 2.5 km of downhill, 1.67 × the weekly mean of the four weeks before (90 m)
`},
		{Kind: Fires, Name: "Hills after a flat month", Log: `
altitude barometer
week 2026-04-06 x5   6   _   8   _   6   _   12
week +1              6   _   8   _   6   _   12v2000:120          # want KC304 warning 4.80 ×
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

// downhill is what the runs of some days went down, and how many of them tell.
type downhill struct {
	runs, known, gps int
	downM, dropM     float64
	steep            bool
}

func (d downhill) coverage() float64 { return coverage(float64(d.known), float64(d.runs)) }

// downhillOf sums up the runs of some days. Treadmills and virtual runs have no downhill.
func (p *Pass) downhillOf(from, to civil.Date) downhill {
	var d downhill
	steepM := p.U.Round(p.Value("steep_m"))
	first, end := p.Log.RunRange(from, to)
	for i := first; i < end; i++ {
		run := &p.Log.Runs[i]
		d.runs++
		switch c := &run.Climb; {
		case onTreadmill(run) || run.Kind == ingest.Virtual:
			d.known++
		case math.IsNaN(c.DownhillDropM):
			if c.Source == ingest.GPSAltitude {
				d.gps++
			}
		default:
			d.known++
			d.downM += c.DownhillM
			d.dropM += c.DownhillDropM
			d.steep = d.steep || p.U.Round(c.SteepM) >= steepM
		}
	}
	return d
}

func judgeDownhillLoad(p *Pass) {
	const span = downhillDays + downhillBase
	if covered := int(p.Log.AsOf-p.first()) + 1; covered < span {
		p.NotJudged(fmt.Sprintf("the log covers %s, %d are needed", plural(covered, "day"), span), coverage(float64(covered), span))
		return
	}
	var open *Finding
	for _, day := range p.Log.Days[span-1:] {
		if day.Runs == 0 || p.downhillOf(day.Date-span+1, day.Date).coverage() < p.Value("min_coverage") {
			continue
		}
		p.judgeSteep(day)
		f, fires := p.downhillWindow(day.Date)
		switch {
		case !fires:
		case open != nil && f.From <= open.To:
			open = worse(open, f)
		default:
			p.reportOpen(open)
			open = f
		}
	}
	p.reportOpen(open)
	if d := p.downhillOf(p.Log.AsOf-span+1, p.Log.AsOf); d.coverage() < p.Value("min_coverage") {
		p.NotJudged(d.lack(span), d.coverage())
	}
}

// downhillWindow judges the seven days that end on a day.
func (p *Pass) downhillWindow(to civil.Date) (*Finding, bool) {
	from := to - downhillDays + 1
	now, base := p.downhillOf(from, to), p.downhillOf(from-downhillBase, from-1)
	mean := max(base.dropM/(downhillBase/7), p.Value("base_drop_m"))
	ratio := roundTo(math.Round(now.dropM)/math.Round(mean), 2)
	severity, limit := Note, p.Value("note_ratio")
	if p.U.Round(now.downM) < p.U.Round(p.Value("min_downhill_m")) || !(ratio >= limit) {
		return nil, false
	}
	if warn := p.Value("warn_ratio"); ratio >= warn {
		severity, limit = Warning, warn
	}
	return &Finding{
		Severity: severity, From: from, To: to, Runs: p.runs(from, to), Value: ratio, Limit: limit, Unit: Ratio,
		Message: fmt.Sprintf("%s – %s: %.0f m descended over %s of downhill, %s the weekly mean of the four weeks before (%.0f m)",
			p.shortDay(from), p.shortDay(to), now.dropM, p.U.Dist(now.downM), times(ratio), mean),
		Advice: "Choose flatter routes for a week, or walk the steep descents, and add downhill back bit by bit.",
	}, true
}

// worse joins two findings of overlapping windows: the days of both, and the rest of the worse one.
func worse(a, b *Finding) *Finding {
	from, to := min(a.From, b.From), max(a.To, b.To)
	w := *a
	if b.Severity > a.Severity || b.Severity == a.Severity && b.Value > a.Value {
		w = *b
	}
	w.From, w.To = from, to
	return &w
}

func (p *Pass) reportOpen(f *Finding) {
	if f != nil {
		p.Report(*f)
	}
}

// judgeSteep looks for the first steep run in four weeks.
func (p *Pass) judgeSteep(day analyze.Day) {
	if !p.downhillOf(day.Date, day.Date).steep || p.downhillOf(day.Date-downhillFirst, day.Date-1).steep {
		return
	}
	best := -1
	for i := day.First; i < day.First+day.Runs; i++ {
		if steep := p.Log.Runs[i].Climb.SteepM; !math.IsNaN(steep) && (best < 0 || steep > p.Log.Runs[best].Climb.SteepM) {
			best = i
		}
	}
	limit := p.U.Round(p.Value("steep_m"))
	steepM := p.U.Round(p.Log.Runs[best].Climb.SteepM)
	p.Report(Finding{
		Severity: Warning, From: day.Date, To: day.Date, Runs: []int{best}, Value: steepM, Limit: limit, Unit: Metres,
		Message: fmt.Sprintf("%s: %s at −10 %% or steeper, the first run in %d days with %s or more of it",
			p.day(day.Date), p.U.Dist(steepM), downhillFirst, p.U.Dist(limit)),
		Advice: "Walk part of the next steep descent, and give the knees two easy days.",
	})
}

// lack says in words which runs have no altitude to trust.
func (d downhill) lack(span int) string {
	blind := d.runs - d.known
	if blind == d.gps {
		return fmt.Sprintf("altitude comes from GPS only in %d of %s of the last %d days", blind, plural(d.runs, "run"), span)
	}
	return fmt.Sprintf("%d of %s of the last %d days have no altitude that can be trusted", blind, plural(d.runs, "run"), span)
}
