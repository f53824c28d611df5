package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"kneecheck/cmd/internal/report"
	"kneecheck/rules"
)

// plainPathError takes the operation and path off a file error: what is printed names the path already.
func plainPathError(err error) error {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file or folder")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("permission denied")
	case errors.As(err, &p):
		return p.Err
	}
	return err
}

// shortNumber writes a number with the decimals it needs.
func shortNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// paramValue writes a parameter as a person would type it into the configuration, fractions with two decimals or more.
func paramValue(v float64, unit rules.Unit) string {
	s := shortNumber(v)
	switch unit {
	case rules.Ratio, rules.Share:
		if _, decimals, _ := strings.Cut(s, "."); len(decimals) < 2 {
			return fmt.Sprintf("%.2f", v)
		}
		return s
	case rules.Count:
		return s
	case rules.Score:
		return s + " of 10"
	}
	return s + " " + string(unit)
}

// plural writes a count with its noun, such as "1 run", "2 runs", "3 activities" and "4 ways".
func plural(n int, noun string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(stem, "a") {
			noun = stem + "ie"
		}
		noun += "s"
	}
	return thousands(n) + " " + noun
}

// thousands writes a count with commas, such as 1,204.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// wrap breaks text into lines of at most width columns, each after the first indented by indent blanks; the first one
// starts at column indent already. A word longer than a line, such as an address, stays whole.
func wrap(text string, indent, width int) string {
	var b strings.Builder
	column := indent
	words := strings.Split(report.Glue(strings.Join(strings.Fields(text), " ")), " ")
	for i := 0; i < len(words); i++ {
		n := report.Columns(words[i])
		if parts := strings.Split(words[i], "\u00a0"); len(parts) > 1 && indent+n > width {
			words = slices.Replace(words, i, i+1, parts...)
			n = report.Columns(words[i])
		}
		if i > 0 && column+1+n > width {
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		} else if i > 0 {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(strings.ReplaceAll(words[i], "\u00a0", " "))
		column += n
	}
	return b.String()
}
