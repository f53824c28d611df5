package report

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

var textForms = map[string]func(io.Writer, *Report, TextOptions) error{"text": Text, "check": CheckText, "week": WeekText}

// TestEveryWidth renders every golden log in every form at many widths, with and without colour.
func TestEveryWidth(t *testing.T) {
	for _, g := range goldens(t) {
		r := Build(g.in)
		for form, render := range textForms {
			for _, width := range []int{20, 27, 44, 45, 59, 60, 61, 72, 80, 81, 100, 160} {
				var plain, colour bytes.Buffer
				if err := errors.Join(render(&plain, r, TextOptions{Width: width}), render(&colour, r, TextOptions{Width: width, Color: true})); err != nil {
					t.Fatal(err)
				}
				checkWidth(t, plain.String(), width)
				if t.Failed() {
					t.Fatalf("%s as %s", g.name, form)
				}
				if got := ansi.Strip(colour.String()); got != plain.String() {
					t.Fatalf("%s as %s: colour changes the text (-plain +colour):\n%s", g.name, form, cmp.Diff(plain.String(), got))
				}
			}
		}
	}
}

func TestWidthLimits(t *testing.T) {
	for _, tc := range []struct{ given, want int }{{0, 100}, {1, 20}, {20, 20}, {60, 60}, {160, 160}, {500, 160}, {-5, 20}} {
		if got := newPage(TextOptions{Width: tc.given}).width; got != tc.want {
			t.Errorf("width %d: got %d, want %d", tc.given, got, tc.want)
		}
	}
}

type brokenPipe struct{}

var errPipe = errors.New("broken pipe")

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

