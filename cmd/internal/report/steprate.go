package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
)

const (
	// curveIndent is where the text of a curve begins, as in the other parts of an explanation.
	curveIndent = 10
	// curveS is the least time, in seconds, that is worth words, and curveShare of the whole is the least for which a pace
	// has a line of its own if that is more.
	curveS     = 60
	curveShare = 0.01
	// curveBar is the width of the bar that shows where the minutes lie.
	curveBar = 10
	// A scale has one column a step a minute, or for two or four where it would need more than maxScale columns; and it
	// spans minScaleSPM at least.
	maxScale    = 34
	minScaleSPM = 20
)

// CadenceCurve draws a runner's own pace-cadence curve of the last 28 days beside what is expected at the same paces, and
// says where the minutes lie and what was left out: the data behind rule KC201.
func CadenceCurve(w io.Writer, log *analyze.Log, u analyze.Units, o TextOptions) error {
	p := newPage(o)
	hist, t := log.LevelCadence(log.AsOf-analyze.CadenceDays+1, log.AsOf, true)
	days := fmt.Sprintf("the last %d days (%s)", analyze.CadenceDays, span(log.AsOf-analyze.CadenceDays+1, log.AsOf))
	p.gap()
	diff, seconds := hist.VersusExpected(log.HeightCM)
	p.curve("Curve", fmt.Sprintf("Of %s run in %s, %s show your steps on near-level ground at a pace for which an expectation exists.",
		mins(t.MovingS), days, mins(seconds)))
	p.curve("", leftOut(t, hist, u))
	if math.IsNaN(diff) {
		return p.writeTo(w)
	}
	p.curve("", inWords(hist, diff, log.HeightCM))
	var rows []curveRow
	for _, s := range hist.BySpeed() {
		if expected := analyze.ExpectedCadence(s.SpeedMPS(), log.HeightCM); !math.IsNaN(expected) {
			rows = append(rows, curveRow{bin: s.Bin, seconds: s.Seconds, own: s.MedianSPM, other: expected})
		}
	}
	p.curveTable(rows, expectedTable, u)
	return p.writeTo(w)
}

// CadenceChange draws a runner's cadence of the last 28 days beside that of the 84 days before at matched speeds: the
// data behind rule KC202.
func CadenceChange(w io.Writer, log *analyze.Log, u analyze.Units, o TextOptions) error {
	p := newPage(o)
	from := log.AsOf - analyze.CadenceDays + 1
	now, nowTime := log.LevelCadence(from, log.AsOf, false)
	before, beforeTime := log.LevelCadence(from-analyze.OwnCurveDays, from-1, false)
	change, seconds := analyze.MatchedChange(now, before)
	p.gap()
	p.curve("Curve", fmt.Sprintf("Your steps on near-level ground outdoors: now (%s), %s of %s run; before (%s), %s of %s run. %s can be compared, pace by pace.",
		span(from, log.AsOf), mins(now.Seconds()), mins(nowTime.MovingS),
		span(from-analyze.OwnCurveDays, from-1), mins(before.Seconds()), mins(beforeTime.MovingS), mins(seconds)))
	p.curve("Now", leftOut(nowTime, nil, u))
	p.curve("Before", leftOut(beforeTime, nil, u))
	if math.IsNaN(change) {
		return p.writeTo(w)
	}
	p.curve("", fmt.Sprintf("At the same paces you take %s steps a minute than before.", moreOrFewer(change)))
	var rows []curveRow
	old := before.BySpeed()
	for _, a := range now.BySpeed() {
		for _, b := range old {
			if a.Bin == b.Bin {
				rows = append(rows, curveRow{bin: a.Bin, seconds: min(a.Seconds, b.Seconds), own: a.MeanSPM, other: b.MeanSPM})
			}
		}
	}
	p.curveTable(rows, beforeTable, u)
	return p.writeTo(w)
}

// curve writes a text beside a label, if there is one to write.
func (p *page) curve(label, text string) {
	if text != "" {
		p.para(pad(label, curveIndent), text, curveIndent, p.plain)
	}
}

// mins writes whole minutes, cut off as in the findings.
func mins(s float64) string { return thousands(int(s/60)) + " min" }

