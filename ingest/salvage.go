package ingest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
)

// What stands before each member of a zip file, and what its flags say (APPNOTE.TXT 4.3.7, 4.3.9 and 4.4.4).
const (
	zipLocal          = "PK\x03\x04"
	zipLocalLen       = 30
	zipDescriptor     = "PK\x07\x08"
	zipFlagEncrypted  = 1 << 0
	zipFlagDescriptor = 1 << 3
	zip64Extra        = 1
)

// salvaged is a member found by its own header.
type salvaged struct {
	// head is the local header, whose middle part the directory repeats.
	head        [zipLocalLen]byte
	name        []byte
	crc         uint32
	packed, raw int64
	at          int64
}

// rebuildDirectory walks from member to member by their own headers and writes the directory that a cut-off or damaged
// archive lacks. The last member may be cut off itself. It is nil when there is no member to be found.
func (a *archive) rebuildDirectory() []byte {
	// Members written without knowing their sizes have to be inflated to find their ends.
	budget := a.size*maxArchiveRatio + a.shelf.limit
	var directory []byte
	members, names := uint64(0), 0
	for at := int64(0); members < maxArchiveMembers && budget > 0; members++ {
		m, ok := a.localMember(at, budget)
		if !ok {
			break
		}
		if names += len(m.name); names > maxDirectoryBytes/2 {
			break
		}
		directory = m.appendEntry(directory)
		at = m.at + zipLocalLen + int64(binary.LittleEndian.Uint16(m.head[26:])) + int64(binary.LittleEndian.Uint16(m.head[28:])) + m.packed
		if flags := binary.LittleEndian.Uint16(m.head[6:]); flags&zipFlagDescriptor != 0 {
			budget -= m.raw
			at += a.descriptorLen(at, m.crc)
		}
	}
	if members == 0 {
		return nil
	}
	return appendEnd(directory, members, a.size)
}

// localMember reads the member whose header begins at an offset. Its sizes are those that are there, whatever it says.
func (a *archive) localMember(at, budget int64) (m salvaged, ok bool) {
	m.at = at
	if n, _ := a.ReadAt(m.head[:], at); n < zipLocalLen || string(m.head[:4]) != zipLocal {
		return m, false
	}
	h := m.head[:]
	flags, method := binary.LittleEndian.Uint16(h[6:]), binary.LittleEndian.Uint16(h[8:])
	m.crc = binary.LittleEndian.Uint32(h[14:])
	m.packed, m.raw = int64(binary.LittleEndian.Uint32(h[18:])), int64(binary.LittleEndian.Uint32(h[22:]))
	named := int(binary.LittleEndian.Uint16(h[26:]))
	rest := make([]byte, named+int(binary.LittleEndian.Uint16(h[28:])))
	body := at + zipLocalLen + int64(len(rest))
	if n, _ := a.ReadAt(rest, at+zipLocalLen); n < len(rest) || body > a.size {
		return m, false
	}
	m.name = rest[:named]
	if flags&zipFlagDescriptor != 0 {
		if method != zip.Deflate || flags&zipFlagEncrypted != 0 {
			return m, false // where it ends cannot be known
		}
		return m, m.measure(io.NewSectionReader(a, body, a.size-body), budget)
	}
	if m.packed == math.MaxUint32 || m.raw == math.MaxUint32 {
		m.longSizes(rest[named:])
	}
	// A member that is cut off says so when it is read.
	m.packed = min(m.packed, a.size-body)
	return m, m.packed >= 0 && m.raw >= 0
}

// longSizes takes the sizes from the extra field of large archives.
func (m *salvaged) longSizes(extra []byte) {
	for len(extra) >= 4 {
		tag, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		extra = extra[4:]
		if size > len(extra) {
			return
		}
		if tag == zip64Extra && size >= 16 {
			m.raw, m.packed = int64(binary.LittleEndian.Uint64(extra)), int64(binary.LittleEndian.Uint64(extra[8:]))
			return
		}
		extra = extra[size:]
	}
}

// measure inflates a member to learn its sizes and checksum.
func (m *salvaged) measure(body io.Reader, budget int64) bool {
	counted := &countingReader{r: bufio.NewReader(body)}
	inflater := flate.NewReader(counted)
	defer inflater.Close()
	sum := crc32.NewIEEE()
	raw, err := io.Copy(sum, io.LimitReader(inflater, budget+1))
	m.raw, m.packed, m.crc = raw, counted.n, sum.Sum32()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		m.raw++ // so that reading it ends in the same error
		return true
	}
	return err == nil && raw <= budget
}

// countingReader counts what an inflater takes, which is no byte more than it needs from an io.ByteReader.
type countingReader struct {
	r *bufio.Reader
	n int64
}

func (c *countingReader) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// descriptorLen is the length of the record that follows a member written without knowing its sizes: checksum and two
// sizes of four or eight bytes, with or without a mark before them.
func (a *archive) descriptorLen(at int64, crc uint32) int64 {
	buf := make([]byte, 28)
	n, _ := a.ReadAt(buf, at)
	buf = buf[:n]
	mark := int64(0)
	if bytes.HasPrefix(buf, []byte(zipDescriptor)) {
		mark = 4
	}
	for _, sizes := range []int64{8, 16} {
		if end := mark + 4 + sizes; int64(len(buf)) >= end+4 && string(buf[end:end+2]) == "PK" &&
			binary.LittleEndian.Uint32(buf[mark:]) == crc {
			return end
		}
	}
	return mark + 12
}

// appendEntry writes the member's entry of the directory, with the sizes in the extra field of large archives.
func (m *salvaged) appendEntry(b []byte) []byte {
	le := binary.LittleEndian
	b = append(b, "PK\x01\x02\x2d\x00"...)
	b = append(b, m.head[4:6]...)
	// The sizes are known now, so nothing has to be looked up behind the content.
	b = le.AppendUint16(b, le.Uint16(m.head[6:])&^zipFlagDescriptor)
	b = append(b, m.head[8:14]...)
	b = le.AppendUint32(b, m.crc)
	b = le.AppendUint32(b, math.MaxUint32)
	b = le.AppendUint32(b, math.MaxUint32)
	b = le.AppendUint16(b, uint16(len(m.name)))
	b = le.AppendUint16(b, 28)
	b = append(b, make([]byte, 2+2+2+4)...) // comment, disk, attributes
	b = le.AppendUint32(b, math.MaxUint32)
	b = append(b, m.name...)
	b = le.AppendUint16(b, zip64Extra)
	b = le.AppendUint16(b, 24)
	b = le.AppendUint64(b, uint64(m.raw))
	b = le.AppendUint64(b, uint64(m.packed))
	return le.AppendUint64(b, uint64(m.at))
}

// appendEnd ends a directory that begins at start.
func appendEnd(directory []byte, members uint64, start int64) []byte {
	le := binary.LittleEndian
	size := uint64(len(directory))
	b := append(directory, "PK\x06\x06"...)
	b = le.AppendUint64(b, zip64EndLen-12)
	b = append(b, 0x2d, 0, 0x2d, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	b = le.AppendUint64(b, members)
	b = le.AppendUint64(b, members)
	b = le.AppendUint64(b, size)
	b = le.AppendUint64(b, uint64(start))
	b = append(b, zip64Locator+"\x00\x00\x00\x00"...)
	b = le.AppendUint64(b, uint64(start)+size)
	b = le.AppendUint32(b, 1)
	b = append(b, zipEnd+"\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00"...)
	return b
}
