package analyze

import (
	"strings"
	"testing"
	"time"

	"kneecheck/ingest/civil"

	"github.com/google/go-cmp/cmp"
)

func dayPtr(s string) *civil.Date {
	if s == "" {
		return nil
	}
	d := mustDate(s)
	return &d
}

func pair(name, since, until string) Shoe {
	return Shoe{Name: name, Since: dayPtr(since), Until: dayPtr(until)}
}

func TestShoesByDate(t *testing.T) {
	named := func(r Run, shoe string) Run { r.Shoe = shoe; return r }
	runs := []Run{
		onDay("2024-01-01", 1), // before any pair
		onDay("2024-02-01", 2), onDay("2024-03-31", 4),
		onDay("2024-04-01", 8), onDay("2024-05-31", 16),
		onDay("2024-06-01", 32), // after the last
		named(onDay("2024-04-02", 64), " pegasus "),
		named(onDay("2024-04-03", 128), "Zoom"),
		named(onDay("2024-04-04", 256), "Alpha"),
	}
	old := pair("Pegasus", "2024-02-01", "2024-03-31")
	old.StartKM, old.DistM = 450, 99 // a distance left from another log must not count
	o := Options{AsOf: mustDate("2024-06-02"), WeekStart: time.Monday, Shoes: []Shoe{old, pair("Ghost", "2024-04-01", "2024-05-31")}}
	l := Build(shuffled(runs), nil, o)

	got := map[string]float64{}
	var order []string
	for _, s := range l.Shoes {
		got[s.Name] = s.DistM / 1000
		order = append(order, s.Name)
	}
	if d := cmp.Diff(map[string]float64{"Pegasus": 70, "Ghost": 24, "Zoom": 128, "Alpha": 256}, got); d != "" {
		t.Errorf("km by pair (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"Pegasus", "Ghost", "Alpha", "Zoom"}, order); d != "" {
		t.Errorf("order of pairs (-want +got):\n%s", d)
	}
	if l.Shoes[0].StartKM != 450 || l.Shoes[0].FromRuns || !l.Shoes[2].FromRuns {
		t.Errorf("pairs %+v: want the start kept and only the unconfigured marked", l.Shoes)
	}
	if o.Shoes[0].DistM != 99 {
		t.Error("the options' own shoes were modified")
	}
	for since, want := range map[string]float64{"2024-01-01": 33, "2024-01-02": 32, "2024-06-02": 0} {
		if got := l.UnattributedM(mustDate(since)) / 1000; got != want {
			t.Errorf("%v km on no pair since %s, want %v", got, since, want)
		}
	}
	// A pair that only a run named is no default, not even in a log that is built on.
	if r := l.WithRun(onDay("2024-06-03", 5), mustDate("2024-06-03")); r.Runs[len(r.Runs)-1].Shoe != "" || len(r.Shoes) != 4 {
		t.Errorf("a planned run is on %q of %d pairs, want none of 4", r.Runs[len(r.Runs)-1].Shoe, len(r.Shoes))
	}
}

func TestValidateShoes(t *testing.T) {
	tests := []struct {
		name  string
		shoes []Shoe
		want  []string // a part of each line of the error
	}{
		{"none", nil, nil},
		{"one without dates", []Shoe{pair("A", "", "")}, nil},
		{"one after the other", []Shoe{pair("B", "2024-04-01", ""), pair("A", "", "2024-03-31")}, nil},
		{"a day apart", []Shoe{pair("A", "2024-01-01", "2024-01-31"), pair("B", "2024-02-02", "2024-03-01")}, nil},
		{
			"a day in common", []Shoe{pair("A", "", "2024-04-01"), pair("B", "2024-04-01", "")},
			[]string{`"A" (until 2024-04-01) and "B" (since 2024-04-01) are both worn by default from 2024-04-01 to 2024-04-01; let "A" end with until 2024-03-31`},
		},
		{
			"the later is listed first and the earlier never ends", []Shoe{pair("B", "2024-06-01", ""), pair("A", "2024-01-01", "")},
			[]string{`"A" (since 2024-01-01) and "B" (since 2024-06-01) are both worn by default since 2024-06-01; let "A" end with until 2024-05-31`},
		},
		{
			"one within the other", []Shoe{pair("A", "2024-01-01", "2024-12-31"), pair("B", "2024-06-01", "2024-06-30")},
			[]string{`both worn by default from 2024-06-01 to 2024-06-30; let "A" end with until 2024-05-31`},
		},
		{
			"both until", []Shoe{pair("A", "", "2024-05-01"), pair("B", "", "2024-04-01")},
			[]string{`both worn by default until 2024-04-01; give the dates`},
		},
		{"no dates at all", []Shoe{pair("A", "", ""), pair("B", "", "")}, []string{`"A" (on all days) and "B" (on all days) are both worn by default on all days`}},
		{"one name twice", []Shoe{pair("A", "", "2024-01-01"), pair(" a", "2024-02-01", "")}, []string{`two pairs are called " a"`}},
		{"no name, and backwards", []Shoe{pair(" ", "", "2024-01-01"), pair("B", "2024-03-01", "2024-02-01")}, []string{"pair 1 has no name", `"B": until 2024-02-01 is before since 2024-03-01`}},
		{"negative start", []Shoe{{Name: "A", StartKM: -1}}, []string{`"A": start_km and limit_km cannot be below 0`}},
		{"no number", []Shoe{{Name: "A", LimitKM: notKnown}}, []string{`"A": start_km and limit_km cannot be below 0`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := ValidateShoes(tt.shoes)
			if len(tt.want) == 0 {
				if err != nil {
					t.Errorf("error %v, want none", err)
				}
				return
			}
			if err == nil {
				t.Fatalf("no error, want %q", tt.want)
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(tt.want) {
				t.Fatalf("error %q, want %d lines", err, len(tt.want))
			}
			for i, want := range tt.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("line %d is %q, want %q", i+1, lines[i], want)
				}
			}
		})
	}
}
