package knowledge

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

const (
	consoleLanguage = "console"
	prompt          = "$ "
)

// ConsoleCommand is one command of a block "console" and what the block shows after it.
type ConsoleCommand struct {
	// Text is the command without its prompt; it may have several lines.
	Text string
	// Output are the lines after it, up to the next command.
	Output []string
}

// ReadConsole divides the lines of a block "console" into commands, which begin with
// "$ ", and what follows each. Lines before the first command are left out.
func ReadConsole(lines []string) []ConsoleCommand {
	var commands []ConsoleCommand
	open := false
	for _, line := range lines {
		last := len(commands) - 1
		switch text, isCommand := strings.CutPrefix(line, prompt); {
		case open && last >= 0:
			commands[last].Text += "\n" + line
			open = goesOn(commands[last].Text)
		case isCommand:
			commands = append(commands, ConsoleCommand{Text: text})
			open = goesOn(text)
		case last >= 0:
			commands[last].Output = append(commands[last].Output, line)
		}
	}
	return commands
}

// goesOn says whether a shell would read another line: after a backslash, within quotes,
// and up to the end of a document that << begins.
func goesOn(command string) bool {
	if _, document, ok := strings.Cut(command, "<<"); ok {
		end, lines, _ := strings.Cut(document, "\n")
		end, _, _ = strings.Cut(strings.TrimSpace(end), " ")
		return !strings.HasSuffix("\n"+lines, "\n"+strings.Trim(end, `'"`))
	}
	quote := rune(0)
	escaped := false
	for _, letter := range command {
		switch {
		case escaped:
			escaped = false
		case letter == '\\' && quote != '\'':
			escaped = true
		case letter == quote:
			quote = 0
		case quote == 0 && (letter == '\'' || letter == '"'):
			quote = letter
		}
	}
	return quote != 0 || escaped
}

// BlockLines are the lines of a block of code, without line ends.
func BlockLines(block ast.Node, source []byte) []string {
	var lines []string
	for i := range block.Lines().Len() {
		segment := block.Lines().At(i)
		lines = append(lines, strings.TrimRight(string(segment.Value(source)), "\r\n"))
	}
	return lines
}

// consoleRenderer shows blocks "console": commands apart from what they print, the prompt
// not to be selected, so that a command can be copied by hand as well.
type consoleRenderer struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (consoleRenderer) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindFencedCodeBlock, renderCode)
}

func renderCode(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	lines := BlockLines(node, source)
	block, ok := node.(*ast.FencedCodeBlock)
	commands := ReadConsole(lines)
	if !ok || string(block.Language(source)) != consoleLanguage || len(commands) == 0 {
		_, _ = w.WriteString("<pre><code>" + escapeHTML(strings.Join(lines, "\n")) + "\n</code></pre>\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<pre class="console"><code>`)
	for _, command := range commands {
		_, _ = w.WriteString(`<span class="command"><span class="prompt">$ </span><span class="text">` + escapeHTML(command.Text) + "</span>\n</span>")
		for _, line := range command.Output {
			_, _ = w.WriteString(`<span class="output">` + escapeHTML(line) + "\n</span>")
		}
	}
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkContinue, nil
}

func escapeHTML(text string) string { return string(util.EscapeHTML([]byte(text))) }
