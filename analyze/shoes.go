package analyze

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kneecheck/ingest/civil"
)

// wearShoes gives each run without a pair the one worn by default on its day and sums what each pair has run. Pairs that
// only the runs name follow the configured ones, in order of name. Where two pairs are the default the run stays without.
func (l *Log) wearShoes() {
	l.Shoes = slices.DeleteFunc(slices.Clone(l.Shoes), func(s Shoe) bool { return s.FromRuns })
	configured := l.Shoes
	byName := map[string]int{}
	for i := range l.Shoes {
		l.Shoes[i].DistM = 0
		byName[shoeKey(l.Shoes[i].Name)] = i
	}
	for i := range l.Runs {
		r := l.Runs[i]
		shoe := strings.TrimSpace(r.Shoe)
		if shoe == "" {
			if d, other := defaults(configured, r.Date); d >= 0 && other < 0 {
				shoe = configured[d].Name
			}
		}
		if shoe != "" {
			s, known := byName[shoeKey(shoe)]
			if !known {
				s = len(l.Shoes)
				byName[shoeKey(shoe)] = s
				l.Shoes = append(l.Shoes, Shoe{Name: shoe, FromRuns: true})
			}
			shoe = l.Shoes[s].Name
			l.Shoes[s].DistM += orZero(r.DistM)
		}
		if shoe != r.Shoe { // the run itself is shared
			worn := *r
			worn.Shoe = shoe
			l.Runs[i] = &worn
		}
	}
	slices.SortFunc(l.Shoes[len(configured):], func(a, b Shoe) int { return strings.Compare(a.Name, b.Name) })
}

// wornOn tells whether a run names a pair or one is the default on its day.
func (l *Log) wornOn(r *Run) bool {
	return strings.TrimSpace(r.Shoe) != "" ||
		slices.ContainsFunc(l.Shoes, func(s Shoe) bool { return !s.FromRuns && s.worn(r.Date) })
}

// shoeKey lets an export and a configuration spell a pair's name in different case.
func shoeKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// worn reports whether the pair is the default on day d.
func (s *Shoe) worn(d civil.Date) bool {
	return !s.Named && (s.Since == nil || *s.Since <= d) && (s.Until == nil || d <= *s.Until)
}

// defaults are the indices of the first two pairs worn by default on a day, −1 where there is none.
func defaults(shoes []Shoe, d civil.Date) (first, second int) {
	first = -1
	for i := range shoes {
		switch {
		case !shoes[i].worn(d):
		case first < 0:
			first = i
		default:
			return first, i
		}
	}
	return first, -1
}

// ShoeClash is a day on which the configuration leaves open which of two pairs was worn by the runs that name none.
type ShoeClash struct {
	// First and Second are the indices of the pairs.
	First, Second int
	// Runs is how many runs are in doubt between pairs, and File and Date are those of the first.
	Runs int
	File string
	Date civil.Date
}

// FindShoeClash looks for runs without a pair of their own on days on which two are worn by default; nil when there is none.
// Pairs whose periods overlap are no fault as long as every run there names its own, as those of an export do.
func FindShoeClash(runs []Run, shoes []Shoe) *ShoeClash {
	overlap := false
	for i := range shoes {
		for _, before := range shoes[:i] {
			overlap = overlap || bothWorn(before, shoes[i]) != nil
		}
	}
	if !overlap {
		return nil
	}
	var clash *ShoeClash
	for _, r := range mergeCopies(runs) {
		first, second := defaults(shoes, r.Date)
		if strings.TrimSpace(r.Shoe) != "" || second < 0 {
			continue
		}
		if clash == nil {
			clash = &ShoeClash{First: first, Second: second, File: r.File, Date: r.Date}
		}
		clash.Runs++
	}
	return clash
}

