package analyze

import (
	"fmt"
	"time"

	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// firstYear is before any device that writes the formats read here. What is dated earlier has the date at which a clock
// starts that was never set: 1970, 1980 or, in FIT, the last day of 1989.
const firstYear = 1990

// refuseDates turns sessions whose date cannot be true into problems, lest one unset clock make decades of empty weeks.
// A session may be dated on the day after now, for it is tomorrow already in some places. A zero now checks only the past.
func refuseDates(results []ingest.Result[Session], now time.Time) {
	first, last := civil.New(firstYear, time.January, 1), civil.Of(now.UTC())+1
	for i := range results {
		r := &results[i]
		kept := r.Values[:0]
		for _, s := range r.Values {
			why := ""
			switch {
			case s.Date < first:
				why = "the clock was not set"
			case !now.IsZero() && s.Date > last:
				why = "that day is yet to come"
			default:
				kept = append(kept, s)
				continue
			}
			r.Problems = append(r.Problems, &ingest.Problem{File: r.File, Kind: ingest.NoTime, Err: fmt.Errorf(
				"dated %v, but %s: correct the date where it was recorded and export it again; it is not counted", s.Date, why)})
		}
		r.Values = kept
	}
}
