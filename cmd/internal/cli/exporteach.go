package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"kneecheck/cmd/internal/report"
)

// exportEach writes the rows of many athletes into one table, one athlete after the other, so that no more than one log is in
// memory. One who cannot be read has no rows, and makes the export incomplete.
func (o *exportOptions) exportEach(ctx context.Context) error {
	e, list, err := newEach(ctx, o.env, o.global, eachJob{
		flags: o.each, read: o.read, paths: o.paths,
		view: func(r *reading) (view, error) { asOf, _, err := o.days(r); return view{asOf: asOf}, err },
	})
	if err != nil {
		return err
	}
	all := make([]one, len(list))
	bar := newProgress(o.env)
	err = streamTo(o.env, o.file, func(w io.Writer) error {
		table, err := o.open(w)
		if err != nil {
			return err
		}
		for i := range list {
			if now := o.env.Now(); bar != nil && bar.due(now) {
				bar.show(fmt.Sprintf("exported %s of %s", thousands(i), plural(len(list), "athlete")))
			}
			if all[i], err = o.exportOne(ctx, e, &list[i], table); err != nil {
				return err
			}
		}
		return table.close()
	})
	bar.clear()
	e.remember()
	if err != nil {
		return err
	}
	e.sayAll(all, o.each.pseudonym)
	out := outcome{}
	for i := range all {
		out.noRun = out.noRun || all[i].Why != ""
	}
	return out.err()
}

// exportOne adds the rows of one athlete to a table. The error is one that ends the export: of the table, not of the athlete.
func (o *exportOptions) exportOne(ctx context.Context, e *each, a *athlete, t *table) (one, error) {
	var said bytes.Buffer
	r := e.reading(a, &said)
	why, err := "", e.fill(ctx, r)
	if err == nil {
		why, err = o.addOne(ctx, r, t)
	}
	if stop := errors.Join(ctx.Err(), t.broken); stop != nil {
		return one{}, stop
	}
	if err != nil {
		why = r.reason(err)
	}
	result := one{Athlete: report.Athlete{Doc: report.Document{Athlete: r.shownAthlete()}, Why: why}, said: said.String()}
	if r.receipt != nil {
		result.files, result.problems = r.receipt.Files, len(realProblems(r.receipt.Problems))
	}
	return result, nil
}

// addOne adds the rows of an athlete who is read, or says why there is no run.
func (o *exportOptions) addOne(ctx context.Context, r *reading, t *table) (why string, err error) {
	asOf, since, err := o.days(r)
	if err != nil {
		return "", err
	}
	if why := r.whyNone(asOf); why != "" {
		return why, nil
	}
	return "", t.add(ctx, r, asOf, since)
}
