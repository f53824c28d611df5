package painlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze"
	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest/civil"
)

const bom = "\ufeff"

var today = civil.New(2026, time.June, 14)

func day(d int) civil.Date { return civil.New(2026, time.June, d) }

func TestParse(t *testing.T) {
	outer := analyze.Pain{
		Date: day(5), Side: analyze.RightKnee, Place: analyze.OuterSide, During: 4, Settled: analyze.SettledIn24H,
		NextMorning: analyze.MorningWorse, Signs: []analyze.PainSign{analyze.Swelling, analyze.Limp}, Note: "hill, then stairs",
	}
	well := analyze.Pain{Date: day(1), Side: analyze.BothKnees, During: 0, NoSigns: true}
	const line, wellLine = `2026-06-05,right,outer,4,24h,worse,limp+swelling,"hill, then stairs"`, "2026-06-01,both,,0,,,none,"
	tests := []struct {
		name, text string
		want       []analyze.Pain
	}{
		{"nothing but a header", Header, []analyze.Pain{}},
		{"in any order", Header + "\n" + line + "\n" + wellLine + "\n", []analyze.Pain{outer, well}},
		{"without a last line end", Header + "\n" + line, []analyze.Pain{outer}},
		{"byte order mark and CRLF", bom + Header + "\r\n" + line + "\r\n", []analyze.Pain{outer}},
		{"blanks, capitals, empty lines", " Date , Side,place,during,settled,next_morning,signs,note\n\n 2026-06-01 , Both ,, 0 ,,, None ,\n", []analyze.Pain{well}},
		{"rows of a spreadsheet's end", Header + "\n" + line + "\n,,,,,,,\n,,,,,,,,,\n", []analyze.Pain{outer}},
		{"a note of two lines", Header + "\n2026-06-01,,,,,,,\"one \"\"word\"\"\r\ntwo\"\n", []analyze.Pain{{Date: day(1), During: -1, Note: "one \"word\"\ntwo"}}},
		{"semicolons, another order, no cells after the last", "side;date;during\r\nleft;2026-06-14;3\r\n;2026-06-01;0\r\n",
			[]analyze.Pain{{Date: today, Side: analyze.LeftKnee, During: 3}, {Date: day(1), During: 0}}},
		{"old line ends", Header + "\r2026-06-14,left,,3\r", []analyze.Pain{{Date: today, Side: analyze.LeftKnee, During: 3}}},
		{"comments", "# mine\n" + Header + "\n# not yet\n2026-06-14,left,,3\n", []analyze.Pain{{Date: today, Side: analyze.LeftKnee, During: 3}}},
		{"today", Header + "\n2026-06-14,left,,3,,,,\n", []analyze.Pain{{Date: today, Side: analyze.LeftKnee, During: 3}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse("pain.csv", []byte(tt.text), today)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "pain.csv:1: empty: the first line must be " + Header},
		{"no header", "2026-06-01,left,,3,,,,\n", "pain.csv:1: the header is missing (the first line names the columns: date, side, place, during, settled, next_morning, signs, note)"},
		{"no column of days", "side,place,during\n", `the column "date" is missing (the first line names the columns: date, side,`},
		{"misspelt column", "date,side,place,durning,settled,next_morning,signs,note\n", `unknown column "durning" (did you mean during? date, side,`},
		{"extra column", Header + ",weather\n", `unknown column "weather"`},
		{"column twice", Header + ",date\n", `the column "date" is there twice`},
		{"UTF-16", "\xff\xfed\x00a\x00", "is UTF-16"},
		{"a workbook", "PK\x03\x04xyz", "is a spreadsheet"},
		{"zeros", Header + "\n\x00\x00", "pain.csv:2: is no text"},
		{"side", Header + "\n2026-06-01,lef,,3,,,,\n", `pain.csv:2: unknown side "lef" (did you mean left? left, right, both)`},
		{"place", Header + "\n2026-06-01,left,kneecap,3,,,,\n", `unknown place "kneecap" (front, inner, outer, back, below)`},
		{"score 11", Header + "\n2026-06-01,left,,11,,,,\n", `during "11" is not a whole number from 0`},
		{"score with a denominator", Header + "\n2026-06-01,left,,4/10,,,,\n", `during "4/10" is not a whole number`},
		{"negative score", Header + "\n2026-06-01,left,,-1,,,,\n", `during "-1" is not`},
		{"settled", Header + "\n2026-06-01,left,,3,24,,,\n", `unknown settled "24" (did you mean 24h?`},
		{"sign", Header + "\n2026-06-01,left,,3,,,swelling+limb,\n", `unknown sign "limb" (did you mean limp?`},
		{"signs joined otherwise", Header + "\n2026-06-01,left,,3,,,\"swelling, limp\",\n", "several signs are joined by +, as in swelling+limp"},
		{"none and a sign", Header + "\n2026-06-01,left,,3,,,none+limp,\n", "none stands alone"},
		{"sign missing", Header + "\n2026-06-01,left,,3,,,limp+,\n", "a sign is missing"},
		{"future", Header + "\n2026-06-15,left,,3,,,,\n", "2026-06-15 is in the future (today is 2026-06-14)"},
		{"long ago", Header + "\n0026-06-01,left,,3,,,,\n", "is too long ago to be meant"},
		{"German date", Header + "\n1.6.2026,left,,3,,,,\n", `"1.6.2026" is not a date like 2024-03-04`},
		{"no date", Header + "\n,left,,3,,,,\n", "the date is missing"},
		{"too many columns", Header + "\n2026-06-01,left,,3,,,,hill, stairs\n", `has 9 cells, the header has 8 (a text with a comma in it needs "quotes")`},
		{"says nothing", Header + "\n2026-06-01,left,,,,,,\n", "the entry says nothing of the knee"},
		{"open quote", Header + "\n2026-06-01,left,,3,,,,\"stairs\n2026-06-02,left,,3,,,,\n", "pain.csv:2: a quotation mark is out of place or never closed"},
		{"line after a note of two", Header + "\n2026-06-01,left,,3,,,,\"one\ntwo\"\n2026-06-02,left,,12,,,,\n", `pain.csv:4: during "12"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse("pain.csv", []byte(tt.text), today)
			var faults sidecsv.Faults
			if !errors.As(err, &faults) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if got != nil {
				t.Errorf("a journal with a fault gives %v", got)
			}
		})
	}
}

// TestEveryFault makes sure that a runner can mend all of a journal at once, and that a file of nothing but faults fills
// no screen.
func TestEveryFault(t *testing.T) {
	_, err := Parse("j.csv", []byte(Header+"\n2026-06-01,lft,frnt,11,,,,\n2026-06-02,left,,\"x\"y,,,,\n2027-01-01,left,,1,,,,\n"), today)
	want := []string{"j.csv:2: unknown side", "j.csv:2: unknown place", "j.csv:2: during", "j.csv:3: a quotation mark", "j.csv:4: 2027-01-01 is in the future"}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d faults, want %d:\n%v", len(lines), len(want), err)
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("fault %d is %q, want %q", i, lines[i], want[i])
		}
	}
	_, err = Parse("j.csv", []byte(Header+"\n"+strings.Repeat("x\n", 40)), today)
	lines = strings.Split(err.Error(), "\n")
	if len(lines) != sidecsv.MaxFaults+1 || lines[sidecsv.MaxFaults] != "j.csv:12: and 30 faults more from here on" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

func entry(d int, note string) analyze.Pain {
	return analyze.Pain{Date: day(d), Side: analyze.LeftKnee, Place: analyze.FrontOfKnee, During: 3, Note: note}
}

func TestAppend(t *testing.T) {
	tests := []struct{ name, before, after string }{
		{"no file", "-", Header + "\n2026-06-02,left,front,3,,,,a\n"},
		{"empty file", "", Header + "\n2026-06-02,left,front,3,,,,a\n"},
		{"after others", Header + "\n2026-06-01,left,,1,,,,\n", Header + "\n2026-06-01,left,,1,,,,\n2026-06-02,left,front,3,,,,a\n"},
		{"no last line end", Header + "\n2026-06-01,left,,1,,,,x", Header + "\n2026-06-01,left,,1,,,,x\n2026-06-02,left,front,3,,,,a\n"},
		{"CRLF and byte order mark", bom + Header + "\r\n2026-06-01,left,,1,,,,x", bom + Header + "\r\n2026-06-01,left,,1,,,,x\r\n2026-06-02,left,front,3,,,,a\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, FileName)
			if tt.before != "-" {
				if err := os.WriteFile(path, []byte(tt.before), 0o640); err != nil {
					t.Fatal(err)
				}
			}
			if err := Append(path, entry(2, "a"), today); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.after {
				t.Errorf("%q, want %q", got, tt.after)
			}
			if tt.before != "-" && runtime.GOOS != "windows" {
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
					t.Errorf("mode %v, %v", info.Mode(), err)
				}
			}
			if list, err := os.ReadDir(folder); err != nil || runtime.GOOS != "windows" && len(list) != 1 {
				t.Errorf("left behind: %v %v", list, err)
			}
		})
	}
}

func TestAppendRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	const broken = Header + "\n2026-06-01,left,,1,,,,\"open\n"
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	var faults sidecsv.Faults
	if err := Append(path, entry(2, ""), today); !errors.As(err, &faults) {
		t.Errorf("%v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != broken {
		t.Errorf("a broken journal was written: %q", got)
	}
	path = filepath.Join(filepath.Dir(path), "other.csv")
	for _, e := range []analyze.Pain{{Date: today + 1, During: 3}, {Date: today, During: -1, Side: analyze.LeftKnee}} {
		if err := Append(path, e, today); err == nil {
			t.Errorf("%+v was taken", e)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused entry made a file")
	}
}

func TestAppendThroughLinks(t *testing.T) {
	folder := t.TempDir()
	link, target := filepath.Join(folder, "pain.csv"), filepath.Join(folder, "notes", "knee.csv")
	if err := os.Mkdir(filepath.Dir(target), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("notes", "knee.csv"), link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	// The link leads nowhere yet, and then to a journal.
	for d := 1; d <= 2; d++ {
		if err := Append(link, entry(d, ""), today); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse(target, data, today); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	loop := filepath.Join(folder, "loop.csv")
	if err := os.Symlink("loop.csv", loop); err != nil {
		t.Fatal(err)
	}
	if err := Append(loop, entry(1, ""), today); err == nil {
		t.Errorf("%v", err)
	}
}

func TestAppendTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	const writers, each = 8, 10
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				if err := Append(path, entry(1, fmt.Sprintf("%d %d", w, i)), today); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(path, data, today)
	if err != nil {
		t.Fatal(err)
	}
	var notes, want []string
	for _, e := range got {
		notes = append(notes, e.Note)
	}
	for w := range writers {
		for i := range each {
			want = append(want, fmt.Sprintf("%d %d", w, i))
		}
	}
	slices.Sort(notes)
	slices.Sort(want)
	if !slices.Equal(notes, want) {
		t.Errorf("%d entries of %d", len(notes), len(want))
	}
}

// FuzzParse checks that whatever is read can be written and is then the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(Header + "\n2026-06-05,right,outer,4,24h,worse,limp+swelling,\"hill, \"\"then\"\"\nstairs\"\n2026-06-01,both,,0,,,none,\n"))
	f.Add([]byte(bom + Header + "\r\n2026-06-05,,,,,,,note\r\n,,,,,,,\r\n"))
	f.Add([]byte(strings.ReplaceAll(Header, ",", ";")))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Parse("f", data, today)
		if err != nil {
			var faults sidecsv.Faults
			if !errors.As(err, &faults) || len(faults) == 0 || len(faults) > sidecsv.MaxFaults+1 {
				t.Errorf("%v", err)
			}
			return
		}
		again, err := Parse("f", Encode(got), today)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("-read +written and read:\n%s", diff)
		}
	})
}
