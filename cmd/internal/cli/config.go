package cli

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// configName is the name under which a configuration is found by itself.
const configName = "kneecheck.toml"

// The heights accepted for a runner, in centimetres: wide enough for anybody, narrow enough to catch metres and inches.
const minHeightCM, maxHeightCM = 100, 250

// config is what a configuration file says, checked. Its zero value is not the default; see defaultConfig.
type config struct {
	// file is where it was read, empty without one.
	file      string
	heightCM  float64
	novice    bool
	units     analyze.Units
	weekStart time.Weekday
	homeZone  *time.Location
	rules     rules.Settings
	shoes     []analyze.Shoe
	// shoeLines are the lines on which the pairs begin.
	shoeLines []int
	// paths are the runner's own small files, found beside the configuration; empty when not set.
	paths sideFiles
}

// sideFiles are the paths of the small files that a runner keeps beside the log.
type sideFiles struct{ pain, acks, overrides string }

func defaultConfig() config {
	return config{heightCM: math.NaN(), units: analyze.Kilometres, weekStart: time.Monday, rules: rules.Settings{}}
}

// loadConfig reads the configuration that is in force: the one named by --config or KNEECHECK_CONFIG, else the first
// there is of kneecheck.toml in folder and in the working directory and the user's own. Without any it returns the
// defaults.
func (g *globals) loadConfig(env *Env, folder string) (config, error) {
	c, err := g.namedConfig(env)
	if err != nil || c.file != "" {
		return c, err
	}
	name, data, err := findConfig(configPlaces(env, folder))
	if err != nil || name == "" {
		return defaultConfig(), err
	}
	return parseConfig(name, data)
}

// findConfig reads the first configuration there is of several places; the name is empty without any.
func findConfig(places []string) (string, []byte, error) {
	for _, name := range places {
		// What cannot be seen, because it is not there or lies in another user's folder, is no configuration. One that is
		// seen but cannot be read is meant to be in force.
		info, err := os.Stat(name)
		if err != nil {
			continue
		}
		var data []byte
		if err = errors.New("not a regular file"); info.Mode().IsRegular() {
			data, err = readConfig(name)
		}
		if err != nil {
			return "", nil, fmt.Errorf("configuration %s: %w", name, plainPathError(err))
		}
		return name, data, nil
	}
	return "", nil, nil
}

// maxConfigBytes is more than any configuration needs.
const maxConfigBytes = 1 << 20

func readConfig(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConfigBytes+1))
	if err == nil && len(data) > maxConfigBytes {
		err = fmt.Errorf("larger than %d MiB", maxConfigBytes>>20)
	}
	return data, err
}

func configPlaces(env *Env, folder string) []string {
	var places []string
	if folder != "" {
		places = append(places, filepath.Join(folder, configName))
	}
	places = append(places, configName)
	home := env.Getenv("XDG_CONFIG_HOME")
	if home == "" && env.Getenv("HOME") != "" {
		home = filepath.Join(env.Getenv("HOME"), ".config")
	}
	if home != "" {
		places = append(places, filepath.Join(home, "kneecheck", "config.toml"))
	}
	return places
}

// parseConfig reads a configuration strictly: a key that means nothing and a value that makes no sense are errors with
// the file and line.
func parseConfig(file string, data []byte) (config, error) {
	return parseConfigOver(defaultConfig(), file, data)
}

// parseConfigOver is parseConfig on top of a configuration that says what the file does not. That one is not changed.
func parseConfigOver(c config, file string, data []byte) (config, error) {
	entries, err := parseTOML(file, data)
	if err != nil {
		return config{}, err
	}
	c.file, c.rules = file, cloneSettings(c.rules)
	for _, e := range entries {
		if err := c.set(e, &c.shoeLines); err != nil {
			return config{}, fmt.Errorf("%s:%d: %w", file, e.line, err)
		}
	}
	if line, err := checkShoes(c.shoes, c.shoeLines); err != nil {
		return config{}, fmt.Errorf("%s:%d: %w", file, line, err)
	}
	return c, nil
}

// key is one name of a table and what it does.
type key struct {
	name string
	set  func(c *config, v any) error
}

// set applies one entry.
func (c *config) set(e entry, shoeLines *[]int) error {
	switch table := e.path[0]; {
	case len(e.path) == 1 && e.header && (table == "athlete" || table == "rules" || table == "paths"):
		return nil
	case len(e.path) == 1 && (table == "athlete" || table == "rules" || table == "shoes" || table == "paths"):
		return fmt.Errorf("%s is a table, not a value (write %s)", table, tableForm(table))
	case table == "athlete" && len(e.path) == 2:
		return c.setKey(e, athleteKeys)
	case table == "paths" && len(e.path) == 2:
		return c.setKey(e, pathKeys)
	case table == "rules":
		return c.setRule(e)
	case table == "shoes":
		return c.setShoe(e, shoeLines)
	case len(e.path) == 1:
		return c.setKey(e, topKeys)
	default:
		// [unknown.table] and athlete.height_cm.x: the first part that cannot be is the one to name.
		part, valid := table, topNames
		switch table {
		case "athlete":
			part, valid = e.path[1], names(athleteKeys)
		case "paths":
			part, valid = e.path[1], names(pathKeys)
		}
		if slices.Contains(valid, part) {
			return fmt.Errorf("%s is a value, not a table", part)
		}
		return unknownKey(part, valid)
	}
}

