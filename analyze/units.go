package analyze

import (
	"fmt"
	"math"
)

// Units are the units a runner reads distances and paces in.
type Units string

// The units of length.
const (
	Kilometres Units = "km"
	Miles      Units = "mi"
)

const metresPerMile = 1609.344

// InM is the length of one unit in metres.
func (u Units) InM() float64 {
	if u == Miles {
		return metresPerMile
	}
	return 1000
}

// Round rounds metres to the tenth of a unit that Dist prints, so that what is compared is what is read.
func (u Units) Round(m float64) float64 { return math.Round(m/u.InM()*10) / 10 * u.InM() }

// Dist writes metres with one decimal and the unit, such as "22.4 km".
func (u Units) Dist(m float64) string { return u.Number(m) + " " + string(u) }

// Number writes metres like Dist but without the unit, for table columns that name it in their head.
func (u Units) Number(m float64) string { return fmt.Sprintf("%.1f", m/u.InM()) }

// Pace writes a speed in metres a second as minutes and seconds a unit, such as "5:40 /km".
func (u Units) Pace(mps float64) string {
	if !(mps > 0) {
		return "– /" + string(u)
	}
	s := int(math.Round(u.InM() / mps))
	return fmt.Sprintf("%d:%02d /%s", s/60, s%60, u)
}
