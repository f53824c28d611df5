package surface

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTileOf(t *testing.T) {
	for at, want := range map[[2]float64]Tile{
		{0, 0}:              {0, 0},
		{.0199, .0199}:      {0, 0},
		{.02, .02}:          {1, 1},
		{-.00001, -.00001}:  {-1, -1},
		{-.02, -.02}:        {-1, -1},
		{49.41, 8.69}:       {2470, 434},
		{90, 180}:           {latTiles - 1, lonTiles - 1},
		{-90, -180}:         {-latTiles, -lonTiles},
		{89.9999999, 179.9}: {latTiles - 1, 8995},
	} {
		if got, ok := TileOf(at[0], at[1]); !ok || got != want {
			t.Errorf("%v: %v, want %v", at, got, want)
		}
	}
	nan := math.NaN()
	for _, at := range [][2]float64{{nan, 0}, {0, nan}, {90.1, 0}, {0, -180.1}, {math.Inf(1), 0}} {
		if got, ok := TileOf(at[0], at[1]); ok {
			t.Errorf("%v: %v", at, got)
		}
	}
}

func TestTilesOfATrack(t *testing.T) {
	nan := math.NaN()
	got := TilesOf([]float64{.03, .03, nan, .01, .03}, []float64{.01, .01, nan, .01, .01})
	if diff := cmp.Diff([]Tile{{0, 0}, {1, 0}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRing(t *testing.T) {
	for _, c := range []struct {
		of   []Tile
		want int
		has  Tile
	}{
		{[]Tile{{5, 5}}, 9, Tile{4, 6}},
		{[]Tile{{5, 5}, {5, 6}}, 12, Tile{6, 7}},
		{[]Tile{{5, lonTiles - 1}}, 9, Tile{6, -lonTiles}},
		{[]Tile{{5, -lonTiles}}, 9, Tile{4, lonTiles - 1}},
		{[]Tile{{latTiles - 1, 0}}, 6, Tile{latTiles - 2, 1}},
	} {
		all := withRing(c.of)
		set := newTileSet(all)
		if len(all) != c.want || !set.has(c.has) || set.has(Tile{0, 100}) {
			t.Errorf("around %v: %v", c.of, all)
		}
	}
	if newTileSet(nil).has(Tile{}) {
		t.Error("an empty set has a tile")
	}
}

// TestTilesAround compares with every tile that a point within 200 m, one of many around each sample, lies in.
func TestTilesAround(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, start := range [][2]float64{{48.01, -30.01}, {-33.9, 18.4}, {0.0001, 0.0001}, {69.9, 179.995}, {-16.5, -179.99}, {84.9, 10}} {
		lat, lon := start[0], start[1]
		var lats, lons []float64
		var want []Tile
		for range 300 {
			lats, lons = append(lats, lat), append(lons, lon)
			for range 200 {
				mLat, mLon := metresPerDegree(lat)
				at, far := random.Float64()*2*math.Pi, aroundM*.999*math.Sqrt(random.Float64())
				x := math.Remainder(lon+far*math.Cos(at)/mLon, 360)
				if tile, ok := TileOf(lat+far*math.Sin(at)/mLat, x); ok {
					want = append(want, tile)
				}
			}
			lat += (random.Float64() - .45) * .001
			lon = math.Remainder(lon+(random.Float64()-.45)*.001, 360)
		}
		got, want := TilesAround(lats, lons), SortTiles(want)
		for _, tile := range want {
			if !slices.Contains(got, tile) {
				t.Errorf("from %v: %v is missing", start, tile)
			}
		}
		for _, tile := range got {
			if !tile.valid() {
				t.Errorf("from %v: %v is not on Earth", start, tile)
			}
		}
		if len(got) > len(want)+4 {
			t.Errorf("from %v: %d tiles, %d are near", start, len(got), len(want))
		}
	}
	if got := TilesAround([]float64{math.NaN(), 91, 0}, []float64{0, 0, math.Inf(1)}); len(got) != 0 {
		t.Errorf("from nowhere: %v", got)
	}
}
