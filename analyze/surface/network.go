// Package surface tells what was under a runner's feet, offline: it reads a street map once into a small index, and matches
// the positions of a run to its ways. Classes and groups follow the surface tags of OpenStreetMap; what a way without such
// a tag is made of is a distribution, never a guess presented as a fact.
package surface

// Attribution is what the licence of the maps asks for wherever something is shown that they told.
const Attribution = "© OpenStreetMap contributors"

// Class is what the ground is made of, as fine as runners care.
type Class uint8

// The classes that a map can tell.
const (
	Asphalt Class = iota
	// Concrete stands for slabs, setts, bricks and other paving too.
	Concrete
	// Track is a synthetic running track.
	Track
	// Gravel is compacted or loose stone.
	Gravel
	// Trail is natural earth.
	Trail
	Grass
	Sand
	// Other is wood, metal and boardwalks.
	Other
	// Classes is how many there are.
	Classes = iota
)

var classNames = [Classes]string{"asphalt", "concrete", "track", "gravel", "trail", "grass", "sand", "other"}

// String is the spelling of the v1 report.
func (c Class) String() string {
	if c >= Classes {
		return "unknown"
	}
	return classNames[c]
}

// Group is how much the ground gives way, in three steps.
type Group uint8

// The groups.
const (
	Hard Group = iota
	Medium
	Soft
	// Groups is how many there are.
	Groups = iota
)

// String is the spelling of the v1 report.
func (g Group) String() string { return [Groups]string{"hard", "medium", "soft"}[g] }

// Group is the class's group: asphalt and concrete are hard, natural earth, grass and sand soft, the rest medium.
func (c Class) Group() Group {
	switch c {
	case Asphalt, Concrete:
		return Hard
	case Trail, Grass, Sand:
		return Soft
	}
	return Medium
}

// Mix is a probability for each class; it sums to 1.
type Mix [Classes]float32

// Best is the likeliest class, the first of equals, and its probability.
func (m *Mix) Best() (Class, float32) {
	best := Class(0)
	for c := range Class(Classes) {
		if m[c] > m[best] {
			best = c
		}
	}
	return best, m[best]
}

// Group is the probability of a group.
func (m *Mix) Group(g Group) float32 {
	var sum float32
	for c := range Class(Classes) {
		if c.Group() == g {
			sum += m[c]
		}
	}
	return sum
}

// DegreeSteps is how many steps the coordinates of a Network have to a degree: one step is 1.11 m of latitude.
const DegreeSteps = 100_000

// Network is the ways of a part of a map that feet may use. Ways meet where their vertices are equal; no other graph is
// kept.
type Network struct {
	// Lat and Lon are the vertices of all ways, one way after the other, in 1/DegreeSteps of a degree.
	Lat, Lon []int32
	Ways     []Way
}

// Way is one line of a network.
type Way struct {
	// First and End say which vertices: Lat[First:End]. A way has two or more.
	First, End int32
	// Mix is what the way is made of.
	Mix Mix
	// Tagged is true when the map says so by an explicit surface tag, and the mix is not inferred.
	Tagged bool
	// Code names ways with the same tags, whose errors go together; intervals need it.
	Code uint16
}

// Box is a part of the map in degrees, borders included. It never spans the date line.
type Box struct{ South, West, North, East float64 }
