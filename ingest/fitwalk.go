package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// Limits on what one file may hold. A valid file of 2 MB can declare two million messages of one byte and make a
// decoder take gigabytes. A record a second fills a million in eleven days.
const (
	maxFITRecords = 1_000_000
	// maxFITOthers bounds the other messages together, maxFITSessions and maxFITLaps the large ones among them.
	maxFITOthers   = 100_000
	maxFITSessions = 1_000
	maxFITLaps     = 10_000
)

// zeroTail is the length from which zero bytes at the end of a file are space that was never written, not messages.
const zeroTail = 32

// fitTimeField is the number of the timestamp in every message.
const fitTimeField = 253

// fitBuffers is the memory the FIT decoder uses again.
type fitBuffers struct {
	defs  [16]fitDefinition
	image fitImage
	bytes []byte
}

// fitDefinition is what a definition message says of the messages that follow under its local number.
type fitDefinition struct {
	known     bool
	bigEndian bool
	global    uint16
	// size is that of a message without its header byte.
	size int
	time fitField
	// plainTime is set when the time is in the type that nearly all files use.
	plainTime bool
	// ops read a record, after compressed, the speed and distance of old foot pods.
	ops        []fitOp
	compressed fitField
	opSpace    [len(fitRecordFields)]fitOp
	// message is the image message that the others become, nil for those that nobody needs.
	message *fitMessage
	sources [maxFITImageFields]fitField
}

// fitWalk follows the framing of one FIT file inside data. It reads records into columns, copies what the library is to
// decode into the image, and stops at the first byte that makes no sense.
type fitWalk struct {
	data []byte
	defs *[16]fitDefinition
	cols *columns
	img  *fitImage
	pos  int
	// end is where the messages end as far as known, zeroFrom where only zero bytes follow.
	end, zeroFrom int
	time          uint32
	// lastDistance and distance add up the compressed distances.
	lastDistance uint32
	distance     uint64
	// broken tells why the walk stopped early: Truncated or Corrupt, nil when it did not.
	broken *Problem
}

// walkFIT walks the messages of data[from:end].
func walkFIT(data []byte, from, end int, buf *buffers) *fitWalk {
	w := &fitWalk{
		data: data, pos: from, end: end,
		defs: &buf.fit.defs, cols: &buf.cols, img: &buf.fit.image,
	}
	for i := range w.defs {
		w.defs[i].known = false
	}
	w.img.reset()
	w.cols.use(colT)
	w.run()
	return w
}

// run walks to the end or to the first break.
func (w *fitWalk) run() {
	w.zeroFrom = math.MaxInt
	if written := len(bytes.TrimRight(w.data[:w.end], "\x00")); w.end-written >= zeroTail {
		w.zeroFrom = written
	}
	for w.pos < w.end && w.broken == nil && !w.img.useless {
		w.next()
	}
}

// next reads one message.
func (w *fitWalk) next() {
	header := w.data[w.pos]
	if w.pos >= w.zeroFrom {
		w.stop(Truncated, "only zeros follow byte %d: the recording was not written to its end", w.pos)
		return
	}
	local := header & 0x0F
	switch {
	case header&0x80 != 0:
		local = header >> 5 & 0x03
	case header&0x40 != 0:
		w.define(header)
		return
	}
	d := &w.defs[local]
	if !d.known {
		w.stop(Corrupt, "byte %d begins a message that was never defined", w.pos)
		return
	}
	if d.global == fitRecord {
		w.records(d, header)
		return
	}
	msg := w.take(1 + d.size)
	if msg == nil {
		return
	}
	timeS := w.stamp(d, msg)
	if d.message != nil {
		if p := w.img.add(d, msg[1:], timeS); p != nil {
			w.broken = p
		}
	}
}

// stamp reads the time of a message with its header, in seconds of the FIT epoch, and sets the clock for compressed
// ones. It is NaN when there is none.
func (w *fitWalk) stamp(d *fitDefinition, msg []byte) float64 {
	if d.time.size != 0 {
		return w.timestamp(d, msg[1:])
	}
	if msg[0]&0x80 == 0 || w.time == 0 {
		return math.NaN()
	}
	w.time += (uint32(msg[0]) - w.time) & 0x1F
	return float64(w.time)
}

