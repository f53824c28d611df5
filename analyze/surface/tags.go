package surface

import (
	"strings"
	"sync"
)

// key is a tag key that tells something about a way under a runner's feet.
type key uint8

// The keys, in no order that matters.
const (
	keyHighway key = iota
	keyLeisure
	keySport
	keyFoot
	keyBicycle
	keyFootway
	keyService
	keySurface
	keyFootwaySurface
	keyCyclewaySurface
	keySidewalk
	keySidewalkBoth
	keySidewalkLeft
	keySidewalkRight
	keySidewalkSurface
	keySidewalkBothSurface
	keySidewalkLeftSurface
	keySidewalkRightSurface
	keyTracktype
	keySmoothness
	keySacScale
	keyMtbScale
	keys = iota
)

var keyNames = [keys]string{
	"highway", "leisure", "sport", "foot", "bicycle", "footway", "service", "surface", "footway:surface", "cycleway:surface",
	"sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right", "sidewalk:surface", "sidewalk:both:surface",
	"sidewalk:left:surface", "sidewalk:right:surface", "tracktype", "smoothness", "sac_scale", "mtb:scale",
}

// keyOf is where a key stands in tags.
var keyOf = sync.OnceValue(func() map[string]key {
	m := make(map[string]key, keys)
	for k, name := range keyNames {
		m[name] = key(k)
	}
	return m
})

// tags are a way's values of the keys that matter, empty where it has none.
type tags [keys]string

// kind is what a way is for, as far as that tells what it is made of.
type kind uint8

// The kinds.
const (
	kindPath kind = iota
	// kindDesignated is a path that a sign gives to walkers or cyclists.
	kindDesignated
	// kindAlpine is a path with a grade of difficulty for hikers or mountain bikers.
	kindAlpine
	kindFootway
	kindSidewalk
	kindTrack
	kindCycleway
	kindBridleway
	kindPedestrian
	kindSteps
	kindResidential
	kindLiving
	kindService
	// kindDriveway is a service road to a house or between parked cars.
	kindDriveway
	kindUnclassified
	// kindRoad is a tertiary road or a bigger one.
	kindRoad
	// kindOval is a running track drawn as leisure=track.
	kindOval
	kinds = iota
)

// grade is the value of tracktype, 1 to 5; 0 without one.
type grade uint8

const grades = 6

// smooth is the value of smoothness, 1 to 6; 0 without one.
type smooth uint8

const smooths = 7

// stated is what a way's surface tag says: nothing, a class (1 + Class), or one of the generic values.
type stated uint8

const (
	statedNothing stated = 0
	statedPaved   stated = 1 + Classes
	statedUnpaved stated = 2 + Classes
	stateds              = 3 + Classes
)

// code is everything that a way's tags tell about its surface; ways with equal tags have equal codes.
type code struct {
	stated stated
	kind   kind
	grade  grade
	smooth smooth
}

// codes is how many codes there are; they fit the Code of a Way.
const codes = stateds * kinds * grades * smooths

// number packs a code; the other way round is codeOf.
func (c code) number() uint16 {
	return uint16(((int(c.stated)*kinds+int(c.kind))*grades+int(c.grade))*smooths + int(c.smooth))
}

// codeOf is the code of a number below codes.
func codeOf(n uint16) code {
	rest, s := n/smooths, n%smooths
	rest, g := rest/grades, rest%grades
	return code{stated(rest / kinds), kind(rest % kinds), grade(g), smooth(s)}
}

// class is the class that the tags name; false where they name none or only a generic one.
func (c code) class() (Class, bool) {
	if c.stated == statedNothing || c.stated >= statedPaved {
		return 0, false
	}
	return Class(c.stated - 1), true
}

// read is the code of a way that feet may use; false for any other.
func (t *tags) read() (code, bool) {
	k, ok := t.kind()
	if !ok {
		return code{}, false
	}
	return code{stated: t.stated(k), kind: k, grade: grade(gradeOf(t[keyTracktype])), smooth: smoothOf()[first(t[keySmoothness])]}, true
}

// kind is what the way is for; false when it is not for feet.
func (t *tags) kind() (kind, bool) {
	k, ok := t.highway()
	if !ok {
		return kindOval, t[keyLeisure] == "track" && t.forRunning()
	}
	if t[keyFoot] == "no" && !t.hasSidewalk() {
		return 0, false
	}
	return k, true
}

// highway is the kind by the highway tag. Motorways are for no feet, trunk roads only where they say so.
func (t *tags) highway() (kind, bool) {
	switch strings.TrimSuffix(t[keyHighway], "_link") {
	case "path":
		switch {
		case t[keySacScale] != "" || t[keyMtbScale] != "":
			return kindAlpine, true
		case t[keyFoot] == "designated" || t[keyBicycle] == "designated":
			return kindDesignated, true
		}
		return kindPath, true
	case "footway":
		if t[keyFootway] == "sidewalk" {
			return kindSidewalk, true
		}
		return kindFootway, true
	case "track":
		return kindTrack, true
	case "cycleway":
		return kindCycleway, true
	case "bridleway":
		return kindBridleway, true
	case "pedestrian":
		return kindPedestrian, true
	case "steps":
		return kindSteps, true
	case "residential":
		return kindResidential, true
	case "living_street":
		return kindLiving, true
	case "service":
		switch t[keyService] {
		case "driveway", "parking_aisle":
			return kindDriveway, true
		}
		return kindService, true
	case "unclassified":
		return kindUnclassified, true
	case "tertiary", "secondary", "primary":
		return kindRoad, true
	case "trunk":
		switch t[keyFoot] {
		case "yes", "designated", "permissive":
			return kindRoad, true
		}
		return kindRoad, t.hasSidewalk()
	}
	return 0, false
}

