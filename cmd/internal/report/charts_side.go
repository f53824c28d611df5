package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kneecheck/analyze"
	"kneecheck/cmd/internal/report/chart"
	"kneecheck/rules"
)

func shoesFigure(r *Report) (figure, bool) {
	u := r.Screen.Units
	limit, ok := r.param("shoe-mileage", "note_m")
	high, _ := r.param("shoe-mileage", "warn_m")
	if len(r.log.Shoes) == 0 {
		return figure{}, false
	}
	shoes := slices.Clone(r.log.Shoes)
	slices.SortStableFunc(shoes, func(a, b analyze.Shoe) int { return cmp.Compare(shoeM(b), shoeM(a)) })
	const shown, maxShoe = 8, 30
	most := max(shoeM(shoes[0]), high, limit) * 1.02
	rows := chart.NewRows(most)
	f := figure{ID: "shoes", Head: []string{"Pair", string(u)}}
	over, limits := 0, r.roughly(limit)
	for i, s := range shoes {
		if s.LimitKM > 0 {
			limits = "their limit"
		}
		m := shoeM(s)
		class := "bar"
		if own := 1000 * s.LimitKM; ok && m >= limit && own == 0 || own > 0 && m >= own {
			class = "bar warning"
			over++
		}
		if i < shown {
			rows.Row(fit(clean(s.Name), maxShoe), u.Dist(m), []chart.Part{{Value: m, Class: class, Tip: clean(s.Name) + ": " + u.Dist(m)}})
		}
		f.Rows = append(f.Rows, []string{clean(s.Name), u.Number(m)})
	}
	if ok {
		rows.Limit(limit, "limit", r.roughly(limit))
	}
	if high > 0 {
		rows.Limit(high, "limit", r.roughly(high))
	}
	f.Title = "Distance on each pair of shoes"
	if ok {
		f.Title += fmt.Sprintf(": %d of %s at or over %s", over, count(len(shoes), "pair"), limits)
	}
	if left := r.log.UnattributedM(r.log.AsOf - 365); left > 0 {
		f.Note = u.Dist(left) + " of the last twelve months are on no pair."
	}
	f.Picture = rows.SVG(f.ID, f.Title, "One bar a pair. "+f.Note)
	return f, true
}

// roughly writes a distance without a decimal that says nothing.
func (r *Report) roughly(m float64) string {
	return trim(r.inUnits(m), 1) + " " + string(r.Screen.Units)
}

func shoeM(s analyze.Shoe) float64 { return s.StartKM*1000 + s.DistM }

// painFigure shows the pain journal over time, with the findings of the other rules below it.
func painFigure(r *Report) (figure, bool) {
	weeks := r.charted()
	if len(weeks) == 0 {
		return figure{}, false
	}
	from, to := weeks[0].Start, r.log.AsOf
	pain := r.log.PainIn(from, to)
	if len(pain) == 0 {
		return figure{}, false
	}
	p := chart.New(-1, float64(to-from)+1, -1.6, 10)
	p.YAxis("0–10", func(v float64) string {
		if v < 0 {
			return ""
		}
		return whole(v)
	})
	weekLabels(p, weeks, 7)
	f := figure{ID: "pain", Head: []string{"Date", "Knee", "Pain", "Signs"}}
	worst, latest, silent := -1, -1, 0
	for _, e := range pain {
		cell, x := "–", float64(e.Date-from)
		if e.During >= 0 {
			worst, latest = max(worst, e.During), e.During
			cell = fmt.Sprint(e.During)
			p.Stem(x, 0, float64(e.During), "own")
			p.Dot(x, float64(e.During), 4, "dot", dayOf(e.Date)+": "+cell+" of 10")
		} else {
			silent++
			p.Dot(x, 0, 4, "dot open", dayOf(e.Date)+": no figure")
		}
		words := []string{}
		for _, s := range e.Signs {
			words = append(words, string(s))
		}
		f.Rows = append(f.Rows, []string{dateOf(e.Date), strings.TrimSpace(string(e.Side) + " " + string(e.Place)), cell, strings.Join(words, ", ")})
	}
	warned := 0
	for i := range r.found {
		g := &r.found[i]
		if g.Rule.State || g.To < from || g.Severity < rules.Warning || strings.HasPrefix(g.Rule.ID, "KC6") {
			continue
		}
		warned++
		p.Triangle(float64(dayOfLongest(g, r.log)-from), -0.9, "dot warning", g.Rule.Name+" "+dayOf(g.From))
	}
	f.Title = fmt.Sprintf("Pain while running: %s in the journal", count(len(pain), "entry"))
	if worst >= 0 {
		f.Title += fmt.Sprintf(", the worst %d of 10, the latest %d", worst, latest)
	}
	f.Note = "A dot is an entry."
	if silent > 0 {
		f.Note += " An empty one gives no figure."
	}
	if warned > 0 {
		f.Note += " Triangles below the axis: days of warnings by the other rules. That they stand near an entry proves no cause."
	}
	f.Picture = p.SVG(f.ID, f.Title, f.Note)
	return f, true
}
