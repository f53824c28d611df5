//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNameAthletes(t *testing.T) {
	for _, c := range []struct{ paths, want string }{
		{"/c/eva /c/jonas", "eva jonas"},
		{"/a/eva /b/eva /b/kim", "a/eva b/eva kim"},
		{"/x/a/eva /y/a/eva /y/b/eva", "x/a/eva y/a/eva y/b/eva"},
		{"/", "/"},
		{"/eva /a/eva", "/eva a/eva"},
	} {
		var list []athlete
		for _, p := range strings.Fields(c.paths) {
			list = append(list, athlete{name: filepath.FromSlash(p)})
		}
		nameAthletes(list)
		var got []string
		for _, a := range list {
			got = append(got, a.name)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.paths, s, c.want)
		}
	}
}

func TestPseudonyms(t *testing.T) {
	names := make([]string, 6000)
	for i := range names {
		names[i] = fmt.Sprintf("athlete %d", i)
	}
	all := pseudonymsOf(names, "")
	seen, long := map[string]bool{}, 0
	for i, p := range all {
		if seen[p] {
			t.Errorf("%s stands for two", p)
		}
		seen[p] = true
		if len(p) > len("athlete-")+shortDigits {
			long++
			continue
		}
		if alone := pseudonymsOf(names[i:i+1], "")[0]; alone != p {
			t.Errorf("%s is %s when alone", p, alone)
		}
	}
	if long == 0 || long > 20 {
		t.Errorf("%d of %d needed more digits", long, len(names))
	}
	if pseudonymsOf([]string{"eva"}, "secret")[0] == pseudonymsOf([]string{"eva"}, "")[0] {
		t.Error("the secret makes no difference")
	}
}

// TestLayers lays an athlete's configuration over a coach's, key by key, and leaves the coach's as it was.
func TestLayers(t *testing.T) {
	dir := t.TempDir()
	coach := filepath.Join(dir, "coach.toml")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(coach, "units = \"mi\"\n[athlete]\nnovice = true\n[rules.session-spike]\nwarn_ratio = 1.3\nhigh_ratio = 3\n[rules.acwr]\nenabled = true\n")
	eva := filepath.Join(dir, configName)
	write(eva, "[athlete]\nheight_cm = 171\n[rules.session-spike]\nhigh_ratio = 2.5\n[rules.acwr]\nenabled = false\n[[shoes]]\nname = \"Daily\"\n")
	g := &globals{config: coach}
	env, _, _ := testEnv(nil)
	shared, err := g.sharedSettings(env)
	if err != nil {
		t.Fatal(err)
	}
	c, err := g.athleteSettings(shared, dir)
	if err != nil {
		t.Fatal(err)
	}
	spike := c.rules["session-spike"]
	if c.units != "mi" || !c.novice || c.heightCM != 171 || len(c.shoes) != 1 || c.file != eva || *c.rules["acwr"].Enabled {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff(map[string]float64{"warn_ratio": 1.3, "high_ratio": 2.5}, spike.Params); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"warn_ratio": coach + ":5", "high_ratio": eva + ":4"}, spike.From); diff != "" {
		t.Error(diff)
	}
	if s := shared.rules["session-spike"]; s.Params["high_ratio"] != 3 || !*shared.rules["acwr"].Enabled || shared.shoes != nil {
		t.Errorf("the coach's configuration was changed: %+v", shared)
	}
	g.units = "km"
	if c, err = g.athleteSettings(shared, dir); err != nil || c.units != "km" {
		t.Errorf("%v, %v: a flag goes before both", c.units, err)
	}
}
