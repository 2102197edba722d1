package robustness

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"gatehouse/test/server"
)

// Source: ours.

// What a reader of an article was thanked for is there after kill -9, in the editors'
// report, and is escaped there.
func TestFeedbackOutlivesKill(t *testing.T) {
	c := &client{Server: server.Run(t)}
	const path = "/_gatehouse/api/kb/articles/GH-R101/feedback"
	for _, answer := range []map[string]any{
		{"helpful": true}, {"helpful": false, "reason": "missing", "text": `before the <script>alert("kill")</script>`},
	} {
		if status, _, err := c.ask(http.MethodPost, path, answer); err != nil || status != http.StatusCreated {
			t.Fatalf("%d %v", status, err)
		}
	}
	if err := c.Stop(os.Kill); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	report := c.text(t, "/_gatehouse/kb/reports")
	for _, want := range []string{"before the &lt;script&gt;alert(&#34;kill&#34;)", `data-label="Yes">1<`, `data-label="No">1<`} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not have %q", want)
		}
	}
}

// text is a page.
func (c *client) text(t *testing.T, path string) string {
	t.Helper()
	response, err := c.http.Get(c.Url() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
