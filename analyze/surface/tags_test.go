package surface

import (
	"strings"
	"testing"
)

// tagsOf reads tags as "highway=path surface=grass".
func tagsOf(t *testing.T, text string) (v tags) {
	t.Helper()
	for pair := range strings.FieldsSeq(text) {
		k, value, _ := strings.Cut(pair, "=")
		key, ok := keyOf()[k]
		if !ok {
			t.Fatalf("%s is no key that is read", k)
		}
		v[key] = strings.ReplaceAll(value, "_AND_", "; ")
	}
	return v
}

func TestWaysForFeet(t *testing.T) {
	const none = kinds
	for text, want := range map[string]kind{
		"highway=path":                                  kindPath,
		"highway=path foot=designated":                  kindDesignated,
		"highway=path bicycle=designated":               kindDesignated,
		"highway=path foot=designated sac_scale=hiking": kindAlpine,
		"highway=path mtb:scale=1":                      kindAlpine,
		"highway=footway":                               kindFootway,
		"highway=footway footway=sidewalk":              kindSidewalk,
		"highway=footway footway=crossing":              kindFootway,
		"highway=track":                                 kindTrack,
		"highway=cycleway":                              kindCycleway,
		"highway=cycleway foot=no":                      none,
		"highway=bridleway":                             kindBridleway,
		"highway=pedestrian":                            kindPedestrian,
		"highway=steps":                                 kindSteps,
		"highway=residential":                           kindResidential,
		"highway=living_street":                         kindLiving,
		"highway=service":                               kindService,
		"highway=service service=driveway":              kindDriveway,
		"highway=service service=parking_aisle":         kindDriveway,
		"highway=unclassified":                          kindUnclassified,
		"highway=tertiary":                              kindRoad,
		"highway=secondary_link":                        kindRoad,
		"highway=primary":                               kindRoad,
		"highway=primary foot=no":                       none,
		"highway=primary foot=no sidewalk=both":         kindRoad,
		"highway=primary foot=no sidewalk:left=yes":     kindRoad,
		"highway=trunk":                                 none,
		"highway=trunk foot=yes":                        kindRoad,
		"highway=trunk foot=no":                         none,
		"highway=trunk sidewalk=right":                  kindRoad,
		"highway=motorway":                              none,
		"highway=motorway_link":                         none,
		"highway=construction":                          none,
		"highway=proposed":                              none,
		"leisure=track":                                 kindOval,
		"leisure=track sport=running":                   kindOval,
		"leisure=track sport=soccer;athletics":          kindOval,
		"leisure=track sport=long_jump_AND_running":     kindOval,
		"leisure=track sport=motor":                     none,
		"leisure=pitch":                                 none,
		"highway=footway leisure=track sport=motor":     kindFootway,
		"surface=asphalt":                               none,
	} {
		v := tagsOf(t, text)
		got, ok := v.read()
		if ok != (want != none) || ok && got.kind != want {
			t.Errorf("%s: kind %d, %v; want %d", text, got.kind, ok, want)
		}
	}
}

