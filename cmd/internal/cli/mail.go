package cli

import (
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
)

// mailFlags are the head of a report that is a mail.
type mailFlags struct {
	to, from addressFlag
	subject  subjectFlag
}

func (f *mailFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var(&f.to, "to", "with --format eml, mail it to `ADDRESS`, or several separated by commas")
	flags.Var(&f.from, "from", "with --format eml, mail it from `ADDRESS` (the sending program's own unless given)")
	flags.Var(&f.subject, "subject", "with --format eml, give the mail a `SUBJECT` (the week and what fired unless given)")
}

// frame is the mail around a report that is written now.
func (f *mailFlags) frame(pairs []output, now time.Time) (report.Mail, error) {
	m := report.Mail{To: f.to.list, Subject: string(f.subject), Date: now}
	given := len(f.to.list) > 0 || len(f.from.list) > 0 || f.subject != ""
	if given && !slices.ContainsFunc(pairs, func(p output) bool { return p.format == formatEML }) {
		return m, errors.New("--to, --from and --subject make a mail (give --format eml too)")
	}
	switch len(f.from.list) {
	case 0:
	case 1:
		m.From = f.from.list[0]
	default:
		return m, errors.New("--from takes one address")
	}
	return m, nil
}

// addressFlag is a list of mail addresses, such as "Eva <eva@example.org>, me@example.org".
type addressFlag struct{ list []*mail.Address }

func (f *addressFlag) String() string { return "" }
func (f *addressFlag) Type() string   { return "address" }

func (f *addressFlag) Set(s string) error {
	if err := oneLine(s); err != nil {
		return err
	}
	list, err := mail.ParseAddressList(s)
	if err != nil {
		return fmt.Errorf("%q is not a mail address such as me@example.org or \"Eva <eva@example.org>\"", s)
	}
	for _, a := range list {
		if err := checkAddress(a); err != nil {
			return err
		}
	}
	f.list = append(f.list, list...)
	return nil
}

// maxHeadText is the length of a name or subject that needs no thought about how long a line of a mail may be.
const maxHeadText = 200

// checkAddress refuses what would need an extension of the mail protocol, and what an encoded word may have hidden.
func checkAddress(a *mail.Address) error {
	if err := headText(a.Name); err != nil {
		return err
	}
	if i := strings.IndexFunc(a.Address, func(r rune) bool { return r > unicode.MaxASCII }); i >= 0 {
		return fmt.Errorf("%q has letters that mail addresses do not carry everywhere (write the domain in its xn-- form)", a.Address)
	}
	// The longest address there is (RFC 5321, 4.5.3.1.3), less its brackets.
	if len(a.Address) > 254 {
		return errors.New("the address is longer than any can be")
	}
	return nil
}

// oneLine refuses line breaks, with which a text could add fields to the head of a mail, and whatever else does not show.
func oneLine(s string) error {
	switch {
	case !utf8.ValidString(s):
		return errors.New("not UTF-8 text")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }):
		return errors.New("a line break or another control character has no place in the head of a mail")
	}
	return nil
}

// headText refuses what oneLine does, and a text too long for a line.
func headText(s string) error {
	if utf8.RuneCountInString(s) > maxHeadText {
		return fmt.Errorf("longer than %d letters", maxHeadText)
	}
	return oneLine(s)
}

// subjectFlag is the subject of a mail.
type subjectFlag string

func (f *subjectFlag) String() string { return "" }
func (f *subjectFlag) Type() string   { return "subject" }

func (f *subjectFlag) Set(s string) error {
	if err := headText(s); err != nil {
		return err
	}
	*f = subjectFlag(strings.TrimSpace(s))
	return nil
}
