package rules

import (
	"math"
	"testing"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

func TestGroundOf(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name                      string
		run                       analyze.Run
		share, low, high, unknown float64
		// treadmillHigh is the largest share that the treadmill can have.
		treadmillHigh float64
	}{
		{"with bounds", analyze.Run{DistM: 10000, Surface: analyze.Surface{HardM: 8000, SoftM: 2000, HardLow: 0.7, HardHigh: 0.9}}, 0.8, 0.7, 0.9, 0, 0},
		{"without bounds", analyze.Run{DistM: 10000, Surface: analyze.Surface{HardM: 6000, SoftM: 2000, HardLow: nan, HardHigh: nan}}, 0.6, 0.6, 0.8, 0.2, 0},
		{"bounds of the known part", analyze.Run{DistM: 10000, Surface: analyze.Surface{HardM: 6000, SoftM: 2000, HardLow: 0.5, HardHigh: 0.8}}, 0.6, 0.4, 0.8, 0.2, 0},
		{"beside a treadmill", analyze.Run{DistM: 10000, Surface: analyze.Surface{HardM: 3000, SoftM: 1000, TreadmillM: 6000, HardLow: 0.5, HardHigh: 1}}, 0.3, 0.2, 0.4, 0, 0.6},
		{"bounds that miss the share", analyze.Run{DistM: 10000, Surface: analyze.Surface{HardM: 8000, SoftM: 2000, HardLow: 0.85, HardHigh: 0.9}}, 0.8, 0.8, 0.9, 0, 0},
		{"a map that measures longer", analyze.Run{DistM: 9900, Surface: analyze.Surface{HardM: 10000, HardLow: 1, HardHigh: 1}}, 1, 1, 1, 0, 0},
		{"a recording without a map", analyze.Run{DistM: 10000, Format: ingest.FIT, Surface: analyze.Surface{UnknownM: 10000, HardLow: nan, HardHigh: nan}}, 0, 0, 1, 1, 0},
		{"a row of a table", analyze.Run{DistM: 10000, Format: ingest.CSV, Surface: analyze.Surface{UnknownM: 10000, HardLow: nan, HardHigh: nan}}, 0, 0, 1, 1, 1},
		{"a treadmill", analyze.Run{DistM: 10000, Surface: analyze.Surface{TreadmillM: 10000, HardLow: nan, HardHigh: nan}}, 0, 0, 0, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := groundOf(&tt.run)
			share, low, high := g.share(hard)
			if share != tt.share || low != tt.low || high != tt.high || g.unknown() != tt.unknown {
				t.Errorf("hard %v, %v to %v, unknown %v; want %v, %v to %v, unknown %v",
					share, low, high, g.unknown(), tt.share, tt.low, tt.high, tt.unknown)
			}
			if _, _, high := g.share(treadmill); high != tt.treadmillHigh {
				t.Errorf("treadmill at most %v, want %v", high, tt.treadmillHigh)
			}
		})
	}
	if g := groundOf(&analyze.Run{DistM: nan}); g != (ground{}) {
		t.Errorf("a run without a distance has the ground %+v", g)
	}
}
