package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// mismatch is the failure of a wrong signature, explained if that is wanted.
func (v *Verifier) mismatch(try *attempt, served form) *Error {
	s := try.scratch
	canonical := string(s.appendCanonical(s.canonical[:0], try.req, try.auth, served))
	message := string(appendStringToSign(s.message[:0], try.auth, []byte(canonical)))
	failed := failure(InvalidSignature, textMismatch+fmt.Sprintf(textMismatchTail, canonical, message))
	failed.Explanation = Explanation{Canonical: redactCanonical(canonical), StringToSign: message}
	if v.options.Explain {
		search := search{attempt: try, served: served, canonical: canonical}
		search.findCause(&failed.Explanation)
	}
	return failed
}

// maxTries bounds how many canonical requests a mismatch may cost.
const maxTries = 160

// search looks for what a signer did otherwise.
type search struct {
	*attempt
	served    form
	canonical string // ours
}

// part is what of a canonical request a hypothesis changes; two of the same part exclude each other.
type part uint8

const (
	partMethod part = iota
	partPath
	partQuery
	partHost
	partHeaders
	partPayload
	partKey
)

// hypothesis is a mistake that a signer can make.
type hypothesis struct {
	cause  Cause
	part   part
	detail string
	apply  func(*candidate)
}

// candidate is what a signer may have signed, and with which key.
type candidate struct {
	form form
	req  Request
	key  *signingKey
}

func (s *search) matches(c *candidate) bool {
	if s.tries >= maxTries {
		return false
	}
	s.tries++
	tried := attempt{scratch: s.scratch, req: &c.req, auth: s.auth, key: c.key}
	return tried.matches(c.form)
}

// findCause looks for the one mistake, or else the two, that make the signature match.
func (s *search) findCause(e *Explanation) {
	all := s.hypotheses()
	for i := range all {
		if s.proves(e, &all[i], nil) {
			return
		}
	}
	for i := range all {
		for j := range all[:i] {
			if all[i].part != all[j].part && s.proves(e, &all[j], &all[i]) {
				return
			}
		}
	}
	s.sayWhatIsCertain(e)
}

// proves says whether a mistake, and another if there is one, make the signature match.
func (s *search) proves(e *Explanation, first, second *hypothesis) bool {
	c := candidate{form: s.served, req: *s.req, key: s.key}
	first.apply(&c)
	if second != nil {
		second.apply(&c)
	}
	if !s.matches(&c) {
		return false
	}
	e.Cause, e.Detail = first.cause, first.detail
	if second != nil {
		e.Also = second.cause
		e.Detail = strings.TrimPrefix(strings.TrimSuffix(e.Detail+"; "+second.detail, "; "), "; ")
	}
	signed := string(s.scratch.canonical)
	e.SignerCanonical, e.Difference = redactCanonical(signed), difference(signed, s.canonical)
	return true
}

// sayWhatIsCertain compares what the request says of its own signing with what arrived, for a signature that nothing
// explains.
func (s *search) sayWhatIsCertain(e *Explanation) {
	e.Cause = WrongSecretOrChanged
	lines := strings.Split(s.canonical, "\n")
	if missing := s.missingHeaders(); len(missing) > 0 {
		e.Cause, e.Detail = SignedHeaderMissing, strings.Join(missing, ", ")
		at := slices.Index(lines, missing[0]+":")
		e.Difference = Difference{
			Line: at + 1, Part: partHeader + missing[0], Signer: missing[0] + ":(a value that did not arrive)", Server: missing[0] + ":",
		}
		return
	}
	if claimed := claimedPayload(s.req); isHash(claimed) && s.served.payload != unsignedPayload && claimed != s.served.payload {
		e.Detail = "X-Amz-Content-Sha256 is not the hash of the body that arrived"
		e.Difference = Difference{Line: len(lines), Part: partOf(lines, len(lines)-1), Signer: claimed, Server: s.served.payload}
	}
}

func isHash(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == sha256.Size
}

// missingHeaders names the signed headers that did not arrive.
func (t *attempt) missingHeaders() []string {
	var missing []string
	for _, name := range strings.Split(t.auth.signedHeaders, ";") {
		if _, found := t.req.header(name); !found && !strings.EqualFold(name, "host") {
			missing = append(missing, name)
		}
	}
	return missing
}

// hypotheses lists the mistakes that are possible for the request, the most usual first.
func (s *search) hypotheses() []hypothesis {
	return slices.Concat(s.pathHypotheses(), s.payloadHypotheses(), s.hostHypotheses(), s.queryHypotheses(), s.keyHypotheses(),
		s.headerHypotheses(), s.methodHypotheses())
}

