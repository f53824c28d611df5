package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// keepBytes is the most memory a loader keeps from one file to the next.
const keepBytes = 32 << 20

// defaultMaxBytes is the largest file read; inflateFactor times that is the largest content of a compressed one (DESIGN
// section 9: 64 and 256 MiB).
const (
	defaultMaxBytes = 64 << 20
	inflateFactor   = 4
)

// loader reads whole files into memory that the next file reuses.
type loader struct {
	max      int64
	raw      bytes.Buffer
	inflated bytes.Buffer
	gz       gzip.Reader
}

// loaded is the content of one file.
type loaded struct {
	format Format
	// data is decompressed and valid until the next load.
	data []byte
	// bytes is how much was read from disk.
	bytes   int64
	problem *Problem
}

// load reads f. A file that neither by name nor by content is an activity comes back with noFormat and no problem, and
// no more of it is read than its head.
func (l *loader) load(f File) loaded {
	file, err := os.Open(f.Name)
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return loaded{problem: &Problem{Kind: Unreadable, Err: err}}
	}
	defer file.Close()
	return l.read(file, f)
}

func (l *loader) read(r io.Reader, f File) loaded {
	if l.raw.Cap()+l.inflated.Cap() > keepBytes {
		l.raw, l.inflated = bytes.Buffer{}, bytes.Buffer{}
	}
	l.raw.Reset()
	if _, err := l.raw.ReadFrom(io.LimitReader(r, sniffLen)); err != nil {
		return loaded{problem: &Problem{Kind: Unreadable, Err: err}}
	}
	format := sniff(l.raw.Bytes())
	if format == gzipFormat {
		format = l.sniffInflated()
		return l.finish(r, f, format, true)
	}
	return l.finish(r, f, format, false)
}

// sniffInflated tells the format of what the gzip head in l.raw holds.
func (l *loader) sniffInflated() Format {
	l.inflated.Reset()
	if err := l.gz.Reset(bytes.NewReader(l.raw.Bytes())); err != nil {
		return noFormat
	}
	// The head is cut off, so an error at its end is expected and what came before it counts.
	_, _ = l.inflated.ReadFrom(io.LimitReader(&l.gz, sniffLen))
	return sniff(l.inflated.Bytes())
}

// finish reads the rest of a file whose head promises an activity.
func (l *loader) finish(r io.Reader, f File, format Format, compressed bool) loaded {
	out := loaded{format: format, bytes: int64(l.raw.Len())}
	head := l.raw.Bytes()
	if compressed {
		head = l.inflated.Bytes()
	}
	switch format {
	case FIT, GPX, TCX:
	case zipFormat:
		out.problem = problemf(Unsupported, "zip archives are not read yet; unpack it and name the folder")
		return out
	default:
		if activityName(f.Name) {
			out.problem = notWhatItSays(f.Name, head)
		}
		out.format = noFormat
		return out
	}
	if f.Size > l.max {
		out.problem = l.tooLarge()
		return out
	}
	l.raw.Grow(int(max(f.Size-out.bytes, 0)) + bytes.MinRead)
	n, err := l.raw.ReadFrom(io.LimitReader(r, l.max+1-out.bytes))
	out.bytes += n
	switch {
	case err != nil:
		out.problem = &Problem{Kind: Unreadable, Err: err}
	case out.bytes > l.max:
		out.problem = l.tooLarge() // it has grown since it was found
	case compressed:
		out.problem = l.inflate(l.max * inflateFactor)
		out.data = l.inflated.Bytes()
	default:
		out.data = l.raw.Bytes()
	}
	return out
}

// inflate decompresses l.raw into l.inflated. What came before a break stays there beside the problem.
func (l *loader) inflate(limit int64) *Problem {
	l.inflated.Reset()
	if err := l.gz.Reset(bytes.NewReader(l.raw.Bytes())); err != nil {
		return &Problem{Kind: Corrupt, Err: err}
	}
	n, err := l.inflated.ReadFrom(io.LimitReader(&l.gz, limit+1))
	switch {
	case n > limit:
		l.inflated.Reset()
		return problemf(TooLarge, "inflates to more than %s; --max-size allows more", mebibytes(limit))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return problemf(Truncated, "the compressed file is cut off; download it again")
	case errors.Is(err, gzip.ErrHeader):
		return nil // bytes after the end of the compressed content
	case err != nil:
		return &Problem{Kind: Corrupt, Err: fmt.Errorf("cannot be decompressed to its end: %w", err)}
	}
	return nil
}

func (l *loader) tooLarge() *Problem {
	return problemf(TooLarge, "larger than %s; --max-size allows more", mebibytes(l.max))
}

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }
