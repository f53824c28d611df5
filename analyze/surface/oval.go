package surface

import "math"

// A 400 m track is two straights of 84.39 m and two bends of 36.5 m radius at the kerb (World Athletics, Track and Field
// Facilities Manual); a lap is 400 m in lane 1 and 438 m in lane 6. Other standard tracks have straights of 80 to 86 m.
// The fit is drawn to the middle lanes of the standard track, in metres, and may be as far from it as the limits say.
const (
	halfStraightM, halfStraightSpreadM = 42.2, 2.5
	minHalfStraightM, maxHalfStraightM = 38, 46
	bendM, bendSpreadM                 = 39, 3
	minBendM, maxBendM                 = 33.5, 47
	minRoundM, maxRoundM               = 385, 455
	// priorSteps is how many steps the standard track counts for one of.
	priorSteps = 60
)

// How laps are looked for: in windows of windowM, two laps or so, that move on by windowHop steps. A window whose extent,
// as the diagonal of a box around it, is below minAcrossM or above maxAcrossM holds no laps. fitRounds is how often the fit
// is improved; beyond huberM positions count less, and beyond clipM no more for the noise.
const (
	windowM, windowHop     = 900, 12
	minAcrossM, maxAcrossM = 140, 260
	fitRounds              = 8
	huberM, clipM          = 6, 15
)

// What makes laps, tuned on simulated sessions and loops. A step is part of a lap where it is within nearCurveM +
// nearCurveFactor × the noise of the oval, and at an angle to it whose cosine is minAlong or more. Such steps must be
// minOnShare of all, go round minTurns times, and be as long as the oval within minPerRound to maxPerRound, measured by
// chords of chordSteps, for noise makes short ones longer. A path of another shape is off the oval in the same places lap
// after lap: the mean distances from it, in shapeBins parts of the lap, may be shapeM + shapeFactor × what noise leaves of
// them.
const (
	nearCurveM, nearCurveFactor = 8, 2.5
	minAlong                    = 0.5
	minOnShare                  = 0.75
	minTurns                    = 1.8
	minPerRound, maxPerRound    = 0.94, 1.075
	chordSteps                  = 3
	shapeBins                   = 24
	shapeM, shapeFactor         = 0.4, 0.8
	// Above sureRMSM of noise a loop of streets may pass for a track, and above maxRMSM nothing can be told.
	sureRMSM, maxRMSM = 6.5, 12
	// Laps end where more than maxOffCurve steps in a row are not part of one.
	maxOffCurve = 4
)

// oval is a curve at a distance from a segment: a stadium.
type oval struct {
	// x and y are the middle, dx and dy the direction of the straights.
	x, y, dx, dy float64
	halfM, bendM float64
	// rmsM is how far the positions are from it.
	rmsM float64
	// sense is 1 for laps to the left and -1 to the right.
	sense float64
}

// roundM is the length of a lap.
func (o *oval) roundM() float64 { return 2*math.Pi*o.bendM + 4*o.halfM }

// off is how far outside the curve a place is, negative inside. along is where on the segment its nearest point is, and
// ux, uy the direction from there to the place.
func (o *oval) off(x, y float64) (off, along, ux, uy float64) {
	px, py := x-o.x, y-o.y
	along = max(-o.halfM, min(px*o.dx+py*o.dy, o.halfM))
	px, py = px-along*o.dx, py-along*o.dy
	d := math.Hypot(px, py)
	if d == 0 {
		return -o.bendM, along, 0, 0
	}
	return d - o.bendM, along, px / d, py / d
}

// lapSpan is a stretch of steps run on an oval.
type lapSpan struct {
	span
	oval oval
	sure bool
}

// ovalFinder finds laps of a 400 m track in steps.
type ovalFinder struct{ spans []lapSpan }

// find looks through one chain.
func (f *ovalFinder) find(steps []step, first int32) {
	// Laps do not reach back behind low, where others ended.
	from, low := 0, 0
	for from < len(steps) {
		end := from
		for sum := 0.0; end < len(steps) && sum < windowM; end++ {
			sum += steps[end].nextM
		}
		if end == len(steps) && end-from < windowHop {
			return
		}
		o, ok := fitOval(steps[from:end])
		if !ok {
			if end == len(steps) {
				return
			}
			from += windowHop
			continue
		}
		a, b := o.extend(steps, low, from, end)
		// All laps together tell the shape better than two.
		if whole, ok := o.refit(steps[a:b]); ok {
			a, b = whole.extend(steps, low, a, b)
			f.spans = append(f.spans, lapSpan{span{first + int32(a), first + int32(b)}, whole, whole.rmsM <= sureRMSM})
			low = b
		}
		from = max(b, from+windowHop)
	}
}

// A glance at positions glanceS apart is enough to rule laps out: so much of the way as the least laps have, glanceM by its
// chords, must lie within the extent of a track, glanceAcrossM with some noise. Both are on the safe side of what find asks:
// of a bend run at 6 m/s a chord of glanceS leaves out a tenth.
const (
	glanceS       = 10
	glanceM       = 650
	glanceAcrossM = maxAcrossM + 30
)

