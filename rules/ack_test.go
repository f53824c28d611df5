package rules

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

var (
	ackEvent = &Rule{ID: "KC901", Name: "event"}
	ackState = &Rule{ID: "KC902", Name: "state", State: true}
	ackGrows = &Rule{ID: "KC903", Name: "grows", State: true, Grows: true}
	ackFlag  = &Rule{ID: "KC904", Name: "flag", Always: true}
)

// ackLog is a log with a run, which is all that is asked of it.
func ackLog(asOf civil.Date) *analyze.Log {
	return &analyze.Log{AsOf: asOf, Runs: []*analyze.Run{{}}}
}

func TestAckCovers(t *testing.T) {
	since := civil.Date(100)
	over := Finding{Rule: ackEvent, Severity: Warning, From: 100, To: 106, Value: 1.29, Limit: 1.10, Unit: Ratio}
	under := Finding{Rule: ackState, Severity: Warning, From: 100, To: 106, Value: -13, Limit: -10, Unit: SPM}
	with := func(f Finding, change func(*Finding)) Finding { change(&f); return f }
	for _, c := range []struct {
		name string
		from Finding // what is acknowledged
		f    Finding
		want bool
	}{
		{"itself", over, over, true},
		{"next week's", over, with(over, func(f *Finding) { f.From, f.To = 107, 113 }), true},
		{"one from before", over, with(over, func(f *Finding) { f.From, f.To = 90, 96 }), false},
		{"less", over, with(over, func(f *Finding) { f.Value = 1.15 }), true},
		{"more", over, with(over, func(f *Finding) { f.Value = 1.30 }), false},
		{"milder and more", over, with(over, func(f *Finding) { f.Severity, f.Value = Note, 1.30 }), false},
		{"more severe", over, with(over, func(f *Finding) { f.Severity = High }), false},
		{"another rule", over, under, false},
		{"below the limit, itself", under, under, true},
		{"below the limit, less far", under, with(under, func(f *Finding) { f.Value = -11 }), true},
		{"below the limit, farther", under, with(under, func(f *Finding) { f.Value = -14 }), false},
		{"just at the limit", over, with(over, func(f *Finding) { f.Limit, f.Value = 1.4, 1.4 }), true},
		{"another subject", over, with(over, func(f *Finding) { f.Subject = "Race" }), true},
		{"another subject than the one named", with(over, func(f *Finding) { f.Subject = "Daily" }), with(over, func(f *Finding) { f.Subject = "Race" }), false},
		{"the subject named", with(over, func(f *Finding) { f.Subject = "Daily" }), with(over, func(f *Finding) { f.Subject = "daily" }), true},
		{"what grows by itself", with(over, func(f *Finding) { f.Rule, f.Value = ackGrows, 8 }), with(over, func(f *Finding) { f.Rule, f.Value = ackGrows, 11 }), true},
		{"what grows by itself, half as much again", with(over, func(f *Finding) { f.Rule, f.Value = ackGrows, 8 }), with(over, func(f *Finding) { f.Rule, f.Value = ackGrows, 12 }), false},
		{"a state that drifts", under, with(under, func(f *Finding) { f.Value = -13.9 }), true},
		{"a red flag", with(over, func(f *Finding) { f.Rule = ackFlag }), with(over, func(f *Finding) { f.Rule = ackFlag }), false},
		{
			"miles that print alike", with(over, func(f *Finding) { f.Unit, f.Value, f.Limit = Metres, 514000, 500000 }),
			with(over, func(f *Finding) { f.Unit, f.Value, f.Limit = Metres, 514040, 500000 }), true,
		},
	} {
		acks := Accept([]Finding{c.from}, 200, "x", "")
		if len(acks) != 1 || *acks[0].Since != since {
			t.Fatalf("%s: %+v", c.name, acks)
		}
		res := Result{Findings: []Finding{c.f}}
		uses := res.Acknowledge(acks, ackLog(150), nil, analyze.Miles, 0)
		if got := res.Findings[0].Ack != nil; got != c.want || (uses[0].Covers == 1) != c.want {
			t.Errorf("%s: covered %v, want %v (%+v)", c.name, got, c.want, uses[0])
		}
		res.Findings[0].Ack = nil
		if uses = res.Acknowledge(acks, ackLog(201), nil, analyze.Miles, 0); res.Findings[0].Ack != nil || !uses[0].Over || uses[0].Stale {
			t.Errorf("%s: an acknowledgement that is over covers: %+v", c.name, uses[0])
		}
	}
}