func (s *search) pathHypotheses() []hypothesis {
	form := func(how pathForm) func(*candidate) { return func(c *candidate) { c.form.path = how } }
	path := func(to string) func(*candidate) { return func(c *candidate) { c.req.Path = to } }
	list := []hypothesis{
		{PathNotNormalised, partPath, "", form(pathEncodedTwice)}, {PathEncodedOnce, partPath, "", form(pathEncodedOnce)},
		{PathAsSent, partPath, "", form(pathAsSent)},
	}
	if decoded, err := url.PathUnescape(s.req.Path); err == nil && decoded != s.req.Path {
		list = append(list, hypothesis{PathDecoded, partPath, "", func(c *candidate) { c.req.Path, c.form.path = decoded, pathAsSent }})
	}
	if trimmed, has := strings.CutSuffix(s.req.Path, "/"); has {
		list = append(list, hypothesis{PathSlashChanged, partPath, "", path(trimmed)})
	} else {
		list = append(list, hypothesis{PathSlashChanged, partPath, "", path(s.req.Path + "/")})
	}
	const maxSegments = 4
	for rest, n := s.req.Path, 0; n < maxSegments && len(rest) > 1; n++ {
		next := strings.IndexByte(rest[1:], '/')
		if next < 0 {
			list = append(list, hypothesis{PathPrefixAdded, partPath, s.req.Path, path("/")})
			break
		}
		rest = rest[next+1:]
		list = append(list, hypothesis{PathPrefixAdded, partPath, strings.TrimSuffix(s.req.Path, rest), path(rest)})
	}
	if prefix, found := s.req.header("X-Forwarded-Prefix"); found && prefix != "" {
		list = append(list, hypothesis{PathPrefixRemoved, partPath, "X-Forwarded-Prefix", path(strings.TrimSuffix(prefix, "/") + s.req.Path)})
	}
	for _, name := range [...]string{"X-Original-Uri", "X-Forwarded-Uri", "X-Original-Url", "X-Rewrite-Url"} {
		if original, found := s.req.header(name); found {
			original, _, _ = strings.Cut(original, "?")
			list = append(list, hypothesis{PathPrefixRemoved, partPath, name, path(original)})
		}
	}
	return list
}

// longestBody is the longest body, bytes, that is hashed once more to explain a mismatch.
const longestBody = 1 << 20

func (s *search) payloadHypotheses() []hypothesis {
	var list []hypothesis
	add := func(cause Cause, hash string) {
		if hash != s.served.payload {
			list = append(list, hypothesis{cause, partPayload, "", func(c *candidate) { c.form.payload = hash }})
		}
	}
	if claimed := claimedPayload(s.req); claimed != "" && claimed != unsignedPayload {
		add(BodyChanged, claimed)
	}
	add(PayloadUnsigned, unsignedPayload)
	add(BodyNotSigned, emptySHA256)
	if body := s.req.Body; len(body) > 0 && len(body) <= longestBody {
		for _, other := range [...]string{strings.TrimRight(string(body), "\r\n"), string(body) + "\n"} {
			sum := sha256.Sum256([]byte(other))
			add(BodyNewlineChanged, hex.EncodeToString(sum[:]))
		}
	}
	return list
}

// hostHypotheses are the names that the same server may have for a client.
func (s *search) hostHypotheses() []hypothesis {
	var hosts []hypothesis
	add := func(host, detail string) {
		known := func(h hypothesis) bool { return strings.HasPrefix(h.detail, host+" ") || h.detail == host }
		if host != "" && host != s.served.host && !slices.ContainsFunc(hosts, known) {
			hosts = append(hosts, hypothesis{HostChanged, partHost, strings.TrimSpace(host + " " + detail), func(c *candidate) { c.form.host = host }})
		}
	}
	for _, name := range [...]string{"X-Forwarded-Host", "X-Original-Host", "X-Host"} {
		host, _ := s.req.header(name)
		host, _, _ = strings.Cut(host, ",")
		add(strings.TrimSpace(host), "of "+name)
	}
	if forwarded, found := s.req.header("Forwarded"); found {
		_, host, _ := strings.Cut(forwarded, "host=")
		host, _, _ = strings.Cut(host, ";")
		host, _, _ = strings.Cut(host, ",")
		add(strings.Trim(host, `" `), "of Forwarded")
	}
	bare, hasPort := withoutPort(s.served.host)
	add(strings.ToLower(s.served.host), "")
	if label, _, found := strings.Cut(bare, ".execute-api."); found {
		add(label+".execute-api."+s.auth.region+".amazonaws.com", "")
	}
	if !hasPort {
		add(bare+":80", "")
		add(bare+":443", "")
		return hosts
	}
	port := strings.TrimPrefix(s.served.host, bare)
	for _, name := range [...]string{"localhost", "127.0.0.1", "[::1]"} {
		add(name+port, "")
		add(name, "")
	}
	return hosts
}

