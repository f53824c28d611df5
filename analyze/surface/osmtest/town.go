package osmtest

import (
	"math"
	"math/rand/v2"
)

// Where the town lies: in the middle of the Atlantic, where four tiles of an index meet.
const (
	TownLat = 48.0
	TownLon = -30.0
	// metresPerDegree is the length of a degree of latitude.
	metresPerDegree = 6371008.8 * math.Pi / 180
)

// The town's measures in metres.
const (
	streets      = 16  // of each direction
	blockM       = 110 // between streets
	sidewalkM    = 4   // from a street's line to its sidewalk's
	parkM        = 90  // between the ways of the park
	forestM      = 190 // between the ways of the forest
	straightM    = 84.39
	ovalRadiusM  = 36.5
	curveVertice = 6 // between the junctions of park and forest
)

// TownOptions are the choices of a town.
type TownOptions struct {
	Seed uint64
	// Untagged is the share of ways without a surface tag, the same for every kind.
	Untagged float64
}

// Town is a town of 1.8 by 1.8 km with a park in the east, a forest in the north and a running track in the south-west: about
// 1,500 ways, 100 km, every one with its true surface in Made. The same options give the same town. What a way is made of
// depends on its kind and on where it is, so that tags and neighbours tell something of the ways without a tag, not all.
func Town(o TownOptions) *Map {
	t := town{m: &Map{}, rng: rand.New(rand.NewPCG(o.Seed, 5)), untagged: o.Untagged}
	grid := t.streets()
	t.park(grid)
	t.forest(grid)
	t.oval(grid)
	return t.m
}

type town struct {
	m        *Map
	rng      *rand.Rand
	untagged float64
}

// node puts a node at metres east and north of the town's middle.
func (t *town) node(x, y float64) int64 {
	id := int64(len(t.m.Nodes) + 1)
	t.m.Nodes = append(t.m.Nodes, Node{
		ID: id, Lat: TownLat + y/metresPerDegree, Lon: TownLon + x/(metresPerDegree*math.Cos(TownLat*math.Pi/180)),
	})
	return id
}

// xy is where a node is.
func (t *town) xy(id int64) (x, y float64) {
	n := t.m.Nodes[id-1]
	return (n.Lon - TownLon) * metresPerDegree * math.Cos(TownLat*math.Pi/180), (n.Lat - TownLat) * metresPerDegree
}

// way adds a way made of something, which its tags tell or not.
func (t *town) way(made string, refs []int64, tags ...Tag) {
	if t.rng.Float64() >= t.untagged {
		tags = append(tags, Tag{"surface", made})
	}
	t.m.Ways = append(t.m.Ways, Way{ID: int64(len(t.m.Ways) + 1), Refs: refs, Tags: tags, Made: made})
}

// pick is first with some probability, else second.
func (t *town) pick(first string, p float64, second string) string {
	if t.rng.Float64() < p {
		return first
	}
	return second
}

// lattice is the junctions of streets: [column][row].
type lattice [][]int64

// streets builds a grid of streets, every fourth with sidewalks on both sides.
func (t *town) streets() lattice {
	grid := make(lattice, streets)
	// sides are the nodes of a row's sidewalks on the column, south and north of the junction.
	sides := make([][][2]int64, streets)
	for c := range streets {
		grid[c], sides[c] = make([]int64, streets), make([][2]int64, streets)
		for r := range streets {
			x, y := (float64(c)-(streets-1)/2.)*blockM+8*t.rng.NormFloat64(), (float64(r)-(streets-1)/2.)*blockM+8*t.rng.NormFloat64()
			if hasSidewalk(r) {
				sides[c][r][0] = t.node(x, y-sidewalkM)
			}
			grid[c][r] = t.node(x, y)
			if hasSidewalk(r) {
				sides[c][r][1] = t.node(x, y+sidewalkM)
			}
		}
	}
	for r := range streets {
		t.row(grid, sides, r)
	}
	for c := range streets {
		for r := 0; r < streets-1; r += 3 {
			var refs []int64
			for i := r; i <= min(r+3, streets-1); i++ {
				if south := sides[c][i][0]; south != 0 && i > r {
					refs = append(refs, south)
				}
				refs = append(refs, grid[c][i])
				if north := sides[c][i][1]; north != 0 && i < min(r+3, streets-1) {
					refs = append(refs, north)
				}
			}
			t.street(refs, c, r)
		}
	}
	return grid
}

func hasSidewalk(row int) bool { return row%4 == 1 }

// street adds a piece of a street. The old centre is paved with stones.
func (t *town) street(refs []int64, c, r int) {
	switch {
	case c >= 6 && c < 10 && r >= 5 && r < 10:
		t.way(t.pick("paving_stones", .9, "asphalt"), refs, Tag{"highway", "living_street"})
	case r%4 == 1:
		t.way("asphalt", refs, Tag{"highway", "tertiary"})
	default:
		t.way(t.pick("asphalt", .96, "sett"), refs, Tag{"highway", "residential"})
	}
}

