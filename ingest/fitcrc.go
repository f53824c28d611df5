package ingest

import "encoding/binary"

// fitCRCPoly is the reflected polynomial of the FIT checksum, x¹⁶ + x¹⁵ + x² + 1 (CRC-16/ARC, FIT protocol description,
// "CRC").
const fitCRCPoly = 0xA001

// fitCRCTable is the checksum of every byte.
var fitCRCTable = func() (table [256]uint16) {
	for b := range table {
		crc := uint16(b)
		for range 8 {
			crc = crc>>1 ^ fitCRCPoly*(crc&1)
		}
		table[b] = crc
	}
	return table
}()

// crcWords is the number of words that a word of the quotient reaches into: the degree of the polynomial.
const crcWords = 16

// fitCRC returns the FIT checksum of data. A byte at a time it would cost more than reading the samples, so most of the
// division goes by words of 64 bits. For polynomials over two elements P(x)⁶⁴ = P(x⁶⁴), so that what P says of bits it
// says of words too: a word can be struck out if it is added to the words 1, 14 and 16 places later. The rest, a
// few hundred bytes, is divided byte by byte.
func fitCRC(data []byte) uint16 {
	const block = 8 * crcWords
	var struck [crcWords]uint64 // the last words struck out
	var last uint64
	for len(data) >= 2*block {
		b := (*[block]byte)(data)
		for k := range crcWords {
			last ^= binary.LittleEndian.Uint64(b[8*k:8*k+8]) ^ struck[(k+2)&(crcWords-1)] ^ struck[k]
			struck[k] = last
		}
		data = data[block:]
	}
	if len(data) < block {
		return bytewiseCRC(0, data) // nothing was struck out
	}
	var rest [block]byte
	for k, w := range struck {
		if k == 0 {
			w ^= last
		}
		if k+2 < crcWords {
			w ^= struck[k+2]
		}
		binary.LittleEndian.PutUint64(rest[8*k:], w^binary.LittleEndian.Uint64(data[8*k:]))
	}
	return bytewiseCRC(bytewiseCRC(0, rest[:]), data[block:])
}

// bytewiseCRC continues a checksum with data.
func bytewiseCRC(crc uint16, data []byte) uint16 {
	for _, b := range data {
		crc = crc>>8 ^ fitCRCTable[byte(crc)^b]
	}
	return crc
}
