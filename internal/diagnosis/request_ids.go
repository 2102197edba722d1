package diagnosis

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
)

// ErrNoId says that a text has no id of a request.
var ErrNoId = errors.New("this names no request")

// Bounds of RequestIds: how many ids it finds, and in how much text, bytes.
const (
	maxIds   = 32
	MaxNamed = 1 << 20
)

// The forms of ids. Extended request ids, and those of WebSocket messages and connections,
// are base64 as in URLs.
var (
	uuid     = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	trace    = regexp.MustCompile(`\b1-[0-9a-f]{8}-[0-9a-f]{24}\b`)
	extended = regexp.MustCompile(`[A-Za-z0-9_-]{11,}={1,2}`)
	errorId  = regexp.MustCompile(`(?i)^GH-[A-Z][0-9]{3}$`)
	apiId    = regexp.MustCompile(`^[a-z0-9]{10}$`)
)

// IsErrorId says whether a text is the id of an error, such as GH-R101.
func IsErrorId(text string) bool { return errorId.MatchString(text) }

// RequestIds finds what may be the id of a request in a text that a person pasted: an id with
// quotation marks or blanks around it, a header, a URL, a line of a log. They come in the
// order in which they are to be tried; a text that is one word is an id, whatever its form.
func RequestIds(text string) []string {
	text = strings.TrimSpace(text[:min(len(text), MaxNamed)])
	if decoded, err := url.QueryUnescape(text); err == nil && strings.Contains(text, "%3D") {
		text = decoded
	}
	word := strings.Trim(text, " \t\r\n\"'`()[]{}<>,;.")
	if IsErrorId(word) {
		return []string{strings.ToUpper(word)}
	}
	var ids []string
	for _, id := range uuid.FindAllString(text, maxIds) {
		ids = append(ids, strings.ToLower(id))
	}
	ids = append(ids, extended.FindAllString(text, maxIds)...)
	ids = append(ids, trace.FindAllString(text, maxIds)...)
	if len(ids) == 0 && word != "" && !strings.ContainsAny(word, " \t\n/") {
		ids = append(ids, word)
	}
	slices.SortStableFunc(ids, func(a, b string) int { // the forms in order of their places
		return strings.Index(strings.ToLower(text), strings.ToLower(a)) - strings.Index(strings.ToLower(text), strings.ToLower(b))
	})
	ids = slices.Compact(ids)
	return ids[:min(len(ids), maxIds)]
}

func noId(text string) error {
	const how = "Give the value of x-amzn-RequestId, x-amz-apigw-id or apigw-requestid of the response, or a line of a log that has it; without any it is the latest failure."
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%w: it is empty, as a variable without a value is\n%s", ErrNoId, how)
	}
	return fmt.Errorf("%w: no id is in it\n%s", ErrNoId, how)
}

// mentions says whether an exchange knows an id that is not its own: that of the backend's
// answer, such as the request id of a Lambda function's log, or of a trace.
func mentions(r *record.Record, id string) bool {
	for i := range r.Steps {
		for _, fact := range r.Steps[i].Facts {
			switch fact.Kind {
			case record.EndpointRequestId:
				if fact.Text == id {
					return true
				}
			case record.RequestHeaders:
				if trace.MatchString(id) && strings.Contains(valueOf(fact.Fields, "X-Amzn-Trace-Id"), id) {
					return true
				}
			default:
			}
		}
	}
	return false
}
