package rules

import (
	"math"

	"kneecheck/analyze"
)

const (
	// painDays is how long an entry in the pain journal keeps its say over advice.
	painDays = 28
	// moreSteps is the rise of cadence that is suggested: the smaller of the steps studied in the laboratory (Heiderscheit
	// 2011), of one's own cadence and never an absolute number.
	moreSteps = 1.05
	// cadenceHintS is the least time on level ground that a suggestion rests on, as in rule KC201.
	cadenceHintS = 20 * 60
)

// CadenceHint is a step rate to try, with the runner's own at the same speed.
type CadenceHint struct {
	// OwnSPM and SuggestedSPM are whole steps a minute.
	OwnSPM, SuggestedSPM float64
	// SpeedMPS is the middle of the 0.2 m/s in which most was run.
	SpeedMPS float64
	// Why names the reason: a rule that fired, or pain.
	Why string
}

// Cadence suggests 5 % more steps than the runner's own at the speed run most on level ground in the last 28 days. It is nil
// unless low-cadence or cadence-drop fired or knee pain is logged in that time, when too little of the cadence is
// known, when it is above what is usual at that pace already, and while a red flag is up.
func Cadence(log *analyze.Log, set Settings, u analyze.Units) *CadenceHint {
	if len(log.Runs) == 0 || Stop(log, set, u) != "" {
		return nil
	}
	from := log.AsOf - cadenceDays + 1
	why := ""
	if log.KneeHurt(log.AsOf-painDays+1, log.AsOf) {
		why = "knee pain is logged"
	}
	var on []*Rule
	for _, r := range []*Rule{lowCadence, cadenceDrop} {
		if set.Enabled(r) {
			on = append(on, r)
		}
	}
	if fs := runSince(log, set, u, on, judgeOrSay, log.AsOf).Findings; why == "" && len(fs) > 0 {
		why = fs[0].Rule.Name + " fired"
	}
	if why == "" {
		return nil
	}
	hist := (&Pass{Log: log}).levelHist(from, log.AsOf, anywhere)
	if hist.Seconds() < cadenceHintS {
		return nil
	}
	var most analyze.SpeedCadence
	for _, s := range hist.BySpeed() {
		if s.Seconds > most.Seconds {
			most = s
		}
	}
	own := math.Round(most.MeanSPM)
	if expected := analyze.ExpectedCadence(most.SpeedMPS(), log.HeightCM); own > expected+analyze.ExpectedSDSPM {
		return nil // already quicker than most at that pace: nothing speaks for still more
	}
	return &CadenceHint{OwnSPM: own, SuggestedSPM: math.Round(moreSteps * own), SpeedMPS: most.SpeedMPS(), Why: why}
}
