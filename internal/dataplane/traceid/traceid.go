// Package traceid makes the values of X-Amzn-Trace-Id, the header by which requests are
// told apart across services. Nothing is traced here.
//
// Begin at Of.
package traceid

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// Header is the header's name, as load balancers and API Gateway spell it.
const Header = "X-Amzn-Trace-Id"

const (
	timeBytes   = 4
	randomBytes = 12
	uint64Bytes = 8
)

// Of keeps what the client sent when that names a root, or else makes a new root,
// "Root=1-" and the seconds and 96 random bits in hexadecimal.
func Of(sent string, now time.Time, random func() uint64) string {
	if strings.Contains(sent, "Root=") {
		return sent
	}
	var raw [timeBytes + 2*uint64Bytes]byte
	binary.BigEndian.PutUint32(raw[:], uint32(now.Unix())) //nolint:gosec // the format has 8 digits of seconds
	binary.BigEndian.PutUint64(raw[timeBytes:], random())
	binary.BigEndian.PutUint64(raw[timeBytes+uint64Bytes:], random())
	text := hex.EncodeToString(raw[:timeBytes+randomBytes])
	return "Root=1-" + text[:2*timeBytes] + "-" + text[2*timeBytes:]
}
