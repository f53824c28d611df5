package report

import (
	"bytes"
	"errors"
	"mime"
	"net/mail"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRosterMail reads the mail about many athletes back with net/mail and holds its parts against the renderings they come
// from, for a club in which much happened, one in which nothing did, and one without a run.
func TestRosterMail(t *testing.T) {
	all := someAthletes(t, true)
	calm := []Athlete{all[0]}
	to := []*mail.Address{{Name: "走る, 東京", Address: "coach@example.org"}}
	for _, c := range []struct {
		name, subject string
		athletes      []Athlete
	}{
		{"all", "Week of 18–24 May: red flag for 1 of 6 athletes, something stands out for 3, 1 incomplete", all},
		{"calm", "Week of 18–24 May: 1 athlete, nothing fired", calm},
		{"broken", "Week of 18–24 May: 1 athlete, nothing fired, 1 incomplete", all[1:2]},
		{"loud", "Week of 18–24 May: something stands out for 1 of 2 athletes", []Athlete{all[0], all[2]}},
	} {
		roster := NewRoster(c.athletes)
		var raw, plain, page bytes.Buffer
		m := Mail{To: to, Date: mailDate}
		if err := errors.Join(roster.WeekMail(&raw, m), roster.WeekText(&plain, TextOptions{Width: mailWidth}), roster.WeekMailHTML(&page)); err != nil {
			t.Fatal(err)
		}
		head, parts := readMail(t, raw.Bytes())
		if diff := cmp.Diff(map[string]string{"text/plain": plain.String(), "text/html": page.String()}, parts); diff != "" {
			t.Errorf("%s: parts (-want +got):\n%s", c.name, diff)
		}
		if subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject")); err != nil || subject != c.subject {
			t.Errorf("%s: subject %q (%v), want %q", c.name, subject, err, c.subject)
		}
		if got, err := head.AddressList("To"); err != nil || !cmp.Equal(got, to) {
			t.Errorf("%s: to %v (%v)", c.name, got, err)
		}
		checkMailLines(t, raw.Bytes())
		if bad := mailForbidden.FindString(page.String()); bad != "" || strings.ContainsAny(page.String(), "\x1b\u202e") {
			t.Errorf("%s: %q or a control character in\n%s", c.name, bad, &page)
		}
		for i := range roster.athletes {
			a := &roster.athletes[i]
			for _, g := range a.shown() {
				if !strings.Contains(page.String(), g.Rule) || !strings.Contains(plain.String(), g.Name) {
					t.Errorf("%s: %s of %s is missing", c.name, g.Rule, a.Name())
				}
			}
		}
		if err := roster.WeekMail(brokenPipe{}, m); !errors.Is(err, errPipe) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
