package ingest

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/tormoder/fit"
)

// readFIT decodes a file that must give one activity.
func readFIT(t *testing.T, data []byte) (*Activity, *Problem) {
	t.Helper()
	acts, p := decodeFIT(data, new(buffers))
	if len(acts) != 1 {
		t.Fatalf("%d activities, problem %v", len(acts), p)
	}
	checkActivity(t, "built", acts[0])
	return acts[0], p
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-7)); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestFITColumns(t *testing.T) {
	b := newActivityFile().plainRecords(0, 3)
	b.msg(1, b.u32(t0+3), b.u32(math.MaxInt32), b.u32(math.MaxInt32), b.u16(math.MaxUint16), b.u32(math.MaxUint32),
		b.u16(math.MaxUint16), u8(255), u8(255), u8(255))
	b.msg(1, b.u32(t0+4), b.u32(semicircles(-50)), b.u32(math.MaxInt32), b.u16(0), b.u32(0), b.u16(0), u8(0), u8(255), u8(0))
	a, p := readFIT(t, b.session(0, 60, 1, 3).file())
	if p != nil || len(a.Notes) != 0 {
		t.Errorf("problem %v, notes %q", p, a.Notes)
	}
	same(t, "samples", a.Samples, Samples{
		T:          []float64{0, 1, 2, 3, 4},
		LatDeg:     []float64{50, 50.00001, 50.00002, nan, nan},
		LonDeg:     []float64{8, 8, 8, nan, nan},
		ElevM:      []float64{100, 100, 100, nan, -500},
		DistM:      []float64{0, 3, 6, nan, 0},
		SpeedMPS:   []float64{3, 3, 3, nan, 0},
		CadenceSPM: []float64{82.5, 82.5, 82.5, nan, 0},
		HeartBPM:   []float64{140, 141, 142, nan, 0},
	})
	same(t, "totals", a.Device, Totals{DistM: 180, MovingS: 50, ElapsedS: 60, CadenceSPM: 165, AscentM: 12, DescentM: 34})
	if a.Sport != Running || a.Kind != Trail || a.Start.Format("2006-01-02T15:04:05Z07:00") != "2024-03-03T07:00:00Z" {
		t.Errorf("%s %s from %s", a.Sport, a.Kind, a.Start)
	}
}

