package cli

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kneecheck/rules"
)

//go:generate go test -run ^TestConfigReference$ . -update

var update = flag.Bool("update", false, "rewrite docs/config.md")

// configDoc is what docs/config.md says of a key: what it takes, what holds without it, what it does, and a value that is
// tried.
type configDoc struct{ takes, unless, does, example string }

// configDocs has every key but those of the rules, which describe themselves.
var configDocs = map[string]configDoc{
	"units":      {"`\"km\"` or `\"mi\"`", "`\"km\"`", "Distances and paces are written in it. Names that end in `_km` or `_m` keep their unit.", `"mi"`},
	"week_start": {"a day, such as `\"monday\"`", "`\"monday\"`", "The first day of a week.", `"sunday"`},
	"home_zone": {"a time zone, such as `\"Europe/Berlin\"`", "none",
		"Where the runner lives: the zone of activities that tell neither their offset nor a position (UTC without it), and of today.", `"Europe/Berlin"`},

	"athlete.height_cm": {fmt.Sprintf("%d to %d", minHeightCM, maxHeightCM), "not known", "Body height: tall runners take fewer steps a minute at the same pace, and `low-cadence` then expects fewer.", "182"},
	"athlete.novice":    {"`true` or `false`", "`false`", "A runner in the first year: `run-streak` warns where it else only notes.", "true"},

	"paths.pain":      {"a path", "`pain.csv` in the log's folder", "The pain journal ([pain.md](pain.md)).", `"pain.csv"`},
	"paths.acks":      {"a path", "`acks.csv` in the log's folder", "What is acknowledged ([files.md](files.md#ackscsv)).", `"acks.csv"`},
	"paths.overrides": {"a path", "`overrides.csv` in the log's folder", "Corrections of single runs ([files.md](files.md#overridescsv)).", `"overrides.csv"`},

	"shoes.name":     {"a text", "needed", "The pair, as runs and `overrides.csv` name it.", `"Daily"`},
	"shoes.since":    {"a date", "the first run", "The first day on which runs that name no pair wear it.", "2026-01-01"},
	"shoes.until":    {"a date", "open", "The last such day; a pair whose day is over is put away.", "2026-12-31"},
	"shoes.start_km": {fmt.Sprintf("0 to %d", maxShoeKM), "`0`", "What it had run before the log.", "120"},
	"shoes.limit_km": {fmt.Sprintf("1 to %d", maxShoeKM), "that of `shoe-mileage`", "A limit of its own: at it `shoe-mileage` warns.", "650"},
	"shoes.default":  {"`true` or `false`", "`true`", "`false` keeps a pair for the runs that name it.", "false"},
}

const configHead = `# The configuration

Written by ` + "`go generate ./cmd/internal/cli`" + ` from the keys that the program knows; change them there.

Everything works without one. ` + "`kneecheck init`" + ` writes a file in which every key stands with its explanation and nothing is set. The first of these counts, alone:

1. the file named by ` + "`--config`" + `,
2. the one named by the environment variable ` + "`KNEECHECK_CONFIG`" + `,
3. ` + "`kneecheck.toml`" + ` in the first folder named on the command line, which is the log's,
4. ` + "`kneecheck.toml`" + ` in the working folder,
5. ` + "`$XDG_CONFIG_HOME/kneecheck/config.toml`" + ` (` + "`~/.config/kneecheck/config.toml`" + `).

It is [TOML](https://toml.io). A key that means nothing and a value that makes no sense are errors with the file and line (exit code 2), and a slip
of the pen gets the name that was probably meant. Flags such as ` + "`--units`" + ` come before the configuration.

` + "```toml" + `
units = "km"

[athlete]
height_cm = 182

[[shoes]]
name = "Daily"
since = 2026-01-01
start_km = 120

[rules.session-spike]
warn_ratio = 1.20

[rules.strength-gap]
enabled = false
` + "```" + `
`

