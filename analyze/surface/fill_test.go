package surface

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"kneecheck/analyze/surface/osmtest"
)

// filling is how well the surface of ways without a tag is told, by length.
type filling struct {
	class, group, logLoss, brier, ece float64
	km                                float64
}

// testFilling hides the tags of a fifth of the tagged lines at a time and looks how well they are told.
func testFilling(l *lines) filling {
	const folds = 5
	var f filling
	var total float64
	var bins [20]struct{ p, hard, m float64 }
	fold := make([]int, len(l.list))
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range fold {
		fold[i] = rng.IntN(folds)
	}
	for k := range folds {
		hidden := lines{lat: l.lat, lon: l.lon, list: append([]line(nil), l.list...)}
		var c counts
		for i := range hidden.list {
			w := &hidden.list[i]
			of := codeOf(w.code)
			if _, ok := of.class(); ok && fold[i] == k {
				w.code = of.context()
			}
			c.addWays([]rawWay{{code: w.code}})
		}
		hidden.fill(&c)
		quantize(hidden.palette)
		for i, w := range hidden.list {
			truth, ok := codeOf(l.list[i].code).class()
			if !ok || fold[i] != k {
				continue
			}
			m := hidden.palette[w.mix]
			length := l.lengthM(w)
			total += length
			if best, _ := m.Best(); best == truth {
				f.class += length
			}
			if bestGroup(&m) == truth.Group() {
				f.group += length
			}
			f.logLoss -= length * math.Log(max(float64(m[truth]), 1e-4))
			hard, p := 0., float64(m.Group(Hard))
			if truth.Group() == Hard {
				hard = 1
			}
			f.brier += length * (p - hard) * (p - hard)
			b := &bins[min(int(p*20), 19)]
			b.p, b.hard, b.m = b.p+p*length, b.hard+hard*length, b.m+length
		}
	}
	for _, b := range bins {
		f.ece += math.Abs(b.p-b.hard) / total
	}
	for _, v := range []*float64{&f.class, &f.group, &f.logLoss, &f.brier} {
		*v /= total
	}
	f.km = total / 1000
	return f
}

func bestGroup(m *Mix) Group {
	best := Hard
	for g := range Group(Groups) {
		if m.Group(g) > m.Group(best) {
			best = g
		}
	}
	return best
}

// readLines reads the lines of a map file.
func readLines(t testing.TB, path string) (*lines, *counts) {
	t.Helper()
	im := importer{path: path, options: Options{All: true}, size: math.MaxInt32}
	if err := im.readAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	return im.resolve(), &im.counts
}

func TestCorpusFill(t *testing.T) {
	l, _ := readLines(t, heidelberg(t))
	f := testFilling(l)
	t.Logf("%.0f km: class %.4f, group %.4f, log-loss %.3f, Brier %.4f, ECE %.4f", f.km, f.class, f.group, f.logLoss, f.brier, f.ece)
	if f.class < .85 || f.group < .91 || f.ece > .02 {
		t.Error("worse than the targets: class 0.85, group 0.91, calibration error 0.02")
	}
}

func TestFillOfTheTown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "town.osm.pbf")
	m := osmtest.Town(osmtest.TownOptions{Seed: 2})
	if err := os.WriteFile(path, osmtest.PBF{}.Write(m), 0o600); err != nil {
		t.Fatal(err)
	}
	l, _ := readLines(t, path)
	f := testFilling(l)
	t.Logf("%.0f km: class %.4f, group %.4f, log-loss %.3f, Brier %.4f, ECE %.4f", f.km, f.class, f.group, f.logLoss, f.brier, f.ece)
	if f.class < .88 || f.group < .94 || f.ece > .03 {
		t.Error("worse than what the town allows")
	}
}

// lengthM is the length of a line in metres.
func (l *lines) lengthM(w line) float64 {
	var sum float64
	scale := cosLat(l.lat[w.first])
	for i := w.first + 1; i < w.end; i++ {
		sum += math.Hypot(float64(l.lon[i]-l.lon[i-1])*scale, float64(l.lat[i]-l.lat[i-1]))
	}
	return sum * metresPerStep
}
