package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// RunText writes runs in detail, one below the other: the run, its splits, steps, hills and ground, and what the rules
// say of it.
func RunText(w io.Writer, ins []RunInput, o TextOptions) error {
	p := newPage(o)
	for i := range ins {
		if i > 0 {
			p.gap()
			p.line(p.faint.Render(strings.Repeat("─", min(p.width, narrowWidth))))
		}
		p.run(newRunFacts(ins[i]))
	}
	p.gap()
	mapped := slices.ContainsFunc(ins, func(in RunInput) bool { return in.Mapped })
	p.para("", disclaimer+credit(mapped), 0, p.faint)
	return p.writeTo(w)
}

func (p *page) run(f *runFacts) {
	p.para("", f.head(), 2, p.title)
	p.para("", f.first(), 2, p.plain)
	p.gap()
	p.totals(f)
	p.splits(f)
	p.runSteps(f)
	p.gap()
	for _, l := range f.lines() {
		p.fact(l[0], l[1])
	}
	p.rise(f)
	p.runFindings(f)
}

// fact writes a text beside a bold label.
func (p *page) fact(label, text string) {
	if text != "" {
		p.para(pad(p.title.Render(label), curveIndent), text, curveIndent, p.plain)
	}
}

// head names the run: its day, hour, name and kind.
func (f *runFacts) head() string {
	r := f.run
	parts := []string{dayOf(r.Date) + r.Date.Time().Format(" 2006")}
	if !r.Start.IsZero() {
		parts[0] += ", " + r.Start.Format("15:04")
	}
	if name := clean(r.Name); name != "" {
		parts = append(parts, name)
	}
	if r.Kind != "" && r.Kind != ingest.Unspecified {
		parts = append(parts, string(r.Kind))
	}
	if r.Race {
		parts = append(parts, "race")
	}
	if r.LongRun {
		parts = append(parts, "tagged as long run")
	}
	return strings.Join(parts, " · ")
}

// first says how far, how long and how fast.
func (f *runFacts) first() string {
	r, u := f.run, f.in.Units
	switch {
	case !(r.DistM > 0) && !(r.MovingS > 0):
		return "Neither distance nor time was recorded."
	case !(r.DistM > 0):
		return "No distance was recorded; " + clockTime(r.MovingS) + " moving."
	case !(r.MovingS > 0):
		return u.Dist(r.DistM) + "; no time was recorded."
	}
	text := u.Dist(r.DistM) + " in " + clockTime(r.MovingS) + ", " + u.Pace(r.DistM/r.MovingS)
	if stopped := r.ElapsedS - r.MovingS; stopped >= 60 {
		text += " moving; " + clockTime(r.ElapsedS) + " on the clock"
	}
	return text
}

