package surface

import (
	"cmp"
	"math"
	"slices"
)

// tileSteps is the side of a tile in steps of a Network: 0.02 degrees, 2.2 km of latitude.
const tileSteps = DegreeSteps / 50

// The tiles of the Earth go from -latTiles to latTiles-1 and from -lonTiles to lonTiles-1.
const (
	latTiles = 90 * DegreeSteps / tileSteps
	lonTiles = 180 * DegreeSteps / tileSteps
)

// Tile is a square of 0.02 degrees, the unit in which a map is kept: its south-west corner in sizes of a tile.
type Tile struct{ Lat, Lon int16 }

// TileOf is the tile in which a position lies; false for none on Earth.
func TileOf(latDeg, lonDeg float64) (Tile, bool) {
	if !(math.Abs(latDeg) <= 90 && math.Abs(lonDeg) <= 180) {
		return Tile{}, false
	}
	return tileOf(int32(math.Round(latDeg*DegreeSteps)), int32(math.Round(lonDeg*DegreeSteps))), true
}

// tileOf is the tile of a position in steps. The far borders of the Earth belong to the last tiles.
func tileOf(lat, lon int32) Tile {
	return Tile{
		Lat: int16(min(floorDiv(lat, tileSteps), latTiles-1)),
		Lon: int16(min(floorDiv(lon, tileSteps), lonTiles-1)),
	}
}

func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func compareTiles(a, b Tile) int {
	return cmp.Or(cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon))
}

// TilesOf is the tiles that a track goes through, in order, each once. Samples without a position count for none.
func TilesOf(latDeg, lonDeg []float64) []Tile {
	var tiles []Tile
	for i, lat := range latDeg {
		if t, ok := TileOf(lat, lonDeg[i]); ok && (len(tiles) == 0 || tiles[len(tiles)-1] != t) {
			tiles = append(tiles, t)
		}
	}
	return SortTiles(tiles)
}

// aroundM is how far from a track the map can matter: a way is no candidate beyond 60 m, and between positions 150 m apart
// no route that counts leads further away than some 120 m.
const aroundM = 200

// TilesAround is the tiles that the ground of a track depends on, in order, each once: those within 200 m of it.
func TilesAround(latDeg, lonDeg []float64) []Tile {
	var tiles []Tile
	var same Box // where the tiles are those of the sample before
	same.South = math.Inf(1)
	for i, lat := range latDeg {
		lon := lonDeg[i]
		if lat >= same.South && lat < same.North && lon >= same.West && lon < same.East {
			continue
		}
		if !(math.Abs(lat) <= maxLatDeg && math.Abs(lon) <= 180) {
			continue
		}
		mPerLat, mPerLon := metresPerDegree(lat)
		var south, north, west, east int16
		south, north, same.South, same.North = reach(lat, aroundM/mPerLat)
		west, east, same.West, same.East = reach(lon, aroundM/mPerLon)
		for t := (Tile{Lat: south}); t.Lat <= north; t.Lat++ {
			for t.Lon = west; t.Lon <= east; t.Lon++ {
				tiles = append(tiles, t.round())
			}
		}
	}
	return SortTiles(tiles)
}

// perTile is how many tiles a degree has.
const perTile = DegreeSteps / tileSteps

// reach is the first and the last tile within some degrees of a place, in one direction, and from where to where that
// remains so.
func reach(deg, around float64) (first, last int16, from, to float64) {
	lo, hi := math.Floor((deg-around)*perTile), math.Floor((deg+around)*perTile)
	return int16(lo), int16(hi), max(lo/perTile+around, hi/perTile-around), min((lo+1)/perTile+around, (hi+1)/perTile-around)
}

// round brings a tile beyond the date line to the other side.
func (t Tile) round() Tile {
	switch {
	case t.Lon < -lonTiles:
		t.Lon += 2 * lonTiles
	case t.Lon >= lonTiles:
		t.Lon -= 2 * lonTiles
	}
	return t
}

// SortTiles puts tiles in order and each only once. It does so in place.
func SortTiles(tiles []Tile) []Tile {
	slices.SortFunc(tiles, compareTiles)
	return slices.Compact(tiles)
}

// valid says whether the tile is on Earth.
func (t Tile) valid() bool {
	return t.Lat >= -latTiles && t.Lat < latTiles && t.Lon >= -lonTiles && t.Lon < lonTiles
}

// withRing is the tiles and the eight around each, in order, each once. Across the date line they go on.
func withRing(tiles []Tile) []Tile {
	var all []Tile
	for _, t := range tiles {
		for lat := t.Lat - 1; lat <= t.Lat+1; lat++ {
			for lon := t.Lon - 1; lon <= t.Lon+1; lon++ {
				around := Tile{lat, lon}
				switch {
				case lon < -lonTiles:
					around.Lon = lonTiles - 1
				case lon >= lonTiles:
					around.Lon = -lonTiles
				}
				if around.valid() {
					all = append(all, around)
				}
			}
		}
	}
	return SortTiles(all)
}

// tilesOf is the tiles that a box touches, in order.
func tilesOf(b Box) []Tile {
	from, ok1 := TileOf(b.South, b.West)
	to, ok2 := TileOf(b.North, b.East)
	if !ok1 || !ok2 {
		return nil
	}
	var all []Tile
	for lat := from.Lat; lat <= to.Lat; lat++ {
		for lon := from.Lon; lon <= to.Lon; lon++ {
			all = append(all, Tile{lat, lon})
		}
	}
	return all
}

// tileSet answers fast whether a tile is in a set: one bit for each tile of the rectangle around them.
type tileSet struct {
	south, west int16
	rows, cols  int
	bits        []uint64
}

func newTileSet(tiles []Tile) *tileSet {
	if len(tiles) == 0 {
		return &tileSet{}
	}
	lo, hi := tiles[0], tiles[0]
	for _, t := range tiles {
		lo = Tile{min(lo.Lat, t.Lat), min(lo.Lon, t.Lon)}
		hi = Tile{max(hi.Lat, t.Lat), max(hi.Lon, t.Lon)}
	}
	s := &tileSet{south: lo.Lat, west: lo.Lon, rows: int(hi.Lat-lo.Lat) + 1, cols: int(hi.Lon) - int(lo.Lon) + 1}
	s.bits = make([]uint64, (s.rows*s.cols+63)/64)
	for _, t := range tiles {
		i := s.index(t)
		s.bits[i/64] |= 1 << (i % 64)
	}
	return s
}

// index is where the bit of a tile is; negative for a tile outside.
func (s *tileSet) index(t Tile) int {
	row, col := int(t.Lat)-int(s.south), int(t.Lon)-int(s.west)
	if row < 0 || row >= s.rows || col < 0 || col >= s.cols {
		return -1
	}
	return row*s.cols + col
}

func (s *tileSet) has(t Tile) bool {
	i := s.index(t)
	return i >= 0 && s.bits[i/64]&(1<<(i%64)) != 0
}
