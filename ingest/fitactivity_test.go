package ingest

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/tormoder/fit"
)

func TestFITSports(t *testing.T) {
	for _, tc := range []struct {
		sport fit.Sport
		sub   fit.SubSport
		want  Sport
		kind  Kind
	}{
		{fit.SportRunning, fit.SubSportGeneric, Running, Unspecified},
		{fit.SportRunning, fit.SubSportStreet, Running, Road},
		{fit.SportRunning, fit.SubSportTrail, Running, Trail},
		{fit.SportRunning, fit.SubSportTrack, Running, Track},
		{fit.SportRunning, fit.SubSportTreadmill, Running, Treadmill},
		{fit.SportRunning, fit.SubSportIndoorRunning, Running, Treadmill},
		{fit.SportRunning, fit.SubSportVirtualActivity, Running, Virtual},
		{fit.SportRunning, fit.SubSportUltra, Running, Unspecified},
		{fit.SportRunning, 200, Running, Unspecified},
		{fit.SportRunning, fit.SubSportInvalid, Running, Unspecified},
		{fit.SportFitnessEquipment, fit.SubSportTreadmill, Running, Treadmill},
		{fit.SportFitnessEquipment, fit.SubSportElliptical, OtherSport, Unspecified},
		{fit.SportWalking, fit.SubSportIndoorWalking, Walking, Unspecified},
		{fit.SportHiking, fit.SubSportGeneric, Walking, Unspecified},
		{fit.SportCycling, fit.SubSportRoad, Cycling, Unspecified},
		{fit.SportEBiking, fit.SubSportGeneric, Cycling, Unspecified},
		{fit.SportTraining, fit.SubSportStrengthTraining, Strength, Unspecified},
		{fit.SportTraining, fit.SubSportYoga, OtherSport, Unspecified},
		{fit.SportGeneric, fit.SubSportGeneric, OtherSport, Unspecified},
		{fit.SportTransition, fit.SubSportGeneric, OtherSport, Unspecified},
		{99, fit.SubSportGeneric, OtherSport, Unspecified},
		{fit.SportInvalid, fit.SubSportInvalid, UnknownSport, Unspecified},
	} {
		a, _ := readFIT(t, newActivityFile().plainRecords(0, 2).session(0, 60, byte(tc.sport), byte(tc.sub)).file())
		if a.Sport != tc.want || a.Kind != tc.kind {
			t.Errorf("%v %v: %s %s, want %s %s", tc.sport, tc.sub, a.Sport, a.Kind, tc.want, tc.kind)
		}
	}
}

// TestFITAverageCadence tells strides from steps in the session's average.
func TestFITAverageCadence(t *testing.T) {
	for _, tc := range []struct {
		sport, cadence byte
		want           float64
	}{{1, 82, 165}, {1, 160, 160.5}, {1, 255, nan}, {1, 0, nan}, {11, 55, 111}, {2, 90, nan}} {
		b := newActivityFile().session(0, 60, tc.sport, 0)
		b.body[len(b.body)-6] = tc.cadence
		a, _ := readFIT(t, b.file())
		same(t, "average cadence", a.Device.CadenceSPM, tc.want)
	}
}

func TestFITSessionWithoutSamples(t *testing.T) {
	a, p := readFIT(t, newActivityFile().session(0, 1800, 1, 1).file())
	if p != nil || a.Samples.Len() != 0 || a.Kind != Treadmill || a.Device.DistM != 5400 || a.Start.Unix() != t0+fitEpoch {
		t.Errorf("%+v, problem %v", a, p)
	}
}

func TestFITSessionOfNothingButSport(t *testing.T) {
	b := newActivityFile().plainRecords(5, 3).def(2, 18, fieldDef{5, 1, tEnum}).msg(2, u8(1))
	a, p := readFIT(t, b.file())
	same(t, "totals", a.Device, noTotals())
	if p != nil || a.Start.Unix() != t0+5+fitEpoch || a.Sport != Running || len(a.Notes) != 0 {
		t.Errorf("%+v, problem %v", a, p)
	}
}