func (t *town) row(grid lattice, sides [][][2]int64, r int) {
	for c := 0; c < streets-1; c += 3 {
		var refs []int64
		for i := c; i <= min(c+3, streets-1); i++ {
			refs = append(refs, grid[i][r])
		}
		t.street(refs, c, r)
	}
	if !hasSidewalk(r) {
		return
	}
	for c := range streets - 1 {
		for side := range 2 {
			made := "asphalt"
			if c < streets/2 {
				made = "paving_stones"
			}
			t.way(t.pick(made, .93, "concrete"), []int64{sides[c][r][side], sides[c+1][r][side]}, Tag{"highway", "footway"}, Tag{"footway", "sidewalk"})
		}
	}
}

// curved is the nodes from one junction to another along a gentle curve.
func (t *town) curved(a, b int64) []int64 {
	ax, ay := t.xy(a)
	bx, by := t.xy(b)
	bend := .12 * t.rng.NormFloat64()
	refs := []int64{a}
	for i := 1; i <= curveVertice; i++ {
		s := float64(i) / (curveVertice + 1)
		off := bend * math.Sin(math.Pi*s)
		refs = append(refs, t.node(ax+s*(bx-ax)-off*(by-ay), ay+s*(by-ay)+off*(bx-ax)))
	}
	return append(refs, b)
}

// park builds footways and paths east of the streets.
func (t *town) park(grid lattice) {
	const cols, rows = 7, 16
	east, _ := t.xy(grid[streets-1][0])
	l := make(lattice, cols)
	for c := range cols {
		l[c] = make([]int64, rows)
		for r := range rows {
			l[c][r] = t.node(east+120+float64(c)*parkM+14*t.rng.NormFloat64(), (float64(r)-(rows-1)/2.)*parkM+14*t.rng.NormFloat64())
		}
	}
	kindAt := func(c, r int) {
		refs := func(dc, dr int) []int64 { return t.curved(l[c][r], l[c+dc][r+dr]) }
		if c < cols-1 {
			if r%3 == 0 {
				t.way("asphalt", refs(1, 0), Tag{"highway", "path"}, Tag{"foot", "designated"}, Tag{"bicycle", "designated"})
			} else {
				t.way(t.pick("fine_gravel", .85, "ground"), refs(1, 0), Tag{"highway", "footway"})
			}
		}
		if r < rows-1 && c%2 == 0 {
			t.way(t.pick("ground", .8, "grass"), refs(0, 1), Tag{"highway", "path"})
		} else if r < rows-1 {
			t.way(t.pick("compacted", .9, "ground"), refs(0, 1), Tag{"highway", "footway"})
		}
	}
	for c := range cols {
		for r := range rows {
			kindAt(c, r)
		}
	}
	for r := 0; r < streets; r += 2 {
		t.way("asphalt", []int64{grid[streets-1][r], l[0][r]}, Tag{"highway", "footway"})
	}
}

// forest builds tracks and trails north of the streets.
func (t *town) forest(grid lattice) {
	const cols, rows = 10, 7
	_, north := t.xy(grid[0][streets-1])
	l := make(lattice, cols)
	for c := range cols {
		l[c] = make([]int64, rows)
		for r := range rows {
			l[c][r] = t.node((float64(c)-(cols-1)/2.)*forestM+30*t.rng.NormFloat64(), north+150+float64(r)*forestM+30*t.rng.NormFloat64())
		}
	}
	track := func(refs []int64, i int) {
		switch i % 4 {
		case 0:
			t.way(t.pick("compacted", .95, "gravel"), refs, Tag{"highway", "track"}, Tag{"tracktype", "grade2"})
		case 1:
			t.way(t.pick("gravel", .8, "ground"), refs, Tag{"highway", "track"}, Tag{"tracktype", "grade3"})
		case 2:
			t.way(t.pick("ground", .6, "grass"), refs, Tag{"highway", "track"}, Tag{"tracktype", "grade5"})
		default:
			t.way(t.pick("ground", .92, "sand"), refs, Tag{"highway", "path"})
		}
	}
	for r := range rows {
		for c := range cols - 1 {
			track(t.curved(l[c][r], l[c+1][r]), r)
		}
	}
	for c := range cols {
		for r := range rows - 1 {
			track(t.curved(l[c][r], l[c][r+1]), c+2)
		}
	}
	for c := 0; c < cols; c += 3 {
		t.way("asphalt", []int64{grid[min(c*streets/cols, streets-1)][streets-1], l[c][0]}, Tag{"highway", "track"}, Tag{"tracktype", "grade1"})
	}
}

// oval builds a running track of 400 m in the south-west, and a footway to it.
func (t *town) oval(grid lattice) {
	x, y := t.xy(grid[0][0])
	x, y = x-60, y-120
	var refs []int64
	const arc = 16
	for end := range 2 {
		sign := 1 - 2*float64(end)
		for i := range arc + 1 {
			a := (float64(i)/arc - .5) * math.Pi
			refs = append(refs, t.node(x+sign*(straightM/2+ovalRadiusM*math.Cos(a)), y+sign*ovalRadiusM*math.Sin(a)))
		}
	}
	refs = append(refs, refs[0])
	t.way("tartan", refs, Tag{"leisure", "track"}, Tag{"sport", "athletics;running"})
	t.way("asphalt", []int64{refs[arc/2], grid[0][0]}, Tag{"highway", "footway"})
}
