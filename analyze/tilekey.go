package analyze

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// What a memo keeps of the ground of a file's runs: four bytes that name the key, eight that name what the maps say about
// the tiles that the runs touch, and eight for each tile. Without the key, which lies with the maps and not with the memo,
// they are noise. A file without a run outdoors has nothing; unkeyed stands for a file with one whose tiles could not be
// named, or whose map could not be read.
const (
	groundHead = 4 + 8
	unkeyed    = "?"
)

// keyName is the file with the key in the folder of the maps.
const keyName = "tiles.key"

// keyBytes is the length of the key, which is random.
const keyBytes = 16

// tileKey gives tiles names that only its owner can read.
type tileKey struct {
	block cipher.Block
	id    uint32
}

// openKey reads the key in a folder, and makes it if there is none. It is nil where that cannot be done.
func openKey(dir string) *tileKey {
	if dir == "" {
		return nil
	}
	name := filepath.Join(dir, keyName)
	key, err := os.ReadFile(name)
	if err != nil || len(key) != keyBytes {
		if key, err = makeKey(name); err != nil {
			return nil
		}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	k := &tileKey{block: block}
	k.id = uint32(k.mix(^uint64(0), ^uint64(0)))
	return k
}

// makeKey writes a new key and returns the one that is there then: of several programs at once the last decides.
func makeKey(name string) ([]byte, error) {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := replaceMemo(name, key); err != nil {
		return nil, err
	}
	key, err := os.ReadFile(name)
	if err == nil && len(key) != keyBytes {
		err = errors.New("no key")
	}
	return key, err
}

// mix is a number that nobody can tell from noise without the key.
func (k *tileKey) mix(a, b uint64) uint64 {
	var block [aes.BlockSize]byte
	binary.LittleEndian.PutUint64(block[:], a)
	binary.LittleEndian.PutUint64(block[8:], b)
	k.block.Encrypt(block[:], block[:])
	return binary.LittleEndian.Uint64(block[:])
}

// tile is the name of a tile.
func (k *tileKey) tile(t surface.Tile) uint64 {
	return k.mix(uint64(uint16(t.Lat))<<16|uint64(uint16(t.Lon)), 0)
}

// says names what maps say about a tile; 0 where they have no way.
func (k *tileKey) says(name, content uint64) uint64 {
	if content == 0 {
		return 0
	}
	return k.mix(name, content)
}

// keys is the key of the tiles, nil where there is none.
func (s *streets) keys() *tileKey {
	s.keying.Do(func() { s.key = openKey(s.dir) })
	return s.key
}

// groundOf is what a memo keeps of the ground of a file.
func (s *streets) groundOf(r *ingest.Result[judged]) string {
	var tiles []surface.Tile
	for i := range r.Values {
		if r.Values[i].unsure {
			return unkeyed
		}
		tiles = append(tiles, r.Values[i].tiles...)
	}
	if len(tiles) == 0 || s.dir == "" {
		return ""
	}
	k := s.keys()
	if k == nil {
		return unkeyed
	}
	tiles = surface.SortTiles(tiles)
	atlas, version := s.maps(), uint64(0)
	var names bytes.Buffer
	var b [8]byte
	for _, t := range tiles {
		name := k.tile(t)
		version += k.says(name, atlas.Content(t))
		binary.LittleEndian.PutUint64(b[:], name)
		names.Write(b[:])
	}
	out := binary.LittleEndian.AppendUint32(make([]byte, 0, groundHead+names.Len()), k.id)
	out = binary.LittleEndian.AppendUint64(out, version)
	return string(append(out, names.Bytes()...))
}

func le64(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// outdated says which of the remembered grounds are no longer what the maps would tell. Without a map nothing but the heads
// of the grounds is looked at.
func (s *streets) outdated(grounds []string) func(string) bool {
	if s.dir == "" || s.maps().Empty() {
		return judgedByMap
	}
	k := s.keys()
	now := map[uint64]uint64{} // what the maps say, by the name of the tile
	for _, g := range grounds {
		for at := groundHead; at+8 <= len(g); at += 8 {
			now[le64(g[at:])] = 0
		}
	}
	if k != nil && len(now) > 0 {
		for t := range s.atlas.Tiles() {
			name := k.tile(t)
			if says, ok := now[name]; ok && says == 0 {
				now[name] = k.says(name, s.atlas.Content(t))
			}
		}
	}
	return func(g string) bool {
		if g == "" {
			return false
		}
		if k == nil || len(g) < groundHead || binary.LittleEndian.Uint32([]byte(g[:4])) != k.id {
			return true
		}
		version := uint64(0)
		for at := groundHead; at+8 <= len(g); at += 8 {
			version += now[le64(g[at:])]
		}
		return version != le64(g[4:])
	}
}

// judgedByMap says whether a map had a part in what is remembered.
func judgedByMap(ground string) bool { return len(ground) >= groundHead && le64(ground[4:]) != 0 }
