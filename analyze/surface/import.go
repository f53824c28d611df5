package surface

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Options are the choices of an import.
type Options struct {
	// Dir is the folder of the user's maps; it is made if it is not there.
	Dir string
	// Keep is the tiles to keep, those where somebody ran; those around them are kept too.
	Keep []Tile
	// All keeps the whole map instead.
	All bool
	// Progress, if set, is told now and then how far reading has come, from one goroutine.
	Progress func(Progress)
	// atOnce stands for maxAtOnce in tests.
	atOnce int64
}

// Progress is how far an import has come in the file. A map that is not in order, or is kept whole, is read twice.
type Progress struct {
	Bytes, AllBytes int64
	Again           bool
}

// Stats is what became of an import.
type Stats struct {
	// Region is the map as it is now kept.
	Region Region
	// OffMap is how many of the tiles to keep, without those around them, the source has no way in.
	OffMap int
	// Passes is how often the source was read.
	Passes int
}

// ErrNothingKept is the error of an import that does not say what to keep.
var ErrNothingKept = errors.New("nothing says which part of the map to keep: name the folders of the runs behind the map, or keep all of it with --all")

// maxAtOnce is the size of the largest map all of whose nodes are kept in memory, some 80 MB for each 48 MiB, to save the
// second reading that finding out which nodes matter takes.
const maxAtOnce = 48 << 20

// wholeGC is by how many per cent the heap may grow between two collections while a large map is kept whole.
const wholeGC = 30

// What a map can hold for its size: more is an attack on the memory. Real maps have a node in ten bytes.
const (
	freeNodes    = 1 << 20
	bytesPerNode = 2
	bytesPerRef  = 1
)

// Import reads a map file once or twice, whatever its order, and keeps what the options say as a region in their folder,
// under the file's name. A region of that name is replaced when all went well, and stays when not.
func Import(ctx context.Context, path string, o Options) (Stats, error) {
	if !o.All && len(o.Keep) == 0 {
		return Stats{}, ErrNothingKept
	}
	im := importer{path: path, options: o}
	stats, err := im.run(ctx)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s: %w", path, plainImportError(err))
	}
	return stats, err
}

func plainImportError(err error) error {
	var p *os.PathError
	switch {
	case errors.Is(err, errBroken):
		return fmt.Errorf("the map is %w; download it again", err)
	case errors.As(err, &p):
		return p.Err
	}
	return err
}

// importer is one import at work.
type importer struct {
	path    string
	options Options
	// keep is the tiles kept, nil for all.
	keep *tileSet

	head   osmHeader
	newest int64
	sum    hash.Hash
	size   int64
	stats  Stats

	nodes  nodeTable
	refs   packedRefs
	ways   []rawWay
	counts counts
}

func (im *importer) run(ctx context.Context) (Stats, error) {
	info, err := os.Stat(im.path)
	if err != nil {
		return im.stats, err
	}
	if !info.Mode().IsRegular() {
		return im.stats, errors.New("not a file")
	}
	im.size = info.Size()
	if im.options.All && im.size > cmp.Or(im.options.atOnce, maxAtOnce) {
		// Half of the memory for a fifth more time, which only a whole map takes.
		defer debug.SetGCPercent(debug.SetGCPercent(wholeGC))
		err = im.readAll(ctx)
	} else {
		err = im.readKept(ctx)
	}
	if err != nil {
		return im.stats, err
	}
	if im.counts.ways == 0 {
		return im.stats, errors.New("the map has no way for feet")
	}
	if len(im.ways) == 0 {
		return im.stats, im.noneKept()
	}
	lines := im.resolve()
	im.release()
	if len(lines.list) == 0 {
		return im.stats, im.noneKept()
	}
	lines.fill(&im.counts)
	r := region{Region: im.region(info.ModTime())}
	r.build(lines, im.keep)
	if r.Ways == 0 {
		return im.stats, im.noneKept()
	}
	im.stats.Region, err = r.write(im.options.Dir)
	for _, t := range im.options.Keep {
		if _, ok := r.entry(t); !ok {
			im.stats.OffMap++
		}
	}
	return im.stats, err
}

// noneKept says why not one way is left.
func (im *importer) noneKept() error {
	if im.keep == nil {
		return errors.New("the map holds ways but not the nodes that say where they are")
	}
	return errors.New("the map has no way where the runs were: it is of another part of the world (kneecheck map import MAP --all keeps all of it)")
}

// region is what the index will say of the map.
func (im *importer) region(changed time.Time) Region {
	r := Region{
		Name: regionName(im.path), Source: filepath.Base(im.path), SourceBytes: im.size, Date: im.head.stand, Whole: im.options.All,
	}
	copy(r.Sum[:], im.sum.Sum(nil))
	if r.Date.IsZero() && im.newest > 0 {
		r.Date = time.Unix(im.newest, 0)
	}
	if r.Date.IsZero() {
		r.Date = changed
	}
	r.Date = r.Date.UTC().Truncate(time.Second)
	return r
}

