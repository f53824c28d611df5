// Package chart draws small charts as SVG marks, without a script and without a fixed colour: classes leave the looks to
// the style sheet of the page, so that one drawing suits light, dark and paper.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// The size of every chart in its own units, of which a page of 480 pixels shows one as one. Narrow enough that letters
// can still be read on a phone.
const (
	Width  = 480
	Height = 260

	left, right, top, bottom = 42, 12, 26, 34
)

// Point is a place in the units of the axes.
type Point struct{ X, Y float64 }

// Plot is one chart in the making. The axes are linear.
type Plot struct {
	x0, x1, y0, y1 float64
	b              strings.Builder
}

// New begins a chart whose axes span x0 to x1 and y0 to y1; an empty span is widened.
func New(x0, x1, y0, y1 float64) *Plot {
	if !(x1 > x0) {
		x1 = x0 + 1
	}
	if !(y1 > y0) {
		y1 = y0 + 1
	}
	return &Plot{x0: x0, x1: x1, y0: y0, y1: y1}
}

func (p *Plot) px(x float64) float64 { return left + (x-p.x0)/(p.x1-p.x0)*(Width-left-right) }
func (p *Plot) py(y float64) float64 {
	return Height - bottom - (y-p.y0)/(p.y1-p.y0)*(Height-top-bottom)
}

// fix writes a coordinate with a tenth of a unit, enough for any screen.
func fix(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	return strings.TrimSuffix(s, ".0")
}

// Top is a round number not below v, for the end of an axis that begins at 0.
func Top(v float64) float64 {
	if !(v > 0) {
		return 1
	}
	step := stepFor(v)
	return math.Ceil(v/step-1e-9) * step
}

// stepFor is a step of 1, 2 or 5 times a power of ten that divides a span into three to six parts.
func stepFor(span float64) float64 {
	power := math.Pow10(int(math.Floor(math.Log10(span))))
	for _, m := range []float64{0.2, 0.5, 1, 2} {
		if span/(m*power) <= 6 {
			return m * power
		}
	}
	return 5 * power
}

// YAxis draws lines across the chart at round numbers, with their labels, and names the unit on top.
func (p *Plot) YAxis(unit string, label func(float64) string) {
	step := stepFor(p.y1 - p.y0)
	for i := math.Ceil(p.y0/step - 1e-9); i*step <= p.y1+step*1e-9; i++ {
		y := fix(p.py(i * step))
		fmt.Fprintf(&p.b, `<line class="grid" x1="%d" x2="%d" y1="%s" y2="%s"/>`, left, Width-right, y, y)
		p.text(left-6, p.py(i*step)+4, "end", "tick", label(i*step))
	}
	p.text(0, 11, "start", "tick", unit)
}

// XLabel writes a label under the axis.
func (p *Plot) XLabel(x float64, text string) {
	p.text(p.px(x), Height-bottom+16, "middle", "tick", text)
}

// XName names the axis, below its labels.
func (p *Plot) XName(text string) {
	p.text(left+(Width-left-right)/2, Height-4, "middle", "tick", text)
}

// Bar draws a bar from y0 to y around x, width wide in units of the axis, with a tip that browsers show on pointing.
func (p *Plot) Bar(x, width, y0, y float64, class, tip string) {
	if !(y > y0) {
		return
	}
	x0, x1 := p.px(x-width/2), p.px(x+width/2)
	fmt.Fprintf(&p.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
		class, fix(x0), fix(p.py(y)), fix(x1-x0), fix(p.py(y0)-p.py(y)), html.EscapeString(tip))
}

// Line draws a line through points; a NaN breaks it.
func (p *Plot) Line(points []Point, class string) {
	var path strings.Builder
	pen := "M"
	for _, q := range points {
		if math.IsNaN(q.X) || math.IsNaN(q.Y) {
			pen = "M"
			continue
		}
		path.WriteString(pen + fix(p.px(q.X)) + " " + fix(p.py(q.Y)))
		pen = "L"
	}
	if path.Len() > 0 {
		fmt.Fprintf(&p.b, `<path class="%s" d="%s"/>`, class, path.String())
	}
}

