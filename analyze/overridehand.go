package analyze

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"kneecheck/ingest"
)

// byHand counts a session of which only the row tells.
func (a *applying) byHand(row *Override, file, why string) {
	if row.Date == nil {
		return // a fault of parsing
	}
	if row.Sport != "" && row.Sport != ingest.Running {
		a.session(row.Sport, *row.Date, file, time.Time{}, orZero(row.MovingS))
		a.did.Added++
		return
	}
	if math.IsNaN(row.DistM) && math.IsNaN(row.MovingS) {
		a.fault(row, "a run that is counted by hand needs a distance or minutes")
		return
	}
	r := a.runByHand(row, file)
	r.note("%s: counted by hand, from %s", why, a.o.where(row))
	if row.Note != "" {
		r.note("%s", row.Note)
	}
	if r.MovingS > 0 {
		if err := implausible(&r); err != nil {
			a.fault(row, "%v", err)
			return
		}
	}
	a.added = append(a.added, r)
	a.did.Added++
}

// runByHand is the run that a row tells of, at noon.
func (a *applying) runByHand(row *Override, file string) Run {
	r := Unmeasured()
	r.ID, r.File, r.Format, r.OffsetFrom = a.idByHand(row), file, ingest.CSV, ingest.OffsetConfig
	r.Date, r.Start = *row.Date, row.Date.Time().Add(12*time.Hour)
	r.Kind, r.DistM, r.Shoe, r.Race = cmp.Or(row.Kind, ingest.Unspecified), orZero(row.DistM), row.Shoe, row.Race != nil && *row.Race
	r.MovingS, r.ElapsedS = orZero(row.MovingS), orZero(row.MovingS)
	r.Surface = deviceSurface(r.Kind, r.DistM, &ingest.Samples{})
	if row.Surface != "" {
		r.setSurface(row.Surface)
	}
	return r
}

// idByHand is made of the day, the distance and how many of both come before, not of the line, which changes when another
// row comes before.
func (a *applying) idByHand(row *Override) string {
	same := 0
	for i := range a.added {
		if a.added[i].Date == *row.Date && a.added[i].DistM == orZero(row.DistM) {
			same++
		}
	}
	id := sha256.Sum256(fmt.Appendf(nil, "by hand\x00%v\x00%v\x00%d", *row.Date, orZero(row.DistM), same))
	return hex.EncodeToString(id[:8])
}

// place moves the start of a run that was counted by hand behind the runs of its day, so that it is not taken for a copy of
// one, and notes a run of the day that it may be.
func place(r Run, others []Run) Run {
	for moved := true; moved; {
		moved = false
		for i := range others {
			if t := &others[i]; startS(&r) < endS(t) && startS(t) < endS(&r) {
				r.Start, moved = time.Unix(int64(endS(t))+1, 0).UTC(), true
			}
		}
	}
	for i := range others {
		t := &others[i]
		if t.Date == r.Date && r.DistM > 0 && math.Abs(t.DistM-r.DistM) <= copyDistance*max(t.DistM, r.DistM) {
			r.note("about as long as %s of the same day: if they are one run, remove the row", t.File)
		}
	}
	return r
}
