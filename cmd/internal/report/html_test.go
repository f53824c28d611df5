package report

import (
	"bytes"
	"io"
	"regexp"
	"testing"

	"kneecheck/analyze"
)

// decadeNote is a log of ten years and 2,600 runs with everything that a page shows.
const decadeNote = `
athlete height 178
altitude barometer
shoe Daily start 420 since 2016-01-01 until 2020-05-31
shoe Trail since 2020-06-01
every @163/road
pain 2025-12-03 right outer 2 settled 60min
week 2016-01-04 x519 _ 8v900:60 6s50/20/10 6/treadmill 7s40/30/20 _ 10v1200:80s70/10/5
week +1              _ 8 6 6 7 _ 29v3000:300
`

// foreignParts are what would ask something of the network, or run.
var foreignParts = regexp.MustCompile(`(?i)<script|<link rel="(?:style|pre)|\ssrc=|url\(|@import|https?://|\son[a-z]+=`)

// TestHTMLAlone keeps the pages of a long log small enough for a mail, also where all of its weeks are shown, and free of
// what would need anything else.
func TestHTMLAlone(t *testing.T) {
	const limit = 300 << 10
	pages := []struct {
		name  string
		weeks int
		draw  func(io.Writer, *Report) error
	}{
		{"eight weeks", 8, HTML}, {"all weeks", 0, HTML}, {"one week", 0, WeekHTML},
	}
	for _, page := range pages {
		in := input(t, decadeNote, max(page.weeks, 1), analyze.Kilometres)
		in.Weeks = page.weeks
		var b bytes.Buffer
		if err := page.draw(&b, Build(in)); err != nil {
			t.Fatal(err)
		}
		if b.Len() > limit || b.Len() < 20<<10 {
			t.Errorf("%s of %d runs: %d bytes, want 20 kB to %d", page.name, len(in.Log.Runs), b.Len(), limit)
		}
		if found := foreignParts.Find(b.Bytes()); found != nil {
			t.Errorf("%s holds %q", page.name, found)
		}
		t.Logf("%s: %d bytes", page.name, b.Len())
	}
}

// TestHTMLWithoutRuns keeps a log without a run from looking as if its runner had done well.
func TestHTMLWithoutRuns(t *testing.T) {
	var b bytes.Buffer
	if err := HTML(&b, Build(noRuns())); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte(`class="badge`)) {
		t.Errorf("a badge counts findings where nothing was judged:\n%s", b.Bytes())
	}
}

// TestHTMLRedFlag holds everything back but the flag, the knee and the next step.
func TestHTMLRedFlag(t *testing.T) {
	in := input(t, flagNote, 8, analyze.Kilometres)
	for name, draw := range map[string]func(io.Writer, *Report) error{"all": HTML, "week": WeekHTML} {
		var b bytes.Buffer
		if err := draw(&b, Build(in)); err != nil {
			t.Fatal(err)
		}
		page := b.Bytes()
		flag, next, knee := bytes.Index(page, []byte(`id="flag"`)), bytes.Index(page, []byte(`id="next"`)), bytes.Index(page, []byte(`id="knee"`))
		if flag < 0 || next < flag || knee < next {
			t.Errorf("%s: flag, next step and knee stand at %d, %d and %d", name, flag, next, knee)
		}
		for _, held := range []string{"<figure", "<table", `class="badge`, `id="found"`} {
			if bytes.Contains(page, []byte(held)) {
				t.Errorf("%s holds %s beside a red flag", name, held)
			}
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	in := input(b, decadeNote, 8, analyze.Kilometres)
	r := Build(in)
	for b.Loop() {
		if err := HTML(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
