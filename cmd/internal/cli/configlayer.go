package cli

import (
	"fmt"
	"maps"
	"path/filepath"

	"kneecheck/analyze"
	"kneecheck/rules"
)

// sharedSettings loads the configuration that a coach keeps for all athletes: the one of --config or KNEECHECK_CONFIG, else
// kneecheck.toml of the working directory. The user's own is not looked at: it is that of one runner.
func (g *globals) sharedSettings(env *Env) (config, error) {
	c, err := g.namedConfig(env)
	if c.file == "" && err == nil {
		var name string
		var data []byte
		if name, data, err = findConfig([]string{configName}); err == nil && name != "" {
			c, err = parseConfig(name, data)
		}
	}
	if err != nil {
		return config{}, err
	}
	if len(c.shoes) > 0 || c.paths != (sideFiles{}) {
		return config{}, fmt.Errorf("%s: [[shoes]] and [paths] are those of one runner (with --each write them into %s in the athlete's folder)", c.file, configName)
	}
	return g.overlay(c), nil
}

// namedConfig loads the configuration of --config or KNEECHECK_CONFIG; the defaults, without a file, when neither names one.
func (g *globals) namedConfig(env *Env) (config, error) {
	named := g.config
	if named == "" {
		named = env.Getenv("KNEECHECK_CONFIG")
	}
	if named == "" {
		return defaultConfig(), nil
	}
	data, err := readConfig(named)
	if err != nil {
		return config{}, fmt.Errorf("configuration %s: %w", named, plainPathError(err))
	}
	return parseConfig(named, data)
}

// athleteSettings lays the configuration in an athlete's folder over the one for all: what it says counts, key by key and
// for a rule parameter by parameter.
func (g *globals) athleteSettings(shared config, folder string) (config, error) {
	name, data, err := findConfig([]string{filepath.Join(folder, configName)})
	if err != nil || name == "" {
		return shared, err
	}
	c, err := parseConfigOver(shared, name, data)
	if err != nil {
		return config{}, err
	}
	return g.overlay(c), nil
}

// overlay lays the flags of every command over a configuration.
func (g *globals) overlay(c config) config {
	if g.units != "" {
		c.units = analyze.Units(g.units)
	}
	return c
}

// cloneSettings copies settings, so that what is set in the copy leaves the original as it is.
func cloneSettings(s rules.Settings) rules.Settings {
	out := make(rules.Settings, len(s))
	for name, set := range s {
		set.Params, set.From = maps.Clone(set.Params), maps.Clone(set.From)
		out[name] = set
	}
	return out
}
