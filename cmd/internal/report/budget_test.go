package report

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
	"kneecheck/rules"
)

func budgetInput(t *testing.T, note string, u analyze.Units, pain ...analyze.Pain) BudgetInput {
	t.Helper()
	n, err := lognote.Parse(note)
	if err != nil {
		t.Fatal(err)
	}
	log := n.Log
	if len(pain) > 0 {
		o := n.Options
		o.Pain = pain
		log = analyze.Build(n.Runs, nil, o)
	}
	return BudgetInput{Log: log, Budget: rules.NewBudget(log, nil, u), Units: u, Title: "runs/"}
}

func budgets(t *testing.T) map[string]BudgetInput {
	km := analyze.Kilometres
	steady := budgetInput(t, steadyNote, km)
	flag := analyze.Pain{Date: steady.Log.AsOf, Side: analyze.LeftKnee, Place: analyze.InnerSide, During: 4, Signs: []analyze.PainSign{analyze.Locking}}
	return map[string]BudgetInput{
		"steady":     steady,
		"rich":       budgetInput(t, richNote, km),
		"miles":      budgetInput(t, richNote, analyze.Miles),
		"first-week": budgetInput(t, firstWeekNote, km),
		"layoff":     budgetInput(t, steadyNote+"asof 2026-06-10\n", km),
		"long-break": budgetInput(t, steadyNote+"asof 2026-09-10\n", km),
		"red-flag":   budgetInput(t, steadyNote, km, flag),
		"no-runs":    {Log: noRuns().Log, Budget: rules.NewBudget(noRuns().Log, nil, km), Units: km, Title: "runs/"},
	}
}

func TestBudgetGolden(t *testing.T) {
	forms := map[string]func(io.Writer, BudgetInput) error{
		"text": func(w io.Writer, in BudgetInput) error { return BudgetText(w, in, TextOptions{}) },
		"60":   func(w io.Writer, in BudgetInput) error { return BudgetText(w, in, TextOptions{Width: 60}) },
		"md":   BudgetMarkdown, "json": BudgetJSON,
	}
	all := budgets(t)
	for _, g := range []struct{ name, form string }{
		{"steady", "text"}, {"steady", "md"}, {"steady", "json"}, {"rich", "text"}, {"rich", "60"}, {"miles", "text"}, {"first-week", "text"},
		{"layoff", "text"}, {"layoff", "json"}, {"long-break", "text"}, {"long-break", "md"}, {"red-flag", "text"}, {"red-flag", "md"}, {"red-flag", "json"}, {"no-runs", "json"},
	} {
		t.Run(g.name+"."+g.form, func(t *testing.T) {
			var out bytes.Buffer
			if err := forms[g.form](&out, all[g.name]); err != nil {
				t.Fatal(err)
			}
			compare(t, "budget."+g.name+"."+g.form, out.String())
			if g.form == "text" || g.form == "60" {
				checkWidth(t, out.String(), map[string]int{"text": 100, "60": 60}[g.form])
			}
			if s := out.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Errorf("a number that is none:\n%s", s)
			}
		})
	}
}

func TestBudgetValidates(t *testing.T) {
	s := contract(t, "budget-v1.schema.json", BudgetSchema)
	for name, in := range budgets(t) {
		var out bytes.Buffer
		if err := BudgetJSON(&out, in); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		validate(t, s, out.Bytes())
		// What is not validated as good must be refused: six days, and a day without a reason.
		spoilt := budgetDocument(in)
		spoilt.Days = spoilt.Days[:6]
		if refused(t, s, spoilt); len(in.Budget.Days) == 7 {
			spoilt = budgetDocument(in)
			spoilt.Days[0].Reason = ""
			refused(t, s, spoilt)
		}
	}
}

func refused(t *testing.T, s *jsonschema.Schema, d BudgetDocument) {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if s.Validate(doc) == nil {
		t.Error("a spoilt document validates")
	}
}

// TestBudgetMembers lists what the wire types add to the schema.
func TestBudgetMembers(t *testing.T) {
	data, err := os.ReadFile(contracts + "budget-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	top := doc["properties"].(map[string]any)
	item := func(name string) map[string]any {
		return top[name].(map[string]any)["items"].(map[string]any)["properties"].(map[string]any)
	}
	var differ []string
	for _, c := range []struct {
		path   string
		schema map[string]any
		typ    reflect.Type
	}{
		{"", top, reflect.TypeFor[BudgetDocument]()}, {"days.", item("days"), reflect.TypeFor[BudgetDay]()},
		{"weeks.", item("weeks"), reflect.TypeFor[BudgetWeek]()}, {"return_ladder.", item("return_ladder"), reflect.TypeFor[BudgetRung]()},
		{"cadence.", top["cadence"].(map[string]any)["properties"].(map[string]any), reflect.TypeFor[BudgetCadence]()},
	} {
		ours := map[string]bool{}
		for i := range c.typ.NumField() {
			name, _, _ := strings.Cut(c.typ.Field(i).Tag.Get("json"), ",")
			ours[name] = true
			if _, ok := c.schema[name]; !ok {
				differ = append(differ, "added "+c.path+name)
			}
		}
		for name := range c.schema {
			if !ours[name] {
				differ = append(differ, "missing "+c.path+name)
			}
		}
	}
	slices.Sort(differ)
	want := []string{
		"added cadence.reason", "added days.note_rule", "added days.quiet_m", "added return_ladder.from", "added stop",
		"added weeks.quiet_m", "added weeks.reason", "added weeks.week_before_m",
	}
	if diff := cmp.Diff(want, differ); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