// configReference is docs/config.md.
func configReference(t *testing.T) string {
	var b strings.Builder
	b.WriteString(configHead)
	section := func(head, table string, keys []string) {
		fmt.Fprintf(&b, "\n## %s\n\n| key | takes | without it | does |\n|---|---|---|---|\n", head)
		for _, k := range keys {
			path := strings.TrimPrefix(table+"."+k, ".")
			d, ok := configDocs[path]
			if !ok {
				t.Errorf("configDocs has no %s", path)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k, d.takes, d.unless, d.does)
		}
	}
	section("At the top", "", names(topKeys))
	section("`[athlete]`", "athlete", names(athleteKeys))
	section("`[paths]`", "paths", names(pathKeys))
	b.WriteString("\nA path that is not absolute begins at the folder of the configuration.\n")
	section("`[[shoes]]`", "shoes", shoeKeys)
	b.WriteString("\nOne `[[shoes]]` for each pair. Where two pairs would be worn by default on a day, its runs have to name theirs.\n")
	b.WriteString("\n## `[rules.NAME]`\n\nFor every rule, whose numbers [RULES.md](RULES.md) explains and `kneecheck explain NAME` shows as they are in force:\n\n" +
		"| key | takes | does |\n|---|---|---|\n" +
		"| `" + settingEnabled + "` | `true` or `false` | Switches it on or off. `red-flag` cannot be switched off. |\n" +
		"| `" + settingSeverity + "` | `\"note\"`, `\"warning\"`, `\"high\"` | Replaces what it reports, within what its evidence carries (the column *at most*). |\n" +
		"\nShares and ratios are fractions: 1.10 is 10 % more.\n\n| rule | on | at most | parameter | default | allowed |\n|---|---|---|---|---|---|\n")
	for _, r := range rules.All() {
		rule := fmt.Sprintf("[%s](RULES.md#%s-%s) | %s | %s", r.Name, strings.ToLower(r.ID), r.Name, switched(r), r.Ceiling())
		if len(r.Params) == 0 {
			fmt.Fprintf(&b, "| %s | | | |\n", rule)
		}
		for i, p := range r.Params {
			if i > 0 {
				rule = "| |"
			}
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s to %s |\n", rule, p.Name, paramValue(p.Default, p.Unit), shortNumber(p.Min), shortNumber(p.Max))
		}
	}
	return b.String()
}

func switched(r *rules.Rule) string {
	switch {
	case r.Always:
		return "always"
	case r.Off:
		return "no"
	}
	return "yes"
}

// TestConfigReference holds docs/config.md to the keys of the program, tries the value given for each, and looks for it in
// the file that init writes.
func TestConfigReference(t *testing.T) {
	const file = "../../../docs/config.md"
	got := configReference(t)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is out of date; go generate ./cmd/internal/cli (-file +keys)\n%s", file, diff)
	}
	known := map[string][]string{"": names(topKeys), "athlete": names(athleteKeys), "paths": names(pathKeys), "shoes": shoeKeys}
	for path, d := range configDocs {
		table, key, ok := strings.Cut(path, ".")
		if !ok {
			table, key = "", path
		}
		if !slices.Contains(known[table], key) {
			t.Errorf("%s is no key of the program", path)
		}
		text := key + " = " + d.example + "\n"
		switch table {
		case "":
		case "shoes":
			text = "[[shoes]]\nname = \"Pair\"\n" + text
			if key == "name" {
				text = "[[shoes]]\n" + key + " = " + d.example + "\n"
			}
		default:
			text = "[" + table + "]\n" + text
		}
		if _, err := parseConfig("kneecheck.toml", []byte(text)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if !strings.Contains(configTemplate(), "\n#"+key+" = ") {
			t.Errorf("kneecheck init says nothing of %s", path)
		}
	}
	head, example, _ := strings.Cut(configHead, "```toml\n")
	example, _, ok := strings.Cut(example, "```")
	if _, err := parseConfig("kneecheck.toml", []byte(example)); err != nil || !ok || head == "" {
		t.Errorf("the example of the reference: %v", err)
	}
}
