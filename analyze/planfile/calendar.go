package planfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"kneecheck/ingest/civil"
)

const (
	// maxEvents is more than a private calendar of many years holds.
	maxEvents = 20_000
	// maxRepeating bounds the events that repeat, each of which costs some thousand steps at most.
	maxRepeating = 500
	// maxLine bounds a line of the calendar; those that matter are short.
	maxLine = 4096
	// maxUnclear is how many unclear events are kept; a calendar is full of them.
	maxUnclear = 1000
)

// event is what is read of one event of a calendar.
type event struct {
	uid, summary string
	date         civil.Date
	rule         string
	// except are the days taken out of the repeats, also those that an event of their own replaces; more are added to them.
	except, more []civil.Date
	// replaces is the day of the repeat that the event stands for, if any.
	replaces *civil.Date
	// durationS is what the calendar sets aside, which is no running time; it is not used.
}

func (p *Plan) readCalendar(data []byte, o Options) error {
	events, err := p.events(data, o)
	if err != nil {
		return err
	}
	repeating := 0
	for i := range events {
		e := &events[i]
		if e.replaces != nil {
			for j := range events {
				if events[j].uid == e.uid && events[j].rule != "" {
					events[j].except = append(events[j].except, *e.replaces)
				}
			}
		}
	}
	for i := range events {
		e := &events[i]
		if notRuns().MatchString(e.summary) && !runs().MatchString(e.summary) {
			p.Other++
			continue
		}
		distM := distance(e.summary)
		days := append([]civil.Date{e.date}, e.more...)
		if e.rule != "" {
			if repeating++; repeating > maxRepeating {
				return fmt.Errorf("%s: has more than %d events that repeat, which is no plan", p.File, maxRepeating)
			}
			repeats, err := e.repeats(o)
			if err != nil {
				p.unclear(e, err.Error())
				continue
			}
			days = append(repeats, e.more...)
		}
		days = slices.DeleteFunc(days, func(d civil.Date) bool { return slices.Contains(e.except, d) })
		slices.Sort(days)
		for k, day := range slices.Compact(days) {
			if day > o.AsOf+MaxAheadDays {
				continue // a calendar may reach further than a plan
			}
			if distM == 0 {
				if k == 0 && day >= o.AsOf {
					p.unclear(e, "")
				}
				continue
			}
			run := Run{Date: day, DistM: distM, DurationS: math.NaN(), Kind: kindOf(e.summary), Note: e.summary}
			if err := p.add(run, o); err != nil {
				return fmt.Errorf("%s: %w", p.File, err)
			}
		}
	}
	return nil
}

// unclear keeps an event that is no run of a known length.
func (p *Plan) unclear(e *event, why string) {
	if len(p.Unclear) >= maxUnclear {
		return
	}
	s := e.date.Time().Format("Mon 2 Jan 2006") + ": " + e.summary
	if why != "" {
		s += " (" + why + ")"
	}
	p.Unclear = append(p.Unclear, s)
}

// events reads the events that matter: what is left out is counted nowhere, such as cancelled ones.
func (p *Plan) events(data []byte, o Options) (events []event, err error) {
	// The library panics on some broken lines; what it makes of them is of no interest.
	defer func() {
		if v := recover(); v != nil {
			events, err = nil, fmt.Errorf("%s: is no calendar that can be read (%v)", p.File, v)
		}
	}()
	lean, err := leanCalendar(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.File, err)
	}
	for d := ical.NewDecoder(bytes.NewReader(lean)); ; {
		cal, err := d.Decode()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: is no calendar that can be read (%s)", p.File, strings.TrimPrefix(err.Error(), "ical: "))
		}
		for _, c := range cal.Children {
			if len(events) >= maxEvents {
				return nil, fmt.Errorf("%s: has more than %d events, which is no plan", p.File, maxEvents)
			}
			e, ok, why := readEvent(c, o.Zone)
			if why != "" {
				p.unclear(&e, why)
			}
			if ok {
				events = append(events, e)
			}
		}
	}
}

// kept are the lines of an event that matter.
var kept = []string{"UID", "SUMMARY", "STATUS", "DTSTART", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}

// leanCalendar takes from a calendar what a plan needs, so that the library sees neither deep nests nor long lines.
func leanCalendar(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\n "), nil)
	data = bytes.ReplaceAll(data, []byte("\n\t"), nil)
	var out bytes.Buffer
	var open []string
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		name := strings.ToUpper(string(line[:max(0, bytes.IndexAny(line, ";:"))]))
		value := strings.ToUpper(string(line[min(len(line), len(name)+1):min(len(line), len(name)+64)]))
		inEvent := len(open) == 2 && open[1] == "VEVENT"
		switch {
		case name == "BEGIN":
			if len(open) < 2 && (len(open) == 0) != (value == "VCALENDAR") {
				return nil, errors.New("is no calendar: it does not begin with BEGIN:VCALENDAR")
			}
			if open = append(open, value); len(open) > 16 {
				return nil, errors.New("nests deeper than any calendar")
			}
			if len(open) == 1 || len(open) == 2 && value == "VEVENT" {
				out.WriteString("BEGIN:" + value + "\n")
			}
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				return nil, fmt.Errorf("END:%s stands where nothing of it began", strings.ToValidUTF8(value, "�"))
			}
			if len(open) == 1 || inEvent {
				out.WriteString("END:" + value + "\n")
			}
			open = open[:len(open)-1]
		case inEvent && slices.Contains(kept, name):
			if len(line) > maxLine {
				line = line[:maxLine]
			}
			out.Write(bytes.ToValidUTF8(line, []byte("�")))
			out.WriteByte('\n')
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("ends in the middle of a %s", open[len(open)-1])
	}
	return out.Bytes(), nil
}

