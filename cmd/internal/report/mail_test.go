package report

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/ingest/civil"
)

// mailDate is when the mails of the tests are written.
var mailDate = time.Date(2026, time.June, 8, 7, 0, 0, 0, time.FixedZone("", 2*3600))

// readMail reads a mail as its reader would: the head, and the parts by their type.
func readMail(t *testing.T, raw []byte) (mail.Header, map[string]string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the mail is %q (%v)", kind, err)
	}
	parts := map[string]string{}
	var order []string
	reader := multipart.NewReader(m.Body, params["boundary"])
	for {
		// NextRawPart leaves the encoding to us; NextPart would undo it silently.
		p, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			t.Errorf("a part in %q", got)
		}
		kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil || params["charset"] != "utf-8" {
			t.Errorf("a part in charset %q (%v)", params["charset"], err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, kind)
		parts[kind] = string(text)
	}
	// The last part is the one a mail program prefers.
	if diff := cmp.Diff([]string{"text/plain", "text/html"}, order); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	return m.Header, parts
}

// TestWeekMail reads the mail of every golden log back and holds its parts against the renderings they come from.
func TestWeekMail(t *testing.T) {
	to, err := mail.ParseAddressList(`Jörg Müller <joerg@example.org>, "走る, 東京" <run@example.org>, me@example.org`)
	if err != nil {
		t.Fatal(err)
	}
	from := &mail.Address{Name: strings.Repeat("Läufer mit langem Namen ", 8), Address: "k@example.org"}
	for _, g := range goldens(t) {
		if len(g.in.Log.Runs) == 0 {
			continue
		}
		r := Build(weekOf(g.in, g.in.To))
		var raw, plain, page bytes.Buffer
		m := Mail{From: from, To: to, Date: mailDate}
		if err := errors.Join(WeekMail(&raw, r, m), WeekText(&plain, r, TextOptions{Width: mailWidth}), WeekMailHTML(&page, r)); err != nil {
			t.Fatal(err)
		}
		head, parts := readMail(t, raw.Bytes())
		if diff := cmp.Diff(map[string]string{"text/plain": plain.String(), "text/html": page.String()}, parts); diff != "" {
			t.Errorf("%s: parts (-want +got):\n%s", g.name, diff)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
		if err != nil || subject != WeekSubject(r) {
			t.Errorf("%s: subject %q (%v), want %q", g.name, subject, err, WeekSubject(r))
		}
		if got, err := head.Date(); err != nil || !got.Equal(mailDate) {
			t.Errorf("%s: date %v (%v)", g.name, got, err)
		}
		got, err := head.AddressList("To")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(to, got); diff != "" {
			t.Errorf("%s: To (-want +got):\n%s", g.name, diff)
		}
		checkMailLines(t, raw.Bytes())
	}
}

// checkMailLines: only ASCII goes over the wire, every line is far below the 998 octets of RFC 5322, and no line of the
// head is longer than a word makes it.
func checkMailLines(t *testing.T, raw []byte) {
	t.Helper()
	inHead := true
	for i, line := range strings.Split(string(raw), "\n") {
		inHead = inHead && line != ""
		if len(line) > 78 && !(inHead && !strings.Contains(strings.TrimSpace(line), " ")) {
			t.Errorf("line %d has %d octets: %s", i+1, len(line), line)
		}
		for _, c := range []byte(line) {
			if c < ' ' || c > '~' {
				t.Fatalf("line %d holds the octet %#x: %q", i+1, c, line)
			}
		}
	}
}

// TestMailSubject: any subject is read back as it was, by a reader of such words, and no line is too long.
func TestMailSubject(t *testing.T) {
	r := Build(weekOf(input(t, richNote, 10, analyze.Kilometres), civil.New(2026, 6, 1)))
	for _, subject := range []string{
		"plain words only", "Läufe", "Week of 1–7 June: 12.0 km, nothing fired", strings.Repeat("走る人 ", 40) + "x", "a b ä ö c", "=?utf-8?q?no?= word", "100 % _=? ü_=?",
		strings.Repeat("long", 30) + "ß", "ß" + strings.Repeat("long", 30),
	} {
		var raw bytes.Buffer
		if err := WeekMail(&raw, r, Mail{Subject: subject, Date: mailDate}); err != nil {
			t.Fatal(err)
		}
		head, _ := readMail(t, raw.Bytes())
		if got, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject")); err != nil || got != subject {
			t.Errorf("subject %q (%v), want %q", got, err, subject)
		}
		checkMailLines(t, raw.Bytes())
		if strings.Contains(raw.String(), "Subject:\n") {
			t.Errorf("%q begins below its name", subject)
		}
	}
}

