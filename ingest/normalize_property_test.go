package ingest

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// drawRun makes a run of a few phases, each with its own speed and cadence in strides, such as a runner makes.
func drawRun(t *rapid.T) *Activity {
	a := &Activity{Format: FIT, Sport: Running, Kind: Unspecified, Start: time.Date(2025, 6, 1, 6, 0, 0, 0, time.UTC)}
	s := &a.Samples
	d := 0.0
	for range rapid.IntRange(1, 6).Draw(t, "phases") {
		v := rapid.Float64Range(2.2, 5).Draw(t, "mps")
		c := TypicalCadence(v)/2 + rapid.Float64Range(-8, 8).Draw(t, "off")
		for range rapid.IntRange(60, 900).Draw(t, "seconds") {
			s.T = append(s.T, float64(len(s.T)))
			s.DistM = append(s.DistM, d)
			s.SpeedMPS = append(s.SpeedMPS, v)
			s.CadenceSPM = append(s.CadenceSPM, c+0.1*float64(len(s.T)%3-1)) // no sensor shows one value all the time
			d += v
		}
	}
	place(s, s.DistM, constant(len(s.T), 0))
	return a
}

// clone copies an activity with its columns.
func clone(a *Activity) *Activity {
	b := *a
	b.Samples.T = append([]float64(nil), a.Samples.T...)
	for i, c := range a.Samples.columns() {
		if *c != nil {
			*b.Samples.columns()[i] = append([]float64(nil), *c...)
		}
	}
	return &b
}

func meanCadence(s *Samples) float64 {
	var sum, total float64
	for i, c := range s.CadenceSPM {
		sum += c * s.weight(i)
		total += s.weight(i)
	}
	return sum / total
}

func TestPropertyEverySecondSample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := drawRun(t)
		half := clone(full)
		row := -1
		keepRows(&half.Samples, func(int) bool { row++; return row%2 == 0 })
		normalize(full, "", &buffers{})
		normalize(half, "", &buffers{})
		if full.CadenceUnit != Strides || half.CadenceUnit != Strides {
			t.Fatalf("units %s and %s, want strides", full.CadenceUnit, half.CadenceUnit)
		}
		if x, y := meanCadence(&full.Samples), meanCadence(&half.Samples); math.Abs(x-y) > 1 {
			t.Fatalf("mean cadence %.2f of all samples, %.2f of every second", x, y)
		}
	})
}

func TestPropertyShiftedClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawRun(t)
		a.Samples.SpeedMPS = nil
		if rapid.Bool().Draw(t, "positions only") {
			a.Samples.DistM = nil
		}
		b := clone(a)
		b.Start = b.Start.Add(time.Duration(rapid.IntRange(-14*4, 14*4).Draw(t, "quarters")) * 15 * time.Minute)
		normalize(a, "", &buffers{})
		normalize(b, "", &buffers{})
		if diff := cmp.Diff(a.Samples, b.Samples, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("columns differ (-want +got):\n%s", diff)
		}
	})
}

// TestPropertyUnits writes one run in three units: the steps must be the same.
func TestPropertyUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strides := drawRun(t)
		strides.Format = GPX
		steps, doubled := clone(strides), clone(strides)
		for i, c := range strides.Samples.CadenceSPM {
			steps.Samples.CadenceSPM[i], doubled.Samples.CadenceSPM[i] = 2*c, 4*c
		}
		for _, a := range []*Activity{strides, steps, doubled} {
			normalize(a, "", &buffers{})
		}
		if strides.CadenceUnit != Strides || steps.CadenceUnit != Steps || doubled.CadenceUnit != Doubled {
			t.Fatalf("units %s, %s, %s", strides.CadenceUnit, steps.CadenceUnit, doubled.CadenceUnit)
		}
		if !cmp.Equal(strides.Samples.CadenceSPM, steps.Samples.CadenceSPM) || !cmp.Equal(strides.Samples.CadenceSPM, doubled.Samples.CadenceSPM) {
			t.Fatal("the steps differ")
		}
	})
}

// TestPropertyAnyInput feeds columns of any numbers.
func TestPropertyAnyInput(t *testing.T) {
	number := rapid.OneOf(
		rapid.Float64(), rapid.Float64Range(-10, 400), rapid.SampledFrom([]float64{missing, 0, math.Inf(1), math.Inf(-1), -1, 180, 1e300}),
		rapid.Map(rapid.IntRange(-5, 40), func(i int) float64 { return float64(i) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "samples")
		column := rapid.SliceOfN(number, n, n)
		a := &Activity{
			Format: rapid.SampledFrom([]Format{FIT, GPX, TCX}).Draw(t, "format"),
			Sport:  rapid.SampledFrom([]Sport{Running, Walking, Cycling, UnknownSport, ""}).Draw(t, "sport"),
		}
		a.Samples.T = column.Draw(t, "t")
		for _, c := range a.Samples.columns() {
			if rapid.Bool().Draw(t, "has") {
				*c = column.Draw(t, "column")
			}
		}
		checkAnyInput(t, a)
	})
}

