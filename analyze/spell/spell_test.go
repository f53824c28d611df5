package spell

import "testing"

func TestNearest(t *testing.T) {
	formats := []string{"text", "markdown", "json"}
	for got, want := range map[string]string{
		"jsn": "json", "JSON": "json", "markdwon": "markdown", "tex": "text", "yaml": "", "": "", "xml": "", "html": "",
	} {
		name, ok := Nearest(got, formats)
		if name != want || ok != (want != "") {
			t.Errorf("%q: %q, %t, want %q", got, name, ok, want)
		}
	}
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"week_strat", "week_start", 2}, {"same", "same", 0}} {
		if d := distance(tc.a, tc.b); d != tc.want {
			t.Errorf("distance %q %q: %d, want %d", tc.a, tc.b, d, tc.want)
		}
	}
}
