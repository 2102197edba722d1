package articles

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"gatehouse/internal/knowledge"
)

// Command is one command of an article and what it is to print.
type Command struct {
	// Text is the command without its prompt; it may have several lines.
	Text string
	// Want are parts of lines of the output, in order; "…" stands for anything.
	Want []string
	// Test is the name in the block's mark.
	Test string
}

const testMark = "test="

// Commands are the commands of an article's marked blocks, in order.
func Commands(article *knowledge.Article) []Command {
	document, source := article.Document()
	var commands []Command
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if block, ok := n.(*ast.FencedCodeBlock); ok && entering && block.Info != nil {
			if name, ok := testName(string(block.Info.Segment.Value(source))); ok {
				commands = append(commands, commandsOf(linesOf(block, source), name)...)
			}
		}
		return ast.WalkContinue, nil
	})
	return commands
}

func testName(info string) (string, bool) {
	for word := range strings.FieldsSeq(info) {
		if name, ok := strings.CutPrefix(word, testMark); ok {
			return name, true
		}
	}
	return "", false
}

func linesOf(block *ast.FencedCodeBlock, source []byte) []string {
	var lines []string
	for i := range block.Lines().Len() {
		segment := block.Lines().At(i)
		lines = append(lines, strings.TrimRight(string(segment.Value(source)), "\n"))
	}
	return lines
}

func commandsOf(lines []string, test string) []Command {
	var commands []Command
	open := false
	for _, line := range lines {
		last := len(commands) - 1
		switch text, isCommand := strings.CutPrefix(line, "$ "); {
		case open && last >= 0:
			commands[last].Text += "\n" + line
			open = goesOn(commands[last].Text)
		case isCommand:
			commands = append(commands, Command{Text: text, Test: test})
			open = goesOn(text)
		case last >= 0 && strings.TrimSpace(line) != "":
			commands[last].Want = append(commands[last].Want, strings.TrimSpace(line))
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
		return !strings.HasSuffix("\n"+lines, "\n"+strings.Trim(end, "'\""))
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

// Missing returns the first of the wanted lines that is not part of a line of the
// output, in order.
func (c Command) Missing(output string) (line string, ok bool) {
	lines := strings.Split(output, "\n")
	for _, want := range c.Want {
		found := false
		for i, got := range lines {
			if containsInOrder(got, want) {
				lines, found = lines[i:], true // the same line may hold the next part too
				break
			}
		}
		if !found {
			return want, true
		}
	}
	return "", false
}

// containsInOrder looks for the parts of want between "…" in a line.
func containsInOrder(line, want string) bool {
	for part := range strings.SplitSeq(want, "…") {
		at := strings.Index(line, part)
		if at < 0 {
			return false
		}
		line = line[at+len(part):]
	}
	return true
}
