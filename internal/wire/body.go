package wire

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/awsapi"
)

// errTooLarge says that a body is over its limit, as sent or once decompressed.
var errTooLarge = errors.New("body over the limit")

// readBody reads a whole body of at most limit bytes.
func readBody(body io.Reader, limit int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, badRequest("The request body could not be read.")
	}
	if int64(len(content)) > limit {
		return nil, errTooLarge
	}
	return content, nil
}

func badRequest(text string) error {
	return &awsapi.Unmodelled{Code: "BadRequestException", Message: text, Status: http.StatusBadRequest}
}

// decodeBody undoes the content encodings of a body, from the last one named to the first.
func decodeBody(header http.Header, body []byte, limit int64) ([]byte, error) {
	if err := refuseSignedChunks(header); err != nil {
		return nil, err
	}
	encodings := strings.Split(strings.Join(header.Values("Content-Encoding"), ","), ",")
	chunked := strings.HasPrefix(header.Get("X-Amz-Content-Sha256"), "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	for _, encoding := range encodings {
		chunked = chunked || strings.EqualFold(strings.TrimSpace(encoding), "aws-chunked")
	}
	var err error
	if chunked {
		if body, err = unchunk(body, limit); err != nil {
			return nil, err
		}
	}
	for i := len(encodings) - 1; i >= 0 && err == nil; i-- {
		switch encoding := strings.ToLower(strings.TrimSpace(encodings[i])); encoding {
		case "", "identity", "aws-chunked":
		case "gzip":
			body, err = unzip(body, limit)
		default:
			err = &awsapi.Unmodelled{
				Code: "UnsupportedMediaTypeException", Message: "Content-Encoding " + encoding + " is not supported.", Status: http.StatusUnsupportedMediaType,
			}
		}
	}
	return body, err
}

// refuseSignedChunks names what is not built: chunks that carry signatures of their own. S3 uses
// them; no client of our services does.
func refuseSignedChunks(header http.Header) error {
	kind := header.Get("X-Amz-Content-Sha256")
	if !strings.HasPrefix(kind, "STREAMING-AWS4-") {
		return nil
	}
	return &awsapi.Unmodelled{Code: "NotImplementedException", Message: "A body of kind " + kind + " is not supported.", Status: http.StatusNotImplemented}
}

func unzip(body []byte, limit int64) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, badRequest("The request body is not gzip, as its Content-Encoding says.")
	}
	return readBody(reader, limit)
}

// unchunk reads aws-chunked framing: a length in hexadecimal, the bytes, and after the last chunk
// a trailer, which holds a checksum that nothing here needs.
func unchunk(body []byte, limit int64) ([]byte, error) {
	reader := bufio.NewReader(bytes.NewReader(body))
	var content bytes.Buffer
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return nil, badRequest("The aws-chunked body ends before its last chunk.")
		}
		digits, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ";")
		size, err := strconv.ParseInt(digits, 16, 64)
		if err != nil || size < 0 {
			return nil, badRequest("The aws-chunked body has a chunk without a length.")
		}
		if size == 0 {
			break
		}
		if int64(content.Len())+size > limit {
			return nil, errTooLarge
		}
		if _, err := io.CopyN(&content, reader, size); err != nil {
			return nil, badRequest("The aws-chunked body is shorter than it says.")
		}
		if _, err := reader.Discard(len("\r\n")); err != nil {
			return nil, badRequest("The aws-chunked body is shorter than it says.")
		}
	}
	return content.Bytes(), nil
}
