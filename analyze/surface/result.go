package surface

import (
	"math"
	"slices"
)

// Result is what was under a run. It holds no coordinates.
type Result struct {
	// ClassM and GroupM are metres by class and group, by expectation: a metre that is asphalt with probability 0.9 counts
	// 0.9 there. Metres on a treadmill and unknown ones are in neither; with them the groups sum to the length of the run.
	ClassM               [Classes]float64
	GroupM               [Groups]float64
	TreadmillM, UnknownM float64
	// TaggedM is known by an explicit surface tag of the map or by the device's own word, and InferredM from other signs.
	// Together they are what is not unknown.
	TaggedM, InferredM float64
	// HardShare is the hard part of the known metres, and HardLow and HardHigh its 80 % interval. NaN for a treadmill and
	// where more than 40 % are unknown.
	HardShare, HardLow, HardHigh float64
	// KnownLow and KnownHigh are the same interval for the known metres alone, whatever the unknown ones may be. NaN without
	// known metres outdoors, and where only the device tells them.
	KnownLow, KnownHigh float64
	// Mapped is true when a map told some of the ground.
	Mapped bool
	// From is where most of it comes from.
	From Source
	// Level says how far to trust it.
	Level Level
	// ProbableTrack is true when laps of a 400 m track were found in positions too noisy to be sure, and no mapped track
	// lies there.
	ProbableTrack bool
	// SigmaM is the noise of the positions, east and north each, as the map shows it; NaN without a map.
	SigmaM float64
	// Stretches follow each other from the start of the run to its end.
	Stretches []Stretch
}

// Source is a kind of evidence about ground.
type Source string

// The sources, in the order in which they decide.
const (
	FromDevice  Source = "device"
	FromLaps    Source = "laps"
	FromMap     Source = "map"
	FromNothing Source = "nothing"
)

// Level is how far a result can be trusted.
type Level string

// The levels: high is 70 % or more tagged and less than 10 % unknown, medium 70 % or more known. What rests on the
// device's word for a track or on laps that are only probable is low.
const (
	High   Level = "high"
	Middle Level = "medium"
	Low    Level = "low"
)

// Stretch is a part of a run on one kind of ground.
type Stretch struct {
	// FromM and ToM are metres since the start.
	FromM, ToM float64
	// Ground is the class; the group with "unclear" where no class is likely enough; "treadmill"; or "unknown".
	Ground string
	// Basis is how it is known.
	Basis Basis
}

// Basis is how the ground of a stretch is known.
type Basis string

// The bases.
const (
	Tagged   Basis = "tagged"
	Inferred Basis = "inferred"
	Unknown  Basis = "unknown"
)

// Thresholds of honest reporting: ground is unknown when it is on the map with less than knownP, and below groupP for every
// group; below clearP for every class, only its group is told; above maxUnknown of a run, no hard share is. Somebody who
// knows nothing gives each group a third. What lies between that and a half is no ignorance: metres are expectations, and
// the interval knows the odds.
const (
	knownP     = 0.5
	groupP     = 0.45
	clearP     = 0.6
	maxUnknown = 0.4
	levelShare = 0.7
)

// The interval leaves out tailP on either side, and is shareSlack wider for what no map can tell. Above wideUnknown of a
// run it holds all that the unknown metres may be. The distribution of the share is kept in shareBins.
const (
	tailP       = 0.1
	shareSlack  = 0.005
	wideUnknown = 0.1
	shareBins   = 200
)

// shortStretchM is the length of a flicker: a stretch below it between two of one kind joins them, and at an end of the
// run its neighbour. Metres do not change.
const shortStretchM = 30

// unknownCode stands for metres of unknown ground; no code of a map is negative.
const unknownCode = -3

// verdict is what a piece of a run turned out to be.
type verdict struct {
	// mix sums to 1.
	mix Mix
	// hard is the probability of hard ground when the map's own errors count too.
	hard float32
	// tagged is how likely the ground is known by an explicit tag.
	tagged float32
	known  bool
	// code and way name pieces whose errors go together.
	code, way int32
}

// tally adds up the pieces of a run.
type tally struct {
	res Result
	atM float64
	// coins are what may be wrong together: a stretch of one code, and whatever else is run on its ways. now is the one
	// that grows, and code and way are those of the piece before.
	coins     []coin
	coinOf    map[int32]int
	now       int
	code, way int32
}

func newTally() *tally {
	nan := math.NaN()
	return &tally{code: unknownCode, coinOf: map[int32]int{}, now: -1, res: Result{HardShare: nan, HardLow: nan, HardHigh: nan, KnownLow: nan, KnownHigh: nan, SigmaM: nan, From: FromNothing, Level: Low}}
}

// add counts metres of a verdict.
func (t *tally) add(v *verdict, lenM float64) {
	if !(lenM > 0) {
		return
	}
	if !v.known {
		t.unknown(lenM)
		return
	}
	for c := range Class(Classes) {
		t.res.ClassM[c] += lenM * float64(v.mix[c])
		t.res.GroupM[c.Group()] += lenM * float64(v.mix[c])
	}
	t.res.TaggedM += lenM * float64(v.tagged)
	t.res.InferredM += lenM * float64(1-v.tagged)
	t.choose(v.code, v.way)
	t.coins[t.now].lenM += lenM
	t.coins[t.now].hardM += lenM * float64(v.hard)
	basis := Inferred
	if v.tagged >= knownP {
		basis = Tagged
	}
	t.stretch(groundName(&v.mix), basis, lenM)
}