// TestFITFieldShapes writes one record field in the shapes real writers use.
func TestFITFieldShapes(t *testing.T) {
	le, be := new(fitBuilder), &fitBuilder{big: true}
	type column func(*Samples) []float64
	elev := func(s *Samples) []float64 { return s.ElevM }
	speed := func(s *Samples) []float64 { return s.SpeedMPS }
	dist := func(s *Samples) []float64 { return s.DistM }
	cadence := func(s *Samples) []float64 { return s.CadenceSPM }
	heart := func(s *Samples) []float64 { return s.HeartBPM }
	for _, tc := range []struct {
		name   string
		big    bool
		fields []fieldDef
		values [][]byte
		col    column
		want   float64
	}{
		{"altitude", false, []fieldDef{{2, 2, tU16}}, [][]byte{le.u16(3000)}, elev, 100},
		{"enhanced altitude", false, []fieldDef{{78, 4, tU32}}, [][]byte{le.u32(3000)}, elev, 100},
		{"enhanced altitude of two elements", false, []fieldDef{{78, 8, tU32}}, [][]byte{le.u32(3000), le.u32(9)}, elev, 100},
		{"enhanced wins over plain before it", false, []fieldDef{{2, 2, tU16}, {78, 4, tU32}}, [][]byte{le.u16(2500), le.u32(3000)}, elev, 100},
		{"enhanced wins over plain after it", false, []fieldDef{{78, 4, tU32}, {2, 2, tU16}}, [][]byte{le.u32(3000), le.u16(2500)}, elev, 100},
		{"invalid enhanced leaves plain", false, []fieldDef{{78, 4, tU32}, {2, 2, tU16}}, [][]byte{le.u32(math.MaxUint32), le.u16(3000)}, elev, 100},
		{"altitude below the sea in a signed type", false, []fieldDef{{2, 2, 0x83}}, [][]byte{le.u16(-10)}, elev, -502},
		{"altitude in a float", false, []fieldDef{{2, 4, 0x88}}, [][]byte{le.u32(0x42C80000)}, elev, nan},
		{"big-endian altitude", true, []fieldDef{{2, 2, tU16}}, [][]byte{be.u16(3000)}, elev, 100},
		{"big-endian altitude in one byte", true, []fieldDef{{2, 1, tU8}}, [][]byte{u8(100)}, elev, -480},
		{"big-endian distance in two bytes", true, []fieldDef{{5, 2, tU16}}, [][]byte{be.u16(1234)}, dist, 12.34},
		{"distance in two bytes", false, []fieldDef{{5, 2, tU16}}, [][]byte{le.u16(1234)}, dist, 12.34},
		{"distance in three bytes of a four-byte type", false, []fieldDef{{5, 3, tU32}}, [][]byte{u8(0xD2, 4, 0)}, dist, 12.34},
		{"distance without the flag of its type", false, []fieldDef{{5, 4, 0x06}}, [][]byte{le.u32(1234)}, dist, 12.34},
		{"distance in eight bytes", false, []fieldDef{{5, 8, 0x8F}}, [][]byte{le.u32(1234), le.u32(0)}, dist, 12.34},
		{"distance of an unknown type", false, []fieldDef{{5, 4, 0x9F}}, [][]byte{le.u32(1234)}, dist, 12.34},
		{"distance of no size", false, []fieldDef{{5, 0, tU32}, {3, 1, tU8}}, [][]byte{u8(150)}, dist, nan},
		{"distance as a string", false, []fieldDef{{5, 4, 0x07}}, [][]byte{u8('1', '2', '3', 0)}, dist, nan},
		{"speed", false, []fieldDef{{6, 2, tU16}}, [][]byte{le.u16(2345)}, speed, 2.345},
		{"enhanced speed", false, []fieldDef{{73, 4, tU32}}, [][]byte{le.u32(2345)}, speed, 2.345},
		{"zero that means invalid", false, []fieldDef{{6, 2, 0x8B}}, [][]byte{le.u16(0)}, speed, nan},
		{"cadence with fraction", false, []fieldDef{{53, 1, tU8}, {4, 1, tU8}}, [][]byte{u8(64), u8(82)}, cadence, 82.5},
		{"fraction alone", false, []fieldDef{{53, 1, tU8}}, [][]byte{u8(64)}, cadence, nan},
		{"cadence in 256ths", false, []fieldDef{{52, 2, tU16}}, [][]byte{le.u16(82*256 + 128)}, cadence, 82.5},
		{"heart rate in two bytes", false, []fieldDef{{3, 2, tU16}}, [][]byte{le.u16(150)}, heart, 150},
		{"heart rate as bytes", false, []fieldDef{{3, 2, 0x0D}}, [][]byte{u8(150, 151)}, heart, 150},
		{"step length", false, []fieldDef{{85, 2, tU16}}, [][]byte{le.u16(10_540)}, func(s *Samples) []float64 { return s.StepLengthM }, 1.054},
		{"explicit distance wins over compressed", false, []fieldDef{{5, 4, tU32}, {8, 3, 0x0D}}, [][]byte{le.u32(1234), u8(0, 0, 9)}, dist, 12.34},
	} {
		b := newActivityFile()
		b.big = tc.big
		b.def(1, 20, append(tc.fields, fieldDef{253, 4, tU32})...)
		b.msg(1, append(tc.values, b.u32(t0))...)
		a, p := readFIT(t, b.file())
		got := nan
		if col := tc.col(&a.Samples); col != nil {
			got = col[0]
		}
		if p != nil || len(a.Samples.T) != 1 || a.Samples.T[0] != 0 {
			t.Errorf("%s: times %v, problem %v", tc.name, a.Samples.T, p)
		}
		same(t, tc.name, got, tc.want)
	}
}

