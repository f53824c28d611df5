package analyze

import "kneecheck/ingest/civil"

// RotationDays is how far back a pair counts as in use, the last day included: long enough for a pair that is kept for
// races. A choice of this program.
const RotationDays = 60

// ShoeUse is what the log tells of one pair.
type ShoeUse struct {
	Shoe *Shoe
	// TotalM is what the pair has run in all, before the log included.
	TotalM float64
	// Runs counts the log's runs, from First to Last; without any both are 0.
	Runs        int
	First, Last civil.Date
	// RecentRuns and RecentM are those of the last RotationDays.
	RecentRuns int
	RecentM    float64
}

// Retired tells whether the pair was put away before the log's last day.
func (l *Log) Retired(s *Shoe) bool { return s.Until != nil && *s.Until < l.AsOf }

// ShoeUses tells how each pair was used, in the order of Log.Shoes, and on how many runs no pair was.
func (l *Log) ShoeUses() (uses []ShoeUse, without ShoeUse) {
	uses = make([]ShoeUse, len(l.Shoes))
	at := make(map[string]*ShoeUse, len(l.Shoes))
	for i := range l.Shoes {
		s := &l.Shoes[i]
		uses[i] = ShoeUse{Shoe: s, TotalM: s.StartKM * 1000}
		at[s.Name] = &uses[i]
	}
	for i := range l.Runs {
		r := l.Runs[i]
		u := at[r.Shoe]
		if u == nil {
			u = &without
		}
		if u.Runs == 0 {
			u.First = r.Date
		}
		u.Runs++
		u.Last = r.Date
		u.TotalM += orZero(r.DistM)
		if r.Date > l.AsOf-RotationDays {
			u.RecentRuns++
			u.RecentM += orZero(r.DistM)
		}
	}
	return uses, without
}
