package rules

// Enabled says whether the rule is judged under these settings.
func (s Settings) Enabled(r *Rule) bool {
	if r.Always {
		return true
	}
	if on := s[r.Name].Enabled; on != nil {
		return *on
	}
	return !r.Off
}

// switchedOn are the settings under which a rule is judged with its defaults, also one that is off by default.
func switchedOn(r *Rule) Settings {
	on := true
	return Settings{r.Name: {Enabled: &on}}
}

// severity is what a finding that the rule reported as v is shown as: the configured severity if there is one, and
// never above what the rule and its evidence support. A rule that is always on cannot be played down either.
func (s Settings) severity(r *Rule, v Severity) Severity {
	if set := s[r.Name].Severity; set != nil && !(r.Always && *set < v) {
		v = *set
	}
	return min(v, r.Ceiling())
}

// value is the number in force for a parameter of the rule.
func (s Settings) value(r *Rule, name string) float64 {
	if v, ok := s[r.Name].Params[name]; ok {
		return v
	}
	param, ok := r.Param(name)
	if !ok {
		panic("rules: " + r.ID + " has no parameter " + name)
	}
	return param.Default
}

// Effective is one parameter as it is in force.
type Effective struct {
	Param *Param
	Value float64
	// From says where it was set; it is empty for the default.
	From string
}

// Effective lists the parameters of a rule with the numbers in force, in the order of the rule.
func (s Settings) Effective(r *Rule) []Effective {
	set := s[r.Name]
	out := make([]Effective, len(r.Params))
	for i := range r.Params {
		p := &r.Params[i]
		out[i] = Effective{Param: p, Value: p.Default}
		if v, ok := set.Params[p.Name]; ok {
			out[i].Value, out[i].From = v, set.From[p.Name]
		}
	}
	return out
}
