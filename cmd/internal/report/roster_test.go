package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// named gives an input an athlete.
func named(in Input, name string) Input {
	in.Log.Athlete, in.Title = name, name
	return in
}

// someAthletes are athletes of every urgency, in no order, with names that are hard to print.
func someAthletes(t *testing.T, weekly bool) []Athlete {
	t.Helper()
	km := analyze.Kilometres
	inputs := []Input{
		named(input(t, steadyNote, 8, km), "steady"),
		named(noRuns(), "nobody & <nothing>"),
		named(input(t, richNote, 10, km), "東京マラソン 走る人 ABCDEFGH"),
		named(input(t, flagNote, 8, km), "🏃🏽‍♀️ flag: 100 %, \x1b[31mred"),
		named(withProblems(input(t, firstWeekNote, 8, analyze.Miles)), "first"),
		named(input(t, soreNote, 8, km), "sore"),
	}
	var out []Athlete
	for _, in := range inputs {
		if weekly {
			in = weekOf(in, civil.New(2026, 5, 18))
		}
		r := Build(in)
		a := NewAthlete(r, weekly)
		if len(r.runs) == 0 {
			a.Why = "no usable run: \"x\" is\nbroken"
		}
		var doc bytes.Buffer
		if err := JSON(&doc, r); err != nil {
			t.Fatal(err)
		}
		a.JSON = doc.Bytes()
		out = append(out, a)
	}
	return out
}

func write(t *testing.T, f func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRosterGolden(t *testing.T) {
	check, week := NewRoster(someAthletes(t, false)), NewRoster(someAthletes(t, true))
	for _, width := range []int{60, 80, 100, 160} {
		o := TextOptions{Width: width}
		table := write(t, func(w io.Writer) error { return check.CheckText(w, o) })
		compare(t, "roster."+strconv.Itoa(width), table)
		checkWidth(t, table, width)
		blocks := write(t, func(w io.Writer) error { return week.WeekText(w, o) })
		checkWidth(t, blocks, width)
		if width == 80 {
			compare(t, "roster.week", blocks)
		}
	}
	colour := write(t, func(w io.Writer) error { return check.CheckText(w, TextOptions{Width: 80, Color: true}) })
	checkWidth(t, colour, 80)
	compare(t, "roster.colour", colour)
	compare(t, "roster.md", write(t, week.Markdown))
	compare(t, "roster.html", strings.Replace(write(t, check.HTML), htmlStyle, "", 1))
	compare(t, "roster.mail.html", write(t, week.WeekMailHTML))
	compare(t, "roster.github", write(t, check.GitHub))
	compare(t, "roster.csv", write(t, check.CSV))
}

func TestRosterOrder(t *testing.T) {
	athletes := someAthletes(t, false)
	want := write(t, NewRoster(athletes).JSON)
	slices.Reverse(athletes)
	if got := write(t, NewRoster(athletes).JSON); got != want {
		t.Error("the order of the athletes changes the roster")
	}
	urgency := -1
	for _, a := range NewRoster(athletes).athletes {
		if a.urgency() < urgency {
			t.Errorf("%s comes too late", a.Name())
		}
		urgency = a.urgency()
	}
}

func TestRosterJSONValidates(t *testing.T) {
	var docs []json.RawMessage
	if err := json.Unmarshal([]byte(write(t, NewRoster(someAthletes(t, false)).JSON)), &docs); err != nil {
		t.Fatal(err)
	}
	if len(docs) != 6 {
		t.Errorf("%d documents", len(docs))
	}
	s := schema(t)
	for _, d := range docs {
		validate(t, s, d)
		var doc Document
		if err := json.Unmarshal(d, &doc); err != nil || doc.Athlete == "" {
			t.Errorf("athlete %q, %v", doc.Athlete, err)
		}
	}
}

func TestRosterCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(write(t, NewRoster(someAthletes(t, false)).CSV))).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err) // the reader refuses rows of unequal length
	}
}

