package planfile

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// The words of a summary, compiled when the first calendar is read.
var (
	// a number, perhaps the first of a range, then the unit. A number of repeats before it makes it one of several parts.
	distances = pattern(`(?i)(\d+\s*[x×*]\s*)?(\d+(?:[.,]\d+)?)(?:\s*(?:-|–|to)\s*(\d+(?:[.,]\d+)?))?\s*(km|kms|kilometers?|kilometres?|k|mi|miles?)\b`)
	notRuns   = pattern(`(?i)\b(bike|biking|ride|riding|cycl\w*|spin|swim\w*|row\w*|walk|walking|hik\w*|drive|driving|flight|ski\w*|elliptical|strength|gym|weights|yoga|pilates|rest|off|cross[- ]?train\w*)\b`)
	runs      = pattern(`(?i)\b(run|running|jog|jogging|race|marathon|long|easy|tempo|recovery|intervals?|fartlek|parkrun|walk[- ]?run|run[- /]?walk)\b`)
)

func pattern(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}

// distance reads how far a summary such as "Long run 18 km" goes, in metres: 0 when it does not say, or says it in a way
// that leaves a doubt. Of a range the upper end counts; parts joined by + or "and" are added up, repeats multiplied.
func distance(summary string) float64 {
	found := distances().FindAllStringSubmatchIndex(summary, maxParts+1)
	if len(found) == 0 || len(found) > maxParts {
		return 0
	}
	sum := 0.0
	for i, m := range found {
		if i > 0 && !joined().MatchString(summary[found[i-1][1]:m[0]]) {
			return 0
		}
		part := func(g int) string {
			if m[2*g] < 0 {
				return ""
			}
			return summary[m[2*g]:m[2*g+1]]
		}
		number := part(2)
		if upper := part(3); upper != "" {
			number = upper
		}
		v, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
		if err != nil {
			return 0
		}
		if times := part(1); times != "" {
			n, err := strconv.Atoi(strings.TrimRight(times, " \txX×*"))
			if err != nil {
				return 0
			}
			v *= float64(n)
		}
		if strings.HasPrefix(strings.ToLower(part(4)), "mi") {
			v *= metresPerMile
		} else {
			v *= 1000
		}
		sum += v
	}
	if !(sum > 0 && sum <= maxRunM) {
		return 0
	}
	return sum
}

// maxParts is how many parts a summary may add up.
const maxParts = 8

// joined are the words between parts that are to be added up.
var joined = pattern(`(?i)^[^\d]*(\+|,|\band\b|\bund\b|&)[^\d]*$`)

// kindOf is the kind of a run that a summary names, empty without.
func kindOf(summary string) string {
	words := strings.FieldsFunc(strings.ToLower(summary), func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') })
	for _, k := range []string{"race", "long", "recovery", "easy", "tempo", "threshold", "intervals", "fartlek", "hills", "steady", "trail", "track", "treadmill", "walk-run"} {
		for _, w := range words {
			if w == k || k == "intervals" && w == "interval" {
				return k
			}
		}
	}
	return ""
}
