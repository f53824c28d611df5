package sim

import (
	"math"
	"math/rand/v2"
)

// Shape is a loop that runners do laps on.
type Shape int

// The shapes. Only the first is a running track.
const (
	Oval Shape = iota
	// Block is a rectangle of streets about as long as a lap.
	Block
	// Rectangle is 160 by 68 m, a track with corners.
	Rectangle
	// Park is a 400 m loop, longer than wide, of gentle bends.
	Park
	// Irregular is a round loop of 350 to 450 m.
	Irregular
)

// Laps makes a run of 4 to 20 laps of a shape, with a way there and back and with rests. Way is 1 on the loop and 0
// elsewhere.
func Laps(shape Shape, noise Noise, seed uint64) Run {
	rng := rand.New(rand.NewPCG(seed, 4))
	g := &Graph{plane: newPlane(47.5, 8.5)}
	r := &runner{g: g, rng: rng, noise: noise, speed: slowMPS + rng.Float64()*(fastMPS-slowMPS)}
	loop := shape.points(rng)
	turn := rng.Float64() * 2 * math.Pi
	sin, cos := math.Sincos(turn)
	for i, p := range loop {
		loop[i] = [2]float64{p[0]*cos - p[1]*sin, p[0]*sin + p[1]*cos}
	}
	entry := rng.IntN(len(loop))
	there := wander(rng, loop[entry])
	r.line(there, 0)
	laps := 4 + rng.IntN(17)
	rest := rng.IntN(3)
	for lap := range laps {
		for i := range loop {
			a, b := loop[(entry+i)%len(loop)], loop[(entry+i+1)%len(loop)]
			r.line([][2]float64{a, b}, 1)
		}
		if rest > 0 && lap%rest == 0 && lap+1 < laps {
			r.stand(loop[entry], 20+rng.IntN(70))
		}
	}
	for i, j := 0, len(there)-1; i < j; i, j = i+1, j-1 {
		there[i], there[j] = there[j], there[i]
	}
	r.line(there, 0)
	return r.run
}

// points is the loop in metres, closed without repeating its first.
func (s Shape) points(rng *rand.Rand) (out [][2]float64) {
	put := func(x, y float64) { out = append(out, [2]float64{x, y}) }
	switch s {
	case Oval:
		// Older tracks have other straights with the same lap.
		half := 42.195 + 1.5*rng.NormFloat64()
		bend := (400-4*half)/(2*math.Pi) + 1.22*float64(rng.IntN(6))
		for i := range 37 {
			sin, cos := math.Sincos(math.Pi * (float64(i)/36 - .5))
			put(half+bend*cos, bend*sin)
		}
		for i := range 37 {
			sin, cos := math.Sincos(math.Pi * (float64(i)/36 + .5))
			put(-half+bend*cos, bend*sin)
		}
	case Block, Rectangle:
		x, y := 80.0, 34.0
		if s == Block {
			around := 380 + 80*rng.Float64()
			x = around / 4 * (.5 + .3*rng.Float64())
			y = around/4 - x
		}
		put(x, -y)
		put(x, y)
		put(-x, y)
		put(-x, -y)
	case Park:
		// A superellipse of random roundness and proportion, scaled to 400 m.
		n, flat := 2+1.5*rng.Float64(), .4+.25*rng.Float64()
		for i := range 72 {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / 72)
			put(math.Copysign(math.Pow(math.Abs(cos), 2/n), cos), flat*math.Copysign(math.Pow(math.Abs(sin), 2/n), sin))
		}
		scaleTo(out, 390+20*rng.Float64())
	case Irregular:
		var amp, phase [6]float64
		for k := range amp {
			amp[k], phase[k] = .22/float64(k+1)*rng.NormFloat64(), 2*math.Pi*rng.Float64()
		}
		for i := range 72 {
			a := 2 * math.Pi * float64(i) / 72
			d := 1.0
			for k := range amp {
				d += amp[k] * math.Cos(float64(k+2)*a+phase[k])
			}
			d = max(d, .3)
			put(d*math.Cos(a), d*math.Sin(a))
		}
		scaleTo(out, 350+100*rng.Float64())
	}
	return out
}

func scaleTo(loop [][2]float64, lenM float64) {
	var sum float64
	for i, p := range loop {
		q := loop[(i+1)%len(loop)]
		sum += math.Hypot(q[0]-p[0], q[1]-p[1])
	}
	for i := range loop {
		loop[i][0] *= lenM / sum
		loop[i][1] *= lenM / sum
	}
}

// wander is a crooked way of 0.5 to 2 km that ends at a place.
func wander(rng *rand.Rand, end [2]float64) (out [][2]float64) {
	a := rng.Float64() * 2 * math.Pi
	at := end
	for range 5 + rng.IntN(15) {
		out = append(out, at)
		a += .8 * rng.NormFloat64()
		d := 60 + 80*rng.Float64()
		at = [2]float64{at[0] + d*math.Cos(a), at[1] + d*math.Sin(a)}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// line runs along a line.
func (r *runner) line(points [][2]float64, way int32) {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		d := math.Hypot(b[0]-a[0], b[1]-a[1])
		if d == 0 {
			continue
		}
		for ; r.sum < d; r.sum += r.tick() {
			f := r.sum / d
			r.put(a[0]+f*(b[0]-a[0]), a[1]+f*(b[1]-a[1]), way)
		}
		r.sum -= d
		r.run.DistM += d
	}
}

// stand stays for some seconds.
func (r *runner) stand(at [2]float64, seconds int) {
	for range seconds {
		r.put(at[0], at[1], 1)
	}
}
