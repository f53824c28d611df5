package report

import (
	"math"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// column is one column of a text table. Cells may be styled; widths are those seen.
type column struct {
	head  string
	cells []string
	right bool
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
