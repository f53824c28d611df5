package analyze

import (
	"kneecheck/ingest"
)

// Receipt is what became of every file that was looked at.
type Receipt struct {
	// Files counts the activity files looked at, Activities the sessions read from them, copies included.
	Files, Activities int
	// Runs counts running sessions before copies are merged; Strength and Other the rest.
	Runs, Strength, Other int
	// Ignored counts files that are no activity files, and NotActivities activity files that hold none.
	Ignored, NotActivities int
	// Bytes is how much was read.
	Bytes    int64
	Problems []*ingest.Problem
	// Outcomes has one entry a file, in order of name, for the detailed receipt.
	Outcomes []Outcome
}

// Outcome is what became of one file.
type Outcome struct {
	File     string
	Sessions []Session
	Problems []*ingest.Problem
	Ignored  bool
}
