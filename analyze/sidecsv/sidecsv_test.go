package sidecsv_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze/sidecsv"
)

var columns = []sidecsv.Column{{Name: "date", Required: true}, {Name: "km"}, {Name: "race"}, {Name: "note"}}

// cells are the rows as line:date|km|race|note.
func cells(t *sidecsv.Table) []string {
	var out []string
	for i := range t.Rows {
		r := &t.Rows[i]
		out = append(out, fmt.Sprintf("%d:%s|%s|%s|%s", r.Line, r.Get("date"), r.Get("km"), r.Get("race"), r.Get("note")))
	}
	return out
}

func TestParseForms(t *testing.T) {
	want := []string{"2:2026-06-01|12.5||", "3:2026-06-02|3|yes|a, b; c"}
	for name, text := range map[string]string{
		"plain":           "date,km,race,note\n2026-06-01,12.5\n2026-06-02,3,yes,\"a, b; c\"\n",
		"crlf and bom":    "\xef\xbb\xbfdate,km,race,note\r\n2026-06-01,12.5,,\r\n2026-06-02,3,yes,\"a, b; c\"\r\n",
		"lone cr":         "date,km,race,note\r2026-06-01,12.5,,\r2026-06-02,3,yes,\"a, b; c\"",
		"semicolons":      "date;km;race;note\n2026-06-01;12.5;;\n2026-06-02;3;yes;\"a, b; c\"",
		"tabs":            "date\tkm\trace\tnote\n2026-06-01\t12.5\n2026-06-02\t3\tyes\ta, b; c\n",
		"another order":   "Note, RACE ,km,date\n,,12.5,2026-06-01\n\"a, b; c\",yes,3,2026-06-02\n",
		"cells after end": "date,km,race,note\n2026-06-01, 12.5,,,,,\n2026-06-02,3,yes,\"a, b; c\"\n",
	} {
		table := sidecsv.Parse("x.csv", []byte(text), columns...)
		if err := table.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, cells(table)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestParseLinesBehindBlanksAndComments(t *testing.T) {
	text := "# mine\n\ndate,note\n,\n2026-06-01,\"two\nlines\"\n# no\n2026-06-02\n"
	table := sidecsv.Parse("x.csv", []byte(text), columns...)
	if err := table.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"5:2026-06-01|||two\nlines", "8:2026-06-02|||"}, cells(table)); diff != "" {
		t.Error(diff)
	}
	if r := table.Rows[0]; r.End != 6 {
		t.Errorf("the first row ends on line %d, want 6", r.End)
	}
}

