// Package spell says which of a few words was meant, for errors about words that a person wrote.
package spell

import (
	"fmt"
	"strings"
)

// Nearest returns the name closest to got, if it is close enough to be a slip: at most a third of it differs, and at
// least one letter may.
func Nearest(got string, names []string) (string, bool) {
	limit := max(1, len(got)/3)
	best, found := "", false
	for _, name := range names {
		if d := distance(strings.ToLower(got), strings.ToLower(name)); d <= limit {
			best, limit, found = name, d-1, true
		}
	}
	return best, found
}

// distance is the Levenshtein distance of two names in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Unknown says that a name is not one of a short list, with the list and the nearest of it.
func Unknown(what, got string, names []string) error {
	list := strings.Join(names, ", ")
	if name, ok := Nearest(got, names); ok {
		return fmt.Errorf("unknown %s %q (did you mean %s? %s)", what, got, name, list)
	}
	return fmt.Errorf("unknown %s %q (%s)", what, got, list)
}
