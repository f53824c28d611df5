package report

import (
	"strings"
	"testing"

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
