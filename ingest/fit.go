package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/tormoder/fit"
)

const (
	// fitHeaderMin is the length of the shortest FIT header; newer ones add a checksum of the header.
	fitHeaderMin = 12
	fitCRCSize   = 2
	// maxFITDeclared is more than any file holds and fits an int everywhere.
	maxFITDeclared = 1 << 30
	// maxFITParts bounds the FIT files chained in one file.
	maxFITParts = 1_000
)

// decodeFIT reads a FIT file: one activity for each session of each chained part. Samples point into buf. A file that
// breaks off keeps what came before; the activities then stand beside a problem. ID, File and, where the file does not
// tell its offset, Zone are left to the caller; cadence is in strides as the file has it, and T is NaN for a record
// without a time.
//
// Records, which are nearly all of a file, are read here straight into columns. Everything with a meaning (sessions,
// sports, laps, timer events, devices, the local time) is decoded by tormoder/fit from an image of the file without
// its records: the library refuses a whole file over one odd field, adds up compressed distances in package variables,
// and spends its time on boxing records.
func decodeFIT(data []byte, buf *buffers) ([]*Activity, *Problem) {
	buf.cols.reset()
	if len(data) < fitHeaderMin {
		return nil, problemf(Truncated, "only %d bytes, less than the header of a FIT file; copy it from the watch again", len(data))
	}
	if !isFITHeader(data) {
		return nil, problemf(Corrupt, "the FIT header is damaged; copy the file from the watch again")
	}
	var all []*Activity
	var problem, other *Problem
	at := 0
	for n := 0; n < maxFITParts && isFITHeader(data[at:]); n++ {
		part := readFITPart(data, at, buf)
		acts, p := part.activities()
		switch {
		case p == nil:
		case p.Kind == TooLarge:
			return nil, p
		case p.Kind == NotActivity || p.Kind == Corrupt && part.broken == nil:
			// Settings or heart rates chained to a recording are no fault of it.
			other = p
		case problem == nil:
			problem = p
		}
		all = append(all, acts...)
		at = part.next
	}
	if rest := bytes.Trim(data[at:], "\x00"); len(rest) > 0 && len(all) > 0 {
		last := all[len(all)-1]
		last.Notes = append(last.Notes, fmt.Sprintf("%d bytes after the end of the recording were ignored", len(data)-at))
	}
	if len(all) == 0 && problem == nil {
		problem = other
	}
	return all, problem
}

// isFITHeader tells whether data begins with the header of a FIT file. The header's own checksum is not looked at: the
// file's covers it.
func isFITHeader(data []byte) bool {
	return len(data) >= fitHeaderMin && data[0] >= fitHeaderMin && string(data[8:12]) == ".FIT"
}

// fitPart is what one of the FIT files chained in a file holds.
type fitPart struct {
	cols *columns
	// from and to are its rows in cols.
	from, to int
	img      *fitImage
	act      *fit.ActivityFile
	// broken is set when the part was not read to its end.
	broken *Problem
	notes  []string
	// next is where the next part begins.
	next int
}

// readFITPart reads the FIT file that begins at data[at:].
func readFITPart(data []byte, at int, buf *buffers) *fitPart {
	p := &fitPart{cols: &buf.cols, from: buf.cols.n, img: &buf.fit.image}
	body := min(at+int(data[at]), len(data))
	declared := int(min(binary.LittleEndian.Uint32(data[at+4:]), maxFITDeclared))
	end := body + declared
	// A watch that crashes leaves a length of 0, or one that it never reached.
	unfinished := declared == 0 && len(data)-body > fitCRCSize && !isFITHeader(data[body+fitCRCSize:])
	short := end > len(data)
	if unfinished || short {
		end = len(data)
		if whole := end - fitCRCSize; whole >= body && checksumAt(data, at, whole) {
			end, unfinished, short = whole, false, false
		}
	}
	w := walkFIT(data, body, end, buf)
	if w.cutBefore(len(data) - fitCRCSize) {
		// The header's length is too small, for the last message goes on behind it.
		unfinished, end = true, len(data)
		w.resume(end)
	}
	p.to = buf.cols.n
	p.broken = w.broken
	p.next = min(end+fitCRCSize, len(data))
	if isFITHeader(data[end:]) {
		p.next = end
	}
	if p.img.useless {
		return p
	}
	p.judge(w, data, at, end, declared, unfinished, short)
	if p.broken == nil || p.broken.Kind != TooLarge {
		p.decode(buf)
	}
	return p
}

// judge tells whether the part is whole.
func (p *fitPart) judge(w *fitWalk, data []byte, at, end, declared int, unfinished, short bool) {
	left := end - w.pos
	switch {
	case unfinished && left <= fitCRCSize && p.img.sessions > 0:
		p.broken = nil
		p.notes = append(p.notes, "the file's header was not finished; all of its messages could be read")
	case unfinished && left <= fitCRCSize:
		p.broken = problemf(Truncated, "the recording was not finished: the watch stopped writing at byte %d", w.pos)
	case short && (p.broken == nil || left <= fitCRCSize):
		p.broken = problemf(Truncated, "the header announces %d bytes and only %d are there", declared, end-at)
	case p.broken != nil:
	case len(data)-end < fitCRCSize:
		p.notes = append(p.notes, "the file ends without its checksum; all of its messages could be read")
	case !checksumAt(data, at, end):
		p.notes = append(p.notes, "the file's checksum is wrong; all of its messages could be read")
	}
}

// checksumAt tells whether the checksum at data[end:] is that of data[from:end].
func checksumAt(data []byte, from, end int) bool {
	return fitCRC(data[from:end]) == binary.LittleEndian.Uint16(data[end:])
}

// decode gives the image to the library.
func (p *fitPart) decode(buf *buffers) {
	act, space, err := p.img.decode(buf.fit.bytes)
	buf.fit.bytes = space
	if err != nil {
		p.broken = problemf(Internal, "%w", err)
		act = &fit.ActivityFile{}
	}
	p.act = act
}

// empty returns the problem of a part that holds neither samples nor sessions.
func (p *fitPart) empty() *Problem {
	switch {
	case p.broken != nil:
		return &Problem{Kind: p.broken.Kind, Err: fmt.Errorf("no sample could be read: %w", p.broken.Err)}
	case p.img.fileType == fit.FileTypeActivity || p.img.fileIDs == 0:
		return problemf(Corrupt, "the file holds neither a sample nor a session: nothing was recorded")
	}
	return problemf(NotActivity, "FIT file of type %v, not a recording", p.img.fileType)
}
