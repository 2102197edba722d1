package dataplane

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// ids makes the ids of requests from 64-bit random numbers.
type ids struct{ random func() uint64 }

const (
	uuidLength      = 36
	extendedIdBytes = 11 // 15 characters of base64 and one "="
	uuidVersionMask = 0x0f
	uuidVersion4    = 0x40
	uuidVariantMask = 0x3f
	uuidVariantRfc  = 0x80
	uuidVersionAt   = 6
	uuidVariantAt   = 8
	uuidBytes       = 16
	uint64Bytes     = 8
	hyphen          = 62 // in base64 for URLs
)

// uuid makes a version 4 UUID.
func (i ids) uuid() string {
	var raw [uuidBytes]byte
	binary.BigEndian.PutUint64(raw[:], i.random())
	binary.BigEndian.PutUint64(raw[uint64Bytes:], i.random())
	raw[uuidVersionAt] = raw[uuidVersionAt]&uuidVersionMask | uuidVersion4
	raw[uuidVariantAt] = raw[uuidVariantAt]&uuidVariantMask | uuidVariantRfc
	var text [uuidLength]byte
	hex.Encode(text[0:8], raw[0:4])
	hex.Encode(text[9:13], raw[4:6])
	hex.Encode(text[14:18], raw[6:8])
	hex.Encode(text[19:23], raw[8:10])
	hex.Encode(text[24:36], raw[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// isUuid says whether a client's request id is one that API Gateway keeps.
func isUuid(text string) bool {
	if len(text) != uuidLength {
		return false
	}
	for i := range len(text) {
		c := text[i]
		isDash := i == 8 || i == 13 || i == 18 || i == 23
		isHex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		if isDash != (c == '-') || !isDash && !isHex {
			return false
		}
	}
	return true
}

// extended makes an extended request id. It does not begin with a hyphen, which
// looks like a flag to every command line; AWS's do not either.
func (i ids) extended() string {
	var raw [2 * uint64Bytes]byte
	binary.BigEndian.PutUint64(raw[:], i.random())
	binary.BigEndian.PutUint64(raw[uint64Bytes:], i.random())
	if raw[0]>>2 == hyphen {
		raw[0] = 0
	}
	return base64.URLEncoding.EncodeToString(raw[:extendedIdBytes])
}
