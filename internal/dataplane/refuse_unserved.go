package dataplane

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/unserved"
)

// Refuse implements unserved.Refuser: it answers and records a request that reached no
// handler. AWS's answers to these are not documented; the body and headers are those of its
// other early failures.
func (h *Handler) Refuse(refused *unserved.Refusal) unserved.Answer {
	minted, received := ids{h.Random}, h.Now()
	requestId, extended := minted.uuid(), minted.extended()
	r := requestOf(refused)
	target, _ := Match(r)
	given := &refusal{target: target, fault: refused.Fault, step: stepReadHead}
	if !refused.Unanswerable {
		given.statusCode, given.errorType = refused.Fault.Entry.StatusCode, refused.Fault.Entry.ErrorType
		given.body = messageBody(refused.Fault)
	}
	h.log(r, given.fault, requestId)
	h.recordRefusal(r, given, "", record.Exchange{RequestId: requestId, ExtendedRequestId: extended, Received: received, Path: pathOf(refused)})
	header := http.Header{
		"Content-Type": {"application/json"}, "x-amzn-RequestId": {requestId}, "x-amz-apigw-id": {extended},
	}
	if given.errorType != "" {
		header["x-amzn-ErrorType"] = []string{given.errorType}
	}
	fault.SetHelp(header, h.HelpBase, given.fault, requestId)
	return unserved.Answer{StatusCode: given.statusCode, Header: header, Body: given.body}
}

// stepReadHead is the one step that a request takes which reaches no handler.
const stepReadHead = "read_head"

func messageBody(f *fault.Fault) []byte {
	body, err := json.Marshal(map[string]string{"message": f.Message})
	if err != nil {
		return nil // a text is always JSON
	}
	return body
}

// requestOf is what could be read of a request, to find the API that it was for and to be
// recorded; it is never served.
func requestOf(refused *unserved.Refusal) *http.Request {
	r := &http.Request{Method: cut(refused.HttpMethod), Host: refused.Header("Host"), Header: http.Header{}, URL: &url.URL{}}
	for _, field := range refused.Headers {
		if !strings.EqualFold(field.Name, "Host") {
			r.Header.Add(field.Name, field.Value)
		}
	}
	if parsed, err := url.ParseRequestURI(refused.Target); err == nil {
		r.URL = parsed
	} else {
		_, r.URL.RawQuery, _ = strings.Cut(refused.Target, "?")
	}
	return r.WithContext(context.Background())
}

// pathOf is what a list of requests shows of a request that may have no path.
func pathOf(refused *unserved.Refusal) string {
	switch {
	case refused.Unanswerable:
		return "(TLS handshake)"
	case refused.Target == "":
		return "(not readable)"
	default:
		return printable(unserved.PathOf(refused.Target))
	}
}

// printable is a path as a record has it: what is no text is escaped, and it is cut.
func printable(path string) string {
	if len(path) > shownOfName {
		return printable(path[:shownOfName]) + "…"
	}
	quoted := strconv.QuoteToASCII(path)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func cut(text string) string {
	if len(text) > shownOfName {
		return text[:shownOfName] + "…"
	}
	return text
}
