package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/cmd/internal/report"
)

// The formats that a command may offer.
const (
	formatText     = "text"
	formatMarkdown = "markdown"
	formatHTML     = "html"
	formatCSV      = "csv"
	formatJSON     = "json"
	formatJUnit    = "junit"
	formatGitHub   = "github"
	formatEML      = "eml"
)

// output is one rendering: a format and where it goes; no file means standard output.
type output struct{ format, file string }

// outputs are the pairs of --format and -o in the order of the command line. An -o goes with the --format just before
// it, or else with the one just after it; a half without its other half gets the first format or standard output.
type outputs struct {
	formats []string
	pairs   []output
}

const outputHelp = `--format and -o may be given several times and make pairs: an -o belongs to the --format just before it, or to the
one just after it where none stands before. So --format text --format json -o week.json prints text and
writes JSON. A file is written whole or not at all.`

// bind adds the two flags. The first of formats is the default.
func (o *outputs) bind(cmd *cobra.Command, formats ...string) {
	o.formats = formats
	choice(cmd, (*formatFlag)(o), "format", "`FORMAT` of the result", formats)
	cmd.Flags().VarP((*fileFlag)(o), "output", "o", "write the result to `FILE` instead of standard output")
}

type formatFlag outputs

func (f *formatFlag) String() string { return "" }
func (f *formatFlag) Type() string   { return "format" }

func (f *formatFlag) Set(format string) error {
	if !slices.Contains(f.formats, format) {
		return unknown("format", format, f.formats)
	}
	if n := len(f.pairs); n > 0 && f.pairs[n-1].format == "" {
		f.pairs[n-1].format = format
		return nil
	}
	f.pairs = append(f.pairs, output{format: format})
	return nil
}

type fileFlag outputs

func (f *fileFlag) String() string { return "" }
func (f *fileFlag) Type() string   { return "file" }

func (f *fileFlag) Set(file string) error {
	if file == "" {
		return errors.New("a file name is missing (- means standard output)")
	}
	if n := len(f.pairs); n > 0 && f.pairs[n-1].file == "" {
		f.pairs[n-1].file = file
		return nil
	}
	f.pairs = append(f.pairs, output{file: file})
	return nil
}

// resolve fills in what was left out, and refuses two results in one place. Commands call it before they read anything.
func (o *outputs) resolve() ([]output, error) {
	pairs := slices.Clone(o.pairs)
	if len(pairs) == 0 {
		pairs = []output{{}}
	}
	seen := map[string]bool{}
	for i := range pairs {
		p := &pairs[i]
		if p.format == "" {
			p.format = o.formats[0]
		}
		if p.file == "-" {
			p.file = ""
		}
		where := filepath.Clean(p.file)
		if seen[where] && p.file == "" {
			return nil, errors.New("two formats for standard output (give all but one of them an -o FILE)")
		}
		if seen[where] {
			return nil, fmt.Errorf("-o %s is given twice (one file holds one format)", p.file)
		}
		seen[where] = true
	}
	return pairs, nil
}

// page is where a rendering goes: what the renderer needs to know of it.
type page struct {
	format string
	width  int
	colour bool
}

// text is the page for a renderer of text.
func (p page) text() report.TextOptions { return report.TextOptions{Width: p.width, Color: p.colour} }

// writeAll renders every pair before it writes the first, so that a failure leaves nothing half done; standard output comes
// last.
func writeAll(env *Env, pairs []output, render func(w io.Writer, p page) error) error {
	rendered := make([]bytes.Buffer, len(pairs))
	for i, pair := range pairs {
		p := page{format: pair.format, width: defaultWidth}
		if pair.file == "" {
			p.width, p.colour = env.width(), env.colour()
		}
		if err := render(&rendered[i], p); err != nil {
			return err
		}
	}
	var files []string
	for i, pair := range pairs {
		if pair.file == "" {
			continue
		}
		if err := writeFile(pair.file, rendered[i].Bytes()); err != nil {
			return err
		}
		files = append(files, pair.file+" is written")
	}
	for i, pair := range pairs {
		if pair.file != "" {
			continue
		}
		_, err := env.Out.Write(rendered[i].Bytes())
		switch {
		case err == nil, readerGone(err): // the verdict is what it is, whoever reads it
		case files != nil:
			return afterWriting(strings.Join(files, ", "), err)
		default:
			return err
		}
	}
	return nil
}

// writeFile replaces a file in one step: a reader sees the old content or the new, never a part.
func writeFile(name string, data []byte) error {
	return replaceFile(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// streamTo lets write fill a file, in one step as writeFile does, or standard output when name is empty or "-".
func streamTo(env *Env, name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		out := bufio.NewWriterSize(env.Out, 1<<16)
		return errors.Join(write(out), out.Flush())
	}
	return replaceFile(name, func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 1<<16)
		return errors.Join(write(out), out.Flush())
	})
}

// replaceFile fills a temporary file beside the one named and renames it once it is whole. What is no regular file, such
// as /dev/null, is written straight.
func replaceFile(name string, write func(io.Writer) error) error {
	target := name
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		target = resolved
	}
	mode := os.FileMode(0o666)
	temp := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d.tmp", filepath.Base(target), os.Getpid()))
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if info, err := os.Stat(target); err == nil {
		switch {
		case info.IsDir():
			return fmt.Errorf("-o %s: is a folder (give a file name in it)", name)
		case !info.Mode().IsRegular():
			temp, flags = target, os.O_WRONLY
		default:
			mode = info.Mode().Perm()
		}
	}
	// Unlike os.CreateTemp this leaves it to the user's umask who may read the file.
	f, err := os.OpenFile(temp, flags, mode)
	if err != nil {
		return wrapWrite(name, err)
	}
	err = write(f)
	err = errors.Join(err, f.Close())
	if temp == target {
		return wrapWrite(name, err)
	}
	if err == nil {
		err = os.Rename(temp, target)
	}
	if err != nil {
		// The temporary file is ours; that it cannot be removed adds nothing to the first error.
		_ = os.Remove(temp)
	}
	return wrapWrite(name, err)
}

func wrapWrite(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("-o %s: %w", name, plainPathError(err))
}
