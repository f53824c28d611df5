package ingest

import "github.com/tkrajina/gpxgo/gpx"

// parseGPXRest gives the document without its points to gpxgo. On an error it returns the offset that the decoder had
// reached.
func parseGPXRest(rest []byte) (doc *gpx.GPX, at int, err error) {
	d := restDecoder(rest)
	// gpxgo looks for the version in the first 1000 bytes.
	doc, err = gpx.ParseDecoder(d, rest[:min(len(rest), 1000)])
	if err != nil {
		return nil, int(d.InputOffset()), err
	}
	return doc, 0, nil
}
