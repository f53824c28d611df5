package ingest

// fitCRCPoly is the reflected polynomial of the FIT checksum (CRC-16/ARC, FIT protocol description, "CRC").
const fitCRCPoly = 0xA001

// fitCRCTables[k][b] is the checksum of byte b followed by k zero bytes.
var fitCRCTables = makeFITCRCTables()

func makeFITCRCTables() *[8][256]uint16 {
	var t [8][256]uint16
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

// fitCRC returns the FIT checksum of data. It takes eight bytes at a time (slicing-by-8), for the checksum costs as much
// as reading the samples otherwise.
func fitCRC(data []byte) uint16 {
	t := fitCRCTables
	var crc uint16
	for len(data) >= 8 {
		d := data[:8:8]
		crc = t[7][d[0]^byte(crc)] ^ t[6][d[1]^byte(crc>>8)] ^ t[5][d[2]] ^ t[4][d[3]] ^
			t[3][d[4]] ^ t[2][d[5]] ^ t[1][d[6]] ^ t[0][d[7]]
		data = data[8:]
	}
	for _, b := range data {
		crc = crc>>8 ^ t[0][byte(crc)^b]
	}
	return crc
}
