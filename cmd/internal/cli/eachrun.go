package cli

import (
	"context"

	"kneecheck/cmd/internal/report"
	"kneecheck/ingest/civil"
	"kneecheck/rules"
)

// today is the day by the clock in the home zone of a configuration.
func today(env *Env, c config) civil.Date {
	now := env.Now()
	if c.homeZone != nil {
		now = now.In(c.homeZone)
	}
	return civil.Of(now)
}

// eachJob is what a command wants of every athlete.
type eachJob struct {
	flags  eachFlags
	read   readFlags
	paths  []string
	failOn rules.Severity
	// mail is the frame of a report that is a mail.
	mail report.Mail
	// weekly is true for the report of a week, news where only news are wanted.
	weekly, news bool
	// silent leaves everything but documents away where no athlete has a finding of at least least.
	silent bool
	least  rules.Severity
	view   func(r *reading) (view, error)
}

// runEach judges every athlete of a command line.
func runEach(ctx context.Context, env *Env, g *globals, pairs []output, j eachJob) error {
	e, list, err := newEach(ctx, env, g, j)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		e.json = e.json || p.format == formatJSON
	}
	all, err := e.athletes(ctx, list)
	if err != nil {
		return err
	}
	return e.tell(pairs, all, j.flags.pseudonym)
}

// newEach finds the athletes of a command line. What is wrong with the command itself is found before anything is read.
func newEach(ctx context.Context, env *Env, g *globals, j eachJob) (*each, []athlete, error) {
	shared, err := g.sharedSettings(env)
	if err != nil {
		return nil, nil, err
	}
	if _, err := j.view(&reading{env: env, config: shared, today: today(env, shared)}); err != nil {
		return nil, nil, err
	}
	list, err := athletesOf(ctx, env, j.paths)
	if err != nil {
		return nil, nil, err
	}
	if j.news {
		if _, err := stateFolder(env); err != nil {
			return nil, nil, err
		}
	}
	if j.flags.pseudonym {
		names := make([]string, len(list))
		for i := range list {
			names[i] = list[i].name
		}
		for i, p := range pseudonymsOf(names, env.Getenv(saltVar)) {
			list[i].pseudonym = p
		}
	}
	return &each{
		env: env, global: g, read: j.read, shared: shared, memo: g.memo(env, env.Now()).Open(),
		view: j.view, failOn: j.failOn, mail: j.mail, weekly: j.weekly, news: j.news, silent: j.silent, least: j.least,
	}, list, nil
}