// TestFITFraming builds each odd frame around the same four records and the session of a run.
func TestFITFraming(t *testing.T) {
	four := func() *fitBuilder { return newActivityFile().plainRecords(0, 4) }
	whole := func(b *fitBuilder) []byte { return b.session(0, 60, 1, 0).file() }
	declare := func(b *fitBuilder, n int) []byte { b.declared = &n; return b.file() }
	patch := func(data []byte, at int, v byte) []byte { data[at] = v; return data }
	chain := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	settings := new(fitBuilder).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(2)).file()
	tail := func(data []byte) []byte { return data[len(data)-2:] }
	body := func(b *fitBuilder) int { return len(b.body) }

	for _, tc := range []struct {
		name string
		data []byte
		kind ProblemKind
		note string
	}{
		{"a plain file", whole(four()), "", ""},
		{"header of 12 bytes", func() []byte { b := four(); b.headerSize = 12; return whole(b) }(), "", ""},
		{"header of 20 bytes", func() []byte { b := four(); b.headerSize = 20; return whole(b) }(), "", ""},
		{"header checksum 0", func() []byte { d := whole(four()); return patch(patch(d, 12, 0), 13, 0) }(), "", "checksum"},
		{"header checksum wrong", patch(whole(four()), 12, 0x5A), "", "checksum"},
		{"protocol 9", patch(whole(four()), 1, 0x90), "", "checksum"},
		{"file checksum wrong", func() []byte { d := whole(four()); return patch(d, len(d)-1, tail(d)[1]^1) }(), "", "the file's checksum is wrong"},
		{"no file checksum", func() []byte { d := whole(four()); return d[:len(d)-2] }(), "", "without its checksum"},
		{"data size 0, finished", declare(four().session(0, 60, 1, 0), 0), "", ""},
		{"data size 0, checksum wrong", func() []byte { d := declare(four().session(0, 60, 1, 0), 0); return patch(d, len(d)-1, tail(d)[1]^1) }(), "", "not finished"},
		{"data size 0, no session", func() []byte { d := declare(four(), 0); return d[:len(d)-2] }(), Truncated, ""},
		{"data size too large", declare(four().session(0, 60, 1, 0), 9999), "", ""},
		{"data size absurd", declare(four().session(0, 60, 1, 0), math.MaxUint32), "", ""},
		{"data size too large, cut", func() []byte { d := declare(four(), 9999); return d[:len(d)-2] }(), Truncated, ""},
		{"data size too small", func() []byte { b := four(); n := body(b) - 3; return declare(b.session(0, 60, 1, 0), n) }(), "", "not finished"},
		{"bytes after the end", chain(whole(four()), []byte("left over from a longer file")), "", "28 bytes after the end"},
		{"zeros after the end", chain(whole(four()), make([]byte, 100)), "", ""},
		{"zeros instead of the end", func() []byte {
			b := four()
			n := body(b) + 2000
			d := declare(b, n)
			return chain(d[:len(d)-2], make([]byte, 2002))
		}(), Truncated, ""},
		{"settings chained before", chain(settings, whole(four())), "", ""},
		{"settings chained behind", chain(whole(four()), settings), "", ""},
		{"chained without a checksum between", func() []byte { d := whole(four()); return chain(d[:len(d)-2], settings) }(), "", "checksum"},
		{"manufacturer's file type", whole(new(fitBuilder).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(0xF8)).plainRecords(0, 4)), "", ""},
		{"invalid file type", whole(new(fitBuilder).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(0xFF)).plainRecords(0, 4)), "", ""},
		{"file type in an odd base type", whole(new(fitBuilder).def(0, 0, fieldDef{0, 1, 0x0C}).msg(0, u8(4)).plainRecords(0, 4)), "", ""},
		{"activity summary", whole(new(fitBuilder).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(20)).plainRecords(0, 4)), "", ""},
		{"no file_id", whole(new(fitBuilder).plainRecords(0, 4)), "", ""},
		{"file_id behind the records", whole(new(fitBuilder).plainRecords(0, 4).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(4))), "", ""},
		{"definitions before the file_id", whole(new(fitBuilder).def(9, 21, fieldDef{0, 1, tEnum}).def(0, 0, fieldDef{0, 1, tEnum}).
			def(8, 20, fieldDef{253, 4, tU32}).msg(0, u8(4)).plainRecords(0, 4)), "", ""},
		{"local message defined anew", whole(newActivityFile().def(1, 49, fieldDef{0, 2, tU16}).msg(1, u8(1, 2)).plainRecords(0, 2).
			def(1, 65_280, fieldDef{7, 3, 0x0D}).msg(1, u8(1, 2, 3)).plainRecords(2, 2)), "", ""},
		{"unknown messages and fields", whole(four().def(7, 4000, fieldDef{1, 7, 0x0D}, fieldDef{2, 3, 0x07}).msg(7, make([]byte, 10))), "", ""},
		{"fields the library refuses", whole(four().
			def(7, 3, fieldDef{23, 1, tU8}).msg(7, u8(1)).
			def(7, 21, fieldDef{3, 1, tU32}, fieldDef{0, 1, tEnum}).msg(7, u8(1, 0)).
			def(7, 19, fieldDef{110, 8, tU32}, fieldDef{25, 1, tEnum}).msg(7, make([]byte, 9)).
			def(7, 18, fieldDef{124, 8, tU32}, fieldDef{5, 1, 0x06}, fieldDef{2, 4, tU32}).msg(7, make([]byte, 8), u8(2), four().u32(t0-9))), "", ""},
		{"definition of no fields", whole(four().def(7, 20+1000).msg(7).msg(7)), "", ""},
		{"developer fields alone", func() []byte {
			b := newActivityFile()
			at := body(b)
			b.def(5, 20+1000).dev(at, 3, 4).msg(5, make([]byte, 7)).msg(5, make([]byte, 7))
			return whole(b.plainRecords(0, 4))
		}(), "", ""},
		{"message never defined", chain(four().raw(0x0B, 1, 2, 3).session(0, 60, 1, 0).file()), Corrupt, ""},
		{"byte order 7", chain(four().raw(0x4B, 0, 7, 0, 0, 0).session(0, 60, 1, 0).file()), Corrupt, ""},
	} {
		acts, p := decodeFIT(tc.data, new(buffers))
		// A second session is there in one case only; what counts is that nothing is lost or doubled.
		rows, notes := 0, ""
		for _, a := range acts {
			checkActivity(t, tc.name, a)
			rows += a.Samples.Len()
			notes += strings.Join(a.Notes, "\n")
		}
		kind, kept := ProblemKind(""), 0
		if p != nil {
			kind, kept = p.Kind, p.Kept
		}
		if rows != 4 || kind != tc.kind {
			t.Errorf("%s: %d samples, problem %v", tc.name, rows, p)
		}
		if kind != "" && kept != 4 {
			t.Errorf("%s: %d samples kept", tc.name, kept)
		}
		if tc.note == "" && notes != "" || !strings.Contains(notes, tc.note) {
			t.Errorf("%s: notes %q, want %q", tc.name, notes, tc.note)
		}
	}
}

