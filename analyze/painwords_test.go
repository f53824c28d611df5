package analyze

import "testing"

func TestHurtsAndWell(t *testing.T) {
	for _, tt := range []struct {
		name        string
		pain        Pain
		hurts, well bool
	}{
		{"pain", Pain{During: 1}, true, false},
		{"no pain", Pain{During: 0}, false, true},
		{"no pain and no sign", Pain{During: 0, NoSigns: true}, false, true},
		{"no sign", Pain{During: -1, NoSigns: true}, false, true},
		{"no sign but pain", Pain{During: 2, NoSigns: true}, true, false},
		{"no pain but a sign", Pain{During: 0, Signs: []PainSign{Clicking}}, true, false},
		{"no pain but a worse morning", Pain{During: 0, NextMorning: MorningWorse}, true, false},
		{"settled within the hour", Pain{During: -1, Settled: SettledIn60Min}, false, false},
		{"settled later", Pain{During: -1, Settled: NeverSettled}, true, false},
		{"a place alone", Pain{During: -1, Place: BackOfKnee}, true, false},
		{"a place without a sign", Pain{During: -1, Place: BackOfKnee, NoSigns: true}, false, true},
		{"a note alone", Pain{During: -1, Note: "new shoes"}, false, false},
	} {
		if h, w := tt.pain.Hurts(), tt.pain.Well(); h != tt.hurts || w != tt.well {
			t.Errorf("%s: hurts %t, well %t", tt.name, h, w)
		}
	}
}

func TestPainSides(t *testing.T) {
	if LeftKnee.Meets(RightKnee) || !LeftKnee.Meets(BothKnees) || !PainSide("").Meets(RightKnee) || !LeftKnee.Meets(LeftKnee) {
		t.Error("left meets left, both and what was not said, and not right")
	}
}

func TestPainInWords(t *testing.T) {
	p := Pain{Side: RightKnee, Place: OuterSide, During: 4, Settled: SettledIn24H, NextMorning: MorningSame, Signs: []PainSign{GivingWay, Limp}}
	if got, want := p.Where()+": "+p.What(), "right knee, outer side: 4/10 while running, gone within 24 hours, the same the next morning, giving way, a limp"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// Every spelling has words.
	for _, s := range PainSettledTimes() {
		if s.Words() == "" {
			t.Errorf("%s has no words", s)
		}
	}
	if got := (&Pain{During: -1}).What(); got != "" {
		t.Errorf("an empty entry says %q", got)
	}
}