// TestFITLostSession reads recordings that broke off before their session was written.
func TestFITLostSession(t *testing.T) {
	sportMessage := func(b *fitBuilder, sport, sub byte) *fitBuilder {
		return b.def(7, 12, fieldDef{0, 1, tEnum}, fieldDef{1, 1, tEnum}, fieldDef{3, 4, 0x07}).msg(7, u8(sport), u8(sub), []byte("Run\x00"))
	}
	lap := func(b *fitBuilder, start, seconds int, sport, sub byte) *fitBuilder {
		return b.def(8, 19, fieldDef{253, 4, tU32}, fieldDef{2, 4, tU32}, fieldDef{7, 4, tU32}, fieldDef{8, 4, tU32},
			fieldDef{9, 4, tU32}, fieldDef{25, 1, tEnum}, fieldDef{39, 1, tEnum}).
			msg(8, b.u32(t0+start+seconds), b.u32(t0+start), b.u32(1000*seconds), b.u32(1000*seconds), b.u32(300*seconds), u8(sport), u8(sub))
	}
	for _, tc := range []struct {
		name  string
		b     *fitBuilder
		sport Sport
		kind  Kind
		distM float64
		note  string
	}{
		{"sport message", sportMessage(newActivityFile(), 1, 3).plainRecords(0, 4), Running, Trail, nan, ""},
		{"laps", lap(newActivityFile().plainRecords(0, 4), 0, 4, 1, 4), Running, Track, nan, ""},
		{"sport message before laps", lap(sportMessage(newActivityFile(), 1, 3).plainRecords(0, 4), 0, 4, 2, 0), Running, Trail, nan, ""},
		{"nothing", newActivityFile().plainRecords(0, 4), UnknownSport, Unspecified, nan, ""},
		{"two sports", sportMessage(sportMessage(newActivityFile(), 1, 0).plainRecords(0, 4), 2, 0), OtherSport, Unspecified, nan, "cannot be told apart"},
		{"laps without samples", lap(lap(newActivityFile(), 0, 100, 1, 0), 100, 50, 1, 0), Running, Unspecified, 450, ""},
	} {
		a, p := readFIT(t, tc.b.file())
		same(t, tc.name, a.Device.DistM, tc.distM)
		if notes := strings.Join(a.Notes, ""); p != nil || a.Sport != tc.sport || a.Kind != tc.kind || !strings.Contains(notes, tc.note) || tc.note == "" && notes != "" {
			t.Errorf("%s: %s %s, notes %q, problem %v", tc.name, a.Sport, a.Kind, notes, p)
		}
	}
}

// legRows reads a file of several sessions and returns how many samples each has.
func legRows(t *testing.T, b *fitBuilder, kind ProblemKind, sports ...Sport) (rows []int) {
	t.Helper()
	acts, p := decodeFIT(b.file(), new(buffers))
	if kind == "" && p != nil || kind != "" && (p == nil || p.Kind != kind) {
		t.Errorf("problem %v, want %q", p, kind)
	}
	var got []Sport
	for _, a := range acts {
		checkActivity(t, "leg", a)
		got = append(got, a.Sport)
		rows = append(rows, a.Samples.Len())
		if a.Samples.Len() > 0 && (a.Samples.T[0] < 0 || a.Samples.T[0] > 1) {
			t.Errorf("the %s starts at %v s", a.Sport, a.Samples.T[0])
		}
	}
	same(t, "sports", got, sports)
	return rows
}