// forRunning says whether a leisure=track is for runners: its sport says so or nothing.
func (t *tags) forRunning() bool {
	if t[keySport] == "" {
		return true
	}
	for sport := range strings.SplitSeq(t[keySport], ";") {
		switch strings.TrimSpace(sport) {
		case "running", "athletics":
			return true
		}
	}
	return false
}

func (t *tags) hasSidewalk() bool {
	switch t[keySidewalk] {
	case "both", "left", "right", "yes", "separate":
		return true
	}
	return t[keySidewalkBoth] == "yes" || t[keySidewalkLeft] == "yes" || t[keySidewalkRight] == "yes"
}

// stated is what the tags say the way is made of where feet go: what is said of the footway, cycleway or sidewalk of a way
// comes before what is said of all of it.
func (t *tags) stated(k kind) stated {
	switch k {
	case kindPath, kindDesignated, kindFootway, kindSidewalk:
		if s := statedOf(t[keyFootwaySurface]); s != statedNothing {
			return s
		}
	case kindCycleway:
		// A cycleway divided by a line has its runners on the foot side.
		for _, k := range [...]key{keyFootwaySurface, keyCyclewaySurface} {
			if s := statedOf(t[k]); s != statedNothing {
				return s
			}
		}
	case kindResidential, kindLiving, kindService, kindUnclassified, kindRoad:
		if s := t.sidewalkStated(); s != statedNothing {
			return s
		}
	}
	return statedOf(t[keySurface])
}

// sidewalkStated is what the sidewalks of a road are made of; nothing where two sides differ, for nobody knows the side.
func (t *tags) sidewalkStated() stated {
	for _, k := range [...]key{keySidewalkBothSurface, keySidewalkSurface} {
		if s := statedOf(t[k]); s != statedNothing {
			return s
		}
	}
	left, right := statedOf(t[keySidewalkLeftSurface]), statedOf(t[keySidewalkRightSurface])
	switch {
	case left == statedNothing:
		return right
	case right == statedNothing || left == right:
		return left
	}
	return statedNothing
}

// first cuts a value at its first ; and then at its first :, and in between off its blanks.
func first(value string) string {
	value, _, _ = strings.Cut(value, ";")
	value, _, _ = strings.Cut(value, ":")
	return strings.TrimSpace(value)
}

func statedOf(value string) stated {
	if value == "" {
		return statedNothing
	}
	value = first(value)
	if strings.HasPrefix(value, "cobblestone") {
		value = "cobblestone"
	}
	return surfaceValues()[value]
}

// surfaceValues says what the values of surface=* stand for. A value that is not here says nothing.
var surfaceValues = sync.OnceValue(func() map[string]stated {
	return map[string]stated{
		"concrete": 1 + stated(Concrete), "cement": 1 + stated(Concrete), "paving_stones": 1 + stated(Concrete),
		"sett": 1 + stated(Concrete), "cobblestone": 1 + stated(Concrete), "unhewn_cobblestone": 1 + stated(Concrete),
		"bricks": 1 + stated(Concrete), "brick": 1 + stated(Concrete), "stone": 1 + stated(Concrete), "tiles": 1 + stated(Concrete),
		"asphalt": 1 + stated(Asphalt), "chipseal": 1 + stated(Asphalt), "tarmac": 1 + stated(Asphalt), "bitmac": 1 + stated(Asphalt),
		"paved":  statedPaved,
		"tartan": 1 + stated(Track), "rubber": 1 + stated(Track), "acrylic": 1 + stated(Track),
		"compacted": 1 + stated(Gravel), "fine_gravel": 1 + stated(Gravel), "gravel": 1 + stated(Gravel),
		"pebblestone": 1 + stated(Gravel), "shells": 1 + stated(Gravel), "rock": 1 + stated(Gravel),
		"wood": 1 + stated(Other), "metal": 1 + stated(Other), "boardwalk": 1 + stated(Other),
		"unpaved": statedUnpaved,
		"ground":  1 + stated(Trail), "earth": 1 + stated(Trail), "dirt": 1 + stated(Trail), "mud": 1 + stated(Trail),
		"clay": 1 + stated(Trail), "woodchips": 1 + stated(Trail), "natural": 1 + stated(Trail),
		"grass": 1 + stated(Grass), "artificial_turf": 1 + stated(Grass), "grass_paver": 1 + stated(Grass),
		"sand": 1 + stated(Sand),
	}
})

// gradeOf is the number of a tracktype, 0 for none. Of a list the first counts.
func gradeOf(value string) int {
	if v := first(value); len(v) == len("grade1") && strings.HasPrefix(v, "grade") && v[5] >= '1' && v[5] <= '5' {
		return int(v[5] - '0')
	}
	return 0
}

// smoothOf numbers the values of smoothness from the best on; what a runner would call unrunnable is one.
var smoothOf = sync.OnceValue(func() map[string]smooth {
	return map[string]smooth{
		"excellent": 1, "good": 2, "intermediate": 3, "bad": 4, "very_bad": 5, "horrible": 6, "very_horrible": 6, "impassable": 6,
	}
})