// Explain says what is open and what is to be done, as an error.
func (c *ShoeClash) Explain(shoes []Shoe) error {
	doubt := fmt.Sprintf("the run of %s (%s) names no pair", c.Date, c.File)
	if c.Runs > 1 {
		doubt = fmt.Sprintf("%d runs name no pair there (the first on %s: %s)", c.Runs, c.Date, c.File)
	}
	return fmt.Errorf("%w; %s. A pair with default = false is worn only by runs that name it", bothWorn(shoes[c.First], shoes[c.Second]), doubt)
}

// UnattributedM is the distance since a day, that day included, that is on no pair of shoes.
func (l *Log) UnattributedM(since civil.Date) float64 {
	first, end := l.RunRange(since, l.AsOf)
	sum := 0.0
	for i := first; i < end; i++ {
		if l.Runs[i].Shoe == "" {
			sum += orZero(l.Runs[i].DistM)
		}
	}
	return sum
}

// CheckShoes checks configured pairs one by one: names that are there and differ, distances and dates that can be. The
// error has a line for everything that is wrong, in order.
func CheckShoes(shoes []Shoe) error {
	var errs []error
	for i := range shoes {
		errs = append(errs, checkShoe(shoes, i)...)
	}
	return errors.Join(errs...)
}

// ValidateShoes is CheckShoes and asks for at most one pair worn by default on any day, as a log needs whose runs name none.
func ValidateShoes(shoes []Shoe) error {
	var errs []error
	for i := range shoes {
		errs = append(errs, checkShoe(shoes, i)...)
		for _, before := range shoes[:i] {
			if shoeKey(before.Name) != shoeKey(shoes[i].Name) || shoeKey(before.Name) == "" {
				errs = append(errs, bothWorn(before, shoes[i]))
			}
		}
	}
	return errors.Join(errs...)
}

// checkShoe checks pair i by itself and against the names before.
func checkShoe(shoes []Shoe, i int) []error {
	var errs []error
	s := shoes[i]
	switch {
	case shoeKey(s.Name) == "":
		errs = append(errs, fmt.Errorf("shoes: pair %d has no name", i+1))
	case !(s.StartKM >= 0) || !(s.LimitKM >= 0):
		errs = append(errs, fmt.Errorf("shoes: %q: start_km and limit_km cannot be below 0", s.Name))
	case s.Since != nil && s.Until != nil && *s.Until < *s.Since:
		errs = append(errs, fmt.Errorf("shoes: %q: until %s is before since %s", s.Name, *s.Until, *s.Since))
	}
	for _, before := range shoes[:i] {
		if shoeKey(before.Name) == shoeKey(s.Name) && shoeKey(s.Name) != "" {
			errs = append(errs, fmt.Errorf("shoes: two pairs are called %q; give each its own name", s.Name))
		}
	}
	return errs
}

// bothWorn says when two pairs are both the default, and how to mend it.
func bothWorn(a, b Shoe) error {
	if a.Named || b.Named {
		return nil
	}
	if earlier(b.Since, a.Since) {
		a, b = b, a
	}
	// b begins no earlier than a: the days in common run from b's first to the earlier last.
	from, until := b.Since, a.Until
	if until == nil || b.Until != nil && *b.Until < *until {
		until = b.Until
	}
	if from != nil && until != nil && *until < *from {
		return nil
	}
	mend := "give the dates so that one begins (since) after the other ends (until)"
	if from != nil && earlier(a.Since, from) {
		mend = fmt.Sprintf("let %q end with until %s", a.Name, *from-1)
	}
	return fmt.Errorf("shoes: %q (%s) and %q (%s) are both worn by default %s; %s",
		a.Name, period(a.Since, a.Until), b.Name, period(b.Since, b.Until), period(from, until), mend)
}

// earlier compares first days, of which nil is the earliest.
func earlier(a, b *civil.Date) bool { return b != nil && (a == nil || *a < *b) }

// period writes a period with open ends in words.
func period(from, until *civil.Date) string {
	switch {
	case from == nil && until == nil:
		return "on all days"
	case from == nil:
		return "until " + until.String()
	case until == nil:
		return "since " + from.String()
	}
	return "from " + from.String() + " to " + until.String()
}