// leftOut says where the time went that shows no cadence. hist, if given, tells the paces without an expectation too.
func leftOut(t analyze.CadenceTime, hist analyze.Hist, u analyze.Units) string {
	var slowS, fastS float64
	for _, s := range hist.BySpeed() {
		switch v := s.SpeedMPS(); {
		case v < analyze.ExpectedMinMPS:
			slowS += s.Seconds
		case v > analyze.ExpectedMaxMPS:
			fastS += s.Seconds
		}
	}
	var parts []string
	add := func(seconds float64, what string) {
		if seconds >= curveS {
			parts = append(parts, mins(seconds)+" "+what)
		}
	}
	add(t.BareS, "in "+count(t.BareRuns, "run")+" without a cadence")
	add(t.TreadmillS, "in "+count(t.TreadmillRuns, "run")+" on a treadmill, whose speed is not calibrated")
	add(t.WalkedS, "of walking, standing or a silent sensor")
	add(t.SlopeS, "on slopes of more than 3 %")
	add(slowS, "slower than "+u.Pace(analyze.ExpectedMinMPS))
	add(fastS, "faster than "+u.Pace(analyze.ExpectedMaxMPS))
	if len(parts) == 0 {
		return ""
	}
	return "Left out: " + strings.Join(parts, "; ") + "."
}

// inWords says where the minutes lie against the expectation.
func inWords(hist analyze.Hist, diff, heightCM float64) string {
	var below, within, above float64
	for _, c := range hist {
		d, s := float64(c.SPM)-analyze.ExpectedCadence(c.SpeedMPS(), heightCM), float64(c.Seconds)
		switch {
		case math.IsNaN(d):
		case d < -analyze.ExpectedSDSPM:
			below += s
		case d > analyze.ExpectedSDSPM:
			above += s
		default:
			within += s
		}
	}
	all := below + within + above
	middle := "as many steps as expected"
	switch n := math.Round(diff); {
	case n < 0:
		middle = fmt.Sprintf("%.0f steps a minute fewer than expected", -n)
	case n > 0:
		middle = fmt.Sprintf("%.0f steps a minute more than expected", n)
	}
	basis := "recreational runners take at a pace, not a target; no height_cm is configured, and tall runners step slower"
	if !math.IsNaN(heightCM) {
		basis = fmt.Sprintf("recreational runners of %.0f cm take at a pace, not a target", heightCM)
	}
	return fmt.Sprintf("Over all these minutes you take %s at the same pace (median); %s of them lie within the usual spread, %s below and %s above it. Expected is what %s.",
		middle, percent(within/all), percent(below/all), percent(above/all), basis)
}

func moreOrFewer(change float64) string {
	switch n := number(100*change, 1); {
	case n < 0:
		return trim(-n, 1) + " % fewer"
	case n > 0:
		return trim(n, 1) + " % more"
	}
	return "as many"
}

// curveRow is one pace of a curve: own, other and usual are steps a minute; usual only where the kind of curve has it, NaN
// where it is not known.
type curveRow struct {
	bin                        uint8
	seconds, own, other, usual float64
}

// curveKind is what a curve is set against.
type curveKind struct {
	own, other, diff string
	// usual is the head of a third column, empty without one.
	usual string
	// relative differences are in per cent, the others in steps a minute.
	relative bool
	// mark stands for the other on the scale, and spread is drawn around it.
	mark   rune
	spread float64
	legend string
}

var (
	expectedTable = curveKind{own: "yours", other: "expected", diff: "differ", mark: '│', spread: analyze.ExpectedSDSPM,
		legend: "● yours (median), │ expected, ░ usual spread (± 8 spm)."}
	runTable = curveKind{own: "this run", other: "expected", diff: "differ", usual: "before", mark: '│', spread: analyze.ExpectedSDSPM,
		legend: "● this run (median), ○ your 84 days before, │ expected, ░ usual spread (± 8 spm)."}
	beforeTable = curveKind{own: "now", other: "before", diff: "change", mark: '○', relative: true,
		legend: "● now, ○ before (means); the minutes are those that both have."}
)

