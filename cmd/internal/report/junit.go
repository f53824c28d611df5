package report

import (
	"encoding/xml"
	"io"
	"path"
	"strings"
)

// The elements of a JUnit report with the attributes that the schema of Jenkins knows (jenkins-junit.xsd of its xUnit
// plugin). These few structs are all there is to it: a library would bring its own ideas of what a test is.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
		SystemOut string      `xml:"system-out,omitempty"`
		SystemErr string      `xml:"system-err,omitempty"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Class     string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Skipped   *junitSkipped `xml:"skipped"`
		Error     *junitResult  `xml:"error"`
		Failure   *junitResult  `xml:"failure"`
		SystemOut string        `xml:"system-out,omitempty"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// junitTime is how long a rule took: nobody asks, and the same log shall give the same bytes.
const junitTime = "0"

// JUnit writes a suite an athlete and a case a rule. Findings that count for the verdict are failures and the others
// output; a rule that was not judged is skipped. An athlete without a verdict is an error, and so are, in strict mode, files
// with a problem, which otherwise are the suite's error output.
func (ro *Roster) JUnit(w io.Writer) error {
	all := junitSuites{Name: "kneecheck", Time: junitTime}
	for i := range ro.athletes {
		s := ro.athletes[i].junit()
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Suites = append(all.Suites, s)
	}
	b, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(b)+"\n")
	return err
}

// junit is the suite of one athlete.
func (a *Athlete) junit() junitSuite {
	name := or(clean(a.Name()), "log")
	s := junitSuite{Name: name, Time: junitTime, Timestamp: a.Doc.AsOf.String() + "T00:00:00"}
	// A dot in a class begins another package for Jenkins. Of the path of a single log its last part is enough.
	class := "kneecheck." + strings.ReplaceAll(path.Base(name), ".", "_")
	if a.Doc.Athlete != "" {
		class = "kneecheck." + strings.ReplaceAll(name, ".", "_")
	}
	if why := a.why(); why != "" {
		// What was read and what it was good for is a case of its own.
		s.add(junitCase{Name: "verdict", Class: class, Time: junitTime, Error: &junitResult{Message: clean(why), Type: Incomplete, Text: a.junitProblems()}})
	} else {
		s.SystemErr = a.junitProblems()
	}
	byRule := map[string][]Finding{}
	for _, f := range a.Doc.Findings {
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	open := map[string]string{}
	for _, n := range a.Doc.NotJudged {
		open[n.Rule] = n.Reason
	}
	for _, rule := range a.rules {
		if !a.judged() && len(byRule[rule.ID]) == 0 {
			continue // the case above says why
		}
		s.add(junitRule(junitCase{Name: rule.ID + " " + rule.Name, Class: class, Time: junitTime}, byRule[rule.ID], open[rule.ID], a.Doc.Verdict.FailOn))
	}
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Error != nil:
		s.Errors++
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// junitRule fills in the case of a rule from its findings and from why it was not judged.
func junitRule(c junitCase, fs []Finding, open, failOn string) junitCase {
	var failed, other []string
	worst := -1
	for i := range fs {
		f := &fs[i]
		line := f.Severity + ": " + sentence(clean(f.Message)) + " " + clean(f.Advice)
		switch {
		case severe(f, failOn):
			failed = append(failed, line)
			if worst < 0 || rank[f.Severity] >= rank[fs[worst].Severity] {
				worst = i // of those alike the last, which is the newest
			}
			continue
		case f.Acknowledged:
			line = "acknowledged until " + f.AckUntil.String() + " (" + clean(f.AckReason) + "): " + line
		}
		other = append(other, line)
	}
	if open != "" {
		if worst < 0 {
			c.Skipped = &junitSkipped{Message: clean(open)}
		} else {
			other = append(other, "not judged in part: "+clean(open))
		}
	}
	if worst >= 0 {
		c.Failure = &junitResult{Message: clean(fs[worst].Message), Type: fs[worst].Severity, Text: strings.Join(failed, "\n")}
	}
	c.SystemOut = strings.Join(other, "\n")
	return c
}

// junitProblems lists the files with a problem, a line each.
func (a *Athlete) junitProblems() string {
	var lines []string
	for _, p := range a.Doc.Inputs.Problems {
		lines = append(lines, clean(p.File)+": "+p.Kind+": "+clean(p.Message))
	}
	return strings.Join(lines, "\n")
}