// clockTime writes seconds as "1:05:09" or "38:20".
func clockTime(s float64) string {
	t := int(math.Round(s))
	if t < 3600 {
		return fmt.Sprintf("%d:%02d", t/60, t%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", t/3600, t/60%60, t%60)
}

// totals sets what the device says beside what this program makes of the samples.
func (p *page) totals(f *runFacts) {
	d, r, u := &f.run.Device, f.run, f.in.Units
	cell := func(v float64, text string) string {
		if !finite(v) {
			return "–"
		}
		return text
	}
	metres := func(v float64) string { return cell(v, fmt.Sprintf("%.0f m", v)) }
	if !finite(d.DistM) && !finite(d.MovingS) && !finite(d.CadenceSPM) && !finite(d.AscentM) && !finite(d.DescentM) {
		p.fact("Device", "the file holds no totals of its own.")
		return
	}
	spm := func(v float64) string { return cell(v, fmt.Sprintf("%.0f spm", v)) }
	moving := "–"
	if r.MovingS > 0 {
		moving = clockTime(r.MovingS)
	}
	cols := []column{
		{cells: []string{"counted here", "by the device"}},
		{head: "distance", right: true, cells: []string{cell(r.DistM, u.Dist(r.DistM)), cell(d.DistM, u.Dist(d.DistM))}},
		{head: "moving", right: true, cells: []string{moving, cell(d.MovingS, clockTime(d.MovingS))}},
		{head: "cadence", right: true, cells: []string{spm(r.Cadence.MeanSPM), spm(d.CadenceSPM)}},
		{head: "up", right: true, cells: []string{metres(r.Climb.AscentM), metres(d.AscentM)}},
		{head: "down", right: true, cells: []string{metres(r.Climb.DescentM), metres(d.DescentM)}},
	}
	p.table(0, cols, p.faint)
}

// runSteps tells a run's steps: how many, against what is expected and what was usual, and from start to end.
func (p *page) runSteps(f *runFacts) {
	p.gap()
	for i, text := range f.steps() {
		p.fact([]string{"Steps", ""}[min(i, 1)], text)
	}
	rows := slices.DeleteFunc(slices.Clone(f.rows), func(r curveRow) bool { return !finite(r.other) })
	if len(rows) > 0 {
		p.curveTable(rows, f.curveKind(), f.in.Units)
	}
}

// curveKind is runTable, without the column of the days before where nothing is known of them.
func (f *runFacts) curveKind() curveKind {
	k := runTable
	if !slices.ContainsFunc(f.rows, func(r curveRow) bool { return finite(r.usual) }) {
		k.usual, k.legend = "", "● this run (median), │ expected, ░ usual spread (± 8 spm)."
	}
	return k
}

// steps are the sentences about cadence.
func (f *runFacts) steps() []string {
	c := &f.run.Cadence
	if !finite(c.MeanSPM) {
		return []string{"no cadence was recorded, or none of running."}
	}
	text := fmt.Sprintf("%.0f spm while running (%s of the moving time)", c.MeanSPM, percent(c.Coverage))
	if finite(c.StepLengthM) {
		text += fmt.Sprintf(", %.2f m a step", c.StepLengthM)
	}
	out := []string{text + "."}
	var against []string
	switch n := math.Round(f.versusSPM); {
	case !finite(f.versusSPM):
	case n == 0:
		against = append(against, "as many as expected")
	case n < 0:
		against = append(against, fmt.Sprintf("%.0f fewer than expected", -n))
	default:
		against = append(against, fmt.Sprintf("%.0f more than expected", n))
	}
	switch {
	case finite(f.versusBefore):
		against = append(against, moreOrFewer(f.versusBefore)+sameOrThan(f.versusBefore)+fmt.Sprintf("in your %d days before", analyze.OwnCurveDays))
	case !f.run.Outdoors():
		against = append(against, "not set against earlier runs: the speed of a treadmill is not calibrated")
	default:
		against = append(against, fmt.Sprintf("too little at these paces in your %d days before to compare", analyze.OwnCurveDays))
	}
	out = append(out, "At the same pace on near-level ground: "+strings.Join(against, "; ")+".")
	switch {
	case finite(f.thirds):
		out = append(out, fmt.Sprintf("First third %.0f, last third %.0f: %s at the same pace.", f.firstSPM, f.lastSPM, moreOrFewer(f.thirds)))
	case f.run.MovingS < 45*60:
		out = append(out, "First and last third are compared from 45 min on.")
	default:
		out = append(out, "First and last third have too few minutes at the same pace to compare.")
	}
	return out
}

// sameOrThan joins "as many" and "2 % fewer" with what they are set against.
func sameOrThan(change float64) string {
	if number(100*change, 1) == 0 {
		return " as "
	}
	return " than "
}

// lines are the facts that need a line each, as labels and texts.
func (f *runFacts) lines() [][2]string {
	r, u := f.run, f.in.Units
	out := [][2]string{{"Heart", f.heart()}, {"Ground", f.ground()}, {"", f.stretches()}}
	switch {
	case !finite(f.knee):
		out = append(out, [2]string{"Knee load", fmt.Sprintf("not known: it needs an hour of running with a known speed in the %d days before.", analyze.OwnCurveDays)})
	default:
		out = append(out, [2]string{"Knee load", kneeDist(u, 1000*f.knee) + " over " + u.Dist(r.DistM) + " (experimental, relative to your own pace and cadence, no force)."})
	}
	shoe := clean(r.Shoe)
	if shoe == "" {
		shoe = "not known."
	}
	out = append(out, [2]string{"Shoe", shoe}, [2]string{"File", f.file()})
	for i, n := range r.Notes {
		out = append(out, [2]string{[]string{"Noted", ""}[min(i, 1)], n + "."})
	}
	return append(out, [2]string{"Hills", f.hills()})
}

func (f *runFacts) heart() string {
	h := &f.run.Heart
	if !finite(h.MeanBPM) {
		return "no heart rate was recorded."
	}
	text := fmt.Sprintf("%.0f bpm on average", h.MeanBPM)
	if h.Coverage < 0.95 {
		text += " (of " + percent(h.Coverage) + " of the moving time)"
	}
	return text + "."
}

// file says where the run comes from: its file, the format, its copies and the id to name it by.
func (f *runFacts) file() string {
	r := f.run
	text := r.File + " (" + strings.ToUpper(string(r.Format)) + ", id " + r.ID + ")"
	if len(r.AlsoIn) > 0 {
		text += "; also in " + strings.Join(r.AlsoIn, ", ")
	}
	return text + "."
}

// ground tells the metres by class of ground, how they are known, and how much of it is hard.
func (f *runFacts) ground() string {
	s, u := &f.run.Surface, f.in.Units
	classes := s.ByClass()
	var names []string
	for name, m := range classes {
		if name != unknownGround && u.Round(m) > 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(classes[b], classes[a]), strings.Compare(a, b))
	})
	var dirt string
	if s.UnknownM > 0 && !s.Mapped && u.Round(f.run.DirtM) > 0 {
		dirt = " Strava counts " + u.Dist(f.run.DirtM) + " of it off paved ground."
	}
	switch {
	case len(names) == 0 && u.Round(s.UnknownM) == 0:
		return "not known."
	case len(names) == 0:
		return "not known: without a street map only treadmills and tracks are (kneecheck map --help)." + dirt
	}
	var parts []string
	for _, name := range names {
		parts = append(parts, u.Dist(classes[name])+" "+name)
	}
	if u.Round(s.UnknownM) > 0 {
		parts = append(parts, u.Dist(s.UnknownM)+" "+unknownGround)
	}
	text := strings.Join(parts, ", ")
	outdoors := s.HardM + s.MediumM + s.SoftM
	total := outdoors + s.TreadmillM + s.UnknownM
	if s.Mapped {
		text += "; " + percent(s.TaggedM/total) + " tagged, " + percent(s.InferredM/total) + " inferred"
	}
	text += "."
	if f.in.ProbableTrack {
		text += " Probably laps of a 400 m track: the positions are too noisy to be sure."
	}
	if s.HardHigh >= s.HardLow && s.UnknownM <= maxUnknown*total {
		text += " Of what is known " + percent(s.HardM/outdoors) + " is hard"
		low, high := strings.TrimSuffix(percent(s.HardLow), " %"), percent(s.HardHigh)
		if low+" %" != high {
			text += " (" + low + "–" + high + ", four times in five)"
		}
		text += "."
	}
	return text + dirt
}

