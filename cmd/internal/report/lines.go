package report

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// The widths that text is laid out for. Narrower terminals wrap; wider ones do not help anybody read.
const (
	minWidth     = 60
	defaultWidth = 100
	maxWidth     = 160
)

// TextOptions are the choices of the text renderers.
type TextOptions struct {
	// Width is the number of columns to fit in, 60 to 160; 0 means 100.
	Width int
	// Color adds the terminal's own sixteen colours. Nothing is said by colour alone.
	Color bool
}

// page collects lines no wider than its width. Widths are those of a terminal: two columns for East Asian letters and
// emoji, none for accents that combine.
type page struct {
	b     strings.Builder
	width int
	palette
}

func newPage(o TextOptions) *page {
	w := o.Width
	if w == 0 {
		w = defaultWidth
	}
	return &page{width: min(max(w, minWidth), maxWidth), palette: newPalette(o.Color)}
}

// writeTo writes the page in one piece.
func (p *page) writeTo(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}

// line ends a line, without trailing blanks.
func (p *page) line(parts ...string) {
	p.b.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	p.b.WriteByte('\n')
}

// gap leaves a blank line before a section, and none at the top of the page.
func (p *page) gap() {
	if p.b.Len() > 0 {
		p.b.WriteByte('\n')
	}
}

// para writes a text after a lead, which may be styled, and indents what does not fit the first line.
func (p *page) para(lead, text string, indent int, style lipgloss.Style) {
	first := columns(lead)
	for i, l := range wrap(clean(text), p.width-first, p.width-indent) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		p.line(lead, style.Render(l))
	}
}

// glue keeps a number and its unit on one line; unglue undoes it after wrapping, for output that can be searched.
var (
	glue = strings.NewReplacer(" %", "\u00a0%", " ×", "\u00a0×", " km", "\u00a0km", " mi", "\u00a0mi", " /km", "\u00a0/km",
		" /mi", "\u00a0/mi", " spm", "\u00a0spm", " ±", "\u00a0±", "± ", "±\u00a0", " –", "\u00a0–", " min", "\u00a0min", " ·", "\u00a0·", "© ", "©\u00a0")
	unglue = strings.NewReplacer("\u00a0", " ")
)

// wrap breaks text into lines: the first of the first width, the others of the second. A word longer than a line is cut.
func wrap(text string, first, rest int) []string {
	var lines []string
	line, room := "", first
	for _, word := range strings.Split(glue.Replace(text), " ") {
		for {
			longer := word
			if line != "" {
				longer = line + " " + word
			}
			if columns(longer) <= room {
				line = longer
				break
			}
			if line == "" && columns(word) > rest {
				cut := ansi.Truncate(word, room, "")
				if cut == "" {
					// Not even one letter fits: print it all the same rather than lose it.
					cut = word
				}
				line, word = cut, strings.TrimPrefix(word, cut)
			}
			lines, line, room = append(lines, unglue.Replace(line)), "", rest
			if word == "" {
				break
			}
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, unglue.Replace(line))
	}
	return lines
}

// columns is the number of columns that s takes on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if !oneColumn(r) {
			return lipgloss.Width(s)
		}
		n++
	}
	return n
}

// oneColumn is true for the letters and signs of most texts, which take a column each and do not combine with others.
func oneColumn(r rune) bool {
	switch {
	case r < 0x7f:
		return r >= ' '
	case r == '\u00a0', r == '±', r == '·', r == '×', r == '–', r == '…', r == '−', r >= '▉' && r <= '▏', r == '█':
		return true
	}
	return false
}

// pad fills s with blanks to a width, on the right or, for numbers, on the left.
func pad(s string, width int) string { return s + blanks(width-columns(s)) }

func padLeft(s string, width int) string { return blanks(width-columns(s)) + s }

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }

// fit cuts s to a width, with an ellipsis where something is missing.
func fit(s string, width int) string { return ansi.Truncate(s, width, "…") }
