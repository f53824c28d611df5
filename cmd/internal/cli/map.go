package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kneecheck/analyze/surface"
	"kneecheck/ingest"
	"kneecheck/ingest/civil"
)

// mapsName is where the maps lie in the folder for the user's data.
const mapsName = "kneecheck/maps"

// attribution is what the licence of the map's data asks for.
const attribution = surface.Attribution + " (ODbL 1.0, openstreetmap.org/copyright)"

func newMapCmd(env *Env, g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "map",
		Short: "look after the offline street map that tells surfaces",
		Long: `Kneecheck tells the surfaces of runs from a street map that the runner downloads once, such as an extract of OpenStreetMap
from download.geofabrik.de or extract.bbbike.org. Nothing is fetched from or sent to the network. What is kept of a map
lies in the user's folder for data, $XDG_DATA_HOME where that is set.`,
		Example: "  kneecheck map import baden-wuerttemberg-latest.osm.pbf runs/\n  kneecheck map info\n  kneecheck map remove baden-wuerttemberg-latest",
		Args:    cobra.ArbitraryArgs,
		RunE:    needCommand("import", "info", "remove"),
	}
	cmd.AddCommand(newMapImportCmd(env, g), newMapInfoCmd(env), newMapRemoveCmd(env))
	return cmd
}

type mapImportOptions struct {
	env    *Env
	global *globals
	read   readFlags
	all    bool
	args   []string
}

func newMapImportCmd(env *Env, g *globals) *cobra.Command {
	o := &mapImportOptions{env: env, global: g}
	cmd := &cobra.Command{
		Use:   "import MAP... [PATH...]",
		Short: "keep the part of a street map where the runs are",
		Long: `Import reads a MAP, an OpenStreetMap extract as .osm.pbf, .osm, .osm.gz or .osm.bz2, and keeps what tells surfaces: of
the squares of about 2 km in which the runs below PATH were and of those around them, or of the whole map with --all.
The squares kept show where somebody ran: the file is for its owner alone. Importing a map of the same file name again
replaces what was kept of it; so name all folders of runs each time.`,
		Example: "  kneecheck map import baden-wuerttemberg-latest.osm.pbf runs/\n  kneecheck map import monaco.osm.pbf --all",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return runMapImport(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.all, "all", false, "keep the whole map: a country takes minutes and several GB of memory")
	o.read.bind(cmd)
	return cmd
}

// mapsDir is the folder of the maps.
func (e *Env) mapsDir() (string, error) {
	if e.DataDir == "" {
		return "", errors.New("there is no folder for maps (set XDG_DATA_HOME or HOME)")
	}
	return filepath.Join(e.DataDir, filepath.FromSlash(mapsName)), nil
}

func runMapImport(ctx context.Context, o *mapImportOptions) error {
	dir, err := o.env.mapsDir()
	if err != nil {
		return err
	}
	maps, paths, err := splitMaps(ctx, o)
	if err != nil {
		return err
	}
	io := surface.Options{Dir: dir, All: o.all}
	switch {
	case o.all && len(paths) > 0:
		return fmt.Errorf("--all keeps the whole map, so %s tells nothing (leave out one of them)", paths[0])
	case !o.all && len(paths) == 0:
		return fmt.Errorf("name the folders of the runs too, to keep the map where they are (kneecheck map import %s runs/), or keep all of it with --all", maps[0])
	case !o.all:
		if io.Keep, err = tilesOfRuns(ctx, o, paths); err != nil {
			return err
		}
	}
	// One map that cannot be used costs only itself; its error is the command's.
	var failed error
	done := 0
	for _, path := range maps {
		err := importMap(ctx, o.env, path, io)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			done++
			continue
		}
		if failed != nil {
			fmt.Fprintf(o.env.Err, "kneecheck: %s\n", sentence(failed))
		}
		failed = err
	}
	if done > 0 {
		if _, err := fmt.Fprintln(o.env.Out, attribution); err != nil {
			return errors.Join(failed, afterWriting(plural(done, "map")+" imported", err))
		}
	}
	return failed
}

