package diagnosis

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/sigv4"
)

// Signature sets what a client signed beside what arrived, as far as it is known: the
// client's canonical request is not sent. Values that may be secret stand in it as their
// length.
type Signature struct {
	// Line is the first line of the canonical requests that differs, from 1, and Part what it
	// is, such as "path"; 0 and empty where the client's line is not known.
	Line int    `json:"line,omitempty"`
	Part string `json:"part,omitempty"`
	// Client and Server are the two lines.
	Client string `json:"client,omitempty"`
	Server string `json:"server,omitempty"`
	// CanonicalRequest and StringToSign are the server's, line by line.
	CanonicalRequest []string `json:"canonicalRequest,omitempty"`
	StringToSign     []string `json:"stringToSign,omitempty"`
}

func signatureOf(e *sigv4.Explanation) *Signature {
	if e.Canonical == "" {
		return nil
	}
	return &Signature{
		Line: e.Difference.Line, Part: e.Difference.Part, Client: e.Difference.Signer, Server: e.Difference.Server,
		CanonicalRequest: strings.Split(e.Canonical, "\n"), StringToSign: strings.Split(e.StringToSign, "\n"),
	}
}

// signatureCauses say what each cause of a mismatch means and what mends it; {detail} is
// what differs.
var signatureCauses = map[sigv4.Cause]struct{ found, fix string }{
	sigv4.WrongSecretOrChanged: {
		"neither a usual mistake nor a change on the way explains the signature: another secret signed, or something that is signed was changed",
		"Compare the canonical request with the one that the client's signer logs (boto3.set_stream_logger('botocore.auth'), aws.LogSigning in Go). If they are equal, the secret is wrong: use the one that belongs to the access key, or make a new key.",
	},
	sigv4.PathEncodedOnce: {
		"the client encoded the path once, as Amazon S3 alone wants it",
		"Encode the path once more in the canonical request than in the URL (%20 becomes %2520): sign with an SDK's signer for execute-api, not with one for S3.",
	},
	sigv4.PathNotNormalised: {"the client signed the path with its // or dot segments", "Remove empty and dot segments from the path before signing."},
	sigv4.PathAsSent: {
		"the client signed the path as the URL has it",
		"Percent-encode the URL's path once more for the canonical request: all but letters, digits, - . _ ~ and /.",
	},
	sigv4.PathDecoded: {"the client signed the path without percent-encoding", "Percent-encode the path twice for the canonical request (a space becomes %2520)."},
	sigv4.PathPrefixAdded: {
		"the path arrived with {detail} in front, which was not signed",
		"Sign the URL that this server gets, with its stage or base path; or let the proxy between leave the path as it is.",
	},
	sigv4.PathPrefixRemoved: {
		"the client signed the path that {detail} has, and a proxy took a part off",
		"Let the proxy pass the path on as it is, or sign the path that arrives here.",
	},
	sigv4.PathSlashChanged: {"the slash at the end of the path is not as it was signed", "Sign and send the same path: a slash at the end counts."},
	sigv4.MethodChanged:    {"the client signed the HTTP method {detail}", "Sign the method that is sent, in capitals; proxies must not change it."},
	sigv4.BodyChanged: {
		"the body is not the one that was signed: X-Amz-Content-Sha256 is another's",
		"Serialise the body once, and sign and send the same bytes; proxies must not rewrite it.",
	},
	sigv4.BodyNotSigned: {"the client signed an empty body", "Give the signer the body that is sent."},
	sigv4.BodyNewlineChanged: {
		"the body was signed with another end of line at its end",
		"Sign and send the same bytes: curl's -d takes newlines out of a file, --data-binary does not.",
	},
	sigv4.PayloadUnsigned: {"the client signed UNSIGNED-PAYLOAD, which Amazon S3 alone takes", "Sign the SHA-256 of the body."},
	sigv4.HostChanged: {
		"the client signed the host {detail}",
		"Sign the host that the request is sent to; or let the proxy between pass Host on as it is (nginx: proxy_set_header Host $http_host).",
	},
	sigv4.QueryNotSorted:    {"the client did not sort the query", "Sort the parameters by name for the canonical request, then by value."},
	sigv4.QueryNotSigned:    {"the client left the query out, or a proxy added it", "Sign the URL with its query."},
	sigv4.QueryNotEncoded:   {"the client signed the query as the URL has it", "Percent-encode names and values in the canonical request, all but letters, digits, - . _ ~; a name without a value gets its =."},
	sigv4.QueryPlus:         {"the client signed + as a plus, and it stands for a space", "Send and sign a space as %20, a plus as %2B."},
	sigv4.QueryEncodedTwice: {"the client encoded the query twice", "Decode the URL's parameters before they are encoded for the canonical request."},
	sigv4.HeaderChanged: {
		"the header {detail} is not as it was signed",
		"Leave {detail} out of the signed headers, or keep proxies and HTTP libraries from changing it.",
	},
	sigv4.SignedHeaderMissing: {
		"signed headers did not arrive: {detail}",
		"Send each header that is signed; leave those out of the signed headers that a proxy takes away.",
	},
	sigv4.SecretPadded:     {"the secret that signed has {detail}", "Take white space off the secret access key: files and environment files often end in it."},
	sigv4.KeyForOtherScope: {"the signing key was derived for {detail}, which is not what the credential names", "Derive the signing key for the region and the service that the credential names."},
	sigv4.StreamingPayload: {"the payload is signed in chunks, which Amazon S3 alone takes", "Sign the SHA-256 of the whole body."},
}