// curveTable writes a line a pace, slowest first. Where the page is too narrow the scale gives way, then the bars.
func (p *page) curveTable(rows []curveRow, k curveKind, u analyze.Units) {
	most, total := 0.0, 0.0
	for _, r := range rows {
		most, total = max(most, r.seconds), total+r.seconds
	}
	all, least := len(rows), math.Ceil(max(curveS, curveShare*total)/60)*60
	rows = slices.DeleteFunc(rows, func(r curveRow) bool { return r.seconds < least })
	if len(rows) == 0 {
		return
	}
	p.line()
	scale, head := scaleOf(rows, &k)
	cols := []column{
		{head: "pace /" + string(u)}, {head: "min", right: true}, {}, {head: k.own, right: true}, {head: k.other, right: true},
		{head: k.diff, right: true}, {head: k.usual, right: true}, {head: head},
	}
	for _, r := range rows {
		difference, decimals := signed(math.Round(r.own)-math.Round(r.other)), 0
		if k.relative {
			difference, decimals = moved1(r.own/r.other-1)+" %", 1
		}
		usual := ""
		if k.usual != "" && finite(r.usual) {
			usual = fmt.Sprintf("%.*f", decimals, r.usual)
		}
		for i, cell := range []string{
			paces(r.bin, u), thousands(int(r.seconds / 60)), bar(r.seconds/most, curveBar),
			fmt.Sprintf("%.*f", decimals, r.own), fmt.Sprintf("%.*f", decimals, r.other), difference, usual, scale.draw(&r, &k),
		} {
			cols[i].cells = append(cols[i].cells, cell)
		}
	}
	cols[2].give, cols[6].give, cols[7].give = 2, 1, 3
	if k.usual != "" {
		cols[2].give = 4 // three marks are worth more than where the minutes lie
	}
	shown := p.table(curveIndent, slices.DeleteFunc(cols, func(c column) bool { return !c.known() }), p.plain)
	legend := ""
	if shown[len(shown)-1].head == head {
		legend = k.legend
	}
	if len(rows) < all {
		legend = strings.TrimSpace(legend + fmt.Sprintf(" Paces run for less than %s in all are not shown.", mins(least)))
	}
	if legend != "" {
		p.line()
		p.curve("", legend)
	}
}

// moved1 is a fractional change in per cent with its sign and one decimal.
func moved1(c float64) string {
	n := number(100*c, 1)
	if n > 0 {
		return "+" + trim(n, 1)
	}
	return trim(n, 1)
}

// paces are the paces of a speed bin, slowest first, without their unit.
func paces(bin uint8, u analyze.Units) string {
	pace := func(mps float64) string {
		s, _, _ := strings.Cut(u.Pace(mps), " ")
		return s
	}
	return pace(float64(bin)*analyze.SpeedBinMPS) + "–" + pace(float64(bin+1)*analyze.SpeedBinMPS)
}

// scale is an axis of steps a minute: column 0 begins at low.
type scale struct {
	low, perColumn float64
	columns        int
}

// scaleOf is a scale that holds all rows between round numbers, and its head.
func scaleOf(rows []curveRow, k *curveKind) (scale, string) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		low = min(low, r.own, r.other-k.spread)
		high = max(high, r.own, r.other+k.spread)
		if k.usual != "" && finite(r.usual) {
			low, high = min(low, r.usual), max(high, r.usual)
		}
	}
	const round = 10
	low = math.Floor(low/round) * round
	high = max(math.Floor(high/round+1)*round, low+minScaleSPM)
	s := scale{low: low, perColumn: 1}
	for (high-low)/s.perColumn > maxScale {
		s.perColumn *= 2
	}
	s.columns = int(math.Ceil((high - low) / s.perColumn))
	left, right := fmt.Sprintf("%.0f", low), fmt.Sprintf("%.0f spm", high)
	return s, left + blanks(s.columns-len(left)-len(right)) + right
}

// draw puts a row on the scale.
func (s scale) draw(r *curveRow, k *curveKind) string {
	line := []rune(strings.Repeat("·", s.columns))
	at := func(spm float64) int { return min(max(int((spm-s.low)/s.perColumn), 0), s.columns-1) }
	if k.spread > 0 {
		for i := at(r.other - k.spread); i <= at(r.other+k.spread); i++ {
			line[i] = '░'
		}
	}
	line[at(r.other)] = k.mark
	if k.usual != "" && finite(r.usual) {
		line[at(r.usual)] = '○'
	}
	line[at(r.own)] = '●'
	return string(line)
}