// splitMaps tells the maps among the arguments from the paths of runs: by content, and by name where that tells nothing.
func splitMaps(ctx context.Context, o *mapImportOptions) (maps, paths []string, err error) {
	args, err := expandPaths(ctx, o.env.In, o.args)
	if err != nil {
		return nil, nil, err
	}
	if _, err := checkPaths(args); err != nil {
		return nil, nil, err
	}
	for _, arg := range args {
		if surface.IsMap(arg) {
			maps = append(maps, arg)
		} else {
			paths = append(paths, arg)
		}
	}
	if len(maps) == 0 {
		say := "import needs a MAP, an .osm.pbf, .osm, .osm.gz or .osm.bz2 file"
		if len(args) > 0 {
			say += "; none of the paths is one"
		}
		return nil, nil, errors.New(say)
	}
	return maps, paths, nil
}

// tilesOfRuns reads runs and says in which tiles of a map they were. Positions are kept no longer than that.
func tilesOfRuns(ctx context.Context, o *mapImportOptions, paths []string) ([]surface.Tile, error) {
	bar := newProgress(o.env)
	opts := ingest.Options{AssumeSport: ingest.Sport(o.read.sport), MaxBytes: int64(o.read.size), Now: o.env.Now(), Progress: bar.callback()}
	files, _, err := ingest.Discover(ctx, paths, opts)
	if err != nil {
		return nil, err
	}
	results, err := ingest.Map(ctx, files, opts, func(a *ingest.Activity) ([]surface.Tile, *ingest.Problem) { return tilesOf(a), nil })
	bar.clear()
	if err != nil {
		return nil, err
	}
	var tiles []surface.Tile
	for _, r := range results {
		for _, some := range r.Values {
			tiles = append(tiles, some...)
		}
	}
	if len(tiles) == 0 {
		return nil, &outcome{noRun: true, say: title(paths) + ": no run with positions, so nothing says which part of the map to keep (--all keeps all of it)"}
	}
	return surface.SortTiles(tiles), nil
}

// tilesOf is the tiles of a map that a run goes through.
func tilesOf(a *ingest.Activity) []surface.Tile {
	if a.Sport != ingest.Running || a.Kind == ingest.Treadmill || a.Kind == ingest.Virtual {
		return nil
	}
	return surface.TilesOf(a.Samples.LatDeg, a.Samples.LonDeg)
}

// importMap imports one map and says what is kept.
func importMap(ctx context.Context, env *Env, path string, io surface.Options) error {
	bar := newProgress(env)
	if bar != nil {
		io.Progress = func(p surface.Progress) {
			if bar.due(bar.now()) {
				bar.show(importLine(filepath.Base(path), p, bar.width))
			}
		}
	}
	stats, err := surface.Import(ctx, path, io)
	bar.clear()
	if err != nil {
		return err
	}
	r := stats.Region
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s, map of %v, %s\n", printable(r.Name), plural(r.Ways, "way"), plural(r.Tiles, "square"), dayOf(r.Date), byteSize(r.Bytes))
	if n := len(io.Keep); stats.OffMap > 0 {
		fmt.Fprintf(&b, "The map has no way in %s of the %s with runs: another map may.\n", thousands(stats.OffMap), plural(n, "square"))
	}
	_, err = fmt.Fprint(env.Out, b.String())
	return afterWriting("the map "+r.Name+" is imported", err)
}

// dayOf is the day of a map's date, in UTC.
func dayOf(t time.Time) civil.Date { return civil.Of(t.UTC()) }

// importLine is one state of the line of progress.
func importLine(name string, p surface.Progress, width int) string {
	verb := "reading"
	if p.Again {
		verb = "reading again"
	}
	line := fmt.Sprintf("%s %s", verb, printable(name))
	if p.AllBytes <= 0 {
		return line
	}
	share := min(float64(p.Bytes)/float64(p.AllBytes), 1)
	if width >= barWidth {
		full := int(share * barCells)
		line += "  " + strings.Repeat("█", full) + strings.Repeat("░", barCells-full)
	}
	return fmt.Sprintf("%s  %.0f %% of %s", line, 100*share, byteSize(p.AllBytes))
}

