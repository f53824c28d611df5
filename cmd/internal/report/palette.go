package report

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// palette is the styles of the text renderers. It uses the terminal's own colours, so that it suits dark and light ones.
type palette struct {
	plain, title, faint, high, warning, note, calm lipgloss.Style
}

// newPalette asks nothing of the terminal: the caller says whether there is colour.
func newPalette(color bool) palette {
	profile := termenv.Ascii
	if color {
		profile = termenv.ANSI
	}
	r := lipgloss.NewRenderer(io.Discard, termenv.WithProfile(profile))
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(true)
	style := r.NewStyle
	if !color { // attributes would cost their time and write nothing
		plain := style()
		return palette{plain: plain, title: plain, faint: plain, high: plain, warning: plain, note: plain, calm: plain}
	}
	return palette{
		plain:   style(),
		title:   style().Bold(true),
		faint:   style().Faint(true),
		high:    style().Bold(true).Foreground(lipgloss.ANSIColor(1)),
		warning: style().Bold(true).Foreground(lipgloss.ANSIColor(3)),
		note:    style().Foreground(lipgloss.ANSIColor(6)),
		calm:    style().Foreground(lipgloss.ANSIColor(2)),
	}
}

// of is the style of a severity.
func (p *palette) of(severity string) lipgloss.Style {
	switch severity {
	case "high":
		return p.high
	case "warning":
		return p.warning
	}
	return p.note
}
