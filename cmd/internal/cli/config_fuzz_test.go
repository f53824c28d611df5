package cli

import (
	"math"
	"strings"
	"testing"

	"kneecheck/rules"
)

// FuzzParseConfig: no text crashes the reader, an error names the file and is one line, and what is accepted makes sense.
func FuzzParseConfig(f *testing.F) {
	for _, seed := range []string{
		"units = \"mi\"\nweek_start = \"Sunday\"\nhome_zone = \"Europe/Berlin\"\n[athlete]\nheight_cm = 178\nnovice = true\n",
		"[rules.session-spike]\nhigh_ratio = 1.6\nenabled = true\n[rules.KC102]\nseverity = \"note\"\nfloor_m = 3000\n",
		"[[shoes]]\nname = \" Old \"\nuntil = 2026-01-31\nstart_km = 412.5\n[[shoes]]\nname = \"New\"\nsince = \"2026-02-01\"\nlimit_km = 700\n",
		"units = \"km\"\nunits = \"mi\"\n", "[rules]\nKC101 = 3\n", "athlete.height_cm = nan\n", "[rules.KC101]\nwarn_ratio = -inf\n",
		"home_zone = \"../../etc/passwd\"\n", "home_zone = \"Local\"\n", "[[shoes]]\nsince = 9999-99-99\n", "[athlete", "\x00", "a.b.c.d.e = [[[[[[{x = 1}]]]]]]\n",
		"[[shoes]]\nname = \"x\"\nstart_km = 1e308\n[[shoes]]\nname = \"x\"\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseConfig("k.toml", []byte(text))
		if err != nil {
			if msg := err.Error(); !strings.HasPrefix(msg, "k.toml") || strings.Contains(msg, "\n") {
				t.Errorf("error %q", msg)
			}
			return
		}
		if !(math.IsNaN(c.heightCM) || c.heightCM >= minHeightCM && c.heightCM <= maxHeightCM) {
			t.Errorf("height %v", c.heightCM)
		}
		for _, s := range c.shoes {
			if s.Name == "" || !(s.StartKM >= 0) || math.IsInf(s.StartKM, 0) || math.IsNaN(s.LimitKM) {
				t.Errorf("shoe %+v", s)
			}
		}
		for name, set := range c.rules {
			if _, ok := rules.Find(name); !ok {
				t.Errorf("rule %q", name)
			}
			for param, v := range set.Params {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s.%s = %v", name, param, v)
				}
			}
		}
	})
}
