package lognote

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// maxWeeks bounds a note, so that a slip of the pen cannot fill the memory.
const maxWeeks = 1040

var (
	ruleID     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^KC[0-9]{3}$`) })
	severities = []string{"note", "warning", "high"}
)

// weekLine is one week line before its wants are bound: the day it begins and the last day it gives.
type weekLine struct {
	start, last civil.Date
	wants       []Want
}

type parser struct {
	note     Note
	every    attributes
	altitude ingest.ElevSource
	asOf     *civil.Date
	weeks    []weekLine
}

// Parse reads a note and builds its log. An error names the line and what was expected there.
func Parse(text string) (*Note, error) {
	p := &parser{every: defaults(), note: Note{Options: analyze.Options{HeightCM: unknown, WeekStart: time.Monday}}}
	for i, line := range strings.Split(text, "\n") {
		if err := p.line(i+1, line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	n := &p.note
	if err := analyze.ValidateShoes(n.Options.Shoes); err != nil {
		return nil, err
	}
	n.Log = analyze.Build(n.Runs, n.Strength, n.Options)
	return n, nil
}

func (p *parser) line(number int, line string) error {
	line, comment, _ := strings.Cut(line, "#")
	if words := strings.Fields(line); len(words) > 0 {
		if err := p.statement(words[0], words[1:]); err != nil {
			return err
		}
		if words[0] != "week" && strings.HasPrefix(strings.TrimSpace(comment), "want ") {
			return fmt.Errorf("a want ends a week line or stands on a line of its own below it")
		}
	}
	for part := range strings.SplitSeq(comment, "#") {
		if err := p.comment(number, strings.Fields(part)); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) statement(keyword string, args []string) error {
	switch keyword {
	case "week":
		return p.week(args)
	case "athlete":
		return p.athlete(args)
	case "every", "altitude", "weekstart":
		return p.preamble(keyword, args)
	case "asof":
		return p.setAsOf(args)
	case "strength":
		return p.strength(args)
	case "shoe":
		return p.shoe(args)
	case "pain":
		return p.pain(args)
	}
	return fmt.Errorf("%q is unknown: a line begins with week, athlete, every, altitude, weekstart, asof, strength, shoe or pain", keyword)
}

// preamble handles the lines that say how weeks are to be read and so cannot come after the first.
func (p *parser) preamble(keyword string, args []string) error {
	if keyword != "every" && len(p.weeks) > 0 {
		return fmt.Errorf("%s must come before the first week", keyword)
	}
	if len(args) == 0 {
		return fmt.Errorf("%s needs a value", keyword)
	}
	if keyword == "every" {
		p.every = defaults()
		return p.every.read(strings.Join(args, ""))
	}
	if len(args) > 1 {
		return fmt.Errorf("%s takes one value, found %q after it", keyword, args[1])
	}
	if keyword == "altitude" {
		p.altitude = ingest.ElevSource(args[0])
		if p.altitude != ingest.Barometer && p.altitude != ingest.GPSAltitude {
			return fmt.Errorf("altitude %q is unknown: barometer or gps", args[0])
		}
		return nil
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.ToLower(d.String()) == args[0] {
			p.note.Options.WeekStart = d
			return nil
		}
	}
	return fmt.Errorf("weekstart %q is no day such as monday or sunday", args[0])
}

func (p *parser) athlete(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "novice":
		p.note.Options.Novice = true
		return nil
	case len(args) == 2 && args[0] == "height":
		cm, err := whole(args[1])
		if err != nil || cm < 100 || cm > 250 {
			return fmt.Errorf("height %q is no number of centimetres from 100 to 250", args[1])
		}
		p.note.Options.HeightCM = float64(cm)
		return nil
	}
	return fmt.Errorf("after athlete comes novice, or height and centimetres")
}

func (p *parser) setAsOf(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("asof takes one date")
	}
	d, err := civil.Parse(args[0])
	p.asOf = &d
	return err
}

func (p *parser) strength(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("strength needs a date")
	}
	for _, a := range args {
		d, err := civil.Parse(a)
		if err != nil {
			return err
		}
		p.note.Strength = append(p.note.Strength, analyze.Strength{Date: d, File: d.String() + "-strength.fit"})
	}
	return nil
}

func (p *parser) shoe(args []string) error {
	named := slices.IndexFunc(args, func(a string) bool { return slices.Contains([]string{"start", "limit", "since", "until"}, a) })
	if named < 0 {
		named = len(args)
	}
	s := analyze.Shoe{Name: strings.Join(args[:named], " ")}
	if s.Name == "" {
		return fmt.Errorf("a shoe needs a name")
	}
	for rest := args[named:]; len(rest) > 0; rest = rest[2:] {
		if len(rest) == 1 {
			return fmt.Errorf("%s needs a value", rest[0])
		}
		var err error
		switch rest[0] {
		case "start":
			s.StartKM, err = number(rest[1])
		case "limit":
			s.LimitKM, err = number(rest[1])
		case "since":
			s.Since, err = date(rest[1])
		case "until":
			s.Until, err = date(rest[1])
		default:
			err = fmt.Errorf("%q is unknown: after a shoe's name come start, limit, since or until with a value", rest[0])
		}
		if err != nil {
			return err
		}
	}
	p.note.Options.Shoes = append(p.note.Options.Shoes, s)
	return nil
}

// week reads the place, the repetition and the cells of a week line.
func (p *parser) week(args []string) error {
	start, times, cells, err := p.place(args)
	if err != nil {
		return err
	}
	if n := len(p.weeks); n > 0 {
		before := p.weeks[n-1]
		if (before.last + 1).WeekStart(p.note.Options.WeekStart) != before.last+1 {
			return fmt.Errorf("the week before has %d cells; only the last week may have fewer than 7", int(before.last-before.last.WeekStart(p.note.Options.WeekStart))+1)
		}
		if start <= before.last {
			return fmt.Errorf("week %s does not come after the line before, which ends on %s", start, before.last)
		}
	}
	if len(cells) == 0 || len(cells) > 7 || len(cells) < 7 && times > 1 {
		return fmt.Errorf("a week has 7 cells, found %d", len(cells))
	}
	first := start
	if len(p.weeks) > 0 {
		first = p.weeks[0].start
	}
	end := start + civil.Date(7*(times-1))
	if end-first >= 7*maxWeeks {
		return fmt.Errorf("a note ends within %d weeks of its first", maxWeeks)
	}
	for monday := start; monday <= end; monday += 7 {
		for i, c := range cells {
			runs, err := p.cell(monday+civil.Date(i), c)
			if err != nil {
				return fmt.Errorf("day %d, %q: %w", i+1, c, err)
			}
			p.note.Runs = append(p.note.Runs, runs...)
		}
	}
	p.weeks = append(p.weeks, weekLine{start: start, last: end + civil.Date(len(cells)) - 1})
	return nil
}

// place reads "2024-03-04", "+1" or nothing, then perhaps "x6", and returns the cells left.
func (p *parser) place(args []string) (start civil.Date, times int, cells []string, err error) {
	const expected = "after week comes the date of its first day, +N for N weeks after the line before, or xN to repeat"
	if len(args) == 0 {
		return 0, 0, nil, errors.New(expected)
	}
	weeksOn, place := 1, args[0]
	switch {
	case strings.HasPrefix(place, "+"):
		if weeksOn, err = count(place[1:]); err != nil {
			return 0, 0, nil, err
		}
		args = args[1:]
	case strings.Contains(place, "-"):
		if start, err = civil.Parse(place); err != nil {
			return 0, 0, nil, err
		}
		if first := start.WeekStart(p.note.Options.WeekStart); first != start {
			return 0, 0, nil, fmt.Errorf("%s is a %s; the week begins on %s %s", start, start.Weekday(), first.Weekday(), first)
		}
		weeksOn, args = 0, args[1:]
	case !strings.HasPrefix(place, "x"):
		return 0, 0, nil, fmt.Errorf("%q: %s", place, expected)
	}
	if weeksOn > 0 {
		if len(p.weeks) == 0 {
			return 0, 0, nil, fmt.Errorf("the first week needs a date")
		}
		last := p.weeks[len(p.weeks)-1].last
		start = last.WeekStart(p.note.Options.WeekStart) + civil.Date(7*weeksOn)
	}
	times = 1
	if len(args) > 0 && strings.HasPrefix(args[0], "x") {
		if times, err = count(args[0][1:]); err != nil {
			return 0, 0, nil, err
		}
		args = args[1:]
	}
	return start, times, args, nil
}

func (p *parser) comment(number int, words []string) error {
	if len(words) == 0 || words[0] != "want" && words[0] != "want-not-judged" {
		return nil
	}
	if len(words) == 1 || !ruleID().MatchString(words[1]) {
		return fmt.Errorf("%s needs a rule such as KC101", words[0])
	}
	rule, rest := words[1], words[2:]
	if words[0] == "want-not-judged" {
		p.note.NotJudgedWants = append(p.note.NotJudgedWants, NotJudgedWant{Line: number, Rule: rule, Text: strings.Join(rest, " ")})
		return nil
	}
	if len(p.weeks) == 0 {
		return fmt.Errorf("want %s has no week line to belong to", rule)
	}
	w := Want{Line: number, Rule: rule}
	if len(rest) > 0 && slices.Contains(severities, rest[0]) {
		w.Severity, rest = rest[0], rest[1:]
	}
	w.Text = strings.Join(rest, " ")
	last := &p.weeks[len(p.weeks)-1]
	last.wants = append(last.wants, w)
	return nil
}

// finish sets the as-of date and gives each want the days of its line.
func (p *parser) finish() error {
	if len(p.weeks) == 0 && p.asOf == nil {
		return fmt.Errorf("a note needs a week line, or an asof line when it has no run")
	}
	n := &p.note
	if len(p.weeks) > 0 {
		n.Options.AsOf = p.weeks[len(p.weeks)-1].last
	}
	if p.asOf != nil {
		if len(p.weeks) > 0 && *p.asOf-p.weeks[0].start >= 7*maxWeeks {
			return fmt.Errorf("asof %s: a note ends within %d weeks of its first", *p.asOf, maxWeeks)
		}
		n.Options.AsOf = *p.asOf
	}
	for i, w := range p.weeks {
		to := max(w.last, n.Options.AsOf)
		if i+1 < len(p.weeks) {
			to = p.weeks[i+1].start - 1
		}
		for _, want := range w.wants {
			want.From, want.To = w.start, to
			n.Wants = append(n.Wants, want)
		}
	}
	return nil
}

func date(s string) (*civil.Date, error) {
	d, err := civil.Parse(s)
	return &d, err
}

func number(s string) (float64, error) {
	v, rest, err := leadingNumber(s)
	if err != nil || rest != "" {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return v, nil
}

// whole reads digits alone, without the sign that strconv.Atoi lets pass.
func whole(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err
}

// count reads the N of +N and xN.
func count(s string) (int, error) {
	n, err := whole(s)
	if err != nil || n < 1 || n > maxWeeks {
		return 0, fmt.Errorf("%q is no number of weeks from 1 to %d", s, maxWeeks)
	}
	return n, nil
}