func TestFITSessionsShareSamples(t *testing.T) {
	// Swim without samples, ride of 50, run of 100, and their sum, written in another order.
	b := newActivityFile().plainRecords(60, 150).
		session(110, 100, 1, 0).session(0, 60, 5, 0).session(60, 50, 2, 0).session(0, 210, 18, 0)
	same(t, "samples", legRows(t, b, "", OtherSport, Cycling, Running), []int{0, 50, 100})

	// A clock that jumps once does not move the border.
	b = newActivityFile().plainRecords(0, 20).plainRecords(99_999, 1).plainRecords(20, 30).plainRecords(50, 40).
		session(0, 50, 2, 0).session(50, 40, 1, 0)
	same(t, "samples with a jump", legRows(t, b, "", Cycling, Running), []int{51, 40})

	// One session written twice counts once.
	b = newActivityFile().plainRecords(0, 20).session(0, 20, 1, 0).session(0, 20, 1, 0)
	same(t, "samples of a doubled session", legRows(t, b, "", Running), []int{20})

	// Sums alone are one activity.
	b = newActivityFile().plainRecords(0, 20).session(0, 20, 18, 0).session(0, 10, 18, 0)
	same(t, "samples of sums", legRows(t, b, "", OtherSport), []int{20})

	// A triathlon that breaks off in the run has lost that session: the run is not part of the ride.
	b = newActivityFile().plainRecords(0, 40).session(0, 40, 2, 0).plainRecords(200, 100)
	b.raw(0x0B)
	same(t, "samples of a broken recording", legRows(t, b, Corrupt, Cycling, UnknownSport), []int{40, 100})
}

func TestFITZone(t *testing.T) {
	for _, tc := range []struct {
		name       string
		local      int
		localFirst bool
		want       Zone
	}{
		{"east", 8 * 3600, false, Zone{8 * 3600, OffsetFile}},
		{"west", -9*3600 - 1800, false, Zone{-9*3600 - 1800, OffsetFile}},
		{"quarter hours", 5*3600 + 2700, false, Zone{5*3600 + 2700, OffsetFile}},
		{"local time before the timestamp", 5*3600 + 1800, true, Zone{5*3600 + 1800, OffsetFile}},
		{"UTC", 0, false, Zone{0, OffsetFile}},
		{"seconds off", 3600 + 7, false, Zone{}},
		{"15 hours", 15 * 3600, false, Zone{}},
		{"invalid", math.MaxUint32 - t0 - 600, false, Zone{}},
	} {
		b := newActivityFile().plainRecords(0, 4).session(0, 60, 1, 0)
		stamp, local := b.u32(t0+600), b.u32(t0+600+tc.local)
		if tc.localFirst {
			b.def(4, 34, fieldDef{5, 4, tU32}, fieldDef{253, 4, tU32}).msg(4, local, stamp)
		} else {
			b.def(4, 34, fieldDef{253, 4, tU32}, fieldDef{5, 4, tU32}).msg(4, stamp, local)
		}
		a, _ := readFIT(t, b.file())
		if a.Zone != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, a.Zone, tc.want)
		}
	}
}

// Local times that cannot be what they say.
func TestFITZoneThatLies(t *testing.T) {
	const twentyYears, twentyEightYears = 631_065_600, 883_612_800
	for _, tc := range []struct {
		name       string
		utc, local int // from the end of the recording
		want       Zone
	}{
		{"swapped, east", 8 * 3600, 0, Zone{8 * 3600, OffsetFile}},
		{"swapped, west", -5 * 3600, 0, Zone{-5 * 3600, OffsetFile}},
		{"swapped, saved two minutes later", 2*3600 + 120, 120, Zone{2 * 3600, OffsetFile}},
		{"swapped, Nepal", 5*3600 + 2700, 0, Zone{5*3600 + 2700, OffsetFile}},
		{"right, Chatham", 0, 12*3600 + 2700, Zone{12*3600 + 2700, OffsetFile}},
		{"right, saved an hour later", 3600, 9 * 3600, Zone{8 * 3600, OffsetFile}},
		{"right, UTC", 0, 0, Zone{0, OffsetFile}},
		{"counted from 1970", 0, twentyYears + 8*3600, Zone{}},
		{"28 years ahead", 0, twentyEightYears + 8*3600, Zone{}},
		{"both 20 years ahead", twentyYears, twentyYears + 8*3600, Zone{8 * 3600, OffsetFile}},
	} {
		b := newActivityFile().plainRecords(0, 600).session(0, 600, 1, 0)
		b.def(4, 34, fieldDef{253, 4, tU32}, fieldDef{5, 4, tU32}).msg(4, b.u32(t0+600+tc.utc), b.u32(t0+600+tc.local))
		if a, _ := readFIT(t, b.file()); a.Zone != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, a.Zone, tc.want)
		}
	}
}

