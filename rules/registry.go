package rules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// All returns every rule in order of ID.
func All() []*Rule {
	return []*Rule{
		sessionSpike,
		tenPercent,
		layoffReturn,
		acwr,
		monotony,
		longRunShare,
		kneeLoadJump,
		lowCadence,
		cadenceDrop,
		cadenceFade,
		longSteps,
		hardSurface,
		surfaceShift,
		treadmillMonotony,
		downhillLoad,
		noRestAfterLongRun,
		runStreak,
		hardDaysInARow,
		strengthGap,
		shoeMileage,
		onePair,
		painRun,
		redFlag,
		painPersists,
	}
}

// Find returns the rule of an ID or name, in any case.
func Find(idOrName string) (*Rule, bool) {
	for _, r := range All() {
		if strings.EqualFold(r.ID, idOrName) || strings.EqualFold(r.Name, idOrName) {
			return r, true
		}
	}
	return nil, false
}

// The forms of names. Nobody waits for them who only starts the program.
var (
	idForm    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^KC[1-9][0-9]{2}$`) })
	nameForm  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`) })
	paramForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`) })
)

// maxTitle is the longest title in letters, so that a catalogue has one line a rule.
const maxTitle = 60

// Validate checks that a catalogue is complete and consistent. It names every fault it finds.
func Validate(all []*Rule) error {
	var faults []error
	seen := map[string]bool{}
	last := ""
	for _, r := range all {
		if seen[r.ID] || seen[r.Name] {
			faults = append(faults, fmt.Errorf("%s %s: ID or name is used twice", r.ID, r.Name))
		}
		seen[r.ID], seen[r.Name] = true, true
		if r.ID <= last {
			faults = append(faults, fmt.Errorf("%s: not in order of ID", r.ID))
		}
		last = r.ID
		for _, fault := range r.faults() {
			faults = append(faults, fmt.Errorf("%s: %s", r.ID, fault))
		}
	}
	return errors.Join(faults...)
}

// faults says in words what a rule lacks.
func (r *Rule) faults() []string {
	var out []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	check(idForm().MatchString(r.ID), "the ID is not KC and three digits")
	check(nameForm().MatchString(r.Name), "the name %q is not lower-case words joined by hyphens", r.Name)
	check(r.Title != "" && utf8.RuneCountInString(r.Title) <= maxTitle, "the title is empty or above %d letters", maxTitle)
	check(!strings.HasSuffix(r.Title, "."), "the title ends in a period")
	for _, text := range []struct{ what, text string }{
		{"why", r.Why}, {"fires", r.Fires}, {"silent", r.Silent},
		{"evidence", r.Evidence.Says}, {"caveat", r.Evidence.Caveat},
	} {
		check(strings.HasSuffix(text.text, "."), "%s is not a sentence", text.what)
		check(!strings.Contains(text.text, "!"), "%s shouts", text.what)
	}
	switch r.Evidence.Grade {
	case Strong, Moderate, Weak:
		check(len(r.Evidence.Refs) > 0, "graded %s without a source", r.Evidence.Grade)
	case Convention:
	default:
		check(false, "unknown grade %q", r.Evidence.Grade)
	}
	check(r.Max == r.Ceiling(), "may report %s on %s evidence", r.Max, r.Evidence.Grade)
	check(r.Judge != nil, "nothing judges")
	names := map[string]bool{}
	for _, p := range r.Params {
		check(paramForm().MatchString(p.Name) && !names[p.Name], "parameter %q: bad or used twice", p.Name)
		names[p.Name] = true
		check(p.Min < p.Max && p.Min <= p.Default && p.Default <= p.Max, "parameter %s: default %v outside %v to %v", p.Name, p.Default, p.Min, p.Max)
		check(p.Unit != "" && strings.HasSuffix(p.Doc, "."), "parameter %s: no unit or no sentence about it", p.Name)
	}
	for i, kind := range []ExampleKind{Fires, Silent, AtLimit} {
		has := false
		for _, e := range r.Examples {
			has = has || e.Kind == kind
		}
		check(has, "no example that %s", [...]string{"fires", "is silent", "meets the limit"}[i])
	}
	return out
}
