package analyze

import (
	"strings"
	"testing"
	"time"
)

func TestMergeStrength(t *testing.T) {
	s := func(file string, minute, lasts int) Strength {
		start := time.Date(2024, 3, 4, 7, minute, 0, 0, time.UTC)
		return Strength{Date: mustDate("2024-03-04"), File: file, Start: start, ElapsedS: float64(60 * lasts)}
	}
	day := func(file string) Strength { return Strength{Date: mustDate("2024-03-04"), File: file} }
	for _, tt := range []struct {
		name string
		in   []Strength
		want string
	}{
		{"none", nil, ""},
		{"watch and phone", []Strength{s("b", 3, 38), s("a", 0, 40)}, "a+b"},
		{"three copies", []Strength{s("c", 1, 40), s("b", 0, 40), s("a", 0, 40)}, "a+b+c"},
		{"the longer of two that start together stays", []Strength{s("a", 0, 10), s("b", 0, 40)}, "b+a"},
		{"half in common", []Strength{s("a", 0, 20), s("b", 10, 20)}, "a b"},
		{"one after the other", []Strength{s("a", 0, 20), s("b", 20, 20)}, "a b"},
		{"without a duration", []Strength{s("a", 0, 0), s("b", 0, 0)}, "a+b"},
		{"only the day is known", []Strength{day("a"), day("b"), s("c", 0, 20)}, "a b c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range Build(nil, tt.in, Options{AsOf: mustDate("2024-03-05")}).Strength {
				got = append(got, strings.Join(append([]string{s.File}, s.AlsoIn...), "+"))
			}
			if joined := strings.Join(got, " "); joined != tt.want {
				t.Errorf("sessions %q, want %q", joined, tt.want)
			}
		})
	}
}