func (s *search) queryHypotheses() []hypothesis {
	if s.req.RawQuery == "" {
		return nil
	}
	query := func(to string) func(*candidate) { return func(c *candidate) { c.req.RawQuery = to } }
	list := []hypothesis{
		{QueryNotSorted, partQuery, "", func(c *candidate) { c.form.queryAsSent = true }},
		{QueryNotEncoded, partQuery, "", func(c *candidate) { c.form.queryVerbatim = true }},
	}
	if !s.auth.presigned {
		list = append(list, hypothesis{QueryNotSigned, partQuery, "", query("")})
	}
	if strings.Contains(s.req.RawQuery, "+") {
		list = append(list, hypothesis{QueryPlus, partQuery, "", query(strings.ReplaceAll(s.req.RawQuery, "+", "%2B"))})
	}
	if strings.Contains(s.req.RawQuery, "%") {
		list = append(list, hypothesis{QueryEncodedTwice, partQuery, "", query(strings.ReplaceAll(s.req.RawQuery, "%", "%25"))})
	}
	return list
}

// keyHypotheses are mistakes with the secret.
func (s *search) keyHypotheses() []hypothesis {
	var list []hypothesis
	add := func(cause Cause, detail, secret string, scope Scope) {
		key := deriveKey(secret, s.auth.date, scope)
		list = append(list, hypothesis{cause, partKey, detail, func(c *candidate) { c.key = &key }})
	}
	scope := Scope{s.auth.region, s.auth.service}
	add(SecretPadded, "a newline behind it", s.secret+"\n", scope)
	add(SecretPadded, "a carriage return behind it", s.secret+"\r", scope)
	add(SecretPadded, "a space behind it", s.secret+" ", scope)
	add(SecretPadded, "a space before it", " "+s.secret, scope)
	for _, service := range [...]string{"execute-api", "apigateway", "lambda"} {
		if service != scope.Service {
			add(KeyForOtherScope, "service "+service, s.secret, Scope{scope.Region, service})
		}
	}
	for _, region := range [...]string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1"} {
		if region != scope.Region {
			add(KeyForOtherScope, "region "+region, s.secret, Scope{region, scope.Service})
		}
	}
	return list
}

// headerHypotheses are signed headers that are often changed on the way.
func (s *search) headerHypotheses() []hypothesis {
	var list []hypothesis
	add := func(name, value string) {
		list = append(list, hypothesis{HeaderChanged, partHeaders, name, func(c *candidate) { c.req.Headers = withHeader(c.req.Headers, name, value) }})
	}
	for _, name := range strings.Split(s.auth.signedHeaders, ";") {
		value, found := s.req.header(name)
		if !found {
			continue
		}
		switch strings.ToLower(name) {
		case "content-type":
			mediaType, _, hasParameters := strings.Cut(value, ";")
			if hasParameters {
				add(name, mediaType)
				break
			}
			for _, charset := range [...]string{"; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8"} {
				add(name, mediaType+charset)
			}
		case "accept-encoding":
			for _, other := range [...]string{"identity", "gzip, deflate, br", "gzip, deflate", "gzip"} {
				add(name, other)
			}
		case "connection":
			add(name, "keep-alive")
			add(name, "close")
		}
		if last := strings.LastIndexByte(value, ','); last > 0 { // a proxy appended
			add(name, value[:last])
		}
	}
	return list
}

func withHeader(headers []Header, name, value string) []Header {
	changed := slices.Clone(headers)
	for i := range changed {
		if strings.EqualFold(changed[i].Name, name) {
			changed[i].Value = value
		}
	}
	return changed
}

func (s *search) methodHypotheses() []hypothesis {
	var list []hypothesis
	add := func(method string) {
		if method != "" && method != s.req.Method {
			list = append(list, hypothesis{MethodChanged, partMethod, method, func(c *candidate) { c.req.Method = method }})
		}
	}
	override, _ := s.req.header("X-Http-Method-Override")
	add(override)
	add(strings.ToLower(s.req.Method))
	for _, method := range [...]string{"GET", "HEAD", "POST"} {
		add(method)
	}
	return list
}
