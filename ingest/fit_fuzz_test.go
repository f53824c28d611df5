package ingest

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/tormoder/fit"
)

// FuzzDecodeFIT holds what is true of any input: no panic, columns of one length, a sane start, a word on what is
// missing, and an image that the library accepts.
func FuzzDecodeFIT(f *testing.F) {
	f.Add(watchFile(3))
	f.Add(compressedFile(5))
	f.Add(newActivityFile().plainRecords(60, 5).session(0, 60, 5, 0).session(60, 50, 2, 0).file())
	f.Add(append(newActivityFile().plainRecords(0, 2).file(), new(fitBuilder).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(2)).file()...))
	big := &fitBuilder{big: true}
	f.Add(big.plainRecords(0, 2).session(0, 2, 1, 0).file())
	dev := newActivityFile()
	at := len(dev.body)
	f.Add(dev.def(1, 20).dev(at, 3).msg(1, u8(1, 2, 3)).msg(0x80|1<<5, u8(1, 2, 3)).file())
	buf := new(buffers)
	f.Fuzz(func(t *testing.T, data []byte) { checkDecoding(t, data, buf) })
}

func checkDecoding(t *testing.T, data []byte, buf *buffers) {
	t.Helper()
	acts, p := decodeFIT(data, buf)
	if len(acts) == 0 && p == nil {
		t.Error("neither an activity nor a problem")
	}
	if p != nil && p.Kind == Internal {
		t.Errorf("the library refused the image: %v", p)
	}
	rows := 0
	for _, a := range acts {
		checkActivity(t, "damaged", a)
		rows += a.Samples.Len()
	}
	if rows > buf.cols.n {
		t.Errorf("%d samples of %d rows", rows, buf.cols.n)
	}
	// What the library reads alone, we read.
	lib, err := fit.Decode(bytes.NewReader(data))
	if err != nil {
		return
	}
	if act, err := lib.Activity(); err == nil && buf.cols.n < len(act.Records) {
		t.Errorf("%d rows, the library reads %d records", buf.cols.n, len(act.Records))
	}
}

// TestFITMutations changes a few bytes of real and built files, which reaches deeper than fuzzing from nothing in the
// same time.
func TestFITMutations(t *testing.T) {
	seeds := []testFile{{"watch", watchFile(30)}, {"compressed", compressedFile(30)}}
	for _, f := range moduleFITs(t) {
		if len(f.data) < 20_000 {
			seeds = append(seeds, f)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	buf := new(buffers)
	for i := range 10_000 {
		seed := seeds[i%len(seeds)]
		data := bytes.Clone(seed.data)
		for range 1 + random.IntN(4) {
			data[random.IntN(len(data))] = byte(random.Uint32())
		}
		data = data[:len(data)-random.IntN(2)*random.IntN(len(data))]
		checkDecoding(t, data, buf)
		if t.Failed() {
			t.Fatalf("mutation %d of %s", i, seed.name)
		}
	}
}
