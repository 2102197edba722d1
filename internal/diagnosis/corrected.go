package diagnosis

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/dataplane/record"
)

// corrected is a request that would pass, as far as a server can know it.
type corrected struct {
	httpMethod  string
	stage, path string
	// headers and query are what the request gets in place of its own; values are as a shell
	// has them within double quotes, variables and all.
	headers []placed
	query   []placed
	// signed asks for a signature of the client's own key, handshake for a WebSocket's.
	signed, handshake bool
	// body is the file that stands for the body; empty for the request's own.
	body string
}

// placed is a header or a parameter of the query.
type placed struct{ name, value string }

// again is the request as it was.
func (c *diagnosed) again() corrected {
	stage, path := c.place()
	if c.isHandshake() {
		return corrected{httpMethod: http.MethodGet, stage: stage, handshake: true}
	}
	return corrected{httpMethod: c.record.HttpMethod, stage: stage, path: path}
}

// isHandshake says whether the request is that of a WebSocket client which connects.
func (c *diagnosed) isHandshake() bool {
	return c.record.ProtocolType == record.ProtocolWebSocket && c.record.HttpMethod == eventConnect
}

// send is the fix that sends a request. What no record has, because it may be secret,
// stands in the command by its name, and the text says so.
func (c *diagnosed) send(text string, r *corrected) Fix {
	command, leftOut := c.curl(r)
	return Fix{Text: text + leftOut, Command: command}
}

// signed sends the request as it was, signed with the client's own key.
func (c *diagnosed) signed(text string) Fix {
	again := c.again()
	again.signed = true
	return c.send(text, &again)
}

// curl is a command that sends a request and prints the answer with its status, and a
// sentence that says what of the client's own request it does not have.
func (c *diagnosed) curl(r *corrected) (text, leftOut string) {
	sent, unknown := *r, c.complete(r)
	if sent.httpMethod == http.MethodHead {
		unknown.hasBody = false // curl has no body for it
	}
	sent.headers = append(slices.Clone(r.headers), unknown.headers...)
	sent.query = append(slices.Clone(r.query), unknown.query...)
	if sent.body == "" && unknown.hasBody {
		sent.body = bodyFile
	}
	if sent.body != "" && !unknown.unknown && !has(sent.headers, "Content-Type") {
		sent.headers = append(sent.headers, placed{name: "Content-Type"}) // which takes curl's own away
	}
	address := c.urlOf(sent.stage, sent.path)
	if sent.signed && !curlSigns(address) {
		return c.python(&sent), unknown.sentence("curl does not sign a path with such characters right; an SDK's signer does.")
	}
	words := []string{"curl", "-i"}
	if strings.ContainsAny(address, "[]{}") {
		words = append(words, "--globoff")
	}
	if strings.Contains(address, "/.") {
		words = append(words, "--path-as-is")
	}
	if sent.handshake {
		words = append(words, handshake...)
	}
	if sent.signed {
		words = append(words, "--aws-sigv4", "aws:amz:"+c.record.Region+":execute-api", "--user")
		text = command(words...) + ` "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`
	} else {
		text = command(words...)
	}
	if sent.httpMethod == http.MethodHead {
		text += " --head" // -X HEAD waits for a body
	} else if sent.httpMethod != "" && (sent.httpMethod != http.MethodGet || sent.body != "") { // with a body curl sends POST
		text += " -X " + quote(sent.httpMethod)
	}
	for _, header := range sent.headers {
		text += " -H " + header.word()
	}
	if sent.body != "" {
		text += " --data-binary " + quote("@"+sent.body)
	}
	said := ""
	if sent.handshake {
		said = "101 lets the client in; curl, which then waits in vain, ends two seconds later with the exit status 28."
	}
	return text + " " + urlWord(address, sent.query), unknown.sentence(said)
}

// handshake are the options of a WebSocket handshake. The connection ends with curl, two
// seconds later.
var handshake = []string{
	"--http1.1", "--max-time", "2", "-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13",
	"-H", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
}