func newMapInfoCmd(env *Env) *cobra.Command {
	return &cobra.Command{
		Use: "info", Short: "list the maps that are kept", Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runMapInfo(env) },
	}
}

// atlas opens the maps that are kept, in dir.
func (e *Env) atlas() (atlas *surface.Atlas, dir string, err error) {
	if dir, err = e.mapsDir(); err != nil {
		return nil, "", err
	}
	if atlas, err = surface.Open(dir); err != nil {
		return nil, "", fmt.Errorf("%s: %w", dir, plainPathError(err))
	}
	return atlas, dir, nil
}

func runMapInfo(env *Env) error {
	atlas, dir, err := env.atlas()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "folder   %s\n", dir)
	for _, r := range atlas.Regions() {
		kept := "where the runs are"
		if r.Whole {
			kept = "all of it"
		}
		fmt.Fprintf(&b, "\n%s\n", printable(r.Name))
		fmt.Fprintf(&b, "  map of   %v\n", dayOf(r.Date))
		fmt.Fprintf(&b, "  source   %s, %s, SHA-256 %x…\n", printable(r.Source), byteSize(r.SourceBytes), r.Sum[:4])
		fmt.Fprintf(&b, "  kept     %s: %s in %s, %s\n", kept, plural(r.Ways, "way"), plural(r.Tiles, "square"), byteSize(r.Bytes))
		fmt.Fprintf(&b, "  tagged   %.0f %% of the ways name their surface\n", 100*float64(r.Tagged)/float64(max(r.Ways, 1)))
	}
	if atlas.Empty() {
		fmt.Fprint(&b, "holds    no map (kneecheck map import MAP PATH... adds one)\n")
	} else {
		fmt.Fprintf(&b, "\n%s\n", attribution)
	}
	if _, err := fmt.Fprint(env.Out, b.String()); err != nil {
		return err
	}
	for _, broken := range atlas.Broken() {
		fmt.Fprintf(env.Err, "kneecheck: %s: %v (kneecheck map remove %s)\n", broken.File, broken.Err, printable(broken.Name))
	}
	if len(atlas.Broken()) > 0 {
		return &outcome{gaps: true, strict: true}
	}
	return nil
}

func newMapRemoveCmd(env *Env) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME...", Short: "delete what is kept of a map", Example: "  kneecheck map remove baden-wuerttemberg-latest",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return keptMaps(env, args), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return runMapRemove(env, args) },
	}
}

// keptMaps are the names of the maps that are kept, without some; none when they cannot be read.
func keptMaps(env *Env, without []string) []string {
	atlas, _, err := env.atlas()
	if err != nil {
		return nil
	}
	var names []string
	for _, r := range atlas.Regions() {
		names = append(names, r.Name)
	}
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(without, name) })
}

func runMapRemove(env *Env, names []string) error {
	if len(names) == 0 {
		return errors.New("remove needs a NAME (kneecheck map info lists them)")
	}
	atlas, _, err := env.atlas()
	if err != nil {
		return err
	}
	files, valid := map[string]string{}, []string{}
	for _, r := range atlas.Regions() {
		files[r.Name], valid = r.File, append(valid, r.Name)
	}
	for _, b := range atlas.Broken() {
		files[b.Name], valid = b.File, append(valid, b.Name)
	}
	slices.Sort(valid)
	for _, name := range names {
		if files[name] == "" {
			if len(valid) == 0 {
				return fmt.Errorf("unknown map %q: no map is kept", name)
			}
			return unknown("map", name, valid)
		}
	}
	for _, name := range names {
		if err := os.Remove(files[name]); err != nil {
			return fmt.Errorf("%s: %w", files[name], plainPathError(err))
		}
		if _, err := fmt.Fprintf(env.Out, "%s removed\n", printable(name)); err != nil {
			return afterWriting("the map "+name+" is removed", err)
		}
	}
	return nil
}
