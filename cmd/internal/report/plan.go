package report

import (
	"fmt"
	"strings"
	"time"

	"kneecheck/analyze"
	"kneecheck/analyze/planfile"
	"kneecheck/ingest/civil"
)

// planFooter says what a plan is judged by.
const planFooter = "A plan is judged by the rules on distance, days and weeks. Of cadence, hills, ground and shoes it says nothing, and those rules are left out."

// planned are the wire runs of a plan, nil without one.
func planned(p *planfile.Plan) []Planned {
	if p == nil {
		return nil
	}
	out := make([]Planned, 0, len(p.Runs))
	for i := range p.Runs {
		r := &p.Runs[i]
		w := Planned{
			ID: r.ID, File: p.File, Date: r.Date, DistanceM: number(r.DistM, 1), DurationS: optional(r.DurationS, 1),
			Kind: phrase(r.Kind), Note: phrase(r.Note),
		}
		if r.Line > 0 {
			line := r.Line
			w.Line = &line
		}
		out = append(out, w)
	}
	return out
}

// plannedWeeks says how far the weeks of a plan go, those of its first days with what is run of them: "15 Jun 34.0 km in 4
// runs, longest 12.0; 22 Jun ...". It is empty without a plan.
func (r *Report) plannedWeeks() string {
	planned := r.Doc.Planned
	if len(planned) == 0 {
		return ""
	}
	var weekStart time.Weekday
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), r.Doc.WeekStart) {
			weekStart = d
		}
	}
	u := r.Screen.Units
	var parts []string
	for i := 0; i < len(planned); {
		start := planned[i].Date.WeekStart(weekStart)
		doneM := r.doneM(start)
		sumM, longestM, n := doneM, 0.0, 0
		for ; i < len(planned) && planned[i].Date < start+7; i++ {
			sumM += planned[i].DistanceM
			longestM = max(longestM, planned[i].DistanceM)
			n++
		}
		part := "week of " + start.Time().Format("2 Jan") + ": " + u.Dist(sumM)
		if doneM > 0 {
			part += " with the " + u.Dist(doneM) + " that are run"
		}
		parts = append(parts, part+" in "+count(n, "planned run")+", longest "+u.Dist(longestM))
	}
	return strings.Join(parts, "; ") + "."
}

// chartedBefore is how many weeks before a plan its charts show.
const chartedBefore = 12

// withPlan is the report for charts of what is run and planned.
func (r *Report) withPlan() *Report {
	with := *r
	with.log = r.judged
	with.Screen.Weeks = make([]ScreenWeek, len(r.judged.Weeks))
	with.Screen.Shown = min(len(r.judged.Weeks), len(r.judged.Weeks)-len(r.log.Weeks)+chartedBefore)
	return &with
}

// plannedTitle says what the weeks of a plan come to at most.
func (r *Report) plannedTitle(weeks []analyze.Week, flagged int) string {
	most := -1
	for i := range weeks {
		if weeks[i].End() > r.Doc.AsOf && (most < 0 || weeks[i].DistM > weeks[most].DistM) {
			most = i
		}
	}
	s := "Weekly distance with the plan"
	if most >= 0 {
		s += ": at most " + r.Screen.Units.Dist(weeks[most].DistM) + ", in the week of " + weeks[most].Start.Time().Format("2 Jan")
	}
	if flagged == 0 {
		return s + "; none of its weeks flagged"
	}
	return s + fmt.Sprintf("; %d of its weeks flagged", flagged)
}

// plannedRows are the runs of a plan for a page.
func (r *Report) plannedRows() [][]string {
	var rows [][]string
	for i := range r.Doc.Planned {
		p := &r.Doc.Planned[i]
		rows = append(rows, []string{dayOf(p.Date), r.Screen.Units.Number(p.DistanceM), words(p.Kind), words(p.Note)})
	}
	return rows
}

// words is a text that may be missing.
func words(s *string) string {
	if s == nil {
		return ""
	}
	return clean(*s)
}

// doneM is what is run of a calendar week.
func (r *Report) doneM(start civil.Date) float64 {
	for i := range r.Doc.Weeks {
		if w := &r.Doc.Weeks[i]; w.Start == start {
			return w.DistanceM
		}
	}
	return 0
}
