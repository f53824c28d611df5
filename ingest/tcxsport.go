package ingest

import "strings"

// maxLabelWords is how many words the notes of an activity may have to be a name for it rather than a tale.
const maxLabelWords = 5

// name is what the runner calls the activity, or else the training plan.
func (act *tcxActivity) name() string {
	if act.notes != "" && len(strings.Fields(act.notes)) <= maxLabelWords {
		return act.notes
	}
	return act.plan
}

// sportAndKind reads the sport. The schema knows Running, Biking and Other, and many writers nothing but Other: then the
// name tells, the device if it serves one sport only, and last who wrote the file: Garmin Connect gives each run its
// sport, so that its Other is no run.
func (act *tcxActivity) sportAndKind(author string) (Sport, Kind) {
	name, creator := typeWords(act.name()), typeWords(act.creator)
	sport := wordsSport(typeWords(act.sport))
	if sport == UnknownSport {
		sport = wordsSport(name)
	}
	for _, d := range deviceSports {
		if sport == UnknownSport && creator.any(d.words) {
			sport = d.sport
		}
	}
	if sport == UnknownSport && strings.EqualFold(act.sport, "Other") && typeWords(author).any(writersOfRunning) {
		sport = OtherSport
	}
	if sport != Running {
		return sport, Unspecified
	}
	if kind := kindByWords(typeWords(act.sport) + name); kind != Unspecified {
		return Running, kind
	}
	if creator.any(treadmills) {
		return Running, Treadmill
	}
	return Running, Unspecified
}

// deviceSports are the makers' names of devices that serve one sport.
var deviceSports = []struct {
	sport Sport
	words []string
}{
	{Running, treadmills},
	{Cycling, []string{"edge", "elemnt", "trainerroad"}},
}

var treadmills = []string{"treadmill", "laufband"}

// writersOfRunning are words in the names of programs that write Running for every run.
var writersOfRunning = []string{"connect api", "garmin"}
