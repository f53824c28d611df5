package analyze

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"kneecheck/ingest/civil"
)

// An ID or its beginning, with the number of a later session of the same file. Four digits are too many to be met by
// chance in what else a cell can hold.
var idForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{4,64}(-[0-9]+)?$`) })

// find returns the runs that a cell can mean: those of the first way to read it that fits any.
func (a *applying) find(cell string) []int {
	ways := []func(i int) bool{a.anyFile(a.isFile(cell))}
	if id := strings.ToLower(cell); idForm().MatchString(id) {
		ways = append(ways,
			func(i int) bool { return slices.Contains(a.ids[i], id) },
			func(i int) bool {
				return slices.ContainsFunc(a.ids[i], func(of string) bool { return beginsID(of, id) })
			})
	}
	ways = append(ways, a.anyFile(endsFile(cell)))
	if day, err := civil.Parse(cell); err == nil {
		ways = []func(i int) bool{func(i int) bool { return a.runs[i].Date == day }}
	}
	for _, way := range ways {
		var at []int
		for i := range a.runs {
			if way(i) {
				at = append(at, i)
			}
		}
		if len(at) > 0 {
			return at
		}
	}
	return nil
}

// beginsID tells whether a cell is the beginning of an ID of the same session of its file.
func beginsID(id, cell string) bool {
	hash, session, _ := strings.Cut(id, "-")
	begin, want, _ := strings.Cut(cell, "-")
	return strings.HasPrefix(hash, begin) && session == want
}

// anyFile tells for a run whether one of its files is meant.
func (a *applying) anyFile(is func(file string) bool) func(i int) bool {
	return func(i int) bool { return is(a.runs[i].File) || slices.ContainsFunc(a.runs[i].AlsoIn, is) }
}

// isFile tells of a file whether a cell is its path, as it was read or relative to one of the roots.
func (a *applying) isFile(cell string) func(file string) bool {
	cell = cleanPath(cell)
	paths := []string{cell}
	for _, root := range a.roots {
		paths = append(paths, path.Join(root, cell))
	}
	return func(file string) bool { return slices.Contains(paths, file) }
}

// endsFile tells of a file whether its path ends with a cell, whole names of folders and files compared.
func endsFile(cell string) func(file string) bool {
	end := "/" + cleanPath(cell)
	return func(file string) bool { return strings.HasSuffix(file, end) }
}

// cleanPath is a path as files are named after reading.
func cleanPath(cell string) string { return path.Clean(strings.ReplaceAll(cell, `\`, "/")) }

// maxCandidates is how many runs an error names.
const maxCandidates = 5

// candidates lists runs by the beginning of their ID, which tells them apart, with what a runner knows of them.
func (a *applying) candidates(at []int) string {
	var list []string
	for _, i := range at[:min(len(at), maxCandidates)] {
		r := &a.runs[i]
		hash, session, later := strings.Cut(r.ID, "-")
		id := hash[:min(len(hash), 8)]
		if later {
			id += "-" + session
		}
		list = append(list, fmt.Sprintf("%s (%v, %.1f km, %s)", id, r.Date, r.DistM/1000, r.File))
	}
	if more := len(at) - maxCandidates; more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}
