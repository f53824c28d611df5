package report

import (
	"fmt"
	"math"

	"kneecheck/analyze"
)

// kneeLoads fills in the knee load of the runs and weeks of a whole document.
func (r *Report) kneeLoads(d *Document) {
	knee := r.log.KneeKM(0, len(r.log.Runs))
	for i := range d.Runs {
		d.Runs[i].KneeKM = optional(knee[i], 2)
	}
	for i := range d.Weeks {
		w := &r.log.Weeks[i]
		runs := r.log.Runs[w.First : w.First+w.Runs]
		d.Weeks[i].KneeKM = optional(analyze.SumKneeKM(runs, knee[w.First:w.First+w.Runs]), 2)
	}
}

const (
	// kneeTold is how far the knee load of a week must be from its plain distance to say more than that: a choice of this
	// program, about what separates a week of slow running from a usual one.
	kneeTold = 0.05
	// kneeCaveat says what the number is, where there is room.
	kneeCaveat = "Experimental and relative to your own pace and cadence: no force, and no advice to run hard."
)

// kneeWeek tells the knee load of a week and the run that moved it most, if there is more than one; empty where it is not known
// or says no more than the distance.
func kneeWeek(r *Report, w *Week) string {
	k, ok := r.kneeLoad(w)
	if !ok || k.usual() {
		return ""
	}
	if w.Runs == 1 {
		return k.text + ": " + k.why + ". " + kneeCaveat
	}
	return k.text + "; most moved by " + k.most + ", " + k.why + ". " + kneeCaveat
}

// kneeLine tells the knee load of the last complete week on the screen of the whole picture, where it is not about what
// the plain distance says already.
func kneeLine(r *Report) string {
	for i := len(r.Doc.Weeks) - 1; i >= len(r.Doc.Weeks)-r.Screen.Shown && i >= 0; i-- {
		w := &r.Doc.Weeks[i]
		if !w.Complete {
			continue
		}
		k, ok := r.kneeLoad(w)
		if !ok || k.usual() {
			return ""
		}
		return "Knee load (experimental, relative, no force), week of " + w.Start.Time().Format("2 Jan") + ": " + k.text + "; most moved by " + k.most + "."
	}
	return ""
}

// kneeLoad is the knee load of a week in words.
type kneeLoad struct {
	// text is the knee load beside the distance, most the run that moved it most, empty when none did, and why the reason.
	text, most, why string
	// ratio is the knee load over the distance.
	ratio float64
}

// usual tells whether the knee load says no more than the distance.
func (k *kneeLoad) usual() bool { return k.most == "" || math.Abs(k.ratio-1) < kneeTold }

// kneeLoad works out a week's knee load; false where it is not known or nothing was run.
func (r *Report) kneeLoad(w *Week) (kneeLoad, bool) {
	first, end := r.log.RunRange(w.Start, w.End)
	knee := r.log.KneeKM(first, end)
	runs := r.log.Runs[first:end]
	sum := analyze.SumKneeKM(runs, knee)
	if math.IsNaN(sum) || !(w.DistanceM > 0) {
		return kneeLoad{}, false
	}
	u := r.Screen.Units
	k := kneeLoad{text: kneeDist(u, 1000*sum) + " over " + u.Dist(w.DistanceM), ratio: 1000 * sum / w.DistanceM}
	moved := 0.0
	for i := range runs {
		by := math.Abs(1000*knee[i] - runs[i].DistM)
		if !(by > moved) || u.Round(by) == 0 {
			continue
		}
		moved = by
		k.most = fmt.Sprintf("%s (%s count as %s)", dayOf(runs[i].Date), u.Dist(runs[i].DistM), u.Number(1000*knee[i]))
		k.why = "faster or with more steps than usual"
		if 1000*knee[i] > runs[i].DistM {
			k.why = "slower or with fewer steps than usual"
		}
	}
	return k, true
}

// kneeDist writes a knee load given in metres, such as "22.4 knee-km".
func kneeDist(u analyze.Units, m float64) string { return u.Number(m) + " knee-" + string(u) }