func TestFITDeveloperFieldsInRecords(t *testing.T) {
	b := newActivityFile()
	at := len(b.body)
	b.def(1, 20, fieldDef{253, 4, tU32}, fieldDef{3, 1, tU8}).dev(at, 4, 2)
	for i := range 3 {
		b.msg(1, b.u32(t0+i), u8(150), b.u32(7), b.u16(8))
	}
	a, p := readFIT(t, b.file())
	same(t, "heart rate", a.Samples.HeartBPM, []float64{150, 150, 150})
	if p != nil {
		t.Error(p)
	}
}

func TestFITCompressedTimestamps(t *testing.T) {
	b := newActivityFile().def(3, 21, fieldDef{253, 4, tU32}).def(1, 20, fieldDef{3, 1, tU8})
	record := func(at int) { b.msg(0x80|1<<5|byte(at&0x1F), u8(100)) }
	record(t0) // no time to build on yet
	b.msg(3, b.u32(t0))
	for _, after := range []int{0, 1, 20, 31, 40, 71} {
		record(t0 + after)
	}
	b.msg(1, u8(100)) // a record without any time
	a, p := readFIT(t, b.file())
	same(t, "times", a.Samples.T, []float64{nan, 0, 1, 20, 31, 40, 71, nan})
	if p != nil {
		t.Error(p)
	}
}

// compressedFile has n records of 2.5 m/s in field 8, the distance of which counts round every 256 m.
func compressedFile(n int) []byte {
	b := newActivityFile().def(1, 20, fieldDef{253, 4, tU32}, fieldDef{8, 3, 0x0D}, fieldDef{18, 1, tU8}, fieldDef{28, 2, tU16})
	for i := range n {
		dist := i * 40 & 0xFFF
		b.msg(1, b.u32(t0+i), u8(250, byte(dist&0xF)<<4, byte(dist>>4)), u8(byte(i)), b.u16(i))
	}
	b.msg(1, b.u32(t0+n), u8(0xFF, 0xFF, 0xFF), u8(255), b.u16(math.MaxUint16))
	return b.session(0, n, 1, 0).file()
}

