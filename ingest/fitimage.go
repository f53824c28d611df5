package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/tormoder/fit"
)

// The messages with a meaning for us (FIT profile, "mesg_num").
const (
	fitFileID     = uint16(fit.MesgNumFileId)
	fitSport      = uint16(fit.MesgNumSport)
	fitSession    = uint16(fit.MesgNumSession)
	fitLap        = uint16(fit.MesgNumLap)
	fitRecord     = uint16(fit.MesgNumRecord)
	fitEvent      = uint16(fit.MesgNumEvent)
	fitDeviceInfo = uint16(fit.MesgNumDeviceInfo)
	fitActivity   = uint16(fit.MesgNumActivity)
)

// fitMessage is a message of the image: what it is read from, what it becomes, and its fields.
type fitMessage struct {
	// global is the message in the file, as the one in the image.
	global, as uint16
	fields     []fitImageField
	// only, if set, takes just the messages whose field of that index has the value.
	only  int
	value int64
}

// fitImageField is a field of the image: its number in the file, its number in the image and the type in which the
// library accepts it.
type fitImageField struct{ num, as, base uint8 }

const maxFITImageFields = 11

// The fields of the two kinds of totals that are alike in sessions and laps. The timestamp comes first, for the library
// reads local times against it.
var (
	fitSessionFields = []fitImageField{
		{fitTimeField, fitTimeField, fitUint32}, {2, 2, fitUint32}, {5, 5, fitEnum}, {6, 6, fitEnum},
		{7, 7, fitUint32}, {8, 8, fitUint32}, {9, 9, fitUint32}, {18, 18, fitUint8}, {92, 92, fitUint8},
		{22, 22, fitUint16}, {23, 23, fitUint16},
	}
	// The library drops the sport message from activity files, so it goes in as a session that knows only its sport.
	fitSportFields = []fitImageField{{fitTimeField, fitTimeField, fitUint32}, {0, 5, fitEnum}, {1, 6, fitEnum}}
	fitLapFields   = []fitImageField{
		{fitTimeField, fitTimeField, fitUint32}, {2, 2, fitUint32}, {7, 7, fitUint32}, {8, 8, fitUint32},
		{9, 9, fitUint32}, {25, 25, fitEnum}, {39, 39, fitEnum},
	}
)

// fitMessages are the messages the library is to decode. Their positions are their local numbers in the image.
var fitMessages = [...]fitMessage{
	{global: fitFileID, as: fitFileID, only: -1, fields: []fitImageField{{0, 0, fitEnum}}},
	{global: fitSession, as: fitSession, only: -1, fields: fitSessionFields},
	{global: fitSport, as: fitSession, only: -1, fields: fitSportFields},
	{global: fitLap, as: fitLap, only: -1, fields: fitLapFields},
	{global: fitActivity, as: fitActivity, only: -1, fields: []fitImageField{
		{fitTimeField, fitTimeField, fitUint32}, {5, 5, fitUint32}}},
	{global: fitEvent, as: fitEvent, only: 1, value: int64(fit.EventTimer), fields: []fitImageField{
		{fitTimeField, fitTimeField, fitUint32}, {0, 0, fitEnum}, {1, 1, fitEnum}}},
	{global: fitDeviceInfo, as: fitDeviceInfo, only: 1, value: int64(fit.SourceTypeLocal), fields: []fitImageField{
		{1, 1, fitUint8}, {25, 25, fitEnum}}},
}

// fitMessageOf returns the image message that a message of the file becomes, nil for those left out.
func fitMessageOf(global uint16) *fitMessage {
	for i := range fitMessages {
		if fitMessages[i].global == global {
			return &fitMessages[i]
		}
	}
	return nil
}

// locate remembers where a field that the image takes lies in the file's messages.
func (m *fitMessage) locate(num uint8, f fitField, sources *[maxFITImageFields]fitField) {
	for i := range m.fields {
		if m.fields[i].num == num {
			sources[i] = f
		}
	}
}

// fitImage collects a minimal FIT file: the messages with a meaning, in the exact types the library accepts, without
// the records. The library refuses a whole file over one field of another size or type, even one it has no use for.
type fitImage struct {
	body, laps, sports []byte
	// fileType is the file_id's, fileIDs, sessions and others count messages.
	fileType                  fit.FileType
	fileIDs, sessions, others int
	lapCount, sportCount      int
	// useless is set as soon as the file says that it is no activity.
	useless bool
}

func (m *fitImage) reset() {
	*m = fitImage{body: m.body[:0], laps: m.laps[:0], sports: m.sports[:0], fileType: fit.FileTypeInvalid}
}