// sayCause says what a refused signature was traced to, and what mends it.
func sayCause(e *sigv4.Explanation, finding *Finding) (fixText string) {
	finding.Signature = signatureOf(e)
	finding.Found = e.Claims()
	if said, ok := signatureCauses[e.Cause]; ok {
		detail := strings.NewReplacer("{detail}", e.Detail)
		finding.Found += "; " + e.Cause.String() + ": " + detail.Replace(said.found)
		fixText = detail.Replace(said.fix)
		if e.Cause == sigv4.WrongSecretOrChanged && e.Detail != "" {
			finding.Found += "; " + e.Detail
		}
	}
	if also, ok := signatureCauses[e.Also]; ok {
		_, detail, _ := strings.Cut(e.Detail, "; ")
		text := strings.NewReplacer("{detail}", cmp.Or(detail, e.Detail))
		finding.Found += "; and " + e.Also.String() + ": " + text.Replace(also.found)
		fixText += " " + text.Replace(also.fix)
	}
	if e.WantScope != (sigv4.Scope{}) {
		fixText = "Sign for service " + e.WantScope.Service + " in region " + e.WantScope.Region + ": the signer was told " + e.SignedFor.Service + " and " + e.SignedFor.Region + "."
	}
	return fixText
}

// sayRefusal is sayCause for every refusal: where no cause is known AWS's own text is.
func sayRefusal(refused *sigv4.Error, finding *Finding) (fixText string) {
	e := &refused.Explanation
	fixText = sayCause(e, finding)
	if e.Cause == sigv4.NoCause && e.WantScope == (sigv4.Scope{}) && refused.Message != "" {
		message, _, _ := strings.Cut(refused.Message, "\n")
		finding.Found = message + " (" + finding.Found + ")"
		if e.Presigned && strings.HasPrefix(message, "Signature expired") {
			return "Make a new presigned URL: its X-Amz-Expires is over."
		}
	}
	return cmp.Or(fixText, clockFix(e))
}

// clockFix says whose clock is wrong, for a date that is out of bounds.
func clockFix(e *sigv4.Explanation) string {
	switch skew := e.Skew.Round(time.Second); {
	case e.Cause != sigv4.NoCause || e.WantScope != (sigv4.Scope{}):
		return ""
	case skew > sigv4.ClockSkew:
		return "Set the client's clock, which is " + skew.String() + " behind this server's; or sign anew for each attempt, if the request waited."
	case skew < -sigv4.ClockSkew:
		return "Set the client's clock, which is " + (-skew).String() + " ahead of this server's."
	}
	return ""
}

