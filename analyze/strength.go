package analyze

import (
	"cmp"
	"slices"
)

// mergeStrength makes one session of every group of copies and returns the sessions in order. Two sessions are copies when
// they overlap by more than half of the shorter one: two files of one watch, or watch and phone. Sessions of which only
// the day is known stay. It does not modify strength.
func mergeStrength(strength []Strength) []Strength {
	list := slices.Clone(strength)
	slices.SortFunc(list, func(a, b Strength) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(b.ElapsedS, a.ElapsedS), cmp.Compare(a.File, b.File))
	})
	merged := list[:0]
	for _, s := range list {
		if n := len(merged); n > 0 && sameStrength(&merged[n-1], &s) {
			kept := &merged[n-1]
			kept.AlsoIn = append(append(slices.Clip(kept.AlsoIn), s.File), s.AlsoIn...)
			continue
		}
		merged = append(merged, s)
	}
	for i := range merged {
		slices.Sort(merged[i].AlsoIn)
	}
	slices.SortFunc(merged, func(a, b Strength) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), a.Start.Compare(b.Start), cmp.Compare(a.File, b.File))
	})
	return merged
}

// sameStrength tells whether b, which starts no earlier, is a copy of a. A session without a duration lasts a second, so
// that it equals its copy.
func sameStrength(a, b *Strength) bool {
	if a.Start.IsZero() || b.Start.IsZero() {
		return false
	}
	apart := b.Start.Sub(a.Start).Seconds()
	aS, bS := max(1, a.ElapsedS), max(1, b.ElapsedS)
	return min(aS-apart, bS) > min(aS, bS)/2
}
