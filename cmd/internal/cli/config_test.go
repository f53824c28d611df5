package cli

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

func TestParseConfig(t *testing.T) {
	c, err := parseConfig("k.toml", []byte(`# a comment
units = "mi"
week_start = "Sunday"
home_zone = "Europe/Berlin"

[athlete]
height_cm = 178
novice = true

[rules.session-spike]
high_ratio = 1.60
enabled = true

[rules.KC102]
severity = "note"
floor_m = 3000

[[shoes]]
name = " Old "
until = 2026-01-31
start_km = 412.5

[[shoes]]
name = "New"
since = "2026-02-01"
limit_km = 700
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.units != analyze.Miles || c.weekStart != time.Sunday || c.homeZone.String() != "Europe/Berlin" || c.heightCM != 178 || !c.novice {
		t.Errorf("general keys: %+v", c)
	}
	on, note := true, rules.Note
	wantRules := rules.Settings{
		"session-spike": {Enabled: &on, Params: map[string]float64{"high_ratio": 1.6}, From: map[string]string{"high_ratio": "k.toml:11", "enabled": "k.toml:12"}},
		"ten-percent":   {Severity: &note, Params: map[string]float64{"floor_m": 3000}, From: map[string]string{"severity": "k.toml:15", "floor_m": "k.toml:16"}},
	}
	if diff := cmp.Diff(wantRules, c.rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	until, since := civil.New(2026, 1, 31), civil.New(2026, 2, 1)
	wantShoes := []analyze.Shoe{{Name: "Old", Until: &until, StartKM: 412.5}, {Name: "New", Since: &since, LimitKM: 700}}
	if diff := cmp.Diff(wantShoes, c.shoes); diff != "" {
		t.Errorf("shoes (-want +got):\n%s", diff)
	}
}

// The same settings can be written in several ways in TOML; all of them keep their lines.
func TestParseConfigSpellings(t *testing.T) {
	for name, text := range map[string]string{
		"table":         "\n\n[rules.session-spike]\nhigh_ratio = 1.6",
		"quoted":        "\n\n[rules.\"session-spike\"]\n\"high_ratio\" = 1.6",
		"dotted":        "\n\n\nrules.session-spike.high_ratio = 1.6",
		"inline":        "\n\n\nrules.session-spike = { high_ratio = 1.6 }",
		"inline twice":  "\n\n\nrules = { session-spike = { high_ratio = 1.6 } }",
		"CRLF and mark": "\xef\xbb\xbf\r\n\r\n[rules.session-spike]\r\nhigh_ratio = 1.6\r\n",
	} {
		c, err := parseConfig("k", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := c.rules["session-spike"]
		if s.Params["high_ratio"] != 1.6 || s.From["high_ratio"] != "k:4" {
			t.Errorf("%s: %+v", name, s)
		}
	}
	for name, text := range map[string]string{
		"tables": "[[shoes]]\nname = \"A\"\nuntil = 2026-01-31\n[[shoes]]\nname = \"B\"\nsince = 2026-02-01",
		"inline": "shoes = [{name = \"A\", until = 2026-01-31}, {name = \"B\", since = 2026-02-01}]",
	} {
		c, err := parseConfig("k", []byte(text))
		if err != nil || len(c.shoes) != 2 || c.shoes[0].Name != "A" || c.shoes[1].Name != "B" || c.shoes[1].Since == nil {
			t.Errorf("%s: %+v, %v", name, c.shoes, err)
		}
	}
}

func TestParseConfigErrors(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"\n\n\n\n\n\nweek_strat = \"monday\"", `k:7: unknown key "week_strat" (did you mean week_start?)`},
		{"colour = 1", `k:1: unknown key "colour" (units, week_start, home_zone, athlete, rules, shoes, paths)`},
		{"[athlet]\n", `k:1: unknown key "athlet" (did you mean athlete?)`},
		{"[paths]\npian = \"pain.csv\"", `k:2: unknown key "pian" (pain, acks, overrides)`},
		{"[paths]\npain = 3", `k:2: pain: needs a text in quotes, not a number`},
		{"[paths]\npain = \"\"", `k:2: pain: needs the path of a file`},
		{"paths = \"pain.csv\"", `k:1: paths is a table, not a value (write [paths])`},
		{"[athlete]\n\nheight = 178", `k:3: unknown key "height" (height_cm, novice)`},
		{"[athlete]\nheight_c = 178", `k:2: unknown key "height_c" (did you mean height_cm?)`},
		{"[athlete.shoe]\nsize = 1", `k:1: unknown key "shoe" (height_cm, novice)`},
		{"units.length = \"km\"", `k:1: units is a value, not a table`},
		{"athlete.height_cm.x = 1", `k:1: height_cm is a value, not a table`},
		{"units = \"miles\"", `k:1: units: unknown unit "miles" (km, mi)`},
		{"units = 5", `k:1: units: needs a text in quotes, not a number`},
		{"week_start = \"mondy\"", `k:1: week_start: unknown day "mondy" (did you mean monday? monday, tuesday, wednesday, thursday, friday, saturday, sunday)`},
		{"home_zone = \"Berlin\"", `k:1: home_zone: unknown time zone "Berlin" (a name like Europe/Berlin or America/New_York)`},
		{"home_zone = \"Local\"", `k:1: home_zone: unknown time zone "Local" (a name like Europe/Berlin or America/New_York)`},
		{"athlete = 5", `k:1: athlete is a table, not a value (write [athlete])`},
		{"rules = true", `k:1: rules is a table, not a value (write [rules.NAME])`},
		{"[shoes]\nname = \"A\"", `k:1: shoes is a table, not a value (write [[shoes]])`},
		{"[athlete]\nheight_cm = \"tall\"", `k:2: height_cm: needs a number, not the text "tall"`},
		{"[athlete]\nheight_cm = 1.78", `k:2: height_cm: 1.78 is outside 100 to 250`},
		{"[athlete]\nheight_cm = nan", `k:2: height_cm: NaN is outside 100 to 250`},
		{"[athlete]\nnovice = \"yes\"", `k:2: novice: needs true or false, not the text "yes"`},
		{"[rules.sesion-spike]\nenabled = false", `k:1: unknown rule "sesion-spike" (did you mean session-spike? kneecheck rules lists them)`},
		{"[rules.sleep]\nenabled = false", `k:1: unknown rule "sleep" (kneecheck rules lists them)`},
		{"rules.session-spike = false", `k:1: session-spike: is a table, not a value (write [rules.session-spike])`},
		{"[rules.session-spike]\nhigh_ration = 1.6", `k:2: unknown key "high_ration" (did you mean high_ratio?)`},
		{"[rules.session-spike]\nhigh_ratio = 160", `k:2: high_ratio of session-spike: 160 is outside 1 to 10`},
		{"[rules.session-spike]\nhigh_ratio = \"1.6\"", `k:2: high_ratio of session-spike: needs a number, not the text "1.6"`},
		{"[rules.session-spike]\nenabled = 0", `k:2: enabled of session-spike: needs true or false, not a number`},
		{"[rules.session-spike]\nseverity = \"hihg\"", `k:2: severity of session-spike: unknown severity "hihg" (note, warning, high)`},
		{"[rules.ten-percent]\nseverity = \"high\"", `k:2: severity of ten-percent: high is more than its evidence carries (at most warning)`},
		{"[[shoes]]\nname = \"A\"\ncolour = 1", `k:3: unknown key "colour" (name, since, until, start_km, limit_km, default)`},
		{"[[shoes]]\nsince = 2026-01-01", `k:1: shoes: pair 1 has no name`},
		{"[[shoes]]\nname = \"A\"\nsince = 2026-13-01", `k:3: `},
		{"[[shoes]]\nname = \"A\"\nsince = \"soon\"", `k:3: since: "soon" is not a date like 2024-03-04`},
		{"[[shoes]]\nname = \"A\"\nlimit_km = 800000", `k:3: limit_km: 800000 is outside 1 to 10000`},
		{"[[shoes]]\nname = \"A\"\nsince = 2026-02-01\nuntil = 2026-01-01", `k:1: shoes: "A": until 2026-01-01 is before since 2026-02-01`},
		{"[[shoes]]\nname = \"A\"\nuntil = 2026-01-31\n\n[[shoes]]\nname = \"a\"\nsince = 2026-02-01", `k:5: shoes: two pairs are called "a"; give each its own name`},
		{"units = \"km\"\nunits = \"mi\"", `k:2: `},
		{"units = km", `k:1: `},
		{"[[shoes]\n", `k:1: `},
	} {
		_, err := parseConfig("k", []byte(tc.text))
		if err == nil {
			t.Errorf("%q: no error", tc.text)
			continue
		}
		got := err.Error()
		// The words of a syntax error are the library's; only its line is ours.
		whole := !strings.HasSuffix(tc.want, ": ")
		if whole && got != tc.want || !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.text, got, tc.want)
		}
		if strings.Contains(got, "toml:") || strings.Contains(got, "\n") {
			t.Errorf("%q: not a sentence for a runner: %s", tc.text, got)
		}
	}
}

// A rule that looks for signs that need a professional stays on whatever is configured.
func TestAlwaysRuleStaysOn(t *testing.T) {
	always := &rules.Rule{Name: "red-flag", Always: true, Max: rules.High}
	var s rules.Setting
	err := setRuleKey(&s, always, entry{path: []string{"rules", "red-flag", "enabled"}, value: false})
	if err == nil || !strings.Contains(err.Error(), "cannot be switched off") {
		t.Errorf("enabled = false: %v", err)
	}
	if s.Enabled != nil {
		t.Error("the setting was kept all the same")
	}
}

func TestDefaultConfig(t *testing.T) {
	c, err := parseConfig("k", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(c.heightCM) || c.units != analyze.Kilometres || c.weekStart != time.Monday || c.homeZone != nil || len(c.rules) != 0 || len(c.shoes) != 0 {
		t.Errorf("%+v", c)
	}
}

// uncommented takes the # off the values of a template, which stand right after it; explanations have a blank there.
func uncommented(template string) string {
	var b strings.Builder
	for line := range strings.Lines(template) {
		if len(line) > 1 && line[0] == '#' && line[1] != ' ' && line[1] != '\n' {
			line = line[1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestTemplate(t *testing.T) {
	template := configTemplate()
	asWritten, err := parseConfig("k", []byte(template))
	if err != nil {
		t.Fatalf("as written: %v", err)
	}
	if diff := cmp.Diff(rules.Settings{}, asWritten.rules); diff != "" || len(asWritten.shoes) != 0 {
		t.Errorf("as written it changes something: %s", diff)
	}
	all, err := parseConfig("k", []byte(uncommented(template)))
	if err != nil {
		t.Fatalf("uncommented: %v", err)
	}
	if math.IsNaN(all.heightCM) || all.homeZone == nil || len(all.shoes) != 1 {
		t.Errorf("uncommented: %+v", all)
	}
	for _, r := range rules.All() {
		for _, p := range r.Params {
			if got, ok := all.rules[r.Name].Params[p.Name]; !ok || got != p.Default {
				t.Errorf("%s %s: %v in the template, default %v", r.Name, p.Name, got, p.Default)
			}
		}
		if s := all.rules[r.Name]; s.Severity == nil || !r.Always && s.Enabled == nil {
			t.Errorf("%s: enabled or severity is missing", r.Name)
		}
	}
}

func TestConfigOrder(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(path string, week string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("week_start = \""+week+"\"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"HOME": filepath.Join(dir, "home")}
	e := &Env{Getenv: func(k string) string { return env[k] }}
	expect := func(flag string, want time.Weekday, file string) {
		t.Helper()
		c, err := (&globals{config: flag}).loadConfig(e, "log")
		if err != nil {
			t.Fatal(err)
		}
		if c.weekStart != want || c.file != file {
			t.Errorf("%v from %q, want %v from %q", c.weekStart, c.file, want, file)
		}
	}
	expect("", time.Monday, "")
	write(filepath.Join(dir, "home/.config/kneecheck/config.toml"), "tuesday")
	expect("", time.Tuesday, filepath.Join(dir, "home/.config/kneecheck/config.toml"))
	env["XDG_CONFIG_HOME"] = filepath.Join(dir, "xdg")
	expect("", time.Monday, "")
	write(filepath.Join(dir, "xdg/kneecheck/config.toml"), "wednesday")
	expect("", time.Wednesday, filepath.Join(dir, "xdg/kneecheck/config.toml"))
	write("kneecheck.toml", "thursday")
	expect("", time.Thursday, "kneecheck.toml")
	write("log/kneecheck.toml", "friday")
	expect("", time.Friday, filepath.Join("log", "kneecheck.toml"))
	write("env.toml", "saturday")
	env["KNEECHECK_CONFIG"] = "env.toml"
	expect("", time.Saturday, "env.toml")
	write("flag.toml", "sunday")
	expect("flag.toml", time.Sunday, "flag.toml")
	env["KNEECHECK_CONFIG"] = "gone.toml"
	if _, err := (&globals{}).loadConfig(e, ""); err == nil || err.Error() != "configuration gone.toml: no such file or folder" {
		t.Errorf("a named configuration that is missing: %v", err)
	}
}
