package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode"
)

// Mail is what a weekly report, of one athlete or of many, needs to be a mail. The addresses and the subject must not hold line breaks; nobody but the
// command line writes them, and it refuses those.
type Mail struct {
	// From is nil when it is left to the program that sends, and To empty for a mail that still has to be addressed.
	From *mail.Address
	To   []*mail.Address
	// Subject replaces the one made of the report when it is not empty.
	Subject string
	Date    time.Time
}

// mailWidth is the width in columns of a mail's plain text.
const mailWidth = 72

// WeekMail writes the report of one week as a mail with a plain and an HTML part, ready for sendmail -t.
func WeekMail(w io.Writer, r *Report, m Mail) error {
	var plain, page bytes.Buffer
	if err := WeekText(&plain, r, TextOptions{Width: mailWidth}); err != nil {
		return err
	}
	if err := WeekMailHTML(&page, r); err != nil {
		return err
	}
	if m.Subject == "" {
		m.Subject = WeekSubject(r)
	}
	return m.write(w, plain.Bytes(), page.Bytes())
}

// write writes the mail around its two parts. Lines end as local programs that send mail expect them, in LF. The same parts
// for the same people have the same Message-ID, whenever they are written.
func (m *Mail) write(w io.Writer, plain, page []byte) error {
	id := m.id(plain, page)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	// No text in quoted-printable holds "=_", so no line of a part can be taken for the boundary.
	if err := parts.SetBoundary("=_" + id); err != nil {
		return err
	}
	for _, part := range []struct {
		kind string
		text []byte
	}{{"text/plain", plain}, {"text/html", page}} {
		if err := addPart(parts, part.kind, part.text); err != nil {
			return err
		}
	}
	if err := parts.Close(); err != nil {
		return err
	}
	whole := m.header(id, parts.Boundary()) + "\n" + strings.ReplaceAll(body.String(), "\r\n", "\n")
	_, err := io.WriteString(w, whole)
	return err
}

func addPart(parts *multipart.Writer, kind string, text []byte) error {
	p, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {kind + "; charset=utf-8"},
		"Content-Transfer-Encoding": {"quoted-printable"},
	})
	if err != nil {
		return err
	}
	q := quotedprintable.NewWriter(p)
	if _, err := q.Write(text); err != nil {
		return err
	}
	return q.Close()
}

// header is the head of the mail, without the empty line that ends it.
func (m *Mail) header(id, boundary string) string {
	var b strings.Builder
	domain := "kneecheck.invalid"
	if m.From != nil {
		b.WriteString(folded("From", m.From.String()))
		_, domain, _ = strings.Cut(m.From.Address, "@")
	}
	if len(m.To) > 0 {
		to := make([]string, len(m.To))
		for i, a := range m.To {
			to[i] = a.String()
		}
		b.WriteString(folded("To", strings.Join(to, ", ")))
	}
	b.WriteString(folded("Subject", encoded(m.Subject)))
	b.WriteString(folded("Date", m.Date.Format(time.RFC1123Z)))
	b.WriteString(folded("Message-ID", "<"+id+"@"+domain+">"))
	b.WriteString("MIME-Version: 1.0\n")
	b.WriteString("Auto-Submitted: auto-generated\n")
	b.WriteString(folded("Content-Type", mime.FormatMediaType("multipart/alternative", map[string]string{"boundary": boundary})))
	return b.String()
}

// id names a mail by what it says and to whom.
func (m *Mail) id(parts ...[]byte) string {
	h := sha256.New()
	// A hash takes everything: its writes do not fail.
	for _, a := range m.To {
		fmt.Fprintf(h, "%s\x00", a.Address)
	}
	fmt.Fprintf(h, "%s\x00", m.Subject)
	for _, p := range parts {
		fmt.Fprintf(h, "%d\x00%s", len(p), p)
	}
	return "kneecheck." + hex.EncodeToString(h.Sum(nil)[:12])
}

// encoded is a text for the head of a mail, in which the words that are not ASCII are encoded (RFC 2047), and several blanks are
// one.
func encoded(s string) string {
	plain := func(word string) bool {
		return !strings.Contains(word, "=?") && !strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r > '~' })
	}
	var out []string
	words := strings.Fields(s)
	for i := 0; i < len(words); {
		end := i + 1
		if plain(words[i]) {
			out = append(out, words[i])
			i = end
			continue
		}
		// Blanks between encoded words are not read, so that those of the text are encoded too.
		for end < len(words) && !plain(words[end]) {
			end++
		}
		out = append(out, encodedWords(strings.Join(words[i:end], " "))...)
		i = end
	}
	return strings.Join(out, " ")
}

// encodedRoom is how long the text in an encoded word may become: with the shortest fields' names it fits a line.
const encodedRoom = 48

// encodedWords are the encoded words of a text, no letter parted between two.
func encodedWords(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, "=?utf-8?q?"+b.String()+"?=")
			b.Reset()
		}
	}
	for _, r := range s {
		letter := ""
		switch {
		case r == ' ':
			letter = "_"
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			letter = string(r)
		default:
			for _, c := range []byte(string(r)) {
				letter += fmt.Sprintf("=%02X", c)
			}
		}
		if b.Len()+len(letter) > encodedRoom {
			end()
		}
		b.WriteString(letter)
	}
	end()
	return out
}

// foldAt is the length at which a line of the head is folded (RFC 5322, 2.1.1; with encoded words RFC 2047, 2).
const foldAt = 76

// folded is a field of the head, with a line break before the words that would make a line too long.
func folded(name, value string) string {
	var b strings.Builder
	b.WriteString(name + ":")
	n := len(name) + 1
	for i, word := range strings.Split(value, " ") {
		if i > 0 && n+1+len(word) > foldAt {
			b.WriteByte('\n')
			n = 0
		}
		b.WriteString(" " + word)
		n += 1 + len(word)
	}
	b.WriteByte('\n')
	return b.String()
}
