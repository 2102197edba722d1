package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
)

// idBase64AsText is the finding of a binary response that a client got as base64 text;
// idBodyDamaged that of a body that lost bytes on its way, because it was taken for text.
const (
	idBase64AsText = "GH-B101"
	idBodyDamaged  = "GH-B104"
)

func (c *diagnosed) base64AsText(text string) Finding {
	contentType := valueOf(c.replied, "Content-Type")
	if before, isDeclared := strings.CutSuffix(text[:strings.IndexByte(text+",", ',')], " is a binary media type"); isDeclared {
		contentType = strings.TrimPrefix(before, "Content-Type ")
	}
	mediaType, _, _ := strings.Cut(contentType, ";")
	if mediaType == "" {
		mediaType = anyMediaType
	}
	declared := c.declaredFor(mediaType)
	return Finding{
		ErrorId: idBase64AsText, Name: "base64-as-text", Summary: "A binary response left as base64 text.", Article: idBase64AsText,
		Checked: "the first media type of Accept against binaryMediaTypes", Found: text, Wanted: "an Accept that begins with a binary media type",
		Nearest: []string{},
		Fix: Fix{
			Text:    "Declare " + declared + " a binary media type and deploy; a browser's first media type counts alone.",
			Command: then(c.declareBinary(declared), c.deploy()),
		},
	}
}

// anyMediaType is the entry of binaryMediaTypes that every type matches.
const anyMediaType = "*/*"

// declaredFor is the binary media type that lets a response of a type out as it is: only
// the first item of Accept counts, and it may be another one.
func (c *diagnosed) declaredFor(mediaType string) string {
	accepted, _, _ := strings.Cut(valueOf(c.headers, "Accept"), ",")
	accepted, _, _ = strings.Cut(strings.TrimSpace(accepted), ";")
	if accepted != "" && accepted != mediaType {
		return anyMediaType
	}
	return mediaType
}

func (c *diagnosed) declareBinary(mediaType string) string {
	return c.apigateway("update-rest-api", "--patch-operations", jsonText([]struct {
		Op   string `json:"op"`
		Path string `json:"path"`
	}{{"add", "/binaryMediaTypes/" + pointer(mediaType)}}))
}

// bodiesDamaged are bodies that REST APIs took for text because binaryMediaTypes does not
// name them.
func (c *diagnosed) bodiesDamaged() (found []Finding) {
	if text := c.fact(record.RequestDamaged); text != "" {
		found = append(found, c.requestDamaged(text))
	}
	if text := c.fact(record.ResponseDamaged); text != "" {
		finding, mediaType := bodyDamaged("response", text)
		declared := c.declaredFor(mediaType)
		finding.Fix = Fix{
			Text:    "Declare " + declared + " a binary media type and deploy. A response leaves as it is when its type and the first one of Accept are both in the list.",
			Command: then(c.declareBinary(declared), c.deploy()),
		}
		if declared != anyMediaType && valueOf(c.headers, "Accept") == "" { // without Accept, only */* is matched
			finding.Fix.Command = then(c.declareBinary(anyMediaType), c.deploy())
		}
		found = append(found, finding)
	}
	return found
}

func bodyDamaged(what, text string) (finding Finding, mediaType string) {
	mediaType, _, _ = strings.Cut(text, ": ")
	finding = Finding{
		ErrorId: idBodyDamaged, Name: "body-damaged", Article: idBase64AsText, Nearest: []string{},
		Summary: "A binary body was taken for text, and what is not UTF-8 in it was lost.",
		Checked: "the " + what + "'s Content-Type against binaryMediaTypes",
		Found:   "the " + what + "'s body was sent on damaged: " + text,
		Wanted:  "a Content-Type that is a binary media type of the API",
	}
	if mediaType == "" {
		finding.Found = "the " + what + "'s body has no Content-Type and was sent on damaged" + text
	}
	return finding, mediaType
}

// requestDamaged is for what a client sent. Types of texts are better not declared binary:
// the client then says what it sends.
func (c *diagnosed) requestDamaged(text string) Finding {
	finding, mediaType := bodyDamaged("request", text)
	said := "Declare " + mediaType + " a binary media type and deploy."
	if c.functionTarget() {
		said += " The function then gets the body in base64, and isBase64Encoded is true: it has to decode it."
	}
	if !isTextType(mediaType) {
		finding.Fix = Fix{Text: said, Command: then(c.declareBinary(mediaType), c.deploy())}
		return finding
	}
	finding.Wanted = "the Content-Type of what the body is, which is a binary media type of the API"
	sent := c.again()
	sent.headers = []placed{{"Content-Type", bytesType}}
	fix := c.send(strings.Replace(said, mediaType+" a", bytesType+" a", 1)+" Let the client say the body's own type: "+mediaTypeSaid(mediaType)+" it is not.", &sent)
	fix.Command = then(c.declareBinary(bytesType), c.deploy(), fix.Command)
	finding.Fix = fix
	return finding
}

// bytesType is the media type of bytes of which nothing more is known.
const bytesType = "application/octet-stream"

func mediaTypeSaid(mediaType string) string {
	if mediaType == "" {
		return "the application/json that is taken where none is said,"
	}
	return mediaType
}

// isTextType says whether a media type is that of a text, or of none.
func isTextType(mediaType string) bool {
	return mediaType == "" || mediaType == formType || strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "json") || strings.HasSuffix(mediaType, "xml")
}