// regionName is the name of a map by its file: what comes before the endings that maps have.
func regionName(path string) string {
	name := filepath.Base(path)
	for _, ending := range []string{".gz", ".bz2", ".pbf", ".osm", ".xml"} {
		name = strings.TrimSuffix(name, ending)
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, strings.TrimLeft(name, "."))
	if name == "" {
		return "map"
	}
	return name
}

// readKept reads a map of which a part is kept, or all of a small one: its nodes there, then the ways over them, both at once
// as long as the nodes come first. Memory grows with the part, not with the map.
func (im *importer) readKept(ctx context.Context) error {
	node := func(int64, int32, int32) bool { return true }
	if !im.options.All {
		im.keep = newTileSet(withRing(im.options.Keep))
		node = func(_ int64, lat, lon int32) bool { return im.keep.has(tileOf(toStep(lat), toStep(lon))) }
	}
	sealed, late := false, false
	err := im.pass(ctx, want{node: node, ways: true}, func(b *block) error {
		if len(b.ids) > 0 {
			late = late || sealed
			im.nodes.add(b)
		}
		if len(b.ways) == 0 {
			return im.bound()
		}
		if !sealed {
			im.nodes.seal()
			sealed = true
		}
		im.counts.addWays(b.ways)
		if !late {
			im.addKnown(b)
		}
		return im.bound()
	})
	if err != nil || !late {
		return err
	}
	im.refs, im.ways = packedRefs{}, im.ways[:0]
	im.nodes.seal()
	return im.pass(ctx, want{ways: true}, func(b *block) error {
		im.addKnown(b)
		return im.bound()
	})
}

// addKnown adds the ways with a node in the table.
func (im *importer) addKnown(b *block) {
	from := 0
	for _, w := range b.ways {
		refs := b.refs[from:w.end]
		from = w.end
		if slices.ContainsFunc(refs, func(id int64) bool { return im.nodes.find(id) >= 0 }) {
			im.refs.add(refs...)
			im.ways = append(im.ways, rawWay{end: im.refs.n, code: w.code})
		}
	}
}

// readAll reads a large map that is kept whole: its ways, then the nodes that they name.
func (im *importer) readAll(ctx context.Context) error {
	var placed []bool
	err := im.pass(ctx, want{ways: true}, func(b *block) error {
		placed = append(placed, b.placed)
		im.counts.addWays(b.ways)
		at := im.refs.n
		im.refs.add(b.refs...)
		for _, w := range b.ways {
			im.ways = append(im.ways, rawWay{end: at + w.end, code: w.code})
		}
		return im.bound()
	})
	if err != nil || len(im.ways) == 0 {
		return err
	}
	t := &im.nodes
	all := make([]int64, im.refs.n)
	refs := im.refs.read()
	for i := range all {
		all[i] = refs.next()
	}
	slices.Sort(all)
	t.ids = slices.Clone(slices.Compact(all)) // a third of the size: nodes are named again and again
	t.lat, t.lon = make([]int32, len(t.ids)), make([]int32, len(t.ids))
	for i := range t.lat {
		t.lat[i] = missing
	}
	t.seal()
	node := func(id int64, _, _ int32) bool { return t.find(id) >= 0 }
	skip := func(piece int) bool { return piece < len(placed) && !placed[piece] }
	return im.pass(ctx, want{node: node, skip: skip}, func(b *block) error {
		for i, id := range b.ids {
			at := t.find(id)
			t.lat[at], t.lon[at] = b.lat[i], b.lon[i]
		}
		return nil
	})
}

// bound refuses a map that holds more than its size allows.
func (im *importer) bound() error {
	if int64(len(im.nodes.ids)) > freeNodes+im.size/bytesPerNode || int64(im.refs.n) > freeNodes+im.size/bytesPerRef {
		return brokenf("it holds more nodes than a map of its size can")
	}
	return nil
}

// pass reads the file from begin to end.
func (im *importer) pass(ctx context.Context, w want, each func(*block) error) error {
	f, err := os.Open(im.path)
	if err != nil {
		return err
	}
	defer f.Close()
	again := im.stats.Passes > 0
	im.stats.Passes++
	in := &counted{r: f, tell: func(n int64) {
		if im.options.Progress != nil {
			im.options.Progress(Progress{Bytes: n, AllBytes: im.size, Again: again})
		}
	}}
	if !again {
		in.sum = sha256.New()
		im.sum = in.sum
	}
	head, err := readOSM(ctx, in, w, func(b *block) error {
		im.newest = max(im.newest, b.newest)
		return each(b)
	})
	if err != nil {
		return err
	}
	im.head = head
	return ctx.Err()
}

// release gives back the memory of what was read.
func (im *importer) release() { im.nodes, im.refs, im.ways = nodeTable{}, packedRefs{}, nil }

// tellEvery is how many bytes lie between two words of progress.
const tellEvery = 1 << 20

// counted counts and sums up what is read.
type counted struct {
	r       io.Reader
	n, told int64
	sum     hash.Hash
	tell    func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.sum != nil {
		c.sum.Write(p[:n])
	}
	if c.n-c.told >= tellEvery || err != nil {
		c.told = c.n
		c.tell(c.n)
	}
	return n, err
}
