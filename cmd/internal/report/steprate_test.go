package report

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"kneecheck/analyze"
	"kneecheck/analyze/lognote"
)

// curveNote is a runner whose cadence sank, with a treadmill, a hilly run and one at a walk among the runs.
const curveNote = `
athlete height 180
altitude barometer
every @166p5:40
week 2026-02-23 x12  6 _ 8p5:10@168 _ 6/treadmill _ 10p6:20@163
every @158p5:40
week x4              6 _ 8p5:10@161 _ 6/treadmill _ 10p6:20@153
week +1              3p7:30@150 _ 1p3:20@180
`

func curveLog(t *testing.T, note string) *analyze.Log {
	t.Helper()
	n, err := lognote.Parse(note)
	if err != nil {
		t.Fatal(err)
	}
	return n.Log
}

// TestCurves checks figures that are worked out by hand from the note. The last 28 days begin on a Thursday: they hold
// four treadmill runs and four on Sunday, three on Monday and three on Wednesday, and those of the unfinished week.
func TestCurves(t *testing.T) {
	log := curveLog(t, curveNote)
	tests := []struct {
		name string
		draw func(io.Writer, *analyze.Log, analyze.Units, TextOptions) error
		u    analyze.Units
		want []string
	}{
		{"expected", CadenceCurve, analyze.Kilometres, []string{
			// 3 × (34 + 41.3) + 4 × (34 + 63.3) min, then 22.5 min too slow and 3.3 min too fast for an expectation.
			"Of 641 min run in the last 28 days",
			"615 min show your steps on near-level ground",
			"Left out: 22 min slower than 6:57 /km; 3 min faster than 3:37 /km.",
			"runners of 180 cm take at a pace, not a target",
			// 2.6–2.8 m/s: 165 + 6.5 (2.7 − 3.04) − 2.5 = 160.3; 3.2–3.4 m/s: 165 + 6.5 (3.3 − 3.04) − 2.5 = 164.2.
			"6:25–5:57  253  ██████████    153       160      −7",
			"5:57–5:33  238  ",
			"5:13–4:54  124  ████▉         161       164      −3",
		}},
		{"miles", CadenceCurve, analyze.Miles, []string{"pace /mi ", "slower than 11:11 /mi", "10:19–9:35  253  "}},
		{"before", CadenceChange, analyze.Kilometres, []string{
			"before (26 Feb – 20 May 2026)",
			"Now Left out: 136 min in 4 runs on a treadmill, whose speed is not calibrated.",
			"6:25–5:57  253  ██████████  153.0   163.0  −6.1 %",
			// The Monday of the week before the window was run with 158 already: (11 × 166 + 158) ÷ 12, and so the Wednesday.
			"5:57–5:33  102  ████        158.0   165.3  −4.4 %",
			"5:13–4:54  124  ████▉       161.0   167.4  −3.8 %",
			// (253 × 153 + 102 × 158 + 124 × 161) ÷ (253 × 163 + 102 × 165.3 + 124 × 167.4)
			"you take 5.2 % fewer steps a minute than before.",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := tt.draw(&b, log, tt.u, TextOptions{}); err != nil {
				t.Fatal(err)
			}
			// Sentences are looked for without their line breaks, table rows as they are.
			flowing := strings.Join(strings.Fields(b.String()), " ")
			for _, want := range tt.want {
				if !strings.Contains(b.String(), want) && !strings.Contains(flowing, want) {
					t.Errorf("no %q in\n%s", want, &b)
				}
			}
		})
	}
}

// TestCurveWidths draws curves of many kinds at many widths: no line is too long, and nothing is said that is not known.
func TestCurveWidths(t *testing.T) {
	notes := map[string]string{
		"rich": richNote, "curve": curveNote, "no cadence": noCadenceNote, "first week": firstWeekNote,
		"one very high cadence": "week 2026-06-08 10@250 _ 10@100 _ 10@165",
		"too fast and too slow": "week 2026-06-08 10@200p3:00 _ 5@150p9:00",
		"two minutes":           "week 2026-06-08 0.4@160",
	}
	for name, note := range notes {
		log := curveLog(t, note)
		for _, draw := range []func(io.Writer, *analyze.Log, analyze.Units, TextOptions) error{CadenceCurve, CadenceChange} {
			for _, width := range []int{60, 72, 80, 100, 160} {
				var b bytes.Buffer
				if err := draw(&b, log, analyze.Miles, TextOptions{Width: width}); err != nil {
					t.Fatal(err)
				}
				checkWidth(t, b.String(), width)
				if strings.Contains(b.String(), "NaN") || !strings.HasPrefix(b.String(), "Curve ") {
					t.Errorf("%s at %d:\n%s", name, width, &b)
				}
			}
		}
	}
}

func TestCurveWriterErrors(t *testing.T) {
	log := curveLog(t, curveNote)
	for _, draw := range []func(io.Writer, *analyze.Log, analyze.Units, TextOptions) error{CadenceCurve, CadenceChange} {
		if err := draw(brokenPipe{}, log, analyze.Kilometres, TextOptions{}); !errors.Is(err, errPipe) {
			t.Errorf("error %v, want %v", err, errPipe)
		}
	}
}