func TestStatedSurfaces(t *testing.T) {
	classes := map[string]stated{"": statedNothing, "paved": statedPaved, "unpaved": statedUnpaved}
	for c := range Class(Classes) {
		classes[c.String()] = 1 + stated(c)
	}
	for text, want := range map[string]string{
		"highway=path":                                                                                  "",
		"highway=path surface=asphalt":                                                                  "asphalt",
		"highway=path surface=asphalt;gravel":                                                           "asphalt",
		"highway=path surface=concrete:plates":                                                          "concrete",
		"highway=path surface=concrete:lanes;grass":                                                     "concrete",
		"highway=path surface=cobblestone:flattened":                                                    "concrete",
		"highway=path surface=cobblestone_flattened":                                                    "concrete",
		"highway=path surface=unhewn_cobblestone":                                                       "concrete",
		"highway=path surface=ground_AND_grass":                                                         "trail",
		"highway=path surface=;asphalt":                                                                 "",
		"highway=path surface=lava":                                                                     "",
		"highway=path surface=paved":                                                                    "paved",
		"highway=path surface=unpaved":                                                                  "unpaved",
		"highway=path surface=fine_gravel":                                                              "gravel",
		"highway=path surface=woodchips":                                                                "trail",
		"highway=path surface=artificial_turf":                                                          "grass",
		"highway=path surface=sand":                                                                     "sand",
		"highway=path surface=wood":                                                                     "other",
		"leisure=track surface=tartan":                                                                  "track",
		"highway=footway surface=asphalt footway:surface=paving_stones":                                 "concrete",
		"highway=cycleway surface=asphalt cycleway:surface=gravel":                                      "gravel",
		"highway=cycleway cycleway:surface=asphalt footway:surface=gravel":                              "gravel",
		"highway=residential surface=asphalt footway:surface=gravel":                                    "asphalt",
		"highway=residential surface=asphalt sidewalk:both:surface=sett":                                "concrete",
		"highway=residential surface=sett sidewalk:surface=asphalt":                                     "asphalt",
		"highway=residential surface=sett sidewalk:left:surface=asphalt":                                "asphalt",
		"highway=residential surface=sett sidewalk:left:surface=asphalt sidewalk:right:surface=gravel":  "concrete",
		"highway=residential surface=sett sidewalk:left:surface=asphalt sidewalk:right:surface=asphalt": "asphalt",
		"highway=path surface=sett sidewalk:both:surface=asphalt":                                       "concrete",
	} {
		v := tagsOf(t, text)
		if got, _ := v.read(); got.stated != classes[want] {
			t.Errorf("%s: states %d, want %s", text, got.stated, want)
		}
	}
}

func TestCodes(t *testing.T) {
	for n := range codes {
		if got := codeOf(uint16(n)).number(); got != uint16(n) {
			t.Fatalf("the code %d becomes %d", n, got)
		}
	}
	v := tagsOf(t, "highway=track tracktype=grade3;grade4 smoothness=very_horrible surface=gravel")
	if got, _ := v.read(); got != (code{1 + stated(Gravel), kindTrack, 3, 6}) {
		t.Errorf("%+v", got)
	}
	for value, want := range map[string]int{"grade1": 1, "grade5": 5, "grade6": 0, "grade": 0, "1": 0, "": 0, "grade2;grade3": 2} {
		if got := gradeOf(value); got != want {
			t.Errorf("tracktype %q: %d, want %d", value, got, want)
		}
	}
}

func TestMixesSayWhatTagsSay(t *testing.T) {
	var none counts
	for k := range kind(kinds) {
		for s := range stated(stateds) {
			c := code{stated: s, kind: k, grade: 2, smooth: 4}
			m := none.mixOf(c)
			var sum float32
			for _, p := range m {
				sum += p
			}
			if sum < .9999 || sum > 1.0001 {
				t.Errorf("%+v: a mix of %v", c, sum)
			}
			if class, ok := c.class(); ok && m[class] < certain {
				t.Errorf("%+v: %v", c, m)
			}
			if s == statedPaved && m.Group(Hard) < .9 || s == statedUnpaved && m.Group(Hard) > .1 {
				t.Errorf("%+v: hard %v", c, m.Group(Hard))
			}
		}
	}
	if best, p := none.mixOf(code{kind: kindOval}).Best(); best != Track || p < .8 {
		t.Errorf("an oval is %v by %v", best, p)
	}
	// A hundred tagged ways beat the table.
	var c counts
	of := code{stated: 1 + stated(Sand), kind: kindPath}
	for range 100 {
		c.addWays([]rawWay{{code: of.number()}})
	}
	if best, p := c.mixOf(code{kind: kindPath}).Best(); best != Sand || p < .8 || p > .9 {
		t.Errorf("after a hundred paths of sand a path is %v by %v", best, p)
	}
}