// maxStretches is how many stretches of ground are named, the longest.
const maxStretches = 12

// finestM is what a stretch may be interrupted by, since no figure of the list shows less.
const finestM = 100

// stretches tells where each kind of ground was; empty where all of it is one.
func (f *runFacts) stretches() string {
	u := f.in.Units
	var all []surface.Stretch
	shorter := 0
	for _, s := range f.in.Stretches {
		same := len(all) - 1
		for same >= 0 && s.FromM-all[same].ToM < finestM && (all[same].Ground != s.Ground || all[same].Basis != s.Basis) {
			same--
		}
		if same >= 0 && s.FromM-all[same].ToM < finestM {
			shorter += len(all) - 1 - same
			all = all[:same+1]
			all[same].ToM = s.ToM
			continue
		}
		all = append(all, s)
	}
	if len(all) < 2 {
		return ""
	}
	shortest := 0.0
	if len(all) > maxStretches {
		lengths := make([]float64, len(all))
		for i := range all {
			lengths[i] = all[i].ToM - all[i].FromM
		}
		slices.Sort(lengths)
		shortest = lengths[len(all)-maxStretches]
	}
	var parts []string
	for i := range all {
		s := &all[i]
		if s.ToM-s.FromM < shortest {
			shorter++
			continue
		}
		part := u.Number(s.FromM) + "–" + u.Dist(s.ToM) + " " + s.Ground
		if s.Basis != surface.Unknown {
			part += " (" + string(s.Basis) + ")"
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, ", ")
	if shorter > 0 {
		text += " and " + count(shorter, "shorter one")
	}
	return text + "."
}

// hills sums up ascent and descent, and what of it was steep.
func (f *runFacts) hills() string {
	c, u := &f.run.Climb, f.in.Units
	if !finite(c.AscentM) {
		switch c.Source {
		case ingest.GPSAltitude:
			return "not told: altitude from GPS alone is too noisy to be summed."
		default:
			return "no altitude that can be trusted."
		}
	}
	text := fmt.Sprintf("%.0f m up, %.0f m down, %.0f m from the lowest to the highest point", c.AscentM, c.DescentM, c.RangeM)
	if c.Source == ingest.Barometer {
		text += " (barometer)"
	}
	if u.Round(c.DownhillM) == 0 {
		return text + "; no downhill of 5 % or steeper."
	}
	text += fmt.Sprintf(". Downhill of 5 %% or steeper: %s with %.0f m descended", u.Dist(c.DownhillM), c.DownhillDropM)
	if u.Round(c.SteepM) > 0 {
		text += fmt.Sprintf("; of it 10 %% or steeper: %s with %.0f m", u.Dist(c.SteepM), c.SteepDropM)
	}
	return text + "."
}

// rise draws the altitude along the run where there is any to draw: less than minRiseM is flat.
func (p *page) rise(f *runFacts) {
	const minRiseM = 3
	if f.in.Detail == nil || len(f.in.Detail.RiseM) == 0 || !(f.run.Climb.RangeM >= minRiseM) {
		return
	}
	indent := p.hang(curveIndent)
	width := min(p.width-indent, len(f.in.Detail.RiseM))
	p.line(blanks(indent), p.calm.Render(sparkline(meansOf(f.in.Detail.RiseM, width))))
}

// meansOf cuts values into n parts and returns the mean of each; n is at most their number.
func meansOf(values []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		from, to := i*len(values)/n, (i+1)*len(values)/n
		for _, v := range values[from:to] {
			out[i] += v
		}
		out[i] /= float64(to - from)
	}
	return out
}

// runFindings prints what the rules say that names the run.
func (p *page) runFindings(f *runFacts) {
	p.gap()
	if len(f.findings) == 0 {
		p.fact("Rules", "no finding names this run (as of "+dateOf(f.in.Log.AsOf)+").")
		return
	}
	p.para(p.title.Render("Rules")+"  ", "that name this run, as of "+dateOf(f.in.Log.AsOf), 2, p.faint)
	gs := make([]group, len(f.findings))
	for i := range f.findings {
		gs[i] = group{Finding: f.findings[i]}
	}
	slices.SortStableFunc(gs, func(a, b group) int { return rank[b.Severity] - rank[a.Severity] })
	label := labelWidth(gs)
	for i := range gs {
		p.message(&gs[i], label)
		if gs[i].Acknowledged {
			p.below("Acknowledged until "+dateOf(*gs[i].AckUntil)+": "+gs[i].AckReason, p.faint)
		}
	}
}