// TestNormalizedAgain holds inputs on which a second pass once left out more than the first.
func TestNormalizedAgain(t *testing.T) {
	tests := []struct {
		name    string
		t       []float64
		prepare func(s *Samples)
	}{
		{"an hour of rest that only the speed tells", []float64{1, missing, 0, 1, 3601}, func(s *Samples) {
			s.SpeedMPS = []float64{1, 1, 1.75, 1, missing}
		}},
		{"the same after equal times", append(constant(15, 1), 1.5, 3601.5), func(s *Samples) {
			s.SpeedMPS = append(constant(14, 1), 1.75, missing, missing)
		}},
		{"an hour of rest behind a distance that shrank", []float64{1, 0, 1, 1, 1, 3601}, func(s *Samples) {
			s.DistM = []float64{1, missing, 1, 1, 2, 1}
		}},
		{"an hour of rest behind a distance with holes", []float64{0.5, 1, 3601}, func(s *Samples) {
			s.DistM = []float64{missing, 1, missing}
		}},
		{"an hour of rest with a cadence that is none", []float64{-1, 0, 1, 4096}, func(s *Samples) {
			s.DistM, s.CadenceSPM = []float64{3, 7, 7, 7}, []float64{30, 30, 30, 30}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := &Activity{Format: FIT, Sport: Running}
			a.Samples.T = tt.t
			tt.prepare(&a.Samples)
			checkAnyInput(t, a)
		})
	}
}

// checkAnyInput tests what must hold for every input, and that time and place are clean after one pass.
func checkAnyInput(t interface{ Fatalf(string, ...any) }, a *Activity) {
	if p := normalize(a, "", &buffers{}); p != nil {
		if p.Kind != NoTime && p.Kind != Implausible {
			t.Fatalf("problem %v", p)
		}
		return
	}
	checkInvariants(t, a)
	if a.Sport == "" || a.CadenceUnit == "" {
		t.Fatalf("sport %q, cadence unit %q", a.Sport, a.CadenceUnit)
	}
	again := clone(a)
	normalize(again, "", &buffers{})
	for _, c := range [][2][]float64{
		{a.Samples.T, again.Samples.T}, {a.Samples.LatDeg, again.Samples.LatDeg}, {a.Samples.LonDeg, again.Samples.LonDeg},
	} {
		if diff := cmp.Diff(c[0], c[1], cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("normalized again (-once +twice):\n%s", diff)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add(encodeColumns(straightRun(20, 1, 3)), uint8(0xff))
	f.Add(encodeColumns(deviceRun(20, 3)), uint8(0x0f))
	f.Fuzz(func(t *testing.T, data []byte, has uint8) {
		const columns = 9
		n := min(len(data)/(8*columns), 5000)
		a := &Activity{Format: GPX, Sport: UnknownSport}
		read := func(c int) []float64 {
			col := make([]float64, n)
			for i := range col {
				col[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*(c*n+i):]))
			}
			return col
		}
		a.Samples.T = read(0)
		for i, c := range a.Samples.columns() {
			if has>>i&1 == 1 {
				*c = read(i + 1)
			}
		}
		checkAnyInput(t, a)
	})
}

// encodeColumns writes T and the columns as FuzzNormalize reads them; a missing column is zeros.
func encodeColumns(a *Activity) []byte {
	var data []byte
	write := func(c []float64) {
		for i := range a.Samples.T {
			x := 0.0
			if c != nil {
				x = c[i]
			}
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
	}
	write(a.Samples.T)
	for _, c := range a.Samples.columns() {
		write(*c)
	}
	return data
}

// BenchmarkNormalize takes a clean hour at 1 Hz with all columns, as from a watch, and with positions alone, as from GPX.
func BenchmarkNormalize(b *testing.B) {
	const n = 3600
	watch := deviceRun(n, 3)
	place(&watch.Samples, ramp(n, 0, 3), constant(n, 0))
	watch.Samples.ElevM, watch.Samples.HeartBPM = constant(n, 500), constant(n, 150)
	watch.Samples.CadenceSPM, watch.Samples.StepLengthM = constant(n, 82), constant(n, 1.1)
	for _, bm := range []struct {
		name string
		a    *Activity
	}{{"watch", watch}, {"positions", straightRun(n, 1, 3)}} {
		a := bm.a
		b.Run(bm.name, func(b *testing.B) {
			var buf buffers
			b.ReportAllocs()
			for b.Loop() {
				buf.beginNormalize()
				c := *a
				c.Samples.CadenceSPM = append(buf.column(n)[:0], a.Samples.CadenceSPM...) // scaled in place
				if len(a.Samples.CadenceSPM) == 0 {
					c.Samples.CadenceSPM = nil
				}
				if p := normalize(&c, "", &buf); p != nil {
					b.Fatal(p)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/sample")
		})
	}
}
