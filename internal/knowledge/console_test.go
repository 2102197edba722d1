package knowledge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadConsole(t *testing.T) {
	lines := strings.Split("ignored\n$ one \\\n    more\nfirst\n\n$ three 'a\n$ b'\nc\n$ cat >f <<'END' | x\n$ in it\nEND\n$ four", "\n")
	want := []ConsoleCommand{
		{Text: "one \\\n    more", Output: []string{"first", ""}},
		{Text: "three 'a\n$ b'", Output: []string{"c"}},
		{Text: "cat >f <<'END' | x\n$ in it\nEND"},
		{Text: "four"},
	}
	if diff := cmp.Diff(want, ReadConsole(lines)); diff != "" {
		t.Error(diff)
	}
}

func TestConsoleIsRenderedAsCommandsAndOutput(t *testing.T) {
	article := &Article{Markdown: "```console test=x\n$ echo '<b>' \\\n  two\n<b> two\n```\n\n```json\n{\"a\": 1}\n```\n"}
	html, err := article.HTML()
	if err != nil {
		t.Fatal(err)
	}
	want := `<pre class="console"><code><span class="command"><span class="prompt">$ </span><span class="text">echo '&lt;b&gt;' \` + "\n  two</span>\n</span>" +
		`<span class="output">&lt;b&gt; two` + "\n</span></code></pre>\n<pre><code>{&quot;a&quot;: 1}\n</code></pre>\n"
	if diff := cmp.Diff(want, string(html)); diff != "" {
		t.Error(diff)
	}
}
