package surface

// trackCode and noWay name what laps tell; no code and no way of a map is negative.
const (
	trackCode = -2
	noWay     = -1
)

// A mapped track is the one run on where mappedShare of the steps match it. Where tagKeepsShare of the steps are on ways
// with a surface tag, the laps were on those.
const (
	mappedShare   = 0.3
	tagKeepsShare = 0.8
)

// applyLaps finds the laps of a 400 m track and brings them into the verdicts. It returns their metres.
func (m *Matcher) applyLaps(t *tally, mapped bool) float64 {
	f := &m.ovals
	f.spans = f.spans[:0]
	for _, c := range m.path.chains {
		f.find(m.path.steps[c.first:c.end], c.first)
	}
	var metres float64
	for i := range f.spans {
		metres += m.applyLapSpan(t, &f.spans[i], mapped)
	}
	return metres
}

// applyLapSpan says of the steps of one stretch of laps that they are on a track: on the mapped one if there is one, which
// may be of gravel or ash. A map that says otherwise by tags keeps its word, and so does any map where laps are too noisy
// to be sure.
func (m *Matcher) applyLapSpan(t *tally, laps *lapSpan, mapped bool) float64 {
	v := verdict{known: true, code: trackCode, way: noWay}
	v.mix[Track] = 1
	if mapped {
		way, tagged := m.mappedTrack(laps.span)
		switch {
		case way != nil:
			v.mix, v.hard = way.Mix, way.Mix.Group(Hard)
			if way.Tagged {
				v.tagged = 1
				sharpen(&v.mix)
			}
			v.code = int32(way.Code)
			laps.sure = true
		case tagged >= tagKeepsShare:
			return 0
		}
	}
	t.res.ProbableTrack = t.res.ProbableTrack || !laps.sure
	var metres float64
	for s := laps.first; s < laps.end; s++ {
		step := &m.path.steps[s]
		if _, ok := laps.oval.lap(step); !ok || !laps.sure && m.verdicts[s].known {
			continue
		}
		m.verdicts[s] = v
		metres += step.lenM
	}
	return metres
}

// mappedTrack is the running track of the map on which the steps mostly are, if any, and the share of them that is on
// tagged ways.
func (m *Matcher) mappedTrack(s span) (*Way, float32) {
	var onTrack, tagged, most float32
	var best *Way
	for i := s.first; i < s.end; i++ {
		for _, c := range m.states[m.first[i]:m.first[i+1]] {
			if c.edge < 0 {
				continue
			}
			way := &m.ground.net.Ways[m.ground.edges[c.edge].way]
			if codeOf(way.Code).kind == kindOval {
				onTrack += c.weight
				if c.weight > most {
					best, most = way, c.weight
				}
			}
		}
		if v := &m.verdicts[i]; v.known && v.tagged >= knownP {
			tagged++
		}
	}
	n := float32(s.end - s.first)
	if onTrack < mappedShare*n {
		best = nil
	}
	return best, tagged / n
}