// TestFITParallel decodes the file that makes the library leak between decodings, in parallel and again.
func TestFITParallel(t *testing.T) {
	const n = 600
	data := compressedFile(n)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			buf := new(buffers)
			for range 2 {
				acts, p := decodeFIT(data, buf)
				if p != nil || len(acts) != 1 {
					t.Errorf("%d activities, problem %v", len(acts), p)
					return
				}
				s := acts[0].Samples
				if s.DistM[n-1] != (n-1)*2.5 || s.SpeedMPS[n-1] != 2.5 || !math.IsNaN(s.DistM[n]) {
					t.Errorf("the last records have %v m at %v m/s", s.DistM[n-1:], s.SpeedMPS[n-1:])
				}
			}
		})
	}
	wg.Wait()
}

// TestFITCompressedDistance compares the sum of compressed distances with the total that the watch wrote.
func TestFITCompressedDistance(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(moduleData(t, "github.com/tormoder/fit"), "python-fitparse", "compressed-speed-distance.fit"))
	if err != nil {
		t.Fatal(err)
	}
	lib, err := fit.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	act, err := lib.Activity()
	if err != nil {
		t.Fatal(err)
	}
	want := act.Sessions[0].GetTotalDistanceScaled()
	buf := new(buffers)
	walkRows(data, buf)
	got := 0.0
	for _, d := range buf.cols.vals[colDist] {
		if d > got {
			got = d
		}
	}
	if math.Abs(got-want) > 0.001*want {
		t.Errorf("the records add up to %.0f m, the session says %.0f m", got, want)
	}
}

// TestFITTruncatedAnywhere cuts a file at every length: samples never get fewer, and every cut is named.
func TestFITTruncatedAnywhere(t *testing.T) {
	data := watchFile(20)
	buf := new(buffers)
	last := 0
	for n := range len(data) - 1 {
		acts, p := decodeFIT(data[:n], buf)
		rows := 0
		for _, a := range acts {
			checkActivity(t, "cut", a)
			rows += a.Samples.Len()
		}
		if rows < last || rows > 20 {
			t.Fatalf("%d samples of %d bytes, %d of one less", rows, n, last)
		}
		last = rows
		whole := n >= len(data)-2
		if (p == nil) != whole || p != nil && (p.Kind != Truncated || p.Kept != rows) {
			t.Fatalf("%d of %d bytes: problem %v, %d samples", n, len(data), p, rows)
		}
	}
	if last != 20 {
		t.Errorf("%d samples in the end", last)
	}
}

func TestFITNotActivity(t *testing.T) {
	for kind := range 256 {
		b := new(fitBuilder).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(byte(kind)))
		known := isNoActivity(fit.FileType(kind))
		if known {
			b.plainRecords(0, 4) // a course has records, too
		}
		acts, p := decodeFIT(b.file(), new(buffers))
		want := NotActivity
		if kind == int(fit.FileTypeActivity) {
			want = Corrupt // it should hold something
		}
		if len(acts) != 0 || p == nil || p.Kind != want {
			t.Errorf("type %d: %d activities, problem %v", kind, len(acts), p)
		}
	}
}

func TestFITNothingInside(t *testing.T) {
	for _, tc := range []struct {
		name string
		data []byte
		kind ProblemKind
	}{
		{"no bytes", nil, Truncated},
		{"half a header", watchFile(1)[:9], Truncated},
		{"header alone", new(fitBuilder).file()[:14], Corrupt},
		{"header and checksum", new(fitBuilder).file(), Corrupt},
		{"header and zeros", append(watchFile(1)[:14], make([]byte, 500)...), Truncated},
		{"a picture", append([]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), make([]byte, 50)...), Corrupt},
		{"header length 3", append([]byte{3}, watchFile(1)[1:]...), Corrupt},
	} {
		acts, p := decodeFIT(tc.data, new(buffers))
		if len(acts) != 0 || p == nil || p.Kind != tc.kind {
			t.Errorf("%s: %d activities, problem %v", tc.name, len(acts), p)
		}
	}
}

func TestFITChecksum(t *testing.T) {
	data := watchFile(3)
	for n := range len(data) {
		if got, want := fitCRC(data[:n]), slowCRC(data[:n]); got != want {
			t.Fatalf("checksum of %d bytes is %#x, want %#x", n, got, want)
		}
	}
}
