package analyze

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"kneecheck/ingest"
)

// codec writes or reads the remembered form of what became of a file. One method a type names its fields once, for both
// directions, so that the two cannot come apart. Who reads writes first where it has not written: a page that is looked at
// before it is written to costs twice, and both processors. The form is binary: numbers as varints or eight bytes little endian,
// texts and lists after their length.
type codec struct {
	// reading turns the direction; bad is set, and stays, when what is read ends early or makes no sense.
	reading, bad bool
	// out is what was written; in is what is read, and at how far. Texts that are read are parts of in and not copies.
	out []byte
	in  string
	at  int
	// place is where the first run that is read goes, or nil.
	place *Run
	// sessions and zones are shared by everything that one codec reads.
	sessions []Session
	zones    map[int]*time.Location
}

// sessionsAtOnce is how many sessions are allocated together.
const sessionsAtOnce = 64

// result is what became of one file, without the file's name, which belongs to the moment, and without what the memo
// keeps beside it.
func (c *codec) result(r *ingest.Result[Session]) {
	slice(c, &r.Problems, c.problem)
	if !c.reading {
		c.out = binary.AppendUvarint(c.out, uint64(len(r.Values)))
	} else if n := c.readLength(); n > 0 {
		if n > len(c.sessions) {
			c.sessions = make([]Session, max(n, sessionsAtOnce))
		}
		r.Values, c.sessions = c.sessions[:n:n], c.sessions[n:]
	}
	for i := range r.Values {
		c.session(&r.Values[i])
	}
}

func (c *codec) problem(v **ingest.Problem) {
	if c.reading {
		*v = &ingest.Problem{}
	}
	p := *v
	text(c, &p.Kind)
	var reason string
	if p.Err != nil {
		reason = p.Err.Error()
	}
	text(c, &reason)
	if c.reading {
		p.Err = errors.New(reason)
	}
	whole(c, &p.Kept)
}

func (c *codec) session(s *Session) {
	text(c, &s.Sport)
	whole(c, &s.Date)
	c.time(&s.Start)
	c.float(&s.ElapsedS)
	slice(c, &s.Notes, func(v *string) { text(c, v) })
	isRun := !c.reading && s.Run != nil
	c.flag(&isRun)
	if !isRun {
		return
	}
	if c.reading {
		s.Run, c.place = c.place, nil
		if s.Run == nil {
			s.Run = &Run{}
		}
	}
	c.run(s.Run)
}

func (c *codec) run(r *Run) {
	text(c, &r.ID)
	slice(c, &r.AlsoIn, func(v *string) { text(c, v) })
	text(c, &r.Name)
	text(c, &r.Format)
	whole(c, &r.Date)
	c.time(&r.Start)
	text(c, &r.OffsetFrom)
	text(c, &r.Kind)
	c.floats(&r.DistM, &r.MovingS, &r.ElapsedS, &r.LongestContinuousS, &r.SpeedSpread, &r.DirtM)
	c.cadence(&r.Cadence)
	c.heart(&r.Heart)
	text(c, &r.Pace.Flat)
	text(c, &r.Pace.Down)
	c.climb(&r.Climb)
	c.surface(&r.Surface)
	d := &r.Device
	c.floats(&d.DistM, &d.MovingS, &d.ElapsedS, &d.CadenceSPM, &d.AscentM, &d.DescentM)
	text(c, &r.Shoe)
	c.flag(&r.Race)
	c.flag(&r.LongRun)
	slice(c, &r.Notes, func(v *string) { text(c, v) })
	whole(c, &r.Channels)
}

func (c *codec) cadence(v *Cadence) {
	c.floats(&v.MeanSPM, &v.Coverage, &v.StepLengthM)
	text(c, &v.Unit)
	text(c, &v.Level)
	text(c, &v.FirstThird)
	text(c, &v.LastThird)
}

func (c *codec) heart(v *Heart) {
	c.floats(&v.MeanBPM, &v.Coverage)
	text(c, &v.Hist)
}

func (c *codec) climb(v *Climb) {
	text(c, &v.Source)
	c.floats(&v.AscentM, &v.DescentM, &v.DownhillM, &v.DownhillDropM, &v.SteepM, &v.SteepDropM, &v.RangeM)
}

func (c *codec) surface(v *Surface) {
	c.floats(&v.HardM, &v.MediumM, &v.SoftM, &v.TreadmillM, &v.UnknownM, &v.TaggedM, &v.InferredM, &v.HardLow, &v.HardHigh)
	c.flag(&v.Mapped)
	var has uint64 // the classes that there are, a bit each
	if c.reading {
		has = c.uvarint()
	} else {
		for k, m := range v.ClassM {
			if math.Float64bits(m) != 0 {
				has |= 1 << k
			}
		}
		c.out = binary.AppendUvarint(c.out, has)
	}
	for k := range v.ClassM {
		if has&(1<<k) != 0 {
			c.float(&v.ClassM[k])
		}
	}
}