// The elements of a JUnit report as the schema of Jenkins (jenkins-junit.xsd of its xUnit plugin) allows them, with the
// attributes that it demands first and those that it knows beside them. This program needs no others.
var junitSchema = map[string]struct{ children, must, may []string }{
	"testsuites": {[]string{"testsuite"}, nil, []string{"name", "time", "tests", "failures", "errors"}},
	"testsuite":  {[]string{"testcase", "system-out", "system-err"}, []string{"name", "tests", "failures", "errors"}, []string{"skipped", "time", "timestamp", "hostname"}},
	"testcase":   {[]string{"skipped", "error", "failure", "system-out"}, []string{"name", "classname"}, []string{"time"}},
	"skipped":    {nil, nil, []string{"message", "type"}},
	"failure":    {nil, nil, []string{"message", "type"}},
	"error":      {nil, nil, []string{"message", "type"}},
	"system-out": {},
	"system-err": {},
}

func TestJUnitStructure(t *testing.T) {
	document := write(t, NewRoster(someAthletes(t, false)).JUnit)
	d := xml.NewDecoder(strings.NewReader(document))
	var stack []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			known, ok := junitSchema[name]
			if !ok || len(stack) > 0 && !slices.Contains(junitSchema[stack[len(stack)-1]].children, name) {
				t.Errorf("<%s> within %v", name, stack)
			}
			var got []string
			for _, a := range e.Attr {
				got = append(got, a.Name.Local)
				if !slices.Contains(append(slices.Clone(known.must), known.may...), a.Name.Local) {
					t.Errorf("<%s> has %s", name, a.Name.Local)
				}
			}
			for _, must := range known.must {
				if !slices.Contains(got, must) {
					t.Errorf("<%s> lacks %s", name, must)
				}
			}
			stack = append(stack, name)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	var got junitSuites
	if err := xml.Unmarshal([]byte(document), &got); err != nil {
		t.Fatal(err)
	}
	tests, failures, errs := 0, 0, 0
	for _, s := range got.Suites {
		skipped, failed, broken := 0, 0, 0
		names := map[string]bool{}
		for _, c := range s.Cases {
			if names[c.Name] {
				t.Errorf("%s has %s twice", s.Name, c.Name)
			}
			names[c.Name] = true
			switch {
			case c.Error != nil:
				broken++
			case c.Failure != nil:
				failed++
			case c.Skipped != nil:
				skipped++
			}
		}
		if s.Tests != len(s.Cases) || s.Skipped != skipped || s.Failures != failed || s.Errors != broken {
			t.Errorf("%s counts %d, %d, %d, %d of %d", s.Name, s.Tests, s.Failures, s.Errors, s.Skipped, len(s.Cases))
		}
		tests, failures, errs = tests+s.Tests, failures+s.Failures, errs+s.Errors
	}
	if len(got.Suites) != 6 || got.Tests != tests || got.Failures != failures || got.Errors != errs || errs != 1 || failures < 3 {
		t.Errorf("%d suites; counts %d, %d, %d", len(got.Suites), got.Tests, got.Failures, got.Errors)
	}
}

// TestJUnitThreshold moves findings between failures and output.
func TestJUnitThreshold(t *testing.T) {
	for _, c := range []struct {
		failOn   rules.Severity
		failures bool
	}{{rules.Note, true}, {rules.High, false}} {
		in := input(t, soreNote, 8, analyze.Kilometres)
		in.FailOn = c.failOn
		suite := Alone(Build(in), "").athletes[0].junit()
		out := ""
		for _, k := range suite.Cases {
			out += k.SystemOut
		}
		if (suite.Failures > 0) != c.failures || (out == "") != c.failures {
			t.Errorf("%v: %d failures, output %q", c.failOn, suite.Failures, out)
		}
	}
}

// TestJUnitStrict makes an error of what strict mode finds incomplete.
func TestJUnitStrict(t *testing.T) {
	in := withProblems(input(t, firstWeekNote, 8, analyze.Kilometres))
	in.Strict = true
	in.Receipt.Problems = append(in.Receipt.Problems, &ingest.Problem{File: "a\x00b.fit", Kind: ingest.Corrupt, Err: errors.New("x")})
	suite := Alone(Build(in), "").athletes[0].junit()
	if suite.Errors != 1 || suite.Cases[0].Error == nil || !strings.Contains(suite.Cases[0].Error.Text, "runs/881.fit.gz: corrupt") || suite.SystemErr != "" {
		t.Errorf("%+v", suite)
	}
}

func TestGitHubEscapes(t *testing.T) {
	var b strings.Builder
	command(&b, "warning", "a, b: 5 %\n", "10 %, c: d\r\n::error::e")
	if got, want := b.String(), "::warning title=a%2C b%3A 5 %25::10 %25, c: d ::error::e\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
