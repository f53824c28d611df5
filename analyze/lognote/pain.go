package lognote

import (
	"fmt"
	"slices"

	"kneecheck/analyze"
	"kneecheck/analyze/painlog"
	"kneecheck/ingest/civil"
)

// pain reads an entry of the pain journal: its date and words that tell by themselves which column they belong to. Without
// anything it says that a journal is kept.
func (p *parser) pain(args []string) error {
	o := &p.note.Options
	if o.Pain == nil {
		o.Pain = []analyze.Pain{}
	}
	if len(args) == 0 {
		return nil
	}
	e := analyze.Pain{During: -1}
	var err error
	if e.Date, err = civil.Parse(args[0]); err != nil {
		return err
	}
	for rest := args[1:]; len(rest) > 0; rest = rest[1:] {
		word := rest[0]
		switch {
		case word == "settled" && len(rest) > 1 && e.Settled == "":
			e.Settled, err = painlog.Word("settled", rest[1], analyze.PainSettledTimes())
			rest = rest[1:]
		case is(word, analyze.PainSides()) && e.Side == "":
			e.Side = analyze.PainSide(word)
		case is(word, analyze.PainPlaces()) && e.Place == "":
			e.Place = analyze.PainPlace(word)
		case is(word, analyze.PainMornings()) && e.NextMorning == "":
			e.NextMorning = analyze.PainMorning(word)
		case is(word, analyze.PainSigns()) && !e.NoSigns && !slices.Contains(e.Signs, analyze.PainSign(word)):
			e.Signs = append(e.Signs, analyze.PainSign(word))
		case word == "none" && len(e.Signs) == 0 && !e.NoSigns:
			e.NoSigns = true
		case e.During < 0 && word[0] >= '0' && word[0] <= '9':
			e.During, err = painlog.Score(word)
		default:
			return fmt.Errorf("%q is no word of a pain entry, or is there twice: side, place, 0 to 10, settled and how long, better, same or worse, signs", word)
		}
		if err != nil {
			return err
		}
	}
	if err := painlog.Check(&e); err != nil {
		return err
	}
	// In the order of the signs, as the journal has them.
	slices.SortFunc(e.Signs, func(a, b analyze.PainSign) int {
		return slices.Index(analyze.PainSigns(), a) - slices.Index(analyze.PainSigns(), b)
	})
	o.Pain = append(o.Pain, e)
	return nil
}

func is[T ~string](word string, words []T) bool { return slices.Contains(words, T(word)) }
