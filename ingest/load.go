package ingest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
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
	buffers  *buffers
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
	r, err := f.open()
	if err != nil {
		return loaded{problem: contentProblem(err)}
	}
	defer r.Close()
	out := l.read(r, f)
	if f.member != nil {
		out.bytes = min(out.bytes, f.storedSize())
	}
	return out
}

func (l *loader) read(r io.Reader, f File) loaded {
	if l.raw.Cap()+l.inflated.Cap() > keepBytes {
		l.raw, l.inflated = bytes.Buffer{}, bytes.Buffer{}
	}
	l.raw.Reset()
	_, err := l.raw.ReadFrom(io.LimitReader(r, sniffLen))
	format := sniff(l.raw.Bytes())
	compressed := format == gzipFormat
	head := l.raw.Bytes()
	if compressed {
		format = l.sniffInflated()
		head = l.inflated.Bytes()
	}
	out := loaded{format: format, bytes: int64(l.raw.Len())}
	switch format {
	case FIT, GPX, TCX:
		l.finish(&out, r, err, f, compressed)
		return out
	}
	out.format = noFormat
	if err != nil {
		// Damage in the archive of something else is none of our business, a disk that cannot be read is.
		if p := contentProblem(err); p.Kind == Unreadable || activityName(f.Name) || archiveName(f.Name) {
			out.problem = p
		}
		return out
	}
	out.problem = notActivity(f.Name, format, head, compressed)
	return out
}

// notActivity is the problem of a file whose name promises more than its content holds, nil for any other file.
func notActivity(name string, format Format, head []byte, compressed bool) *Problem {
	promising := activityName(name)
	switch {
	case format != zipFormat:
		if promising || archiveName(name) {
			return notWhatItSays(name, head)
		}
	case compressed && (promising || archiveName(strings.TrimSuffix(strings.ToLower(name), ".gz"))):
		return problemf(Unsupported, "a zip archive in a .gz file; gunzip it and name the .zip")
	case promising:
		return problemf(Unsupported, "a zip archive under another name; rename it to end in .zip")
	}
	return nil // a document, or an archive without members
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

// finish reads the rest of a file whose head, in l.raw, promises an activity. headErr is what ended the head early.
func (l *loader) finish(out *loaded, r io.Reader, headErr error, f File, compressed bool) {
	if f.Size > l.max {
		out.problem = l.tooLarge()
		return
	}
	if out.format == FIT && !compressed && headErr == nil && l.settled(f.Size) {
		out.data = l.raw.Bytes()
		return
	}
	err := headErr
	if err == nil {
		var n int64
		l.raw.Grow(int(max(f.likelySize()-out.bytes, 0)) + bytes.MinRead)
		n, err = l.raw.ReadFrom(io.LimitReader(r, l.max+1-out.bytes))
		out.bytes += n
	}
	if err != nil {
		out.problem = contentProblem(err)
		if out.problem.Kind == Unreadable {
			return
		}
	}
	switch {
	case out.bytes > l.max:
		out.problem = l.tooLarge() // it has grown since it was found
	case compressed:
		p := l.inflate(l.max * inflateFactor)
		out.problem = cmp.Or(out.problem, p)
		out.data = l.inflated.Bytes()
	default:
		out.data = l.raw.Bytes()
	}
}

// settled tells whether the head of a FIT file in l.raw says all that the decoder wants to know: that the file is no
// recording and that nothing is chained to it. A watch's own folder and Garmin's export hold twenty files of settings
// and monitoring for each recording.
func (l *loader) settled(size int64) bool {
	head := l.raw.Bytes()
	from := min(int(head[0]), len(head))
	single := int64(from)+int64(binary.LittleEndian.Uint32(head[4:]))+fitCRCSize >= size
	return single && walkFIT(head, from, len(head), l.buffers).img.useless
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

func mebibytes(n int64) string {
	if n < 1<<20 {
		return count(int(n), "byte")
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
