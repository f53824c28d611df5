package report

import (
	"io"
	"strings"
	"unicode"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// The widths that text is laid out for. Terminals below narrowWidth get text without deep indents and lists for tables;
// those below minWidth wrap for themselves; wider ones than maxWidth do not help anybody read.
const (
	minWidth     = 20
	narrowWidth  = 60
	defaultWidth = 100
	maxWidth     = 160
	// narrowHang is the deepest indent on a narrow page.
	narrowHang = 2
)

// TextOptions are the choices of the text renderers.
type TextOptions struct {
	// Width is the number of columns to fit in, 20 to 160; 0 means 100.
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

// hang is an indent, as deep as the page has room for.
func (p *page) hang(indent int) int {
	if p.width < narrowWidth {
		return min(indent, narrowHang)
	}
	return indent
}

// para writes a text after a lead, which may be styled, and indents what does not fit the first line.
func (p *page) para(lead, text string, indent int, style lipgloss.Style) {
	if p.width < narrowWidth {
		indent = p.hang(indent)
		full := ansi.Strip(lead)
		if words := strings.TrimRight(full, " "); words == "" {
			lead = blanks(min(len(full), narrowHang))
		} else if full != words {
			lead = ansi.Truncate(lead, columns(words), "") + " "
		}
		if columns(lead) > p.width/2 {
			p.para("", ansi.Strip(lead), indent, p.title)
			lead = blanks(indent)
		}
	}
	first := columns(lead)
	for i, l := range wrap(clean(text), p.width-first, p.width-indent) {
		if i > 0 {
			lead = blanks(indent)
		}
		if l == "" { // nothing fits beside the lead
			lead = ansi.Truncate(lead, columns(strings.TrimRight(ansi.Strip(lead), " ")), "")
		}
		p.line(lead, style.Render(l))
	}
}

// nbsp holds together what must stand on one line; unglue makes it a blank after wrapping, for output that can be searched.
const nbsp = "\u00a0"

var unglue = strings.NewReplacer(nbsp, " ")

// glue keeps a number and what it counts on one line, and with it a day and its month: "1.14 m", "4 runs", "Sun 8 Jun 2026",
// "2 h 05", "163 ± 8". A dash or a dot between blanks stays with what is before it.
func glue(text string) string {
	words := strings.Split(text, " ")
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			if holds(words[i-1], w) {
				b.WriteString(nbsp)
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

// holds tells whether no line may end between two words.
func holds(a, b string) bool {
	switch b {
	case "±", "–", "·", "→":
		return true
	}
	switch {
	case a == "" || b == "":
		return false
	case a == "±" || a == "©" || strings.TrimLeft(a, "(") == "kneecheck" || a == "explain" || a == "Evidence:" || len(a) == 5 && strings.HasPrefix(a, "KC"):
		return true
	case numeric(a):
		return !isYear(a) || b == "m" || b == "km"
	case numeric(strings.TrimRight(b, ".,;:)")):
		return dayNames[strings.TrimLeft(a, "(")] || a == "h" || isMonth(a)
	}
	return false
}

var dayNames = map[string]bool{"Mon": true, "Tue": true, "Wed": true, "Thu": true, "Fri": true, "Sat": true, "Sun": true}

func isMonth(w string) bool {
	return len(w) == 3 && strings.Contains("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", w)
}

func isYear(w string) bool {
	return len(w) == 4 && (strings.HasPrefix(w, "19") || strings.HasPrefix(w, "20")) && !strings.ContainsAny(w, ".,:")
}

// numeric tells a number, such as "1,204", "(31.0", "−5", "6:03" or "1–7", from a word. An ISO date is none.
func numeric(w string) bool {
	digits := strings.TrimLeft(w, "(+−±")
	if digits == "" || len(digits) > 14 {
		return false
	}
	last := rune(0)
	for i, r := range digits {
		number := unicode.IsNumber(r)
		if i == 0 && !number || !number && !strings.ContainsRune(".,:/–", r) {
			return false
		}
		last = r
	}
	return unicode.IsNumber(last)
}

// Glue puts a no-break space wherever no line of the screens may end, for commands that break lines themselves.
func Glue(text string) string { return glue(text) }

// Columns is the number of columns that a text takes on a terminal.
func Columns(text string) int { return columns(text) }

// wrap breaks text into lines: the first of the first width, the others of the second. What is glued comes apart where it
// is longer than a line, and a word longer than a line is cut.
func wrap(text string, first, rest int) []string {
	var lines []string
	line, room := "", first
	words := strings.Split(glue(text), " ")
	for len(words) > 0 {
		word := words[0]
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if columns(longer) <= room {
			line, words = longer, words[1:]
			continue
		}
		if columns(word) > rest && strings.Contains(word, nbsp) {
			words = append(strings.Split(word, nbsp), words[1:]...)
			continue
		}
		if line == "" && columns(word) > rest {
			cut := ansi.Truncate(word, room, "")
			if cut == "" {
				// Not even one letter fits: print it all the same rather than lose it.
				cut = word
			}
			line, words[0] = cut, strings.TrimPrefix(word, cut)
			if words[0] == "" {
				words = words[1:]
			}
		}
		lines, line, room = append(lines, unglue.Replace(line)), "", rest
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
