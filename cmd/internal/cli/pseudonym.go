package cli

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"kneecheck/analyze"
	"kneecheck/ingest"
	"kneecheck/rules"
)

// saltVar is the environment variable with the secret that pseudonyms are made with.
const saltVar = "KNEECHECK_SALT"

// Pseudonyms are this many hexadecimal digits long: 24 bits, so that among a hundred athletes two are alike once in three
// thousand times. Those two get the longer ones.
const shortDigits, longDigits = 6, 16

// pseudonymsOf gives each name one that depends on nothing but the name and the secret, such as athlete-7f3a2c.
func pseudonymsOf(names []string, secret string) []string {
	sums, count := make([]string, len(names)), map[string]int{}
	for i, name := range names {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(name))
		sums[i] = hex.EncodeToString(mac.Sum(nil))
		count[sums[i][:shortDigits]]++
	}
	for i, sum := range sums {
		digits := shortDigits
		if count[sum[:shortDigits]] > 1 {
			digits = longDigits
		}
		sums[i] = "athlete-" + sum[:digits]
	}
	return sums
}

// hidden stands for words that somebody wrote.
const hidden = "hidden"

// errHidden stands for what is wrong with a file, which may name others.
var errHidden = errors.New("the file could not be used, or not all of it (--pseudonym hides which)")

// shownAthlete is the name under which the athlete appears.
func (r *reading) shownAthlete() string {
	if r.pseudonym != "" {
		return r.pseudonym
	}
	return r.athlete
}

// pseudonyms are what stands for the names in a log; nil where they are shown.
type pseudonyms struct {
	athlete, as string
	// shoes has what stands for each pair by its name in small letters, and real the way back.
	shoes, real map[string]string
}

// hide takes every name out of a log and out of the receipt: those of files, runs and shoes, and all that somebody wrote.
// Only dates and figures are left, by which alone the rules judge.
func (r *reading) hide(log *analyze.Log) {
	if r.pseudonym == "" {
		return
	}
	p := &pseudonyms{athlete: r.athlete, as: r.pseudonym, shoes: map[string]string{}, real: map[string]string{}}
	for i := range log.Shoes {
		name := log.Shoes[i].Name
		log.Shoes[i].Name = fmt.Sprintf("pair %d", i+1)
		p.shoes[strings.ToLower(name)], p.real[log.Shoes[i].Name] = log.Shoes[i].Name, name
	}
	for i := range log.Runs {
		run := *log.Runs[i] // the reading keeps its names
		run.File, run.Name, run.Notes = run.ID, "", nil
		copies := make([]string, len(run.AlsoIn))
		for k := range copies {
			copies[k] = fmt.Sprintf("copy %d", k+1)
		}
		run.AlsoIn = copies
		if run.Shoe != "" {
			run.Shoe = p.shoes[strings.ToLower(run.Shoe)]
		}
		log.Runs[i] = &run
	}
	for i := range log.Strength {
		log.Strength[i].File = hidden
	}
	for i := range log.Pain {
		log.Pain[i].Note = ""
	}
	for i := range log.Cross {
		log.Cross[i].File = hidden
	}
	if r.receipt != nil {
		receipt := *r.receipt
		receipt.Problems = make([]*ingest.Problem, len(r.receipt.Problems))
		for i, problem := range r.receipt.Problems {
			receipt.Problems[i] = &ingest.Problem{File: fmt.Sprintf("file %d", i+1), Kind: problem.Kind, Err: errHidden, Kept: problem.Kept}
		}
		receipt.Outcomes, receipt.Exports = nil, nil
		r.receipt = &receipt
	}
	r.title, r.names = r.pseudonym, p
}

// acks lets acknowledgements speak of the pseudonyms.
func (p *pseudonyms) acks(acks []rules.Ack) {
	if p == nil {
		return
	}
	for i := range acks {
		a := &acks[i]
		a.Reason = hidden
		if as, ok := p.shoes[strings.ToLower(a.About)]; ok {
			a.About = as
		}
		if a.Athlete == p.athlete {
			a.Athlete = p.as
		}
	}
}

// toldAs is what was reported before, in terms of the pseudonyms; told is its inverse. The file of a baseline thus has the
// real names and serves with and without.
func (p *pseudonyms) toldAs(told []rules.Told) []rules.Told {
	if p == nil {
		return told
	}
	return rename(told, func(name string) (string, bool) {
		as, ok := p.shoes[strings.ToLower(name)]
		return as, ok
	})
}

func (p *pseudonyms) told(told []rules.Told) []rules.Told {
	if p == nil {
		return told
	}
	return rename(told, func(as string) (string, bool) {
		name, ok := p.real[as]
		return name, ok
	})
}

func rename(told []rules.Told, other func(string) (string, bool)) []rules.Told {
	out := make([]rules.Told, len(told))
	for i, t := range told {
		if name, ok := other(t.About); ok {
			t.About = name
		}
		out[i] = t
	}
	return out
}
