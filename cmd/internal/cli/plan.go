package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/planfile"
	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

const planHelp = `With --plan it judges a plan of coming runs instead, as if they were run, by the rules that need no more than days and
distances. The plan is a CSV file whose first line names the columns date, km (or mi) and kind, and perhaps duration and
note; kinds are run, easy, long, tempo, intervals, race and so on, and rest, bike, strength and the like for what is no run.
Or it is a calendar in iCalendar form, where an event such as "Long run 18 km" is a run.`

// checkPlan judges a plan on top of the log.
func (r *reading) checkPlan(pairs []output, o *checkOptions, asOf civil.Date) error {
	data, err := readPlan(o.plan)
	if err != nil {
		return fmt.Errorf("--plan %s: %w", o.plan, plainPathError(err))
	}
	plan, err := planfile.Read(o.plan, data, planfile.Options{
		AsOf: asOf, Zone: r.config.homeZone,
		DoneToday: slices.ContainsFunc(r.runs, func(run analyze.Run) bool { return run.Date == asOf }),
	})
	if err != nil {
		return err
	}
	r.tellPlan(plan, asOf)
	from, to := plan.Runs[0].Date, plan.Runs[len(plan.Runs)-1].Date
	return r.present(pairs, view{
		asOf: asOf, from: from, to: to, weeks: defaultWeeks, failOn: rules.Severity(o.failOn), exits: true,
		text: report.CheckText, markdown: report.Markdown, html: report.HTML, plan: plan,
	})
}

// readPlan reads no more of a file than a plan can have.
func readPlan(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, planfile.MaxBytes+1))
}

// maxNamed is how many events without a distance are named.
const maxNamed = 3

// tellPlan says on standard error what of a plan is not judged.
func (r *reading) tellPlan(p *planfile.Plan, asOf civil.Date) {
	if p.Past > 0 {
		fmt.Fprintf(r.env.Err, "kneecheck: %s: %s up to %v not judged: the past is in the log\n", p.File, plural(p.Past, "planned run"), asOf)
	}
	if n := len(p.Unclear); n > 0 {
		named := strings.Join(p.Unclear[:min(n, maxNamed)], "; ")
		if n > maxNamed {
			named += fmt.Sprintf("; and %d more", n-maxNamed)
		}
		fmt.Fprintf(r.env.Err, "kneecheck: %s: not counted, for want of a distance: %s: %s\n", p.File, plural(n, "event"), printable(named))
	}
}
