package analyze

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kneecheck/analyze/sidecsv"
	"kneecheck/ingest"
)

// apply applies the rows of a file to runs that were read below runs/.
func apply(t *testing.T, csv string, runs []Run, rc *Receipt) ([]Run, []Strength, error) {
	t.Helper()
	o, err := ParseOverrides("runs/overrides.csv", []byte(csv))
	if err != nil {
		t.Fatal(err)
	}
	return o.Apply(runs, nil, rc, []string{"runs"}, mustDate("2026-06-30"))
}

// named is a run with a file and an ID.
func named(clock string, km float64, file, id string) Run {
	r := atClock(clock, km)
	r.File, r.ID = file, id
	return r
}

func TestOverridesFindTheRun(t *testing.T) {
	runs := []Run{
		named("2026-06-01T07:00:00Z", 5, "runs/a.fit", "deadbeef00000000"),
		named("2026-06-02T07:00:00Z", 6, "runs/tri.fit", "cafe000000000000"),
		named("2026-06-02T12:00:00Z", 7, "runs/tri.fit", "cafe000000000000-2"),
		named("2026-06-03T07:00:00Z", 8, "runs/2026/b.gpx", "cafe111111111111"),
		named("2026-06-04T07:00:00Z", 9, "export.zip/activities/b.gpx", "0123456789abcdef"),
	}
	for _, c := range []struct{ cell, want string }{
		{"a.fit", "5"}, {"./a.fit", "5"}, {"runs/a.fit", "5"}, {`2026\b.gpx`, "8"}, {"activities/b.gpx", "9"},
		{"2026-06-01", "5"}, {"2026-06-09", "stale"}, {"2026-06-02", "cafe0000 (2026-06-02, 6.0 km, runs/tri.fit), cafe0000-2 (2026-06-02, 7.0 km, runs/tri.fit)"},
		{"deadbeef", "5"}, {"DEADBEEF00000000", "5"}, {"cafe0", "6"}, {"cafe0-2", "7"}, {"cafe0000-3", "stale"}, {"dead", "5"}, {"dea", "stale"},
		{"cafe", `"cafe" can be any of`}, {"tri.fit", "can be any of"}, {"b.gpx", "can be any of"}, {"c.gpx", "stale"}, {"it", "stale"},
	} {
		rc := &Receipt{}
		got, _, err := apply(t, "run,race\n"+c.cell+",yes\n", runs, rc)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %q, want %q", c.cell, err, c.want)
			}
			continue
		}
		hit := "stale"
		for i := range got {
			if got[i].Race {
				hit = strings.TrimSuffix(Kilometres.Number(got[i].DistM), ".0")
			}
		}
		if hit != c.want || (hit == "stale") != (len(rc.Overrides.Stale) == 1) {
			t.Errorf("%s: run %s, %d stale rows, want %s", c.cell, hit, len(rc.Overrides.Stale), c.want)
		}
	}
	for i := range runs {
		if runs[i].Race || len(runs[i].Notes) > 0 {
			t.Errorf("the runs as read were changed: %+v", runs[i])
		}
	}
}

func TestOverridesApplyToWhicheverCopyIsKept(t *testing.T) {
	watch, phone := named("2026-06-01T07:00:00Z", 5, "runs/watch.fit", "aaaa"), named("2026-06-01T07:00:05Z", 5.1, "runs/phone.gpx", "bbbb")
	phone.Format = ingest.GPX
	for _, cell := range []string{"watch.fit", "phone.gpx", "aaaa", "bbbb"} {
		for _, runs := range [][]Run{{watch, phone}, {phone, watch}} {
			got, _, err := apply(t, "run,distance_km,exclude\n"+cell+",5.2,\n", runs, &Receipt{})
			if err != nil || len(got) != 1 || got[0].DistM != 5200 || got[0].File != "runs/watch.fit" {
				t.Errorf("%s: %v, %+v", cell, err, got)
			}
			rc := &Receipt{}
			got, _, err = apply(t, "run,exclude\n"+cell+",yes\n", runs, rc)
			if err != nil || len(got) != 0 || len(rc.Overrides.Out) != 2 {
				t.Errorf("%s left out: %v, %+v, %+v", cell, err, got, rc.Overrides)
			}
		}
	}
}

