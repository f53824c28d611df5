package ingest

// gpxBuffers is the reusable memory of decodeGPX. The samples of the activities it returns lie in it.
type gpxBuffers struct {
	scan  pointScan
	timeS []float64
}