func TestAcceptTakesTheWorst(t *testing.T) {
	f := func(from civil.Date, s Severity, v float64, subject string) Finding {
		return Finding{Rule: ackEvent, Severity: s, From: from, To: from, Value: v, Limit: 1, Subject: subject}
	}
	acks := Accept([]Finding{f(10, Note, 1.2, ""), f(20, Warning, 1.5, ""), f(5, Note, 1.3, ""), f(7, Note, 2, "Race")}, 200, "x", "eva")
	if len(acks) != 2 {
		t.Fatalf("%+v", acks)
	}
	if a := acks[0]; *a.Since != 5 || a.Severity != Warning || a.Value != 1.5 || a.Athlete != "eva" {
		t.Errorf("%+v since %v", a, *a.Since)
	}
	if a := acks[1]; a.About != "Race" || a.Value != 2 {
		t.Errorf("%+v", a)
	}
}

// TestAcceptCoversAll: a note may lie further beyond the limit than a warning, as the rebound of a week does.
func TestAcceptCoversAll(t *testing.T) {
	note := Finding{Rule: ackEvent, Severity: Note, From: 10, To: 10, Value: 1.7, Limit: 1}
	warning := Finding{Rule: ackEvent, Severity: Warning, From: 20, To: 20, Value: 1.5, Limit: 1}
	for _, fs := range [][]Finding{{note, warning}, {warning, note}} {
		acks := Accept(fs, 200, "x", "")
		if len(acks) != 1 || acks[0].Severity != Warning || acks[0].Value != 1.7 {
			t.Errorf("%+v", acks)
		}
		res := Result{Findings: fs}
		if uses := res.Acknowledge(acks, ackLog(150), nil, analyze.Kilometres, 0); uses[0].Covers != 2 {
			t.Errorf("covers %d of 2", uses[0].Covers)
		}
	}
}

