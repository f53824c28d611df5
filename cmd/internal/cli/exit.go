package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"syscall"
	"unicode"

	"kneecheck/analyze/sidecsv"
)

// The exit codes. They are part of the contract with scripts.
const (
	// exitDone: nothing at or above the threshold, or a command that has none is done.
	exitDone = 0
	// exitFindings: check found something at or above --fail-on.
	exitFindings = 1
	// exitUsage: wrong flags, paths or configuration, or output that cannot be written.
	exitUsage = 2
	// exitIncomplete: no usable run at all, or with --strict a problem or a rule that could not judge what is kept.
	exitIncomplete = 3
	// exitInterrupted: Ctrl-C, as 128 + SIGINT.
	exitInterrupted = 130
)

// outcome is what a command that ran to its end has to say beyond "done". It is an error so that it travels the one way
// to the exit code; its words, if any, go to standard error.
type outcome struct {
	// findings: at least one at or above --fail-on.
	findings bool
	// noRun: not one usable run.
	noRun bool
	// gaps: a problem or a rule that could not judge what is kept; counts only with strict.
	gaps   bool
	strict bool
	say    string
}

// Error returns the sentence for the user, which may be empty.
func (o *outcome) Error() string { return o.say }

// err returns the outcome as an error, or nil where there is nothing to say.
func (o *outcome) err() error {
	if o.code() == exitDone && o.say == "" {
		return nil
	}
	return o
}

// code orders the codes: 3 before 1 with --strict, else 1 before 3.
func (o *outcome) code() int {
	incomplete := o.noRun || o.strict && o.gaps
	switch {
	case incomplete && (o.strict || !o.findings):
		return exitIncomplete
	case o.findings:
		return exitFindings
	}
	return exitDone
}

// exitCode is the only place where an error becomes an exit code. Whatever is neither an outcome nor an interruption is
// something the user has to put right in the command, the configuration or the place of the output.
func exitCode(err error) int {
	var o *outcome
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case readerGone(err):
		return exitDone
	case errors.As(err, &o):
		return o.code()
	}
	return exitUsage
}

// readerGone tells whether a write failed because whoever reads went away, as head does: it has what it wanted.
func readerGone(err error) bool {
	const brokenPipe, noData = syscall.Errno(109), syscall.Errno(232) // as Windows says it
	return errors.Is(err, syscall.EPIPE) || runtime.GOOS == "windows" && (errors.Is(err, brokenPipe) || errors.Is(err, noData))
}

// mistakes are several things wrong with one command line, all told at once.
type mistakes []error

// Error has a line for each.
func (m mistakes) Error() string { return errors.Join(m...).Error() }

// sentences is what standard error says of an error, a line each: one, or more for a file in which several lines are wrong.
func sentences(err error) []string {
	var list mistakes
	if errors.As(err, &list) {
		out := make([]string, len(list))
		for i, mistake := range list {
			out[i] = sentence(mistake)
		}
		return out
	}
	var lines sidecsv.Faults
	if errors.As(err, &lines) {
		out := lines.Lines()
		for i := range out {
			out[i] = printable(out[i])
		}
		return out
	}
	var several *severalRuns
	if errors.As(err, &several) {
		out := several.Lines()
		for i := range out {
			out[i] = printable(out[i])
		}
		return out
	}
	if say := sentence(err); say != "" {
		return []string{say}
	}
	return nil
}

// written is that standard output could not be written after something was changed for good: doing it again would do it
// twice.
type written struct {
	what string
	err  error
}

// afterWriting is an error of telling what was done; what says what was done, such as "pain.csv is written".
func afterWriting(what string, err error) error {
	if err == nil {
		return nil
	}
	return &written{what, err}
}

// Error is the error itself and what was done before it.
func (w *written) Error() string { return sentence(w.err) + "; " + w.what + " all the same" }

// Unwrap returns the error itself.
func (w *written) Unwrap() error { return w.err }

// sentence is what standard error says of an error; empty for what needs no words. The names in it come from files and
// folders of any origin: control characters, which a terminal would obey, are replaced.
func sentence(err error) string {
	switch {
	case err == nil, readerGone(err):
		return ""
	case errors.Is(err, context.Canceled):
		return "interrupted"
	}
	var done *written
	if errors.As(err, &done) {
		return printable(done.Error())
	}
	var path *fs.PathError
	if errors.As(err, &path) && path.Path == os.Stdout.Name() {
		return "standard output: " + path.Err.Error()
	}
	return printable(err.Error())
}

// printable replaces control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