func TestOverriddenDistance(t *testing.T) {
	level := Hist{NewHistCell(2.7, 160, 600), NewHistCell(2.9, 164, 1200)}
	r := onDay("2026-06-01", 5)
	r.File, r.Kind = "runs/a.fit", ingest.Treadmill
	r.Surface = Surface{TreadmillM: 5000, TaggedM: 5000, HardLow: notKnown, HardHigh: notKnown}
	r.Cadence = Cadence{MeanSPM: 160, StepLengthM: 1, Level: level.Pack()}
	got, _, err := apply(t, "run,distance_mi\na.fit,3.728227\n", []Run{r}, &Receipt{})
	if err != nil {
		t.Fatal(err)
	}
	run := got[0]
	if math.Abs(run.DistM-6000) > 0.1 || math.Abs(run.Surface.TreadmillM-6000) > 0.1 || math.Abs(run.Cadence.StepLengthM-1.2) > 1e-4 {
		t.Errorf("%+v", run)
	}
	want := Hist{NewHistCell(2.7*1.2, 160, 600), NewHistCell(2.9*1.2, 164, 1200)}
	if diff := cmp.Diff(want, run.Cadence.Level.Hist()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"distance set to 3.73 mi (recorded: 3.11) by overrides.csv:2"}, run.Notes); diff != "" {
		t.Error(diff)
	}
	if r.Surface.TreadmillM != 5000 {
		t.Error("the run as read was changed")
	}
	// Outdoors a part of the way is missing: the speeds were right.
	r.Kind, r.Surface = ingest.Road, Surface{UnknownM: 5000}
	got, _, err = apply(t, "run,distance_km,surface\na.fit,6,hard\n", []Run{r}, &Receipt{})
	if err != nil || got[0].Surface.HardM != 6000 || got[0].Surface.HardLow != 1 || got[0].Surface.UnknownM != 0 {
		t.Errorf("%v, %+v", err, got)
	}
	if diff := cmp.Diff(level, got[0].Cadence.Level.Hist()); diff != "" {
		t.Error(diff)
	}
}

func TestOverridesCountByHand(t *testing.T) {
	rc := &Receipt{Problems: []*ingest.Problem{
		{File: "runs/bad.gpx", Kind: ingest.NoTime, Err: errors.New("no time")}, {File: "runs/worse.fit", Kind: ingest.Corrupt, Err: errors.New("zeros")},
		{File: "runs/cut.fit", Kind: ingest.Truncated, Err: errors.New("cut"), Kept: 10},
	}}
	noon := named("2026-06-02T12:10:00Z", 5, "runs/noon.fit", "aaaa")
	got, strength, err := apply(t, `run,distance_km,minutes,sport,date,exclude,kind,note
bad.gpx,5,,,2026-06-01,,,
worse.fit,,,,,yes,,
new,5,30,,2026-06-02,,treadmill,at the gym
new,5,30,,2026-06-02,,,
new,,40,strength,2026-06-03,,,
new,,90,cycling,2026-06-04,,,
noon.fit,,,running,2026-06-05,,,
`, []Run{noon}, rc)
	if err != nil {
		t.Fatal(err)
	}
	l := Build(got, strength, Options{AsOf: mustDate("2026-06-07"), Cross: rc.Cross})
	if len(l.Runs) != 4 || len(l.Strength) != 1 || len(l.Cross) != 1 || l.Cross[0].ElapsedS != 5400 {
		t.Errorf("%d runs, %d strength, %+v", len(l.Runs), len(l.Strength), l.Cross)
	}
	ids := map[string]bool{}
	for i := range l.Runs {
		ids[l.Runs[i].ID] = true
	}
	if len(ids) != 4 {
		t.Errorf("%d IDs for 4 runs", len(ids))
	}
	if last := l.Runs[3]; last.File != "runs/noon.fit" || last.Date != mustDate("2026-06-05") || last.Start.Day() != 5 {
		t.Errorf("a moved run is on %v, starts %v", last.Date, last.Start)
	}
	if len(rc.Problems) != 1 || rc.Problems[0].File != "runs/cut.fit" {
		t.Errorf("problems left: %v", rc.Problems)
	}
	if o := rc.Overrides; o.Added != 5 || len(o.Out) != 1 || o.Changed != 1 {
		t.Errorf("%+v", o)
	}
}

func TestASportTakesARunOutOfTheMileage(t *testing.T) {
	rc := &Receipt{}
	walk, lift := named("2026-06-01T07:00:00Z", 5, "runs/w.fit", "aaaa"), named("2026-06-02T07:00:00Z", 1, "runs/s.fit", "bbbb")
	got, strength, err := apply(t, "run,sport\nw.fit,walking\ns.fit,strength\n", []Run{walk, lift}, rc)
	if err != nil || len(got) != 0 || len(strength) != 1 || len(rc.Cross) != 1 || rc.Cross[0].Sport != ingest.Walking || rc.Cross[0].ElapsedS != 1800 {
		t.Errorf("%v: %d runs, %+v, %+v", err, len(got), strength, rc.Cross)
	}
}

func TestOverridesTellEveryFault(t *testing.T) {
	_, _, err := apply(t, "run,shoe,distance_km,minutes,date\na.fit,A,,,\na.fit,B,,,\na.fit,,,,\na.fit,,42,10,\nnew,,,,2026-06-01\nnew,,5,,2026-07-01\nnew,,5,,0001-01-01\n",
		[]Run{named("2026-06-01T07:00:00Z", 5, "runs/a.fit", "aaaa")}, &Receipt{})
	var faults sidecsv.Faults
	if !errors.As(err, &faults) || len(faults) != 6 {
		t.Fatalf("error %v, want 6 faults", err)
	}
	for i, line := range []int{3, 4, 5, 6, 7, 8} {
		if faults[i].Line != line {
			t.Errorf("fault %d: %v, want line %d", i, &faults[i], line)
		}
	}
}

