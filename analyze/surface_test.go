package analyze

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

func TestDeviceSurface(t *testing.T) {
	outdoors := &synth(leg{10, 3, 170, 0}).Samples
	indoors := &ingest.Samples{T: []float64{0, 1}, DistM: []float64{0, 3}, CadenceSPM: []float64{170, 170}}
	footpod := &ingest.Samples{T: []float64{0, 1}, DistM: []float64{0, 3}, ElevM: []float64{50, 51}}
	treadmill := Surface{TreadmillM: 5000, TaggedM: 5000}
	guess := Surface{TreadmillM: 5000, InferredM: 5000}
	track := Surface{MediumM: 5000, InferredM: 5000, ClassM: [surface.Classes]float64{surface.Track: 5000}}
	unknown := Surface{UnknownM: 5000}
	tests := []struct {
		name string
		kind ingest.Kind
		s    *ingest.Samples
		want Surface
	}{
		{"treadmill", ingest.Treadmill, indoors, treadmill},
		{"virtual with made-up positions", ingest.Virtual, outdoors, treadmill},
		{"track", ingest.Track, outdoors, track},
		{"trail is a weak hint", ingest.Trail, outdoors, unknown},
		{"road is a weak hint", ingest.Road, outdoors, unknown},
		{"road without positions", ingest.Road, indoors, unknown},
		{"nothing said", ingest.Unspecified, outdoors, unknown},
		{"nothing said, no position and no altitude", ingest.Unspecified, indoors, guess},
		{"nothing said, no position but altitude", ingest.Unspecified, footpod, unknown},
		{"no samples", ingest.Unspecified, &ingest.Samples{}, unknown},
	}
	for _, tt := range tests {
		got := deviceSurface(tt.kind, 5000, tt.s)
		sum := 0.0
		for _, m := range got.ByClass() {
			sum += m
		}
		if sum != 5000 {
			t.Errorf("%s: the classes sum up to %g m", tt.name, sum)
		}
		isNaN(t, "hard low", got.HardLow)
		isNaN(t, "hard high", got.HardHigh)
		if d := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Surface{}, "HardLow", "HardHigh")); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestSurfaceWithoutDistance(t *testing.T) {
	for _, kind := range []ingest.Kind{ingest.Treadmill, ingest.Track, ingest.Trail} {
		s := deviceSurface(kind, 0, &ingest.Samples{})
		if d := cmp.Diff(map[string]float64{"unknown": 0}, s.ByClass()); d != "" {
			t.Errorf("%s: %s", kind, d)
		}
	}
}
