package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
	"kneecheck/ingest/civil"
)

// errUnanswered is the end of the answers before the end of the questions.
var errUnanswered = errors.New("nothing was written: the questions were not answered to the end")

// asker asks questions on standard error and reads the answers from a terminal.
type asker struct {
	env   *Env
	lines chan string
}

// newAsker reads lines in the background, so that an interruption need not wait for one.
func newAsker(ctx context.Context, env *Env) *asker {
	a := &asker{env: env, lines: make(chan string)}
	go func() {
		defer close(a.lines)
		for in := bufio.NewScanner(env.In); in.Scan(); {
			select {
			case a.lines <- strings.TrimSpace(in.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return a
}

// ask asks until take accepts the answer.
func (a *asker) ask(ctx context.Context, question string, take func(string) error) error {
	for {
		fmt.Fprintf(a.env.Err, "%s: ", question)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line, ok := <-a.lines:
			if !ok {
				fmt.Fprintln(a.env.Err)
				return errUnanswered
			}
			err := take(line)
			if err == nil {
				return nil
			}
			fmt.Fprintf(a.env.Err, "  %s\n", printable(err.Error()))
		}
	}
}

// ask makes an entry of the answers to one question after the other. Enter leaves one unanswered, and the day as given.
func ask(ctx context.Context, env *Env, day string, today civil.Date) (analyze.Pain, error) {
	if _, err := painDay(day, today); err != nil {
		return analyze.Pain{}, fmt.Errorf("--date: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	a, e := newAsker(ctx, env), analyze.Pain{During: -1}
	fmt.Fprintln(env.Err, "How is the knee? Enter leaves a question unanswered; the beginning of a word is enough.")
	for _, q := range []struct {
		text string
		take func(string) error
	}{
		{"Day (today, yesterday or a date; Enter: " + day + ")", func(s string) (err error) {
			if s == "" {
				s = day
			}
			e.Date, err = painDay(complete(s, []string{"today", "yesterday"}), today)
			return err
		}},
		{"Which knee (" + orList(spellings(analyze.PainSides())) + ")", answer(&e.Side, "side", analyze.PainSides())},
		{"Where (" + orList(spellings(analyze.PainPlaces())) + ")", answer(&e.Place, "place", analyze.PainPlaces())},
		{"Pain while running (0 none to 10 the worst imaginable)", func(s string) (err error) {
			e.During, err = painlog.Score(s)
			return err
		}},
		{"Gone after (" + orList(spellings(analyze.PainSettledTimes())) + ")", answer(&e.Settled, "settled", analyze.PainSettledTimes())},
		{"Next morning (" + orList(spellings(analyze.PainMornings())) + ")", answer(&e.NextMorning, "next-morning", analyze.PainMornings())},
		{"Signs (" + strings.Join(spellings(analyze.PainSigns()), ", ") + ", or none; several with commas)", func(s string) (err error) {
			e.Signs, e.NoSigns, err = painlog.Signs(completeList(s), ",")
			return err
		}},
		{"A note", func(s string) error {
			e.Note = s
			return nil
		}},
	} {
		if err := a.ask(ctx, q.text, q.take); err != nil {
			return e, err
		}
	}
	if err := painlog.Check(&e); err != nil {
		return e, errors.New("nothing was written: no question about the knee was answered")
	}
	return e, nil
}

// answer takes one word of a few.
func answer[T ~string](to *T, what string, words []T) func(string) error {
	return func(s string) (err error) {
		*to, err = painlog.Word(what, complete(s, spellings(words)), words)
		return err
	}
}

// complete is the one word that begins with s, or s itself.
func complete(s string, words []string) string {
	found := s
	for _, w := range words {
		switch {
		case s == "" || !strings.HasPrefix(w, strings.ToLower(s)):
		case strings.EqualFold(w, s), found != s:
			return s
		default:
			found = w
		}
	}
	return found
}

// completeList completes signs between commas.
func completeList(s string) string {
	list := strings.Split(s, ",")
	for i, word := range list {
		list[i] = complete(strings.TrimSpace(word), append(spellings(analyze.PainSigns()), "none"))
	}
	return strings.Join(list, ",")
}
