package ingest

// fitCRCPoly is the reflected polynomial of the FIT checksum (CRC-16/ARC, FIT protocol description, "CRC").
const fitCRCPoly = 0xA001

// fitCRCTables[k][b] is the checksum of byte b followed by k zero bytes.
var fitCRCTables = makeFITCRCTables()

func makeFITCRCTables() *[16][256]uint16 {
	var t [16][256]uint16
	for b := range 256 {
		crc := uint16(b)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ fitCRCPoly
			} else {
				crc >>= 1
			}
		}
		t[0][b] = crc
	}
	for k := 1; k < len(t); k++ {
		for b := range 256 {
			before := t[k-1][b]
			t[k][b] = before>>8 ^ t[0][byte(before)]
		}
	}
	return &t
}

// fitCRC returns the FIT checksum of data. It takes sixteen bytes at a time (slicing-by-16, Kounavis and Berry 2008),
// for a byte at a time costs more than reading the samples.
func fitCRC(data []byte) uint16 {
	t := fitCRCTables
	var crc uint16
	for len(data) >= 16 {
		d := data[:16:16]
		crc = t[15][d[0]^byte(crc)] ^ t[14][d[1]^byte(crc>>8)] ^ t[13][d[2]] ^ t[12][d[3]] ^
			t[11][d[4]] ^ t[10][d[5]] ^ t[9][d[6]] ^ t[8][d[7]] ^
			t[7][d[8]] ^ t[6][d[9]] ^ t[5][d[10]] ^ t[4][d[11]] ^
			t[3][d[12]] ^ t[2][d[13]] ^ t[1][d[14]] ^ t[0][d[15]]
		data = data[16:]
	}
	for _, b := range data {
		crc = crc>>8 ^ t[0][byte(crc)^b]
	}
	return crc
}