func TestFITPauses(t *testing.T) {
	b := newActivityFile().def(3, 21, fieldDef{253, 4, tU32}, fieldDef{0, 1, tEnum}, fieldDef{1, 1, tEnum}, fieldDef{3, 4, tU32})
	event := func(at int, event, kind byte) { b.msg(3, b.u32(t0+at), u8(event), u8(kind), b.u32(0)) }
	event(0, 0, 0)
	event(100, 0, 4)  // stop_all
	event(150, 0, 0)  // start
	event(180, 9, 4)  // the lap button is no pause
	event(200, 0, 1)  // stop
	event(210, 0, 4)  // again
	event(260, 0, 0)  // start
	event(300, 0, 0)  // start without a stop
	event(250, 0, 8)  // a stop in the past
	event(255, 0, 0)  // and its start: overlaps
	event(400, 0, 9)  // stop_disable_all
	event(9999, 0, 3) // marker
	a, _ := readFIT(t, b.plainRecords(0, 400).session(0, 400, 1, 0).file())
	same(t, "pauses", a.Pauses, []Interval{{100, 150}, {200, 260}})
}

func TestFITElevationSource(t *testing.T) {
	const external, local = 1, 5
	for _, tc := range []struct {
		name    string
		devices [][2]byte
		want    ElevSource
	}{
		{"no devices", nil, ElevUnknown},
		{"barometer", [][2]byte{{255, local}, {0, local}, {4, local}}, Barometer},
		{"a watch without one", [][2]byte{{255, local}, {0, local}, {3, local}, {10, local}}, GPSAltitude},
		{"one that lists nothing of use", [][2]byte{{255, local}, {8, local}}, ElevUnknown},
		{"an external sensor of the same number", [][2]byte{{4, external}}, ElevUnknown},
	} {
		b := newActivityFile().def(4, 23, fieldDef{1, 1, tU8}, fieldDef{25, 1, tEnum})
		for _, d := range tc.devices {
			b.msg(4, u8(d[0]), u8(d[1]))
		}
		a, _ := readFIT(t, b.plainRecords(0, 4).session(0, 60, 1, 0).file())
		if a.Elevation != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, a.Elevation, tc.want)
		}
	}
	b := newActivityFile().def(1, 20, fieldDef{253, 4, tU32}, fieldDef{3, 1, tU8}).msg(1, new(fitBuilder).u32(t0), u8(150))
	if a, _ := readFIT(t, b.file()); a.Elevation != "" {
		t.Errorf("a source %q of no altitude", a.Elevation)
	}
}

// TestFITDates reads records around times that no run has.
func TestFITDates(t *testing.T) {
	const year2107 = 3_700_000_000
	records := func(b *fitBuilder, times ...int) *fitBuilder {
		b.def(1, 20, fieldDef{253, 4, tU32}, fieldDef{3, 1, tU8})
		for _, at := range times {
			b.msg(1, b.u32(at), u8(150))
		}
		return b
	}
	for _, tc := range []struct {
		name string
		b    *fitBuilder
		kind ProblemKind
		// start and times are in FIT seconds.
		start int
		times []float64
	}{
		{"clock never set", records(newActivityFile(), 5, 6, 7), NoTime, 0, nil},
		{"no times at all", records(newActivityFile(), math.MaxUint32, math.MaxUint32), NoTime, 0, nil},
		{"2107", records(newActivityFile(), year2107, year2107+1), Implausible, 0, nil},
		{"the last second there is", records(newActivityFile(), math.MaxUint32-1), Implausible, 0, nil},
		{"a jump of decades", records(newActivityFile(), t0, year2107, t0+2, 7), "", t0, []float64{0, year2107 - t0, 2, 7 - t0}},
		{"a wrong first record", records(newActivityFile(), 7, t0, t0+1), "", t0, []float64{7 - t0, 0, 1}},
		{"session years before its records", records(newActivityFile(), t0, t0+1).session(-800*86_400, 60, 1, 0), "", t0, []float64{0, 1}},
		{"session without a clock", records(newActivityFile(), t0, t0+1).session(9-t0, 60, 1, 0), "", t0, []float64{0, 1}},
		{"session a little later than its records", records(newActivityFile(), t0, t0+1).session(1, 60, 1, 0), "", t0, []float64{0, 1}},
		{"session before its records", records(newActivityFile(), t0, t0+1).session(-30, 60, 1, 0), "", t0 - 30, []float64{30, 31}},
		{"session without a clock, no records", newActivityFile().session(9-t0, 60, 1, 0), NoTime, 0, nil},
		{"session that knows its end only", newActivityFile().def(2, 18, fieldDef{253, 4, tU32}, fieldDef{7, 4, tU32}).
			msg(2, new(fitBuilder).u32(t0+60), new(fitBuilder).u32(60_000)), "", t0, nil},
	} {
		acts, p := decodeFIT(tc.b.file(), new(buffers))
		if tc.kind != "" {
			if len(acts) != 0 || p == nil || p.Kind != tc.kind {
				t.Errorf("%s: %d activities, problem %v", tc.name, len(acts), p)
			}
			continue
		}
		if p != nil || len(acts) != 1 {
			t.Errorf("%s: %d activities, problem %v", tc.name, len(acts), p)
			continue
		}
		same(t, tc.name+": start", acts[0].Start.Unix(), int64(tc.start+fitEpoch))
		same(t, tc.name+": times", acts[0].Samples.T, tc.times)
	}
}

