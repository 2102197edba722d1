package websocketapi

import (
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// violation is why the gateway ends a connection: what the client sent is not allowed.
type violation struct {
	code   ws.StatusCode
	reason string
	remedy
}

// remedy is what a violation means to people: what was found, and what would mend it.
type remedy struct{ detail, fix, command string }

// text is what was found; nothing for nil.
func (r *remedy) text() string {
	if r == nil {
		return ""
	}
	return r.detail
}

// Error implements error.
func (v *violation) Error() string { return v.reason }

func binaryFrame(length int64) error {
	return &violation{closeBinary, "Binary frames are not supported", remedy{
		detail: "a binary frame of " + strconv.FormatInt(length, 10) + " bytes",
		fix:    "Send text: encode binary data as base64, and let the integration convert it (contentHandlingStrategy CONVERT_TO_BINARY).",
	}}
}

func notUtf8(message []byte) error {
	return &violation{closeNotUtf8, "Text is not UTF-8", remedy{
		detail: "a text message of " + strconv.Itoa(len(message)) + " bytes that is not UTF-8", fix: "Send text as UTF-8.",
	}}
}

// largestRaised is the largest limit, bytes, that a remedy proposes.
const largestRaised = 16 << 20

func tooBig(what, option string, length int64, limit int) error {
	r := remedy{
		detail: "a " + strings.ToLower(what) + " of " + strconv.FormatInt(length, 10) + " bytes; the limit is " + strconv.Itoa(limit),
		fix:    "Send smaller pieces, or a link to what is large.",
	}
	if length <= largestRaised {
		r.fix += " On this server the limit can be raised."
		r.command = "gatehouse serve " + option + " " + strconv.FormatInt(length, 10)
	}
	return &violation{closeTooBig, what + " too large", r}
}

// protocolError is for bytes that are no WebSocket.
func protocolError(reason string) error {
	return &violation{closeProtocol, reason, remedy{detail: "bytes that break RFC 6455: " + reason, fix: "Use a WebSocket client; proxies between must not touch its frames."}}
}

// frames reads messages out of frames.
type frames struct {
	from   io.Reader
	limits *Limits
	header [ws.MaxHeaderSize]byte
	// partial is a message whose last frame has not come; state says that there is one.
	partial []byte
	state   ws.State
}

// frame is what next returns: a whole text message, or a control frame.
type frame struct {
	opCode  ws.OpCode // OpText, OpPing, OpPong or OpClose
	payload []byte    // the caller's own
}

// next reads up to the end of a message, or to a control frame between its frames. The
// error is a *violation, or the reader's.
func (f *frames) next() (frame, error) {
	for {
		header, err := ws.ReadHeaderBuffer(f.from, f.header[:2])
		if errors.Is(err, ws.ErrHeaderLengthMSB) || errors.Is(err, ws.ErrHeaderLengthUnexpected) {
			return frame{}, protocolError(err.Error())
		}
		if err != nil {
			return frame{}, err
		}
		if err := f.check(header); err != nil {
			return frame{}, err
		}
		payload, err := f.payload(header)
		if err != nil {
			return frame{}, err
		}
		if header.OpCode.IsControl() {
			return frame{header.OpCode, payload}, nil
		}
		if header.Fin {
			return f.message()
		}
	}
}

// check refuses a frame by its header, before anything of its payload is read.
func (f *frames) check(header ws.Header) error {
	if err := ws.CheckHeader(header, f.state|ws.StateServerSide); err != nil {
		return protocolError(err.Error())
	}
	switch {
	case header.OpCode == ws.OpBinary:
		return binaryFrame(header.Length)
	case header.Length > int64(f.limits.FramePayload):
		return tooBig("Frame", "--web-socket-frame-payload", header.Length, f.limits.FramePayload)
	case header.OpCode.IsControl():
		return nil
	case int64(len(f.partial))+header.Length > int64(f.limits.MessagePayload):
		return tooBig("Message", "--web-socket-message-payload", int64(len(f.partial))+header.Length, f.limits.MessagePayload)
	}
	return nil
}

// payload reads a payload and unmasks it. That of a data frame goes behind partial.
func (f *frames) payload(header ws.Header) ([]byte, error) {
	payload, err := readPayload(f.from, int(header.Length))
	if err != nil {
		return nil, err
	}
	ws.Cipher(payload, header.Mask, 0)
	if header.OpCode.IsControl() {
		return payload, nil
	}
	if f.partial == nil {
		f.partial = payload
	} else {
		f.partial = append(f.partial, payload...)
	}
	if header.Fin {
		f.state = f.state.Clear(ws.StateFragmented)
	} else {
		f.state = f.state.Set(ws.StateFragmented)
	}
	return payload, nil
}

// message takes the message that is complete.
func (f *frames) message() (frame, error) {
	message := f.partial
	f.partial = nil
	if !utf8.Valid(message) {
		return frame{}, notUtf8(message)
	}
	return frame{ws.OpText, message}, nil
}

// readPayload reads length bytes. It allocates ahead of what has come only so far that a
// header alone cannot cost much memory.
func readPayload(from io.Reader, length int) ([]byte, error) {
	payload := make([]byte, min(length, firstAllocation))
	read := 0
	for {
		n, err := io.ReadFull(from, payload[read:])
		if read += n; err != nil {
			return nil, err
		}
		if read == length {
			return payload, nil
		}
		grown := make([]byte, min(length, 2*len(payload)))
		copy(grown, payload)
		payload = grown
	}
}

// appendFrames appends a message in frames of at most limit bytes.
func appendFrames(dst []byte, opCode ws.OpCode, payload []byte, limit int) []byte {
	for {
		piece := payload[:min(len(payload), limit)]
		payload = payload[len(piece):]
		dst = appendFrame(dst, ws.Header{Fin: len(payload) == 0, OpCode: opCode, Length: int64(len(piece))}, piece)
		if len(payload) == 0 {
			return dst
		}
		opCode = ws.OpContinuation
	}
}

const finBit = 0x80

// Lengths of a payload as the second byte of a frame shows them (RFC 6455, section 5.2).
const (
	shortLength    = 125
	length16Marker = 126
	length64Marker = 127
)

func appendFrame(dst []byte, header ws.Header, payload []byte) []byte {
	first := byte(header.OpCode)
	if header.Fin {
		first |= finBit
	}
	switch length := len(payload); {
	case length <= shortLength:
		dst = append(dst, first, byte(length))
	case length <= 1<<16-1:
		dst = binary.BigEndian.AppendUint16(append(dst, first, length16Marker), uint16(length)) //nolint:gosec // checked above
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, first, length64Marker), uint64(length))
	}
	return append(dst, payload...)
}

// messageOpCode is text for what is UTF-8, and binary for what a backend posts
// otherwise: a client would have to fail on it as text (ours; AWS's way is unconfirmed).
func messageOpCode(message []byte) ws.OpCode {
	if utf8.Valid(message) {
		return ws.OpText
	}
	return ws.OpBinary
}
