package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/rules"
)

// The settings that every rule has beside its own parameters.
const (
	settingEnabled  = "enabled"
	settingSeverity = "severity"
)

// setRule applies [rules.NAME] and what stands below it.
func (c *config) setRule(e entry) error {
	rule, ok := rules.Find(e.path[1])
	if !ok {
		return unknownRule(e.path[1])
	}
	if len(e.path) == 2 {
		if !e.header {
			return fmt.Errorf("%s: is a table, not a value (write [rules.%s])", rule.Name, rule.Name)
		}
		return nil
	}
	s := c.rules[rule.Name]
	if err := setRuleKey(&s, rule, e); err != nil {
		return err
	}
	if s.From == nil {
		s.From = map[string]string{}
	}
	s.From[e.path[2]] = fmt.Sprintf("%s:%d", c.file, e.line)
	c.rules[rule.Name] = s
	return nil
}

func setRuleKey(s *rules.Setting, rule *rules.Rule, e entry) error {
	name := e.path[2]
	wrap := func(err error) error {
		if err != nil {
			return fmt.Errorf("%s of %s: %w", name, rule.Name, err)
		}
		return nil
	}
	switch name {
	case settingEnabled:
		on, err := boolOf(e.value)
		if err == nil && !on && rule.Always {
			return fmt.Errorf("%s cannot be switched off: it looks for signs that need a professional", rule.Name)
		}
		s.Enabled = &on
		return wrap(err)
	case settingSeverity:
		severity, err := severityOf(e.value)
		if err == nil && severity > rule.Max {
			err = fmt.Errorf("%s is more than its evidence carries (at most %s)", severity, rule.Max)
		}
		s.Severity = &severity
		return wrap(err)
	}
	i := slices.IndexFunc(rule.Params, func(p rules.Param) bool { return p.Name == name })
	if i < 0 {
		valid := []string{settingEnabled, settingSeverity}
		for _, p := range rule.Params {
			valid = append(valid, p.Name)
		}
		return unknownKey(name, valid)
	}
	value, err := numberOf(e.value, rule.Params[i].Min, rule.Params[i].Max)
	if s.Params == nil {
		s.Params = map[string]float64{}
	}
	s.Params[name] = value
	return wrap(err)
}

// unknownRule names the nearest rule, or says how to list them all: they are too many for one sentence.
func unknownRule(got string) error {
	var valid []string
	for _, r := range rules.All() {
		valid = append(valid, r.ID, r.Name)
	}
	if name, ok := nearest(got, valid); ok {
		return fmt.Errorf("unknown rule %q (did you mean %s? kneecheck rules lists them)", got, name)
	}
	return fmt.Errorf("unknown rule %q (kneecheck rules lists them)", got)
}

var severityNames = []string{"note", "warning", "high"}

func severityOf(v any) (rules.Severity, error) {
	s, err := stringOf(v)
	if err != nil {
		return 0, err
	}
	i := slices.Index(severityNames, s)
	if i < 0 {
		return 0, unknown("severity", s, severityNames)
	}
	return rules.Severity(i), nil
}

var shoeKeys = []string{"name", "since", "until", "start_km", "limit_km", "default"}

// maxShoeKM bounds start_km and limit_km: no pair has run further, and a number typed in metres is caught.
const maxShoeKM = 10000

// setShoe applies [[shoes]] and what stands below it.
func (c *config) setShoe(e entry, lines *[]int) error {
	if len(e.path) == 2 && e.header {
		c.shoes = append(c.shoes, analyze.Shoe{})
		*lines = append(*lines, e.line)
		return nil
	}
	if len(e.path) < 3 || len(c.shoes) == 0 {
		return errors.New("shoes is a list of tables (write [[shoes]] before each pair)")
	}
	shoe := &c.shoes[len(c.shoes)-1]
	var err error
	switch name := e.path[2]; name {
	case "name":
		shoe.Name, err = stringOf(e.value)
		shoe.Name = strings.TrimSpace(shoe.Name)
	case "since":
		shoe.Since, err = dateOf(e.value)
	case "until":
		shoe.Until, err = dateOf(e.value)
	case "start_km":
		shoe.StartKM, err = numberOf(e.value, 0, maxShoeKM)
	case "limit_km":
		shoe.LimitKM, err = numberOf(e.value, 1, maxShoeKM)
	case "default":
		var worn bool
		worn, err = boolOf(e.value)
		shoe.Named = !worn
	default:
		return unknownKey(name, shoeKeys)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", e.path[2], err)
	}
	return nil
}

// checkShoes checks what only a whole list shows. It returns the line of the first pair at fault.
func checkShoes(shoes []analyze.Shoe, lines []int) (int, error) {
	for i, line := range lines {
		if err := analyze.CheckShoes(shoes[:i+1]); err != nil {
			// The pairs before are in order, so every line of the error is about this one; the first is enough.
			first, _, _ := strings.Cut(err.Error(), "\n")
			return line, errors.New(first)
		}
	}
	return 0, nil
}
