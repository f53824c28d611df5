package surface

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Atlas is all maps that were imported. Several goroutines may use one; it keeps no tile in memory.
type Atlas struct {
	// regions is those that can be read, the newest map first.
	regions []*region
	broken  []*RegionError
}

// RegionError is why a region cannot be used.
type RegionError struct {
	// Name is the region's name, File where it is kept.
	Name, File string
	Err        error
}

// Error names the file and what to do.
func (e *RegionError) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap is the reason alone.
func (e *RegionError) Unwrap() error { return e.Err }

// Open opens the maps kept in a folder. A folder that is not there is an atlas without maps; a region that cannot be used is
// left out and listed by Broken.
func Open(dir string) (*Atlas, error) {
	entries, err := os.ReadDir(dir)
	// What lies in another user's folder is no map of this one, as with a configuration.
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return &Atlas{}, nil
	}
	if err != nil {
		return nil, err
	}
	a := &Atlas{}
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != IndexExt || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		r, err := openRegion(path)
		if err != nil {
			a.broken = append(a.broken, &RegionError{Name: strings.TrimSuffix(e.Name(), IndexExt), File: path, Err: err})
			continue
		}
		a.regions = append(a.regions, r)
	}
	slices.SortStableFunc(a.regions, func(x, y *region) int {
		return cmp.Or(y.Date.Compare(x.Date), cmp.Compare(x.Name, y.Name))
	})
	return a, nil
}

// Regions is what is in the atlas, the newest map first.
func (a *Atlas) Regions() []Region {
	list := make([]Region, len(a.regions))
	for i, r := range a.regions {
		list[i] = r.Region
	}
	return list
}

// Broken is the regions that cannot be used.
func (a *Atlas) Broken() []*RegionError { return a.broken }

// Empty says whether there is no map to use.
func (a *Atlas) Empty() bool { return len(a.regions) == 0 }

// Has says whether a map has a way in one of the tiles.
func (a *Atlas) Has(tiles []Tile) bool { return a.Version(tiles) != "" }

