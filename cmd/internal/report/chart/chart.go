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
	"unicode/utf8"
)

// The size of every chart in its own units, of which a picture 400 pixels wide shows one as one. Narrow enough that
// letters can still be read on a phone.
const (
	Width  = 400
	Height = 240

	left, right, top, bottom = 38, 10, 30, 42

	// maxBar is the widest bar, for a chart of two or three.
	maxBar = 44.0
	// letter is about as wide as a letter is on a small screen, where the style sheet makes letters larger.
	letter = 8.4
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
	p.text(0, 12, "start", "tick", unit)
}

// XLabel writes a label under the axis, within the picture.
func (p *Plot) XLabel(x float64, text string) {
	half := letter * float64(utf8.RuneCountInString(text)) / 2
	p.text(min(max(p.px(x), half), Width-half), Height-bottom+19, "middle", "tick", text)
}

// Slot is how wide a unit of the horizontal axis is in the chart's own units.
func (p *Plot) Slot() float64 { return p.px(1) - p.px(0) }

// XName names the axis, below its labels.
func (p *Plot) XName(text string) {
	p.text(left+(Width-left-right)/2, Height-4, "middle", "tick", text)
}

// Bar draws a bar from y0 to y around x, width wide in units of the axis, with a tip that browsers show on pointing.
func (p *Plot) Bar(x, width, y0, y float64, class, tip string) {
	if !(y > y0) {
		return
	}
	w := min(width*p.Slot(), maxBar)
	fmt.Fprintf(&p.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
		class, fix(p.px(x)-w/2), fix(p.py(y)), fix(w), fix(p.py(y0)-p.py(y)), html.EscapeString(tip))
}

// Stem draws an upright line from y0 to y, for a dot to stand on.
func (p *Plot) Stem(x, y0, y float64, class string) {
	fmt.Fprintf(&p.b, `<line class="%s" x1="%s" x2="%[2]s" y1="%s" y2="%s"/>`, class, fix(p.px(x)), fix(p.py(y0)), fix(p.py(y)))
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

// Triangle draws a mark that is told from a dot by its shape.
func (p *Plot) Triangle(x, y float64, class, tip string) {
	cx, cy := p.px(x), p.py(y)
	fmt.Fprintf(&p.b, `<path class="%s" d="M%s %sL%s %sL%s %sZ"><title>%s</title></path>`,
		class, fix(cx), fix(cy-5.5), fix(cx+5), fix(cy+3.5), fix(cx-5), fix(cy+3.5), html.EscapeString(tip))
}

// Text writes a text with its middle a few pixels above a place.
func (p *Plot) Text(x, y float64, class, text string) {
	p.text(p.px(x), p.py(y)-4, "middle", class, text)
}

// Near is how much of the vertical axis the letters of a Text take: a line less far above a place runs through them.
func (p *Plot) Near() float64 { return 16 * (p.y1 - p.y0) / (Height - top - bottom) }

func (p *Plot) text(x, y float64, anchor, class, s string) {
	fmt.Fprintf(&p.b, `<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`, class, fix(x), fix(y), anchor, html.EscapeString(s))
}

// SVG is the finished chart as a picture with a name and a description for those who do not see it. The id is unique on
// its page and made of letters.
func (p *Plot) SVG(id, title, description string) template.HTML {
	return wrap(id, title, description, Height, p.b.String())
}

func wrap(id, title, description string, height float64, marks string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %s" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s</svg>`,
		Width, fix(height), id, id, id, html.EscapeString(title), id, html.EscapeString(description), marks))
}