// TestMailID: the same report to the same people has the same name whenever it is written, another has another.
func TestMailID(t *testing.T) {
	r := Build(weekOf(input(t, richNote, 10, analyze.Kilometres), civil.New(2026, 6, 1)))
	id := func(r *Report, m Mail) string {
		var raw bytes.Buffer
		if err := WeekMail(&raw, r, m); err != nil {
			t.Fatal(err)
		}
		head, _ := readMail(t, raw.Bytes())
		return head.Get("Message-ID")
	}
	first := id(r, Mail{Date: mailDate})
	if !regexp.MustCompile(`^<kneecheck\.[0-9a-f]{24}@kneecheck\.invalid>$`).MatchString(first) {
		t.Errorf("Message-ID %s", first)
	}
	if again := id(r, Mail{Date: mailDate.Add(time.Hour)}); again != first {
		t.Errorf("an hour later %s, first %s", again, first)
	}
	to := []*mail.Address{{Address: "me@example.org"}}
	if other := id(r, Mail{Date: mailDate, To: to}); other == first {
		t.Error("to somebody else the same Message-ID")
	}
	later := Build(weekOf(input(t, richNote, 10, analyze.Kilometres), civil.New(2026, 6, 8)))
	if other := id(later, Mail{Date: mailDate}); other == first {
		t.Error("another week has the same Message-ID")
	}
	if from := id(r, Mail{Date: mailDate, From: to[0]}); from != strings.Replace(first, "kneecheck.invalid", "example.org", 1) {
		t.Errorf("from example.org: %s", from)
	}
}

func TestWeekSubject(t *testing.T) {
	week := civil.New(2026, 6, 1)
	for _, tc := range []struct {
		note string
		u    analyze.Units
		day  civil.Date
		want string
	}{
		{steadyNote, analyze.Kilometres, civil.New(2026, 5, 18), "Week of 18–24 May: 24.0 km, nothing fired"},
		{richNote, analyze.Miles, week, "Week of 1–7 June: 28.9 mi, 2 warnings"},
		{richNote, analyze.Kilometres, civil.New(2026, 6, 8), "Week of 8–14 June so far: 12.0 km, 2 warnings"},
		{richNote, analyze.Kilometres, civil.New(2026, 5, 25), "Week of 25–31 May: 52.4 km, 1 high, 3 warnings"},
		{flagNote, analyze.Kilometres, civil.New(2026, 5, 18), "Week of 18–24 May: 24.0 km, red flag"},
		{"week 2026-04-27 x4 6 _ 6 _ 8 _ _\nweek +2 _ _ _ _ _ _ _", analyze.Kilometres, week, "Week of 1–7 June: no run, nothing fired"},
	} {
		if got := WeekSubject(Build(weekOf(input(t, tc.note, 8, tc.u), tc.day))); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// mailForbidden is what mail programs drop, and what tells on the reader.
var mailForbidden = regexp.MustCompile(`(?i)<(script|img|svg|link|style|iframe|form|picture|video)\b|(src|href|srcset)=|url\(|@import|[ ;"](color|background):|\bon[a-z]+=`)

// TestMailHTML: what is for mail programs holds nothing that they drop or that tells on the reader.
func TestMailHTML(t *testing.T) {
	for _, g := range goldens(t) {
		r := Build(weekOf(g.in, g.in.To))
		var out bytes.Buffer
		if err := WeekMailHTML(&out, r); err != nil {
			t.Fatal(err)
		}
		if bad := mailForbidden.FindString(out.String()); bad != "" {
			t.Errorf("%s: %q in\n%s", g.name, bad, &out)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e") {
			t.Errorf("%s: control characters in\n%s", g.name, &out)
		}
		if len(r.runs) == 0 {
			continue
		}
		for i := range r.Doc.Findings {
			if f := &r.Doc.Findings[i]; r.Doc.redFlag() == nil && !f.Acknowledged && !strings.Contains(out.String(), f.Rule) {
				t.Errorf("%s: %s is missing", g.name, f.Rule)
			}
		}
	}
}

func TestMailWriterErrors(t *testing.T) {
	r := Build(weekOf(input(t, richNote, 10, analyze.Kilometres), civil.New(2026, 6, 1)))
	if err := errors.Join(WeekMail(brokenPipe{}, r, Mail{Date: mailDate})); !errors.Is(err, errPipe) {
		t.Errorf("mail: %v", err)
	}
	if err := WeekMailHTML(brokenPipe{}, r); !errors.Is(err, errPipe) {
		t.Errorf("html: %v", err)
	}
}
