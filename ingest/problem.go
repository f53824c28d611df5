package ingest

import "fmt"

// Problem says why a file that looks like an activity could not be used, or not all of it. It never stops the rest of a
// log. It is an error that unwraps to its cause.
type Problem struct {
	File string
	Kind ProblemKind
	// Err tells the reason in words that name what to do where something can be done.
	Err error
	// Kept is the number of samples kept from before the break, 0 when nothing was.
	Kept int
}

// ProblemKind names the kind of a problem, in the words of the v1 report.
type ProblemKind string

// The kinds. NotActivity files (settings, workouts, monitoring) are counted and not reported as problems.
const (
	Unreadable  ProblemKind = "unreadable"
	Truncated   ProblemKind = "truncated"
	Corrupt     ProblemKind = "corrupt"
	Unsupported ProblemKind = "unsupported"
	NotActivity ProblemKind = "not-activity"
	NoTime      ProblemKind = "no-time"
	Implausible ProblemKind = "implausible"
	TooLarge    ProblemKind = "too-large"
	Internal    ProblemKind = "internal"
)

// Error returns "kind: reason", without the file, which every list prints first.
func (p *Problem) Error() string { return fmt.Sprintf("%s: %v", p.Kind, p.Err) }

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

func problemf(kind ProblemKind, format string, args ...any) *Problem {
	return &Problem{Kind: kind, Err: fmt.Errorf(format, args...)}
}