// A hint that an acknowledgement is stale must never be wrong: what was not looked at may still be there.
func TestStale(t *testing.T) {
	early, late := civil.Date(50), civil.Date(120)
	for _, c := range []struct {
		name  string
		ack   Ack
		since civil.Date
		res   Result
		log   *analyze.Log
		want  bool
	}{
		{"nothing found", Ack{Rule: ackEvent, Since: &late}, 100, Result{}, ackLog(150), true},
		{"begins before what was looked at", Ack{Rule: ackEvent, Since: &early}, 100, Result{}, ackLog(150), false},
		{"begins nowhere", Ack{Rule: ackEvent}, 100, Result{}, ackLog(150), false},
		{"a state is seen from anywhere", Ack{Rule: ackState, Since: &early}, 100, Result{}, ackLog(150), true},
		{"not judged", Ack{Rule: ackState}, 100, Result{NotJudged: []NotJudged{{Rule: ackState}}}, ackLog(150), false},
		{"switched off", Ack{Rule: &Rule{ID: "KC905", Name: "off", Off: true, State: true}}, 100, Result{}, ackLog(150), false},
		{"no run", Ack{Rule: ackState}, 100, Result{}, &analyze.Log{AsOf: 150}, false},
		{"another athlete's", Ack{Rule: ackState, Athlete: "eva"}, 100, Result{}, ackLog(150), false},
		{"outgrown", Ack{Rule: ackState, Value: 1}, 100, Result{Findings: []Finding{{Rule: ackState, To: 140, Value: 3, Limit: 1}}}, ackLog(150), false},
	} {
		c.ack.Until = 200
		if got := c.res.Acknowledge([]Ack{c.ack}, c.log, nil, analyze.Kilometres, c.since)[0].Stale; got != c.want {
			t.Errorf("%s: stale %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAcksComeBackFromTheirFile(t *testing.T) {
	since := civil.Date(20000)
	want := Ack{Line: 2, Rule: sessionSpike, Until: 20200, Reason: `a "race", planned`, Since: &since, Severity: High, Value: 2.125, About: "x", Athlete: "eva"}
	var line []string
	var head []string
	row := want.Row()
	for _, c := range AckColumns() {
		head = append(head, c.Name)
		line = append(line, `"`+strings.ReplaceAll(row[c.Name], `"`, `""`)+`"`)
	}
	got, err := ParseAcks("acks.csv", []byte(strings.Join(head, ",")+"\n"+strings.Join(line, ",")+"\n"))
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(want, got[0], cmp.Comparer(func(a, b *Rule) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	got, err = ParseAcks("acks.csv", []byte("rule,until,reason\nsession-spike,2026-11-30,x\n"))
	if err != nil || got[0].Severity != Warning || !math.IsNaN(got[0].Value) || got[0].Since != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTellNews(t *testing.T) {
	event := Finding{Rule: ackEvent, Severity: Warning, From: 100, To: 106, Value: 1.3, Limit: 1.1}
	state := Finding{Rule: ackState, Severity: Note, From: 80, To: 107, Value: -11, Limit: -10}
	with := func(f Finding, change func(*Finding)) Finding { change(&f); return f }
	later := with(state, func(f *Finding) { f.From, f.To = 87, 114 })
	streak := func(days int) Finding {
		return Finding{Rule: runStreak, Severity: Note, From: 99, To: 98 + civil.Date(days), Value: float64(days), Limit: 7, Unit: Days}
	}
	type step struct {
		name string
		asOf civil.Date
		res  Result
		want string // one letter a finding: n for news, r for reported before, a for acknowledged
	}
	for _, steps := range [][]step{
		{
			{"first", 107, Result{Findings: []Finding{event, state}}, "nn"},
			{"again", 107, Result{Findings: []Finding{event, state}}, "rr"},
			{"a week on, the state has moved", 114, Result{Findings: []Finding{event, later}}, "rr"},
			{"the week grows", 114, Result{Findings: []Finding{with(event, func(f *Finding) { f.To = 107 })}}, "r"},
		},
		{
			{"first", 107, Result{Findings: []Finding{event}}, "n"},
			{"worse", 107, Result{Findings: []Finding{with(event, func(f *Finding) { f.Value = 1.4 })}}, "n"},
			{"as bad as ever", 107, Result{Findings: []Finding{with(event, func(f *Finding) { f.Value = 1.4 })}}, "r"},
			{"better", 107, Result{Findings: []Finding{event}}, "r"},
			{"more severe", 107, Result{Findings: []Finding{with(event, func(f *Finding) { f.Severity = High })}}, "n"},
		},
		{
			{"a streak", 107, Result{Findings: []Finding{streak(8)}}, "n"},
			{"the next day", 108, Result{Findings: []Finding{streak(9)}}, "r"},
			{"three days on", 110, Result{Findings: []Finding{streak(11)}}, "r"},
			{"half as long again", 111, Result{Findings: []Finding{streak(12)}}, "n"},
			{"the day after that", 112, Result{Findings: []Finding{streak(13)}}, "r"},
			{"with pain", 113, Result{Findings: []Finding{with(streak(14), func(f *Finding) { f.Severity = Warning })}}, "n"},
		},
		{
			{"a state", 107, Result{Findings: []Finding{state}}, "n"},
			{"drifts", 108, Result{Findings: []Finding{with(state, func(f *Finding) { f.Value = -11.5 })}}, "r"},
			{"on and on", 109, Result{Findings: []Finding{with(state, func(f *Finding) { f.Value = -11.9 })}}, "r"},
			{"by a tenth of the limit", 110, Result{Findings: []Finding{with(state, func(f *Finding) { f.Value = -12 })}}, "n"},
		},
		{
			{"one of a day", 107, Result{Findings: []Finding{event}}, "n"},
			{"two of a day", 107, Result{Findings: []Finding{event, with(event, func(f *Finding) { f.Value = 1.2 })}}, "rn"},
			{"the same two", 107, Result{Findings: []Finding{event, with(event, func(f *Finding) { f.Value = 1.2 })}}, "rr"},
		},
		{
			{"a state", 107, Result{Findings: []Finding{state}}, "n"},
			{"not judged for a week", 108, Result{NotJudged: []NotJudged{{Rule: ackState}}}, ""},
			{"goes on", 114, Result{Findings: []Finding{later}}, "r"},
			{"ends", 115, Result{}, ""},
			{"begins again", 116, Result{Findings: []Finding{with(later, func(f *Finding) { f.To = 116 })}}, "n"},
		},
		{
			{"an event", 107, Result{Findings: []Finding{event}}, "n"},
			{"its file is unreadable", 108, Result{}, ""},
			{"and back", 109, Result{Findings: []Finding{event}}, "r"},
		},
		{
			{"acknowledged", 107, Result{Findings: []Finding{with(event, func(f *Finding) { f.Ack = &Ack{} })}}, "a"},
			{"no more", 107, Result{Findings: []Finding{event}}, "n"},
		},
		{
			{"a red flag", 107, Result{Findings: []Finding{with(state, func(f *Finding) { f.Rule = ackFlag })}}, "n"},
			{"is told each time", 107, Result{Findings: []Finding{with(state, func(f *Finding) { f.Rule = ackFlag })}}, "n"},
		},
		{
			{"one pair", 107, Result{Findings: []Finding{with(state, func(f *Finding) { f.Subject = "A" })}}, "n"},
			{"another", 107, Result{Findings: []Finding{with(state, func(f *Finding) { f.Subject = "A" }), with(state, func(f *Finding) { f.Subject = "B" })}}, "rn"},
		},
	} {
		var told []Told
		for _, s := range steps {
			told = s.res.TellNews(told, ackLog(s.asOf), s.asOf-14, s.asOf, analyze.Kilometres)
			got := ""
			for _, f := range s.res.Findings {
				switch {
				case f.Ack != nil:
					got += "a"
				case f.Reported:
					got += "r"
				default:
					got += "n"
				}
			}
			if got != s.want {
				t.Errorf("%s, %s: %q, want %q", steps[0].name, s.name, got, s.want)
			}
		}
	}
}
