package restapi

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/plan"
)

// maxProxyAnswer bounds the answers that are looked into, bytes.
const maxProxyAnswer = 64 * 1024

// noteProxyAnswer notes a function's answer that is written for a proxy integration, where
// there is none: its statusCode, headers and body reach the client as JSON. The note has
// the statusCode and the names of what is beside it; a body that is no string follows "body:".
func (e *exchange) noteProxyAnswer() {
	target := e.method.Integration
	if !e.record.Enabled() || target.Type != plan.IntegrationAws || target.IsService || e.answer.selection != "" ||
		len(e.answer.body) > maxProxyAnswer || !bytes.Contains(e.answer.body, []byte(`"statusCode"`)) {
		return
	}
	var answer map[string]json.RawMessage
	if json.Unmarshal(e.answer.body, &answer) != nil {
		return
	}
	statusCode, ok := proxyStatusCode(answer["statusCode"])
	if !ok {
		return
	}
	var beside []string
	for name, text := range answer {
		switch name {
		case "statusCode":
		case "body":
			if text[0] != '"' {
				name = "body:" + kindOf(text[0])
			}
			beside = append(beside, name)
		case "headers", "multiValueHeaders", "isBase64Encoded":
			beside = append(beside, name)
		default:
			return // what no proxy integration takes
		}
	}
	if len(beside) > 0 {
		slices.Sort(beside)
		e.record.Note(record.ProxyAnswer, itoa(statusCode)+" "+strings.Join(beside, " "))
	}
}

// proxyStatusCode reads a status as proxy integrations do: a number, or one in quotes.
func proxyStatusCode(text json.RawMessage) (statusCode int, ok bool) {
	const least, most = 100, 599
	err := json.Unmarshal(bytes.Trim(text, `"`), &statusCode)
	return statusCode, err == nil && statusCode >= least && statusCode <= most
}

func kindOf(first byte) string {
	switch first {
	case '{':
		return "object"
	case '[':
		return "array"
	case 'n':
		return "null"
	}
	return "value"
}