// Version names what the maps say about tiles, whatever their order: it changes when, and only when, the ways in one of them
// do, and is empty where no map has a way.
func (a *Atlas) Version(tiles []Tile) string {
	var b []byte
	for _, t := range SortTiles(slices.Clone(tiles)) {
		for _, r := range a.regions {
			if e, ok := r.entry(t); ok {
				b = binary.LittleEndian.AppendUint16(b, uint16(t.Lat))
				b = binary.LittleEndian.AppendUint16(b, uint16(t.Lon))
				b = binary.LittleEndian.AppendUint64(b, e.content)
			}
		}
	}
	if len(b) == 0 {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Content names what the maps say about one tile: it changes with the ways in it, and is 0 where no map has one.
func (a *Atlas) Content(t Tile) uint64 {
	const prime = 1099511628211 // of FNV-1a
	sum, found := uint64(0), false
	for _, r := range a.regions {
		if e, ok := r.entry(t); ok {
			sum, found = (sum^e.content)*prime, true
		}
	}
	if found && sum == 0 {
		return 1
	}
	return sum
}

// Tiles goes through the tiles in which a map has a way; one that is in several maps comes several times.
func (a *Atlas) Tiles() iter.Seq[Tile] {
	return func(yield func(Tile) bool) {
		for _, r := range a.regions {
			for i := range r.dir {
				if !yield(r.dir[i].tile) {
					return
				}
			}
		}
	}
}

// maxNetworkTiles is how many tiles a network may have: more than a run of 100 km in any shape.
const maxNetworkTiles = 20_000

// Network is the ways in the tiles that a box touches.
func (a *Atlas) Network(box Box) (*Network, error) {
	if rows, cols := (box.North-box.South)/.02+2, (box.East-box.West)/.02+2; rows*cols > 4*maxNetworkTiles {
		return nil, fmt.Errorf("%.0f by %.0f tiles are more than a run can touch", rows, cols)
	}
	return a.NetworkOf(tilesOf(box))
}

// NetworkOf is the ways in some tiles. Where several regions have ways in a tile the newest map counts, and the older ones
// only for the parts of the tile in which it has none, as at the border of an extract.
func (a *Atlas) NetworkOf(tiles []Tile) (*Network, error) {
	if len(tiles) > maxNetworkTiles {
		return nil, fmt.Errorf("%d tiles are more than a run can touch", len(tiles))
	}
	n := a.sized(tiles)
	files := make([]*os.File, len(a.regions))
	defer func() {
		for _, f := range files {
			if f != nil {
				f.Close()
			}
		}
	}()
	var buf []byte
	for _, t := range tiles {
		first := len(n.Ways)
		for i, r := range a.regions {
			e, ok := r.entry(t)
			if !ok {
				continue
			}
			var err error
			if files[i] == nil {
				if files[i], err = os.Open(r.File); err != nil {
					return nil, err
				}
			}
			before := len(n.Ways)
			if buf, err = r.load(files[i], e, n, buf); err != nil {
				return nil, err
			}
			if before > first {
				n.dropDoubled(t, first, before)
			}
		}
	}
	return n, nil
}

// sized is an empty network with room for what is in some tiles.
func (a *Atlas) sized(tiles []Tile) *Network {
	ways, bytes := 0, 0
	for _, t := range tiles {
		for _, r := range a.regions {
			if e, ok := r.entry(t); ok {
				ways, bytes = ways+e.ways, bytes+e.length
			}
		}
	}
	// A way takes two bytes or three beside its vertices, and a vertex two or more.
	vertices := max(0, bytes-2*ways) / 2
	return &Network{Lat: make([]int32, 0, vertices), Lon: make([]int32, 0, vertices), Ways: make([]Way, 0, ways)}
}

// doubleCells is how many cells a side of a tile has: where a newer map has a way in a cell or in one around it, it is
// taken to know the cell. A cell is 139 m of latitude.
const (
	doubleCells = 16
	cellWidth   = tileSteps / doubleCells
)

// dropDoubled removes, of the ways of an older map from number older on, those that touch a part of the tile which the ways
// from number first to older know.
func (n *Network) dropDoubled(t Tile, first, older int) {
	var known [doubleCells + 2][doubleCells + 2]bool
	// each goes along a way in half cells and stops where do is true.
	each := func(w Way, do func(row, col int) bool) bool {
		for i := w.First + 1; i < w.End; i++ {
			dLat, dLon := n.Lat[i]-n.Lat[i-1], n.Lon[i]-n.Lon[i-1]
			parts := max(dLat, -dLat, dLon, -dLon)/(cellWidth/2) + 1
			for p := range parts + 1 {
				row := min((n.Lat[i-1]+dLat*p/parts-int32(t.Lat)*tileSteps)/cellWidth, doubleCells-1)
				col := min((n.Lon[i-1]+dLon*p/parts-int32(t.Lon)*tileSteps)/cellWidth, doubleCells-1)
				if do(int(row)+1, int(col)+1) {
					return true
				}
			}
		}
		return false
	}
	for _, w := range n.Ways[first:older] {
		each(w, func(row, col int) bool {
			for r := row - 1; r <= row+1; r++ {
				for c := col - 1; c <= col+1; c++ {
					known[r][c] = true
				}
			}
			return false
		})
	}
	kept := n.Ways[:older]
	at := int32(0)
	if older < len(n.Ways) {
		at = n.Ways[older].First
	}
	for _, w := range n.Ways[older:] {
		if each(w, func(row, col int) bool { return known[row][col] }) {
			continue
		}
		end := at + w.End - w.First
		copy(n.Lat[at:end], n.Lat[w.First:w.End])
		copy(n.Lon[at:end], n.Lon[w.First:w.End])
		w.First, w.End = at, end
		kept, at = append(kept, w), end
	}
	n.Ways, n.Lat, n.Lon = kept, n.Lat[:at], n.Lon[:at]
}
