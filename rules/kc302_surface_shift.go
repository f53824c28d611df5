package rules

import (
	"fmt"
	"math"

	"kneecheck/ingest/civil"
)

const (
	// shiftDays are compared with the shiftBase days before them, so that the week is not part of what it is compared with.
	shiftDays = 7
	shiftBase = 28
)

var surfaceShift = &Rule{
	ID:    "KC302",
	Name:  "surface-shift",
	Title: "Much more or less of one kind of ground than before",
	Why: "Legs get used to the ground they run on. A week that is suddenly mostly on the treadmill, on trails or back on the road asks for something else, whichever way it goes. " +
		"This tells the change; no kind of ground is better than another here.",
	Fires: "Note when the share of hard, medium or soft ground or of the treadmill in 7 days differs by 40 points or more from that of the 28 days before. " +
		"A change is called likely when unknown ground could make it smaller than that.",
	Silent: "For weeks of fewer than 3 runs or under 10 km, and after four weeks under 30 km. Not judged in the first 35 days of a log, nor when the ground is unknown for more than 20 % of either period: without a street map that leaves only the treadmill, since a recording outdoors is none.",
	Evidence: Evidence{
		Grade: Weak,
		Says: "Studies of ground contradict each other: in 47 runners, peak pressure in the shoe was 9 to 17 % lower under the heel on grass than on asphalt, while another study measured more shock at the shin on grass than on concrete. " +
			"In 33 studies with 494 people, treadmills were mostly comparable to running outdoors, with the knee 2.3° more bent at landing.",
		Caveat: "No study of a change of ground and knees was found. That changes matter more than the ground itself is a reading of this program, and so are its limits.",
		Refs:   []Ref{refTessutti, refWaite, refVanHooren},
	},
	Max: Note,
	Params: []Param{
		{Name: "min_move", Default: 0.40, Min: 0.05, Max: 1, Unit: Share, Doc: "The change of a share that is told, 0.40 for 40 points; custom."},
		{Name: "max_unknown", Default: 0.20, Min: 0, Max: 1, Unit: Share, Stricter: true, Doc: "The largest unknown share of each period at which a verdict is given: half the change, so that unknown ground alone is never one."},
		{Name: "min_runs", Default: 3, Min: 1, Max: 20, Unit: Count, Doc: "Runs in the 7 days that a verdict needs, so that one run in a holiday week is no change; a choice of this program."},
		{Name: "min_m", Default: 10000, Min: 1000, Max: 200000, Unit: Metres, Doc: "Metres in the 7 days that a verdict needs; a choice of this program."},
		{Name: "min_before_m", Default: 30000, Min: 1000, Max: 500000, Unit: Metres, Doc: "Metres in the 28 days before that a verdict needs; a choice of this program."},
	},
	Examples: []Example{
		{Kind: Fires, Name: "From the road to the treadmill", Log: `
every s90/5/5
week 2026-04-06 x5   6   _   8   _   6   _   10
week +1              6/treadmill   _   8/treadmill   _   6/treadmill   _   10   # want KC302 note 11 May – 17 May: 67 % of 30.0 km on the treadmill, 0 % in the 28 days before
`},
		{Kind: Fires, Name: "Off the road, to gravel and trails alike: likely, since part of the ground is unknown", Log: `
every s80/5/5
week 2026-04-06 x5   6   _   8   _   6   _   10
every s35/30/25
week +1              6   _   8   _   6   _   10   # want KC302 note likely 35 % of 30.0 km on hard ground, 80 % in the 28 days before: 45 points less (limit 40)
`},
		{Kind: Fires, Name: "To the treadmill, without a street map", Log: `
week 2026-04-06 x5   6   _   8   _   6   _   10
week +1              6/treadmill   _   8/treadmill   _   6/treadmill   _   10   # want KC302 note 67 % of 30.0 km on the treadmill
# want-not-judged KC302 without a map of the runs only the treadmill's share was judged
`},
		{Kind: AtLimit, Name: "40 points are the first that are told", Log: `
every s90/5/5
week 2026-04-06 x5   6   _   8   _   6   _   10
every s50/5/45
week +1              6   _   8   _   6   _   10   # want KC302 note 45 % of 30.0 km on soft ground (earth, grass, sand), 5 % in the 28 days before: 40 points more (limit 40)
`},
		{Kind: AtLimit, Name: "39 points are allowed", Log: `
every s90/5/5
week 2026-04-06 x5   6   _   8   _   6   _   10
every s51/5/44
week +1              6   _   8   _   6   _   10
`},
		{Kind: Silent, Name: "Two runs in a holiday week", Log: `
every s90/5/5
week 2026-04-06 x5   6   _   8   _   6   _   10
every s10/10/80
week +1              _   _   8   _   _   _   10
`},
		{Kind: Silent, Name: "A map that covers only some of it", Log: `
every s70/3/2
week 2026-04-06 x5   6   _   8   _   6   _   10
every s30/30/30
week +1              6   _   8   _   6   _   10
# want-not-judged KC302 the ground is unknown for 10 % of the last 7 days and 25 % of the 28 days before
`},
	},
	Judge: judgeSurfaceShift,
}