// time keeps the instant and the offset of the zone that Reduce gave it.
func (c *codec) time(t *time.Time) {
	var seconds int64
	var nanos, offset int
	if !c.reading {
		seconds, nanos = t.Unix(), t.Nanosecond()
		_, offset = t.Zone()
	}
	whole(c, &seconds)
	whole(c, &nanos)
	whole(c, &offset)
	if !c.reading {
		return
	}
	zone := c.zones[offset]
	if zone == nil {
		zone = localZone(offset)
		if c.zones == nil {
			c.zones = map[int]*time.Location{}
		}
		c.zones[offset] = zone
	}
	*t = time.Unix(seconds, int64(nanos)).In(zone)
}

func (c *codec) floats(list ...*float64) {
	for _, v := range list {
		c.float(v)
	}
}

// float writes or reads 1 for what is not known, a whole number as the number and 2, and 0 before the eight bytes of what
// is neither.
func (c *codec) float(v *float64) {
	const notKnown, whole = 1, 2
	if c.reading {
		switch head := c.uvarint(); head {
		case 0:
			*v = math.Float64frombits(c.uint64())
		case notKnown:
			*v = math.NaN()
		default:
			*v = float64(head - whole)
		}
		return
	}
	bits := math.Float64bits(*v)
	const most = 1 << 32
	switch {
	case bits == math.Float64bits(math.NaN()):
		c.out = append(c.out, notKnown)
	case *v >= 0 && *v < most && math.Float64bits(float64(uint64(*v))) == bits:
		c.out = binary.AppendUvarint(c.out, uint64(*v)+whole)
	default:
		c.out = binary.LittleEndian.AppendUint64(append(c.out, 0), bits)
	}
}

func (c *codec) flag(v *bool) {
	if !c.reading {
		var b byte
		if *v {
			b = 1
		}
		c.out = append(c.out, b)
		return
	}
	*v = c.take(1)[0] != 0
}

// text writes or reads a text of any type.
func text[S ~string](c *codec, v *S) {
	if c.reading {
		*v = S(c.take(c.readLength()))
		return
	}
	c.out = append(binary.AppendUvarint(c.out, uint64(len(*v))), *v...)
}

// whole writes or reads a whole number of any type.
func whole[I ~int | ~int32 | ~int64](c *codec, v *I) {
	if !c.reading {
		c.out = binary.AppendVarint(c.out, int64(*v))
		return
	}
	u := c.uvarint()
	*v = I(int64(u>>1) ^ -int64(u&1)) // as encoding/binary does it for bytes
}

// slice writes or reads a list; an empty one becomes nil.
func slice[T any](c *codec, list *[]T, each func(*T)) {
	if !c.reading {
		c.out = binary.AppendUvarint(c.out, uint64(len(*list)))
	} else if n := c.readLength(); n > 0 {
		*list = make([]T, n)
	} else {
		return
	}
	for i := range *list {
		each(&(*list)[i])
	}
}

// readLength reads the length of what follows. No element is shorter than a byte, so that a length beyond what is left is
// none.
func (c *codec) readLength() int {
	u := c.uvarint()
	if u > uint64(len(c.in)-c.at) {
		c.fail()
		return 0
	}
	return int(u)
}

func (c *codec) uvarint() uint64 {
	var v uint64
	s := c.in[c.at:]
	if len(s) > 0 && s[0] < 0x80 { // as most are
		c.at++
		return uint64(s[0])
	}
	for i := range min(len(s), binary.MaxVarintLen64) {
		v |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			c.at += i + 1
			return v
		}
	}
	c.fail()
	return 0
}

func (c *codec) uint64() uint64 {
	s := c.take(8)
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// zeros stands in for what is missing, so that only those who need to know look at bad.
const zeros = "\x00\x00\x00\x00\x00\x00\x00\x00"

// take returns the next n bytes; where they are missing, at most eight zeros.
func (c *codec) take(n int) string {
	if n > len(c.in)-c.at {
		c.fail()
		return zeros[:min(n, len(zeros))]
	}
	c.at += n
	return c.in[c.at-n : c.at]
}

func (c *codec) fail() { c.bad, c.at = true, len(c.in) }

// begin starts reading something new.
func (c *codec) begin(in string) { c.in, c.at, c.bad, c.place = in, 0, false, nil }
