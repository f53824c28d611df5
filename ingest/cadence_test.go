package ingest

import (
	"math"
	"testing"
)

// cadenceRun is half an hour at mps with a cadence column of value raw.
func cadenceRun(format Format, mps, raw float64) *Activity {
	a := deviceRun(1800, mps)
	a.Format = format
	a.Samples.CadenceSPM = constant(1800, raw)
	if raw > 0 {
		for i := 1; i < 1800; i += 2 {
			a.Samples.CadenceSPM[i] += 0.01 // no sensor shows one value for half an hour
		}
	}
	return a
}

func TestCadenceUnit(t *testing.T) {
	walkFrom := func(from int, mps, raw float64) func(*Activity) {
		return func(a *Activity) {
			s := &a.Samples
			for i := from; i < s.Len(); i++ {
				s.SpeedMPS[i], s.CadenceSPM[i] = mps, raw
				s.DistM[i] = s.DistM[i-1] + mps
			}
		}
	}
	tests := []struct {
		name     string
		format   Format
		mps, raw float64
		change   func(*Activity)
		unit     CadenceUnit
		spm      float64
		note     string
	}{
		{name: "FIT strides", format: FIT, mps: 2.8, raw: 82, unit: Strides, spm: 164},
		{name: "FIT strides with a fraction", format: FIT, mps: 2.8, raw: 79.5, unit: Strides, spm: 159},
		{name: "FIT in steps", format: FIT, mps: 2.8, raw: 170, unit: Steps, spm: 170, note: "not doubled"},
		{name: "GPX in strides", format: GPX, mps: 3.3, raw: 85, unit: Strides, spm: 170},
		{name: "GPX in steps", format: GPX, mps: 3.3, raw: 170, unit: Steps, spm: 170},
		{name: "TCX in strides", format: TCX, mps: 2.4, raw: 75, unit: Strides, spm: 150},
		{name: "TCX in steps", format: TCX, mps: 2.4, raw: 150, unit: Steps, spm: 150},
		{name: "treadmill app doubled 386", format: GPX, mps: 4, raw: 386, unit: Doubled, spm: 193, note: "halved"},
		{name: "treadmill app doubled 348", format: TCX, mps: 3, raw: 348, unit: Doubled, spm: 174, note: "halved"},
		{name: "doubled in FIT", format: FIT, mps: 3, raw: 340, unit: Doubled, spm: 170, note: "halved"},
		{name: "a tall slow runner", format: GPX, mps: 2.3, raw: 142, unit: Steps, spm: 142},
		{name: "a tall slow runner in strides", format: GPX, mps: 2.3, raw: 71, unit: Strides, spm: 142},
		{name: "a fast runner", format: GPX, mps: 5.8, raw: 204, unit: Steps, spm: 204},
		{name: "a fast runner in strides", format: GPX, mps: 5.8, raw: 102, unit: Strides, spm: 204},
		{name: "jogging", format: GPX, mps: 1.8, raw: 75, unit: Strides, spm: 150},
		{name: "two thirds walked, steps", format: GPX, mps: 2.8, raw: 164, change: walkFrom(600, 1.6, 118), unit: Steps, spm: 164},
		{name: "two thirds walked, strides", format: GPX, mps: 2.8, raw: 82, change: walkFrom(600, 1.6, 59), unit: Strides, spm: 164},
		{name: "nearly all walked, FIT", format: FIT, mps: 2.8, raw: 82, change: walkFrom(30, 1.4, 56), unit: Strides, spm: 164},
		{name: "all walked", format: GPX, mps: 1.6, raw: 115, unit: NoCadence, note: "115 a minute is neither steps nor strides"},
		{name: "between the units", format: GPX, mps: 3, raw: 118, unit: NoCadence, note: "neither steps nor strides"},
		{name: "between the units, step length measured", format: GPX, mps: 3, raw: 120, change: func(a *Activity) {
			a.Samples.StepLengthM = constant(1800, 1.5)
		}, unit: Steps, spm: 120},
		{name: "pedalled", format: FIT, mps: 3, raw: 20, unit: NoCadence, note: "cadence left out"},
		{name: "no speed, strides", format: TCX, raw: 80, change: noSpeed, unit: Strides, spm: 160},
		{name: "no speed, steps", format: TCX, raw: 160, change: noSpeed, unit: Steps, spm: 160},
		{name: "no speed, in between", format: TCX, raw: 116, change: noSpeed, unit: NoCadence, note: "left out"},
		{name: "too short, GPX", format: GPX, mps: 3, raw: 82, change: cutTo(40), unit: NoCadence, note: "too little running"},
		{name: "too short, FIT", format: FIT, mps: 3, raw: 82, change: cutTo(40), unit: Strides, spm: 164},
		{name: "never written", format: FIT, mps: 3, raw: missing, unit: NoCadence},
		{name: "all zero", format: FIT, mps: 3, raw: 0, unit: NoCadence},
		{name: "a ride", format: FIT, mps: 3, raw: 82, change: func(a *Activity) { a.Sport = Cycling }, unit: NoCadence},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := cadenceRun(tt.format, tt.mps, tt.raw)
			if tt.change != nil {
				tt.change(a)
			}
			mustNormalize(t, a)
			if a.CadenceUnit != tt.unit {
				t.Fatalf("unit %q, want %q (notes %q)", a.CadenceUnit, tt.unit, a.Notes)
			}
			if tt.unit != NoCadence && a.Samples.CadenceSPM[10] != tt.spm {
				t.Errorf("%.1f steps a minute, want %.1f", a.Samples.CadenceSPM[10], tt.spm)
			}
			wantNote(t, a, tt.note)
		})
	}
}

