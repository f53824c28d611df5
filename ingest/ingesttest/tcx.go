package ingesttest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
)

// TCX writes the run as Garmin Connect exports it: UTC times, laps of a kilometre with totals, cadence in strides in an
// extension, whose fraction is lost. A treadmill run has no positions.
func (r Run) TCX() []byte {
	var b bytes.Buffer
	start := r.Start.UTC().Format(tcxTime)
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Activities>
    <Activity Sport="Running">
      <Id>%s</Id>
`, start)
	points := r.points()
	from := points[0]
	for len(points) > 0 {
		n := 1
		for n < len(points) && math.Floor(points[n].dist/lapM) == math.Floor(points[0].dist/lapM) {
			n++
		}
		end := points[n-1]
		if n < len(points) {
			end = points[n]
		}
		r.lap(&b, points[:n], from, end)
		from, points = end, points[n:]
	}
	if r.Name != "" {
		b.WriteString("      <Notes>")
		// bytes.Buffer never fails.
		_ = xml.EscapeText(&b, []byte(r.Name))
		b.WriteString("</Notes>\n")
	}
	b.WriteString(`      <Creator xsi:type="Device_t">
        <Name>Forerunner 235</Name>
        <UnitId>1</UnitId>
        <ProductID>2431</ProductID>
      </Creator>
    </Activity>
  </Activities>
  <Author xsi:type="Application_t">
    <Name>Connect Api</Name>
    <LangID>en</LangID>
  </Author>
</TrainingCenterDatabase>
`)
	return b.Bytes()
}

// tcxTime is the layout of a time in Garmin's TCX.
const tcxTime = "2006-01-02T15:04:05.000Z"

// lap writes the lap from one point to another, which the first point of the next lap repeats.
func (r Run) lap(b *bytes.Buffer, points []point, from, to point) {
	distM := to.dist - from.dist
	fmt.Fprintf(b, `      <Lap StartTime="%s">
        <TotalTimeSeconds>%.1f</TotalTimeSeconds>
        <DistanceMeters>%.2f</DistanceMeters>
        <Intensity>Active</Intensity>
        <TriggerMethod>Distance</TriggerMethod>
        <Track>
`, from.t.UTC().Format(tcxTime), to.t.Sub(from.t).Seconds(), distM)
	strides := 0.0
	for _, p := range points {
		r.trackpoint(b, p)
		strides += p.cadence / 2 / float64(len(points))
	}
	if to.t.After(points[len(points)-1].t) {
		r.trackpoint(b, to)
	}
	b.WriteString("        </Track>\n")
	if r.CadenceSPM > 0 {
		fmt.Fprintf(b, "        <Extensions>\n          <ns3:LX>\n            <ns3:AvgRunCadence>%.0f</ns3:AvgRunCadence>\n          </ns3:LX>\n        </Extensions>\n", strides)
	}
	b.WriteString("      </Lap>\n")
}

func (r Run) trackpoint(b *bytes.Buffer, p point) {
	fmt.Fprintf(b, "          <Trackpoint>\n            <Time>%s</Time>\n", p.t.UTC().Format(tcxTime))
	if !r.Treadmill {
		fmt.Fprintf(b, `            <Position>
              <LatitudeDegrees>%.15f</LatitudeDegrees>
              <LongitudeDegrees>%.15f</LongitudeDegrees>
            </Position>
            <AltitudeMeters>%.1f</AltitudeMeters>
`, p.lat, p.lon, p.elev)
	}
	fmt.Fprintf(b, `            <DistanceMeters>%.6f</DistanceMeters>
            <HeartRateBpm>
              <Value>%.0f</Value>
            </HeartRateBpm>
            <Extensions>
              <ns3:TPX>
                <ns3:Speed>%.6f</ns3:Speed>
`, p.dist, p.heart, p.spd)
	if r.CadenceSPM > 0 {
		fmt.Fprintf(b, "                <ns3:RunCadence>%.0f</ns3:RunCadence>\n", math.Floor(p.cadence/2))
	}
	b.WriteString("              </ns3:TPX>\n            </Extensions>\n          </Trackpoint>\n")
}