// unknown counts metres of which nothing is known.
func (t *tally) unknown(lenM float64) {
	if !(lenM > 0) {
		return
	}
	if t.now < 0 || t.code != unknownCode {
		t.now, t.code = len(t.coins), unknownCode
		t.coins = append(t.coins, coin{})
	}
	t.coins[t.now].lenM += lenM
	t.coins[t.now].hardM = math.NaN()
	t.res.UnknownM += lenM
	t.stretch("unknown", Unknown, lenM)
}

// treadmill counts metres on a treadmill.
func (t *tally) treadmill(lenM float64, basis Basis) {
	if !(lenM > 0) {
		return
	}
	t.res.TreadmillM += lenM
	if basis == Tagged {
		t.res.TaggedM += lenM
	} else {
		t.res.InferredM += lenM
	}
	t.stretch("treadmill", basis, lenM)
}

// groundName is the class, or the group where no class is clear.
func groundName(mix *Mix) string {
	best, p := mix.Best()
	if p >= clearP {
		return best.String()
	}
	group := Hard
	for g := range Group(Groups) {
		if mix.Group(g) > mix.Group(group) {
			group = g
		}
	}
	return group.String() + ", unclear"
}

// choose finds the coin of a piece: that of its way, if it was run before, or else that of the piece before it if both have
// one code.
func (t *tally) choose(code, way int32) {
	if t.now >= 0 && code == t.code && way == t.way {
		return
	}
	at, ok := t.coinOf[way]
	switch {
	case ok:
	case t.now >= 0 && code == t.code:
		at = t.now
	default:
		at = len(t.coins)
		t.coins = append(t.coins, coin{})
	}
	t.coinOf[way] = at
	t.now, t.code, t.way = at, code, way
}

// coin is metres that are hard ground all together, with probability hardM ÷ lenM, or not at all. Of unknown metres hardM is
// NaN.
type coin struct{ lenM, hardM float64 }

// interval is the hard share that all coins give together: with probability tailP it is below low, and above high. Unknown
// ground is taken to be hard as often as known ground.
func interval(coins []coin, totalM, share float64) (low, high float64) {
	var now, next [shareBins + 2]float64
	now[0] = 1
	top := 0
	for _, c := range coins {
		p := c.hardM / c.lenM
		if math.IsNaN(p) {
			p = share
		}
		by := c.lenM / totalM * shareBins
		whole := int(by)
		part := by - float64(whole)
		clear(next[:])
		for i := 0; i <= top; i++ {
			next[i] += now[i] * (1 - p)
			next[min(i+whole, shareBins)] += now[i] * p * (1 - part)
			next[min(i+whole+1, shareBins)] += now[i] * p * part
		}
		top = min(top+whole+1, shareBins)
		now = next
	}
	sum := 0.0
	for i, p := range now {
		if sum <= tailP {
			low = float64(i) / shareBins
		}
		sum += p
		if sum < 1-tailP {
			high = float64(i+1) / shareBins
		}
	}
	return low, high
}

// stretch lengthens the list.
func (t *tally) stretch(ground string, basis Basis, lenM float64) {
	list := t.res.Stretches
	from := t.atM
	t.atM += lenM
	if n := len(list); n > 0 && list[n-1].Ground == ground && list[n-1].Basis == basis {
		list[n-1].ToM = t.atM
		return
	}
	if n := len(list); n > 1 && list[n-1].ToM-list[n-1].FromM < shortStretchM && list[n-2].Ground == ground && list[n-2].Basis == basis {
		list[n-2].ToM = t.atM
		t.res.Stretches = list[:n-1]
		return
	}
	if len(list) == 1 && list[0].ToM < shortStretchM {
		list, from = list[:0], 0 // nor does a run begin with one
	}
	t.res.Stretches = append(list, Stretch{FromM: from, ToM: t.atM, Ground: ground, Basis: basis})
}

// finish computes the shares.
func (t *tally) finish() Result {
	r := &t.res
	if n := len(r.Stretches); n > 1 && r.Stretches[n-1].ToM-r.Stretches[n-1].FromM < shortStretchM {
		r.Stretches[n-2].ToM = r.Stretches[n-1].ToM
		r.Stretches = r.Stretches[:n-1]
	}
	outdoor := r.GroupM[Hard] + r.GroupM[Medium] + r.GroupM[Soft]
	total := outdoor + r.UnknownM + r.TreadmillM
	share := r.GroupM[Hard] / outdoor
	if outdoor > 0 {
		known := slices.DeleteFunc(slices.Clone(t.coins), func(c coin) bool { return math.IsNaN(c.hardM) })
		low, high := interval(known, outdoor, share)
		r.KnownLow, r.KnownHigh = max(0, min(low, share)-shareSlack), min(max(high, share)+shareSlack, 1)
	}
	if outdoor > 0 && r.UnknownM <= maxUnknown*total {
		low, high := interval(t.coins, outdoor+r.UnknownM, share)
		low, high = min(low, share)-shareSlack, max(high, share)+shareSlack
		if r.UnknownM > wideUnknown*total {
			ground := outdoor + r.UnknownM
			low, high = min(low, r.GroupM[Hard]/ground), max(high, (r.GroupM[Hard]+r.UnknownM)/ground)
		}
		r.HardShare, r.HardLow, r.HardHigh = share, max(0, low), min(high, 1)
	}
	switch {
	case total <= 0:
	case r.TaggedM >= levelShare*total && r.UnknownM < wideUnknown*total:
		r.Level = High
	case r.TaggedM+r.InferredM >= levelShare*total:
		r.Level = Middle
	}
	return *r
}