// fixSignature is for a signature that is well formed and wrong.
func fixSignature(c *diagnosed, f *fault.Fault, finding *Finding) {
	text := ""
	var refused *sigv4.Error
	if errors.As(f.Cause, &refused) {
		text = sayRefusal(refused, finding)
	}
	if text == "" {
		text = "Sign exactly what is sent, once: in the Authorization header or in the query."
	}
	finding.Wanted = c.wantedSignature()
	finding.Fix = c.signed(text)
}

func (c *diagnosed) wantedSignature() string {
	return "a request signed with Signature Version 4 for service execute-api in region " + c.record.Region
}

func fixSignatureMissing(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Found = "neither an Authorization header nor X-Amz-Signature in the query"
	finding.Wanted = c.wantedSignature()
	finding.Fix = c.signed("Sign the request.")
}

// fixSignatureIncomplete is for an Authorization header that is no signature, such as a
// bearer token, or lacks a part of one.
func fixSignatureIncomplete(c *diagnosed, f *fault.Fault, finding *Finding) {
	var refused *sigv4.Error
	if errors.As(f.Cause, &refused) {
		message, _, _ := strings.Cut(refused.Message, " (hashed with")
		finding.Found, _, _ = strings.Cut(message, " (Hashed with")
	}
	finding.Wanted = c.wantedSignature()
	finding.Fix = c.signed("Sign the request; a token of another kind has no meaning for a method with AWS_IAM.")
}

// temporary begins the ids of access keys that need a session token.
const temporary = "ASIA"

func fixAccessKey(c *diagnosed, f *fault.Fault, finding *Finding) {
	if c.fixInactiveKey(f, finding) {
		return
	}
	finding.Wanted = "an access key that exists here and is active (aws iam list-access-keys shows yours)"
	text := "Sign with an access key that exists here and is active."
	var refused *sigv4.Error
	sent := c.again()
	sent.signed = true
	if errors.As(f.Cause, &refused) && strings.HasPrefix(refused.Explanation.AccessKeyID, temporary) {
		finding.Wanted = "temporary credentials that are good, with their own session token in X-Amz-Security-Token"
		found := "; without a session token"
		text = "Send the session token that belongs to the temporary credentials."
		if refused.Explanation.HasToken {
			found = "; with a session token that does not belong to it"
			text = "Get new temporary credentials, and send the session token that belongs to them: these have run out, or the token is another's."
		}
		finding.Found += found
		sent.headers = []placed{{"X-Amz-Security-Token", "$AWS_SESSION_TOKEN"}}
	}
	finding.Fix = c.send(text, &sent)
}

// fixInactiveKey makes the access key active again that signed a request. The client was told
// what it is told of a key that nobody has, as on AWS. Of the id, the two ends are enough: a
// user has two keys at the most.
func (c *diagnosed) fixInactiveKey(f *fault.Fault, finding *Finding) bool {
	var inactive *iam.InactiveKey
	var refused *sigv4.Error
	if !errors.As(f.Cause, &inactive) || !errors.As(f.Cause, &refused) {
		return false
	}
	id := refused.Explanation.AccessKeyID
	owner, user := "the account's root user", ""
	if inactive.UserName != "" {
		owner, user = "user "+inactive.UserName, " --user-name "+quote(inactive.UserName)
	}
	begin, end, _ := strings.Cut(id, "…")
	query := "AccessKeyMetadata[?Status=='Inactive' && starts_with(AccessKeyId, '" + begin + "') && ends_with(AccessKeyId, '" + end + "')].AccessKeyId | [0]"
	finding.Found += ": key " + id + " of " + owner + " exists and is inactive, which its client is not told"
	finding.Wanted = "an access key that is active"
	finding.Fix = Fix{
		Text: "If the key may be used again, make it active, with credentials that may call iam:UpdateAccessKey; else sign with another one. No deployment is needed.",
		Command: "aws iam update-access-key" + user + " --status Active --access-key-id " +
			`"$(` + "aws iam list-access-keys" + user + " --output text --query " + quote(query) + `)"`,
	}
	return true
}
