package ingesttest

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"github.com/muktihari/fit/encoder"
	"github.com/muktihari/fit/kit/semicircles"
	"github.com/muktihari/fit/profile"
	"github.com/muktihari/fit/profile/basetype"
	"github.com/muktihari/fit/profile/factory"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/proto"
)

// FIT writes the run as a watch with a barometer would: strides a minute, local time in the activity message.
func (r Run) FIT() []byte {
	points := r.points()
	end := points[len(points)-1].t
	fit := &proto.FIT{FileHeader: proto.FileHeader{ProtocolVersion: proto.V2}}
	add := func(m interface {
		ToMesg(*mesgdef.Options) proto.Message
	}) {
		fit.Messages = append(fit.Messages, m.ToMesg(nil))
	}
	add(mesgdef.NewFileId(nil).SetType(typedef.FileActivity).SetManufacturer(typedef.ManufacturerDevelopment).SetProduct(1).
		SetSerialNumber(uint32(r.Start.Unix())).SetTimeCreated(r.Start))
	for _, local := range []typedef.LocalDeviceType{typedef.LocalDeviceTypeGps, typedef.LocalDeviceTypeBarometer} {
		add(mesgdef.NewDeviceInfo(nil).SetTimestamp(r.Start).SetSourceType(typedef.SourceTypeLocal).SetDeviceType(uint8(local)))
	}
	add(mesgdef.NewEvent(nil).SetTimestamp(r.Start).SetEvent(typedef.EventTimer).SetEventType(typedef.EventTypeStart))
	lap := 0
	for i, p := range points {
		add(r.record(p))
		if r.Watch == FullWatch && p.dist-points[lap].dist >= lapM {
			add(fitLap(points[lap : i+1]))
			lap = i
		}
	}
	add(mesgdef.NewEvent(nil).SetTimestamp(end).SetEvent(typedef.EventTimer).SetEventType(typedef.EventTypeStopAll))
	add(r.session(end))
	add(mesgdef.NewActivity(nil).SetTimestamp(end).SetNumSessions(1).SetType(typedef.ActivityManual).
		SetEvent(typedef.EventActivity).SetEventType(typedef.EventTypeStop).
		SetTotalTimerTimeScaled(end.Sub(r.Start).Seconds()).
		SetLocalTimestamp(end.Add(time.Duration(r.OffsetS) * time.Second)))
	var b bytes.Buffer
	var options []encoder.Option
	if r.Watch == OldWatch {
		options = append(options, encoder.WithHeaderOption(encoder.HeaderOptionCompressedTimestamp, 3))
	}
	if err := encoder.New(&b, options...).Encode(fit); err != nil {
		// Only a mistake in this file can lead here.
		panic(fmt.Sprintf("ingesttest: %v", err))
	}
	return b.Bytes()
}

func (r Run) record(p point) *mesgdef.Record {
	m := mesgdef.NewRecord(nil).SetTimestamp(p.t).SetDistanceScaled(p.dist).SetHeartRate(uint8(p.heart))
	if r.CadenceSPM > 0 {
		strides := p.cadence / 2
		whole := math.Floor(strides)
		m.SetCadence(uint8(whole)).SetFractionalCadenceScaled(math.Floor((strides-whole)*2) / 2)
	}
	if !r.Treadmill {
		m.SetPositionLat(semicircles.ToSemicircles(p.lat)).SetPositionLong(semicircles.ToSemicircles(p.lon))
	}
	switch {
	case r.Watch != OldWatch:
		m.SetEnhancedSpeedScaled(p.spd)
		if !r.Treadmill {
			m.SetEnhancedAltitudeScaled(p.elev)
		}
	default:
		m.SetSpeedScaled(p.spd)
		if !r.Treadmill {
			m.SetAltitudeScaled(p.elev)
		}
	}
	if r.Watch == FullWatch {
		r.dynamics(m, p)
	}
	return m
}

// dynamics adds what a chest strap and the watch measure beside. The numbers follow speed and cadence and are otherwise
// of no account; the last three fields stand in no profile.
func (r Run) dynamics(m *mesgdef.Record, p point) {
	step := 60 * p.spd / max(p.cadence, 1)
	m.SetTemperature(18).SetVerticalOscillationScaled(60+20*step).SetVerticalRatioScaled(6+step).
		SetStanceTimeScaled(310-20*p.spd).SetStanceTimePercentScaled(36-p.spd).SetStepLengthScaled(1000*step).
		SetUnknownFields(
			unknownField(88, basetype.Uint16, proto.Uint16(300)),
			unknownField(107, basetype.Uint8, proto.Uint8(uint8(p.t.Unix()%2))),
			unknownField(135, basetype.Uint8, proto.Uint8(uint8(p.heart))))
}

func unknownField(num byte, base basetype.BaseType, v proto.Value) proto.Field {
	return proto.Field{FieldBase: &proto.FieldBase{
		Name: factory.NameUnknown, Num: num, Type: profile.ProfileTypeFromBaseType(base), BaseType: base, Scale: 1,
	}, Value: v}
}

// fitLap sums up the points of one kilometre.
func fitLap(points []point) *mesgdef.Lap {
	first, last := points[0], points[len(points)-1]
	seconds := last.t.Sub(first.t).Seconds()
	return mesgdef.NewLap(nil).SetTimestamp(last.t).SetStartTime(first.t).SetSport(typedef.SportRunning).
		SetEvent(typedef.EventLap).SetEventType(typedef.EventTypeStop).
		SetTotalElapsedTimeScaled(seconds).SetTotalTimerTimeScaled(seconds).SetTotalDistanceScaled(last.dist - first.dist)
}

func (r Run) session(end time.Time) *mesgdef.Session {
	s := mesgdef.NewSession(nil).SetTimestamp(end).SetStartTime(r.Start).SetSport(typedef.SportRunning).
		SetSubSport(typedef.SubSportGeneric).SetEvent(typedef.EventLap).SetEventType(typedef.EventTypeStop).
		SetTotalElapsedTimeScaled(end.Sub(r.Start).Seconds()).SetTotalTimerTimeScaled(end.Sub(r.Start).Seconds()).
		SetTotalDistanceScaled(r.DistM)
	switch {
	case r.Treadmill:
		s.SetSubSport(typedef.SubSportTreadmill)
	case r.Trail:
		s.SetSubSport(typedef.SubSportTrail)
	}
	if r.CadenceSPM > 0 {
		mean := r.CadenceSPM
		if r.CadenceEndSPM > 0 {
			mean = (r.CadenceSPM + r.CadenceEndSPM) / 2
		}
		s.SetAvgCadence(uint8(math.Round(mean / 2)))
	}
	if !r.Treadmill {
		ascent, descent := r.climbed()
		s.SetTotalAscent(uint16(math.Round(ascent))).SetTotalDescent(uint16(math.Round(descent)))
	}
	return s
}