// add copies a message of a time in FIT seconds, and refuses files with more of them than any device writes.
func (m *fitImage) add(d *fitDefinition, msg []byte, timeS float64) *Problem {
	spec := d.message
	if spec.only >= 0 {
		v, ok := d.sources[spec.only].integer(msg, d.bigEndian)
		if !ok || v != spec.value {
			return nil
		}
	}
	m.others++
	into := &m.body
	switch spec.global {
	case fitFileID:
		m.fileID(d, msg)
		return nil
	case fitSession:
		m.sessions++
	case fitLap:
		m.lapCount++
		into = &m.laps
	case fitSport:
		m.sportCount++
		into = &m.sports
	}
	if m.sessions > maxFITSessions || m.sportCount > maxFITSessions || m.lapCount > maxFITLaps || m.others > maxFITOthers {
		return problemf(TooLarge, "more sessions, laps or events than any watch writes into one file; the file is damaged or made up")
	}
	*into = d.message.write(*into, d, msg, timeS)
	return nil
}

// fileID learns the type of the file from its first file_id.
func (m *fitImage) fileID(d *fitDefinition, msg []byte) {
	m.fileIDs++
	if m.fileIDs > 1 {
		return
	}
	if v, ok := d.sources[0].integer(msg, d.bigEndian); ok && v >= 0 && v < int64(fit.FileTypeInvalid) {
		m.fileType = fit.FileType(v)
	}
	m.useless = isNoActivity(m.fileType)
}

// isNoActivity tells the file types that are known to hold something else. Types that nobody knows and those of makers
// are read, for what they hold tells.
func isNoActivity(t fit.FileType) bool {
	switch t {
	case fit.FileTypeDevice, fit.FileTypeSettings, fit.FileTypeSport, fit.FileTypeWorkout, fit.FileTypeCourse,
		fit.FileTypeSchedules, fit.FileTypeWeight, fit.FileTypeTotals, fit.FileTypeGoals, fit.FileTypeBloodPressure,
		fit.FileTypeMonitoringA, fit.FileTypeMonitoringDaily, fit.FileTypeMonitoringB, fit.FileTypeSegment,
		fit.FileTypeSegmentList:
		return true
	}
	return false
}

// write appends the data message with its header byte. Values that do not fit the type become invalid. timeS is for
// messages whose time is compressed into their header, NaN when they have none.
func (m *fitMessage) write(dst []byte, d *fitDefinition, msg []byte, timeS float64) []byte {
	dst = append(dst, m.local())
	for i, f := range m.fields {
		limit := uint64(1)<<(8*fitTypeSize[f.base]) - 1
		raw := limit
		if v, ok := d.sources[i].integer(msg, d.bigEndian); ok && v >= 0 && uint64(v) < limit {
			raw = uint64(v)
		} else if f.num == fitTimeField && timeS >= 0 {
			raw = uint64(timeS)
		}
		dst = appendUint(dst, raw, f.base)
	}
	return dst
}

func (m *fitMessage) local() byte {
	for i := range fitMessages {
		if fitMessages[i].global == m.global {
			return byte(i)
		}
	}
	return 0
}

// fitImageHead is a FIT header, the definition and message of an activity's file_id, and the definitions of the rest.
var fitImageHead = func() []byte {
	head := []byte{12, byte(fit.V20), 0, 0, 0, 0, 0, 0, '.', 'F', 'I', 'T'}
	for i, m := range fitMessages {
		head = append(head, 0x40|byte(i), 0, 0)
		head = binary.LittleEndian.AppendUint16(head, m.as)
		head = append(head, byte(len(m.fields)))
		for _, f := range m.fields {
			base := f.base
			if fitTypeSize[base] > 1 {
				base |= 0x80
			}
			head = append(head, f.as, byte(fitTypeSize[f.base]), base)
		}
		if m.global == fitFileID {
			head = append(head, byte(i), byte(fit.FileTypeActivity))
		}
	}
	return head
}()

// decode gives the image to the library. Laps and the sport message go in only when no session tells more.
func (m *fitImage) decode(space []byte) (*fit.ActivityFile, []byte, error) {
	img := append(space[:0], fitImageHead...)
	img = append(img, m.body...)
	if m.sessions == 0 {
		img = append(img, m.laps...)
		img = append(img, m.sports...)
	}
	binary.LittleEndian.PutUint32(img[4:], uint32(len(img)-int(img[0])))
	img = binary.LittleEndian.AppendUint16(img, fitCRC(img))
	file, err := fit.Decode(bytes.NewReader(img))
	if err != nil {
		return nil, img, fmt.Errorf("the session data cannot be decoded: %w", err)
	}
	act, err := file.Activity()
	return act, img, err
}