// mayHoldLaps is false for a track that never stays within the extent of an oval for as long as the least laps take. It is
// true without positions, and for one that stays there altogether.
func (p *path) mayHoldLaps(t Trace) bool {
	points := p.raw[:0]
	var plane plane
	n := min(len(t.T), len(t.LatDeg), len(t.LonDeg))
	for i := range n {
		if !usable(t.T[i], t.LatDeg[i], t.LonDeg[i]) {
			continue
		}
		if k := len(points); k == 0 {
			plane = newPlane(t.LatDeg[i], t.LonDeg[i])
		} else if t.T[i]-points[k-1].t < glanceS {
			continue
		}
		x, y := plane.xy(t.LatDeg[i], t.LonDeg[i])
		points = append(points, point{t.T[i], x, y})
	}
	p.raw = points
	for from := range points {
		x0, y0, x1, y1, lenM := points[from].x, points[from].y, points[from].x, points[from].y, 0.0
		end := from + 1
		for ; end < len(points); end++ {
			a, b := points[end-1], points[end]
			x0, y0, x1, y1 = min(x0, b.x), min(y0, b.y), max(x1, b.x), max(y1, b.y)
			// math.Hypot, which minds overflow, made this glance twice as long.
			if across := (x1-x0)*(x1-x0) + (y1-y0)*(y1-y0); across > glanceAcrossM*glanceAcrossM {
				break
			}
			if lenM += math.Sqrt((b.x-a.x)*(b.x-a.x) + (b.y-a.y)*(b.y-a.y)); lenM >= glanceM {
				return true
			}
		}
		if end == len(points) {
			return from == 0 // what is left is shorter still
		}
	}
	return true
}

// fitOval is the track that two laps or so were run on, if they were.
func fitOval(steps []step) (oval, bool) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := range steps {
		s := &steps[i]
		x0, y0, x1, y1 = min(x0, s.x), min(y0, s.y), max(x1, s.x), max(y1, s.y)
	}
	if d := math.Hypot(x1-x0, y1-y0); !(d >= minAcrossM && d <= maxAcrossM) {
		return oval{}, false
	}
	o := startOval(steps)
	return o.refit(steps)
}

// startOval is a standard track in the middle of the steps, along their longer axis.
func startOval(steps []step) oval {
	var mx, my, xx, xy, yy float64
	for i := range steps {
		mx, my = mx+steps[i].x, my+steps[i].y
	}
	n := float64(len(steps))
	mx, my = mx/n, my/n
	for i := range steps {
		x, y := steps[i].x-mx, steps[i].y-my
		xx, xy, yy = xx+x*x, xy+x*y, yy+y*y
	}
	sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
	// The middle of the extent is where the laps' middle is also when the laps are not whole.
	lowU, highU, lowV, highV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for i := range steps {
		x, y := steps[i].x-mx, steps[i].y-my
		u, v := x*cos+y*sin, y*cos-x*sin
		lowU, highU, lowV, highV = min(lowU, u), max(highU, u), min(lowV, v), max(highV, v)
	}
	u, v := (lowU+highU)/2, (lowV+highV)/2
	return oval{x: mx + u*cos - v*sin, y: my + u*sin + v*cos, dx: cos, dy: sin, halfM: halfStraightM, bendM: bendM}
}

// refit fits the oval to steps and tells whether they are laps of a track.
func (o oval) refit(steps []step) (oval, bool) {
	for range fitRounds {
		if !o.improve(steps) {
			return o, false
		}
	}
	if o.halfM < minHalfStraightM || o.halfM > maxHalfStraightM || o.bendM < minBendM || o.bendM > maxBendM ||
		o.roundM() < minRoundM || o.roundM() > maxRoundM {
		return o, false
	}
	return o, o.runOn(steps)
}

// improve is one round of Gauss and Newton on middle, direction, straights and bends, with the standard track as a prior
// and Huber's weights against outliers.
func (o *oval) improve(steps []step) bool {
	var a [5][6]float64
	weight := float64(len(steps)) / priorSteps
	a[3][3], a[3][5] = weight*huberM*huberM/(halfStraightSpreadM*halfStraightSpreadM), 0
	a[3][5] = a[3][3] * (halfStraightM - o.halfM)
	a[4][4] = weight * huberM * huberM / (bendSpreadM * bendSpreadM)
	a[4][5] = a[4][4] * (bendM - o.bendM)
	for i := range steps {
		off, along, ux, uy := o.off(steps[i].x, steps[i].y)
		// How off changes with the middle, the direction, the straights and the bends.
		j := [5]float64{-ux, -uy, -along * (uy*o.dx - ux*o.dy), 0, -1}
		if along >= o.halfM {
			j[3] = -(ux*o.dx + uy*o.dy)
		} else if along <= -o.halfM {
			j[3] = ux*o.dx + uy*o.dy
		}
		w := 1.0
		if d := math.Abs(off); d > huberM {
			w = huberM / d
		}
		for r := range 5 {
			for c := r; c < 5; c++ {
				a[r][c] += w * j[r] * j[c]
			}
			a[r][5] -= w * j[r] * off
		}
	}
	for r := range 5 {
		for c := range r {
			a[r][c] = a[c][r]
		}
	}
	d, ok := solve(&a)
	if !ok || math.Abs(d[2]) > 1 {
		return false
	}
	o.x, o.y = o.x+d[0], o.y+d[1]
	sin, cos := math.Sincos(d[2])
	o.dx, o.dy = o.dx*cos-o.dy*sin, o.dy*cos+o.dx*sin
	o.halfM, o.bendM = max(o.halfM+d[3], 1), max(o.bendM+d[4], 1)
	return true
}