func noSpeed(a *Activity) { a.Samples.SpeedMPS, a.Samples.DistM = nil, nil }

func cutTo(n int) func(*Activity) {
	return func(a *Activity) { cutRows(&a.Samples, n) }
}

func TestCadenceOfTheDevice(t *testing.T) {
	tests := []struct {
		name              string
		format            Format
		raw, device, want float64
	}{
		{"agrees", FIT, 82, 158, 158},
		{"counts stops, still agrees", FIT, 82, 118, 118},
		{"doubled by the decoder though the file holds steps", FIT, 164, 318, 159},
		{"strides", FIT, 82, 79, 158},
		{"doubled twice", FIT, 164, 648, 162},
		{"left running for hours", FIT, 82, 164. / 16, 164. / 16},
		{"unknown", FIT, 82, missing, missing},
		{"zero", FIT, 82, 0, 0},
		{"of a unit that cannot be told", GPX, 118, 118, missing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := cadenceRun(tt.format, 2.8, tt.raw)
			a.Device.CadenceSPM = tt.device
			mustNormalize(t, a)
			if got := a.Device.CadenceSPM; got != tt.want && !(math.IsNaN(got) && math.IsNaN(tt.want)) {
				t.Errorf("%.1f, want %.1f", got, tt.want)
			}
		})
	}
}

// TestUnitsNeverOverlap walks through every speed and cadence of a runner: whatever is decided must be right, written in
// any unit, and ordinary running must be decided.
func TestUnitsNeverOverlap(t *testing.T) {
	for mps := 2.0; mps <= 6; mps += 0.25 {
		for spm := 120.0; spm <= 220; spm += 5 {
			for _, unit := range []CadenceUnit{Strides, Steps, Doubled} {
				a := cadenceRun(GPX, mps, spm/toSteps(unit))
				mustNormalize(t, a)
				ordinary := math.Abs(spm-TypicalCadence(mps)) <= 32 // four standard deviations
				if a.CadenceUnit != unit && (a.CadenceUnit != NoCadence || ordinary) {
					t.Errorf("%.0f spm at %.2f m/s in %s: taken for %s", spm, mps, unit, a.CadenceUnit)
				}
			}
		}
	}
}
