package exchangetest

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
)

// printResponse prints what came over the wire, headers in order of names as they were
// spelled, without Date.
func printResponse(t *testing.T, reader *bufio.Reader, isHead bool) string {
	t.Helper()
	var lines []string
	length := -1
	status, err := reader.ReadString('\n')
	if err != nil {
		t.Fatalf("reading the response: %v", err)
	}
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			t.Fatalf("reading the response: %v", err)
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		if strings.HasPrefix(line, "Date:") {
			continue
		}
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(value)
		}
		lines = append(lines, line)
	}
	sortHeaders(lines)
	text := strings.TrimSpace(status) + "\n" + strings.Join(lines, "\n") + "\n"
	if isHead || length <= 0 {
		return text
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(reader, body); err != nil {
		t.Fatalf("reading the response's body: %v", err)
	}
	return text + "\n" + printBody(body) + "\n"
}

func sortHeaders(lines []string) {
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
}

func printBody(body []byte) string {
	if !utf8.Valid(body) || bytes.ContainsAny(body, "\x00\x1f") {
		return "base64:" + base64.StdEncoding.EncodeToString(body)
	}
	return string(body)
}

func printOutbound(request *integration.Request) string {
	lines := []string{request.Method + " " + request.URL}
	if request.Host != "" {
		lines = append(lines, "Host: "+request.Host)
	}
	if request.Dial != nil {
		lines = append(lines, "(through the VPC link, verifying "+strconv.Quote(request.ServerNameToVerify)+")")
	}
	var headers []string
	for name, values := range request.Header {
		for _, value := range values {
			headers = append(headers, name+": "+value)
		}
	}
	sortHeaders(headers)
	text := strings.Join(append(lines, headers...), "\n") + "\n"
	if len(request.Body) > 0 {
		text += "\n" + printBody(request.Body) + "\n"
	}
	return text
}

func printInvocation(invocation *integration.Invocation, withEvent bool) string {
	text := "invoke " + invocation.FunctionArn + "\nsource " + invocation.SourceArn + "\n"
	if invocation.Async {
		text += "asynchronous\n"
	}
	if !withEvent {
		return text
	}
	var event bytes.Buffer
	if err := json.Indent(&event, invocation.Payload, "", " "); err != nil {
		return text + "\n" + printBody(invocation.Payload) + "\n"
	}
	return text + "\n" + event.String() + "\n"
}

func printFault(r *record.Record) string {
	f := r.Fault
	if f == nil {
		return ""
	}
	text := string(f.Id()) + " " + f.Entry.Name + "\n"
	for _, part := range []struct{ label, text string }{
		{"checked", f.Checked}, {"found", f.Found}, {"wanted", f.Wanted}, {"nearest", f.Nearest}, {"fix", f.Fix},
		{"validation error", f.ValidationError}, {"log", f.LogLine},
	} {
		if part.text != "" {
			text += part.label + ": " + part.text + "\n"
		}
	}
	return text
}

func printRecord(r *record.Record) string {
	var b strings.Builder
	for _, step := range r.Steps {
		b.WriteString(step.Name + "\n")
		for _, fact := range step.Facts {
			b.WriteString("  " + fact.Kind.String() + ": " + fact.Text)
			for _, field := range fact.Fields {
				b.WriteString(" " + field.Name + "=" + field.Value)
			}
			b.WriteString(strings.ReplaceAll(string(fact.Body), "\n", `\n`) + "\n")
		}
	}
	return b.String()
}