func judgeSurfaceShift(p *Pass) {
	const span = shiftDays + shiftBase
	if p.tooShort(len(p.Log.Days), span) {
		return
	}
	sums, limits := p.grounds(), p.shiftLimits()
	judge := func(i int) (shift, bool) {
		if p.Log.Days[i].Runs == 0 {
			return shift{}, false
		}
		return limits.judge(p.Log.Days[i].Date, sums.last(shiftDays, i), sums.last(shiftBase, i-shiftDays), p)
	}
	var open *shift
	start := p.stretchStart(span-1, shiftDays, func(i int) bool { _, fires := judge(i); return fires })
	for i := start; i < len(p.Log.Days); i++ {
		switch s, fires := judge(i); {
		case !fires:
		case open != nil && s.from <= open.to:
			open.join(s)
		default:
			p.reportShift(open, limits.move)
			kept := s // only what is kept moves to the heap
			open = &kept
		}
	}
	p.reportShift(open, limits.move)
	last := len(p.Log.Days) - 1
	now, before := sums.last(shiftDays, last), sums.last(shiftBase, last-shiftDays)
	if !(now.distM+before.distM > 0) {
		p.NotJudged(fmt.Sprintf("no distance in the last %d days", span), 0)
		return
	}
	a, b := now.unknown(), before.unknown()
	onlyTreadmill := now.unknownTo(treadmill) <= limits.unknown && before.unknownTo(treadmill) <= limits.unknown
	switch {
	case a <= limits.unknown && b <= limits.unknown:
	case p.unmapped(now, before) && onlyTreadmill && now.groupM[treadmill]+before.groupM[treadmill] > 0:
		p.NotKept("without a map of the runs only the treadmill's share was judged", 1-max(a, b))
	case p.unmapped(now, before):
		p.NotKept(noMap, 1-max(a, b))
	default:
		judged := ""
		if onlyTreadmill {
			judged = "; only the share of the treadmill was judged"
		}
		p.NotJudged(fmt.Sprintf("the ground is unknown for %s of the last %d days and %s of the %d days before%s",
			percent(a), shiftDays, percent(b), shiftBase, judged), 1-max(a, b))
	}
}

// shiftLimits are the parameters, looked up once for all windows.
type shiftLimits struct {
	move, unknown, runs float64
	leastM, beforeM     float64
}

func (p *Pass) shiftLimits() shiftLimits {
	return shiftLimits{
		move: p.Value("min_move"), unknown: p.Value("max_unknown"), runs: p.Value("min_runs"),
		leastM: p.U.Round(p.Value("min_m")), beforeM: p.U.Round(p.Value("min_before_m")),
	}
}

// shift is the largest change of ground in a stretch of overlapping windows.
type shift struct {
	// from and to are the days of the stretch, end the last of the seven days of the change.
	from, to, end civil.Date
	group         int
	distM         float64
	// now and before are the shares of the group; sure is false when unknown ground could hide a smaller change.
	now, before float64
	sure        bool
}

// move is how far the share moved, in either direction.
func (s *shift) move() float64 { return roundTo(math.Abs(s.now-s.before), 2) }

// judge compares the seven days that end on a day with those before. Of the groups that moved it tells the one that grew
// most, since that is what is new to the legs, and one that shrank only if none grew enough.
func (l *shiftLimits) judge(end civil.Date, now, before ground, p *Pass) (shift, bool) {
	if float64(now.runs) < l.runs || p.U.Round(now.distM) < l.leastM || p.U.Round(before.distM) < l.beforeM {
		return shift{}, false
	}
	var grew, shrank shift
	for group := range groundGroups {
		if now.unknownTo(group) > l.unknown || before.unknownTo(group) > l.unknown {
			continue
		}
		s := shift{from: end - shiftDays + 1, to: end, end: end, group: group, distM: now.distM}
		var nowLow, nowHigh, beforeLow, beforeHigh float64
		s.now, nowLow, nowHigh = now.share(group)
		s.before, beforeLow, beforeHigh = before.share(group)
		if s.now > s.before {
			s.sure = roundTo(nowLow-beforeHigh, 2) >= l.move
			if s.move() > grew.move() {
				grew = s
			}
			continue
		}
		s.sure = roundTo(beforeLow-nowHigh, 2) >= l.move
		if s.move() > shrank.move() {
			shrank = s
		}
	}
	switch {
	case grew.move() >= l.move:
		return grew, true
	case shrank.move() >= l.move:
		return shrank, true
	}
	return shift{}, false
}

// join adds an overlapping stretch: the days of both, and the larger change, the later of equals: it has more of the new ground.
func (s *shift) join(b shift) {
	from, to := min(s.from, b.from), max(s.to, b.to)
	if b.move() >= s.move() {
		*s = b
	}
	s.from, s.to = from, to
}

func (p *Pass) reportShift(s *shift, limit float64) {
	if s == nil {
		return
	}
	likely, more := "", "more"
	if !s.sure {
		likely = "likely "
	}
	if s.now < s.before {
		more = "less"
	}
	begin := s.end - shiftDays + 1
	p.Report(Finding{
		Severity: Note, From: s.from, To: s.to, Runs: p.runs(begin, s.end), Value: s.move(), Limit: limit, Unit: Share,
		Message: fmt.Sprintf("%s – %s: %s%s of %s on %s, %s in the %d days before: %.0f points %s (limit %.0f)",
			p.shortDay(begin), p.shortDay(s.end), likely, percent(s.now), p.U.Dist(s.distM), groundNames[s.group],
			percent(s.before), shiftBase, 100*s.move(), more, 100*limit),
		Advice: "Keep some of the next runs on the ground of the weeks before, and let the new one grow bit by bit.",
	})
}