// Band fills what lies between two lines of the same points' X.
func (p *Plot) Band(low, high []Point, class string) {
	if len(low) < 2 {
		return
	}
	var path strings.Builder
	pen := "M"
	for _, q := range low {
		path.WriteString(pen + fix(p.px(q.X)) + " " + fix(p.py(q.Y)))
		pen = "L"
	}
	for i := len(high) - 1; i >= 0; i-- {
		path.WriteString(pen + fix(p.px(high[i].X)) + " " + fix(p.py(high[i].Y)))
	}
	fmt.Fprintf(&p.b, `<path class="%s" d="%sZ"/>`, class, path.String())
}

// Dot draws a dot of a radius in pixels.
func (p *Plot) Dot(x, y, radius float64, class, tip string) {
	fmt.Fprintf(&p.b, `<circle class="%s" cx="%s" cy="%s" r="%s"><title>%s</title></circle>`,
		class, fix(p.px(x)), fix(p.py(y)), fix(radius), html.EscapeString(tip))
}

// Text writes a text with its middle a few pixels above a place.
func (p *Plot) Text(x, y float64, class, text string) {
	p.text(p.px(x), p.py(y)-5, "middle", class, text)
}

func (p *Plot) text(x, y float64, anchor, class, s string) {
	fmt.Fprintf(&p.b, `<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`, class, fix(x), fix(y), anchor, html.EscapeString(s))
}

// SVG is the finished chart as a picture with a name and a description for those who do not see it. The id is unique on
// its page and made of letters.
func (p *Plot) SVG(id, title, description string) template.HTML {
	return wrap(id, title, description, Height, p.b.String())
}

// Rows is a chart of horizontal bars, one under the other, each divided into parts.
type Rows struct {
	b    strings.Builder
	y    float64
	most float64
	mark float64
}

const rowHeight, rowGap, rowLabel = 18, 26, 20

// NewRows begins a chart whose bars are to the scale of most.
func NewRows(most float64) *Rows {
	if !(most > 0) {
		most = 1
	}
	return &Rows{most: most, y: 4}
}

// Part is one part of a bar.
type Part struct {
	Value      float64
	Class, Tip string
}

// Row adds a labelled bar; the note stands at the right of the label.
func (r *Rows) Row(label, note string, parts []Part) {
	fmt.Fprintf(&r.b, `<text class="label" x="0" y="%s">%s</text>`, fix(r.y+13), html.EscapeString(label))
	fmt.Fprintf(&r.b, `<text class="tick" x="%d" y="%s" text-anchor="end">%s</text>`, Width, fix(r.y+13), html.EscapeString(note))
	x := 0.0
	for _, part := range parts {
		w := part.Value / r.most * Width
		if !(w > 0) {
			continue
		}
		w = min(w, Width-x)
		fmt.Fprintf(&r.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%d"><title>%s</title></rect>`,
			part.Class, fix(x), fix(r.y+rowLabel), fix(w), rowHeight, html.EscapeString(part.Tip))
		x += w
	}
	r.y += rowLabel + rowGap
}

// Limit draws a line across all rows so far at a value, with a label below.
func (r *Rows) Limit(value float64, class, label string) {
	x := value / r.most * Width
	fmt.Fprintf(&r.b, `<line class="%s" x1="%s" x2="%s" y1="18" y2="%s"/>`, class, fix(x), fix(x), fix(r.y-4))
	anchor := "middle"
	if x > Width-40 {
		anchor = "end"
	}
	fmt.Fprintf(&r.b, `<text class="tick" x="%s" y="%s" text-anchor="%s">%s</text>`, fix(x), fix(r.y+10), anchor, html.EscapeString(label))
	r.mark = 14
}

// SVG is the finished chart, as that of a Plot.
func (r *Rows) SVG(id, title, description string) template.HTML {
	return wrap(id, title, description, r.y+r.mark, r.b.String())
}

func wrap(id, title, description string, height float64, marks string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %s" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s</svg>`,
		Width, fix(height), id, id, id, html.EscapeString(title), id, html.EscapeString(description), marks))
}
