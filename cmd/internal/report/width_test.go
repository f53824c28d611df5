package report

import (
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
)

// checkWidth fails on a line wider than width, measured by two libraries: by grapheme clusters, as modern terminals do,
// and for lines without joined emoji also letter by letter.
func checkWidth(t *testing.T, text string, width int) {
	t.Helper()
	if !strings.HasSuffix(text, "\n") {
		t.Error("the last line does not end")
	}
	letters := runewidth.Condition{}
	for i, l := range strings.Split(text, "\n") {
		plain := ansi.Strip(l)
		if w := ansi.StringWidth(plain); w > width {
			t.Errorf("line %d has %d columns of %d: %s", i+1, w, width, l)
		}
		if w := letters.StringWidth(plain); w > width && !strings.ContainsRune(plain, '\u200d') {
			t.Errorf("line %d has %d columns of %d letter by letter: %s", i+1, w, width, l)
		}
		if strings.TrimRight(plain, " ") != plain {
			t.Errorf("line %d ends in blanks: %q", i+1, l)
		}
	}
}

// TestColumns holds the shortcut for plain letters against the library.
func TestColumns(t *testing.T) {
	plain := 0
	for r := rune(0); r <= 0xffff; r++ {
		s := "a" + string(r) + "b" + string(r)
		if got, want := columns(s), lipgloss.Width(s); got != want {
			t.Errorf("%U: %d columns, want %d", r, got, want)
		}
		if oneColumn(r) {
			plain++
		}
	}
	if plain < 95 {
		t.Errorf("%d plain letters", plain)
	}
	for _, s := range []string{"", "e\u0301 ·", "5 km × 2 – \x1b[1mbold\x1b[0m", "two\nlines", "日本 3", "👩‍🚀 a"} {
		if got, want := columns(s), lipgloss.Width(s); got != want {
			t.Errorf("%q: %d columns, want %d", s, got, want)
		}
	}
}
