package chart

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"unicode/utf8"
)

// Rows is a chart of horizontal bars, one under the other, each divided into parts.
type Rows struct {
	b    strings.Builder
	y    float64
	most float64
	// bars are the tops of the bars so far.
	bars []float64
	// limits is how many lines Limit has drawn, and last where the label of the latest ends; foot is what they take.
	limits     int
	last, foot float64
}

// rowLabel is the height of a bar's label above it, rowHeight that of the bar, and rowGap the step from a bar to the next.
const rowLabel, rowHeight, rowGap = 20, 18, 28

// NewRows begins a chart whose bars are to the scale of most.
func NewRows(most float64) *Rows {
	if !(most > 0) {
		most = 1
	}
	return &Rows{most: most}
}

// Part is one part of a bar.
type Part struct {
	Value      float64
	Class, Tip string
	// Hatch tells the part from its neighbours without its colour.
	Hatch Hatch
}

// Hatch is a pattern of lines over a part.
type Hatch int

// The hatches.
const (
	Plain Hatch = iota
	Rising
	Falling
	Upright
)

// hatchStep is from one line of a hatch to the next.
const hatchStep = 6

// Key names the parts of the bars, each beside a piece of one. It comes before the rows.
func (r *Rows) Key(names []string, parts []Part) {
	const box, gap = 16, 6
	x := 0.0
	for i, name := range names {
		r.part(x, 2, box, 12, &parts[i])
		fmt.Fprintf(&r.b, `<text class="tick" x="%s" y="13">%s</text>`, fix(x+box+gap), html.EscapeString(name))
		x += box + gap + letter*float64(utf8.RuneCountInString(name)) + gap
	}
	r.y = 26
}

// Row adds a labelled bar; the note stands at the right of the label.
func (r *Rows) Row(label, note string, parts []Part) {
	fmt.Fprintf(&r.b, `<text class="label" x="0" y="%s">%s</text>`, fix(r.y+14), html.EscapeString(label))
	fmt.Fprintf(&r.b, `<text class="tick" x="%d" y="%s" text-anchor="end">%s</text>`, Width, fix(r.y+14), html.EscapeString(note))
	x := 0.0
	for i := range parts {
		w := min(parts[i].Value/r.most*Width, Width-x)
		if !(w > 0) {
			continue
		}
		r.part(x, r.y+rowLabel, w, rowHeight, &parts[i])
		x += w
	}
	r.bars = append(r.bars, r.y+rowLabel)
	r.y += rowLabel + rowGap
}

// part draws a piece of a bar and the lines over it.
func (r *Rows) part(x, y, w, h float64, p *Part) {
	fmt.Fprintf(&r.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
		p.Class, fix(x), fix(y), fix(w), fix(h), html.EscapeString(p.Tip))
	if lines := p.Hatch.lines(x, y, w, h); lines != "" {
		fmt.Fprintf(&r.b, `<path class="hatch" d="%s"/>`, lines)
	}
}

// lines are a hatch's lines within a box.
func (k Hatch) lines(x, y, w, h float64) string {
	lean := h // how far to the right a line ends from where it begins
	switch k {
	case Plain:
		return ""
	case Upright:
		lean = 0
	}
	var b strings.Builder
	for at := hatchStep/2 - lean; at < w; at += hatchStep {
		from, to := max(at, 0), min(at+lean, w)
		if to-from < 1 && lean > 0 {
			continue
		}
		low, high := y+h-(from-at), y+h-(to-at)
		switch k {
		case Upright:
			low, high = y+h, y
		case Falling:
			low, high = y+(from-at), y+(to-at)
		}
		b.WriteString("M" + fix(x+from) + " " + fix(low) + "L" + fix(x+to) + " " + fix(high))
	}
	return b.String()
}

// Limit draws a line across every bar so far at a value, with a label below, on a line of its own where the one before is
// too near. Limits come in ascending order.
func (r *Rows) Limit(value float64, class, label string) {
	x := value / r.most * Width
	half := letter * float64(utf8.RuneCountInString(label)) / 2
	at := min(max(x, half), Width-half)
	if r.limits > 0 && at-half < r.last {
		r.foot += 16
	}
	r.limits, r.last = r.limits+1, at+half
	r.foot = max(r.foot, 16)
	for _, top := range r.bars {
		fmt.Fprintf(&r.b, `<line class="%s" x1="%s" x2="%[2]s" y1="%s" y2="%s"/>`, class, fix(x), fix(top-3), fix(top+rowHeight+3))
	}
	fmt.Fprintf(&r.b, `<text class="tick" x="%s" y="%s" text-anchor="middle">%s</text>`, fix(at), fix(r.y-7+r.foot), html.EscapeString(label))
}

// SVG is the finished chart, as that of a Plot.
func (r *Rows) SVG(id, title, description string) template.HTML {
	return wrap(id, title, description, r.y+r.foot-2, r.b.String())
}
