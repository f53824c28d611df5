package analyze

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kneecheck/ingest"
	"kneecheck/ingest/ingesttest"
)

// memoSum is what TestMemoVersion found when memoVersion was last raised.
const memoSum = "511241c22498ef98"

// fill sets every field of a value, however deep, to something of its own, so that a field which the codec does not know
// comes back different.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8:
		v.SetUint(uint64(*n%255 + 1))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(*n) + 0.25)
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(int64(*n), 250).In(localZone(5*3600 + 45*60))))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(errors.New(fmt.Sprint("reason ", *n))))
	default:
		panic(fmt.Sprintf("fill does not know %v: teach it and the codec", v.Type()))
	}
}

// roundTrip returns what a result is after being written and read.
func roundTrip(t *testing.T, r ingest.Result[Session]) ingest.Result[Session] {
	t.Helper()
	c := codec{}
	c.result(&r)
	e := remembered{ignored: r.Ignored, bytes: r.Bytes, sum: r.Sum, body: string(c.out)}
	back, ok := e.result(r.File, &codec{reading: true}, nil)
	if !ok {
		t.Fatal("what was written cannot be read")
	}
	return back
}

func TestCodecKeepsEveryField(t *testing.T) {
	n := 0
	r := ingest.Result[Session]{File: "file.fit", Ignored: true, Bytes: 77, Sum: sha256.Sum256(nil)}
	fill(reflect.ValueOf(&r.Values).Elem(), &n)
	fill(reflect.ValueOf(&r.Problems).Elem(), &n)
	for i := range r.Values {
		r.Values[i].File, r.Values[i].Run.File = r.File, r.File
		r.Problems[i].File = r.File
	}
	if diff := cmp.Diff(r, roundTrip(t, r), same...); diff != "" {
		t.Errorf("the codec does not keep everything (-want +got):\n%s", diff)
	}
	if n < 150 {
		t.Errorf("only %d values were filled", n)
	}
}

func TestCodecKeepsOddValues(t *testing.T) {
	run := &Run{Start: time.Date(1969, 12, 31, 23, 59, 59, 999, time.UTC).In(localZone(-9*3600 - 30*60)), Date: -1}
	copy(run.Surface.ClassM[:], []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, math.MaxFloat64, -1.5})
	back := roundTrip(t, ingest.Result[Session]{Values: []Session{{Run: run}, {Sport: ingest.Cycling, Date: math.MinInt32}}})
	got := back.Values[0].Run
	for i, v := range run.Surface.ClassM {
		if math.Float64bits(v) != math.Float64bits(got.Surface.ClassM[i]) {
			t.Errorf("%v comes back as %v", v, got.Surface.ClassM[i])
		}
	}
	if got.Start.String() != run.Start.String() || got.Date != -1 || back.Values[1].Date != math.MinInt32 {
		t.Errorf("%v on %v, %v", got.Start, got.Date, back.Values[1].Date)
	}
}

// TestMemoVersion fails when the program makes something else of the same files than when memoVersion was last raised:
// then what users' memos remember is no longer what reading would give.
func TestMemoVersion(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("other processors may round the last bit of a figure otherwise")
	}
	dir := memoLog(t)
	start := time.Date(2025, 11, 2, 4, 30, 0, 0, time.UTC)
	for name, data := range map[string][]byte{
		"trail.fit":     ingesttest.Run{Start: start, OffsetS: 3600, DistM: 6000, SpeedMPS: 2.6, CadenceSPM: 158, CadenceEndSPM: 150, HillM: 90, HillEveryM: 1500, Trail: true, EveryS: 3}.FIT(),
		"treadmill.fit": ingesttest.Run{Start: start.AddDate(0, 0, 1), DistM: 4000, SpeedMPS: 3.1, CadenceSPM: 171, Treadmill: true, EveryS: 2}.FIT(),
		"steps.gpx":     ingesttest.Run{Start: start.AddDate(0, 0, 2), DistM: 3000, SpeedMPS: 3.3, CadenceSPM: 168, HillM: 15, HillEveryM: 700, EveryS: 4}.GPXInSteps(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	receipt := readAll(t, nil, dir).Receipt
	sum := sha256.New()
	for _, o := range receipt.Outcomes {
		c := codec{}
		c.result(&ingest.Result[Session]{Values: o.Sessions, Problems: o.Problems})
		fmt.Fprintf(sum, "%s %t %x\n", filepath.Base(o.File), o.Ignored, c.out)
	}
	if got := fmt.Sprintf("%x", sum.Sum(nil)[:8]); got != memoSum {
		t.Errorf("what becomes of the same files has changed: raise memoVersion in memo_file.go (now %s), and set memoSum in this file to %q",
			memoVersion, got)
	}
}

// FuzzMemo reads anything as a memo, as an entry and as a result. There are checksums, so that this is about crashes and
// memory.
func FuzzMemo(f *testing.F) {
	c := codec{}
	c.result(&ingest.Result[Session]{
		Values:   []Session{{Sport: ingest.Running, Run: benchRun(3)}, {Sport: ingest.Walking}},
		Problems: []*ingest.Problem{{Kind: ingest.Truncated, Err: errors.New("cut off"), Kept: 5}},
	})
	f.Add(c.out)
	m := parseMemory("", "header\n")
	f.Add(m.appendFrame([]byte("header\n"), &remembered{settings: "\n\n\n0", key: "/runs/a.zip!b.fit", diskLen: 11, body: string(c.out)}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, e := range parseMemory(string(data), "header\n").entries {
			e.result(e.disk(), &codec{reading: true}, nil)
		}
		e := remembered{frame: string(append(make([]byte, frameHead), data...))}
		if e.parse(&codec{reading: true}) {
			e.result(e.disk(), &codec{reading: true}, nil)
		}
		e = remembered{body: string(data)}
		r, ok := e.result("x", &codec{reading: true}, nil)
		if !ok {
			return
		}
		// What can be read at all can be written, and comes back as it is.
		once := codec{}
		once.result(&r)
		e.body = string(once.out)
		r, ok = e.result("x", &codec{reading: true}, nil)
		if !ok {
			t.Fatal("what was written cannot be read")
		}
		twice := codec{}
		twice.result(&r)
		if !bytes.Equal(twice.out, once.out) {
			t.Errorf("%q became %q", once.out, twice.out)
		}
	})
}