// solve solves five equations by elimination with row exchange.
func solve(a *[5][6]float64) (x [5]float64, ok bool) {
	for c := range 5 {
		p := c
		for r := c + 1; r < 5; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		if math.Abs(a[c][c]) < 1e-9 {
			return x, false
		}
		for r := c + 1; r < 5; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < 6; k++ {
				a[r][k] -= f * a[c][k]
			}
		}
	}
	for r := 4; r >= 0; r-- {
		x[r] = a[r][5]
		for c := r + 1; c < 5; c++ {
			x[r] -= a[r][c] * x[c]
		}
		x[r] /= a[r][r]
	}
	return x, true
}

// runOn tells whether steps are laps of the oval: near it, round and round, as long as it is, and of its shape.
func (o *oval) runOn(steps []step) bool {
	o.settle(steps)
	var net, length, sum, on float64
	var shape, count [shapeBins]float64
	before, run := 0.0, 0
	for i := range steps {
		off, ok := o.lap(&steps[i])
		if !ok {
			run = 0
			continue
		}
		u, v := o.inside(steps[i].x, steps[i].y)
		angle := math.Atan2(v, u)
		if run > 0 && run%chordSteps == 0 {
			net += o.sense * math.Remainder(angle-before, 2*math.Pi)
			length += math.Hypot(steps[i].x-steps[i-chordSteps].x, steps[i].y-steps[i-chordSteps].y)
		}
		if run%chordSteps == 0 {
			before = angle
		}
		run++
		b := min(int((angle+math.Pi)/(2*math.Pi)*shapeBins), shapeBins-1)
		shape[b], count[b] = shape[b]+off, count[b]+1
		sum, on = sum+off*off, on+1
	}
	turns := net / (2 * math.Pi)
	if on < minOnShare*float64(len(steps)) || turns < minTurns {
		return false
	}
	o.rmsM = math.Sqrt(sum / on)
	ratio := length / turns / o.roundM()
	if o.rmsM > maxRMSM || ratio < minPerRound || ratio > maxPerRound {
		return false
	}
	// What all laps have in common is no noise but another shape.
	var common float64
	for b := range shape {
		if count[b] > 0 {
			common += shape[b] * shape[b] / count[b] / on
		}
	}
	noise := math.Sqrt(max(sum/on-common, 0) / turns)
	return math.Sqrt(common) <= shapeM+shapeFactor*noise
}

// settle finds the sense of running and how near to the oval is near.
func (o *oval) settle(steps []step) {
	var sum, sense float64
	for i := range steps {
		s := &steps[i]
		off, _, ux, uy := o.off(s.x, s.y)
		sum += min(off*off, clipM*clipM)
		sense += ux*s.dy - uy*s.dx
	}
	o.rmsM = math.Sqrt(sum / float64(len(steps)))
	o.sense = math.Copysign(1, sense)
}

// lap tells whether a step is part of a lap: near the oval, along it, and not stood still. off is how far outside it is.
func (o *oval) lap(s *step) (off float64, ok bool) {
	off, _, ux, uy := o.off(s.x, s.y)
	along := o.sense * (ux*s.dy - uy*s.dx)
	return off, math.Abs(off) <= nearCurveM+nearCurveFactor*o.rmsM && along >= minAlong
}

// inside is a place along and across the straights, from the middle.
func (o *oval) inside(x, y float64) (u, v float64) {
	x, y = x-o.x, y-o.y
	return x*o.dx + y*o.dy, y*o.dx - x*o.dy
}

// extend lengthens a stretch of laps in both directions, but not behind low, as long as the steps stay on the oval.
func (o *oval) extend(steps []step, low, a, b int) (int, int) {
	for off, i := 0, a-1; i >= low && off < maxOffCurve; i-- {
		if _, ok := o.lap(&steps[i]); ok {
			a, off = i, 0
		} else {
			off++
		}
	}
	for off, i := 0, b; i < len(steps) && off < maxOffCurve; i++ {
		if _, ok := o.lap(&steps[i]); ok {
			b, off = i+1, 0
		} else {
			off++
		}
	}
	return a, b
}
