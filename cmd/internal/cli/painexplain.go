package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
)

type painExplainOptions struct {
	env    *Env
	global *globals
	place  analyze.PainPlace
	path   string
}

func newPainExplainCmd(env *Env, g *globals) *cobra.Command {
	o := &painExplainOptions{env: env, global: g}
	places := spellings(analyze.PainPlaces())
	cmd := &cobra.Command{
		Use:   "explain [PLACE] [PATH]",
		Short: "tell what knee pain in a place is commonly linked with, what helps, and when to see somebody",
		Long: `Explain gives hints, never a diagnosis: what pain in a place of the knee is commonly linked with, what usually helps, and
when to see a professional, each with its source and how good the evidence is. PLACE is ` + orList(places) + `;
without it, the places of the journal's entries are explained.

` + journalHelp,
		Example: "  kneecheck pain explain outer\n  kneecheck pain explain runs/",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return fmt.Errorf("pain explain takes a PLACE and a PATH, not %q too", args[2])
			}
			return nil
		},
		ValidArgs: places,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.take(args); err != nil {
				return err
			}
			return runPainExplain(o)
		},
	}
	return cmd
}

// take tells the place and the path apart.
func (o *painExplainOptions) take(args []string) error {
	if len(args) > 0 {
		place, err := painlog.Word("place", args[0], analyze.PainPlaces())
		if err == nil && place != "" {
			o.place, args = place, args[1:]
		} else if _, gone := os.Stat(args[0]); gone != nil || len(args) > 1 {
			return err
		}
	}
	o.path = first(args)
	return nil
}

func runPainExplain(o *painExplainOptions) error {
	journal, err := findJournal(o.env, o.global, o.path)
	if err != nil {
		return err
	}
	entries, err := readJournal(journal.file, o.path != "" && o.place == "", journal.today)
	if err != nil {
		return err
	}
	e := painExplanation{width: o.env.width()}
	flag, flagged := flagsInForce(entries, journal.today)
	if flagged {
		redFlag(&e.b, flag.Message+". "+flag.Advice, e.width)
	}
	logged := placesOf(entries)
	switch {
	case o.place != "":
		e.places([]analyze.PainPlace{o.place})
	case len(logged) > 0:
		e.line(fmt.Sprintf("The places of %s, the latest first. Hints, not a diagnosis.", journal.file))
		e.b.WriteByte('\n')
		e.places(logged)
	default:
		e.places(analyze.PainPlaces())
	}
	e.sides(entries)
	e.rest(flagged)
	_, err = io.WriteString(o.env.Out, printableLines(e.b.String()))
	return err
}

// placesOf are the places of entries that hurt, the latest first.
func placesOf(entries []analyze.Pain) []analyze.PainPlace {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b analyze.Pain) int { return int(b.Date) - int(a.Date) })
	var out []analyze.PainPlace
	for i := range sorted {
		if e := &sorted[i]; e.Place != "" && e.Hurts() && !slices.Contains(out, e.Place) {
			out = append(out, e.Place)
		}
	}
	return out
}

// painExplanation collects the text.
type painExplanation struct {
	b     strings.Builder
	width int
}

func (e *painExplanation) line(text string) { fmt.Fprintln(&e.b, wrap(text, 0, e.width)) }

// item writes a text under a head, with its further lines indented.
func (e *painExplanation) item(text string) {
	fmt.Fprintf(&e.b, "  - %s\n", wrap(text, 4, e.width))
}

func (e *painExplanation) places(list []analyze.PainPlace) {
	for _, place := range list {
		h := kneeHints[slices.IndexFunc(kneeHints, func(h placeHints) bool { return h.place == place })]
		e.line(h.title + ": commonly linked (hints, not a diagnosis)")
		for _, s := range h.hints {
			e.item(s.structure + ": " + s.feels + " Source: " + s.source + ".")
		}
		if h.care != "" {
			e.item(h.care)
		}
		e.line("Evidence: convention. Where it hurts is clinical teaching; several of these feel alike, and only an examination tells them apart.")
		e.b.WriteByte('\n')
	}
}

// sides tells one knee from two, that of the journal first.
func (e *painExplanation) sides(entries []analyze.Pain) {
	left, right := 0, 0
	for i := range entries {
		if !entries[i].Hurts() || entries[i].Side == "" {
			continue
		}
		for _, knee := range entries[i].Side.Knees() {
			if knee == analyze.LeftKnee {
				left++
			} else {
				right++
			}
		}
	}
	e.line("One knee or both")
	switch {
	case left > 0 && right > 0:
		e.item(fmt.Sprintf("Your journal: both (left in %s, right in %s). %s", plural(left, "entry"), plural(right, "entry"), twoKnees))
	case left+right > 0:
		side := analyze.LeftKnee
		if right > 0 {
			side = analyze.RightKnee
		}
		e.item(fmt.Sprintf("Your journal: the %s alone, in %s. %s", side.Words(), plural(left+right, "entry"), oneKnee))
	default:
		e.item(oneKnee)
		e.item(twoKnees)
	}
	e.item(sidesGrade)
	e.b.WriteByte('\n')
}

// rest is what holds for every place. While a red flag is in force there are no tips.
func (e *painExplanation) rest(flagged bool) {
	if flagged {
		e.line("What usually helps is held back while a red flag is in force.")
	} else {
		e.helps()
	}
	e.b.WriteByte('\n')
	e.line("When to see somebody")
	e.item(seeSomebody)
	e.b.WriteByte('\n')
	e.line("Training feedback, not medical advice: pain overrules every green line.")
}

// helps is what is commonly blamed, and what usually helps.
func (e *painExplanation) helps() {
	e.line("What is commonly blamed")
	for _, t := range triggers {
		e.item(t.text + " Evidence: " + t.grade + ".")
	}
	e.b.WriteByte('\n')
	e.line("What usually helps")
	for _, s := range selfCare {
		e.item(s)
	}
	e.item(careSource)
}
