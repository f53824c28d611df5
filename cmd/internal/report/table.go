package report

import (
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// column is one column of a text table. Cells may be styled; widths are those seen.
type column struct {
	head  string
	cells []string
	right bool
	// give is the order in which columns give way on a narrow page, the highest first; 0 is a column that stays.
	give int
}

func (c *column) width() int {
	w := columns(c.head)
	for _, s := range c.cells {
		w = max(w, columns(s))
	}
	return w
}

// known is false for a column without any cell, which is not shown.
func (c *column) known() bool {
	for _, s := range c.cells {
		if s != "" {
			return true
		}
	}
	return false
}

// columnGap is the number of blanks between two columns.
const columnGap = 2

func tableWidth(cols []column) int {
	w := columnGap * (len(cols) - 1)
	for i := range cols {
		w += cols[i].width()
	}
	return w
}

// table prints columns as a table. Where the page is too narrow columns give way, in the order of their give; where even
// the others find no room, each row becomes a line of words. It returns the columns that did not give way.
func (p *page) table(indent int, cols []column, head lipgloss.Style) []column {
	indent = p.hang(indent)
	for tableWidth(cols) > p.width-indent {
		last := slices.IndexFunc(cols, func(c column) bool {
			return c.give > 0 && !slices.ContainsFunc(cols, func(o column) bool { return o.give > c.give })
		})
		if last < 0 {
			p.rows(indent, cols)
			return cols
		}
		cols = slices.Delete(slices.Clone(cols), last, last+1)
	}
	for _, line := range tableLines(cols, head) {
		p.line(blanks(indent), line)
	}
	return cols
}

// rows prints a line for each row of a table: the first cell, then the others with their heads.
func (p *page) rows(indent int, cols []column) {
	for row := range cols[0].cells {
		p.para(blanks(indent), entryLine(cols, row), indent+2, p.plain)
	}
}

// entryLine is a row of a table in words: the first cell, then the others with their heads.
func entryLine(cols []column, row int) string {
	var parts []string
	for i := range cols[1:] {
		if c := &cols[i+1]; c.cells[row] != "" {
			parts = append(parts, strings.TrimSpace(c.head+" "+strings.TrimSpace(ansi.Strip(c.cells[row]))))
		}
	}
	text := strings.TrimSpace(ansi.Strip(cols[0].cells[row]))
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

// tableLines lays columns out side by side, the heads first.
func tableLines(cols []column, head lipgloss.Style) []string {
	lines := make([]string, 0, len(cols[0].cells)+1)
	widths := make([]int, len(cols))
	for i := range cols {
		widths[i] = cols[i].width()
	}
	for row := -1; row < len(cols[0].cells); row++ {
		var b strings.Builder
		for i := range cols {
			c := &cols[i]
			text := c.head
			if row >= 0 {
				text = c.cells[row]
			} else if text != "" {
				text = head.Render(text)
			}
			if c.right {
				text = padLeft(text, widths[i])
			} else {
				text = pad(text, widths[i])
			}
			b.WriteString(text)
			if i < len(cols)-1 {
				b.WriteString(blanks(columnGap))
			}
		}
		lines = append(lines, b.String())
	}
	return lines
}

// bar draws a share of a full width in eighths of a column. What is above zero shows at least the thinnest stroke.
func bar(share float64, width int) string {
	if !(share > 0) || width <= 0 {
		return ""
	}
	eighths := min(max(int(math.Round(share*float64(width)*8)), 1), width*8)
	s := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[part-1])
	}
	return s
}

// blocks are the eight heights of a sparkline.
var blocks = []rune("▁▂▃▄▅▆▇█")

// sparkline draws a row of values as blocks of eight heights, from the lowest to the highest of them.
func sparkline(values []float64) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	var b strings.Builder
	for _, v := range values {
		height := 0
		if high > low {
			height = min(int((v-low)/(high-low)*8), 7)
		}
		b.WriteRune(blocks[height])
	}
	return b.String()
}

// columnsOf draws a row of amounts as blocks that begin at nothing; a dot is zero.
func columnsOf(amounts []float64, most float64) string {
	var b strings.Builder
	for _, v := range amounts {
		if !(v > 0) {
			b.WriteRune('·')
			continue
		}
		b.WriteRune(blocks[min(max(int(math.Ceil(v/most*8)), 1), 8)-1])
	}
	return b.String()
}

// finite is true for a number that is known.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
