package sigv4

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Credentials are what a signer signs with.
type Credentials struct {
	// AccessKeyID and Secret are the two halves of an access key.
	AccessKeyID, Secret string
	// SessionToken goes with temporary credentials.
	SessionToken string
}

// String returns the access key id alone, so that printing credentials tells no secret.
func (c Credentials) String() string { return c.AccessKeyID }

// Signer signs requests for a region and a service.
type Signer struct {
	// Credentials sign.
	Credentials Credentials
	// Scope is what the signature is for; both fields are required.
	Scope Scope
	// SignAllHeaders covers every header of the request. Otherwise host, content-type, content-md5 and x-amz-*
	// are covered: what proxies leave alone.
	SignAllHeaders bool
	// UnsignedPayload leaves the body out of the signature (S3).
	UnsignedPayload bool
}

// Sign adds X-Amz-Date, X-Amz-Security-Token if there is one, and Authorization to the request's headers.
func (s *Signer) Sign(req *Request, at time.Time) {
	auth := s.authorization(at)
	req.Headers = slices.DeleteFunc(req.Headers, func(h Header) bool {
		return strings.EqualFold(h.Name, "Authorization") || strings.EqualFold(h.Name, "X-Amz-Date") ||
			strings.EqualFold(h.Name, "X-Amz-Security-Token")
	})
	req.Headers = append(req.Headers, Header{"X-Amz-Date", auth.amzDate})
	if s.Credentials.SessionToken != "" {
		req.Headers = append(req.Headers, Header{"X-Amz-Security-Token", s.Credentials.SessionToken})
	}
	if _, found := req.header("X-Amz-Content-Sha256"); !found && (s.UnsignedPayload || s.Scope.Service == "s3") {
		req.Headers = append(req.Headers, Header{"X-Amz-Content-Sha256", s.payload(req)})
	}
	auth.signedHeaders = s.signedHeaders(req)
	req.Headers = append(req.Headers, Header{"Authorization", algorithm + " Credential=" + auth.credential +
		", SignedHeaders=" + auth.signedHeaders + ", Signature=" + s.signature(req, &auth)})
}

// Presign adds the signature to the request's query, good for the time given (at most maxExpires).
func (s *Signer) Presign(req *Request, at time.Time, life time.Duration) {
	auth := s.authorization(at)
	auth.presigned = true
	auth.signedHeaders = s.signedHeaders(req)
	query := "X-Amz-Algorithm=" + algorithm +
		"&X-Amz-Credential=" + string(appendQueryEncoded(nil, auth.credential)) +
		"&X-Amz-Date=" + auth.amzDate +
		"&X-Amz-Expires=" + strconv.Itoa(int(life/time.Second)) +
		"&X-Amz-SignedHeaders=" + string(appendQueryEncoded(nil, auth.signedHeaders))
	if s.Credentials.SessionToken != "" {
		query += "&X-Amz-Security-Token=" + escapeQuery(s.Credentials.SessionToken)
	}
	if req.RawQuery != "" {
		query = req.RawQuery + "&" + query
	}
	req.RawQuery = query
	req.RawQuery += "&X-Amz-Signature=" + s.signature(req, &auth)
}

// escapeQuery percent-encodes a value; a "+" in it is a plus.
func escapeQuery(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		out = appendEncoded(out, s[i])
	}
	return string(out)
}

func (s *Signer) authorization(at time.Time) authorization {
	amzDate := at.UTC().Format(dateLayout)
	auth := authorization{algorithm: algorithm, amzDate: amzDate, at: at}
	auth.credential = strings.Join([]string{
		s.Credentials.AccessKeyID, amzDate[:8], s.Scope.Region, s.Scope.Service, terminator}, "/")
	auth.splitCredential()
	return auth
}

// signature computes the signature over the request as it stands.
func (s *Signer) signature(req *Request, auth *authorization) string {
	served := form{host: req.Host, payload: s.payload(req)}
	if s.Scope.Service == "s3" {
		served.path = pathEncodedOnce
	}
	var buffers scratch
	canonical := buffers.appendCanonical(nil, req, auth, served)
	message := appendStringToSign(nil, auth, canonical)
	key := deriveKey(s.Credentials.Secret, auth.date, s.Scope)
	sum := key.sign(nil, message)
	return hex.EncodeToString(sum[:])
}

func (s *Signer) payload(req *Request) string {
	if s.UnsignedPayload {
		return unsignedPayload
	}
	return req.bodySHA256()
}

// signedHeaders lists the headers to cover, sorted.
func (s *Signer) signedHeaders(req *Request) string {
	names := []string{"host"}
	for _, h := range req.Headers {
		name := strings.ToLower(h.Name)
		if s.covers(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ";")
}

func (s *Signer) covers(name string) bool {
	if s.SignAllHeaders {
		return name != "authorization" && name != "host"
	}
	return name == "content-type" || name == "content-md5" || strings.HasPrefix(name, "x-amz-")
}