// TestFITBombs decodes files of a million one-byte messages, from which a plain decoder makes gigabytes.
func TestFITBombs(t *testing.T) {
	const messages = 2_000_000
	for _, tc := range []struct {
		name   string
		global int
		kind   ProblemKind
	}{
		{"records", 20, TooLarge},
		{"sessions", 18, TooLarge},
		{"laps", 19, TooLarge},
		{"sports", 12, TooLarge},
		{"activities", 34, TooLarge},
		{"file_ids", 0, Corrupt},
		{"events", 21, Corrupt},
		{"unknown", 9999, Corrupt},
	} {
		b := newActivityFile().def(1, tc.global)
		b.raw(make([]byte, messages)...)
		for i := len(b.body) - messages; i < len(b.body); i++ {
			b.body[i] = 1
		}
		allocated, p := bytesAllocated(b.file())
		if p == nil || p.Kind != tc.kind {
			t.Errorf("%s: problem %v", tc.name, p)
		}
		if limit := uint64(64*messages + 32<<20); allocated > limit {
			t.Errorf("%s: %d MB allocated for 2 MB", tc.name, allocated>>20)
		}
	}
}

// TestFITWideBomb spends one record on using every column and the rest of two megabytes on empty ones.
func TestFITWideBomb(t *testing.T) {
	b := new(fitBuilder).plainRecords(0, 1).def(2, 20, fieldDef{85, 2, tU16}).msg(2, new(fitBuilder).u16(9)).def(3, 20)
	for range 2_000_000 {
		b.raw(3)
	}
	allocated, p := bytesAllocated(b.file())
	const limit = 3*8*numColumns*maxFITRecords + 32<<20 // columns that were doubled until they held the last record, and slack for the race detector
	if p == nil || p.Kind != TooLarge || allocated > limit {
		t.Errorf("%d MB allocated for 2 MB, problem %v", allocated>>20, p)
	}
}

// bytesAllocated decodes with fresh buffers and returns what that took.
func bytesAllocated(data []byte) (uint64, *Problem) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, p := decodeFIT(data, new(buffers))
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, p
}

// TestFITChainBomb decodes as many chained files as fit into two megabytes.
func TestFITChainBomb(t *testing.T) {
	part := newActivityFile().session(0, 60, 1, 0).file()
	var data []byte
	for len(data) < 2<<20 {
		data = append(data, part...)
	}
	acts, _ := decodeFIT(data, new(buffers))
	if len(acts) > maxFITParts {
		t.Errorf("%d activities", len(acts))
	}
	if allocated, _ := bytesAllocated(data); allocated > uint64(64*len(data)+32<<20) {
		t.Errorf("%d MB allocated for %d bytes", allocated>>20, len(data))
	}
}
