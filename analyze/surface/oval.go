package surface

type ovalFinder struct{}

func (m *Matcher) applyLaps(t *tally, mapped bool) float64 { return 0 }
