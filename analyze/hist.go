package analyze

// SpeedBinMPS is the width of the speed bins of a Hist, in metres a second (DESIGN: own curve per 0.2 m/s).
const SpeedBinMPS = 0.2

// Hist counts seconds by speed and cadence, sorted by speed and then cadence, without empty cells.
type Hist []HistCell

// HistCell is the time spent at one speed and cadence.
type HistCell struct {
	// Bin is the speed bin: it begins at Bin × SpeedBinMPS.
	Bin uint8
	// SPM is the cadence in steps a minute, rounded.
	SPM     uint8
	Seconds float32
}
