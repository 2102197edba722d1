package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	// dateLayout is ISO 8601's basic format, as X-Amz-Date has it.
	dateLayout = "20060102T150405Z"
)

// maxExpires is the longest life of a presigned request (AWS: seven days).
const maxExpires = 7 * 24 * time.Hour

// authorization is a signature as the request carries it. Its strings point into the request.
type authorization struct {
	presigned     bool
	algorithm     string
	credential    string // accessKeyID/date/region/service/terminator
	signedHeaders string
	signature     string
	amzDate       string // in dateLayout
	at            time.Time
	expires       time.Duration // 0: the usual tolerance of the clock
	token         string
	payload       string // the last line of the canonical request

	accessKeyID, date, region, service, terminator string
}

// scope is the credential without the access key id.
func (a *authorization) scope() string {
	return a.credential[len(a.accessKeyID)+1:]
}

// parse finds the signature of a request, in AWS's order of complaint: form, parts, date.
func parse(req *Request) (authorization, *Error) {
	header, inHeader := req.header("Authorization")
	_, inQuery := req.queryValue("X-Amz-Algorithm")
	if !inQuery && !inHeader {
		_, inQuery = req.queryValue("X-Amz-Signature")
	}
	switch {
	case inHeader && inQuery:
		return authorization{}, failure(InvalidSignature, textBothForms)
	case inHeader:
		return parseHeader(req, header)
	case inQuery:
		return parseQuery(req)
	default:
		return authorization{}, failure(MissingAuthenticationToken, textMissing)
	}
}

// CheckForm says what keeps a request's Authorization header from being a signature, in
// AWS's words; nil where it is one as far as its form goes. It verifies nothing.
func CheckForm(req *Request) *Error {
	_, failed := parse(req)
	return failed
}

// parseHeader reads an Authorization header. AWS reads any scheme that way, so a bearer token sent to a method
// with AWS_IAM authorization (or to a path that does not exist) ends here too.
func parseHeader(req *Request, header string) (auth authorization, failed *Error) {
	header = strings.TrimSpace(header)
	scheme, rest, _ := strings.Cut(header, " ")
	auth.algorithm = scheme
	for rest != "" {
		cut := strings.IndexAny(rest, ", ")
		pair := rest
		if cut >= 0 {
			pair, rest = rest[:cut], rest[cut+1:]
		} else {
			rest = ""
		}
		if pair == "" {
			continue
		}
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return auth, failuref(IncompleteSignature, textNoEqual, hashText(header))
		}
		switch key {
		case "Credential":
			auth.credential = value
		case "SignedHeaders":
			auth.signedHeaders = value
		case "Signature":
			auth.signature = value
		}
	}
	date, hasDate := req.header("X-Amz-Date")
	if !hasDate {
		date, hasDate = req.header("Date")
	}
	if failed := missingParts(&auth, header, hasDate); failed != nil {
		return auth, failed
	}
	auth.token, _ = req.header("X-Amz-Security-Token")
	return auth, auth.readDate(date)
}

func missingParts(auth *authorization, header string, hasDate bool) *Error {
	if auth.credential != "" && auth.signature != "" && auth.signedHeaders != "" && hasDate {
		return nil
	}
	var text strings.Builder
	for _, part := range [...]struct{ name, value string }{
		{"Credential", auth.credential}, {"Signature", auth.signature}, {"SignedHeaders", auth.signedHeaders},
	} {
		if part.value == "" {
			text.WriteString(strings.Replace(textHeaderNeeds, "%s", part.name, 1))
		}
	}
	if !hasDate {
		text.WriteString(textHeaderNeedsDate)
	}
	text.WriteString(strings.Replace(textHeaderTail, "%s", hashText(header), 1))
	return failure(IncompleteSignature, text.String())
}

// hashText is how AWS names a header without repeating it.
func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// parseQuery reads a presigned request.
func parseQuery(req *Request) (auth authorization, failed *Error) {
	auth.presigned = true
	var date string
	var text strings.Builder
	for _, part := range [...]struct {
		name string
		to   *string
	}{
		{"X-Amz-Algorithm", &auth.algorithm}, {"X-Amz-Credential", &auth.credential},
		{"X-Amz-Signature", &auth.signature}, {"X-Amz-SignedHeaders", &auth.signedHeaders}, {"X-Amz-Date", &date},
	} {
		if *part.to, _ = req.queryValue(part.name); *part.to == "" {
			text.WriteString(strings.Replace(textQueryNeeds, "%s", part.name, 1))
		}
	}
	if text.Len() > 0 {
		return auth, failure(IncompleteSignature, text.String()+textQueryTail)
	}
	if expires, found := req.queryValue("X-Amz-Expires"); found {
		seconds, err := strconv.Atoi(expires)
		if err != nil || seconds < 1 || seconds > int(maxExpires/time.Second) {
			return auth, failure(IncompleteSignature, textExpires)
		}
		auth.expires = time.Duration(seconds) * time.Second
	}
	var inQuery bool
	if auth.token, inQuery = req.queryValue("X-Amz-Security-Token"); !inQuery {
		auth.token, _ = req.header("X-Amz-Security-Token")
	}
	return auth, auth.readDate(date)
}

// readDate takes X-Amz-Date, or a Date header in an HTTP date form.
func (a *authorization) readDate(date string) *Error {
	if at, err := time.Parse(dateLayout, date); err == nil {
		a.at, a.amzDate = at, date
		return nil
	}
	for _, layout := range [...]string{time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, time.RFC3339} {
		if at, err := time.Parse(layout, textproto.TrimString(date)); err == nil && !a.presigned {
			a.at, a.amzDate = at.UTC(), at.UTC().Format(dateLayout)
			return nil
		}
	}
	return failuref(IncompleteSignature, textDateFormat, date)
}

// splitCredential fills the parts of the credential; false when there are not exactly five. An access key id of
// ours holds no slash, so the first element is the id.
func (a *authorization) splitCredential() bool {
	if strings.Count(a.credential, "/") != 4 {
		return false
	}
	var rest string
	a.accessKeyID, rest, _ = strings.Cut(a.credential, "/")
	a.date, rest, _ = strings.Cut(rest, "/")
	a.region, rest, _ = strings.Cut(rest, "/")
	a.service, a.terminator, _ = strings.Cut(rest, "/")
	return a.accessKeyID != ""
}

// signs says whether a header is among the signed ones.
func (a *authorization) signs(name string) bool {
	for rest := a.signedHeaders; rest != ""; {
		var each string
		if each, rest, _ = strings.Cut(rest, ";"); strings.EqualFold(each, name) {
			return true
		}
	}
	return false
}