func TestEveryFaultIsTold(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"blank", "\n\n", ""},
		{"unknown column", "date,mood,when\n2026-06-01,2,3\n",
			"x.csv:1: unknown column \"mood\" (date, km, race, note)\nx.csv:1: unknown column \"when\" (date, km, race, note)"},
		{"column twice", "date,km,KM\n", `x.csv:1: the column "km" is there twice`},
		{"no header", "km,note\n", `x.csv:1: the column "date" is missing (the first line names the columns: date, km, race, note)`},
		{"too many cells", "date,km\n2026-06-01,1,2,3\n2026-06-02,1\n",
			`x.csv:2: has 4 cells, the header has 2 (a text with a comma in it needs "quotes")`},
		{"bare quote, and the lines behind are still read", "date,note\n2026-06-01,5\" long\n2026-06-02,x,y\n",
			"x.csv:2: a quotation mark is out of place or never closed (quotes go around a whole cell, and one inside is written \"\")\n" +
				`x.csv:3: has 3 cells, the header has 2 (a text with a comma in it needs "quotes")`},
		{"open quote", "date,note\n2026-06-01,\"open\n2026-06-02,x\n",
			"x.csv:2: a quotation mark is out of place or never closed (quotes go around a whole cell, and one inside is written \"\")"},
		{"utf-16", "\xff\xfed\x00a\x00", "x.csv:1: is UTF-16 (save it as CSV in UTF-8)"},
		{"latin 1", "date,note\n2026-06-01,M\xfcnchen\n", "x.csv:2: is not UTF-8 (save it as CSV in UTF-8)"},
		{"binary", "date\n\x00\n", "x.csv:2: is no text"},
	} {
		got := ""
		if err := sidecsv.Parse("x.csv", []byte(c.text), columns...).Err(); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestValues(t *testing.T) {
	text := "date;km;race\n2026-02-30;12,5;maybe\n2026-02-28;1.234,5;Yes\n;101;no\n;NaN;\n;-1;\n"
	table := sidecsv.Parse("x.csv", []byte(text), columns...)
	for i := range table.Rows {
		r := &table.Rows[i]
		d, race := r.Date("date"), r.Flag("race")
		km, ok := r.Number("km", 0, 100)
		switch i {
		case 0:
			if d != nil || !ok || km != 12.5 || race != nil {
				t.Errorf("row 1: %v %v %v %v", d, km, ok, race)
			}
		case 1:
			if d == nil || ok || race == nil || !*race {
				t.Errorf("row 2: %v %v %v %v", d, km, ok, race)
			}
		case 2:
			if d != nil || ok || race == nil || *race {
				t.Errorf("row 3: %v %v %v %v", d, km, ok, race)
			}
		default:
			if ok {
				t.Errorf("row %d: %v is taken", i+1, km)
			}
		}
	}
	want := strings.Join([]string{
		`x.csv:2: date: "2026-02-30" is not a date like 2024-03-04`,
		`x.csv:2: race: "maybe" is none of yes, no, true, false`,
		`x.csv:3: km: "1.234,5" is not a number (write a point for the decimals, and nothing between thousands)`,
		`x.csv:4: km: 101 is outside 0 to 100`,
		`x.csv:5: km: NaN is outside 0 to 100`,
		`x.csv:6: km: -1 is outside 0 to 100`,
	}, "\n")
	if diff := cmp.Diff(want, table.Err().Error()); diff != "" {
		t.Error(diff)
	}
	// Between commas a decimal comma is two cells or, quoted, a question.
	table = sidecsv.Parse("x.csv", []byte("date,km\n2026-06-01,\"12,345\"\n"), columns...)
	if _, ok := table.Rows[0].Number("km", 0, 100000); ok || table.Err() == nil {
		t.Error("12,345 between commas is taken for a number")
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	row := map[string]string{"date": "2026-06-03", "note": "a, \"b\""}
	for _, c := range []struct{ name, old, want string }{
		{"no file", "", "date,km,race,note\n2026-06-03,,,\"a, \"\"b\"\"\"\n"},
		{"a comment only", "# mine\n", "# mine\ndate,km,race,note\n2026-06-03,,,\"a, \"\"b\"\"\"\n"},
		{"no line end", "date,note\n2026-06-01,x", "date,note\n2026-06-01,x\n2026-06-03,\"a, \"\"b\"\"\"\n"},
		{"spreadsheet", "\xef\xbb\xbfnote;date\r\nx;2026-06-01\r\n", "\xef\xbb\xbfnote;date\r\nx;2026-06-01\r\n\"a, \"\"b\"\"\";2026-06-03\r\n"},
		{"lone cr", "date,note\r", "date,note\r2026-06-03,\"a, \"\"b\"\"\"\r"},
	} {
		file := filepath.Join(t.TempDir(), "x.csv")
		if c.old != "" {
			write(t, file, c.old)
		}
		if err := sidecsv.Append(file, columns, row); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, read(t, file)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestAppendedTextComesBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.csv")
	only := []sidecsv.Column{{Name: "note", Required: true}, {Name: "km"}}
	notes := []string{"# no comment", "a\nb", `"`, "ü, ;"}
	for _, n := range notes {
		if err := sidecsv.Append(file, only, map[string]string{"note": n, "km": "1"}); err != nil {
			t.Fatal(err)
		}
	}
	table := sidecsv.Parse(file, []byte(read(t, file)), only...)
	var got []string
	for i := range table.Rows {
		got = append(got, table.Rows[i].Get("note"))
	}
	if diff := cmp.Diff(notes, got); diff != "" || table.Err() != nil {
		t.Error(diff, table.Err())
	}
	n, err := sidecsv.Remove(file, only, func(r *sidecsv.Row) bool { return r.Get("note") == "a\nb" })
	if n != 1 || err != nil {
		t.Fatalf("%d removed: %v", n, err)
	}
	if diff := cmp.Diff("note,km\n\"# no comment\",1\n\"\"\"\",1\n\"ü, ;\",1\n", read(t, file)); diff != "" {
		t.Error(diff)
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, want string }{
		{"faults", "date,mood\n", "unknown column"},
		{"no column", "date,km\n", `has no column "note": add it to the first line`},
	} {
		file := filepath.Join(t.TempDir(), "x.csv")
		write(t, file, c.old)
		err := sidecsv.Append(file, columns, map[string]string{"date": "2026-06-03", "note": "x"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
		if got := read(t, file); got != c.old {
			t.Errorf("%s: the file is now %q", c.name, got)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", c.name, left)
		}
	}
	if err := sidecsv.Append(filepath.Join(t.TempDir(), "no", "x.csv"), columns); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if err := sidecsv.Append(t.TempDir(), columns); err == nil {
		t.Error("a folder is taken for a file")
	}
}

func TestManyWritersLoseNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.csv")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := sidecsv.Append(file, columns, map[string]string{"date": "2026-06-03", "km": fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(sidecsv.Parse(file, []byte(read(t, file)), columns...).Rows); n != 20 {
		t.Errorf("%d rows of 20", n)
	}
}

func TestWriteThroughALink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "x.csv"), filepath.Join(dir, "link.csv")
	write(t, file, "old")
	if err := errors.Join(os.Chmod(file, 0o600), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	if err := sidecsv.Write(link, columns, map[string]string{"date": "2026-06-03"}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: %v", info.Mode(), err)
	}
	if got := read(t, file); got != "date,km,race,note\n2026-06-03,,,\n" {
		t.Errorf("the file is %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"date,km\n2026-06-01,1\n", "date;note\n\"a\nb\";c\n", "#x\n\ndate\n\"", "date\tkm\r\n1\t2\r3"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table := sidecsv.Parse("x.csv", data, columns...)
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		for i := range table.Rows {
			r := &table.Rows[i]
			if r.Line < 1 || r.End < r.Line || r.End > lines {
				t.Errorf("row from line %d to %d of %d", r.Line, r.End, lines)
			}
			_, _ = r.Number("km", 0, 1)
		}
		_ = table.Err()
	})
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
