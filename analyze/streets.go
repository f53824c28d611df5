package analyze

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
)

// streets judges the ground of runs by the street maps in a folder. Nothing of a map is read before a run needs it. Several
// goroutines may use one.
type streets struct {
	dir string

	opening sync.Once
	atlas   *surface.Atlas
	broken  []error

	keying sync.Once
	key    *tileKey

	judges sync.Pool
	mu     sync.Mutex
	// grounds are prepared maps by the tiles they are of, the one used last at the end.
	grounds []*prepared
}

// maxVertices is how many vertices of ways are kept ready for the next run: some 30 MB. A run that needs more has them for
// itself.
const maxVertices = 300_000

// prepared is the map of some tiles, made ready once by whoever needs it first.
type prepared struct {
	tiles    string
	once     sync.Once
	ground   *surface.Ground
	vertices int
	err      error
}

// judge is what a goroutine needs to reduce activities, one after the other.
type judge struct {
	workspace workspace
	matcher   surface.Matcher
}

// judged is a reduced activity with the tiles of a map that its ground depends on; unsure where their map could not be
// read.
type judged struct {
	session Session
	tiles   []surface.Tile
	unsure  bool
}

// maps opens the maps; with none there is an atlas without maps.
func (s *streets) maps() *surface.Atlas {
	s.opening.Do(func() {
		s.atlas = &surface.Atlas{}
		if s.dir == "" {
			return
		}
		atlas, err := surface.Open(s.dir)
		if err != nil {
			s.broken = append(s.broken, err)
			return
		}
		s.atlas = atlas
		for _, b := range atlas.Broken() {
			s.broken = append(s.broken, b)
		}
	})
	return s.atlas
}

// faults are what keeps maps from being used, as far as any were looked at.
func (s *streets) faults() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.broken)
}

// reduce is Reduce with the maps.
func (s *streets) reduce(a *ingest.Activity) (judged, *ingest.Problem) {
	j, _ := s.judges.Get().(*judge)
	if j == nil {
		j = &judge{}
	}
	session, problem := figures(a, &j.workspace)
	out := judged{session: session}
	if problem == nil && session.Run != nil {
		var result surface.Result
		result, out.tiles, out.unsure = s.judge(a, session.Run, &j.matcher)
		session.Run.Surface = surfaceOf(&result, session.Run.DistM)
	}
	s.judges.Put(j) // not deferred: what a panic leaves half done is for nobody
	return out, problem
}

// judge tells the ground of a run, and on which tiles that depends.
func (s *streets) judge(a *ingest.Activity, r *Run, m *surface.Matcher) (result surface.Result, tiles []surface.Tile, unsure bool) {
	in := surface.Input{Kind: surface.Kind(r.Kind), DistM: r.DistM, Altitude: !indoors(&a.Samples)}
	if n := len(a.Samples.LatDeg); n > 0 && n == len(a.Samples.LonDeg) && n == len(a.Samples.T) && !indoor(r.Kind) {
		in.Trace = surface.Trace{T: a.Samples.T, LatDeg: a.Samples.LatDeg, LonDeg: a.Samples.LonDeg}
		tiles = surface.TilesAround(in.Trace.LatDeg, in.Trace.LonDeg)
		var err error
		if in.Ground, err = s.ground(tiles); err != nil {
			s.mu.Lock()
			if !slices.ContainsFunc(s.broken, func(b error) bool { return b.Error() == err.Error() }) {
				s.broken = append(s.broken, err)
			}
			s.mu.Unlock()
			unsure = true
		}
	}
	return m.Judge(in), tiles, unsure
}

// ground is the map of tiles ready for matching, nil where no map has a way.
func (s *streets) ground(tiles []surface.Tile) (*surface.Ground, error) {
	if len(tiles) == 0 || !s.maps().Has(tiles) {
		return nil, nil
	}
	p := s.shelf(tileBytes(tiles))
	p.once.Do(func() {
		net, err := s.atlas.NetworkOf(tiles)
		if err != nil {
			p.err = err
			return
		}
		p.ground = surface.Prepare(net)
		s.tidy(p, len(net.Lat))
	})
	return p.ground, p.err
}

// shelf finds the map of tiles, or makes room for it.
func (s *streets) shelf(tiles string) *prepared {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &prepared{tiles: tiles}
	if i := slices.IndexFunc(s.grounds, func(g *prepared) bool { return g.tiles == tiles }); i >= 0 {
		p = s.grounds[i]
		s.grounds = slices.Delete(s.grounds, i, i+1)
	}
	s.grounds = append(s.grounds, p)
	return p
}

// tidy notes the size of p and lets go of the maps that were not used for longest until the rest are few enough.
func (s *streets) tidy(p *prepared, vertices int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.vertices = vertices
	total := 0
	for i := len(s.grounds) - 1; i >= 0; i-- {
		g := s.grounds[i]
		if total += g.vertices; total > maxVertices && g != p {
			s.grounds = slices.Delete(s.grounds, 0, i+1)
			return
		}
	}
}

// tileBytes is tiles as a text, to be compared.
func tileBytes(tiles []surface.Tile) string {
	var b strings.Builder
	b.Grow(4 * len(tiles))
	for _, t := range tiles {
		b.Write([]byte{byte(t.Lat >> 8), byte(t.Lat), byte(t.Lon >> 8), byte(t.Lon)})
	}
	return b.String()
}

// ReadOne reads the file of one run again and tells its ground in full, with its stretches, by the street maps in a folder,
// if any. It is the ground as recorded: what an overrides file says is not in it. Of the options those count with which the
// log was read. The error is that of a file that has gone or no longer holds the run.
func ReadOne(ctx context.Context, run *Run, maps string, o ingest.Options) (surface.Result, error) {
	file, err := findFile(ctx, run.File, o)
	if err != nil {
		return surface.Result{}, err
	}
	s := &streets{dir: maps}
	var found surface.Result
	var j judge
	ok := false
	o.Workers, o.Progress, o.Known = 1, nil, nil
	_, err = ingest.Map(ctx, []ingest.File{file}, o, func(a *ingest.Activity) (struct{}, *ingest.Problem) {
		if a.ID != run.ID {
			return struct{}{}, nil
		}
		session, problem := figures(a, &j.workspace)
		if problem == nil && session.Run != nil {
			found, _, _ = s.judge(a, session.Run, &j.matcher)
			ok = true
		}
		return struct{}{}, problem
	})
	if err == nil && !ok {
		err = fmt.Errorf("%s: the run is no longer in the file", run.File)
	}
	return found, err
}

// findFile finds a file, or a member of an archive, by the name that Discover gave it.
func findFile(ctx context.Context, name string, o ingest.Options) (ingest.File, error) {
	for end := len(name); end > 0; end = strings.LastIndexByte(name[:end], '!') {
		if _, err := os.Stat(name[:end]); err != nil {
			continue
		}
		files, _, err := ingest.Discover(ctx, []string{name[:end]}, o)
		if err != nil {
			return ingest.File{}, err
		}
		if i := slices.IndexFunc(files, func(f ingest.File) bool { return f.Name == name }); i >= 0 {
			return files[i], nil
		}
	}
	return ingest.File{}, fmt.Errorf("%s: no such file", name)
}
