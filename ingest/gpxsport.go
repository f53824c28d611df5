package ingest

import "strings"

// gpxSport reads the sport from the <type> of a track. GPX leaves that text to the writer: Garmin writes "trail_running",
// Strava a word or its number, others what their language says.
func gpxSport(typ, creator, name string) (Sport, Kind) {
	creator = strings.ToLower(creator)
	typ = strings.Join(strings.Fields(typ), " ")
	if typ == "" && strings.Contains(creator, "runkeeper") {
		// Runkeeper has no type and begins the name with it: "Running 7/3/20 6:10 pm".
		typ, _, _ = strings.Cut(name, " ")
	}
	if strings.Trim(typ, "0123456789") == "" {
		return stravaSport(typ, strings.Contains(creator, "strava")), Unspecified
	}
	words := typeWords(typ)
	if sport := wordsSport(words); sport != Running {
		return sport, Unspecified
	}
	return Running, kindByWords(words)
}

// wordsSport is the sport that words name.
func wordsSport(words typeText) Sport {
	if strings.TrimSpace(string(words)) == "" {
		return UnknownSport
	}
	for _, s := range sportWords {
		if words.any(s.words) {
			return s.sport
		}
	}
	return UnknownSport
}

// stravaSport knows the numbers in Strava's GPX exports. Other makers number in their own way (1 is running at Garmin), so
// without Strava's name only the 9 counts, which nobody else is known to use.
func stravaSport(number string, strava bool) Sport {
	switch {
	case number == "9":
		return Running
	case !strava:
		return UnknownSport
	case number == "1":
		return Cycling
	case number == "10", number == "4":
		return Walking
	}
	return UnknownSport
}

// kindByWords tells the kind of a run from the words of its type.
func kindByWords(words typeText) Kind {
	for _, k := range kindWords {
		if words.any(k.words) {
			return k.kind
		}
	}
	return Unspecified
}

// typeText is a type in lower case with single blanks between words and around, so that " run " finds the word.
type typeText string

// typeWords splits "trail_running", "Trail-Run", "TrailRun" and the like into words.
func typeWords(typ string) typeText {
	var b strings.Builder
	b.WriteByte(' ')
	lower := false
	for _, r := range typ {
		switch {
		case strings.ContainsRune("_-/.,()", r):
			r = ' '
		case lower && r >= 'A' && r <= 'Z':
			b.WriteByte(' ')
		}
		lower = r >= 'a' && r <= 'z'
		b.WriteRune(r)
	}
	return typeText(" " + strings.Join(strings.Fields(strings.ToLower(b.String())), " ") + " ")
}

// any finds one of the words, which stand whole between blanks; a word that ends in * matches the beginning of a word,
// one that begins with * any part.
func (t typeText) any(words []string) bool {
	for _, w := range words {
		if part, ok := strings.CutPrefix(w, "*"); ok {
			w = part
		} else if begin, ok := strings.CutSuffix(w, "*"); ok {
			w = " " + begin
		} else {
			w = " " + w + " "
		}
		if strings.Contains(string(t), w) {
			return true
		}
	}
	return false
}

// sportWords are the types in the words of the common apps and languages. The first that fits counts, so what only looks
// like a run ("run" in "bike run", "Laufrad") comes before running.
var sportWords = []struct {
	sport Sport
	words []string
}{
	{OtherSport, []string{"duathlon", "triathlon", "multisport", "multi sport", "swimrun", "transition", "swim*", "schwimm*",
		"ski*", "snow*", "row*", "kayak*", "canoe*", "paddl*", "sail*", "surf*", "skat*", "inline*", "roller*", "*langlauf", "eislauf*", "wheelchair*", "golf*", "climb*",
		"yoga", "elliptical", "crosstrainer", "driving", "drive", "car", "auto", "train", "bus", "flight", "flying",
		"motor*", "horse*", "soccer", "football", "tennis"}},
	{Cycling, []string{"cycl*", "biking", "bike", "bik", "mtb", "ride", "*cycling", "*biking", "ebike*", "*fahrrad", "rad",
		"radfahren", "*radtour", "rennrad", "laufrad", "velo", "vélo", "cyclisme", "ciclismo", "bicicleta", "bicicletta", "bici",
		"fiets*", "wielrennen", "sykling", "cykling", "pyöräily", "rower", "kolo", "велосипед", "骑行", "サイクリング"}},
	{Strength, []string{"strength*", "weight training", "weights", "krafttraining", "musculation", "crossfit"}},
	{Running, []string{"run", "runs", "running", "runner", "jog*", "trailrun*", "*running", "lauf", "laufen", "*lauf", "course",
		"course à pied", "footing", "courir", "corsa", "correr", "carrera", "corrida", "hardlopen", "løb", "løping", "löpning",
		"juoksu", "bieg*", "běh", "futás", "бег", "跑步", "跑", "ランニング", "달리기", "treadmill", "laufband", "virtualrun"}},
	{Walking, []string{"walk*", "hik*", "trek*", "mountaineering", "gehen", "spazier*", "wander*", "marche", "randonnée",
		"randonnee", "caminar", "caminata", "senderismo", "caminhada", "camminata", "escursionismo", "wandel*", "vandring",
		"chůze", "ходьба", "步行", "徒步", "ウォーキング", "on foot", "foot", "pedestrian"}},
}

// kindWords are the kinds of run; the first that fits counts.
var kindWords = []struct {
	kind  Kind
	words []string
}{
	{Treadmill, []string{"treadmill", "indoor", "laufband", "tapis", "cinta"}},
	{Virtual, []string{"virtual*"}},
	{Trail, []string{"trail*", "sentier", "sendero"}},
	{Track, []string{"track"}},
	{Road, []string{"road", "street"}},
}