// curlSigns says whether curl's signature of a URL's path is right: it does not encode the
// path a second time.
func curlSigns(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	_, path, _ := strings.Cut(rest, "/")
	return strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/") == "" &&
		!strings.Contains(path, "//") && !strings.Contains(path, "/.")
}

// python sends a signed request with the SDK's signer.
func (c *diagnosed) python(r *corrected) string {
	const program = `import sys,urllib.request as u; from botocore import session,auth,awsrequest as a; ` +
		`r=a.AWSRequest(sys.argv[1],sys.argv[2],dict(h.split(": ",1) for h in sys.argv[4:]),DATA); ` +
		`auth.SigV4Auth(session.Session().get_credentials(),"execute-api",sys.argv[3]).add_auth(r); ` +
		`p=u.urlopen(u.Request(r.url,r.data,dict(r.headers),method=r.method)); print("HTTP/1.1",p.status); print(p.read().decode())`
	data := "None"
	if r.body != "" {
		data = `open("` + bodyFile + `","rb").read()`
	}
	address := c.urlOf(r.stage, r.path)
	if strings.Contains(address, ".localhost") {
		address = c.ownUrlOf(r.stage, r.path) // not every system resolves such names
	}
	text := command("python3", "-c", strings.Replace(program, "DATA", data, 1), r.httpMethod) + " " + urlWord(address, r.query) + " " + quote(c.record.Region)
	for _, header := range r.headers {
		if header.value != "" {
			text += " " + header.word()
		}
	}
	return text
}

// word is a header as one word of a shell's command.
func (p placed) word() string {
	if p.value == "" {
		return quote(p.name + ":")
	}
	if strings.Trim(p.name, wordCharacters) == "" {
		return `"` + p.name + ": " + p.value + `"`
	}
	return quote(p.name+": ") + `"` + p.value + `"`
}

// urlWord is a URL with a query as one word of a shell's command.
func urlWord(address string, parameters []placed) string {
	if len(parameters) == 0 {
		return quote(address)
	}
	pairs := make([]string, len(parameters))
	for i, parameter := range parameters {
		pairs[i] = url.QueryEscape(parameter.name) + "=" + parameter.value
	}
	slices.Sort(pairs) // curl signs them as they stand
	query := "?" + strings.Join(pairs, "&") + `"`
	if quote(address) == address {
		return `"` + address + query
	}
	return quote(address) + `"` + query
}

const wordCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

// bodyFile is the file that stands for the request's body.
const bodyFile = "body"

// maxPlaced bounds how many headers and how many parameters a command names.
const maxPlaced = 8

// missing is what a request had and a record has not: placeholders, and what is left out.
type missing struct {
	headers, query []placed
	variables      []string
	hasBody        bool
	unknown        bool     // the record has nothing of headers, query and body
	omitted        []string // names beyond maxPlaced
}

// complete finds what a request had, but for what r has in its place.
func (c *diagnosed) complete(r *corrected) *missing {
	m := &missing{hasBody: r.body == "" && c.bodyLength() > 0, unknown: len(c.headers) == 0}
	isSigned := r.signed || valueOf(c.headers, "X-Amz-Date") != ""
	for _, field := range c.headers {
		name, value := field.Name, field.Value
		switch {
		case isAutomatic(name) || has(m.headers, name) || has(r.headers, name) || r.handshake && isOfHandshake(name):
		case strings.EqualFold(name, "X-Amz-Security-Token") && r.signed:
			m.headers = append(m.headers, placed{name, "$AWS_SESSION_TOKEN"})
		case isSigned && isOfSignature(name) || strings.EqualFold(name, "Accept") && value == "*/*":
		case isShown(value):
			m.headers = append(m.headers, placed{name, doubleQuoted(value)})
		default:
			m.place(&m.headers, placed{name, "HEADER_" + variableName(name)})
		}
	}
	for _, field := range c.fields(record.RequestQuery) {
		if !isShown(field.Name) {
			m.omitted = append(m.omitted, "a query parameter without value, whose name of "+strings.Trim(field.Name, "()")+" may be a secret")
			continue
		}
		isSigning := isSigned && strings.HasPrefix(field.Name, "X-Amz-")
		if !isSigning && !has(m.query, field.Name) && !has(r.query, field.Name) {
			m.place(&m.query, placed{field.Name, "QUERY_" + variableName(field.Name)})
		}
	}
	return m
}

