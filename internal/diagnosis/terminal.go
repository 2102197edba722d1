package diagnosis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Print is how an explanation is printed.
type Print struct {
	// Color allows escape sequences; set it for terminals.
	Color bool
	// HelpBase is the URL of the knowledge base, ending in a slash; empty leaves it out.
	HelpBase string
}

// Escape sequences.
const (
	bold  = "\x1b[1m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

// Write prints an explanation for people.
func (p Print) Write(w io.Writer, e *Explanation) error {
	var b strings.Builder
	color := green
	if e.ErrorId != "" || e.Status >= firstServerError {
		color = red
	}
	fmt.Fprintf(&b, "%s %s %s\n", p.paint(color+bold, itoa(e.Status)), e.HttpMethod, e.Path)
	place := ""
	if e.Operation != "" {
		place = "operation " + e.Operation + ", "
	}
	if e.ApiId != "" {
		place = "API " + e.ApiId + ", stage " + e.Stage + ", "
	}
	if e.Node != "" {
		place += "node " + e.Node + ", "
	}
	fmt.Fprintf(&b, "%s\n", p.paint(faint, fmt.Sprintf("%s%s, %g ms, request %s", place, e.Received.Format("2006-01-02 15:04:05 MST"), e.Milliseconds, e.RequestId)))
	if e.ErrorId == "" {
		b.WriteString("\nNothing went wrong in Gatehouse: every step was completed.\n")
	} else {
		p.finding(&b, &e.Finding)
	}
	for i := range e.Also {
		p.finding(&b, &e.Also[i])
	}
	if len(e.Steps) > 0 {
		b.WriteString("\nSteps\n")
	}
	for _, step := range e.Steps {
		fmt.Fprintf(&b, "  %10.3f ms  %s\n", step.Milliseconds, step.Name)
	}
	for _, one := range e.Unanswered {
		fmt.Fprintf(&b, "\n%s; a later failure may be there.\n", capitalized(one.String()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func capitalized(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

func (p Print) paint(sequence, text string) string {
	if !p.Color {
		return text
	}
	return sequence + text + plain
}

func (p Print) finding(b *strings.Builder, f *Finding) {
	fmt.Fprintf(b, "\n%s\n", p.paint(bold, f.ErrorId+" "+f.Name))
	for _, line := range []struct{ label, text string }{
		{"", f.Summary}, {"checked", f.Checked}, {"found", f.Found}, {"would pass", f.Wanted}, {"nearest", strings.Join(f.Nearest, "\n")}, {"fix", f.Fix.Text},
	} {
		if line.text != "" {
			fmt.Fprintf(b, "  %-11s %s\n", line.label, strings.ReplaceAll(line.text, "\n", "\n              "))
		}
	}
	if f.Fix.Command != "" {
		fmt.Fprintf(b, "\n    %s\n", strings.ReplaceAll(p.paint(bold, f.Fix.Command), "\n", "\n    "))
	}
	help := "gatehouse kb show " + f.Article
	if p.HelpBase != "" {
		help = p.HelpBase + f.Article
	}
	fmt.Fprintf(b, "\n  %-11s %s\n", "article", help)
}

// ErrForgotten says that a server knows no recent request of an id.
var ErrForgotten = errors.New("no recent request has this id")

// maxAnswer bounds what Fetch reads.
const maxAnswer = 16 << 20

// Fetch asks the server at a URL to explain a request. Errors: ErrForgotten, those of
// the network.
func Fetch(ctx context.Context, client *http.Client, serverUrl, requestId string) (*Explanation, error) {
	address := strings.TrimSuffix(serverUrl, "/") + apiPath + "/" + url.PathEscape(requestId) + "/explanation"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking for an explanation: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking for an explanation: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, fmt.Errorf("explaining %s: %w%s", requestId, ErrForgotten, unansweredOf(response.Body))
	case http.StatusForbidden:
		return nil, fmt.Errorf("explaining %s: the server answered %s: %s (a server in secure mode needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and permission for gatehouse:ViewRequests)",
			requestId, response.Status, messageOf(response.Body))
	default:
		return nil, fmt.Errorf("explaining %s: the server answered %s", requestId, response.Status)
	}
	explanation := &Explanation{}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(explanation); err != nil {
		return nil, fmt.Errorf("reading an explanation: %w", err)
	}
	return explanation, nil
}

// unansweredOf says which nodes could not be asked.
func unansweredOf(body io.Reader) string {
	var missing forgotten
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(&missing); err != nil {
		return "" // an older server's
	}
	text := ""
	for _, one := range missing.Unanswered {
		text += "; " + one.String() + ", and may know it"
	}
	return text
}

// messageOf is the message of a refusal.
func messageOf(body io.Reader) string {
	var refusal struct {
		Message string `json:"message"`
	}
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(&refusal); err != nil || refusal.Message == "" {
		return "no message"
	}
	return refusal.Message
}
