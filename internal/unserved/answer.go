package unserved

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// encode is an answer as the client understands it.
func encode(h *head, answer *Answer) []byte {
	if h.http2 {
		return encodeGoAway(answer)
	}
	return encodeResponse(h, answer)
}

// encodeResponse is an answer in HTTP/1.1, behind which the connection is closed.
func encodeResponse(h *head, answer *Answer) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", answer.StatusCode, http.StatusText(answer.StatusCode))
	fmt.Fprintf(&b, "Date: %s\r\n", time.Now().UTC().Format(http.TimeFormat)) //nolint:forbidigo // as net/http writes it
	_ = answer.Header.Write(&b)                                               // a buffer takes everything
	fmt.Fprintf(&b, "Content-Length: %d\r\nConnection: close\r\n\r\n", len(answer.Body))
	if h.httpMethod != http.MethodHead {
		b.Write(answer.Body)
	}
	return b.Bytes()
}

// Frames of HTTP/2, RFC 9113: each has a head of nine bytes.
const (
	frameHeadSize   = 9
	frameTypeAt     = 3
	frameSettings   = 0x4
	frameGoAway     = 0x7
	http11Required  = 0xd // the error code that sends a client back to HTTP/1.1
	goAwayFixedSize = 8   // last stream and error code
	frameLengthBits = 8
)

// encodeGoAway is an answer for a client that speaks HTTP/2: it should use HTTP/1.1. Most
// clients name the error code, and some show the text of the frame.
func encodeGoAway(answer *Answer) []byte {
	text := strconv.Itoa(answer.StatusCode) + " " + http.StatusText(answer.StatusCode) + ": this listener speaks HTTP/1.1"
	for _, name := range []string{"x-gatehouse-error", "x-amzn-RequestId"} {
		if values := answer.Header[name]; len(values) > 0 {
			text += "; " + name + ": " + values[0]
		}
	}
	settings := make([]byte, frameHeadSize)
	settings[frameTypeAt] = frameSettings
	goAway := make([]byte, frameHeadSize+goAwayFixedSize)
	binary.BigEndian.PutUint32(goAway, uint32(goAwayFixedSize+len(text))<<frameLengthBits) // some hundred bytes
	goAway[frameTypeAt] = frameGoAway
	goAway[len(goAway)-1] = http11Required
	return append(append(settings, goAway...), text...)
}
