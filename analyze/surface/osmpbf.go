package surface

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"
)

// Why not the pbf reader of paulmach/osm: it decodes in goroutines of its own, where an index that a damaged file puts
// beyond its string table is a panic that nobody can recover and that ends the program, and it inflates a block without a
// bound. It is the reference in the tests.

// The format's own limits, from its specification: more is no map.
const (
	maxBlobHead = 64 << 10
	maxBlob     = 32 << 20
)

// maxDeflate is how much more than its input a deflate stream can give.
const maxDeflate = 1032

// job is one block on its way through the workers. There are few, and their memory is used again and again.
type job struct {
	kind  string
	blob  bytes.Buffer
	raw   []byte
	block block
	// skip leaves the block as it is.
	skip bool
	err  error
	done chan struct{}
}

// readPBF reads the blocks of a pbf, decodes them on all processors and hands them over in order.
func readPBF(ctx context.Context, r *bufio.Reader, w want, each func(*block) error) (osmHeader, error) {
	ctx, stop := context.WithCancel(ctx)
	workers := min(runtime.GOMAXPROCS(0), 8)
	jobs := workers + 2
	free, todo, inOrder := make(chan *job, jobs), make(chan *job, jobs), make(chan *job, jobs)
	for range jobs {
		free <- &job{done: make(chan struct{}, 1)}
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	wg.Go(func() {
		defer close(todo)
		defer close(inOrder)
		readBlobs(ctx, r, w, free, todo, inOrder)
	})
	for range workers {
		wg.Go(func() {
			var d blockDecoder
			for j := range todo {
				j.err = d.decode(j, w)
				j.done <- struct{}{}
			}
		})
	}
	var head osmHeader
	first := true
	for j := range inOrder {
		<-j.done
		err := j.err
		switch {
		case err != nil:
		case first != (j.kind == blobHeader):
			err = brokenf("its head is missing or comes twice")
		case first:
			head, err = readPBFHead(j.raw)
		case j.kind == blobData:
			err = each(&j.block)
		}
		if err != nil {
			return head, err
		}
		first = false
		free <- j
	}
	return head, context.Cause(ctx)
}

// The kinds of block. Others may be there and mean nothing to us.
const (
	blobHeader = "OSMHeader"
	blobData   = "OSMData"
)

// readBlobs gives every block of r to the workers, and in the end what is wrong with r, until ctx ends.
func readBlobs(ctx context.Context, r io.Reader, w want, free <-chan *job, todo, inOrder chan<- *job) {
	for piece := 0; ; {
		var j *job
		select {
		case j = <-free:
		case <-ctx.Done():
			return
		}
		if j.err = readBlob(r, j); j.err == io.EOF {
			return
		}
		j.skip = false
		if j.err == nil && j.kind == blobData {
			j.skip = w.skip != nil && w.skip(piece)
			piece++
		}
		inOrder <- j
		if j.err != nil {
			j.done <- struct{}{}
			return
		}
		todo <- j
	}
}

// readBlob reads one block as it stands in the file; io.EOF after the last.
func readBlob(r io.Reader, j *job) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		if err == io.EOF {
			return err
		}
		return plainReadError(err)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxBlobHead {
		return brokenf("a block's head declares %d bytes", n)
	}
	if err := readInto(&j.blob, r, int64(n)); err != nil {
		return err
	}
	var data uint64
	m := message{rest: j.blob.Bytes()}
	for m.next() {
		switch m.field {
		case 1:
			j.kind = string(m.bytes)
		case 3:
			data = m.num
		}
	}
	if m.bad {
		return brokenf("a block's head cannot be read")
	}
	if data > maxBlob {
		return brokenf("a block declares %d bytes", data)
	}
	return readInto(&j.blob, r, int64(data))
}

// readInto reads n bytes; memory grows with what is there, not with what is declared.
func readInto(b *bytes.Buffer, r io.Reader, n int64) error {
	b.Reset()
	got, err := io.CopyN(b, r, n)
	if err != nil {
		if got < n && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return plainReadError(err)
	}
	return nil
}

// inflate brings the content of a block into j.raw.
func (d *blockDecoder) inflate(j *job) error {
	var raw, deflated []byte
	var other string
	var size uint64
	m := message{rest: j.blob.Bytes()}
	for m.next() {
		switch m.field {
		case 1:
			raw = m.bytes
		case 2:
			size = m.num
		case 3:
			deflated = m.bytes
		case 4, 5, 6, 7:
			other = [...]string{"lzma", "bzip2", "lz4", "zstd"}[m.field-4]
		}
	}
	switch {
	case m.bad:
		return brokenf("a block cannot be read")
	case raw != nil:
		if len(raw) > maxBlob {
			return brokenf("a block holds %d bytes", len(raw))
		}
		j.raw = append(j.raw[:0], raw...)
		return nil
	case deflated == nil && other != "":
		return fmt.Errorf("its blocks are compressed with %s, which is not read; convert it (osmium cat -o zlib.osm.pbf)", other)
	case deflated == nil || size > maxBlob || size > maxDeflate*uint64(len(deflated)):
		return brokenf("a block declares %d bytes of content", size)
	}
	return d.unzip(j, deflated, int(size))
}

func (d *blockDecoder) unzip(j *job, deflated []byte, size int) error {
	d.in.Reset(deflated)
	var err error
	if d.zip == nil {
		d.zip, err = zlib.NewReader(&d.in)
	} else {
		err = d.zip.(zlib.Resetter).Reset(&d.in, nil)
	}
	if err != nil {
		return brokenf("a block's compression is damaged (%v)", err)
	}
	if cap(j.raw) < size {
		j.raw = make([]byte, size+size/8)
	}
	j.raw = j.raw[:size]
	if _, err = io.ReadFull(d.zip, j.raw); err != nil {
		return brokenf("a block's compression is damaged (%v)", err)
	}
	// The end is where the checksum is compared.
	if n, err := d.zip.Read(d.end[:]); n != 0 || err != io.EOF {
		return brokenf("a block's compression is damaged (%v)", errors.Join(err))
	}
	return nil
}

// readPBFHead reads what a pbf says of itself and refuses what this reader could not read right.
func readPBFHead(raw []byte) (osmHeader, error) {
	var h osmHeader
	m := message{rest: raw}
	for m.next() {
		switch m.field {
		case 4:
			switch feature := string(m.bytes); feature {
			case "OsmSchema-V0.6", "DenseNodes", "LocationsOnWays", "Sort.Type_then_ID":
			case "HistoricalInformation":
				return h, errors.New("it is a history of the map; get the extract without history")
			default:
				return h, fmt.Errorf("it needs %q of its reader, which is not known", feature)
			}
		case 32:
			if m.num > 0 && m.num < 1<<33 {
				h.stand = time.Unix(int64(m.num), 0).UTC()
			}
		}
	}
	if m.bad {
		return h, brokenf("its head cannot be read")
	}
	return h, nil
}