func TestWriterErrors(t *testing.T) {
	in := input(t, firstWeekNote, 8, analyze.Kilometres)
	r := Build(in)
	errs := map[string]error{
		"json": JSON(brokenPipe{}, r), "markdown": Markdown(brokenPipe{}, r), "week markdown": WeekMarkdown(brokenPipe{}, r),
		"receipt": ReceiptText(brokenPipe{}, ReceiptInput{Receipt: in.Receipt, Log: in.Log}, TextOptions{}),
	}
	for name, render := range textForms {
		errs[name] = render(brokenPipe{}, r, TextOptions{})
	}
	for name, err := range errs {
		if !errors.Is(err, errPipe) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestClean(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"plain", "plain"},
		{" a\tb\r\n\nc ", "a b c"},
		{"\x1b[2Jgone", "\ufffd[2Jgone"},
		{"\u009b31m", "\ufffd31m"},
		{"fit.\u202exe", "fit.\ufffdxe"},
		{"👩‍👩‍👧 é 東京", "👩‍👩‍👧 é 東京"},
		{"bad \xff byte", "bad \ufffd byte"},
	} {
		if got := clean(tc.in); got != tc.want {
			t.Errorf("clean(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestEscape(t *testing.T) {
	got := escape("a|b <img src=x> *_`[l](u) & #1 \\ ~~s~~\nnext")
	want := "a\\|b &lt;img src=x&gt; \\*\\_\\`\\[l\\](u) &amp; \\#1 \\\\ \\~\\~s\\~\\~ next"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		text        string
		first, rest int
		want        []string
	}{
		{"", 10, 10, []string{""}},
		{"one two three", 20, 20, []string{"one two three"}},
		{"one two three", 7, 7, []string{"one two", "three"}},
		{"one two three", 3, 9, []string{"one", "two three"}},
		{"over 29 % and 2.1 × it", 10, 10, []string{"over 29 %", "and 2.1 ×", "it"}},
		{"abcdefghij klm", 4, 4, []string{"abcd", "efgh", "ij", "klm"}},
		{"abcdefgh", 4, 8, []string{"", "abcdefgh"}},
		{"走走走走走", 4, 5, []string{"走走", "走走", "走"}},
		{"x 👩‍👩‍👧👩‍👩‍👧", 4, 4, []string{"x", "👩‍👩‍👧👩‍👩‍👧"}},
	} {
		if diff := cmp.Diff(tc.want, wrap(tc.text, tc.first, tc.rest)); diff != "" {
			t.Errorf("wrap(%q, %d, %d) -want +got:\n%s", tc.text, tc.first, tc.rest, diff)
		}
	}
}

func TestBar(t *testing.T) {
	for _, tc := range []struct {
		share float64
		width int
		want  string
	}{
		{0, 8, ""}, {1, 4, "████"}, {0.5, 4, "██"}, {0.001, 4, "▏"}, {0.3125, 2, "▋"}, {0.99, 8, "███████▉"}, {0.999, 8, "████████"},
		{1.2, 2, "██"}, {1, 0, ""}, {-1, 5, ""},
	} {
		if got := bar(tc.share, tc.width); got != tc.want {
			t.Errorf("bar(%v, %d) = %q, want %q", tc.share, tc.width, got, tc.want)
		}
	}
}

func TestSpans(t *testing.T) {
	day := civil.New
	for _, tc := range []struct {
		from, to   civil.Date
		full, days string
	}{
		{day(2026, 6, 1), day(2026, 6, 7), "1–7 Jun 2026", "1–7 Jun"},
		{day(2026, 6, 29), day(2026, 7, 5), "29 Jun – 5 Jul 2026", "29 Jun – 5 Jul"},
		{day(2025, 12, 29), day(2026, 1, 4), "29 Dec 2025 – 4 Jan 2026", "29 Dec 2025 – 4 Jan 2026"},
		{day(2026, 6, 1), day(2026, 6, 1), "1 Jun 2026", "1 Jun"},
	} {
		if got := span(tc.from, tc.to); got != tc.full {
			t.Errorf("span: got %s, want %s", got, tc.full)
		}
		if got := spanAs(tc.from, tc.to, "Jan", ""); got != tc.days {
			t.Errorf("without the year: got %s, want %s", got, tc.days)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tc := range []struct{ got, want string }{
		{count(1, "copy"), "1 copy"}, {count(2, "copy"), "2 copies"}, {count(1204, "day"), "1,204 days"}, {count(0, "run"), "0 runs"},
		{thousands(-1234567), "-1,234,567"}, {thousands(999), "999"}, {thousands(-123), "-123"},
		{change(-0.052), "−5 %"}, {change(0.29), "+29 %"}, {change(0.001), "±0 %"}, {change(-0.004), "±0 %"},
		{hours(59.6 * 60), "1 h 00"}, {hours(38 * 60), "38 min"}, {hours(2*3600 + 5*60), "2 h 05"},
		{measure(1.3, "ratio", analyze.Kilometres), "1.30 ×"}, {measure(0.288, "share", analyze.Kilometres), "28.8 %"},
		{measure(1, "share", analyze.Kilometres), "100 %"}, {measure(5.903, "share", analyze.Kilometres), "5.90 ×"},
		{measure(510_000, "m", analyze.Miles), "316.9 mi"}, {measure(8, "days", analyze.Miles), "8 days"},
		{measure(13, "spm", analyze.Miles), "13 spm"}, {measure(75, "min", analyze.Miles), "75 min"}, {measure(3, "count", analyze.Miles), "3"},
		{sentence("In 5,205 runners, HR 1.64. Then more."), "In 5,205 runners, HR 1.64."}, {sentence("One only"), "One only."}, {sentence(""), ""},
		{generic("1 position impossible and left out"), generic("12 positions impossible and left out")},
		{generic("the watch's total of 10.02 km differs"), "the watch's total of … km differs"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
}

// TestNoColourOnlyMeaning: what the colours tell stands in the plain text too.
func TestNoColourOnlyMeaning(t *testing.T) {
	var out bytes.Buffer
	if err := Text(&out, Build(input(t, richNote, 10, analyze.Kilometres)), TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"\n high ", "\n warning ", "\n note ", " !!", " !\x20", "rebound", "(in progress)"} {
		if !strings.Contains(out.String(), word) {
			t.Errorf("%q is not in the plain text:\n%s", word, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("the plain text has terminal commands")
	}
}