// readEvent reads one event: ok is false when it is of no use, and why says so when a person should know.
func readEvent(c *ical.Component, zone *time.Location) (e event, ok bool, why string) {
	text := func(name string) string {
		s, err := c.Props.Text(name)
		if err != nil {
			if p := c.Props.Get(name); p != nil {
				return p.Value
			}
		}
		return strings.Join(strings.Fields(s), " ")
	}
	e.uid, e.summary = text(ical.PropUID), text(ical.PropSummary)
	if strings.EqualFold(text(ical.PropStatus), "CANCELLED") && c.Props.Get(ical.PropRecurrenceID) == nil {
		return e, false, ""
	}
	start := c.Props.Get(ical.PropDateTimeStart)
	if start == nil {
		return e, false, "it has no start"
	}
	e.date, ok = dayOf(start.Value, zone)
	if !ok {
		return e, false, "its start is no date"
	}
	if rule := c.Props.Get(ical.PropRecurrenceRule); rule != nil {
		e.rule = rule.Value
	}
	e.except = days(c.Props.Values(ical.PropExceptionDates), zone)
	e.more = days(c.Props.Values(ical.PropRecurrenceDates), zone)
	if id := c.Props.Get(ical.PropRecurrenceID); id != nil {
		if day, ok := dayOf(id.Value, zone); ok {
			e.replaces = &day
		}
	}
	if strings.EqualFold(text(ical.PropStatus), "CANCELLED") {
		e.summary, e.more = "rest", nil // it takes its day out of the repeats and is nothing itself
	}
	return e, true, ""
}

// days are the days of a list of dates; what is no date is left out.
func days(props []ical.Prop, zone *time.Location) []civil.Date {
	var out []civil.Date
	for _, p := range props {
		for _, s := range strings.Split(p.Value, ",") {
			s, _, _ = strings.Cut(s, "/") // a period
			if day, ok := dayOf(s, zone); ok {
				out = append(out, day)
			}
		}
	}
	return out
}

// dayOf is the local calendar day of a date or date-time: its own digits, or for a time in UTC the day in the zone.
func dayOf(s string, zone *time.Location) (civil.Date, bool) {
	layout := "20060102"
	switch {
	case strings.HasSuffix(s, "Z"):
		layout = "20060102T150405Z"
	case strings.Contains(s, "T"):
		layout = "20060102T150405"
	}
	t, err := time.Parse(layout, strings.TrimSpace(s))
	if err != nil {
		return 0, false
	}
	if zone != nil && strings.HasSuffix(layout, "Z") {
		t = t.In(zone)
	}
	return civil.Of(t), true
}

// firstYear is before any plan; a rule that begins earlier would have to be followed through ages.
const firstYear = 1990

// ruleParts are the parts of a rule that are followed, by frequency: those that find a day within a year or two, because the
// library looks for one until the year 9999.
var ruleParts = map[rrule.Frequency][]string{
	rrule.DAILY:   {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"},
	rrule.WEEKLY:  {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"},
	rrule.MONTHLY: {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY"},
	rrule.YEARLY:  {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"},
}

// repeats are the days of a repeating event up to a year after the as-of day.
func (e *event) repeats(o Options) ([]civil.Date, error) {
	if e.date < civil.New(firstYear, time.January, 1) {
		return nil, errors.New("it repeats since before " + fmt.Sprint(firstYear))
	}
	// The library warns of nothing that it does not know, and takes the zone of UNTIL: only days matter here.
	var parts []string
	for _, part := range strings.Split(strings.ToUpper(e.rule), ";") {
		name, value, _ := strings.Cut(part, "=")
		if name == "UNTIL" {
			day, ok := dayOf(value, o.Zone)
			if !ok {
				return nil, errors.New("the end of its repeats is no date")
			}
			value = day.Time().Format("20060102T150405Z")
			part = name + "=" + value
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	option, err := rrule.StrToROption(strings.Join(parts, ";"))
	if err != nil {
		return nil, errors.New("its repeats cannot be read")
	}
	for _, part := range parts {
		if name, _, _ := strings.Cut(part, "="); !slices.Contains(ruleParts[option.Freq], name) {
			return nil, fmt.Errorf("repeats by %s are not followed", strings.ToLower(name))
		}
	}
	far := func(d rrule.Weekday) bool { return d.N() < -4 || d.N() > 4 }
	if option.Interval < 0 || option.Interval > 1000 || len(option.Byweekday) > 14 || len(option.Bymonthday) > 31 ||
		slices.ContainsFunc(option.Byweekday, far) || len(option.Byweekday) > 0 && len(option.Bymonthday) > 0 {
		return nil, errors.New("repeats like these are not followed")
	}
	option.Dtstart = e.date.Time()
	last := o.AsOf + MaxAheadDays
	if end := last.Time(); option.Until.IsZero() || option.Until.After(end) {
		option.Until = end
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, errors.New("its repeats cannot be read")
	}
	var out []civil.Date
	for next := rule.Iterator(); ; {
		t, more := next()
		if day := civil.Of(t); !more || day > last {
			return out, nil
		} else if day >= o.AsOf {
			out = append(out, day)
		}
	}
}
