package analyze

import (
	"fmt"
	"strings"
)

// Words is the sign as it is told.
func (s PainSign) Words() string {
	switch s {
	case GivingWay:
		return "giving way"
	case NightPain:
		return "pain at night or at rest"
	case Hot:
		return "hot or red"
	case CannotBearWeight:
		return "cannot bear weight"
	case Limp:
		return "a limp"
	}
	return string(s)
}

// Words is the place as it is told.
func (p PainPlace) Words() string {
	switch p {
	case InnerSide:
		return "inner side"
	case OuterSide:
		return "outer side"
	case BelowKnee:
		return "below the kneecap"
	}
	return string(p)
}

// Words is the side as it is told.
func (s PainSide) Words() string {
	switch s {
	case LeftKnee, RightKnee:
		return string(s) + " knee"
	case BothKnees:
		return "both knees"
	}
	return "knee"
}

// Where says which knee and where in it: "right knee, outer side".
func (p *Pain) Where() string {
	if p.Place == "" {
		return p.Side.Words()
	}
	return p.Side.Words() + ", " + p.Place.Words()
}

// What says how the knee was, in the order of the journal's columns: "4/10 while running, gone within 24 hours, worse the
// next morning, a limp". Empty when the entry holds a note alone.
func (p *Pain) What() string {
	var parts []string
	switch {
	case p.During == 0:
		parts = append(parts, "no pain while running")
	case p.During > 0:
		parts = append(parts, fmt.Sprintf("%d/10 while running", p.During))
	}
	if s := p.Settled.Words(); s != "" {
		parts = append(parts, s)
	}
	switch p.NextMorning {
	case "":
	case MorningSame:
		parts = append(parts, "the same the next morning")
	default:
		parts = append(parts, string(p.NextMorning)+" the next morning")
	}
	for _, s := range p.Signs {
		parts = append(parts, s.Words())
	}
	if p.NoSigns {
		parts = append(parts, "no swelling or other sign")
	}
	return strings.Join(parts, ", ")
}

// Words is how long the pain lasted as it is told.
func (s PainSettled) Words() string {
	switch s {
	case NeverSettled:
		return "never gone since"
	case SettledIn60Min:
		return "gone within 60 minutes"
	case SettledIn24H:
		return "gone within 24 hours"
	case SettledIn48H:
		return "gone within 48 hours"
	case SettledIsLonger:
		return "there for more than 48 hours"
	}
	return ""
}