func tableForm(table string) string {
	switch table {
	case "rules":
		return "[rules.NAME]"
	case "shoes":
		return "[[shoes]]"
	}
	return "[" + table + "]"
}

func (c *config) setKey(e entry, keys []key) error {
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == e.name() })
	if i < 0 {
		valid := names(keys)
		if len(e.path) == 1 {
			valid = topNames
		}
		return unknownKey(e.name(), valid)
	}
	if err := keys[i].set(c, e.value); err != nil {
		return fmt.Errorf("%s: %w", e.name(), err)
	}
	return nil
}

var topNames = []string{"units", "week_start", "home_zone", "athlete", "rules", "shoes", "paths"}

var topKeys = []key{
	{"units", func(c *config, v any) (err error) {
		c.units, err = unitsOf(v)
		return err
	}},
	{"week_start", func(c *config, v any) (err error) {
		c.weekStart, err = weekdayOf(v)
		return err
	}},
	{"home_zone", func(c *config, v any) (err error) {
		c.homeZone, err = zoneOf(v)
		return err
	}},
}

var athleteKeys = []key{
	{"height_cm", func(c *config, v any) (err error) {
		c.heightCM, err = numberOf(v, minHeightCM, maxHeightCM)
		return err
	}},
	{"novice", func(c *config, v any) (err error) {
		c.novice, err = boolOf(v)
		return err
	}},
}

var pathKeys = []key{
	{"pain", func(c *config, v any) (err error) {
		c.paths.pain, err = c.besideOf(v)
		return err
	}},
	{"acks", func(c *config, v any) (err error) {
		c.paths.acks, err = c.besideOf(v)
		return err
	}},
	{"overrides", func(c *config, v any) (err error) {
		c.paths.overrides, err = c.besideOf(v)
		return err
	}},
}

// besideOf accepts a path; one that is not absolute begins at the folder of the configuration.
func (c *config) besideOf(v any) (string, error) {
	s, err := stringOf(v)
	if err != nil {
		return "", err
	}
	if s == "" {
		return "", errors.New("needs the path of a file")
	}
	if filepath.IsAbs(s) {
		return s, nil
	}
	return filepath.Join(filepath.Dir(c.file), s), nil
}

func names(keys []key) []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.name
	}
	return list
}

func unknownKey(got string, valid []string) error {
	if name, ok := nearest(got, valid); ok {
		return fmt.Errorf("unknown key %q (did you mean %s?)", got, name)
	}
	return fmt.Errorf("unknown key %q (%s)", got, strings.Join(valid, ", "))
}

func unitsOf(v any) (analyze.Units, error) {
	s, err := stringOf(v)
	if err != nil {
		return "", err
	}
	if u := analyze.Units(s); u == analyze.Kilometres || u == analyze.Miles {
		return u, nil
	}
	return "", unknown("unit", s, unitNames)
}

var unitNames = []string{string(analyze.Kilometres), string(analyze.Miles)}

func weekdayOf(v any) (time.Weekday, error) {
	s, err := stringOf(v)
	if err != nil {
		return 0, err
	}
	list := make([]string, 0, 7)
	for i := range time.Weekday(7) {
		day := (i + time.Monday) % 7
		if strings.EqualFold(s, day.String()) {
			return day, nil
		}
		list = append(list, strings.ToLower(day.String()))
	}
	return 0, unknown("day", s, list)
}

func zoneOf(v any) (*time.Location, error) {
	s, err := stringOf(v)
	if err != nil {
		return nil, err
	}
	// LoadLocation takes "" for UTC and "Local" for the machine's zone: neither says where the runner lives.
	zone, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return nil, fmt.Errorf("unknown time zone %q (a name like Europe/Berlin or America/New_York)", s)
	}
	return zone, nil
}

func stringOf(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("needs a text in quotes, not %s", kindOf(v))
	}
	return s, nil
}

func boolOf(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("needs true or false, not %s", kindOf(v))
	}
	return b, nil
}

// numberOf accepts whole and broken numbers from low to high; NaN is in no range.
func numberOf(v any, low, high float64) (float64, error) {
	var f float64
	switch n := v.(type) {
	case int64:
		f = float64(n)
	case float64:
		f = n
	default:
		return 0, fmt.Errorf("needs a number, not %s", kindOf(v))
	}
	if !(f >= low && f <= high) {
		return 0, fmt.Errorf("%s is outside %s to %s", shortNumber(f), shortNumber(low), shortNumber(high))
	}
	return f, nil
}

// dateOf accepts a TOML date and the same in quotes.
func dateOf(v any) (*civil.Date, error) {
	var d civil.Date
	var err error
	switch s := v.(type) {
	case toml.LocalDate:
		d, err = civil.Parse(s.String())
	case string:
		d, err = civil.Parse(s)
	default:
		err = fmt.Errorf("needs a date like 2024-03-04, not %s", kindOf(v))
	}
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// kindOf names a TOML value for an error.
func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("the text %q", v)
	case int64, float64:
		return "a number"
	case bool:
		return fmt.Sprintf("%t", v)
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}
