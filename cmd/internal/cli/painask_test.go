//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kneecheck/analyze/painlog"
)

// TestPainQuestions answers the questions of pain add as at a terminal.
func TestPainQuestions(t *testing.T) {
	tests := []struct {
		name    string
		answers []string
		// row is the entry as written; empty when nothing may be written.
		row  string
		code int
		// asked must be part of what is shown.
		asked string
	}{
		{"all", []string{"yesterday", "right", "outer", "4", "24h", "worse", "swelling, limp", "stairs"},
			"2026-06-13,right,outer,4,24h,worse,swelling+limp,stairs", exitDone, "Which knee (left, right or both): "},
		{"beginnings of words", []string{"y", "R", "o", "4", "24", "w", "sw,lim", ""}, "2026-06-13,right,outer,4,24h,worse,swelling+limp,", exitDone, ""},
		{"mostly Enter", []string{"", "", "", "2", "", "", "", ""}, "2026-06-14,,,2,,,,", exitDone, "Enter: today): "},
		{"asked again", []string{"tomorrow", "2026-06-15", "", "middle", "left", "b", "back", "11", "3", "", "", "none, limp", "none", ""},
			"2026-06-14,left,back,3,,,none,", exitDone, "during \"11\" is not a whole number from 0"},
		{"the end of the input", []string{"", "left"}, "", exitUsage, "kneecheck: nothing was written: the questions were not answered to the end"},
		{"nothing but Enter", []string{"", "", "", "", "", "", "", ""}, "", exitUsage, "kneecheck: nothing was written: no question about the knee was answered"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			env, out, errs := testEnv(strings.NewReader(strings.Join(tt.answers, "\n") + "\n"))
			env.InTerminal = true
			if code := Main([]string{"pain", "add", folder}, env); code != tt.code {
				t.Errorf("exit code %d, want %d: %s", code, tt.code, errs)
			}
			if !strings.Contains(errs.String(), tt.asked) {
				t.Errorf("shown:\n%s\nwant %q", errs, tt.asked)
			}
			got, err := os.ReadFile(filepath.Join(folder, painlog.FileName))
			if tt.row == "" {
				if err == nil || out.Len() > 0 {
					t.Errorf("wrote %q and said %q", got, out)
				}
				return
			}
			if want := painlog.Header + "\n" + tt.row + "\n"; string(got) != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// TestPainQuestionsAfterADay asks for the rest when only the day is given.
func TestPainQuestionsAfterADay(t *testing.T) {
	folder := t.TempDir()
	env, _, errs := testEnv(strings.NewReader("\n\n\n5\n\n\n\n\n"))
	env.InTerminal = true
	if code := Main([]string{"pain", "add", folder, "--date", "2026-06-01"}, env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	got, err := os.ReadFile(filepath.Join(folder, painlog.FileName))
	if err != nil || !strings.Contains(string(got), "\n2026-06-01,,,5,,,,\n") {
		t.Errorf("%q, %v", got, err)
	}
}

// TestEveryPlaceIsExplained keeps the hints in step with the journal's places.
func TestEveryPlaceIsExplained(t *testing.T) {
	env, out, _ := testEnv(nil)
	t.Chdir(t.TempDir())
	if code := Main([]string{"pain", "explain"}, env); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	for _, h := range kneeHints {
		if !strings.Contains(out.String(), h.title) {
			t.Errorf("%s is missing", h.place)
		}
		for _, s := range h.hints {
			if s.source == "" || !strings.HasSuffix(s.feels, ".") {
				t.Errorf("%s: no source or no sentence", s.structure)
			}
		}
	}
}

func TestComplete(t *testing.T) {
	words := []string{"never", "60min", "24h", "48h", "night-pain"}
	for got, want := range map[string]string{"": "", "2": "24h", "N": "N", "ne": "never", "never": "never", "x": "x"} {
		if s := complete(got, words); s != want {
			t.Errorf("%q: %q, want %q", got, s, want)
		}
	}
}