// bodyLength is the length of the request's body, bytes.
func (c *diagnosed) bodyLength() int {
	for i := range c.record.Steps {
		for _, fact := range c.record.Steps[i].Facts {
			if fact.Kind == record.RequestBody {
				return fact.Size
			}
		}
	}
	if length := valueOf(c.headers, "Content-Length"); length != "" && length != "0" {
		return 1
	}
	return 0
}

// place puts a variable in the place of a value.
func (m *missing) place(list *[]placed, p placed) {
	if len(*list) >= maxPlaced {
		m.omitted = append(m.omitted, p.name)
		return
	}
	m.variables = append(m.variables, "$"+p.value)
	*list = append(*list, placed{p.name, "$" + p.value})
}

// sentence says what of the client's request a command does not have.
func (m *missing) sentence(said string) string {
	var parts []string
	if said != "" {
		parts = append(parts, said)
	}
	if len(m.variables) > 0 {
		parts = append(parts, "Set "+joined(m.variables)+" first: values of headers and of the query are not recorded.")
	}
	if m.hasBody {
		parts = append(parts, "Put the body into the file "+bodyFile+": it is not recorded.")
	}
	if len(m.omitted) > 0 {
		parts = append(parts, "Left out: "+joined(m.omitted)+".")
	}
	if m.unknown {
		parts = append(parts, "Headers, query and body of the request are not recorded: add what it needs.")
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + strings.Join(parts, " ")
}

func has(list []placed, name string) bool {
	return slices.ContainsFunc(list, func(p placed) bool { return strings.EqualFold(p.name, name) })
}

// automatic are headers that a client's HTTP library or a proxy sets.
var automatic = []string{
	"accept-encoding", "accept-language", "cache-control", "connection", "content-length", "date", "dnt", "expect", "forwarded", "host", "keep-alive", "origin-agent-cluster",
	"pragma", "priority", "referer", "te", "traceparent", "tracestate", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via",
	"x-amzn-trace-id", "x-real-ip",
}

func isAutomatic(name string) bool {
	lower := strings.ToLower(name)
	return slices.Contains(automatic, lower) || strings.HasPrefix(lower, "sec-fetch-") || strings.HasPrefix(lower, "sec-ch-") || strings.HasPrefix(lower, "x-forwarded-") ||
		strings.HasPrefix(lower, "amz-sdk-")
}

// isOfSignature says whether a header belongs to a signature, which a new one replaces.
func isOfSignature(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-user-agent":
		return true
	}
	return false
}

// isOfHandshake says whether a header belongs to a handshake, which the command has.
func isOfHandshake(name string) bool {
	lower := strings.ToLower(name)
	return lower != "sec-websocket-protocol" && strings.HasPrefix(lower, "sec-websocket-")
}

// isWebSocket says whether the API is a WebSocket API.
func (c *diagnosed) isWebSocket() bool {
	return c.record.ProtocolType == record.ProtocolWebSocket ||
		c.definition != nil && c.definition.Http != nil && c.definition.Http.Api.ProtocolType == apigwv2.ProtocolTypeWebSocket
}

// isShown says whether a value is the header's own: neither replaced by its length nor masked.
func isShown(value string) bool {
	return !strings.HasSuffix(value, " characters)") && !strings.HasPrefix(value, "***")
}

// doubleQuoted is text within a shell's double quotes.
func doubleQuoted(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(text)
}

// variableName makes a name of a shell's variable.
func variableName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}
