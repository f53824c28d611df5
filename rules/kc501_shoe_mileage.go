package rules

import (
	"fmt"
	"math"

	"kneecheck/analyze"
)

var shoeMileage = &Rule{
	ID:    "KC501",
	Name:  "shoe-mileage",
	Title: "A pair of shoes with many kilometres",
	Why: "Midsoles lose some of their cushioning with use, and the usual advice is a new pair after 300 to 500 miles. " +
		"The evidence for that is thin: take it as a reminder to look at the shoes.",
	Fires:  "Note when a pair in use reaches 500 km (about 300 miles), warning at 800 km (about 500 miles). A pair with its own limit_km has only that limit, a warning.",
	Silent: "For pairs put away before the as-of day. Not judged when no pair is configured.",
	Evidence: Evidence{
		Grade: Convention,
		Says: "Shoes from 1985 kept 75 % of their shock absorption after 50 miles and 60 % after 500 on a machine, and about 80 % after 500 miles on people's feet. " +
			"In 24 runners, shoes worn for 200 miles left the angles of hip and knee as they were. In 258 runners, changing shoes every three months or sooner went with injury, not against it.",
		Caveat: "No trial of replacing shoes by mileage was found; foams differ, and so do runners.",
		Refs: []Ref{
			{Cite: "Cook et al. 1985, shock absorption of running shoes, read in a secondary source"},
			{Cite: "Kong et al. 2009, British Journal of Sports Medicine"},
			{Cite: "RISC study 2023, Sports Medicine - Open", DOI: "10.1186/s40798-023-00589-1"},
		},
	},
	Max:   Warning,
	State: true,
	Grows: true,
	Params: []Param{
		{Name: "note_m", Default: 500_000, Min: 1000, Max: 5_000_000, Unit: Metres, Doc: "Metres on one pair that are a note; custom, about 300 miles."},
		{Name: "warn_m", Default: 800_000, Min: 1000, Max: 5_000_000, Unit: Metres, Doc: "Metres on one pair that are a warning; custom, about 500 miles."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "Past 500 km", Log: `
shoe Daily start 450
week 2026-05-04 x2   8   _   8   _   8   _   8    # want KC501 note Daily: 514.0 km on the pair; the limit is 500.0 km
`},
		{Kind: Fires, Name: "Past 800 km, and past its own limit", Log: `
shoe Daily start 790 until 2026-05-06
shoe Race start 280 since 2026-05-07 limit 300
week 2026-05-04      8   _   8   _   8   _   16   # want KC501 warning Race: 304.0 km on the pair; the limit is 300.0 km
`},
		{Kind: AtLimit, Name: "500 km is the first that is told", Log: `
shoe Daily start 468
week 2026-05-04      8   _   8   _   8   _   8    # want KC501 note Daily: 500.0 km
`},
		{Kind: Silent, Name: "A young pair", Log: `
shoe Daily start 400
week 2026-05-04      8   _   8   _   8   _   8
`},
		{Kind: Silent, Name: "No pair configured", Log: `
week 2026-05-04      8   _   8   _   8   _   8
# want-not-judged KC501 no shoes are configured
`},
	},
	Judge: judgeShoeMileage,
}

func judgeShoeMileage(p *Pass) {
	if len(p.Log.Shoes) == 0 {
		p.NotJudged("no shoes are configured; add [[shoes]] to the configuration", math.NaN())
		return
	}
	for i := range p.Log.Shoes {
		shoe := &p.Log.Shoes[i]
		if shoe.Until != nil && *shoe.Until < p.Log.AsOf {
			continue
		}
		note, warn := shoeLimits(p.rule, p.set, shoe)
		p.judgeShoe(shoe, p.U.Round(note), p.U.Round(warn))
	}
}

// ShoeLimits are the metres on a pair that are a note and a warning: its own limit is both, where it has one.
func ShoeLimits(set Settings, shoe *analyze.Shoe) (noteM, warnM float64) {
	return shoeLimits(shoeMileage, set, shoe)
}

// shoeLimits is ShoeLimits for the rule itself, which cannot refer to its own variable.
func shoeLimits(rule *Rule, set Settings, shoe *analyze.Shoe) (noteM, warnM float64) {
	if shoe.LimitKM > 0 {
		return shoe.LimitKM * 1000, shoe.LimitKM * 1000
	}
	return set.value(rule, "note_m"), set.value(rule, "warn_m")
}

// judgeShoe puts a pair against its limits in metres and dates the finding to the run that reached the limit.
func (p *Pass) judgeShoe(shoe *analyze.Shoe, note, warn float64) {
	total := p.U.Round(shoe.StartKM*1000 + shoe.DistM)
	severity, limit := Note, note
	switch {
	case !(total >= note):
		return
	case total >= warn:
		severity, limit = Warning, warn
	}
	f := Finding{Severity: severity, From: p.Log.AsOf, To: p.Log.AsOf, Value: total, Limit: limit, Unit: Metres, Subject: shoe.Name}
	sum := shoe.StartKM * 1000
	for i := range p.Log.Runs {
		if run := p.Log.Runs[i]; run.Shoe == shoe.Name && run.DistM > 0 {
			sum += run.DistM
			if p.U.Round(sum) >= limit {
				f.From, f.To, f.Runs = run.Date, run.Date, []int{i}
				break
			}
		}
	}
	f.Message = fmt.Sprintf("%s: %s on the pair; the limit is %s", shoe.Name, p.U.Dist(total), p.U.Dist(limit))
	f.Advice = "Look at the midsole and the tread, and wear in a new pair beside this one."
	p.Report(f)
}