func TestFindShoeClash(t *testing.T) {
	a, b := pair("A", "", ""), pair("B", "2026-06-02", "")
	runs := []Run{onDay("2026-06-01", 5), onDay("2026-06-02", 5), onDay("2026-06-03", 5)}
	c := FindShoeClash(runs, []Shoe{a, b})
	if c == nil || c.Runs != 2 || c.First != 0 || c.Second != 1 || c.Date != mustDate("2026-06-02") {
		t.Fatalf("%+v", c)
	}
	if err := c.Explain([]Shoe{a, b}); !strings.Contains(err.Error(), `let "A" end with until 2026-06-01; 2 runs name no pair there (the first on 2026-06-02: `) {
		t.Error(err)
	}
	// In doubt a run is on no pair.
	if l := Build(runs, nil, Options{AsOf: mustDate("2026-06-03"), Shoes: []Shoe{a, b}}); l.UnattributedM(0) != 10000 || l.Shoes[0].DistM != 5000 {
		t.Errorf("%+v", l.Shoes)
	}
	runs[1].Shoe, runs[2].Shoe = "B", "b"
	if c := FindShoeClash(runs, []Shoe{a, b}); c != nil {
		t.Errorf("every run names its pair: %+v", c)
	}
	runs[1].Shoe, a.Named = "", true
	if c := FindShoeClash(runs, []Shoe{a, b}); c != nil {
		t.Errorf("A is worn only by name: %+v", c)
	}
}

func TestCross(t *testing.T) {
	at := func(clock string, sport ingest.Sport, minutes float64) Cross {
		r := atClock(clock, 1)
		return Cross{Sport: sport, Date: r.Date, Start: r.Start, ElapsedS: minutes * 60, File: clock}
	}
	given := []Cross{
		at("2026-06-02T18:00:00Z", ingest.Cycling, 60), at("2026-06-02T18:05:00Z", ingest.Cycling, 70), // one ride, two devices
		at("2026-06-03T07:05:00Z", ingest.Walking, 30),    // the run of that morning
		at("2026-06-03T08:30:00Z", ingest.Walking, 30),    // the walk behind it
		at("2026-06-09T08:00:00Z", ingest.OtherSport, 30), // after the last day
		{Sport: ingest.OtherSport, Date: mustDate("2026-06-03"), ElapsedS: 600}, {Sport: ingest.OtherSport, Date: mustDate("2026-06-03"), ElapsedS: 600},
	}
	l := Build([]Run{onDay("2026-06-03", 10)}, nil, Options{AsOf: mustDate("2026-06-07"), Cross: given})
	var got []string
	for _, c := range l.CrossIn(mustDate("2026-06-01"), mustDate("2026-06-07")) {
		got = append(got, c.Date.String()+" "+string(c.Sport)+" "+clock(c.ElapsedS))
	}
	want := []string{"2026-06-02 cycling 1:10 h", "2026-06-03 other 0:10 h", "2026-06-03 other 0:10 h", "2026-06-03 walking 0:30 h"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, ok := crossOf(&Session{Sport: ingest.OtherSport, ElapsedS: 120}); ok {
		t.Error("two minutes between the legs of a triathlon are a session")
	}
}

func FuzzOverrides(f *testing.F) {
	f.Add("run,distance_km,surface\na.fit,5,grass\n")
	f.Add("run;minutes;date;sport\nnew;5,5;2026-06-01;strength\n2026-06-01;;;walking\n")
	f.Add("run,exclude,date,distance_mi\nbad.gpx,,0001-01-01,3\naaaa,yes\n")
	f.Fuzz(func(t *testing.T, csv string) {
		o, err := ParseOverrides("overrides.csv", []byte(csv))
		if err != nil {
			return
		}
		rc := &Receipt{Problems: []*ingest.Problem{{File: "runs/bad.gpx", Kind: ingest.NoTime, Err: errors.New("no time")}}}
		runs := []Run{named("2026-06-01T07:00:00Z", 5, "runs/a.fit", "aaaa"), named("2026-06-02T07:00:00Z", 5, "runs/b.fit", "bbbb")}
		got, _, err := o.Apply(runs, nil, rc, []string{"runs"}, mustDate("2026-06-30"))
		if err == nil {
			for i := range got {
				if !(got[i].DistM >= 0 && got[i].DistM <= maxRunM) || got[i].ID == "" || got[i].File == "" {
					t.Errorf("%+v", got[i])
				}
			}
		}
	})
}