// timestamp reads a message's own time. It is NaN when it is invalid.
func (w *fitWalk) timestamp(d *fitDefinition, msg []byte) float64 {
	var v uint32
	if d.plainTime {
		v = binary.LittleEndian.Uint32(msg[d.time.at:])
	} else {
		long, ok := d.time.integer(msg, d.bigEndian)
		if !ok || long < 0 || long > math.MaxUint32 {
			return math.NaN()
		}
		v = uint32(long)
	}
	if v == math.MaxUint32 {
		return math.NaN()
	}
	w.time = v
	return float64(v)
}

// take returns the next size bytes and moves behind them, or nil and a stop when they are not there.
func (w *fitWalk) take(size int) []byte {
	from, to := w.pos, w.pos+size
	if to > w.end {
		w.cut()
		return nil
	}
	w.pos = to
	return w.data[from:to:to]
}

// cut stops at a message that the data does not hold whole.
func (w *fitWalk) cut() {
	w.stop(Truncated, "the file ends within the message at byte %d", w.pos)
}

func (w *fitWalk) stop(kind ProblemKind, format string, args ...any) {
	w.broken = &Problem{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// define reads a definition message.
func (w *fitWalk) define(header byte) {
	// Header, reserved byte, byte order, message number, number of fields.
	const fixed = 6
	if w.pos+fixed > w.end {
		w.cut()
		return
	}
	head := w.data[w.pos : w.pos+fixed]
	fields := int(head[5])
	size := fixed + 3*fields
	developer := 0
	if header&0x20 != 0 {
		if w.pos+size+1 > w.end {
			w.cut()
			return
		}
		developer = int(w.data[w.pos+size])
		size += 1 + 3*developer
	}
	if head[2] > 1 {
		w.stop(Corrupt, "byte %d is no message: its byte order is %d", w.pos, head[2])
		return
	}
	def := w.take(size)
	if def == nil {
		return
	}
	d := &w.defs[header&0x0F]
	d.known = true
	d.bigEndian = head[2] == 1
	d.global = uint16(readUint(head[3:5], d.bigEndian))
	d.read(def[fixed:fixed+3*fields], w.cols)
	if developer > 0 {
		for _, dev := 0, def[size-3*developer:]; len(dev) >= 3; dev = dev[3:] {
			d.size += int(dev[1])
		}
	}
}

// read lays out the fields of a definition, three bytes each: number, size, base type.
func (d *fitDefinition) read(fields []byte, cols *columns) {
	d.size = 0
	d.time = fitField{}
	d.message = nil
	if d.global != fitRecord {
		d.message = fitMessageOf(d.global)
		d.sources = [maxFITImageFields]fitField{}
	}
	var found [len(fitRecordFields)]fitField
	for ; len(fields) >= 3; fields = fields[3:] {
		num := fields[0]
		f := fitField{at: uint16(d.size), size: fields[1], base: fields[2]}
		d.size += int(f.size)
		switch {
		case num == fitTimeField:
			d.time = f
		case d.global == fitRecord:
			if i := fitRecordIndex[num]; i > 0 {
				found[i-1] = f
			}
		}
		if d.message != nil {
			d.message.locate(num, f, &d.sources)
		}
	}
	d.plainTime = d.time.is(fitUint32) && !d.bigEndian
	if d.global == fitRecord {
		d.compile(&found, cols)
	}
}

// cutBefore tells whether the walk stopped because a message went over its end, although the data goes on beyond it
// up to limit and does not begin another file.
func (w *fitWalk) cutBefore(limit int) bool {
	return w.broken != nil && w.broken.Kind == Truncated && w.pos < w.zeroFrom && w.end < limit &&
		!isFITHeader(w.data[w.end:]) && !isFITHeader(w.data[w.end+fitCRCSize:])
}

// resume goes on to a later end.
func (w *fitWalk) resume(end int) {
	w.broken = nil
	w.end = end
	w.run()
}
